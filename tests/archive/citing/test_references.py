"""References by the rules of their formats: RIS line by line, CSL-JSON by its types, markup as readers split it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import parse_qsl

import pytest

from archive.citing import markup
from archive.citing.references import csl, csl_json, pwid, ris
from tests.archive.citing.test_styles import CHINESE, ENGLISH

HELD = replace(
    ENGLISH,
    captured="2024-01-02T10:00:00Z",
    record="<urn:uuid:1>",
    section="Campus",
    title="Solar boat\r\nER  - <&>\"'",
)


def fields(text: str) -> list[tuple[str, str]]:
    """As importers of RIS split it: a tag, two blanks, a hyphen, a blank; one a line."""
    lines = text.split("\r\n")
    assert lines.pop() == ""
    return [(line[:2], line[6:]) for line in lines if re.match(r"[A-Z][A-Z0-9]  - ", line) or pytest.fail(line)]


def test_ris_has_one_record_whatever_a_title_holds() -> None:
    found = fields(ris(HELD))
    assert found[0] == ("TY", "NEWS") and found[-1] == ("ER", "")
    assert [tag for tag, _ in found].count("ER") == 1
    assert [value for tag, value in found if tag == "AU"] == ["Doe, Jane Q.", "Roe, Richard"]
    assert dict(found)["DA"] == "2023/12/13/" and dict(found)["Y2"] == "2024/01/02/"
    assert "<urn:uuid:1>" in dict(found)["N1"]


@pytest.mark.parametrize(
    ("published", "day", "parts"),
    [("2023", "2023///", [2023]), ("2023-12", "2023/12//", [2023, 12]), ("2023-12-13", "2023/12/13/", [2023, 12, 13])],
)
def test_a_date_is_as_long_as_it_is_known(published: str, day: str, parts: list[int]) -> None:
    cited = replace(ENGLISH, published=published)
    assert dict(fields(ris(cited)))["DA"] == day
    assert csl(cited)["issued"] == {"date-parts": [parts]}


def test_nothing_is_said_of_what_is_not_known() -> None:
    bare = replace(CHINESE, authors=(), published=None, accessed=None, language=None)
    assert {"DA", "PY", "AU", "Y2", "LA", "N1"}.isdisjoint(tag for tag, _ in fields(ris(bare)))
    assert {"author", "issued", "accessed", "note"}.isdisjoint(csl(bare))
    assert "archivedAt" not in markup.json_ld(bare, "http://a/", None)
    assert pwid("a.example", bare.captured, bare.url) is None


def test_names_are_parted_where_it_is_known_how() -> None:
    assert csl(ENGLISH)["author"][0] == {"family": "Doe", "given": "Jane Q."}
    assert csl(CHINESE)["author"][0] == {"literal": "张三"}
    assert json.loads(csl_json(CHINESE))[0]["id"] == "campuswarc-jnwjg73pbpq5tjug"


def test_a_context_object_gives_back_what_was_put_in() -> None:
    found = parse_qsl(markup.coins(HELD))
    assert ("rft.title", HELD.title) in found
    assert [value for name, value in found if name == "rft.creator"] == list(HELD.authors)


def test_a_robust_link_is_one_link_whatever_a_title_holds() -> None:
    seen: list[tuple[str, dict[str, str | None]]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            seen.append((tag, dict(attrs)))

    Reader().feed(markup.robust_link(HELD, "https://a.example/replay/1/" + HELD.url + '?a="b"'))
    assert [tag for tag, _ in seen] == ["a"]
    assert seen[0][1]["data-originalurl"] == HELD.url and seen[0][1]["data-versiondate"] == "2024-01-02"
    assert seen[0][1]["data-versionurl"] == "https://a.example/replay/1/" + HELD.url + '?a="b"'


def test_a_pwid_names_archive_time_and_address() -> None:
    assert pwid("", HELD.captured, HELD.url) is None
    assert (
        pwid("a.example", "2024-01-02T10:00:00.123456Z", HELD.url)
        == f"urn:pwid:a.example:2024-01-02T10:00:00Z:page:{HELD.url}"
    )
