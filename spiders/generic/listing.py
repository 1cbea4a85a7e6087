"""The items of a listing on a site nobody described: repeated rows with one headline each, scored by their evidence.

Rows are elements of one tag under containers of one kind (the path of tags and classes); the evidence is dates in the
rows, addresses that look like articles', headlines of some length, and a place outside menus and side columns. Where
it is weak the Listing is empty: `no_items` is reported, nothing is guessed.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from archive.patterns import deferred
from spiders.facts import Item, ItemKind, Listing
from spiders.generic import claims, embedded, events, pager, wares
from spiders.generic.rows import FILES, Link, Row, extend, links, row, shape
from spiders.page import Page, one_line
from spiders.site import same_domain

_ASIDE_TAGS = frozenset({"nav", "aside", "footer", "header", "select", "menu"})
_ASIDE = deferred(
    r"""
    (?:^|[\s_-])(?:
        nav\w*|menu\w*|foot\w*|bottom|aside|side(?:bar|nav|menu)?|leftnav|crumbs?  # ways around the site
        |breadcrumbs?|hot\w*|rank\w*|paihang|related|recommend\w*|tuijian|popular  # what others read
        |trending|most-?read|links?|friend\w*|youqing|tags?|tagcloud|calendar|archives?
        # pages of lists, networks, what slides
        |pager|pagination|page_?nav|share|social|login|slider?|swiper|banner|carousel
        |flexslider
    )(?:$|[\s_\d-])
    """,
    re.I | re.X,
)
# said of friends' sites and old months, and of lists of news
_SOFT = deferred(r"(?:^|(?<=[\s_-]))(?:links?|archives?)(?=$|[\s_-])", re.I)
_ASIDE_WORDS = deferred(
    r"""
    ^(?:
        热[点门]\S{0,4}|最热\S{0,4}|点击排行\S{0,2}|\S{0,4}排行榜?|推荐\S{0,4}  # hottest, ranked, recommended
        |相关\S{0,4}|友情链接  # related, friends' sites
        |most\ (?:popular|read|viewed)|trending\S*|popular\S*(?:\ \w+)?|related\b.{0,20}  # English
        |you\ may\ also\ like|recommended.{0,10}|upcoming\ events?|events?\ calendar
    )$
    """,
    re.I | re.X,
)
_FEW = 3  # rows below which a list must prove itself by dates and addresses both
_LEADS = 5  # stories that stand above a list in a larger form, at most
_UP = 4  # steps from a row to what holds both
_BETWEEN = 2  # elements from their block to the list's


@dataclass(slots=True, eq=False)
class _Group:
    """Rows that stand in containers of one kind."""

    rows: list[Row]
    depth: int
    aside: bool
    soft: bool = False  # aside by no more than a name that lists of news bear as well
    score: float = 0.0

    @property
    def dated(self) -> float:
        return sum(1 for found in self.rows if found.date) / len(self.rows)

    @property
    def stories(self) -> float:
        return sum(1 for found in self.rows if found.story) / len(self.rows)

    @property
    def title(self) -> float:
        return sum(min(found.weight, 60) for found in self.rows) / len(self.rows)


def find(page: Page) -> Listing:
    """Items in page order and the way to older ones; empty where no list on the page is one beyond doubt."""
    groups = _groups(page)
    best = max(groups, key=lambda group: (group.score, -group.depth), default=None)
    if best is None or not _convincing(best, groups, page):
        carried = embedded.items(page)
        return Listing(items=carried, older=pager.older(page, carried) if carried else None)
    rows = _kept(best)
    rows += _featured(rows, best, groups)
    rows += _columns(rows, best, groups, page)
    order = {element: n for n, element in enumerate(page.tree.iter())}
    rows.sort(key=lambda found: order.get(found.element, 0))
    items = _items(rows, page)
    older = pager.older(page, items)
    if older is None:
        items = _carried(page, items)
    words = " ".join(page.tree.xpath("//body//text()[not(parent::script or parent::style)]"))
    return Listing(items=items, older=older, total=claims.total(words), pages=claims.pages(words))


def _groups(page: Page) -> list[_Group]:
    """Every set of rows that could be a list, scored."""
    below: dict[HtmlElement, list[Link]] = defaultdict(list)
    for link in links(page):
        element: HtmlElement | None = link.element
        while element is not None and element.tag != "body":
            below[element].append(link)
            element = element.getparent()
    kinds: dict[HtmlElement, tuple[int, bool, int]] = {}  # element -> number of its path, aside, depth
    numbers: dict[tuple[int, str, str], int] = {}
    sets: dict[tuple[int, str], list[HtmlElement]] = defaultdict(list)
    aside: dict[tuple[int, str], bool] = {}
    depths: dict[tuple[int, str], int] = {}

    def kind(element: HtmlElement | None) -> tuple[int, bool, int]:
        if element is None:
            return -1, False, 0
        if element not in kinds:
            number, beside, depth = kind(element.getparent())
            names = f"{element.get('class') or ''} {element.get('id') or ''}"
            beside = (
                beside
                or element.tag in _ASIDE_TAGS
                or (element.tag not in ("body", "html") and bool(_ASIDE.search(names)))
            )
            key = (number, str(element.tag), _folded(element.get("class")))
            kinds[element] = (numbers.setdefault(key, len(numbers)), beside, depth + 1)
        return kinds[element]

    for element in below:  # a row that holds every link of the page is no row; the order is that of first links
        number, beside, depth = kind(element.getparent())
        key = (number, str(element.tag))
        sets[key].append(element)
        aside[key], depths[key] = beside, depth
    found = []
    for key, elements in sets.items():
        rows = [made for element in elements if (made := row(element, below[element]))]
        pure = [made for made in rows if made.pure and made.weight >= 8]
        if not pure or len(pure) < 0.7 * len(rows):
            continue
        extend(pure)
        group = _Group(_once(pure), depths[key], aside[key] or _under_aside_words(pure[0].element))
        group.soft = group.aside and _soft(pure[0].element)
        purity = len(pure) / len(rows)
        group.score = (
            len(group.rows) ** 0.5
            * (2 * group.dated + group.stories)
            * min(1.0, group.title / 30)
            * purity**2
            * (0.25 if group.aside else 1.0)
        )
        if not events.address(page.url) and events.are(
            [one.link.url for one in group.rows], [one.date for one in group.rows], page.fetched
        ):
            group.score *= 0.2  # beside news; alone they are listed, and a proof says what they are
        found.append(group)
    return found


def _soft(element: HtmlElement) -> bool:
    """Whether nothing but a class of links or archives sets a list aside."""
    for up in element.iterancestors():
        names = _SOFT.sub(" ", f"{up.get('class') or ''} {up.get('id') or ''}")
        if up.tag in _ASIDE_TAGS or (up.tag not in ("body", "html") and _ASIDE.search(names)):
            return False
    return not _under_aside_words(element)


def _folded(names: str | None) -> str:
    """Classes that say what an element is, not which one of its kind."""
    kept = {re.sub(r"\d+", "", name) for name in (names or "").lower().split()}
    return " ".join(
        sorted(
            kept
            - {
                "first",
                "last",
                "odd",
                "even",
                "active",
                "current",
                "cur",
                "on",
                "top",
                "new",
                "hot",
                "sticky",
                "clearfix",
                "",
            }
        )
    )


def _under_aside_words(element: HtmlElement) -> bool:
    """Whether the list stands under words such as 'Most popular' or 热点新闻."""
    for _ in range(4):
        parent = element.getparent()
        if parent is None or parent.tag == "body":
            return False
        for before in element.itersiblings(preceding=True):
            text = one_line(before) if isinstance(before.tag, str) else ""
            if text:
                if len(text) < 30 and _ASIDE_WORDS.search(text):
                    return True
                break
        element = parent
    return False


def _once(rows: Sequence[Row]) -> list[Row]:
    """Rows by address, the first of each."""
    kept: dict[str, Row] = {}
    for found in rows:
        kept.setdefault(found.link.url, found)
    return list(kept.values())


def _convincing(best: _Group, groups: Sequence[_Group], page: Page) -> bool:
    """Dates and headlines make a list; without dates only addresses of articles under long headlines do."""
    count = len(best.rows)
    borrowed = sum(1 for found in best.rows if found.borrowed) * 2 > count
    if (best.aside and best.dated < 0.9 and not (best.soft and count >= 5 and best.stories == 1)) or (
        borrowed and best.dated < 0.6
    ):
        return False
    texts = [f"{one_line(found.element)} {one_line(found.link.element)}" for found in best.rows]
    if wares.priced(texts):
        return False
    if best.dated >= 0.6:
        if count >= _FEW:
            return best.title >= (10 if best.dated >= 0.9 and best.stories >= 0.8 else 14) and (
                best.stories >= 0.3 or best.dated >= 0.8
            )
        return not best.aside and best.dated == 1 and best.title >= 12 and best.stories >= 0.5
    if wares.looked_up(page.url) or wares.are([found.link.url for found in best.rows], texts):
        return False
    # forms to download are no news
    pages = sum(1 for found in best.rows if found.story and not FILES.search(found.link.url)) / count
    return (best.soft or not best.aside) and count >= 4 and pages >= 0.75 and best.title >= 20


def _kept(best: _Group) -> list[Row]:
    """The rows without those that only share the container: undated ones among dated whose addresses are of another
    shape."""
    if best.dated < 0.6:
        return [found for found in best.rows if found.story]
    shapes = Counter(shape(found.link.url) for found in best.rows if found.date)
    return [found for found in best.rows if found.date or shapes[shape(found.link.url)]]


def _featured(rows: Sequence[Row], best: _Group, groups: Sequence[_Group]) -> list[Row]:
    """Leading stories that the same list shows in a larger form, above its rows: same shape of address, dated as they
    are."""
    shapes = Counter(shape(found.link.url) for found in rows)
    common = {kind for kind, count in shapes.items() if count * 2 >= len(rows)}
    taken = {found.link.url for found in rows}
    container = rows[0].element.getparent() if rows else None
    near = [
        parent
        for parent in (container, *(list(container.iterancestors())[:2] if container is not None else []))
        if parent is not None and parent.tag not in ("body", "html")
    ]
    added: dict[str, Row] = {}
    for group in sorted(groups, key=lambda group: group.depth):
        if group is best or group.aside or len(group.rows) > 3 or len(group.rows) >= len(rows):
            continue
        for found in group.rows:
            inside = any(parent in near for parent in found.element.iterancestors())
            if (
                inside
                and found.link.url not in taken
                and shape(found.link.url) in common
                and (bool(found.date) or best.dated < 0.6)
            ):
                added.setdefault(found.link.url, found)
    for found in _leading(rows, best, groups):
        if found.link.url not in taken and shape(found.link.url) in common:
            added.setdefault(found.link.url, found)
    return list(added.values())


def _leading(rows: Sequence[Row], best: _Group, groups: Sequence[_Group]) -> Iterator[Row]:
    """Stories in a few large cards right above a list, in a block of their own."""
    if not rows or best.aside:
        return
    above = list(rows[0].element.iterancestors())
    for group in groups:
        if group is best or group.aside or len(group.rows) > _LEADS or len(group.rows) >= len(rows):
            continue
        block, upper = group.rows[0].element, None
        for up in group.rows[0].element.iterancestors():
            if up in above:
                upper = up
                break
            block = up
        at = above.index(upper) if upper is not None else 0
        own = above[at - 1] if at else rows[0].element
        if upper is None or at > _UP or own.getparent() is not upper:
            continue
        between = upper.index(own) - upper.index(block)
        if 0 < between <= _BETWEEN:
            yield from (found for found in group.rows if found.date or found.story)


def _carried(page: Page, items: tuple[Item, ...]) -> tuple[Item, ...]:
    """What the page's data holds, where that is all that it shows and more: a script draws the rest on demand."""
    carried = embedded.items(page)
    known = {item.url for item in carried}
    return carried if len(known) > len(items) and all(item.url in known for item in items) else items


