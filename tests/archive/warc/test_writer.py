"""What the writer puts on disk: whole records, byte for byte, and files that stay valid whatever the disk does."""

from __future__ import annotations

import errno
import gzip
import os
import re
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from archive.warc import file as file_module
from archive.warc import writer as writer_module
from archive.warc.layout import fields_block
from archive.warc.reader import records
from tests.archive.warc.samples import HEAD, HTML, REQUEST, THEN, exchange, only_file, original, writer


@pytest.fixture
def ids(monkeypatch: pytest.MonkeyPatch) -> None:
    """Record ids 0, 1, 2, ... instead of random ones."""
    numbers: Iterator[int] = count()
    monkeypatch.setattr(writer_module, "new_id", lambda: f"<urn:uuid:{next(numbers)}>")
    monkeypatch.setattr(writer_module.socket, "gethostname", lambda: "héhost/1")


def members(path: Path) -> list[bytes]:
    """Decoded gzip members, cut where the reader says they are, each decoded by the standard library."""
    data = path.read_bytes()
    return [gzip.decompress(data[offset : offset + length]) for _, offset, length in records(path)]


def test_a_file_byte_for_byte(tmp_path: Path, ids: None) -> None:
    with writer(tmp_path, clock=lambda: THEN) as warc:
        page = warc.write(exchange(), run=7)
        warc.write(exchange(revisit_of=original(page), transfer_encoding="chunked"))
    path = tmp_path / "2023/12/test-20231213011200000-00000-h-host-1.warc.gz"
    assert only_file(tmp_path) == path
    assert page.warc == path.relative_to(tmp_path).as_posix()
    head = HEAD % len(HTML)
    shared = (
        b"WARC-Target-URI: http://news.example.edu.cn/2023/1213/c1a2/page.htm\r\n"
        b"WARC-Date: 2023-12-13T01:12:00.000042Z\r\n"
        b"WARC-IP-Address: 127.0.0.1\r\nWARC-Protocol: http/1.1\r\nWARC-Protocol: tls/1.3\r\n"
        b"Campuswarc-Site: example_edu\r\nCampuswarc-Kind: article\r\n%b"
        b"Campuswarc-Via: http://news.example.edu.cn/list.htm\r\nCampuswarc-Tls: verified\r\n"
    )
    info = (
        b"format: WARC File Format 1.1\r\n"
        b"conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n"
        b"software: campuswarc/0.1\r\noperator: An Archive\r\nrobots: classic\r\n"
    )
    # digests by `openssl dgst -sha1 -binary | base32` of the blocks
    assert members(path) == [
        b"WARC/1.1\r\nWARC-Type: warcinfo\r\nWARC-Record-ID: <urn:uuid:2>\r\nWARC-Date: 2023-12-13T01:12:00.000042Z\r\n"
        b"WARC-Filename: test-20231213011200000-00000-h-host-1.warc.gz\r\n"
        b"WARC-Block-Digest: sha1:2TI63C2BGYYQOZOMXA6CJARYRQBIZP52\r\nContent-Type: application/warc-fields\r\n"
        b"Content-Length: %d\r\n\r\n%b\r\n\r\n" % (len(info), info),
        b"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:0>\r\n"
        + shared % b"Campuswarc-Run: 7\r\n"
        + b"WARC-Concurrent-To: <urn:uuid:1>\r\nWARC-Payload-Digest:"
        b" sha1:UFPAHFPSBL2FNB3NHA4563OXXQTJTTXM\r\nWARC-Block-Digest:"
        b" sha1:AUD2UUD3NL6FRIALPEWVEPS4FT5SLGDS\r\nContent-Type: application/http;"
        b" msgtype=response\r\nWARC-Warcinfo-ID: <urn:uuid:2>\r\nContent-Length: %d\r\n\r\n%b%b\r\n\r\n"
        % (len(head + HTML), head, HTML),
        b"WARC/1.1\r\nWARC-Type: request\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
        + shared % b"Campuswarc-Run: 7\r\n"
        + b"WARC-Concurrent-To: <urn:uuid:0>\r\nWARC-Payload-Digest:"
        b" sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ\r\nWARC-Block-Digest:"
        b" sha1:RZM5SIJ6B26IIPHLJIOC6GIE4L7RLWSK\r\nContent-Type: application/http;"
        b" msgtype=request\r\nWARC-Warcinfo-ID: <urn:uuid:2>\r\nContent-Length: %d\r\n\r\n%b\r\n\r\n"
        % (len(REQUEST), REQUEST),
        b"WARC/1.1\r\nWARC-Type: revisit\r\nWARC-Record-ID: <urn:uuid:3>\r\n"
        + shared % b""
        + b"WARC-Concurrent-To: <urn:uuid:4>\r\nWARC-Profile:"
        b" http://netpreserve.org/warc/1.1/revisit/identical-payload-digest\r\nWARC-Refers-To:"
        b" <urn:uuid:0>\r\nWARC-Refers-To-Target-URI:"
        b" http://news.example.edu.cn/2023/1213/c1a2/page.htm\r\nWARC-Refers-To-Date:"
        b" 2023-12-13T01:12:00.000042Z\r\nWARC-Truncated: length\r\nCampuswarc-Transfer-Encoding:"
        b" chunked\r\nWARC-Payload-Digest:"
        b" sha1:UFPAHFPSBL2FNB3NHA4563OXXQTJTTXM\r\nWARC-Block-Digest:"
        b" sha1:ISMMPSLARYGAI3CHTDKV2R3NASSESHT4\r\nContent-Type: application/http;"
        b" msgtype=response\r\nWARC-Warcinfo-ID: <urn:uuid:2>\r\nContent-Length: %d\r\n\r\n%b\r\n\r\n"
        % (len(head), head),
        b"WARC/1.1\r\nWARC-Type: request\r\nWARC-Record-ID: <urn:uuid:4>\r\n"
        + shared % b""
        + b"WARC-Concurrent-To: <urn:uuid:3>\r\nWARC-Payload-Digest:"
        b" sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ\r\nWARC-Block-Digest:"
        b" sha1:RZM5SIJ6B26IIPHLJIOC6GIE4L7RLWSK\r\nContent-Type: application/http;"
        b" msgtype=request\r\nWARC-Warcinfo-ID: <urn:uuid:2>\r\nContent-Length: %d\r\n\r\n%b\r\n\r\n"
        % (len(REQUEST), REQUEST),
    ]


