"""The words in which a CDX server is asked: those of pywb, with those of the Internet Archive's that pywb lacks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, cast, get_args

import regex  # type: ignore[import-untyped]

Match = Literal["exact", "prefix", "host", "domain"]
Output = Literal["text", "json", "cdxj"]
Line = dict[str, str]
FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length", "offset", "filename")
ORIGINALS = ("orig.length", "orig.offset", "orig.filename")  # with resolveRevisits
# as pywb names them in CDXJ and JSON; either name may be asked for
NAMES = {"original": "url", "mimetype": "mime", "statuscode": "status"}
_FIELD_OF = {**{name: name for name in (*FIELDS, *ORIGINALS)}, **{new: old for old, new in NAMES.items()}}
_SINGLE = {
    "url", "matchType", "from", "to", "closest", "limit", "sort", "reverse", "fl", "fields", "output", "collapseTime",
    "fastLatest", "resolveRevisits", "page", "pageSize", "showNumPages",
}  # fmt: skip
_REPEATED = {"filter", "collapse"}
_FLAGS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
MOST = 10_000  # lines of an answer
BLOCK = 1_000  # lines that pages are counted in, as pywb's are in blocks of a compressed index
MOST_BLOCKS = MOST // BLOCK  # of a page
_MOST_FILTERS = 10
_PATIENCE_S = 0.05  # for one pattern over one line: a visitor's pattern can be made to take for ever


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is asked for."""

    url: Annotated[str, "Address, or its beginning; a trailing * asks for a prefix, a leading *. for a domain"]
    match: Annotated[Match, "How it is meant"] = "exact"
    begin: Annotated[str, "Earliest timestamp, 4 to 14 digits; empty for any"] = ""
    end: Annotated[str, "Latest timestamp, 4 to 14 digits; empty for any"] = ""
    filters: Annotated[tuple[str, ...], "[!][=|~]field:text; contains it, is it, or matches it from its beginning"] = ()
    collapse: Annotated[tuple[tuple[tuple[str, int | None], ...], ...], "Of neighbours alike in these, the first"] = ()
    closest: Annotated[str, "Timestamp to sort by nearness to; empty for oldest first"] = ""
    reverse: Annotated[bool, "Last first"] = False
    limit: Annotated[int, "Most lines; below zero the last ones"] = MOST
    resolve: Annotated[bool, "Tell of each revisit where the record lies that it repeats"] = False
    page: Annotated[int | None, "Which page of lines, before anything is left out; None for all"] = None
    blocks: Annotated[int, "Blocks of a page"] = MOST_BLOCKS


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request to /cdx."""

    query: Query
    fields: Annotated[tuple[tuple[str, str], ...] | None, "Names as asked for, with ours; None for all"]
    output: Output
    count_pages: bool


def asked(parameters: Iterable[tuple[str, str]]) -> Asked:
    """A query string, checked. Raises ValueError, in words for the one who asked."""
    given: dict[str, list[str]] = {}
    for name, value in parameters:
        given.setdefault(name, []).append(value)
    if unknown := sorted(given.keys() - _SINGLE - _REPEATED):
        raise ValueError(f"unknown: {', '.join(unknown)}; there are {', '.join(sorted(_SINGLE | _REPEATED))}")
    if twice := sorted(name for name in given.keys() & _SINGLE if len(given[name]) > 1):
        raise ValueError(f"given more than once: {', '.join(twice)}")
    one = {name: values[0] for name, values in given.items() if name in _SINGLE and values[0]}
    if "url" not in one:
        raise ValueError("url= is needed: an address, or with matchType= its beginning, host or domain")
    sort = _among("sort", one.get("sort", "default"), ("default", "reverse", "closest"))
    if sort == "closest" and "closest" not in one:
        raise ValueError("sort=closest wants closest=, a timestamp")
    flags = {name: _flag(name, one) for name in ("reverse", "fastLatest", "resolveRevisits", "showNumPages")}
    query = Query(
        url=one["url"],
        match=cast(Match, _among("matchType", one.get("matchType", "exact"), get_args(Match))),
        begin=one.get("from", ""),
        end=one.get("to", ""),
        filters=tuple(given.get("filter", [])),
        collapse=_collapse(given.get("collapse", []), one.get("collapseTime")),
        closest=one.get("closest", ""),
        reverse=flags["reverse"] or sort == "reverse",
        limit=_limit(one, fast_latest=flags["fastLatest"]),
        resolve=flags["resolveRevisits"],
        page=_whole("page", one["page"], 0, 10**9) if "page" in one else None,
        blocks=_whole("pageSize", one.get("pageSize", str(MOST_BLOCKS)), 1, MOST_BLOCKS),
    )
    named = [name for name in (one.get("fields") or one.get("fl", "")).split(",") if name]
    fields = tuple((name, _field(name)) for name in named) or None
    output = cast(Output, _among("output", one.get("output", "text"), get_args(Output)))
    return Asked(query=query, fields=fields, output=output, count_pages=flags["showNumPages"])


def meets(filters: Sequence[str]) -> Callable[[Line], bool]:
    """Whether a line meets all filters. Raises ValueError, then or when a pattern takes too long."""
    if len(filters) > _MOST_FILTERS:
        raise ValueError(f"more than {_MOST_FILTERS} filters")
    tests = [_filter(text) for text in filters]
    return lambda line: all(test(line) for test in tests)


def _filter(text: str) -> Callable[[Line], bool]:
    invert = text.startswith("!")
    kind = text[invert : invert + 1] if text[invert : invert + 1] in ("=", "~") else ""
    name, colon, wanted = text[invert + len(kind) :].partition(":")
    field = _field(name) if colon and name else ""
    wanted = wanted if colon else name
    if kind == "~":
        try:
            pattern = regex.compile(wanted)
        except regex.error as problem:
            raise ValueError(f"filter {text[:80]!r}: {problem}") from None

        def found(value: str) -> bool:
            try:
                return pattern.match(value, timeout=_PATIENCE_S) is not None
            except TimeoutError:
                raise ValueError(
                    f"filter {text[:80]!r} takes too long: write it without repeats inside repeats"
                ) from None
    elif kind == "=":

        def found(value: str) -> bool:
            return value == wanted
    else:

        def found(value: str) -> bool:
            return wanted in value

    return lambda line: found(line.get(field, "") if field else " ".join(line.values())) != invert


def _field(name: str) -> str:
    if name not in _FIELD_OF:
        raise ValueError(f"{name[:40]!r} is no field; there are {', '.join(_FIELD_OF)}")
    return _FIELD_OF[name]


def _collapse(given: Sequence[str], by_time: str | None) -> tuple[tuple[tuple[str, int | None], ...], ...]:
    """`collapse=digest`, `collapse=timestamp:8`; pywb's collapseTime=8 is the time so far and the status."""
    out: list[tuple[tuple[str, int | None], ...]] = []
    for text in given:
        name, colon, digits = text.partition(":")
        out.append(((_field(name), _whole("collapse", digits, 1, 10_000) if colon else None),))
    if by_time is not None:
        out.append((("timestamp", _whole("collapseTime", by_time, 1, 14)), ("statuscode", None)))
    return tuple(out)


def _limit(one: dict[str, str], *, fast_latest: bool) -> int:
    if "limit" not in one:
        return -1 if fast_latest else MOST
    wanted = _whole("limit", one["limit"], -(10**9), 10**9) or MOST  # none for 0, as in pywb
    return max(-MOST, min(wanted, MOST)) if not fast_latest else -min(abs(wanted), MOST)


def _whole(name: str, text: str, least: int, most: int) -> int:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 12 and least <= int(text) <= most):
        raise ValueError(f"{name}= is a whole number from {least:,} to {most:,}")
    return int(text)


def _flag(name: str, one: dict[str, str]) -> bool:
    value = one.get(name, "false").lower()
    if value not in _FLAGS:
        raise ValueError(f"{name}= is true or false")
    return _FLAGS[value]


def _among(name: str, value: str, known: Sequence[str]) -> str:
    if value not in known:
        raise ValueError(f"{name}= is one of {', '.join(known)}")
    return value
