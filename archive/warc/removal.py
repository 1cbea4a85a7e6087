"""Records taken out of a WARC file for good: a note of the same length lies in place of each, all others stay as and
where they are."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Annotated, NamedTuple

from isal import isal_zlib

from archive.warc.file import sync_folder
from archive.warc.layout import VERSION, digest, fields_block, new_id
from archive.warc.members import GZIP
from archive.warc.record import Record
from archive.warc.scan import Found, read_at, scan

REMOVED = "Campuswarc-Removed"  # the field that tells such a note: when
PART = ".removing"  # suffix of the copy that a file is made anew in
_ABOUT = ("warcinfo", "request")
_DIGEST = "WARC-Block-Digest"
_STEP = 60_000  # bytes that one stored block of deflate, or one line of filling, may have


class NoRoom(Exception):
    """What lies there is smaller than any note."""


class Removal(NamedTuple):
    """What a note says."""

    at: Annotated[str, "When it was decided, UTC"]
    reason: str
    by: str


def meant(record: Record, urls: Collection[str], ids: Collection[str], sites: Collection[str]) -> bool:
    """Whether a record is to go: one of these, what tells of one of them, or what was made of such an address."""
    if record.type in _ABOUT or record.field(REMOVED) is not None:
        return False
    url = record.url
    return (
        record.record_id in ids
        or (record.field("WARC-Refers-To") or "") in ids
        or url in urls
        or (url.startswith("urn:") and url.split(":", 2)[-1] in urls)  # urn:text:https://..., as players keep them
        or ((record.field("Campuswarc-Site") or "") in sites and not url.startswith("urn:campuswarc:"))
    )


def remove(path: Path, chosen: Callable[[Record], Removal | None]) -> dict[str, str]:
    """Take out of a file what `chosen` names; the ids of these records and of those that had been taken out before,
    with their addresses.

    The file is made anew beside itself and put into its place, so that a kill leaves the one or the other; another
    archive that shares it by a hard link keeps its own. Raises OSError, NoRoom; then it is as it was.
    """
    notes: dict[int, bytes] = {}
    done: dict[str, str] = {}
    with path.open("rb") as file:
        plain = file.read(3) != GZIP
        for found in scan(path):
            if not isinstance(found, Found):
                continue  # a damage stays one: nobody can read it here
            removal = chosen(found.record)
            if removal is not None:
                notes[found.offset] = _note(found, removal, plain)
            if removal is not None or found.record.field(REMOVED) is not None:
                done[found.record.record_id] = found.record.url
    if notes:
        _replace(path, notes)
    return done


def is_removed(path: Path, offset: int) -> bool:
    """Whether a note lies there."""
    with path.open("rb") as file:
        return read_at(file, offset).record.field(REMOVED) is not None


def _replace(path: Path, notes: Mapping[int, bytes]) -> None:
    part = path.with_name(path.name + PART)
    with path.open("rb+") as old:
        try:
            shutil.copyfile(path, part)
            shutil.copystat(path, part)
            with part.open("rb+") as new:
                for offset, note in notes.items():
                    new.seek(offset)
                    new.write(note)
                new.flush()
                os.fsync(new.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        sync_folder(path.parent)
        if os.fstat(old.fileno()).st_nlink == 0:  # nobody's any more: its bytes are not left to whoever gets the disk
            for offset, note in notes.items():
                old.seek(offset)
                old.write(bytes(len(note)))
            old.flush()
            os.fsync(old.fileno())


def _note(found: Found, removal: Removal, plain: bool) -> bytes:
    """A record that says what was here, exactly as long as that was."""
    record, length = found.record, found.length
    said = f"{record.type} of {record.date}"
    for told in (
        [("removed", said), ("why", removal.reason), ("when", removal.at), ("by", removal.by)],
        [("removed", said), ("when", removal.at), ("by", removal.by)],
        [("removed", record.type)],
    ):
        block = b"".join(f"{name}: {' '.join(value.split())}\r\n".encode() for name, value in told)
        for whole in (True, False):
            fields = _fields(record, removal, whole)
            made = _plain(fields, block, length, record) if plain else _packed(fields, block, length)
            if made is not None:
                return made
    raise NoRoom(f"offset {found.offset}: the {length} bytes of {record.record_id} are fewer than any note has")


def _fields(record: Record, removal: Removal, whole: bool) -> list[tuple[str, str]]:
    url = record.field("WARC-Target-URI") or ""
    fields = [
        ("WARC-Type", "metadata"),
        (
            "WARC-Record-ID",
            record.record_id if record.record_id.isascii() else new_id(),
        ),  # what is named beside it, its request, is a pair still
        ("WARC-Date", removal.at),
        ("Content-Type", "application/warc-fields"),
        (REMOVED, removal.at),
    ]
    if not whole:
        return fields
    named = [("WARC-Target-URI", url)] if url.isascii() and url.isprintable() else []
    return [*fields, *named, (_DIGEST, "")]


def _record(fields: list[tuple[str, str]], block: bytes, behind: bytes = b"\r\n\r\n") -> bytes:
    fields = [(name, digest(block) if name == _DIGEST else value) for name, value in fields]
    size = b"Content-Length: %d\r\n\r\n" % len(block)
    return b"".join((VERSION, fields_block(fields), size, block, behind))


def _plain(fields: list[tuple[str, str]], block: bytes, length: int, record: Record) -> bytes | None:
    """Filled with a line of spaces."""
    behind = record.behind if record.behind.startswith(b"\r\n\r\n") else b"\r\n\r\n"
    for filling in range(max(0, length - len(_record(fields, block, behind)) - 12), length):
        made = _record(fields, block + b" " * filling, behind)
        if len(made) >= length:
            return made if len(made) == length else None
    return None


def _packed(fields: list[tuple[str, str]], block: bytes, length: int) -> bytes | None:
    """A gzip member: what is left by compression is filled by spaces that are not compressed, and to the byte by the
    comment that RFC 1952 has room for in its head."""
    record = _record(fields, block)
    small = _member(isal_zlib.compress(record, 3, -15), record)
    if len(small) > length:
        return None
    room = length - len(_member(_stored(record), record)) - 64
    if room > 0:
        spare = room // _STEP * 5 + 64  # what the blocks themselves take
        record = _record(fields, block + b" " * max(0, room - spare))
        small = _member(_stored(record), record)
    rest = length - len(small)
    return small if not rest else _member(small[10:-8], record, comment=rest)


def _member(deflated: bytes, record: bytes, comment: int = 0) -> bytes:
    head = b"\x1f\x8b\x08" + (b"\x10" if comment else b"\x00") + b"\0\0\0\0\x00\xff"
    ends = isal_zlib.crc32(record).to_bytes(4, "little") + (len(record) & 0xFFFFFFFF).to_bytes(4, "little")
    return head + (b" " * (comment - 1) + b"\0" if comment else b"") + deflated + ends


def _stored(data: bytes) -> bytes:
    """Deflate without compression (RFC 1951, 3.2.4)."""
    out = []
    for at in range(0, len(data), _STEP):
        piece = data[at : at + _STEP]
        out.append(
            (b"\x01" if at + _STEP >= len(data) else b"\x00")
            + len(piece).to_bytes(2, "little")
            + (len(piece) ^ 0xFFFF).to_bytes(2, "little")
            + piece
        )
    return b"".join(out)
