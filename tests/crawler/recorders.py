"""Other people's recorders on loopback: proxies that write what passes through them into WARC files."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.patience import PATIENCE


@dataclass(frozen=True, slots=True)
class Recorder:
    """A recorder that is running."""

    proxy: str
    warcs: Path  # folder below which its files are, once it has ended

    def fetch(self, urls: Iterable[str]) -> None:
        """Have each address asked for through it, redirects not followed; whatever the answer, it is recorded."""
        through = urllib.request.build_opener(urllib.request.ProxyHandler({"http": self.proxy}), _AsItIs())
        for url in urls:
            try:
                with through.open(url, timeout=PATIENCE) as answer:
                    answer.read()
            except urllib.error.HTTPError as error:
                error.close()

    def files(self) -> list[Path]:
        """What it wrote."""
        return sorted(path for path in self.warcs.rglob("*.warc*") if path.is_file() and path.stat().st_size)


class _AsItIs(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:  # type: ignore[override]  # None: do not follow
        return None


@contextmanager
def pywb(folder: Path) -> Iterator[Recorder]:
    """pywb as a recording proxy. Skips where it is not installed."""
    program = found("wayback", "CAMPUSWARC_PYWB", "pipx install pywb")
    subprocess.run(
        [str(Path(program).with_name("wb-manager")), "init", "recorded"],
        cwd=_made(folder),
        check=True,
        capture_output=True,
        timeout=PATIENCE,
    )
    port = free_port()
    (folder / "config.yaml").write_text(
        "proxy: {coll: recorded, recording: true, enable_banner: false, enable_content_rewrite: false}\n"
    )
    command = [program, "--bind", "127.0.0.1", "--port", str(port), "--proxy", "recorded", "--proxy-record"]
    with _running(command, folder, port):
        yield Recorder(f"http://127.0.0.1:{port}", folder / "collections" / "recorded" / "archive")


@contextmanager
def warcprox(folder: Path) -> Iterator[Recorder]:
    """warcprox, which writes what comes a second time as a revisit. Skips where it is not installed."""
    program = found("warcprox", "CAMPUSWARC_WARCPROX", "pipx install warcprox")
    port = free_port()
    command = [
        program,
        "--address",
        "127.0.0.1",
        "--port",
        str(port),
        "--gzip",
        "--dir",
        "warcs",
        "--cacert",
        "ca.pem",
        "--certs-dir",
        "certs",
        "--dedup-db-file",
        "dedup.sqlite",
        "--stats-db-file",
        "/dev/null",
    ]
    with _running(command, _made(folder), port):
        yield Recorder(f"http://127.0.0.1:{port}", folder / "warcs")


def found(program: str, variable: str, how: str) -> str:
    """Path of a program, from that variable or from PATH. Skips where there is none."""
    path = os.environ.get(variable) or shutil.which(program)
    if path is None:
        pytest.skip(f"no `{program}` on PATH, and {variable} does not name one: {how}")
    return path


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


@contextmanager
def _running(command: list[str], folder: Path, port: int) -> Iterator[None]:
    """The process, from when it listens until it has ended and closed its files."""
    words = folder / "words.txt"
    with words.open("wb") as out:
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT)
    try:
        until = time.monotonic() + PATIENCE
        while not _listens(port):
            assert process.poll() is None and time.monotonic() < until, words.read_text(errors="replace")[-3000:]
            time.sleep(0.1)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
