"""Two databases held against each other: what differs is named, whatever their row ids."""

from pathlib import Path

import pytest

from archive.article import Article, Attachment
from archive.proof.compare import Sample, differences
from archive.store.db import open_writer
from archive.store.rows import Rows

AT = "2026-01-01T00:00:00.000000Z"


def shelf(path: Path, order: str) -> Rows:
    """Articles by letter, stored in that order: their row ids differ from shelf to shelf."""
    rows = Rows(open_writer(path))
    for letter in order:
        story = Article(
            url=f"https://news.example.edu/{letter}",
            site="x",
            title=letter.upper(),
            body=f"The story of {letter}. " * 9,
            attachments=(
                Attachment(url=f"https://news.example.edu/{letter}.pdf", filename=f"{letter}.pdf", embedded=False),
            ),
        )
        rows.articles.save(story, digest=letter, reader="test", capture=None, seen=AT)
    return rows


def changes(path: Path, order: str, *statements: str) -> Path:
    rows = shelf(path, order)
    for statement in statements:
        assert rows.db.conn.execute(statement).rowcount > 0
    rows.close()
    return path


def test_row_ids_are_no_difference(tmp_path: Path) -> None:
    found = differences(changes(tmp_path / "old.db", "abc"), changes(tmp_path / "new.db", "cab"))
    assert all(one.same for one in found)
    assert {one.table: one.rows for one in found} == {
        "articles": 3,
        "versions": 3,
        "captures": 0,
        "attachments": 3,
        "images": 0,
        "links": 0,
        "parts": 0,
    }


@pytest.mark.parametrize(
    ("statement", "table", "field", "count", "key"),
    [
        ("update articles set title = 'Other' where title = 'A'", "articles", "title", 1, "https://news.example.edu/a"),
        (
            "update articles set published = '2026-01-01' where title != 'A'",
            "articles",
            "published",
            2,
            "https://news.example.edu/b",
        ),
        (
            "update articles set near_duplicate_of = (select id from articles where title = 'C') where title = 'A'",
            "articles",
            "near_duplicate_of",
            1,
            "https://news.example.edu/a",
        ),
        (
            "update articles set current_version = null where title = 'B'",
            "articles",
            "current_version",
            1,
            "https://news.example.edu/b",
        ),
        (
            "update version_rows set body = 'b.' where article = (select id from articles where title = 'B')",
            "versions",
            "body",
            1,
            "https://news.example.edu/b 1",
        ),
        (
            "update attachments set text = 'words' where filename = 'c.pdf'",
            "attachments",
            "text",
            1,
            "https://news.example.edu/c 0",
        ),
    ],
)
def test_a_change_is_named_with_table_column_and_row(
    tmp_path: Path, statement: str, table: str, field: str, count: int, key: str
) -> None:
    found = differences(changes(tmp_path / "old.db", "abc"), changes(tmp_path / "new.db", "cab", statement))
    (changed,) = (one for one in found if not one.same)
    assert (changed.table, changed.fields, changed.changed, changed.added, changed.removed) == (
        table,
        {field: count},
        count,
        0,
        0,
    )
    assert (changed.samples[0].key, changed.samples[0].field) == (key, field)


def test_what_only_one_of_them_has(tmp_path: Path) -> None:
    found = {
        one.table: one for one in differences(changes(tmp_path / "old.db", "ab"), changes(tmp_path / "new.db", "bc"))
    }
    assert (found["articles"].added, found["articles"].removed, found["articles"].changed) == (1, 1, 0)
    assert found["articles"].samples == [
        Sample("https://news.example.edu/c", "added"),
        Sample("https://news.example.edu/a", "removed"),
    ]


def test_a_database_of_before_is_compared_by_what_its_versions_say(tmp_path: Path) -> None:
    """Until m012 each version had its words in a row of its own."""
    new = changes(tmp_path / "new.db", "cab")
    for name, words in (("old.db", "body"), ("other.db", "body || '.'")):
        db = open_writer(changes(tmp_path / name, "abc"))
        db.execute("pragma foreign_keys = off")
        db.executescript(f"""
            create table kept as select id, article, n, capture, content_digest, title, {words} as body, body_html,
              extractor, seen_from, seen_to from versions;
            drop view versions; drop table version_rows; alter table kept rename to versions;
        """)
        db.close()
        found = {one.table: one for one in differences(tmp_path / name, new)}
        assert {table for table, one in found.items() if not one.same} == (set() if name == "old.db" else {"versions"})
        assert found["versions"].rows == 3
    assert found["versions"].fields == {"body": 3}
