"""A page's elements weighed in one pass over the parsed tree.

Text is weighed in UTF-8 bytes: a Han character says about as much as three Latin letters, so one measure serves every
script.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml.html import HtmlElement

from spiders.generic.prose import BLOCK

_IGNORED = frozenset("script style noscript template head svg math iframe object embed canvas map select button input textarea datalist audio video link meta".split())


@dataclass(slots=True)
class Weighed:
    """The elements of a page in document order, and what hangs on them by index."""

    elements: list[HtmlElement] = field(default_factory=list)
    parent: list[int] = field(default_factory=list)
    text: list[int] = field(default_factory=list)  # bytes of text of the element's own block, inline descendants included
    linked: list[int] = field(default_factory=list)  # of these, inside links
    total: list[int] = field(default_factory=list)  # bytes of all text below
    links: list[int] = field(default_factory=list)  # bytes of all linked text below

    def end(self, root: int) -> int:
        """Index after the last descendant of an element."""
        here, parent, size = root + 1, self.parent, len(self.parent)
        while here < size and parent[here] >= root:
            here += 1
        return here

    def index(self, element: HtmlElement | None) -> int:
        """Where an element stands; -1 if it was not weighed."""
        return -1 if element is None else next((n for n, one in enumerate(self.elements) if one is element), -1)


def weigh(root: HtmlElement) -> Weighed:
    """Weigh every element under `root`."""
    w = Weighed()
    elements, parent, text, linked = w.elements, w.parent, w.text, w.linked
    # what waits: an element, its parent, the block that its parent's text belongs to, whether that stands in a link
    stack: list[tuple[HtmlElement, int, int, bool]] = [(root, -1, 0, False)]
    while stack:
        element, up, block, in_link = stack.pop()
        here = len(elements)
        elements.append(element)
        parent.append(up)
        text.append(0)
        linked.append(0)
        tag = element.tag
        if tag in BLOCK:
            block = here
        elif up >= 0 and tag == "a":
            in_link = True
        words = element.text
        own = _weight(words) if words and not words.isspace() else 0
        if len(element):
            children = []
            for child in element:
                kind = child.tag
                if kind.__class__ is str and kind not in _IGNORED:
                    children.append((child, here, block, in_link))
                words = child.tail
                if words and not words.isspace():
                    own += _weight(words)
            children.reverse()
            stack.extend(children)
        if own:
            text[block] += own
            if in_link:
                linked[block] += own
    size = len(elements)
    w.total, w.links = list(text), list(linked)
    for here in range(size - 1, 0, -1):
        w.total[parent[here]] += w.total[here]
        w.links[parent[here]] += w.links[here]
    return w


def _weight(words: str) -> int:
    words = words.strip()
    return len(words) if words.isascii() else len(words.encode("utf-8", "replace"))
