"""Search times beside a LIKE scan and FTS5's trigram tokenizer over the same rows: `python -m tests.benchmarks.search
[ARTICLES]`.

Each kind of query is asked several times with differing terms; LIKE and trigram count the rows a term is in, ours gives
the
total, the best 20 and their highlighted passages. Recall is against LIKE, whole words for English.
"""

from __future__ import annotations

import re
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from random import Random
from time import perf_counter

from sqlite_utils import Database

from archive.search.search import ids, overview, search
from archive.store.db import open_reader
from archive.web.server import application
from tests.archive.web.conftest import Client
from tests.benchmarks.corpus import TERMS, make

_TRIGRAM_FLOOR = 3  # characters: it finds nothing shorter


def main(articles: int) -> None:
    """Make the archive, ask, print."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "news.db"
        begun = perf_counter()
        make(path, articles).conn.close()
        print(
            f"{articles:,} articles made and indexed in {perf_counter() - begun:.0f} s;"
            f" {path.stat().st_size / 1e6:,.0f} MB, {_index_bytes(path) / 1e6:,.0f} MB of it index"
        )
        trigram = _trigram(path, Path(folder) / "trigram.db")
        print(f"trigram index: {(Path(folder) / 'trigram.db').stat().st_size / 1e6:,.0f} MB\n")
        report(open_reader(path), trigram)
        pages(path)


def report(db: Database, trigram: sqlite3.Connection) -> None:
    """The table: recall, and p50 and p95 in milliseconds."""
    print(f"{'query':22}{'hits':>9}{'recall':>8}{'ours p50':>10}{'p95':>8}{'trigram p50':>13}{'recall':>8}{'LIKE':>9}")
    random = Random(2)
    kinds: dict[str, Sequence[str]] = {term: [term] for term in TERMS}
    kinds |= {f"{size} characters": _samples(db, random, size) for size in (1, 2, 3, 4, 6)}
    for name, terms in kinds.items():
        ours = [
            _timed(lambda term=term: search(db, f'"{term}"'))
            for term in terms
            for _ in range(5 if len(terms) == 1 else 1)
        ]
        brute = [_timed(lambda term=term: _like(db, term)) for term in terms]
        grams = [_timed(lambda term=term: _grams(trigram, term)) for term in terms]
        recall = _recall([set(ids(db, f'"{term}"')) for term in terms], [found for _, found in brute])
        gram_recall = _recall([found for _, found in grams], [found for _, found in brute])
        times = [ms for ms, _ in ours]
        print(
            f"{name:22}{sum(len(found) for _, found in brute) // len(brute):>9,}{recall:>8.2f}"
            f"{_at(times, 50):>10.1f}{_at(times, 95):>8.1f}"
            f"{_at([ms for ms, _ in grams], 50):>13.1f}{gram_recall:>8.2f}{_at([ms for ms, _ in brute], 50):>9.0f}"
        )
    for name, ask in {
        "site and dates": lambda: search(db, "招生 site:college_3 after:2015 before:2016"),
        "newest 20 of a term": lambda: search(db, "招生", sort="newest"),
        "match and age": lambda: search(db, "招生", sort="recent"),
        "no word, newest": lambda: search(db, ""),
        "prefix": lambda: search(db, "resea*"),
        "facets of a term": lambda: overview(db, "招生"),
        "facets of all": lambda: overview(db, ""),
    }.items():
        times = [_timed(ask)[0] for _ in range(7)]
        print(f"{name:39}{_at(times, 50):>10.1f}{_at(times, 95):>8.1f}")


def pages(path: Path) -> None:
    """Times of the web pages over the same archive, asked in this process."""
    client = Client(application(path, path.parent / "warc"))
    for name, address in (
        ("home page", "/"),
        ("article page", "/article/{}"),
        ("search page", "/search?q=招生"),
        ("sites page", "/sites"),
    ):
        times = []
        for n in range(1, 8):
            taken, answer = _timed(partial(client.get, address.format(n)))
            if answer.status_code != 200:  # type: ignore[attr-defined]
                raise SystemExit(f"{address} answered {answer.status_code}")  # type: ignore[attr-defined]
            times.append(taken)
        print(f"{name:39}{_at(times, 50):>10.1f}{_at(times, 95):>8.1f}")


def _samples(db: Database, random: Random, size: int, number: int = 25) -> list[str]:
    """Runs of Chinese characters of that length, from bodies drawn by chance."""
    found: list[str] = []
    most = db.execute("select max(id) from articles").fetchone()[0]
    while len(found) < number:
        body = db.execute(
            "select body from articles where id >= ? limit 1", [random.randrange(1, most + 1)]
        ).fetchone()[0]
        if runs := [run for run in re.findall("[\u4e00-\u9fff]+", body) if len(run) >= size]:
            run = random.choice(runs)
            start = random.randrange(len(run) - size + 1)
            found.append(run[start : start + size])
    return found


def _timed(ask: Callable[[], object]) -> tuple[float, object]:
    begun = perf_counter()
    found = ask()
    return (perf_counter() - begun) * 1000, found


def _like(db: Database, term: str) -> set[int]:
    found = db.execute(
        "select id, title || char(10) || body from articles where title || char(10) || body like ?", [f"%{term}%"]
    ).fetchall()
    before, after = ("(?<![0-9A-Za-z])" * term[0].isascii(), "(?![0-9A-Za-z])" * term[-1].isascii())
    word = re.compile(before + re.escape(term) + after, re.I)
    return {id_ for id_, text in found if word.search(text)}


def _grams(trigram: sqlite3.Connection, term: str) -> set[int]:
    return (
        {row[0] for row in trigram.execute("select rowid from grams where grams match ?", [f'"{term}"'])}
        if len(term) >= _TRIGRAM_FLOOR
        else set()
    )


def _recall(found: Sequence[set[int]], wanted: Sequence[set[int]]) -> float:
    return sum(len(f & w) for f, w in zip(found, wanted, strict=True)) / max(1, sum(map(len, wanted)))


def _trigram(path: Path, out: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(out)
    connection.execute("attach ? as news", [str(path)])
    connection.execute("create virtual table grams using fts5(title, body, content='', tokenize='trigram')")
    connection.execute("insert into grams(rowid, title, body) select id, title, body from news.articles")
    connection.commit()
    return connection


def _index_bytes(path: Path) -> int:
    connection = sqlite3.connect(path)
    size = connection.execute("select sum(length(block)) from articles_fts_data").fetchone()[0]
    connection.close()
    return int(size)


def _at(values: Sequence[float], percent: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
