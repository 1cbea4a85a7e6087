"""Addresses from the patterns of routes."""

from __future__ import annotations


def filled(pattern: str, fill: dict[str, str]) -> str:
    """A pattern with its named parts filled in."""
    out, at = "", 0
    while (begin := pattern.find("(?P<", at)) >= 0:
        out += pattern[at:begin]
        name = pattern[begin + 4 : pattern.index(">", begin)]
        depth, end = 0, begin
        while True:
            depth += {"(": 1, ")": -1}.get(pattern[end], 0) if pattern[end - 1] != "\\" else 0
            end += 1
            if depth == 0:
                break
        out, at = out + fill[name], end
    return (out + pattern[at:]).replace("\\", "").removesuffix("$")
