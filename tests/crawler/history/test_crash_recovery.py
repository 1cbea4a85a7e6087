"""A process that is killed between a record of ours and the commit of what it means: the next command that writes does
it, as a rebuild does it, whatever record it is."""

from __future__ import annotations

import os
import shutil
import signal
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.capture import Capture
from archive.instants import iso
from archive.store.corrections import CORRECTION
from archive.store.rows import Rows
from archive.store.store import Archive
from archive.store.withheld import RELEASED, WITHHELD
from archive.warc.history import INGESTED, RUN, UNCHANGED, recorded, sources
from archive.warc.unchanged import Still
from crawler import config
from crawler.cli import main
from crawler.engine.writing import writing
from crawler.history import steps
from crawler.history.acceptance import ACCEPTED
from crawler.history.network_record import OWN_NETWORK, NetworkRecord, spare
from crawler.history.run_record import RunRecord
from crawler.history.steps import JOINED
from crawler.intake import Intake, Visit
from spiders.findings import Unchanged
from tests.archive.warc.samples import INFO
from tests.benchmarks import archive_folder
from tests.crawler.diary import ALL, BEGUN, HOST, LIST, TOML, College, Diary, page

STORY = f"{HOST}/news/2026/1.html"
WITHHELD_STORY = f"{HOST}/news/2026/2.html"


def say(*words: str) -> Callable[[Diary], None]:
    def act(diary: Diary) -> None:
        done = CliRunner().invoke(main, ["-C", str(diary.home.folder), *words], catch_exceptions=False)
        raise AssertionError(f"it was not killed: {done.output}")

    return act


def look_at_what_stands(diary: Diary) -> None:
    """A run in which a story says that it has not changed."""
    archive = Archive(diary.home.folder, info=INFO)
    archive.run = archive.runs.begin(iso(BEGUN.replace(month=5)))
    place = archive.runs.configured_at(1)
    assert place is not None
    at = iso(BEGUN.replace(month=5))
    archive.record_resource(RUN, "application/json", RunRecord(archive.run, False, *place, (), at).payload())
    archive.runs.began(archive.run, whole=False, warc=place[0], offset=place[1])
    for n, url in enumerate((STORY, LIST)):
        seen = iso(BEGUN.replace(month=5, minute=n + 1))
        kind = "listing" if url == LIST else "article"
        Intake(archive).take(Visit(url=url, site=ALL["hill"], kind=kind, at=seen, reading=Unchanged()))
        archive.unchanged(Still("hill", url, kind, seen))
    archive.close()


def lose_our_network(diary: Diary) -> None:
    """A run learns at its end that our own network had failed."""
    archive = Archive(diary.home.folder, info=INFO)
    archive.run = archive.runs.last()
    record = NetworkRecord(archive.run or 0, "most hosts fail alike", ("http_404",), {})
    kept = archive.record_resource(OWN_NETWORK, "application/json", record.payload())
    spare(archive, record, kept.fetched_at)
    archive.close()


ACTS: dict[str, Callable[[Diary], None]] = {
    RUN: lambda diary: diary.day(9),
    UNCHANGED: look_at_what_stands,
    ACCEPTED: say("accept", "hill"),
    CORRECTION: say("review", f"url:{STORY}", "--title", "What it should have been"),
    WITHHELD: say("withhold", STORY, "--reason", "x"),
    RELEASED: say("release", WITHHELD_STORY, "--reason", "x"),
    INGESTED: say("ingest", "../guest.warc.gz"),
    JOINED: say("merge", "../other"),
    OWN_NETWORK: lose_our_network,
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an archive in which a story is held back and one is withheld, another archive, and a foreign
    file."""
    place = tmp_path_factory.mktemp("made")
    for name in ("archive", "other"):
        college = College(4)
        diary = Diary(archive_folder.make(place / name, TOML), college)
        diary.day(0)
        for url in college.stories if name == "archive" else [STORY]:
            college.stories[url] = 200, page("Sold out", "This name may be for sale. Make an offer for it now.")
        if name == "other":
            college.add()
        diary.day(1)
    guest = Diary(archive_folder.make(place / "guest", TOML), College(5))
    guest.day(2)
    [warc] = guest.home.warc.rglob("*.warc.gz")
    shutil.copy(warc, place / "guest.warc.gz")
    withheld = CliRunner().invoke(main, ["-C", str(place / "archive"), "withhold", WITHHELD_STORY, "--reason", "x"])
    assert withheld.exit_code == 0, withheld.output
    return place


def killed(diary: Diary, address: str, commit: int) -> None:
    """Do what writes a record at that address, in a process that is killed before that commit after it: the record is
    on disk by then."""
    child = os.fork()
    if child == 0:
        write, really = Archive.record_resource, Rows.commit
        counted: list[Capture] = []
        passed = 0

        def record_resource(self: Archive, url: str, mime: str, payload: bytes, *, site: str = "") -> Capture:
            capture = write(self, url, mime, payload, site=site)
            if url == address:
                counted.append(capture)
            return capture

        def commits(self: Rows) -> None:
            nonlocal passed
            passed += bool(counted)
            if passed == commit:
                os.kill(os.getpid(), signal.SIGKILL)
            really(self)

        Archive.record_resource, Rows.commit = record_resource, commits  # type: ignore[method-assign]
        try:
            os.chdir(diary.home.folder)
            ACTS[address](diary)
        except Exception:  # noqa: BLE001 (the parent sees that it was not killed, and its words here)
            traceback.print_exc()
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    told = [
        one.record.url for source in sources(diary.home.warc) for one in recorded(source, on_damage=lambda damage: None)
    ]
    assert told.count(address) > (1 if address == RUN else 0)


def test_there_is_an_act_for_each_record_of_ours() -> None:
    assert ACTS.keys() == steps.MEANINGS.keys()


@pytest.mark.parametrize(("address", "commit"), [*((address, 1) for address in ACTS), (JOINED, 4)])
def test_what_a_record_means_is_done_by_the_next_writer(made: Path, tmp_path: Path, address: str, commit: int) -> None:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    diary = Diary(tmp_path / "archive", College(4))
    killed(diary, address, commit)
    troubles: list[str] = []
    for _ in ("the next command that writes", "the one after it"):
        with writing(diary.home, config.load(diary.home.config), ALL, troubles.append) as (archive, _intake):
            assert not archive.untold.stretches() and not archive.unread
    assert diary.unlike_rebuilt() == []
    assert troubles == [] and diary.rows("select * from untold where tail is null") == []


def test_a_rebuild_beside_an_open_file_leaves_nothing_of_it_untold(made: Path, tmp_path: Path) -> None:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    diary = Diary(tmp_path / "archive", College(4))
    killed(diary, WITHHELD, 1)
    done = CliRunner().invoke(main, ["-C", str(diary.home.folder), "rebuild", "--yes", "--processes", "0"])
    assert done.exit_code == 0, done.output
    archive = Archive(diary.home.folder, info=INFO)
    assert len(archive.recovered) == 1 and archive.untold.stretches() == []
    archive.close()
    assert diary.rows("select * from untold where tail is null") == []
