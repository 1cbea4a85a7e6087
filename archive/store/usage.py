"""What takes room in an archive, what it grows by, and what it will be in a year."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from archive.instants import iso
from archive.warc.verify import files as files_below

if TYPE_CHECKING:
    from sqlite_utils import Database

_LATELY = timedelta(days=90)
_FIRST = "2 days"  # of a site: its past is fetched, which it is once
_LEAST = 14  # days behind those, from which a year can be told


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Bytes, and rows, of one archive."""

    warc_files: Annotated[int, "WARC files"]
    warc_bytes: Annotated[int, "Their bytes"]
    database_bytes: Annotated[int, "Bytes of news.db and its log"]
    other_bytes: Annotated[int, "Bytes of databases that rebuilds have replaced, and of torn tails"]
    tables: Annotated[dict[str, int], "Rows by table, of those that grow"]
    months: Annotated[dict[str, tuple[int, int]], "Captures and the bytes of their records, by month"]
    kinds: Annotated[dict[str, tuple[int, int]], "The same by what was fetched: article, listing, requisite ..."]
    sites: Annotated[dict[str, tuple[int, int]], "The same by site, the largest first"]
    days: Annotated[float, "Days of crawls behind the first ones, by which a year is told; at most 90"]
    year_bytes: Annotated[int | None, "WARC files and news.db a year from now; None where too few days are known"]
    year_captures: Annotated[int | None, "Captures that come in a year, by the same days"]

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def usage(db: Database, folder: Path, at: datetime) -> Usage:
    """Of the archive in that folder; its captures are read once, from end to end."""
    files = files_below(folder / "warc")
    warc = sum(path.stat().st_size for path, _ in files)
    database = sum(path.stat().st_size for path in folder.glob("news.db*") if path.suffix in (".db", ".db-wal"))
    other = [path for path in folder.glob("news.db.*") if path.suffix not in (".db-wal", ".db-shm")]
    other += [path for path in (folder / "quarantine").rglob("*") if path.is_file()]
    by: dict[str, dict[str, tuple[int, int]]] = {"month": {}, "kind": {}, "site": {}}
    for month, kind, site, captures, size in db.execute(
        "select substr(fetched_at, 1, 7), kind, site, count(*), sum(length) from captures group by 1, 2, 3"
    ).fetchall():
        for name, key in (("month", month), ("kind", kind), ("site", site or "(none)")):
            before = by[name].get(key, (0, 0))
            by[name][key] = (before[0] + captures, before[1] + size)
    captures = sum(count for count, _ in by["month"].values())
    days, new, size = _lately(db, at)
    told = days >= _LEAST and captures > 0
    per_row = database / captures if captures else 0.0
    return Usage(
        warc_files=len(files),
        warc_bytes=warc,
        database_bytes=database,
        other_bytes=sum(path.stat().st_size for path in other),
        tables=_rows(db),
        months=dict(sorted(by["month"].items())),
        kinds=_largest(by["kind"]),
        sites=_largest(by["site"]),
        days=round(days, 1),
        year_bytes=warc + database + round((size + new * per_row) / days * 365) if told else None,
        year_captures=round(new / days * 365) if told else None,
    )


def _lately(db: Database, at: datetime) -> tuple[float, int, int]:
    """Days, captures and their bytes: of the last months, without the first days of each site."""
    since = iso(at - _LATELY)
    begun = db.execute("select min(julianday(first_seen)) from sites").fetchone()[0]
    if begun is None:
        return 0.0, 0, 0
    new, size = db.execute(
        "select count(*), coalesce(sum(c.length), 0) from captures c join sites s on s.id = c.site"
        f" where c.fetched_at > ? and c.fetched_at > strftime('%Y-%m-%dT%H:%M:%S', s.first_seen, '+{_FIRST}')",
        [since],
    ).fetchone()
    known = db.execute("select julianday(?) - ? - 2", [iso(at), begun]).fetchone()[0]
    return max(0.0, min(known, _LATELY.days)), new, size


def _rows(db: Database) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for table in ("articles", "version_rows", "captures", "frontier", "attachments", "images", "links", "parts"):
        counts[table] = db.execute(f"select count(*) from {table}").fetchone()[0]
    return dict(counts.most_common())


def _largest(found: dict[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    return dict(sorted(found.items(), key=lambda entry: -entry[1][1]))
