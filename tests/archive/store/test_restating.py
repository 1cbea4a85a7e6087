"""Rows which an older version made of files of other tools, after an update."""

from __future__ import annotations

from pathlib import Path

from sqlite_utils import Database

from archive.proof.verify import verify
from archive.store import schema
from archive.store.db import open_writer
from tests.crawler.box import Box
from tests.crawler.foreign import sha1, sha256
from tests.crawler.guests import ORIGINAL, http, ingest, page, record, sound, written
from tests.crawler.history.test_ingest_unlisted import SITE

PATH = "/2025/11/bridge-over-the-river-closed/"
BODY = page("Bridge over the river closed")


def test_rows_of_before_are_those_of_today(tmp_path: Path) -> None:
    """The archive of today is set back to what an older version would have written."""
    box = Box(tmp_path / "archive", SITE)
    ingest(
        box,
        written(
            tmp_path / "a.warc.gz",
            record(
                "response",
                f"{PATH}#top",
                http(BODY),
                ("WARC-Payload-Digest", sha256(BODY)),
                at="2026-06-01T10:00:00+08:00",
                id_="<urn:x:1>",
            ),
            record(
                "revisit",
                PATH,
                http(b""),
                ("WARC-Profile", ORIGINAL),
                ("WARC-Refers-To", "<urn:x:1>"),
                ("WARC-Payload-Digest", sha256(BODY)),
                at="2026-06-02T10:00Z",
            ),
            record("response", "/lost", http(BODY), id_="<urn:x:2>"),
        ),
    )
    before = box.rows("select url, fetched_at, payload_digest, refers_to from captures order by id")
    assert [row["payload_digest"] for row in before] == [sha1(BODY)] * 3
    times = box.rows("select first_seen, last_seen from articles"), box.rows("select seen_from, seen_to from versions")
    db = Database(box.folder / "news.db")
    db.execute("delete from _sqlite_migrations where name = 'm014_guests_by_their_bytes'")
    db.execute("update captures set payload_digest = ? where url not like '%lost'", [sha256(BODY)])
    db.execute("update captures set url = url || '#top' where record_id = '<urn:x:1>'")
    db.execute("update captures set payload_digest = 'md5:x', offset = 99999 where record_id = '<urn:x:2>'")
    for table, columns in (
        ("captures", ["fetched_at"]),
        ("articles", ["first_seen", "last_seen"]),
        ("version_rows", ["seen_from", "seen_to"]),
        ("frontier", ["first_seen", "done_at"]),
    ):
        for column in columns:
            for now, then in (
                ("2026-06-01T02:00:00Z", "2026-06-01T10:00:00+08:00"),
                ("2026-06-02T10:00:00Z", "2026-06-02T10:00Z"),
            ):
                db.execute(f"update {table} set {column} = ? where {column} = ?", [then, now])
    db.conn.commit()
    db.close()

    open_writer(box.folder / "news.db").close()
    after = box.rows("select url, fetched_at, payload_digest, refers_to from captures order by id")
    assert after == [*before[:2], before[2] | {"payload_digest": None}], "what cannot be read has no digest"
    assert (
        box.rows("select first_seen, last_seen from articles"),
        box.rows("select seen_from, seen_to from versions"),
    ) == times
    assert [finding.offset for finding in verify(box.folder).findings] == [99999]
    db = Database(box.folder / "news.db")
    db.execute("delete from captures where offset = 99999")
    db.conn.commit()
    db.close()
    ingest(box, tmp_path / "a.warc.gz")
    sound(box)


def test_an_archive_without_such_files_is_left_as_it_is(tmp_path: Path) -> None:
    db = Database(tmp_path / "news.db")
    schema.steps.apply(db, stop_before="m014_guests_by_their_bytes")
    db.execute("insert into failures (url, site, kind, at) values ('u', 's', 'k', 'some day')")
    db.conn.commit()
    db.close()
    db = open_writer(tmp_path / "news.db")
    assert db.execute("select at from failures").fetchall() == [("some day",)]
