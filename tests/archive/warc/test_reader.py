"""Files of other tools, damaged and hostile files: read what is there, name what is not, never more memory than
allowed."""

from __future__ import annotations

import gzip
import tracemalloc
from io import BytesIO
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.warc import http
from archive.warc.layout import member
from archive.warc.reader import DamagedRecord, capture_of, read, records
from archive.warc.scan import Damage, Found, scan
from archive.warc.verify import problems
from tests.archive.warc.samples import HTML, every_kind, exchange, only_file, writer


def record_bytes(block: bytes = b"block", *, length: str | None = None, extra: bytes = b"") -> bytes:
    """An uncompressed resource record."""
    declared = str(len(block)) if length is None else length
    return (
        b"WARC/1.1\r\nWARC-Type: resource\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Target-URI: urn:x\r\n"
        b"WARC-Date: 2023-01-01T00:00:00Z\r\n"
        + extra
        + f"Content-Length: {declared}\r\n\r\n".encode()
        + block
        + b"\r\n\r\n"
    )


def put(folder: Path, data: bytes) -> Path:
    path = folder / "x.warc.gz"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("packed", [True, False])
def test_files_of_warcio(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / "w.warc"
    with path.open("wb") as out:
        warc = WARCWriter(out, gzip=packed, warc_version="1.0")
        warc.write_record(warc.create_warcinfo_record("w.warc", {"software": "x"}))
        head = StatusAndHeaders(
            "200 OK", [("Content-Type", "text/html; charset=gbk"), ("Transfer-Encoding", "chunked")], "HTTP/1.1"
        )
        chunked = b"5;x=y\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"
        made = warc.create_warc_record("http://a.example/", "response", payload=BytesIO(chunked), http_headers=head)
        warc.write_record(made)
        warc.write_record(
            warc.create_warc_record("dns:a.example", "response", payload=BytesIO(b"x"), warc_content_type="text/dns")
        )
    (_, response, dns) = list(records(path))
    record, offset, length = response
    assert (record.status, record.reason, record.payload) == (200, "OK", b"hello world")
    capture = capture_of(record, path.name, offset, length)
    assert (capture.url, capture.mime, capture.site, capture.status) == ("http://a.example/", "text/html", "", 200)
    assert read(tmp_path, path.name, offset) == record
    assert (dns[0].status, dns[0].payload) == (None, b"x")
    assert offset + length == dns[1]
    assert dns[1] + dns[2] == path.stat().st_size


def test_an_arc_file(tmp_path: Path) -> None:
    page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>old</p>"
    version = b"1 0 Example\nURL IP-address Archive-date Content-type Archive-length\n"
    data = b"filedesc://x.arc 0.0.0.0 20050101000000 text/plain %d\n%b\n" % (len(version), version)
    data += b"http://a.example/ 127.0.0.1 20050101000001 text/html %d\n%b\n" % (len(page), page)
    for name, stored in (
        ("x.arc", data),
        ("x.arc.gz", gzip.compress(data[: data.index(b"http://a.")]) + gzip.compress(data[data.index(b"http://a.") :])),
    ):
        (tmp_path / name).write_bytes(stored)
        record, offset, length = list(records(tmp_path / name))[-1]
        assert (record.type, record.url, record.status, record.payload) == (
            "response",
            "http://a.example/",
            200,
            b"<p>old</p>",
        )
        assert capture_of(record, name, offset, length).fetched_at == "2005-01-01T00:00:01Z"


def test_a_record_is_found_while_its_file_is_written(tmp_path: Path) -> None:
    warc = writer(tmp_path)
    page = warc.write(exchange())
    assert read(tmp_path, page.warc, page.offset).payload == HTML
    warc.close()
    assert read(tmp_path, page.warc, page.offset).payload == HTML


def test_errors_name_file_and_offset(tmp_path: Path) -> None:
    [*_, page] = every_kind(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"nothing\.warc\.gz is missing"):
        read(tmp_path, "nothing.warc.gz", 0)
    with pytest.raises(DamagedRecord, match=f"{page.warc}, offset {page.offset + 1}: no WARC version line"):
        read(tmp_path, page.warc, page.offset + 1)
    with pytest.raises(DamagedRecord, match="the file ends before it"):
        read(tmp_path, page.warc, 10**9)
    for name in ("../secret", "/etc/passwd", "2023/../../x"):
        with pytest.raises(ValueError, match="outside"):
            read(tmp_path, name, 0)


def test_damage_in_the_middle_is_told_and_the_rest_read(tmp_path: Path) -> None:
    every_kind(tmp_path)
    path = only_file(tmp_path)
    whole = list(records(path))
    data = bytearray(path.read_bytes())
    _, offset, length = whole[4]
    data[offset + length // 2] ^= 0x55
    path.write_bytes(data)
    with pytest.raises(DamagedRecord, match=f"offset {offset}: "):
        list(records(path))
    damages: list[Damage] = []
    assert list(records(path, on_damage=damages.append)) == whole[:4] + whole[5:]
    assert [(damage.offset, damage.length, damage.torn) for damage in damages] == [(offset, length, False)]


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (record_bytes(length="999999999999999"), "more than"),
        (record_bytes(length="900000"), "of 900000 bytes"),
        (record_bytes(length="-5"), "Content-Length -5"),
        (record_bytes(length="+5"), "Content-Length"),
        (record_bytes(length="５"), "Content-Length"),
        (record_bytes(length="9" * 5000), "Content-Length"),
        (record_bytes(extra=b"Content-Length: 6\r\n"), "Content-Length 6, 5"),
        (record_bytes(length="3"), "two line ends"),
        (record_bytes(extra=b"X: " + b"a" * (3 << 20) + b"\r\n"), "named fields of more than"),
        (record_bytes(extra=b"a: b\r\n" * (1 << 18)), "named fields of more than"),
        (b"HTTP/1.1 200 OK\r\n\r\n", "no WARC version"),
        (b"\x00" * (4 << 20), "no WARC version"),
        (record_bytes(b"\x00" * (64 << 20)), "more than"),
    ],
    ids=range(13),
)
def test_hostile_records(tmp_path: Path, data: bytes, reason: str, packed: bool) -> None:
    good = record_bytes()
    pack = gzip.compress if packed else bytes
    path = put(tmp_path, pack(good) + pack(data))
    del data
    tracemalloc.start()
    found = list(scan(path, limit=1 << 20))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 16 << 20
    assert isinstance(found[0], Found)
    assert isinstance(found[1], Damage)
    assert reason in found[1].reason


