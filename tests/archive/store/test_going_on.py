"""One WARC file from run to run: a run appends to what the last one left, or begins a new one and says why."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from fastwarc import ArchiveIterator as FastWARC
from warcio.archiveiterator import ArchiveIterator as Warcio
from warcio.checker import Checker

from archive.capture import Capture
from archive.store.backing import Backing
from archive.store.store import Archive, Limits
from archive.store.untold import Stretch
from archive.warc import fixity, going_on
from archive.warc.cdx import lines
from archive.warc.history import sources
from archive.warc.layout import OPEN, rest_of, whole_of
from archive.warc.remote_copies import CopyFailed, RemoteCopies, bring_back, proven
from archive.warc.verify import check_file, files, named
from tests.archive.warc.samples import INFO, exchange

MONTH = Limits(warc_goes_on=timedelta(days=30))


def run(folder: Path, name: str = "", *, limits: Limits = MONTH, info: dict[str, str] = INFO) -> Capture | None:
    """A run that records a page of that name, or nothing; what it remarked is printed."""
    archive = Archive(folder, info=info, limits=limits)
    capture = archive.record(exchange(name.encode() * 50, url=f"http://a.example/{name}"))[1] if name else None
    print(*archive.remarks, sep="\n")
    archive.close()
    return capture


def warcs(folder: Path) -> list[Path]:
    return sorted((folder / "warc").rglob("*.warc.gz*"))


def left(folder: Path) -> list[tuple[str, int]]:
    with sqlite3.connect(folder / "news.db") as db:
        return db.execute("select warc, start from untold where stop is null").fetchall()


def test_three_runs_are_one_file_that_readers_of_others_read(tmp_path: Path) -> None:
    captures = [run(tmp_path, name) for name in ("one", "two")]
    size = warcs(tmp_path)[0].stat().st_size
    run(tmp_path)  # nothing is new: it costs no byte
    [path] = warcs(tmp_path)
    assert path.stat().st_size == size and path.name.endswith(".warc.gz") and path.stat().st_nlink == 1
    captures.append(run(tmp_path, "three"))
    assert left(tmp_path) == [(captures[0].warc, path.stat().st_size)]  # type: ignore[union-attr]
    ids = [capture.record_id for capture in captures if capture]
    with path.open("rb") as file:
        records = [record.rec_headers for record in Warcio(file)]
    assert [one.get_header("WARC-Type") for one in records] == ["warcinfo"] + ["response", "request"] * 3
    assert [one.get_header("WARC-Record-ID") for one in records if one.get_header("WARC-Type") == "response"] == ids
    with path.open("rb") as file:
        assert [one.record_id for one in FastWARC(file) if one.headers["WARC-Type"] == "response"] == ids
    checker = Checker(SimpleNamespace(inputs=[str(path)], verbose=False))
    checker.process_all()
    assert checker.exit_value == 0 and list(check_file(path, path.name)) == []


def test_while_a_run_goes_on_its_file_has_both_names_and_counts_once(tmp_path: Path) -> None:
    run(tmp_path, "one")
    [path] = warcs(tmp_path)
    archive = Archive(tmp_path, info=INFO, limits=MONTH)
    assert warcs(tmp_path) == [path]  # it has written nothing yet
    archive.record(exchange(url="http://a.example/two"))
    archive.commit()
    open_one = path.with_name(path.name + OPEN)
    assert warcs(tmp_path) == [path, open_one] and path.samefile(open_one)
    name = path.relative_to(tmp_path / "warc").as_posix()
    assert files(tmp_path / "warc") == [(open_one, name)]
    assert [(source.warc, source.path) for source in sources(tmp_path / "warc")] == [(name, open_one)]
    assert named(open_one) and len(list(lines(files(tmp_path / "warc")))) == 2  # and other readers find it by its own
    assert fixity.seal(tmp_path / "warc", tmp_path / "fixity.jsonl")[0] == []
    assert RemoteCopies(tmp_path, f"file://{tmp_path}/there").missing() == []
    archive.close()
    assert warcs(tmp_path) == [path]


def sealed(folder: Path, path: Path) -> None:
    fixity.seal(folder / "warc", folder / "fixity.jsonl")


def linked(folder: Path, path: Path) -> None:
    (folder / "backup").hardlink_to(path)


def copied(folder: Path, path: Path) -> None:
    """A copy of the archive in its place: the other one goes on with the file, perhaps."""
    shutil.copy2(path, folder / "copy")
    (folder / "kept").symlink_to(path)  # what is a name of it by a link is none
    path.rename(folder / "elsewhere")
    (folder / "copy").rename(path)


def followed(folder: Path, path: Path) -> None:
    """A newer file, of which an older database does not know."""
    stamp = path.name.split("-")[1]
    path.with_name(path.name.replace(stamp, str(int(stamp) + 1))).write_bytes(path.read_bytes())


def cut(folder: Path, path: Path) -> None:
    os.truncate(path, path.stat().st_size - 1)


def grown(folder: Path, path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"\0")


def changed(folder: Path, path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(-20, os.SEEK_END)
        file.write(b"\0" * 4)


def gone(folder: Path, path: Path) -> None:
    path.unlink()


def moved(folder: Path, path: Path) -> None:
    path.rename(path.with_name("another.warc.gz"))


QUIETLY = (sealed, linked, copied, followed)
SAID = {cut: "bytes when the last run ended", grown: "bytes when", changed: "the end of"}
SAID |= {gone: "is missing", moved: "is missing"}


@pytest.mark.parametrize("happens", [*QUIETLY, *SAID], ids=lambda what: what.__name__)
def test_a_file_that_others_count_on_or_that_was_changed_is_left_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], happens: Callable[[Path, Path], None]
) -> None:
    first = run(tmp_path, "one")
    assert first is not None
    path = tmp_path / "warc" / first.warc
    happens(tmp_path, path)
    before = {path: path.read_bytes() for path in warcs(tmp_path)}
    capsys.readouterr()
    second = run(tmp_path, "two")
    said = capsys.readouterr().out
    assert second is not None and second.warc != first.warc
    assert {path: path.read_bytes() for path in before} == before
    assert (SAID[happens] in said and "a new file is begun" in said) if happens in SAID else not said.strip()
    third = run(tmp_path, "three")  # with the new one it goes on
    assert third is not None and (third.warc == second.warc or happens is followed)


def test_a_file_without_its_head_is_left_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(going_on, "_TAIL", 16)
    first = run(tmp_path, "one")
    assert first is not None
    with (tmp_path / "warc" / first.warc).open("r+b") as file:
        file.seek(20)
        file.write(b"\0" * 4)
    archive = Archive(tmp_path, info=INFO, limits=MONTH)
    assert archive.record(exchange(url="http://a.example/two"))[1].warc != first.warc
    assert len(archive.remarks) == 1 and "offset 0" in archive.remarks[0]
    archive.close()


@pytest.mark.parametrize(
    ("limits", "info"),
    [
        (Limits(), INFO),  # each run its own
        (Limits(warc_goes_on=timedelta(microseconds=1)), INFO),  # old
        (MONTH, INFO | {"software": "campuswarc/99"}),
        (MONTH, INFO | {"http-header-user-agent": "another"}),
    ],
)
def test_old_files_and_those_of_another_program_are_finished(
    tmp_path: Path, limits: Limits, info: dict[str, str]
) -> None:
    one, two = run(tmp_path, "one"), run(tmp_path, "two", limits=limits, info=info)
    assert one is not None and two is not None and one.warc != two.warc
    assert [name for name, _ in left(tmp_path)] == ([two.warc] if limits == MONTH else [])


def test_a_full_file_is_finished(tmp_path: Path) -> None:
    small = Limits(warc_goes_on=timedelta(days=30), warc_max_bytes=2000)
    names = [capture.warc for capture in (run(tmp_path, name, limits=small) for name in "abcdef") if capture]
    assert 1 < len(set(names)) < 6 and names == sorted(names)
    assert all(path.stat().st_size < 4000 for path in warcs(tmp_path))


def test_where_a_file_cannot_have_two_names_each_run_has_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    first = run(tmp_path, "one")
    monkeypatch.setattr(os, "link", refuse)
    second = run(tmp_path, "two")
    assert first is not None and second is not None and first.warc != second.warc and len(warcs(tmp_path)) == 2


def test_a_seal_that_comes_between_withdraws_or_stops_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both look for the other after they have shown themselves: never does a run append to what is in the chain."""
    first = run(tmp_path, "one")
    assert first is not None
    archives: list[Archive] = []
    digest = fixity._sha256

    def crawl_meanwhile(path: Path) -> str:
        found = digest(path)
        if not archives:
            archives.append(Archive(tmp_path, info=INFO, limits=MONTH))
            archives[0].record(exchange(url="http://a.example/two"))
            archives[0].close()
        return found

    monkeypatch.setattr(fixity, "_sha256", crawl_meanwhile)
    added, head = fixity.seal(tmp_path / "warc", tmp_path / "fixity.jsonl")
    assert added == [] and head == ""
    added, _ = fixity.seal(tmp_path / "warc", tmp_path / "fixity.jsonl")
    assert [entry.file for entry in added] == [first.warc]
    assert list(fixity.check(tmp_path / "warc", tmp_path / "fixity.jsonl")) == []


