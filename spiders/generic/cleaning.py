"""What stands inside a story's element and is not the story: counters, share bars, viewers, ways to the next story."""

from __future__ import annotations

import re
from itertools import islice, pairwise

from lxml.html import HtmlElement

from archive.patterns import deferred
from spiders.blanks import compiled
from spiders.generic import captions
from spiders.generic.names import judge
from spiders.generic.prose import BLOCK
from spiders.generic.titles import fold
from spiders.page import one_line

_NEVER = frozenset(
    (
        "script style noscript template link meta form button select input textarea iframe object embed svg nav video"
        " audio"
    ).split()
)
_KEPT_FORMS = 200  # characters: Visual SiteBuilder and ASP.NET wrap a whole story in a form
_CLASS = judge(
    deferred(
        r"""
        (?:^|[\s_-])(?:
            WP_VisitCount|arti_views|share\w*|bdsharebuttonbox|social-?share|jiathis\w*  # counters, buttons to share
            |imgview|mw-editsection|ambox|sr-only|screen-reader-text|visually-?hidden  # edit links, words for ears
            |noprint|addtoany\w*|sharedaddy|dede_pages|pagelist  # pages of a story
        )(?=$|[\s_-])
        """,
        re.I | re.X,
    )
)
# a short line that is one of these through and through is furniture
FURNITURE = compiled(
    r"""
    ^[\s【\[（(|·•/]{0,40}(?:  # brackets
        (?:浏览|阅读|点击|访问)(?:次数|数|量|率)?\s*[:：]?\s*[\[（(]?\d*[\]）)]?\s*次?  # how often it was read
        |已?下载\s*\d*\s*次?|人气\s*[:：]\s*\d*  # how often fetched; how popular
        |上一?[篇条则页](?:新闻|文章|信息)?\s*(?:[:：].*)?  # the story before
        |下一?[篇条则页](?:新闻|文章|信息)?\s*(?:[:：].*)?|返回|原图|返回原图|返回列表  # the next one; ways back
        |返回首页|返回顶部|关闭窗口|打印本页|打印|关闭
        |(?:【?(?:打印|关闭|收藏|返回|大|中|小|字号|字体)】?[\s:：|/]*){2,}  # buttons
        # share, scan, letter size, page
        |分享(?:到|至)?\s*[:：]?.{0,30}|扫一扫.{0,20}|字号\s*[:：].{0,20}|\d*\s*/\s*\d*
        |share(?:\ this)?(?:\ article|\ story|\ page)?:?|tweet|print|email  # English
        |advert(?:isement)?|ad|anzeige|werbung|reklama?|publicité|publicidade?  # advertising, in several languages
        |广告|広告  # Chinese
        |views?\s*:\s*\d*|hits?\s*:\s*\d*
        # to calendars
        |(?:\+\s?)?add\ to\ (?:my\ |your\ )?(?:(?:google|outlook|i?cal)\ )?calendar
        |(?:zum|in\ den)\ kalender(?:\ (?:hinzufügen|eintragen))?|ajouter\ (?:au|à\ mon)\ (?:calendrier|agenda)
        |añadir\ al\ calendario|aggiungi\ al\ calendario|toevoegen\ aan\ (?:mijn\ )?agenda
    )[\s】\]）)|·•/]*$
    """,
    re.I | re.X,
)
_COUNTED = ("浏览", "阅读", "点击", "访问")
_COUNTER = deferred(rf"(?:{'|'.join(_COUNTED)})(?:次数|数|量|率)\s*[:：]?\s*[\[（(]?\d*[\]）)]?\s*次?")


def scrub(body: HtmlElement) -> None:
    """Take furniture out of a story's element, in place. The element is the caller's own copy."""
    doomed: list[HtmlElement] = []
    for element in body.iter():
        if element is body:
            continue
        tag = element.tag
        if not isinstance(tag, str) or (tag == "table" and _is_calendar(element)):
            doomed.append(element)
        elif tag in _NEVER:
            if tag != "form" or len(one_line(element)) < _KEPT_FORMS:
                doomed.append(element)
        else:
            name = element.get("class")
            if _hidden(element) or (name and _CLASS(name) and len(one_line(element)) < _KEPT_FORMS):
                doomed.append(element)
            elif tag in BLOCK or tag in ("span", "a", "label"):
                words = _short(element)
                if words and FURNITURE.match(words) and (tag in BLOCK or not words.strip().isdigit()):
                    doomed.append(element)
    hidden = [element for element in doomed if element.get("style") and _hidden(element)]
    if hidden and 2 * sum(len(one_line(one)) for one in hidden) > len(one_line(body)):
        doomed = [element for element in doomed if element not in set(hidden)]  # it is the story that waits
    for element in doomed:
        drop(element)


def _is_calendar(table: HtmlElement) -> bool:
    """Whether a table is a month of a blog: its cells are the days in their order, and hardly anything else."""
    cells = [words for cell in islice(table.iter("td", "th"), 80) if (words := one_line(cell))]
    days = [int(words) for words in cells if words.isascii() and words.isdigit() and len(words) <= 2]
    in_order = sum(later == day + 1 for day, later in pairwise(days))
    return in_order >= 26 and len(cells) - len(days) <= 12


def without_captions(body: HtmlElement) -> None:
    """Take captions out, in place: they belong to the pictures, which keep them."""
    for element in dict.fromkeys(captions.marked(body)):
        drop(element)


