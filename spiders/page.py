"""A fetched page: address, status, headers and bytes; decoded once, parsed once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property, lru_cache
from itertools import chain
from typing import cast

from lxml import etree
from lxml.cssselect import CSSSelector
from lxml.html import HtmlComment, HtmlElement, document_fromstring, fromstring

from archive.address import join as join
from archive.address import malformed
from archive.code_pages import of_site
from archive.encoding import decode, undoubled
from archive.patterns import deferred
from spiders.mending import mend, parsable

Headers = Sequence[tuple[str, str]]
_SELECTORS: dict[str, CSSSelector] = {}
# lxml.html's own parser asks Python for the class of each element: a third of the time of walking a page
# huge_tree: elements nest 2048 deep, as unclosed <font> does, not 256, below which libxml2 drops all; no table of ids,
# which nothing asks for
_PARSER = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_pis=True, collect_ids=False)
_PARSER.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement, comment=HtmlComment))
_CONTROL = bytes([*range(9), 11, *range(14, 32)])  # with U+FFFE and U+FFFF what XML, and so lxml, cannot hold
_NONCHARACTERS = ("\ufffe", "\uffff")
# readings of ruby are said beside a word: in one line with it they would break it
_READINGS = ("rt", "rp", "rtc")
# one step, which gives texts in their order: those of each element in turn would be sorted, and to compare two texts
# far apart libxml2 walks all between them: 30 s for a story of 48,000 lines
WORDS = etree.XPath(
    "descendant::text()[not(parent::script or parent::style or parent::rt or parent::rp or parent::rtc or ../parent::rt"
    " or ../parent::rtc)]",
    smart_strings=False,
)
_SILENT = frozenset(("script", "style", *_READINGS, etree.Comment, etree.Entity, etree.ProcessingInstruction))
_BY_CLASS = deferred(r"([a-z][a-z0-9]*)?\.(-?[a-zA-Z_][\w-]*)$", re.ASCII)
_LONGEST_BASE = 4096  # characters
_LONGEST_SAID = 200  # characters of a link that is no address
_EMPTY = "<html><body></body></html>"


class Page:
    """What a reader is given. `content` is the entity with its content-coding undone (see `archive.coding`).

    `fetched` stands for "now" wherever a reader needs it (dates without a year, dates in the future), so that reading
    the same capture again years later gives the same facts.
    """

    def __init__(
        self,
        url: str,
        content: bytes,
        *,
        status: int = 200,
        headers: Headers = (),
        fetched: datetime | None = None,
        label: str = "",
        language: str = "",
        land: str = "",
    ) -> None:
        self.url, self.content, self.status, self.headers = url, content, status, tuple(headers)
        self.fetched, self.label = fetched, label  # label: an encoding the operator vouches for
        self._from = language, land  # what the operator says of the site
        self.malformed: dict[str, None] = {}  # links that were looked at and are no addresses, so that it can be said

    def header(self, name: str) -> str:
        """First value of a response header; empty if absent."""
        return self._by_name.get(name.lower(), "")

    @cached_property
    def _by_name(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, value in self.headers:
            found.setdefault(name.lower(), value)
        return found

    @cached_property
    def mime(self) -> str:
        """Content-Type without parameters, lower case; empty if none was sent."""
        return self.header("content-type").partition(";")[0].strip().lower()

    @cached_property
    def _decoded(self) -> tuple[str, str]:
        text, codec = decode(self.content, self.header("content-type"), self.label, of_site(*self._from, self.url))
        return undoubled(text) if codec == "utf-8" else text, codec

    @property
    def encoding(self) -> str:
        """Python name of the codec the text was decoded with."""
        return self._decoded[1]

    @property
    def text(self) -> str:
        """The page as text; wrong bytes are U+FFFD."""
        return self._decoded[0]

    @cached_property
    def tree(self) -> HtmlElement:
        """Root of the parsed HTML; an empty document where nothing could be parsed."""
        text = self.text
        for character in _NONCHARACTERS:
            text = text.replace(character, "")
        content = text.encode("utf-8", "replace")
        if any(map(content.__contains__, _CONTROL)):
            content = content.translate(None, _CONTROL)
        try:
            root = document_fromstring(parsable(content), parser=_PARSER)
            mend(root)
            return root
        except (etree.ParserError, etree.XMLSyntaxError, AssertionError):
            return fromstring(_EMPTY)

    @cached_property
    def base(self) -> str:
        """Address that relative links are relative to."""
        href = next((base.get("href") for base in self.tree.iter("base") if base.get("href") is not None), None)
        if href is not None and len(href) > _LONGEST_BASE:
            return self.url  # each link would be joined to all of it
        return join(self.url, href, self.encoding) or self.url

    def absolute(self, href: str | None) -> str | None:
        """Absolute http(s) address of a link as a browser would ask for it; None for anything else."""
        url = join(self.base, href, self.encoding)
        if url is None and href and malformed(href, url):
            self.malformed[href[:_LONGEST_SAID]] = None
        return url

    def select(self, css: str, scope: HtmlElement | None = None) -> list[HtmlElement]:
        """Elements that match a CSS selector, in document order."""
        if scope is None and (plain := _plain(css)):
            tag, name = plain
            return [element for element in self._of_class(name) if not tag or element.tag == tag]
        return cast(list[HtmlElement], selector(css)(self.tree if scope is None else scope))

    @cached_property
    def classes(self) -> dict[str, list[HtmlElement]]:
        """Elements by class attribute as it stands (`news_list list2`), in document order.

        Families ask for a dozen classes, each a walk of the page in XPath.
        """
        found: defaultdict[str, list[HtmlElement]] = defaultdict(list)
        for element in self.tree.iter():  # comments too, which have none
            if names := element.get("class"):
                found[names].append(element)
        return found

    @cached_property
    def _classes_said(self) -> str:
        return " ".join(self.classes)

    @cached_property
    def _places(self) -> dict[HtmlElement, int]:
        return {element: place for place, element in enumerate(self.tree.iter(etree.Element))}

    def _of_class(self, name: str) -> list[HtmlElement]:
        if name not in self._classes_said:  # as most of those asked for
            return []
        found = [elements for names, elements in self.classes.items() if name in names and name in names.split()]
        return found[0] if len(found) == 1 else sorted(chain(*found), key=self._places.__getitem__)

    def first(self, css: str, scope: HtmlElement | None = None) -> HtmlElement | None:
        """First element that matches, taking the selectors of a comma list in their own order."""
        for part in css.split(", "):
            found = self.select(part, scope)
            if found:
                return found[0]
        return None

    def words(self, css: str, scope: HtmlElement | None = None) -> str:
        """Text of the first element that matches, on one line; empty if none has text."""
        for part in css.split(", "):
            for element in self.select(part, scope):
                text = one_line(element)
                if text:
                    return text
        return ""

    def links(self, css: str, scope: HtmlElement | None = None) -> list[str]:
        """Absolute addresses of the links that match, in document order, each once."""
        found = (self.absolute(element.get("href")) for element in self.select(css, scope))
        return list(dict.fromkeys(url for url in found if url))

    def meta(self, *names: str) -> str:
        """Content of the first <meta> with one of these names (name, property or itemprop), in the order given."""
        for name in names:
            content = self._metas.get(name.lower())
            if content:
                return content
        return ""

    @cached_property
    def declared_language(self) -> str:
        """Two-letter code of the page's own lang attribute or meta, or empty; templates of every land say 'en', so that
        proves little."""
        said = self.tree.get("lang") or self.meta("content-language", "og:locale", "language") or ""
        code = said.strip().replace("_", "-").partition("-")[0]
        return code.lower() if len(code) == 2 and code.isascii() and code.isalpha() else ""

    @cached_property
    def _metas(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for element in self.tree.iter("meta"):
            content = (element.get("content") or "").strip()
            for attribute in ("name", "property", "itemprop"):
                key = element.get(attribute)
                if key and content:
                    found.setdefault(key.lower(), content)
        return found


@lru_cache(1024)  # as many selectors as there are roles in all families
def _plain(css: str) -> tuple[str | None, str] | None:
    """Tag and class of a selector that names no more; None for any other."""
    match = _BY_CLASS.match(css)
    return (match[1], match[2]) if match else None


def selector(css: str) -> CSSSelector:
    """A CSS selector, compiled once. Raises cssselect.SelectorError."""
    compiled = _SELECTORS.get(css)
    if compiled is None:
        compiled = _SELECTORS[css] = CSSSelector(css, translator="html")
    return compiled


def holds(element: HtmlElement, size: int) -> bool:
    """Whether what `one_line` gives is as many bytes; without reading all of it, where its first words are."""
    told = 0
    for one in element.iter(etree.Element):
        if one.tag in _SILENT:
            break
        for words in (one.text, None if one is element else one.tail):
            if words:
                told += len("".join(words.split()).encode("utf-8", "replace"))
        if told >= size:
            return True
    return len(one_line(element).encode("utf-8", "replace")) >= size


def one_line(element: HtmlElement) -> str:
    """All text of an element (scripts and styles left out), white space folded."""
    words = "" if element.tag in ("script", "style") else element.text or ""
    for child in element:
        if len(child):  # deeper than a line of links: XPath is faster
            words = "".join(cast(list[str], WORDS(element)))
            break
        if child.tag not in _SILENT:
            words += child.text or ""
        words += child.tail or ""
    return " ".join(words.replace("\u200b", "").split())
