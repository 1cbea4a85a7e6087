"""One article: its words, all that is known of it, its versions, and the way to the bytes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from datasette.utils.asgi import Response
from markupsafe import Markup

from archive import history
from archive.article import FIELDS
from archive.citing import markup
from archive.citing.cited import cited
from archive.citing.references import pwid
from archive.citing.styles import styles
from archive.history import NoSuchVersion
from archive.identity import identifier
from archive.packed_html import plain
from archive.photos.likeness import NAME, beside
from archive.replay.captures import moment, stamp
from archive.replay.memento import http_date
from archive.rights import merged
from archive.store.corrections import OCR_CONFIDENCE
from archive.web import story
from archive.web.cards import CARD, first
from archive.web.page_request import PageRequest
from archive.web.pages import entities, permanent, twins

if TYPE_CHECKING:
    from sqlite_utils import Database

_A_VERSION = 5  # seconds for which each is shown where versions are played through
_LISTS = [field.name for field in FIELDS.values() if field.shape == "texts"]
_SHOWN = [field for field in FIELDS.values() if field.use.shown]
_VERSIONS = """
    select v.id, v.n, v.title, v.content_digest, v.extractor, v.seen_from, v.seen_to, v.capture,
           c.fetched_at, c.url, c.warc, c.offset, c.length, c.payload_digest, c.record_id, c.record_type
    from versions v left join captures c on c.id = v.capture where v.article = ? order by v.n
"""
_CAPTURES = """
    select * from captures where url = ?
    union select c.* from captures c join versions v on v.capture = c.id where v.article = ?
    order by fetched_at desc limit 200
"""
_NEAR = f"""{CARD} where a.id <> :id and (a.id = :root or a.near_duplicate_of in (:id, :root))
    order by a.published limit 50"""


def read(db: Database, id: int) -> dict[str, Any] | None:
    """The row with its lists decoded and its site's name; None if there is none."""
    row = first(
        db,
        "select a.*, coalesce(nullif(s.name, ''), a.site) as site_name, coalesce(s.college, '') as college"
        " from articles a left join sites s on s.id = a.site where a.id = ?",
        [id],
    )
    return row and plain(row) | {name: json.loads(row.get(name) or "[]") for name in _LISTS}


def versions(db: Database, id: int) -> list[dict[str, Any]]:
    """Its versions, oldest first, each with the place of the record it was read from."""
    return list(db.query(_VERSIONS, [id]))


def captures(db: Database, article: dict[str, Any]) -> list[dict[str, Any]]:
    """Captures of its address, and of those its versions were read from; newest first."""
    return list(db.query(_CAPTURES, [article["url"], article["id"]]))


def show(db: Database, visit: PageRequest, id: str, at: str = "") -> Any:
    """The page of an article; with a time that of the version which stood then. `?from=a&to=b` shows the difference of
    two, by such times or by numbers; `?version=n` leads to the address of a version."""
    found = permanent.find(db, visit, id)
    if isinstance(found, Response):
        return found
    article = read(db, found)
    assert article is not None
    known = versions(db, article["id"])
    current = next((v for v in known if v["id"] == article["current_version"]), known[-1] if known else None)
    asked = at or visit.args.get("version")
    version = permanent.version_at(known, asked) if asked else current
    if asked and version is None:
        return visit.missing(visit.word("no_version", n=asked))
    if asked and version is not None and at != stamp(version["seen_from"]):
        lasting = f"/article/{id}/{stamp(version['seen_from'])}"
        return visit.moved(lasting, {name: value for name, value in visit.args.items() if name != "version"}, 302)
    if version is not None and version is not current:
        article |= plain(first(db, "select title, body, body_html from versions where id = ?", [version["id"]]) or {})
    comparing = "from" in visit.args or "to" in visit.args
    compared = (_compared(visit, known, "from", len(known) - 1), _compared(visit, known, "to", len(known)))
    try:
        shown = _difference(db, article["url"], compared) if comparing else None
    except NoSuchVersion as problem:
        return visit.missing(str(problem))
    seen = (version or {}).get("fetched_at") or article["last_seen"]
    said = cited(article, version)
    page = visit.origin + visit.article(
        article["url"], version["seen_from"] if version and version is not current else ""
    )
    memento = visit.origin + visit.replay(stamp(said.captured), version["url"]) if version and said.captured else ""
    listed = visit.holding.open()  # what is shown of others
    place = known.index(version) if version in known else -1
    later = known[place + 1] if 0 <= place < len(known) - 1 else None
    answer = visit.page(
        "article.html",
        article=article,
        identifier=identifier(article["url"]),
        site={"name": article["site_name"], "college": article["college"]},
        shown=_SHOWN,
        body=_body(db, visit, article, seen),
        version=version,
        current=current,
        versions=known,
        seen=seen,
        captures=captures(db, article),
        rights=_rights(db, article),
        documents=list(db.query("select * from attachments where article = ? order by n", [article["id"]])),
        ocr=_ocr(db, article["id"]),
        earlier=known[place - 1] if place > 0 else None,
        later=later,
        playing="play" in visit.args and later is not None,
        beside=[one for one in known if comparing and one["n"] in compared and one["warc"]],
        difference=shown,
        compared=compared,
        near=_near(listed, article),
        named=entities.beside(listed, article["id"]),
        twin=twins.beside(listed, visit, article["url"]),
        same_pictures=beside(listed, visit.holding.path.parent / NAME, article["id"]),
        citations=styles(said),
        metadata=markup.meta(said, page),
        linked_data=_data(markup.json_ld(said, page, memento or None)),
        coins=markup.coins(said),
        memento=memento,
        memento_time=http_date(moment(said.captured)) if said.captured else "",
        robust_link=markup.robust_link(said, memento) if memento else "",
        pwid=pwid(visit.host, said.captured, said.url),
    )
    if "play" in visit.args and later is not None:
        onward = visit.article(article["url"], later["seen_from"], play=1)
        answer.headers["Refresh"] = f"{_A_VERSION}; url={onward}"
    return answer


