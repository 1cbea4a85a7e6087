"""Our index against cdxj-indexer's, line by line."""

from __future__ import annotations

import random
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.warc.layout import member
from crawler.cli import main
from tests.archive.warc.samples import every_kind, exchange, writer

indexer = pytest.importorskip("cdxj_indexer.main", reason="cdxj-indexer is in the interchange extra")
from archive.warc.cdx import key_of, lines  # noqa: E402
from archive.warc.verify import files  # noqa: E402


def theirs(folder: Path) -> list[str]:
    out = folder.parent / "theirs.cdxj"
    indexer.CDXJIndexer(str(out), [str(folder)], sort=True, dir_root=str(folder)).process_all()
    return out.read_text().splitlines()


def foreign(folder: Path) -> None:
    """A file of warcio with what we never write: no digest, metadata, dns, odd types and addresses."""
    with (folder / "foreign.warc").open("wb") as out:
        warc = WARCWriter(out, gzip=False, warc_version="1.0")
        warc.write_record(warc.create_warcinfo_record("x", {"software": "y"}))
        for url, mime in (
            ("http://A.example:80/x?b=2&a=1#f", "Text/HTML ; charset=x"),
            ("http://b.example", ""),
            ("https://新闻.cn/é", "a/b,c/d"),
        ):
            head = StatusAndHeaders("404 Not here", [("Content-Type", mime)], protocol="HTTP/1.0")
            record = warc.create_warc_record(url, "response", payload=BytesIO(b"x"), http_headers=head)
            warc.write_record(record)
        warc.write_record(
            warc.create_warc_record("dns:a.example", "response", payload=BytesIO(b"x"), warc_content_type="text/dns")
        )
        warc.write_record(
            warc.create_warc_record("urn:x", "metadata", payload=BytesIO(b"x"), warc_content_type="application/json")
        )
        warc.write_record(
            warc.create_warc_record(
                "urn:y", "metadata", payload=BytesIO(b"x"), warc_content_type="application/warc-fields"
            )
        )


def test_the_same_lines_as_cdxj_indexer(tmp_path: Path) -> None:
    folder = tmp_path / "warc"
    captures = every_kind(folder)
    rnd = random.Random(5)
    with writer(folder) as warc:
        for n in range(200):
            address = f"http://{rnd.choice(['a', 'www.b', 'C'])}.example/{rnd.randrange(20)}?q={rnd.randrange(3)}"
            warc.write(exchange(b"%d" % n, url=address, response_head=b"HTTP/1.1 200 OK\r\n\r\n"))
    foreign(folder)
    expected = theirs(folder)
    assert list(lines(files(folder))) == expected
    assert len(expected) == len(captures) + 200 + 5
    shown = CliRunner().invoke(main, ["-C", str(tmp_path), "cdx"])
    assert shown.stdout.splitlines() == expected
    out = tmp_path / "index.cdxj"
    written = CliRunner().invoke(main, ["-C", str(tmp_path), "cdx", str(out)])
    assert written.exit_code == 0
    assert out.read_text().splitlines() == expected
    assert not list(tmp_path.glob(".index*"))


def test_damage_is_told_and_the_rest_indexed(tmp_path: Path) -> None:
    folder = tmp_path / "warc"
    captures = every_kind(folder)
    [(path, name)] = files(folder)
    data = bytearray(path.read_bytes())
    data[captures[1].offset + 30] ^= 0xFF
    no_date = member([("WARC-Type", "response"), ("WARC-Date", "never"), ("WARC-Target-URI", "http://a/")], b"x")
    path.write_bytes(bytes(data) + no_date)
    done = CliRunner().invoke(main, ["-C", str(tmp_path), "cdx", str(tmp_path / "out")])
    assert done.exit_code == 5
    assert f"damaged: {name}, offset {captures[1].offset}: " in done.stderr
    assert f"damaged: {name}, offset {len(data)}: not indexed: " in done.stderr
    assert len((tmp_path / "out").read_text().splitlines()) == len(captures) - 1


def test_a_folder_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    every_kind(tmp_path / "warc")
    done = CliRunner().invoke(main, ["-C", str(tmp_path), "cdx", str(tmp_path / "none/out")])
    assert done.exit_code == 1
    assert "was not written" in done.output


@given(st.one_of(st.text(), st.text().map(lambda rest: f"http://{rest}")))
def test_every_address_has_a_key(url: str) -> None:
    assert isinstance(key_of(url), str)


def test_answers_of_304_are_left_out_for_players(tmp_path: Path) -> None:
    captures = every_kind(tmp_path / "warc")
    unchanged = {capture.url for capture in captures if capture.status == 304}
    assert unchanged
    found = list(files(tmp_path / "warc"))
    every, shown = list(lines(found)), list(lines(found, shown_alone=True))
    assert shown == [line for line in every if '"status": "304"' not in line]
    assert len(every) > len(shown) > 0
