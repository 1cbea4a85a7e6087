"""What a person means who names a page: an address as it was copied from somewhere, or a public identifier."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from archive.address import canonical
from archive.patterns import deferred
from archive.store.identifiers import addresses
from archive.store.withheld import over, over_identifier

if TYPE_CHECKING:
    from sqlite_utils import Database

_IDENTIFIER = deferred(r"[a-z2-7]{12,52}", re.I)
# of our own pages: /article/IDENTIFIER, /replay/20240101000000/ADDRESS
_ARTICLE = deferred(r"https?://[^/?#]+(?:/[^?#]*)?/article/([a-z2-7]{12,52})(?:[/.?#].*)?", re.I)
_REPLAY = deferred(r"https?://[^/?#]+(?:/[^?#]*)?/replay/\d{4,14}[a-z]*_?/(https?://.+)", re.I)
_KNOWN = """
    select exists(select 1 from articles where url = ?1) or exists(select 1 from frontier where url = ?1)
           or exists(select 1 from captures where url = ?1)
"""


class Unclear(ValueError):
    """It is no address, nor an identifier that one article alone has."""


def meant(db: Database, asked: str) -> str:
    """The address that is meant, as the archive knows it; as it is asked for where nothing is known of it.

    Taken for one page are http and https, with and without `www.`, with and without a slash at the end: as far as the
    archive has another spelling than the one that was given, and not that. The address of one of our own pages means
    what it shows. Raises Unclear, also where what an identifier names is withheld.
    """
    asked = asked.strip()
    if (shown := _REPLAY.fullmatch(asked)) is not None and not _known(db, canonical(asked)):
        asked = shown[1]
    elif (page := _ARTICLE.fullmatch(asked)) is not None and not _known(db, canonical(asked)):
        return _of_identifier(db, page[1].lower())
    elif _IDENTIFIER.fullmatch(asked):
        return _of_identifier(db, asked.lower())
    try:
        url = canonical(asked if "://" in asked else f"https://{asked}")
    except ValueError:
        raise Unclear(f"neither an address nor the identifier of an article: {asked!r}") from None
    found = next((one for one in _spellings(url) if _known(db, one) or over(db, url=one) is not None), None)
    if found is None and "://" not in asked and "." not in asked.partition("/")[0]:
        raise Unclear(f"neither an address nor the identifier of an article: {asked!r}")
    return found or url


def _of_identifier(db: Database, asked: str) -> str:
    named = addresses(db, asked)
    if not named:
        kept = over_identifier(db, asked)
        raise Unclear(kept.sentence if kept is not None else f"there is no article {asked} here")
    if len(named) > 1:
        raise Unclear(f"{asked} is the identifier of {len(named)} articles: {', '.join(named)}")
    return named[0]


def _known(db: Database, url: str) -> bool:
    return bool(db.execute(_KNOWN, [url]).fetchone()[0])


def _spellings(url: str) -> Iterator[str]:
    """As it is given; then the others, those that differ in the least first."""
    parts = urlsplit(url)
    slashed = parts.path[:-1] if parts.path.endswith("/") else f"{parts.path}/"
    bare = parts.netloc.removeprefix("www.")
    hosts = (parts.netloc, bare if bare != parts.netloc else f"www.{parts.netloc}")
    schemes = (parts.scheme, "http" if parts.scheme == "https" else "https")
    for host in hosts:
        for scheme in schemes:
            for path in (parts.path, slashed or "/"):
                yield urlunsplit(parts._replace(scheme=scheme, netloc=host, path=path))
