"""The pages over HTTP: what they show, how they are guarded, what they say when there is nothing to show."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import threading
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lxml import html as html5
from sqlite_utils import Database

from archive.identity import identifier
from archive.replay.captures import stamp
from archive.store import schema
from tests.archive.web.conftest import Client, client_of

if TYPE_CHECKING:
    from tests.archive.web.sample import Sample

PAGES = [
    "/",
    "/sites",
    "/site/example_news",
    "/site/example_today",
    "/runs",
    "/changes",
    "/gone",
    "/gone?site=old_college",
    "/article/1",
    "/article/1?version=1",
    "/article/74",
]


class Scan(HTMLParser):
    """What a page would make a browser do: addresses loaded, scripts and styles in line, event handlers."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.inline: list[str] = []
        self.headings: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script" and given.get("type") == "application/ld+json":
            return  # data (HTML, 4.12.1): nothing runs or loads it
        if tag in ("img", "script", "iframe", "source"):
            self.loaded.append(given.get("src") or "")
        if tag == "link" and given.get("rel") in ("stylesheet", "icon", "preload", "prefetch"):
            self.loaded.append(given.get("href") or "")
        if (tag == "script" and "src" not in given) or tag == "style":
            self.inline.append(tag)
        self.inline += [name for name in given if name.startswith("on") or name == "style"]
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(tag)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_page_is_whole_and_asks_nobody_else(client: Client, path: str, language: str) -> None:
    answer = client.get(path, headers={"accept-language": language})
    assert answer.status_code == 200
    page = Scan(answer.text)
    assert all(address.startswith("/") and not address.startswith("//") for address in page.loaded)
    assert page.inline == []
    assert page.headings.count("h1") == 1
    assert f'<html lang="{"zh-Hans" if language == "zh" else "en"}">' in answer.text


@pytest.mark.parametrize("path", [*PAGES, "/nothing/here", "/news", "/news/articles", "/article/1.json"])
def test_every_answer_carries_the_security_headers(client: Client, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe-inline" not in re.search(r"script-src ([^;]*)", policy)[1]


def test_home_counts_what_there_is(client: Client, sample: Sample) -> None:
    html = client.get("/").text
    for table in ("articles", "sites", "versions", "captures"):
        (n,) = sample.db.execute(f"select count(*) from {table}").fetchone()
        assert f">{n:,}</" in html
    assert "blocked:riversec" in html
    assert html.count("<rect") > 60


def test_article_shows_words_facts_and_chain(client: Client, sample: Sample) -> None:
    html = client.get("/article/1").text
    capture = next(
        sample.db.query(
            "select c.* from captures c join versions v on v.capture = c.id where v.article = 1 and v.n = 3"
        )
    )
    for text in (
        "2024年研究生招生简章",
        "1350人",
        "张三",
        "研究生院",
        "招生计划表.pdf",
        capture["warc"],
        str(capture["offset"]),
        capture["payload_digest"],
        capture["record_id"].strip("<>"),
    ):
        assert text in html
    assert "/replay/20240102021000im_/https://news.example.edu.cn/images/gate.png" in html
    library = sample.db.execute("select url from articles where id = 2").fetchone()[0]
    assert f'href="/article/{identifier(library)}"' in html  # the link to the library story leads to its article


def test_earlier_version_is_shown_as_such(client: Client) -> None:
    html = client.get("/article/1?version=1").text
    assert "1200人" in html
    assert "1350人" not in html
    assert "version 1 of 3" in html


def test_hostile_story_is_harmless_text(client: Client) -> None:
    answer = client.get("/article/75")
    assert "A page that would like to run" in answer.text
    story = re.search(r'<div class="story".*?</div>', answer.text, re.S)[0]
    assert "Some hostile words." in story
    for trace in ("<script", "onclick", "onerror", "javascript:", "<iframe", 'src="http'):
        assert trace not in story


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/article/99999", "99999 was the number of an article once"),
        ("/article/aaaaaaaaaaaaaaaa", "no article aaaaaaaaaaaaaaaa"),
        ("/article/1?version=9", "no version 9"),
        ("/site/nobody", "nobody"),
        ("/nothing", "search"),
        ("/a/b/c/d/e", "search"),
        ("/site/%3Cscript%3E", "&lt;script&gt;"),
        ("/article/abc", "search"),
        ("/article/999999999999999999", "999999999999999999"),
    ],
)
def test_what_is_not_there_gets_a_helpful_404(client: Client, path: str, says: str) -> None:
    answer = client.get(path)
    assert answer.status_code == (410 if "999" in path else 404)
    assert says in answer.text
    assert 'role="search"' in answer.text