def killed(folder: Path, act: Callable[[Archive], object]) -> None:
    child = os.fork()
    if child == 0:
        archive = Archive(folder, info=INFO, limits=MONTH)
        act(archive)
        os.kill(os.getpid(), signal.SIGKILL)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL


def opened(archive: Archive) -> None:
    archive._writer._current()


def recorded(archive: Archive) -> None:
    archive.record(exchange(url="http://a.example/two"))


def told(archive: Archive) -> None:
    recorded(archive)
    archive.commit()


def torn(archive: Archive) -> None:
    told(archive)
    file = archive._writer._current()
    file._out.write(b"\x1f\x8b\x08\0torn")


def closed(archive: Archive) -> None:
    """Closed, but the rows do not say so."""
    told(archive)
    archive._writer.close()


@pytest.mark.parametrize("where", [opened, recorded, told, torn, closed], ids=lambda where: where.__name__)
def test_killed_at_any_time_nothing_is_lost_and_nothing_told_twice(
    tmp_path: Path, where: Callable[[Archive], object]
) -> None:
    first = run(tmp_path, "one")
    assert first is not None
    path = tmp_path / "warc" / first.warc
    size = path.stat().st_size
    killed(tmp_path, where)
    again = Archive(tmp_path, info=INFO, limits=MONTH)
    assert warcs(tmp_path) == [path] and path.stat().st_nlink == 1
    whole = path.stat().st_size
    untold = [Stretch(first.warc, size, whole)] if where is recorded else []
    assert again.untold.stretches() == untold
    assert (whole > size) == (where is not opened)
    assert len(list((tmp_path / "quarantine").glob("*.torn"))) == (where is torn)
    _, three = again.record(exchange(url="http://a.example/three"))
    assert three.warc != first.warc  # what a kill has touched is finished
    again.close()
    assert list(check_file(path, first.warc)) == []


