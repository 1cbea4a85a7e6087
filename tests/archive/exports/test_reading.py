"""Stories to be read anywhere: a folder of pages in a browser without a server, a ZIM file in libzim's own reader."""

from __future__ import annotations

import json
import re
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from archive.exports import site, zim
from archive.exports.exporting import CannotExport
from tests.archive.exports.conftest import Exporter
from tests.archive.web.browser import chromium, launch


def _rows(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(folder / "news.db")) as db:
        db.text_factory = lambda data: data.decode("utf-8", "replace")
        return db.execute(sql).fetchall()


def test_the_index_holds_every_story_by_its_words(exporter: Exporter, tmp_path: Path) -> None:
    exporter("site", tmp_path / "site")
    told = json.loads((tmp_path / "site" / "site.json").read_text())
    parts = {
        path.stem: json.loads(re.fullmatch(r'part\("\w+",(.*)\);\n', path.read_text(), re.S)[1])  # type: ignore[index]
        for path in (tmp_path / "site" / "search").iterdir()
    }
    cards = [card for n in range(10) for card in parts.get(f"d{n}", [])]
    assert len(cards) == told["stories"] == len(list((tmp_path / "site" / "story").iterdir())) > 50
    for n, (id_, title, *_) in enumerate(cards):
        assert (tmp_path / "site" / "story" / f"{id_}.html").is_file()
        for token in site.tokens(title):
            steps = parts[f"i{site.part_of(token, parts['about']['parts'])}"][token]
            places = [sum(steps[: at + 1]) for at in range(len(steps))]
            assert n in places, (title, token)


def test_no_part_of_the_index_grows_with_the_archive(
    exporter: Exporter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "_POSTINGS", 200)
    exporter("site", tmp_path / "site")
    parts = list((tmp_path / "site" / "search").glob("i*.js"))
    assert len(parts) > 10 and max(path.stat().st_size for path in parts) < 20_000


def test_a_page_runs_nothing_and_loads_nothing_from_the_web(exporter: Exporter, tmp_path: Path) -> None:
    exporter("site", tmp_path / "site")
    pictures = {path.name for path in (tmp_path / "site" / "media").iterdir()}
    shown = set()
    for path in (tmp_path / "site" / "story").iterdir():
        text = path.read_text()
        assert "<script" not in text and not re.search(r"<[^>]*\son\w+=", text), path
        for source in re.findall(r'<(?:img|link|iframe|source)[^>]*\s(?:src|href)="([^"]*)"', text):
            assert source.startswith("../"), (path, source)
            assert (path.parent / source).resolve().is_file(), (path, source)
            shown |= {source.rpartition("/")[2]} & pictures
    assert shown


@pytest.mark.parametrize("query", ["招生", "图书馆", "solar boat", "LIBRARY"])
def test_it_is_searched_in_a_browser_from_the_disk(
    exporter: Exporter, archive_folder: Path, tmp_path: Path, query: str
) -> None:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if (path := chromium()) is None:
        pytest.skip("no Chromium is installed")
    exporter("site", tmp_path / "site")
    words = query.lower().split()
    wanted = {
        title
        for title, body in _rows(archive_folder, "select title, body from articles")
        if all(word in f"{title}\n{body[:4000]}".lower() for word in words)
    }
    with playwright.sync_playwright() as running:
        browser = launch(running, path)
        page = browser.new_page()
        problems: list[str] = []
        page.on("pageerror", lambda problem: problems.append(str(problem)))
        page.goto((tmp_path / "site" / "index.html").as_uri())
        page.fill("input[name=q]", query)
        page.click("button")
        page.wait_for_selector("#found li")
        found = {link.text_content() for link in page.query_selector_all("#found a")}
        assert found >= wanted and len(wanted) > 0 and len(found) < 60
        page.click("#found a")
        assert page.query_selector("article") and page.evaluate("getComputedStyle(document.body).margin") == "0px"
        browser.close()
    assert not problems


def test_zim_is_read_and_searched_by_libzim(exporter: Exporter, archive_folder: Path, tmp_path: Path) -> None:
    pytest.importorskip("libzim", reason="the zim extra is not installed: pip install 'campuswarc[zim]'")
    from libzim.reader import Archive
    from libzim.search import Query, Searcher

    exporter("zim", tmp_path / "news.zim")
    file = Archive(tmp_path / "news.zim")
    assert file.check() and file.has_fulltext_index and file.has_main_entry
    titles = dict(_rows(archive_folder, "select title, body from articles"))
    for query in ("招生", "图书", "solar"):
        search = Searcher(file).search(Query().set_query(query))
        found = {file.get_entry_by_path(path).title for path in search.getResults(0, 500)}
        wanted = {title for title, body in titles.items() if query in f"{title}\n{body}"}
        assert wanted and {title for title in wanted if len(titles[title]) < 100_000} <= found, query
    assert Searcher(file).search(Query().set_query("乌龟")).getEstimatedMatches() == 0
    pages = [file.get_entry_by_path(path) for path in search.getResults(0, 5)]
    assert all("<article>" in bytes(one.get_item().content).decode() for one in pages)
    pictures = {
        name
        for path in Searcher(file).search(Query().set_query("招生")).getResults(0, 50)
        for name in re.findall(
            r'src="\.\./(media/[^"]+)"', bytes(file.get_entry_by_path(path).get_item().content).decode()
        )
    }
    assert pictures and all(file.get_entry_by_path(name).get_item().size for name in pictures)


def test_what_cannot_be_is_told(exporter: Exporter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CannotExport, match=r"ends in \.zim"):
        exporter("zim", tmp_path / "news")
    with pytest.raises(CannotExport, match="for wacz, warc and bagit"):
        from archive.exports.selection import Filters

        exporter("site", tmp_path / "site", filters=Filters(captures=True))
    monkeypatch.delitem(sys.modules, zim.__name__)
    monkeypatch.setitem(sys.modules, "libzim.writer", None)
    with pytest.raises(CannotExport, match=r"pip install 'campuswarc\[zim\]'"):
        exporter("zim", tmp_path / "news.zim")
    assert not list(tmp_path.iterdir())
