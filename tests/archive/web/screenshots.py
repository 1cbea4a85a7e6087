"""Make docs/screenshots from the sample archive: `make screenshots`."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from archive.web import server
from tests.archive.web.browser import chromium, launch, serving
from tests.archive.web.sample import ADMISSION, Sample

_SHOTS = [  # name, address, phone, dark, language
    ("home", "/", False, False, "en-US"),
    ("search", "/search?q=图书馆", False, False, "zh-CN"),
    ("search-phone-dark", "/search?q=招生", True, True, "zh-CN"),
    ("difference", "/article/1?from=1&to=3", False, False, "en-US"),
    ("changes", "/changes", False, False, "en-US"),
    ("as-it-was", f"/replay/20231213021000/{ADMISSION}", False, False, "en-US"),
    ("site-dark", "/site/example_news", False, True, "en-US"),
]


def main(folder: Path) -> None:
    """Write one small PNG a page."""
    path = chromium()
    if path is None:
        sys.exit("no Chromium found: install the chromium package or set CAMPUSWARC_CHROMIUM")
    with TemporaryDirectory() as temporary:
        sample = Sample(Path(temporary) / "archive").build()
        app = server.application(sample.database, sample.folder / "warc")
        with serving(app) as address, sync_playwright() as playwright:
            browser = launch(playwright, path)
            for name, where, phone, dark, locale in _SHOTS:
                page = browser.new_page(
                    viewport={"width": 390, "height": 844} if phone else {"width": 1000, "height": 760},
                    color_scheme="dark" if dark else "light",
                    locale=locale,
                )
                page.goto(address + where)
                page.screenshot(path=folder / f"{name}.png")
                page.close()
            browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
