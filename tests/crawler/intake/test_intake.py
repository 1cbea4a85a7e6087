"""What visits make of the rows: one test a rule."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from archive.article import Article, Attachment
from crawler.intake import Schedule, Visit
from spiders import catalogue
from spiders.facts import Block
from spiders.findings import Document, Gone, Reading, Redirect, Stories, Story, Trouble, Unchanged
from tests.crawler.desk import DAY, HOST, LIST, SITE, Desk, story


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_changed_story_gets_a_version_an_unchanged_one_a_later_date(desk: Desk) -> None:
    for day, body in ((1, "a"), (2, "a"), (3, "b")):
        desk.visit(f"{HOST}/1", story(body), day=day)
    rows = desk.rows.db.conn.execute("select n, body, seen_from, seen_to from versions order by n").fetchall()
    assert rows == [(1, "a", DAY.format(1), DAY.format(2)), (2, "b", DAY.format(3), DAY.format(3))]
    assert desk.one("select body, last_seen, current_version from articles") == ("b", DAY.format(3), 2)


def test_articles_are_looked_at_again_after_1_7_and_30_days(desk: Desk) -> None:
    desk.listing("1")
    for day, due in ((1, "2026-11-02"), (2, "2026-11-08"), (9, "2026-12-01"), (10, "2026-12-01")):
        desk.visit(f"{HOST}/1", story("a"), day=day)
        found = desk.state(f"{HOST}/1")
        assert found is not None and str(found[1]).startswith(due if day != 10 else "2027-01-30")


def test_a_304_keeps_the_story_alive(desk: Desk) -> None:
    desk.visit(f"{HOST}/1", story("a"))
    desk.visit(f"{HOST}/1", Unchanged(), day=2)
    assert desk.one("select state, last_seen from articles") == ("live", DAY.format(2))


@pytest.mark.parametrize(
    "lost", [Gone("http_404"), Redirect(f"{HOST}/"), Redirect(f"{HOST}/index.htm"), Gone("soft_404")]
)
def test_a_lost_page_keeps_its_row_and_comes_back_to_life(desk: Desk, lost: Reading) -> None:
    desk.visit(f"{HOST}/1", story("a"))
    desk.visit(f"{HOST}/1", lost, day=2)
    assert desk.one("select state, body from articles") == ("gone", "a")
    desk.visit(f"{HOST}/1", story("a"), day=8)
    assert desk.one("select state, count(*) from articles") == ("live", 1)


def test_a_redirect_is_followed_as_a_row(desk: Desk) -> None:
    desk.listing("1")
    desk.visit(f"{HOST}/1", Redirect(f"{HOST}/new/1"))
    assert desk.state(f"{HOST}/1") == ("moved", None, f"{HOST}/new/1")
    assert f"{HOST}/new/1" in desk.due()
    assert desk.rows.frontier.get(f"{HOST}/new/1").hint["title"] == "1"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("to", "kind"),
    [
        (f"{HOST}/1", "redirect_loop"),
        (None, "redirect_nowhere"),
        ("https://elsewhere.example.org/1", "redirect_off_site"),
    ],
)
def test_a_redirect_that_leads_nowhere_fails(desk: Desk, to: str | None, kind: str) -> None:
    desk.visit(f"{HOST}/1", Redirect(to))
    assert desk.failures() == [kind]
    assert desk.state(f"{HOST}/1") == ("failed", None, kind)


def test_a_circle_of_redirects_fails(desk: Desk) -> None:
    desk.visit(f"{HOST}/1", Redirect(f"{HOST}/2"))
    desk.visit(f"{HOST}/2", Redirect(f"{HOST}/3"))
    desk.visit(f"{HOST}/3", Redirect(f"{HOST}/1"))
    assert (desk.failures(), desk.due()[-1:]) == ([], [f"{HOST}/1"]), (
        "asked once more, with what cookies the circle has set"
    )
    desk.visit(f"{HOST}/1", Redirect(f"{HOST}/2"))
    assert desk.failures() == ["redirect_loop"]


@pytest.mark.parametrize("cookie", [False, True])
def test_redirects_to_ever_new_addresses_come_to_an_end(desk: Desk, cookie: bool) -> None:
    """A crawl of such a site did not end, and filled the disk with what it was told."""
    desk.listing("0")
    hops = 0
    while f"{HOST}/{hops}" in desk.due() and hops < 100:
        desk.visit(f"{HOST}/{hops}", Redirect(f"{HOST}/{hops + 1}", cookie=cookie))
        hops += 1
    assert (hops, desk.failures()) == (11, ["redirect_loop"])
    assert desk.state(f"{HOST}/9") == ("moved", None, f"{HOST}/10")
    assert desk.state(f"{HOST}/10") == ("failed", None, "redirect_loop")


@pytest.mark.parametrize("known", [False, True])
def test_a_circle_that_sets_cookies_is_asked_again_at_once_and_fails_in_the_end(tmp_path: Path, known: bool) -> None:
    desk = Desk(tmp_path, Schedule(attempts=3))
    if known:
        desk.visit(f"{HOST}/1", story("words"))
    for _ in range(2):
        desk.visit(f"{HOST}/1", Redirect(f"{HOST}/1", cookie=True))
        assert desk.failures() == [] and f"{HOST}/1" in desk.due()
    desk.visit(f"{HOST}/1", Redirect(f"{HOST}/1", cookie=True))
    assert desk.failures() == ["redirect_loop"] and f"{HOST}/1" not in desk.due()


def test_a_story_behind_a_circle_is_looked_at_again_through_it(desk: Desk) -> None:
    desk.visit(f"{HOST}/1", Redirect(f"{HOST}/door", cookie=True))
    desk.visit(f"{HOST}/door", Redirect(f"{HOST}/1"))
    desk.visit(f"{HOST}/1", story("words"))
    desk.visit(f"{HOST}/1", Redirect(f"{HOST}/door", cookie=True), day=2)
    assert f"{HOST}/1" in desk.due(2) and desk.one("select state from articles where url = ?", f"{HOST}/1") == ("live",)
    desk.visit(f"{HOST}/1", story("words"), day=2)
    assert desk.failures() == []


def test_trouble_that_may_pass_is_tried_again_each_time_later_and_then_fails(tmp_path: Path) -> None:
    desk = Desk(tmp_path, Schedule(attempts=3, retry_minutes=10))
    dues = []
    for _ in range(3):
        desk.visit(f"{HOST}/1", Trouble("http_500", "status 500", again=True))
        dues.append(desk.state(f"{HOST}/1"))
    assert dues == [
        ("pending", "2026-11-01T08:10:00Z", "http_500"),
        ("pending", "2026-11-01T08:20:00Z", "http_500"),
        ("failed", None, "http_500"),
    ]
    assert desk.failures() == ["http_500"] * 3


def test_a_closed_host_costs_its_pages_no_attempt(tmp_path: Path) -> None:
    desk = Desk(tmp_path, Schedule(attempts=2))
    for _ in range(5):
        desk.visit(f"{HOST}/1", Trouble("host_closed", "left alone", again=True))
    assert desk.state(f"{HOST}/1")[0] == "pending"  # type: ignore[index]
    assert desk.failures() == []


def test_a_wall_is_no_article_and_is_not_knocked_at_before_tomorrow(desk: Desk) -> None:
    desk.visit(f"{HOST}/1", Block(kind="blocked:captcha", evidence="enter the code"))
    assert desk.state(f"{HOST}/1") == ("blocked", "2026-11-02T08:00:00Z", "blocked:captcha")
    assert desk.one("select count(*) from articles") == (0,)
    desk.visit(LIST, Block(kind="login_wall", evidence="系统提示"), kind="listing")
    assert desk.one("select state, reason from listings") == ("blocked", "login_wall")


def test_what_cannot_be_stored_is_a_trouble_of_its_page_and_leaves_nothing_half(desk: Desk) -> None:
    desk.visit(
        f"{HOST}/1",
        Story(Article(url=f"{HOST}/1", site=SITE.id, title="T", body="a lone surrogate \ud800"), digest="d"),
    )
    assert desk.one("select count(*) from articles") == (0,)
    assert desk.one("select count(*) from versions") == (0,)
    assert desk.state(f"{HOST}/1") == ("failed", None, "unstorable")
    desk.visit(f"{HOST}/1", story("a"))
    desk.rows.commit()
    assert desk.one("select count(*) from articles_fts_docsize") == (1,)


def test_what_the_disk_refuses_ends_the_crawl(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(desk.rows.frontier, "settle", refuse)
    with pytest.raises(sqlite3.OperationalError):
        desk.visit(f"{HOST}/1", story("a"))
    assert desk.one("select count(*) from articles") == (0,)


def test_a_link_from_another_college_neither_replaces_a_story_nor_keeps_it_from_being_fetched(desk: Desk) -> None:
    link = Article(url=f"{HOST}/1", site="other", title="Seen at Example", kind="external")
    other = catalogue.parse(
        '[other]\nname = "O"\nfamily = "generic"\nlistings = ["https://other.example.org/"]', "sites.toml"
    )["other"]
    board = Visit(
        url="https://other.example.org/",
        site=other,
        kind="listing",
        at=DAY.format(1),
        reading=Stories((), ((link, "w"),), None, 1),
    )
    desk.intake.take(board)
    assert desk.state(f"{HOST}/1") == ("done", None, "external")
    desk.listing("1")
    assert desk.due() == [f"{HOST}/1"]
    desk.visit(f"{HOST}/1", story("a"))
    desk.intake.take(board)
    assert desk.one("select site, kind, title, body from articles") == (SITE.id, "article", "T", "a")


def test_pages_that_name_one_address_for_all_of_them_are_stories_each(desk: Desk) -> None:
    for path in ("1", "2"):
        told = Article(url=f"{HOST}/news", site=SITE.id, title=f"Title {path}", body=f"body {path}")
        desk.visit(f"{HOST}/{path}", Story(told, digest=path))
    assert desk.one("select count(*) from articles") == (2,)
    assert desk.one("select count(*) from versions") == (2,)


def test_one_story_at_two_addresses_is_one_row_also_when_it_changes(desk: Desk) -> None:
    for path, body in (("1", "a"), ("1?from=home", "a"), ("1", "b"), ("1?from=home", "b")):
        desk.visit(f"{HOST}/{path}", story(body))
    assert desk.one("select count(*), max(body) from articles") == (1, "b")
    assert desk.one("select count(*) from versions") == (2,)


def test_a_document_linked_by_a_second_story_is_known_there_too(desk: Desk) -> None:
    file = Attachment(url=f"{HOST}/a.pdf", filename="a.pdf", embedded=False)
    for path in ("1", "2"):
        told = Article(url=f"{HOST}/{path}", site=SITE.id, title="T", body="", attachments=(file,))
        desk.visit(f"{HOST}/{path}", Story(told, digest=path))
        if path == "1":
            row = (
                7,
                file.url,
                SITE.id,
                "attachment",
                DAY.format(1),
                200,
                "response",
                "<urn:uuid:7>",
                "a.warc.gz",
                0,
                1,
            )
            desk.rows.db.conn.execute(
                "insert into captures (id, url, site, kind, fetched_at, status, record_type, record_id, warc, offset,"
                " length) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            )
            desk.intake.take(
                Visit(
                    url=file.url,
                    site=SITE,
                    kind="attachment",
                    at=DAY.format(1),
                    capture_id=7,
                    reading=Document("application/pdf", 9, "words"),
                )
            )
    rows = desk.rows.db.conn.execute("select mime, size, capture, text from attachments").fetchall()
    assert rows == [("application/pdf", 9, 7, "words")] * 2
    assert desk.one("select count(*) from articles where body = 'words'") == (2,)


def test_a_page_that_answers_for_many_is_not_where_they_moved_to(desk: Desk) -> None:
    """A site under repair sends every page to one notice; its stories are still to come."""
    paths = [str(n) for n in range(4)]
    desk.listing(*paths)
    desk.visit(f"{HOST}/0", story("a", "0"))
    for path in paths:
        desk.visit(f"{HOST}/{path}", Redirect(f"{HOST}/repair.htm"))
    assert desk.one("select state from articles") == ("live",)
    assert set(desk.due(2)) >= {f"{HOST}/{path}" for path in paths}


def test_a_look_that_fails_does_not_end_the_later_looks(tmp_path: Path) -> None:
    desk = Desk(tmp_path, Schedule(attempts=1))
    desk.listing("1")
    desk.visit(f"{HOST}/1", story("a"))
    desk.visit(f"{HOST}/1", Trouble("http_500", "status 500", again=True), day=2)
    assert desk.state(f"{HOST}/1") == ("failed", "2026-11-08T08:00:00Z", "http_500")
