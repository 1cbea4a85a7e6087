"""Whether a listing can be crawled: what its first two pages and three of its stories gave, and what is missing.
Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from archive.article import Article
from spiders.facts import Block, Item, Listing
from spiders.generic import events
from spiders.generic.calendar import FULL
from spiders.site import Browser

ENOUGH = 0.6  # confidence from which a listing is worth an entry
SAMPLE = 3  # stories read
_REFUSED = 0.5  # confidence at most of what cannot be right
_GAP, _PAGES_SKIPPED = 100, 5  # days, and spans of page 1, between two pages from which on something lies between them
_RECENT = 730  # days
WHOLE = frozenset({"feed", "sitemap"})  # families whose lists have no pages
_LONG = 40  # characters of a body that is more than a caption


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One story that was read, or why it could not be."""

    item: Item
    found: Article | Block | str  # str: what went wrong on the way

    @property
    def problem(self) -> str:
        """Why it is no story; empty where it is one."""
        if isinstance(self.found, str):
            return self.found
        if isinstance(self.found, Block):
            return f"{self.found.kind} ({self.found.evidence})"
        return ", ".join(self.found.problems())

    @property
    def worth(self) -> float:
        """0 to 1: half for a body, a quarter each for a title that agrees with the row's and for a date."""
        if self.problem or not isinstance(self.found, Article):
            return 0.0
        held = len(self.found.body) >= _LONG or bool(self.found.attachments or self.found.images)
        return 0.5 * held + 0.25 * agree(self.found.title, self.item.title) + 0.25 * bool(self.found.published)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What is known of one listing after trying it."""

    url: str
    section: str
    family: str
    listing: Listing
    new: int | None  # items of page 2 that page 1 had not; None where there is no page 2
    stories: tuple[Tried, ...]
    missing: tuple[str, ...]  # sentences; empty where all was found
    confidence: float  # 0 to 1
    cut: bool = False  # it looks cut off, and nothing says whether it is
    pager: str = ""  # the way to page 2 that no link names, as an entry writes it
    unstated: bool = False  # that it holds more its own page does not say
    browser: Browser = "none"  # what of it a browser has to draw
    select: dict[str, str] = field(default_factory=dict)  # selectors without which it does not hold

    @property
    def dated(self) -> int:
        """Items whose row shows a date."""
        return sum(1 for item in self.listing.items if item.day)

    @property
    def holds(self) -> bool:
        """Whether the listing may be written into sites.toml."""
        return self.confidence >= ENOUGH

    def as_dict(self) -> dict[str, Any]:
        """For JSON: what was tried, what it gave, and what is missing."""
        return {
            "url": self.url,
            "section": self.section,
            "family": self.family,
            "holds": self.holds,
            "confidence": self.confidence,
            "items": len(self.listing.items),
            "dated": self.dated,
            "older": self.listing.older,
            "new_on_page_2": self.new,
            "unfollowed": self.listing.unfollowed,
            "pager": self.pager or None,
            "browser": self.browser,
            "missing": list(self.missing),
            "stories": [
                {"url": one.item.url, "title": one.item.title, "problem": one.problem or None} for one in self.stories
            ],
        }


def sample(listing: Listing) -> list[Item]:
    """The stories to try: own pages spread over the list, none of them sticky where others are."""
    own = [item for item in listing.items if item.kind == "article"]
    own = [item for item in own if not item.sticky] or own
    if len(own) <= SAMPLE:
        return own
    return [own[0], own[len(own) // 2], own[-1]]


def prove(
    url: str,
    section: str,
    family: str,
    first: Listing | Block | str,
    second: Listing | Block | str | None,
    stories: Sequence[Tried],
    at: datetime | None = None,
    *,
    third: Listing | Block | str | None = None,
    whole: bool = False,
) -> Proof:
    """Weigh what was read; a str stands for a page that could not be fetched. `at`: when, by which dates are judged;
    `third`: page 3, to which a link of page 2 leads; `whole`: the rest of the site knows no more of its stories than
    the listing shows."""
    listing = shown = first if isinstance(first, Listing) else Listing()
    cut = False
    missing: list[str] = []
    new = None
    if not isinstance(first, Listing):
        missing.append(f"the listing: {_why(first)}")
    elif not listing.items:
        missing.append("items: the page shows no list that is one beyond doubt")
    elif second is not None:
        known = {item.url for item in listing.items}
        if isinstance(second, Listing):
            new = sum(1 for item in second.items if item.url not in known)
        if not new:
            none = "it repeats page 1" if isinstance(second, Listing) and second.items else "it shows no items"
            missing.append(f"page 2 ({listing.older}): {none if isinstance(second, Listing) else _why(second)}")
    elif (
        not listing.unfollowed
        and family not in WHOLE
        and not whole
        and at is not None
        and second is None
        and cut_off(listing, at, stories)
    ):
        cut = True
        short = f"it shows {len(listing.items)} items and none older than two years, as a page that was cut off does"
        listing = replace(
            listing, unfollowed=f"{short}, and neither it nor the rest of the site says that these are all"
        )
    if listing.unfollowed:
        missing.append(f"older items: {listing.unfollowed}")
    elif new and isinstance(second, Listing):
        missing += half_way(listing, second, third)
    if isinstance(second, Listing) and new and (wrong := order(listing.items, second.items, at)):
        missing.append(f"page 2 ({listing.older}): {wrong}")
    most = 1.0
    if isinstance(second, Listing) and second.items and not new:
        most = _REFUSED
    if events.are([item.url for item in listing.items], [item.day for item in listing.items], at) and not wanted(
        section, url
    ):
        missing.append("news: these are events, by their addresses or by dates that lie ahead")
        most = _REFUSED
    if not stories and any(item.kind == "external" for item in listing.items):
        missing.append("stories: its items lie on other sites; they become rows without text")
    if words := one_for_all(stories):
        missing.append(f"stories: all {len(stories)} pages say the same: {words}")
        most = _REFUSED
    missing += [f"story {one.item.url}: {one.problem}" for one in stories if one.problem]
    if (
        stories
        and not any(isinstance(one.found, Article) and one.found.published for one in stories)
        and not any(item.day for item in listing.items)
    ):
        missing.append("dates: neither rows nor stories show one")
    return Proof(
        url=url,
        section=section,
        family=family,
        listing=listing,
        new=new,
        stories=tuple(stories),
        missing=tuple(missing),
        cut=cut,
        confidence=round(min(most, _confidence(shown, second is not None, new, stories)), 2),
    )


def half_way(first: Listing, second: Listing, third: Listing | Block | str | None) -> list[str]:
    """Why a walk that comes to page 2 does not come to the end, in a sentence; none where nothing says so."""
    if second.unfollowed and not second.older:
        return [f"older items: {second.unfollowed}"]
    if third is None:
        return []
    if not isinstance(third, Listing):
        return [f"page 3 ({second.older}): {_why(third)}"]
    if not third.items:
        return [f"page 3 ({second.older}): it shows no items"]
    shown = {item.url for item in (*first.items, *second.items)}
    if all(item.url in shown for item in third.items):
        return [f"page 3 ({second.older}): it shows nothing that pages 1 and 2 have not"]
    return [f"older items: {third.unfollowed}"] if third.unfollowed and not third.older else []


def order(first: Sequence[Item], second: Sequence[Item], at: datetime | None, *, strict: bool = False) -> str:
    """What is odd about the dates of page 2 beside those of page 1, in words; empty where they follow, or are not
    known."""
    shown = {item.url for item in first}
    one, two = (
        sorted(events.days([item.day for item in items if not item.sticky], at))
        for items in (first, [item for item in second if item.url not in shown])
    )
    if strict and one and two and two[len(two) // 2] > one[len(one) // 2]:  # nothing but its dates says that it follows
        return f"it is newer than page 1 ({two[-1]} beside {one[-1]})"
    if len(one) < 3 or len(two) < 3:
        return ""
    if two[len(two) // 2] > one[-1]:
        return f"it is newer than page 1 ({two[-1]} after {one[-1]})"
    gap, span = (one[0] - two[-1]).days, (one[-1] - one[0]).days
    if gap > max(_GAP, _PAGES_SKIPPED * span):
        return (
            f"it begins {gap} days before page 1 ends ({two[-1]}, {one[0]}), as if pages between them had been passed"
            " over"
        )
    return ""


def cut_off(listing: Listing, at: datetime, stories: Sequence[Tried] = ()) -> bool:
    """Whether a list without a way on looks like a first page: a full round number of rows, none older than two
    years by its rows or, where these show no days, by its last story. One that counts itself knows that it is all."""
    rows = [item for item in listing.items if not item.sticky]
    if len(rows) not in FULL or listing.total == len(listing.items):
        return False
    known = events.days([item.day for item in rows], at)
    if not known and stories and isinstance(last := stories[-1].found, Article) and last.published:
        known = events.days([last.published] * len(rows), at)
    return len(known) == len(rows) and (at.date() - min(known)).days < _RECENT


def full(listing: Listing) -> bool:
    """Whether a list has a round number of rows, as a page has that was cut off."""
    return sum(1 for item in listing.items if not item.sticky) in FULL


def alike(held: Sequence[Proof]) -> list[Proof]:
    """Lists that look cut off, weighed by the others of their site: as many rows as another that looks so are the
    length of a page there; one of which other lists hold all is a choice of them; where another is turned over by
    links, and holds other numbers of rows, the site would have linked page 2 of this one as well."""
    lengths = Counter(len(proof.listing.items) for proof in held if proof.cut)
    paged = {
        (proof.family, len(proof.listing.items))
        for proof in held
        if proof.new and proof.listing.older and not proof.pager
    }
    elsewhere = {
        item.url for proof in held if not (proof.cut or proof.listing.unfollowed) for item in proof.listing.items
    }
    found = []
    for proof in held:
        rows = len(proof.listing.items)
        if proof.cut and all(item.url in elsewhere for item in proof.listing.items):
            proof = _said(proof, None)
        elif proof.cut and lengths[rows] > 1:
            said = (
                f"it shows {rows} items, none older than two years, as another list of the site does: so long is a page"
            )
            proof = _said(proof, said)
        elif proof.cut and any(family == proof.family for family, _ in paged) and (proof.family, rows) not in paged:
            proof = _said(proof, None)
        found.append(proof)
    return found


def _said(proof: Proof, unfollowed: str | None) -> Proof:
    """A proof with another reason why its list may hold more, or with none."""
    others = tuple(one for one in proof.missing if one != f"older items: {proof.listing.unfollowed}")
    listing = replace(proof.listing, unfollowed=unfollowed)
    missing = (*others, f"older items: {unfollowed}") if unfollowed else others
    return replace(proof, listing=listing, missing=missing, unstated=bool(unfollowed))


def one_for_all(stories: Sequence[Tried]) -> str:
    """The words with which several addresses all answer, none by its row's headline; empty where their texts or
    headlines differ."""
    read = [(one.found, one.item) for one in stories if isinstance(one.found, Article) and not one.problem]
    if len(read) < 2 or len(read) < len(stories) or any(agree(found.title, item.title) for found, item in read):
        return ""
    bodies, titles = {found.body for found, _ in read}, {found.title for found, _ in read}
    unnamed = not any(item.title for _, item in read)  # a sitemap's rows: the headlines have nothing to agree with
    if (len(bodies) > 1 and len(titles) > 1) or (unnamed and len(titles) == len(read)):
        return ""
    return f"{read[0][0].title}: {' '.join(read[0][0].body.split())}"[:80]


def wanted(section: str, url: str) -> bool:
    """Whether events are what was asked for: the section's name, or the listing's address, says so."""
    return events.address(url) and bool(re.search(r"event|veranstaltung|agenda|calend|活动|讲座|预告", section, re.I))


def _confidence(listing: Listing, paged: bool, new: int | None, stories: Sequence[Tried]) -> float:
    """Items .3, dates .15, page 2 .15, stories .4; nothing without items or where no story can be read."""
    items = listing.items
    if not items:
        return 0.0
    # a list of links elsewhere may be worth its rows
    read = sum(one.worth for one in stories) / len(stories) if stories else 0.3
    if stories and not read:
        return 0.2
    dated = max(
        sum(1 for item in items if item.day) / len(items),
        sum(1 for one in stories if isinstance(one.found, Article) and one.found.published) / max(1, len(stories)),
    )
    known_short = not paged and not listing.unfollowed
    pager = 1.0 if new else 0.6 if known_short else 0.0
    return 0.3 * min(1.0, len(items) / 4) + 0.15 * dated + 0.15 * pager + 0.4 * read


def _why(found: Listing | Block | str) -> str:
    if isinstance(found, Block):
        return f"{found.kind} ({found.evidence})"
    return found if isinstance(found, str) else ""


def agree(one: str, other: str) -> bool:
    """Whether two headlines are the same but for cuts, spaces and punctuation."""
    a, b = (re.sub(r"[\W_]+", "", text).lower() for text in (one, other))
    if not a or not b:
        return False
    return a in b or b in a or SequenceMatcher(None, a, b, autojunk=False).ratio() > 0.6
