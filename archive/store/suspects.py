"""What looks found and was not believed: the `suspects` table, and what it is decided by (`changes`, `tallies`,
`believed`)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

from archive.instants import iso, parse

if TYPE_CHECKING:
    from sqlite_utils import Database

Reason = Literal["same_words", "many_changed", "listing_unread", "shrunk", "site_gone"]
Kind = Literal["new", "changed", "gone"]
WEIGHT: dict[str, int] = {
    "same_words": 0,
    "many_changed": 1,
    "listing_unread": 2,
    "shrunk": 3,
    "site_gone": 4,
}  # what is named of several
_REMEMBERED = timedelta(days=60)  # in which a change can still be undone
APART = timedelta(days=2)  # between looks that confirm each other
LOOKS = 3  # that say the same confirm it


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one look at an address found, as far as it is judged by."""

    url: str
    site: str
    place: str  # scheme, host and port
    listing: str | None
    kind: Kind
    run: int | None
    gist: int | None
    capture: int | None
    title: str
    words: int
    bare: bool  # neither a headline of its own, nor documents or pictures
    at: str


@dataclass(slots=True)
class Tally:
    """What the looks of one run found at one place."""

    well: int = 0
    lost: int = 0
    changed: int = 0
    listed: int = 0
    unlisted: int = 0
    most: int = 0  # changes in one earlier run


_LOOK = tuple(field.name for field in fields(Look))
_COUNTS = tuple(field.name for field in fields(Tally))