def test_the_same_input_gives_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("a", "b"):
        numbers = count()
        monkeypatch.setattr(writer_module, "new_id", lambda numbers=numbers: f"<urn:uuid:{next(numbers)}>")
        with writer(tmp_path / folder, clock=lambda: THEN) as warc:
            warc.write(exchange())
    assert only_file(tmp_path / "a").read_bytes() == only_file(tmp_path / "b").read_bytes()


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_value_can_forge_a_line(value: str) -> None:
    try:
        line = fields_block([("WARC-Target-URI", value)])
    except ValueError:
        assert re.search("[\x00-\x1f\x7f]", value)
    else:
        assert line == f"WARC-Target-URI: {value.strip()}\r\n".encode()
        assert line.count(b"\r") == line.count(b"\n") == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"url": "http://a/\r\nWARC-Type: warcinfo"},
        {"via": "http://a/\nX: y"},
        {"transfer_encoding": "chunked\r\nX: y"},
        {"site": "a\x00b"},
        {"fetched_at": datetime(2023, 1, 1)},
        {"response_head": b"HTTP/1.1 200 OK\r\n"},
        {"response_head": b"HTTP/1.1 200 OK\r\n\r\nbody\r\n\r\n"},
    ],
)
def test_what_could_not_be_read_again_is_refused_and_leaves_no_trace(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    with writer(tmp_path) as warc:
        first = warc.write(exchange())
        with pytest.raises(ValueError, match=r"control character|without zone|blank line"):
            warc.write(exchange(**changes))
        second = warc.write(exchange())
    found = [
        (record.record_id, offset) for record, offset, _ in records(only_file(tmp_path)) if record.type == "response"
    ]
    assert found == [(first.record_id, first.offset), (second.record_id, second.offset)]


def test_a_revisit_whose_payload_differs_is_refused(tmp_path: Path) -> None:
    with writer(tmp_path) as warc:
        page = warc.write(exchange())
        with pytest.raises(ValueError, match="payload differs"):
            warc.write(exchange(b"other", revisit_of=original(page)))


def test_an_idle_writer_leaves_no_file(tmp_path: Path) -> None:
    with writer(tmp_path / "warc") as warc:
        warc.commit()
    assert not (tmp_path / "warc").exists()


def test_it_is_open_while_written_and_closed_one_commit_after_it_is_full(tmp_path: Path) -> None:
    warc = writer(tmp_path, max_bytes=3000)
    page = warc.write(exchange())
    assert only_file(tmp_path).name.endswith(".warc.gz.open")
    assert not page.warc.endswith(".open")
    warc.write(exchange(os.urandom(4000)))
    warc.commit()
    warc.write(exchange())
    assert sorted(path.suffix for path in tmp_path.rglob("*.warc.gz*")) == [".open", ".open"]
    warc.commit()
    assert sorted(path.suffix for path in tmp_path.rglob("*.warc.gz*")) == [".gz", ".open"]
    warc.close()
    assert sorted(path.suffix for path in tmp_path.rglob("*.warc.gz*")) == [".gz", ".gz"]
    infos = [next(records(path))[0] for path in sorted(tmp_path.rglob("*.warc.gz"))]
    assert len({info.record_id for info in infos}) == 2
    assert {info.field("WARC-Filename") for info in infos} == {path.name for path in tmp_path.rglob("*.warc.gz")}


def test_it_rolls_over_by_age_into_the_folder_of_the_month(tmp_path: Path) -> None:
    time = [datetime.fromisoformat("2023-12-31T23:00:00Z")]
    with writer(tmp_path, max_age=timedelta(hours=2), clock=lambda: time[0]) as warc:
        warc.write(exchange())
        warc.commit()
        time[0] += timedelta(hours=2)
        warc.write(exchange())
        warc.commit()
        warc.write(exchange())
    assert sorted(path.parent.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.gz")) == [
        "2023/12",
        "2024/01",
    ]


def test_a_file_that_is_there_is_never_touched(tmp_path: Path, ids: None) -> None:
    name = tmp_path / "2023/12/test-20231213011200000-00000-h-host-1.warc.gz"
    name.parent.mkdir(parents=True)
    name.write_bytes(b"precious")
    with writer(tmp_path, clock=lambda: THEN) as warc:
        assert warc.write(exchange()).warc == "2023/12/test-20231213011200000-00001-h-host-1.warc.gz"
    name.rename(f"{name}.open")
    with writer(tmp_path, clock=lambda: THEN) as warc:
        assert warc.write(exchange()).warc == "2023/12/test-20231213011200000-00002-h-host-1.warc.gz"
    assert Path(f"{name}.open").read_bytes() == b"precious"


def test_a_file_put_under_the_final_name_meanwhile_is_not_replaced(tmp_path: Path, ids: None) -> None:
    warc = writer(tmp_path, clock=lambda: THEN)
    page = warc.write(exchange())
    (tmp_path / page.warc).write_bytes(b"precious")
    with pytest.raises(FileExistsError):
        warc.close()
    assert (tmp_path / page.warc).read_bytes() == b"precious"
    assert len(list(records(tmp_path / f"{page.warc}.open"))) == 3


class FullDisk:
    """A file whose disk takes `room` more bytes, then refuses."""

    def __init__(self, file: object, room: int) -> None:
        self.file, self.room = file, room

    def write(self, data: memoryview) -> int:
        if self.room == 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        taken: int = self.file.write(data[: self.room])  # type: ignore[attr-defined]
        self.room -= taken
        return taken

    def __getattr__(self, name: str) -> object:
        return getattr(self.file, name)


@pytest.mark.parametrize("room", [0, 1, 17, 500])
def test_a_write_that_fails_leaves_a_file_to_go_on_with(tmp_path: Path, room: int) -> None:
    with writer(tmp_path) as warc:
        first = warc.write(exchange())
        file = warc._file
        assert file is not None
        real, file._out = file._out, FullDisk(file._out, room)  # type: ignore[assignment]
        size = only_file(tmp_path).stat().st_size
        with pytest.raises(OSError, match="No space"):
            warc.write(exchange())
        assert only_file(tmp_path).stat().st_size == size
        file._out = real
        second = warc.write(exchange())
    places = [(offset, length) for record, offset, length in records(only_file(tmp_path)) if record.type == "response"]
    assert places == [(first.offset, first.length), (second.offset, second.length)]


def test_after_a_failed_fsync_the_file_is_left_to_recovery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(handle: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    warc = writer(tmp_path)
    lost = warc.write(exchange())
    with monkeypatch.context() as patch:
        patch.setattr(file_module.os, "fdatasync", refuse)
        with pytest.raises(OSError, match="Input/output"):
            warc.commit()
    kept = warc.write(exchange())
    warc.close()
    assert lost.warc != kept.warc
    assert (tmp_path / f"{lost.warc}.open").exists()
    assert (tmp_path / kept.warc).exists()


def test_what_is_done_meanwhile_is_done_before_the_commit_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk works beside it, and is waited for whatever becomes of it."""
    begun, seen = threading.Event(), []
    real = os.fdatasync

    def slow(handle: int) -> None:
        assert begun.wait(10)
        real(handle)
        seen.append("on disk")

    def meanwhile() -> None:
        seen.append("meanwhile")
        begun.set()

    def failing() -> None:
        meanwhile()
        raise KeyError

    monkeypatch.setattr(file_module.os, "fdatasync", slow)
    with writer(tmp_path) as warc:
        warc.write(exchange())
        warc.commit(meanwhile)
        assert seen == ["meanwhile", "on disk"]
        begun.clear()
        warc.write(exchange())
        with pytest.raises(KeyError):
            warc.commit(failing)
        assert seen == ["meanwhile", "on disk"] * 2
        warc.commit(meanwhile)  # nothing new to put on disk
        assert seen[4:] == ["meanwhile"]


def test_after_an_exception_files_stay_open_for_recovery(tmp_path: Path) -> None:
    with pytest.raises(KeyError), writer(tmp_path) as warc:
        warc.write(exchange())
        raise KeyError
    assert only_file(tmp_path).suffix == ".open"


def test_everything_committed_was_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """File data, and each directory entry from the archive's folder down, before commit returns."""
    synced: set[str] = set()
    for name in ("fsync", "fdatasync"):
        real = getattr(os, name)

        def note(handle: int, real: Callable[[int], None] = real) -> None:
            synced.add(str(Path(f"/proc/self/fd/{handle}").readlink()))
            real(handle)

        monkeypatch.setattr(file_module.os, name, note)
    folder = tmp_path / "warc"
    warc = writer(folder)
    page = warc.write(exchange())
    assert f"{folder / page.warc}.open" not in synced
    warc.commit()
    month = (folder / page.warc).parent
    assert {f"{folder / page.warc}.open", *map(str, [month, month.parent, folder, tmp_path])} <= synced
    warc.close()


def test_what_stood_around_an_answer_is_told_beside_it(tmp_path: Path) -> None:
    interim = b"HTTP/1.1 103 Early Hints\r\nLink: </a%20b.css>; \xe6\x8b\x9b\r\n\r\n"
    trailers = b"X-Sum: 1\r\n\x00Y: 2\r\n"
    folder = tmp_path / "warc"
    with writer(folder) as warc:
        page = warc.write(exchange(interim=interim, trailers=trailers))
        warc.write(exchange(interim=b"x" * 10**6, revisit_of=original(page)))
    first, second = (record for record, _, _ in records(only_file(folder)) if record.type in ("response", "revisit"))
    assert unquote_to_bytes(first.field("Campuswarc-Interim") or "") == interim
    assert unquote_to_bytes(first.field("Campuswarc-Trailers") or "") == trailers
    assert second.field("Campuswarc-Interim") == "x" * 3_072
    assert second.field("Campuswarc-Trailers") is None
    with only_file(folder).open("rb") as file:
        assert len(list(ArchiveIterator(file))) == 5


@pytest.mark.parametrize("before", range(4))
def test_no_answer_makes_a_record_that_others_cannot_read(tmp_path: Path, before: int) -> None:
    """FastWARC ends the reading of a file at a record whose fields hold more than 32 KiB."""
    from fastwarc.warc import ArchiveIterator as FastWarc

    around = b"x" * before + b"\xe6" * 10**6
    address = "https://news.example.edu/".ljust(8_000, "a")  # no longer one is asked for
    with writer(tmp_path / "warc") as warc:
        page = warc.write(exchange(interim=around, trailers=around, url=address, via=address))
        warc.write(exchange(interim=around, trailers=around, url=address, via=address, revisit_of=original(page)))
    [*_, last, _] = (record for record, _, _ in records(only_file(tmp_path / "warc")))
    told = unquote_to_bytes(last.field("Campuswarc-Trailers") or "")
    assert len(told) > 1000 and around.startswith(told), "whole bytes of it"
    with only_file(tmp_path / "warc").open("rb") as file:
        assert len(list(FastWarc(file, parse_http=False))) == 5
