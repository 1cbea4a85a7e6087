"""Replay over HTTP: a banner of ours, and in its frame the page as it was, in a sandbox that runs and fetches
nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from datasette.utils.asgi import Response

from archive.instants import now
from archive.patterns import deferred
from archive.replay import cdx, page
from archive.replay.captures import archived, at_stamp, captures, moment, nearest, stamp
from archive.replay.entity import Unreadable
from archive.replay.memento import http_date, links
from archive.store.withheld import over
from archive.web import policy
from archive.web.cards import one
from archive.web.page_request import PageRequest
from archive.web.pages import withheld

if TYPE_CHECKING:
    from sqlite_utils import Database

_SEEN_IN_A_FRAME = deferred(r"text/html|application/xhtml\+xml|text/plain|image/.*")
_MOST_LOOKED_UP = 1000  # parts of a page; a hostile one may name a million
_FONT = deferred(r"font/.*|application/(x-)?font.*|application/vnd\.ms-fontobject")


def show(db: Database, visit: PageRequest, timestamp: str, url: str) -> Response:
    """The banner and the frame."""
    url = address(visit, url)
    try:
        at = at_stamp(timestamp)
    except ValueError:
        return visit.missing(
            visit.word("bad_timestamp", timestamp=timestamp), heading=visit.word("bad_request"), status=400
        )
    try:
        found = page.find(db, visit.holding.warc, url, at)
    except Unreadable as problem:
        return _damaged(visit, problem)
    if found is None:
        return not_archived(db, visit, url)
    capture, entity = found.capture, found.entity
    if found.beyond:
        answer = visit.missing(
            _beyond(visit, found),
            heading=visit.word("replay_of"),
            status=200,
            links_=[(found.beyond, visit.word("live_link"))],
            details=[capture["url"]],
        )
        answer.headers |= memento_headers(visit, found.rows, capture)
        return answer
    mine, time = stamp(capture["fetched_at"]), capture["fetched_at"]
    if not _SEEN_IN_A_FRAME.fullmatch(entity.mime):
        return visit.missing(
            visit.word("no_view", mime=entity.mime),
            heading=capture["url"],
            status=200,
            links_=[
                (visit.replay(mine, capture["url"], "id_"), visit.word("download")),
                (capture["url"], visit.word("live_link")),
            ],
        )
    shown = _rewritten(db, found, visit)
    parts = shown.parts[:_MOST_LOOKED_UP]
    kept = archived(db, parts)
    answer = visit.page(
        "replay.html",
        url=capture["url"],
        time=time,
        replied=entity.status,
        captures=found.rows,
        drawn=entity.rendered,
        sent=capture["record_type"] == "conversion"
        and next((row["fetched_at"] for row in found.rows if row["record_id"] == capture["refers_to"]), ""),
        redirected=found.via[0] if found.via else "",
        exact=mine.startswith(timestamp) or bool(found.via),
        asked=f"{at:%Y-%m-%d}",
        missing=[part for part in parts if part not in kept],
        article=one(
            db,
            "select a.url from version_rows v join articles a on a.id = v.article where v.capture = ?",
            [capture["id"]],
        )
        or one(db, "select url from articles where url = ?", [capture["url"]]),
        high_fidelity=visit.holding.in_full(mine, capture["url"]),
    )
    answer.headers |= memento_headers(visit, found.rows, capture)
    return answer


def part(db: Database, visit: PageRequest, timestamp: str, mode: str, url: str) -> Response:
    """The page inside the frame, a part of it, or the bytes alone (`id_`)."""
    url = address(visit, url)
    try:
        found = page.find(db, visit.holding.warc, url, at_stamp(timestamp), follow=mode != "id_")
    except ValueError as problem:
        return plain(str(problem), 400)
    except Unreadable as problem:
        return plain(f"{visit.word('damaged')}: {problem}", 502)
    if found is None and (kept := over(db, url=url)):
        return plain(kept.sentence, withheld.STATUS)
    if found is None:
        return plain(visit.word("not_archived_text", url=url), 404)
    if found.beyond and mode == "id_":  # the redirect itself; it leads on inside the archive
        onward = {"Location": visit.replay(stamp(found.capture["fetched_at"]), found.beyond, "id_")}
        return _archived(
            found.entity.body,
            found.entity.mime,
            onward | memento_headers(visit, found.rows, found.capture),
            found.entity.status,
        )
    if found.beyond:
        return plain(_beyond(visit, found), 404)
    if mode == "id_":
        name = re.sub(r"[^\w.()-]+", "_", unquote(urlsplit(found.capture["url"]).path.rpartition("/")[2])) or "document"
        headers = {
            "Content-Disposition": (
                f'attachment; filename="{name.encode("ascii", "replace").decode().replace("?", "_")}"'
            )
        }
        return _archived(
            found.entity.body, found.entity.mime, headers | memento_headers(visit, found.rows, found.capture)
        )
    shown = _rewritten(db, found, visit, mode)
    # A sandboxed page has no origin, and fonts are asked for across origins (Fetch, 3.2): they alone need a permit.
    permit = {"Access-Control-Allow-Origin": "null"} if _FONT.fullmatch(shown.content_type) else {}
    status = found.entity.status if found.entity.status >= 400 else 200
    return _archived(shown.body, shown.content_type, permit | memento_headers(visit, found.rows, found.capture), status)


def latest(db: Database, visit: PageRequest, url: str) -> Response:
    """Without a time: the newest capture."""
    url = address(visit, url)
    capture = nearest(captures(db, url), now())
    if capture is None:
        return not_archived(db, visit, url)
    return Response("", status=302, headers={"Location": visit.replay(stamp(capture["fetched_at"]), capture["url"])})


def address(visit: PageRequest, url: str) -> str:
    """The archived address in the rest of ours; proxies on the way may have folded its double slash."""
    url = re.sub(r"^(https?):/+", r"\1://", url, flags=re.I)
    return (url if "://" in url else f"http://{url}") + (f"?{visit.query}" if visit.query else "")


def memento_headers(visit: PageRequest, rows: list[dict[str, Any]], capture: dict[str, Any]) -> dict[str, str]:
    """What RFC 7089 asks of a memento."""

    def here(path: str) -> str:
        return visit.origin + path

    return {
        "Memento-Datetime": http_date(moment(capture["fetched_at"])),
        "Link": links(
            rows,
            capture,
            original=ascii_address(capture["url"]),
            timegate=here(visit.timegate(capture["url"])),
            timemap=here(visit.timemap(capture["url"])),
            memento_at=lambda time: here(visit.replay(stamp(time), capture["url"])),
        ),
    }


def ascii_address(url: str) -> str:
    """The address fit for a header: no space, no angle bracket, nothing outside ASCII."""
    return re.sub(
        r"[^!-;=?-~]", lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "surrogatepass")), url
    )


def not_archived(db: Database, visit: PageRequest, url: str) -> Response:
    """That it is withheld; else what else there is: the live page, and captures of the same host."""
    if kept := over(db, url=url):
        return withheld.answer(visit, kept)
    host = urlsplit(url).netloc if "[" not in url else ""
    near = cdx.find(db, cdx.Query(url=host, match="host", limit=12)) if host else []
    return visit.missing(
        visit.word("not_archived_text", url=url),
        heading=visit.word("not_archived"),
        links_=[(url, visit.word("live_link"))],
        more=visit.word("same_host") if near else "",
        near=[(visit.replay(line["timestamp"], line["original"]), line["original"]) for line in near],
    )


def _beyond(visit: PageRequest, found: page.Found) -> str:
    return visit.word("leads_round" if found.circle else "leads_beyond", target=found.beyond)


def _rewritten(db: Database, found: page.Found, visit: PageRequest, mode: str = "mp_") -> page.Shown:
    at = stamp(found.capture["fetched_at"])
    looked_up: dict[str, bool] = {}

    def held(url: str) -> bool:
        if url not in looked_up and len(looked_up) < _MOST_LOOKED_UP:
            looked_up[url] = bool(archived(db, [url]))
        return looked_up.get(url, True)

    return page.as_it_was(
        found,
        page_for=lambda url: visit.replay(at, url),
        part_for=lambda url, kind: visit.replay(at, url, kind),
        mode=mode,
        frame=visit.word("frame"),
        held=held,
    )


def _archived(body: bytes, content_type: str, headers: dict[str, str], status: int = 200) -> Response:
    return Response(
        body, status=status, content_type=content_type, headers={**headers, "Content-Security-Policy": policy.ARCHIVED}
    )


def plain(text: str, status: int) -> Response:
    """A sentence where a part of an archived page was asked for."""
    return Response(
        text,
        status=status,
        content_type="text/plain; charset=utf-8",
        headers={"Content-Security-Policy": policy.ARCHIVED},
    )


def _damaged(visit: PageRequest, problem: Unreadable) -> Response:
    capture = problem.capture
    expected = visit.word("damaged_expected", warc=capture["warc"], offset=capture["offset"], length=capture["length"])
    return visit.missing(
        problem.reason, heading=visit.word("damaged"), status=502, details=[expected, visit.word("damaged_help")]
    )
