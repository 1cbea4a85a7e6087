"""The crawls: how each went, and the health of all of them over time."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from archive.web.charts import Bar, bars
from archive.web.page_request import PageRequest
from archive.web.shown import instant
from archive.web.words import WORDS

if TYPE_CHECKING:
    from sqlite_utils import Database

MOST = 60
_RUNS = """
    select r.*, (select count(*) from captures where run = r.id and status < 400) as good,
           (select count(*) from captures where run = r.id and status >= 400) as failed,
           (select count(*) from failures where run = r.id) as failures
    from runs r order by r.id desc limit ?
"""


def show(db: Database, visit: PageRequest) -> Any:
    """Newest crawl first, above them a chart that reads from left to right."""
    rows = [row | {"counts": in_words(row["counts"], visit)} for row in db.query(_RUNS, [MOST])]
    data = [
        Bar(
            label=row["begun"][5:10],
            tick=True,
            parts=(("good", row["good"]), ("failed", row["failed"] + row["failures"])),
            title=(
                f"{instant(row['begun'])}: {row['good']:,} {visit.word('good')}, {row['failed'] + row['failures']:,}"
                f" {visit.word('failed')}"
            ),
        )
        for row in reversed(rows)
    ]
    return visit.page("runs.html", runs=rows, chart=bars(data, title=visit.word("runs_chart")))


def in_words(text: str | None, visit: PageRequest) -> list[tuple[str, Any]]:
    """The counts of a run, each with its name in the visitor's language; as it stands where it has none there."""
    return [
        (visit.word(key) if (key := f"count_{name}") in WORDS else name, n) for name, n in counts_of(text).items() if n
    ]


def counts_of(text: str | None) -> dict[str, Any]:
    """The counts of a run; those kept by site are summed."""
    try:
        counts = json.loads(text or "{}")
    except ValueError:
        return {"?": text}
    if not isinstance(counts, dict):
        return {"?": counts}
    sums: Counter[str] = Counter()
    for of_site in counts.values():
        if isinstance(of_site, dict):
            sums.update({name: n for name, n in of_site.items() if isinstance(n, int)})
    return dict(sums) | {name: n for name, n in counts.items() if not isinstance(n, dict)}
