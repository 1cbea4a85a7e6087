"""Where a redirect leads."""

from __future__ import annotations

import pytest

from archive.address import leads_to

BASE = "http://www.a.edu/n/1.htm?x=y"


def latin(text: bytes) -> str:
    return text.decode("latin-1")


@pytest.mark.parametrize(("sent", "leads"), [
    ("/b", "http://www.a.edu/b"), ("b?c=d", "http://www.a.edu/n/b?c=d"), ("?z", "http://www.a.edu/n/1.htm?z"),
    ("//h.edu", "http://h.edu/"), ("https://h.edu/#top", "https://h.edu/"),
    (latin("/目标.htm".encode()), "http://www.a.edu/%E7%9B%AE%E6%A0%87.htm"),
    (latin("/目标".encode("gbk")), "http://www.a.edu/%C4%BF%B1%EA"),
    (latin("/s?q=目标".encode("gbk")), "http://www.a.edu/s?q=%C4%BF%B1%EA"),
    ("/already%C4%BF", "http://www.a.edu/already%C4%BF"),
    (latin("http://新闻.edu/x".encode()), f"http://{'新闻'.encode('idna').decode()}.edu/x"),
    ("\\b\\c?d=\\", "http://www.a.edu/b/c?d=\\"), ("http:\\\\h.edu\\b", "http://h.edu/b"),
    (" /a b\t\n", "http://www.a.edu/a%20b"), ("/<x>", "http://www.a.edu/%3Cx%3E"),
    ("/a\x00b", "http://www.a.edu/a%00b"),
    ("", None), ("   ", None), ("javascript:alert(1)", None), ("mailto:a@b", None), ("http://[", None),
    ("data:text/html,x", None),
])  # fmt: skip
def test_a_location_is_read_as_browsers_read_it(sent: str, leads: str | None) -> None:
    assert leads_to(BASE, [("Server", "x"), ("location", sent), ("Location", "/second")]) == leads


def test_without_a_location_it_leads_nowhere() -> None:
    assert leads_to(BASE, [("Content-Location", "/x")]) is None
