"""`campuswarc status`: the cause in full, for people and for programs; quiet when well."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from archive.store.db import open_writer
from archive.store.store import Archive
from crawler.cli import main
from tests.archive.warc.samples import INFO, exchange
from tests.benchmarks.archive_folder import sudy
from tests.college import College
from tests.crawler.box import Box
from tests.crawler.campus import campus, html
from tests.crawler.history.test_rebuild import alter


def status(box: Box, *more: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(box.folder), "status", *more])


def problems(box: Box, *more: str) -> list[dict[str, Any]]:
    return [one for line in status(box, "--json", *more).stdout.splitlines() for one in json.loads(line)["problems"]]


def test_each_cause_is_said_in_full_and_in_keys(tmp_path: Path) -> None:
    elsewhere = "https://new.example.org/news/"
    with (
        campus("127.0.4.1", {"/list.htm": (302, "text/html", elsewhere.encode())}) as moved,
        campus("127.0.4.2", {"/robots.txt": (500, "text/plain", b"")}) as busy,
        campus("127.0.4.3", {"/list.htm": html("<h1>Nothing</h1>")}) as bare,
    ):
        box = Box(
            tmp_path / "archive",
            sudy("moved", f"{moved.url}/list.htm")
            + sudy("busy", f"{busy.url}/list.htm")
            + sudy("bare", f"{bare.url}/list.htm")
            + sudy("dead", "http://127.0.4.4:18799/list.htm")
            + sudy("nameless", "http://news.nosuchcollege.invalid/list.htm"),
        )
        words = box.crawl("--quiet", expect=3)
    found = {one["site"]: one for one in problems(box)}
    assert {site: (one["state"], one["reason"]) for site, one in found.items()} == {
        "moved": ("failed", "redirect_off_site"),
        "busy": ("failed", "http_500"),
        "bare": ("empty", "no_items"),
        "dead": ("failed", "refused"),
        "nameless": ("failed", "dns"),
    }
    assert elsewhere in found["moved"]["detail"] and "500" in found["busy"]["detail"]
    assert "robots.txt" in found["busy"]["detail"] and "robots_unknown" not in words
    for site, one in found.items():
        assert {"site", "url", "state", "reason", "detail", "since", "action"} <= set(one)
        assert one["detail"] in words and one["detail"] in status(box).stdout, "the mail and the table say it too"
        assert one["action"].startswith("campuswarc ") and site in one["action"] and one["runs"] == 1
    assert status(box, "--json").exit_code == 3


def test_quiet_when_well_and_a_name_nobody_has_is_an_error(tmp_path: Path) -> None:
    with College(["sudy"], scale=0.1) as college:
        box = Box(tmp_path / "archive", college.sites_toml())
        box.crawl()
    well = status(box, "--broken")
    assert (well.exit_code, well.output) == (0, ""), "cron mails whatever is printed"
    typo = status(box, "sudi")
    assert typo.exit_code == 1 and "did you mean 'sudy'" in typo.output
    assert status(box, "sudy").exit_code == 0


def test_runs_in_a_row_are_counted_since_it_was_read_well(tmp_path: Path) -> None:
    with College(["sudy"], scale=0.1) as college:
        box = Box(tmp_path / "archive", college.sites_toml())
        box.crawl()
        college.misbehave("sudy", "*list.htm", "forbidden")
        for run in (1, 2, 3):
            box.make_due()
            box.crawl("--quiet", expect=3)
            assert {one["runs"] for one in problems(box)} == {run}
        college.behave()
        box.make_due()
        box.crawl()
        assert problems(box) == []


@pytest.mark.parametrize("other", ["http://{}/list.htm", "https://{}/list.htm", "http://www.{}/list.htm"])
def test_a_listing_that_two_sites_have_is_refused(tmp_path: Path, other: str) -> None:
    host = "news.example.edu"
    box = Box(tmp_path / "archive", sudy("one", f"http://{host}/list.htm") + sudy("two", other.format(host)))
    words = box.crawl(expect=1)
    assert "[two]" in words and "[one] already" in words


def test_a_certificate_that_is_not_to_be_trusted_is_a_remark(tmp_path: Path) -> None:
    with College(["sudy"], scale=0.1) as college:
        box = Box(tmp_path / "archive", college.sites_toml())
        box.crawl()
    with sqlite3.connect(box.folder / "news.db") as db:  # as if it had been read over https
        url = "https://news.example.edu/list.htm"
        (old,) = db.execute("select url from listings limit 1").fetchone()
        db.execute("update listings set url = ? where url = ?", [url, old])
        db.execute("update captures set url = ?, tls = 'unverified' where url = ?", [url, old])
        db.execute(
            "insert into failures (url, site, kind, detail, at) values (?, 'sudy', 'certificate', ?, ?)",
            ["https://news.example.edu/", "certificate has expired", "2026-01-01T00:00:00Z"],
        )
    said = status(box)
    assert said.exit_code == 0 and "remark" in said.stdout and "certificate has expired" in said.stdout
    (one,) = problems(box)
    assert (one["state"], one["reason"], one["url"]) == ("certificate", "expired", url)


def test_what_was_read_with_doubt_is_counted_with_the_command_that_lists_it(tmp_path: Path) -> None:
    with College(["sudy"], scale=0.1) as college:
        box = Box(tmp_path / "archive", college.sites_toml())
        box.crawl()
    alter(box.folder / "news.db", "update articles set confidence = 0.9")
    for url in box.column("select url from articles limit 2"):
        alter(box.folder / "news.db", f"update articles set confidence = 0.4 where url = '{url}'")
    told = status(box)
    assert told.exit_code == 0 and "2 stories read with doubt" in told.stdout
    listed = CliRunner().invoke(main, ["-C", str(box.folder), "search", "--doubtful", "--count"])
    assert listed.stdout.split() == ["2"]
    (row,) = map(json.loads, status(box, "--json").stdout.splitlines())
    assert row["doubtful"] == 2


def test_ids_are_whole_and_commands_can_be_typed_where_the_person_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = "the_college_of_arts_and_sciences_of_example_state_university"
    box = Box(tmp_path / "an archive", sudy(long, "https://news.example.edu/"))
    with closing(open_writer(box.folder / "news.db").conn) as db, db:
        db.execute("insert into sites (id, state, first_seen) values (?, 'active', '2026-01-01')", [long])
        db.execute(
            "insert into listings (url, site, state, reason) values (?, ?, 'empty', 'no_items')",
            ["https://news.example.edu/", long],
        )
    typed = f"campuswarc -C '{box.folder}' fix {long}"
    assert long in status(box).stdout and [one["action"] for one in problems(box)] == [typed]
    assert f"-> {typed}\n" in CliRunner().invoke(main, ["-C", str(box.folder), "report"]).stdout
    monkeypatch.chdir(box.folder)
    assert [one["action"] for one in problems(box)] == [f"campuswarc fix {long}"]


def test_a_file_that_is_gone_is_told_until_it_is_back(tmp_path: Path) -> None:
    box = Box(tmp_path, sudy("one", "https://news.example.edu/"))
    archive = Archive(box.folder, info=INFO)
    archive.record(exchange())
    archive.close()
    (path,) = box.warcs()
    assert status(box, "--broken").exit_code == 0
    path.rename(tmp_path / "saved")
    said = status(box, "--broken")
    assert said.exit_code == 3 and f"{path.name} is missing" in said.stdout and "1 captures" in said.stdout
    (tmp_path / "saved").rename(path)
    assert status(box, "--broken").stdout == ""


def test_a_database_that_is_gone_beside_its_records_is_made_again(tmp_path: Path) -> None:
    box = Box(tmp_path, sudy("one", "https://news.example.edu/"))
    assert "nothing has been crawled here yet" in status(box).output
    archive = Archive(box.folder, info=INFO)
    archive.record(exchange())
    archive.close()
    (box.folder / "news.db").unlink()
    assert "`campuswarc rebuild` makes it again" in status(box).output
