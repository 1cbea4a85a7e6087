"""WARC-Date of every precision and offset, as times whose texts sort as they do."""

from __future__ import annotations

import pytest

from archive.warc.date import is_legal, of_headers, utc


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2024", "2024-01-01T00:00:00Z"),
        ("2024-05", "2024-05-01T00:00:00Z"),
        ("2024-05-02", "2024-05-02T00:00:00Z"),
        ("2024-05-02T10:20Z", "2024-05-02T10:20:00Z"),
        ("2024-05-02T10:20:30Z", "2024-05-02T10:20:30Z"),
        ("2024-05-02T10:20:30.123456789Z", "2024-05-02T10:20:30.123456789Z"),
        ("2024-05-02T10:20:30.5+08:00", "2024-05-02T02:20:30.5Z"),
        ("2024-05-02T10:20:30+0800", "2024-05-02T02:20:30Z"),
        ("2024-01-01T00:20-05:30", "2024-01-01T05:50:00Z"),
        ("2024-05-02 10:20:30 utc", "2024-05-02T10:20:30Z"),
        ("2024-05-02T10:20:30", "2024-05-02T10:20:30Z"),
        ("20240502102030", "2024-05-02T10:20:30Z"),
        ("20240502102030Z", "2024-05-02T10:20:30Z"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"),
        ("2016-12-31T23:59:60.25Z", "2016-12-31T23:59:59.25Z"),
        ("2024-02-28T24:00:00Z", "2024-02-29T00:00:00Z"),
        ("Thu, 02 May 2024 12:20:30 +0200", "2024-05-02T10:20:30Z"),
    ],
)
def test_forms(text: str, time: str) -> None:
    assert utc(text) == time
    assert utc(time) == time


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2024-02-30T00:00:00Z",
        "2009-03-65T08:43:19-0800",
        "20240502",
        "20241302102030",
        "2024-05-02T24:00:01Z",
        "1714645230",
        "0001-01-01T00:00:00+08:00",
        "2024-05-02T10",
        "2024-5-2",
    ],
)
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(ValueError):
        utc(text)


def test_what_each_version_of_the_standard_allows() -> None:
    for text, in_1_0, in_1_1 in [
        ("2024-05-02T10:20:30Z", True, True),
        ("2024-05-02T10:20:30.5Z", True, True),
        ("2024-05-02", False, True),
        ("2024", False, True),
        ("2024-05-02T10:20Z", False, True),
        ("2024-05-02T10:20:30+08:00", False, False),
        ("2024-05-02T10:20", False, False),
        ("x", False, False),
    ]:
        assert (is_legal(text, "WARC/1.0"), is_legal(text, "WARC/1.1")) == (in_1_0, in_1_1), text


def test_the_date_header() -> None:
    assert of_headers([("Server", "x"), ("date", "Thu, 02 May 2024 10:20:30 GMT")]) == "2024-05-02T10:20:30Z"
    for headers in ([], [("Date", "soon")]):
        with pytest.raises(ValueError):
            of_headers(headers)