def test_bytes_of_a_gzip_that_decode_to_nothing(tmp_path: Path) -> None:
    empty_blocks = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" + b"\x00\x00\x00\xff\xff" * 400_000
    name_without_end = b"\x1f\x8b\x08\x08\x00\x00\x00\x00\x00\x03" + b"a" * 2_000_000
    for data in (empty_blocks, name_without_end, b"\x1f\x8b\x08\xff" * 100_000):
        [damage] = scan(put(tmp_path, data))
        assert isinstance(damage, Damage)
        assert damage.torn


def test_several_records_in_one_member_are_refused_clearly(tmp_path: Path) -> None:
    [damage] = scan(put(tmp_path, gzip.compress(record_bytes() * 2)))
    assert isinstance(damage, Damage)
    assert "more than one record" in damage.reason


@pytest.mark.parametrize("dictionary", ["none", "plain", "compressed"])
def test_files_of_zstandard_frames(tmp_path: Path, dictionary: str) -> None:
    """As https://iipc.github.io/warc-specifications/specifications/warc-zstd/ has them."""
    samples = [record_bytes(b"%d words of a page" % n * 20, extra=b"X-N: %d\r\n" % n) for n in range(200)]
    trained = zstandard.train_dictionary(2000, samples)
    head, compressor = b"", zstandard.ZstdCompressor()
    if dictionary != "none":
        stored = trained.as_bytes() if dictionary == "plain" else zstandard.compress(trained.as_bytes())
        head, compressor = (
            b"\x5d\x2a\x4d\x18" + len(stored).to_bytes(4, "little") + stored,
            zstandard.ZstdCompressor(dict_data=trained),
        )
    frames = [compressor.compress(sample) for sample in samples]
    path = tmp_path / "x.warc.zst"
    path.write_bytes(head + b"".join(frames))
    found = list(records(path))
    assert [record.block for record, _, _ in found] == [b"%d words of a page" % n * 20 for n in range(200)]
    assert found[0][1] == len(head)
    assert [length for _, _, length in found] == [len(frame) for frame in frames]
    assert read(tmp_path, path.name, found[77][1]) == found[77][0]
    path.write_bytes(head + frames[0] + frames[1][:20] + b"\xff" + frames[1][21:] + frames[2] + frames[3][:-1])
    good, bad, again, torn = scan(path)
    assert isinstance(good, Found)
    assert isinstance(again, Found)
    assert isinstance(bad, Damage)
    assert isinstance(torn, Damage)
    assert (again.record, torn.torn, torn.reason) == (found[2][0], True, "the Zstandard frame is cut off")


