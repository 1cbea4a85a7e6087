"""The short lines around a story: above its headline, between headline and text, at the edges of the text, after it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from archive.patterns import deferred
from spiders.generic import bylines, dates
from spiders.generic.comments import of_comments
from spiders.generic.prose import own_line
from spiders.generic.text_mass import Weighed

_LONG = 400  # bytes: a longer block is running text
_ROW = 120  # characters of a line of cells that are facts
_CELLS = deferred(r"\s[|·•]\s")
_EDGE = 160  # characters of running text that are looked at, at either end


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines in page order. Blocks of several lines are taken apart."""

    above: tuple[str, ...] = ()  # before the headline
    head: tuple[str, ...] = ()  # from the headline to the first paragraphs
    opening: tuple[str, ...] = ()  # the beginnings of the first paragraphs
    closing: tuple[str, ...] = ()  # the ends of the last paragraphs, last first
    tail: tuple[str, ...] = ()  # after the last paragraph


def around(w: Weighed, title: int, first: int, last: int, running: tuple[int, ...]) -> Lines:
    """The lines around a story whose headline stands at `title` (-1: not found) and whose paragraphs are `running`."""
    if not 0 <= title < first:
        title = max(0, first - 120)
    short = [here for here, size in enumerate(w.text[: last + 250]) if 0 < size <= _LONG]
    head = [here for here in short if title < here < first][-60:] + [
        here for here in short if first <= here < min(first + 12, last)
    ]
    return Lines(
        above=_lines(w, [here for here in short if here < title][-40:]),
        head=tuple(_heading_facts(w, title)) + _lines(w, head),
        opening=tuple(line[:_EDGE] for here in running[:3] for line in own_line(w.elements[here]).split("\n")[:4]),
        closing=tuple(
            line[-_EDGE:] for here in running[:-4:-1] for line in own_line(w.elements[here]).split("\n")[:-4:-1]
        ),
        tail=_lines(w, islice((here for here in short if here >= last and not of_comments(w.elements[here])), 12)),
    )


def _heading_facts(w: Weighed, title: int) -> list[str]:
    """Lines of the headline's element: of a heading those after the first, since the first is the headline."""
    lines = own_line(w.elements[title]).split("\n")
    return lines[1:] if w.elements[title].tag in ("h1", "h2", "h3") else lines


def _lines(w: Weighed, blocks: Iterable[int]) -> tuple[str, ...]:
    return tuple(line for here in blocks for line in own_line(w.elements[here]).split("\n") if line)


# labels of boards in Korean, which stand without a colon
_KOREAN = deferred(
    r"(?:페이지 정보|본문|댓글목록|등록된 댓글이 없습니다\.?)$"
    r"|(?:작성자|등록자|글쓴이|작성일|등록일|게시일|조회수?|댓글|첨부파일)(?![가-힣])"
)


# a label of a few words and nothing but digits behind it, in any language: Okunma: 1204, کد خبر: ۸۸۱۲
_FIELD = deferred(r"[^\W\d_][^:：\d]{0,24}[:：]\s*[\d\W]{1,30}")
_FIELDS = deferred(r"\s[|·•–—-]\s|(?<=\d)\s+(?=[^\W\d_])")


def _is_fields(line: str) -> bool:
    """Whether a line is labels, each with a number or a day of numbers behind it, and nothing else."""
    cells = _FIELDS.split(line)
    labelled = [cell for cell in cells if _FIELD.fullmatch(cell) and any(map(str.isdigit, cell))]
    rest = [cell for cell in cells if cell not in labelled]
    return bool(labelled) and not any(any(map(str.isalpha, cell)) for cell in rest)


def _is_fact(cell: str) -> bool:
    """Whether a cell of a line is a date or who wrote, and nothing else."""
    if bylines.read(cell).authors:
        return len(cell) <= 60
    return any(char.isdigit() for char in cell) and (span := dates.span(cell)) > 0 and len(cell) - span <= 12


def facts(line: str) -> bool:
    """Whether a line states facts of a story (date, author, source, views) and tells nothing of it."""
    if len(line) > 200:
        return False
    if len(line) <= 60 and _KOREAN.match(line):
        return True
    labelled = bylines.labels(line)
    if labelled >= 2 or (labelled and len(line) <= 60):
        return True
    if len(line) <= _ROW and len(cells := _CELLS.split(line)) > 1 and any(map(_is_fact, cells)):
        return True
    if len(line) <= _ROW and (":" in line or "：" in line) and _is_fields(line):
        return True
    if (
        len(line) <= 80
        and any(char.isdigit() for char in line)
        and (span := dates.span(line))
        and len(line) - span <= 40
    ):
        return True
    return bylines.is_byline(line) and (len(line) <= 60 or (len(line) <= 100 and dates.span(line) > 0))
