"""Kill a crawl at random moments, look at what is left each time, and compare the end with an undisturbed crawl.

Half of the kills of `make torture`; the other half are those of tests.crawler.killed_commands.
"""

from __future__ import annotations

import signal
import sqlite3
import sys
import time
from pathlib import Path
from random import Random
from typing import Any

from archive.proof.verify import verify
from tests.college import College
from tests.crawler import killed_commands
from tests.crawler.box import Box, complain, unreadable
from tests.crawler.history.test_rebuild_whole import rebuilt

SLOW_ENOUGH = 0.01  # seconds between requests: a crawl has to last long enough to be killed in its midst
STATE = {
    "articles": "select url, site, kind, title, body, published, state from articles order by url",
    "versions": (
        "select a.url, v.n, v.title, v.body, v.content_digest from versions v join articles a on a.id = v.article order"
        " by a.url, v.n"
    ),
    "attachments": (
        "select a.url, t.n, t.url as file, t.filename, t.size, t.mime from attachments t join articles a on a.id ="
        " t.article order by a.url, t.n"
    ),
    "frontier": "select url, kind, state from frontier order by url",
    "listings": "select url, state, complete from listings order by url",
}


def state(box: Box) -> dict[str, list[dict[str, Any]]]:
    """All of an archive that must not depend on how often its crawl was interrupted."""
    return {name: box.rows(sql) for name, sql in STATE.items()}


def undisturbed(college: College, folder: Path) -> Box:
    """A crawl nobody interrupts."""
    box = Box(folder, college.sites_toml())
    box.crawl("--quiet")
    return box


def acknowledged(box: Box) -> list[dict[str, Any]]:
    """Captures that were committed; none where not even the database was made."""
    try:
        return box.rows("select * from captures")
    except sqlite3.OperationalError:
        return []


def kill_until_done(college: College, folder: Path, kills: int, random: Random, longest: float) -> tuple[Box, int]:
    """Kill `kills` crawls, each at a random moment of its first `longest` seconds; gives the archive and the kills that
    hit.

    A crawl that ended before its time came counts as no hit; the archive is then thrown away and begun anew, so that
    kills fall on all moments of a crawl. Raises AssertionError for anything acknowledged that is lost, or kept twice.
    """
    hits, generation = 0, 0
    box = Box(folder / "0", college.sites_toml(), delay=SLOW_ENOUGH)
    while hits < kills:
        before = acknowledged(box)
        process = box.start("--quiet")
        time.sleep(random.uniform(0.3, longest))
        process.send_signal(signal.SIGKILL)
        words = process.communicate()[0]
        if process.returncode == -signal.SIGKILL:
            hits += 1
        else:
            assert process.returncode == 0, f"exit status {process.returncode} after {hits} kills\n{words[-4000:]}"
            _finished(box, college)
            generation += 1
            box = Box(folder / str(generation), college.sites_toml(), delay=SLOW_ENOUGH)
            continue
        after = acknowledged(box)
        assert {row["record_id"] for row in before} <= {row["record_id"] for row in after}, (
            "an acknowledged capture is gone"
        )
        assert unreadable(box, after) == []
        twice = box.rows("select url from articles group by url having count(*) > 1") if after else []
        assert twice == []
    box.crawl("--quiet")
    return box, generation


def _finished(box: Box, college: College) -> None:
    assert sorted(box.column("select url from articles")) == sorted(row.url for row in college.articles())
    assert complain(box.warcs()) == ""
    assert unreadable(box, acknowledged(box)) == []
    assert verify(box.folder).findings == []
    assert rebuilt(box) == []


def torture(kills: int, seed: int, place: Path, *, scale: float, longest: float) -> str:
    """The whole trial; a line of what was found. Raises AssertionError where the archive is not as it must be."""
    with College(scale=scale) as college:
        calm = undisturbed(college, place / "calm")
        begun = time.perf_counter()
        box, finished = kill_until_done(college, place, kills, Random(seed), longest)
        calm_state, state_now = state(calm), state(box)
        for name, rows in calm_state.items():
            missing = [row for row in rows if row not in state_now[name]]
            more = [row for row in state_now[name] if row not in rows]
            assert not missing, (
                f"{name}: {len(missing)} rows of the undisturbed crawl are not there, such as {missing[0]}"
            )
            assert not more, f"{name}: {len(more)} rows that the undisturbed crawl has not, such as {more[0]}"
        _finished(box, college)
        captures, records = (
            len(acknowledged(box)),
            sum(record.type in ("response", "revisit") for record in box.records()),
        )
        assert captures == records, f"{captures} captures, {records} records"
        quarantined = len(list((box.folder / "quarantine").rglob("*"))) if (box.folder / "quarantine").exists() else 0
    return (
        f"{kills} kills in {time.perf_counter() - begun:.0f} s, {finished} crawls finished between them;"
        f" {len(calm_state['articles'])} articles as in the undisturbed crawl, {captures} captures readable,"
        f" {quarantined} torn tails in the last archive's quarantine"
    )


def main() -> None:
    """`python -m tests.crawler.killing [KILLS [SEED]]`"""
    from tempfile import TemporaryDirectory

    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time())
    sys.stdout.write(f"{kills} kills, seed {seed}\n")
    sys.stdout.flush()
    with TemporaryDirectory(prefix="torture-") as place:
        others, crawls = Path(place) / "others", Path(place) / "crawls"
        others.mkdir()

        def tell(line: str) -> None:
            sys.stdout.write(line + "\n")
            sys.stdout.flush()

        tell(killed_commands.torture(kills // 2, seed, others, scale=0.3, tell=tell))
        # a whole crawl takes about as long
        tell(torture(kills - kills // 2, seed, crawls, scale=1.0, longest=3.0))


if __name__ == "__main__":
    main()
