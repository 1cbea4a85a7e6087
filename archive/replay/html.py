"""A page rewritten: nothing in it acts, every address leads into the archive.

What keeps a hostile page still is the policy it is served with (a sandbox without scripts that loads from the archive
alone); what is taken out here is taken out so that the page looks as it did, and as a second wall.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated

from lxml import etree, html

from archive.address import join
from archive.patterns import deferred
from archive.pictures import SOURCES, candidates
from archive.refreshes import said
from archive.replay import css
from archive.xml_text import NOT_XML, xml_text

_GONE = {"script", "applet", "template"}
_EMBEDDED = {"object": "data", "embed": "src"}  # what a plug-in would have shown, PDF files above all
_PLAYER = deferred(r"flash|\.swf\b|silverlight|java-", re.I)  # what no browser shows any more
_UNWRAPPED = {
    "object",
    "embed",
    "portal",
    "base",
    "bgsound",
    "param",
}  # void, but libxml2 puts what follows into some of them
_FRAMES = {"iframe", "frame", "fencedframe"}
_LOADED = {  # attributes whose address is loaded with the page
    "src": {"img", "input", "source", "video", "audio", "track", "image"},
    "poster": {"video"},
    "href": {"image", "use", "feimage"},
    "background": {"body", "table", "td", "th", "tr"},
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
_REFERENCE = deferred(r"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,8}));?")
_SRCSET = deferred(r"\s*([^\s,]\S*[^\s,]|[^\s,])(\s+[^,]*)?(?:,|$)")


@dataclass(slots=True)
class Rewritten:
    """A page that stays in the archive."""

    text: Annotated[str, "HTML; to be served as UTF-8"]
    title: Annotated[str, "Words of its title"]
    parts: Annotated[list[str], "Absolute addresses of what it loads, in page order"] = field(default_factory=list)


def rewrite(
    text: str,
    base: str,
    *,
    page_for: Callable[[str], str],
    part_for: Callable[[str, str], str],
    frame: str,
    refresh: str = "",
    held: Callable[[str], bool] = lambda address: True,
    encoding: str = "utf-8",
) -> Rewritten:
    """The page at `base`. `page_for` says where a linked page is shown, `part_for(address, mode)` where a part is
    (mode `im_` or `cs_`), `frame` names a frame, whose place is taken by a link; `refresh` is the Refresh header that
    came with it: a page that leads on by itself gets a link at its head. Of a picture in several sizes those are named
    that are `held`. `encoding` is that of the page, which queries of its links are written in."""
    root = _parsed(text)
    work = _Page(_base(root, base), page_for, part_for, frame, held, encoding)
    title = " ".join((root.findtext(".//title") or "").split())
    onward = work.onward(root, refresh, base)
    for element in list(root.iter()):
        work.element(element)
    head = root.find("head")
    if head is None:
        head = etree.Element("head")
        root.insert(0, head)
    head.insert(0, etree.Element("meta", charset="utf-8"))
    body = root.find("body")
    if onward is not None and body is not None:
        onward.tail, body.text = body.text, None
        body.insert(0, onward)
    doctype = root.getroottree().docinfo.doctype
    return Rewritten(
        html.tostring(root, encoding="unicode", doctype=doctype or None), title, list(dict.fromkeys(work.parts))
    )


class _Page:
    def __init__(
        self,
        base: str,
        page_for: Callable[[str], str],
        part_for: Callable[[str, str], str],
        frame: str,
        held: Callable[[str], bool],
        encoding: str,
    ) -> None:
        self.base, self.page_for, self.part_for, self.frame = base, page_for, part_for, frame
        self.held, self.encoding = held, encoding
        self.parts: list[str] = []
        self._linked, self._pictures = "", set[str]()  # the frame linked last; the pictures shown so far

    def element(self, element: html.HtmlElement) -> None:
        """Rewrite one element in its place, or take it out."""
        if not isinstance(element.tag, str):
            _take_out(element)  # comments, processing instructions: some old browsers acted on them
            return
        tag = element.tag.lower().rpartition(":")[2]
        if (
            tag in _GONE
            or (tag == "meta" and not _harmless(element))
            or (tag == "link" and not _is_style_sheet(element))
            or (tag == "noscript" and self._is_shown(element))
        ):
            _take_out(element)
            return
        if tag in _FRAMES:
            self._framed(element)
            return
        if tag in _EMBEDDED:
            self._embedded(element, tag)
        if tag in _UNWRAPPED:
            element.drop_tag()
            return
        if tag == "frameset":
            element.tag = "body"
        elif tag == "style":
            element.text = xml_text(self._style(element.text or ""))
        elif tag == "link":
            _put(element, "href", self._part(element.get("href", ""), "cs_"))
            _apply_at_once(element)
        self._attributes(element, tag)

    def _attributes(self, element: html.HtmlElement, tag: str) -> None:
        if tag in ("img", "source"):
            self._picture(element)
        for name, value in list(element.items()):
            if "{" in name or "}" in name:
                continue  # template leftovers: no attribute of HTML, and lxml takes the brace for a namespace
            key = name.lower().rpartition(":")[2]
            if key.startswith("on") or key in _DROPPED:
                del element.attrib[name]
            elif key == "style":
                _put(element, name, self._style(value))
            elif key == "srcset":
                if sizes := self._srcset(value):
                    _put(element, name, sizes)
                else:
                    del element.attrib[name]  # the picture beside it is shown
            elif tag in _LOADED.get(key, ()):
                within = f"#{value.partition('#')[2].strip()}" if tag == "use" and "#" in value[1:] else ""
                address = self._part(value, "im_")
                _put(element, name, f"{address}{within}" if address and within else address)
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

    def _picture(self, element: html.HtmlElement) -> None:
        """What a script would have put in the place of a spacer: that is what was taken for the picture and fetched."""
        if sizes := element.attrib.pop("data-srcset", ""):
            _put(element, "srcset", sizes)
        if element.tag != "img":
            return
        named = [address for one in candidates(dict(element.items())) if (address := self._absolute(one))]
        true = next(filter(self.held, named), named[0] if named else "")
        self._pictures.add(true)
        given = self._absolute(element.get("src", ""))
        if true and true != given and (given or element.get("src") or "srcset" not in element.attrib):
            _put(element, "src", true)
            if not sizes:
                element.attrib.pop("srcset", None)  # of the spacer: a browser would prefer it
        for name in SOURCES:
            if name != "src":
                element.attrib.pop(name, None)

    def _is_shown(self, noscript: html.HtmlElement) -> bool:
        """Whether it holds nothing but pictures that are shown already: those that a script would have put there."""
        inner = [element for element in noscript.iter() if element is not noscript]
        wanted = [
            next(map(self._absolute, candidates(dict(image.items()))), "") for image in inner if image.tag == "img"
        ]
        words = "".join(noscript.itertext()).strip()
        return bool(wanted) and not words and self._pictures.issuperset(wanted) and len(wanted) == len(inner)

    def onward(self, root: html.HtmlElement, refresh: str, url: str) -> etree._Element | None:
        """A link to where the page would have led by itself."""
        metas = (
            meta.get("content") or ""
            for meta in root.iter("meta")
            if meta.get("http-equiv", "").strip().lower() == "refresh"
            and not any(above.tag == "noscript" for above in meta.iterancestors())
        )
        for text in (refresh, *metas):
            leads = said(text)
            address = self._absolute(leads[1]) if leads else ""
            if address and address != url.partition("#")[0]:
                return self._linking(address, f"→ {address}")
        return None

    def _linking(self, address: str, text: str) -> etree._Element:
        place = etree.Element("p")
        link = etree.SubElement(place, "a", href=xml_text(self.page_for(address)), target="_top")
        link.text = xml_text(text)
        return place

    def _embedded(self, element: html.HtmlElement, tag: str) -> None:
        """A link before what a plug-in would have shown; what is inside is for those without it, and stays."""
        named = element.get(_EMBEDDED[tag], "").strip()
        address = self._absolute(named)
        parent = element.getparent()
        if address and address != self._linked and parent is not None:
            if _PLAYER.search(f"{element.get('type', '')} {element.get('classid', '')} {named}"):
                return
            self._linked = address
            element.addprevious(self._linking(address, f"[{address}]"))

    def _framed(self, element: html.HtmlElement) -> None:
        """Frames stay empty in a sandbox: a link to the framed page instead."""
        given = (element.get(name, "").strip() for name in ("src", "data-src"))
        address = next((found for one in given if (found := self._absolute(one))), "")
        place = self._linking(address, f"[{self.frame}: {address}]") if address else etree.Element("p")
        self._linked = address or self._linked
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
        named = [(address, size) for address, size in _SRCSET.findall(text) if self.held(self._absolute(address))]
        return ", ".join(f"{self._part(address, 'im_')}{size or ''}" for address, size in named)

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
        """The whole address as the crawl asks for it; empty when it is none that could be archived."""
        return join(self.base, address, self.encoding) or ""


def _put(element: etree._Element, name: str, value: str) -> None:
    """Set an attribute; libxml2 reads characters, such as those of &#1;, which lxml refuses to write."""
    element.set(name, xml_text(value))


