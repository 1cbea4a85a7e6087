"""Text and bytes into a file that is compressed as its name says; the same content gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import zstandard
from isal import igzip


@contextmanager
def packed(path: Path) -> Iterator[BinaryIO]:
    """A new file to write to: gzip for .gz, Zstandard for .zst, else plain."""
    with path.open("xb") as file:
        if path.suffix == ".gz":
            with igzip.IGzipFile(filename="", fileobj=file, mode="wb", compresslevel=2, mtime=0) as out:  # type: ignore[no-untyped-call]
                yield cast(BinaryIO, out)
        elif path.suffix == ".zst":
            with zstandard.ZstdCompressor(level=6, write_checksum=True).stream_writer(file, closefd=False) as out:
                yield cast(BinaryIO, out)
        else:
            yield file
