"""What a person may have meant whose query finds nothing."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from archive.patterns import deferred
from archive.search.query_sql import Compiled, compiled
from archive.search.query_tree import QueryError, Text
from archive.search.segment import stands_alone
from archive.shadows import hides

if TYPE_CHECKING:
    from sqlite_utils import Database

_MOST_TERMS = 50_000  # terms of the index compared with one word
_LOOKED_AT = 40  # articles read for one gap in a Chinese term
_LONGEST = 20  # characters of a Chinese term that is compared; a passage is no misspelt word
_LONGEST_WORD = 60  # letters: comparing takes their square
_WORD = deferred(r"\w+")


def better_query(db: Database, query: str, asked: Compiled) -> str | None:
    """`query` with each word that finds nothing changed to the nearest that does; None if that finds nothing either."""
    better = query
    for text in dict.fromkeys(asked.texts[:_LONGEST]):
        if not _known(db, asked, text.text) and (near := _near(db, asked, text)):
            better = better.replace(text.text, near)
    if better == query:
        return None
    try:
        found = compiled(db, better).condition.sql()
    except QueryError:  # a correction may turn a word into an operator's name
        return None
    finds = db.execute(f"select exists (select 1 from articles a where {found[0]})", found[1]).fetchone()[0]
    return better if finds else None


def _near(db: Database, asked: Compiled, text: Text) -> str | None:
    tokens = asked.scratch.tokens([text.text])[0]
    if 3 <= len(tokens) <= _LONGEST and all(len(token) == 1 and stands_alone(token) for token in tokens):
        return _one_character_off(db, asked, tokens)
    words = _WORD.findall(text.text)
    if not 0 < len(words) <= 5:
        return None
    return " ".join(word if _known(db, asked, word) else _nearest_word(db, asked, word) or word for word in words)


def _known(db: Database, asked: Compiled, words: str) -> bool:
    return bool(_find(db, _phrase(asked.scratch.tokens([words])[0]), 1))


def _find(db: Database, expression: str, limit: int) -> list[int]:
    if not expression:
        return []
    return [
        row[0]
        for row in db.execute(
            "select rowid from articles_fts where articles_fts match ?"
            + " and +rowid in (select id from articles)" * hides(db.conn)
            + " limit ?",
            [expression, limit],
        ).fetchall()
    ]


def _phrase(tokens: list[str]) -> str:
    return '"' + " ".join(tokens).replace('"', '""') + '"' if tokens else ""


def _nearest_word(db: Database, asked: Compiled, word: str) -> str | None:
    """The word in use whose stem is the fewest letters away, the first letter given; the commonest of equals."""
    from rapidfuzz.distance import OSA  # here: most queries find something
    from rapidfuzz.process import extract

    stem = "".join(asked.scratch.tokens([word])[0])
    if not 3 <= len(stem) <= _LONGEST_WORD or stands_alone(stem[0]):
        return None
    terms = dict(
        db.execute(
            "select term, doc from articles_terms where term >= ? and term < ? limit ?",
            [stem[0], stem[0] + "\U0010ffff", _MOST_TERMS],
        ).fetchall()
    )
    allowed = 1 if len(word) < 6 else 2
    # stems differ more than words
    near = extract(stem, list(terms), scorer=OSA.distance, score_cutoff=allowed + len(stem) // 6, limit=None)
    best = sorted(near, key=lambda found: (found[1], -terms[found[0]], found[0]))[:20]
    written = [known for term, _, _ in best if (known := _as_written(db, asked, term))]
    spelled = extract(word.lower(), written, scorer=OSA.distance, score_cutoff=allowed, limit=1)
    return spelled[0][0] if spelled else None


def _as_written(db: Database, asked: Compiled, stem: str) -> str | None:
    """The word of which the index holds the stem, from the first article that has it."""
    for id_ in _find(db, _phrase([stem]), 1):
        texts = db.execute(
            "select title || ' ' || body || ' ' || byline || ' ' || source || ' ' || attachments || ' ' || captions"
            " from articles_text where id = ?",
            [id_],
        )
        words = Counter(word.lower() for word in _WORD.findall(texts.fetchone()[0]) if word[:1].lower() == stem[:1])
        spelled = [word for word, _ in words.most_common()]
        for word, tokens in zip(spelled, asked.scratch.tokens(spelled), strict=True):
            if tokens == [stem]:
                return str(word)
    return None


def _one_character_off(db: Database, asked: Compiled, tokens: list[str]) -> str | None:
    """The commonest run of characters in the archive that differs from this one in a single place."""
    found: Counter[str] = Counter()
    for gap in range(len(tokens)):
        before, after = tokens[:gap], tokens[gap + 1 :]
        expression = " AND ".join(phrase for phrase in (_phrase(before), _phrase(after)) if phrase)
        pattern = re.compile(re.escape("".join(before)) + r"\w" + re.escape("".join(after)))
        rows = _find(db, expression, _LOOKED_AT)
        for (text,) in db.execute(
            "select title || char(10) || body || char(10) || attachments || char(10) || captions from"
            f" articles_text where id in ({', '.join('?' * len(rows))})",
            rows,
        ).fetchall():
            found.update(text[m.start() : m.end()] for m in pattern.finditer(asked.segmenter.fold(text)))
    return found.most_common(1)[0][0] if found else None
