"""`campuswarc serve --shards`: pages of all shards are those of one archive of the same sites."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from archive.replay.captures import stamp
from crawler.archive_folder import ArchiveFolder
from crawler.cli import main
from tests.archive.web.conftest import Client, client_of
from tests.crawler.shards.conftest import Both

NUMBERS = re.compile(r"<dt>([^<]+)</dt><dd>(?:<a[^>]*>)?([\d,]+)")


def served(top: ArchiveFolder, *words: str) -> Client:
    """A client of what the command would serve."""
    given: list[Any] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("archive.web.server.serve", lambda app, *where, **more: given.append(app))
        done = CliRunner().invoke(main, ["-C", str(top.folder), "serve", "--shards", "--host", "archive.test", *words])
    assert done.exit_code == 0, done.output
    return Client(given[0])


@pytest.fixture(scope="module")
def together(both: Both) -> Client:
    return served(both.top)


@pytest.fixture(scope="module")
def alone(both: Both) -> Client:
    return client_of(both.one.folder)


@pytest.mark.parametrize("query", ["", "学院", "site:wordpress", "nothing-has-this-word"])
def test_a_search_finds_what_one_archive_finds(together: Client, alone: Client, query: str) -> None:
    found, wanted = (client.get(f"/search.json?size=100&q={query}").json() for client in (together, alone))
    for part in ("total", "months", "facets"):
        assert found[part] == wanted[part]
    assert {hit["page"] for hit in found["results"]} == {hit["page"] for hit in wanted["results"]}
    for path in ("/search", "/search.atom", "/search.csv"):
        assert together.get(f"{path}?q={query}").status_code == 200
    rows = [client.get(f"/search.csv?q={query}&sort=newest").text.splitlines() for client in (together, alone)]
    assert sorted(rows[0]) == sorted(rows[1])


def test_home_and_sites_are_those_of_one(together: Client, alone: Client) -> None:
    told, wanted = (dict(NUMBERS.findall(client.get("/").text)) for client in (together, alone))
    assert {told[name] == wanted[name] for name in ("articles", "sites", "versions", "documents")} == {True}
    names = [re.findall(r'href="/site/([^"]+)"', client.get("/sites").text) for client in (together, alone)]
    assert names[0] == names[1] and len(names[0]) == 4
    health = [client.get("/sites.json").json() for client in (together, alone)]
    assert sorted(row["site"] for row in health[0]) == sorted(row["site"] for row in health[1])
    assert together.get("/healthz").json()["status"] == "ok"


def test_each_story_is_found_in_whichever_shard_it_lies(both: Both, together: Client) -> None:
    for site in ("sudy", "wordpress", "trs", "vsb"):
        hit = together.get(f"/search.json?q=site:{site}").json()["results"][0]
        page = together.get(hit["page"])
        assert page.status_code == 200 and hit["url"] in page.text
        assert together.get(hit["json"]).json()["url"] == hit["url"]
        assert together.get(f"/site/{site}").status_code == 200
        (at,) = both.one.column("select max(fetched_at) from captures where url = ?", hit["url"])
        assert together.get(f"/replay/{stamp(at)}/{hit['url']}").status_code in (200, 302)
        assert together.get(f"/timemap/link/{hit['url']}").status_code == 200
    for path in ("/article/aaaaaaaaaaaaaaaa", "/site/nowhere", "/replay/2020/http://127.0.0.1/none"):
        assert together.get(path).status_code == 404


def test_what_each_shard_has_its_own_of_is_asked_of_one(together: Client) -> None:
    for path in ("/changes", "/gone", "/runs", "/numbers?q=学院", "/clusters", "/metrics", "/withheld"):
        choice = together.get(path)
        assert choice.status_code == 300 and "shard=s1" in choice.text, path
        mark = "&" if "?" in path else "?"
        assert together.get(f"{path}{mark}shard=s1").status_code == 200, path
    assert together.get("/gone.json?shard=s1").status_code == 404
    choice = together.get("/changes.json")
    assert choice.status_code == 300 and list(choice.json()["shards"]) == ["s0", "s1", "s2"]
    assert together.get("/s1/articles.json").status_code == 200, "its tables, in Datasette"


def test_what_is_withheld_in_a_shard_is_withheld_of_all(both: Both, tmp_path: Path) -> None:
    shutil.copytree(both.top.folder, tmp_path / "top")
    top = ArchiveFolder(tmp_path / "top")
    hit = served(top).get("/search.json?q=site:trs").json()["results"][0]
    folder = next(one for one in top.folder.glob("shards/*") if "[trs]" in (one / "sites.toml").read_text())
    reason = ["--reason", "asked to", "--depth", "blocked"]
    done = CliRunner().invoke(main, ["-C", str(folder), "withhold", hit["url"], *reason])
    assert done.exit_code == 0, done.output
    after = served(top)
    assert after.get(hit["page"]).status_code == 451
    assert hit["url"] not in after.get("/search.json?q=site:trs&size=100").text


def test_a_shard_that_lies_elsewhere_is_named_on_each_page(both: Both, tmp_path: Path) -> None:
    shutil.copytree(both.top.folder, tmp_path / "top")
    plan = tmp_path / "top" / "shards.toml"
    plan.write_text(
        re.sub(r'(\[shards\.s1\](?s:.*?)machine = )""', r'\1"elsewhere-entirely"', plan.read_text(), count=1)
    )
    client = served(ArchiveFolder(tmp_path / "top"))
    for path in ("/", "/search?q=学院", "/gone?shard=s0"):
        assert "s1 lies on elsewhere-entirely" in client.get(path).text


def test_replay_beside_is_refused_for_shards(both: Both) -> None:
    done = CliRunner().invoke(main, ["-C", str(both.top.folder), "serve", "--shards", "--high-fidelity"])
    assert done.exit_code == 2 and "serve a shard by itself" in done.output
