"""`add` and `check` of sites whose pages a script draws: proposed and proven with a real Chromium, or said what is
missing."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crawler.archive_folder import ArchiveFolder
from crawler.cli import main
from spiders import catalogue
from tests.crawler.box import Box
from tests.crawler.campus import campus, html
from tests.crawler.drawn_sites import SHELL, chromium, single_page

HOST = "127.0.0.84"
CONFIG = (
    '[operator]\ncontact = "https://archive.example.org/"\n[politeness]\ndelay = 0.0\n[crawl]\nallow_loopback = true\n'
)
HOME = """
if (location.pathname === "/") {
  document.getElementById("root").innerHTML = `<nav><a href="/about">About us</a> <a href="/news">News</a></nav>
    <h1>Hillside College</h1>
    <p>Founded in 1874 on a hill above the river, with four faculties and a botanical garden.</p>`;
} else
"""
needs_browser = pytest.mark.skipif(chromium() is not None, reason=chromium() or "")
pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture
def home(tmp_path: Path) -> ArchiveFolder:
    made = ArchiveFolder(tmp_path / "archive")
    made.folder.mkdir()
    made.config.write_text(CONFIG)
    made.sites.write_text("")
    return made


def command(home: ArchiveFolder, *words: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(home.folder), *words])


@needs_browser
@pytest.mark.parametrize("stories", [True, False], ids=["stories too", "lists alone"])
def test_a_site_of_one_empty_page_is_added_from_its_home_page(home: ArchiveFolder, stories: bool) -> None:
    pages = single_page(rows=7, stories=stories)
    app = pages["/static/app.js"][2].decode().replace("async function main() {", f"async function main() {{ {HOME}", 1)
    pages |= {"/": html(SHELL), "/static/app.js": (200, "text/javascript", app.encode())}
    with campus(HOST, pages) as site:
        done = command(home, "add", site.url, "--yes", "--id", "hillside")
        assert done.exit_code in (0, 3), done.output
        (made,) = catalogue.load(home.sites).values()
        assert [seed.url for seed in made.listings] == [f"{site.url}/news"], done.output
        assert made.browser == ("page" if stories else "listing")
        assert command(home, "check", "hillside").exit_code == done.exit_code
        box = Box(home.folder, home.sites.read_text())
        box.crawl()
        assert box.column("select count(*) from articles") == [7]


@needs_browser
def test_a_page_that_draws_no_news_is_not_added(home: ArchiveFolder) -> None:
    pages = {"/": html(SHELL), "/static/app.js": (200, "text/javascript", HOME.rstrip()[:-4].strip().encode())}
    with campus(HOST, pages) as site:
        done = command(home, "add", site.url, "--yes")
        assert done.exit_code == 1, done.output
        assert catalogue.parse(home.sites.read_text(), "sites.toml") == {}


def test_without_a_browser_add_says_what_to_install(home: ArchiveFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAMPUSWARC_CHROMIUM", "/nonexistent/chromium")
    with campus(HOST, single_page(rows=7) | {"/": html(SHELL)}) as site:
        done = command(home, "add", site.url, "--yes")
        assert done.exit_code == 1
        assert "pip install 'campuswarc[browser]'" in done.output


def test_a_list_as_sent_asks_for_no_browser(home: ArchiveFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAMPUSWARC_CHROMIUM", "/nonexistent/chromium")
    pages = single_page(rows=7, stories=False)
    rows = "".join(
        f"<li><h3><a href='{path}'>{text.split('<title>')[1].split('</title>')[0]}</a></h3>"
        f"<time>{text.split('datetime=')[1][1:11]}</time></li>"
        for path, (_, _, body) in pages.items()
        if path.startswith("/news/")
        for text in [body.decode()]
    )
    pages["/news"] = html(f"<html><title>News</title><body><h1>News</h1><ul>{rows}</ul><script src='/x.js'></script>")
    with campus(HOST, pages) as site:
        done = command(home, "add", f"{site.url}/news", "--yes", "--id", "hillside")
        assert done.exit_code in (0, 3), done.output
        assert catalogue.load(home.sites)["hillside"].browser == "none"
        assert "/x.js" not in site.asked
