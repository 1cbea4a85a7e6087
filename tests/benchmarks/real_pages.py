"""Real news pages crawled end to end: `make real-pages`.

The 181 pages of article-extraction-benchmark and 69 Chinese ones (GBK among them), which lie beside the project and
never in it, are served on loopback behind listings made for them and crawled with the generic family. There must be
a row with a title and a body for each, and every WARC payload must be the bytes of its page.
"""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
import re
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape, unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import ClassVar

from archive.encoding import decode
from tests.benchmarks.archive_folder import ROOT
from tests.college.server import Server
from tests.college.site import CollegeSite, Content
from tests.crawler.box import Box, complain

SHARED = Path(os.environ.get("CAMPUSWARC_SHARED", ROOT.parent / "shared")) / "extraction"
SETS = ("aeb", "zhset")
PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class Real:
    """One page and what people say its text is."""

    path: str
    content: bytes
    gold: str

    @property
    def title(self) -> str:
        """What its listing row says: the page's own <title>, or how its text begins where that is no headline."""
        found = re.search(r"<title[^>]*>(.*?)</title>", decode(self.content)[0], re.I | re.S)
        title = " ".join(unescape(found.group(1)).split()) if found else ""
        return title[:120] if len(title) >= 6 else " ".join(self.gold.split())[:30]


class RealSite(CollegeSite):
    """A site of pages from elsewhere, with dated rows and a pager."""

    family: ClassVar[str] = "generic"
    sections = ()
    pages_: tuple[Real, ...] = ()

    def routes(self) -> dict[str, Content]:
        """Pages as they are, and the listings made for them; charset is what the page itself says."""
        found = {page.path: Content(lambda page=page: page.content, "text/html") for page in self.pages_}
        last = -(-len(self.pages_) // PER_PAGE)
        for number in range(last):
            html = self._listing(number, last)
            found[f"/list_{number + 1}.html"] = Content(lambda html=html: html, "text/html; charset=utf-8")
        return found | {"/robots.txt": Content(self.robots, "text/plain")}

    def _listing(self, number: int, last: int) -> str:
        newest = date(2025, 6, 1)
        rows = "".join(
            f'<li><a href="{page.path}">{escape(page.title)}</a><span'
            f' class="date">{newest - timedelta(days=number * PER_PAGE + n)}</span></li>\n'
            for n, page in enumerate(self.pages_[number * PER_PAGE : (number + 1) * PER_PAGE])
        )
        onward = f'<a href="/list_{number + 2}.html">下一页</a>' if number + 1 < last else "<span>下一页</span>"
        return (
            '<!DOCTYPE html><html><head><meta charset="utf-8"><title>News</title></head><body><ul'
            f' class="news">\n{rows}</ul><div class="page">{onward}</div></body></html>'
        )


def load() -> tuple[Real, ...]:
    """All pages of the sets. Raises FileNotFoundError where they are not."""
    found = []
    for name in SETS:
        for line in (SHARED / "data" / name / "gold.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            file = SHARED / "data" / name / "html" / f"{row['id']}.html.gz"
            if file.exists():
                found.append(
                    Real(
                        f"/{name}/{row['id']}.html",
                        gzip.decompress(file.read_bytes()),
                        row.get("body") or row.get("text") or "",
                    )
                )
    return tuple(found)


def scorer() -> ModuleType:
    """score.py, which lies with the pages."""
    spec = importlib.util.spec_from_file_location("score", SHARED / "score.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def crawl(pages: tuple[Real, ...], folder: Path) -> tuple[Box, str]:
    """Serve and crawl the pages; the archive and the address they were served at."""
    server = Server(lambda *_: (404, "text/plain", ""))
    host = "127.1.0.1"
    port = server.listen([host], 0)
    site = RealSite("real", f"http://{host}:{port}")
    site.pages_, site.gzip, site.validators = pages, False, "none"
    server.sites[f"{host}:{port}"], server.routes["real"] = site, site.routes()
    box = Box(
        folder,
        '[real]\nname = "Real pages"\nfamily = "generic"\nrequisites = "none"\nlistings ='
        f' ["{site.base}/list_1.html"]\n',
    )
    try:
        box.crawl("--quiet", timeout=500)
    finally:
        server.stop()
    return box, site.base


def check(pages: tuple[Real, ...], box: Box, base: str) -> list[str]:
    """What is wrong with the archive; empty when all is well."""
    wrong = []
    rows = {row["url"]: row for row in box.rows("select url, title, body from articles")}
    payloads = {record.url: record.payload for record in box.records() if record.type == "response"}
    for page in pages:
        url = base + page.path
        row = rows.get(url)
        if row is None:
            wrong.append(f"{page.path}: no row; {box.state(url)}")
        elif not 3 <= len(row["title"]) <= 300 or "\ufffd" in row["title"]:
            wrong.append(f"{page.path}: title {row['title'][:80]!r}")
        elif (
            len(row["body"]) < min(200, 0.3 * len(page.gold)) or row["body"].count("\ufffd") > len(row["body"]) / 500
        ):  # one page is broken itself
            wrong.append(f"{page.path}: body of {len(row['body'])} characters, {len(page.gold)} expected")
        if payloads.get(url) != page.content:
            wrong.append(f"{page.path}: the WARC payload is not the page as served")
    complaint = complain(box.warcs())
    return [*wrong, complaint] if complaint else wrong


def main() -> None:
    """Crawl and report; exit 1 when anything is wrong."""
    if not SHARED.exists():
        sys.stdout.write(
            f"real-pages: skipped, there is no {os.path.relpath(SHARED, ROOT)} (CAMPUSWARC_SHARED says where else)\n"
        )
        return
    pages = load()
    with TemporaryDirectory(prefix="real-pages-") as place:
        box, base = crawl(pages, Path(place) / "archive")
        wrong = check(pages, box, base)
        bodies = {row["url"]: row["body"] for row in box.rows("select url, body from articles")}
        sys.stdout.writelines(f"{line}\n" for line in wrong)
        score = scorer()
        for name in SETS:
            scores = [
                _f1(score, page.gold, bodies.get(base + page.path, ""))
                for page in pages
                if page.path.startswith(f"/{name}/")
            ]
            sys.stdout.write(f"{name}: {len(scores)} pages, mean body F1 {sum(scores) / len(scores):.3f}\n")
        sys.stdout.write(f"{len(pages)} pages served, {len(bodies)} article rows, {len(wrong)} complaints\n")
    sys.exit(1 if wrong else 0)


def _f1(score: ModuleType, gold: str, found: str) -> float:
    precision, recall = score.precision_recall(gold, found)
    return 2 * precision * recall / (precision + recall) if precision and recall else 0.0


if __name__ == "__main__":
    main()
