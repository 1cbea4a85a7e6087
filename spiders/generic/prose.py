"""An element's words as a person would type them: paragraphs parted by blank lines, lists and tables kept readable."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement

from archive.patterns import deferred
from spiders.page import one_line

BLOCK = frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3"
    " h4 h5 h6 header hr html li main menu nav ol p pre section summary table tbody td tfoot th thead tr ul caption"
    " legend option".split()
)
SKIP = frozenset(
    "script style noscript template head svg math iframe object embed canvas map button select input textarea datalist"
    " title video audio rt rp rtc".split()
)
_CLOSE = frozenset(("li", "dt", "dd", "tr"))  # no blank line parts them
_BREAKING = BLOCK | {"br"}
_SPACED = frozenset(("span", "em", "i", "b", "small", "time", "label"))
_UNSAID = SKIP | {etree.Comment, etree.Entity, etree.ProcessingInstruction}
_SPACE = deferred(r"[ \t\r\n\f\v\xa0\u2002-\u200a\u202f\u3000]+")
_USUAL = "\n\t\r\xa0\u3000"
# and what lxml cannot hold
_INVISIBLE = deferred("[\u200b\u200e\u200f\u2060\ufeff\u00ad\x00\x02-\x08\x0b\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BREAK = "\x01"  # stands for <br> while white space is folded
_CELL = 300  # characters: a cell with more is a page's layout, not a value


class Lines:
    """Lines being gathered; each knows whether a blank line stands before it."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.gap = False  # a blank line is due before the next line
        self._open: list[str] = []
        self.prefix = ""

    def add(self, piece: str | None) -> None:
        if piece:
            self._open.append(piece)

    def end(self, gap: bool) -> None:
        """The block that was open ends; `gap` says that it was a paragraph."""
        if self._open:
            parts = "".join(self._open).split(_BREAK)
            self._open.clear()
            for n, part in enumerate(parts):
                line = part.strip()
                if not line:
                    self.gap = self.gap or 0 < n < len(parts) - 1  # <br><br> parts paragraphs
                    continue
                indented = n and part.lstrip("\r\n\t ").startswith(("\u3000", "\xa0\xa0"))
                plain = _blanks(line)
                self._put(
                    " ".join(plain.split()) if plain.isprintable() else _INVISIBLE.sub("", _SPACE.sub(" ", line)),
                    bool(indented),
                )
        self.gap = self.gap or gap

    def _put(self, line: str, gap: bool) -> None:
        if self.done and (self.gap or gap):
            self.done.append("")
        self.done.append(self.prefix + line)
        self.prefix, self.gap = "", False


def text(root: HtmlElement) -> str:
    """The words of `root`: a paragraph a block, `- ` before a list item, ` | ` between the cells of a row."""
    lines = Lines()
    # elements to come, and what holds them
    waiting: list[tuple[Iterator[HtmlElement], HtmlElement | None]] = [(iter((root,)), None)]
    while waiting:
        elements, holder = waiting[-1]
        for element in elements:
            tag = element.tag
            if tag == "br":
                lines.add(_BREAK)
            elif tag == "tr" and (row := _row(element)) is not None:
                lines.end(gap=False)
                lines.add(row)
                lines.end(gap=False)
            elif tag not in _UNSAID:
                if tag in BLOCK:
                    lines.end(gap=tag not in _CLOSE and tag != "tbody")
                    if tag == "li":
                        lines.prefix = "- "
                lines.add(element.text if tag != "pre" else (element.text or "").replace("\n", _BREAK))
                if len(element):
                    waiting.append((iter(element), element))
                    break
                _leave(lines, tag)
            if element is not root:
                lines.add(element.tail)
        else:
            waiting.pop()
            if holder is not None:
                _leave(lines, holder.tag)
                if holder is not root:
                    lines.add(holder.tail)
    lines.end(gap=False)
    return "\n".join(lines.done)


def _leave(lines: Lines, tag: str) -> None:
    if tag in BLOCK:
        lines.end(gap=tag not in _CLOSE)
        if tag == "li":
            lines.prefix = ""


def _row(row: HtmlElement) -> str | None:
    """A table row on one line; None where the table is a page's layout."""
    cells = [cell for cell in row if cell.tag in ("td", "th")]
    if len(cells) < 2 or row.find(".//tr") is not None:
        return None
    words = [one_line(cell) for cell in cells]
    return " | ".join(words) if all(len(value) <= _CELL for value in words) and any(words) else None


def own_line(element: HtmlElement) -> str:
    """The words of a block and its inline descendants, those of blocks inside it left out; a line for each <br>."""
    words = element.text or ""
    for child in element:
        tag = child.tag
        if tag in _BREAKING:
            words += _BREAK
        elif tag not in _UNSAID:
            if len(child):  # deeper than most lines
                words = _own_words(element)
                break
            if tag in _SPACED:
                words += " "
            words += child.text or ""
        words += child.tail or ""
    if words.isprintable():  # the common case: no white space but blanks, nothing invisible, no break
        return " ".join(words.split())
    if _BREAK not in words:
        return _folded(words)
    return "\n".join(line for part in words.split(_BREAK) if (line := _folded(part)))


def _own_words(element: HtmlElement) -> str:
    """The words of a block as they stand, however deep the inline elements in it are; blocks inside it are breaks."""
    pieces: list[str] = [element.text or ""]
    waiting: list[tuple[Iterator[HtmlElement], str | None]] = [(iter(element), None)]  # and what comes after them
    while waiting:
        children, after = waiting[-1]
        for child in children:
            tag = child.tag
            if tag in _BREAKING:
                pieces.append(_BREAK)
            elif tag not in _UNSAID:
                if tag in _SPACED:
                    pieces.append(" ")
                if words := child.text:
                    pieces.append(words)
                if len(child):
                    waiting.append((iter(child), child.tail))
                    break
            if words := child.tail:
                pieces.append(words)
        else:
            waiting.pop()
            if after:
                pieces.append(after)
    return "".join(pieces)


def _folded(words: str) -> str:
    """On one line: white space folded, nothing invisible."""
    plain = _blanks(words)
    return " ".join(plain.split()) if plain.isprintable() else _SPACE.sub(" ", _INVISIBLE.sub("", words)).strip()


def _blanks(words: str) -> str:
    """Words with blanks for the usual white space: what is printable then, as nearly all words are, needs no
    pattern."""
    if words.isprintable():
        return words
    for space in _USUAL:
        words = words.replace(space, " ")
    return words
