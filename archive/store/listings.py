"""The `sites` and `listings` tables: what is configured, and how each listing fares."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

from archive.sqlite import as_json
from archive.store.decline import Look, decline

if TYPE_CHECKING:
    from sqlite_utils import Database

_FARED = (
    "state, reason, last_tried, last_ok, last_new, empty_streak, total_claimed, unfollowed, doubt, loops, dated, cut,"
    " gap, gap_since, lacking_since"
)
_MOST = 400  # items of a page, newest of a site, that are looked at


class Sites:
    """One row a configured site."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.entered: object = None  # the configuration whose rows these are, where one was entered by this process

    def put(self, row: dict[str, Any], at: str) -> None:
        """Insert a site or refresh its configuration; `first_seen` keeps its first value."""
        row = row | {"first_seen": at, "state": "active"}
        told = [name for name in row if name not in ("id", "first_seen")]
        kept = ", ".join(f"{name} = excluded.{name}" for name in told)
        differs = (
            f"({', '.join(f'sites.{name}' for name in told)}) is not ({', '.join(f'excluded.{name}' for name in told)})"
        )
        self.db.conn.execute(
            f"insert into sites ({', '.join(row)}) values ({', '.join('?' * len(row))}) on conflict (id) do update set"
            f" {kept} where {differs}",
            list(row.values()),
        )

    def are_of(self, text: str) -> bool:
        """Whether these rows are what a configuration with that digest says."""
        return self.db.conn.execute("select 1 from entered where sha256 = ?", [text]).fetchone() is not None

    def made_of(self, text: str | None) -> None:
        """These rows are what a configuration with that digest says; None: nobody may rely on any."""
        self.db.conn.execute("delete from entered")
        self.db.conn.executemany("insert into entered values (?)", [(text,)] if text else [])

    def active(self) -> dict[str, set[str]]:
        """Sites that are crawled, with the addresses of their listings."""
        found: dict[str, set[str]] = {}
        for id_, url in self.db.conn.execute(
            "select s.id, l.url from sites s left join listings l on l.site = s.id and l.state != 'retired'"
            " where s.state = 'active' order by s.rowid"
        ).fetchall():
            found.setdefault(id_, set()).update([url] if url else [])
        return found

    def retire(self, kept: set[str]) -> None:
        """Sites no longer configured stay, marked."""
        for (id_,) in self.db.conn.execute("select id from sites where state = 'active'").fetchall():
            if id_ not in kept:
                self.db.conn.execute("update sites set state = 'retired' where id = ?", [id_])


