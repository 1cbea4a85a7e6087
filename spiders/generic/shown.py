"""Stories that are no running text: a document that is shown or linked, a poster, a film, a page of the site's own in a
frame."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from archive.article import Attachment
from archive.patterns import deferred
from spiders.generic import labels, media
from spiders.generic.boilerplate import beside
from spiders.generic.cleaning import FURNITURE
from spiders.generic.prose import BLOCK, own_line
from spiders.page import Page, one_line

_IMPRINT = deferred(
    r"版权所有|技术支持|邮政?编码?[:：]|ICP备|公网安备|建议使用.{0,30}浏览器"
    "|©|\\bcopyright\\b|all rights reserved|저작권|무단 ?전재",
    re.I,
)
_APART = deferred(
    r"(?:^|[\W_])(?:nav|menu|head(?:er)?|foot(?:er)?|top|comments?|login|search|share|stat|count|ads?)", re.I
)
_MAIN = deferred(r"main|content|body|right|center|article|text", re.I)
_PICTURE = deferred(r"\.(?:jpe?g|png|gif|webp|bmp)(?:$|[?#])", re.I)
_SMALL = 100  # pixels: a smaller picture or frame shows no story
_LONG = 2000  # characters of a line
_MOST = 20  # frames, pictures and documents of one page


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows in place of running text."""

    body: HtmlElement  # its pictures, films and players, and the few words beside them
    documents: tuple[Attachment, ...]
    frames: tuple[str, ...]  # pages of the site's own host that are shown within this one, and are the story


def is_imprint(line: str) -> bool:
    """Whether a line says who answers for the site, and nothing of a story."""
    return _IMPRINT.search(line[:_LONG]) is not None


def find(page: Page, headline: HtmlElement | None, title: str) -> Shown | None:
    """What stands after the headline and beside no menu or footer; None where nothing is shown."""
    body = page.tree.makeelement("div")
    documents: dict[str, Attachment] = {}
    frames: dict[str, None] = {}
    lines: list[str] = []
    apart: set[HtmlElement] = set()
    above = set(headline.iterancestors()) if headline is not None else set()
    begun = headline is None
    for element in page.tree.iter(etree.Element):
        begun = begun or element is headline
        if element.getparent() in apart or (
            element not in above and element.tag not in ("html", "body", "frameset") and beside(element)
        ):
            apart.add(element)
            continue
        if not begun or len(body) >= _MOST:
            continue
        if (one := media.attachment(page, element)) is not None:
            documents.setdefault(one.url, one)
            apart.add(element)  # what it says where it cannot be shown is no part of the story
        elif element.tag in ("iframe", "frame"):
            if url := _own_frame(page, element):
                frames[url] = None
            if url or not _of_own_host(page, element):
                body.append(_alone(element))
        elif element.tag in ("video", "audio") or (element.tag == "img" and _poster(page, element)):
            body.append(_alone(element))
        elif element.tag in BLOCK and (line := own_line(element)) and _says(element, line, title):
            lines.append(line)
    if not (documents or frames or len(body)):
        return None
    for line in reversed(lines):
        paragraph = body.makeelement("p")
        paragraph.text = line
        body.insert(0, paragraph)
    main = [url for url in frames if _MAIN.search(urlsplit(url).path)]
    return Shown(body, tuple(documents.values()), tuple(main or frames)[:_MOST])


def own_frames(page: Page, element: HtmlElement) -> tuple[str, ...]:
    """Pages of the site's own host that an element shows in frames."""
    return tuple(dict.fromkeys(url for frame in element.iter("iframe") if (url := _own_frame(page, frame))))


def _own_frame(page: Page, frame: HtmlElement) -> str | None:
    source = frame.get("src") or frame.get("data-src")
    if not source or small(frame) or _APART.search(f" {frame.get('name') or ''} {frame.get('id') or ''} {source}"):
        return None
    url = page.absolute(source)
    return url if url and _of_own_host(page, frame) and url.partition("#")[0] != page.url else None


def _of_own_host(page: Page, frame: HtmlElement) -> bool:
    url = page.absolute(frame.get("src") or frame.get("data-src"))
    return url is None or urlsplit(url).hostname == urlsplit(page.url).hostname


def small(element: HtmlElement) -> bool:
    """Whether an element is too small to be looked at, or not shown."""
    sizes = (element.get("width") or "", element.get("height") or "")
    hidden = "none" in (element.get("style") or "")
    return hidden or any(
        size.strip().removesuffix("px").isdigit() and int(size.strip().removesuffix("px")) < _SMALL for size in sizes
    )


def _poster(page: Page, image: HtmlElement) -> bool:
    if small(image) or media.picture(page, image) is None:
        return False
    link = next(image.iterancestors("a"), None)
    return link is None or not link.get("href") or bool(_PICTURE.search(link.get("href")))


def _says(element: HtmlElement, line: str, title: str) -> bool:
    """Whether a line may be of the story: no headline, label, imprint or way to elsewhere."""
    if element.tag in ("h1", "h2", "h3", "title") or line == title or is_imprint(line) or labels.facts(line):
        return False
    if FURNITURE.match(line[:_LONG]) or all(FURNITURE.match(part) for part in line[:_LONG].split("\n")):
        return False
    return sum(len(one_line(link)) for link in element.iter("a")) * 2 < len(line)


def _alone(element: HtmlElement) -> HtmlElement:
    copy = deepcopy(element)
    copy.tail = None
    return copy
