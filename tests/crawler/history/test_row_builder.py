"""How far a replay reads ahead: as far as listings name stories, and no further than memory allows."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import sleep
from typing import Any

import pytest

from archive.capture import Exchange, Kind
from archive.store.db import open_writer
from archive.store.rows import Rows
from archive.store.store import Archive
from archive.warc.history import Recorded, sources
from archive.warc.record import Record
from crawler.history import read_ahead, row_builder
from crawler.history.row_builder import RowBuilder, records_of
from crawler.history.steps import meaning_of
from crawler.intake import Intake
from crawler.workers.reader import read_safely
from spiders import catalogue
from spiders.findings import Answer, Reading
from spiders.site import Site

TOML = '[example]\nname = "Example"\nfamily = "generic"\nlistings = ["https://a.example/news/"]\n'
SITES = catalogue.parse(TOML, "sites.toml")
BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
STORIES = 40


class Slow:
    """In place of processes: each page takes a moment, and who waits is counted."""

    turns = 100  # of the loop, for which a page is read: a busy machine makes them no fewer
    asked = now = most = held = most_held = 0

    def __init__(self, sites: Any, count: int) -> None:
        Slow.asked = Slow.now = Slow.most = Slow.held = Slow.most_held = 0

    def read(self, answer: Answer, site: Site) -> asyncio.Future[Reading]:
        Slow.asked += 1
        return asyncio.ensure_future(self._read(answer, site))

    async def _read(self, answer: Answer, site: Site) -> Reading:
        Slow.now, Slow.held = Slow.now + 1, Slow.held + len(answer.body)
        Slow.most, Slow.most_held = max(Slow.most, Slow.now), max(Slow.most_held, Slow.held)
        for _ in range(Slow.turns):
            await asyncio.sleep(0)
        Slow.now, Slow.held = Slow.now - 1, Slow.held - len(answer.body)
        return read_safely(answer, site)

    def close(self) -> None: ...


def exchange(url: str, body: str, kind: Kind, n: int) -> Exchange:
    return Exchange(
        url=url,
        site="example",
        kind=kind,
        fetched_at=BEGUN + timedelta(seconds=n),
        status=200,
        body=body.encode(),
        request_head=b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n",
        response_head=b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n",
    )


def archive_of(folder: Path, stories: list[str]) -> Path:
    """A listing and the stories it names; the same page twice is a revisit."""
    archive = Archive(folder, info={"software": "test"})
    archive.run = archive.runs.begin("2026-01-01T00:00:00.000000Z")
    archive.record_resource("urn:campuswarc:sites", "application/toml", TOML.encode())
    links = "".join(
        f'<li><a href="/news/2026/{n}.html">A story of the college number {n} about things</a>'
        f" <span>2026-01-{n % 28 + 1:02}</span></li>"
        for n in range(len(stories))
    )
    archive.record(
        exchange("https://a.example/news/", f"<html><body><h1>News</h1><ul>{links}</ul></body></html>", "listing", 1)
    )
    for n, story in enumerate(stories):
        archive.record(exchange(f"https://a.example/news/2026/{n}.html", story, "article", n + 2))
    archive.close()
    return folder / "warc"


def story(n: int, more: str = "") -> str:
    words = f"Words number {n} of a story that is long enough to be one. " * 20
    return f"<html><body><h1>A story of the college number {n} about things</h1><p>{words}</p>{more}</body></html>"


def replay(warc: Path, rows: Rows, tale: Iterable[Recorded] | None = None) -> RowBuilder:
    made = RowBuilder(rows, warc, Intake(rows), SITES, processes=2, on_trouble=pytest.fail)
    asyncio.run(made.run(records_of(sources(warc), pytest.fail) if tale is None else tale))
    return made


def test_stories_of_a_listing_that_was_taken_just_in_time_are_read_ahead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_builder, "Readers", Slow)
    warc = archive_of(tmp_path, [story(n) for n in range(STORIES)])
    made = replay(warc, Rows(open_writer(tmp_path / "new.db")))
    assert made.counts["pages"] == STORIES + 1 and made.counts["read again"] == 0
    assert Slow.most > STORIES // 2


def test_pages_are_read_while_records_are_still_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_builder, "Readers", Slow)
    monkeypatch.setattr(Slow, "turns", 2)
    warc = archive_of(tmp_path, [story(n) for n in range(4 * STORIES)])
    asked_at_its_end = []

    def tale() -> Iterator[Recorded]:
        for told in records_of(sources(warc), pytest.fail):
            sleep(0.001)
            yield told
        asked_at_its_end.append(Slow.asked)

    made = replay(warc, Rows(open_writer(tmp_path / "new.db")), tale())
    assert asked_at_its_end[0] > STORIES and made.counts["read again"] == 0


def test_pages_of_revisits_count_for_what_is_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their records are heads, the pages they repeat may be large."""
    page = story(1, f"<script>{'x' * 100_000}</script>")
    warc = archive_of(tmp_path, [page] * STORIES)
    monkeypatch.setattr(row_builder, "Readers", Slow)
    monkeypatch.setattr(read_ahead, "_MOST_BYTES", 500_000)
    made = replay(warc, Rows(open_writer(tmp_path / "new.db")))
    assert made.counts["pages"] == STORIES + 1
    assert Slow.most_held <= 500_000 + 2 * len(page)


def test_the_database_is_closed_when_the_thread_that_commits_is_done(tmp_path: Path) -> None:
    rows = Rows(open_writer(tmp_path / "new.db"))
    begun, may_end, order = threading.Event(), threading.Event(), []

    def commits() -> None:
        with rows.writing:
            begun.set()
            may_end.wait(10)
            rows.commit()
            order.append("committed")

    thread = threading.Thread(target=commits)
    thread.start()
    begun.wait(10)
    threading.Timer(0.2, may_end.set).start()
    rows.close()
    order.append("closed")
    thread.join()
    assert order == ["committed", "closed"]


@pytest.mark.parametrize("url", ["urn:campuswarc:run", "urn:campuswarc:withheld", "urn:campuswarc:unchanged"])
def test_a_record_of_ours_that_is_nested_without_end_is_none(url: str) -> None:
    record = Record("WARC/1.1", (("WARC-Type", "resource"), ("WARC-Target-URI", url)), b"[" * 100_000)
    with pytest.raises(ValueError, match="nested"):
        meaning_of(record)
