"""Authors who sign without a label: reporters, a name in brackets at the end, a line that is a name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from lxml.html import HtmlElement

from archive.patterns import deferred
from spiders.blanks import compiled
from spiders.generic import dates
from spiders.generic.bylines import HAN_NAME, LATIN_NAME, SURNAME, names
from spiders.generic.people import is_publication, tidy
from spiders.generic.prose import own_line
from spiders.generic.titles import fold

# reporters as papers sign them: 本报记者 张三 李四, （记者张三 通讯员李四）, 新京报记者 张三 山东报道
_REPORTER = compiled(
    r"""
    (?:记\s*者|通\s*讯\s*员|实习生|特派员)\s*[:：]?\s*(?P<names>  # who: reporter, correspondent, intern
        [\u3400-\u9fff·]{2,4}(?:[\s、，,]+[\u3400-\u9fff·]{2,4}){0,5}  # names apart
        |[\u3400-\u9fff·]{2,6}  # or one
    )
    """,
    re.X,
)
_FOR_WHAT = compiled(
    r"^(?:文\s?[/／、]?\s?图|图\s?[/／、]?\s?文|文|撰[稿文]|供稿|通讯员|记者|作者)\s+(?=[\u3400-\u9fff])"
)
_BRACKETED = deferred(r"[(（]([^()（）]{2,40})[)）]\s*$")
_AFTER_NAME = compiled(
    r"(?:发自|(?:\s+\S{2,6})?报道|来自|[\s]*(?:摄影报道|摄|文|图|整理|综合|编译)$|从|在|近日|昨|日前|获悉|了解|采访"
    r"|联系).*",
    re.S,
)
_POSTER = compiled(
    r"""
    (?<![\u3400-\u9fff])(?:本[贴帖文])?由\s*([^\s，。、]{2,12}?)\s*  # posted by whom
    (?:于|发表|张贴|发布|上传)
    |^(?P<dated>[\w·&.-]{2,16})\s+(?:发表|发布|發表)[于於]\s*[:：]?\s*(?:19|20)\d\d  # and when
    """,
    re.X,
)
# 张三/文, 李四/文图
_BEFORE_ROLE = deferred(r"(?:^|[\s(（])([\u3400-\u9fff]{2,4})[/／](?:文|图文|文图)(?![\u3400-\u9fff])")
_DATED = deferred(r"(?:19|20)\d\d\s?[-./年]")
_BESIDE_DATE = deferred(r"[\[【(（]\s*([\u3400-\u9fff]{2,4}(?:[\s、]+[\u3400-\u9fff]{2,4})*)\s*[\]】)）]")
# 홍길동 기자, (서울=연합뉴스) 홍길동 기자 =
_KOREAN = deferred(
    r"""
    (?:^|[\s=\])〉｜|·,])(?!
        (?:
            선임|수습|인턴|객원|전문|담당|취재|사진|시민|학생|현장|본지|방송|모든|우리  # which reporter, none by name
            |한|두|해당
        )\s
    )([가-힣]{2,4})\s?(?:(?:선임|수습|인턴|객원|전문|대학생|논설)\s?)?기자  # the name, the office
    (?=$|[\s=(\[|·,])
    """,
    re.X,
)
_CELLS = deferred(r"\s[|·•]\s")
_KOREAN_LINE = 60  # characters of a line that is a signature
_KOREAN_HEAD = 30  # characters of a paragraph in which the reporter stands before `=`
_FEW = 3  # lines that may be names where one of them is the author's
_KANA = deferred("[\u3041-\u30ff]")
# 【山田太郎】, （山田太郎） at the end of a Japanese story
_JAPANESE = deferred(r"[【（(]([\u3400-\u9fff々]{3,5}(?:[、・][\u3400-\u9fff々]{3,5}){0,4})(?:記者)?[】）)]\s*$")
_NO_JAPANESE = deferred(r"写真|撮影|関連|速報|編集|新聞|通信|提供|画像|部$|局$|社$|県|市|敬称|時事|共同|終|完")


def signed(opening: Sequence[str], closing: Sequence[str]) -> list[str]:
    """People who sign at the edges of a story, in page order."""
    if people := _reporters(opening) or _reporters(closing) or _korean((*opening, *closing)):
        return people
    for line in (*opening, *closing):
        match = _POSTER.search(line) if "由" in line or _DATED.search(line) else None
        if match and (people := names(match[1] or match["dated"])):
            return people
    for line in closing:
        if match := _BRACKETED.search(line):
            people = han_names(_AFTER_NAME.sub("", _FOR_WHAT.sub("", match[1])))
            if people:
                return people
        if (match := _BEFORE_ROLE.search(line)) and (people := han_names(match[1])):
            return people
        if (match := _JAPANESE.search(line)) and _KANA.search(line) and not _NO_JAPANESE.search(match[1]):
            return re.split("[、・]", match[1])
    for line in opening:
        if people := han_names(line):
            return people
        if _DATED.search(line):
            for match in _BESIDE_DATE.finditer(line):
                if people := han_names(match[1]):
                    return people
    return []


def at_right(after: Iterable[HtmlElement], publications: frozenset[str]) -> list[str]:
    """People of the first words after a story, where they are set at its right and are nothing but names."""
    for element in after:
        if words := own_line(element):
            at = f"{element.get('style') or ''};text-align:{element.get('align') or ''}".replace(" ", "").lower()
            if "text-align:right" not in at or len(words) > _SIGNATURE:
                return []
            return han_names(words) or ([words] if _is_name(words, publications) else [])
    return []


def alone(head: Sequence[str], publications: frozenset[str]) -> list[str]:
    """The one whose name is a line of its own beside the story's date: `Jane Roe` over `May 14, 2025`, or a
    cell beside it."""
    for line in head:
        cells = _CELLS.split(line) if len(line) <= _SIGNATURE + 40 else []
        if len(cells) > 1 and any(map(_is_date, cells)):
            named = [cell for cell in cells if _is_name(cell, publications) and not _is_date(cell)]
            if len(named) == 1:
                return named
    likely = [here for here, line in enumerate(head) if _is_name(line, publications)]
    beside = [
        here for here in likely if any(map(_is_date, (*head[max(0, here - 1) : here], *head[here + 1 : here + 2])))
    ]
    return [head[beside[0]]] if len(beside) == 1 and len(likely) <= _FEW else []  # more are a table of results


def _is_name(line: str, publications: frozenset[str]) -> bool:
    """Two to four capitalised words that are no office, nothing of an interface and no part of a site's name."""
    if not 5 <= len(line) <= 40 or " " not in line or not LATIN_NAME.match(line):
        return False
    words = line.split()
    return (
        len(words) <= 4
        and words[0][0].isupper()
        and words[-1].upper() != words[-1].lower()
        and bool(tidy(line))
        and not is_publication(line, publications)
        and not any(fold(word) in name for word in words if len(word) > 3 for name in publications)
    )


def _is_date(line: str) -> bool:
    """Whether a line is little but a date."""
    return len(line) <= 80 and any(map(str.isdigit, line)) and (span := dates.span(line)) > 0 and len(line) - span <= 30


def _reporters(lines: Iterable[str]) -> list[str]:
    """Those of the first line that reporters sign, and of lines that follow it at once."""
    found: list[str] = []
    for line in lines:
        people: list[str] = []
        if (
            ("记" in line or "员" in line or "实习生" in line)
            and (match := _REPORTER.search(line))
            and _stands_alone(line, match)
        ):
            said = (
                re.sub(r"[\s、，,]+\S{2,4}$", "", match["names"])
                if line[match.end() :].startswith(("报道", "讯", "电"))
                else match["names"]
            )
            people = [name for name in names(_AFTER_NAME.sub("", said)) if HAN_NAME.match(name) and len(name) <= 6]
        if found and not people:
            break
        found += [name for name in people if name not in found]
    return found


def _korean(lines: Iterable[str]) -> list[str]:
    for line in lines:
        if "기자" not in line:
            continue
        found = [match[1] for match in _KOREAN.finditer(line) if len(line) <= _KOREAN_LINE or _heads(line, match)]
        if found:
            return list(dict.fromkeys(found))
    return []


def _heads(line: str, match: re.Match[str]) -> bool:
    return match.start() <= _KOREAN_HEAD and line[match.end() :].lstrip().startswith("=")


def _stands_alone(line: str, match: re.Match[str]) -> bool:
    """A signature is a short line, stands in brackets, or opens a line; 'told the reporter' inside a sentence is
    none."""
    before, after = line[: match.start()], line[match.end() :]
    if before.count("（") + before.count("(") > before.count("）") + before.count(")"):
        return len(before) - max(before.rfind("（"), before.rfind("(")) <= 16
    return len(line) <= 40 and not re.search(r"[，。！？：；]", before + after)


def han_names(text: str) -> list[str]:
    """Chinese names, when the text is nothing else: two to four characters, the first a common surname."""
    if len(text) > _SIGNATURE:
        return []
    words = [word for word in _GAPS.split(text.strip()) if word]
    if not 1 <= len(words) <= 5 or not all(_SHORT_HAN.match(word) for word in words):
        return []
    return (
        words if all(word[0] in SURNAME and len(word) <= 3 for word in words[:1]) and not _COMMON.search(text) else []
    )


_SIGNATURE = 60  # characters: five names of four, and what stands between them
_GAPS = deferred(r"[\s、，,]+")
_SHORT_HAN = deferred(r"^[\u3400-\u9fff]{2,4}$")
_COMMON = deferred(
    r"[的了是在不有和与及]|新闻|学院|大学|学校|通知|公告|附件|图片|时间|关于|责任|编辑|[完网报社号版页]$"
)
