"""Most hosts failing alike is our own network, whatever of it failed; sites that fail each in its own way are not."""

from __future__ import annotations

import pytest

from crawler.reporting.own_network import SAME, OwnNetwork, Trouble, judged_by_others, own_clock, own_network, words_of

HOSTS = [f"http://h{n}.example.edu/list.htm" for n in range(24)]


def troubles(most: int, reason: str, detail: str = "") -> list[Trouble]:
    return [Trouble(url, reason, detail.format(host=url.split("/")[2])) for url in HOSTS[:most]]


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (troubles(13, "dns"), "13 of 24 hosts failed alike (dns)"),
        (troubles(13, "tls", "handshake: unexpected message"), "(tls)"),
        (troubles(24, "guard", "{host} resolves to 10.0.0.1 is private"), "every name resolves to 10.0.0.1"),
        (troubles(20, "redirect_off_site", "redirects to http://login.hotel.example/?u={host}"), "login.hotel.example"),
        (troubles(14, "http_511", "status 511"), "(http_511)"),
        (troubles(14, "http_503", "status 503"), "(http_503)"),
        (troubles(24, SAME), "the same answer to all"),
        (troubles(7, "dns") + troubles(14, "timeout")[7:], "unreachable, for dns, timeout"),
    ],
)
def test_what_fails_alike_is_our_own_network_and_all_of_it_is_spared(found: list[Trouble], said: str) -> None:
    judged = own_network(found, HOSTS)
    assert judged is not None and said in judged.said
    assert {one.url for one in found} == judged.urls


@pytest.mark.parametrize(
    "found",
    [
        troubles(12, "dns"),  # half is not most
        troubles(24, "http_404", "status 404"),  # which no network says
        troubles(24, "robots", "forbidden"),
        troubles(24, "guard", "port 25, where no web server is"),
        [Trouble(url, "redirect_off_site", f"redirects to http://new{n}.example.org/") for n, url in enumerate(HOSTS)],
        [Trouble(url, "redirect_to_home", f"redirects to {url[:-8]}") for url in HOSTS],
    ],
)
def test_what_sites_do_by_themselves_is_theirs(found: list[Trouble]) -> None:
    assert own_network(found, HOSTS) is None


def test_hosts_are_counted_not_listings_and_of_four_nothing_is_told() -> None:
    one = [Trouble(f"http://h0.example.edu/{n}.htm", "dns") for n in range(30)]
    assert own_network(one, [*HOSTS, *(trouble.url for trouble in one)]) is None
    assert own_network(troubles(4, "dns"), HOSTS[:4]) is None


def test_a_portal_that_names_the_page_that_was_asked_for_says_the_same_to_all() -> None:
    def portal(url: str) -> str:
        page = f"<script>var t='{hash(url)}'</script><h1>Guest Wi-Fi</h1><p>Log in to read {url} or call us.</p>"
        return words_of(page.encode(), url)

    empty = troubles(20, "no_items")
    judged = own_network(empty, HOSTS, portal)
    assert judged is not None and "guest wi fi log in" in judged.said
    assert own_network(empty, HOSTS, lambda url: f"news of {url}") is None, (
        "each says something else: our reader's fault"
    )
    assert own_network(empty, HOSTS, lambda url: words_of(b"<div id=root></div>", url)) is None


def test_certificates_that_end_everywhere_on_one_day_are_our_own_clock() -> None:
    asked = [url.replace("http:", "https:") for url in HOSTS]
    untrusted = {f"https://h{n}.example.edu/": "certificate is not yet valid" for n in range(24)}
    assert "our own clock" in own_clock(untrusted, asked) and "not yet valid" in own_clock(untrusted, asked)
    assert not own_clock(dict(list(untrusted.items())[:6]), asked) and not own_clock(untrusted, HOSTS)


def test_new_sites_that_are_all_wrong_bear_no_witness_and_are_spared_with_the_others() -> None:
    new = {url.split("/")[2] for url in HOSTS[:8]}

    def judged(most: int, asked: list[str]) -> OwnNetwork | None:
        return judged_by_others(troubles(most, "dns"), asked, new, lambda url: "")

    assert judged(8, HOSTS[:8]) is None  # nothing but new ones was asked for
    assert judged(12, HOSTS[:14]) is None  # of others too few
    assert judged(10, HOSTS) is None  # others can be reached
    found = judged(20, HOSTS)
    assert found is not None and found.urls == set(HOSTS[:20]) and "20 of 24" in found.said
