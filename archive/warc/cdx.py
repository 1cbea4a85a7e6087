"""CDXJ, the index that pywb, OutbackCDX and WACZ read: what cdxj-indexer would write, damaged stretches stepped
over."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import surt
from warcio.timeutils import iso_date_to_timestamp

from archive.warc.date import utc
from archive.warc.layout import digest
from archive.warc.reader import records
from archive.warc.record import Record
from archive.warc.scan import Damage

_INDEXED = {"response", "revisit", "resource", "metadata"}
_BATCH = 10_000


def lines(
    paths: Iterable[tuple[Path, str]],
    *,
    on_damage: Callable[[str, Damage], object] = lambda name, damage: None,
    seen: Callable[[Record], object] = lambda record: None,
    shown_alone: bool = False,
    left_out: Callable[[str, str], bool] = lambda url, record_id: False,
) -> Iterator[str]:
    """Sorted lines, without line ends, for files given with the name each is to have in the index.

    Sorted by code point on disk, so memory stays flat. `on_damage` is told of what could not be indexed, `seen` of
    each record. `shown_alone`
    leaves out answers of 304: players take the nearest capture and show such a one as an empty page, where the one
    before it is what was there. `left_out` says of an address and a WARC-Record-ID that it is not to be in the index.
    """
    db = sqlite3.connect("")
    try:
        db.execute("create table lines (line text)")
        rows = (
            (line,) for path, name in paths for line in _of_file(path, name, on_damage, seen, shown_alone, left_out)
        )
        db.executemany("insert into lines values (?)", rows)
        for (line,) in db.execute("select line from lines order by line"):
            yield line
    finally:
        db.close()


def _of_file(
    path: Path,
    name: str,
    on_damage: Callable[[str, Damage], object],
    seen: Callable[[Record], object],
    shown_alone: bool,
    left_out: Callable[[str, str], bool],
) -> Iterator[str]:
    with path.open("rb") as file:
        apart = file.read(5) == b"WARC/"  # CDX tools do not count the line ends between uncompressed records
    for record, offset, length in records(path, on_damage=lambda damage: on_damage(name, damage)):
        seen(record)
        if left_out(record.url, record.record_id):
            continue
        if _is_indexed(record) and not (shown_alone and record.status == 304):
            try:
                yield line(record, name, offset, length - len(record.behind) * apart)
            except ValueError as problem:
                on_damage(name, Damage(offset, length, f"not indexed: {problem}"))


def _is_indexed(record: Record) -> bool:
    if record.type in ("resource", "metadata") and record.field("Content-Type") == "application/warc-fields":
        return False
    return record.type in _INDEXED


def line(record: Record, name: str, offset: int, length: int) -> str:
    """One line: key, time, and the fields of cdxj-indexer in its order. Raises ValueError for a date that is none."""
    fields = {
        "url": record.url,
        "mime": _mime(record),
        "status": str(record.status) if record.status is not None else None,
        "digest": record.field("WARC-Payload-Digest") or digest(record.payload),
        "length": str(length),
        "offset": str(offset),
        "filename": name,
    }
    stated = {key: value for key, value in fields.items() if value is not None}
    return f"{key_of(record.url)} {iso_date_to_timestamp(utc(record.date))} {json.dumps(stated)}"


def key_of(url: str) -> str:
    """The address as CDX tools sort it (SURT); the address itself where that makes no sense of it."""
    try:
        key: str = surt.surt(url)
    except (ValueError, TypeError, LookupError, AttributeError):
        return url
    return key


def _mime(record: Record) -> str | None:
    if record.type == "revisit":
        return "warc/revisit"
    if record.type == "response":  # for one without HTTP, such as dns, cdxj-indexer states none
        stated = next((value for name, value in record.http_headers if name.lower() == "content-type"), None)
    else:
        stated = record.field("Content-Type")
    return re.split(r"[;\s]", stated, maxsplit=1)[0].strip() if stated else stated
