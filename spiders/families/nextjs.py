"""Next.js in front of a headless CMS: the page's data is JSON in `__NEXT_DATA__`, or the answer of
/_next/data/{build}/….json."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any
from urllib.parse import urlsplit

from spiders import rows
from spiders.data_pages import fragment, json_after, json_of, number, path, plain, records, string
from spiders.facts import Item, Listing, RawArticle
from spiders.families import Select
from spiders.generic import listing
from spiders.marks import sure
from spiders.page import Page
from spiders.paging import following

SELECT = {"older": "link[rel=next], a[rel=next]"}
_TITLES = ("title", "headline", "name")
_PLACES = ("url", "path", "href", "slug", "uri")
_DATES = (
    "publishDate",
    "publishedAt",
    "publishedDate",
    "datePublished",
    "published_at",
    "firstPublishedAt",
    "date",
    "createdAt",
    "_createdAt",
)
_STORIES = ("body", "content", "bodyHtml", "contentHtml", "richText")
_DEEP = 12  # levels of JSON that are searched
_TAGS = {
    "paragraph": "p",
    "heading-2": "h2",
    "heading-3": "h3",
    "heading-4": "h4",
    "unordered-list": "ul",
    "ordered-list": "ol",
    "list-item": "li",
    "blockquote": "blockquote",
}


def detect(page: Page) -> float:
    """By the element that holds its data, or its build's address."""
    return sure(
        page,
        html=[(r"""id=["']__NEXT_DATA__["']""", 0.8), (r"/_next/static/", 0.5), (r"self\.__next_f\.push", 0.7)],
        url=[(r"/_next/data/[^/]+/", 0.9)],
    )


def read_listing(page: Page, select: Select) -> Listing:
    """The longest list of objects with a title, a place and a date; what the finder is sure of where the data holds
    none."""
    best: list[dict[str, Any]] = []
    total = None
    for holder, found in _lists(_data(page), 0):
        stories = [one for one in found if _first(one, _TITLES) and _first(one, _PLACES) and _first(one, _DATES)]
        if len(stories) > len(best):
            best, total = stories, number(holder, "total") if isinstance(holder, dict) else None
    if not best:
        return listing.find(page)
    return Listing(
        items=rows.once(one for story in best if (one := _item(page, story))),
        older=following(page, select["older"]),
        total=total,
    )


def _data(page: Page) -> Any:
    """Props of the page; the application is no part of them."""
    data = json_of(page)
    if data is not None:
        return path(data, "pageProps") or data
    return path(json_after(page.text, r"""id=["']__NEXT_DATA__["'][^>]{0,200}>"""), "props", "pageProps")


def _lists(value: Any, depth: int) -> Iterator[tuple[Any, list[dict[str, Any]]]]:
    """Every list of objects, with what holds it."""
    if depth > _DEEP:
        return
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        if isinstance(child, list) and records(child):
            yield value, records(child)
        yield from _lists(child, depth + 1)


def _first(record: dict[str, Any], names: tuple[str, ...]) -> str:
    return next((text for name in names if (text := string(record, name) or string(record, name, "current"))), "")


def _item(page: Page, story: dict[str, Any]) -> Item | None:
    """The address as a link of the page has it, else made of the listing's path and the slug."""
    place = _first(story, _PLACES)
    url = (
        page.absolute(place)
        if "/" in place
        else next((one for one in page.links("a[href]") if urlsplit(one).path.rstrip("/").endswith(f"/{place}")), None)
    )
    url = url or page.absolute(f"{_public(page)}/{place}")
    return rows.item(page, url, plain(_first(story, _TITLES)), _first(story, _DATES)) if url else None


def _public(page: Page) -> str:
    """/_next/data/{build}/news.json is the data of /news."""
    parts = urlsplit(page.url).path.split("/")
    return (
        "/".join(["", *parts[4:]]).removesuffix(".json")
        if parts[1:3] == ["_next", "data"]
        else "/".join(parts).rstrip("/")
    )


def read_article(page: Page, select: Select) -> RawArticle:
    """The object with a title and a body; a tree of rich text becomes the HTML it stands for."""
    story = next(_stories(_data(page), 0), None)
    if story is None:
        return RawArticle()
    told = next((story[name] for name in _STORIES if story.get(name)), None)
    return RawArticle(
        title=plain(_first(story, _TITLES)),
        published=_first(story, _DATES) or None,
        byline=tuple(filter(None, [_first(story, ("byline", "author")) or string(story, "author", "name")])),
        body=fragment(told if isinstance(told, str) else _rich(told, 0)),
    )


def _stories(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > _DEEP:
        return
    if isinstance(value, dict) and _first(value, _TITLES) and any(value.get(name) for name in _STORIES):
        yield value
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _stories(child, depth + 1)


def _rich(node: Any, depth: int) -> str:
    """HTML of a Contentful document (`nodeType`, `content`, `value`)."""
    if depth > 40 or not isinstance(node, (dict, list)):
        return ""
    if isinstance(node, list):
        return "".join(_rich(one, depth + 1) for one in node)
    if string(node, "nodeType") == "text":
        return escape(str(node.get("value") or ""))
    inner = _rich(node.get("content"), depth + 1)
    if string(node, "nodeType") == "hyperlink":
        return f'<a href="{escape(string(node, "data", "uri"))}">{inner}</a>'
    tag = _TAGS.get(string(node, "nodeType"))
    return f"<{tag}>{inner}</{tag}>" if tag else inner
