"""An older copy of news.db beside newer records is told as such."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from time import sleep

from archive.instants import iso, now
from archive.store.ahead import ahead
from archive.store.db import open_reader
from archive.store.store import Archive, Limits
from tests.archive.warc.samples import INFO, exchange


def crawl(folder: Path, *bodies: bytes, killed: bool = False) -> None:
    """A run that records these pages in a file of its own."""
    sleep(0.002)  # names of files tell milliseconds apart
    archive = Archive(folder, info=INFO, limits=Limits(warc_goes_on=timedelta(0)))
    archive.run = archive.runs.begin(iso(now()))
    archive.record_resource("urn:campuswarc:run", "application/json", b"{}")
    for n, body in enumerate(bodies):
        archive.record(exchange(body, url=f"http://news.example.edu.cn/{n}"))
    if not killed:
        archive.runs.end(archive.run, at=iso(now()), reason="finished", exit_code=0, counts={})
    archive.close()


def unknown(folder: Path) -> int:
    return len(ahead(open_reader(folder / "news.db"), folder / "warc"))


def test_files_of_runs_that_the_database_does_not_know_are_told(tmp_path: Path) -> None:
    crawl(tmp_path, b"one")
    shutil.copy(tmp_path / "news.db", tmp_path / "saved")
    crawl(tmp_path, b"two")
    crawl(tmp_path)  # nothing had changed
    crawl(tmp_path, b"three", killed=True)
    assert unknown(tmp_path) == 0
    for name in ("news.db-wal", "news.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    shutil.copy(tmp_path / "saved", tmp_path / "news.db")
    assert unknown(tmp_path) == 2, "those with pages"
    crawl(tmp_path, b"four")
    assert unknown(tmp_path) == 2, "still, after it was gone on with"


def test_what_is_written_between_runs_is_none(tmp_path: Path) -> None:
    crawl(tmp_path, b"one")
    sleep(0.002)
    archive = Archive(tmp_path, info=INFO, limits=Limits(warc_goes_on=timedelta(0)))
    archive.record_resource("urn:campuswarc:withheld", "application/json", b"{}")
    archive.close()
    guest = tmp_path / "warc" / "guests"
    guest.mkdir()
    shutil.copy(next((tmp_path / "warc").rglob("*.warc.gz")), guest / "x-20990101000000000-00000-h.warc.gz")
    assert unknown(tmp_path) == 0
