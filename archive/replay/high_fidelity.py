"""Replay with scripts: pywb beside our own pages, on an origin of its own.

pywb is GPL and pins libraries that the crawl needs newer (brotlipy takes the place of brotli), so it is neither
imported
nor installed beside us: it is a program found on PATH. A keeper process stands between: it owns the temporary index,
starts pywb, and ends both when its standard input closes, which the death of whoever started it does too, even by
SIGKILL.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from archive.warc.verify import files, named

PROGRAM = "wayback"  # as pywb names it
COLLECTION = "archive"
_HOST = "127.0.0.1"  # archived scripts run there: no business of the network
_ROOT = Path(__file__).parents[2]
_PATIENCE = 60  # seconds until pywb has to answer
_GRACE = 10  # seconds it is given to end


class NoHighFidelity(RuntimeError):
    """High-fidelity replay cannot be had here; the message says what to do."""


@contextmanager
def beside(warc: Path) -> Iterator[str]:
    """pywb over the closed files of a WARC folder; yields its address pattern, with {timestamp} and {url}. Raises
    NoHighFidelity."""
    program = shutil.which(PROGRAM)
    if program is None:
        raise NoHighFidelity(
            "pywb is not installed (no `wayback` on PATH); install it in an environment of its own: pipx install pywb"
        )
    keeper = subprocess.Popen(
        [sys.executable, "-m", "archive.replay.high_fidelity", program, str(warc.absolute())],
        cwd=_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # ctrl-C is for us alone
    )
    assert keeper.stdin is not None and keeper.stdout is not None
    try:
        said = json.loads(keeper.stdout.readline() or '{"problem": "pywb\'s keeper ended without a word"}')
        if "problem" in said:
            raise NoHighFidelity(said["problem"])
        yield f"{said['address']}{COLLECTION}/{{timestamp}}/{{url}}"
    finally:
        keeper.stdin.close()
        keeper.stdout.close()
        keeper.wait()


def keep(program: str, warc: Path) -> None:
    """Index, start pywb, print its address as a line of JSON, and end it once standard input has closed."""
    with TemporaryDirectory(prefix="campuswarc-pywb-") as folder:
        words = Path(folder) / "words.txt"
        try:
            _prepare(Path(folder), warc)
            port = _free_port()
            with words.open("wb") as out:
                pywb = subprocess.Popen(
                    [program, "--bind", _HOST, "--port", str(port), "--directory", folder],
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=subprocess.STDOUT,
                )
        except ModuleNotFoundError as missing:
            _say(problem=f"{missing.name} is not installed: pip install 'campuswarc[replay]'")
            return
        except OSError as problem:
            _say(problem=f"pywb could not be started: {problem}")
            return
        try:
            address = f"http://{_HOST}:{port}/"
            if _answers(pywb, address):
                _say(address=address)
                sys.stdin.read()
            else:
                _say(problem=f"pywb does not answer: {words.read_text(errors='replace')[-2000:].strip()}")
        finally:
            pywb.terminate()
            try:
                pywb.wait(_GRACE)
            except subprocess.TimeoutExpired:
                pywb.kill()
                pywb.wait()


def _prepare(folder: Path, warc: Path) -> None:
    """The index and pywb's configuration (JSON, which is YAML)."""
    from archive.store.withheld import blocked
    from archive.warc.cdx import lines

    left_out = blocked(warc.parent / "news.db")  # as things are now: what is blocked later is at the next start
    closed = [(path, name) for path, name in files(warc) if named(path)]
    index = folder / "index.cdxj"
    with index.open("w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines(closed, shown_alone=True, left_out=left_out))
    collection = {"index_paths": str(index), "archive_paths": f"{warc}/"}
    (folder / "config.yaml").write_text(json.dumps({"collections": {COLLECTION: collection}}), encoding="utf-8")


def _free_port() -> int:
    with socket.create_server((_HOST, 0)) as taken:
        return int(taken.getsockname()[1])


def _answers(pywb: subprocess.Popen[bytes], address: str) -> bool:
    """Whether it comes to answer."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # loopback is asked through no proxy
    until = time.monotonic() + _PATIENCE
    while pywb.poll() is None and time.monotonic() < until:
        try:
            direct.open(address, timeout=5).close()
        except urllib.error.HTTPError:
            return True
        except OSError:
            time.sleep(0.1)
        else:
            return True
    return False


def _say(**words: str) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    keep(sys.argv[1], Path(sys.argv[2]))
