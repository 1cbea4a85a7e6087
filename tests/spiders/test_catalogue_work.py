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
    tables._hints.cache_clear()
    catalogue._sites.cache_clear()


def test_annotations_are_worked_out_once_a_record_not_once_a_site(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    known = tables.get_type_hints
    monkeypatch.setattr(
        tables, "get_type_hints", lambda record, **given: asked.append(record) or known(record, **given)
    )
    assert len(catalogue.parse(_text(100), "sites.toml")) == 100
    assert len(asked) == len(set(asked)) == 2, "a site and a listing"


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
