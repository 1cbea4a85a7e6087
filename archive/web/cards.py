"""Articles as they appear in lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlite_utils import Database


CARD = (
    "select a.id, a.url, a.title, a.published, a.published_precision, a.site, a.state, a.kind, a.section, a.language,"
    " a.first_seen, a.last_seen, coalesce(nullif(s.name, ''), a.site) as site_name, coalesce(s.college, '') as college,"
    " substr(a.body, 1, 180) as opening from articles a left join sites s on s.id = a.site"
)


def one(db: Database, sql: str, values: Sequence[object] = ()) -> Any:
    """The single value of a query; None where there is no row."""
    row = db.execute(sql, list(values)).fetchone()
    return row[0] if row else None


def first(db: Database, sql: str, values: Sequence[object] = ()) -> dict[str, Any] | None:
    """The first row of a query."""
    return next(iter(db.query(sql, list(values))), None)


def site_names(db: Database) -> dict[str, str]:
    """What each site is called."""
    return dict(db.execute("select id, coalesce(nullif(name, ''), id) from sites").fetchall())
