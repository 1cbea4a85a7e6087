"""A page, a picture, a style sheet as it was at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urljoin

from archive.replay import css, html
from archive.replay.captures import Row, captures, nearest
from archive.replay.entity import Entity, load

if TYPE_CHECKING:
    from sqlite_utils import Database

_MOST_REDIRECTS = 10
_PAGES = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The capture that answers for an address at a time, redirects followed."""

    capture: Annotated[Row, "Its row"]
    entity: Entity
    rows: Annotated[list[Row], "All captures of its address, oldest first"]
    via: Annotated[list[str], "Addresses that redirected to it, first one first"] = field(default_factory=list)
    beyond: Annotated[str, "Where it redirects to, when that is not archived; else empty"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Bytes to serve."""

    body: bytes
    content_type: str
    parts: Annotated[list[str], "What a page loads, absolute"] = field(default_factory=list)
    title: str = ""


def find(db: Database, folder: Path, url: str, at: datetime) -> Found | None:
    """The nearest capture in time, and where it redirects to; None where the address was never captured. Raises
    Unreadable."""
    via: list[str] = []
    found: Found | None = None
    while len(via) <= _MOST_REDIRECTS:
        rows = captures(db, url)
        capture = nearest(rows, at)
        if capture is None:
            return found
        entity = load(db, folder, capture)
        target = entity.header("Location").strip() if 300 <= entity.status < 400 else ""
        try:
            target = urljoin(capture["url"], target).partition("#")[0] if target else ""
        except ValueError:  # "http://[": no address
            target = ""
        found = Found(capture=capture, entity=entity, rows=rows, via=list(via), beyond=target)
        if not target or target in (*via, url):
            return found
        via.append(capture["url"])
        url = target
    return found


def as_it_was(
    found: Found,
    *,
    page_for: Callable[[str], str],
    part_for: Callable[[str, str], str],
    mode: str = "mp_",
    frame: str = "frame",
) -> Shown:
    """The capture as it may be served: pages and style sheets rewritten into the archive, scripts as plain text, all
    else as it is.

    `page_for`, `part_for` and `frame` are as in `archive.replay.html.rewrite`; mode `cs_` is for what a page loads as a
    style sheet.
    """
    entity, base = found.entity, found.capture["url"]
    if entity.mime in _PAGES and mode in ("", "mp_"):
        page = html.rewrite(entity.text(), base, page_for=page_for, part_for=part_for, frame=frame)
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
