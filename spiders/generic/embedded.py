"""Items that a page carries as data: JSON-LD lists, and arrays of objects with a title and an address in any of its
scripts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from archive.patterns import deferred
from spiders.data_pages import json_at, plain, records, string
from spiders.facts import Item
from spiders.generic import addressed
from spiders.generic.headline import weight
from spiders.generic.rows import FILES, story_address
from spiders.page import Page, join, one_line
from spiders.site import same_domain

_TITLES = ("headline", "title", "name", "subject", "newsTitle", "articleTitle", "caption", "bt")
_ADDRESSES = ("url", "link", "href", "permalink", "path", "pageUrl", "newsUrl", "linkUrl", "canonicalUrl", "@id")
_DATES = (
    "datePublished",
    "date",
    "pubDate",
    "publishDate",
    "publishedAt",
    "published_at",
    "publish_time",
    "publishTime",
    "publishedDate",
    "published",
    "releaseDate",
    "releaseTime",
    "createTime",
    "created_at",
    "createdAt",
    "displayDate",
    "newsDate",
    "postDate",
    "regDate",
    "rq",
    "time",
    "dateCreated",
    "startDate",
)
_KEYS = ("slug", "id", "nid", "uuid", "newsId", "news_id", "articleId", "article_id", "seq", "no", "code", "alias")
_NESTED = ("item", "node", "attributes", "fields", "mainEntity")
_PARTS = ("alias", "url", "href", "uri")
_FEW = 3
_OPENS = deferred(r"\[\s*\{")
_PUSHED = deferred(r"self\.__next_f\.push\(\s*")
_KEY = deferred(r"([{,]\s*)([A-Za-z_$][\w$]*)\s*:(?=\s*[\"'\[{\d\-tfn])")
_SINGLE = deferred(r"'((?:[^'\\\n]|\\.)*)'")
_LARGE = 2_000_000  # characters of scripts that are looked through


def items(page: Page) -> tuple[Item, ...]:
    """The longest list of stories that the page's data holds; empty where none is one beyond doubt."""
    best: tuple[Item, ...] = ()
    shown: dict[str, list[str]] | None = None
    for value in values(page):
        for array in _arrays(value, 0):
            found = _items(page, array)
            if not found and any(string(record, key) for record in array[:2] for key in _KEYS):
                shown = _shown(page) if shown is None else shown
                found = _items(page, addressed.named(array, shown, _TITLES, _KEYS))
            if len(found) > len(best):
                best = found
    return best


def _shown(page: Page) -> dict[str, list[str]]:
    """Addresses that the page links, by the words of their links."""
    found: dict[str, list[str]] = {}
    for link in page.tree.iter("a"):
        if (words := one_line(link)) and weight(words) >= 8 and (url := page.absolute(link.get("href"))):
            found.setdefault(addressed.plain_title(words), []).append(url)
    return found


def of_value(page: Page, value: Any) -> tuple[Item, ...]:
    """The longest list of stories in the value that a page is; one will do, on the last page of a listing."""
    return max((_items(page, array, 1) for array in _arrays(value, 0, 1)), key=len, default=())


def _items(page: Page, array: list[dict[str, Any]], few: int = _FEW) -> tuple[Item, ...]:
    own = page.url.split("/")[2].partition(":")[0]
    found: dict[str, Item] = {}
    for record in array:
        flat = _flat(record)
        title = next((plain(said) for key in _TITLES if (said := string(flat, key))), "")
        url = next(
            (
                to
                for key in _ADDRESSES
                if (said := _said(flat, key)) and not said.startswith("#") and (to := join(page.base, said))
            ),
            None,
        )
        if url is None or weight(title) < 8 or url.rstrip("/") == page.url.rstrip("/"):
            continue
        date = next((said for key in _DATES if (said := string(flat, key))), None)
        same = same_domain(url.split("/")[2].partition(":")[0], own)
        found.setdefault(
            url,
            Item(
                url=url, title=title, date=date, kind="file" if FILES.search(url) else "article" if same else "external"
            ),
        )
    kept = tuple(found.values())
    if len(kept) < few or len(kept) < 0.7 * len(array):
        return ()
    dated = sum(1 for item in kept if item.date) / len(kept)
    stories = sum(1 for item in kept if story_address(item.url)) / len(kept)
    long = sum(min(60, weight(item.title)) for item in kept) / len(kept)
    return kept if long >= 14 and (dated >= 0.8 or (stories >= 0.8 and long >= 20)) else ()


def _said(record: dict[str, Any], key: str) -> str:
    """An address under a key, also where that holds it in parts, as JSON:API does (`path.alias`)."""
    return string(record, key) or next((said for part in _PARTS if (said := string(record, key, part))), "")


def _flat(record: dict[str, Any]) -> dict[str, Any]:
    """A record with what its `item`, `node` or `attributes` holds."""
    for key in _NESTED:
        inner = record.get(key)
        if isinstance(inner, dict):
            return record | inner
        if isinstance(inner, str) and key == "item":
            return record | {"url": inner}
    return record


def _arrays(value: Any, depth: int, few: int = _FEW) -> Iterator[list[dict[str, Any]]]:
    if depth > 12:
        return
    if isinstance(value, list):
        if len(found := records(value)) >= few:
            yield found
        for one in value:
            yield from _arrays(one, depth + 1, few)
    elif isinstance(value, dict):
        for one in value.values():
            if isinstance(one, (dict, list)):
                yield from _arrays(one, depth + 1, few)


def values(page: Page) -> Iterator[Any]:
    """Every JSON value in the page's scripts, those in strings too."""
    left = _LARGE
    pushed = []
    for script in page.tree.iter("script"):
        text = (script.text or "").strip()
        if script.get("src") or not text or left < 0:
            continue
        left -= len(text)
        if text[0] in "{[" and (value := json_at(text, 0)) is not None:
            yield value
        elif _PUSHED.search(text):
            pushed += [
                part
                for found in _PUSHED.finditer(text)
                if isinstance(value := json_at(text, found.end()), list)
                for part in value
                if isinstance(part, str)
            ]
        else:
            yield from _inside(text)
    if pushed:
        yield from _inside("".join(pushed))


def _inside(text: str) -> Iterator[Any]:
    """Arrays of objects that begin anywhere in a script; what JavaScript writes more freely than JSON is put right."""
    end = 0
    for found in _OPENS.finditer(text):
        if found.start() < end:
            continue
        try:
            value, end = json.JSONDecoder(strict=False).raw_decode(text, found.start())
        except (ValueError, RecursionError):
            value = _loose(text[found.start() : found.start() + 200_000])
            if value is not None:
                end = found.start() + 1
        if value is not None:
            yield value


def _loose(text: str) -> Any:
    """An array whose keys have no quotes, or single ones; None where it is none."""
    close = text.find("}]")
    if close < 0:
        close = next((found.end() - 2 for found in re.finditer(r"\}\s*,?\s*\]", text)), -1)
    if close < 0:
        return None
    literal = text[: close + 1] + "]"
    literal = (
        _SINGLE.sub(lambda found: json.dumps(found[1].replace("\\'", "'"), ensure_ascii=False), literal)
        if '"' not in literal
        else literal
    )
    return json_at(unescape(_KEY.sub(r'\1"\2":', literal)), 0)
