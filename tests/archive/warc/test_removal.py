"""Records taken out of a file: a note of their very length, read by other tools, and nothing else moved."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive.warc.layout import digest, member, new_id
from archive.warc.removal import REMOVED, Removal, remove
from archive.warc.scan import Found, scan

WHY = Removal("2026-11-30T12:00:00Z", "order of a court\r\nWARC-Type: response", "the operator")


def response(url: str, body: bytes) -> bytes:
    fields = [
        ("WARC-Type", "response"),
        ("WARC-Record-ID", new_id()),
        ("WARC-Date", "2024-01-01T00:00:00Z"),
        ("WARC-Target-URI", url),
        ("WARC-Payload-Digest", digest(body)),
        ("Content-Type", "application/http; msgtype=response"),
    ]
    return member(fields, b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body)


# around the sizes at which a note is filled in another way, and the length of its own length grows
@pytest.mark.parametrize("size", [0, 1, 7, 90, 300, 999, 1000, 59_940, 60_000, 60_100, 119_990, 120_050, 1_000_000])
@pytest.mark.parametrize("plain", [False, True], ids=["gzip", "plain"])
def test_every_length_is_met(tmp_path: Path, size: int, plain: bool) -> None:
    import gzip

    records = [response(f"https://a.example/{n}", os.urandom(size)) for n in range(3)]
    if plain:
        records = [gzip.decompress(record) for record in records]
    path = tmp_path / ("a.warc" if plain else "a.warc.gz")
    path.write_bytes(b"".join(records))
    [_, second, _] = scan(path)
    assert isinstance(second, Found)
    done = remove(path, lambda record: WHY if record.url.endswith("/1") else None)
    assert done == {second.record.record_id: "https://a.example/1"}
    data = path.read_bytes()
    assert len(data) == sum(map(len, records)) and data.startswith(records[0]) and data.endswith(records[2])
    [_, note, _] = scan(path)
    assert isinstance(note, Found) and (note.offset, note.length) == (second.offset, second.length)
    assert note.record.type == "metadata" and note.record.record_id == second.record.record_id
    assert note.record.field(REMOVED) == WHY.at and b"removed: response" in note.record.block
    assert b"\nWARC-Type" not in note.record.block, "a reason forges no field"
    assert [entry.rec_type for entry in ArchiveIterator(io.BytesIO(data))] == ["response", "metadata", "response"]
    before = path.stat().st_mtime_ns
    assert set(remove(path, lambda record: None)) == set(done) and path.stat().st_mtime_ns == before, "once is enough"


def test_another_archive_that_shares_the_file_keeps_its_own(tmp_path: Path) -> None:
    path, other = tmp_path / "a.warc.gz", tmp_path / "b.warc.gz"
    path.write_bytes(whole := response("https://a.example/1", os.urandom(500)))
    other.hardlink_to(path)
    remove(path, lambda record: WHY)
    assert other.read_bytes() == whole != path.read_bytes()


def test_fastwarc_reads_it(tmp_path: Path) -> None:
    fastwarc = pytest.importorskip("fastwarc.warc")
    path = tmp_path / "a.warc.gz"
    path.write_bytes(b"".join(response(f"https://a.example/{n}", os.urandom(70_000)) for n in range(3)))
    remove(path, lambda record: WHY if record.url.endswith("/1") else None)
    with path.open("rb") as file:
        found = [record.headers["WARC-Type"] for record in fastwarc.ArchiveIterator(file)]
    assert found == ["response", "metadata", "response"]
