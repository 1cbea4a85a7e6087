"""What was silently changed, on the web: page, JSON, CSV, Atom."""

from __future__ import annotations

import csv
import io
from xml.etree import ElementTree

import pytest

from tests.archive.web.conftest import Client

ATOM = "{http://www.w3.org/2005/Atom}"


def test_the_page_shows_words_weight_and_the_way_to_both_versions(client: Client) -> None:
    html = client.get("/changes?kind=edited").text
    assert "<ins>" in html and "<del>" in html and "weight " in html
    assert "?from=" in html and "/replay/" in html
    assert (
        client.get(html.split('class="card"><h2><a href="', 1)[1].split('"')[0].replace("&amp;", "&")).status_code
        == 200
    )
    assert "改动" in client.get("/changes?lang=zh").text


def test_every_form_says_the_same(client: Client) -> None:
    document = client.get("/changes.json?size=100").json()
    found = [(one["kind"], one["url"]) for one in document["changes"]]
    assert {kind for kind, _ in found} >= {"edited", "deleted"} and document["unread"] == 0
    rows = csv.DictReader(io.StringIO(client.get("/changes.csv").text.removeprefix("\ufeff")))
    assert [(row["kind"], row["url"]) for row in rows] == found
    feed = ElementTree.fromstring(client.get("/changes.atom").content)
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.find(f"{ATOM}category").get("term") for entry in entries] == [kind for kind, _ in found]  # type: ignore[union-attr]
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(entries)


def test_pages_follow_each_other(client: Client) -> None:
    whole = client.get("/changes.json?size=100").json()["changes"]
    assert len(whole) > 1
    first = client.get("/changes.json?size=1").json()
    second = client.get(first["next"].removeprefix("http://archive.test")).json()
    assert [*first["changes"], *second["changes"]] == whole[:2]


def test_what_is_asked_for_narrows(client: Client) -> None:
    assert {one["kind"] for one in client.get("/changes.json?kind=deleted").json()["changes"]} == {"deleted"}
    assert client.get("/changes.json?since=2999").json()["changes"] == []
    assert "No change was found." in client.get("/changes?q=nosuchwordatall").text
    heavy = client.get("/changes.json?kind=edited&min-weight=1").json()["changes"]
    assert all(one["weight"] == 1 for one in heavy)


@pytest.mark.parametrize(
    "wrong", ["since=soon", "kind=lost", "min-weight=2", "min-weight=nan", "q=after:x", "q=added:-"]
)
def test_what_cannot_be_meant_is_said(client: Client, wrong: str) -> None:
    for form in ("", ".json", ".csv", ".atom"):
        answer = client.get(f"/changes{form}?{wrong}")
        assert answer.status_code == 400 and answer.text.strip()
