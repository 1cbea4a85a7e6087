"""Searching: every article that holds a term is found, in order, with the place shown."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.search.search import condition, count, ids, overview, search
from archive.search.snippet import plain
from tests.archive.search.conftest import Shelf

CHINESE = "".join(map(chr, range(0x4E00, 0x4E10))) + "招生学院"
GLUED = [
    "在MIT讲学",
    "第3届大会",
    "5G网络",
    "AI+教育",
    "清华MBA项目",
    "2023级新生",
    "C919首飞",
    "の世界",
    "한국어판",
    "🥰MIT",
    "吴𬱖",
]
ENGLISH = [
    "University",
    "research",
    "students",
    "The national science prize",
    "café",
    "state-of-the-art",
    "O'Neil",
    "running",
]
PARTS = st.one_of(
    st.text(CHINESE, min_size=1, max_size=12),
    st.sampled_from(GLUED),
    st.sampled_from(ENGLISH),
    st.sampled_from("，。 \n（）“”"),
)
TEXTS = st.lists(PARTS, min_size=1, max_size=12).map("".join)


def substring(texts: list[str], term: str) -> set[int]:
    return {n for n, text in enumerate(texts, 1) if term in text}


def whole_word(texts: list[str], words: str) -> set[int]:
    """Articles with these words side by side, not glued to further Latin letters or digits."""
    edge = r"(?<![0-9A-Za-zé]){}(?![0-9A-Za-zé])"
    return {n for n, text in enumerate(texts, 1) if re.search(edge.format(re.escape(words)), text, re.I)}


@given(st.lists(TEXTS, min_size=1, max_size=12), st.data())
@settings(max_examples=60, deadline=None)
def test_recall_of_chinese_terms_is_whole(texts: list[str], data: st.DataObject) -> None:
    shelf = Shelf.filled(texts)
    runs = [run for text in texts for run in re.findall(f"[{CHINESE}]+", text)]
    for size in (1, 2, 3, 4, 6):
        if terms := [run[at : at + size] for run in runs for at in range(len(run) - size + 1)]:
            term = data.draw(st.sampled_from(terms))
            assert set(ids(shelf.db, term)) >= substring(texts, term), term


@given(st.lists(TEXTS, min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_recall_of_glued_and_english_terms_is_whole(texts: list[str]) -> None:
    shelf = Shelf.filled(texts)
    for term in [
        "MIT",
        "在MIT",
        "第3届",
        "3",
        "5G网络",
        "5G",
        "MBA项目",
        "C919",
        "の",
        "한국",
        "𬱖",
        "university",
        "national science",
        "O'Neil",
        "state-of-the-art",
    ]:
        found = set(ids(shelf.db, f'"{term}"'))
        assert found >= whole_word(texts, term), term
        if not re.search("[0-9A-Za-z]", term):
            assert found >= substring(texts, term), term


WORDS = re.findall(
    r"\w+",
    "play player playing playground universe university universities universal national nationality relation relational"
    " relate happy happiness happily hop hopping hope hoping file filing organization organizer conditional generate"
    " generators body bodyguard study studies student research researcher researchers engineering policy policies"
    " athlete athletics biology biological decision adjustable formality",
)
PREFIXES = sorted({word[:size] for word in WORDS for size in range(2, len(word) + 1)})


def test_a_prefix_finds_every_word_that_begins_so() -> None:
    shelf = Shelf.filled(WORDS)
    for prefix in PREFIXES:
        expected = {n for n, word in enumerate(WORDS, 1) if word.startswith(prefix)}
        assert set(ids(shelf.db, prefix + "*")) >= expected, prefix


@pytest.fixture
def library(shelf: Shelf) -> Shelf:
    shelf.db.table("sites").insert_all(
        [
            {"id": "ustc_news", "college": "中国科学技术大学", "name": "USTC news", "country": "CN"},
            {"id": "ntu_news", "college": "國立臺灣大學", "name": "NTU", "country": "tw"},
        ]
    )
    shelf.put(
        site="ustc_news",
        title="招生简章",
        body="本校招生。",
        published="2023-09-01",
        language="zh",
        section="通知 / 招生",
        authors=["张三"],
        source="招生办",
    )
    shelf.put(
        site="ustc_news",
        title="Campus notes",
        body="招生 in the body only. " + "filler " * 200,
        published="2024-01-31T15:00:00Z",
        language="en",
        state="gone",
    )
    shelf.put(
        site="ntu_news",
        title="學院新聞",
        body="traditional 學院",
        published="2023-12-31",
        language="zh",
        section="新聞",
        files=[("plan.pdf", "第二章附件正文 budget"), ("empty.doc", None)],
    )
    shelf.put(site="ntu_news", title="Undated", body="x", kind="external", word_count=0)
    return shelf


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("招生", [1, 2]),
        ("title:招生", [1]),
        ("招生 -title:招生", [2]),
        ("-招生", [3, 4]),
        ("author:张三", [1]),
        ("author:招生办", []),
        ("source:招生办", [1]),
        ("学院", [3]),
        ("學院", [3]),
        ("college:台湾", [3, 4]),
        ("country:tw", [3, 4]),
        ("国家:CN", [1, 2]),
        ("country:(CN OR TW) -country:CN", [3, 4]),
        ("country:UK", []),
        ("college:ustc", [1, 2]),
        ("site:ustc_news", [1, 2]),
        ("site:ntu*", [3, 4]),
        ("lang:zh-CN", [1, 3]),
        ("section:通知", [1]),
        ("after:2023-12-31", [2, 3]),
        ("before:2023-12", [1, 3]),
        ("on:2024-01-31", [2]),
        ("year:2023", [1, 3]),
        ("-after:2023-12", [1, 4]),
        ("has:attachment", [3]),
        ("state:gone", [2]),
        ("kind:external", [4]),
        ("attachment:budget", [3]),
        ("budget", [3]),
        ("plan.pdf", [3]),
        ("-has:date", [4]),
        ("招生 OR has:attachment", [1, 2, 3]),
        ("(title:招生 lang:zh) OR (campus -lang:zh)", [1, 2]),
        ("-(招生 OR 学院)", [4]),
        ("招生 OR -学院", [1, 2, 4]),
        ("", [1, 2, 3, 4]),
        ("招生简*", [1]),
        ("url:example.edu/3", [3]),
        ("-(lang:zh 招生)", [2, 3, 4]),
        ("fill*", [2]),
        ("😀 招生", [1, 2]),
    ],
)
def test_finds(library: Shelf, query: str, expected: list[int]) -> None:
    assert sorted(ids(library.db, query)) == expected
    assert count(library.db, query) == len(expected)
    where, parameters = condition(library.db, query)
    assert [
        row[0] for row in library.db.execute(f"select id from articles a where {where} order by 1", parameters)
    ] == expected


def test_what_was_read_with_doubt_is_listed_from_the_least_sure(shelf: Shelf) -> None:
    for sure in (0.9, 0.5, 0.79, 0.0, 0.8, 0.5):
        shelf.put(title="library", confidence=sure)
    assert list(ids(shelf.db, "has:doubt", sort="doubtful")) == [4, 2, 6, 3]
    assert list(ids(shelf.db, "library", sort="doubtful", limit=2, offset=1)) == [2, 6], "the order leaves out the rest"
    assert [hit.id for hit in search(shelf.db, "library OR nothing", sort="doubtful").hits] == [4, 2, 6, 3]
    assert search(shelf.db, "", sort="doubtful").total == count(shelf.db, "has:doubt") == 4
    assert sorted(ids(shelf.db, "-has:doubt")) == [1, 5]
    where, _ = condition(shelf.db, "has:doubt")
    plan = shelf.db.execute(f"explain query plan select id from articles a where {where} order by confidence, id")
    said = " ".join(row[3] for row in plan.fetchall())
    assert "COVERING INDEX articles_doubtful" in said and "TEMP B-TREE" not in said


def test_a_title_counts_more_than_a_body_and_dates_sort(library: Shelf) -> None:
    assert list(ids(library.db, "招生")) == [1, 2]
    assert list(ids(library.db, "招生", sort="newest")) == [2, 1]
    assert list(ids(library.db, "", sort="newest")) == [2, 3, 1, 4]
    assert list(ids(library.db, "", sort="oldest")) == [1, 3, 2, 4]
    assert list(ids(library.db, "", sort="oldest", limit=2, offset=1)) == [3, 2]
    assert sorted(ids(library.db, "招生", sort="recent")) == [1, 2]


def test_recency_lifts_the_newer_of_equals(shelf: Shelf) -> None:
    old, new = (shelf.put(title="招生", published=day) for day in ("2001-01-01", "2026-01-01"))
    assert list(ids(shelf.db, "招生", sort="recent")) == [new, old]


def test_hits_are_marked_as_they_were_written(library: Shelf) -> None:
    hit = search(library.db, "学院").hits[0]
    assert hit.title == [("學院", True), ("新聞", False)]
    assert hit.snippet == [("traditional ", False), ("學院", True)]
    assert hit.document is None
    hit = search(library.db, "budget").hits[0]
    assert (hit.document, hit.found_in) == ("plan.pdf", ("attachments",))
    assert ("budget", True) in hit.snippet


def test_what_stands_below_a_picture_is_found_and_shown(shelf: Shelf) -> None:
    first = shelf.put(title="Choir", body="It sang.", captions=["", "校長在圖書館前 greets visitors"])
    shelf.put(title="图书馆", body="greets nobody", captions=[""])
    assert list(ids(shelf.db, "caption:图书馆")) == list(ids(shelf.db, "图注:(greets 校长)")) == [first]
    [hit] = search(shelf.db, "visitors").hits
    assert hit.found_in == ("captions",) and plain(hit.snippet) == "校長在圖書館前 greets visitors"
    shelf.index.forget([first])
    shelf.db.execute("delete from images where article = ?", [first])
    shelf.index.add([first])
    assert not list(ids(shelf.db, "visitors")) and shelf.index.problem() is None


def test_what_reads_like_markup_or_marks_stays_text(shelf: Shelf) -> None:
    shelf.put(title="<b>x</b>", body="a\u200bb \x02c\x03 <script>needle</script> \u200b招\u200b生")
    parts = search(shelf.db, "needle 招生").hits[0].snippet
    assert [text for text, hit in parts if hit] == ["needle", "招\u200b生"]
    assert plain(parts) == "a\u200bb \x02c\x03 <script>needle</script> \u200b招\u200b生"


def test_a_snippet_shows_the_place_of_a_long_text(shelf: Shelf) -> None:
    shelf.put(body="前文。" * 400 + "在这里举行招生宣讲。" + "后文。" * 400)
    parts = search(shelf.db, "招生").hits[0].snippet
    assert parts[0] == ("…", False) == parts[-1]
    assert ("招生", True) in parts
    assert 60 <= len(plain(parts)) <= 90


def test_overview_counts_all(library: Shelf) -> None:
    found = overview(library.db, "")
    assert found.total == 4
    assert found.facets["site"] == [("ntu_news", 2), ("ustc_news", 2)]
    assert found.facets["year"] == [("2023", 2), ("2024", 1)]
    assert found.facets["college"][0] == ("中国科学技术大学", 2)
    assert found.months == [("2023-09", 1), ("2023-12", 1), ("2024-01", 1)]
    assert overview(library.db, "招生").facets["language"] == [("en", 1), ("zh", 1)]


@pytest.mark.parametrize("query", ["招生", "学院", "the", "招生 OR the"])
def test_overview_is_the_same_by_the_narrow_index_and_row_by_row(
    library: Shelf, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for broad in (0, 10**6):  # never, always
        monkeypatch.setattr("archive.search.search._BROAD", broad)
        found.append(overview(library.db, query))
    assert found[0] == found[1]
    assert found[0].total == count(library.db, query)


@pytest.mark.parametrize(
    ("query", "better"),
    [
        ("campsu", "campus"),
        ("tradtional 学院", "traditional 学院"),
        ("招升简章", "招生简章"),
        ("第二章附牛正文", "第二章附件正文"),
        ("zzzzzz", None),
        ("budgget -x", "budget -x"),
    ],
)
def test_a_near_miss_suggests(library: Shelf, query: str, better: str | None) -> None:
    found = search(library.db, query)
    assert (found.total, found.suggestion) == (0, better)
