"""An element's words as a person would type them: paragraphs parted by blank lines, lists and tables kept readable."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from spiders.page import one_line

BLOCK = frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html "
    "li main menu nav ol p pre section summary table tbody td tfoot th thead tr ul caption legend option".split()
)
SKIP = frozenset("script style noscript template head svg math iframe object embed canvas map button select input textarea datalist title video audio".split())
_SPACE = re.compile(r"[ \t\r\n\f\v\xa0\u2002-\u200a\u202f\u3000]+")
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u2060\ufeff\u00ad\x00\x02-\x08\x0b\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # and what lxml cannot hold
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
                line = " ".join(line.split()) if line.isprintable() else _SPACE.sub(" ", line)
                if not line:
                    self.gap = self.gap or 0 < n < len(parts) - 1  # <br><br> parts paragraphs
                    continue
                indented = n and part.lstrip("\r\n\t ").startswith(("\u3000", "\xa0\xa0"))
                self._put(line, bool(indented))
        self.gap = self.gap or gap

    def _put(self, line: str, gap: bool) -> None:
        if self.done and (self.gap or gap):
            self.done.append("")
        self.done.append(self.prefix + line)
        self.prefix, self.gap = "", False


def text(root: HtmlElement) -> str:
    """The words of `root`: a paragraph a block, `- ` before a list item, ` | ` between the cells of a row."""
    lines = Lines()
    stack: list[tuple[HtmlElement, bool]] = [(root, False)]
    while stack:
        element, leaving = stack.pop()
        tag = element.tag
        if leaving:
            lines.end(gap=tag not in ("li", "dt", "dd", "tr"))
            if tag == "li":
                lines.prefix = ""
        elif not isinstance(tag, str) or tag in SKIP:
            pass
        elif tag == "br":
            lines.add(_BREAK)
        elif tag == "tr" and (row := _row(element)) is not None:
            lines.end(gap=False)
            lines.add(row)
            lines.end(gap=False)
        else:
            if tag in BLOCK:
                lines.end(gap=tag not in ("li", "dt", "dd", "tr", "tbody"))
                if tag == "li":
                    lines.prefix = "- "
                stack.append((element, True))
            lines.add(element.text if tag != "pre" else (element.text or "").replace("\n", _BREAK))
            for child in reversed(element):
                if child.tail:
                    stack.append((_Tail(child.tail), False))
                stack.append((child, False))
            continue
        if isinstance(element, _Tail):
            lines.add(element.words)
    lines.end(gap=False)
    return _INVISIBLE.sub("", "\n".join(lines.done))


class _Tail:
    """Words after a child, waiting their turn."""

    __slots__ = ("words",)
    tag = None

    def __init__(self, words: str) -> None:
        self.words = words


def _row(row: HtmlElement) -> str | None:
    """A table row on one line; None where the table is a page's layout."""
    cells = [cell for cell in row if cell.tag in ("td", "th")]
    if len(cells) < 2 or row.find(".//tr") is not None:
        return None
    words = [one_line(cell) for cell in cells]
    return " | ".join(words) if all(len(value) <= _CELL for value in words) and any(words) else None


def own_line(element: HtmlElement) -> str:
    """The words of a block and its inline descendants, those of blocks inside it left out; a line for each <br>."""
    pieces: list[str] = [element.text or ""]
    stack: list[HtmlElement | str] = []
    if len(element):
        _push(stack, element)
    elif pieces[0].isprintable():
        return " ".join(pieces[0].split())
    while stack:
        child = stack.pop()
        if isinstance(child, str):
            pieces.append(child)
        elif child.tag in BLOCK or child.tag == "br":
            pieces.append(_BREAK)
        elif isinstance(child.tag, str) and child.tag not in SKIP:
            pieces.append(" " if child.tag in ("span", "em", "i", "b", "small", "time", "label") else "")
            pieces.append(child.text or "")
            if len(child):
                _push(stack, child)
    words = "".join(pieces)
    if words.isprintable():  # the common case: no white space but blanks, nothing invisible, no break
        return " ".join(words.split())
    words = _INVISIBLE.sub("", words)
    if _BREAK not in words:
        return _SPACE.sub(" ", words).strip()
    lines = (_SPACE.sub(" ", line).strip() for line in words.split(_BREAK))
    return "\n".join(line for line in lines if line)


def _push(stack: list[HtmlElement | str], element: HtmlElement) -> None:
    for child in reversed(element):
        if child.tail:
            stack.append(child.tail)
        stack.append(child)
