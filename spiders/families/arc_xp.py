"""Arc XP: pages carry the story and the list as JSON (`Fusion.globalContent=`); the markup is each paper's own."""

from __future__ import annotations

from html import escape
from typing import Any

from spiders import listed, rows
from spiders.data_pages import fragment, json_after, json_of, number, path, plain, records, string
from spiders.facts import Item, Listing, RawArticle
from spiders.families import Select
from spiders.marks import sure
from spiders.page import Page
from spiders.paging import following

SELECT = {"older": "link[rel=next], a[rel=next]"}
_CONTENT = r"Fusion\.globalContent\s*="


def detect(page: Page) -> float:
    """By the script that holds its data."""
    return sure(
        page,
        html=[
            (r"Fusion\.globalContent\s*=", 0.95),
            (r"""id=["']fusion-metadata""", 0.9),
            (r"/pf/(?:dist|resources)/", 0.5),
        ],
    )


def read_listing(page: Page, select: Select) -> Listing:
    """Every story among the elements of the page's content."""
    data = json_of(page) or json_after(page.text, _CONTENT)
    found = tuple(one for element in records(path(data, "content_elements")) if (one := _item(page, element)))
    if not found:
        return listed.of_links(page, select, [])
    return Listing(items=rows.once(found), older=following(page, select["older"]), total=number(data, "count"))


def _item(page: Page, element: dict[str, Any]) -> Item | None:
    url = page.absolute(string(element, "canonical_url") or string(element, "website_url"))
    title = plain(string(element, "headlines", "basic"))
    return rows.item(page, url, title, _date(element)) if url and title else None


def _date(element: Any) -> str:
    return next(
        (date for name in ("first_publish_date", "display_date", "publish_date") if (date := string(element, name))), ""
    )


def read_article(page: Page, select: Select) -> RawArticle:
    """Paragraphs, headings, lists and pictures of the story's elements, in their order."""
    data = json_of(page) or json_after(page.text, _CONTENT)
    return RawArticle(
        title=plain(string(data, "headlines", "basic")),
        subtitle=plain(string(data, "subheadlines", "basic")),
        published=_date(data) or None,
        updated=string(data, "last_updated_date") or None,
        byline=tuple(name for author in records(path(data, "credits", "by")) if (name := string(author, "name"))),
        source=string(data, "distributor", "name"),
        section=tuple(filter(None, [string(data, "taxonomy", "primary_section", "name")])),
        lead_image=string(data, "promo_items", "basic", "url") or None,
        body=fragment("".join(_html(element) for element in records(path(data, "content_elements")))),
        canonical=string(data, "canonical_url") or None,
    )


def _html(element: dict[str, Any]) -> str:
    kind, content = string(element, "type"), string(element, "content")
    if kind == "text":
        return f"<p>{content}</p>"
    if kind == "header":
        return f"<h3>{content}</h3>"
    if kind == "raw_html":
        return content
    if kind == "quote":
        return f"<blockquote>{''.join(map(_html, records(element.get('content_elements'))))}</blockquote>"
    if kind == "list":
        return "<ul>" + "".join(f"<li>{string(one, 'content')}</li>" for one in records(element.get("items"))) + "</ul>"
    if kind == "image":
        source, caption = escape(string(element, "url")), escape(string(element, "caption"))
        return f'<figure><img src="{source}"><figcaption>{caption}</figcaption></figure>'
    return ""
