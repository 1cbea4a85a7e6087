"""`requisites = "page"`: what an article page is drawn with is fetched and kept, and replayed; without it nothing of
that is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest

from tests.archive.web.conftest import Client, client_of
from tests.college import College
from tests.crawler.box import Box

DRAWN_WITH = {
    "sudy": [
        "/_css/_system/system.css",
        "/_js/_portletPlugs/simpleNews/css/simplenews.css",
        "/_css/_system/menu.css",  # @import of the first
        "/_css/_system/dot.png",  # its url()
        "/_upload/tpl/00/0c/12/template12/favicon.ico",
    ],
    "wordpress": [
        "/wp-content/themes/college/style.css?ver=6.6.2",
        "/wp-content/themes/college/images/header.png",
        "/wp-content/uploads/site-icon-32x32.png",
    ],
}
_LINKED = re.compile(r'(?:href|src)="([^"]*?/replay/\d+(?:cs|im)_/[^"]+)"|url\("([^"]+)"\)|@import "([^"]+)"')
_ADDRESS = re.compile(r".*?/replay/\d+\w\w_/")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[College, Box]]:
    with College(list(DRAWN_WITH), scale=0.1) as college:
        box = Box(tmp_path_factory.mktemp("styles"), college.sites_toml(requisites="page"))
        box.crawl()
        yield college, box


@pytest.fixture(scope="module")
def client(kept: tuple[College, Box]) -> Client:
    pytest.importorskip("datasette", reason="the web extra is not installed: pip install 'campuswarc[web]'")
    return client_of(kept[1].folder)


@pytest.mark.parametrize("site", DRAWN_WITH)
def test_style_sheets_their_parts_and_icons_are_captured(kept: tuple[College, Box], site: str) -> None:
    college, box = kept
    captured = box.column("select url from captures where status = 200 and kind = 'requisite' and site = ?", site)
    wanted = [college.sites[site].base + path for path in DRAWN_WITH[site]]
    assert set(wanted) <= set(captured)
    assert len(captured) == len(set(captured))  # each once, however many pages name it


@pytest.mark.parametrize("site", DRAWN_WITH)
def test_a_replayed_article_is_drawn_with_them(kept: tuple[College, Box], client: Client, site: str) -> None:
    college, box = kept
    article = box.rows(
        "select url, last_seen from articles where site = ? and kind = 'article' order by id limit 1", site
    )[0]
    stamp = re.sub(r"\D", "", article["last_seen"])[:14]
    asked, drawn = [f"/replay/{stamp}mp_/{article['url']}"], {}
    while asked:  # what a browser asks for: the page, what it links, what its style sheets link
        path = asked.pop()
        answer = client.get(path)
        drawn[_ADDRESS.sub("", path)] = answer.status_code
        if answer.headers["content-type"].startswith("text/"):
            linked = [
                str(answer.url.join(unescape(next(filter(None, found))))) for found in _LINKED.findall(answer.text)
            ]
            asked += [one.removeprefix("http://archive.test") for one in linked if _ADDRESS.sub("", one) not in drawn]
    parts = [path for path in DRAWN_WITH[site] if "icon" not in path]
    assert {path: drawn.get(college.sites[site].base + path) for path in parts} == dict.fromkeys(parts, 200)
    for path in DRAWN_WITH[site]:  # an icon is not asked for inside a frame, but is there
        assert client.get(f"/replay/{stamp}im_/{college.sites[site].base}{path}").status_code == 200
    banner = client.get(f"/replay/{stamp}/{article['url']}").text
    assert not [path for path in DRAWN_WITH[site] if f"{college.sites[site].base}{path}" in banner], (
        "the banner names it as missing"
    )


def test_by_default_no_style_sheet_is_asked_for(tmp_path_factory: pytest.TempPathFactory) -> None:
    with College(["sudy"], scale=0.1) as college:
        box = Box(tmp_path_factory.mktemp("plain"), college.sites_toml())
        box.crawl()
        assert not [one for one in college.requests() if one.target.endswith((".css", ".ico"))]
