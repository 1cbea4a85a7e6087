"""Killed writers, torn files and full disks: what was acknowledged is there, and the files are valid."""

from __future__ import annotations

import gzip
import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator

from archive.capture import Capture
from archive.warc.layout import OPEN, member
from archive.warc.reader import read, records
from archive.warc.recovery import recover
from archive.warc.writer import WarcWriter
from tests.archive.warc.samples import every_kind, exchange, only_file, writer

KILLS = 40


class SlowDisk:
    """A file that takes a few hundred bytes at a time, so that a kill falls within a record."""

    def __init__(self, file: object) -> None:
        self.file = file

    def write(self, data: memoryview) -> int:
        time.sleep(0.0003)
        taken: int = self.file.write(data[:700])  # type: ignore[attr-defined]
        return taken

    def __getattr__(self, name: str) -> object:
        return getattr(self.file, name)


def body_of(n: int) -> bytes:
    return random.Random(n).randbytes(5000)


def write_for_ever(folder: Path, acknowledge: int) -> None:
    """Write numbered pages in small group commits and tell which are safe."""
    warc = writer(folder, max_bytes=60_000)
    n = 0
    while True:
        for _ in range(random.randrange(1, 5)):
            warc.write(exchange(body_of(n), url=f"http://a.example/{n}"))
            if warc._file and not isinstance(warc._file._out, SlowDisk):
                warc._file._out = SlowDisk(warc._file._out)  # type: ignore[assignment]
            n += 1
        warc.commit()
        os.write(acknowledge, b"%d\n" % n)


