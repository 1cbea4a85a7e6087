"""Every file that the program makes is read by the libraries of others, which find the same records in it.

warcio, FastWARC and cdxj-indexer are here; `make readers` fetches pywb and warcio.js, each apart from our packages.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import subprocess
import zipfile
from collections import Counter
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from cdxj_indexer.main import CDXJIndexer
from click.testing import CliRunner
from fastwarc import ArchiveIterator as FastIterator
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from archive.store.store import Archive
from crawler.cli import main
from tests.archive.warc.samples import INFO, exchange
from tests.benchmarks import archive_folder
from tests.crawler.diary import HOST, TOML, College, Diary
from tests.crawler.recorders import found
from tests.patience import PATIENCE

WARCIO_JS = "CAMPUSWARC_WARCIO_JS"
_SCRIPT = """
import { WARCParser } from "warcio";
import fs from "fs";
import { createHash } from "crypto";
for (const path of process.argv.slice(2))
  for await (const record of new WARCParser(fs.createReadStream(path))) {
    const block = createHash("sha1");
    for await (const chunk of record.reader) block.update(chunk);
    console.log(JSON.stringify([path, record.warcType, record.warcHeaders.headers.get("WARC-Record-ID"),
      block.digest("hex")]));
  }
"""


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """A record as a reader gives it."""

    file: str
    type: str
    id: str
    sha1: str  # of its payload as stored: what follows the HTTP head, or the block


def say(folder: Path, *words: str) -> None:
    done = CliRunner().invoke(main, ["-C", str(folder), *words])
    assert done.exit_code == 0, (words, done.output)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """WARC files of every kind the program makes."""
    place = tmp_path_factory.mktemp("made")
    college = College(3)
    made = {name: Diary(archive_folder.make(place / name, TOML), college) for name in ("archive", "other", "guest")}
    for diary in made.values():
        diary.day(0)
    home = made["archive"].home.folder
    made["archive"].day(1)  # revisits
    archive = Archive(home, info=INFO)  # what no page of a diary is: drawn, posted for, cut, with odd heads, in a hurry
    _, sent = archive.record(exchange(b"<html>as sent</html>", url=f"{HOST}/drawn", site="hill"))
    archive.record_rendering(sent, "<html><p>drawn</p></html>", "Chromium 1", b"Content-Language: en\r\n")
    archive.record(exchange(b"cut", url=f"{HOST}/cut", site="hill", truncated="length"))
    archive.record(exchange(gzip.compress(b"packed"), url=f"{HOST}/新闻", site="hill", request_body=b"page=2"))
    archive.commit()
    archive.record(exchange(b"of a killed run", url=f"{HOST}/late", site="hill", interim=b"HTTP/1.1 103 Early\r\n\r\n"))
    archive.abandon()
    [warc, *_] = made["guest"].home.warc.rglob("*.warc.gz")
    (place / "stream.warc.gz").write_bytes(gzip.compress(gzip.decompress(warc.read_bytes()), mtime=0))
    say(home, "ingest", str(place / "stream.warc.gz"))  # not a member a record: written anew
    say(home, "merge", str(made["other"].home.folder))
    say(home, "withhold", f"{HOST}/news/2026/2.html", "--depth", "removed", "--reason", "x", "--yes")
    say(home, "seal")
    say(home, "export", "warc", str(place / "out.warc.gz"))
    say(home, "export", "warc", str(place / "captures.warc.gz"), "--captures")
    say(home, "export", "wacz", str(place / "out.wacz"))
    say(home, "export", "bagit", str(place / "bag"))
    with zipfile.ZipFile(place / "out.wacz") as wacz:
        for name in wacz.namelist():
            if name.endswith(".warc.gz"):
                (place / f"wacz-{Path(name).name}").write_bytes(wacz.read(name))
    assert not list(place.rglob("*.open"))
    return [path for path in sorted(place.rglob("*.warc.gz")) if path.name != "stream.warc.gz"]


@pytest.fixture(scope="module")
def records(files: list[Path]) -> list[Found]:
    """As warcio finds them."""
    told = []
    for path in files:
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream):
                id_ = record.rec_headers.get_header("WARC-Record-ID")
                told.append(Found(str(path), record.rec_type, id_, _sha1(record.raw_stream.read())))
    return told


def _sha1(data: bytes) -> str:
    return hashlib.sha1(data).hexdigest()


def test_there_is_a_file_of_each_kind(files: list[Path], records: list[Found]) -> None:
    names = " ".join(map(str, files))
    for kind in ("/archive/warc/ingested", "/archive/warc/merged", "/other/", "out.warc.gz", "/wacz-", "/bag/"):
        assert kind in names, kind
    types = {one.type for one in records}
    assert types == {"warcinfo", "request", "response", "revisit", "resource", "conversion", "metadata"}


def test_warcio_checks_each(files: list[Path]) -> None:
    checker = Checker(SimpleNamespace(verbose=True, inputs=[]))  # what the command line would give
    for path in files:
        checker.process_one(str(path))
        assert checker.exit_value == 0, path


def test_fastwarc_finds_the_same(files: list[Path], records: list[Found]) -> None:
    told = []
    for path in files:
        for record in FastIterator(path.open("rb"), parse_http=False, verify_digests=True):
            told.append(Found(str(path), str(record.record_type).rpartition(".")[2], record.record_id, ""))
    assert told == [Found(one.file, one.type, one.id, "") for one in records]


def indexable(records: list[Found]) -> list[tuple[str, str]]:
    """File and type of what an index of captures names: answers, and what stands for one."""
    kinds = ("response", "revisit", "resource", "conversion")
    return [(Path(one.file).name, one.type) for one in records if one.type in kinds]


def test_cdxj_indexer_finds_the_same(files: list[Path], records: list[Found]) -> None:
    out = StringIO()
    CDXJIndexer(
        out, list(map(str, files)), records="response,revisit,resource,conversion", fields="warc-type"
    ).process_all()
    told = [json.loads(line[line.index("{") :]) for line in out.getvalue().splitlines()]
    assert [(Path(one["filename"]).name, one["warc-type"]) for one in told] == indexable(records)


def test_pywb_indexes_the_same(files: list[Path], records: list[Found]) -> None:
    program = Path(found("wayback", "CAMPUSWARC_PYWB", "make readers")).with_name("cdx-indexer")
    done = subprocess.run(
        [program, "--cdxj", "--verify", *files], capture_output=True, text=True, timeout=PATIENCE, check=True
    )
    told = [json.loads(line[line.index("{") :]) for line in done.stdout.splitlines()]
    answers = Counter(one["filename"] for one in told if one["url"].startswith("http"))
    assert answers == Counter(
        Path(one.file).name for one in records if one.type in ("response", "revisit", "conversion")
    )


def test_warcio_js_finds_the_same(files: list[Path], records: list[Found], tmp_path: Path) -> None:
    node = found("node", "CAMPUSWARC_NODE", "Debian: apt install nodejs")
    modules = Path(found("node_modules of warcio.js", WARCIO_JS, "make readers"))
    (tmp_path / "node_modules").symlink_to(modules.absolute())
    (tmp_path / "read.mjs").write_text(_SCRIPT)
    done = subprocess.run(
        [node, "read.mjs", *files], cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE, check=True
    )
    assert [Found(*json.loads(line)) for line in done.stdout.splitlines()] == records