def test_what_a_copy_made_two_files_of_is_one_again(tmp_path: Path) -> None:
    """A backup that knows no hard links, made while a run was going on; each name at another moment."""
    for earlier in ("", OPEN):
        folder = tmp_path / f"archive{earlier}"
        folder.mkdir()
        first = run(folder, "one")
        assert first is not None
        path = folder / "warc" / first.warc
        before = path.read_bytes()
        killed(folder, told)
        whole = path.read_bytes()
        path.with_name(path.name + OPEN).unlink()
        for name, content in ((path.name + earlier, before), (path.name + (OPEN if not earlier else ""), whole)):
            path.with_name(name).unlink(missing_ok=True)
            path.with_name(name).write_bytes(content)
        assert len(warcs(folder)) == 2
        run(folder, "three")
        assert path.read_bytes() == whole and len([one for one in warcs(folder) if one.name.endswith(OPEN)]) == 0


def test_an_archive_of_before_goes_on(tmp_path: Path) -> None:
    first = run(tmp_path, "one", limits=Limits())
    with sqlite3.connect(tmp_path / "news.db") as db:
        db.execute("drop table untold")
        db.execute("create table untold (warc text not null, start integer not null, stop integer,"
                   " primary key (warc, start)) without rowid")  # fmt: skip
        db.execute("delete from _sqlite_migrations where name = 'm041_going_on'")
    db.close()
    second, third = run(tmp_path, "two"), run(tmp_path, "three")
    assert first is not None and second is not None and third is not None
    assert first.warc != second.warc == third.warc


