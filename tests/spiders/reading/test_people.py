"""What stands where a name may stand and is none: offices, degrees, months, buttons."""

from __future__ import annotations

import pytest

from spiders.generic.bylines import read
from spiders.generic.people import settled


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("By Staff Writer", ()),
        ("By Our Correspondent", ()),
        ("By Read More", ()),
        ("By March", ()),
        ("By News Desk", ()),
        ("Von Redaktion", ()),
        ("By Dr. Jane Roe, PhD", ("Dr. Jane Roe",)),
        ("By Jane Roe Share Tweet", ("Jane Roe",)),
        ("By Jane Roe, Staff Writer", ("Jane Roe",)),
        ("By April May", ()),  # nobody can tell
        ("By Grace News", ("Grace News",)),
        ("By June O'Neil", ("June O'Neil",)),
        ("Par Jean-Pierre Dupont", ("Jean-Pierre Dupont",)),
        ("posted on 2023-12-19 by Rafe Antler", ("Rafe Antler",)),
        ("March 5, 2024 by Jane O'Neil", ("Jane O'Neil",)),
    ],
)
def test_a_byline_names_people(line: str, people: tuple[str, ...]) -> None:
    assert read(line).authors == people


@pytest.mark.parametrize(
    ("names", "people"),
    [
        (["Jane Roe", "Associated Press"], ["Jane Roe"]),
        (["JANE ROE", "AP Sports Writer"], ["JANE ROE"]),
        (["Jane Roe", "CNN Business"], ["Jane Roe"]),
        (["Jane Roe", "Frankfurt"], ["Jane Roe"]),
        (["Jane Roe (jro)", "John Doe (jdo.)"], ["Jane Roe", "John Doe"]),
        (["Jane Roe PhD"], ["Jane Roe"]),
        (["Jane Roe Staff Writer"], ["Jane Roe"]),
        (["Analysis by Jane Roe", "Editor-at-large"], ["Jane Roe"]),
        (["Jane Roe", "Fenwick Gazette", "Published"], ["Jane Roe"]),
        (["Jane Roe", "Jane Roe's Most Recent Stories", "View All"], ["Jane Roe"]),
        (["ANNA ROE", "ERIC TUCK"], ["ANNA ROE", "ERIC TUCK"]),
        (["Staff Writer"], []),
        (["Montag"], []),
        (["Redaktion"], []),
        (["기자"], []),
        (["Associated Press"], ["Associated Press"]),  # nobody else is named
        (["FG Staff"], ["FG Staff"]),
        (["张三", "青年报"], ["张三"]),
        (["党委宣传部"], ["党委宣传部"]),
        (["Neymar"], ["Neymar"]),
    ],
)
def test_what_stands_beside_people_yields_to_them(names: list[str], people: list[str]) -> None:
    assert list(settled(names, frozenset({"fenwickgazette"}))) == people
