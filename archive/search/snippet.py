"""The passage of a text that shows best why it was found."""

from __future__ import annotations

from unicodedata import east_asian_width

from archive.search.query_tokens import Parts

WIDTH = 160  # columns of a terminal: 80 Chinese characters, 160 Latin letters
_LEAD = 30  # columns before the first hit


def snippet(parts: Parts, width: int = WIDTH) -> Parts:
    """About `width` columns of the text with the most hits in them, on one line; an ellipsis where it was cut."""
    text = "".join(piece for piece, _ in parts)
    hits = _hits(parts)
    first = min((max(hits, key=lambda hit: (_within(hits, hit[0], width), -hit[0]))[0] if hits else 0), len(text))
    begin = _start(text, first)
    end = _reach(text, begin, width)
    shown = [(" ".join(("|" + text[a:b] + "|").split())[1:-1], hit) for a, b, hit in _cut(hits, begin, end)]
    return (
        [("…", False)] * (begin > 0) + [part for part in shown if part[0]] + [("…", False)] * (end < len(text.rstrip()))
    )


def plain(parts: Parts) -> str:
    """The text of parts, marks left out."""
    return "".join(piece for piece, _ in parts)


def _hits(parts: Parts) -> list[tuple[int, int]]:
    found, place = [], 0
    for piece, hit in parts:
        if hit:
            found.append((place, place + len(piece)))
        place += len(piece)
    return found


def _within(hits: list[tuple[int, int]], begin: int, width: int) -> int:
    """Hits that lie wholly in the `width` characters after `begin`; half that counts where text is Chinese, near
    enough."""
    return sum(1 for start, end in hits if begin <= start and end <= begin + width // 2)


def _columns(character: str) -> int:
    return 2 if east_asian_width(character) in "WF" else 1


def _start(text: str, first: int) -> int:
    """A little before the first hit, at the start of a word or a sentence."""
    begin, left = first, _LEAD
    while begin > 0 and left > 0:
        begin -= 1
        left -= _columns(text[begin])
    if begin == 0:
        return 0
    lead = text[begin:first]
    for stop in "。！？\n":
        if stop in lead:
            return begin + lead.rindex(stop) + 1
    return begin + lead.index(" ") + 1 if " " in lead and lead[0].isascii() else begin


def _reach(text: str, begin: int, width: int) -> int:
    end = begin
    while end < len(text) and width > 0:
        width -= _columns(text[end])
        end += 1
    if end < len(text) and text[end - 1].isascii() and text[end].isascii() and text[end].isalnum():
        space = text.rfind(" ", begin + (end - begin) // 2, end)
        return space if space > 0 else end
    return end


def _cut(hits: list[tuple[int, int]], begin: int, end: int) -> list[tuple[int, int, bool]]:
    """`begin` to `end` as spans that are hits or not."""
    spans, place = [], begin
    for start, stop in hits:
        start, stop = max(start, begin), min(stop, end)
        if start < stop:
            spans += [(place, start, False), (start, stop, True)]
            place = stop
    return [*spans, (place, end, False)]
