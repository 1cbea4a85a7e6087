"""A page's elements weighed in one pass over the parsed tree.

Text is weighed in UTF-8 bytes: a Han character says about as much as three Latin letters, so one measure serves every
script.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml.html import HtmlElement

from spiders.generic.prose import BLOCK

_IGNORED = frozenset("script style noscript template head svg math iframe object embed canvas map select button input textarea datalist audio video link meta".split())


@dataclass(slots=True)
class Weighed:
    """The elements of a page in document order, and what hangs on them by index."""

    elements: list[HtmlElement]
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

    def index(self, element: HtmlElement | None) -> int:
        """Where an element stands; -1 if it was not weighed."""
        try:
            return -1 if element is None else self.elements.index(element)
        except ValueError:
            return -1


def weigh(root: HtmlElement) -> Weighed:
    """Weigh every element under `root`."""
    elements: list[HtmlElement] = []
    parent: list[int] = []
    texts: dict[int, int] = {}  # by block, of those that have any
    links: dict[int, int] = {}
    # what waits: an element, its parent, the block that its parent's text belongs to, whether that stands in a link
    stack: list[tuple[HtmlElement, int, int, bool]] = [(root, -1, 0, False)]
    while stack:
        element, up, block, in_link = stack.pop()
        here = len(elements)
        elements.append(element)
        parent.append(up)
        tag = element.tag
        if tag in BLOCK:
            block = here
        elif tag == "a" and up >= 0:
            in_link = True
        own = 0
        if (words := element.text) and (words := words.strip()):
            own = len(words) if words.isascii() else len(words.encode("utf-8", "replace"))
        if len(element):
            for child in reversed(element):
                tag = child.tag
                if tag.__class__ is str and tag not in _IGNORED:
                    stack.append((child, here, block, in_link))
                if (words := child.tail) and (words := words.strip()):
                    own += len(words) if words.isascii() else len(words.encode("utf-8", "replace"))
        if own:
            texts[block] = texts.get(block, 0) + own
            if in_link:
                links[block] = links.get(block, 0) + own
    text, linked = [0] * len(elements), [0] * len(elements)
    for values, found in ((text, texts), (linked, links)):
        for here, own in found.items():
            values[here] = own
    return Weighed(elements, parent, text, linked, below(parent, text), below(parent, linked))


def below(parent: list[int], values: list[int]) -> list[int]:
    """What the values of each element and of all that is in it come to."""
    total = list(values)
    for here in range(len(total) - 1, 0, -1):
        if value := total[here]:
            total[parent[here]] += value
    return total