def killed_after(folder: Path, seconds: float) -> int:
    """Start a writer, kill it so long after its first commit; the number of pages it acknowledged."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(out)
            write_for_ever(folder, into)
        finally:
            os._exit(1)
    os.close(into)
    with os.fdopen(out, "rb") as told:
        told.readline()
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), "the writer died by itself"
        return max(map(int, told.read().split()), default=1)


def test_a_killed_writer_loses_nothing_it_acknowledged(tmp_path: Path) -> None:
    torn = 0
    for kill in range(KILLS):
        folder = tmp_path / str(kill)
        acknowledged = killed_after(folder, random.Random(kill).uniform(0, 0.05))
        report = list(recover(folder, tmp_path / "quarantine"))
        torn += sum(recovery.torn is not None for recovery in report)
        assert not list(folder.rglob(f"*{OPEN}"))
        payloads = {}
        for path in folder.rglob("*.warc.gz"):
            assert_valid(path)
            payloads |= {record.url: record.payload for record, _, _ in records(path) if record.type == "response"}
        for n in range(acknowledged):
            assert payloads[f"http://a.example/{n}"] == body_of(n)
        for recovery in report:
            for capture in recovery.captures:
                assert read(folder, capture.warc, capture.offset).record_id == capture.record_id
    assert torn > KILLS // 8, "the kills fell between records: this test shows nothing"


def assert_valid(path: Path) -> None:
    """Another reader finds every record whole, and the standard library every gzip member."""
    gzip.decompress(path.read_bytes())
    with path.open("rb") as file:
        for record in FastIterator(file, parse_http=False):
            assert record.verify_block_digest()


def test_a_file_cut_at_every_byte_of_its_last_two_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda handle: None)  # a thousand files, none of which has to survive
    source = tmp_path / "source"
    with writer(source) as warc:
        first = warc.write(exchange())
        last = warc.write(exchange())
    path = only_file(source)
    data = path.read_bytes()
    whole = [(record.record_id, offset + length) for record, offset, length in records(path)]
    *_, (_, begin), (_, _), (_, _) = whole
    folder = tmp_path / "cut"
    folder.mkdir()
    for cut in range(begin, len(data) + 1):
        (folder / f"x.warc.gz{OPEN}").write_bytes(data[:cut])
        [recovery] = recover(folder, tmp_path / "quarantine")
        end = max(stop for _, stop in whole if stop <= cut)
        kept = folder / "x.warc.gz"
        assert kept.read_bytes() == data[:end]
        assert recovery.kept == end
        assert [capture.record_id for capture in recovery.captures] == [
            capture.record_id for capture in (first, last) if capture.offset + capture.length <= cut
        ]
        if end == cut:
            assert recovery.torn is None
            assert recovery.quarantined is None
        else:
            assert recovery.torn is not None
            assert recovery.quarantined is not None
            assert (recovery.torn.offset, recovery.torn.length) == (end, cut - end)
            assert recovery.quarantined.read_bytes() == data[end:cut]
            note = json.loads(recovery.quarantined.with_suffix(".torn.json").read_text())
            assert (note["file"], note["offset"], note["length"]) == ("x.warc.gz", end, cut - end)
            assert "cut off" in note["reason"]
        kept.unlink()


@pytest.mark.parametrize("size", [0, 1, 40])
def test_a_file_without_one_whole_record_goes_to_quarantine_as_a_whole(tmp_path: Path, size: int) -> None:
    every_kind(tmp_path)
    path = only_file(tmp_path)
    data = path.read_bytes()[:size]
    path.unlink()
    path.with_name(path.name + OPEN).write_bytes(data)
    [recovery] = recover(tmp_path, tmp_path / "quarantine")
    assert (recovery.kept, recovery.captures) == (0, [])
    assert not list(tmp_path.rglob("*.warc.gz*.open"))
    assert not path.exists()
    assert recovery.quarantined is None if size == 0 else recovery.quarantined.read_bytes() == data  # type: ignore[union-attr]


def reopened(folder: Path) -> tuple[list[Capture], Path]:
    captures = every_kind(folder)
    path = only_file(folder)
    return captures, path.rename(path.with_name(path.name + OPEN))


def test_only_what_the_database_lacks_is_returned(tmp_path: Path) -> None:
    captures, _ = reopened(tmp_path)
    known = sorted(captures, key=lambda c: c.offset)
    end = known[3].offset + known[3].length
    [recovery] = recover(tmp_path, tmp_path / "q", {known[0].warc: end}.__getitem__)
    assert recovery.captures == [capture for capture in known[4:] if capture.record_type != "resource"]


@pytest.mark.parametrize("more", [0, 1, 99])
def test_committed_records_that_are_gone_are_told(more: int, tmp_path: Path) -> None:
    _, path = reopened(tmp_path)
    size = path.stat().st_size
    [recovery] = recover(tmp_path, tmp_path / "q", lambda warc: size + more)
    assert [(d.length, "missing" in d.reason) for d in recovery.damaged] == [(more, True)] * bool(more)


def test_damage_before_the_tail_keeps_the_records_behind_it_in_place(tmp_path: Path) -> None:
    captures, path = reopened(tmp_path)
    known = sorted(captures, key=lambda c: c.offset)
    data = bytearray(path.read_bytes())
    data[known[2].offset + 40] ^= 0xFF
    path.write_bytes(data + b"\x1f\x8b\x08torn")
    [recovery] = recover(tmp_path, tmp_path / "q")
    assert recovery.captures == [
        capture for capture in known if capture != known[2] and capture.record_type != "resource"
    ]
    assert [(d.offset, d.length) for d in recovery.damaged] == [(known[2].offset, known[2].length)]
    assert recovery.torn is not None
    assert recovery.torn.offset == len(data)
    assert (tmp_path / recovery.warc).read_bytes() == bytes(data)


def test_records_inside_a_torn_record_are_not_taken_for_ours(tmp_path: Path) -> None:
    """A college may publish WARC files: their members lie verbatim in ours where deflate stores what it cannot pack."""
    forged = member(
        [("WARC-Type", "response"), ("WARC-Record-ID", "<urn:uuid:evil>"), ("WARC-Date", "2020-01-01T00:00:00Z")], b"x"
    )
    warc = writer(tmp_path)
    first = warc.write(exchange())
    last = warc.write(exchange(body_of(1)))
    warc.leave()
    path = only_file(tmp_path)
    path.write_bytes(path.read_bytes()[: last.offset + 3000] + forged + b"the rest of the page")
    [recovery] = recover(tmp_path, tmp_path / "q")
    assert [capture.record_id for capture in recovery.captures] == [first.record_id]
    assert recovery.kept == last.offset


def test_recovery_that_is_killed_can_be_run_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    captures, path = reopened(tmp_path / "warc")
    data = path.read_bytes()
    path.write_bytes(data[:-5])
    with monkeypatch.context() as patch:

        def killed(self: Path, target: Path) -> Path:
            raise KeyboardInterrupt

        patch.setattr(Path, "rename", killed)
        with pytest.raises(KeyboardInterrupt):
            list(recover(tmp_path / "warc", tmp_path / "q"))
    [again] = recover(tmp_path / "warc", tmp_path / "q")
    assert [capture.record_id for capture in again.captures] == [
        capture.record_id for capture in sorted(captures, key=lambda c: c.offset) if capture.record_type != "resource"
    ]
    assert_valid(only_file(tmp_path / "warc"))
    [tail] = (tmp_path / "q").glob("*.torn")
    kept = only_file(tmp_path / "warc").read_bytes()
    assert kept + tail.read_bytes() == data[:-5]


def test_an_open_file_beside_a_closed_one_needs_a_person(tmp_path: Path) -> None:
    _, path = reopened(tmp_path)
    path.with_name(path.name.removesuffix(OPEN)).write_bytes(b"precious")
    with pytest.raises(FileExistsError, match="both there"):
        list(recover(tmp_path, tmp_path / "q"))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 256 KiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", folder], capture_output=True, text=True
    )
    if mounted.returncode:
        pytest.skip(f"no file system may be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_full_disk_fails_the_write_and_nothing_else(small_disk: Path) -> None:
    warc = writer(small_disk)
    captures = fill(warc)
    assert len(captures) > 20
    warc.commit()
    path = only_file(small_disk)
    assert path.stat().st_size == last_end(path)
    with pytest.raises(OSError, match="No space"):
        warc.write(exchange(body_of(1)))
    assert path.stat().st_size == last_end(path)
    subprocess.run(["mount", "-o", "remount,size=512k", small_disk], check=True)
    captures.append(warc.write(exchange(body_of(999))))
    warc.close()
    path = only_file(small_disk)
    assert_valid(path)
    assert [r.record_id for r, _, _ in records(path) if r.type == "response"] == [c.record_id for c in captures]


def fill(warc: WarcWriter) -> list[Capture]:
    """Write until the disk is full."""
    captures: list[Capture] = []
    while True:
        try:
            captures.append(warc.write(exchange(body_of(len(captures)))))
        except OSError as problem:
            assert "No space" in str(problem)
            return captures


def last_end(path: Path) -> int:
    *_, (_, offset, length) = records(path)
    return offset + length


def test_a_disk_too_full_for_a_first_record_leaves_no_file(small_disk: Path) -> None:
    (small_disk / "ballast").write_bytes(bytes(256 * 1024))
    with pytest.raises(OSError, match="No space"):
        writer(small_disk / "warc").write(exchange())
    assert not [path for path in (small_disk / "warc").rglob("*") if path.is_file()]
