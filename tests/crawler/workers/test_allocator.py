"""Processes that read pages run under mimalloc where the system has it, unless somebody has said otherwise."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from crawler import __main__
from crawler.workers import allocator
from crawler.workers.readers import Readers
from spiders.findings import Answer
from spiders.site import Site
from tests.benchmarks.archive_folder import ROOT
from tests.patience import PATIENCE

SITE = Site(id="s", name="s", listings=(), family="generic")
needs_the_library = pytest.mark.skipif(
    allocator.installed() is None, reason="mimalloc is not installed (Debian: libmimalloc2.0)"
)


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A system that has it, and nobody who has chosen."""
    monkeypatch.setattr(allocator, "_FOLDERS", (str(tmp_path / "none"), str(tmp_path)))
    monkeypatch.delenv("LD_PRELOAD", raising=False)
    (tmp_path / "libmimalloc.so.2").touch()
    return str(tmp_path / "libmimalloc.so.2")


def begun_anew(monkeypatch: pytest.MonkeyPatch, *words: str) -> dict[str, str] | None:
    """The environment in which a command begins once more; None where it goes on as it is."""
    begun: list[dict[str, str]] = []
    monkeypatch.setattr(sys, "argv", ["campuswarc", *words])
    monkeypatch.setattr(os, "execve", lambda path, words, environment: begun.append(environment))
    allocator.adopt()
    return begun[0] if begun else None


def test_it_is_put_in_place_for_commands_that_read_pages(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert begun_anew(monkeypatch, "-C", "news", "crawl", "--quiet") == {**os.environ, "LD_PRELOAD": library}
    assert begun_anew(monkeypatch, "search", "招生") is None
    assert begun_anew(monkeypatch) is None
    monkeypatch.setenv("LD_PRELOAD", library)  # as it is in the process that was begun
    assert begun_anew(monkeypatch, "crawl") is None


def test_who_has_chosen_is_left_alone(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for chosen in ("", "/opt/lib/libjemalloc.so.2"):
        monkeypatch.setenv("LD_PRELOAD", chosen)
        assert (begun_anew(monkeypatch, "rebuild"), allocator.environment()["LD_PRELOAD"]) == (None, chosen)


def test_without_it_all_goes_on(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    Path(library).unlink()
    assert (allocator.installed(), begun_anew(monkeypatch, "crawl"), allocator.environment()) == (
        None,
        None,
        dict(os.environ),
    )


@needs_the_library
@pytest.mark.parametrize(("words", "under_it"), [(["crawl", "--help"], True), (["search", "--help"], False)])
def test_the_command_is_the_same_under_it(words: list[str], under_it: bool) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "crawler", *words],
        cwd=ROOT,
        env=environment | {"MIMALLOC_SHOW_STATS": "1"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert (told.returncode, words[0] in told.stdout, "heap stats" in told.stderr) == (0, True, under_it)


@needs_the_library
def test_a_process_that_reads_runs_under_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LD_PRELOAD", raising=False)

    async def maps() -> str:
        readers = Readers({"s": SITE}, 1)
        try:
            answer = Answer(
                url="http://a.example/",
                kind="article",
                status=404,
                headers=(),
                body=b"",
                fetched_at="2026-11-30T00:00:00Z",
                hint={},
                truncated=None,
            )
            await readers.read(answer, SITE)
            child = readers._processes[0]._child
            assert child is not None
            return Path(f"/proc/{child.pid}/maps").read_text()
        finally:
            readers.close()

    assert "mimalloc" in asyncio.run(maps())


def test_the_command_begins_where_the_allocator_is_chosen(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(allocator, "adopt", lambda: asked.append("adopt"))
    monkeypatch.setattr(sys, "argv", ["campuswarc", "--version"])
    with pytest.raises(SystemExit):
        __main__.start()
    assert asked and "campuswarc" in capsys.readouterr().out


def limited(space: int, *words: str) -> subprocess.CompletedProcess[str]:
    """A process that may map so many bytes."""
    code = f"import resource, sys; resource.setrlimit(resource.RLIMIT_AS, ({space}, {space})); "
    return subprocess.run(
        [sys.executable, "-c", code + words[0], *words[1:]], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE
    )


def test_too_little_memory_is_one_sentence() -> None:
    begin = "from crawler.__main__ import start; sys.argv[0] = 'campuswarc'; start()"
    done = limited(allocator.LEAST - 1, begin, "crawl")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1 and "reading pages needs 400" in done.stderr


def test_a_process_that_reads_keeps_to_a_limit_it_was_given() -> None:
    read = (
        "import asyncio; from tests.crawler.workers.test_readers import answer, SITE;"
        "from crawler.workers.readers import Readers\n"
        "async def go():\n"
        "    readers = Readers({SITE.id: SITE}, 1)\n"
        "    print(type(await readers.read(answer('A story'), SITE)).__name__)\n"
        "    readers.close()\n"
        "asyncio.run(go())"
    )
    done = limited(1 << 30, read)
    assert done.stdout.strip() == "Story", done.stderr
