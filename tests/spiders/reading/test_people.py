"""What stands where a name may stand and is none: offices, degrees, months, buttons."""

from __future__ import annotations

import pytest

from spiders.generic.bylines import read
from spiders.generic.people import settled
from spiders.read import extract


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


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("Written By Jane Roe Mar 2", ("Jane Roe",)),
        ("By Jane Roe Thursday, 12 March 2024", ("Jane Roe",)),
        ("Von Anna Müller Montag, 4.3.2024", ("Anna Müller",)),
        ("كتبت: سارة أحمد الأحد، ١٥ أكتوبر ٢٠٢٣", ("سارة أحمد",)),
        ("By Theresa May", ("Theresa May",)),  # no date behind it
        ("Words: Iain Roe", ("Iain Roe",)),
    ],
)
def test_a_day_behind_a_name_is_no_part_of_it(line: str, people: tuple[str, ...]) -> None:
    assert read(line).authors == people


@pytest.mark.parametrize("unit", ["党委宣传部", "教务处", "化学学院", "校团委", "新闻中心", "学生记者团"])
def test_a_unit_of_a_college_yields_to_people(unit: str) -> None:
    assert settled([unit, "黄文静"], frozenset()) == ("黄文静",)
    assert settled([unit], frozenset()) == (unit,)


@pytest.mark.parametrize("name", ["李部", "王学院", "张中心"])
def test_a_short_name_is_a_person_whatever_it_ends_with(name: str) -> None:
    assert settled([name, "黄文静"], frozenset())[-1] == "黄文静"


@pytest.mark.parametrize(
    ("end", "people"),
    [
        ("<p style='text-align: right'><b>Lena Roe</b></p>", ["Lena Roe"]),
        ("<p align=right>Lena Roe</p>", ["Lena Roe"]),
        ("<p align=right>（文/图 赵晓明）</p>", ["赵晓明"]),
        ("<p align=right>赵晓明 黄文静</p>", ["赵晓明", "黄文静"]),
        ("<p>Lena Roe</p>", []),
        ("<p align=right>Back to the list of all stories</p>", []),
    ],
)
def test_who_signs_at_the_right_of_the_end(end: str, people: list[str]) -> None:
    story = "".join(
        f"<p>The {n}th paragraph tells of the mill, of the bridge and of the schools.</p>" for n in range(6)
    )
    page = f"<body><h1>Bike paths for the valley</h1><div class=text>{story}{end}</div></body>"
    assert extract(page.encode(), "https://news.fenwick.example.edu/a/1")["authors"] == people


def test_a_class_of_one_word_marks_who_wrote() -> None:
    story = "".join(
        f"<p>The {n}th paragraph tells of the mill, of the bridge and of the schools.</p>" for n in range(6)
    )
    page = f"<body><h1>Bike paths</h1><div class=newsAuthor>Lena Roe</div><div class=text>{story}</div></body>"
    assert extract(page.encode(), "https://news.fenwick.example.edu/a/1")["authors"] == ["Lena Roe"]


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("Eingereicht von Anna Müller am 3. März 2022", ("Anna Müller",)),
        ("Soumis par Jean Dupont le 3 mars 2022", ("Jean Dupont",)),
        ("Enviado por María Cruz el 3 de marzo", ("María Cruz",)),
        ("Inviato da Chiara Bellini il 3/3/2022", ("Chiara Bellini",)),
        ("Υποβλήθηκε από Ελένη Παπαδάκη στις 3 Μαρτίου 2022", ("Ελένη Παπαδάκη",)),
        ("Autore: Chiara Bellini", ("Chiara Bellini",)),
        ("Bài: Nguyễn Thị Lan", ("Nguyễn Thị Lan",)),
        ("Tin, bài: Nguyễn Thị Lan", ("Nguyễn Thị Lan",)),
        ("Bài học về lòng kiên nhẫn", ()),
    ],
)
def test_who_sent_a_story_in_as_systems_say_it(line: str, people: tuple[str, ...]) -> None:
    assert read(line).authors == people


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("October 22, 2015 | Lena Roe", ["Lena Roe"]),
        ("Lena Roe · 22 October 2015 · 4 min", ["Lena Roe"]),
        ("October 22, 2015 | Campus News", []),
        ("October 22, 2015 | Lena Roe | Jonas Brandt", []),  # which of them wrote?
    ],
)
def test_a_name_in_a_cell_beside_the_date(line: str, people: list[str]) -> None:
    story = "".join(
        f"<p>The {n}th paragraph tells of the mill, of the bridge and of the schools.</p>" for n in range(6)
    )
    page = f"<body><h1>Bike paths for the valley</h1><p>{line}</p><div class=text>{story}</div></body>"
    found = extract(page.encode(), "https://news.fenwick.example.edu/a/1")
    assert found["authors"] == people and line not in found["text"]
