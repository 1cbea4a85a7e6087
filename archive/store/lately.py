"""What an archive took in of late, by site and by run: of its newest captures alone, however many there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from archive.instants import parse

if TYPE_CHECKING:
    from sqlite_utils import Database

CAPTURES = 100_000  # of the newest; two months of 400 sites, a day or two of 10,000
_RUNS = 12
_FIRST = "+2 days"  # of a site: its past is fetched, which it is once
_LEAST = 14  # days of crawls, from which a year can be told


@dataclass(frozen=True, slots=True)
class Grown:
    """What came from one site."""

    site: str
    captures: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took."""

    run: int
    begun: str
    minutes: Annotated[float | None, "None of a run that has not ended, or was killed"]
    captures: int
    bytes: Annotated[int | None, "None where its captures are older than those that were looked at"]
    network: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lately:
    """The newest captures, in sums."""

    since: Annotated[str, "Time of the oldest of them; empty where there is none"]
    days: float
    captures: int
    bytes: int
    sites: tuple[Grown, ...]
    runs: tuple[Cost, ...]
    a_year: Annotated[int | None, "Bytes of records in a year at this rate, without the first days of sites"]


def lately(db: Database, at: datetime, most: int = 20) -> Lately:
    """Of the archive up to `at`; the `most` sites that grew most."""
    last = db.execute("select max(id) from captures").fetchone()[0] or 0
    first = last - CAPTURES
    row = db.execute(
        "select count(*), coalesce(sum(length), 0), min(fetched_at) from captures where id > ?", [first]
    ).fetchone()
    captures, size, since = row[0], row[1], row[2] or ""
    days = (at - parse(since)).total_seconds() / 86_400 if since else 0.0
    sites = db.execute(
        "select site, count(*), sum(length) from captures where id > ? group by site order by 3 desc, 1 limit ?",
        [first, most],
    ).fetchall()
    (settled,) = db.execute(
        "select coalesce(sum(c.length), 0) from captures c join sites s on s.id = c.site where c.id > ?"
        f" and c.fetched_at > strftime('%Y-%m-%dT%H:%M:%SZ', s.first_seen, '{_FIRST}')",
        [first],
    ).fetchone()
    return Lately(
        since=since,
        days=days,
        captures=captures,
        bytes=size,
        sites=tuple(Grown(*one) for one in sites),
        runs=tuple(_runs(db, first)),
        a_year=round(settled / days * 365) if days >= 1 and _age(db, at) >= _LEAST else None,
    )


def _age(db: Database, at: datetime) -> float:
    """Days since the first run."""
    row = db.execute("select begun from runs order by id limit 1").fetchone()
    return (at - parse(row[0])).total_seconds() / 86_400 if row else 0.0


def _runs(db: Database, first: int) -> list[Cost]:
    """The last ones, the newest first."""
    sizes = dict(
        # +run: the newest rows, rather than the whole index by run
        db.execute("select run, sum(length) from captures where id > ? group by +run", [first]).fetchall()
    )
    oldest = min((run for run in sizes if run is not None), default=0)  # of which some may lie before
    rows = db.execute(
        "select id, begun, ended, network, (select count(*) from captures where run = r.id) from runs r"
        " order by id desc limit ?",
        [_RUNS],
    ).fetchall()
    return [
        Cost(
            run,
            begun,
            (parse(ended) - parse(begun)).total_seconds() / 60 if ended else None,
            captures,
            sizes.get(run, 0) if run > oldest or first <= 0 else None,
            network or "",
        )
        for run, begun, ended, network, captures in rows
    ]
