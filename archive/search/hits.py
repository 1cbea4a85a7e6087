"""What is told of an article that a search has found: its facts, its marked title, the passage that shows why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from archive.search.index import COLUMNS
from archive.search.query_sql import Compiled
from archive.search.query_tokens import Parts
from archive.search.snippet import snippet

if TYPE_CHECKING:
    from sqlite_utils import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One article found. Marked texts are lists of (text, is it a hit): nothing in them is escaped."""

    id: Annotated[int, "articles.id"]
    url: Annotated[str, "Canonical address"]
    site: Annotated[str, "Site id"]
    title: Annotated[Parts, "Title, marked"]
    published: Annotated[str | None, "As in `articles`"]
    language: Annotated[str | None, "ISO 639-1 code"]
    section: Annotated[str, "Column or section"]
    source: Annotated[str, "Office or medium named as source"]
    state: Annotated[str, "live, gone or moved"]
    kind: Annotated[str, "article, external or file"]
    snippet: Annotated[Parts, "The passage that shows why it was found, marked"]
    found_in: Annotated[
        tuple[str, ...],
        "Columns of the index in which words were found: title, body, byline, source, attachments, captions",
    ]
    document: Annotated[str | None, "File name of the document the snippet is from; None for the story itself"]


def hits(db: Database, asked: Compiled, found: list[int]) -> Iterator[Hit]:
    """Those articles in that order."""
    if not found:  # else SQLite reads every article for a list of none
        return
    among = ", ".join("?" * len(found))
    facts = ("url", "site", "published", "language", "section", "state", "kind")
    there = {row[0] for row in db.execute("select name from pragma_table_info('articles_text')")}
    columns = [f"t.{name}" if name in there else "''" for name in COLUMNS]  # a database of before has no captions
    rows = {
        row[0]: row[1:]
        for row in db.execute(
            f"select a.id, {', '.join(f'a.{name}' for name in facts)}, {', '.join(columns)}"
            f" from articles a join articles_text t on t.id = a.id where a.id in ({among})",
            found,
        )
    }
    present = [id_ for id_ in found if id_ in rows]
    texts = [dict(zip(COLUMNS, rows[id_][len(facts) :], strict=True)) for id_ in present]
    for id_, text, marked in zip(present, texts, asked.scratch.marked(texts, asked.marks), strict=True):
        found_in = tuple(column for column in COLUMNS if any(hit for _, hit in marked[column]))
        document = None
        passage = marked["body"]
        if "attachments" in found_in and not set(found_in) & {"title", "body"}:
            document, passage = _document(db, id_, marked["attachments"])
        elif "captions" in found_in and not set(found_in) & {"title", "body"}:
            passage = marked["captions"]
        yield Hit(
            id=id_,
            **dict(zip(facts, rows[id_], strict=False)),
            title=_first_line(marked["title"]),
            source=text["source"],
            snippet=snippet(passage),
            found_in=found_in,
            document=document,
        )


def _first_line(parts: Parts) -> Parts:
    """The title without the subtitle under it."""
    out: Parts = []
    for text, hit in parts:
        line, newline, _ = text.partition("\n")
        out.append((line, hit))
        if newline:
            break
    return [part for part in out if part[0]]


def _document(db: Database, article: int, marked: Parts) -> tuple[str | None, Parts]:
    """The first document with a hit, and its text; names and texts follow each other as in the view `articles_text`."""
    for name, length in db.execute(
        "select filename, length(filename || coalesce(char(10) || text, '')) from attachments where article = ? order"
        " by n",
        [article],
    ).fetchall():
        own, marked = _split(marked, length)
        if any(hit for _, hit in own):
            return name, own
        _, marked = _split(marked, 1)
    return None, marked


def _split(parts: Parts, at: int) -> tuple[Parts, Parts]:
    before: Parts = []
    for place, (text, hit) in enumerate(parts):
        if len(text) > at:
            return [*before, (text[:at], hit)], [(text[at:], hit), *parts[place + 1 :]]
        before.append((text, hit))
        at -= len(text)
    return before, []