def _columns(rows: Sequence[Row], best: _Group, groups: Sequence[_Group], page: Page) -> list[Row]:
    """The rows of other lists of the same make that stand beside this one, as columns of news and of notices do; on a
    page that leads no further, for a pager belongs to one of them."""
    taken, make = {found.link.url for found in rows}, _make(best)
    others = [
        group
        for group in groups
        if group is not best
        and not group.aside
        and len(group.rows) >= _FEW
        and min(group.dated, group.stories) >= 0.8
        and _make(group) == make
        and not events.are([one.link.url for one in group.rows], [one.date for one in group.rows], page.fetched)
        and not any(found.link.url in taken for found in group.rows)
    ]
    added: dict[str, Row] = {}
    for group in others:
        for found in group.rows:
            added.setdefault(found.link.url, found)
    return list(added.values()) if added and best.dated >= 0.8 and pager.older(page, _items(rows, page)) is None else []


def _make(group: _Group) -> tuple[str, ...]:
    """Tags and classes of what holds the rows of a group, of the rows and of what is in them."""
    row = group.rows[0].element
    holder = row.getparent()
    parts = (holder if holder is not None else row, *row.iter("*"))
    return tuple(f"{part.tag}.{_folded(part.get('class'))}" for part in parts)


def _items(rows: Sequence[Row], page: Page) -> tuple[Item, ...]:
    own = urlsplit(page.url).hostname or ""
    items = []
    for found in rows:
        url = found.link.url
        kind: ItemKind = "article"
        if FILES.search(url):
            kind = "file"
        elif not same_domain(urlsplit(url).hostname or "", own):
            kind = "external"
        items.append(Item(url=url, title=found.title, date=found.date, kind=kind, sticky=found.sticky))
    return tuple(items)
