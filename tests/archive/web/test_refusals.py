"""What a stranger can ask of it costs a bounded time, memory and size, and tells nothing of the machine."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from archive.web import refusals
from tests.archive.web.conftest import Client, client_of

if TYPE_CHECKING:
    from tests.archive.web.sample import Sample

FORMS = ("/search", "/search.json", "/search.csv", "/search.atom")
MOST_ANSWER = 3_000_000


@pytest.mark.parametrize(
    "query",
    [
        "a" * 499,
        "1" * 499,
        "招" * 500,
        "学院 OR " * 71,
        " OR ".join(f"site:{n}" for n in range(40)),
        "after:2023 " * 45,
        "a:" * 250,
        "univ* " * 20,
        "-(" * 9 + "x",
    ],
    ids=lambda query: query[:12],
)
@pytest.mark.parametrize("form", FORMS)
def test_the_longest_queries_have_answers_of_a_bounded_size(client: Client, form: str, query: str) -> None:
    answer = client.get(f"{form}?q={quote(query)}")
    assert answer.status_code in (200, 400)
    assert len(answer.content) < MOST_ANSWER


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("query", ["a" * 501, "after:2023 " * 200, "b " * 249, "univ* " * 21])
def test_a_query_past_the_bounds_is_refused_in_one_sentence(client: Client, form: str, query: str) -> None:
    answer = client.get(f"{form}?q={quote(query)}")
    assert answer.status_code == 400
    assert "query" in answer.text
    assert len(answer.content) < 20_000


@pytest.mark.parametrize(
    "path", ["/search?q=", "/sites?q=", "/gone?site=", "/?lang=", "/cdx?url=", "/news/articles?x="]
)
def test_an_address_past_any_use_is_refused(client: Client, path: str) -> None:
    assert client.get(path + "x" * refusals.MOST_TARGET).status_code == 414


def test_visitors_run_sql_only_where_the_operator_lets_them(sample: Sample, client: Client) -> None:
    asked = {"sql": "select 1 as n", "_shape": "array"}
    assert client.get("/news.json", params=asked).status_code == 403
    assert client.get("/news/sites.json", params={"_where": "1 = 1"}).status_code in (400, 403)
    assert client.get("/news/sites.json").status_code == 200
    assert client_of(sample.folder, sql=True).get("/news.json", params=asked).json() == [{"n": 1}]


@pytest.mark.parametrize(
    "sql",
    [
        "select length(printf('%.*c', 1000000000, 'x'))",
        "select length(randomblob(1000000000))",
        "select length(zeroblob(1000000000))",
        "select length(replace(hex(zeroblob(4000000)), '0', '00000'))",
        "select 1 where 'x' like '%" + "a%" * 600 + "'",
        " union all ".join(["select 1"] * 60),
    ],
    ids=lambda sql: sql[:30],
)
def test_no_value_of_a_statement_is_larger_than_the_bound(sample: Sample, sql: str) -> None:
    answer = client_of(sample.folder, sql=True).get("/news.json", params={"sql": sql, "_shape": "arrays"})
    assert answer.status_code == 400 or answer.json()["rows"] == [[None]]  # printf() gives null for what is too large


@pytest.mark.parametrize("form", ["json", "csv", "json?_shape=array"])
def test_rows_of_a_table_are_bounded_by_their_size(sample: Sample, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "MOST_ROWS", 20_000)  # below what the bodies of the sample have
    client = client_of(sample.folder)
    address = f"/news/articles.{form}" + ("&" if "?" in form else "?")
    refused = client.get(f"{address}_size=500")
    assert refused.status_code == 400 and "_size" in refused.text
    assert client.get(f"{address}_size=2").status_code == 200


def test_our_own_connection_is_bounded_too() -> None:
    connection = refusals.bound(sqlite3.connect(":memory:"))
    with pytest.raises(sqlite3.DataError, match="too big"):
        connection.execute("select zeroblob(?)", [refusals.MOST_VALUE + 1])
    with pytest.raises(sqlite3.OperationalError, match="too many attached"):
        connection.execute("attach ':memory:' as other")


@pytest.mark.parametrize(
    ("host", "served_as", "status"),
    [
        ("127.0.0.1:8001", ["127.0.0.1"], 200),
        ("localhost", ["127.0.0.1"], 200),
        ("LOCALHOST.:80", ["127.0.0.1"], 200),
        ("[::1]:8001", ["127.0.0.1"], 200),
        ("evil.example", ["127.0.0.1"], 400),
        ('a"><script>', ["127.0.0.1"], 400),
        ("127.0.0.1.evil.example", ["127.0.0.1"], 400),
        ("localhost.evil.example", ["127.0.0.1"], 400),
        ("192.0.2.7", ["127.0.0.1"], 400),
        ("192.0.2.7", ["192.0.2.7"], 200),
        ("192.0.2.7:80", ["0.0.0.0"], 200),
        ("[2001:db8::7]", ["::"], 200),
        ("evil.example", ["0.0.0.0"], 400),
        ("archive.lan", ["archive.lan"], 200),
    ],
)
@pytest.mark.parametrize("path", ["/", "/search.json", "/news/sites.json", "/-/databases.json"])
def test_it_answers_to_its_own_names_alone(
    sample: Sample, path: str, host: str, served_as: list[str], status: int
) -> None:
    answer = client_of(sample.folder, hosts=served_as).get(path, headers={"Host": host})
    assert answer.status_code == status
    assert status == 200 or "evil" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_an_address_of_its_own_stands_in_its_links(sample: Sample) -> None:
    client = client_of(sample.folder, hosts=["127.0.0.1"], base_url="https://old.example.edu/news/")
    for host in ("old.example.edu", "127.0.0.1:8001"):
        found = client.get("/news/search.json?q=图书馆", headers={"Host": host}).json()["results"]
        assert found[0]["page"].startswith("https://old.example.edu/news/article/")


@pytest.mark.parametrize("path", ["/", "/search", "/news", "/news/articles", "/-/databases", "/article/1"])
@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "BREW"])
def test_other_methods_are_not_allowed(client: Client, path: str, method: str) -> None:
    answer = client.ask(method, path)
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]


def test_nothing_says_where_on_the_machine_a_file_lies(sample: Sample) -> None:
    client = client_of(sample.folder, sql=True)
    places = ["/-/databases.json", "/-/metadata.json", "/-/databases", "/-/metadata", "/-/settings.json"]
    places += ["/-/plugins.json", "/-/versions.json", "/news", "/news.json", "/"]
    places += [
        "/news.json?sql=select+*+from+pragma_database_list",
        "/news.json?sql=select+file+from+pragma_database_list()",
    ]
    for place in places:
        answer = client.get(place)
        assert answer.status_code == 200, place
        assert str(sample.folder) not in answer.text, place
    assert client.get("/-/databases.json").json()[0]["path"] == "news.db"


def test_a_database_that_is_gone_is_named_without_its_folder(sample: Sample, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    copytree(sample.folder, folder)
    client = client_of(folder)
    assert client.get("/").status_code == 200
    (folder / "news.db").unlink()
    answer = client.get("/")
    assert answer.status_code == 503
    assert str(tmp_path) not in answer.text


def test_a_spreadsheet_runs_no_cell_of_a_search(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from archive.web.holdings import Holdings

    wide = {name: f"{sign}1+1" for name, sign in zip(("url", "title", "site", "college"), "＝＋－＠", strict=True)}
    real = Holdings.first
    monkeypatch.setattr(Holdings, "first", lambda *asked: [row | wide for row in real(*asked)])
    cells = client.get("/search.csv?q=图书馆").text.splitlines()[1].split(",")
    assert {"'＝1+1", "'＋1+1", "'－1+1", "'＠1+1"} <= set(cells)
