"""A page's elements weighed in one pass over the parsed tree.

Text is weighed in UTF-8 bytes: a Han character says about as much as three Latin letters, so one measure serves every
script.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from spiders.generic.prose import BLOCK

_IGNORED = frozenset(
    "script style noscript template head svg math iframe object embed canvas map select button input textarea datalist"
    " audio video link meta rt rp rtc".split()
) | {etree.Comment, etree.Entity, etree.ProcessingInstruction}


@dataclass(slots=True)
class Weighed:
    """The elements of a page in document order, and what hangs on them by index."""

    elements: list[HtmlElement]
    place: dict[HtmlElement | None, int]  # index by element
    parent: list[int]
    text: list[int]  # bytes of text of the element's own block, inline descendants included
    linked: list[int]  # of these, inside links
    total: list[int]  # bytes of all text below
    links: list[int]  # bytes of all linked text below

    def end(self, root: int) -> int:
        """Index after the last descendant of an element."""
        here, parent, size = root + 1, self.parent, len(self.parent)
        while here < size and parent[here] >= root:
            here += 1
        return here

    def lineage(self, here: int) -> set[int]:
        """Indexes of an element and of those that hold it; none for -1."""
        found = set()
        while here >= 0:
            found.add(here)
            here = self.parent[here]
        return found

    def index(self, element: HtmlElement | None) -> int:
        """Where an element stands; -1 if it was not weighed."""
        return self.place.get(element, -1)


def weigh(root: HtmlElement) -> Weighed:
    """Weigh every element under `root`."""
    place: dict[HtmlElement | None, int] = {root: 0}
    parent = [-1]
    holds = [0]  # by element: twice the index of the block that its text belongs to, and one more inside a link
    weights: dict[int, int] = {}  # by the same numbers
    if words := (root.text or "").strip():
        weights[0] = len(words.encode("utf-8", "replace"))
    here = 0
    for element in root.iterdescendants():
        up = place.get(element.getparent())
        if up is None:  # it stands in what is ignored
            continue
        if (words := element.tail) and (words := words.strip()):
            own = holds[up]
            weights[own] = weights.get(own, 0) + (
                len(words) if words.isascii() else len(words.encode("utf-8", "replace"))
            )
        tag = element.tag
        if tag in _IGNORED:
            continue
        here += 1
        place[element] = here
        parent.append(up)
        if tag in BLOCK:
            own = here << 1 | holds[up] & 1
        elif tag == "a":
            own = holds[up] | 1
        else:
            own = holds[up]
        holds.append(own)
        if (words := element.text) and (words := words.strip()):
            weights[own] = weights.get(own, 0) + (
                len(words) if words.isascii() else len(words.encode("utf-8", "replace"))
            )
    text, linked = [0] * len(parent), [0] * len(parent)
    for own, size in weights.items():
        text[own >> 1] += size
        if own & 1:
            linked[own >> 1] += size
    return Weighed(
        list(place), place, parent, text, linked, below(parent, text), below(parent, linked) if any(linked) else linked
    )


def below(parent: list[int], values: list[int]) -> list[int]:
    """What the values of each element and of all that is in it come to."""
    total = list(values)
    for value, up in zip(reversed(total), reversed(parent), strict=True):  # children come before their parent
        if value and up >= 0:
            total[up] += value
    return total