def _parsed(text: str) -> html.HtmlElement:
    """The tree of any text; lxml refuses one that names an encoding, being text already, and one without an element.

    Characters that lxml cannot hold are left out first, since libxml2 would take them in and moving them would fail.
    """
    text = re.sub(r"^\s*<\?xml[^>]*>", "", _REFERENCE.sub(_kept_reference, xml_text(text)))
    try:
        return html.document_fromstring(text, parser=html.HTMLParser(huge_tree=True))
    except etree.ParserError:
        return html.document_fromstring("<html><body></body></html>")


def _base(root: html.HtmlElement, url: str) -> str:
    """The address that relative ones are relative to: the first <base href> counts (HTML, 4.2.3)."""
    element = root.find(".//base[@href]")
    return join(url, element.get("href", "")) or url if element is not None else url


def _harmless(meta: html.HtmlElement) -> bool:
    return meta.get("name", "").lower() in ("viewport", "color-scheme", "description", "keywords", "author")


def _is_style_sheet(link: html.HtmlElement) -> bool:
    """Whether it is one, or would be made one by its own script once it has come."""
    relations = _relations(link)
    made = "stylesheet" in link.get("onload", "").lower() and link.get("as", "").lower() == "style"
    return "stylesheet" in relations or ("preload" in relations and made)


def _apply_at_once(link: html.HtmlElement) -> None:
    """A style sheet that a script applies when it has come (media=print, rel=preload) is applied."""
    script = re.search(r"\bmedia\s*=\s*['\"]?([\w ():,-]*)", link.get("onload", "")[:1000])
    if script:
        _put(link, "media", script[1].strip() or "all")
    if "stylesheet" not in _relations(link):
        link.set("rel", "stylesheet")
        link.attrib.pop("as", None)


def _relations(link: html.HtmlElement) -> list[str]:
    return str(link.get("rel", "")).lower().split()


def _kept_reference(match: re.Match[str]) -> str:
    """A character reference, unless it stands for what lxml refuses to hold: libxml2 reads `&#1;` all the same."""
    code = int(match[1], 16) if match[1] else int(match[2])
    return match[0] if code <= 0x10FFFF and not NOT_XML.match(chr(code)) else ""


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
