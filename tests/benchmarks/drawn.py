"""A site whose pages a browser draws beside the same site as sent: pages/s and memory of all processes.

Both are crawled from loopback without a delay: what a real site's pace leaves of the difference is little.
"""

from __future__ import annotations

import subprocess
import tempfile
import time
from pathlib import Path

from crawler.workers.browser import held_by
from tests.benchmarks import archive_folder
from tests.crawler.campus import Answer, campus, html
from tests.crawler.drawn_sites import single_page

STORIES = 40


def as_sent() -> dict[str, Answer]:
    """The same list and stories, without a script."""
    pages = single_page(rows=STORIES, stories=False)
    titles = {
        path: answer[2].decode().split("<title>")[1].split("</title>")[0]
        for path, answer in pages.items()
        if path.startswith("/news/")
    }
    rows = "".join(f"<li><h3><a href='{path}'>{title}</a></h3></li>" for path, title in titles.items())
    return pages | {"/news": html(f"<html><title>News</title><body><ul>{rows}</ul></body></html>")}


def crawled(folder: Path, pages: dict[str, Answer], browser: str) -> tuple[float, int]:
    """Pages a second, and the most bytes that the crawl and all below it held (what several share counted once)."""
    with campus("127.0.0.85", pages) as site:
        table = f'[site]\nname = "Site"\nbrowser = "{browser}"\nlistings = ["{site.url}/news"]\n'
        archive_folder.make(folder, table)
        begun, most = time.monotonic(), 0
        child = subprocess.Popen(archive_folder.crawl(folder, "--quiet"), cwd=archive_folder.ROOT)
        while child.poll() is None:
            most = max(most, held_by(child.pid, itself=True))
            time.sleep(0.2)
        took = time.monotonic() - begun
    assert child.returncode == 0
    return (STORIES + 1) / took, most


def main() -> None:
    """Print a line."""
    with tempfile.TemporaryDirectory() as folder:
        sent, held = crawled(Path(folder) / "sent", as_sent(), "none")
        drawn, more = crawled(Path(folder) / "drawn", single_page(rows=STORIES), "page")
    print(
        f"{STORIES} stories and their list, start-up included: as sent {sent:.1f} pages/s, {held / 1e6:.0f} MB;"
        f" drawn {drawn:.2f} pages/s, {more / 1e6:.0f} MB"
    )


if __name__ == "__main__":
    main()
