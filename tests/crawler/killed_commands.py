"""Kill rebuild, ingest, merge, export and seal at random moments: the next run mends, verify is well, rebuild equals
live."""

from __future__ import annotations

import gzip
import hashlib
import shutil
import signal
import subprocess
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from archive.proof.verify import verify
from archive.warc.fixity import seal
from tests.benchmarks.archive_folder import CAMPUSWARC, ROOT
from tests.college import College
from tests.crawler.box import Box
from tests.crawler.history.test_rebuild_whole import rebuilt
from tests.patience import PATIENCE

COMMANDS = ("rebuild", "ingest", "merge", "export", "seal")
_FORMS = {
    "jsonl": "out.jsonl",
    "csv": "out",
    "sqlite": "out.db",
    "warc": "out.warc.gz",
    "wacz": "out.wacz",
    "bagit": "out",
}
_EARLIEST = 0.1  # seconds: no command has done anything before
_IN_A_ROW = 3  # kills at most before somebody lets it end
_STORIES = "select url, site, kind, title, body, published, state from articles order by url"


@dataclass(frozen=True, slots=True)
class Trial:
    """A command, the archive it begins with, and what has to be so when it has ended."""

    begin: Path
    words: Callable[[Path, Random], list[str]]  # told the folder of this trial
    stories: list[dict[str, object]]
    ended: Callable[[Path], None] = lambda place: None


