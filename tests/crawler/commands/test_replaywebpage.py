"""Our WACZ in ReplayWeb.page, as people open it: the page list, and stories that replay with style and pictures."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from crawler.cli import main
from tests.archive.web.browser import chromium, launch
from tests.college import College
from tests.crawler.box import Box
from tests.patience import PATIENCE

VARIABLE = "CAMPUSWARC_REPLAYWEBPAGE"
COMPONENT = Path(os.environ.get(VARIABLE, "."))

playwright_api = pytest.importorskip(
    "playwright.sync_api", reason="Playwright is not installed: pip install playwright"
)
pytestmark = [
    pytest.mark.skipif(
        chromium() is None, reason="no Chromium found: install the chromium package or set CAMPUSWARC_CHROMIUM"
    ),
    pytest.mark.skipif(
        not all((COMPONENT / name).is_file() for name in ("ui.js", "sw.js")),
        reason=(
            f"{VARIABLE} names no folder with ReplayWeb.page's ui.js and sw.js: `make replaywebpage` fetches them"
            " from npm"
        ),
    ),
    pytest.mark.xdist_group("browser"),
]


class _Ranged(SimpleHTTPRequestHandler):
    """Serves ranges of files too: so players read a WACZ without loading the whole of it."""

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        asked = re.fullmatch(r"bytes=(\d*)-(\d*)", self.headers.get("Range", ""))
        if asked is None or not path.is_file():
            super().do_GET()
            return
        data = path.read_bytes()
        first = int(asked[1]) if asked[1] else len(data) - int(asked[2])
        last = min(int(asked[2]) if asked[1] and asked[2] else len(data) - 1, len(data) - 1)
        self.send_response(206)
        self.send_header("Content-Range", f"bytes {first}-{last}/{len(data)}")
        self.send_header("Content-Length", str(last - first + 1))
        self.end_headers()
        self.wfile.write(data[first : last + 1])

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Box:
    """Two crawls; what has not changed comes whole the second time, and is kept as revisits."""
    with College(["sudy", "wordpress"], scale=0.1) as college:
        college.settings("wordpress", validators="none", gzip=True)
        box = Box(tmp_path_factory.mktemp("replaywebpage") / "archive", college.sites_toml(requisites="page"))
        box.crawl()
        college.edit(next(row.url for row in college.articles("sudy") if row.kind == "article" and row.body))
        box.make_due()
        box.crawl()
    return box


@pytest.fixture(scope="module")
def address(archive: Box, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """ReplayWeb.page with the archive's WACZ beside it."""
    folder = tmp_path_factory.mktemp("served")
    done = CliRunner().invoke(
        main, ["-C", str(archive.folder), "export", "wacz", str(folder / "news.wacz"), "--versions", "all"]
    )
    assert done.exit_code == 0, done.output
    for name in ("ui.js", "sw.js"):
        (folder / name).symlink_to((COMPONENT / name).absolute())
    (folder / "index.html").write_text(
        '<!doctype html><meta charset="utf-8"><script src="ui.js"></script><replay-app-main></replay-app-main>'
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), lambda *more: _Ranged(*more, directory=str(folder)))  # type: ignore[arg-type]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def opened(address: str) -> Iterator[Any]:
    """A window in which the page list is shown."""
    with playwright_api.sync_playwright() as playwright:
        browser = launch(playwright, chromium() or "")
        page = browser.new_context(viewport={"width": 1200, "height": 900}).new_page()
        page.goto(f"{address}?source={address}news.wacz#view=pages")
        yield page
        browser.close()


def test_the_page_list(archive: Box, opened: Any) -> None:
    versions = archive.rows(
        "select a.url, v.title from versions v join articles a on a.id = v.article join captures c on c.id = v.capture"
        " where c.kind = 'article' order by 1"
    )
    opened.get_by_text(re.compile(rf"^\s*{len(versions)} pages\s*$", re.I)).first.wait_for(timeout=PATIENCE * 1000)
    for row in versions:
        opened.locator("wr-page-entry").filter(has_text=row["url"]).filter(has_text=row["title"]).first.wait_for(
            timeout=PATIENCE * 1000
        )


def replayed(opened: Any, address: str, url: str, time: str) -> Any:
    """The frame in which that page of that time replays."""
    stamp = re.sub(r"\D", "", time)[:14]
    opened.goto(f"{address}?source={address}news.wacz#view=pages&url={url}&ts={stamp}")
    opened.reload()
    return opened.frame_locator("replay-web-page iframe, wr-coll-replay iframe").first


def test_stories_replay_with_style_and_pictures(archive: Box, opened: Any, address: str) -> None:
    told = (
        "select a.url, v.title, c.fetched_at, v.n from versions v join articles a on a.id = v.article join captures c"
        " on c.id = v.capture where c.kind = 'article'"
    )
    edited = archive.rows(f"{told} and a.id in (select article from versions where n = 2) order by v.n")
    assert [row["n"] for row in edited] == [1, 2]
    pictured = archive.rows(f"{told} and a.id in (select article from images) limit 1")
    zipped = archive.rows(f"{told} and a.site = 'wordpress' limit 1")
    for row in (*edited, *pictured, *zipped):
        frame = replayed(opened, address, row["url"], row["fetched_at"])
        frame.get_by_text(row["title"]).first.wait_for(timeout=PATIENCE * 1000)
    frame = replayed(opened, address, pictured[0]["url"], pictured[0]["fetched_at"])
    frame.get_by_text(pictured[0]["title"]).first.wait_for(timeout=PATIENCE * 1000)
    picture = archive.column(
        "select i.url from images i join articles a on a.id = i.article where a.url = ?", pictured[0]["url"]
    )[0]
    drawn = frame.locator(f'img[src$="{picture.rpartition("/")[2]}"]').first
    drawn.wait_for()
    drawn.evaluate("image => image.decode()")  # fails where the picture is not there
    assert drawn.evaluate("image => image.naturalWidth") > 0
    assert (
        frame.locator("body").evaluate(
            "body => [...document.styleSheets].filter(sheet => sheet.cssRules.length).length"
        )
        > 0
    )
