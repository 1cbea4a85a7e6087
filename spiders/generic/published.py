"""Where a page of an unknown maker says when it came out. Gives the words; `spiders.normalise` reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta, timezone
from itertools import zip_longest

from lxml.html import HtmlElement

from archive.patterns import deferred
from spiders.generic import dates
from spiders.generic.comments import of_comments
from spiders.generic.structured import Structured
from spiders.page import Page, one_line

# <meta> names that mean first publication, the most exact first
_META = (
    "article:published_time", "og:article:published_time", "article:published", "datepublished", "og:published_time",
    "og:pubdate", "published_time", "publishdate",
    "publish_date", "publish-date", "pubdate", "published-date", "publication_date", "publicationdate",
    "date_published", "article_date_original", "originalpublicationdate",
    "sailthru.date", "parsely-pub-date", "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "article.published",
    "article.created", "article:post_date", "rnews:datepublished",
    "dc.date.issued", "dcterms.issued", "dc.issued", "citation_publication_date", "citation_online_date",
    "displaydate", "publisheddate", "published", "pub_date", "release_date", "timestamp", "firstpublished",
    "weibo:article:create_at",
)  # fmt: skip
# when a page was made: it may have waited for its day, which a line with a label says
_META_CREATED = ("dcterms.created", "dc.date.created", "dc.created", "datecreated", "created")
_META_DATED = (
    "dcterms.date",
    "dc.date",
    "dcdate",
    "date",
)  # of publication, or of the last change: what readers are shown says which
_META_UPDATED = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "dc.date.modified",
    "last-modified",
    "lastmod",
    "revised",
)
_WORDS = r"""
        发\s*[布表]\s*(?:时间|日期|于)?|刊发时间|刊登时间|成文日期|信息时间|添加时间  # Chinese
        |录入时间|創建時間|发文日期|發[布佈表]\s*(?:時間|日期|於)?|(?:公告|公佈|張貼|刊登|上版|上架)(?:日期|時間)
        |公告(?:日期|时间)|投稿日|公開日|掲載日
        |配信
        |작성일|게시일  # Korean
        |published(?:\s+(?:on|at|date))?|posted(?:\s+(?:on|at|by))?|publication\ date  # English
        |date\ published|release\ date|first\ published|created(?:\s+on)?
        |veröffentlicht(?:\s+am)?|erstellt(?:\s+am)?|publié(?:e)?(?:\s+le)?  # German, French
        |publicado(?:\s+(?:el|em))?|pubblicato(?:\s+il)?|geplaatst(?:\s+op)?  # Spanish, Italian, Dutch
        |gepubliceerd(?:\s+op)?|publicerad|udgivet|opublikowano|dodano  # Dutch, Nordic, Polish
    """
_LABEL = deferred(
    rf"""
    (?:{_WORDS}
        # not as the end of a word: 活动时间, update
        |(?<!\w)(?:时\s*间|日\s*期|時\s*間|date|stand|datum|data|등록일?|입력|作成日)
    )\s*[:：]?\s*
    """,
    re.I | re.X,
)
_ALONE = deferred(rf"(?:{_WORDS})[:：]?", re.I | re.X)  # in a cell of its own; of Date alone nobody knows
# what is dated in such a line is a change, a member or a broadcast, not the story
_UPDATED = deferred(
    r"""
    更新|修改  # Chinese
    |updated|modified|last|registriert|joined|sendung|aired|aktualisiert|mis\ à\ jour  # English, German
    |actualizado|aggiornato|geändert  # Spanish, Italian, German
    |수정  # Korean
    |edited|changed|bijgewerkt  # English, Dutch
    """,
    re.I | re.X,
)
# a clock of the page, which shows every reader his own day: 今天是..., or a day and its weekday alone
_CLOCK = deferred(
    r"""
    今天是|现在是|今日是|today\ is|欢迎|welcome
    |(?:сегодня|heute|hoje|oggi|hoy|aujourd.hui|bugün|اليوم|오늘)\b\W  # today
    |^\W*(?:20\d\d年\d{1,2}月\d{1,2}日)\s*(?:星期|周)[一二三四五六日天]\W*$  # a day and its weekday alone
    """,
    re.I | re.X,
)
_YEAR_FIRST = {"ko": "KR", "ja": "JP"}  # languages in which 24.03.05 behind a label is a day of 2024
_CELLS = deferred(r"\s[|·•]\s")
_DIGIT = deferred(r"\d")
_CELL = 20  # characters of a label that has a cell of its own
_LONG = 160  # characters: a longer line tells of dates, it does not state one
_REST = 60  # characters that may stand in one line with a date which nothing labels


def said(page: Page, data: Structured) -> str:
    """The machine-readable date of publication, to the day at least; empty if none is stated."""
    return _dated(data.published, *(page.meta(name) for name in _META))


def created(page: Page) -> str:
    """The machine-readable date on which the page was made, to the day at least; empty if none is stated."""
    return _dated(*(page.meta(name) for name in _META_CREATED))


def dated(page: Page) -> str:
    """The machine-readable date of which no one says what it is, to the day at least; empty if none is stated."""
    return _dated(*(page.meta(name) for name in _META_DATED))


def _dated(*stated: str) -> str:
    for text in stated:
        if text and (moment := dates.parse(text, None)) and moment.precision != "month":
            return text
        if text and (stamp := dates.stamp(text)):
            return stamp
    return ""


def localised(stated: str, lines: Sequence[str]) -> str:
    """An instant stated in UTC, in the page's own zone where a line shows that instant, or its day, by the local clock.

    The instant stays what it is. Where only the day is shown, the zone is the nearest in which it was that day.
    """
    moment = dates.parse(stated, None)
    if moment is None or not moment.timed or moment.zone is None or moment.zone.utcoffset(None):
        return stated
    instant = datetime.combine(moment.day, time(moment.hour, moment.minute, moment.second))
    for line in lines:
        shown = dates.parse(line, None) if len(line) <= _LONG and _DIGIT.search(line) else None
        if shown is None or shown.precision == "month" or _UPDATED.search(line):
            continue
        days = (shown.day - moment.day).days
        if shown.timed:
            offset = datetime.combine(shown.day, time(shown.hour, shown.minute)) - instant.replace(second=0)
        elif days == -1:
            offset = timedelta(hours=-1 - moment.hour)
        elif days == 1:
            offset = timedelta(hours=24 - moment.hour)
        else:
            return stated
        if not offset:
            return stated
        if abs(offset) <= timedelta(hours=14) and not offset.total_seconds() % 900:
            return (instant + offset).replace(tzinfo=timezone(offset)).isoformat()
    return stated


def updated(page: Page, data: Structured) -> str:
    """The machine-readable date of the last change; empty if none is stated."""
    return data.modified or page.meta(*_META_UPDATED)


def labelled(lines: Sequence[str], page: Page) -> str:
    """A date behind a label (发布时间：, Posted on), from lines near the story; empty if there is none."""
    country = _YEAR_FIRST.get(page.declared_language, dates.ANY)
    for line, behind in zip_longest(lines, lines[1:], fillvalue=""):
        if len(line) > 2 * _LONG:
            continue
        if not _DIGIT.search(line):  # a cell, and the one beside it
            if len(line) <= _CELL and _ALONE.fullmatch(line) and dates.starts(behind, page.fetched, country):
                return behind[:60]
            continue
        for label in _LABEL.finditer(line):
            rest = line[label.end() : label.end() + 40]
            if _UPDATED.search(line[max(0, label.start() - 6) : label.end()]):
                continue
            if dates.starts(rest, page.fetched, country):
                return line[label.end() : label.end() + 60]
    return ""


def ago(lines: Sequence[str], page: Page) -> str:
    """How long before fetching it was, behind a label (Posted 3 hours ago, 发布于昨天); empty if no line says it."""
    for line in lines:
        if len(line) > _REST or _UPDATED.search(line):
            continue
        for label in _LABEL.finditer(line):
            if dates.starts_ago(rest := line[label.end() :], page.fetched):
                return rest
    return ""


def is_clock(line: str) -> bool:
    """Whether a line with a date shows every reader his own day."""
    return _CLOCK.search(line) is not None


def _with_date(line: str) -> list[str]:
    """The cells of a longer line (Jane Roe · 5 May 2024 · 4 min read) that hold a date."""
    cells = _CELLS.split(line) if len(line) > _REST else []
    return [cell for cell in cells if _DIGIT.search(cell) and dates.span(cell)] if len(cells) > 1 else []


def bare(lines: Sequence[str]) -> str:
    """The first short line that holds a full date: no clock of the page and no 更新 if there is another, never a
    change; empty if none does."""
    short = (
        cell for line in lines if len(line) <= _LONG and _DIGIT.search(line) for cell in _with_date(line) or (line,)
    )
    found = [
        line
        for line in short
        if (span := dates.span(line)) and len(line) - span <= _REST and not _UPDATED.search(line.replace("更新", ""))
    ]
    # 更新 is also what systems write of the first time
    return min(found, key=lambda line: (is_clock(line), "更新" in line), default="")


def marked(root: HtmlElement) -> Iterator[str]:
    """What elements say that are marked as the date of publication, in document order."""
    for element in root.iter("time", "abbr", "span", "div", "p", "meta"):
        if "datepublished" in (element.get("itemprop") or "").lower() or (
            element.tag == "time"
            and (element.get("pubdate") is not None or "published" in (element.get("class") or ""))
        ):
            if not of_comments(element):
                yield element.get("datetime") or element.get("content") or one_line(element)
        elif element.tag == "abbr" and "published" in (element.get("class") or ""):
            yield element.get("title") or one_line(element)


def times(root: HtmlElement) -> Iterator[str]:
    """What other <time> elements say, in document order, those that name a day before those that say 'ago'."""
    later: list[str] = []
    for element in root.iter("time"):
        if of_comments(element):
            continue
        if "updated" in (element.get("class") or "") or "modified" in (element.get("itemprop") or "").lower():
            continue
        said = element.get("datetime") or _titled(element) or one_line(element)
        said = dates.stamp(said) or said
        if said and dates.parse(said, None):
            yield said
        elif said:
            later.append(said)
    yield from later


def _titled(element: HtmlElement) -> str:
    """The instant that an element shows to who points at it."""
    title = element.get("title") or ""
    moment = dates.parse(title) if title else None
    return title if moment and moment.precision != "month" else ""


def same_day(one: str, other: str) -> bool:
    """Whether two texts state days that are at most one apart, as the zones of a page and of its data make them."""
    first, second = dates.parse(one, None), dates.parse(other, None)
    return bool(first and second and abs((first.day - second.day).days) <= 1)
