"""Files of a dataset, with size, digest and media type."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Annotated

MEDIA = {  # by suffix, and by format
    "jsonl": "application/jsonl",
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "sqlite": "application/vnd.sqlite3",
    "gz": "application/gzip",
    "zst": "application/zstd",
}


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file of a dataset."""

    path: Annotated[str, "Below the dataset's folder, with slashes"]
    size: Annotated[int, "Bytes"]
    sha256: Annotated[str, "In hexadecimal"]


def data_file(path: Path, name: str) -> DataFile:
    """A file that is there, under the name it is to have."""
    with path.open("rb") as file:
        return DataFile(name, path.stat().st_size, file_digest(file, "sha256").hexdigest())
