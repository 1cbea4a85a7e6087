"""What older versions let in: a notice as the text of several stories, a host of which nothing is left."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.article import Article
from archive.store.db import open_writer
from archive.store.doubtful import doubtful
from archive.store.rows import Rows

HOST = "https://news.example.edu"
NOTICE = "The site is being maintained. Please come back later, we are sorry for the trouble this may cause you."
TEXT = "Students of class {0} planted {0} trees behind the library on the day of the founders, in heavy {0} rain."


@pytest.fixture
def rows(tmp_path: Path) -> Rows:
    rows = Rows(open_writer(tmp_path / "news.db"))
    rows.sites.put({"id": "s"}, "2026-01-01T00:00:00Z")
    rows.run = rows.runs.begin("2026-01-01T00:00:00Z")
    for n in range(3):
        save(rows, n, TEXT.format(("oak", "elm", "yew")[n]), day=1)
    return rows


def save(rows: Rows, n: int, body: str, *, day: int, title: str = "T") -> None:
    article = Article(url=f"{HOST}/{n}", site="s", title=title, body=body)
    rows.articles.save(article, digest=body, reader="3", capture=None, seen=f"2026-01-{day:02}T00:00:00Z")


def test_stories_that_came_to_say_the_same_are_told_once_there_are_two(rows: Rows) -> None:
    save(rows, 0, NOTICE, day=2, title="Notice")
    assert doubtful(rows.db) == {}
    save(rows, 1, NOTICE, day=2, title="Notice")
    assert doubtful(rows.db) == {"s": ["2 stories came to say the same (Notice)"]}
    save(rows, 1, NOTICE + " Really.", day=3)
    assert "2 stories came to say the same (Notice)" in doubtful(rows.db)["s"], "what it said since is no excuse"


def test_an_edit_is_no_notice(rows: Rows) -> None:
    for n, tree in enumerate(("oak", "elm", "yew")):
        save(rows, n, TEXT.format(tree) + " The mayor came too.", day=2)
    assert doubtful(rows.db) == {}


@pytest.mark.parametrize("left", [0, 1])
def test_a_host_of_which_every_story_is_gone(rows: Rows, left: int) -> None:
    rows.db.execute("update articles set state = 'gone' where id > ?", [left])
    assert doubtful(rows.db) == ({} if left else {"s": [f"all 3 stories of {HOST} are gone"]})
    rows.db.execute("insert into believed (site, what, at) values ('s', ?, '2026-01-02')", [f"gone {HOST}"])
    assert doubtful(rows.db) == {}, "a person has said that it is so"


def test_two_stories_are_too_few_for_a_host_to_be_gone(rows: Rows) -> None:
    rows.db.execute("update articles set state = 'gone', url = replace(url, 'news.', 'www.') where id < 3")
    assert doubtful(rows.db) == {}
