"""The body of an article as it may be shown: sanitised again, pictures from the archive, no address that acts."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import nh3
from markupsafe import Markup, escape

from archive.difference import Piece
from archive.patterns import deferred

_TAGS = {
    "a",
    "abbr",
    "b",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "li",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
}
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
    "col": {"span"},
    "colgroup": {"span"},
}
_CHANGED = {"added": "<ins>{}</ins>", "deleted": "<del>{}</del>", "same": "{}"}
_IMAGE = deferred(r'<img((?: [a-z]+="[^"]*")*)>')  # as nh3 writes it


def body(html: str, text: str, *, image: Callable[[str], str], link: Callable[[str], str]) -> Markup:
    """Safe HTML of a story; from its plain text where there is no HTML. `image` and `link` say where an address leads
    here."""
    if not html.strip():
        return Markup("").join(
            Markup("<p>{}</p>").format(paragraph) for paragraph in text.split("\n\n") if paragraph.strip()
        )

    def attribute(tag: str, name: str, value: str) -> str | None:
        if (tag, name) == ("img", "src"):
            return image(value) if _web(value) else None
        if (tag, name) == ("a", "href"):
            return link(value) if _web(value) or value.startswith("mailto:") else None
        if name in ("width", "height") and not value.isdigit():
            return None
        return value

    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=attribute,
        link_rel="noopener noreferrer nofollow",
        url_schemes={"http", "https", "mailto"},
    )
    return Markup(_IMAGE.sub(_described, clean))


def changed(pieces: list[Piece]) -> list[Markup]:
    """Pieces of a difference as paragraphs of HTML with <ins> and <del>."""
    paragraphs = [Markup()]
    for kind, text in pieces:
        for place, part in enumerate(text.split("\n\n")):
            if place:
                paragraphs.append(Markup())
            if part:
                paragraphs[-1] += Markup(_CHANGED[kind]).format(part)
    return [paragraph for paragraph in paragraphs if paragraph.strip()]


def _described(image: re.Match[str]) -> str:
    """A picture without address goes; one without description gets an empty one, so that screen readers pass over
    it."""
    attributes = image[1]
    if " src=" not in attributes:
        return ""
    return f"<img{attributes}>" if " alt=" in attributes else f'<img{attributes} alt="">'


def marked(parts: list[tuple[str, bool]]) -> Markup:
    """Text whose hits are marked, from (text, is it a hit) pairs."""
    return Markup("").join(Markup("<mark>{}</mark>").format(text) if hit else escape(text) for text, hit in parts)


def _web(url: str) -> bool:
    try:
        return urlsplit(url).scheme in ("http", "https")
    except ValueError:  # no address at all
        return False