def _data(document: dict[str, Any]) -> Markup:
    """JSON that stands in a script element and ends it nowhere."""
    text = json.dumps(document, ensure_ascii=False)
    return Markup(text.translate({ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}))


def _compared(visit: PageRequest, known: list[dict[str, Any]], name: str, default: int) -> int:
    """Number of the version that a parameter names by its time, or by its number."""
    asked = visit.args.get(name, "")
    version = permanent.version_at(known, asked) if len(asked) >= 14 else None
    return version["n"] if version else visit.number(name, default)


def _difference(db: Database, url: str, compared: tuple[int, int]) -> dict[str, Any]:
    """What changed between two versions, ready to be shown. Raises NoSuchVersion."""
    change = history.change(db, url, *compared)
    return {
        "a": change.old.n,
        "b": change.new.n,
        "changed": change.changed,
        "title": Markup(" ").join(story.changed(change.title)),
        "body": story.changed(change.body),
        "addresses": [story.changed([piece])[0] for piece in [*change.links, *change.images]],
    }


def _body(db: Database, visit: PageRequest, article: dict[str, Any], seen: str) -> Any:
    """Pictures come from the archive; a link to an archived article leads to it, any other one to the web."""

    def link(url: str) -> str:
        row = db.execute("select url from articles where url = ?", [url.partition("#")[0]]).fetchone()
        return visit.article(row[0]) if row else url

    return story.body(
        article["body_html"], article["body"], image=lambda url: visit.replay(stamp(seen), url, "im_"), link=link
    )


def _rights(db: Database, article: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What the page and files of its host say of rights: use, answer, witness."""
    parts = urlsplit(article["url"])
    said = [json.dumps(article["rights"])]
    if "host_rights" in db.table_names():  # a database of before has none
        of_host = "select said from host_rights where origin = ? order by url"
        said += [row[0] for row in db.execute(of_host, [f"{parts.scheme}://{parts.netloc}/"]).fetchall()]
    found = []
    for statement in merged("\n".join(said)):
        what, _, witness = statement.partition(" ")
        use, _, answer = what.partition("=")
        found.append((use, answer, witness))
    return found


def _ocr(db: Database, id: int) -> float | None:
    """How sure the program was that read its words from pictures."""
    if "corrections" not in db.table_names():  # a database of before has none
        return None
    found: float | None = db.execute(f"select {OCR_CONFIDENCE} from articles a where a.id = ?", [id]).fetchone()[0]
    return found


def _near(db: Database, article: dict[str, Any]) -> list[dict[str, Any]]:
    root = article["near_duplicate_of"] or article["id"]
    return list(db.query(_NEAR, {"id": article["id"], "root": root}))
