"""A story as libraries take it in: Dublin Core, and MODS with names, host and the page as it was kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated
from xml.etree.ElementTree import Element, SubElement

from archive.citing.cited import Cited
from archive.xml_text import xml_text

_OAI_DC, _DC = "http://www.openarchives.org/OAI/2.0/oai_dc/", "http://purl.org/dc/elements/1.1/"
_MODS = "http://www.loc.gov/mods/v3"
_OAI_DC_XSD = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
_MODS_XSD = "http://www.loc.gov/standards/mods/v3/mods-3-8.xsd"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is told of a story."""

    cited: Cited
    subtitle: str
    opening: Annotated[str, "Its first paragraph"]
    page: Annotated[str, "Its page in the archive"]


def oai_dc(told: Told) -> Element:
    """Simple Dublin Core."""
    cited = told.cited
    root = _root("oai_dc:dc", {"xmlns:oai_dc": _OAI_DC, "xmlns:dc": _DC}, f"{_OAI_DC} {_OAI_DC_XSD}")
    for name, text in (
        ("title", cited.title),
        *(("creator", author) for author in cited.authors),
        ("description", told.subtitle or told.opening),
        ("publisher", cited.publisher),
        ("date", cited.published),
        ("type", "Text"),
        ("identifier", told.page),
        ("source", cited.url),
        ("language", cited.language),
        ("relation", cited.site),
    ):
        if text:
            _add(root, f"dc:{name}", text)
    return root


def mods(told: Told) -> Element:
    """MODS 3.8."""
    cited = told.cited
    root = _root("mods", {"xmlns": _MODS, "version": "3.8"}, f"{_MODS} {_MODS_XSD}")
    title = _add(root, "titleInfo")
    _add(title, "title", cited.title)
    if told.subtitle:
        _add(title, "subTitle", told.subtitle)
    for author in cited.authors:
        name = _add(root, "name", type="personal")
        _add(name, "namePart", author)
        _add(_add(name, "role"), "roleTerm", "aut", type="code", authority="marcrelator")
    _add(root, "typeOfResource", "text")
    _add(root, "genre", "news article")
    origin = _add(root, "originInfo")
    if cited.publisher:
        _add(origin, "publisher", cited.publisher)
    if cited.published:
        _add(origin, "dateIssued", cited.published, encoding="iso8601")
    if cited.captured:
        _add(origin, "dateCaptured", cited.captured, encoding="iso8601")
    if cited.language:
        _add(_add(root, "language"), "languageTerm", cited.language, type="code", authority="rfc3066")
    if told.opening:
        _add(root, "abstract", told.opening)
    host = _add(root, "relatedItem", type="host")
    _add(_add(host, "titleInfo"), "title", cited.site)
    if cited.section:
        _add(_add(host, "part"), "detail", type="section").append(_text("title", cited.section))
    _add(root, "identifier", f"urn:campuswarc:article:{cited.id}", type="uri")
    if cited.record:
        _add(root, "identifier", cited.record.strip("<>"), type="warc-record-id")
    place = _add(root, "location")
    _add(place, "url", told.page, usage="primary display")
    _add(place, "url", cited.url, note="as published")
    return root


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A metadata format of the protocol."""

    schema: str
    namespace: str
    write: Callable[[Told], Element]


FORMATS = {
    "oai_dc": Format(schema=_OAI_DC_XSD, namespace=_OAI_DC, write=oai_dc),
    "mods": Format(schema=_MODS_XSD, namespace=_MODS, write=mods),
}


def legal(text: str) -> str:
    """The text without what XML 1.0 cannot hold."""
    return xml_text(text)


def _root(name: str, attributes: dict[str, str], location: str) -> Element:
    return Element(name, attributes | {"xsi:schemaLocation": location})


def _text(name: str, text: str) -> Element:
    found = Element(name)
    found.text = legal(text) or None
    return found


def _add(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    child = SubElement(parent, name, attributes)
    child.text = legal(text) or None
    return child
