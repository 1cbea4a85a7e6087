"""Which words of a row are its headline: dates and labels are cut out by element, the link's place decides, cut words
give way to whole ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from lxml.html import HtmlElement

from archive.patterns import deferred
from spiders.blanks import compiled
from spiders.generic import rowdate
from spiders.page import one_line

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
CJK = deferred(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
TITLE_CLASS = deferred(r"tit(?:le)?(?:$|[^a-z])|headline|biaoti|(?:^|[_-])bt\d*(?:$|\s)|subject|heading", re.I)
CUT = compiled(r"\s*(?:(?<!\.)\.{2,}|(?<!…)…+)\s*$")
# words of a link that opens the story whose headline stands beside it
READ = deferred(
    r"""
    [\s>»›→▶+\[(]*(?:
        (?:read|view|see|learn|find\ out|show|open)(?:  # English: a verb and its object
            \ (?:
                more|all|full|the\ (?:full\ )?(?:story|article|notice)|details?|notice
                |article|story|here|pdf|document
            )
        )?
        |(?:more\ )?(?:details?|info(?:rmation)?)|full\ (?:story|article|text)  # or one of both
        |continue(?:\ reading)?|download(?:\ pdf)?|click\ here|here|pdf|more
        |mehr(?:\ (?:erfahren|lesen|dazu|infos?))?|weiter(?:lesen)?|zum\ artikel  # German
        |lire\ (?:la\ suite|plus|l['’]article)|en\ savoir\ plus|la\ suite  # French
        |leer\ (?:más|noticia)|ver\ (?:más|noticia|detalles?)|saber\ más  # Spanish
        |leggi(?:\ tutto|\ di\ più)?|scopri(?:\ di\ più)?|continua(?:\ a\ leggere)?  # Italian
        |saiba\ mais|leia\ mais|ler\ mais|ver\ mais|lees\ (?:meer|verder)  # Portuguese, Dutch
        |meer(?:\ lezen)?|läs\ mer|les\ mer|læs\ mere|lue\ lisää  # Nordic, Finnish
        |czytaj(?:\ (?:więcej|dalej))?|więcej|číst\ (?:dál|více)|více|viac  # Polish, Czech, Slovak
        |tovább(?:\ olvasom)?|citește(?:\ mai\ mult)?  # Hungarian, Romanian
        |подробнее|читать(?:\ (?:далее|дальше|полностью))?|детальніше  # Russian
        |διαβάστε\ περισσότερα  # Greek
        |devamı(?:nı\ oku)?|detay(?:lar)?|selengkapnya|baca(?:\ selengkapnya)?|lihat  # Turkish, Indonesian
        |xem(?:\ thêm|\ chi\ tiết)?|chi\ tiết  # Vietnamese
        |詳細(?:を見る|はこちら)?|詳しく(?:見る|はこちら)?|続きを(?:読む|見る)  # Japanese
        |もっと(?:見る|読む)
        |자세히(?:\ ?보기)?|더\ ?보기|바로\ ?가기  # Korean
        |อ่าน(?:ต่อ|เพิ่มเติม)|ดูรายละเอียด  # Thai
        |اقرأ\ (?:المزيد|أكثر)|المزيد  # Arabic
        |קרא\ עוד  # Hebrew
        |और\ पढ़ें|देखें  # Hindi
        |(?:查看|阅读|了解|点击)(?:详[情细]|全文|更多|原文|查看|下载)?|详[情细]|下载  # Chinese
    )[\s>»›→▶.…+\])]*
    """,
    re.I | re.X,
)
_LABEL_CLASS = deferred(
    r"""
    (?:^|[\s_-])(?:
        new|hot|ico\w*|icon|labels?|badges?|tags?|cate?\w*|flag|mark|sr-only|sound_only  # labels, icons, words for ears
        |blind|visually-hidden|bo_cate\w*|type|num|xin
    )(?:$|[\s_-])
    """,
    re.I | re.X,
)
_LABEL = deferred(r"(?:new|hot|top|n|새 ?글|新|最新|热|荐|図|공지|neu|nuevo|nouveau|nuovo|novo)[!！]?", re.I)
_BRACKETED = deferred(r"[\[【［(（〔<＜「][^\[\]【】()（）]{1,14}[\]】］)）〕>＞」]")
_SILENT = frozenset({"script", "style", "noscript", "template"})
_MOST_INSIDE, _FEW = 300, 3  # elements of a row; texts at the beginning of what is none
_LONG_LABEL = 24


def weight(text: str) -> int:
    """Characters, a Chinese one counted as three, since it says as much."""
    return len(text) + 2 * len(CJK.findall(text))


def words(element: HtmlElement) -> str:
    """Text of an element without those of its children that are a date or a label and nothing else; empty where none is
    left."""
    if _endless(element):
        return " ".join("".join(islice(element.itertext(), _FEW)).split())
    cut = _cut_out(element)
    if not cut:
        return one_line(element)
    return " ".join("".join(_left(element, cut)).replace("\u200b", "").split())


def is_date(text: str) -> bool:
    """Whether a text is a date, or the day of one that is split over elements, and nothing else."""
    return text.isdigit() or (
        len(text) < 40 and (shown := rowdate.find(text)) is not None and len(text) - len(shown.text) < 4
    )


def of(first: HtmlElement, same: Sequence[HtmlElement]) -> str:
    """The headline of a row, of the links to its story: that in a heading, else under a class of titles, else the first
    with words.

    `first` is the one that looks most like a headline. Pictures speak only where no link has words.
    """
    ranked = sorted(same, key=place, reverse=True)  # of one place the first stays first
    order = ranked if ranked and place(ranked[0]) >= 2 else [first, *(link for link in same if link is not first)]
    best = next((said for link in order if (said := _inner(link))), "")
    return whole(best, [first, *same])


def place(link: HtmlElement) -> int:
    """4: in or around a heading; 3: in or around a class of titles; 2: is called one; 1: has words; 0: a picture, or
    nothing."""
    if not words(link):
        return 0
    for tag in HEADINGS:
        if any(words(found) and not is_date(one_line(found)) for found in link.iter(tag)):
            return 4
    near = [
        up
        for up in (link.getparent(), link.getparent().getparent() if link.getparent() is not None else None)
        if up is not None
    ]
    if any(up.tag in HEADINGS for up in near):
        return 4
    if any(
        isinstance(found.tag, str) and TITLE_CLASS.search(found.get("class") or "") and words(found)
        for found in link.iterdescendants()
    ):
        return 3
    alone = bool(near) and len([*islice(near[0].iterdescendants("a"), 2)]) == 1  # a list may hold links by the thousand
    if alone and TITLE_CLASS.search(near[0].get("class") or ""):
        return 3
    return 2 if TITLE_CLASS.search(link.get("class") or "") else 1


def _inner(link: HtmlElement) -> str:
    """What a link's headline is: its heading, what is classed as a title in it, its first run of words, or all it
    says."""
    if _endless(link):
        return words(link)
    for tag in HEADINGS:
        for found in link.iter(tag):
            if (said := words(found)) and not is_date(said):
                return said
    for found in link.iterdescendants():
        if (
            isinstance(found.tag, str)
            and TITLE_CLASS.search(found.get("class") or "")
            and (said := words(found))
            and not is_date(said)
        ):
            return said
    if next(link.iter("div", "p", "dd", "li"), None) is not None:  # a link around headline, summary and date
        cut = _cut_out(link)
        runs = [said for run in _texts(link, cut) if weight(said := " ".join(run.split())) >= 8 and not is_date(said)]
        if runs:
            return runs[0]
    return words(link)


def whole(best: str, links: Sequence[HtmlElement]) -> str:
    """The headline in full, where it is cut short and the title of one of its links, or the alt of a picture, is
    not."""
    stem = _stem(best)
    for link in links:
        said = " ".join((link.get("title") or "").split())
        if (
            said
            and not READ.fullmatch(said)
            and (not stem or (said.startswith(stem[: max(4, len(stem) - 2)]) and len(said) >= len(stem)))
        ):
            return said
    if stem != best and len(stem) >= 4:
        for link in links:
            image = next(link.iter("img"), None)
            said = " ".join((image.get("alt") or "").split()) if image is not None else ""
            if said.startswith(stem) and len(said) > len(stem) and not CUT.search(said):
                return said
    return best


def _stem(best: str) -> str:
    """The words before they are cut off, wherever the dots stand."""
    stem = CUT.sub("", best).strip()
    at = re.search(r"…|\.{3}", stem)
    return stem[: at.start()].strip() if at and at.start() >= 4 else stem


def beside(element: HtmlElement) -> str:
    """The headline of a row whose link says only 'Read more': its first heading, what is classed as a title, or its
    longest cell."""
    for found in element.iter(*HEADINGS):
        if (said := words(found)) and not is_date(said) and weight(said) >= 8:
            return said
    for found in element.iterdescendants():
        if (
            isinstance(found.tag, str)
            and found.tag != "a"
            and TITLE_CLASS.search(found.get("class") or "")
            and weight(said := words(found)) >= 8
            and not is_date(said)
        ):
            return said
    cells = (
        [
            said
            for cell in element
            if cell.tag in ("td", "th")
            and next(cell.iter("a"), None) is None
            and weight(said := words(cell)) >= 12
            and not is_date(said)
        ]
        if element.tag == "tr"
        else []
    )
    return max(cells, key=len, default="")


def inline(link: HtmlElement) -> bool:
    """Whether a link is a part of a sentence: words of the same paragraph stand before it."""
    parent = link.getparent()
    if parent is None or parent.tag not in ("p", "em", "i", "small", "blockquote", "cite"):
        return False
    before = parent.text or ""
    for child in parent:
        if child is link:
            break
        before += child.tail or ""
    return len(re.findall(r"[^\W\d_]", before)) >= 8


def _endless(element: HtmlElement) -> bool:
    """Whether it holds more than a row can: it was not closed, and all that follows hangs in it."""
    return next(islice(element.iterdescendants(), _MOST_INSIDE, None), None) is not None


def _cut_out(element: HtmlElement) -> set[HtmlElement]:
    """Children of an element, at any depth, that are a date or a label and nothing else."""
    found: set[HtmlElement] = set()
    for child in element.iterdescendants():
        if (
            not isinstance(child.tag, str)
            or child.tag in ("br", "img", "wbr")
            or any(up in found for up in child.iterancestors())
        ):
            continue
        said = " ".join("".join(_texts(child, set(), " ")).split())
        if said and ((is_date(said) and not said.isdigit()) or (len(said) <= _LONG_LABEL and _is_label(child, said))):
            found.add(child)
    return found if found and "".join(_left(element, found)).strip() else set()


def _is_label(child: HtmlElement, said: str) -> bool:
    if child.tag in ("a", *HEADINGS):
        return False
    return bool(
        _LABEL.fullmatch(said)
        or _BRACKETED.fullmatch(said)
        or (_LABEL_CLASS.search(child.get("class") or "") and weight(said) <= _LONG_LABEL)
    )


def _left(element: HtmlElement, cut: set[HtmlElement]) -> list[str]:
    return _texts(element, cut)


def _texts(element: HtmlElement, cut: set[HtmlElement], gap: str = "") -> list[str]:
    found = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _SILENT:
            if child in cut:
                found.append(" ")
            else:
                found += _texts(child, cut, gap)
        found += [gap, child.tail or ""]
    return found
