"""What stands where a name may stand and is none: offices, degrees, months, buttons."""

from __future__ import annotations

import pytest

from spiders.generic.bylines import read


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
