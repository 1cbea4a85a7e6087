"""Pictures, documents and links of a story."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice
from urllib.parse import unquote

from lxml.html import HtmlElement

from archive.address import asked
from archive.article import Attachment, Image, Link
from archive.patterns import deferred
from archive.pictures import candidates
from spiders.generic import captions
from spiders.generic.filenames import EXTENSION, of_address
from spiders.generic.names import judge
from spiders.page import Page, one_line

_DOCUMENT = deferred(
    r"""
    \.(?:pdf|docx?|xlsx?|pptx?|wps|et|zip|rar|7z|ofd|txt|rtf|csv|odt|ods|odp|epub)  # ends of files
    (?:$|[?#&])
    |download\.jsp|downfile\.jsp|virtual_attach_file\.vsb|DownloadAttachUrl  # addresses that send one
    """,
    re.I | re.X,
)
# words of a link that name no document, and an address that does
_CALLED = deferred(
    r"""
    \W*(?:
        附件\W*[\d一二三四五六七八九十]{0,3}|点击(?:此处|这里)?(?:下载|查看|打开)?  # attachment, click here
        |下载(?:附件|文件|地址)?|查看(?:附件|详情)?|文件  # download, view, file
        |(?:click\ )?here  # English
        |(?:click\ here\ to\ )?(?:download|view|open)(?:\ (?:pdf|file|document|here))?
        |(?:pdf|attachment|file|document)\W*\d{0,3}
    )\W*
    """,
    re.I | re.X,
)
_SAYING = deferred(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2}|[^\W\d_a-fA-F]{3}")
_SUDY_TITLE = deferred(r"""title['"]?\s*:\s*['"](.{0,500}?)['"]\s*[,}]""")
_PDF_SCRIPT = deferred(r"""showVsbpdfIframe\s*\(\s*["']([^"']+)["']""")
_BESIDE = ("data-href", "data-url", "data-file", "data-link", "data-src", "data-path")
_QUOTED = deferred(r"""["']([^"'\s()]{1,500})["']""")
_SCRIPT = 2000  # characters of what a link does
_VIEWER = deferred(r"[?&](file|url|src)=([^&#]+)")  # pdf.js and its kin carry the document as a parameter
_COUNTER = deferred(
    r"/_?(?:visit|hit|click|view|access)s?[-_]?count\w*|/counter\b|/(?:pixel|beacon|1x1)\.\w+(?:[?]|$)", re.I
)
_SMALL = 150  # pixels: a smaller picture above a story is a face or a sign
_AROUND = 4  # elements around a picture whose names are looked at
_NO_STORY = judge(
    deferred(
        r"""
        avatar|author|byline|profile|head-?shot|gravatar  # faces
        |logo|icon|emoji|share|social|banner|advert|sponsor|qr-?code  # signs, buttons, advertising
        """,
        re.I | re.X,
    )
)
_SIGN = deferred(r"(?:^|\s)(?:emoji|(?:wp-)?smile?y|emoticon)(?:$|\s)", re.I)  # stands for a character
_PICTURE = deferred(r"\.(?:jpe?g|png|gif|webp|avif)(?:$|[?#])|^(?:#|$|javascript:)", re.I)
_HIDDEN = deferred(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)


def counts(image: HtmlElement) -> bool:
    """Whether it is no picture but a counter of visits: to fetch it would count one that was none."""
    sizes = {(image.get(side) or "").strip().removesuffix("px") for side in ("width", "height")}
    return (
        bool(sizes & {"0", "1"})
        or bool(_HIDDEN.search(image.get("style") or ""))
        or bool(_COUNTER.search(image.get("src") or ""))
    )


def is_document(link: HtmlElement) -> bool:
    """Whether a link leads to a document."""
    return bool(link.get("sudyfile-attr") or _DOCUMENT.search(link.get("href") or "") or _opened(link))


def _opened(link: HtmlElement) -> str:
    """The document that a link opens by a script or names beside its href, or that its `download` says it sends; empty
    where it does not."""
    href = (link.get("href") or "").strip()
    if href and not href.startswith("#") and not href.lower().startswith("javascript:"):
        return href if EXTENSION.search((link.get("download") or "").strip()) else ""
    for name in _BESIDE:
        if (said := link.get(name)) and _DOCUMENT.search(said):
            return str(said).strip()
    done = f"{href} {link.get('onclick') or ''}"
    quoted = (match[1] for match in _QUOTED.finditer(done[:_SCRIPT]))
    return next((said for said in quoted if _DOCUMENT.search(said)), "")


def _viewed(address: str) -> str:
    """The document that the address of a viewer carries as a parameter; the address itself of any other."""
    viewer = _VIEWER.search(address)
    if viewer is None:
        return address
    said = unquote(viewer[2])
    whole = viewer[1] == "file" or said.startswith(("http://", "https://"))
    return said if whole and _DOCUMENT.search(said) else address


def picture(page: Page, image: HtmlElement) -> str | None:
    """The true address of a picture; None for spacers, icons of file types and counting pixels."""
    for address in candidates(dict(image.items())):
        if url := page.absolute(address):
            return asked(url)
    return None


def images(page: Page, body: HtmlElement) -> list[Image]:
    """Pictures in page order, each once, with their captions."""
    found: dict[str, Image] = {}
    for image in body.iter("img"):
        if counts(image) or _SIGN.search(image.get("class") or ""):
            continue
        url = picture(page, image)
        if url and url not in found:
            found[url] = Image(url=url, caption=_caption(image))
    return list(found.values())


def above(page: Page, elements: Iterable[HtmlElement]) -> list[Image]:
    """Pictures between a headline and its story: those of a person, a logo and what leads elsewhere are none of it."""
    found: dict[str, Image] = {}
    for element in elements:
        if element.tag == "img" and not counts(element) and not _is_small(element) and not _of_others(element):
            url = picture(page, element)
            if url:
                found.setdefault(url, Image(url=url, caption=_caption(element)))
    return list(found.values())


def _is_small(image: HtmlElement) -> bool:
    sizes = (image.get(side, "").strip().removesuffix("px") for side in ("width", "height"))
    return any(size.isdigit() and int(size) < _SMALL for size in sizes)


def _of_others(image: HtmlElement) -> bool:
    """Whether it, or one of the few elements around it, is named as no picture of a story, or it is a link's that leads
    to no picture."""
    for element in (image, *islice(image.iterancestors(), _AROUND)):
        if _NO_STORY(f"{element.get('class') or ''} {element.get('id') or ''}"):
            return True
        if element.tag == "a" and not _PICTURE.search(element.get("href") or ""):
            return True
    return bool(_NO_STORY(image.get("src") or ""))


def _caption(image: HtmlElement) -> str:
    parent = image.getparent()
    for _ in range(4):
        if parent is None:
            break
        if parent.tag == "figure":
            caption = parent.find(".//figcaption")
            if caption is not None and (words := one_line(caption)):
                return words
            break
        parent = parent.getparent()
    beside = captions.of(image)
    if beside is not None:
        return one_line(beside)
    words = " ".join((image.get("alt") or image.get("title") or "").split())
    return "" if re.search(r"\.(?:jpe?g|png|gif|webp|bmp)$", words, re.I) else words


def attachments(page: Page, *places: HtmlElement) -> list[Attachment]:
    """Documents linked, embedded or shown by a script in these elements, in order, each once."""
    found: dict[str, Attachment] = {}
    for place in places:
        for element in place.iter("a", "div", "iframe", "embed", "object", "script", "span", "p"):
            one = attachment(page, element)
            if one and one.url not in found:
                found[one.url] = one
    return list(found.values())


def documents(place: HtmlElement) -> bool:
    """Whether an element links or shows a document."""
    return any(is_document(link) for link in place.iter("a")) or any(
        element.get("pdfsrc") or _PDF_SCRIPT.search(element.text or "") for element in place.iter("div", "script")
    )


def attachment(page: Page, element: HtmlElement) -> Attachment | None:
    """The document that an element links, embeds or shows by a script; None where it is none."""
    tag = element.tag
    if tag == "a":
        if not is_document(element):
            return None
        url = page.absolute(_viewed(_opened(element) or element.get("href") or ""))
        return Attachment(url=asked(url), filename=_filename(element, url)) if url else None
    if tag == "script":
        match = _PDF_SCRIPT.search(element.text or "")
        url = page.absolute(match[1]) if match else None
    else:
        source = element.get("pdfsrc") or (
            element.get("src") or element.get("data") if tag in ("iframe", "embed", "object") else None
        )
        if not source or not (element.get("pdfsrc") or _DOCUMENT.search(source)):
            return None
        url = page.absolute(_viewed(source))
    return Attachment(url=asked(url), filename=_filename(element, url), embedded=True) if url else None


def _filename(element: HtmlElement, url: str) -> str:
    """The name a person sees; the address's own where the page gives none. Never a path."""
    said = _SUDY_TITLE.search(element.get("sudyfile-attr") or "")
    tail = of_address(url)
    candidates = [said[1] if said else "", element.get("download") or "", element.get("textvalue") or ""]
    if element.tag == "a":
        candidates += [one_line(element), element.get("title") or ""]
    for name in candidates:
        name = re.sub(r"[\x00-\x1f/\\]+", " ", name).strip()
        if name and EXTENSION.search(name):
            return name[:200]
    words = re.sub(r"[\x00-\x1f/\\]+", " ", candidates[3]).strip() if element.tag == "a" else ""
    extension = EXTENSION.search(tail)
    if words and extension and len(words) <= 120 and not (_CALLED.fullmatch(words) and _SAYING.search(tail)):
        return words + extension[0]
    return (words if words and not extension else tail)[:200] or "document"


def players(page: Page, body: HtmlElement, *, frames: bool) -> list[Link]:
    """Films and recordings, and what is shown in frames if wished, as links, in page order, each once."""
    found: dict[str, Link] = {}
    for element in body.iter("video", "audio", *(("iframe", "frame") if frames else ())):
        words = " ".join((element.get("title") or element.get("aria-label") or "").split())[:300]
        sources = [element, *element.iter("source")] if element.tag in ("video", "audio") else [element]
        for source in sources:
            said = source.get("src") or source.get("data-src")
            if not said or _DOCUMENT.search(said) or said.startswith(("about:", "data:", "blob:", "javascript:")):
                continue
            if (url := page.absolute(said)) and url != page.url:
                found.setdefault(url, Link(url=url, text=words))
    return list(found.values())


def links(page: Page, body: HtmlElement) -> list[Link]:
    """Links of the text that lead to no document, in page order, each once."""
    found: dict[str, Link] = {}
    for link in body.iter("a"):
        if is_document(link):
            continue
        url = page.absolute(link.get("href"))
        if url and url not in found and url != page.url:
            found[url] = Link(url=url, text=one_line(link)[:300])
    return list(found.values())
