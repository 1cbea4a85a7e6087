"""What an assistant is told of an archive, by the tools of `campuswarc mcp`: bounded answers, each with its source."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive.difference import Piece
from archive.history import NoSuchVersion, change
from archive.identity import identifier
from archive.replay.captures import at_stamp, captures, nearest
from archive.replay.entity import Unreadable, load
from archive.search.query import QueryError
from archive.search.search import search as find
from archive.search.snippet import plain
from archive.sqlite import is_text
from archive.store.identifiers import stands
from archive.store.meant import Unclear, meant
from archive.store.withheld import over

if TYPE_CHECKING:
    from sqlite_utils import Database

MOST_FOUND, MOST_VERSIONS, MOST_TEXT = 20, 100, 20_000  # stories of a page; versions; characters of one answer
_AROUND = 40  # characters kept on both sides of a change
_MARKS = {"deleted": "[-{}-]", "added": "{{+{}+}}"}  # as `campuswarc diff` prints them
_FACTS = (
    "url, site, title, subtitle, published, updated, byline, source, section, language, state, first_seen, last_seen"
)
_MOST_PAGE = 1_000_000  # behind it there is nothing, and SQLite counts no further than 2 ** 63
_TEXTUAL = ("text/", "application/json", "application/xml", "application/xhtml+xml", "application/javascript")


class CannotAnswer(LookupError):
    """What was asked has no answer here; the sentence says why."""


def search(db: Database, query: str, *, page: int = 1) -> dict[str, Any]:
    """Stories that meet a query, MOST_FOUND a page, each with the passage that shows why. Raises CannotAnswer."""
    page = min(max(1, page), _MOST_PAGE)
    try:
        found = find(db, query, limit=MOST_FOUND, offset=(page - 1) * MOST_FOUND)
    except QueryError as problem:
        raise CannotAnswer(str(problem)) from None
    stories = [
        {
            "id": identifier(hit.url),
            "url": hit.url,
            "title": plain(hit.title)[:500],
            "site": hit.site,
            "published": hit.published,
            "state": hit.state,
            "passage": plain(hit.snippet),
        }
        for hit in found.hits
    ]
    more = page * MOST_FOUND < found.reach
    told = {"total": found.total, "more_than_total": found.over, "page": page, "stories": stories}
    return (
        told
        | {"next_page": page + 1 if more else None, "did_you_mean": found.suggestion}
        | ({"not_looked_for": [one.sentence for one in found.unlooked]} if found.unlooked else {})
    )


def article(db: Database, story: str, *, begin: int = 0) -> dict[str, Any]:
    """A story as it was last seen: facts and MOST_TEXT characters of its text from `begin`. Raises CannotAnswer."""
    id_, url = _story(db, story)
    row = next(db.query(f"select {_FACTS}, body from articles where id = ?", [id_]))
    documents = "select filename, url, mime, substr(text, 1, 500) as text from attachments where article = ? limit 20"
    named = {"id": identifier(url), **{name: value for name, value in row.items() if name != "body" and value}}
    return named | _part(row["body"] or "", begin) | {"documents": list(db.query(documents, [id_]))}


def versions(db: Database, story: str) -> dict[str, Any]:
    """The versions of a story, the latest MOST_VERSIONS. Raises CannotAnswer."""
    id_, url = _story(db, story)
    total = db.execute("select count(*) from versions where article = ?", [id_]).fetchone()[0]
    rows = db.query(
        "select v.n, v.title, v.seen_from, v.seen_to, length(v.body) as characters, c.record_id as capture"
        " from versions v left join captures c on c.id = v.capture where v.article = ? order by v.n desc limit ?",
        [id_, MOST_VERSIONS],
    )
    return {"id": identifier(url), "url": url, "total": total, "versions": list(rows)[::-1]}


def diff(db: Database, story: str, *, old: int | None = None, new: int | None = None) -> dict[str, Any]:
    """What changed between two versions, the last two by default, with a little of the text around. Raises
    CannotAnswer."""
    _, url = _story(db, story)
    try:
        found = change(db, url, old, new)
    except NoSuchVersion as problem:
        raise CannotAnswer(str(problem)) from None
    text = _marked(found.body)
    addresses_ = [_MARKS[kind].format(address) for kind, address in [*found.links, *found.images]]
    return {
        "id": identifier(url),
        "url": url,
        "old": {"n": found.old.n, "seen_from": found.old.seen_from, "seen_to": found.old.seen_to},
        "new": {"n": found.new.n, "seen_from": found.new.seen_from, "seen_to": found.new.seen_to},
        "changed": list(found.changed),
        "title": _marked(found.title)[:1000],
        "body": text[:MOST_TEXT],
        "cut": len(text) > MOST_TEXT,
        "addresses": addresses_[:50],
    }


def capture(db: Database, folder: Path, what: str, *, at: str = "", begin: int = 0) -> dict[str, Any]:
    """A capture, by its WARC-Record-ID or as that of an address nearest to a time: where it lies, its head, and its
    source as text, MOST_TEXT characters from `begin`. `folder` is the archive's warc/. Raises CannotAnswer."""
    row = _capture(db, what, at)
    facts = ("url", "fetched_at", "status", "mime", "record_type", "refers_to", "warc", "offset", "length")
    told = {"record_id": row["record_id"], **{name: row[name] for name in facts}}
    told["payload_digest"] = row["payload_digest"]
    try:
        entity = load(db, folder, row)
    except Unreadable as problem:
        return told | {"unreadable": str(problem)}
    told["headers"] = [f"{name}: {value}"[:500] for name, value in entity.headers[:60]]
    if not entity.mime.startswith(_TEXTUAL):
        return told | {"bytes": len(entity.body), "text": None}
    return told | _part(entity.text(), begin)


