"""Where the parser's tree is not what a browser shows: undone before and after the parse, for listings and articles
alike."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from archive.patterns import deferred
from archive.pictures import candidates
from spiders.formulas import write_out

# a browser goes on after them (HTML, 13.2.6.4.19 and 22), libxml2 drops all that follows the first </html>
_ENDS = deferred(rb"</(?:html|body)(?=[\s>/])[^<>]*>", re.I)
_FORM_PARTS = ("button", "select", "option", "optgroup", "label")
# what none of these holds, unless its end was forgotten and the rest of the page hangs below it
_BLOCKS = (
    "p",
    "h1",
    "h2",
    "h3",
    "table",
    "ul",
    "ol",
    "article",
    "section",
    "main",
    "header",
    "footer",
    "nav",
    "blockquote",
    "form",
)
_LONG_TAG = 20_000  # bytes
_TAG = deferred(rb"<[a-z][^<>]{%d,}>" % _LONG_TAG, re.I)
_ATTRIBUTES = 1000  # of one tag: libxml2 compares each with all before it, 100,000 take 40 seconds
_UNPARTED = deferred("[\u0e00-\u0eff\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")  # where no blank stands between words
_LONG = 200  # characters that stand in no label, whatever holds them


def parsable(content: bytes) -> bytes:
    """The page without the ends of its root and body, where they stand says nothing; and without attributes by the
    thousand."""
    if _holds_long_tag(content):
        content = _TAG.sub(_bounded, content)
    return _ENDS.sub(b"", content)


def _holds_long_tag(content: bytes) -> bool:
    """Whether so much stands anywhere without an end of a tag."""
    at = 0
    while len(content) - at > _LONG_TAG:
        at = content.rfind(b">", at, at + _LONG_TAG + 1) + 1
        if not at:
            return True
    return False


def _bounded(tag: re.Match[bytes]) -> bytes:
    pieces = tag[0].split(None, _ATTRIBUTES)
    return b" ".join(pieces[:_ATTRIBUTES]) + b">" if len(pieces) > _ATTRIBUTES else tag[0]


def mend(root: HtmlElement) -> None:
    """Take off, in place, what hides a part of the page: buttons, selects and labels that are never closed, templates
    that are shown where they stand (declarative shadow roots); and write formulas as text."""
    write_out(root)
    for element in [*root.iter("amp-img", "amp-anim")]:
        element.tag = "img"
        for inner in [*element]:
            if inner.tag in ("noscript", "img"):  # the same picture for who runs no script
                element.remove(inner)
    _name_pictures(root)
    for heading in root.iter("h1", "h2", "h3"):
        for ends in heading.iter("br"):
            _part(ends)
    for element in [*root.iter("template")]:
        if element.get("shadowrootmode") or element.get("shadowroot"):
            element.drop_tag()
    for link in [*root.iter("a")]:
        _end_link(link)
    for element in [*root.iter(*_FORM_PARTS)]:
        if not _swallows(element):
            continue
        for option in [*element.iter("option")]:
            if option is not element and not _swallows(option):
                option.drop_tree()
        element.drop_tag()


def _end_link(link: HtmlElement) -> None:
    """End a link where the next one begins, as a browser does (HTML, 13.2.6.4.7, "a"): of rows whose links are never
    closed each would hang in the one before it, and what is asked of each row would be asked of all behind it."""
    inner = next(link.iterdescendants("a"), None)
    if inner is None:
        return
    first = inner
    while (above := first.getparent()) is not link:
        first = above
    row = next(link.iterancestors("li"), None) if first.tag == "li" else None
    before = link if row is None else row
    for element in [first, *first.itersiblings()]:
        behind, before.tail = before.tail, None
        before.addnext(element)
        element.tail = (element.tail or "") + (behind or "")
        before = element


def _part(ends: HtmlElement) -> None:
    """Put a blank where a line ends within a heading, unless words go on across it, as Chinese ones do."""
    before, above = ends.getprevious(), ends.getparent()
    line = (before.tail if before is not None else above.text if above is not None else "") or ""
    if line[-1:].strip() and not _UNPARTED.match(line[-1]) and (ends.tail or "")[:1].strip():
        ends.tail = f" {ends.tail}"


def _name_pictures(root: HtmlElement) -> None:
    """Give pictures that name no address the one that stands beside them: in a <source> before them, in a <noscript>
    behind."""
    for holder in root.iter("picture"):
        sets = (source.get("srcset") or source.get("data-srcset") for source in holder.iter("source"))
        named = next(filter(None, sets), None)
        for image in holder.iter("img") if named else ():
            if next(candidates(dict(image.items())), None) is None:
                image.set("srcset", named)
    for noscript in root.iter("noscript"):
        shown = next(noscript.iter("img"), None)
        before = noscript.getprevious() if shown is not None else None
        if shown is None or before is None:
            continue
        for image in before.iter("img"):
            if next(candidates(dict(image.items())), None) is None and (named := shown.get("src")):
                image.set("src", named)


def _swallows(element: HtmlElement) -> bool:
    if not len(element):
        return False
    if next(element.iter(*_BLOCKS), None) is not None:
        return True
    return next(element.iter("div"), None) is not None and len(" ".join(element.text_content().split())) > _LONG