def test_a_zstandard_bomb(tmp_path: Path) -> None:
    path = put(tmp_path, zstandard.compress(record_bytes(bytes(200 << 20)), 19))
    tracemalloc.start()
    [damage] = scan(path, limit=1 << 20)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 32 << 20
    assert isinstance(damage, Damage)


def test_folded_lines_without_end_take_no_time(tmp_path: Path) -> None:
    """Joining them one by one would copy a terabyte."""
    [found] = scan(put(tmp_path, record_bytes(extra=b"X: y\r\n" + b" z\n" * 300_000)))
    assert isinstance(found, Found)
    assert len(found.record.field("X") or "") == 600_001
    head = http.parse(b"HTTP/1.1 200 OK\r\nX: y\r\n" + b" z\n" * 1_000_000)
    assert len(head.headers) == 1
    assert len(head.headers[0][1]) == 2_000_001


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400), st.booleans(), st.integers(0, 200))
def test_any_bytes_are_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes, packed: bool, cut: int
) -> None:
    """Records and damages cover the file without gap or overlap."""
    good = gzip.compress(record_bytes()) if packed else record_bytes()
    data = good + noise + good + good[: cut % len(good)]
    path = put(tmp_path_factory.getbasetemp(), data)
    at = 0
    for found in scan(path):
        assert found.offset == at
        at += found.length
    assert at == len(data)


@given(st.binary(max_size=300))
def test_heads_of_any_bytes(message: bytes) -> None:
    head, body = http.split(message)
    assert head + body == message
    parsed = http.parse(head)
    assert parsed.status is None or 0 <= parsed.status <= 999
    http.media_type(head)
    http.dechunk(message)


@given(st.lists(st.binary(min_size=1, max_size=40)))
def test_dechunk_undoes_chunking(pieces: list[bytes]) -> None:
    framed = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
    assert http.dechunk(framed) == b"".join(pieces)


@pytest.mark.parametrize("line", [b"no colon", b": no name", b"}"])
def test_a_line_without_a_name_is_a_remark_where_a_checksum_says_that_it_was_written_so(
    tmp_path: Path, line: bytes
) -> None:
    data = record_bytes(extra=line + b"\r\n")
    [plain] = scan(put(tmp_path, data))
    assert isinstance(plain, Damage) and "without colon" in plain.reason
    [packed] = scan(put(tmp_path, gzip.compress(data)))
    assert isinstance(packed, Found) and packed.record.block == b"block"
    assert [kind for kind, text in problems(packed.record) if "without a name" in text] == ["field"]


@pytest.mark.parametrize(
    "version",
    [b"WARC/0.17", b"WARC/0.18", b"WARC/1.0 ", b"WARC/1.1\t", b"WARC/1.2"],
    ids=lambda version: version.decode(),
)
@pytest.mark.parametrize("damage", [b"JUNK\r\n", bytes(4096)], ids=["junk", "zeros"])
def test_behind_a_damage_records_of_every_version_are_found(tmp_path: Path, version: bytes, damage: bytes) -> None:
    good = record_bytes().replace(b"WARC/1.1", version)
    found = list(scan(put(tmp_path, good + damage + good)))
    assert [type(one) for one in found] == [Found, Damage, Found]
    assert isinstance(found[1], Damage) and found[1].length == len(damage)


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize(
    "before", [bytes(600), b"PK\x03\x04 and so on", b"\r\n#!/bin/sh\r\n"], ids=["zeros", "zip", "text"]
)
def test_what_stands_before_the_first_record_costs_none(tmp_path: Path, before: bytes, packed: bool) -> None:
    good = record_bytes()
    found = list(scan(put(tmp_path, before + (gzip.compress(good) if packed else b"\n" + good))))
    assert [type(one) for one in found] == [Damage, Found]


def test_fields_as_text_whatever_bytes_they_are(tmp_path: Path) -> None:
    head = b"X-Folded:\r\n folded\r\n\tlines\r\nX-Raw: a\xb5\xc6\xff\xe5\x9b\xbe\r\n"
    [found] = scan(put(tmp_path, record_bytes(extra=head)))
    assert isinstance(found, Found)
    assert found.record.field("X-Folded") == "folded lines"
    assert found.record.field("X-Raw") == "a%B5%C6%FF%E5%9B%BE"
    packed = member([pair for pair in found.record.fields if pair[0] != "Content-Length"], found.record.block)
    assert b"X-Raw: a\xb5\xc6\xff\xe5\x9b\xbe\r\n" in gzip.decompress(packed), "written again they are what they were"
