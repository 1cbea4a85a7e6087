"""What the formats of references have in common: the columns one is made of, and the citation of a row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archive.citing.cited import Cited, cited
from archive.exports.columns import BY_NAME, Column, TextForm
from archive.exports.facts import Facts
from archive.exports.selection import Row

_NAMES = (
    "url",
    "title",
    "authors",
    "published",
    "published_precision",
    "source",
    "section",
    "language",
    "last_seen",
    "site",
    "captured_at",
    "warc_record_id",
)


def columns(text: TextForm = "plain") -> tuple[Column, ...]:
    """The columns a reference is made of, whatever the form of the body: it holds none."""
    return tuple(BY_NAME[name] for name in _NAMES)


def references(rows: Iterable[Row], facts: Facts) -> Iterator[Cited]:
    """The citation of each row of `columns()`."""
    sites = {site["id"]: site for site in facts.sites}
    for row in rows:
        article = dict(zip(_NAMES, row, strict=True))
        site = sites.get(article["site"], {})
        named = {"site_name": site.get("name") or article["site"], "college": site.get("college") or ""}
        capture = {"fetched_at": article["captured_at"], "record_id": article["warc_record_id"]}
        yield cited(article | named, capture)
