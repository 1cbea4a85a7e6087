"""What visits make of a story that is told on several pages: one test a rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.article import Article, Attachment, Image
from crawler.intake import Schedule
from spiders.findings import Further, Gone, Redirect, Story, Trouble, Unchanged
from tests.crawler.desk import HOST, SITE, Desk

ONE, TWO, THREE = f"{HOST}/1", f"{HOST}/1_2", f"{HOST}/1_3"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def page(body: str, *more: str, url: str = ONE, image: str = "") -> Story:
    images = (Image(url=image),) if image else ()
    return Story(
        Article(url=url, site=SITE.id, title="T", body=body, body_html=f"<p>{body}</p>", images=images),
        " ".join((body, *more)),
        more=more,
    )


def further(url: str, body: str, *more: str, of: str = ONE, image: str = "") -> Further:
    return Further(of, url, page(body, *more, url=url, image=image))


def bodies(desk: Desk) -> list[str]:
    return [body for (body,) in desk.rows.db.conn.execute("select body from versions order by n")]


def test_further_pages_are_due_and_joined_in_the_order_of_the_story(desk: Desk) -> None:
    desk.visit(ONE, page("a", TWO, THREE, image="a.png"))
    assert set(desk.due()) >= {TWO, THREE}
    assert desk.rows.frontier.get(TWO).hint == {"part_of": ONE, "page": TWO}  # type: ignore[union-attr]
    desk.visit(THREE, further(THREE, "c", image="c.png"))
    desk.visit(TWO, further(TWO, "b b", image="a.png"))
    assert bodies(desk) == ["a\n\nb b\n\nc"]
    assert desk.one("select body, body_html, word_count, count(*) from articles") == (
        "a\n\nb b\n\nc",
        "<p>a</p>\n<p>b b</p>\n<p>c</p>",
        4,
        1,
    )
    assert [url for (url,) in desk.rows.db.conn.execute("select url from images order by n")] == ["a.png", "c.png"]
    assert desk.one("select article from frontier where url = ?", TWO) == (None,)


def test_the_whole_story_is_found_by_words_of_its_last_page_and_not_by_words_it_lost(desk: Desk) -> None:
    desk.visit(ONE, page("alpha", TWO))
    desk.rows.commit()
    desk.visit(TWO, further(TWO, "omega"))
    desk.rows.commit()
    desk.visit(TWO, further(TWO, "zeta"), day=2)
    desk.rows.commit()
    found = {
        word: desk.one("select count(*) from articles_fts where articles_fts match ?", word)
        for word in ("alpha", "omega", "zeta")
    }
    assert found == {"alpha": (1,), "omega": (0,), "zeta": (1,)}


def test_each_page_may_name_only_the_next_one_and_circles_end(desk: Desk) -> None:
    desk.visit(ONE, page("a", TWO))
    desk.visit(TWO, further(TWO, "b", THREE))
    assert THREE in desk.due()
    desk.visit(THREE, further(THREE, "c", TWO, THREE, ONE))
    assert bodies(desk) == ["a\n\nb\n\nc"]


def test_a_pager_without_end_ends(desk: Desk) -> None:
    desk.visit(ONE, page("a", f"{HOST}/1_2"))
    read = 1
    while (url := f"{HOST}/1_{read + 1}") in desk.due():
        read += 1
        desk.visit(url, further(url, f"p{read}", f"{HOST}/1_{read + 1}"))
    assert read == 52, "one page behind the last is asked for, none behind that"
    assert desk.one("select count(*), max(n) from parts") == (51, 51)


def test_looking_again_at_what_has_not_changed_makes_no_version(desk: Desk) -> None:
    for day in (1, 2):
        desk.visit(ONE, page("a", TWO), day=day)
        desk.visit(TWO, further(TWO, "b"), day=day)
    desk.visit(TWO, Unchanged(), day=3)
    assert bodies(desk) == ["a\n\nb"]
    assert desk.one("select seen from parts where url = ?", TWO) == ("2026-11-03T08:00:00Z",)


def test_another_second_page_makes_a_version_and_the_old_one_keeps_its_words(desk: Desk) -> None:
    desk.visit(ONE, page("a", TWO, THREE))
    for url, body in ((TWO, "b"), (THREE, "c")):
        desk.visit(url, further(url, body))
    desk.visit(ONE, page("a", TWO, THREE), day=2)
    desk.visit(TWO, further(TWO, "B"), day=2)
    desk.visit(THREE, further(THREE, "C"), day=2)
    assert bodies(desk) == ["a\n\nb\n\nc", "a\n\nB\n\nC"], "an edit of two pages is one version"
    assert desk.one("select v.n, a.body, v.seen_from from articles a join versions v on v.id = a.current_version") == (
        2,
        "a\n\nB\n\nC",
        "2026-11-02T08:00:00Z",
    )
    desk.visit(ONE, page("a", TWO, THREE), day=3)
    desk.visit(THREE, further(THREE, "c again"), day=3)
    assert bodies(desk)[1:] == ["a\n\nB\n\nC", "a\n\nB\n\nc again"]


def test_another_first_page_keeps_the_further_ones(desk: Desk) -> None:
    desk.visit(ONE, page("a", TWO))
    desk.visit(TWO, further(TWO, "b"))
    desk.visit(ONE, page("A", TWO), day=2)
    assert bodies(desk) == ["a\n\nb", "A\n\nb"]
    desk.visit(TWO, further(TWO, "B"), day=2)
    desk.visit(TWO, further(TWO, "b"), day=7)
    assert bodies(desk) == ["a\n\nb", "A\n\nB", "A\n\nb"]


def test_a_page_added_or_taken_away_later_makes_a_version(desk: Desk) -> None:
    desk.visit(ONE, page("a"))
    desk.visit(ONE, page("a", TWO), day=2)
    desk.visit(TWO, further(TWO, "b"), day=2)
    desk.visit(ONE, page("a"), day=3)
    assert bodies(desk) == ["a", "a\n\nb", "a"]
    desk.visit(TWO, further(TWO, "late"), day=4)
    assert bodies(desk) == ["a", "a\n\nb", "a"]


def test_a_page_that_fails_leaves_the_story_with_what_is_there(desk: Desk) -> None:
    desk.visit(ONE, page("a", TWO, THREE))
    desk.visit(TWO, Gone("http_404"))
    desk.visit(THREE, further(THREE, "c"))
    assert desk.one("select body, state from articles") == ("a\n\nc", "live")
    assert desk.one("select url, kind, detail from failures") == (TWO, "http_404", f"a page of {ONE} is not there")
    desk.visit(THREE, Gone("http_404"), day=2)
    assert desk.one("select body, state from articles") == ("a\n\nc", "live")


def test_a_failed_page_is_asked_for_again_when_the_story_is(tmp_path: Path) -> None:
    desk = Desk(tmp_path, Schedule(attempts=1))
    desk.visit(ONE, page("a", TWO))
    desk.visit(TWO, Trouble("http_500", "status 500", again=True))
    assert TWO not in desk.due(5)
    desk.visit(ONE, page("a", TWO), day=7)
    assert TWO in desk.due(7)
    desk.visit(TWO, further(TWO, "b"), day=7)
    assert bodies(desk) == ["a\n\nb"]


def test_a_page_that_has_moved_is_joined_still(desk: Desk) -> None:
    desk.visit(ONE, page("a", TWO))
    desk.visit(TWO, Redirect(f"{HOST}/new/1_2"))
    assert desk.rows.frontier.get(f"{HOST}/new/1_2").hint == {"part_of": ONE, "page": TWO}  # type: ignore[union-attr]
    desk.visit(f"{HOST}/new/1_2", further(TWO, "b"))
    assert bodies(desk) == ["a\n\nb"]


def test_a_story_that_has_moved_takes_its_pages_along(desk: Desk) -> None:
    new = f"{HOST}/new/1"
    desk.visit(ONE, page("a", TWO))
    desk.visit(TWO, further(TWO, "b"))
    desk.visit(ONE, Redirect(new), day=2)
    desk.visit(new, page("a", TWO, url=new), day=2)
    assert TWO in desk.due(2)
    desk.visit(TWO, further(TWO, "b", of=new), day=2)
    assert desk.one("select body from articles where url = ?", new) == ("a\n\nb",)


def test_what_further_pages_hold_is_wanted_too(desk: Desk) -> None:
    desk.visit(ONE, page("a", TWO))
    paper = Attachment(url=f"{HOST}/paper.pdf", filename="paper.pdf")
    found = Article(
        url=TWO, site=SITE.id, title="T", body="b", attachments=(paper,), images=(Image(url=f"{HOST}/b.png"),)
    )
    desk.visit(TWO, Further(ONE, TWO, Story(found, "b")))
    assert {paper.url, f"{HOST}/b.png"} <= set(desk.due())
    assert desk.one("select url from attachments") == (paper.url,)


def test_a_capture_of_an_earlier_day_joins_the_version_of_that_day(desk: Desk) -> None:
    desk.visit(ONE, page("new", TWO), day=5)
    desk.visit(TWO, further(TWO, "new b"), day=5)
    desk.visit(ONE, page("old", TWO), day=2)
    desk.visit(TWO, further(TWO, "old b"), day=2)
    assert bodies(desk) == ["old\n\nold b", "new\n\nnew b"]
    assert desk.one("select body from articles") == ("new\n\nnew b",)
