"""Rows exported a second and peak memory, of `campuswarc export` and of pandas doing the same from SQL.

`python -m tests.benchmarks.export [ARTICLES | ARCHIVE FOLDER]`: 200,000 synthetic articles unless told otherwise. Times
include the
start of the process; memory of a tenth of the rows beside that of all shows whether it grows with them.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from archive.store.db import open_reader
from tests.benchmarks.archive_folder import CAMPUSWARC, ROOT
from tests.benchmarks.corpus import make
from tests.benchmarks.measure import Cost, cost

_FILES = ("a.jsonl", "a.jsonl.gz", "a.jsonl.zst", "a.csv", "a.parquet", "a.db", "a.xml")
_FORMS = {".gz": "jsonl", ".zst": "jsonl", ".db": "sqlite", ".xml": "atom"}
_PANDAS = """
import sqlite3, sys, pandas
rows = "select * from articles order by published is null, published, url"
frame = pandas.read_sql(rows, sqlite3.connect(sys.argv[1]))
out = sys.argv[2]
if out.endswith("jsonl"):
    frame.to_json(out, orient="records", lines=True, force_ascii=False)
elif out.endswith("csv"):
    frame.to_csv(out, index=False)
else:
    frame.to_parquet(out, compression="zstd")
"""


def main(given: str = "200000") -> None:
    """One line for each format."""
    with TemporaryDirectory() as name:
        folder = Path(name) / "archive" if given.isdigit() else Path(given)
        if given.isdigit():
            folder.mkdir()
            make(folder / "news.db", int(given)).close()
        db = open_reader(folder / "news.db")
        total = db.execute("select count(*) from articles").fetchone()[0]
        tenth = db.execute(
            "select published from articles where published is not null order by published limit 1 offset ?",
            [total // 10],
        ).fetchone()[0][:10]
        print(f"{total:,} articles; a tenth: until {tenth}")
        for file in _FILES:
            form = _FORMS.get(Path(file).suffix, Path(file).suffix[1:])
            whole = _measured([*CAMPUSWARC, "-C", str(folder), "export", form], Path(name) / file)
            part = _measured([*CAMPUSWARC, "-C", str(folder), "export", form, "--before", tenth], Path(name) / file)
            line = (
                f"{file:12} {total / whole.seconds:8,.0f} rows/s  {whole.rss / 2**20:5.0f} MB, of a tenth"
                f" {part.rss / 2**20:5.0f} MB"
            )
            if file in ("a.jsonl", "a.csv", "a.parquet"):
                theirs = _measured([sys.executable, "-c", _PANDAS, str(folder / "news.db")], Path(name) / file)
                line += f"   pandas {total / theirs.seconds:8,.0f} rows/s  {theirs.rss / 2**20:5.0f} MB"
            print(line, flush=True)


def _measured(program: Sequence[str], out: Path) -> Cost:
    before, options = list(program), []
    if "--before" in before:
        at = before.index("--before")
        before, options = before[:at], before[at:]
    measured = cost([*before, str(out), *options], folder=ROOT)
    if measured.status != 0:
        raise RuntimeError(f"{program} ended with {measured.status}")
    for path in out.parent.glob(f"{out.name}*"):
        path.unlink()
    return measured


if __name__ == "__main__":
    main(*sys.argv[1:])
