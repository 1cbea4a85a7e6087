"""What a row group of a Parquet file holds is bounded by its bytes, in whatever letters it is written."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from archive.exports import parquet
from archive.exports.columns import BY_NAME


@pytest.mark.parametrize("letter", ["a", "学", "я", "𠀀"])
def test_a_row_group_holds_no_more_bytes_than_it_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, letter: str
) -> None:
    monkeypatch.setattr(parquet, "_BYTES", 12_000)
    texts = [f"{n}{letter * 500}" for n in range(60)]
    parquet.write(tmp_path / "some.parquet", [BY_NAME["body"]], [(text,) for text in texts])
    file = pq.ParquetFile(tmp_path / "some.parquet")
    assert file.read()["body"].to_pylist() == texts
    groups = [file.read_row_group(n)["body"].to_pylist() for n in range(file.num_row_groups)]
    assert max(sum(len(text.encode()) for text in group[:-1]) for group in groups) < 12_000
