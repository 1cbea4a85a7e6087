"""sites.toml of ten thousand colleges: what is done once is counted, not timed."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from spiders import catalogue, tables
from spiders.tables import ConfigError


def _text(sites: int) -> str:
    return "".join(
        f'[site_{n}]\nname = "News {n}"\nhosts = ["www{n}.example.edu"]\nselect = {{ item = "div.story" }}\n'
        f'listings = ["https://news{n}.example.edu/", {{ url = "https://news{n}.example.edu/b/", section = "B" }}]\n'
        for n in range(sites)
    )


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    tables._shape.cache_clear()
    tables._required.cache_clear()
    catalogue._read.cache_clear()


def test_annotations_are_worked_out_once_a_record_not_once_a_site(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    known = tables.get_type_hints
    monkeypatch.setattr(
        tables, "get_type_hints", lambda record, **given: asked.append(record) or known(record, **given)
    )
    assert len(catalogue.parse(_text(100), "sites.toml")) == 100
    assert len(asked) == len(set(asked)) == 2, "a site and a listing"


def test_fields_are_walked_through_once_a_record_not_once_a_site(monkeypatch: pytest.MonkeyPatch) -> None:
    walked: list[type] = []
    known = tables.fields
    monkeypatch.setattr(tables, "fields", lambda record: walked.append(record) or known(record))
    assert len(catalogue.parse(_text(100), "sites.toml")) == 100
    assert len(walked) == 4, "what a site and a listing may say, and what they must"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("nmae = 'X'", "unknown key 'nmae'; did you mean 'name'"),
        ("id = 'X'", "unknown key 'id'"),
        ("paused = 1", "paused must be true or false, not 1"),
        ("max_pages = true", "max_pages must be a whole number, not True"),
        ("tags = ['a', 1]", r"tags\[1\] must be a text, not 1"),
        ("", "name is missing"),
    ],
)
def test_values_that_are_taken_as_they_are_are_those_of_the_right_type_alone(line: str, said: str) -> None:
    given = "" if "name" in said else "name = 'X'\n"
    with pytest.raises(ConfigError, match=said):
        catalogue.parse(f"[site_0]\n{given}{line}\nlistings = ['https://a.example.edu/']\n", "sites.toml")
    whole = catalogue.parse("[s]\nname = 'X'\ndelay = 2\nlistings = ['https://a.example.edu/']\n", "sites.toml")
    assert type(whole["s"].delay) is float


def test_the_same_text_is_read_once_and_each_caller_has_a_dictionary_of_his_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[str] = []
    loads = tomllib.loads
    monkeypatch.setattr(tomllib, "loads", lambda text: read.append(text) or loads(text))
    first = catalogue.parse(_text(3), "one.toml")
    first.pop("site_0")
    assert list(catalogue.parse(_text(3), "two.toml")) == ["site_0", "site_1", "site_2"]
    assert list(catalogue.parse(_text(4), "two.toml")) == ["site_0", "site_1", "site_2", "site_3"]
    assert list(catalogue.sound(_text(4), "sites.toml")[0]) == ["site_0", "site_1", "site_2", "site_3"]
    assert len(read) == 2


@pytest.mark.parametrize(
    "wrong", ["[site_0]\n", "[site_0]\nname = 'X'\nlistings = ['nowhere']\n", "[Site]\n", "[site_0\n", "site_0 = 1\n"]
)
def test_a_mistake_names_the_file_it_is_in_each_time(wrong: str) -> None:
    for name in ("one.toml", "two.toml"):
        with pytest.raises(ConfigError, match=rf"^{name}: "):
            catalogue.parse(wrong, name)


def test_hosts_of_the_listings_are_a_sites_own_beside_those_that_are_named() -> None:
    (site,) = catalogue.parse(_text(1), "sites.toml").values()
    assert site.hosts == ("news0.example.edu", "www0.example.edu")
