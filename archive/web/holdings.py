"""What the pages that list show: the articles of one archive, or of the shards of one as if they lay in one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from archive.photos.held import first_of
from archive.search import across, search
from archive.search.hits import Hit
from archive.search.search import Overview, Results, Sort
from archive.web.cards import CARD, site_names

if TYPE_CHECKING:
    from sqlite_utils import Database

_BATCH = 900  # ids of one statement


class Holdings:
    """Searches of all that is shown. Each may raise archive.search.query.QueryError."""

    def __init__(self, dbs: Mapping[str, Database]) -> None:
        """By the names of the archives; at least one."""
        self.dbs = dbs
        self._only = next(iter(dbs.values())) if len(dbs) == 1 else None

    def search(self, query: str, *, limit: int, offset: int, sort: Sort) -> tuple[Results, list[str]]:
        """A page of what is found, and for each hit the archive it is from."""
        if self._only is not None:
            found = search.search(self._only, query, limit=limit, offset=offset, sort=sort)
            return found, [*self.dbs] * len(found.hits)
        told = across.search(self.dbs, query, limit=limit, offset=offset, sort=sort)
        return told.results, told.names

    def overview(self, query: str, *, top: int = 20) -> Overview:
        """How the articles of a query spread."""
        return search.overview(self._only, query, top=top) if self._only else across.spread(self.dbs, query, top=top)

    def count(self, query: str, *, estimated: bool) -> int:
        """How many articles meet it, or an estimate."""
        if self._only is not None:
            return search.count(self._only, query, estimated=estimated)
        return across.count(self.dbs, query, estimated=estimated)

    def first(self, query: str, sort: Sort, limit: int) -> list[dict[str, Any]]:
        """Cards of the first articles in that order."""
        if self._only is not None:
            name = next(iter(self.dbs))
            ids = [(name, id_) for id_ in search.ids(self._only, query, sort=sort, limit=limit)]
        else:
            ids = across.ids(self.dbs, query, sort=sort, limit=limit)
        cards = self._cards(ids)
        return [cards[one] for one in ids if one in cards]

    def with_cards(self, hits: Sequence[Hit], names: Sequence[str]) -> list[tuple[Hit, dict[str, Any]]]:
        """The hits that are there still, each with its card."""
        ids = [(name, hit.id) for hit, name in zip(hits, names, strict=True)]
        cards = self._cards(ids)
        return [(hit, cards[one]) for hit, one in zip(hits, ids, strict=True) if one in cards]

    def pictures(self, ids: Sequence[tuple[str, int]]) -> dict[tuple[str, int], str]:
        """Of each of these stories, by archive and row, the address of its first picture; of one without none."""
        own = {name: [id_ for archive, id_ in ids if archive == name] for name in self.dbs}
        found = {name: first_of(db, own[name]) for name, db in self.dbs.items() if own[name]}
        return {(name, id_): url for name, urls in found.items() for id_, url in urls.items()}

    def site_names(self) -> dict[str, str]:
        """What each site is called."""
        return {id_: name for db in self.dbs.values() for id_, name in site_names(db).items()}

    def _cards(self, ids: Sequence[tuple[str, int]]) -> dict[tuple[str, int], dict[str, Any]]:
        found: dict[tuple[str, int], dict[str, Any]] = {}
        for name, db in self.dbs.items():
            own = [id_ for archive, id_ in ids if archive == name]
            for start in range(0, len(own), _BATCH):
                batch = own[start : start + _BATCH]
                marks = ", ".join("?" * len(batch))
                found |= {(name, row["id"]): row for row in db.query(f"{CARD} where a.id in ({marks})", batch)}
        return found