def _story(db: Database, story: str) -> tuple[int, str]:
    """Row and address of the article that a permanent identifier or an address names."""
    _check(story)
    try:
        url = meant(db, story)
    except Unclear as problem:
        raise CannotAnswer(f"{problem}; search gives ids and addresses") from None
    if (kept := over(db, url=url)) is not None:
        raise CannotAnswer(kept.sentence)
    if (there := stands(db, url)) is None:
        raise CannotAnswer(f"there is no story {story!r} here; search gives ids and addresses")
    return there


def _check(name: str) -> None:
    if not is_text(name):
        raise CannotAnswer(f"{name!a} is no text")


def _capture(db: Database, what: str, at: str) -> dict[str, Any]:
    _check(what)
    if "://" in what:
        try:
            moment = at_stamp("".join(filter(str.isdigit, at))[:14]) if at else at_stamp("9999")
        except ValueError:
            raise CannotAnswer(f"{at!r} is no time: 2024, 2024-05-01 or 20240501120000") from None
        found, kept = nearest(captures(db, what), moment), over(db, url=what)
    else:
        named = f"<urn:uuid:{what.strip('<>').removeprefix('urn:uuid:')}>"
        rows = db.query("select * from captures where record_id in (?, ?)", [named, f"<{what.strip('<>')}>"])
        found, kept = next(iter(rows), None), over(db, record=named)
    if kept is not None:
        raise CannotAnswer(kept.sentence)
    if found is None:
        raise CannotAnswer(f"there is no capture {what!r} here; versions gives record ids")
    return found


def _part(text: str, begin: int) -> dict[str, Any]:
    """MOST_TEXT characters, and where the next ones begin."""
    begin = min(max(0, begin), len(text))
    end = begin + MOST_TEXT
    return {"text": text[begin:end], "characters": len(text), "next_begin": end if end < len(text) else None}


def _marked(pieces: list[Piece]) -> str:
    """Changes with a little of what stayed around them."""
    out = []
    for place, (kind, text) in enumerate(pieces):
        if kind != "same":
            out.append(_MARKS[kind].format(text))
        elif len(text) <= 2 * _AROUND:
            out.append(text)
        else:
            head = text[:_AROUND] + "…" if place else "…"
            out.append(head + (text[-_AROUND:] if place + 1 < len(pieces) else ""))
    return "".join(out)
