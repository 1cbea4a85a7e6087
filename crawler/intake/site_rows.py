"""The sites of a configuration as rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from archive.store.rows import Rows
from crawler import __version__
from spiders import catalogue
from spiders.site import ListingSeed, Site
from spiders.tables import ConfigError

_COLUMNS = ("id", "name", "college", "wikidata", "homepage", "country", "language", "family", "timezone")
_FIELDS, _OF_LISTINGS = ([field.name for field in fields(record)] for record in (Site, ListingSeed))
_as_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


def enrol(rows: Rows, sites: Mapping[str, Site], at: str, *, alone: bool = True, text: bytes = b"") -> None:
    """Enter the sites that are configured from `at` on, with their listings; others are retired, where these stand
    `alone`. `text` is the sites.toml, where they are all that it says.

    A listing found under another site's id brings along what is known of it: a site may be renamed, or divided.
    """
    if alone and rows.sites.entered is sites:  # by the run before this one, of a rebuild
        _adopt(rows, sites)
        return
    rows.sites.entered = sites if alone else None
    made = catalogue.digest(text, __version__) if alone and text and _says(text, sites) else None
    if made is not None and rows.sites.are_of(made):
        _adopt(rows, sites)
        return
    rows.sites.made_of(made)
    if alone:
        rows.sites.retire(set(sites))
        rows.listings.retire({seed.url for site in sites.values() for seed in site.listings})
    for site in sites.values():
        rows.sites.put(row_of(site), at)
        for seed in site.listings:
            rows.listings.put(url=seed.url, site=site.id, section=seed.section, interval=site.interval)
            rows.frontier.adopt(seed.url, site.id)


def _adopt(rows: Rows, sites: Mapping[str, Site]) -> None:
    for site in sites.values():
        for seed in site.listings:
            rows.frontier.adopt(seed.url, site.id)


def _says(text: bytes, sites: Mapping[str, Site]) -> bool:
    """Whether it does: a person may have written in it since it was read. What was read is not read again."""
    try:
        return catalogue.parse(text.decode("utf-8", "replace").replace("\r\n", "\n"), "sites.toml") == sites
    except ConfigError:
        return False


def row_of(site: Site) -> dict[str, Any]:
    """Its row of `sites`, but for times and state."""
    row = {name: getattr(site, name) for name in _COLUMNS}
    said = {name: getattr(site, name) for name in _FIELDS}  # as `asdict` has it, which copies all it finds
    said["listings"] = [{name: getattr(seed, name) for name in _OF_LISTINGS} for seed in site.listings]
    return row | {"config": _as_json(said)}