def test_only_reading_is_possible(client: Client) -> None:
    assert client.ask("POST", "/article/1").status_code in (403, 405)
    assert client.ask("DELETE", "/article/1").status_code in (403, 405)
    assert client.ask("HEAD", "/article/1").status_code == 200


def test_language_is_asked_for_kept_and_guessed(client: Client) -> None:
    asked = client.get("/sites?lang=zh")
    assert "站点" in asked.text
    cookie = asked.headers["set-cookie"]
    assert "campuswarc_lang=zh" in cookie
    assert "站点" in client.get("/sites", headers={"cookie": cookie.split(";")[0]}).text
    assert "站点" in client.get("/sites", headers={"accept-language": "de, zh-CN;q=0.8, en;q=0.5"}).text
    assert "Sites" in client.get("/sites", headers={"accept-language": "de, en;q=0.8, zh;q=0.5"}).text
    assert "Sites" in client.get("/sites?lang=fr", headers={"accept-language": "x;q=y"}).text


def test_json_of_article_versions_and_captures(client: Client, sample: Sample) -> None:
    article = client.get("/article/1.json").json()
    assert (article["title"], article["authors"], article["published"]) == (
        "2024年研究生招生简章",
        ["张三", "李四"],
        "2023-12-13T01:12:00Z",
    )
    assert [document["archived"] for document in article["attachments"]] == [True, False]
    versions = client.get(article["versions"].removeprefix("http://archive.test")).json()["versions"]
    assert [version["n"] for version in versions] == [1, 2, 3]
    assert "1200人" in client.get(versions[0]["text"].removeprefix("http://archive.test")).json()["body"]
    captures = client.get("/article/1/captures.json").json()["captures"]
    assert [capture["fetched_at"][:10] for capture in captures] == ["2024-01-02", "2023-12-18", "2023-12-13"]
    assert client.get("/article/99999.json").status_code == 410
    assert "error" in client.get("/article/1/versions/9.json").json()


def test_gone_articles_say_after_how_long(client: Client) -> None:
    html = client.get("/gone").text
    assert "旧闻：图书馆延长开放" in html
    assert "last seen 1 days after its publication" in html
    assert "found gone 2024-04-02 02:02 UTC" in html


def test_behind_a_proxy_every_address_keeps_its_prefix(sample: Sample) -> None:
    client = client_of(sample.folder, base_url="/news-archive/")
    html = client.get("/news-archive/article/1").text
    addresses = re.findall(r'(?:href|src|action)="(/[^"]*)"', html)
    assert addresses
    assert all(address.startswith("/news-archive/") for address in addresses)
    assert client.get("/news-archive/-/campuswarc/campuswarc.css").status_code == 200


def test_older_schema_opens_with_the_way_to_migrate(sample: Sample, tmp_path: Path) -> None:
    folder = copy(sample, tmp_path)
    db = Database(folder / "news.db")
    db.execute("delete from _sqlite_migrations where name = (select max(name) from _sqlite_migrations)")
    db.conn.commit()
    db.close()
    before = (folder / "news.db").read_bytes()
    html = client_of(folder).get("/article/1").text
    assert "campuswarc migrate" in html
    assert "1350人" in html
    assert (folder / "news.db").read_bytes() == before


