"""How an operator hears of it: digests, pings, metrics; against servers on loopback."""

from __future__ import annotations

import json
import socket
import threading
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from crawler.reporting.delivery import ping
from tests.benchmarks.archive_folder import sudy
from tests.crawler.box import Box
from tests.crawler.campus import campus, html
from tests.crawler.reporting.test_report import Archive


def test_at_most_one_digest_a_day_and_none_when_there_is_nothing_to_tell(tmp_path: Path) -> None:
    pytest.importorskip("apprise")
    with campus("127.0.24.1", {}) as inbox:
        got = inbox.posts
        there = inbox.url.replace("http://", "json://") + "/in"
        some = Archive(tmp_path / "archive", 10, f'notify = ["{there}"]')
        some.run({})
        some.report()  # the sites are new
        assert some.say("report", "--send").exit_code == 0 and not got, "nothing to tell"
        some.run({"c001": "robots"})
        assert some.say("report", "--send").exit_code == 3 and len(got) == 1
        assert "c001" in json.loads(got[0])["message"] and "robots as said in full" in json.loads(got[0])["message"]
        some.run({"c001": "robots", "c002": "robots"})
        assert "today" in some.say("report", "--send").output and len(got) == 1
        assert {one["site"] for group in some.report()["newly"] for one in group["problems"]} == {"c002"}, "not lost"


def test_a_digest_that_nobody_took_is_not_told(tmp_path: Path) -> None:
    pytest.importorskip("apprise")
    some = Archive(tmp_path / "archive", 10, 'notify = ["json://127.0.24.2:18799/in"]')
    some.run({"c001": "robots"})
    said = some.say("report", "--send")
    assert said.exit_code == 1 and "took no message" in said.output
    assert some.report()["newly"], "it is told next time"


def test_a_watch_is_told_of_start_success_and_failure(tmp_path: Path) -> None:
    with (
        campus("127.0.24.3", {"/p/1": html(""), "/p/1/start": html(""), "/p/1/fail": html("")}) as watch,
        campus("127.0.24.4", {"/list.htm": html("<h1>Nothing</h1>")}) as site,
    ):
        box = Box(
            tmp_path / "archive",
            sudy("bare", f"{site.url}/list.htm"),
            storage=f'[report]\nping_url = "{watch.url}/p/1"\nexit_over = 1',
        )
        box.crawl()
        assert watch.asked == ["/p/1/start", "/p/1"]
        config = box.folder / "campuswarc.toml"
        config.write_text(config.read_text().replace("exit_over = 1", "exit_over = 0"))
        box.make_due()
        box.crawl(expect=3)
        assert watch.asked[2:] == ["/p/1/start", "/p/1/fail"]
    box.make_due()
    assert "was not told of the start" in box.crawl(expect=3), "a watch that is away ends no crawl"


def test_metrics_are_what_prometheus_reads(tmp_path: Path) -> None:
    some = Archive(tmp_path / "archive", 10)
    some.run({"c001": "robots", "c002": "dns"})
    out = tmp_path / "node" / "campuswarc.prom"
    out.parent.mkdir()
    assert some.say("status", "--prometheus", str(out)).exit_code == 3
    families = {family.name: family for family in text_string_to_metric_families(out.read_text())}
    value = {name: family.samples[0].value for name, family in families.items() if family.samples}
    assert (value["campuswarc_sites"], value["campuswarc_sites_broken"]) == (10, 2)
    assert {sample.labels["reason"] for sample in families["campuswarc_problems"].samples} == {"robots", "dns"}
    assert [path.name for path in out.parent.iterdir()] == ["campuswarc.prom"], "written whole, beside nothing"


@pytest.mark.parametrize("said", [b"SSH-2.0-x\r\n", b"HTTP/1.1 2" + b"0" * 70_000, b""])
def test_a_monitor_that_speaks_no_http_ends_no_crawl(said: bytes, caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(said)

        threading.Thread(target=answer, daemon=True).start()
        ping(f"http://127.0.0.1:{server.getsockname()[1]}/", "start", "agent")
    ping("http://127.0.0.1:port/", "success", "agent")
    assert caplog.text.count("was not told of") == 2
