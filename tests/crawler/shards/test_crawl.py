"""Shards crawled by workers that die: a process each, the folder's lock is the truth, and nothing is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from importlib.util import find_spec
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.store.lock import WriterLock
from crawler.archive_folder import ArchiveFolder
from crawler.cli import main
from crawler.shards import derived, plan, task
from crawler.shards.task import Order
from tests.benchmarks import archive_folder
from tests.college import College
from tests.crawler.shards import torture
from tests.crawler.shards.torture import Shards, machines, polite, whole
from tests.patience import PATIENCE

DASK = pytest.mark.skipif(find_spec("distributed") is None, reason="the extra `shards` is not installed")


def order(folder: Path, **more: object) -> Order:
    texts = {"sites.toml": b"", "campuswarc.toml": b'[operator]\ncontact = "mailto:test@example.org"\n'}
    files = {name: f"{derived.MADE}\n".encode() + text for name, text in texts.items()}
    return Order(run=str(folder), shard="s0", folder=str(folder), files=files, **more)  # type: ignore[arg-type]


def test_a_shard_that_another_writes_is_waited_for_and_passed_over(tmp_path: Path) -> None:
    lock = WriterLock(tmp_path / "news.lock")
    lock.acquire()
    done = task.crawl(order(tmp_path, patience=0.0))
    lock.release()
    assert (done.state, done.status, done.begun) == ("busy", 1, 0)
    assert f"pid {os.getpid()}" in done.said[0]


def test_who_waits_begins_when_the_other_lets_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(task, "_AGAIN", 0.05)
    lock = WriterLock(tmp_path / "news.lock")
    lock.acquire()
    waiting = threading.Timer(0.3, lock.release)
    waiting.start()
    done = task.crawl(order(tmp_path, patience=PATIENCE))
    waiting.join()
    assert (done.state, done.status, done.begun) == ("ended", 0, 1), done
    assert (tmp_path / "sites.toml").exists()


def test_a_worker_of_another_version_refuses(tmp_path: Path) -> None:
    done = task.crawl(order(tmp_path, version="0.0.1"))
    assert (done.state, done.status, list(tmp_path.iterdir())) == ("refused", 1, [])


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    archive_folder.make(tmp_path, archive_folder.sudy("mine", "https://mine.edu/"))
    done = task.crawl(order(tmp_path))
    assert done.state == "refused" and "is no shard" in done.said[0]


def test_a_run_that_was_stopped_begins_nothing(tmp_path: Path) -> None:
    task.stop(str(tmp_path))
    assert task.crawl(order(tmp_path)).state == "stopped"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent has died")
def test_a_crawl_dies_with_the_process_that_began_it(tmp_path: Path) -> None:
    asleep = "import sys, time; sys.argv = ['', sys.argv[1]]; from crawler.shards.tethered import tether"
    child = f"{asleep}; tether(int(sys.argv[1])); print('tethered', flush=True); time.sleep({PATIENCE})"
    parent = f"""
import os, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", {child!r}, str(os.getpid())], stdout=subprocess.PIPE)
child.stdout.readline()
print(child.pid, flush=True)
os.kill(os.getpid(), 9)
"""
    said = subprocess.run([sys.executable, "-c", parent], cwd=archive_folder.ROOT, capture_output=True, text=True)
    until = time.monotonic() + PATIENCE
    while _lives(int(said.stdout)):
        assert time.monotonic() < until, "it lives on"
        time.sleep(0.05)


def _lives(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_whose_parent_is_dead_already_begins_nothing() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "crawler.shards.tethered", "1", "crawl"],
        cwd=archive_folder.ROOT,
        capture_output=True,
        text=True,
    )
    assert said.returncode == 1 and "is no more" in said.stderr


def test_without_the_extra_one_sentence_says_how_to_have_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    top = archive_folder.make(tmp_path, archive_folder.sudy("a", "http://127.0.0.1:9/"))
    for words, status in ((["init", "2"], 0), (["crawl"], 1), (["split"], 0)):
        done = CliRunner().invoke(main, ["-C", str(top), "shards", *words])
        assert done.exit_code == status, done.output
        assert ("pip install 'campuswarc[shards]'" in done.output) == (words == ["crawl"])


@DASK
def test_all_shards_are_crawled_and_a_killed_worker_costs_nothing(tmp_path: Path) -> None:
    with College(("sudy", "wordpress", "trs"), scale=0.4) as college:
        shards = Shards(tmp_path, college.sites_toml(), 3)
        crawl = shards.start("crawl", "--workers", "2", "--json")
        until = time.monotonic() + PATIENCE
        while not any(torture.rows(folder, "select 1 from captures limit 1") for folder in shards.folders):
            assert crawl.poll() is None and time.monotonic() < until
            time.sleep(0.1)
        before = shards.acknowledged()
        os.kill(next(iter(shards.crawls().values())), signal.SIGKILL)
        said = crawl.communicate(timeout=PATIENCE)[0]
        assert crawl.returncode == 0, said
        assert before <= shards.acknowledged()
        whole(shards, college)
        polite(college.requests())
        assert "3 shards, 3 of them well; 0 new articles" in shards.run("crawl", "--workers", "1")


@DASK
def test_asked_to_stop_it_ends_in_order_and_goes_on_later(tmp_path: Path) -> None:
    with College(("sudy", "wordpress", "trs"), scale=0.4) as college:
        shards = Shards(tmp_path, college.sites_toml(), 3)
        crawl = shards.start("crawl", "--workers", "1")
        until = time.monotonic() + PATIENCE
        while not shards.crawls():
            assert crawl.poll() is None and time.monotonic() < until
            time.sleep(0.1)
        crawl.send_signal(signal.SIGTERM)
        said = crawl.communicate(timeout=PATIENCE)[0]
        assert "stopped" in said and shards.crawls() == {}
        shards.run("crawl", "--workers", "2")
        whole(shards, college)


@DASK
def test_a_shard_without_a_worker_on_its_machine_is_said(tmp_path: Path) -> None:
    top = archive_folder.make(tmp_path, archive_folder.sudy("a", "http://127.0.0.1:9/"))
    shards = Shards(tmp_path, (top / "sites.toml").read_text(), 1)
    path = plan.path_of(ArchiveFolder(tmp_path))
    path.write_text(path.read_text().replace('machine = ""', 'machine = "alpha"'))
    assert "lies on alpha" in shards.run("crawl", "--workers", "1", expect=(1,))
    with machines(1) as cluster:
        said = shards.run("crawl", "--scheduler", cluster.address, "--patience", "5", expect=(1,))
    assert "no worker offers alpha: dask worker ADDRESS --resources alpha=4" in said


@DASK
@pytest.mark.slow
def test_a_few_kills_of_workers_and_scheduler(tmp_path: Path) -> None:
    assert "nothing acknowledged lost" in torture.torture(3, 3, 2, 1, tmp_path, scale=0.3, longest=4.0)


@DASK
@pytest.mark.slow
def test_a_full_disk_of_one_shard(tmp_path: Path) -> None:
    torture.full_disk(tmp_path, scale=0.3)
