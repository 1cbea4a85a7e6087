"""`scrapy fetch`, `view`, `shell`, `parse` in a checkout: as a user of Scrapy expects, and no trace in the archive."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from tests.patience import PATIENCE

ROOT = Path(__file__).parents[3]
WORDS = "The council of the college spoke about lamps and benches by the pond for a long while today. " * 5
PAGES = {
    "/robots.txt": "User-agent: *\nDisallow: /private",
    "/news/": "<html><body><ul>"
    + "".join(
        f'<li><a href="/news/{n}.html">The story of the year number {word}</a> <span>2024-05-0{n}</span></li>'
        for n, word in enumerate(("one", "two", "three", "four", "five"), 1)
    )
    + "</ul></body></html>",
    "/news/1.html": f"<html><body><h1>The first story of the year</h1><p>2024-05-01</p><article><p>{WORDS}</p>"
    "</article></body></html>",
    "/private": "secret",
}


class _Server(BaseHTTPRequestHandler):
    agents: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.agents.append(self.headers.get("User-Agent", ""))
        body = PAGES.get(self.path, "").encode()
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/plain" if self.path == "/robots.txt" else "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def home(base: str, tmp_path: Path) -> Path:
    (tmp_path / "campuswarc.toml").write_text('[operator]\nname = "x"\ncontact = "mailto:archive@example.edu"\n')
    (tmp_path / "sites.toml").write_text(
        f'[example]\nname = "Example"\nfamily = "generic"\nlistings = ["{base}/news/"]\n'
    )
    return tmp_path


def scrapy(home: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run in the checkout; whatever it does, nothing is left in the archive folder."""
    before = sorted(path.name for path in home.rglob("*"))
    said = subprocess.run(
        [sys.executable, "-m", "scrapy", *words],
        cwd=ROOT,
        env=os.environ | {"CAMPUSWARC_HOME": str(home)} | environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    assert "Traceback" not in said.stderr, said.stderr
    assert sorted(path.name for path in home.rglob("*")) == before
    return said


def test_fetch_prints_the_page(home: Path, base: str) -> None:
    _Server.agents.clear()
    assert scrapy(home, "fetch", f"{base}/news/1.html").stdout.strip() == PAGES["/news/1.html"]
    assert set(_Server.agents) and all("archive@example.edu" in agent for agent in _Server.agents)
    assert "< Content-Type: text/html" in scrapy(home, "fetch", "--headers", f"{base}/news/1.html").stdout
    assert "secret" not in scrapy(home, "fetch", f"{base}/private").stdout
    assert scrapy(home, "fetch", "-s", "ROBOTSTXT_OBEY=0", f"{base}/private").stdout.strip() == "secret"


def test_shell_has_the_response(home: Path, base: str) -> None:
    assert scrapy(home, "shell", f"{base}/news/1.html", "-c", "response.css('h1::text').get()").stdout.strip() == (
        "The first story of the year"
    )
    assert "2" in scrapy(home, "shell", "-c", "1 + 1").stdout


def test_view_opens_a_browser(home: Path, base: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    place = tmp_path_factory.mktemp("browser")
    browser = place / "browser"
    browser.write_text(f'#!/bin/sh\ncp "${{1#file://}}" {place}/shown.html\n')
    browser.chmod(0o755)
    scrapy(home, "view", f"{base}/news/1.html", BROWSER=f"{browser} %s", TMPDIR=str(place))
    assert "The first story" in (place / "shown.html").read_text()


def test_parse_reads_as_a_crawl_does(home: Path, base: str) -> None:
    story = scrapy(home, "parse", f"{base}/news/1.html", "--spider", "example", "--nocolour").stdout
    assert "'title': 'The first story of the year'" in story
    assert "'body': 'The council" in story
    listing = scrapy(home, "parse", f"{base}/news/", "--nocolour").stdout  # the site is known by the address
    assert f"{base}/news/1.html" in listing and f"{base}/news/2.html" in listing
    both = scrapy(home, "parse", f"{base}/news/", "--depth", "2", "--noitems", "--nocolour", "--verbose")
    assert "DEPTH LEVEL: 2" in both.stdout
