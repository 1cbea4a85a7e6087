"""Damage in an uncompressed file costs what is damaged, and not the good records behind it."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable

import pytest
import zstandard as zstd

from archive.warc.scan import Damage, Found, scan_file
from archive.warc.verify import problems

GOOD = b"WARC/1.0\r\nWARC-Type: request\r\nContent-Length: 400\r\n\r\n" + b"g" * 400 + b"\r\n\r\n"
CUT = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 3000\r\n\r\n" + b"r" * 2970 + b"\r\n\r\n"  # 30 bytes short
HEAD = b"WARC/1.0\r\nContent-Length: 3\r\n\r\nxx\r\n\r\n"  # as a page about WARC files may quote it; 2 of 3 bytes


@pytest.mark.parametrize(
    ("data", "good", "damages"),
    [
        ((GOOD + CUT) * 2000, 2000, 2000),
        (b"WARC/1.0\r\nContent-Length: 99999999\r\n\r\n" + HEAD * 130 + GOOD * 2200, 2200, 131),
    ],
    ids=["every other record", "a page of quoted heads"],
)
def test_every_good_record_of_a_damaged_file_is_found(data: bytes, good: int, damages: int) -> None:
    found = [*scan_file(io.BufferedReader(io.BytesIO(data)))]
    assert sum(isinstance(one, Found) for one in found) == good
    assert sum(isinstance(one, Damage) for one in found) == damages
    assert sum(one.length for one in found) == len(data)


def record(number: int, ends: bytes) -> bytes:
    """One whose block ends with a line, as pages do."""
    block = b"the page of record %d\n" % number
    return b"WARC/1.0\r\nWARC-Type: resource\r\nContent-Length: %d\r\n\r\n" % len(block) + block + ends


PACKED: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "zstandard": lambda data: zstd.ZstdCompressor().compress(data),
}


@pytest.mark.parametrize("packed", PACKED.values(), ids=PACKED)
@pytest.mark.parametrize("ends", [b"", b"\r\n", b"\r\n" * 3, b"\r\n" * 7, b"\n", b"\n\n", b"\n" * 5], ids=repr)
def test_wrong_line_ends_behind_a_whole_block_are_a_remark_and_cost_nothing(
    packed: Callable[[bytes], bytes], ends: bytes
) -> None:
    for wrong in range(3):  # the first, one between, the last
        data = b"".join(packed(record(n, ends if n == wrong else b"\r\n\r\n")) for n in range(3))
        found = [*scan_file(io.BufferedReader(io.BytesIO(data)))]
        assert [one.record.block for one in found if isinstance(one, Found)] == [
            b"the page of record %d\n" % n for n in range(3)
        ]
        assert sum(one.length for one in found) == len(data)
        said = [
            [text for kind, text in problems(one.record) if "line ends" in text]
            for one in found
            if isinstance(one, Found)
        ]
        assert [bool(texts) for texts in said] == [n == wrong for n in range(3)]


@pytest.mark.parametrize("packed", PACKED.values(), ids=PACKED)
@pytest.mark.parametrize("rest", [b"\n\r\n\r\n", b"x\r\n\r\n", b"\0\0\r\n\r\n", b"\r\n" * 40], ids=repr)
def test_what_is_no_line_end_is_damage(packed: Callable[[bytes], bytes], rest: bytes) -> None:
    data = packed(record(0, rest)) + packed(record(1, b"\r\n\r\n"))
    found = [*scan_file(io.BufferedReader(io.BytesIO(data)))]
    assert sum(isinstance(one, Damage) for one in found) == 1
    assert [one.record.block for one in found if isinstance(one, Found)][-1:] == [b"the page of record 1\n"]


@pytest.mark.parametrize("split", range(1, 8))
def test_a_record_in_several_frames_has_its_line_ends_in_any_of_them(split: int) -> None:
    compress = zstd.ZstdCompressor().compress
    whole = record(0, b"\r\n\r\n")
    data = compress(whole[:-split]) + compress(whole[-split:]) + compress(record(1, b""))
    found = [*scan_file(io.BufferedReader(io.BytesIO(data)))]
    assert [one.record.block for one in found if isinstance(one, Found)] == [
        b"the page of record 0\n",
        b"the page of record 1\n",
    ]
