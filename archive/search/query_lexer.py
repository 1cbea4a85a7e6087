"""A query cut into words, phrases, filters and operators; names and dates checked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from archive.patterns import deferred
from archive.search.query_tree import CHOICES, EDITS, FILTERS, TEXT_FIELDS, Filter, QueryError, Text

_ALIASES = {
    "language": "lang",
    "since": "after",
    "until": "before",
    "date": "on",
    "byline": "author",
    "text": "body",
    "标题": "title",
    "正文": "body",
    "作者": "author",
    "来源": "source",
    "附件": "attachment",
    "图注": "caption",
    "站点": "site",
    "学校": "college",
    "国家": "country",
    "语言": "lang",
    "栏目": "section",
    "年份": "year",
    "人物": "person",
    "机构": "org",
    "地点": "place",
    "新增": "added",
    "删去": "removed",
}
_DATES = {"after", "before", "on", "year"}
Mark = Literal["(", ")", "-", "AND", "OR", "NOT"]


@dataclass(frozen=True, slots=True)
class Field:
    """`title:` before a bracket."""

    name: str


Lexeme = Text | Filter | Field | Mark
_QUOTES = '"“”'
_WORD = deferred(rf"[^\s(){_QUOTES}]+")
_QUOTED = deferred(rf"[{_QUOTES}]([^{_QUOTES}]*)[{_QUOTES}]?(\*?)")
_DASHES = deferred(r"-+")
_NAMED = deferred(r"(\w{1,12})[:：](.*)", re.S)


def lexemes(query: str) -> list[Lexeme]:
    """The query in pieces; brackets that close nothing are gone. Raises QueryError for a filter's wrong value."""
    return _operators_or_words(_balanced(_cut(query)))


def _cut(query: str) -> list[Lexeme]:
    found: list[Lexeme] = []
    place, field = 0, None
    while place < len(query):
        character = query[place]
        if character.isspace():
            place += 1
        elif character in "()":
            if character == "(" and field:
                found.append(Field(field))
            found.append("(" if character == "(" else ")")
            place, field = place + 1, None
        elif match := _QUOTED.match(query, place):
            found.append(term(field, match[1], bool(match[2])))
            place, field = match.end(), None
        elif (match := _DASHES.match(query, place)) and not field:
            place = match.end()
            if place < len(query) and not query[place].isspace():
                found.append("-")
        else:
            word = _WORD.match(query, place)
            assert word
            place = word.end()
            name, value = _named(word[0]) if field is None else (field, word[0])
            glued = place < len(query) and query[place] in f"({_QUOTES}"
            field = name if name and not value and glued else None
            if field is None:
                found.append(_word(value or word[0], name if value else None))
    return found


def _named(word: str) -> tuple[str | None, str]:
    match = _NAMED.fullmatch(word)
    if not match:
        return None, word
    name = match[1].lower()
    name = _ALIASES.get(name, name)
    return (name, match[2]) if name in TEXT_FIELDS or name in FILTERS else (None, word)


def _word(word: str, field: str | None) -> Lexeme:
    if field is None and word in ("AND", "OR", "NOT"):
        return word  # type: ignore[return-value]
    if field in FILTERS:
        return term(field, word, False)
    return term(field, word.rstrip("*"), word.endswith("*"))


def term(field: str | None, value: str, prefix: bool) -> Text | Filter:
    """Words in a field, or a filter where the field is one; its value is checked."""
    if field in FILTERS:
        assert field
        return Filter(field, _checked(field, value))
    return Text(value, field, prefix)


def _checked(name: str, value: str) -> str:
    value = value.strip()
    if not value:
        raise QueryError(f"{name}: wants a value ({FILTERS[name]})")
    if name in EDITS and not any(c.isalnum() for c in value):
        raise QueryError(f"{name}: there is no letter or digit to look for")
    if name in CHOICES:
        plural = name == "has" and value.lower() not in CHOICES[name]
        singular = value.lower().removesuffix("s") if plural else value.lower()
        if singular not in CHOICES[name]:
            raise QueryError(f"{name}: is one of {', '.join(CHOICES[name])}, not {_short(value)}")
        return singular
    if name == "country" and not _CODE.fullmatch(value):
        raise QueryError(f"country: wants a code such as CN, GB or US (ISO 3166-1), not {_short(value)}")
    return _date(name, value) if name in _DATES else value


_CODE = deferred("[A-Za-z]{2}")
_DATE = deferred(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?|年)?")


def _date(name: str, value: str) -> str:
    match = _DATE.fullmatch(value)
    if not match or (name == "year" and match[2]):
        wanted = "a year such as 2023" if name == "year" else "a date such as 2023, 2023-09 or 2023-09-01"
        raise QueryError(f"{name}: wants {wanted}, not {_short(value)}")
    year, month, day = match.groups()
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError as problem:
        raise QueryError(f"{name}: there is no date {_short(value)}") from problem
    return "-".join([year, *(f"{int(part):02}" for part in (month, day) if part)])


def _short(value: str) -> str:
    return repr(value if len(value) <= 40 else value[:40] + "…")


def _balanced(pieces: list[Lexeme]) -> list[Lexeme]:
    """Without closing brackets that close nothing; an open one is closed by the end."""
    out: list[Lexeme] = []
    depth = 0
    for piece in pieces:
        depth += (piece == "(") - (piece == ")")
        if depth < 0:
            depth = 0
        else:
            out.append(piece)
    return out


def _operators_or_words(pieces: list[Lexeme]) -> list[Lexeme]:
    """An operator that joins nothing is the word itself: `to be OR`."""
    out: list[Lexeme] = []
    for place, lexeme in enumerate(pieces):
        following = pieces[place + 1] if place + 1 < len(pieces) else ")"
        joins = following not in (")", "AND", "OR")
        if lexeme in ("AND", "OR"):
            joins = joins and bool(out) and out[-1] not in ("(", "-", "AND", "OR", "NOT")
        if lexeme in ("AND", "OR", "NOT") and not joins:
            assert isinstance(lexeme, str)
            out.append(Text(lexeme.lower()))
        else:
            out.append(lexeme)
    return out
