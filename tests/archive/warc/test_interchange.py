"""Files we write, read by other people's tools."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from warcio.archiveiterator import ArchiveIterator

from archive.capture import Capture
from archive.warc.reader import capture_of, read, records
from archive.warc.record import Record
from tests.archive.warc.samples import every_kind, only_file


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Capture]]:
    folder = tmp_path_factory.mktemp("warc")
    captures = every_kind(folder)
    return folder, captures


def ours(folder: Path) -> list[Record]:
    return [record for record, _, _ in records(only_file(folder))]


def test_read_gives_back_the_captures_that_write_gave(written: tuple[Path, list[Capture]]) -> None:
    folder, captures = written
    again = [capture_of(read(folder, c.warc, c.offset), c.warc, c.offset, c.length) for c in captures]
    assert again == captures
    walked = [
        capture_of(record, captures[0].warc, offset, length)
        for record, offset, length in records(only_file(folder))
        if record.type not in ("warcinfo", "request")
    ]
    assert sorted(walked, key=lambda c: c.offset) == sorted(captures, key=lambda c: c.offset)


def test_warcio_reads_the_same(written: tuple[Path, list[Capture]]) -> None:
    folder, _ = written
    theirs = []
    with only_file(folder).open("rb") as file:
        for record in ArchiveIterator(file, check_digests="raise"):
            head = record.http_headers
            theirs.append(
                (
                    record.rec_headers.headers,
                    head and head.headers if record.rec_type != "request" else None,
                    record.raw_stream.read(),
                )
            )
    expected = []
    for record in ours(folder):
        headers = record.http_headers if record.is_http else None
        expected.append((list(record.fields), headers if record.type != "request" else None, record.payload))
    assert [(fields, body) for fields, _, body in theirs] == [(fields, body) for fields, _, body in expected]
    assert [_utf8(headers) for _, headers, _ in theirs] == [_utf8(headers) for _, headers, _ in expected]


def _utf8(headers: list[tuple[str, str]] | None) -> list[tuple[str, bytes]] | None:
    return headers and [(name, value.encode("latin-1")) for name, value in headers]


def test_fastwarc_reads_the_same(written: tuple[Path, list[Capture]]) -> None:
    folder, _ = written
    theirs = []
    with only_file(folder).open("rb") as file:
        for record in FastIterator(file, parse_http=False):
            theirs.append((record.record_id, record.verify_block_digest(), record.reader.read()))
            assert list(record.headers.astuples())
    assert [(name, digest, block) for name, digest, block in theirs] == [
        (record.record_id, True, record.block) for record in ours(folder)
    ]


def test_warcio_check_has_no_complaint(written: tuple[Path, list[Capture]]) -> None:
    folder, _ = written
    check = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", "-v", str(only_file(folder))], capture_output=True, text=True
    )
    assert check.returncode == 0, check.stdout + check.stderr
    assert "digest pass" in check.stdout
    assert "fail" not in check.stdout


def test_cdxj_indexer_finds_every_capture(written: tuple[Path, list[Capture]]) -> None:
    folder, captures = written
    from cdxj_indexer.main import CDXJIndexer

    out = folder.parent / "index.cdxj"
    CDXJIndexer(str(out), [str(only_file(folder))]).process_all()
    lines = [json.loads(line.split(" ", 2)[2]) for line in out.read_text().splitlines()]
    assert sorted((int(line["offset"]), int(line["length"]), line["digest"]) for line in lines) == sorted(
        (capture.offset, capture.length, capture.payload_digest) for capture in captures
    )


def test_content_length_agrees_with_the_stored_payload(written: tuple[Path, list[Capture]]) -> None:
    """`warcio check` passes files where it does not; a revisit stores no payload, a truncated one not all of it."""
    folder, _ = written
    compared = 0
    for record in ours(folder):
        lengths = [int(value) for name, value in record.http_headers if name.lower() == "content-length"]
        if record.type in ("response", "request") and lengths and not record.field("WARC-Truncated"):
            assert lengths == [len(record.payload)]
            compared += 1
    assert compared >= 2
