"""How the archive fares in the text format of Prometheus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from archive.instants import parse
from archive.store.health import SiteHealth

if TYPE_CHECKING:
    from sqlite_utils import Database


def exposition(db: Database, rows: Sequence[SiteHealth]) -> str:
    """Gauges of the whole archive, of each cause, and of each site that has something wrong."""
    causes = Counter((one.state, one.reason) for row in rows for one in row.found)
    lines = [
        *_gauge("sites", "Sites that are crawled", [("", len(rows))]),
        *_gauge("sites_broken", "Sites with something wrong", [("", sum(row.wrong for row in rows))]),
        *_gauge("articles", "Articles", [("", sum(row.articles for row in rows))]),
        *_gauge("articles_gone", "Articles whose page is gone", [("", sum(row.gone for row in rows))]),
        *_gauge("addresses_due", "Addresses that are due", [("", sum(row.due for row in rows))]),
        *_gauge("addresses_failed", "Addresses given up", [("", sum(row.failed for row in rows))]),
        *_gauge(
            "problems",
            "What is wrong, by cause",
            [
                (f'state="{_label(state)}",reason="{_label(reason)}"', n)
                for (state, reason), n in sorted(causes.items())
            ],
        ),
        *_gauge(
            "site_problems",
            "What is wrong with a site; sites with which nothing is are left out",
            [(f'site="{_label(row.site)}"', len(row.problems)) for row in rows if row.problems],
        ),
    ]
    last = db.execute("select begun, ended, exit from runs where ended is not null order by id desc limit 1").fetchone()
    if last is not None:
        lines += _gauge("last_run_end_seconds", "When the last crawl ended", [("", int(parse(last[1]).timestamp()))])
        lines += _gauge("last_run_exit_status", "Its exit status", [("", last[2] or 0)])
        took = (parse(last[1]) - parse(last[0])).total_seconds()
        lines += _gauge("last_run_duration_seconds", "How long it took", [("", round(took, 3))])
    return "\n".join(lines) + "\n"


def _gauge(name: str, text: str, values: Sequence[tuple[str, float]]) -> list[str]:
    name = f"campuswarc_{name}"
    said = [f"{name}{{{labels}}} {value}" if labels else f"{name} {value}" for labels, value in values]
    return [f"# HELP {name} {text}", f"# TYPE {name} gauge", *said]


def _label(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
