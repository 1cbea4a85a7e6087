"""The `frontier` table: every address known, what became of it, and when it is due again."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal, get_args

from archive.shadows import IN_FORCE
from archive.sqlite import as_json
from archive.store.withheld import Withholding

if TYPE_CHECKING:
    from sqlite_utils import Database


Kind = Literal["listing", "older", "article", "attachment", "requisite"]
State = Literal["pending", "done", "moved", "gone", "blocked", "failed", "refused", "suspect"]
STATES: tuple[str, ...] = get_args(State)
# new articles before older listing pages: an interrupted backfill has kept the newest; looking again comes last
# an older page of a listing comes before the stories of this one: what it lists is known when these have been fetched
PRIORITY: dict[str, int] = {"listing": 50, "older": 45, "article": 40, "attachment": 20, "requisite": 10}
LOOK_AGAIN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One row of the frontier that is due."""

    id: int
    url: str
    site: str
    kind: Kind
    attempts: int
    listing: str | None  # first page of the listing it belongs to
    hint: dict[str, Any]  # what the listing row said of it
    walk: str | None  # start of the listing walk it belongs to
    looks: int  # times it was looked at again
    etag: str | None
    last_modified: str | None
    article: int | None
    discovered_from: str | None
    first_seen: str


_NAMES = tuple(field.name for field in fields(Task))
_COLUMNS = ", ".join(_NAMES)
_FATE = "state, due, priority, attempts, reason, looks, etag, last_modified, done_at, gist"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An address to be remembered."""

    url: str
    site: str
    kind: Kind
    via: str | None = None
    listing: str | None = None
    hint: dict[str, Any] | None = None
    walk: str | None = None


class Frontier:
    """The `frontier` table as a queue that survives its process."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self._withholding = Withholding(db)
        self.stirs = 0  # grows whenever rows may have become due: without it nobody need look for more

    def add(self, found: Iterable[Found], at: str) -> int:
        """Remember addresses, due at once; known ones stay as they are, and what was removed stays forgotten. How many
        were new."""
        found = list(found)
        removed = self._withholding.removed([f.url for f in found])
        rows = [
            (
                f.url,
                f.site,
                f.kind,
                at,
                PRIORITY[f.kind],
                f.via,
                f.listing,
                as_json(f.hint) if f.hint else None,
                f.walk,
                at,
            )
            for f in found
            if f.url not in removed
        ]
        if not rows:
            return 0
        before = self.db.conn.total_changes
        self.db.conn.executemany(
            "insert into frontier (url, site, kind, due, priority, discovered_from, listing, hint, walk, first_seen)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (url) do nothing",
            rows,
        )
        new = self.db.conn.total_changes - before
        self.stirs += new
        return new

    def hand_over(self, parts: Iterable[Found], at: str) -> None:
        """Make further pages that another story has claimed due for this one: it has moved, or has two addresses."""
        self.stirs += self.db.conn.executemany(
            "update frontier set state = 'pending', due = ?, attempts = 0, hint = ?, discovered_from = ?, etag = null,"
            " last_modified = null where url = ? and json_extract(hint, '$.part_of') != ?",
            [(at, as_json(f.hint), f.via, f.url, f.hint["part_of"]) for f in parts if f.hint],
        ).rowcount

    def known(self, urls: Collection[str]) -> set[str]:
        """Which of these addresses have a row, or are never to have one again."""
        found = self._withholding.removed(urls)
        for some in _batches(urls):  # a sitemap names 50,000; SQLite takes 32,766 parameters
            marks = ", ".join("?" * len(some))
            found |= {row[0] for row in self.db.conn.execute(f"select url from frontier where url in ({marks})", some)}
        return found

    def any_of(self, site: str) -> bool:
        """Whether addresses of a site are known."""
        states = ", ".join("?" * len(STATES))
        found = self.db.conn.execute(
            f"select 1 from frontier where state in ({states}) and site = ? limit 1", [*STATES, site]
        )
        return found.fetchone() is not None

    def revive(self, urls: Collection[str], *, at: str, before: str) -> None:
        """Give addresses that failed before that time, and are listed still, another round of attempts."""
        for some in _batches(urls):
            # and +state, since for a dozen addresses SQLite takes the index by state, and walks all of that state
            marks = ", ".join("?" * len(some))
            self.stirs += self.db.conn.execute(
                f"update frontier set state = 'pending', due = ?, attempts = 0 where url in ({marks}) and +state in"
                " ('failed', 'blocked', 'refused') and due is null and done_at < ?",
                [at, *some, before],
            ).rowcount

    def forget_external(self, urls: Collection[str]) -> None:
        """Forget addresses that were only listed as another site's, so that they can be found anew as a site's own."""
        for some in _batches(urls):
            marks = ", ".join("?" * len(some))
            self.db.conn.execute(
                f"delete from frontier where url in ({marks}) and +state = 'done' and reason = 'external'", some
            )

    def share(self, url: str) -> None:
        """Mark an address to which pages are redirected that have nothing to do with each other."""
        self.db.conn.execute("update frontier set hint = ? where url = ?", [as_json({"shared": True}), url])

    def get(self, url: str) -> Task | None:
        """The row of an address."""
        row = self.db.conn.execute(f"select {_COLUMNS} from frontier where url = ?", [url]).fetchone()
        return _task(row) if row else None

    def moved_to(self, url: str) -> str | None:
        """Where an address redirects to, as far as is known."""
        row = self.db.conn.execute("select reason from frontier where url = ? and state = 'moved'", [url]).fetchone()
        return row[0] if row else None

    def left(self, url: str, to: str) -> int | None:
        """The story of an address that redirects to that one."""
        row = self.db.conn.execute(
            "select article from frontier where url = ? and state = 'moved' and reason = ?", [url, to]
        ).fetchone()
        return row[0] if row else None

    def look_now(self, at: str, *, site: str = "", url: str = "", since: str = "") -> int:
        """Make an address due at once and whole, or all stories of a site that were last looked at since then; how
        many."""
        self.stirs += 1
        changed = self.db.conn.execute(
            "update frontier set due = ?, attempts = 0, etag = null, last_modified = null where kind in ('article',"
            " 'listing', 'attachment') and "
            + ("url = ?" if url else "site = ? and kind = 'article' and done_at >= ? and state != 'moved'"),
            [at, url] if url else [at, site, since],
        )
        return changed.rowcount

    def walk(self, found: Found, at: str, *, afresh: bool = True) -> bool:
        """Make a listing page due in this walk. False when the walk has been there: the pager loops.

        `afresh` asks for it whole: a 304 would not say where the walk goes on.
        """
        self.stirs += 1
        row = self.db.conn.execute("select walk from frontier where url = ?", [found.url]).fetchone()
        if row is None:
            self.add([found], at)
            return True
        if row[0] == found.walk:
            return False
        self.db.conn.execute(
            "update frontier set state = 'pending', due = ?, walk = ?, attempts = 0, reason = null, listing = ?, hint ="
            " ?, priority = ?" + (", etag = null, last_modified = null" if afresh else "") + " where url = ?",
            [
                at,
                found.walk,
                found.listing,
                as_json(found.hint) if found.hint else None,
                PRIORITY[found.kind],
                found.url,
            ],
        )
        return True

    def due(self, site: str, at: str, limit: int, without: Kind | None = None, *, above: int = -1) -> list[Task]:
        """Rows of a site whose time has come, most urgent first; `without` leaves one kind aside, `above` all of no
        more than that priority. What is blocked waits until it no longer is."""
        rows = self.db.conn.execute(
            f"select {_COLUMNS} from frontier where site = ? and priority > ? and due <= ? and kind is not ? and url"
            f" not in (select name from withheld where kind = 'url' and depth != 'unlisted' and {IN_FORCE}) order by"
            " priority desc, due, id limit ?",
            [site, above, at, without, limit],
        )
        return [_task(row) for row in rows]

    def next_due(self, sites: Collection[str], after: str) -> str | None:
        """When the next row of these sites comes due after that time."""
        row = self.db.conn.execute(
            "select due from frontier where due > ? and site in (select value from json_each(?)) order by due limit 1",
            [after, as_json(list(sites))],
        ).fetchone()
        return row[0] if row else None

    def stirred(self, after: str, at: str) -> list[str]:
        """Sites of which rows have come due between these times, however many sites there are of which none have."""
        return [
            row[0]
            for row in self.db.conn.execute(
                "select distinct site from frontier where due > ? and due <= ?", [after, at]
            )
        ]

    def settle(
        self,
        url: str,
        state: State,
        *,
        at: str,
        due: str | None = None,
        reason: str | None = None,
        looks: int | None = None,
        article: int | None = None,
        etag: str | None = None,
        last_modified: str | None = None,
        gist: int | None = None,
    ) -> None:
        """What became of an address, and when it is due again (None: never). None leaves looks, article and
        gist as they are."""
        self.db.conn.execute(
            "update frontier set state = ?, due = ?, reason = ?, attempts = 0, done_at = ?, priority = min(priority,"
            " ?), looks = coalesce(?, looks), article = coalesce(?, article), etag = coalesce(?, etag), last_modified ="
            " coalesce(?, last_modified), gist = coalesce(?, gist) where url = ?",
            [state, due, reason, at, LOOK_AGAIN if due else 100, looks, article, etag, last_modified, gist, url],
        )

    def suspect(
        self, url: str, *, at: str, due: str, reason: str, looks: int, article: int | None, gist: int | None
    ) -> None:
        """What it answered is not believed: it is asked for whole at that time, as if this look had not been."""
        self.stirs += 1
        self.db.conn.execute(
            "update frontier set state = 'suspect', due = ?, reason = ?, attempts = 0, done_at = ?,"
            " priority = min(priority, ?), looks = ?, article = ?, etag = null, last_modified = null,"
            " gist = coalesce(?, gist) where url = ?",
            [due, reason, at, LOOK_AGAIN, looks, article, gist, url],
        )

    def stands(self, url: str) -> bool:
        """Whether what the address gave last was read, and believed, and the story there is live."""
        found = self.db.conn.execute(
            "select 1 from frontier f left join articles a on a.id = f.article where f.url = ? and f.state = 'done'"
            " and coalesce(a.state, 'live') = 'live'",
            [url],
        )
        return found.fetchone() is not None

    def settled_at(self, url: str) -> str | None:
        """When it was last known what became of an address."""
        row = self.db.conn.execute("select done_at from frontier where url = ?", [url]).fetchone()
        return row[0] if row else None

    @contextmanager
    def standing(self, url: str, at: str) -> Iterator[None]:
        """Inside the block something is learnt of an address that was so at that time; what is known of later
        stands."""
        row = self.db.conn.execute(f"select {_FATE} from frontier where url = ? and done_at > ?", [url, at]).fetchone()
        yield
        if row is not None:
            self.db.conn.execute(
                f"update frontier set ({_FATE}) = ({', '.join('?' * len(row))}) where url = ?", [*row, url]
            )

    def retry(self, url: str, *, due: str | None, reason: str, state: State = "pending", counts: bool = True) -> None:
        """Try an address again at that time, or never; `counts` says whether this was one of its attempts."""
        self.stirs += 1
        self.db.conn.execute(
            "update frontier set state = ?, attempts = attempts + ?, due = ?, reason = ? where url = ?",
            [state, counts, due, reason, url],
        )

    def spare(self, urls: Collection[str], due: str) -> None:
        """Addresses that could not be asked for through no fault of their hosts: as if they had not been."""
        self.stirs += 1
        for some in _batches(urls):
            marks = ", ".join("?" * len(some))
            self.db.conn.execute(
                "update frontier set state = case when article is null then 'pending' else 'done' end, attempts = 0,"
                f" due = ?, reason = null where url in ({marks}) and +state in ('pending', 'failed', 'refused')",
                [due, *some],
            )

    def hold(self, url: str) -> bool:
        """Do not ask for an address that has never been asked for: a page of it lies in the archive and is read first;
        whether it was so."""
        changed = self.db.conn.execute(
            "update frontier set due = null where url = ? and state = 'pending' and due is not null and done_at is"
            " null",
            [url],
        )
        return changed.rowcount == 1

    def release(self, url: str) -> None:
        """Ask for an address after all whose page was to be read from the archive, and gave nothing."""
        self.stirs += 1
        self.db.conn.execute(
            "update frontier set due = first_seen where url = ? and state = 'pending' and due is null and done_at is"
            " null",
            [url],
        )

    def known_since(self, url: str, at: str) -> None:
        """A page of that time is the first there is of an address: the days until it is looked at again count from
        then."""
        self.db.conn.execute(
            "update frontier set first_seen = ? where url = ? and first_seen > ? and done_at is null", [at, url, at]
        )

    def adopt(self, listing: str, site: str) -> None:
        """Give that site what another one knows of the listing, its stories included; and, of a retired site, their
        documents."""
        self.stirs += 1
        row = self.db.conn.execute("select site from frontier where url = ? and site != ?", [listing, site]).fetchone()
        if row is None:
            return
        self.db.conn.execute(
            "update articles set site = ? where id in (select article from frontier where listing = ? and site = ?)",
            [site, listing, row[0]],
        )
        self.db.conn.execute(
            "update frontier set site = ? where site = ? and (listing = ? or listing is null and exists"
            " (select 1 from sites where id = ? and state = 'retired'))",
            [site, row[0], listing, row[0]],
        )

    def backfilling(self, listing: str) -> bool:
        """Whether an older page of that listing is still to be read."""
        row = self.db.conn.execute(
            "select 1 from frontier where listing = ? and kind = 'older' and due is not null limit 1", [listing]
        ).fetchone()
        return row is not None

    def seed(self, url: str, site: str, at: str, *, afresh: bool) -> None:
        """Make the first page of a listing due; `afresh` asks for it whole, whatever the server said of it before."""
        self.stirs += 1
        self.db.conn.execute(
            "insert into frontier (url, site, kind, due, priority, listing, first_seen) values (?, ?, 'listing', ?, ?,"
            " ?, ?) on conflict (url) do update set kind = 'listing', state = 'pending', due = excluded.due, priority ="
            " excluded.priority, listing = excluded.listing, walk = null, attempts = 0, reason = null, hint = null"
            + (", etag = null, last_modified = null" if afresh else ""),
            [url, site, at, PRIORITY["listing"], url, at],
        )


def _batches(urls: Collection[str], most: int = 500) -> Iterable[list[str]]:
    rest = iter(urls)
    while some := list(islice(rest, most)):
        yield some


def _task(row: tuple[Any, ...]) -> Task:
    values = dict(zip(_NAMES, row, strict=True))
    values["hint"] = json.loads(values["hint"]) if values["hint"] else {}
    return Task(**values)
