"""What status needs of sites.toml is not read from it again where the rows were made of that very text."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.store.db import open_writer
from archive.store.rows import Rows
from crawler.archive_folder import ArchiveFolder
from crawler.intake.site_rows import enrol
from crawler.reporting.terms import Terms, terms
from spiders import catalogue
from spiders.tables import ConfigError
from tests.crawler.history.test_rebuild import alter

AT = "2024-01-01T00:00:00Z"
TOML = (
    '[one]\nname = "One"\nlistings = ["https://one.example.edu/"]\n'
    '[two]\nname = "Two"\nlistings = ["https://two.example.edu/"]\npaused = true\nsilent_days = 9\ntags = ["a", "b"]\n'
)
SAID = {"one": Terms(), "two": Terms(9, True, frozenset("ab"))}


@pytest.fixture
def home(tmp_path: Path) -> ArchiveFolder:
    home = ArchiveFolder(tmp_path)
    home.sites.write_text(TOML)
    enrolled(home, TOML)
    return home


def enrolled(home: ArchiveFolder, text: str, said: str | None = None, *, alone: bool = True) -> None:
    rows = Rows(open_writer(home.database))
    enrol(rows, catalogue.parse(text, "sites.toml"), AT, alone=alone, text=(text if said is None else said).encode())
    rows.close()


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Texts that are parsed."""
    parsed: list[str] = []
    loads = tomllib.loads
    monkeypatch.setattr(tomllib, "loads", lambda text: parsed.append(text) or loads(text))
    catalogue._read.cache_clear()
    yield parsed
    catalogue._read.cache_clear()


def test_the_rows_say_what_the_text_says(home: ArchiveFolder, read: list[str]) -> None:
    assert (terms(home), read) == (SAID, [])


def test_a_text_that_was_edited_since_is_read(home: ArchiveFolder, read: list[str]) -> None:
    home.sites.write_text(TOML.replace("silent_days = 9", "silent_days = 8"))
    assert terms(home)["two"].silent_days == 8 and len(read) == 1
    home.sites.write_text(TOML.replace("paused = true", "paused = 1"))
    with pytest.raises(ConfigError, match="paused must be true or false"):
        terms(home)


@pytest.mark.parametrize(
    ("said", "alone"),
    [("", True), (TOML + "# edited\n[three]\n", True), ("[", True), (TOML, False)],
    ids=["nobody said which", "edited meanwhile", "no TOML", "of another archive"],
)
def test_rows_of_another_text_are_not_believed(home: ArchiveFolder, read: list[str], said: str, alone: bool) -> None:
    enrolled(home, TOML.replace("paused = true", "paused = false"), said, alone=alone)
    read.clear()
    assert terms(home) == SAID and len(read) <= 1


def test_a_site_that_may_say_more_than_it_could_is_read_anew(
    home: ArchiveFolder, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    named = catalogue.fields
    monkeypatch.setattr(catalogue, "fields", lambda record: named(record)[1:])
    assert terms(home) == SAID and len(read) == 1


def test_an_archive_of_before_is_read_as_it_was(home: ArchiveFolder, read: list[str]) -> None:
    alter(home.database, "drop table entered")
    assert terms(home) == SAID and len(read) == 1
