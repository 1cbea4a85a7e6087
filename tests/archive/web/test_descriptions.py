"""What describes the archive to programs is true: judged by validators that are not ours, and by calling it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import pytest

from tests.archive.web.conftest import Client, client_of
from tests.archive.web.routes import filled

jsonschema = pytest.importorskip("jsonschema", reason="of the dev extra")
validator = pytest.importorskip("openapi_spec_validator", reason="of the dev extra")

_WATCHES = '[library]\nquery = "图书馆"\n'
_NS = "{http://a9.com/-/spec/opensearch/1.1/}"


@pytest.fixture(scope="module")
def described(client: Client) -> dict[str, Any]:
    answer = client.get("/openapi.json")
    assert answer.headers["content-type"].startswith("application/json")
    return answer.json()  # type: ignore[no-any-return]


def _strict(schema: Any) -> Any:
    """The schema that allows no key which it does not tell of."""
    if isinstance(schema, list):
        return [_strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: _strict(one) for name, one in schema.items()}
    if "properties" in schema and schema.get("type") == "object" and "required" in schema:
        closed["additionalProperties"] = False
    return closed


def _address(path: str, operation: dict[str, Any], given: dict[str, str]) -> str:
    """Of the examples that the description gives."""
    asked = []
    for one in operation.get("parameters", ()):
        value = one.get("example", given.get(one["name"]))
        if one["in"] == "path":
            path = path.replace(f"{{{one['name']}}}", str(value))
        elif value is not None:
            asked.append(f"{one['name']}={quote(str(value))}")
    return path + ("?" + "&".join(asked) if asked else "")


def test_it_is_openapi(described: dict[str, Any]) -> None:
    validator.validate(described)
    assert all(one["get"]["summary"] for one in described["paths"].values())


def test_each_example_is_answered_as_it_says(
    described: dict[str, Any], sample: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    (sample.folder / "watches.toml").write_text(_WATCHES, encoding="utf-8")
    try:
        for path, item in described["paths"].items():
            address = _address(path, item["get"], {"name": "library"})
            assert "{" not in address, path
            answer = client.once("GET", address)
            assert answer.status_code == 200, (address, answer.text[:500])
            schema = item["get"]["responses"]["200"]["content"]["application/json"]["schema"]
            if path != "/openapi.json":
                schema = _strict(schema)
            jsonschema.Draft202012Validator(schema).validate(answer.json())
        hits = client.get("/search.json?q=" + quote(_example(described, "/search.json", "q"))).json()
        assert hits["results"] and hits["facets"]["site"]  # the schemas have met something
    finally:
        (sample.folder / "watches.toml").unlink()


def _example(described: dict[str, Any], path: str, name: str) -> str:
    return next(str(one["example"]) for one in described["paths"][path]["get"]["parameters"] if one["name"] == name)


@pytest.mark.parametrize(
    "path",
    [
        "/article/aaaaaaaaaaaaaaaa.json",
        "/article/aaaaaaaaaaaaaaaa/versions.json",
        "/article/aaaaaaaaaaaaaaaa/versions/20240101000000.json",
        "/article/aaaaaaaaaaaaaaaa/captures.json",
        "/search.json?q=after:nonsense",
        "/changes.json?q=after:nonsense",
        "/numbers.json?q=after:nonsense",
        "/numbers.json",
        "/watch/nobody.json",
        "/timemap/json/http://nowhere.example/",
    ],
)
def test_what_is_wrong_is_told_in_json(described: dict[str, Any], client: Client, path: str) -> None:
    answer = client.once("GET", path)
    assert answer.status_code in (400, 404), answer.text
    jsonschema.Draft202012Validator(described["components"]["schemas"]["Error"]).validate(answer.json())
    asked = path.partition("?")[0]
    paths = {
        name: re.escape(name.replace("{url}", "U").replace("{", "<").replace("}", ">")) for name in described["paths"]
    }
    [fits] = [
        name for name, text in paths.items() if re.fullmatch(re.sub("<.*?>", "[^/]+", text).replace("U", ".+"), asked)
    ]
    item = described["paths"][fits]["get"]
    assert str(answer.status_code) in item["responses"]


def test_a_replayed_page_whose_name_ends_in_json_is_no_json_of_ours(client: Client) -> None:
    answer = client.once("GET", "/replay/2024/http://nowhere.example/data.json")
    assert answer.status_code == 404 and answer.headers["content-type"].startswith("text/html")


def test_no_json_is_left_out(described: dict[str, Any], sample: Any, client: Client) -> None:
    """Every route is asked; what answers in JSON is described."""
    from archive.web.plugin import OF_ADDRESSES, ROUTES

    (sample.folder / "watches.toml").write_text(_WATCHES, encoding="utf-8")
    try:
        id_ = _example(described, "/article/{id}.json", "id")
        at = _example(described, "/article/{id}/versions/{time}.json", "time")
        url = _example(described, "/timemap/json/{url}", "url")
        told = {
            _address(path, {"parameters": [p for p in item["get"].get("parameters", ()) if p["in"] == "path"]}, _NAMED)
            for path, item in described["paths"].items()
        }
        found = set()
        for pattern, _ in [*ROUTES, *OF_ADDRESSES]:
            for form in ("link", "json", "cdxj"):
                fill = {"id": id_, "at": at, "name": "library", "url": url, "form": form, "timestamp": at}
                path = filled(pattern, fill | {"number": "1", "rest": "", "mode": "id_"})
                assert re.match(pattern, path), f"{pattern}: say here how it is asked for"
                answer = client.once("GET", path + "?q=x")
                if answer.headers["content-type"].startswith("application/json"):
                    found.add(path)
        assert len(found) > 10 and found == told
    finally:
        (sample.folder / "watches.toml").unlink()


_NAMED = {"name": "library"}


def test_an_empty_archive_describes_itself(tmp_path: Path) -> None:
    from archive.store.db import open_writer

    open_writer(tmp_path / "news.db").close()
    empty = client_of(tmp_path)
    described = empty.get("/openapi.json").json()
    validator.validate(described)
    assert "example" not in json.dumps(described["paths"]["/article/{id}.json"])


@pytest.mark.parametrize(("language", "name"), [("en", "College news"), ("zh", "高校新闻档案")])
def test_opensearch(client: Client, language: str, name: str) -> None:
    page = client.get("/", headers={"accept-language": language}).text
    [place] = re.findall(r'<link rel="search" href="([^"]+)" type="application/opensearchdescription\+xml"', page)
    answer = client.get(place, headers={"accept-language": language})
    root = ElementTree.fromstring(answer.content)
    assert root.findtext(f"{_NS}ShortName") == name and len(name) <= 16  # OpenSearch 1.1, ShortName
    for url in root.findall(f"{_NS}Url"):
        if url.get("rel") == "self":
            continue
        address = (url.get("template") or "").replace("{searchTerms}", quote("图书馆")).replace("{startPage?}", "1")
        found = client.get(address)
        assert found.status_code == 200 and found.headers["content-type"].startswith(url.get("type") or "-")
        assert "图书馆" in found.text
