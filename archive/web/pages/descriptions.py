"""What describes the archive to programs: OpenAPI of its JSON, OpenSearch of its search."""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from datasette.utils.asgi import Response

from archive.identity import identifier
from archive.replay.captures import stamp
from archive.web.cards import first
from archive.web.openapi import document
from archive.web.page_request import PageRequest

if TYPE_CHECKING:
    from sqlite_utils import Database

_NEWEST = """
select a.url, a.title, v.seen_from, c.url as read_from
from articles a join version_rows v on v.id = a.current_version join captures c on c.id = v.capture
order by a.id desc limit 1
"""
_OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
_FORMS = (("text/html", "/search"), ("application/atom+xml", "/search.atom"), ("application/json", "/search.json"))


def openapi(db: Database, visit: PageRequest) -> Response:
    """`/openapi.json`: with examples from this archive, its newest story."""
    newest = first(db, _NEWEST, [])
    examples = (
        {
            "id": identifier(newest["url"]),
            "time": stamp(newest["seen_from"]),
            "url": newest["read_from"],
            "q": " ".join(newest["title"].split())[:2],
        }
        if newest
        else {}
    )
    server, title = visit.origin + visit.base, visit.word("archive")
    told = document(version=_version(), server=server, title=title, examples=examples)
    body = json.dumps(told, ensure_ascii=False, indent=1)
    headers = {"Access-Control-Allow-Origin": "*", "Vary": "Accept-Language, Cookie"}
    return Response(body, content_type="application/json; charset=utf-8", headers=headers)


def opensearch(db: Database, visit: PageRequest) -> Response:
    """`/opensearch.xml` (OpenSearch 1.1): by it a browser searches here from its address bar."""
    root = ElementTree.Element("OpenSearchDescription", {"xmlns": _OPENSEARCH})
    for name, text in (
        ("ShortName", visit.word("archive_short")),  # 16 characters, the specification says
        ("LongName", visit.word("archive")),
        ("Description", visit.word("search_label")),
        ("InputEncoding", "UTF-8"),
        ("OutputEncoding", "UTF-8"),
        ("Language", "*"),
    ):
        ElementTree.SubElement(root, name).text = text
    icon = visit.origin + visit.link("/-/campuswarc/icon.svg")
    ElementTree.SubElement(root, "Image", {"type": "image/svg+xml"}).text = icon
    for kind, path in _FORMS:
        page = "" if path == "/search.atom" else "&page={startPage?}"
        template = f"{visit.origin}{visit.link(path)}?q={{searchTerms}}{page}"
        ElementTree.SubElement(root, "Url", {"type": kind, "template": template})
    here = visit.origin + visit.link("/opensearch.xml")
    ElementTree.SubElement(
        root, "Url", {"type": "application/opensearchdescription+xml", "rel": "self", "template": here}
    )
    body = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    kind = "application/opensearchdescription+xml; charset=utf-8"
    return Response(body, content_type=kind, headers={"Vary": "Accept-Language, Cookie"})


def _version() -> str:
    try:
        return version("campuswarc")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "0"
