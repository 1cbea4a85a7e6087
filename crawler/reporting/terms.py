"""What those who look into an archive must know of how its sites are configured."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Annotated, NamedTuple

from archive.store.db import open_reader
from crawler import __version__
from spiders import catalogue

if TYPE_CHECKING:
    from sqlite_utils import Database

    from crawler.archive_folder import ArchiveFolder
    from spiders.site import Site


class Terms(NamedTuple):
    """A site's, of its table in sites.toml."""

    silent_days: Annotated[int | None, "Days from which it counts as silent; None: by its own rhythm"] = None
    paused: Annotated[bool, "Crawls leave it alone"] = False
    tags: Annotated[frozenset[str], "Words of the operator's own"] = frozenset()


def terms(home: ArchiveFolder) -> dict[str, Terms]:
    """By site, as sites.toml has it now. Raises ConfigError, and what `open_reader` raises.

    Where the rows of `sites` were made of this very text they are asked: the text of ten thousand sites takes longer to
    read than all that is asked of them.
    """
    if home.sites.exists() and home.database.exists():
        kept = _kept(home.sites.read_bytes(), open_reader(home.database, shown="all"))
        if kept is not None:
            return kept
    return terms_of(catalogue.load(home.sites))


def terms_of(sites: Mapping[str, Site]) -> dict[str, Terms]:
    """By site, of sites that have been read."""
    return {id_: Terms(site.silent_days, site.paused, frozenset(site.tags)) for id_, site in sites.items()}


_ROWS = "select id, json_extract(config, '$.silent_days', '$.paused', '$.tags') from sites where state = 'active'"


def _kept(text: bytes, db: Database) -> dict[str, Terms] | None:
    if db.execute("select 1 from sqlite_master where name = 'entered'").fetchone() is None:  # of an older version
        return None
    if db.execute("select 1 from entered where sha256 = ?", [catalogue.digest(text, __version__)]).fetchone() is None:
        return None
    return {id_: _of(said) for id_, said in db.execute(_ROWS).fetchall()}


@cache
def _of(said: str) -> Terms:
    """Most sites say the same."""
    silent_days, paused, tags = json.loads(said)
    return Terms(silent_days, bool(paused), frozenset(tags))
