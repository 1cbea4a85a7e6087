"""An archive folder that tests crawl through the command line, and the questions they ask of it."""

from __future__ import annotations

import base64
import hashlib
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from archive.warc.layout import OPEN
from tests import forked
from tests.benchmarks import archive_folder
from tests.college.wire import Seen
from tests.patience import PATIENCE


@dataclass(frozen=True, slots=True)
class Kept:
    """One WARC record as warcio reads it."""

    type: str
    url: str
    status: str
    headers: dict[str, str]  # of the record
    payload: bytes  # as stored: content-coding kept


class Box:
    """An archive of loopback sites. `crawl` and `storage` are further lines of those tables of campuswarc.toml."""

    def __init__(self, folder: Path, sites: str, *, delay: float = 0.0, crawl: str = "", storage: str = "") -> None:
        self.folder = archive_folder.make(folder, sites, delay=delay, crawl=crawl, storage=storage)

    def crawl(self, *more: str, expect: int = 0, timeout: float = PATIENCE) -> str:
        """Crawl to the end; its words. Fails unless the exit status is the expected one."""
        return self.run("crawl", *more, expect=expect, timeout=timeout)

    def run(self, *words: str, expect: int = 0, timeout: float = PATIENCE) -> str:
        """A command of this archive to its end; what it says."""
        done = forked.run(["-C", str(self.folder), *words], timeout=timeout)
        said = done.stdout + done.stderr
        assert done.returncode == expect, f"exit status {done.returncode} instead of {expect}\n{said[-6000:]}"
        return said

    def start(self, *more: str) -> subprocess.Popen[str]:
        """Begin a crawl and go on."""
        return subprocess.Popen(
            archive_folder.crawl(self.folder, *more),
            cwd=archive_folder.ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        """Rows of news.db as a reader beside the writer sees them."""
        with sqlite3.connect(f"file:{self.folder}/news.db?mode=ro", uri=True) as db:
            db.row_factory = sqlite3.Row
            found = [dict(row) for row in db.execute(sql, values)]
        db.close()
        return found

    def column(self, sql: str, *values: Any) -> list[Any]:
        """First column of those rows."""
        return [next(iter(row.values())) for row in self.rows(sql, *values)]

    def state(self, url: str) -> tuple[str, str | None]:
        """What became of an address: state and reason in the frontier."""
        row = self.rows("select state, reason from frontier where url = ?", url)
        return (row[0]["state"], row[0]["reason"]) if row else ("unknown", None)

    def make_due(self) -> None:
        """Let the time come at which finished articles are looked at again and failed ones tried again."""
        with sqlite3.connect(self.folder / "news.db") as db:
            db.execute("update frontier set due = '2020-01-01T00:00:00Z' where due is not null or kind = 'article'")
        db.close()

    def warcs(self) -> list[Path]:
        """WARC files, closed and open."""
        there = {path for path in (self.folder / "warc").rglob("*") if path.is_file()}
        return sorted(path for path in there if path.with_name(path.name + OPEN) not in there)  # of two names one

    def records(self) -> Iterator[Kept]:
        """All records of all files, in order."""
        for path in self.warcs():
            with path.open("rb") as file:
                for record in ArchiveIterator(file, no_record_parse=False):
                    head = record.http_headers
                    status = (
                        head.get_statuscode() if head is not None and record.rec_type in ("response", "revisit") else ""
                    )
                    yield Kept(
                        record.rec_type,
                        record.rec_headers.get_header("WARC-Target-URI") or "",
                        status,
                        dict(record.rec_headers.headers),
                        record.raw_stream.read(),
                    )


def digest(payload: bytes) -> str:
    """As WARC-Payload-Digest spells it."""
    return "sha1:" + base64.b32encode(hashlib.sha1(payload).digest()).decode()


def unreadable(box: Box, captures: list[dict[str, Any]]) -> list[str]:
    """Rows of `captures` whose record cannot be read where they say it lies; what is wrong with each."""
    wrong = []
    for row in captures:
        path = box.folder / "warc" / row["warc"]
        path = path if path.exists() else path.with_name(path.name + ".open")
        with path.open("rb") as file:
            file.seek(row["offset"])
            record = next(iter(ArchiveIterator(file)), None)
            if record is None or record.rec_headers.get_header("WARC-Record-ID") != row["record_id"]:
                wrong.append(f"{row['url']}: another record, or none, at {row['warc']}:{row['offset']}")
            elif record.rec_type == "response" and digest(record.raw_stream.read()) != row["payload_digest"]:
                wrong.append(f"{row['url']}: payload digest differs")
    return wrong


def complain(paths: list[Path]) -> str:
    """What `warcio check` and FastWARC have against these files; empty when nothing."""
    from fastwarc.warc import ArchiveIterator as Fast

    with redirect_stdout(StringIO()) as said:
        status = Checker(SimpleNamespace(inputs=[*map(str, paths)], verbose=False)).process_all()
    words = said.getvalue() if status else ""
    for path in paths:
        with path.open("rb") as file:
            for record in Fast(file, parse_http=False):
                if not record.verify_block_digest():
                    words += f"{path.name}: FastWARC: block digest of {record.record_id}\n"
    return words


def whole(seen: list[Seen]) -> list[Seen]:
    """Requests that got an answer."""
    return [one for one in seen if one.status]
