"""robots.txt by RFC 9309."""

from __future__ import annotations

import pytest

from crawler.net.robots import DAY, HOUR, MOST_BYTES, rules

AGENT = "campuswarc/1.0 (news archive; +mailto:a@b.example)"
FILE = b"""\xef\xbb\xbf# robots of a college
User-agent: *
Disallow: /admin/
Crawl-delay: 5

User-agent: CampusWARC
User-agent: other
Disallow: /private/
Allow: /private/news/
Disallow: /*.doc$
Disallow: /\xe6\x96\xb0/
Request-rate: 1/10
"""


def allows(path: str, content: bytes = FILE, status: int | None = 200, agent: str = AGENT) -> bool:
    return rules(status, content, agent).allows(f"http://www.example.edu{path}")


def test_our_group_counts_whatever_its_case() -> None:
    assert allows("/admin/x")
    assert not allows("/private/x")
    assert allows("/private/news/1.htm")
    assert not allows("/a/b.doc")
    assert allows("/a/b.docx")
    assert not allows("/%E6%96%B0/1.htm")
    assert not allows("/admin/x", agent="somebody/1.0")
    assert allows("/private/x", agent="somebody/1.0")


def test_pace() -> None:
    assert rules(200, FILE, AGENT).delay == 10
    assert rules(200, FILE, "somebody").delay == 5
    assert rules(200, b"User-agent: *\nCrawl-delay: 0.5\nRequest-rate: 1/4", AGENT).delay == 4
    for nonsense in (b"soon", b"-1", b"nan", b"inf", b""):
        assert rules(200, b"User-agent: *\nCrawl-delay: " + nonsense, AGENT).delay is None


@pytest.mark.parametrize(
    ("status", "may", "valid_s"),
    [
        (404, True, DAY),
        (401, True, DAY),
        (403, True, DAY),
        (410, True, DAY),
        (301, True, DAY),
        (429, False, HOUR),
        (500, False, HOUR),
        (503, False, HOUR),
        (None, False, HOUR),
    ],
)
def test_what_a_status_means(status: int | None, may: bool, valid_s: float) -> None:
    found = rules(status, FILE, AGENT)
    assert found.allows("http://www.example.edu/private/x") is may
    assert (found.for_now, found.valid_s, found.delay) == (not may, valid_s, None)


def test_a_page_instead_of_rules_allows_everything() -> None:
    assert allows("/x", "<!DOCTYPE html><html><title>找不到页面</title><p>Sorry: not found".encode("gbk"))
    assert allows("/x", b"")
    assert allows("/x", b"\x00\xff\xfe" * 100)


def test_only_the_first_half_megabyte_counts() -> None:
    filler = b"# " + b"x" * 97 + b"\n"
    long = b"User-agent: *\nDisallow: /early\n" + filler * (MOST_BYTES // 100) + b"Disallow: /late\n"
    assert not allows("/early", long)
    assert allows("/late", long)
    cut = b"User-agent: *\n" + b"Allow: /" + b"a" * (MOST_BYTES - 40) + b"\nDisallow: /directory/deep"
    assert allows("/dir", cut)
