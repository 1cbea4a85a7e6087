"""Commands in processes that begin with all modules loaded: most of what a small crawl costs is to load them.

The command runs as `python -m crawler` in a process of its own, by its own environment, folder and exit status; the
process is forked from one that has loaded the modules and done nothing else. Tests that kill, that count processes or
that are about how a command begins start it themselves.
"""

from __future__ import annotations

import gc
import os
import pickle
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import BinaryIO

from archive.search.segment import foldings
from crawler.workers.allocator import environment
from tests.patience import PATIENCE

ROOT = Path(__file__).parents[1]
# no event loop runs and no thread is begun where they are loaded
_LOADED = (
    "archive.store.schema", "crawler.cli", "crawler.commands.crawl", "crawler.commands.export",
    "crawler.commands.ingest", "crawler.commands.merge", "crawler.commands.rebuild", "crawler.commands.verify",
    "crawler.engine.downloader", "crawler.engine.pipelines", "crawler.engine.run", "crawler.engine.scheduler",
    "crawler.engine.session", "dateutil.parser", "protego", "scrapy.core.downloader", "scrapy.extensions.closespider",
    "scrapy.resolver", "scrapy.statscollectors", "spiders.reading", "uvloop",
)  # fmt: skip
_MESSAGE = 1 << 17  # bytes: command line, folder and environment


def run(
    args: Sequence[str], *, timeout: float = PATIENCE, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """What `subprocess.run([sys.executable, "-m", "crawler", *args], capture_output=True, text=True)` gives; `env` is
    variables besides ours."""
    if (
        sys.platform != "linux"
    ):  # macOS has no messages between them that carry files, and forks what is loaded unsafely
        command = [sys.executable, "-m", "crawler", *args]
        return subprocess.run(
            command, cwd=ROOT, env=environment() | dict(env or {}), timeout=timeout,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        )  # fmt: skip
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        told, tell = os.pipe()
        with os.fdopen(told, "rb") as heard, Path(os.devnull).open("rb") as nothing:
            message = pickle.dumps(([*args], environment() | dict(env or {})))
            try:
                files = [file.fileno() for file in (nothing, out, err)]
                socket.send_fds(_launcher(os.getpid())[0], [message], [*files, tell])
            finally:
                os.close(tell)
            status = _ended(heard, timeout, [*args])
        return subprocess.CompletedProcess([*args], status, _words(out), _words(err))


def _ended(heard: BinaryIO, timeout: float, args: list[str]) -> int:
    pid = int(heard.readline())
    try:
        if not select.select([heard], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired(args, timeout)
        return int(heard.readline())
    except BaseException:
        os.kill(pid, signal.SIGKILL)
        raise


def _words(file: BinaryIO) -> str:
    file.seek(0)
    return file.read().decode().replace("\r\n", "\n")


@cache
def _launcher(owner: int) -> tuple[socket.socket, subprocess.Popen[bytes]]:
    """Our end of the line to the process that forks, and that process: one for each process of tests, gone with it."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2 * _MESSAGE)
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.forked", str(theirs.fileno())],
            cwd=ROOT, env=environment(), pass_fds=[theirs.fileno()], process_group=0,
        )  # fmt: skip
    return ours, process


def _serve(orders: socket.socket) -> list[str]:
    """Fork a process for each order; there, gives its command line."""
    while True:
        message, files, _, _ = socket.recv_fds(orders, _MESSAGE, 4)
        if not message:
            os._exit(0)
        if os.fork():
            for file in files:
                os.close(file)
            _reap()
            continue
        tell = files.pop()
        if child := os.fork():  # watches over it: only a parent learns how it ended
            for file in files:
                os.close(file)
            os.write(tell, b"%d\n" % child)
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            with suppress(BrokenPipeError):  # nobody waits for it any more
                os.write(tell, b"%d\n" % status)
            os._exit(0)
        args, env = pickle.loads(message)
        os.close(tell)
        orders.close()
        for number, file in enumerate(files):
            os.dup2(file, number)
            os.close(file)
        os.environ.clear()
        os.environ.update(env)
        return args


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


def _load() -> None:
    for module in _LOADED:
        import_module(module)
    foldings()  # which each new database is given
    gc.collect()
    gc.freeze()  # what is loaded is walked by no collection, and so stays shared


if __name__ == "__main__":
    _load()
    args = _serve(socket.socket(fileno=int(sys.argv[1])))
    sys.argv[1:] = args
    runpy.run_module("crawler", run_name="__main__", alter_sys=True)