def test_damaged_database_is_named_not_a_traceback(sample: Sample, tmp_path: Path) -> None:
    folder = copy(sample, tmp_path)
    data = bytearray((folder / "news.db").read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    (folder / "news.db").write_bytes(data)
    answer = client_of(folder).get("/")
    assert answer.status_code == 503
    assert "news.db" in answer.text
    assert "campuswarc rebuild" in answer.text


def test_pages_are_readable_while_a_crawl_writes(sample: Sample, tmp_path: Path) -> None:
    folder = copy(sample, tmp_path)
    client, stop, commits = client_of(folder), threading.Event(), []

    def write() -> None:
        connection = sqlite3.connect(folder / "news.db", isolation_level=None)
        while not stop.is_set():
            n = len(commits)
            connection.execute("begin immediate")
            connection.execute(
                "insert into failures (url, site, kind, detail, at) values ('http://x/', 'example_news', 'http_500', ?,"
                " '2024-01-01T00:00:00Z')",
                [n],
            )
            connection.execute("update sites set name = ?", [f"name {n}"])
            connection.execute("commit")
            commits.append(n)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        seen = [client.get("/site/example_news").status_code]
        while len(seen) < 10 or (len(commits) < 10 and writer.is_alive()):
            seen.append(client.get("/site/example_news").status_code)
    finally:
        stop.set()
        writer.join()
    assert set(seen) == {200}
    assert len(commits) >= 10


def test_rebuilt_database_is_noticed(sample: Sample, tmp_path: Path) -> None:
    folder = copy(sample, tmp_path)
    client = client_of(folder)
    assert client.get("/article/1").status_code == 200
    fresh = Database(tmp_path / "fresh.db")
    schema.steps.apply(fresh)
    fresh.close()
    (folder / "news.db").unlink()
    (tmp_path / "fresh.db").rename(folder / "news.db")
    assert client.get("/article/1").status_code == 410
    assert "campuswarc crawl" in client.get("/").text


def copy(sample: Sample, tmp_path: Path) -> Path:
    """A private copy of the sample; through SQLite, so that the WAL is in it."""
    folder = tmp_path / "archive"
    folder.mkdir()
    shutil.copytree(sample.folder / "warc", folder / "warc")
    target = sqlite3.connect(folder / "news.db")
    sample.db.conn.backup(target)
    target.close()
    return folder


def test_what_is_known_to_be_missing_of_a_listing_is_said(client: Client) -> None:
    assert "page 2 is opened by a script" in client.get("/site/old_college").text
    assert "more than can be followed" not in client.get("/site/example_news").text
    assert client.get("/sites").text.count("1 incomplete") == 1
    assert client.get("/").text.count("1 incomplete") == 1  # though every listing answers


def test_addresses_of_articles_versions_and_captures_are_permanent(client: Client, sample: Sample) -> None:
    url, record = sample.db.execute(
        "select a.url, c.record_id from articles a join versions v on v.id = a.current_version"
        " join captures c on c.id = v.capture where a.id = 1"
    ).fetchone()
    here = f"/article/{identifier(url)}"
    times = [row[0] for row in sample.db.execute("select seen_from from versions where article = 1 order by n")]
    stamps = [stamp(time) for time in times]
    for asked, status, to in (
        ("/article/1", 301, here),
        ("/article/1.json", 301, f"{here}.json"),
        ("/article/1/versions/2.json", 301, f"{here}/versions/2.json"),
        ("/article/1?version=2&lang=en", 301, f"{here}?version=2&lang=en"),
        (f"{here}?version=2", 302, f"{here}/{stamps[1]}"),
        (f"{here}/versions/2.json", 302, f"{here}/versions/{stamps[1]}.json"),
        (f"{here}/{int(stamps[1]) + 1}", 302, f"{here}/{stamps[1]}"),
        (f"/article/{identifier(url, 24)}", 301, here),
        (f"/article/{identifier(url, 12)}.json", 301, f"{here}.json"),
    ):
        answer = client.once("GET", asked)
        assert (answer.status_code, answer.headers.get("location")) == (status, to), asked
    assert client.once("GET", here).status_code == 200
    assert "1200人" in client.once("GET", f"{here}/{stamps[0]}").text
    assert client.once("GET", f"{here}/20010101000000").status_code == 404
    assert client.get(f"{here}.json").json()["id"] == identifier(url)
    name = record.strip("<>").removeprefix("urn:uuid:")
    assert url in client.get(f"/capture/{name}").text
    assert f'href="/capture/{name}"' in client.get(here).text
    assert client.get("/capture/00000000-0000-4000-8000-000000000000").status_code == 404
    assert f"urn:campuswarc:article:{identifier(url)}" in client.get("/search.atom").text


def test_numbers_of_versions_that_were_in_another_order_lead_to_the_same_words(sample: Sample, tmp_path: Path) -> None:
    folder = copy(sample, tmp_path)
    db = Database(folder / "news.db")
    url, first = db.execute(
        "select a.url, v.seen_from from articles a join versions v on v.article = a.id where a.id = 1 and v.n = 1"
    ).fetchone()
    db.execute("insert into former_versions values (?, 3, ?)", [url, first])
    db.conn.commit()
    db.close()
    answer = client_of(folder).get("/article/1?version=3")
    assert "1200人" in answer.text
    assert "1350人" not in answer.text


def test_an_article_that_is_no_more_is_gone_and_not_another(sample: Sample, tmp_path: Path) -> None:
    folder = copy(sample, tmp_path)
    db = Database(folder / "news.db")
    url = db.execute("select url from articles where id = 2").fetchone()[0]
    db.execute("update articles set url = 'https://other.example.edu/', title = 'Another' where id = 2")
    db.conn.commit()
    db.close()
    for path in ("/article/2", f"/article/{identifier(url)}"):
        answer = client_of(folder).get(path)
        assert answer.status_code == 410
        assert url in answer.text


def test_an_article_says_to_machines_what_it_is(client: Client, sample: Sample) -> None:
    tree = html5.fromstring(client.get("/article/1").text)
    named = {one.get("name"): one.get("content") for one in tree.iterfind(".//meta[@name]")}
    assert named["citation_title"] == "2024年研究生招生简章"
    assert named["citation_publication_date"] == "2023/12/13"
    data = json.loads(tree.findtext(".//script[@type='application/ld+json']") or "")
    assert (data["@type"], data["sdDatePublished"]) == ("NewsArticle", "2024-01-02")
    assert client.get(data["archivedAt"].removeprefix("http://archive.test")).status_code == 200
    assert client.get(data["@id"].removeprefix("http://archive.test")).status_code == 200
    assert tree.find(".//span[@class='Z3988']") is not None
    relations = {one.get("rel"): one.get("href") for one in tree.iterfind(".//link[@rel]")}
    assert relations["memento"] == data["archivedAt"]
    assert "urn:pwid:archive.test:2024-01-02T" in client.get("/article/1").text


def test_a_headline_ends_no_script(sample: Sample, tmp_path: Path) -> None:
    folder = copy(sample, tmp_path)
    db = Database(folder / "news.db")
    headline = "A </script><script>alert(1)</script> & \u2028 <!-- \"'"
    db.execute("update articles set title = ? where id = 2", [headline])
    db.conn.commit()
    db.close()
    tree = html5.fromstring(client_of(folder).get("/article/2").text)
    assert json.loads(tree.findtext(".//script[@type='application/ld+json']") or "")["headline"] == " ".join(
        headline.split()
    )  # one line, as every citation has it
    assert not [one for one in tree.iter("script") if not one.get("src") and one.get("type") != "application/ld+json"]
