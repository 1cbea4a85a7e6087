"""What an archive of before knows keeps its rows, under the addresses of today."""

from __future__ import annotations

from pathlib import Path

from sqlite_utils import Database

from archive.store import schema
from archive.store.db import open_writer

HOST = "https://news.example.edu.cn"
_EMPTY = dict.fromkeys(("subtitle", "byline", "authors", "editors", "photographers", "source", "section"), "")


def frontier(db: Database, url: str, kind: str, state: str, **more: object) -> None:
    db.table("frontier").insert(
        {"url": f"{HOST}{url}", "site": "s", "kind": kind, "state": state, "first_seen": "2026-01-01T00:00:00Z"} | more
    )


def test_rows_of_before_are_found_under_the_addresses_of_today(tmp_path: Path) -> None:
    db = Database(tmp_path / "news.db")
    schema.steps.apply(db, stop_before="m018_addresses_as_browsers_write_them")
    article = {
        "site": "s",
        "kind": "article",
        "title": "T",
        "body": "b",
        "body_html": "",
        "first_seen": "1",
        "last_seen": "1",
        "word_count": 1,
        "confidence": 1,
    }
    for n, path in enumerate(("/1.htm?PHPSESSID=a1", "/1.htm?PHPSESSID=b2", "/plain.htm"), 1):
        db.table("articles").insert(article | _EMPTY | {"id": n, "url": f"{HOST}{path}"})
        frontier(db, path, "article", "done", article=n, listing=f"{HOST}/list.asp?jsessionid=1&p=1")
    db.table("listings").insert({"url": f"{HOST}/list.asp?jsessionid=1&p=1", "site": "s"})
    db.table("attachments").insert(
        {"article": 3, "n": 0, "url": f"{HOST}/f/公示 1.pdf", "filename": "公示 1.pdf", "embedded": 0}
    )
    db.table("images").insert({"article": 3, "n": 0, "url": f"{HOST}/%e6%a0.png", "caption": ""})
    frontier(db, "/f/公示 1.pdf", "attachment", "refused", reason="guard", attempts=1)
    frontier(db, "/%e6%a0.png", "requisite", "done")  # as it was asked for
    frontier(db, "/old.htm", "article", "moved", reason=f"{HOST}/1.htm?PHPSESSID=a1")
    frontier(
        db,
        "/1_2.htm?PHPSESSID=a1",
        "article",
        "done",
        hint=f'{{"part_of": "{HOST}/1.htm?PHPSESSID=a1", "page": "{HOST}/1_2.htm?PHPSESSID=a1"}}',
    )
    frontier(db, "/x.htm", "article", "refused", reason="guard")
    db.close()

    db = open_writer(tmp_path / "news.db")
    rows = {
        url.removeprefix(HOST): (state, due)
        for url, state, due in db.execute("select url, state, due from frontier").fetchall()
    }
    assert rows == {
        "/1.htm": ("done", None),
        "/1.htm?PHPSESSID=b2": ("done", None),
        "/plain.htm": ("done", None),
        "/f/%E5%85%AC%E7%A4%BA%201.pdf": ("pending", "2026-01-01T00:00:00Z"),
        "/%e6%a0.png": ("done", None),
        "/old.htm": ("moved", None),
        "/1_2.htm": ("done", None),
        "/x.htm": ("refused", None),
    }
    assert db.execute("select url from articles order by id").fetchall() == [
        (f"{HOST}/1.htm",),
        (f"{HOST}/1.htm?PHPSESSID=b2",),
        (f"{HOST}/plain.htm",),
    ]
    assert (
        db.execute("select url from listings").fetchall()
        == db.execute("select distinct listing from frontier where listing is not null").fetchall()
        == [(f"{HOST}/list.asp?p=1",)]
    )
    assert db.execute("select url, filename from attachments").fetchall() == [
        (f"{HOST}/f/%E5%85%AC%E7%A4%BA%201.pdf", "公示 1.pdf")
    ]
    assert db.execute("select url from images").fetchall() == [(f"{HOST}/%e6%a0.png",)]
    assert db.execute("select reason from frontier where state = 'moved'").fetchall() == [(f"{HOST}/1.htm",)]
    assert db.execute(
        "select json_extract(hint, '$.part_of'), json_extract(hint, '$.page') from frontier where hint is not null"
    ).fetchall() == [(f"{HOST}/1.htm", f"{HOST}/1_2.htm")]
