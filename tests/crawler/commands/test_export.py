"""`campuswarc export` and `campuswarc dictionary`: what is said when something is wrong, and that nothing half made is
left."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.article import Article, dictionary
from crawler.cli import main
from tests.archive.web.sample import Sample
from tests.patience import PATIENCE

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample archive."""
    sample = Sample(tmp_path_factory.mktemp("archive") / "news").build()
    sample.db.close()
    return sample.folder


def run(archive: Path, *arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["-C", str(archive), "export", *map(str, arguments)])


def test_it_writes_and_says_how_much(archive: Path, tmp_path: Path) -> None:
    done = run(
        archive,
        "jsonl",
        tmp_path / "a.jsonl",
        "--site",
        "old_college",
        "--site",
        "example_today",
        "--fields",
        "url,title",
        "--lang",
        "en",
    )
    assert (done.exit_code, done.output) == (0, f"25 rows of 25 articles in {tmp_path / 'a.jsonl'}\n")
    assert list(json.loads((tmp_path / "a.jsonl").read_text().splitlines()[0])) == ["url", "title"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["jsonl", "OUT", "--fields", "url,titel"], "did you mean title?"),
        (["jsonl", "OUT", "--query", "wordthatisnowhere"], "no article meets these filters"),
        (["jsonl", "OUT", "--site", "nobody"], "no article meets these filters"),
        (["csv", "OUT", "--after", "next week"], "after: wants a date"),
        (["csv", "OUT", "--after", '2020" OR "x'], "wants a date"),
        (["parquet", "OUT.parquet", "--partition"], "--partition is for parquet in a folder"),
        (["jsonl", "OUT", "--bom"], "--bom and --raw are for csv"),
        (["sqlite", "OUT", "--fields", "url"], "--fields is for"),
        (["atom", "OUT.xml", "--versions", "all"], "not for atom"),
        (["wacz", "OUT.zip"], "a name that ends in .wacz"),
        (["bagit", "OUT", "--whole", "--site", "x"], "--whole takes no filters"),
        (["jsonl", "OUT/deeper/a.jsonl"], "there is no folder"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_left(
    arguments: list[str], words: str, archive: Path, tmp_path: Path
) -> None:
    done = run(archive, *(argument.replace("OUT", str(tmp_path / "out")) for argument in arguments))
    assert done.exit_code == 1 and words in done.output and "Traceback" not in done.output
    assert not list(tmp_path.iterdir())


def test_what_is_there_is_replaced_only_when_asked_and_only_an_export(archive: Path, tmp_path: Path) -> None:
    out = tmp_path / "set"
    assert run(archive, "csv", out).exit_code == 0
    again = run(archive, "parquet", out)
    assert again.exit_code == 1 and "--force replaces it" in again.output and (out / "data" / "articles.csv").is_file()
    assert run(archive, "parquet", out, "--force").exit_code == 0
    assert [path.name for path in (out / "data").iterdir()] == ["articles.parquet"] and [
        path.name for path in tmp_path.iterdir()
    ] == ["set"]
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    refused = run(archive, "csv", tmp_path / "mine", "--force")
    assert (
        refused.exit_code == 1
        and "no export made" in refused.output
        and (tmp_path / "mine" / "thesis.txt").read_text() == "years of work"
    )


@pytest.mark.parametrize("name", [".", "..", "news.db", "warc", "warc/a.jsonl", "sites.toml"])
def test_the_archive_itself_is_never_replaced(name: str, archive: Path) -> None:
    before = sorted(archive.rglob("*"))
    done = run(archive, "jsonl", archive / name, "--force")
    assert done.exit_code == 1 and "archive" in done.output and sorted(archive.rglob("*")) == before


def test_no_database_is_said(tmp_path: Path) -> None:
    done = run(tmp_path, "jsonl", tmp_path / "a.jsonl")
    assert done.exit_code == 1 and "no such database" in done.output


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_permission_denied_is_said(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    done = run(archive, "jsonl", tmp_path / "closed" / "a.jsonl")
    assert done.exit_code == 4 and "Permission denied" in done.output


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet", "sqlite", "atom", "warc", "wacz", "bagit"])
def test_a_disk_that_takes_no_more_leaves_nothing(form: str, archive: Path, tmp_path: Path) -> None:
    suffix = {"warc": ".warc.gz", "wacz": ".wacz"}.get(form, "")

    def small_disk() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    done = subprocess.run(
        [sys.executable, "-m", "crawler", "-C", str(archive), "export", form, str(tmp_path / f"out{suffix}")],
        cwd=ROOT,
        preexec_fn=small_disk,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 4 and "nothing written" in done.stderr and "Traceback" not in done.stderr, done.stderr
    assert not list(tmp_path.iterdir())


def test_a_run_that_is_told_to_end_leaves_nothing(archive: Path, tmp_path: Path) -> None:
    code = (
        "import sys, time\nfrom archive.exports import jsonl\nold = jsonl.write\ndef slow(path, columns, rows):\n   "
        " path.write_bytes(b'half')\n    print('writing', flush=True)\n    time.sleep(60)\njsonl.write = slow\nfrom"
        f" crawler.cli import main\nmain(['-C', {str(archive)!r}, 'export', 'jsonl', {str(tmp_path / 'out.jsonl')!r}])"
    )
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout and process.stdout.readline() == b"writing\n"
    assert list(tmp_path.iterdir())
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 128 + signal.SIGTERM
    process.stdout.close()
    assert not list(tmp_path.iterdir())


def test_a_signal_means_afterwards_what_it_meant_before(archive: Path, tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGTERM)
    for words in (["jsonl", str(tmp_path / "out.jsonl")], ["jsonl", str(tmp_path / "out.jsonl")]):  # well, then refused
        CliRunner().invoke(main, ["-C", str(archive), "export", *words])
        assert signal.getsignal(signal.SIGTERM) is before


def test_a_missing_extra_is_named(archive: Path, tmp_path: Path) -> None:
    code = (
        # None: as if it were not there
        "import sys\nsys.modules.update(dict.fromkeys(['pyarrow', 'markdownify', 'surt']))\n"
        f"from crawler.cli import main\nmain(['-C', {str(archive)!r}, 'export', *sys.argv[1:]])"
    )
    for form, status in (("parquet", 1), ("wacz", 1), ("jsonl", 0), ("warc", 0)):
        out = tmp_path / f"a{'.wacz' if form == 'wacz' else '.warc.gz' if form == 'warc' else ''}"
        done = subprocess.run(
            [sys.executable, "-c", code, form, str(out)], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == status, done.stderr
        assert ("is not installed: pip install" in done.stderr) == bool(status)


def test_the_dictionary_in_docs_is_that_of_the_code() -> None:
    printed = CliRunner().invoke(main, ["dictionary", "--markdown"]).output
    assert (ROOT / "docs" / "dictionary.md").read_text(encoding="utf-8") == printed
    entries = {
        entry["name"]: entry["text"] for entry in json.loads(CliRunner().invoke(main, ["dictionary", "--json"]).output)
    }
    assert dictionary(Article).items() <= entries.items()
    assert all(f"\n{name} " in "\n" + CliRunner().invoke(main, ["dictionary"]).output for name in entries)
