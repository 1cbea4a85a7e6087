"""From an address of ours to the article that it names: permanent ones, and the numbers that were public before."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Response

from archive.citing.references import pwid
from archive.identity import apart, identifier
from archive.replay.captures import stamp
from archive.store.identifiers import addresses, former, former_version, stands
from archive.store.withheld import over, over_identifier
from archive.web.cards import first
from archive.web.page_request import PageRequest
from archive.web.pages import withheld

if TYPE_CHECKING:
    from sqlite_utils import Database

IDENTIFIER = "(?P<id>(?=[2-7]*[a-z])[a-z2-7]{12,52})"  # with a letter in it: a number is one of before
TIME = r"(?P<at>\d{14})"
FURTHER = r"(?P<rest>(?:\.json|/versions(?:/\d{1,9})?\.json|/captures\.json)?)"  # behind a number, as it was


def find(db: Database, visit: PageRequest, id: str) -> int | Response:
    """Row of the article that an identifier names; else the answer that says where it is, or why it is not.

    301 to the address of a story that has moved, or by its usual identifier; 300 where an identifier is that of two
    addresses; 410 for an article that is no more; 404 for an identifier of nothing that was ever here.
    """
    found = addresses(db, id)
    if not found and (kept := over_identifier(db, id)):
        return withheld.answer(visit, kept)
    if not found:
        return visit.missing(visit.word("no_article", id=id))
    if len(found) > 1:
        longer = [(visit.link(f"/article/{name}"), url) for url, name in apart(found).items()]
        return visit.missing(visit.word("identifier_shared", id=id), status=300, near=longer)
    there = stands(db, found[0])
    if there is None and (kept := over(db, url=found[0])):
        return withheld.answer(visit, kept)
    if there is None:
        return visit.missing(
            visit.word("article_no_more", url=found[0]), status=410, links_=[(found[0], visit.word("live_link"))]
        )
    usual = identifier(there[1])
    if id == usual or (len(id) > len(usual) and len(addresses(db, usual)) > 1):
        return there[0]
    return visit.moved(visit.path.replace(id, usual, 1), visit.args)


def by_number(db: Database, visit: PageRequest, number: str, rest: str = "") -> Response:
    """Where the article is that had this number when numbers were public; 410 where nobody knows."""
    url = former(db, int(number))
    if url is None:
        return visit.missing(visit.word("number_gone", id=number), status=410)

    def times(text: str) -> str:
        seen = former_version(db, url, int(text)) if text.isdigit() and len(text) < 10 else None
        return stamp(seen) if seen else text

    part = re.fullmatch(r"/versions/(\d{1,9})\.json", rest)
    if part:
        rest = f"/versions/{times(part[1])}.json"
    query = {name: times(value) if name in ("version", "from", "to") else value for name, value in visit.args.items()}
    return visit.moved(f"/article/{identifier(url)}{rest}", query)


def version_at(versions: list[dict[str, Any]], asked: str) -> dict[str, Any] | None:
    """The version that stood at a time, of 14 digits, or that has a number."""
    if len(asked) < 14:
        return next((one for one in versions if str(one["n"]) == asked), None)
    return next((one for one in reversed(versions) if stamp(one["seen_from"]) <= asked), None)


def capture(db: Database, visit: PageRequest, id: str) -> Any:
    """The page of a capture, by its WARC-Record-ID."""
    names = [id, f"<{id}>", f"<urn:uuid:{id}>"]
    row = first(db, "select * from captures where record_id in (?, ?, ?)", names)
    if row is None and (kept := next(filter(None, (over(db, record=name) for name in names)), None)):
        return withheld.answer(visit, kept)
    if row is None:
        return visit.missing(visit.word("no_capture", id=id))
    article = stands(db, row["url"])
    named = pwid(visit.host, row["fetched_at"], row["url"], "part")
    return visit.page("capture.html", capture=row, article=article[1] if article else None, pwid=named)
