"""A format of another package: one module that writes rows, found by its entry point; ours keep their names."""

from __future__ import annotations

import json
from pathlib import Path

from tests.installed import install, python

MARC = """
from archive.exports.columns import BY_NAME

def columns(text):
    return BY_NAME["url"], BY_NAME["title"]

def write(path, rows, facts, *, text):
    with path.open("x", encoding="utf-8") as out:
        out.writelines(f"@marc{{{url}, title = {{{title}}}}}\\n" for url, title in rows)
"""
CODE = """
import json, sys
from pathlib import Path
from archive.exports.exporting import Request, export, formats
from archive.store.db import open_reader

home, out = Path(sys.argv[1]), Path(sys.argv[2])
db = open_reader(home / "news.db")
asked = Request(form="marc", out=out, folder=home, database=home / "news.db", warc=home / "warc", software="s")
done = export(db, asked)
print(json.dumps({"formats": formats(), "summary": done.summary}))
"""


def test_a_format_of_another_package_writes_the_rows(archive_folder: Path, tmp_path: Path) -> None:
    install(tmp_path / "packages", "their_marc", MARC, group="campuswarc.exports", name="marc")
    install(tmp_path / "packages", "their_csv", MARC, group="campuswarc.exports", name="csv")
    out = tmp_path / "stories.marc"
    said = json.loads(python(tmp_path / "packages", CODE, str(archive_folder), str(out)))
    assert said["formats"] == [
        "jsonl",
        "csv",
        "parquet",
        "sqlite",
        "atom",
        "ris",
        "csl-json",
        "bibtex",
        "pairs",
        "tmx",
        "marc",
        "wacz",
        "warc",
        "bagit",
        "site",
        "zim",
    ]
    entries = out.read_text(encoding="utf-8").splitlines()
    written = sum(line.startswith("@marc{http") for line in entries)
    assert said["summary"] == f"{written} entries in {out}"
    assert written > 20
