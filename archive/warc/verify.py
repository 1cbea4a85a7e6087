"""What is wrong with a record or a WARC file, checked by us against the standard (WARC/1.1) and against HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from archive.patterns import deferred
from archive.warc.date import is_legal
from archive.warc.layout import GUESTS, OPEN
from archive.warc.record import Record
from archive.warc.scan import LIMIT, Damage, Found, scan
from archive.warc.stated import wrong

_TYPES = {"warcinfo", "response", "resource", "request", "metadata", "revisit", "conversion", "continuation"}
_NEED_URL = _TYPES - {"warcinfo", "metadata"}
# section 5.7; the others are extensions that repeat
_REPEATABLE = {"warc-concurrent-to", "warc-protocol", "warc-cipher-suite"}
_ID = deferred(r"<[A-Za-z][A-Za-z0-9+.-]*:[^\s<>]+>")
_NAME = deferred(r"\.warc(\.gz|\.zst)?(\.open)?$")
_EMPTY_ANSWERS = {204, 205, 304}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong, and where."""

    kind: Annotated[
        str,
        "Short name: torn, damaged, digest, length, field, pair, revisit, duplicate, row, orphan, database, search,"
        " fixity",
    ]
    text: Annotated[str, "What is wrong, in a sentence"]
    file: Annotated[str | None, "WARC file relative to warc/, or the database"] = None
    offset: Annotated[int | None, "Byte in that file"] = None
    length: Annotated[int | None, "Bytes concerned"] = None

    def __str__(self) -> str:
        place = self.file or ""
        if self.offset is not None:
            place += f", offset {self.offset}"
        return f"{self.kind}: {place}: {self.text}" if place else f"{self.kind}: {self.text}"


def check_file(
    path: Path, warc: str, *, start: int = 0, limit: int = LIMIT, seen: Callable[[Found], object] | None = None
) -> Iterator[Finding]:
    """Findings of one file, in order; `seen` is told of each whole record. A damaged stretch never ends the walk."""
    at, info = start, None
    try:
        for found in scan(path, start=start, limit=limit):
            at = found.offset + found.length
            if isinstance(found, Damage):
                yield _of_damage(found, warc)
                continue
            if found.record.type == "warcinfo":
                info = found.record.record_id
            for kind, text in problems(found.record):
                yield Finding(kind=kind, text=text, file=warc, offset=found.offset, length=found.length)
            named = found.record.field("WARC-Warcinfo-ID")
            # a file without one is the rest of another, which a merge brought: the standard lets it name that one's
            if start == 0 and named is not None and info is not None and named != info:
                yield Finding(
                    kind="field",
                    text=f"WARC-Warcinfo-ID {named} is not the warcinfo above",
                    file=warc,
                    offset=found.offset,
                )
            if seen is not None:
                seen(found)
    except OSError as problem:
        yield Finding(kind="damaged", text=f"cannot be read: {problem}", file=warc, offset=at)
        return
    if at == 0:
        yield Finding(kind="damaged", text="an empty file", file=warc, offset=0)


def _of_damage(damage: Damage, warc: str) -> Finding:
    torn = f"the file is torn: {damage.reason}"
    return Finding(
        kind="torn" if damage.torn else "damaged",
        text=torn if damage.torn else damage.reason,
        file=warc,
        offset=damage.offset,
        length=damage.length,
    )


def problems(record: Record) -> Iterator[tuple[str, str]]:
    """Kind and text of everything wrong with one whole record."""
    yield from _fields(record)
    if record.behind != b"\r\n\r\n":
        yield "field", f"behind its block stands {record.behind[:12]!r} in place of two line ends"
    for name, text in wrong(record):
        yield "digest", f"{name} is {text}"
    if record.is_http and record.type == "response":
        yield from _http(record)


def _fields(record: Record) -> Iterator[tuple[str, str]]:
    """Section 5: what must be there, what must not be there twice, and the form of each."""
    if record.version not in ("WARC/1.0", "WARC/1.1"):
        yield "field", f"version {record.version[:20]!r}"
    if record.type not in _TYPES:
        yield "field", f"WARC-Type {record.type!r}" if record.type else "no WARC-Type"
    if not _ID.fullmatch(record.record_id):
        yield "field", f"WARC-Record-ID {record.record_id!r}" if record.record_id else "no WARC-Record-ID"
    if not is_legal(record.date, record.version):
        yield "field", f"WARC-Date {record.date!r}" if record.date else "no WARC-Date"
    if record.type in _NEED_URL and not record.url:
        yield "field", "no WARC-Target-URI"
    if record.type == "revisit" and not record.field("WARC-Profile"):
        yield "field", "a revisit without WARC-Profile"
    for name, values in record.named.items():
        if not name:
            yield "field", f"a named field without a name: {values[0][:60]!r}"
        if len(values) > 1 and name not in _REPEATABLE and name.startswith(("warc-", "content-")):
            yield "field", f"{name} stands {len(values)} times"


def _http(record: Record) -> Iterator[tuple[str, str]]:
    """A response whose headers and stored body would not be replayed as they were."""
    if record.status is None:
        yield "field", f"no HTTP status line: {record.head[:60]!r}"
    if record.field("WARC-Truncated") or record.field("WARC-Segment-Number") or record.status in _EMPTY_ANSWERS:
        return
    headers = [(name.lower(), value) for name, value in record.http_headers]
    if any(name == "transfer-encoding" for name, _ in headers):
        return
    lengths = {value for name, value in headers if name == "content-length"}
    if len(lengths) != 1:
        return  # none, or a server that contradicts itself: the bytes until the end of the answer are the body
    [length] = lengths
    if length.isascii() and length.isdigit() and len(length) < 19 and int(length) != len(record.payload):
        yield "length", f"Content-Length says {length}, the stored body has {len(record.payload)} bytes"


def named(path: Path) -> bool:
    """Whether readers of others find a file by the name that rows have: it is closed, or a run goes on with it."""
    return not path.name.endswith(OPEN) or path.with_name(path.name.removesuffix(OPEN)).exists()


def files(folder: Path) -> list[tuple[Path, str]]:
    """Every WARC file below a folder with its closed name relative to it, sorted; of symbolic links only those that
    `ingest --in-place` made. One that a run goes on with has two names, of which the `.open` one is given."""
    found = [
        path
        for path in folder.rglob("*.warc*")
        if _NAME.search(path.name) and path.is_file() and (not path.is_symlink() or path.parent == folder / GUESTS)
    ]
    growing = {path.with_name(path.name.removesuffix(OPEN)) for path in found if path.name.endswith(OPEN)}
    return [
        (path, path.relative_to(folder).as_posix().removesuffix(OPEN)) for path in sorted(found) if path not in growing
    ]
