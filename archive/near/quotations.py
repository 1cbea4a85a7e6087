"""Passages of more than sixty words that stand in two stories which are not the same story.

Fingerprints of thirty words, the least of each thirty-one in a row (winnowing: Schleimer, Wilkerson and Aiken 2003):
whatever is shared and as long as sixty words has one in common. One pass over the texts; fingerprints lie in a file.
"""

from __future__ import annotations

import re
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Annotated
from zlib import crc32

from archive.patterns import deferred

if TYPE_CHECKING:
    from sqlite_utils import Database

LEAST = 60  # words; a passage is longer
_GRAM, _WINDOW = 30, 31
MOST_STORIES = 20  # that share a fingerprint: in more it is boilerplate, a slogan or an address
_PRIME, _BASE = (1 << 61) - 1, 1_000_003
_TOKEN = deferred(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """A passage of two stories."""

    earlier: Annotated[int, "Row of the story that was published first as stated, else captured first"]
    later: int
    words: int
    text: Annotated[str, "The passage as the later story has it"]


@dataclass(slots=True)
class Quotations:
    """What was found."""

    found: list[Quotation]
    stories: Annotated[int, "Texts that were looked at"]
    boilerplate: Annotated[int, "Fingerprints left out, since more than MOST_STORIES stories share them"]


def quotations(
    db: Database, ids: Iterable[int], *, same: Callable[[int, int], bool] = lambda one, other: False, most: int = 10_000
) -> Quotations:
    """Passages shared by stories of these rows, the longest first, at most `most`; `same` tells what is one story."""
    with closing(sqlite3.connect("")) as prints:  # a file that SQLite takes away itself
        prints.execute("create table prints (hash integer, story integer, place integer)")
        stories = 0
        for id_ in ids:
            stories += 1
            prints.executemany(
                "insert into prints values (?, ?, ?)",
                ((value, id_, place) for place, value in _fingerprints(_tokens(_body(db, id_)))),
            )
        prints.execute("create index by_hash on prints(hash, story, place)")
        left_out = 0
        passages: dict[tuple[int, int], Quotation] = {}
        spans: dict[tuple[int, int], tuple[int, int]] = {}  # of those, in the second text: not gone over again
        tokens = lru_cache(512)(lambda id_: [*_TOKEN.finditer(_body(db, id_))])
        shared = "select hash, story, place from prints where hash in (select hash from prints group by hash having"
        shared += " min(story) < max(story)) order by hash, story, place"
        for _, group in groupby(prints.execute(shared), key=itemgetter(0)):
            places: dict[int, int] = {}
            for _, story, place in group:
                places.setdefault(story, place)
            if len(places) > MOST_STORIES:
                left_out += 1
                continue
            for pair in _pairs([*places]):
                known = passages.get(pair)
                if same(*pair) or (known is None and len(passages) >= most):
                    continue
                if known is not None and spans[pair][0] <= places[pair[1]] < spans[pair][1]:
                    continue
                one, other = tokens(pair[0]), tokens(pair[1])
                passage = _passage(one, other, places[pair[0]], places[pair[1]])
                if passage is not None and (known is None or passage[1] - passage[0] > known.words):
                    spans[pair] = passage
                    begin, end = other[passage[0]].start(), other[passage[1] - 1].end()
                    text = _body(db, pair[1])[begin:end]
                    passages[pair] = Quotation(earlier=pair[0], later=pair[1], words=passage[1] - passage[0], text=text)
    found = [_in_order(db, one) for one in passages.values()]
    found.sort(key=lambda one: (-one.words, one.earlier, one.later))
    return Quotations(found=found, stories=stories, boilerplate=left_out)


def _body(db: Database, id_: int) -> str:
    row = db.execute("select body from articles where id = ?", [id_]).fetchone()
    return str(row[0]) if row else ""


def _tokens(text: str) -> list[int]:
    return [crc32(token.lower().encode("utf-8", "replace")) for token in _TOKEN.findall(text)]


def _fingerprints(tokens: list[int]) -> Iterator[tuple[int, int]]:
    """Place and hash of those of a text."""
    if len(tokens) < _GRAM:
        return
    top, value = pow(_BASE, _GRAM - 1, _PRIME), 0
    window: deque[tuple[int, int]] = deque()
    last = -1
    for place, token in enumerate(tokens):
        if place >= _GRAM:
            value = (value - tokens[place - _GRAM] * top) % _PRIME
        value = (value * _BASE + token) % _PRIME
        begin = place - _GRAM + 1
        if begin < 0:
            continue
        while window and window[-1][0] >= value:
            window.pop()
        window.append((value, begin))
        if window[0][1] <= begin - _WINDOW:
            window.popleft()
        if begin >= _WINDOW - 1 and window[0][1] != last:
            last = window[0][1]
            yield last, window[0][0]


def _pairs(stories: list[int]) -> Iterator[tuple[int, int]]:
    for n, one in enumerate(stories):
        for other in stories[n + 1 :]:
            yield one, other


def _passage(one: list[re.Match[str]], other: list[re.Match[str]], at: int, there: int) -> tuple[int, int] | None:
    """From where to where the second text says what the first does, around these places; None where it is too short."""

    def agree(n: int) -> bool:
        here, hence = at + n, there + n
        inside = 0 <= here < len(one) and 0 <= hence < len(other)
        return inside and one[here][0].lower() == other[hence][0].lower()

    begin = end = 0
    while agree(begin - 1):
        begin -= 1
    while agree(end):
        end += 1
    return (there + begin, there + end) if end - begin > LEAST else None


def _in_order(db: Database, one: Quotation) -> Quotation:
    """With the story that came out first, as far as it is stated, in its place."""
    sql = "select coalesce(published, first_seen), first_seen, url from articles where id = ?"
    a, b = (db.execute(sql, [id_]).fetchone() for id_ in (one.earlier, one.later))
    if b >= a:
        return one
    return Quotation(earlier=one.later, later=one.earlier, words=one.words, text=one.text)
