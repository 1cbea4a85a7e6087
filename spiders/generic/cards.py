"""Cards of other stories inside what holds the story: elements of one make, each a linked headline and a summary."""

from __future__ import annotations

from lxml.html import HtmlElement

from spiders.generic import dates
from spiders.generic.prose import own_line
from spiders.generic.text_mass import Weighed
from spiders.page import one_line

_CARD = 900  # bytes of text that one may have
_PARAGRAPHS = 2  # that one may have
_DAY = 40  # characters before a headline in its line
_BESIDE = 6  # of them beside the day
_HEADING = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


def drop_cards(w: Weighed, begin: int, end: int, paragraphs: list[int], dropped: list[bool], enough: int) -> None:
    """Drop, among the elements from `begin` to `end`, the last that hold nothing but cards, where after them no
    paragraph stands, and the rest has more running text than they, and `enough`."""
    last = max((here for here in range(begin, end) if paragraphs[here] and not dropped[here]), default=-1)
    holder = w.parent[last] if last >= 0 else -1
    while holder > begin:
        cards = _cards(w, holder, paragraphs, dropped)
        if cards:
            stop = w.end(holder)
            mass = sum(paragraphs[here] for here in range(holder, stop) if not dropped[here])
            rest = sum(paragraphs[here] for here in range(begin, holder) if not dropped[here])
            if rest >= enough and rest > mass:
                for here in range(cards[0], stop):
                    dropped[here], paragraphs[here] = True, 0
            return
        holder = w.parent[holder]


def _cards(w: Weighed, holder: int, paragraphs: list[int], dropped: list[bool]) -> list[int]:
    """The children of an element, where two or more are cards of one make and no other has a paragraph."""
    here, stop = holder + 1, w.end(holder)
    cards: list[int] = []
    makes: set[tuple[str, str]] = set()
    while here < stop:
        after = w.end(here)
        if w.total[here] and not dropped[here] and w.elements[here].tag not in _HEADING:
            if _is_card(w, here, after, paragraphs):
                cards.append(here)
                makes.add((w.elements[here].tag, (w.elements[here].get("class") or " ").split(" ")[0]))
            elif any(paragraphs[here:after]):
                return []
        here = after
    return cards if len(cards) > 1 and len(makes) == 1 else []


def _is_card(w: Weighed, here: int, stop: int, paragraphs: list[int]) -> bool:
    """Whether an element begins with a headline that is a link, and a paragraph or two follow that have none."""
    if not 0 < w.links[here] < w.total[here] <= _CARD:
        return False
    if w.text[here] and _is_row(w.elements[here]):
        return True
    said = [one for one in range(here, stop) if w.text[one]]
    own = [one for one in said if paragraphs[one]]
    if not 1 <= len(own) <= _PARAGRAPHS or any(w.linked[one] for one in own):
        return False
    return any(w.linked[one] == w.text[one] for one in said if one < own[0])


def _is_row(element: HtmlElement) -> bool:
    """Whether a block is a day, a headline that is a link, and below it a summary, as lists of Bitrix have them."""
    link = next(element.iter("a"), None)
    first, _, summary = own_line(element).partition("\n")
    if link is None or not summary or not (headline := one_line(link)) or not first.endswith(headline):
        return False
    before = first[: -len(headline)]
    return 0 < len(before) <= _DAY and (span := dates.span(before)) > 0 and len(before) - span <= _BESIDE
