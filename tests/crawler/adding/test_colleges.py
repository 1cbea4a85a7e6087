"""The college of a site by its host: from ROR's dump in each of its forms, from a table that people keep, or not at
all, which is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from crawler.adding.colleges import named, read
from crawler.archive_folder import ArchiveFolder
from crawler.cli import main
from spiders import catalogue
from spiders.college_ids import ror, wikidata
from spiders.site import ListingSeed, Site
from spiders.tables import ConfigError
from tests.crawler.adding import sites_for_add as sites
from tests.crawler.adding.test_add import BEFORE, CONFIG
from tests.crawler.campus import campus

V2 = {
    "id": "https://ror.org/03vek6s52",
    "status": "active",
    "names": [
        {"value": "HU", "types": ["acronym"]},
        {"value": "Harvard University", "types": ["ror_display", "label"]},
    ],
    "links": [
        {"type": "wikipedia", "value": "https://en.wikipedia.org/wiki/Harvard_University"},
        {"type": "website", "value": "https://www.harvard.edu/"},
    ],
    "locations": [{"geonames_details": {"country_code": "US"}}],
    "external_ids": [{"type": "wikidata", "preferred": None, "all": ["Q13371"]}],
}
V1 = {
    "id": "https://ror.org/013meh722",
    "status": "active",
    "name": "University of Cambridge",
    "links": ["https://www.cam.ac.uk/"],
    "country": {"country_code": "GB"},
    "external_ids": {"Wikidata": {"preferred": "Q35794", "all": ["Q35794"]}},
}
CLOSED = V1 | {"name": "Closed long ago", "status": "withdrawn", "links": ["https://gone.ac.uk/"]}
SCHOOL = {"name": "School of Law", "links": ["https://law.harvard.edu"], "id": None}
HEAD_V2 = (
    "id,external_ids.type.wikidata.all,external_ids.type.wikidata.preferred,links.type.website,"
    "locations.geonames_details.country_code,names.types.ror_display,status"
)


def a_site(url: str) -> Site:
    return Site(id="x", name="News", college="A guess", homepage=url, listings=(ListingSeed(url=url),))


def found(path: Path, url: str) -> tuple[str, str, str, str]:
    site, _ = named(a_site(url), url, read(path))
    return site.college, site.country, site.ror, site.wikidata


HARVARD = ("Harvard University", "US", "https://ror.org/03vek6s52", "Q13371")
CAMBRIDGE = ("University of Cambridge", "GB", "https://ror.org/013meh722", "Q35794")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (json.dumps([V1, V2, CLOSED], indent=2), HARVARD),
        (json.dumps([V2]), HARVARD),
        (f"{HEAD_V2}\nhttps://ror.org/03vek6s52,Q13371;Q5,,https://www.harvard.edu/,US,"
         "Harvard University,active\n", HARVARD),
        ("\ufeffName;Website;ROR;Wikidata;Country\nHarvard University;harvard.edu;03vek6s52;"
         "https://www.wikidata.org/wiki/Q13371;us\n", HARVARD),
    ],
    ids=["v1 and v2", "v2", "csv of ror", "csv of people"],
)  # fmt: skip
def test_each_form_of_the_table_is_read(text: str, expected: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / "table"
    path.write_text(text, encoding="utf-8")
    assert found(path, "https://news.harvard.edu/gazette/") == expected
    if "cam.ac.uk" in text:
        assert found(path, "https://www.cam.ac.uk/news") == CAMBRIDGE
        assert found(path, "https://gone.ac.uk/")[0] == "A guess", "what is withdrawn names nobody"
    site, notes = named(a_site("https://elsewhere.example.org/"), "https://elsewhere.example.org/", read(path))
    assert site.college == "A guess" and "the table has none for elsewhere.example.org" in notes[0]


def test_the_nearest_host_is_meant_and_two_as_near_are_none(tmp_path: Path) -> None:
    path = tmp_path / "ror.json"
    path.write_text(json.dumps([V2, SCHOOL]))
    assert found(path, "https://today.law.harvard.edu/")[0] == "School of Law"
    assert found(path, "https://news.harvard.edu/") == HARVARD
    path.write_text(json.dumps([V2, V2 | {"id": "https://ror.org/042nb2s44"}]))
    site, notes = named(a_site("https://news.harvard.edu/"), "https://news.harvard.edu/", read(path))
    assert (site.college, site.ror) == ("A guess", "")
    assert "may be of 2" in notes[0] and "042nb2s44" in notes[0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04", "unzip it"),
        (b"\xff\xfe", "not UTF-8"),
        (b"[{]", "none"),
        (b"[1]", "list of organisations"),
        (b"", "no column"),
        (b"name,town\nA,B\n", "no column website"),
        (b"[]", "no college"),
    ],
)
def test_a_table_that_is_none_is_named(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=said) as caught:
        read(path)
    assert str(path) in str(caught.value)


def test_without_a_table_the_catalogue_knows_some_hosts() -> None:
    known = next(site for site in catalogue.builtin().values() if site.id == "nankai_notices")
    site, notes = named(a_site("https://cs.nankai.edu.cn/"), "https://cs.nankai.edu.cn/", None)
    assert (site.college, site.country, notes) == (known.college, "CN", ())


def test_ids_are_checked_by_their_digits() -> None:
    assert ror("https://ror.org/03vek6s52") == ror("03VEK6S52") == ror("http://ror.org/03vek6s52/")
    assert ror("03vek6s53") is None and ror("3vek6s52") is None and ror("04c4dkn09") is not None
    assert wikidata("http://www.wikidata.org/entity/Q42") == "Q42" and wikidata("P31") is None


def test_sites_toml_names_a_ror_that_is_none() -> None:
    table = {"name": "N", "listings": ["https://a.edu/"]}
    assert catalogue.site("a", table | {"ror": "03vek6s52"}, "[a]").ror == "https://ror.org/03vek6s52"
    with pytest.raises(ConfigError, match=r"\[a\]: ror is 'https://ror.org/03vek6s53'"):
        catalogue.site("a", table | {"ror": "https://ror.org/03vek6s53"}, "[a]")


def test_add_writes_what_the_table_says(tmp_path: Path) -> None:
    home = ArchiveFolder(tmp_path)
    home.config.write_text(CONFIG)
    home.sites.write_text(BEFORE)
    table = tmp_path / "colleges.csv"
    table.write_text("name,website,country,ror,wikidata\nExample College,http://127.0.21.77/,CN,03vek6s52,Q1\n")
    add = ["-C", str(tmp_path), "add", "--colleges", str(table)]
    with campus("127.0.21.77", sites.sudy()) as server:
        done = CliRunner().invoke(main, [*add, server.url, "--yes", "--id", "one"])
        home_before = home.sites.read_text()
        home.sites.write_text(BEFORE)
        many = CliRunner().invoke(main, [*add, "--from", "-"], input=f"{server.url}/\n")
    assert (done.exit_code, many.exit_code) == (0, 0), done.output + many.output
    for text in (home_before, home.sites.read_text()):
        assert 'college  = "Example College"' in text and 'ror      = "https://ror.org/03vek6s52"' in text
        assert 'wikidata = "Q1"' in text and 'name     = "示例职业学院"' in text
    bad = CliRunner().invoke(main, ["-C", str(tmp_path), "add", "--colleges", "/no/such", "http://x.example.edu/"])
    assert bad.exit_code == 1 and "/no/such: No such file" in bad.output
