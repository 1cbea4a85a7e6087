"""The proof of an archive: every member, every record, and every row's chain down to its bytes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

from archive.guarded import MADE_AGAIN, DamagedDatabase, is_busy, is_refused
from archive.proof.cross_check import CrossCheck
from archive.search.index import ArticleIndex
from archive.sqlite import connect, database_on
from archive.store.db import NoDatabase, open_reader
from archive.store.lock import held
from archive.warc import fixity
from archive.warc.arrival import Arrivals
from archive.warc.layout import GUESTS, OPEN
from archive.warc.scan import Broken, Found, read_at
from archive.warc.verify import Finding, check_file, files, problems

if TYPE_CHECKING:
    from sqlite_utils import Database

Progress = Callable[[int], object]


@dataclass(slots=True)
class Report:
    """What was looked at and what is wrong."""

    findings: list[Finding] = field(default_factory=list)
    foreign: Annotated[
        list[Finding], "What files of other tools have said wrongly ever since they came: remarks, nothing is broken"
    ] = field(default_factory=list)
    files: Annotated[int, "WARC files"] = 0
    records: Annotated[int, "Whole records read and checked"] = 0
    bytes: Annotated[int, "Bytes of those records on disk"] = 0
    rows: Annotated[int, "Rows of captures"] = 0
    unsealed: Annotated[int, "Closed files that the chain of seals does not name, where there is one"] = 0
    skipped: Annotated[list[str], "What could not be looked at, and why"] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"ok": self.ok, **asdict(self)}


def verify(
    folder: Path,
    *,
    quick: bool = False,
    sample: int = 0,
    since: str | None = None,
    progress: Progress = lambda done: None,
) -> Report:
    """Check an archive folder; nothing is changed, and a crawl may go on beside it.

    `quick` reads of each file only what lies behind its last indexed record but one, and asks SQLite for its short
    check; `sample` does the same and reads so many records besides, chosen by chance. `since` is a head of the chain of
    seals, noted when it was printed. `progress` is told of bytes done.
    """
    report = Report()
    live = held(folder / "news.lock")
    db = _database(folder, report)
    crossing = None
    if db is not None:
        with _telling(report):
            crossing = CrossCheck(folder / "news.db")
    crossing = crossing or CrossCheck(None)
    whole = not (quick or sample)
    arrivals = Arrivals(folder / "warc")
    try:
        for path, warc in files(folder / "warc"):
            report.files += 1
            writing = live and path.name.endswith(OPEN)
            crossing.file(warc, live=writing)
            start = 0
            if db is not None and not whole:
                with _telling(report):
                    start = _last_row(db, warc)
            _walk(path, warc, start, writing, crossing, arrivals, report, progress)
        if sample and db is not None:
            with _telling(report):
                _sampled(folder / "warc", db, sample, crossing, report, progress)
        if whole:
            for _, warc in files(folder / "warc"):
                if warc.startswith(f"{GUESTS}/") and (changed := arrivals.changed(warc)):
                    report.findings.append(Finding(kind="fixity", text=changed, file=warc))
            report.findings += crossing.among_records()
            with _telling(report):
                report.findings += crossing.records_without_row()
        with _telling(report):
            for finding in crossing.rows_without_file():
                if finding.file and (folder / "warc" / finding.file).is_file():
                    report.skipped.append(f"{finding.file}, which is no WARC file by its name")
                else:
                    report.findings.append(finding)
        with _telling(report):
            report.findings += crossing.rows_without_record(only_found=not whole)
    finally:
        crossing.close()
    if since is not None or (folder / "fixity.jsonl").exists():
        report.findings += fixity.check(folder / "warc", folder / "fixity.jsonl", since=since, sizes_only=not whole)
        report.unsealed = fixity.unsealed(folder / "warc", folder / "fixity.jsonl")
    if db is not None:
        with _telling(report):
            report.rows = db.execute("select count(*) from captures").fetchone()[0]
        with _telling(report):
            report.findings += _rows(db, short=not whole)
        _search(folder / "news.db", live, report, compare=whole)
        db.close()
    report.foreign = [finding for finding in report.findings if arrivals.came_so(finding.file or "", finding.kind)]
    report.findings = [finding for finding in report.findings if not arrivals.came_so(finding.file or "", finding.kind)]
    return report


def _database(folder: Path, report: Report) -> Database | None:
    try:
        db = open_reader(folder / "news.db", shown="all")
        db.execute("select 1 from captures, versions, articles limit 1")
    except (NoDatabase, DamagedDatabase, sqlite3.DatabaseError) as problem:
        if not (folder / "news.db").exists():
            text = "is missing; `campuswarc rebuild` makes it again"
        else:
            text = f"cannot be read: {problem}"
            text += "" if MADE_AGAIN in text else f"; {MADE_AGAIN}"
        report.findings.append(Finding(kind="database", text=text, file="news.db"))
        return None
    return db


@contextmanager
def _telling(report: Report) -> Iterator[None]:
    """What news.db cannot be asked is a finding, once; the WARC files are looked at all the same."""
    try:
        yield
    except sqlite3.DatabaseError as problem:
        if is_refused(problem) or is_busy(problem):
            raise
        finding = Finding(kind="database", text=f"cannot be read: {problem}; {MADE_AGAIN}", file="news.db")
        if finding not in report.findings:
            report.findings.append(finding)


def _walk(
    path: Path,
    warc: str,
    start: int,
    writing: bool,
    crossing: CrossCheck,
    arrivals: Arrivals,
    report: Report,
    progress: Progress,
) -> None:
    """Check one file from `start` on."""

    def seen(found: Found) -> None:
        report.records += 1
        report.bytes += found.length
        crossing.add(warc, found)
        arrivals.note(found.record)
        progress(found.length)

    if path.name.endswith(OPEN) and not writing:
        text = "left open by a run that was killed; the next crawl or --repair closes it"
        report.findings.append(Finding(kind="open", text=text, file=warc))
    for finding in check_file(path, warc, start=start, seen=seen):
        if not (writing and finding.kind == "torn"):  # a record on its way
            report.findings.append(finding)


def _last_row(db: Database, warc: str) -> int:
    """Where the last indexed record of a file begins; 0 if it has none, or the row leads behind its end."""
    row = db.execute("select max(offset) from captures where warc = ?", [warc]).fetchone()
    return int(row[0] or 0)


def _sampled(folder: Path, db: Database, count: int, crossing: CrossCheck, report: Report, progress: Progress) -> None:
    """Read so many captures, chosen by chance, and check them like any record."""
    places = db.execute("select warc, offset, length from captures order by random() limit ?", [count]).fetchall()
    present = {warc: path for path, warc in files(folder)}
    for warc, offset, length in sorted(places):
        if warc not in present:
            continue  # told of the file as a whole
        with present[warc].open("rb") as file:
            try:
                found = read_at(file, offset)
            except Broken as problem:
                report.findings.append(
                    Finding(kind="damaged", text=str(problem), file=warc, offset=offset, length=length)
                )
                continue
        report.findings += [
            Finding(kind=kind, text=text, file=warc, offset=offset, length=found.length)
            for kind, text in problems(found.record)
        ]
        report.records += 1
        report.bytes += found.length
        crossing.add(warc, found)
        progress(found.length)


def _rows(db: Database, *, short: bool) -> Iterator[Finding]:
    """SQLite's own checks, and the chain article -> version -> capture."""
    for (text,) in db.execute(f"pragma {'quick_check' if short else 'integrity_check'}").fetchall():
        if text != "ok":
            yield Finding(kind="database", text=text, file="news.db")
    for table, row, parent, _ in db.execute("pragma foreign_key_check").fetchall():
        yield Finding(
            kind="database", text=f"row {row} of {table} names a row of {parent} that is not there", file="news.db"
        )
    chain = {
        "an article without its current version": (
            "select url from articles a where not exists"
            " (select 1 from versions where id = a.current_version and article = a.id)"
        ),
        "a version read from no capture": (
            "select a.url || ', version ' || v.n from versions v join articles a on a.id = v.article"
            " where v.capture is null and a.kind = 'article'"
        ),
        "a revisit of a capture that has no row": (
            "select url from captures c where record_type = 'revisit' and refers_to is not null"
            f" and warc not like '{GUESTS}/%' and not exists (select 1 from captures where record_id = c.refers_to)"
        ),
    }
    if "version_rows" in db.table_names():  # since m012
        chain["a version without its words"] = (
            "select a.url || ', version ' || v.n from version_rows v join articles a on a.id = v.article"
            " where (v.title is null or v.body is null or v.body_html is null) and v.id is not a.current_version"
        )
    if "parts" in db.table_names():  # since m006
        chain["a page of a version read from no capture"] = (
            "select url from parts where digest is not null and capture is null"
        )
    for what, query in chain.items():
        for (url,) in db.execute(query).fetchall():
            yield Finding(kind="row", text=f"{what}: {url}", file="news.db")


def _search(database: Path, live: bool, report: Report, *, compare: bool) -> None:
    """FTS5's own check needs a connection that may write, though it writes nothing."""
    if live:
        report.skipped.append("the search index, since a crawl is writing")
        return
    try:
        with closing(connect(f"file:{quote(str(database.absolute()))}?mode=rw", uri=True, timeout=5)) as connection:
            db = database_on(connection)
            problem = ArticleIndex(db).problem(compare=compare) if "articles_fts" in db.table_names() else None
    except sqlite3.DatabaseError as found:
        problem = str(found)
    if problem is not None and "readonly" in problem:
        report.skipped.append(f"the search index: {problem}")
    elif problem is not None:
        report.findings.append(Finding(kind="search", text=problem, file="news.db"))
