"""Rows as a hostile site would have them read: no page, feed or table does with them what they ask for."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Callable
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from lxml import etree
from lxml.html import fromstring as document
from sqlite_utils import Database

from tests.archive.web.conftest import Client, client_of
from tests.archive.web.sample import Sample
from tests.archive.web.test_pages import copy

HOSTILE = "=cmd|' /C calc'!A0 \"'><img src=x onerror=alert(1)><script>alert(2)</script></title>{{7*7}} ]]>&\u202e\u2028"
# what sites write, and people
WRITTEN = {
    "sites": ("name", "college"),
    "listings": ("section", "reason", "unfollowed", "doubt"),
    "frontier": ("reason",),
    "captures": ("mime",),
    "articles": ("title", "subtitle", "byline", "source", "section"),
    "attachments": ("filename", "mime", "text"),
    "images": ("caption",),
    "links": ("text",),
    "runs": ("reason",),
    "failures": ("detail",),
    "version_rows": ("title",),
    "suspects": ("reason", "title"),
    "changes": ("title",),
    "withheld": ("reason", "by"),
}


@pytest.fixture(scope="module")
def hostile(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Client:
    """The sample archive with all that was written in it hostile."""
    folder = copy(sample, tmp_path_factory.mktemp("hostile"))
    db = Database(folder / "news.db")
    for table, columns in WRITTEN.items():
        for column in columns:
            db.execute(f"update {table} set {column} = ? || coalesce({column}, '')", [HOSTILE])
    for column in ("authors", "editors", "photographers"):
        db.execute(f"update articles set {column} = ?", [json.dumps([HOSTILE])])
    db.execute(
        "insert into withheld (kind, name, asked, depth, reason, by, since) values ('url', ?, ?, 'blocked', ?, ?, ?)",
        ["http://hostile.example/", HOSTILE, HOSTILE, HOSTILE, "2024-01-01T00:00:00Z"],
    )
    db.conn.commit()
    db.close()
    (folder / "watches.toml").write_text(f"[all]\nquery = {json.dumps('site:example_news')}\n", encoding="utf-8")
    return client_of(folder, operator=True)


BESIDES = [
    "/search?q=college",
    "/search.csv?q=college",
    "/article/1",
    "/article/2",
    "/article/2.json",
    "/article/2/versions.json",
    "/site/example_news",
    "/watch/all",
    "/watch/all.atom",
    "/numbers?q=the",
    "/numbers.svg?q=the",
    "/numbers.csv?q=the",
    "/oai?verb=ListRecords&metadataPrefix=oai_dc",
    "/oai?verb=ListSets",
    f"/search?q={quote(HOSTILE)}",
    f"/sites?q={quote(HOSTILE)}",
    f"/numbers.svg?q={quote(chr(34) + HOSTILE)}",
]


def test_no_answer_does_what_its_rows_ask_for(hostile: Client) -> None:
    from archive.web.plugin import ROUTES  # not sooner: Datasette is to load it

    plain = [pattern.removesuffix("$").replace("\\", "") for pattern, _ in ROUTES if "(?P<" not in pattern]
    shown = set()
    for url in [*plain, *BESIDES]:
        answer = hostile.get(url)
        assert answer.status_code in (200, 400), f"{url}: {answer.status_code}"
        kind = answer.headers.get("content-type", "").partition(";")[0]
        judged = JUDGES[kind](answer.text)
        assert not judged, f"{url}: {judged}"
        if HOSTILE[:8] in html.unescape(answer.text):
            shown.add(url)
    assert {"/", "/sites", "/runs", "/operator", "/changes", "/withheld", "/clusters", "/article/2"} <= shown


def _page(text: str) -> list[str]:
    tree = document(text)
    found = [
        etree.tostring(one, encoding="unicode")[:200]
        for one in tree.iter("script", "img")
        if "alert" in str(one.attrib)
    ]
    for one in tree.iter("script"):
        if "alert" in (one.text or ""):
            if one.get("type") != "application/ld+json":
                found.append(str(one.text))
            else:
                json.loads(str(one.text))
    return found + [name for one in tree.iter(etree.Element) for name in one.attrib if name.startswith("on")]


def _tree(text: str) -> list[str]:
    tree = ElementTree.fromstring(text)
    return [one.tag for one in tree.iter() if one.tag.rpartition("}")[2] in ("img", "script")]


def _table(text: str) -> list[str]:
    return [cell for row in csv.reader(io.StringIO(text)) for cell in row if re.match(r"[=+\-@\t\r](?!\d|$)", cell)]


def _data(text: str) -> list[str]:
    json.loads(text)
    return []


def _words(text: str) -> list[str]:
    return [line for line in text.split("\n") if not re.fullmatch(r"#.*|[a-z_]+(\{.*\})? [\d.eE+-]+|[^<]*", line)]


JUDGES: dict[str, Callable[[str], list[str]]] = {
    "text/html": _page,
    "text/xml": _tree,
    "application/atom+xml": _tree,
    "image/svg+xml": _tree,
    "application/opensearchdescription+xml": _tree,
    "text/csv": _table,
    "application/json": _data,
    "text/plain": _words,
}