class Listings:
    """One row a listing; its first page's address is its name."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def put(self, *, url: str, site: str, section: str, interval: int | None) -> None:
        """Insert a listing or refresh its configuration; a retired one fares as it did, where its times say so, else it
        begins anew."""
        self.db.conn.execute(
            "insert into listings (url, site, section, interval) values (?, ?, ?, ?) on conflict (url) do update set"
            " site = excluded.site, section = excluded.section, interval = excluded.interval, state = case when state"
            " != 'retired' then state when empty_streak then 'empty' when last_ok = last_tried then 'ok' else 'new'"
            " end, reason = case when state = 'retired' and empty_streak then 'no_items' else reason end where state ="
            " 'retired' or (listings.site, listings.section, listings.interval) is not (excluded.site,"
            " excluded.section, excluded.interval)",
            [url, site, section, interval],
        )

    def retire(self, kept: set[str]) -> None:
        """Listings no longer configured stay, marked: how they fared is nobody's trouble any more."""
        for (url,) in self.db.conn.execute("select url from listings where state != 'retired'").fetchall():
            if url not in kept:
                self.db.conn.execute("update listings set state = 'retired', reason = null where url = ?", [url])

    def section(self, url: str | None) -> str:
        """Section of the listing at that address; empty if it has none."""
        row = self.db.conn.execute("select section from listings where url = ?", [url]).fetchone()
        return (row[0] or "") if row else ""

    def read(self, url: str, *, at: str, items: int, new: int, total: int | None) -> None:
        """A page of it was read. An empty first page counts towards its empty streak: silence is failure."""
        if items:
            self.db.conn.execute(
                "update listings set state = 'ok', reason = null, last_tried = ?, last_ok = ?, empty_streak = 0,"
                " last_new = case when ? then ? else last_new end, total_claimed = coalesce(?, total_claimed) where"
                " url = ?",
                [at, at, new > 0, at, total, url],
            )
        else:
            self.db.conn.execute(
                "update listings set state = 'empty', reason = 'no_items', last_tried = ?, empty_streak = empty_streak"
                " + 1 where url = ?",
                [at, url],
            )

    def ends(self, url: str, unfollowed: str | None, page: int) -> None:
        """A page that leads to no older one was read: why the listing holds more all the same, or that nothing says
        so; what a person has dismissed is no reason."""
        if unfollowed is not None:
            row = self.db.conn.execute("select dismissed from listings where url = ?", [url]).fetchone()
            unfollowed = None if row and row[0] == _numberless(unfollowed) else unfollowed
        self.db.conn.execute(
            "update listings set unfollowed = ?, loops = case when ? > 1 then 0 else loops end where url = ?",
            [unfollowed, page, url],
        )

    def loops(self, url: str) -> None:
        """A walk ended since its pages went round in a circle."""
        self.db.conn.execute("update listings set loops = 1 where url = ?", [url])

    def breaks_off(self, url: str, page: str, why: str) -> None:
        """A walk could not read one of its pages, `page`: each walk goes to the end until one has done it."""
        self.db.conn.execute(
            "update listings set gap = ?, gap_since = null, complete = 0 where url = ?", [f"{page}: {why}", url]
        )

    def is_another(self, url: str, at: str) -> None:
        """A walk came to its end and met nothing that was known before: what was shown meanwhile may never have been
        read, or it is another list."""
        said = (
            "none of what it showed before is on any of its pages: items between may be missing, or it is another list"
        )
        self.db.conn.execute(
            "update listings set gap = ?, gap_since = ? where url = ? and gap_since is null", [said, at, url]
        )

    def before(self, url: str) -> tuple[bool, str, str | None, bool]:
        """Whether a page of it has shown anything yet; what of it stays unread, and since when it seems another list;
        whether it ended on page 1 with more than could be followed. One statement for all of it."""
        row = self.db.conn.execute(
            "select last_ok, gap, gap_since, unfollowed is not null and pages < 2 from listings where url = ?", [url]
        ).fetchone()
        return (row[0] is not None, row[1] or "", row[2], bool(row[3])) if row else (False, "", None, False)

    def leads_on(self, url: str) -> None:
        """Page 1, on which it had ended with more than could be followed, leads to page 2: the walk goes to the end."""
        self.db.conn.execute("update listings set unfollowed = null, complete = 0 where url = ?", [url])

    def closes_gap(self, url: str, page: str, items: Collection[str], gap: str, since: str | None) -> None:
        """A page of it was read: the one on which a walk had broken off, or one with items that were known before it
        seemed another list."""
        asked = list(items)[:_MOST]
        if since is None:
            closed = gap.startswith(f"{page}: ")
        else:
            closed = (
                self.db.conn.execute(
                    f"select 1 from frontier where url in ({', '.join('?' * len(asked))}) and first_seen < ? limit 1",
                    [*asked, since],
                ).fetchone()
                is not None
            )
        if closed:
            self.db.conn.execute("update listings set gap = null, gap_since = null where url = ?", [url])

    def is_the_same(self, item: str) -> None:
        """The item at that address is a story that had another: its listing is no other list than before."""
        self.db.conn.execute(
            "update listings set gap = null, gap_since = null where gap_since is not null and url ="
            " (select listing from frontier where url = ?)",
            [item],
        )

    def pages(self, url: str) -> int:
        """How many pages the longest walk over it has read."""
        row = self.db.conn.execute("select pages from listings where url = ?", [url]).fetchone()
        return int(row[0]) if row else 0

    def days_of(self, urls: Collection[str]) -> list[date]:
        """Days of the stories at these addresses that have one, in their order."""
        asked = list(urls)[:_MOST]
        rows = self.db.conn.execute(
            "select f.url, a.published from frontier f join articles a on a.id = f.article where f.url in"
            f" ({', '.join('?' * len(asked))}) and length(a.published) >= 10",
            asked,
        )
        known = dict(rows.fetchall())
        return [date.fromisoformat(known[url][:10]) for url in asked if url in known]

    def newest(self, site: str, url: str, number: int, *, until: str) -> list[date]:
        """Days of so many of its newest stories, none after that time."""
        rows = self.db.conn.execute(
            "select a.published from (select url, published from articles where site = ? and published <= ? and"
            " length(published) >= 10 order by published desc limit ?) a join frontier f on f.url = a.url"
            " where f.listing = ? order by a.published desc limit ?",
            [site, until, _MOST, url, number],
        )
        return [date.fromisoformat(at[:10]) for (at,) in rows]

    def reached(self, url: str, page: int) -> None:
        """A walk has read as many of its pages."""
        self.db.conn.execute("update listings set pages = max(pages, ?) where url = ?", [page, url])

    def looks(self, url: str, now: Look) -> None:
        """Its first page was read: what is worse than it was is kept as its doubt, and what it was like as well."""
        row = self.db.conn.execute("select pages, dated, cut from listings where url = ?", [url]).fetchone()
        doubt = decline(row[0], row[1], row[2], now) if row else None
        if doubt or not now.rows:
            self.db.conn.execute("update listings set doubt = ? where url = ?", [doubt, url])
        else:
            self.db.conn.execute(
                "update listings set doubt = null, dated = ?, cut = ? where url = ?", [now.dated, now.cut, url]
            )

    def in_doubt(self, name: str) -> list[str]:
        """Addresses of the listings of that address, or of that site, that are worse than they were or known to hold
        more."""
        rows = self.db.conn.execute(
            "select url from listings where (url = ? or site = ?) and state != 'retired' and (doubt is not null or"
            " unfollowed is not null or loops or gap is not null) order by url",
            [name, name],
        )
        return [url for (url,) in rows.fetchall()]

    def dismiss(self, url: str) -> None:
        """A person says that it is right as it is: what it was like before is forgotten, and the reason why there
        would be more counts no longer, whatever its numbers."""
        row = self.db.conn.execute("select unfollowed from listings where url = ?", [url]).fetchone()
        if row is not None:
            self.db.conn.execute(
                "update listings set dismissed = coalesce(?, dismissed), unfollowed = null, doubt = null, loops = 0,"
                " gap = null, gap_since = null, pages = 0, dated = null, cut = null where url = ?",
                [_numberless(row[0]) if row[0] else None, url],
            )

    @contextmanager
    def standing(self, url: str, at: str) -> Iterator[None]:
        """Inside the block something is learnt of a listing that was so at that time; how it has fared later stands."""
        row = self.db.conn.execute(
            f"select {_FARED} from listings where url = ? and last_tried > ?", [url, at]
        ).fetchone()
        yield
        if row is not None:
            self.db.conn.execute(
                f"update listings set ({_FARED}) = ({', '.join('?' * len(row))}) where url = ?", [*row, url]
            )

    def fates(self, urls: Iterable[str]) -> dict[str, dict[str, Any]]:
        """How these have fared so far, by address."""
        rows = self.db.conn.execute(
            f"select url, {_FARED} from listings where url in (select value from json_each(?))", [as_json(list(urls))]
        )
        return {url: dict(zip(_FARED.split(", "), fate, strict=True)) for url, *fate in rows}

    def fared(self, url: str, fate: Mapping[str, Any], at: str) -> None:
        """Have one fare as `fates` said; how it has fared since `at` stands."""
        names = [name for name in _FARED.split(", ") if name in fate]
        if not names:
            return
        self.db.conn.execute(
            f"update listings set ({', '.join(names)}) = ({', '.join('?' * len(names))}) where url = ? and last_tried"
            " <= ? and state != 'retired'",
            [*(fate[name] for name in names), url, at],
        )

    def complete(self, url: str) -> bool:
        """Whether a walk has reached the listing's last page."""
        row = self.db.conn.execute("select complete from listings where url = ?", [url]).fetchone()
        return bool(row and row[0])

    def finished(self, url: str) -> None:
        """A walk has reached the last page: from now on new items are all there is to look for."""
        self.db.conn.execute(
            "update listings set complete = 1, gap = case when gap_since is not null then gap end where url = ?", [url]
        )

    def unfinished(self, url: str) -> None:
        """A page of a walk stays unread: the next walk goes to the end again, past known items."""
        self.db.conn.execute("update listings set complete = 0 where url = ?", [url])

    def known(self, url: str) -> bool:
        """Whether that address is a listing's."""
        return self.db.conn.execute("select 1 from listings where url = ?", [url]).fetchone() is not None

    def unchanged(self, url: str, *, at: str) -> None:
        """The server says its first page is as it was when it was last read: what failed meanwhile is over."""
        self.db.conn.execute(
            "update listings set state = case when empty_streak then 'empty' when last_ok is null then state else 'ok'"
            " end, reason = case when empty_streak then 'no_items' when last_ok is null then reason end, last_tried ="
            " ?, last_ok = case when empty_streak or last_ok is null then last_ok else ? end where url = ?",
            [at, at, url],
        )

    def failed(self, url: str, *, at: str, state: str, reason: str) -> None:
        """It could not be read; `state` is blocked or failed."""
        self.db.conn.execute(
            "update listings set state = ?, reason = ?, last_tried = ? where url = ?", [state, reason, at, url]
        )


def _numberless(said: str) -> str:
    return re.sub(r"\d+", "#", said)


def newest_of(db: Database, site: str, most: int = 400) -> Iterator[tuple[str, str, str]]:
    """Listing, address and headline of the newest articles of a site, those of no listing left out."""
    yield from db.conn.execute(
        "select f.listing, a.url, a.title from (select url, title from articles where site = ?"
        " order by published desc limit ?) a join frontier f on f.url = a.url where f.listing is not null",
        [site, most],
    )
