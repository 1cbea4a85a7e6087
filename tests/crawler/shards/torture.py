"""A crawl of shards by real Dask workers that are killed, frozen and run out of disk, and what is left each time.

`python -m tests.crawler.shards.torture [KILLS [SEED]]`; `make torture-shards`. Scheduler and workers are processes that
are begun again when they die, as a service manager would.
"""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from archive.proof.verify import verify
from archive.store.lock import held
from crawler.archive_folder import ArchiveFolder
from crawler.shards import plan
from tests import forked
from tests.benchmarks import archive_folder
from tests.college import College
from tests.college.families import FAMILIES
from tests.college.wire import Seen
from tests.crawler.box import complain
from tests.crawler.whole import only_in_one
from tests.patience import PATIENCE

DELAY = 0.15  # seconds between two requests to a host
_RUN = 8  # requests of a host in a row, by whose time its pace is told: two crawls at once would take half of it


class Machines:
    """A scheduler and its workers, begun again when they die."""

    def __init__(self, workers: int) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{port}"
        dask = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", str(port)]
        worker = [sys.executable, "-m", "distributed.cli.dask_worker", self.address, "--nthreads", "1", "--no-nanny"]
        self._commands = {
            "scheduler": [*dask, "--no-dashboard"],
            **{f"worker {n}": [*worker, "--no-dashboard"] for n in range(workers)},
        }
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.tend()

    def tend(self) -> None:
        """Begin what does not run."""
        environment = os.environ | {
            "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1000",
            "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "20s",
            "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "60s",
        }
        for name, command in self._commands.items():
            if name not in self.running or self.running[name].poll() is not None:
                self.running[name] = subprocess.Popen(
                    command,
                    cwd=archive_folder.ROOT,
                    env=environment,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )

    def kill(self, name: str) -> None:
        """SIGKILL one, wait for its end."""
        self.running[name].kill()
        self.running[name].wait()

    def close(self) -> None:
        """End all."""
        for process in self.running.values():
            process.send_signal(signal.SIGCONT)
            process.kill()
        for process in self.running.values():
            process.wait()


@contextmanager
def machines(workers: int) -> Iterator[Machines]:
    """For as long as the block lasts."""
    found = Machines(workers)
    try:
        yield found
    finally:
        found.close()


