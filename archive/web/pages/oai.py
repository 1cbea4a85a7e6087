"""`/oai`: what harvesters of libraries ask (OAI-PMH 2.0)."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from datasette.utils.asgi import Response

from archive.protocols.oai import Repository, answer
from archive.web.page_request import PageRequest

if TYPE_CHECKING:
    from sqlite_utils import Database


def show(db: Database, visit: PageRequest) -> Response:
    """By GET alone; the protocol's POST is refused, as all of them are."""
    here = Repository(
        name=visit.word("archive"),
        base=visit.origin + visit.link("/oai"),
        host=visit.host or "localhost",
        contact=_contact(visit.holding.path.parent),
        page=lambda url: visit.origin + visit.article(url),
    )
    asked = parse_qsl(visit.query, keep_blank_values=True, max_num_fields=20)
    return Response(answer(db, asked, here), content_type="text/xml; charset=utf-8")


def _contact(folder: Path) -> str:
    """The mail address that crawls name; the protocol wants one in any case."""
    try:
        told = tomllib.loads((folder / "campuswarc.toml").read_text(encoding="utf-8"))["operator"]["contact"]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError):
        told = ""
    return told if isinstance(told, str) and "@" in told else "nobody@example.invalid"
