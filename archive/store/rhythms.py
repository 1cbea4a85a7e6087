"""The `news_days` table: on which days a listing had news, and what else tells when to look at it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

from archive.store.runs import OWN_NETWORK

if TYPE_CHECKING:
    from sqlite_utils import Database

_KEPT = timedelta(days=400)  # a year, and the weeks around this day of it


@dataclass(frozen=True, slots=True)
class NewsDay:
    """A day on which looks at a listing found something new."""

    day: date
    looks: Annotated[int, "Looks that found something; those that found nothing are not counted"]
    stories: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What an archive knows of a listing when it is to say when it looks again."""

    first_asked: Annotated[str | None, "When its first page was first made due"]
    last_asked: Annotated[str | None, "When it was last asked for"]
    failing_since: Annotated[str | None, "Since when it cannot be read; None where it can"]
    news: Annotated[tuple[NewsDay, ...], "Oldest first; what the first walk found is no news"]


class Rhythms:
    """One row a listing and day with news."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def news(self, listing: str, at: str, stories: int, *, look: bool) -> None:
        """A page of it showed as many new stories; `look` says that it was its first page."""
        day = at[:10]
        self.db.conn.execute(
            "insert into news_days (listing, day, looks, stories) values (?, ?, 1, ?) on conflict (listing, day) do"
            " update set looks = looks + ?, stories = stories + excluded.stories",
            [listing, day, stories, look],
        )
        before = (date.fromisoformat(day) - _KEPT).isoformat()
        self.db.conn.execute("delete from news_days where listing = ? and day < ?", [listing, before])

    def past(self, url: str) -> Past:
        """Of one listing; nothing but Nones of one that is not known."""
        return past(self.db, url)


def past(db: Database, url: str) -> Past:
    """What there is to know of the rhythm of one listing."""
    row = db.conn.execute(
        "select l.site, l.state, l.last_ok, l.last_tried, f.first_seen from listings l left join frontier f on"
        " f.url = l.url where l.url = ?",
        [url],
    ).fetchone()
    site, state, last_ok, last_tried, first_asked = row or (None,) * 5
    since = None
    if state in ("failed", "blocked", "empty"):
        since = db.conn.execute(
            "select min(at) from failures where site = ? and at > ? and url = ? and kind != ?",
            [site, last_ok or "", url, OWN_NETWORK],
        ).fetchone()[0]
    days = db.conn.execute("select day, looks, stories from news_days where listing = ? order by day", [url])
    return Past(
        first_asked=first_asked,
        last_asked=last_tried,
        failing_since=since,
        news=tuple(NewsDay(date.fromisoformat(day), looks, stories) for day, looks, stories in days.fetchall()),
    )
