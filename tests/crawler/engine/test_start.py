"""What a crawl's own process loads: nothing that reads pages, which is another process's work."""

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    "spiders.reading",
    "spiders.read",
    "trafilatura",
    "htmldate",
    "bs4",
    "py3langid",
    "dateparser",
    "rich",
    "requests",
}


def test_the_process_of_the_crawl_loads_no_readers() -> None:
    program = (
        "import sys, crawler.engine.session, crawler.engine.run, crawler.engine.scheduler, crawler.engine.download,"
        f" crawler.engine.middlewares, crawler.engine.pipelines\nprint(*sorted({HEAVY!r} & set(sys.modules)))"
    )
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert loaded == []


def test_readers_are_launched_before_the_database_is_loaded() -> None:
    program = (
        "import sys, crawler.commands.crawl, crawler.engine.session\nprint(*sorted({'sqlite_utils', 'scrapy'} &"
        " set(sys.modules)))"
    )
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert loaded == []


def test_a_writer_loads_no_pandas_and_leaves_it_to_others(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from archive.store.db import open_writer\n"
        f"open_writer(Path({str(tmp_path / 'news.db')!r})).close()\n"
        "print(*sorted({'pandas', 'numpy'} & set(sys.modules)))\n"
        "import numpy"
    )
    assert (
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split() == []
    )


@pytest.mark.parametrize(
    "module",
    [
        "archive.search.search",
        "archive.proof.verify",
        "archive.web.served_archive",
        "archive.exports.exporting",
        "crawler.history.rebuild",
        "crawler.commands.search",
    ],
)
def test_nothing_that_looks_into_an_archive_loads_numpy_on_the_way(module: str) -> None:
    """sqlite-utils would: a tenth of a second of each search, threads, and 0.4 s more where pandas is installed."""
    asked = (
        f"import sys, {module}; from archive.store.db import database_on; import sqlite3;"
        " database_on(sqlite3.connect(':memory:')); print(*sorted({'pandas', 'numpy'} & set(sys.modules)))"
    )
    assert (
        subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout.split() == []
    )


@pytest.mark.parametrize("command", ["search", "show", "status", "cite"])
def test_a_command_that_looks_into_an_archive_loads_nothing_of_those_that_write(command: str) -> None:
    heavy = (
        "scrapy",
        "lxml",
        "asyncio",
        "rapidfuzz",
        "sqlite_utils",
        "archive.exports.columns",
        "crawler.engine.session",
    )
    program = f"import sys, crawler.cli, crawler.commands.{command}; print(*sorted({{*{heavy!r}}} & set(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert loaded == []
