"""The sample archive with stories that are hard to export, and a way to export from it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archive.exports.exporting import Done, Request, export
from archive.store.db import open_reader
from tests.archive.web.sample import ADMISSION, NEWS, TODAY, Sample

Exporter = Callable[..., Done]
LARGE = "A sentence of the very long story. " * 300_000  # 10 MB
HARD = {
    "formula": '=HYPERLINK("http://evil.example.net";"x")',
    "plus": "+1+1",
    "minus": "-2+3",
    "at": "@SUM(A1)",
    "tab": "\t=1",
    "blank": "  =1",
    "wide": "＝1+1",
    "quoted": "'=1",
    "twice": "''=1",
    "apostrophe": "'tis the season",
    "lines": 'one\r\ntwo\nthree "four", five',
    "nul": "be\0fore",
    "digits": "12345678901234567890",
    "emoji": "𠮷 👩‍🎓 ﷽",
    "separators": "a\u2028b\u2029c\u0085d",
    "null": "NULL",
    "na": "NA",
    "empty": "-",
}


@pytest.fixture(scope="session")
def archive_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample archive, and the hard ones."""
    sample = Sample(tmp_path_factory.mktemp("exported")).build_with(_hard)
    # as only another program could store it: not UTF-8
    sample.db.conn.execute(f"update articles set source = cast(x'ff41' as text) where url = '{TODAY}/hard/large'")
    sample.db.conn.commit()
    sample.db.close()
    return sample.folder


def _hard(sample: Sample) -> None:
    [(admission,)] = sample.db.execute("select id from articles where url = ?", [ADMISSION]).fetchall()
    sample.db["images"].insert(  # type: ignore[union-attr]
        {"article": admission, "n": 0, "url": f"{NEWS}/images/gate.png", "caption": "校门"}
    )
    for n, (name, text) in enumerate(HARD.items()):
        capture = sample.fetch(
            f"{TODAY}/hard/{name}", text.encode(), at=f"2024-03-{n + 1:02}T00:00:00Z", site="example_today"
        )
        sample.article(
            f"{TODAY}/hard/{name}",
            text,
            [(text, f"<p>{name}</p>", capture)],
            site="example_today",
            language="en",
            subtitle=text,
            authors=[text, name],
            published=[None, "2024", "2024-02", "2024-02-29", "2024-02-29T23:59:59Z", "yesterday"][n % 6],
        )
    capture = sample.fetch(f"{TODAY}/hard/large", b"large", at="2024-04-01T00:00:00Z", site="example_today")
    id_ = sample.article(
        f"{TODAY}/hard/large",
        "Large",
        [(LARGE, "", capture)],
        site="example_today",
        language="en",
        published="2024-02-28",
    )
    sample.db.execute("update articles set authors = ? where id = ?", ['["a lone \\ud800 surrogate"]', id_])
    sample.db["attachments"].insert(  # type: ignore[union-attr]
        {
            "article": id_,
            "n": 0,
            "url": f"{TODAY}/hard/huge.zip",
            "filename": "huge.zip",
            "embedded": 1,
            "mime": "application/zip",
            "size": 2**62,
        }
    )


@pytest.fixture
def exporter(archive_folder: Path) -> Exporter:
    """`exporter(form, out, **request)`."""

    def run(form: str, out: Path, **more: Any) -> Done:
        db = open_reader(archive_folder / "news.db")
        try:
            return export(
                db,
                Request(
                    form=form,
                    out=out,
                    folder=archive_folder,
                    database=archive_folder / "news.db",
                    warc=archive_folder / "warc",
                    software="campuswarc 9.9",
                    **more,
                ),
            )
        finally:
            db.close()

    return run


def lines(path: Path) -> list[dict[str, Any]]:
    """Rows of a JSON Lines file."""
    return [json.loads(line) for line in path.read_bytes().split(b"\n") if line]
