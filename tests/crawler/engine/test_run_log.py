"""The log of a crawl: text or JSON, rotated, a line a request on demand; a log that cannot be written ends nothing."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from crawler.config import Log
from crawler.engine.run_log import RunLog
from tests.college import College
from tests.crawler.box import Box


def test_a_crawl_writes_its_log(tmp_path: Path) -> None:
    with College(["sudy"], scale=0.1) as college:
        box = Box(tmp_path / "a", college.sites_toml())
        toml = box.folder / "campuswarc.toml"
        toml.write_text(toml.read_text() + '\n[log]\nfile = "logs/crawl.log"\nformat = "json"\n')
        box.crawl()
        quiet = (box.folder / "logs" / "crawl.log").read_text().splitlines()
        box.crawl("--all", "--log-requests")
    lines = [json.loads(line) for line in (box.folder / "logs" / "crawl.log").read_text().splitlines()]
    assert [json.loads(line)["said"] for line in quiet] == ["crawl begins", "crawl ends"]
    assert lines[len(quiet) - 1]["exit"] == 0 and lines[len(quiet) - 1]["pages"] > 0
    asked = [line for line in lines if line["said"] == "request"]
    assert {"listing", "article"} >= {line["kind"] for line in asked if line["kind"] != "robots"} != set()
    assert all(line["url"].startswith("http://127.") and line["seconds"] >= 0 for line in asked)
    assert any(line.get("status") in (200, 304) for line in asked)


def test_without_a_file_requests_go_to_stderr_and_nothing_else_does(tmp_path: Path) -> None:
    with College(["sudy"], scale=0.1) as college:
        box = Box(tmp_path / "a", college.sites_toml())
        words = box.crawl("--quiet", "--log-requests")
        assert "request site=sudy kind=listing url=http://127." in words
        assert "request" not in box.crawl("--quiet", "--all")


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_line_is_a_line_and_files_are_rotated(form: str, tmp_path: Path) -> None:
    log = RunLog()
    wanted = Log(file="crawl.log", format=form, size_mb=0.001, keep=2)  # type: ignore[arg-type]
    with log.kept(wanted, tmp_path):
        for number in range(60):
            log.say("some\nthing", number=number, url="http://a.example/\n2026-01-01T00:00:00.000Z info forged")
        logging.getLogger("library").warning("it is %s", "odd")
        logging.getLogger("library").info("not told")
    log.say("after it")
    found = sorted(path.name for path in tmp_path.iterdir())
    assert found == ["crawl.log", "crawl.log.1", "crawl.log.2"]
    lines = [line for name in reversed(found) for line in (tmp_path / name).read_text().splitlines()]
    assert all(line.startswith(("20", '{"at": "20')) for line in lines)
    assert not [line for line in lines if "not told" in line or "after it" in line]
    assert "it is odd" in lines[-1] and "59" in lines[-2]
    assert all(path.stat().st_size <= 1000 for path in tmp_path.iterdir())


def test_a_log_that_cannot_be_written_is_said_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = RunLog()
    with log.kept(Log(file="crawl.log", size_mb=0.0001, keep=1), tmp_path):
        (tmp_path / "crawl.log.1").mkdir()
        for _ in range(10):
            log.say("something that is long enough to be more than fits into one file of such a size, surely")
    assert capsys.readouterr().err.count("cannot be written") == 1
