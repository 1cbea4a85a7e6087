"""For whoever runs the crawls: what needs a person, what grows, what it costs. Reads only, as every page does."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from archive.instants import now
from archive.store.health import health
from archive.store.lately import lately
from archive.store.problems import Problem
from archive.web.page_request import PageRequest

if TYPE_CHECKING:
    from sqlite_utils import Database

_NAMED = 8  # sites of one cause that are named; the others are at /sites


def show(db: Database, visit: PageRequest) -> Any:
    """The page; nobody's where the server was not started for an operator."""
    if not visit.holding.operator:
        return visit.missing(visit.word("operator_closed"))
    at = now()
    asleep, silent = _configured(db)
    rows = health(db, silent, at)
    problems = [one for row in rows if row.site not in asleep for one in row.found if one.counts]
    found = lately(db, at)
    files = sum(path.stat().st_size for path in visit.holding.warc.rglob("*.warc*") if path.is_file())
    database = visit.holding.path
    size = files + sum(
        path.stat().st_size for path in (database, database.with_name(f"{database.name}-wal")) if path.exists()
    )
    return visit.page(
        "operator.html",
        sites=len(rows),
        wrong=len({one.site for one in problems}),
        causes=_causes(problems),
        named=_NAMED,
        lately=found,
        held=size,
        free=shutil.disk_usage(database.parent).free,
        in_a_year=size + found.a_year if found.a_year is not None else None,
        network=found.runs[0].network if found.runs else "",
    )


def _configured(db: Database) -> tuple[set[str], dict[str, int | None]]:
    """Sites that are paused, and after how many days without news each counts as silent (None: by its own rhythm), as
    sites.toml had it when the last crawl began."""
    rows = db.execute(
        "select id, json_extract(config, '$.paused'), json_extract(config, '$.silent_days') from sites"
        " where state = 'active'"
    ).fetchall()
    return {id_ for id_, paused, _ in rows if paused}, {id_: days for id_, _, days in rows}


def _causes(problems: list[Problem]) -> list[tuple[str, str, list[Problem]]]:
    """State, reason and problems of each cause, the commonest first."""
    found: dict[tuple[str, str], list[Problem]] = {}
    for one in problems:
        found.setdefault((one.state, one.reason), []).append(one)
    return sorted(((*key, members) for key, members in found.items()), key=lambda one: -len(one[2]))