class Suspects:
    """The four tables as one collection."""

    def __init__(self, db: Database) -> None:
        self.db = db

    # -- held back

    def get(self, url: str) -> tuple[Look, Reason] | None:
        """What is held back of an address, and why."""
        row = self.db.conn.execute(
            f"select {', '.join('seen' if name == 'at' else name for name in _LOOK)}, reason from suspects where url"
            f" = ?",
            [url],
        ).fetchone()
        return (_look(row[:-1]), row[-1]) if row else None

    def hold(self, look: Look, reason: Reason, *, counts: bool) -> bool:
        """Hold back what a look found; False where it confirms what earlier ones found: then it is to be believed.

        `counts` says whether this look may confirm anything.
        """
        row = self.db.conn.execute(
            "select kind, gist, since, looks, counted, reason, seen from suspects where url = ?", [look.url]
        ).fetchone()
        since, looks, counted = look.at, 1, look.at
        if row is not None and row[0] == look.kind and row[1] == look.gist:
            since, looks, counted = row[2:5]
            if counts and parse(look.at) - parse(counted) >= APART:
                looks, counted = looks + 1, look.at
        if looks >= LOOKS:
            return False
        values = {name: getattr(look, name) for name in _LOOK}
        values |= {"reason": reason, "since": since, "seen": look.at, "looks": looks, "counted": counted}
        del values["at"]
        self.db.conn.execute(
            f"insert or replace into suspects ({', '.join(values)}) values ({', '.join('?' * len(values))})",
            list(values.values()),
        )
        return True

    def clear(self, url: str) -> None:
        """Nothing is held back of an address any more."""
        self.db.conn.execute("delete from suspects where url = ?", [url])

    def rename(
        self, run: int | None, reason: Reason, *, site: str, place: str | None = None, listing: str | None = None
    ) -> None:
        """Give the weightier reason to what was held back in this run at a place, or of a listing."""
        lighter = [name for name, weight in WEIGHT.items() if weight < WEIGHT[reason]]
        self.db.conn.execute(
            f"update suspects set reason = ? where site = ? and run = ? and kind = 'changed' and (place = ? or"
            f" listing = ?) and reason in ({', '.join('?' * len(lighter))})",
            [reason, site, run, place, listing, *lighter],
        )

    def lost_in(self, run: int | None, site: str, place: str, *, fresh: bool) -> list[Look]:
        """Pages that were not there in this run, and are held to be there still; `fresh` ones were there in the run
        before."""
        return self._looks(
            "suspects",
            "seen",
            "site = ? and place = ? and run = ? and kind = 'gone' and (since = seen or not ?)",
            site,
            place,
            run,
            fresh,
        )

    # -- believed, and to be undone if more is learnt

    def changed(self, look: Look, looks: int, before: str) -> None:
        """Note a change that is believed, with what undoes it."""
        self.db.conn.execute(
            "delete from changes where site = ? and at < ?", [look.site, iso(parse(look.at) - _REMEMBERED)]
        )
        values = {name: getattr(look, name) for name in _LOOK} | {"looks": looks, "before": before}
        self.db.conn.execute(
            f"insert or replace into changes ({', '.join(values)}) values ({', '.join('?' * len(values))})",
            list(values.values()),
        )

    def change(self, url: str) -> tuple[Look, int, str] | None:
        """A change that was believed: what was found, the number of looks before it, what undoes it."""
        row = self.db.conn.execute(
            f"select {', '.join(_LOOK)}, looks, before from changes where url = ?", [url]
        ).fetchone()
        return (_look(row[:-2]), row[-2], row[-1]) if row else None

    def forget(self, url: str) -> None:
        """A change is not to be undone any more, or has been."""
        self.db.conn.execute("delete from changes where url = ?", [url])

    def changes(
        self, run: int | None, kind: Kind, *, site: str, place: str | None = None, listing: str | None = None
    ) -> list[Look]:
        """Changes that were believed in this run at a place, or of a listing."""
        return self._looks(
            "changes",
            "at",
            "site = ? and run = ? and kind = ? and (place = ? or listing = ?)",
            site,
            run,
            kind,
            place,
            listing,
        )

    # -- how a run goes

    def count(
        self, site: str, place: str, run: int, what: Literal["well", "lost", "changed", "listed", "unlisted"]
    ) -> Tally:
        """Count one more look of this run; what there is now."""
        row = self.db.conn.execute(
            f"update tallies set {what} = {what} + 1 where site = ? and place = ? and run = ? returning"
            f" {', '.join(_COUNTS)}",
            [site, place, run],
        ).fetchone()
        if row is not None:
            return Tally(*row)
        earlier = (
            "select max(most, (select count(*) from changes c where c.site = t.site and c.place = t.place and"
            " c.run = t.run and c.kind = 'changed'))"
        )
        self.db.conn.execute(
            f"insert or replace into tallies (site, place, run, {what}, most)"
            f" values (?, ?, ?, 1, coalesce(({earlier} from tallies t where site = ? and place = ?), 0))",
            [site, place, run, site, place],
        )
        return self.tally(site, place, run)

    def tally(self, site: str, place: str, run: int | None) -> Tally:
        """What the looks of this run found at a place so far."""
        row = self.db.conn.execute(
            f"select {', '.join(_COUNTS)} from tallies where site = ? and place = ? and run = ?", [site, place, run]
        ).fetchone()
        return Tally(*row) if row else Tally()

    # -- what a person, or time, has confirmed

    def believe(self, site: str, what: int | str, at: str) -> None:
        """That text, or `gone` and a place, is not held back on this site any more."""
        self.db.conn.execute("insert or ignore into believed values (?, ?, ?)", [site, str(what), at])

    def doubt(self, site: str, what: str) -> None:
        """The reverse."""
        self.db.conn.execute("delete from believed where site = ? and what = ?", [site, what])

    def believes(self, site: str, what: int | str) -> bool:
        """Whether it is."""
        return (
            self.db.conn.execute("select 1 from believed where site = ? and what = ?", [site, str(what)]).fetchone()
            is not None
        )

    def _looks(self, table: str, time: str, where: str, *values: Any) -> list[Look]:
        columns = ", ".join(time if name == "at" else name for name in _LOOK)
        return [
            _look(row)
            for row in self.db.conn.execute(f"select {columns} from {table} where {where} order by url", values)
        ]


def _look(row: tuple[Any, ...]) -> Look:
    values = dict(zip(_LOOK, row, strict=True))
    return Look(**values | {"bare": bool(values["bare"])})
