"""WACZ 1.1.1 (specs.webrecorder.net/wacz): the captures of a selection with index and page list in one ZIP."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any
from uuid import NAMESPACE_URL, uuid5
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from archive.exports import warc
from archive.exports.facts import Facts
from archive.exports.record_formats import Content
from archive.exports.selection import Selection
from archive.warc import cdx

ORIGINALS = True
_LINES = 1024  # of a block of the index
_WARC = "data.warc.gz"
# APPNOTE's growth hint of no length: ReplayWeb.page passes over the extra field of a member's own head, in which its
# 64-bit sizes are, only where the directory at the end has an extra field too
_EXTRA = struct.pack("<HHHH", 0xA220, 4, 0xA028, 0)
_PAGES = """
select c.url, c.fetched_at, v.title, v.body
from temp.taken join captures c using (id) join versions v on v.capture = c.id
where v.article in (select id from temp.chosen)
"""
# the pages among captures that were chosen by themselves: those that were read have a title and a text
_CAPTURED = """
select c.url, c.fetched_at, coalesce(v.title, c.url), coalesce(v.body, '')
from temp.wanted join captures c using (id) left join versions v on v.capture = c.id
where c.status = 200 and c.kind != 'requisite' and c.mime in ('text/html', 'application/xhtml+xml')
"""


@dataclass(slots=True)
class _Zip:
    """A ZIP that knows its members' digests, and whose own bytes depend on nothing else."""

    file: ZipFile
    resources: list[dict[str, Any]]

    def add(self, name: str, pieces: Iterable[bytes], *, store: bool) -> None:
        info = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        # players read WARC and index by their offsets in the ZIP
        info.compress_type = ZIP_STORED if store else ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        info.extra = _EXTRA
        digest, size = sha256(), 0
        with self.file.open(info, "w", force_zip64=True) as out:
            for piece in pieces:
                out.write(piece)
                digest.update(piece)
                size += len(piece)
        self.resources.append(
            {
                "name": name.rpartition("/")[2].lower(),
                "path": name,
                "hash": f"sha256:{digest.hexdigest()}",
                "bytes": size,
            }
        )


def write(path: Path, content: Content) -> None:
    """A new WACZ, signed if so wished. Scratch files lie beside `path`."""
    selection, facts, signer = content.selection, content.facts, content.signer
    with TemporaryDirectory(dir=path.parent) as scratch, ZipFile(path, "x") as file:
        packed, table = Path(scratch) / _WARC, Path(scratch) / "index.cdx.gz"
        warc.write_records(packed, content.captures, facts, resolve=False, on_record=content.on_record)
        zipped = _Zip(file, [])
        with packed.open("rb") as data:
            zipped.add(f"archive/{_WARC}", _pieces(data), store=True)
        with table.open("wb") as out:
            heads = list(_index(cdx.lines([(packed, _WARC)], shown_alone=True), out))
        with table.open("rb") as data:
            zipped.add("indexes/index.cdx.gz", _pieces(data), store=True)
        zipped.add("indexes/index.idx", heads, store=False)
        zipped.add("pages/pages.jsonl", _pages(selection), store=False)
        resources = list(zipped.resources)
        package = _package(facts, resources, _main_page(selection))
        description = json.dumps(package, ensure_ascii=False, indent=2).encode()
        zipped.add("datapackage.json", [description], store=False)
        stated: dict[str, Any] = {"path": "datapackage.json", "hash": f"sha256:{sha256(description).hexdigest()}"}
        if signer is not None:
            stated["signedData"] = signer.signed(stated["hash"], created=package["created"], software=facts.software)
        zipped.add("datapackage-digest.json", [json.dumps(stated, indent=2).encode()], store=False)


def _index(lines: Iterator[str], out: IO[bytes]) -> Iterator[bytes]:
    """The compressed index into `out`; the lines of the index to it, one for each block."""
    meta = {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}
    yield f"!meta 0 {json.dumps(meta)}\n".encode()
    offset = 0
    while block := list(islice(lines, _LINES)):
        gzip = zlib.compressobj(wbits=31)
        data = gzip.compress("".join(f"{line}\n" for line in block).encode()) + gzip.flush()
        out.write(data)
        place = {"offset": offset, "length": len(data), "digest": f"sha256:{sha256(data).hexdigest()}"}
        yield f"{block[0].partition('{')[0].strip()} {json.dumps(place)}\n".encode()
        offset += len(data)


def _pages(selection: Selection) -> Iterator[bytes]:
    """pages.jsonl: the articles' pages, each as often as it was captured anew."""
    head = {"format": "json-pages-1.0", "id": "pages", "title": "Pages", "hasText": True}
    yield json.dumps(head).encode() + b"\n"
    for url, at, title, text in selection.db.conn.execute(f"{_named(selection)} order by c.fetched_at, c.url"):
        page = {"id": uuid5(NAMESPACE_URL, f"{at} {url}").hex, "url": url, "title": title, "ts": at, "text": text}
        yield json.dumps({name: value for name, value in page.items() if value}, ensure_ascii=False).encode() + b"\n"


def _main_page(selection: Selection) -> tuple[str, str] | None:
    """Address and time of the page to open first: the newest."""
    newest = f"{_named(selection)} order by c.fetched_at desc, c.url limit 1"
    row = selection.db.conn.execute(newest).fetchone()
    return (row[0], row[1]) if row else None


def _named(selection: Selection) -> str:
    return _CAPTURED if selection.filters.captures else _PAGES


def _package(facts: Facts, resources: list[dict[str, Any]], main: tuple[str, str] | None) -> dict[str, Any]:
    return {
        "profile": "data-package",
        "wacz_version": "1.1.1",
        "title": "College news",
        "description": f"{facts.subject()[:1].upper()}{facts.subject()[1:]}",
        "software": facts.software,
        "created": facts.last_seen,
        "modified": facts.last_seen,
        **({"mainPageUrl": main[0], "mainPageDate": main[1]} if main else {}),
        "resources": resources,
        "campuswarc": {"filters": facts.filters, "versions": facts.versions, "collected": facts.collected},
    }


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(1 << 20):
        yield piece
