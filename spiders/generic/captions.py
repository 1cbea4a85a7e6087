"""The words beside a picture that say what it shows or who took it: the picture's, and no part of the story."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from archive.patterns import deferred
from spiders.generic.names import judge
from spiders.page import one_line

is_named = judge(
    deferred(
        r"""
        caption|didascalia|bildunterschrift
        |(?:^|[\s_-])(?:
            (?:image|img|photo|picture|media|figure|foto|bild)[_-]*(?:  # of pictures
                credit|info|description|legend|subtitle|text
            )\w*
            |credits?|media-?subtitle\w*|photographer|bildtext|fotograf
        )(?=$|[\s_-])
        """,
        re.I | re.X,
    )
)
# how one begins (图为会议现场, Photo: Jane Roe), or ends: (Foto: Jane Roe)
_WORDED = deferred(
    r"""
    ^\W*(?:
        图为|图[一二三四五六七八九十\d]{0,2}\s?[:：]|[▲△↑]|(?:photos?|foto|bild|kuva|фото|zdj|写真)\s?[:：]
        |(?:photo|foto|bild)\ (?:by|av|af|von|door)\b
    )
    |[(（\[【][^()（）\[\]【】]{0,60}?(?:
        (?:photos?|foto|fotó|bild|kuva|фото|fot|zdj|写真|図|圖|사진|صورة|תמונה)\b[^()（）]{0,60}  # by whom
        |(?:photos?|photographs?|image|courtesy)\ (?:by|of)\b[^()（）]{0,60}
        |[摄攝影]\s?[:：/／]?[^()（）]{0,12}
    )[)）\]】]\W{0,3}$
    """,
    re.I | re.X,
)
_SENTENCE = ("。", "！", "？", "；", "：", ".", "!", "?", ":")
_CENTRED = deferred(r"text-align:center", re.I)
_LONG = 200  # characters: a longer one is a paragraph
_LINE = 60  # characters of one that nothing but its place tells
_HOLDS = 4  # elements around a picture that may hold it alone
_LONGEST = 600  # characters of one that its name tells


def of(image: HtmlElement) -> HtmlElement | None:
    """The element that says what a picture shows; None where none does."""
    holder = _alone(image)
    behind = _next_with_words(holder)
    if behind is None:
        return None
    words = one_line(behind)
    if is_named(behind.get("class") or ""):
        return behind if len(words) < _LONGEST else None
    if len(words) > _LONG or behind.tag not in ("p", "div", "span", "em", "small", "center"):
        return None
    if _WORDED.search(words) or (_is_centred(holder) and _is_centred(behind) and _is_line(behind, words)):
        return behind
    return None


def marked(body: HtmlElement) -> Iterator[HtmlElement]:
    """What tag or class says is one, and what stands behind a picture and is worded or set as one."""
    yield from body.iter("figcaption")
    for element in body.iter("p", "div", "span", "small", "em", "dd"):
        name = element.get("class")
        if name and is_named(name) and len(one_line(element)) < _LONGEST:
            yield element
    for image in body.iter("img"):
        if (found := of(image)) is not None:
            yield found


def _alone(image: HtmlElement) -> HtmlElement:
    """The outermost element that holds a picture and no words."""
    holder = image
    for _ in range(_HOLDS):
        up = holder.getparent()
        if up is None or (holder.tail or "").strip() or one_line(up):
            break
        holder = up
    return holder


def _next_with_words(holder: HtmlElement) -> HtmlElement | None:
    """The element behind a picture, where no words and no other picture stand between them."""
    here = holder
    while not (here.tail or "").strip() and (after := here.getnext()) is not None:
        here = after
        if not isinstance(here.tag, str):
            continue
        if next(here.iter("img"), None) is not None:
            return None
        if one_line(here):
            return here
    return None


def _is_centred(element: HtmlElement) -> bool:
    said = f"{element.get('style') or ''};text-align:{element.get('align') or ''}"
    return element.tag == "center" or _CENTRED.search(said.replace(" ", "")) is not None


def _is_line(element: HtmlElement, words: str) -> bool:
    """Whether it is a short line, and neither sentence, heading nor link."""
    return (
        len(words) <= _LINE and not words.endswith(_SENTENCE) and next(element.iter("a", "b", "strong"), None) is None
    )
