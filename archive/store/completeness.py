"""How complete the archive is, listing by listing: what a listing claims, what is here, what failed by its address."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

from archive.shadows import hides
from archive.store.frontier import STATES

if TYPE_CHECKING:
    from sqlite_utils import Database

MOST_NAMED = 1000  # addresses of a listing that are named
_HERE = "article is not null or exists (select 1 from articles a where a.url = f.url)"  # the latter: a document
# by listing: stories it was the first to name, those of them that are here, those that are not
_COUNTS = """
select listing, count(*), sum({here}) from frontier f
where kind in ('article', 'attachment') and listing is not null {of} group by listing
"""
_MISSING = """
select listing, url, state, coalesce(reason, '') from frontier f
where kind in ('article', 'attachment') and listing is not null and state != 'moved' and not ({here}) {of} order by id
"""
_OF_SITES = f"and state in ({', '.join(map(repr, STATES))}) and site in (select value from json_each(?))"
_LISTINGS = """
select l.site, coalesce(nullif(s.college, ''), nullif(s.name, ''), l.site), l.url, l.section, l.total_claimed,
  l.complete, l.unfollowed, l.state from listings l left join sites s on s.id = l.site
where {of} order by l.site, l.rowid
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """One listing."""

    site: str
    state: Annotated[str, "Of the listing; retired where it is no longer crawled"]
    college: str
    listing: str
    section: str
    claimed: Annotated[int | None, "Stories that it says it has; None where it says nothing"]
    here: Annotated[int, "Stories that it was the first to name and that are in the archive"]
    named: Annotated[int, "Stories that it was the first to name"]
    read_to_its_end: bool
    beyond: Annotated[str, "Why there is more than can be followed; empty if nothing says so"]
    withheld: Annotated[int, "Stories that it was the first to name and that are here, but not shown"] = 0
    missing: Annotated[list[tuple[str, str, str]], "Named and not here: address, state, reason"] = field(
        default_factory=list
    )

    @property
    def unaccounted(self) -> int:
        """Claimed, and neither here nor named: on another listing too, taken off since, or never shown."""
        return max(0, (self.claimed or 0) - self.here - self.withheld - len(self.missing))

    @property
    def verdict(self) -> str:
        """complete; short; or unknown, where the listing claims nothing and nothing is known to be missing."""
        if self.missing or self.beyond or not self.read_to_its_end or self.unaccounted:
            return "short"
        return "unknown" if self.claimed is None else "complete"

    @property
    def sentence(self) -> str:
        """In one line."""
        claimed = f"claims {self.claimed:,}" if self.claimed is not None else "claims no number"
        parts = [claimed, f"{self.here:,} here"]
        if self.withheld:
            parts.append(f"{self.withheld:,} withheld")
        if self.missing:
            parts.append(f"{len(self.missing):,} named and not here")
        if self.unaccounted:
            parts.append(f"{self.unaccounted:,} unaccounted for")
        if not self.read_to_its_end:
            parts.append("not read to its end")
        if self.beyond:
            parts.append(f"there is more than can be followed: {self.beyond}")
        return "; ".join(parts)


def _counted(db: Database, asked: str, sites: list[str]) -> dict[str, tuple[int, int]]:
    """By listing: how many stories it named first, and how many of them are here."""
    return {listing: (named, here or 0) for listing, named, here in db.execute(asked, sites).fetchall()}


def completeness(db: Database, sites: Collection[str] | None = None) -> list[Completeness]:
    """Each listing of these sites, or of all; by site."""
    of, named_sites = ("", []) if sites is None else (_OF_SITES, [json.dumps(sorted(sites))])
    asked = _COUNTS.format(of=of, here=_HERE)
    every = counts = _counted(db, asked, named_sites)
    if hides(db.conn):  # behind the views lies what is withheld too
        behind = asked.replace("from frontier", "from main.frontier").replace("from articles", "from main.articles")
        every = _counted(db, behind, named_sites)
    missing: defaultdict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for listing, *one in db.execute(_MISSING.format(of=of, here=_HERE), named_sites).fetchall():
        if len(missing[listing]) < MOST_NAMED:
            missing[listing].append((one[0], one[1], one[2]))
    return [
        Completeness(
            site=site,
            college=college,
            listing=url,
            section=section or "",
            claimed=claimed,
            here=counts.get(url, (0, 0))[1],
            named=counts.get(url, (0, 0))[0],
            withheld=every.get(url, (0, 0))[1] - counts.get(url, (0, 0))[1],
            read_to_its_end=bool(whole),
            beyond=beyond or "",
            missing=missing.get(url, []),
            state=state,
        )
        for site, college, url, section, claimed, whole, beyond, state in db.execute(
            _LISTINGS.format(of="1" if sites is None else "l.site in (select value from json_each(?))"), named_sites
        ).fetchall()
    ]
