"""Pages that are data, or carry it: JSON, JSON in a script, XML without its dangers, HTML in a string."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import escape, unescape
from html.entities import html5
from typing import Any

from lxml import etree
from lxml.html import HtmlElement, fragment_fromstring

from archive.patterns import deferred
from spiders.page import Page, join

_DECLARATION = deferred(r"^\s*<\?xml[^>]*\?>", re.I)
_BEGINS = deferred(r"<\?xml\b|<(?:rss|feed|rdf:RDF|urlset|sitemapindex)\b", re.I)
_BEFORE = 5000  # characters of what may stand before a document
_REFERENCES = deferred(r"(?:&#(?:\d{1,9}|[xX][0-9a-fA-F]{1,8});)+")
_NUMBER = deferred(r"&#([^;&]+);")
_NEVER = deferred(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # no characters of XML
_AMPERSAND = deferred(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)(\w{2,31};)?")
_OF_MEDIA = deferred(r"mrss|itunes|podcast|image", re.I)  # namespaces
_DECODER = json.JSONDecoder(strict=False)


def json_of(page: Page) -> Any:
    """The value of a page that is JSON; None where it is not."""
    text = _begun(page.text)
    return json_at(text, 0) if text[:1] in ("{", "[") else None


def json_at(text: str, start: int) -> Any:
    """The value that begins at `start`, whatever follows it; None where none does."""
    while start < len(text) and text[start].isspace():
        start += 1
    try:
        return _DECODER.raw_decode(text, start)[0]
    except (ValueError, RecursionError):
        return None


def json_after(text: str, mark: str) -> Any:
    """The value after the first match of a pattern: `Fusion\\.globalContent\\s*=`."""
    found = re.search(mark, text)
    return json_at(text, found.end()) if found else None


def path(value: Any, *keys: str | int) -> Any:
    """`value[key][key]…`; None as soon as one is missing."""
    for key in keys:
        if isinstance(value, dict):
            value = value.get(key) if isinstance(key, str) else None
        elif isinstance(value, list) and isinstance(key, int) and -len(value) <= key < len(value):
            value = value[key]
        else:
            return None
    return value


def string(value: Any, *keys: str | int) -> str:
    """The string (or number) at a path; empty for anything else."""
    found = path(value, *keys)
    return str(found).strip() if isinstance(found, (str, int, float)) and not isinstance(found, bool) else ""


def number(value: Any, *keys: str | int) -> int | None:
    """The whole number at a path, also where it is written as a string."""
    found = string(value, *keys)
    return int(found) if found.isascii() and found.isdigit() and len(found) < 12 else None


def records(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; nothing else of it, and nothing of anything else."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def fragment(html: str) -> HtmlElement | None:
    """An element around HTML that stood in a string; None where there is nothing in it."""
    if not html.strip():
        return None
    try:
        return fragment_fromstring(html.replace("\x00", ""), create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def plain(text: str) -> str:
    """Words of a title that may hold tags or entities: 'Tom &amp; <em>Jerry</em>'."""
    from bs4 import BeautifulSoup  # takes 0.1 s to load, and few pages need it

    found = BeautifulSoup(text, "lxml").get_text() if "<" in text else unescape(text)
    return " ".join(found.split())


def xml_of(page: Page) -> Any:
    """Root of a page that is XML (an lxml element); None where nothing could be read.

    No DTD is loaded, no entity expanded, no address opened: a feed is written by strangers. One that is not well-formed
    is mended (`Fish & Chips`, `&nbsp;`) and read as far as it goes.
    """
    text = _NEVER.sub("", _REFERENCES.sub(_referred, _DECLARATION.sub("", _begun(page.text)))).lstrip()
    root = _parsed(text, recover=False)
    return root if root is not None else _parsed(_AMPERSAND.sub(_mended, text), recover=True)


def _begun(text: str) -> str:
    """A document from its declaration or root on: the server may have printed a warning before it."""
    text = text.lstrip("\ufeff \t\r\n")
    if text.startswith("<?xml"):
        return text
    begins = _BEGINS.search(text[:_BEFORE])
    return text[begins.start() :] if begins else text


def _referred(references: re.Match[str]) -> str:
    """Characters for references to halves of one (as old software writes an emoji) or to none; others stay as they
    are."""
    codes = [int(number[1:], 16) if number[:1] in "xX" else int(number) for number in _NUMBER.findall(references[0])]
    text = "".join(chr(code) if code <= 0x10FFFF else "\ufffd" for code in codes)
    if not _NEVER.search(text) and "\ufffd" not in text:
        return references[0]
    return escape(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


def _parsed(text: str, *, recover: bool) -> Any:
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        recover=recover,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _mended(ampersand: re.Match[str]) -> str:
    """A character for an entity of HTML, `&amp;` for an ampersand that begins none."""
    name = ampersand[1]
    return f"{html5[name]}" if name and name in html5 else f"&amp;{name or ''}"


def local(element: Any) -> str:
    """Name without namespace; empty for comments and entities."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def children(element: Any, *names: str) -> Iterator[Any]:
    """Children by local name: the element's own first, then those of other namespaces, each in document order."""
    found = [child for child in element if local(child) in names]
    own = _space(element)
    yield from (child for child in found if _space(child) in ("", own))
    yield from (child for child in found if _space(child) not in ("", own))


def _space(element: Any) -> str:
    return str(element.tag).rpartition("}")[0]


def address(page: Page, element: Any, href: str | None) -> str | None:
    """Absolute address of a link that stands in an element, by the xml:base of what it stands in (RFC 4287, section
    2)."""
    base = page.url
    for around in (*reversed(list(element.iterancestors())), element):
        if said := around.get("{http://www.w3.org/XML/1998/namespace}base"):
            base = join(base, said) or base
    return join(base, href)


def child_text(element: Any, *names: str) -> str:
    """Text of the first child of the first of these names that has any; entities, which stay closed, say nothing.

    The title of a picture or a film in an entry (media:title) is not the entry's.
    """
    for name in names:
        for child in children(element, name):
            if not _OF_MEDIA.search(_space(child)) and (text := " ".join("".join(_texts(child)).split())):
                return text
    return ""


def _texts(element: Any) -> Iterator[str]:
    for node in element.iter():
        if isinstance(node.tag, str):
            yield node.text or ""
        if node is not element:
            yield node.tail or ""
