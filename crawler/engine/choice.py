"""Which of the configured sites a run is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from crawler.archive_folder import ArchiveFolder
from spiders.site import Site, owns
from spiders.tables import ConfigError, nearest
from spiders.urls import canonical


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which sites a run is about: those that are everything that is said; all where nothing is."""

    ids: Sequence[str] = ()
    addresses: Sequence[str] = ()  # these alone are asked for, beside what is due anyway of their sites
    families: Sequence[str] = ()
    tags: Sequence[str] = ()
    globs: Sequence[str] = ()  # of ids

    def of(self, sites: dict[str, Site], home: ArchiveFolder) -> dict[str, Site]:
        """The sites, without those that are paused. Raises ConfigError for an id, a family or a tag that none has, and
        for a site that is named though it is paused."""
        chosen = choose(sites, self.ids, home)
        for id_ in self.ids:
            if sites[id_].paused:
                raise ConfigError(f"{id_} is paused: {home.typed(f'campuswarc resume {id_}')}")
        for url in self.addresses:
            try:
                canonical(url)
            except ValueError:
                raise ConfigError(f"no address: {url!r}") from None
        known = {tag for site in sites.values() for tag in site.tags}
        for tag in self.tags:
            if tag not in known:
                raise ConfigError(f"no site is tagged {tag!r}{nearest(tag, list(known))}")
        found = {
            id_: site
            for id_, site in chosen.items()
            if not site.paused
            and (not self.families or site.family in self.families)
            and (not self.tags or set(self.tags) & set(site.tags))
            and (not self.globs or any(fnmatchcase(id_, glob) for glob in self.globs))
            and (not self.addresses or any(owns(site, url) for url in self.addresses))
        }
        if not found and sites:
            raise ConfigError("no site is chosen: none is all of what was asked for, or all are paused")
        return found


def choose(sites: dict[str, Site], chosen: Sequence[str], home: ArchiveFolder) -> dict[str, Site]:
    """The sites of those ids, or all. Raises ConfigError naming the nearest id."""
    for id_ in chosen:
        if id_ not in sites:
            raise ConfigError(f"{home.sites}: no site {id_!r}{nearest(id_, list(sites))}")
    return {id_: sites[id_] for id_ in chosen} if chosen else sites
