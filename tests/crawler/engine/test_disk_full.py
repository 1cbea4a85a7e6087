"""A crawl on a disk that is full at some moment ends in one line, and the next one mends: live, verify and rebuild
agree.

`python -m tests.crawler.engine.test_disk_full SIZE…` tries other sizes (kilobytes).
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.proof.verify import verify
from tests import forked
from tests.college import College
from tests.crawler.box import Box
from tests.crawler.history.test_rebuild import rebuild, unequal
from tests.crawler.history.test_rebuild_whole import rebuilt
from tests.crawler.small_disk import mounted, resize, used

SIZES = (
    120,
    300,
    420,
    540,
    600,
    700,
    780,
    860,
    900,
    950,
    1000,
    1100,
    1200,
    1300,
    1500,
)  # from before the first table to near the end of the crawl
ENOUGH = 100_000


@pytest.fixture(scope="module")
def college() -> Iterator[College]:
    with College(["sudy", "wordpress"], scale=0.3) as college:
        yield college


def run(box: Box, *words: str) -> tuple[int, str]:
    done = forked.run(["-C", str(box.folder), *words])
    return done.returncode, done.stderr


def fill_and_mend(college: College, place: Path, kilobytes: int) -> None:
    """The whole trial on a disk of that size."""
    with mounted(place, kilobytes):
        box = Box(place / "archive", college.sites_toml(), storage="commit_seconds = 0.2\n")
        status, said = run(box, "crawl", "--quiet")
        assert status == 4, f"exit status {status}\n{said[-4000:]}"
        assert len(said.splitlines()) == 1 and ("is full" in said or "No space left" in said), said[-4000:]
        acknowledged = set(box.column("select record_id from captures")) if kilobytes > 300 else set()
        resize(place, ENOUGH)
        box.crawl("--quiet")
        assert acknowledged <= set(box.column("select record_id from captures"))
        assert verify(box.folder).findings == []
        assert rebuilt(box) == []


@pytest.mark.slow
@pytest.mark.parametrize("kilobytes", SIZES)
def test_a_crawl_on_a_full_disk_ends_in_one_line_and_the_next_mends(
    college: College, tmp_path: Path, kilobytes: int
) -> None:
    fill_and_mend(college, tmp_path / "disk", kilobytes)


@pytest.fixture(scope="module")
def crawled(college: College, tmp_path_factory: pytest.TempPathFactory) -> Box:
    box = Box(tmp_path_factory.mktemp("crawled"), college.sites_toml())
    box.crawl("--quiet")
    return box


@pytest.mark.slow
@pytest.mark.parametrize("room", [8, 600])
@pytest.mark.parametrize(
    "words",
    [["rebuild", "--yes"], ["export", "sqlite", "out"], ["ingest", "warc"], ["merge", "other"]],
    ids=lambda words: words[0],
)
def test_what_else_writes_ends_in_one_line_too_and_is_done_when_repeated(
    crawled: Box, tmp_path: Path, words: list[str], room: int
) -> None:
    with mounted(tmp_path / "disk", ENOUGH) as place:
        box = Box(place / "archive", (crawled.folder / "sites.toml").read_text(encoding="utf-8"))
        if words[0] not in ("ingest", "merge"):
            for name in ("warc", "news.db"):
                subprocess.run(["cp", "-r", str(crawled.folder / name), str(box.folder)], check=True)
        given = {"out": place / "out", "warc": crawled.warcs()[0], "other": crawled.folder}
        asked = [str(given.get(word, word)) for word in words]
        resize(place, used(place) + room)
        status, said = run(box, *asked)
        if status:
            assert status == 4 and len(said.splitlines()) == 1 and "the disk refused" in said, (
                f"exit status {status}\n{said[-4000:]}"
            )
        else:
            assert room > 8, "it had no room"
        assert not list(place.glob(".*.part")), "nothing half made is left"
        resize(place, ENOUGH)
        if status:
            status, said = run(box, *asked)
            assert status == 0, said
        assert (
            sorted(box.column("select url from articles")) == sorted(crawled.column("select url from articles"))
            or words[0] == "ingest"
        )
        assert (
            verify(box.folder).findings == [] or words[0] == "ingest"
        )  # what verify says of a copy of our own file is told elsewhere
        rebuild(box)
        assert unequal(box.folder / "news.db", box.folder / "news.db.rebuilding") == []


if __name__ == "__main__":
    from tempfile import TemporaryDirectory

    with College(["sudy", "wordpress"], scale=0.3) as site, TemporaryDirectory() as scratch:
        for size in map(int, sys.argv[1:] or SIZES):
            fill_and_mend(site, Path(scratch) / str(size), size)
            sys.stdout.write(f"{size} kB: one line, exit 4; then mended, well and equal\n")
