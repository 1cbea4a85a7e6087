"""Mending what `verify` finds, where it can be mended without losing a byte."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from archive.search.index import ArticleIndex
from archive.store.store import Archive
from archive.warc.captured import capture_of
from archive.warc.layout import GUESTS, OPEN
from archive.warc.record import ROWS
from archive.warc.recovery import mend
from archive.warc.scan import Damage, scan
from archive.warc.verify import files


def repair(folder: Path) -> Iterator[str]:
    """Close open files, put torn tails into quarantine/, give rows to records that lack them, mend the search index.

    Yields a sentence for each thing done. Nothing is deleted: a tail that a row points into is left where it is, since
    only a copy from elsewhere can mend it. Raises archive.store.lock.Locked while a crawl runs.
    """
    archive = Archive(folder, info={"description": "campuswarc verify --repair"})
    try:
        for found in archive.recovered:
            tail = f"; torn tail in {found.quarantined}" if found.quarantined else ""
            yield f"{found.warc}: closed, {len(found.captures)} records indexed{tail}"
        for path, warc in files(archive.warc_folder):
            # files of other tools are left as they are
            if not path.name.endswith(OPEN) and not warc.startswith(GUESTS + "/"):
                yield from _tail(archive, path, warc, folder / "quarantine")
                yield from _index(archive, path, warc)
        index = ArticleIndex(archive.db)
        problem = index.problem()
        if problem is not None:
            index.rebuild()
            yield f"search index made anew ({problem})"
        archive.commit()
    finally:
        archive.close()


def _tail(archive: Archive, path: Path, warc: str, quarantine: Path) -> Iterator[str]:
    """Cut a torn tail that no row points into."""
    known = archive.captures.end_of(warc)
    if known > path.stat().st_size:
        return
    torn = [found for found in scan(path, start=known) if isinstance(found, Damage) and found.torn]
    if torn and torn[0].offset > 0:
        done = mend(path, warc, quarantine, known)
        if done.torn is not None:
            yield f"{warc}: torn tail of {done.torn.length} bytes moved to {done.quarantined}"


def _index(archive: Archive, path: Path, warc: str) -> Iterator[str]:
    """Give rows to whole records that have none; `rebuild` makes articles of them."""
    count = 0
    for found in scan(path):
        if isinstance(found, Damage) or not (found.record.type in ROWS or found.record.is_rendering):
            continue
        capture = capture_of(found.record, warc, found.offset, found.length)
        if archive.captures.holds(capture.record_id):
            continue
        archive.runs.remember(capture.run, capture.fetched_at)
        try:
            archive.captures.add(capture)
        except sqlite3.IntegrityError as problem:
            yield f"{warc}, offset {found.offset}: no row made: {problem}"
        else:
            count += 1
    if count:
        yield f"{warc}: {count} records indexed; `campuswarc rebuild` reads articles from them"
