"""Pages that lead on by themselves."""

from __future__ import annotations

import pytest

from spiders import refresh
from spiders.findings import Answer, Gone, Redirect, Story
from spiders.page import Page
from spiders.reading import read
from tests.spiders.reading.test_codings import HTML, SITE
from tests.spiders.reading.test_hostile import STORY

URL = "http://www.example.edu.cn/info/1001/2.htm"


@pytest.mark.parametrize(("said", "leads"), [
    ("0; url=/x", "/x"), ("0;URL='/x'", "/x"), ('5 ; url = "/x" junk', "/x"), ("0,/x", "/x"), ("0 /x", "/x"),
    ("0.5;url=/x", "/x"), (";url=/x", "/x"), ("1; url=/x?url=/y", "/x?url=/y"),
    ("6; url=/x", None), ("300", None), ("0", None), ("0; url=", None), ("0; url=/info/1001/2.htm", None),
    ("0; url=javascript:x", None), ("soon; url=/x", None), ("", None),
])  # fmt: skip
def test_a_refresh_is_read_as_browsers_read_it(said: str, leads: str | None) -> None:
    to = leads and f"http://www.example.edu.cn{leads}"
    assert refresh.target(Page(URL, b"", headers=[("Refresh", said)])) == to
    assert (
        refresh.target(Page(URL, f"<meta http-equiv=' refresh' content='{said.replace(chr(39), chr(34))}'>".encode()))
        == to
    )
    assert (
        refresh.target(
            Page(
                URL,
                f'<noscript><meta http-equiv=refresh content="{said.replace(chr(34), chr(39))}"></noscript>'.encode(),
            )
        )
        is None
    )


def reading(body: bytes, *headers: tuple[str, str]) -> object:
    return read(
        Answer(
            url=URL,
            kind="article",
            status=200,
            headers=(HTML, *headers),
            body=body,
            fetched_at="2026-09-30T00:00:00Z",
            hint={},
        ),
        SITE,
    )


def test_a_page_without_a_story_is_a_redirect_and_one_with_a_story_is_read() -> None:
    meta = b"<meta http-equiv=refresh content='0;url=/x'>"
    moved = Redirect("http://www.example.edu.cn/x")
    assert reading(b"<html><head>" + meta + b"</head></html>") == moved == reading(b"", ("Refresh", "0;url=/x"))
    long = STORY.replace(
        "会议由副院长主持。".encode(), "会议由副院长主持，各系部负责人汇报了本学期的工作。".encode() * 10
    ).replace(b"<head>", b"<head>" + meta)
    assert isinstance(reading(long), Story)


def test_a_notice_that_sends_its_reader_away_is_still_a_notice() -> None:
    gone = "<title>系统提示</title><meta http-equiv=refresh content='3;url=/x'><p>您访问的页面不存在</p>".encode()
    assert isinstance(reading(gone), Gone)
