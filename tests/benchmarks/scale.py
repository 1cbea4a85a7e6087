"""What grows with stories and sites, beside its limit and a peer that does the bare part of it: `make bench-scale`.

`python -m tests.benchmarks.scale [STORIES [SITES]]`, or an archive FOLDER that `tests.benchmarks.corpus` has made. CPU
seconds and those of the clock; of a question the best of three, of a program one run with its start.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlite_utils import Database

from archive.instants import iso, now
from archive.search.query_sql import compiled
from archive.search.search import overview, search
from archive.store.db import open_reader
from archive.store.frontier import Frontier
from archive.web.server import application
from tests.archive.web.conftest import Client
from tests.benchmarks import corpus
from tests.benchmarks.archive_folder import CAMPUSWARC, ROOT, crawl
from tests.benchmarks.archive_folder import make as make_folder
from tests.benchmarks.measure import cost, table

_HEADS = ("", "CPU s", "clock s", "limit", "peer", "its CPU s", "")
_ASKED = 0.3  # CPU seconds of a search
_PAGE = 0.5  # of a page, of `status`
_FIELDS = "url,title,published,body"
_ARROW = """
import sqlite3, sys, pyarrow, pyarrow.parquet
db = sqlite3.connect(sys.argv[1])
rows = db.execute("select url, title, published, body from articles order by published is null, published, url")
names, writer = ("url", "title", "published", "body"), None
while some := rows.fetchmany(1000):
    batch = pyarrow.table(dict(zip(names, map(list, zip(*some)))))
    writer = writer or pyarrow.parquet.ParquetWriter(sys.argv[2], batch.schema, compression="zstd")
    writer.write_table(batch)
writer.close()
"""
_PLAIN = """
import json, sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.row_factory = sqlite3.Row
with open(sys.argv[2], "w") as out:
    for row in db.execute("select * from articles order by published is null, published, url"):
        out.write(json.dumps(dict(row), ensure_ascii=False) + "\\n")
"""
Row = Sequence[str]


def main(given: str = "100000", sites: str = "2000") -> None:
    """The table."""
    with TemporaryDirectory(prefix="bench-scale-") as place:
        folder = Path(place) / "archive" if given.isdigit() else Path(given)
        if given.isdigit():
            begun, spent = time.perf_counter(), time.process_time()
            make_folder(folder, corpus.sites_toml(int(sites)))
            corpus.make(folder / "news.db", int(given), sites=int(sites)).conn.close()
            sys.stdout.write(
                f"made in {time.perf_counter() - begun:.0f} s ({time.process_time() - spent:.0f} s of CPU); limit 600\n"
            )
        db = open_reader(folder / "news.db")
        stories, colleges = (db.execute(f"select count(*) from {t}").fetchone()[0] for t in ("articles", "sites"))
        size = (folder / "news.db").stat().st_size
        sys.stdout.write(
            f"{stories:,} stories of {colleges:,} sites, {size / 1e6:,.0f} MB, {size / stories / 1000:.1f} KB a story\n"
        )
        rows = [  # programs first: Linux counts the memory of whoever starts them as theirs
            *programs(folder, Path(place), stories),
            *stops(Path(place)),
            *wakes(db),
            *searches(db),
            *pages(folder),
        ]
        sys.stdout.write(table(_HEADS, rows) + "\n")


def searches(db: Database) -> list[Row]:
    """The best 20 of queries, and how they spread, beside FTS5 alone: the number of rows, and the best 20 by bm25."""
    rows = []
    for query in (*corpus.TERMS, "学校 site:college_3", "学校 lang:en", "学校 after:2015", "学校 has:attachment", ""):
        match = compiled(db, query).condition.match
        ours = _asked(lambda query=query: search(db, query))  # type: ignore[misc]
        bare = _asked(partial(_fts5, db, match)) if match else None
        rows.append(_row(f"search {query or '(nothing)'}", ours, _ASKED, "FTS5 alone", bare))
    for sort in ("newest", "recent"):
        rows.append(_row(f"学校, {sort}", _asked(partial(search, db, "学校", sort=sort)), _ASKED, "", None))
    rows.append(_row("学校, the last page", _asked(partial(search, db, "学校", offset=980)), _ASKED, "", None))
    for query in ("学校", "学院", "", "学校 site:college_3"):
        rows.append(_row(f"facets {query or '(all)'}", _asked(partial(overview, db, query)), _ASKED, "", None))
    return rows


def pages(folder: Path) -> list[Row]:
    """Web pages, asked in this process."""
    client = Client(application(folder / "news.db", folder / "warc"))
    rows = []
    for path in ("/", "/sites", "/sites?state=trouble", "/gone", "/runs", "/search?q=学校", "/search"):
        answer = client.get(path)
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}")
        rows.append(_row(f"page {path}", _asked(partial(client.get, path)), _PAGE, "", None))
    return rows


def wakes(db: Database) -> list[Row]:
    """The crawl's look for what has come due, beside one look-up of an index."""
    frontier, at = Frontier(db), iso(now())
    ours = _asked(lambda: frontier.stirred(at, at))
    bare = _asked(lambda: db.execute("select 1 from frontier where due = ?", [at]).fetchone())
    return [_row("frontier wakes", ours, 0.01, "sqlite3 alone", bare)]


