"""WARC records as odd tools write them, taken in by commands that run in this process."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from itertools import count
from pathlib import Path

from click.testing import CliRunner

from crawler.cli import main
from tests.crawler.box import Box
from tests.crawler.foreign import sha1
from tests.crawler.history.test_ingest_unlisted import HOST, story
from tests.crawler.history.test_rebuild import unequal

ORIGINAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_numbers = count(1)


def page(title: str) -> bytes:
    """The body of a dated story."""
    return story(title).encode()


def http(body: bytes, status: str = "HTTP/1.1 200 OK", *more: str) -> bytes:
    """An answer."""
    return (
        "\r\n".join(
            [status, "Content-Type: text/html; charset=utf-8", *more, f"Content-Length: {len(body)}", "", ""]
        ).encode()
        + body
    )


def record(
    type_: str,
    path: str,
    block: bytes,
    *more: tuple[str, str],
    id_: str | None = "",
    at: str = "2026-06-01T10:00:00Z",
    mime: str = "application/http; msgtype=response",
    version: str = "WARC/1.1",
    ends: bytes = b"\r\n\r\n",
) -> bytes:
    """A record of an address of the paper; with an id of its own, or the given one, or none."""
    id_ = f"<urn:uuid:00000000-0000-4000-8000-{next(_numbers):012d}>" if id_ == "" else id_
    named = [
        ("WARC-Type", type_),
        ("WARC-Target-URI", path if ":" in path.partition("/")[0] else HOST + path),
        ("WARC-Date", at),
        ("Content-Type", mime),
    ]
    fields = [*named, *([("WARC-Record-ID", id_)] if id_ else []), *more, ("Content-Length", str(len(block)))]
    return (
        f"{version}\r\n".encode()
        + "".join(f"{name}: {value}\r\n" for name, value in fields if value).encode()
        + b"\r\n"
        + block
        + ends
    )


def revisit(
    path: str,
    body: bytes,
    *more: tuple[str, str],
    head: bool = True,
    at: str = "2026-07-01T10:00:00Z",
    profile: str = ORIGINAL,
    id_: str | None = "",
) -> bytes:
    """A revisit of a page with that body."""
    return record(
        "revisit",
        path,
        http(b"") if head else b"",
        ("WARC-Profile", profile),
        ("WARC-Payload-Digest", sha1(body)),
        *more,
        at=at,
        id_=id_,
    )


def written(path: Path, *records: bytes, packed: bool = True) -> Path:
    """A file of these records."""
    path.write_bytes(b"".join(gzip.compress(one, mtime=0) if packed else one for one in records))
    return path


def run(box: Box, *arguments: str | Path, expect: int = 0) -> str:
    """A command's words."""
    done = CliRunner().invoke(main, ["-C", str(box.folder), *map(str, arguments)])
    assert done.exit_code == expect, (
        f"exit status {done.exit_code} instead of {expect}\n{done.output}\n{done.exception!r}"
    )
    return done.output


def ingest(box: Box, *files: Path, expect: int = 0) -> str:
    """Take files in, in this process."""
    return run(box, "ingest", "--processes", "0", *files, expect=expect)


def sound(box: Box) -> str:
    """`verify`, `rebuild` and `cdx` are at peace, and `rebuild` makes the same rows; what `verify` said."""
    said = run(box, "verify")
    run(box, "cdx", str(box.folder.with_name("sound.cdxj")))
    run(box, "rebuild", "--processes", "0")
    assert unequal(box.folder / "news.db", box.folder / "news.db.rebuilding") == []
    (box.folder / "news.db.rebuilding").unlink()
    return said


def titles(box: Box) -> Sequence[str]:
    """Of all articles."""
    return sorted(box.column("select title from articles"))