def test_of_a_file_that_grew_what_is_new_is_copied_and_all_of_it_comes_back(tmp_path: Path) -> None:
    address = f"file://{tmp_path / 'there'}"
    captures = []
    for name in ("one", "two", "three"):
        captures.append(run(tmp_path, name))
        copies = RemoteCopies(tmp_path, address)
        assert len(copies.missing()) == 1 and list(copies.copy()) == [] and copies.missing() == []
    [path] = warcs(tmp_path)
    whole = path.read_bytes()
    there = sorted((tmp_path / "there").rglob("*.warc.gz"), key=lambda part: part.stat().st_mtime_ns)
    assert len(there) == 3 and b"".join(part.read_bytes() for part in there) == whole  # each byte once
    assert all(list(check_file(part, part.name)) == [] for part in there)  # and each is a file of its own
    first, _, last = captures
    assert first is not None and last is not None
    before = proven(tmp_path)
    path.unlink()
    backing = Backing(tmp_path)
    assert backing.holds(last)
    (tmp_path / "copies.jsonl").write_text("".join((tmp_path / "copies.jsonl").read_text().splitlines(True)[:2]))
    assert Backing(tmp_path).holds(first) and not Backing(tmp_path).holds(last)  # copied before it came
    assert before == {first.warc: len(whole)} != proven(tmp_path)
    (tmp_path / "copies.jsonl").unlink()
    path.write_bytes(whole)
    copies = RemoteCopies(tmp_path, address)
    assert list(copies.copy()) == []  # a list that is lost: whole again
    path.unlink()
    assert bring_back(tmp_path / "warc", first.warc) == path and path.read_bytes() == whole


def test_a_part_that_is_another_there_is_not_brought_back(tmp_path: Path) -> None:
    address = f"file://{tmp_path / 'there'}"
    for name in ("one", "two"):
        run(tmp_path, name)
        assert list(RemoteCopies(tmp_path, address).copy()) == []
    [path] = warcs(tmp_path)
    [part] = (tmp_path / "there").rglob("*-from-*")
    part.write_bytes(part.read_bytes()[:-1] + b"!")
    path.unlink()
    with pytest.raises(CopyFailed, match="-from-"):
        bring_back(tmp_path / "warc", path.relative_to(tmp_path / "warc").as_posix())
    assert warcs(tmp_path) == [] and not [one for one in (tmp_path / "warc").rglob(".*") if one.is_file()]


def test_a_name_of_a_part_and_back() -> None:
    for name in ("2026/12/a-b.warc.gz", "x.warc", "merged/0a/2026/01/p-20260101000000000-00000-h.warc.gz"):
        assert whole_of(rest_of(name, 123)) == (name, 123) and whole_of(name) == (name, 0) and rest_of(name, 0) == name
