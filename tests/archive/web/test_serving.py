"""Starting it: `campuswarc serve` as a process, and plain Datasette which finds the plugin by its entry point."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import tomllib
import urllib.request
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.archive.web.conftest import Client
from tests.patience import PATIENCE

if TYPE_CHECKING:
    from tests.archive.web.sample import Sample

ROOT = Path(__file__).parents[3]


def campuswarc(folder: Path, *words: str, **options: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "crawler", "-C", str(folder), *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def test_serve_answers_on_loopback_until_interrupted(sample: Sample) -> None:
    process = campuswarc(sample.folder, "serve", "--port", "0")
    try:
        assert process.stdout is not None
        address = re.search(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())
        assert address is not None
        with urllib.request.urlopen(f"{address[0]}article/1") as answer:
            assert "研究生招生简章" in answer.read().decode()
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)
    assert process.returncode == 0


def test_serve_says_what_is_in_its_way(sample: Sample, tmp_path: Path) -> None:
    _, problem = campuswarc(tmp_path, "serve").communicate(timeout=PATIENCE)
    assert "no such database" in problem
    with socket.create_server(("127.0.0.1", 0)) as taken:
        process = campuswarc(sample.folder, "serve", "--port", str(taken.getsockname()[1]))
        _, problem = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "--port" in problem


def datasette(*files: Path) -> Client:
    """Plain Datasette as its own command line would make it, with the plugin that pyproject.toml announces."""
    from datasette.app import Datasette
    from datasette.plugins import pm

    entry = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"]["datasette"]
    for name, module in entry.items():
        plugin = import_module(module)
        if not any(known is plugin for known in pm.get_plugins()):
            pm.register(plugin, name=name)
    return Client(Datasette([str(file) for file in files]).app())


def test_plain_datasette_shows_our_pages_and_its_own(sample: Sample) -> None:
    pytest.importorskip("datasette")
    client = datasette(sample.database)
    assert "研究生招生简章" in client.get("/article/1").text
    assert "图书馆" in client.get("/search?q=图书馆").text
    assert client.get("/news/sites.json?_shape=array").json()[0]["id"] == "example_news"
    assert client.get("/news.json", params={"sql": "select count(*) as n from articles", "_shape": "array"}).json() == [
        {"n": 75}
    ]
    assert client.get("/news.json", params={"sql": "delete from articles"}).status_code == 400


def test_plain_datasette_without_an_archive_is_left_alone(sample: Sample, tmp_path: Path) -> None:
    from sqlite_utils import Database

    db = Database(tmp_path / "other.db")
    db["cats"].insert({"name": "Tom"})  # type: ignore[union-attr]
    db.close()
    assert "cats" in datasette(tmp_path / "other.db").get("/").text
    both = datasette(tmp_path / "other.db", sample.database)
    assert "75" in both.get("/").text
    assert both.get("/other/cats.json?_shape=array").json()[0]["name"] == "Tom"
