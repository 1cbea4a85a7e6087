"""A page, a picture, a style sheet as it was at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from archive.address import leads_to
from archive.replay import css, html
from archive.replay.captures import Row, captures, moment, nearest
from archive.replay.entity import Entity, load

if TYPE_CHECKING:
    from sqlite_utils import Database

_MOST_REDIRECTS = 10
_SOON_S = 300.0  # seconds within which a circle of redirects is asked for again
_PAGES = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The capture that answers for an address at a time, redirects followed."""

    capture: Annotated[Row, "Its row"]
    entity: Entity
    rows: Annotated[list[Row], "All captures of its address, oldest first"]
    via: Annotated[list[str], "Addresses that redirected to it, first one first"] = field(default_factory=list)
    beyond: Annotated[str, "Where it redirects to, when that is not archived, or leads back; else empty"] = ""
    circle: Annotated[bool, "Whether that leads back"] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Bytes to serve."""

    body: bytes
    content_type: str
    parts: Annotated[list[str], "What a page loads, absolute"] = field(default_factory=list)
    title: str = ""


def find(db: Database, folder: Path, url: str, at: datetime, *, follow: bool = True) -> Found | None:
    """The nearest capture in time, and where it redirects to, to its end if so wished; None where the address was never
    captured. Raises Unreadable."""
    via: list[str] = []
    found: Found | None = None
    while len(via) <= _MOST_REDIRECTS:
        rows = captures(db, url)
        capture = nearest(rows, at)
        if capture is None:
            return found
        entity = load(db, folder, capture)
        target = (leads_to(capture["url"], entity.headers) or "") if 300 <= entity.status < 400 else ""
        found = Found(capture=capture, entity=entity, rows=rows, via=list(via), beyond=target)
        if not target or not follow:
            return found
        if target in (*via, url):
            return _opened(db, folder, target, found) or replace(found, circle=True)
        via.append(capture["url"])
        url = target
    return replace(found, circle=True) if found is not None else None


def _opened(db: Database, folder: Path, url: str, found: Found) -> Found | None:
    """What was there at the end of a circle that set a cookie: the page that came when the address was asked for
    again."""
    rows, at = captures(db, url), moment(found.capture["fetched_at"])
    soon = [
        row for row in rows if row["status"] < 300 and 0 <= (moment(row["fetched_at"]) - at).total_seconds() <= _SOON_S
    ]
    capture = nearest(soon, at)
    if capture is None:
        return None
    return Found(capture=capture, entity=load(db, folder, capture), rows=rows, via=[*found.via, found.capture["url"]])


def as_it_was(
    found: Found,
    *,
    page_for: Callable[[str], str],
    part_for: Callable[[str, str], str],
    mode: str = "mp_",
    frame: str = "frame",
    held: Callable[[str], bool] = lambda address: True,
) -> Shown:
    """The capture as it may be served: pages and style sheets rewritten into the archive, scripts as plain text, all
    else as it is.

    `page_for`, `part_for`, `frame` and `held` are as in `archive.replay.html.rewrite`; mode `cs_` is for what a
    page loads as a style sheet.
    """
    entity, base = found.entity, found.capture["url"]
    if entity.mime in _PAGES and mode in ("", "mp_"):
        text, encoding = entity.decoded
        page = html.rewrite(
            text,
            base,
            page_for=page_for,
            part_for=part_for,
            frame=frame,
            refresh=entity.header("Refresh"),
            held=held,
            encoding=encoding,
        )
        return Shown(
            body=page.text.encode("utf-8", "replace"),
            content_type="text/html; charset=utf-8",
            parts=page.parts,
            title=page.title,
        )
    if entity.mime == "text/css" or mode == "cs_":

        def address(url: str) -> str:
            return part_for(url, "cs_" if url.partition("?")[0].endswith(".css") else "im_")

        return Shown(
            body=css.rewrite(entity.text(), base, address).encode("utf-8", "replace"),
            content_type="text/css; charset=utf-8",
        )
    if entity.mime in (
        *_PAGES,
        "text/javascript",
        "application/javascript",
        "application/x-javascript",
        "application/json",
        "text/plain",
    ):
        return Shown(body=entity.text().encode("utf-8", "replace"), content_type="text/plain; charset=utf-8")
    return Shown(body=entity.body, content_type=entity.mime)