class Shards:
    """An archive in shards, the sites dealt out evenly."""

    def __init__(self, folder: Path, sites: str, number: int) -> None:
        self.top = ArchiveFolder(archive_folder.make(folder, sites, delay=DELAY))
        self.command = [*archive_folder.CAMPUSWARC, "-C", str(folder), "shards"]
        self.run("init", str(number))
        planned = plan.load(self.top)
        names = list(planned.shards)
        planned.domains = {domain: names[n % number] for n, domain in enumerate(sorted(planned.domains))}
        plan.save(self.top, planned)
        self.run("split")

    @property
    def folders(self) -> list[Path]:
        """Those of the shards."""
        return sorted(self.top.folder.glob("shards/*"))

    def run(self, *words: str, expect: tuple[int, ...] = (0,)) -> str:
        """A command to its end."""
        done = forked.run(["-C", str(self.top.folder), "shards", *words], timeout=4 * PATIENCE)
        assert done.returncode in expect, f"{words}: {done.returncode}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
        return done.stdout + done.stderr

    def start(self, *words: str) -> subprocess.Popen[str]:
        """A command that goes on."""
        return subprocess.Popen(
            [*self.command, *words],
            cwd=archive_folder.ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def acknowledged(self) -> set[tuple[str, str]]:
        """The captures that were committed, by shard."""
        found = set()
        for folder in self.folders:
            found |= {(folder.name, row[0]) for row in rows(folder, "select record_id from captures")}
        return found

    def crawls(self) -> dict[int, int]:
        """The crawls of this archive that go on, by process id, with their parents."""
        found = {}
        for process in Path("/proc").glob("[0-9]*"):
            try:
                words = (process / "cmdline").read_bytes().split(b"\0")
                if b"crawler.shards.tethered" in words and any(str(self.top.folder).encode() in word for word in words):
                    stat = (process / "stat").read_text().rpartition(")")[2].split()
                    if stat[0] != "Z":
                        found[int(process.name)] = int(stat[1])
            except OSError:  # it has ended meanwhile
                continue
        return found

    def writers(self) -> dict[int, int]:
        """Those of them that have the lock of their shard."""
        locks = [folder / "news.lock" for folder in self.folders]
        owners = " ".join(lock.read_text() for lock in locks if held(lock)).split()
        return {child: parent for child, parent in self.crawls().items() if str(child) in owners}


def rows(folder: Path, sql: str) -> list[Any]:
    """Of a shard; none where there is no table yet."""
    if not (folder / "news.db").exists():
        return []
    db = sqlite3.connect(f"file:{folder}/news.db?mode=ro", uri=True)
    try:
        return db.execute(sql).fetchall()
    except sqlite3.OperationalError:
        return []
    finally:
        db.close()


def whole(shards: Shards, college: College) -> None:
    """Everything that the college has lies in the shards, once, provable, and a rebuild gives the same rows."""
    urls = [url for folder in shards.folders for (url,) in rows(folder, "select url from articles")]
    assert sorted(urls) == sorted(row.url for row in college.articles())
    for folder in shards.folders:
        if not (folder / "news.db").exists():
            continue
        assert verify(folder).findings == [], folder
        assert complain([path for path in (folder / "warc").rglob("*") if path.is_file()]) == ""
        db = sqlite3.connect(folder / "news.db")
        (folder / "before.db").unlink(missing_ok=True)
        db.execute("vacuum into ?", [str(folder / "before.db")])
        db.close()
    for folder in shards.folders:
        if (folder / "before.db").exists():
            done = forked.run(["-C", str(folder), "rebuild", "--yes", "--processes", "0"])
            assert done.returncode == 0, done.stdout + done.stderr
            assert only_in_one(folder / "before.db", folder / "news.db") == [], folder


def polite(seen: list[Seen]) -> float:
    """The quickest pace of any host, as a share of the delay that was to be kept; below 0.75 two asked it at once."""
    at: dict[str, list[float]] = defaultdict(list)
    for one in seen:
        at[one.host].append(one.at)
    spans = [
        (times[n + _RUN - 1] - times[n]) / ((_RUN - 1) * DELAY)
        for times in map(sorted, at.values())
        for n in range(len(times) - _RUN + 1)
    ]
    quickest = min(spans, default=1.0)
    assert quickest >= 0.75, f"{_RUN} requests of a host came in {quickest:.2f} of the time that they were to take"
    return quickest


def torture(kills: int, number: int, workers: int, seed: int, place: Path, *, scale: float, longest: float) -> str:
    """Kill at random moments until `kills` have hit a crawl; what was found, in a line. Raises AssertionError."""
    random, hits, generation, begun = Random(seed), {"worker": 0, "scheduler": 0}, 0, time.monotonic()
    with College([*FAMILIES][:-1], scale=scale) as college, machines(workers) as cluster:  # not the site of traps
        shards = Shards(place / "0", college.sites_toml(), number)
        crawl = shards.start("crawl", "--scheduler", cluster.address, "--patience", "120", "--quiet")
        while sum(hits.values()) < kills:
            before = shards.acknowledged()
            time.sleep(random.uniform(0.5, longest))
            victim = "scheduler" if random.random() < 0.2 else f"worker {random.randrange(workers)}"
            if crawl.poll() is None:
                cluster.kill(victim)
                hits[victim.partition(" ")[0]] += 1
            cluster.tend()
            lost = before - shards.acknowledged()
            assert not lost, f"{len(lost)} acknowledged captures are gone, such as {sorted(lost)[0]}"
            if crawl.poll() is not None:
                said = crawl.communicate()[0]
                assert crawl.returncode == 0, f"{crawl.returncode}\n{said[-4000:]}"
                whole(shards, college)
                generation += 1
                shards = Shards(place / str(generation), college.sites_toml(), number)
                crawl = shards.start("crawl", "--scheduler", cluster.address, "--patience", "120", "--quiet")
        said = crawl.communicate(timeout=4 * PATIENCE)[0]
        assert crawl.returncode == 0, f"{crawl.returncode}\n{said[-4000:]}"
        whole(shards, college)
        quickest = polite(college.requests())
    return (
        f"{hits['worker']} workers and {hits['scheduler']} schedulers killed in {time.monotonic() - begun:.0f} s,"
        f" {generation} crawls finished between them; nothing acknowledged lost, {number} shards whole, rebuilt equal;"
        f" quickest pace {quickest:.2f} of the delay"
    )


def frozen(place: Path, *, scale: float, patience: float) -> str:
    """A worker and its crawl stopped for longer than the lock's patience: the others go on, its shard is passed over,
    and whole once it has thawed."""
    with College(["sudy", "wordpress", "trs", "vsb"], scale=scale) as college, machines(2) as cluster:
        shards = Shards(place, college.sites_toml(), 4)
        crawl = shards.start("crawl", "--scheduler", cluster.address, "--patience", str(patience), "--json")
        until = time.monotonic() + PATIENCE
        while not (begun := shards.writers()):
            assert time.monotonic() < until and crawl.poll() is None
            time.sleep(0.2)
        (child, parent), *_ = begun.items()
        for process in (parent, child):
            os.kill(process, signal.SIGSTOP)
        said = crawl.communicate(timeout=4 * PATIENCE)[0]
        assert crawl.returncode == 1 and '"state": "busy"' in said, said[-3000:]
        assert said.count('"status": 0') == 3, said[-3000:]
        for process in (parent, child):
            os.kill(process, signal.SIGCONT)
        shards.run("crawl", "--scheduler", cluster.address, "--quiet")
        whole(shards, college)
        quickest = polite(college.requests())
    return f"a frozen worker's shard was passed over after {patience:.0f} s, and whole later; pace {quickest:.2f}"


def full_disk(place: Path, *, scale: float) -> str:
    """The disk of one shard is full: it says so, the others are whole, and it is too once there is room."""
    from tests.crawler.small_disk import mounted, resize

    with College(["sudy", "wordpress", "trs", "vsb"], scale=scale) as college:
        shards = Shards(place, college.sites_toml(), 4)
        small = shards.folders[0]
        kept = {path.name: path.read_bytes() for path in small.iterdir()}
        with mounted(small, 700) as disk:
            for name, text in kept.items():
                (disk / name).write_bytes(text)
            said = shards.run("crawl", "--workers", "2", "--json", expect=(4,))
            assert said.count('"status": 0') == 3, said[-3000:]
            resize(disk, 200_000)
            shards.run("crawl", "--workers", "2", "--quiet")
            whole(shards, college)
            polite(college.requests())
    return "a full disk ended its shard with exit status 4, the other three were whole; with room it was too"


def main() -> None:
    """`python -m tests.crawler.shards.torture [KILLS [SEED]]`"""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time())
    sys.stdout.write(f"{kills} kills, seed {seed}\n")
    with TemporaryDirectory(prefix="torture-shards-") as place:
        for trial in (
            lambda: torture(kills, 8, 4, seed, Path(place) / "kills", scale=1.0, longest=8.0),
            lambda: frozen(Path(place) / "frozen", scale=0.5, patience=45.0),
            lambda: full_disk(Path(place) / "full", scale=1.0),
        ):
            sys.stdout.write(trial() + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
