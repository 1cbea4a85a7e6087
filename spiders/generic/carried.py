"""The story of a page whose HTML holds none, in the data that its scripts carry: `__NEXT_DATA__`, `self.__next_f`,
`__NUXT__`, `__INITIAL_STATE__` and whatever else writes a story as a string of HTML or a list of paragraphs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import escape
from typing import Any

from lxml.html import HtmlElement

from archive.patterns import deferred
from spiders.data_pages import fragment, string
from spiders.generic import embedded
from spiders.page import Page, one_line

_LEAST = 400  # bytes of words that make a story
_LARGE = 3_000_000  # characters of scripts that are looked through
# a string where a value may stand
_LITERAL = deferred(
    r"""
    [:,(=\[+]\s{0,9}(?:  # what stands before a value
        # a string in any of three quotes
        "((?:[^"\\]|\\.){150,})"|\'((?:[^\'\\\n]|\\.){150,})\'|`((?:[^`\\]|\\.){150,})`
    )(?=\s{0,9}[,)}\];+])  # what stands behind it
    """,
    re.S | re.X,
)
_PUSHED = deferred(r"self\.__next_f\.push\(\s*\[\s*\d+\s*,\s*\"((?:[^\"\\]|\\.)*)\"")
_TEXT_ROW = deferred(r"(?:^|\n|(?<=[\"\]}>]))[0-9a-f]{1,4}:T([0-9a-f]{1,6}),")  # React's long strings: their bytes
_TAGGED = deferred(r"<(?:p|div|br|section|h[2-6]|span)\b[^>]{0,400}>", re.I)
_DATA = deferred(r'^\s{0,9}[\[{]|"\s{0,9}:\s{0,9}"')  # JSON in a string
_SENTENCE = deferred(r"[.!?。！？…।](?:\s|$|[\"”’」』])|[。！？]")
_PARAGRAPHS = ("html", "text", "content", "value", "paragraph", "body")
_DEEP = 14  # levels of data that are searched
_WORD = deferred(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]{2}|[^\W\d_]{4,}")
_SIMPLE = deferred(r"\\(?:u\{?([0-9a-fA-F]{4,6})\}?|x([0-9a-fA-F]{2})|(.))", re.S)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "", "f": "", "\n": ""}


def find(page: Page, title: str) -> HtmlElement | None:
    """The longest text of the page's scripts that speaks of what its title or description says."""
    known = set(_WORD.findall(f"{title} {page.meta('og:description', 'description')}".lower()))
    best, most = None, _LEAST
    for html in _texts(page):
        body = fragment(html)
        words = one_line(body) if body is not None else ""
        size = len(words.encode("utf-8", "replace"))
        if size > most and _SENTENCE.search(words) and _speaks_of(known, words.lower()):
            best, most = body, size
    return best


def _speaks_of(known: set[str], words: str) -> bool:
    return bool(known) and sum(word in words for word in known) * 3 > len(known)


def _texts(page: Page) -> Iterator[str]:
    """HTML of every string and every list of paragraphs that may be a story."""
    left = _LARGE
    pushed: list[str] = []
    for script in page.tree.iter("script"):
        text = script.text or ""
        if script.get("src") or (left := left - len(text)) < 0:
            continue
        if parts := _PUSHED.findall(text):
            pushed += map(_decoded, parts)
        else:
            yield from _literals(text, 2)
    if pushed:
        stream = "".join(pushed)
        for row in _TEXT_ROW.finditer(stream):
            size = int(row[1], 16)
            yield _as_html(
                stream[row.end() : row.end() + size].encode("utf-8", "replace")[:size].decode("utf-8", "ignore")
            )
        yield from _literals(stream, 2)
    for value in embedded.values(page):
        yield from _lists(value, 0)


def _literals(script: str, depth: int) -> Iterator[str]:
    """Long strings of a script, those in strings too."""
    for literal in _LITERAL.finditer(script):
        text = _decoded(literal[1] or literal[2] or literal[3])
        if depth and _DATA.search(text):
            yield from _literals(text, depth - 1)
        elif _TAGGED.search(text) or len(text.encode("utf-8", "replace")) >= _LEAST:
            yield _as_html(text)


def _decoded(literal: str) -> str:
    """What a string of JSON or JavaScript says; halves of characters that do not make one are left out."""
    if "\\" not in literal:
        return literal
    try:
        text = str(json.loads(f'"{literal}"', strict=False))
    except ValueError:
        text = _SIMPLE.sub(_said, literal)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")


def _said(escaped: re.Match[str]) -> str:
    if code := escaped[1] or escaped[2]:
        return chr(int(code, 16)) if int(code, 16) <= 0x10FFFF else ""
    return _ESCAPES.get(escaped[3], escaped[3])


def _as_html(text: str) -> str:
    """A string that is HTML as it is, once more unescaped where it is escaped; of another its lines as paragraphs."""
    if _TAGGED.search(text):
        return text
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    return "".join(f"<p>{escape(line, quote=False)}</p>" for line in lines)


def _lists(value: Any, depth: int) -> Iterator[str]:
    """Lists of objects that each hold a paragraph."""
    if depth > _DEEP:
        return
    if isinstance(value, list):
        told = [words for one in value if isinstance(one, dict) and (words := _paragraph(one))]
        if len(told) >= 3 and sum(map(len, told)) >= _LEAST // 3:
            yield "".join(words if _TAGGED.match(words) else f"<p>{words}</p>" for words in told)
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        if isinstance(one, (dict, list)):
            yield from _lists(one, depth + 1)


def _paragraph(record: dict[str, Any]) -> str:
    """Its words as HTML; empty for an object with a heading or an address of its own, which lists another story."""
    if any(string(record, key) for key in ("headline", "url", "href", "slug", "permalink")):
        return ""
    for key in _PARAGRAPHS:
        words = string(record, key)
        if words:
            return words if key == "html" or "<" in words else escape(words, quote=False)
        if isinstance(inner := record.get(key), list):
            spans = [string(one, "text") or string(one, "value") for one in inner if isinstance(one, dict)]
            if joined := "".join(spans):
                return escape(joined, quote=False)
    return ""
