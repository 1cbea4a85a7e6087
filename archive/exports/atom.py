"""An Atom feed (RFC 4287) of the articles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from json import dumps
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from lxml import etree

from archive.exports.columns import BODIES, BY_NAME, Column, TextForm
from archive.exports.facts import LICENCE, Facts
from archive.exports.packed import packed
from archive.exports.selection import Row
from archive.identity import identifier
from archive.instants import parse
from archive.xml_text import xml_text

_ATOM, _DC = "http://www.w3.org/2005/Atom", "http://purl.org/dc/elements/1.1/"
_PREFIXES: Any = {None: _ATOM, "dc": _DC}  # lxml-stubs know no default namespace here
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NAMES = (
    "url",
    "title",
    "published",
    "updated",
    "version_seen_from",
    "first_seen",
    "authors",
    "section",
    "language",
    "site",
)


def columns(text: TextForm) -> tuple[Column, ...]:
    """The columns an entry is made of."""
    return tuple(BY_NAME[name] for name in (*_NAMES, BODIES[text]))


def write(path: Path, rows: Iterable[Row], facts: Facts, *, text: TextForm = "plain") -> None:
    """A new feed from rows of `columns(text)`. Times are never made up: a day alone stands as dc:date, not as
    atom:published."""
    asked = dumps([facts.filters, facts.versions], sort_keys=True)
    operator = (facts.collected[0] if facts.collected else {}).get("operator")
    with packed(path) as out, etree.xmlfile(out, encoding="utf-8") as xml:
        xml.write_declaration()
        with xml.element(f"{{{_ATOM}}}feed", nsmap=_PREFIXES):
            xml.write(_element("id", uuid5(NAMESPACE_URL, f"urn:campuswarc:feed:{asked}").urn))
            xml.write(_element("title", "College news"))
            xml.write(_element("updated", facts.last_seen))
            xml.write(_element("generator", facts.software))
            xml.write(_element("rights", LICENCE))
            xml.write(_person(operator or "campuswarc"))
            for row in rows:
                xml.write(_entry(row, text))


def _entry(row: Sequence[Any], text: TextForm) -> etree._Element:
    url, title, published, updated, version_from, first_seen, authors, section, language, site, body = row
    entry = _element("entry", **({_LANG: language} if language else {}))
    entry.append(_element("id", f"urn:campuswarc:article:{identifier(url)}"))
    entry.append(_element("title", title))
    entry.append(_element("link", rel="alternate", type="text/html", href=url))
    entry.append(_element("updated", updated if _is_instant(updated) else version_from or first_seen))
    if published:
        entry.append(
            _element("published", published) if _is_instant(published) else _element("date", published, space=_DC)
        )
    entry.extend([_person(name) for name in authors])
    entry.append(_element("category", term=site, scheme="urn:campuswarc:site"))
    if section:
        entry.append(_element("category", term=section))
    entry.append(_element("content", body, type="html" if text == "html" else "text"))
    return entry


def _is_instant(text: str | None) -> bool:
    try:
        return bool(text and parse(text))
    except ValueError:  # a day alone
        return False


def _person(name: str) -> etree._Element:
    person = _element("author")
    person.append(_element("name", name))
    return person


def _element(name: str, value: str = "", *, space: str = _ATOM, **attributes: str) -> etree._Element:
    element = etree.Element(
        f"{{{space}}}{name}", {key: xml_text(part, "\ufffd") for key, part in attributes.items()}, nsmap=_PREFIXES
    )
    element.text = xml_text(value, "\ufffd") or None
    return element
