"""A server whose certificate has expired: read all the same and told of with its day, or left alone, as the policy
says."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from crawler.cli import main
from tests.crawler.adding import sites_for_add
from tests.crawler.box import Box
from tests.crawler.campus import Campus, campus
from tests.crawler.net.test_tls import TODAY, Authority

ENDED = f"{TODAY - datetime.timedelta(days=3):%Y-%m-%d}"


@contextmanager
def expired(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Campus]:
    """A college behind a certificate of a known authority that ended three days ago."""
    authority = Authority(folder)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
    with campus("127.0.0.1", sites_for_add.vsb()) as server:
        server.socket = authority.server(ends=-3).wrap_socket(server.socket, server_side=True)
        server.url = f"https://localhost:{server.server_port}"
        yield server


def toml(server: Campus) -> str:
    return f'[one]\nname = "One"\nfamily = "vsb_boda"\nlistings = ["{server.url}/xxyw.htm"]\n'


def test_it_is_read_all_the_same_and_told_of_with_its_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with expired(tmp_path, monkeypatch) as server:
        box = Box(tmp_path / "a", toml(server))
        box.crawl()
    assert box.column("select count(*) from articles") == [12]
    assert set(box.column("select tls from captures")) == {"unverified"}
    said = CliRunner().invoke(main, ["-C", str(box.folder), "status", "--json"])
    [site] = [json.loads(line) for line in said.stdout.splitlines()]
    [problem] = site["problems"]
    assert said.exit_code == 0 and (problem["state"], problem["reason"]) == ("certificate", "expired")
    assert "certificate has expired" in problem["detail"] and f"it ended on {ENDED}" in problem["detail"]
    told = CliRunner().invoke(main, ["-C", str(box.folder), "report"])
    assert f"it ended on {ENDED}" in told.output


def test_where_the_policy_says_so_it_is_left_alone_and_that_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with expired(tmp_path, monkeypatch) as server:
        box = Box(tmp_path / "a", toml(server), crawl="tls_fallback = false\n")
        words = box.crawl(expect=3)
    assert "expired" in words and not server.asked
    assert box.column("select count(*) from articles") == [0]
