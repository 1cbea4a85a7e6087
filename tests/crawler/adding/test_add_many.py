"""`campuswarc add --from`: lists of addresses, in parallel over hosts, resumable, a line of results each."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crawler.adding.url_lists import read
from crawler.archive_folder import ArchiveFolder
from crawler.cli import main
from spiders import catalogue
from spiders.tables import ConfigError
from tests.crawler.adding import sites_for_add as sites
from tests.crawler.adding.test_add import BEFORE, CONFIG
from tests.crawler.campus import campus, html


@pytest.fixture
def home(tmp_path: Path) -> ArchiveFolder:
    made = ArchiveFolder(tmp_path)
    made.config.write_text(CONFIG)
    made.sites.write_text(BEFORE)
    return made


def run(home: ArchiveFolder, *arguments: str, text: str = "") -> Result:
    return CliRunner().invoke(main, ["-C", str(home.folder), "add", *arguments], input=text)


def results(home: ArchiveFolder) -> dict[str, dict[str, str]]:
    with (home.folder / "add-results.tsv").open(newline="") as file:
        return {row["url"]: row for row in csv.DictReader(file, dialect=csv.excel_tab)}


def test_a_list_is_added_with_a_line_each_and_begun_again_goes_on(home: ArchiveFolder) -> None:
    with (
        campus("127.0.23.1", sites.sudy()) as one,
        campus("127.0.23.2", sites.wordpress()) as two,
        campus("127.0.23.3", {"/": html("<h1>Nothing here</h1>")}) as bare,
    ):
        dead = "http://127.0.23.4:18799/"
        table = f"URL,college,tags\n{one.url}/,First College,law east\n{bare.url}/,,\n{two.url}/,,\n{dead},,\n"
        done = run(home, "--from", "-", text=table)
        assert done.exit_code == 3, done.output
        told = results(home)
        assert {url: row["outcome"] for url, row in told.items()} == {
            f"{one.url}/": "right",
            f"{two.url}/": "right",
            f"{bare.url}/": "refused",
            dead: "refused",
        }
        assert all(row["why"] for row in told.values() if row["outcome"] == "refused")
        written = catalogue.load(home.sites)
        assert home.sites.read_text().startswith(BEFORE) and len(written) == 3
        first = written[told[f"{one.url}/"]["site"]]
        assert (first.college, first.tags) == ("First College", ("law", "east"))

        asked = len(one.asked) + len(two.asked) + len(bare.asked)
        again = run(home, "--from", "-", text=table)
        assert "4 were settled before" in again.output and len(catalogue.load(home.sites)) == 3
        assert len(one.asked) + len(two.asked) + len(bare.asked) == asked, "nothing is asked for twice"


def test_what_is_not_sure_enough_is_refused_and_what_is_known_too(home: ArchiveFolder) -> None:
    with campus("127.0.23.5", sites.front()) as one:
        assert run(home, "--from", "-", "--min-confidence", "1.0", text=f"{one.url}/\n").exit_code == 1
        assert "is below 1.00" in results(home)[f"{one.url}/"]["why"]
        assert run(home, f"{one.url}/", "--yes", "--min-confidence", "1.0").exit_code == 1
        (home.folder / "add-results.tsv").unlink()
        assert run(home, f"{one.url}/", "--yes").exit_code == 0
        assert run(home, "--from", "-", text=f"{one.url}/\n").exit_code == 1
        assert "already" in results(home)[f"{one.url}/"]["why"]
    assert run(home, "http://x.example.edu/", "--from", "-", text="x").exit_code == 2


OPML = """<?xml version="1.0"?><opml version="2.0"><body><outline text="Colleges">
<outline text="A" type="rss" xmlUrl="https://a.edu/feed" htmlUrl="https://a.edu/"/><outline text="B" htmlUrl="https://b.edu/"/>
</outline></body></opml>"""


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("# ours\nhttps://a.edu/\n\n  b.edu  # the second\nhttps://a.edu/\n", ["https://a.edu/", "b.edu"]),
        ("\ufeffName;Homepage\nA;https://a.edu/\nB;b.edu\n", ["https://a.edu/", "b.edu"]),
        ('id\turl\nx\t"https://a.edu/?q=1,2"\n', ["https://a.edu/?q=1,2"]),
        ("url\nhttps://a.edu/\n", ["https://a.edu/"]),
        (OPML, ["https://a.edu/feed", "https://b.edu/"]),
    ],
)
def test_lists_as_people_keep_them(text: str, urls: list[str]) -> None:
    assert [one.url for one in read(text)] == urls


@pytest.mark.parametrize("text", ["", "# nothing\n", "name,college\nA,B\n", "<opml><body>", "<html/>"])
def test_what_is_no_list_is_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        read(text)
