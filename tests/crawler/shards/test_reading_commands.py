"""What is asked of all shards is answered as one archive of the same sites answers it."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from archive.store.lock import WriterLock
from crawler.archive_folder import ArchiveFolder
from crawler.cli import main
from crawler.shards import plan
from tests.crawler.commands.test_newer_database import add_step
from tests.crawler.shards.conftest import Both


def one(both: Both, *words: str) -> Any:
    return CliRunner().invoke(main, ["-C", str(both.one.folder), *words])


@pytest.fixture
def copied(both: Both, tmp_path: Path) -> Both:
    """Shards to be changed."""
    shutil.copytree(both.top.folder, tmp_path / "top")
    return Both(both.one, ArchiveFolder(tmp_path / "top"))


@pytest.mark.parametrize("query", ["", "学院", "the OR 招生", "site:wordpress", "nothing-has-this-word"])
def test_search(both: Both, query: str) -> None:
    asked, expected = (
        both.run("search", "--json", "--limit", "500", query),
        one(both, "search", "--json", "--limit", "500", query),
    )
    assert asked.exit_code == expected.exit_code
    found, wanted = json.loads(asked.stdout), json.loads(expected.stdout)
    assert found["total"] == wanted["total"]
    assert sorted(hit["url"] for hit in found["hits"]) == sorted(hit["url"] for hit in wanted["hits"])
    assert {hit["shard"] for hit in found["hits"]} <= {"s0", "s1", "s2"}
    for form in ("--count", "--facets"):
        assert both.run("search", form, query).stdout == one(both, "search", form, query).stdout
    assert both.run("search", "--csv", query).exit_code == asked.exit_code


def test_a_query_that_makes_no_sense_is_said(both: Both) -> None:
    done = both.run("search", "after:never")
    assert done.exit_code == 1 and "Traceback" not in done.output and done.output.startswith("Error")


def test_status(both: Both) -> None:
    done, expected = both.run("status", "--json"), one(both, "status", "--json")
    assert done.exit_code == expected.exit_code == 0
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    shards, sites = [row for row in lines if "shard" in row], [row for row in lines if "site" in row]
    assert [row["shard"] for row in shards] == ["s0", "s1", "s2"]
    assert sum(row.get("sites", 0) for row in shards) == 4
    alone = [json.loads(line) for line in expected.stdout.splitlines()]
    counted = ("site", "articles", "gone", "failed", "blocked", "refused", "problems")
    assert sorted([row[key] for key in counted] for row in sites) == sorted(
        [row[key] for key in counted] for row in alone
    )
    assert "4 sites: 4 well" in both.run("status").stdout
    assert both.run("status", "--broken").stdout == ""


def test_status_says_who_is_crawling_and_who_was_killed(copied: Both) -> None:
    lock = WriterLock(copied.folders[0] / "news.lock")
    lock.acquire()
    with sqlite3.connect(
        next(folder for folder in copied.folders[1:] if (folder / "news.db").exists()) / "news.db"
    ) as db:
        db.execute("update runs set ended = null, reason = null, exit = null")
    db.close()
    said = copied.run("status").stdout
    lock.release()
    assert "state crawling" in said and "state killed" in said


def test_report_is_one(copied: Both) -> None:
    for folder in copied.folders:
        with sqlite3.connect(folder / "news.db") as db:
            db.execute("update listings set state = 'failed', reason = 'http_404'")
        db.close()
    done = copied.run("report", "--format", "json")
    told = json.loads(done.stdout)
    assert done.exit_code == 3 and told["newly"][0]["reason"] == "http_404"
    assert {problem["site"] for problem in told["newly"][0]["problems"]} == {"sudy", "wordpress", "trs", "vsb"}
    assert len(told["new_sites"]) == 4
    again = json.loads(copied.run("report", "--format", "json").stdout)
    assert again["newly"] == [] and again["still"] and again["new_sites"] == []


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_export_is_one_dataset(both: Both, tmp_path: Path, form: str) -> None:
    frictionless = pytest.importorskip("frictionless")
    if form == "parquet":
        pytest.importorskip("pyarrow")
    done = both.run("export", form, str(tmp_path / "set"))
    assert done.exit_code == 0, done.output
    assert one(both, "export", "jsonl", str(tmp_path / "one")).exit_code == 0
    wanted = [json.loads(line) for line in (tmp_path / "one/data/articles.jsonl").read_text().splitlines()]
    package = json.loads((tmp_path / "set/datapackage.json").read_text())
    assert package["campuswarc"]["rows"] == len(wanted)
    assert len(package["campuswarc"]["sites"]) == 4
    parts = sorted((tmp_path / "set/data").iterdir())
    assert len(parts) > 1 and {path.name.partition(".")[0] for path in parts} <= {
        f"articles-{folder.name}" for folder in both.folders
    }
    if form == "jsonl":
        rows = [json.loads(line) for path in parts for line in path.read_text().splitlines()]
        assert sorted(row["url"] for row in rows) == sorted(row["url"] for row in wanted)
    elif form == "csv":
        assert frictionless.Package(str(tmp_path / "set/datapackage.json")).validate().valid
    else:
        import pyarrow.dataset

        table = pyarrow.dataset.dataset(tmp_path / "set/data").to_table()
        assert sorted(table["url"].to_pylist()) == sorted(row["url"] for row in wanted)
    assert both.run("export", form, str(tmp_path / "set")).exit_code == 1
    assert both.run("export", form, str(tmp_path / "set"), "--force").exit_code == 0


def test_what_no_shard_has_is_not_exported(both: Both, tmp_path: Path) -> None:
    done = both.run("export", "jsonl", str(tmp_path / "set"), "--query", "nothinghasthisword")
    assert done.exit_code == 1 and not (tmp_path / "set").exists()


def test_verify_names_the_shard_that_is_damaged(copied: Both) -> None:
    assert copied.run("verify").exit_code == 0
    warc = next(copied.folders[-1].rglob("*.warc.gz"), None) or next(copied.folders[0].rglob("*.warc.gz"))
    with warc.open("r+b") as file:
        file.seek(warc.stat().st_size // 2)
        file.write(b"\0" * 40)
    done = copied.run("verify")
    name = warc.relative_to(copied.top.folder / "shards").parts[0]
    assert done.exit_code == 5 and any(
        line.startswith(f"{name}: ") and warc.name in line for line in done.output.splitlines()
    )


def test_rebuild_gives_what_was_there(copied: Both) -> None:
    from tests.crawler.whole import only_in_one

    before = {folder: folder / "news.db" for folder in copied.folders if (folder / "news.db").exists()}
    for path in before.values():
        sqlite3.connect(path).execute("vacuum into ?", [str(path.with_name("before.db"))])
    done = copied.run("rebuild", "--yes")
    assert done.exit_code == 0, done.output
    assert all(only_in_one(path.with_name("before.db"), path) == [] for path in before.values())


def test_seal_and_what_was_sealed(copied: Both, tmp_path: Path) -> None:
    done = copied.run("seal")
    assert done.exit_code == 0
    (tmp_path / "heads").write_text(done.stdout)
    assert copied.run("verify", "--quick", "--since", str(tmp_path / "heads")).exit_code == 0
    name = done.stdout.partition("\t")[0]
    (copied.top.folder / "shards" / name / "fixity.jsonl").unlink()
    assert copied.run("verify", "--quick", "--since", str(tmp_path / "heads")).exit_code == 5
    (tmp_path / "heads").write_text("nonsense\n")
    assert copied.run("verify", "--since", str(tmp_path / "heads")).exit_code == 1


def test_a_shard_elsewhere_is_named_and_not_left_out_in_silence(copied: Both, tmp_path: Path) -> None:
    path = plan.path_of(copied.top)
    full = next(folder.name for folder in copied.folders if (folder / "news.db").exists())
    text = path.read_text().replace(f'folder = "shards/{full}"\nmachine = ""', 'folder = "/srv/x"\nmachine = "alpha"')
    path.write_text(text)
    for words in (
        ["search", "--count", ""],
        ["status"],
        ["export", "jsonl", str(tmp_path / "x")],
        ["verify"],
        ["seal"],
        ["report"],
    ):
        done = copied.run(*words)
        assert "lies on alpha" in done.output, words
        assert done.exit_code == (0 if words[0] == "search" else 1), (words, done.output)


def test_a_newer_database_in_a_shard_is_refused(copied: Both, tmp_path: Path) -> None:
    add_step(next(folder for folder in copied.folders if (folder / "news.db").exists()) / "news.db")
    for words in (
        ["search", "x"],
        ["status"],
        ["export", "jsonl", str(tmp_path / "x")],
        ["report"],
        ["duplicates"],
        ["rebuild", "--yes"],
    ):
        done = copied.run(*words)
        assert done.exit_code == 1 and "made by a newer campuswarc" in done.output, words


def test_duplicates(both: Both) -> None:
    pytest.importorskip("rensa")
    done = both.run("duplicates", "--json")
    assert done.exit_code == 0
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert all(row["shard"] != row["in_shard"] for row in rows)


def test_before_anything_is_crawled(tmp_path: Path) -> None:
    from tests.benchmarks import archive_folder

    top = archive_folder.make(tmp_path, archive_folder.sudy("a", "https://news.a.edu/list.htm"))
    for words in (["status"], ["search", "x"], ["verify"]):
        done = CliRunner().invoke(main, ["-C", str(top), "shards", *words])
        assert done.exit_code == 1 and "shards init N" in done.output
    assert CliRunner().invoke(main, ["-C", str(top), "shards", "init", "2"]).exit_code == 0
    done = CliRunner().invoke(main, ["-C", str(top), "shards", "status"])
    assert done.exit_code == 1 and "nothing has been crawled yet" in done.output


def test_what_a_shard_withholds_is_in_nothing_of_all(copied: Both, tmp_path: Path) -> None:
    before = json.loads(copied.run("search", "--json", "--limit", "500", "").stdout)
    hit = before["hits"][0]
    folder = copied.top.folder / "shards" / hit["shard"]
    done = CliRunner().invoke(main, ["-C", str(folder), "withhold", hit["url"], "--reason", "a person asked"])
    assert done.exit_code == 0, done.output
    after = json.loads(copied.run("search", "--json", "--limit", "500", "").stdout)
    assert after["total"] == before["total"] - 1
    assert {one["url"] for one in before["hits"]} - {one["url"] for one in after["hits"]} == {hit["url"]}
    assert copied.run("export", "jsonl", str(tmp_path / "set")).exit_code == 0
    assert all(hit["url"] not in path.read_text() for path in (tmp_path / "set" / "data").iterdir())
