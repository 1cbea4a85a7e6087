"""Damage in an uncompressed file costs what is damaged, and not the good records behind it."""

from __future__ import annotations

import io

import pytest

from archive.warc.scan import Damage, Found, scan_file

GOOD = b"WARC/1.0\r\nWARC-Type: request\r\nContent-Length: 400\r\n\r\n" + b"g" * 400 + b"\r\n\r\n"
CUT = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 3000\r\n\r\n" + b"r" * 2970 + b"\r\n\r\n"  # 30 bytes short
HEAD = b"WARC/1.0\r\nContent-Length: 3\r\n\r\nxx\r\n\r\n"  # as a page about WARC files may quote it; 2 of 3 bytes


@pytest.mark.parametrize(("data", "good", "damages"), [
    ((GOOD + CUT) * 2000, 2000, 2000),
    (b"WARC/1.0\r\nContent-Length: 99999999\r\n\r\n" + HEAD * 130 + GOOD * 2200, 2200, 131),
], ids=["every other record", "a page of quoted heads"])
def test_every_good_record_of_a_damaged_file_is_found(data: bytes, good: int, damages: int) -> None:
    found = [*scan_file(io.BufferedReader(io.BytesIO(data)))]
    assert sum(isinstance(one, Found) for one in found) == good
    assert sum(isinstance(one, Damage) for one in found) == damages
    assert sum(one.length for one in found) == len(data)
