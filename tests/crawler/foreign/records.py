"""Records, their members and digests: what all of the writers' files are made of."""

from __future__ import annotations

import gzip
import hashlib
from base64 import b32encode
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

Fields = Sequence[tuple[str, str]]


def record(fields: Fields, block: bytes, version: str = "WARC/1.0") -> bytes:
    """A record, uncompressed."""
    head = "".join(f"{name}: {value}\r\n" for name, value in [*fields, ("Content-Length", str(len(block)))])
    return f"{version}\r\n{head}\r\n".encode() + block + b"\r\n\r\n"


def members(records: Iterable[bytes]) -> bytes:
    """One gzip member a record."""
    return b"".join(gzip.compress(one, 6, mtime=0) for one in records)


def sha1(data: bytes) -> str:
    return "sha1:" + b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()


def sha256(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


def second(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def warcinfo(software: str, name: str, version: str = "WARC/1.0") -> bytes:
    fields = [
        ("WARC-Type", "warcinfo"),
        ("WARC-Date", "2025-01-01T00:00:00Z"),
        ("WARC-Filename", name),
        ("WARC-Record-ID", f"<urn:uuid:{uuid5(NAMESPACE_URL, software + name)}>"),
        ("Content-Type", "application/warc-fields"),
    ]
    block = f"software: {software}\r\nformat: WARC File Format {version[5:]}\r\nrobots: obey\r\n\r\n".encode()
    return record(fields, block, version)
