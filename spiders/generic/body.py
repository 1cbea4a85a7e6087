"""The part of a page that is its story, found by where its running text stands."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass

from lxml.html import HtmlElement

from spiders.generic import labels
from spiders.generic.prose import own_line
from spiders.generic.weigh import Weighed

_CHROME = frozenset(("nav", "footer", "aside", "menu", "dialog"))
# words in class and id of what stands beside a story, never in it
_BESIDE = re.compile(
    r"(?:^|[\s_-])(?:nav\w*|menu\w*|footer\w*|foot|sidebar\w*|side|aside|breadcrumbs?|crumbs?|comments?\w*|commentlist|disqus\w*|respond|replies|related\w*|relacionad\w*|recommend\w*|"
    r"recirc\w*|promo\w*|share\w*|sharing|social\w*|shr|addthis\w*|newsletter\w*|subscri\w*|signup\w*|paywall\w*|cookie\w*|consent\w*|gdpr\w*|banner\w*|advert\w*|ads?|adsense|"
    r"sponsor\w*|outbrain\w*|taboola\w*|popular|most[_-]?read\w*|trending\w*|teasers?|widgets?|pagination|pager|prev|next|prevnext|author[_-]?bio\w*|authorbox|about[_-]?author|bio|"
    r"tags?|taglist|tag[_-]links|keywords|toolbar\w*|tools|modal\w*|popup\w*|overlay|login|search\w*|copyright\w*|disclaimer|skip|screen-reader\w*|sr-only|visually-?hidden|hidden|print-only|noprint|"
    r"more[_-]?(?:on|from|stories|news|articles)\w*|read[_-]?(?:more|next|also)\w*|see[_-]?also|also[_-]?read|suggest\w*|similar\w*|hotnews|hot|rank\w*|xiangguan\w*|pinglun|fenxiang|erweima|qrcode\w*|dibu)(?=$|[\s_-]|\d)",
    re.I,
)
# words in class and id of what holds a story
_STORY = re.compile(
    r"article[_-]?(?:body|content|text|main|detail)|(?:entry|post|story|news|page|main|text|body|blog)[_-]?(?:content|body|text|article|main|detail)|articlebody|storybody|"
    r"v_news_content|vsb_content|wp_articlecontent|trs_editor|zoom|prose|richtext|wysiwyg|content[_-]?(?:body|text|main|article)|mw-parser-output|artibody|neirong|zhengwen|con_text|newscon",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Body:
    """A story's element, a copy without what does not belong to it, and how sure the reader is of it, 0 to 1."""

    element: HtmlElement
    index: int  # of the element it was made of
    first: int  # index of its first paragraph
    last: int  # index after its last
    share: float  # of the page's running text
    weight: int  # bytes of running text


def _paragraph(w: Weighed, here: int) -> int:
    """Bytes of running text of a block: enough of it, and most of it not linked."""
    size = w.text[here]
    if size < 60:
        return 0
    plain = size - w.linked[here]
    return plain if plain * 2 > size else 0


def beside(element: HtmlElement) -> bool:
    """Whether tag, class, id or role say that this is no part of a story."""
    if element.tag in _CHROME:
        return True
    name = element.get("class") or ""
    other = element.get("id")
    if other:
        name = f"{name} {other}"
    if name and _BESIDE.search(name):
        return True
    style = element.get("style")
    if style and "none" in style and "display:none" in style.replace(" ", "").lower():
        return True
    role = element.get("role")
    return bool(role and role in ("navigation", "complementary", "contentinfo", "banner", "dialog", "search")) or element.get("aria-hidden") == "true"


def find(w: Weighed, marked: HtmlElement | None = None, headline: str = "") -> Body | None:
    """The story of a page; None where no running text stands. `marked` is the container a family names, taken as it is."""
    size = len(w.elements)
    paragraphs = [_paragraph(w, here) for here in range(size)]
    mass = list(paragraphs)
    for here in range(size - 1, 0, -1):
        mass[w.parent[here]] += mass[here]
    whole = mass[0] if size else 0
    if not whole:
        return None
    dropped = [False] * size
    for here in range(1, size):
        dropped[here] = dropped[w.parent[here]] or (mass[here] * 5 < whole * 2 and beside(w.elements[here]))
    score = [0.0] * size
    prose = [0] * size
    for here in range(size - 1, 0, -1):
        if dropped[here]:
            continue
        up = w.parent[here]
        prose[here] += paragraphs[here]
        prose[up] += prose[here]
        score[up] += paragraphs[here] + 0.8 * score[here]
    best = max(range(size), key=lambda here: score[here] * _bonus(w.elements[here]) if score[here] else 0.0)
    kept = prose[0] or 1
    if marked is not None:
        best = next((here for here in range(size) if w.elements[here] is marked), best)
    end = w.end(best)
    if marked is None:
        _behead(w, best, end, paragraphs, dropped, headline)
    running = [here for here in range(best, end) if paragraphs[here] and not dropped[here]]
    first, last = (running[0], running[-1] + 1) if running else (best, end)
    element = marked if marked is not None else _pruned(w, best, end, dropped)
    return Body(element, best, first, last, prose[best] / kept, prose[best])


def _behead(w: Weighed, begin: int, end: int, paragraphs: list[int], dropped: list[bool], headline: str) -> None:
    """Drop the headline and the lines of facts (date, author, views) above the first paragraph."""
    for here in range(begin, min(end, begin + 80)):
        if dropped[here] or not w.text[here]:
            continue
        if w.text[here] <= 500 and (line := own_line(w.elements[here])) and (line == headline or labels.facts(line)):
            if here != begin and w.total[here] == w.text[here]:
                dropped[here] = True
            paragraphs[here] = 0
        elif paragraphs[here]:
            return


def _bonus(element: HtmlElement) -> float:
    if element.tag == "body":
        return 0.7
    if element.tag == "article" or element.get("itemprop") == "articleBody":
        return 1.3
    name = f"{element.get('class') or ''} {element.get('id') or ''}"
    return 1.2 if len(name) > 1 and _STORY.search(name) else 1.0


def _pruned(w: Weighed, root: int, end: int, dropped: list[bool]) -> HtmlElement:
    """A copy of an element without what is dropped and without lists of links."""
    origin = w.elements[root]
    gone = []
    here = root + 1
    while here < end:
        if dropped[here] or _link_list(w, here):
            gone.append(w.elements[here])
            here = w.end(here)
        else:
            here += 1
    copy = deepcopy(origin)
    copy.tail = None
    if gone:
        unwanted = set(gone)
        doomed = [twin for original, twin in zip(origin.iter(), copy.iter(), strict=True) if original in unwanted]
        for element in doomed:
            element.drop_tree()
    return copy


def _link_list(w: Weighed, here: int) -> bool:
    """A block which is all links, such as a list of other stories; documents to load are no such links."""
    element = w.elements[here]
    if element.tag not in ("ul", "ol", "div", "section", "p", "table", "dl", "li") or not w.links[here]:
        return False
    if w.links[here] * 10 < w.total[here] * 8 or w.total[here] > 6000:
        return False
    return not any(document(link.get("href")) or link.get("sudyfile-attr") for link in element.iter("a"))


_DOCUMENT = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|wps|et|zip|rar|7z|ofd|txt|rtf|csv|odt|ods|odp|epub)(?:$|[?#&])|download\.jsp|downfile\.jsp|virtual_attach_file", re.I)


def document(href: str | None) -> bool:
    """Whether an address is a document's."""
    return bool(href and _DOCUMENT.search(href))
