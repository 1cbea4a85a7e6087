"""Files of other tools get a place in the archive in which each of their records can be read by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from zipfile import ZIP_STORED, ZipFile

import pytest

from archive.warc.foreign_warcs import NoArchive, place
from archive.warc.reader import read, records
from archive.warc.scan import Damage, Found, scan
from tests.crawler import foreign
from tests.crawler.foreign import Fetched

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"


@pytest.fixture(scope="module")
def plain() -> list[bytes]:
    """Records, from tiny ones to one that no single read takes in."""
    random = Random(3)
    sizes = (0, 10, 3_000, 40_000, 300_000)
    then = datetime(2026, 3, 1, tzinfo=UTC)
    return foreign.wget_at(
        [
            Fetched(
                f"http://news.example.edu/{n}",
                then + timedelta(seconds=n),
                b"GET / HTTP/1.1\r\n\r\n",
                HEAD + "".join(random.choices("abc <p>", k=sizes[n % 5])).encode(),
            )
            for n in range(20)
        ]
    )


def told(path: Path) -> Iterator[tuple[str, str, bytes]]:
    for record, _, _ in records(path):
        yield record.type, record.url, record.block


MANNERS = [
    "frames",
    "dictionary",
    "compressed dictionary",
    "extension frames",
    "records of several frames",
    "a later record of several frames",
    "one frame",
]


@pytest.mark.parametrize("manner", MANNERS)
def test_zstandard_in_every_manner(plain: list[bytes], tmp_path: Path, manner: str) -> None:
    uncompressed, packed = tmp_path / "a.warc", tmp_path / "a.warc.zst"
    uncompressed.write_bytes(b"".join(plain))
    packed.write_bytes(foreign.zstandard_files(plain)[manner])
    (guest,) = place(packed, tmp_path / "warc")
    kept = tmp_path / "warc" / guest.warc
    assert guest.damage == ""
    assert list(told(kept)) == list(told(uncompressed))
    assert (kept.read_bytes() == packed.read_bytes()) == (manner != "one frame"), (
        "kept byte for byte where its records can be read by their places"
    )
    for record, offset, _ in records(kept):
        assert read(tmp_path / "warc", guest.warc, offset) == record
    assert place(packed, tmp_path / "warc") == [guest]


@pytest.mark.parametrize("manner", ["compressed dictionary", "records of several frames"])
def test_damage_in_zstandard_is_located_and_the_rest_is_read(plain: list[bytes], tmp_path: Path, manner: str) -> None:
    path = tmp_path / "a.warc.zst"
    data = bytearray(foreign.zstandard_files(plain)[manner])
    path.write_bytes(data)
    whole = [found for found in scan(path) if isinstance(found, Found)]
    victim = whole[20]
    data[victim.offset + victim.length // 2] ^= 0x55
    path.write_bytes(data)
    seen = list(scan(path))
    damages = [found for found in seen if isinstance(found, Damage)]
    assert damages[0].offset == victim.offset
    left = [found.record.record_id for found in seen if isinstance(found, Found)]
    assert left == [found.record.record_id for found in whole if found is not victim]
    for cut in range(victim.offset + 1, victim.offset + victim.length, max(1, victim.length // 7)):
        path.write_bytes(foreign.zstandard_files(plain)[manner][:cut])
        *before, last = scan(path)
        assert isinstance(last, Damage) and last.torn and last.offset == victim.offset
        assert len(before) == 20


def test_a_word_document_on_the_last_page_makes_no_zip_of_it(tmp_path: Path) -> None:
    document = tmp_path / "a.docx"
    with ZipFile(document, "w", ZIP_STORED) as out:
        out.writestr("word/document.xml", "<w>words</w>")
    page = Fetched(
        "http://news.example.edu/a.docx",
        datetime(2026, 3, 1, tzinfo=UTC),
        b"GET /a.docx HTTP/1.1\r\n\r\n",
        HEAD + document.read_bytes(),
    )
    path = tmp_path / "a.warc"
    path.write_bytes(b"".join(foreign.wget_at([page])))
    (guest,) = place(path, tmp_path / "warc")
    assert [kind for kind, _, _ in told(tmp_path / "warc" / guest.warc)] == ["warcinfo", "request", "response"]


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04 and no more",
        b"",
        b"\x5d\x2a\x4d\x18\x05\x00\x00\x00later",
        b"\x5d\x2a\x4d\x18\xff\xff\xff\xff",
        b"\x28\xb5\x2f\xfd",
    ],
)
def test_what_is_no_archive_is_refused_and_leaves_nothing(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.warc.zst"
    path.write_bytes(data)
    with pytest.raises(NoArchive, match=str(path)):
        place(path, tmp_path / "warc")
    assert list((tmp_path / "warc" / "ingested").iterdir()) == []
