"""The way to the next page of a listing or a story, by what a family's pager is known to hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from spiders.blanks import compiled
from spiders.facts import Item
from spiders.generic import pager, postback
from spiders.page import Page, one_line

_TOTAL = compiled(r"共\s*(?:有|计)?\s*(?:<[^>]{1,40}>)?\s*(\d{1,7})\s*(?:</\w{1,9}>)?\s*(?:条|篇|则)")
_TOTAL_ALONE = compiled(r"(?<!\d)(\d{1,7})\s*(?:</\w{1,9}>)?\s*条")
_PAGES = compiled(r"共\s*(?:<[^>]{1,40}>)?\s*(\d{1,6})\s*(?:</\w{1,9}>)?\s*页|(?<!\d)\d{1,6}\s*/\s*(\d{1,6})\s*页")

_FEW = 3  # items that bear a number together


def following(page: Page, css: str) -> str | None:
    """Address of the first link that matches and leads elsewhere; `javascript:void(0)` and '#' lead nowhere."""
    here = pager.same(page.url)
    return next((url for url in page.links(css) if pager.same(url) != here), None)


def older(page: Page, css: str, items: Sequence[Item]) -> str | None:
    """By the family's selector, else by words and numbers as on any site; None where nothing is listed."""
    if not items:
        return None
    return following(page, css) or pager.older(page, items)


def claimed(text: str) -> tuple[int | None, int | None]:
    """Items and pages a Chinese pager claims: '共412条', '341条记录', '共17页', '1/23页'."""
    total = _TOTAL.search(text) or _TOTAL_ALONE.search(text)
    pages = _PAGES.search(text)
    return (int(total[1]) if total else None), (int(pages[1] or pages[2]) if pages else None)


def with_query(url: str, **changes: str) -> str:
    """The address with these parameters set, in their old places where they had one."""
    parts = urlsplit(url)
    pairs = [(key, changes.pop(key, value)) for key, value in parse_qsl(parts.query, keep_blank_values=True)]
    return urlunsplit(parts._replace(query=urlencode([*pairs, *changes.items()])))


def query(url: str, name: str) -> int | None:
    """A parameter that is a whole number; None if it is absent or anything else."""
    value = dict(parse_qsl(urlsplit(url).query)).get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 9 else None


def later_pages(page: Page, css: str) -> tuple[str, ...]:
    """Addresses of a story's pages after this one, by the numbers of the links that match; the one number that is no
    link is here."""
    numbered = {
        int(words): url
        for link in page.select(css)
        if (words := one_line(link)).isascii()
        and words.isdigit()
        and len(words) < 5
        and (url := page.absolute(link.get("href")))
    }
    here = pager.same(page.url)
    current = next((number for number, url in numbered.items() if pager.same(url) == here), None)
    if current is None:
        current = next((number for number in range(1, max(numbered, default=0) + 1) if number not in numbered), 0)
    return tuple(
        numbered[number] for number in sorted(numbered) if number > current and pager.same(numbered[number]) != here
    )


def unnumbered(items: tuple[Item, ...], page: Page) -> tuple[Item, ...]:
    """Items without the number of this page, where all of their addresses bear it as the page's own does: boards send a
    reader back to where he was. On page 1 the same story has another address, or none of it."""
    own = {
        (name, said)
        for name, said in parse_qsl(urlsplit(page.url).query)
        if said.isascii() and said.isdigit() and int(said) > 1 and postback.FIELD.fullmatch(name)
    }
    if not own or len(items) < _FEW:
        return items
    asked = [parse_qsl(urlsplit(item.url).query, keep_blank_values=True) for item in items if item.kind == "article"]
    borne = {pair for pair in own if asked and all(pair in pairs for pairs in asked)}
    names = {name for name, _ in borne}
    made = [_without(item.url, names) if item.kind == "article" else item.url for item in items]
    if not names or len(set(made)) < len({item.url for item in items}):
        return items
    return tuple(replace(item, url=url) for item, url in zip(items, made, strict=True))


def _without(url: str, names: set[str]) -> str:
    parts = urlsplit(url)
    kept = [pair for pair in parts.query.split("&") if pair.partition("=")[0] not in names]
    return urlunsplit(parts._replace(query="&".join(kept)))
