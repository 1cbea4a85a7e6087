"""What pywb's CDX server is asked and answers (pywb.readthedocs.io, "CDXJ Server API"), asked of ours."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

import pytest
from sqlite_utils import Database

from archive.replay import cdx
from archive.replay.cdx_query import BLOCK, asked
from archive.store import schema
from tests.archive.replay.test_lookup import row

PAGE, OTHER = "https://news.a.edu/1.htm", "https://news.a.edu/2.htm"


@pytest.fixture
def db() -> Database:
    db = Database(memory=True)
    schema.steps.apply(db)
    db["captures"].insert_all(  # type: ignore[union-attr]
        [
            row(PAGE, "2023-01-01T00:00:00Z", payload_digest="sha1:A", offset=1),
            row(
                PAGE,
                "2023-01-01T00:10:00Z",
                record_type="revisit",
                refers_to=f"<urn:{PAGE}2023-01-01T00:00:00Z>",
                payload_digest="sha1:A",
                offset=2,
            ),
            row(PAGE, "2023-02-01T00:00:00Z", 404, payload_digest="sha1:B", offset=3),
            row(
                PAGE,
                "2023-03-01T00:00:00Z",
                304,
                record_type="revisit",
                refers_to=f"<urn:{PAGE}2023-01-01T00:00:00Z>",
                payload_digest="sha1:A",
                offset=4,
            ),
            row(PAGE, "2024-01-01T00:00:00Z", mime="application/pdf", payload_digest="sha1:C", offset=5),
            row(OTHER, "2023-05-01T00:00:00Z", payload_digest="sha1:D", offset=6),
        ]
    )
    return db


def answer(db: Database, query: str) -> str:
    return cdx.answer(db, asked(parse_qsl(query, keep_blank_values=True)))[0]


def offsets(db: Database, query: str, url: str = PAGE) -> str:
    """The lines found, each named by its offset."""
    return "".join(answer(db, f"url={url}&fl=offset&{query}").split())


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "12345"),
        ("limit=2", "12"),
        ("limit=-1", "5"),
        ("limit=-2", "45"),
        ("limit=0", "12345"),
        ("fastLatest=true", "5"),
        ("fastLatest=true&limit=2", "45"),
        ("sort=reverse", "54321"),
        ("reverse=1", "54321"),
        ("sort=reverse&limit=2", "54"),
        ("sort=reverse&limit=1", "5"),
        ("sort=reverse&limit=-2", "21"),
        ("sort=default", "12345"),
        ("closest=20230301000000&limit=3", "432"),
        ("sort=closest&closest=20230102&limit=1", "2"),
        ("filter=status:200", "125"),
        ("filter=statuscode:200", "125"),
        ("filter=!status:200", "34"),
        ("filter==status:20", ""),
        ("filter=status:20", "125"),
        ("filter=~status:[34]04", "34"),
        ("filter=~mime:text", "13"),
        ("filter=~mime:html", ""),
        ("filter=!~mime:.*html", "245"),
        ("filter=!=mimetype:warc/revisit", "135"),
        ("filter=mime:html&filter=status:404", "3"),
        ("filter=revisit", "24"),
        ("filter=status:200&limit=-1", "5"),
        ("filter=status:200&closest=20230301", "215"),
        ("collapse=digest", "1345"),
        ("collapse=timestamp:4", "15"),
        ("collapse=timestamp:8", "1345"),
        ("collapse=timestamp:8&collapse=digest", "1345"),
        ("collapse=urlkey", "1"),
        ("collapseTime=10", "1345"),
        ("collapse=urlkey&filter=status:404", "3"),
        ("collapse=timestamp:4&sort=reverse", "51"),
        ("from=2024", "5"),
        ("from=20230101001000&to=202302", "23"),
        ("to=2023", "1234"),
    ],
)
def test_parameters_mean_what_they_mean_to_pywb(db: Database, query: str, found: str) -> None:
    assert offsets(db, query) == found


def test_revisits_are_resolved(db: Database) -> None:
    lines = [json.loads(line) for line in answer(db, f"url={PAGE}&output=json&resolveRevisits=true").splitlines()]
    assert [line["orig.offset"] for line in lines] == ["-", "1", "-", "1", "-"]
    assert [line["status"] for line in lines] == ["200", "200", "404", "200", "200"]
    assert [line["mime"] for line in lines] == ["text/html"] * 4 + ["application/pdf"]
    assert "orig.offset" not in json.loads(answer(db, f"url={PAGE}&output=json&limit=1"))


def test_outputs(db: Database) -> None:
    ask = f"url={OTHER}"
    stated = {
        "urlkey": "edu,a,news)/2.htm",
        "timestamp": "20230501000000",
        "url": OTHER,
        "mime": "text/html",
        "status": "200",
        "digest": "D",
        "length": "10",
        "offset": "6",
        "filename": "a.warc.gz",
    }
    assert json.loads(answer(db, f"{ask}&output=json")) == stated
    assert answer(db, f"{ask}&output=text") == answer(db, ask) == " ".join(stated.values()) + "\n"
    key, time, facts = answer(db, f"{ask}&output=cdxj").split(" ", 2)
    assert (key, time) == ("edu,a,news)/2.htm", "20230501000000")
    assert json.loads(facts) == {name: value for name, value in stated.items() if name not in ("urlkey", "timestamp")}
    assert json.loads(answer(db, f"{ask}&output=json&fl=url,status")) == {"url": OTHER, "status": "200"}
    assert json.loads(answer(db, f"{ask}&output=json&fields=original")) == {"original": OTHER}
    assert answer(db, f"{ask}&fl=status,orig.length") == "200 -\n"


def test_pages(db: Database) -> None:
    host = "url=news.a.edu&matchType=host"
    assert json.loads(answer(db, f"{host}&showNumPages=true")) == {"pages": 1, "pageSize": 10, "blocks": 1}
    many = (row(f"https://news.a.edu/many/{n:04}", "2023-01-01T00:00:00Z", offset=100 + n) for n in range(2 * BLOCK))
    db["captures"].insert_all(many)  # type: ignore[union-attr]
    counted = json.loads(answer(db, f"{host}&showNumPages=true&pageSize=1"))
    assert counted == {"pages": 3, "pageSize": 1, "blocks": 3}
    pages = [answer(db, f"{host}&pageSize=1&page={n}&fl=offset,original").splitlines() for n in range(3)]
    assert [len(page) for page in pages] == [BLOCK, BLOCK, 6]
    assert [line for page in pages for line in page] == answer(db, f"{host}&fl=offset,original").splitlines()
    with pytest.raises(ValueError, match="last 2"):
        answer(db, f"{host}&pageSize=1&page=3")
    assert json.loads(answer(db, "url=nobody.example&showNumPages=1"))["pages"] == 0
    assert answer(db, "url=nobody.example&page=0") == ""


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("", "url="),
        ("url=", "url="),
        ("url=x&gzip=false", "gzip"),
        ("url=x&Limit=1", "Limit"),
        ("url=x&limit=1&limit=2", "more than once"),
        ("url=x&limit=some", "limit="),
        ("url=x&limit=1.5", "limit="),
        ("url=x&page=-1", "page="),
        ("url=x&pageSize=0", "pageSize="),
        ("url=x&pageSize=11", "pageSize="),
        ("url=x&matchType=all", "matchType="),
        ("url=x&sort=size", "sort="),
        ("url=x&sort=closest", "closest="),
        ("url=x&output=xml", "output="),
        ("url=x&reverse=maybe", "reverse="),
        ("url=x&fl=soul", "soul"),
        ("url=x&filter=soul:1", "soul"),
        ("url=x&filter=~url:(", "filter"),
        ("url=x&collapse=soul", "soul"),
        ("url=x&collapse=timestamp:0", "collapse="),
        ("url=x&from=soon", "soon"),
        ("url=x&closest=1", "timestamp"),
        ("url=x&" + "&".join(["filter=status:200"] * 11), "filters"),
    ],
)
def test_what_is_not_understood_is_refused_in_words(db: Database, query: str, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        answer(db, query)


def test_a_pattern_that_would_take_for_ever_is_given_up(db: Database) -> None:
    long: Any = row("https://news.a.edu/" + "a" * 4000, "2023-05-01T00:00:00Z")
    db["captures"].insert(long)  # type: ignore[union-attr]
    with pytest.raises(ValueError, match="too long"):
        answer(db, r"url=news.a.edu&matchType=host&filter=~url:https://news.a.edu/(a|a|aa)*(a|aa)*$b")