def _run(folder: Path, words: list[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*CAMPUSWARC, "-C", str(folder), *words],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _ended(folder: Path, words: list[str]) -> None:
    process = _run(folder, words)
    said = process.communicate(timeout=PATIENCE)[0]
    assert _well(words, process.returncode, said), f"{words}: exit status {process.returncode}\n{said[-4000:]}"


def _well(words: list[str], status: int, said: str) -> bool:
    """An export that was whole when it was killed is not written twice."""
    return status == 0 or (words[0] == "export" and status == 1 and "exists; --force" in said)


def _wrong_words(folder: Path) -> None:
    """As if an older reader had read it: a rebuild has something to put right."""
    import sqlite3

    db = sqlite3.connect(folder / "news.db")
    with db:
        db.execute("update articles set body = body || ' and more' where id % 3 = 0")
    db.close()


def _foreign(whole: Box, place: Path) -> list[str]:
    """What another tool might give: a file of ours, and one whose records are not in members of their own, which ingest
    writes anew."""
    as_it_is, one_member = place / "guest.warc.gz", place / "stream.warc.gz"
    for site, file in (("sudy", as_it_is), ("wordpress", one_member)):
        _ended(whole.folder, ["export", "warc", str(file), "--site", site, "--captures"])
    one_member.write_bytes(gzip.compress(gzip.decompress(one_member.read_bytes()), mtime=0))
    return [str(as_it_is), str(one_member)]


def _is_whole(out: Path) -> bool:
    """Whether an export can be read to its end, and holds what its own sums say."""
    if out.is_file():
        assert out.stat().st_size > 100
        if out.suffix == ".gz":
            gzip.decompress(out.read_bytes())
        elif out.suffix == ".wacz":
            assert zipfile.ZipFile(out).testzip() is None
        return True
    sums = next(path for path in (out / "manifest-sha256.txt", out / "SHA256SUMS") if path.is_file())
    for line in sums.read_text(encoding="utf-8").splitlines():
        expected, name = line.split(maxsplit=1)
        assert hashlib.sha256((out / name.lstrip("*")).read_bytes()).hexdigest() == expected, name
    return True


def _exported(place: Path) -> None:
    made = [path for path in place.iterdir() if path.name.startswith("out")]
    assert made and all(map(_is_whole, made))
    assert len(made) == (2 if made[0].name.startswith(("out.jsonl", "out.db")) else 1), "its data package is beside it"


def _sealed(place: Path) -> None:
    added, head = seal(place / "archive" / "warc", place / "archive" / "fixity.jsonl")
    assert not added and head, "everything is in the chain"


def trials(college: College, place: Path) -> dict[str, Trial]:
    """What each command begins with, made by commands that nobody kills."""
    whole = Box(place / "whole", college.sites_toml())
    whole.crawl("--quiet")
    some = Box(place / "some", college.sites_toml())
    some.crawl("--quiet", "--site", "sudy")
    other = Box(place / "other", college.sites_toml())
    other.crawl("--quiet", "--site", "wordpress")
    empty = Box(place / "empty", college.sites_toml())
    altered = place / "altered"
    shutil.copytree(whole.folder, altered)
    _wrong_words(altered)
    guests = _foreign(whole, place)
    stories = whole.rows(_STORIES)
    return {
        "rebuild": Trial(altered, lambda at, random: ["rebuild", "--yes"], stories),
        "ingest": Trial(empty.folder, lambda at, random: ["ingest", *guests], stories),
        "merge": Trial(some.folder, lambda at, random: ["merge", str(other.folder)], stories),
        "export": Trial(
            whole.folder,
            lambda at, random: ["export", (form := random.choice([*_FORMS])), str(at / _FORMS[form])],
            stories,
            _exported,
        ),
        "seal": Trial(whole.folder, lambda at, random: ["seal"], stories, _sealed),
    }


def _known(folder: Path) -> set[str]:
    """Ids of captures that a reader is shown."""
    import sqlite3

    if not (folder / "news.db").exists():
        return set()
    db = sqlite3.connect(f"file:{folder}/news.db?mode=ro", uri=True)
    try:
        return {row[0] for row in db.execute("select record_id from captures")}
    except sqlite3.OperationalError as problem:
        assert "no such table" in str(problem), problem
        return set()
    finally:
        db.close()


def _killed(folder: Path, words: list[str], after: float) -> bool:
    process = _run(folder, words)
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    said = process.communicate(timeout=PATIENCE)[0]
    if process.returncode == -signal.SIGKILL:
        return True
    assert _well(words, process.returncode, said), f"{words}: exit status {process.returncode}\n{said[-4000:]}"
    return False


def _hidden(place: Path) -> Iterator[Path]:
    return (path for path in place.rglob("*") if path.name.endswith(".part"))


def kill_and_mend(trial: Trial, place: Path, random: Random, longest: float) -> int:
    """Kill it a few times, let it end, and look; how many kills hit it."""
    place.mkdir()
    folder = place / "archive"
    shutil.copytree(trial.begin, folder)
    words = trial.words(place, random)
    before, hits = _known(folder), 0
    for _ in range(random.randint(1, _IN_A_ROW)):
        hits += _killed(folder, words, random.uniform(_EARLIEST, longest))
        now = _known(folder)
        assert before <= now, f"{words}: {len(before - now)} captures that were there are not"
        before = now
    _ended(folder, words)
    trial.ended(place)
    box = Box.__new__(Box)
    box.folder = folder
    assert box.rows(_STORIES) == trial.stories, f"{words}: other stories"
    assert verify(folder).findings == []
    assert rebuilt(box) == [], f"{words}: a rebuild makes other rows"
    assert not list(_hidden(place)), "nothing half made is left"
    shutil.rmtree(place)
    return hits


def torture(
    kills: int,
    seed: int,
    place: Path,
    *,
    scale: float,
    commands: tuple[str, ...] = COMMANDS,
    tell: Callable[[str], object] = lambda line: None,
) -> str:
    """Kills shared evenly among the commands; a line of what was found. Raises AssertionError."""
    random, hits, began = Random(seed), dict.fromkeys(commands, 0), time.perf_counter()
    with College(["sudy", "wordpress"], scale=scale) as college:
        made = trials(college, place)
        for name in commands:
            trial, number = made[name], 0
            calm = place / "calm"
            shutil.copytree(trial.begin, calm / "archive")
            since = time.perf_counter()
            _ended(calm / "archive", trial.words(calm, random))
            longest = time.perf_counter() - since  # on a machine as busy as it is
            shutil.rmtree(calm)
            while hits[name] < -(-kills // len(commands)):
                hits[name] += kill_and_mend(trial, place / f"{name}-{number}", random, longest)
                number += 1
            tell(f"{name}: {hits[name]} kills, {number} times mended")
    told = ", ".join(f"{count} of {name}" for name, count in hits.items())
    return f"{told} killed in {time.perf_counter() - began:.0f} s; each mended by the next run, well, and equal rebuilt"
