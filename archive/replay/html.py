"""A page rewritten: nothing in it acts, every address leads into the archive.

What keeps a hostile page still is the policy it is served with (a sandbox without scripts that loads from the archive
alone); what is taken out here is taken out so that the page looks as it did, and as a second wall.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

from archive.replay import css

_GONE = {"script", "object", "applet", "template"}
_UNWRAPPED = {"embed", "portal", "base", "bgsound", "param"}  # void, but libxml2 puts what follows into some of them
_FRAMES = {"iframe", "frame", "fencedframe"}
_LOADED = {  # attributes whose address is loaded with the page
    "src": {"img", "input", "source", "video", "audio", "track", "image"},
    "poster": {"video"},
    "href": {"image", "use", "feimage"},
    "background": {"body", "table", "td", "th", "tr"},
    "data-src": {"img"},
    "data-original": {"img"},
}
_DROPPED = {
    "action",
    "formaction",
    "ping",
    "integrity",
    "nonce",
    "crossorigin",
    "srcdoc",
    "longdesc",
    "cite",
    "profile",
    "manifest",
    "usemap",
    "target",
    "http-equiv",
    "attributionsrc",
    "codebase",
    "classid",
    "archive",
    "dynsrc",
    "lowsrc",
    "is",
    "autofocus",
    "accesskey",
    "sandbox",
    "data",
}
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,8}));?")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what lxml refuses to hold
_SRCSET = re.compile(r"\s*([^\s,]\S*[^\s,]|[^\s,])(\s+[^,]*)?(?:,|$)")


@dataclass(slots=True)
class Rewritten:
    """A page that stays in the archive."""

    text: Annotated[str, "HTML; to be served as UTF-8"]
    title: Annotated[str, "Words of its title"]
    parts: Annotated[list[str], "Absolute addresses of what it loads, in page order"] = field(default_factory=list)


def rewrite(
    text: str, base: str, *, page_for: Callable[[str], str], part_for: Callable[[str, str], str], frame: str
) -> Rewritten:
    """The page at `base`. `page_for` says where a linked page is shown, `part_for(address, mode)` where a part is
    (mode `im_` or `cs_`), `frame` names a frame, whose place is taken by a link."""
    root = _parsed(text)
    work = _Page(_base(root, base), page_for, part_for, frame)
    title = " ".join((root.findtext(".//title") or "").split())
    for element in list(root.iter()):
        work.element(element)
    head = root.find("head")
    if head is None:
        head = etree.Element("head")
        root.insert(0, head)
    head.insert(0, etree.Element("meta", charset="utf-8"))
    doctype = root.getroottree().docinfo.doctype
    return Rewritten(
        html.tostring(root, encoding="unicode", doctype=doctype or None), title, list(dict.fromkeys(work.parts))
    )


class _Page:
    def __init__(
        self, base: str, page_for: Callable[[str], str], part_for: Callable[[str, str], str], frame: str
    ) -> None:
        self.base, self.page_for, self.part_for, self.frame = base, page_for, part_for, frame
        self.parts: list[str] = []

    def element(self, element: html.HtmlElement) -> None:
        """Rewrite one element in its place, or take it out."""
        if not isinstance(element.tag, str):
            _take_out(element)  # comments, processing instructions: some old browsers acted on them
            return
        tag = element.tag.lower().rpartition(":")[2]
        if (
            tag in _GONE
            or (tag == "meta" and not _harmless(element))
            or (tag == "link" and "stylesheet" not in _relations(element))
        ):
            _take_out(element)
            return
        if tag in _FRAMES:
            self._framed(element)
            return
        if tag in _UNWRAPPED:
            element.drop_tag()
            return
        if tag == "frameset":
            element.tag = "body"
        elif tag == "style":
            element.text = _NOT_XML.sub("", self._style(element.text or ""))
        elif tag == "link":
            _put(element, "href", self._part(element.get("href", ""), "cs_"))
        self._attributes(element, tag)

    def _attributes(self, element: html.HtmlElement, tag: str) -> None:
        lazy = element.get("data-original") or element.get("data-src")
        if tag == "img" and lazy and (not element.get("src") or element.get("src", "").startswith("data:")):
            _put(element, "src", lazy)  # a script would have done so
        for name, value in list(element.items()):
            if "{" in name or "}" in name:
                continue  # template leftovers: no attribute of HTML, and lxml takes the brace for a namespace
            key = name.lower().rpartition(":")[2]
            if key.startswith("on") or key in _DROPPED:
                del element.attrib[name]
            elif key == "style":
                _put(element, name, self._style(value))
            elif key == "srcset":
                _put(element, name, self._srcset(value))
            elif tag in _LOADED.get(key, ()):
                _put(element, name, self._part(value, "im_"))
            elif key == "href" and tag in ("a", "area"):
                self._link(element, name, value)
            elif key in ("href", "src", "imagesrcset") and tag != "link":
                del element.attrib[name]

    def _link(self, element: html.HtmlElement, name: str, value: str) -> None:
        address = value.strip()
        if address.startswith("#"):
            return
        absolute = self._absolute(address)
        if absolute:
            _put(element, name, self.page_for(absolute))
            element.set("target", "_top")
        else:
            del element.attrib[name]

    def _framed(self, element: html.HtmlElement) -> None:
        """Frames stay empty in a sandbox: a link to the framed page instead."""
        address = self._absolute(element.get("src", "").strip())
        place = etree.Element("p")
        if address:
            link = etree.SubElement(place, "a", href=_NOT_XML.sub("", self.page_for(address)), target="_top")
            link.text = _NOT_XML.sub("", f"[{self.frame}: {address}]")
        place.tail = element.tail
        parent = element.getparent()
        if parent is not None:
            parent.replace(element, place)

    def _style(self, text: str) -> str:
        return css.rewrite(
            text,
            self.base,
            lambda address: self._part(address, "cs_" if address.partition("?")[0].endswith(".css") else "im_"),
        )

    def _srcset(self, text: str) -> str:
        return ", ".join(f"{self._part(address, 'im_')}{size or ''}" for address, size in _SRCSET.findall(text))

    def _part(self, address: str, mode: str) -> str:
        address = address.strip()
        if address.startswith(("data:image/", "#")):
            return address
        absolute = self._absolute(address)
        if not absolute:
            return ""
        self.parts.append(absolute)
        return self.part_for(absolute, mode)

    def _absolute(self, address: str) -> str:
        """The whole address; empty when it is none that could be archived."""
        try:
            absolute = urljoin(self.base, re.sub(r"[\t\r\n]", "", address)).partition("#")[0]
            return absolute if address and urlsplit(absolute).scheme in ("http", "https") else ""
        except ValueError:  # "http://[": no address by RFC 3986
            return ""


def _put(element: etree._Element, name: str, value: str) -> None:
    """Set an attribute; libxml2 reads characters, such as those of &#1;, which lxml refuses to write."""
    element.set(name, _NOT_XML.sub("", value))


