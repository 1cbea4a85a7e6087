"""Items of a listing whose links a family names: each link's row is found, and its title, date and kind read from
it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from archive.patterns import deferred
from spiders.blanks import compiled
from spiders.facts import Item, ItemKind
from spiders.generic import urldate
from spiders.generic.headline import weight
from spiders.generic.rows import FILES, Link, Row, extend, row
from spiders.page import Page, one_line
from spiders.site import same_domain

_LISTS = frozenset({"ul", "ol", "table", "tbody", "form", "main", "body", "html"})  # an item never holds its list
# <i>17</i>/ 2026-04, as spiders.generic.rowdate gives it
_SPLIT = deferred(r"(\d{1,2}) ((?:19|20)\d\d)[-/.年](\d{1,2})")
_MARK = compiled(r"^\s*[\[【(（]?\s*置\s*顶\s*[\]】)）]?\s*")


def items(page: Page, links: Sequence[HtmlElement]) -> tuple[Item, ...]:
    """One item for each address, in page order: title in full, date as its row shows it, else as the address carries
    it.

    A row is the largest element around a link that holds no other item; a date may also stand beside it. Of an address
    that is listed twice the first dated row is kept.
    """
    return tuple(_item(page, made) for made in rows(page, links))


def rows(page: Page, links: Sequence[HtmlElement]) -> list[Row]:
    """The rows of item links, each address once."""
    found = [(link, url) for link in links if (url := page.absolute(link.get("href"))) and url != page.url]
    together: dict[HtmlElement, list[Link]] = defaultdict(list)
    for element, (link, url) in zip(row_elements(found), found, strict=True):
        text = one_line(link) or _alt(link)
        together[element].append(Link(link, url, text, rank=float(weight(text))))
    made = []
    for element, own in together.items():
        if one := row(element, own):
            made.append(one)
    extend(made)
    kept: dict[str, Row] = {}
    for found_row in made:
        first = kept.get(found_row.link.url)
        if first is None or (found_row.date and not first.date):
            kept[found_row.link.url] = found_row
    return list(kept.values())


def row_elements(links: Sequence[tuple[HtmlElement, str]]) -> list[HtmlElement]:
    """For each link the largest element around it that holds no other item and is no list."""
    held: dict[HtmlElement, set[str]] = defaultdict(set)
    for element, url in links:
        held[element].add(url)
        for ancestor in element.iterancestors():
            held[ancestor].add(url)
    found = []
    for element, _ in links:
        best = element
        for ancestor in element.iterancestors():
            if ancestor.tag in _LISTS or len(held[ancestor]) > 1 or ancestor.getparent() is None:
                break
            best = ancestor
        found.append(best)
    return found


def _item(page: Page, made: Row) -> Item:
    return item(page, made.link.url, made.title, made.date, sticky=made.sticky)


def item(
    page: Page,
    url: str,
    title: str,
    date: str | None = None,
    *,
    changed: str | None = None,
    sticky: bool = False,
    home: str = "",
) -> Item:
    """An item from its facts; a split date is put together, a missing one taken from the address."""
    if date and (split := _SPLIT.fullmatch(date)):
        date = f"{split[2]}-{int(split[3]):02}-{int(split[1]):02}"
    if not date and (named := urldate.find(url)) and named.sure:
        date = named.day.isoformat()
    return Item(
        url=url,
        title=" ".join(_MARK.sub("", title).split()),
        date=date or None,
        kind=kind(home or page.url, url),
        sticky=sticky,
        changed=None if date else changed or None,
    )


def kind(home: str, url: str) -> ItemKind:
    """A document, a page of another site than `home`'s, or an article. WeChat posts are never a college's own pages."""
    host, own = urlsplit(url).hostname or "", urlsplit(home).hostname or ""
    if host == "mp.weixin.qq.com":
        return "external"
    if FILES.search(url):
        return "file"
    return "article" if same_domain(host, own) else "external"


def once(found: Iterable[Item]) -> tuple[Item, ...]:
    """Items by address in their order; of two the dated one, and sticky if one of them is."""
    kept: dict[str, Item] = {}
    for one in found:
        first = kept.get(one.url)
        if first is None:
            kept[one.url] = one
        else:
            best = first if first.date or not one.date else one
            kept[one.url] = replace(best, sticky=first.sticky or one.sticky)
    return tuple(kept.values())


def _alt(link: HtmlElement) -> str:
    image = next(link.iter("img"), None)
    return " ".join((image.get("alt") or image.get("title") or "").split()) if image is not None else ""
