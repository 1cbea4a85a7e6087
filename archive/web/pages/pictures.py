"""Pictures from the archive, never from the web: walls of them, the same photo in several stories, and small ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datasette.utils.asgi import Response

from archive.photos import held
from archive.photos.likeness import NAME, CannotCompare, Photo, photos
from archive.photos.thumbnails import scaled
from archive.replay import page
from archive.replay.captures import at_stamp
from archive.replay.entity import Unreadable
from archive.search.query import QueryError
from archive.search.unlooked import unlooked
from archive.store.withheld import over
from archive.web import policy
from archive.web.cards import site_names
from archive.web.chosen import chosen, note_unlooked
from archive.web.page_request import PageRequest
from archive.web.pages import withheld
from archive.web.pages.replay import address, plain

if TYPE_CHECKING:
    from sqlite_utils import Database

PAGE, PHOTOS = 48, 20
_MOST_PAGES = 200
_KEPT = "private, max-age=600"  # a takedown is seen soon


def wall(db: Database, visit: PageRequest) -> Response:
    """`/pictures?q=…&page=…`: pictures of the stories of a query, such as `site:example_news on:2023-09`."""
    query, problem, status = visit.wanted, "", 200
    number = visit.number("page", 1, most=_MOST_PAGES)
    try:
        found = held.wall(db, query, limit=PAGE + 1, offset=(number - 1) * PAGE)
        note_unlooked(visit, unlooked(db, query))
    except QueryError as bad:
        found, problem, status = [], str(bad), 400
    more = len(found) > PAGE and number < _MOST_PAGES
    names = site_names(db)
    context = {"query": query, "pictures": found[:PAGE], "number": number, "more": more, "names": names}
    return visit.page("pictures.html", status, **context, problem=problem)


def same(db: Database, visit: PageRequest) -> Response:
    """`/pictures/same?q=…&page=…`: the same photo in several stories; a query chooses photos with a story that meets
    it."""
    path = visit.holding.path.parent / NAME
    compared = path.exists()

    def find(among: set[int] | None) -> list[Photo]:
        return photos(db, path, among=among) if compared else []

    shown, status, told = chosen(db, visit, find, PHOTOS, unreadable=CannotCompare)
    return visit.page("same_pictures.html", status, **told, photos=shown, compared=compared)


def thumbnail(db: Database, visit: PageRequest, timestamp: str, url: str) -> Response:
    """`/thumbnail/TIME/ADDRESS`: the picture as it was then, scaled down where that can be done."""
    url = address(visit, url)
    try:
        found = page.find(db, visit.holding.warc, url, at_stamp(timestamp))
    except ValueError as problem:
        return plain(str(problem), 400)
    except Unreadable as problem:
        return plain(f"{visit.word('damaged')}: {problem}", 502)
    if found is None and (kept := over(db, url=url)):
        return plain(kept.sentence, withheld.STATUS)
    if found is None or found.beyond or found.entity.status != 200 or not found.entity.mime.startswith("image/"):
        return plain(visit.word("not_archived_text", url=url), 404)
    body, mime = scaled(found.entity.body) or (found.entity.body, found.entity.mime)
    headers = {"Content-Security-Policy": policy.ARCHIVED, "Cache-Control": _KEPT}
    return Response(body, content_type=mime, headers=headers)
