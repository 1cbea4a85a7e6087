"""Which capture answers for an address and a time; Memento and CDX forms of the answer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlite_utils import Database

from archive.replay import cdx, memento
from archive.replay.captures import archived, at_stamp, captures, nearest, spellings, stamp
from archive.store import schema


def row(url: str, at: str, status: int = 200, **more: Any) -> dict[str, Any]:
    serial = f"{url}{at}"
    return {
        "url": url,
        "site": "s",
        "kind": "article",
        "fetched_at": at,
        "status": status,
        "mime": "text/html",
        "record_type": "response",
        "record_id": f"<urn:{serial}>",
        "warc": "a.warc.gz",
        "offset": abs(hash(serial)) % 10**9,
        "length": 10,
        "payload_digest": "sha1:ABC",
        **more,
    }


@pytest.fixture
def db() -> Database:
    db = Database(memory=True)
    schema.steps.apply(db)
    db["captures"].insert_all(  # type: ignore[union-attr]
        [
            row("https://news.a.edu/1.htm", "2023-01-01T00:00:00Z"),
            row("https://news.a.edu/1.htm", "2023-06-01T00:00:00Z", 404),
            row("https://news.a.edu/1.htm", "2024-01-01T12:00:00.5Z"),
            row("http://www.a.edu/", "2023-01-01T00:00:00Z"),
            row("https://news.a.edu/%E6%8B%9B.htm?b=2&a=1", "2023-02-01T00:00:00Z"),
            row("https://other.b.edu/x", "2022-01-01T00:00:00Z", record_type="revisit"),
        ]
    )
    return db


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("https://news.a.edu/1.htm", "https://news.a.edu/1.htm"),
        ("http://news.a.edu/1.htm", "https://news.a.edu/1.htm"),
        ("https://NEWS.a.edu/1.htm#top", "https://news.a.edu/1.htm"),
        ("https://a.edu", "http://www.a.edu/"),
        ("https://news.a.edu/招.htm?b=2&a=1", "https://news.a.edu/%E6%8B%9B.htm?b=2&a=1"),
        ("https://news.a.edu/2.htm", None),
        ("http://[", None),
        ("", None),
    ],
)
def test_an_address_is_found_in_other_spellings(db: Database, asked: str, found: str | None) -> None:
    assert {capture["url"] for capture in captures(db, asked)} == ({found} if found else set())


def test_the_address_itself_comes_first() -> None:
    assert spellings("https://a.edu/x/")[0] == "https://a.edu/x/"
    assert "http://www.a.edu/x" in spellings("https://a.edu/x/")


@pytest.mark.parametrize(
    ("at", "found"),
    [
        ("2020", "2023-01-01"),
        ("20230103", "2023-01-01"),
        ("20230601000000", "2023-06-01"),
        ("2023060112", "2023-06-01"),
        ("20230530", "2023-06-01"),
        ("2025", "2024-01-01"),
    ],
)
def test_nearest(db: Database, at: str, found: str) -> None:
    capture = nearest(captures(db, "https://news.a.edu/1.htm"), at_stamp(at))
    assert capture is not None
    assert capture["fetched_at"].startswith(found)
    assert nearest([], at_stamp(at)) is None


def test_a_success_beats_an_error_of_the_same_day() -> None:
    rows = [row("u", "2023-01-01T10:00:00Z", 500), row("u", "2023-01-01T09:00:00Z", 200)]
    capture = nearest(rows, datetime(2023, 1, 1, 11, tzinfo=UTC))
    assert capture is not None
    assert capture["status"] == 200


def test_the_page_beats_the_answer_to_another_question_of_the_same_second() -> None:
    """HEAD and OPTIONS, which other tools record too."""
    rows = [row("u", "2023-01-01T10:00:00Z", kind="probe"), row("u", "2023-01-01T10:00:00.5Z")]
    for some in (rows, rows[::-1]):
        capture = nearest(some, datetime(2023, 1, 1, 11, tzinfo=UTC))
        assert capture is not None and capture["kind"] == "article"


def test_archived_parts_are_told_from_missing_ones(db: Database) -> None:
    many = [f"https://c.edu/{n}.png" for n in range(300)]
    assert archived(db, ["http://news.a.edu/1.htm", *many, "http://www.a.edu"]) == {
        "http://news.a.edu/1.htm",
        "http://www.a.edu",
    }


@pytest.mark.parametrize(
    "digits", ["", "123", "20231301", "2023123", "20230101250000", "x2023", "２０２３", "202301010000000"]
)
def test_what_is_no_timestamp_is_refused(digits: str) -> None:
    if digits == "2023123":  # 12th month, 30 to 31
        assert at_stamp(digits).month == 12
        return
    with pytest.raises(ValueError):
        at_stamp(digits)


def test_stamps() -> None:
    assert stamp("2023-12-13T01:12:00.25Z") == "20231213011200"
    assert stamp("nonsense") == "00010101000000"
    assert at_stamp("202312") == datetime(2023, 12, 1, tzinfo=UTC)


def test_links_name_first_last_and_shown(db: Database) -> None:
    rows = captures(db, "https://news.a.edu/1.htm")
    header = memento.links(rows, rows[1], original="o", timegate="g", timemap="m", memento_at=stamp)
    assert header.split(", <")[3:] == [
        '20230101000000>; rel="first memento"; datetime="Sun, 01 Jan 2023 00:00:00 GMT"',
        '20240101120000>; rel="last memento"; datetime="Mon, 01 Jan 2024 12:00:00 GMT"',
        '20230601000000>; rel="memento"; datetime="Thu, 01 Jun 2023 00:00:00 GMT"',
    ]
    single = memento.timemap(rows[:1], original="o", timegate="g", timemap_as=str, memento_at=stamp)
    assert 'rel="first last memento"' in single
    assert 'from="Sun, 01 Jan 2023 00:00:00 GMT"; until="Sun, 01 Jan 2023 00:00:00 GMT"' in single


def test_accept_datetime() -> None:
    assert memento.asked_for("Wed, 13 Dec 2023 01:12:00 GMT") == datetime(2023, 12, 13, 1, 12, tzinfo=UTC)
    assert memento.asked_for(" ") is None
    for wrong in ("yesterday", "2023-12-13"):
        with pytest.raises((ValueError, TypeError)):
            memento.asked_for(wrong)


@pytest.mark.parametrize("asked", ["https://p.edu/?x=1", "https://p.edu:443/?x=1"])
@pytest.mark.parametrize("held", ["https://p.edu/?x=1", "https://p.edu:443/?x=1"])
def test_the_port_that_a_scheme_has_anyhow(db: Database, asked: str, held: str) -> None:
    db["captures"].insert(row(held, "2023-02-01T00:00:00Z"))  # type: ignore[union-attr]
    assert [found["url"] for found in captures(db, asked)] == [held]
    assert captures(db, asked.replace("/?", ":8443/?").replace(":443:8443", ":8443")) == []


@pytest.mark.parametrize(
    ("query", "n"),
    [
        (cdx.Query(url="https://news.a.edu/1.htm"), 3),
        (cdx.Query(url="news.a.edu/1.htm"), 3),
        (cdx.Query(url="https://news.a.edu/1.htm", begin="2023", end="2023"), 2),
        (cdx.Query(url="https://news.a.edu/1.htm", end="20230101000000"), 1),
        (cdx.Query(url="news.a.edu", match="host"), 4),
        (cdx.Query(url="*.a.edu"), 5),
        (cdx.Query(url="a.edu", match="domain"), 5),
        (cdx.Query(url="https://news.a.edu/%E6*"), 1),
        (cdx.Query(url="news.a.edu/", match="prefix", limit=2), 2),
        (cdx.Query(url="*"), 6),
        (cdx.Query(url="a[edu", match="domain"), 0),
    ],
)
def test_cdx_finds(db: Database, query: cdx.Query, n: int) -> None:
    assert len(cdx.find(db, query)) == n


def test_cdx_lines(db: Database) -> None:
    (line,) = cdx.find(db, cdx.Query(url="https://other.b.edu/x"))
    assert (line["urlkey"], line["timestamp"], line["mimetype"], line["digest"]) == (
        "edu,b,other)/x",
        "20220101000000",
        "warc/revisit",
        "ABC",
    )
    closest = cdx.find(db, cdx.Query(url="https://news.a.edu/1.htm", closest="20240101"))
    assert [line["timestamp"][:4] for line in closest] == ["2024", "2023", "2023"]
    with pytest.raises(ValueError):
        cdx.find(db, cdx.Query(url="x", begin="soon"))


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://www.A.edu:80/B?z=1&a=2", "edu,a)/b?a=2&z=1"),
        ("https://a.edu:8443", "edu,a:8443)/"),
        ("http://[", "http://["),
        ("urn:x", "urn:x"),
    ],
)
def test_urlkeys(url: str, key: str) -> None:
    assert cdx.urlkey(url) == key
