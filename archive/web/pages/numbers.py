"""The share of a topic among all stories: a picture with its table, the same as SVG, CSV and JSON."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from datasette.utils.asgi import Response

from archive.numbers.drawing import MOST_BARS, svg
from archive.numbers.shares import BYS, FEW, Asked, NoNumbers, Share, Shares, shares
from archive.numbers.table import document, write
from archive.search.query import QueryError
from archive.search.query_tree import MOST_LENGTH
from archive.search.unlooked import unlooked
from archive.web.chosen import note_unlooked
from archive.web.page_request import PageRequest

if TYPE_CHECKING:
    from sqlite_utils import Database


def show(db: Database, visit: PageRequest) -> Response:
    """The page: `?q=…&by=month|year|college&college=…&among=…&since=…&until=…`; `college` may be repeated."""
    asked = _asked(visit)
    names = [row[0] for row in db.execute(_NAMES).fetchall()]
    context: dict[str, Any] = {"asked": asked, "bys": BYS, "names": names, "few": FEW, "most": MOST_BARS}
    if not asked.query:
        return visit.page("numbers.html", **context, found=None, drawing="", address=None, problem="")
    try:
        found = shares(db, asked)
        note_unlooked(visit, unlooked(db, asked.query))
    except (NoNumbers, QueryError) as problem:
        return visit.page("numbers.html", 400, **context, found=None, drawing="", address=None, problem=str(problem))
    return visit.page("numbers.html", **context, found=found, figures=_figures(visit), address=_form(visit), problem="")


def as_svg(db: Database, visit: PageRequest) -> Response:
    """`/numbers.svg`: the picture alone, in the visitor's language."""
    found = _found(db, visit)
    if isinstance(found, Response):
        return found
    undated = visit.word("numbers_undated", n=found.undated[0], of=found.undated[1]) if found.undated[1] else ""
    parts = (visit.word("numbers_whole", text=_figures(visit)(found.whole)), undated, visit.word("numbers_few", n=FEW))
    drawn = svg(found, title=found.asked.query, note=" · ".join(filter(None, parts)), figures=_figures(visit))
    return Response(drawn, content_type="image/svg+xml; charset=utf-8", headers={"Vary": "Accept-Language, Cookie"})


def as_csv(db: Database, visit: PageRequest) -> Response:
    """`/numbers.csv`: a row a bar."""
    found = _found(db, visit)
    if isinstance(found, Response):
        return found
    out = io.StringIO()
    write(out, found)
    headers = {"Content-Disposition": 'attachment; filename="numbers.csv"'}
    return Response("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def as_json(db: Database, visit: PageRequest) -> Response:
    """`/numbers.json`: all of it."""
    found = _found(db, visit)
    if isinstance(found, Response):
        return found
    text = json.dumps(document(found), ensure_ascii=False, indent=1)
    return Response(text, content_type="application/json; charset=utf-8")


_NAMES = "select distinct coalesce(nullif(college, ''), nullif(name, ''), id) from sites order by 1 limit 500"


def _found(db: Database, visit: PageRequest) -> Shares | Response:
    try:
        return shares(db, _asked(visit))
    except (NoNumbers, QueryError) as problem:
        if visit.in_json:
            return Response.json({"error": str(problem)}, status=400)
        return Response(f"{problem}\n", status=400)


def _asked(visit: PageRequest) -> Asked:
    given = visit.args.get("by", "")
    colleges = [value for name, value in parse_qsl(visit.query) if name == "college" and value.strip()]
    return Asked(
        query=visit.wanted,
        by=next((one for one in BYS if one == given), "month"),
        among=" ".join(visit.args.get("among", "").replace("\0", " ").split())[:MOST_LENGTH],
        colleges=tuple(dict.fromkeys(one[:200] for one in colleges)),
        since=visit.args.get("since", "")[:20],
        until=visit.args.get("until", "")[:20],
    )


def _form(visit: PageRequest) -> Any:
    """Where the same is in another form."""
    kept = "&".join(part for part in visit.query.split("&") if part and not part.startswith("lang="))
    return lambda suffix: f"{visit.base}/numbers{suffix}?{kept}"


def _figures(visit: PageRequest) -> Any:
    def figures(one: Share) -> str:
        if one.share is None:
            return visit.word("numbers_no_story")
        return visit.word("numbers_share", share=f"{100 * one.share:.1f}", n=f"{one.n:,}", of=f"{one.of:,}")

    return figures
