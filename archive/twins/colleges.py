"""Which sites are of one college: a Chinese site and an English one are often two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from sqlite_utils import Database

_SITES = "select id, college, wikidata, json_extract(config, '$.ror'), homepage from sites order by id"


def colleges(db: Database, registrable: Callable[[str], str]) -> list[list[str]]:
    """Ids of sites, those of one college together: they name one college, one Wikidata item or ROR record, or their
    home pages lie below one registrable domain."""
    first = dict[tuple[str, str], str]()
    root = dict[str, str]()

    def top(site: str) -> str:
        while root[site] != site:
            site = root[site]
        return site

    for site, college, wikidata, ror, homepage in db.execute(_SITES).fetchall():
        root[site] = site
        host = urlsplit(homepage or "").hostname or ""
        for kind, name in (
            ("college", (college or "").strip().casefold()),
            ("wikidata", wikidata or ""),
            ("ror", ror or ""),
            ("domain", registrable(host) if host else ""),
        ):
            if name:
                one, other = sorted((top(site), top(first.setdefault((kind, name), site))))
                root[other] = one
    found = defaultdict[str, list[str]](list)
    for site in root:
        found[top(site)].append(site)
    return [found[site] for site in sorted(found)]
