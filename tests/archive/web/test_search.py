"""Search over HTTP: the page, its facets and its timeline; JSON, CSV and Atom of the same query; any query at all."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlencode
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from archive.search import bounds, query_tree
from tests.archive.web.conftest import Client, client_of
from tests.archive.web.test_pages import copy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.archive.web.sample import Sample

ATOM = "{http://www.w3.org/2005/Atom}"


def ask(client: Client, query: str, path: str = "/search", **more: object) -> str:
    answer = client.get(path, params={"q": query, **more}, headers={"accept-language": "en"})
    assert answer.status_code == 200, answer.text[:500]
    return str(answer.text)


def test_hits_are_found_counted_and_marked(client: Client, sample: Sample) -> None:
    html = ask(client, "图书馆")
    (n,) = sample.db.execute(
        "select count(*) from articles where title like '%图书馆%' or body like '%图书馆%'"
    ).fetchone()
    assert f">{n} articles<" in html
    assert html.count("<mark>图书馆</mark>延长开放时间</a>") == n - 1  # the last one has another title
    assert 'value="图书馆"' in html


def test_each_facet_keeps_what_it_promises(client: Client) -> None:
    html = ask(client, "图书馆")
    aside = html[html.index("<aside") :]
    values = re.findall(r'<li><a href="([^"]+)">[^<]+</a> <span class="quiet">(\d+)</span>', aside)
    assert len(values) > 8
    for address, n in values:
        narrowed = client.get(address.replace("&amp;", "&"), headers={"accept-language": "en"}).text
        assert f">{n} articles<" in narrowed or (n == "1" and ">1 article<" in narrowed), unquote(address)


def test_each_bar_of_the_timeline_leads_to_its_month(client: Client) -> None:
    bars = re.findall(r'<a href="([^"]+)" tabindex="-1"><title>(\d{4}-\d\d): (\d+) article', ask(client, "招生"))
    assert sum(int(n) for _, _, n in bars) == 5
    for address, month, n in bars:
        found = client.get(address.replace("&amp;", "&").replace("/search?", "/search.json?")).json()
        assert found["total"] == int(n)
        assert {result["published"][:7] for result in found["results"]} == {month}


def test_filters_can_be_taken_away(client: Client) -> None:
    html = ask(client, '图书馆 site:old_college -section:"x y"')
    without = [unquote(address) for address in re.findall(r'<li><code>[^<]+</code> <a href="([^"]+)"', html)]
    assert without == ['/search?q=图书馆+-section:"x+y"', "/search?q=图书馆+site:old_college"]


def test_pages_hold_every_article_once(client: Client, sample: Sample) -> None:
    (n,) = sample.db.execute("select count(*) from articles").fetchone()
    seen: list[str] = []
    for page in range(1, 5):
        seen += re.findall(r'<h3><a href="/article/([a-z2-7]{16})"', ask(client, "", page=page))
    assert len(seen) == len(set(seen)) == n
    assert f"{n} of {n}" in ask(client, "", page=99)  # past the end: the last page


def test_words_in_documents_say_so(client: Client) -> None:
    html = ask(client, "招生计划表")
    assert "found in a document: 招生计划表.pdf" in html


def test_near_misses_are_answered_with_a_suggestion(client: Client) -> None:
    html = ask(client, "libary")
    assert "Did you mean" in html
    assert "q=library" in html


def test_json_is_the_same_search(client: Client) -> None:
    found = client.get("/search.json", params={"q": "图书馆", "size": 3}).json()
    assert (found["total"], len(found["results"])) == (7, 3)
    assert [text for text, hit in found["results"][0]["title"] if hit] == ["图书馆"]
    following = client.get(found["next"].removeprefix("http://archive.test")).json()
    assert {result["id"] for result in following["results"]}.isdisjoint({result["id"] for result in found["results"]})
    assert sum(month["count"] for month in found["months"]) == 7
    assert client.get("/search.json", params={"q": "has:soul"}).status_code == 400


def test_csv_is_the_same_search_and_safe(client: Client, sample: Sample, tmp_path: Path) -> None:
    rows = list(
        csv.DictReader(io.StringIO(client.get("/search.csv", params={"q": "图书馆"}).text.removeprefix("\ufeff")))
    )
    assert len(rows) == 7
    assert {row["site"] for row in rows} == {"example_news", "old_college"}
    folder = copy(sample, tmp_path)
    db = Database(folder / "news.db")
    db.execute("update articles set title = '=cmd()' where id = 5")
    db.conn.commit()
    assert "'=cmd()" in client_of(folder).get("/search.csv").text


def test_atom_is_a_feed_of_the_newest(client: Client, sample: Sample) -> None:
    answer = client.get("/search.atom", params={"q": "site:example_today"})
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(answer.content)
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 25
    for node in (feed, *entries):
        assert all(node.find(f"{ATOM}{name}") is not None for name in ("id", "title", "updated"))
    published = [entry.findtext(f"{ATOM}published") or "" for entry in entries]
    assert published == sorted(published, reverse=True)
    assert all((link.get("href") or "").startswith("http") for link in feed.iter(f"{ATOM}link"))


@pytest.mark.parametrize(
    "query",
    [
        '"',
        "((",
        "))",
        "AND",
        "NOT",
        "-",
        "*",
        "a* OR",
        "site:",
        "after:never",
        "has:",
        "title:",
        "'; drop table articles; --",
        "<script>alert(1)</script>",
        "\0",
        "招\0生",
        "x" * 10_000,
        "招" * 3000,
        "a " * 600,
        "(" * 200,
        "%",
        "\\",
        "\ufffe",
        "\u200b",
        "😀",
        "NEAR(a b)",
        "{title}: x",
        "a:b:c",
        "^x",
        "AND OR NOT",
        '"a" "b',
        "url:http://[",
        "year:99999",
        "after:2023-13-45",
    ],
)
@pytest.mark.parametrize("path", ["/search", "/search.json", "/search.csv", "/search.atom"])
def test_any_query_gets_results_or_a_clear_message(client: Client, query: str, path: str) -> None:
    answer = client.get(path, params={"q": query})
    assert answer.status_code in (200, 400, 414)
    assert "<script>alert" not in answer.text or not path.endswith("search")
    if answer.status_code == 400 and path == "/search":
        assert 'role="alert"' in answer.text


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=40), st.text(max_size=5), st.text(max_size=5))
def test_no_text_is_an_error(client: Client, query: str, sort: str, page: str) -> None:
    assert client.get(
        "/search",
        params={
            "q": query.encode("utf-8", "replace").decode(),
            "sort": sort.encode("utf-8", "replace").decode(),
            "page": page.encode("utf-8", "replace").decode(),
        },
    ).status_code in (200, 400)


@pytest.mark.parametrize("path", ["/search", "/search.json", "/search.csv", "/search.atom", "/numbers"])
@pytest.mark.parametrize(
    "longest",
    [
        lambda n: ("大学 " * n)[: query_tree.MOST_LENGTH - n],
        lambda n: "学" * (query_tree.MOST_LENGTH - n),
        lambda n: " ".join(["学"] * (query_tree.MOST_TERMS - n)),
        lambda n: "(" * (query_tree.MOST_DEPTH - n) + "学" + ")" * (query_tree.MOST_DEPTH - n),
    ],
)
def test_queries_just_within_each_bound_are_answered(client: Client, longest: Callable[[int], str], path: str) -> None:
    """A page asks narrower ones of its own, which may be past it."""
    for below in range(4):
        answer = client.get(f"{path}?{urlencode({'q': longest(below)})}")
        assert answer.status_code in (200, 400), (below, answer.text[-600:])


def test_without_an_index_the_page_says_how_to_make_one(sample: Sample, tmp_path: Path) -> None:
    folder = copy(sample, tmp_path)
    db = Database(folder / "news.db")
    db.execute("drop table articles_fts")
    db.conn.commit()
    answer = client_of(folder).get("/search?q=x", headers={"accept-language": "en"})
    assert (answer.status_code, "campuswarc migrate" in answer.text) == (503, True)


def test_of_very_many_the_answer_says_what_is_bounded(
    client: Client, sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    half = sample.db.execute("select max(id) / 2 from articles").fetchone()[0]
    whole = client.get("/search.json", params={"q": "招生"}).json()
    assert not whole["over"] and whole["deepest"] is None and not whole["estimated"]
    for name, value in {"WEIGHED": 2, "COUNTED": 3, "DEEPEST": 2, "SAMPLED": 1, "WINDOWS": 1, "WINDOW": half}.items():
        monkeypatch.setattr(bounds, name, value)
    monkeypatch.setattr(bounds, "SHOWING", 1)
    html = ask(client, "招生")
    assert ">over 3 articles<" in html
    assert "the pages end after 2" in html
    assert "Counts and the chart are estimates" in html
    chinese = client.get("/search", params={"q": "招生"}, headers={"accept-language": "zh"}).text
    assert "超过 3 篇" in chinese and "最多可翻到第 2 篇" in chinese and "估算" in chinese
    answer = client.get("/search.json", params={"q": "招生", "size": 1, "page": 2}).json()
    assert (answer["total"], answer["over"], answer["deepest"], answer["estimated"]) == (3, True, 2, True)
    assert len(answer["results"]) == 1 and answer["next"] is None


def test_sites_of_one_name_are_told_apart(sample: Sample, tmp_path: Path) -> None:
    folder = copy(sample, tmp_path)
    named = dict(sample.db.execute("select site, count(*) from articles group by site having count(*) > 1").fetchall())
    assert len(named) > 1 and not any(f"({id_})" in ask(client_of(folder), "") for id_ in named)
    with closing(sqlite3.connect(folder / "news.db")) as db, db:
        db.execute("update sites set name = 'The Gazette'")
    assert all(f"The Gazette ({id_})" in ask(client_of(folder), "") for id_ in named)


def test_copies_are_estimated_where_the_page_says_that_facets_are(
    sample: Sample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = copy(sample, tmp_path)
    db = Database(folder / "news.db")
    first, repeats, newest = db.execute("select min(id), min(id) + 5, max(id) from articles").fetchone()
    db.execute("update articles set near_duplicate_of = iif(id = ?, ?, null)", [repeats, first])
    db.conn.commit()
    client = client_of(folder)
    shown = re.compile(r'repeat another story</a> <span class="quiet">(\d+)<')
    html = ask(client, "")
    assert shown.findall(html) == ["1"] and "are estimates" not in html
    for name, value in {"SAMPLED": 1, "WINDOWS": 1, "WINDOW": repeats, "SHOWING": 1}.items():
        monkeypatch.setattr(bounds, name, value)
    html = ask(client, "")
    assert "Counts and the chart are estimates" in html
    assert abs(int(shown.findall(html)[0]) - newest / repeats) < 1