def without_repetition(body: HtmlElement) -> None:
    """Take out, in place, quotes that say once more what a paragraph says (pull quotes), and numbers of footnotes."""
    for reference in [sup for sup in body.iter("sup") if _is_reference(sup)]:
        drop(reference)
    quotes = [
        element
        for element in body.iter("blockquote", "aside", "div", "figure", "p", "span")
        if element is not body and (element.tag in ("blockquote", "aside") or _QUOTE(element.get("class") or ""))
    ]
    if not quotes:
        return
    for element in quotes:
        words = fold(
            " ".join(part for part in (one_line(one) for one in element.iter("p")) if part) or one_line(element)
        )
        if _FEW <= len(words) <= _MANY and fold(one_line(body)).count(words) > 1:
            drop(element)


def _is_reference(sup: HtmlElement) -> bool:
    return next(sup.iter("a"), None) is not None and _NUMBER.fullmatch(one_line(sup)) is not None


_QUOTE = judge(deferred(r"pull-?quote|quote-?pull|(?:^|[\s_-])pq(?=$|[\s_-])", re.I))
_FEW, _MANY = 24, 400  # letters of a quote
_NUMBER = deferred(r"[\[(]?(?:\d{1,3}|[a-z*†‡])[\])]?")


def _hidden(element: HtmlElement) -> bool:
    """Whether an element is not shown, as pop-ups beside a name are; paragraphs may wait behind a wall, lists to be
    opened."""
    style = element.get("style")
    if not style or "none" not in style or element.tag == "p" or "display:none" not in style.replace(" ", "").lower():
        return False
    return next(element.iter("img", "a", "table"), None) is None


_CALL = deferred(
    r"""
    ^\W*(?:
        follow\ (?:us|me|him|her|@|\w+(?:\ \w+)?\ on)|like\ us\ on  # networks
        |e-?mail\ \S+(?:\ \S+)?\ at|sign\ up\ (?:for|to|here)|subscribe\ (?:to|now|here)  # mail
        |have\ a\ (?:news\ )?tip|got\ a\ tip|like\ this\ story  # tips
        |get\ (?:the\ latest|our|your)\b.{0,80}\b(?:newsletter|inbox)  # newsletters
        |join\ (?:us|our|the\ conversation)|download\ our\ app|click\ here\ to  # buttons
        |let\ our\ news|if\ you\ enjoyed\ this|don'?t\ miss
        |欢迎关注|关注我们|扫描二维码|长按二维码|更多精彩  # Chinese: follow us, scan the code
        |(?:免责|版权|特别|郑重|侵权|转载)(?:声明|说明|提示)|声明\s*[:：]  # disclaimers
        |本文(?:仅代表|系作者)|凡本[网站]
        |disclaimer\b\s*:|(?:the\ views|opinions)\ expressed\ (?:in|by)[ ]
    )
    """,
    re.I | re.X,
)

# what stands where something embedded waits for the reader's consent; a look at the first letter spares one at every
# phrase
_CONSENT = deferred(
    r"""
    ^\W*(?=[abceipty])(?:
        ich\ bin\ (?:damit\ )?einverstanden|an\ dieser\ stelle\ (?:finde|steht)  # German
        |empfohlener\ (?:redaktioneller|externer)\ inhalt|externer\ inhalt
        |ein\ klick\ für\ den\ datenschutz|personenbezogene\ daten\ können
        |by\ (?:signing\ up|submitting|clicking)|this\ slideshow\ requires  # English
        |to\ view\ this\ (?:video|content)|(?:please\ )?enable\ javascript
        |your\ browser\ does\ not\ support|este\ contenido|ce\ contenu|placeholder  # Spanish, French
    )
    """,
    re.I | re.X,
)


def without_calls(body: HtmlElement) -> None:
    """Take out, in place, closing paragraphs that ask the reader to follow, subscribe or write, or disclaim the text,
    and requests for consent."""
    small = (element for element in [*body.iter("p", "div", "li")][::-1] if len(element) < 8)
    closing = [*islice(((element, words) for element in small if 0 < len(words := one_line(element)) < 400), 4)]
    for element, words in closing[::-1]:
        if _CALL.match(words) and element.getparent() is not None:
            drop(element)
    for element in [
        one
        for one in body.iter("p", "div", "label")
        if len(one) < 6 and len(words := one.text or "") < 300 and _CONSENT.match(words.strip())
    ]:
        if len(one_line(element)) < 500 and element.getparent() is not None:
            drop(element)


def _short(element: HtmlElement) -> str:
    """The words of an element, if they are few and it holds no picture; else nothing."""
    if len(element) > 12 or len(element.text or "") > 60:
        return ""
    words = one_line(element)
    if not 0 < len(words) <= 60 or next(element.iter("img", "table"), None) is not None:
        return ""
    return words


_UNHELD = deferred("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def drop(element: HtmlElement) -> None:
    """Remove an element and keep the words after it. Characters that a reference smuggled in are left out (&#1;)."""
    parent = element.getparent()
    if parent is None:
        return
    tail = element.tail
    if tail:
        before = element.getprevious()
        if before is not None:
            before.tail = _UNHELD.sub("", (before.tail or "") + tail)
        else:
            parent.text = _UNHELD.sub("", (parent.text or "") + tail)
    parent.remove(element)


def without_counters(text: str) -> str:
    """Text without view counters, which change with each fetch."""
    return _COUNTER.sub("", text) if any(verb in text for verb in _COUNTED) else text
