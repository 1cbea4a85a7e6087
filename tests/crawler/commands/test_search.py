"""campuswarc search: what is printed in each form, and what the exit status says."""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crawler.cli import main
from tests.archive.search.conftest import Shelf


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shelf = Shelf()
    shelf.put(title="招生简章", body="本校招生。", published="2023-09-01", language="zh")
    shelf.put(
        title="=cmd()|' '!A0", body="formula \x1b[31m", published="2024-01-02", files=[("plan.pdf", "budget table")]
    )
    shelf.db.execute("vacuum into ?", [str(tmp_path / "news.db")])
    return tmp_path


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(folder), "search", *arguments])


def test_plain_lines_where_no_one_watches(folder: Path) -> None:
    assert run(folder, "招生").stdout == "2023-09-01\t招生简章\thttps://example.edu/1\n"


@pytest.mark.parametrize(
    ("arguments", "printed"),
    [
        (["--count", "has:attachment"], "1\n"),
        (["--ids"], "2\n1\n"),
        (["--count", "-招生"], "1\n"),
        (["--ids", "--sort", "oldest", ""], "1\n2\n"),
        (["--ids", "招生", "OR", "budget", "--sort", "newest"], "2\n1\n"),
    ],
)
def test_short_forms(folder: Path, arguments: list[str], printed: str) -> None:
    assert run(folder, *arguments).stdout == printed


def test_json_says_which_document(folder: Path) -> None:
    found = json.loads(run(folder, "budget", "--json").stdout)
    assert found["total"] == 1
    assert found["hits"][0]["document"] == "plan.pdf"
    assert ["budget", True] in found["hits"][0]["snippet"]


def test_csv_runs_no_formula(folder: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run(folder, "formula", "--csv").stdout)))
    assert rows[0]["title"] == "'=cmd()|' '!A0"


def test_facets(folder: Path) -> None:
    lines = run(folder, "--facets").stdout.splitlines()
    assert "year\t2023\t1" in lines
    assert "month\t2024-01\t1" in lines


def test_a_person_sees_hits_but_no_control_characters(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from archive.search.search import search
    from archive.store.db import open_reader
    from crawler.commands import search as shown

    shown._show(search(open_reader(folder / "news.db"), "formula OR budget"), 0)
    printed = capsys.readouterr().out
    assert "\x1b[31m" not in printed
    assert "1 to 1 of 1" in printed


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [(["zzzz"], 1, "nothing found"), (["budgett"], 1, "did you mean: budget"), (["after:soon"], 1, "2023-09-01")],
)
def test_nothing_or_nonsense_is_said(folder: Path, arguments: list[str], status: int, said: str) -> None:
    found = run(folder, *arguments)
    assert found.exit_code == status
    assert said in found.output


def test_no_archive_and_an_old_one(tmp_path: Path, folder: Path) -> None:
    assert "no such database" in run(tmp_path / "nowhere", "x").output
    from sqlite_utils import Database

    db = Database(folder / "news.db")
    db.execute("delete from _sqlite_migrations where name = 'm002_search'")
    assert "campuswarc migrate" in run(folder, "x").output
