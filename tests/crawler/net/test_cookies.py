"""Cookies along redirects: what a site may make us send."""

from __future__ import annotations

from crawler.net.cookies import Chains

HOST = "https://news.example.edu"


def test_what_a_chain_of_redirects_sets_is_sent_as_far_as_servers_take_it() -> None:
    """Each may set fifty of 4 kB, and the next one more: no server reads a head of 200 kB, and few readers do."""
    chains, sent = Chains(), ""
    for hop in range(5):
        set_ = [("Set-Cookie", f"c{hop}n{n}={'x' * 300}; path=/") for n in range(50)]
        chains.note(f"{HOST}/{hop}", 302, [("Location", f"/{hop + 1}"), *set_])
        [(_, sent)] = chains.header(f"{HOST}/{hop + 1}")
    assert 7_000 < len(sent) <= 8_000
    assert all(len(one.partition("=")[2]) == 300 for one in sent.split("; ")), "each whole"


def test_few_cookies_are_all_sent() -> None:
    chains = Chains()
    chains.note(f"{HOST}/a", 302, [("Location", "/b"), ("Set-Cookie", "one=1"), ("Set-Cookie", "two=2; path=/")])
    assert chains.header(f"{HOST}/b") == (("Cookie", "one=1; two=2"),)


def test_a_cookie_that_is_too_long_for_any_server_is_not_sent() -> None:
    chains = Chains()
    chains.note(f"{HOST}/a", 302, [("Location", "/b"), *[("Set-Cookie", f"a{n}={'x' * 4000}") for n in range(3)]])
    [(_, sent)] = chains.header(f"{HOST}/b")
    assert len(sent) < 8_000
