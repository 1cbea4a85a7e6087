"""Lists of addresses as people keep them: one a line, a table with columns, an OPML of a feed reader."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field

from lxml import etree

from spiders.tables import ConfigError

_ADDRESS = ("url", "homepage", "home page", "address", "website", "link", "网址")
COLUMNS = (
    "id",
    "name",
    "college",
    "country",
    "ror",
    "wikidata",
    "language",
    "section",
    "tags",
)  # that are taken beside the address


@dataclass(frozen=True, slots=True)
class Wanted:
    """An address to be added, and what the list says of it."""

    url: str
    given: dict[str, str] = field(default_factory=dict)


def read(text: str) -> list[Wanted]:
    """The addresses of a list, each once, in order. Raises ConfigError where none can be told."""
    text = text.lstrip("\ufeff")
    if text.lstrip().startswith("<"):
        found = _opml(text)
    else:
        lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
        head = lines[0].casefold() if lines else ""
        table = ("://" not in head and any(mark in head for mark in ",;\t")) or head.strip() in _ADDRESS
        found = _table("\n".join(lines)) if table else [Wanted(line.split()[0]) for line in lines]
    once: dict[str, Wanted] = {}
    for one in found:
        if one.url:
            once.setdefault(one.url, one)
    if not once:
        raise ConfigError("no address in the list")
    return list(once.values())


def _table(text: str) -> list[Wanted]:
    head = text.splitlines()[0]
    rows = csv.DictReader(io.StringIO(text), delimiter=max(",;\t", key=head.count))
    named = {(name or "").strip().casefold(): name for name in rows.fieldnames or ()}
    column = next((named[name] for name in _ADDRESS if name in named), None)
    if column is None:
        raise ConfigError(f"the table has no column {', '.join(_ADDRESS[:2])}: it has {', '.join(named)}")
    return [
        Wanted(
            (row[column] or "").strip(),
            {name: value for name in COLUMNS if name in named and (value := (row[named[name]] or "").strip())},
        )
        for row in rows
    ]


def _opml(text: str) -> list[Wanted]:
    try:
        root = etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as problem:
        raise ConfigError(f"looks like OPML and is none: {problem}") from None
    return [
        Wanted(
            (one.get("xmlUrl") or one.get("htmlUrl") or one.get("url") or "").strip(),
            {"name": name} if (name := (one.get("title") or one.get("text") or "").strip()) else {},
        )
        for one in root.iter("outline")
    ]
