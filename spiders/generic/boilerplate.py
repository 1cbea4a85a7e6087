"""What stands beside the story of a page, never in it: told by tag, name, role and by other <article> elements."""

from __future__ import annotations

import re
from functools import lru_cache

from lxml.html import HtmlElement

from archive.patterns import deferred
from spiders.generic.names import judge
from spiders.generic.text_mass import Weighed, below

_CHROME = frozenset(("nav", "footer", "aside", "menu", "dialog"))
_EDGE = r"(?=$|[\s_-]|\d)"
# names of what never holds a story, however much text it has: comments, consent banners, ways around the site
_NEVER = judge(
    deferred(
        rf"""
        (?:^|[\s_-])(?:
            comments?|comment[_-]?(?:list|area|section|wrap\w*|content|body|box)s?  # comments
            |commentlist|commentary-list|disqus\w*|respond|replies|pinglun|cookie\w*  # of makers; consent
            |consent\w*|gdpr\w*|onetrust\w*|ot-sdk\w*|privacy[_-]?\w*|modal\w*|navbar  # ways around the site
            |navigation|global-nav|breadcrumbs?|site-footer|footer|page-footer
            |footer-(?:bottom|wrap\w*|content|text)
        ){_EDGE}
        """,
        re.I | re.X,
    )
)
# of these, what asks for consent, however short the story is
_CONSENT = judge(deferred(r"(?:^|[\s_-])(?:cookie|consent|gdpr|onetrust|ot-sdk)", re.I))
# names of what stands beside a story; believed where most of the page's text remains
_BESIDE = judge(
    deferred(
        rf"""
        (?:^|[\s_-])(?:
            nav\w*|menu\w*|footer\w*|foot  # ways around the site
            |sidebar(?![_-](?:grid|layout|left|right|none|mode))|aside|crumbs?|comment\w*
            |related\w*|relacionad\w*|recommend\w*|recirc\w*|promo\w*|share\w*|sharing  # other stories, to be shared
            |social(?![_-]?(?:media[_-]?)?embed)\w*|shr|addthis\w*|newsletter\w*|subscri\w*
            |signup\w*|banner\w*|advert\w*|ads?|adsense|sponsor\w*|outbrain\w*|taboola\w*  # advertising
            |popular|most[_-]?read\w*|trending\w*|teasers?(?![_-]?(?:text|lead))  # what others read
            |(?<![_-])widget(?=\s|$)
            |widget[_-]area|pagination|pager|prev|next|prevnext
            |author[_-]?(?:bio|box|info|card|profile|desc|pic|container)\w*  # who wrote it
            |writer[_-]?profile|fact-?box\w*|info-?box|hidden|about[_-]?author|bio|tags?  # boxes and tags
            |taglist|tag[_-]links|keywords|toolbar\w*|tools|popup\w*|overlay|login|search\w*  # tools
            |copyright\w*|disclaimer\w*|(?:js-)?tooltip\w*|expandable[_-]?box\w*|skip
            |screen-reader\w*|sr-only|visually-?hidden|print-only|noprint  # for ears, for paper
            |more[_-]?(?:on|from|stories|news|articles)\w*|read[_-]?(?:more|next|also)\w*  # more to read
            |see[_-]?also|also[_-]?read|suggest\w*|similar\w*|hotnews|hot|rank\w*
            |xiangguan\w*|fenxiang|erweima|qrcode\w*|dibu  # pinyin: related, share, QR code, bottom
        ){_EDGE}
        """,
        re.I | re.X,
    )
)
_INLINE = frozenset(
    "a span b strong em i u font sub sup small mark abbr time label cite q code big s del ins img br".split()
)
# what builders of pages lay a story out with too: counted together, since each holds a part of it
_LAYOUT = deferred(
    r"""
    (?:^|[\s_-])(
        widget|rank|sidebar|subscri|premium|paywall|accordion|collaps|toggle|hidden  # boxes, walls, what folds
        |expandable|tab|teaser|info-?box|fact-?box
    )
    """,
    re.I | re.X,
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_NAME = 30  # characters of an id
_LONG = 300  # characters of a name that are looked at
# names of what stands beside a story even where it is longer than that
_ASIDE = judge(
    deferred(
        rf"""
        (?:^|\s)(?:(?:left|right|page|main)[_-])?side(?:bar|col\w*)?(?=\s|$|\d)  # a column at a side
        |(?:^|[\s_-])(?:related\w*|recommend\w*|relativelink|outbrain\w*|taboola\w*){_EDGE}  # other stories
        """,
        re.I | re.X,
    )
)
_ENOUGH = 200  # bytes, where only a name says that something stands beside
_OWN = 100  # bytes of running text after the headline that are enough for a notice
LEFT = 300  # bytes of running text that must remain beside what is dropped


def prune(w: Weighed, paragraphs: list[int], title: int, begin: int = 0) -> tuple[list[bool], list[int]]:
    """Which elements stand beside the story, and the running text below each of the others.

    Of what ends before `begin` and holds no running text, which is menus, it is not said: no caller asks.
    """
    size = len(w.elements)
    mass = below(w.parent, paragraphs)
    if not size or not mass[0]:
        return [False] * size, mass
    holds_title = w.lineage(title)
    laid_out = _laid_out(w, mass)
    for strict in (True, False):  # where the weaker names would leave little, they mean something else on this page
        dropped = [False] * size
        whole = mass[0]
        for here, (element, up) in enumerate(zip(w.elements, w.parent, strict=True)):
            if up >= 0 and dropped[up]:
                dropped[here] = True
            elif up >= 0 and (here >= begin or mass[here]) and here not in holds_title and element.tag not in _INLINE:
                name, chrome = _name(element)
                share = max(mass[here], laid_out.get(_layout(name), 0)) if name and mass[here] else mass[here]
                if (name and _NEVER(name)) or (chrome and share * 5 < whole * 2):
                    rest = whole - mass[here]
                    dropped[here] = (
                        rest >= LEFT
                        or not mass[here]
                        or (rest > 0 and bool(name) and _CONSENT(name))
                        or (0 <= title < here and sum(paragraphs[title + 1 : here]) >= _OWN)
                    )
                elif (element.tag == "aside" or (name and _ASIDE(name))) and 0 <= title < here:  # however long it is
                    dropped[here] = sum(paragraphs[title + 1 : here]) >= (_OWN if element.tag == "aside" else _ENOUGH)
                elif strict and name and share * 5 < whole * 2 and _BESIDE(name):
                    dropped[here] = True
        _drop_other_stories(w, paragraphs, dropped, holds_title)
        kept = [0 if gone else own for gone, own in zip(dropped, paragraphs, strict=True)]
        prose = mass if kept == paragraphs else below(w.parent, kept)
        if prose[0] * 5 > whole or not strict:
            break
    return dropped, prose


def _laid_out(w: Weighed, mass: list[int]) -> dict[str, int]:
    """Running text by word of layout, of the outermost elements that have it in their name."""
    found: dict[str, int] = {}
    stop: dict[str, int] = {}
    for here in (here for here, own in enumerate(mass) if own):
        element = w.elements[here]
        word = _layout(_name(element)[0]) if element.tag not in _INLINE else ""
        if word and stop.get(word, 0) <= here:
            found[word] = found.get(word, 0) + mass[here]
            stop[word] = w.end(here)
    return found


def _is_medium(w: Weighed, here: int, paragraphs: list[int]) -> bool:
    """Whether an <article> is a picture and its caption, as Drupal has them."""
    stop = w.end(here)
    return (
        not any(paragraphs[here:stop])
        and not w.links[here]
        and any(element.tag == "img" for element in w.elements[here:stop])
        and not any(element.tag in _HEADINGS for element in w.elements[here:stop])
    )


@lru_cache(1 << 13)
def _layout(name: str) -> str:
    """The word of layout that stands in a name; empty where none does."""
    match = _LAYOUT.search(name[:_LONG])
    return match[1].lower() if match else ""


def beside(element: HtmlElement) -> bool:
    """Whether tag, role or name of an element say that it stands beside the story."""
    name, chrome = _name(element)
    return chrome or bool(name and element.tag not in _INLINE and (_NEVER(name) or _BESIDE(name)))


def asks_consent(element: HtmlElement) -> bool:
    """Whether class or id of an element say that it asks for consent to cookies."""
    name, _ = _name(element)
    return bool(name and element.tag not in _INLINE and element.tag not in ("html", "body") and _CONSENT(name))


def _drop_other_stories(w: Weighed, paragraphs: list[int], dropped: list[bool], holds_title: set[int]) -> None:
    """Where the headline's <article> has a story of its own, the other <article> elements are other stories."""
    own = max((here for here in holds_title if w.elements[here].tag == "article"), default=-1)
    if own < 0:
        return
    others = [
        here
        for here, element in enumerate(w.elements)
        if element.tag == "article" and here not in holds_title and not dropped[here]
    ]
    stop = w.end(own)
    others = [here for here in others if not (own < here < stop and _is_medium(w, here, paragraphs))]
    whole = sum(paragraphs[own:stop])
    # one that holds most of what the headline's holds is its story
    others = [here for here in others if not (own < here < stop and sum(paragraphs[here : w.end(here)]) * 2 > whole)]
    nested = {here for other in others for here in range(other, w.end(other))}
    if sum(paragraphs[here] for here in range(own, w.end(own)) if here not in nested and not dropped[here]) >= LEFT:
        for here in nested:
            dropped[here] = True


def _name(element: HtmlElement) -> tuple[str, bool]:
    """Class and id of an element, and whether its tag, role or style alone says that it is beside the story."""
    name = element.get("class") or ""
    if (other := element.get("id")) and len(other) <= _NAME:  # a longer id is made of words of the text
        name = f"{name} {other}"
    if element.tag == "p":  # one that is hidden waits behind a wall for readers who pay
        return name, False
    if element.tag in _CHROME or element.get("aria-hidden") == "true":
        return name, True
    style = element.get("style")
    if style and "none" in style and "display:none" in style.replace(" ", "").lower():
        return name, True
    role = element.get("role")
    return name, bool(role and role in ("navigation", "complementary", "contentinfo", "banner", "dialog", "search"))
