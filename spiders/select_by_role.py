"""An article page read by the selectors that a family or a site names for each role."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy

from lxml.html import HtmlElement

from archive.article import Attachment
from spiders.facts import RawArticle
from spiders.generic import media
from spiders.generic.cleaning import drop
from spiders.page import Page, one_line
from spiders.paging import later_pages

ROLES = (
    "title",
    "subtitle",
    "published",
    "updated",
    "byline",
    "source",
    "section",
    "body",
    "attachment",
    "drop",
    "lead_image",
    "pages",
)


def read_article(page: Page, select: Mapping[str, str]) -> RawArticle:
    """The words of each role; a role without selector, or whose selectors match nothing, stays empty.

    A comma list is tried in its own order. `attachment` names elements that hold documents outside of the body,
    `pages` the numbered links to the story's further pages, `drop` what stands inside the body and is no part of it.
    """
    title = said(page, select.get("title"))
    body = page.first(select["body"]) if select.get("body") else None
    return RawArticle(
        title=title,
        subtitle=said(page, select.get("subtitle")),
        published=said(page, select.get("published")) or None,
        updated=said(page, select.get("updated")) or None,
        byline=every(page, select.get("byline")),
        source=said(page, select.get("source")),
        section=every(page, select.get("section")),
        body=_story(page, body, select.get("drop", ""), title) if body is not None else None,
        attachments=documents(page, page.select(select["attachment"]) if select.get("attachment") else ()),
        lead_image=said(page, select.get("lead_image")) or None,
        older=later_pages(page, select["pages"]) if select.get("pages") else (),
    )


def _story(page: Page, body: HtmlElement, unwanted: str, title: str) -> HtmlElement:
    """The body without what `drop` names, and without the headline where the container holds it too."""
    body = without(page, body, unwanted)
    if not title or not _headlines(body, title):
        return body
    copy = deepcopy(body)
    copy.tail = None
    drop(_headlines(copy, title)[0])
    return copy


def _headlines(body: HtmlElement, title: str) -> list[HtmlElement]:
    return [heading for heading in body.iter("h1", "h2", "h3") if heading is not body and one_line(heading) == title]


def without(page: Page, element: HtmlElement, css: str) -> HtmlElement:
    """The element itself where nothing in it matches, else a copy that lacks what does; the page's tree stays whole."""
    if not css or not page.select(css, element):
        return element
    copy = deepcopy(element)
    copy.tail = None
    for unwanted in page.select(css, copy):
        if unwanted is not copy:
            drop(unwanted)
    return copy


def said(page: Page, css: str | None) -> str:
    """What the first element with anything to say says."""
    for part in (css or "").split(", "):
        for element in page.select(part) if part else ():
            if words := value(element):
                return words
    return ""


def every(page: Page, css: str | None) -> tuple[str, ...]:
    """What all the elements say that match the first selector to match any."""
    for part in (css or "").split(", "):
        if (
            found := tuple(dict.fromkeys(words for element in page.select(part) if (words := value(element))))
            if part
            else ()
        ):
            return found
    return ()


def value(element: HtmlElement) -> str:
    """`content` of a <meta>, `datetime` of a <time>, `src` of an <img>, else the words."""
    for tag, attribute in (("meta", "content"), ("time", "datetime"), ("img", "src")):
        if element.tag == tag and (element.get(attribute) or "").strip():
            return str(element.get(attribute)).strip()
    return one_line(element)


def documents(page: Page, elements: Iterable[HtmlElement]) -> tuple[Attachment, ...]:
    """Documents in these elements, each once."""
    found = (one for element in elements for one in media.attachments(page, element))
    return tuple({one.url: one for one in found}.values())