def _parsed(text: str) -> html.HtmlElement:
    """The tree of any text; lxml refuses one that names an encoding, being text already, and one without an element.

    Characters that lxml cannot hold are left out first, since libxml2 would take them in and moving them would fail.
    """
    text = re.sub(r"^\s*<\?xml[^>]*>", "", _REFERENCE.sub(_kept_reference, _NOT_XML.sub("", text)))
    try:
        return html.document_fromstring(text, parser=html.HTMLParser(huge_tree=True))
    except etree.ParserError:
        return html.document_fromstring("<html><body></body></html>")


def _base(root: html.HtmlElement, url: str) -> str:
    """The address that relative ones are relative to: the first <base href> counts (HTML, 4.2.3)."""
    element = root.find(".//base[@href]")
    try:
        base = urljoin(url, element.get("href", "").strip()) if element is not None else url
        return base if urlsplit(base).scheme in ("http", "https") else url
    except ValueError:
        return url


def _harmless(meta: html.HtmlElement) -> bool:
    return meta.get("name", "").lower() in ("viewport", "color-scheme", "description", "keywords", "author")


def _relations(link: html.HtmlElement) -> list[str]:
    return str(link.get("rel", "")).lower().split()


def _kept_reference(match: re.Match[str]) -> str:
    """A character reference, unless it stands for what lxml refuses to hold: libxml2 reads `&#1;` all the same."""
    code = int(match[1], 16) if match[1] else int(match[2])
    return match[0] if code <= 0x10FFFF and not _NOT_XML.match(chr(code)) else ""


def _take_out(element: html.HtmlElement) -> None:
    """Out with an element and what is in it; the text behind it stays."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)