def programs(folder: Path, place: Path, stories: int) -> list[Row]:
    """Commands, their start included."""
    rows = [_ran("status", [*CAMPUSWARC, "-C", str(folder), "status"], _PAGE, ok=(0, 3))]
    for name, kind, limit, peer, script in (
        ("export jsonl", "jsonl", stories / 8000, "sqlite3 and json alone", _PLAIN),
        ("export parquet", "parquet", 0.0, "pyarrow alone", _ARROW),
    ):
        out, bare = str(place / f"ours.{kind}"), str(place / f"bare.{kind}")
        peers = cost([sys.executable, "-c", script, str(folder / "news.db"), bare], folder=ROOT)
        fields = ["--fields", _FIELDS] if kind == "parquet" else []
        command = [*CAMPUSWARC, "-C", str(folder), "export", kind, out, *fields]
        ours = _ran(name, command, limit or peers.cpu * 2)
        rows.append([*ours[:4], peer, f"{peers.cpu:.2f}", f"{ours[6]}, peer {peers.rss / 1e6:.0f} MB"])
    return rows


def stops(place: Path) -> list[Row]:
    """How long a crawl takes to end that is told to in its first moments, and with which status."""
    rows: list[Row] = []
    folder = make_folder(place / "stopped", corpus.sites_toml(20))
    for after in (0.05, 0.2, 0.5, 1.0, 2.0):
        process = subprocess.Popen(crawl(folder), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(after)
        begun = time.perf_counter()
        process.send_signal(signal.SIGTERM)
        status = process.wait()
        rows.append([f"stop after {after} s", "", f"{time.perf_counter() - begun:.2f}", "10", "", "", f"exit {status}"])
    return rows


def _fts5(db: Database, match: str) -> None:
    db.execute("select count(*) from articles_fts where articles_fts match ?", [match]).fetchone()
    best = "select rowid from articles_fts where articles_fts match ? order by rank limit 20"
    db.execute(best, [match]).fetchall()


def _asked(question: Callable[[], object]) -> tuple[float, float]:
    spent = []
    for _ in range(3):
        cpu, clock = time.process_time(), time.perf_counter()
        question()
        spent.append((time.process_time() - cpu, time.perf_counter() - clock))
    return min(spent)


def _row(name: str, ours: tuple[float, float], limit: float, peer: str, bare: tuple[float, float] | None) -> Row:
    note = "" if ours[0] <= limit else "OVER"
    beside = [peer, f"{bare[0]:.3f}"] if bare else ["", ""]
    return [name, f"{ours[0]:.3f}", f"{ours[1]:.3f}", f"{limit:g}", *beside, note]


def _ran(name: str, command: Sequence[str], limit: float, ok: tuple[int, ...] = (0,)) -> Row:
    spent = cost(command, folder=ROOT)
    if spent.status not in ok:
        raise SystemExit(f"{name} ended with {spent.status}")
    note = f"{spent.rss / 1e6:.0f} MB" + ("" if spent.cpu <= limit else ", OVER")
    return [name, f"{spent.cpu:.2f}", f"{spent.seconds:.2f}", f"{limit:.2f}", "", "", note]


if __name__ == "__main__":
    main(*sys.argv[1:])
