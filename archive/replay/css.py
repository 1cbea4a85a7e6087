"""Addresses in style sheets: every url(), @import and image-set string, and nothing in comments or other strings."""

from __future__ import annotations

import re
from collections.abc import Callable

from archive.address import join
from archive.patterns import deferred

_STRING = r""""(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'"""
_TOKENS = deferred(
    rf"""(?P<comment>/\*.*?(?:\*/|$)|<!--|-->)
    |(?P<import>@import\s+)(?P<imported>{_STRING})
    |(?P<url>\b(?:url|src)\(\s*)(?P<address>{_STRING}|(?:\\[0-9a-f]{{1,6}}\s?|\\.|[^"'()\\\s])*)\s*\)
    |(?P<set>\b(?:-webkit-)?image-set\()(?P<images>(?:{_STRING}|[^()"']|\([^()]*\))*)\)
    |(?P<string>{_STRING})""",
    re.I | re.S | re.X,
)
_ESCAPE = deferred(r"\\(?:([0-9a-fA-F]{1,6})\s?|\r?\n|(.))", re.S)
_CHARSET = deferred(r'\s*@charset\s+"[^"]*"\s*;', re.I)


def rewrite(css: str, base: str, url_for: Callable[[str], str]) -> str:
    """The style sheet with each absolute address put through `url_for`; one that is no address at all becomes empty."""

    def one(match: re.Match[str]) -> str:
        kind = match.lastgroup
        if match["import"]:
            return f"{match['import']}{_quoted(_address(match['imported'], base, url_for))}"
        if match["url"]:
            return f"url({_quoted(_address(match['address'], base, url_for))})"
        if match["set"]:
            inner = rewrite(match["images"], base, url_for)
            images = re.sub(rf"(?<!url\(){_STRING}", lambda found: _quoted(_address(found[0], base, url_for)), inner)
            return f"{match['set']}{images})"
        assert kind in ("comment", "string")
        return match[0]

    return _TOKENS.sub(one, _CHARSET.sub("", css, count=1))


def _address(token: str, base: str, url_for: Callable[[str], str]) -> str:
    if token[:1] in ("'", '"'):
        token = token[1:-1]
    address = _ESCAPE.sub(_unescaped, token).strip()
    if not address or address.startswith(("#", "data:")):  # a part of this document, or the thing itself
        return address
    url = join(base, address)
    _, mark, part = address.partition("#")
    return url_for(url + mark + part) if url else ""


def _unescaped(match: re.Match[str]) -> str:
    if match[1]:
        number = int(match[1], 16)
        return chr(number) if 0 < number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"
    return match[2] or ""


def _quoted(address: str) -> str:
    escaped = address.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "").replace("\r", "").replace("\f", "")
    return '"' + escaped.replace("<", "\\3c ") + '"'
