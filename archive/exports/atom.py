"""An Atom feed (RFC 4287) of the articles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from json import dumps
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from lxml import etree

from archive.exports.columns import BODIES, BY_NAME, Column, TextForm
from archive.exports.facts import LICENCE, Facts
from archive.exports.packed import packed
from archive.exports.selection import Row

_ATOM, _DC = "http://www.w3.org/2005/Atom", "http://purl.org/dc/elements/1.1/"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAMES = ("url", "title", "published", "updated", "version_seen_from", "first_seen", "authors", "section", "language", "site")


def columns(text: TextForm) -> tuple[Column, ...]:
    """The columns an entry is made of."""
    return tuple(BY_NAME[name] for name in (*_NAMES, BODIES[text]))


def write(path: Path, rows: Iterable[Row], facts: Facts, *, text: TextForm = "plain") -> None:
    """A new feed from rows of `columns(text)`. Times are never made up: a day alone stands as dc:date, not as atom:published."""
    asked = dumps([facts.filters, facts.versions], sort_keys=True)
    with packed(path) as out, etree.xmlfile(out, encoding="utf-8") as xml:
        xml.write_declaration()
        with xml.element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM, "dc": _DC}):
            _write(xml, "id", uuid5(NAMESPACE_URL, f"urn:campuswarc:feed:{asked}").urn)
            _write(xml, "title", "College news")
            _write(xml, "updated", facts.last_seen)
            _write(xml, "generator", facts.software)
            _write(xml, "rights", LICENCE)
            with xml.element(f"{{{_ATOM}}}author"):
                _write(xml, "name", (facts.collected[0] if facts.collected else {}).get("operator") or "campuswarc")
            for row in rows:
                _entry(xml, row, text)


def _entry(xml: etree._IncrementalFileWriter, row: Sequence[object], text: TextForm) -> None:
    url, title, published, updated, version_from, first_seen, authors, section, language, site, body = row
    attributes = {"{http://www.w3.org/XML/1998/namespace}lang": str(language)} if language else {}
    with xml.element(f"{{{_ATOM}}}entry", attributes):
        _write(xml, "id", str(url))
        _write(xml, "title", str(title))
        _write(xml, "link", "", rel="alternate", type="text/html", href=str(url))
        stated = str(updated) if updated and len(str(updated)) > 10 else None
        _write(xml, "updated", stated or str(version_from or first_seen))
        if published and len(str(published)) > 10:
            _write(xml, "published", str(published))
        elif published:
            xml.write(_element(f"{{{_DC}}}date", str(published)))
        assert isinstance(authors, list)
        for name in authors:
            with xml.element(f"{{{_ATOM}}}author"):
                _write(xml, "name", name)
        _write(xml, "category", "", term=str(site), scheme="urn:campuswarc:site")
        if section:
            _write(xml, "category", "", term=str(section))
        _write(xml, "content", str(body), type="html" if text == "html" else "text")


def _write(xml: etree._IncrementalFileWriter, name: str, value: str, **attributes: str) -> None:
    xml.write(_element(f"{{{_ATOM}}}{name}", value, **attributes))


def _element(name: str, value: str, **attributes: str) -> etree._Element:
    element = etree.Element(name, {key: _NOT_XML.sub("\ufffd", part) for key, part in attributes.items()})
    element.text = _NOT_XML.sub("\ufffd", value) or None
    return element
