"""`campuswarc serve --high-fidelity`: pywb beside us, and no trace of it once we are gone."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from archive.replay import high_fidelity
from tests.archive.web.conftest import client_of
from tests.archive.web.sample import ADMISSION
from tests.archive.web.test_serving import campuswarc
from tests.patience import PATIENCE

if TYPE_CHECKING:
    from tests.archive.web.sample import Sample

# a program that takes pywb's options and answers with the index and the configuration it was given
_STAND_IN = """#!{python}
import http.server, pathlib, sys
options = dict(zip(sys.argv[1::2], sys.argv[2::2]))
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
        self.wfile.write(pathlib.Path(options["--directory"], self.path.strip("/") or "config.yaml").read_bytes())
http.server.HTTPServer((options["--bind"], int(options["--port"])), Answer).serve_forever()
"""


def read(address: str) -> str:
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address, timeout=PATIENCE) as answer:
        return str(answer.read().decode())


@contextmanager
def serving(sample: Sample, path: str, temporary: Path) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """The process, the replay's address pattern and our own address."""
    temporary.mkdir(exist_ok=True)
    process = campuswarc(
        sample.folder,
        "serve",
        "--port",
        "0",
        "--high-fidelity",
        env=os.environ | {"PATH": path, "TMPDIR": str(temporary)},
    )
    try:
        assert process.stdout is not None
        pattern, ours = (
            re.search(r"http://127\.0\.0\.1:\d+/\S*", process.stdout.readline().replace(";", " ")) for _ in range(2)
        )
        assert pattern is not None and ours is not None
        yield process, pattern[0], ours[0]
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)


def gone(address: str, temporary: Path) -> bool:
    """Whether nothing listens there and nothing is left, or is before patience ends."""
    port = int(address.split(":")[2].split("/")[0])
    for _ in range(PATIENCE * 10):
        with socket.socket() as probe:
            silent = probe.connect_ex(("127.0.0.1", port)) != 0
        if silent and not list(temporary.glob("campuswarc-pywb-*")):
            return True
        time.sleep(0.1)
    return False


@pytest.fixture
def stand_in(tmp_path: Path) -> str:
    """PATH on which the stand-in is `wayback`."""
    program = tmp_path / "bin" / high_fidelity.PROGRAM
    program.parent.mkdir()
    program.write_text(_STAND_IN.format(python=sys.executable))
    program.chmod(0o755)
    return str(program.parent)


def test_a_captured_page_answers_in_pywb(sample: Sample, tmp_path: Path) -> None:
    if shutil.which(high_fidelity.PROGRAM) is None:
        pytest.skip("pywb is not installed (no `wayback` on PATH): pipx install pywb")
    with serving(sample, os.environ["PATH"], tmp_path / "t") as (process, pattern, ours):
        article = read(f"{ours}article/1")
        linked = re.search(rf'href="({re.escape(pattern.split("{")[0])}(\d{{14}})/{re.escape(ADMISSION)})"', article)
        assert linked is not None
        assert "研究生招生简章" in read(
            linked[1].replace(linked[2], f"{linked[2]}mp_")
        )  # mp_: the page without pywb's frame
    assert process.returncode == 0
    assert gone(pattern, tmp_path / "t")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_it_ends_with_us_however_we_end(sample: Sample, stand_in: str, tmp_path: Path, how: signal.Signals) -> None:
    with serving(sample, stand_in, tmp_path / "t") as (process, pattern, _):
        assert list((tmp_path / "t").glob("campuswarc-pywb-*"))
        process.send_signal(how)
        process.wait(timeout=PATIENCE)
        assert gone(pattern, tmp_path / "t")


def test_closed_files_are_indexed_and_open_ones_left_out(
    sample: Sample, stand_in: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", stand_in)
    shutil.copytree(sample.folder / "warc", tmp_path / "warc")
    closed = next((tmp_path / "warc").rglob("*.warc.gz"))
    shutil.copy(closed, closed.with_name("later.warc.gz.open"))
    with high_fidelity.beside(tmp_path / "warc") as pattern:
        root = pattern.partition(high_fidelity.COLLECTION)[0]
        index = read(f"{root}index.cdxj").splitlines()
        configured = json.loads(read(root))["collections"][high_fidelity.COLLECTION]
    assert {json.loads(line.split(" ", 2)[2])["filename"] for line in index} == {
        closed.relative_to(tmp_path / "warc").as_posix()
    }
    assert (Path(configured["archive_paths"]), Path(configured["index_paths"]).name) == (
        tmp_path / "warc",
        "index.cdxj",
    )


def test_what_is_missing_is_said(sample: Sample, tmp_path: Path) -> None:
    _, problem = campuswarc(
        sample.folder, "serve", "--high-fidelity", env=os.environ | {"PATH": str(tmp_path)}
    ).communicate(timeout=PATIENCE)
    assert "pipx install pywb" in problem
    broken = tmp_path / high_fidelity.PROGRAM
    broken.write_text("#!/bin/sh\necho it has no heart\nexit 1\n")
    broken.chmod(0o755)
    _, problem = campuswarc(
        sample.folder, "serve", "--high-fidelity", env=os.environ | {"PATH": str(tmp_path)}
    ).communicate(timeout=PATIENCE)
    assert "it has no heart" in problem


@pytest.mark.parametrize("more", [("--host", "0.0.0.0"), ("--replay-url", "http://127.0.0.1:1/{timestamp}/{url}")])
def test_it_is_for_this_machine_and_for_one_replay(sample: Sample, more: tuple[str, str]) -> None:
    process = campuswarc(sample.folder, "serve", "--high-fidelity", *more)
    _, problem = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert "--replay-url" in problem


def test_captures_of_an_article_link_to_it(sample: Sample) -> None:
    html = client_of(sample.folder, high_fidelity="http://127.0.0.1:8002/a/{timestamp}/{url}").get("/article/1").text
    assert f"http://127.0.0.1:8002/a/20240102021000/{ADMISSION}" in html
    assert "127.0.0.1:8002" not in client_of(sample.folder).get("/article/1").text
