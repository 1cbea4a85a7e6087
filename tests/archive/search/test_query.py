"""The query language: what is read how, and that no string breaks it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.search.query import AllOf, AnyOf, Filter, Not, QueryError, Text, parse
from archive.search.search import overview, search

READ = {
    "招生 学院": AllOf((Text("招生"), Text("学院"))),
    '"national science" OR x': AnyOf((Text("national science"), Text("x"))),
    "“带引号”": Text("带引号"),
    "a -b": AllOf((Text("a"), Not(Text("b")))),
    "a NOT (b AND c)": AllOf((Text("a"), Not(AllOf((Text("b"), Text("c")))))),
    "title:(a OR site:x) d": AllOf((AnyOf((Text("a", "title"), Filter("site", "x"))), Text("d"))),
    "site:(x OR y*)": AnyOf((Filter("site", "x"), Filter("site", "y*"))),
    'univers* "new uni"*': AllOf((Text("univers", prefix=True), Text("new uni", prefix=True))),
    "作者：张三": Text("张三", "author"),
    "after:2023/9/1 before:2023年": AllOf((Filter("after", "2023-09-01"), Filter("before", "2023"))),
    "has:attachments": Filter("has", "attachment"),
    "C++ a-b http://x/?a=1:2": AllOf((Text("C++"), Text("a-b"), Text("http://x/?a=1:2"))),
    "to be OR": AllOf((Text("to"), Text("be"), Text("or"))),
    "OR": Text("or"),
    ")) a (": Text("a"),
    '"not closed (': Text("not closed ("),
    "--a NOT -b": AllOf((Not(Text("a")), Text("b"))),
    " - ": AllOf(()),
}


@pytest.mark.parametrize("query", READ)
def test_read_as(query: str) -> None:
    assert parse(query) == READ[query]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("after:soon", "2023-09-01"),
        ("before:2023-13", "no date"),
        ("year:2023-01", "a year"),
        ("has:wings", "attachment, image"),
        ("state:lost", "live"),
        ('site:""', "wants a value"),
        ("(" * 30 + "a", "brackets"),
        ("a " * 240, "100 terms"),
        ("a" * 501, "500 characters"),
        ("ab* " * 21, "20 words"),
        ("*** !!!", "letter or digit"),
        ("half a pair \ud800", "not UTF-8"),
    ],
)
def test_what_cannot_be_meant_is_said(shelf, query: str, said: str) -> None:
    with pytest.raises(QueryError, match=said):
        search(shelf.db, query)


PIECES = st.sampled_from(
    [
        "a",
        "招生",
        "(",
        ")",
        '"',
        "-",
        "*",
        " ",
        "OR",
        "AND",
        "NOT",
        "NEAR",
        "title:",
        "body:",
        "site:",
        "college:",
        "country:China",
        "has:image",
        "after:2023",
        "“",
        "^",
        "+",
        "{",
        "}",
        ":",
        "\0",
        "'",
        ";",
        "--",
        "<b>",
        "%",
        "_",
        "\\",
        "drop table articles",
        "\u200b",
        "🥰",
        "😀",
        "🏽",
        "e\u0301",
        "univers*",
        "title:(",
    ]
)


@given(
    st.one_of(
        st.text(max_size=60), st.lists(PIECES, max_size=25).map(" ".join), st.lists(PIECES, max_size=25).map("".join)
    )
)
@settings(max_examples=150, deadline=None)
def test_any_string_gives_results_or_a_message(query: str) -> None:
    try:
        found = search(FULL.db, query)
        assert overview(FULL.db, query).total == found.total >= len(found.hits)
    except QueryError as message:
        assert str(message)


@pytest.mark.parametrize(
    "query",
    [
        '"' * 10_000,
        "(" * 10_000,
        ")" * 10_000,
        "-" * 10_000,
        "招" * 10_000,
        "a" * 10_000,
        "a\0b" * 3000,
        "NOT " * 2000,
        "OR " * 3000,
        "' or 1=1; drop table articles; --",
        "<script>alert(1)</script>",
        'a" OR "b',
        '" AND',
        "title:title:title:",
        "NEAR(a b)",
        "a^2",
        "*",
        "{title}: a",
        "a OR " * 3000,
        "-(" * 5000,
        '"' + "招生 " * 3000,
        "(a) " * 499,
        "site:a OR " * 499 + "b",
        "-site:x " * 499,
    ],
)
def test_hostile_strings(query: str) -> None:
    try:
        assert search(FULL.db, query).total >= 0
    except QueryError as message:
        assert 0 < len(str(message)) < 300


from tests.archive.search.conftest import Shelf  # noqa: E402

FULL = Shelf()
FULL.put(title="招生简章 a b", body="univers or and not near 🥰", files=[("a.pdf", "drop table")])
FULL.put(title="<b>html</b>", body="招" * 50)
