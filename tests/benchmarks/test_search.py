"""The search benchmark's archive is what it says, and its table has all rows."""

from pathlib import Path

import pytest

from archive.search.index import ArticleIndex
from archive.search.search import count
from tests.benchmarks.corpus import make
from tests.benchmarks.search import _trigram, report


def test_corpus_is_the_same_each_time_and_soundly_indexed(tmp_path: Path) -> None:
    one, two = make(tmp_path / "one.db", 120), make(tmp_path / "two.db", 120)
    rows = "select * from articles order by id"
    assert one.execute(rows).fetchall() == two.execute(rows).fetchall()
    assert ArticleIndex(one).problem() is None
    assert 5 < count(one, "招生") < 60


def test_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    db = make(tmp_path / "news.db", 120)
    report(db, _trigram(tmp_path / "news.db", tmp_path / "trigram.db"))
    lines = [line for line in capsys.readouterr().out.splitlines() if "characters" in line]
    assert len(lines) == 5
    assert all("1.00" in line for line in lines)
