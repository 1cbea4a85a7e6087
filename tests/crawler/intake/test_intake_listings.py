"""What visits to the pages of a listing make of the rows: one test a rule."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from archive.article import Article, Attachment, Image
from archive.instants import parse
from archive.store.health import health
from crawler.intake import Schedule, Visit
from spiders.facts import Item
from spiders.findings import Document, Gone, Redirect, Stories, Story, Trouble, Unchanged
from spiders.normalise import content_digest
from tests.crawler.desk import DAY, HOST, LIST, SITE, Desk, story


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_the_older_page_is_due_before_the_items_of_this_one(desk: Desk) -> None:
    desk.listing("1", "2", older="list2.htm")
    assert desk.due() == [f"{HOST}/list2.htm", f"{HOST}/1", f"{HOST}/2"]
    assert desk.rows.frontier.get(f"{HOST}/1").hint == {"title": "1", "section": "News"}  # type: ignore[union-attr]


def test_a_walk_ends_at_a_page_of_known_items_once_the_listing_was_read_to_its_end(desk: Desk) -> None:
    desk.listing("1", older="list2.htm")
    desk.listing("0", url=f"{HOST}/list2.htm", kind="older")
    for path in ("1", "0"):
        desk.visit(f"{HOST}/{path}", story("b", path))
    desk.seed(2)
    desk.listing("1", older="list2.htm", day=2)
    assert f"{HOST}/list2.htm" not in desk.due(2)


def test_a_backfill_goes_on_behind_known_pages_until_it_has_reached_the_end(desk: Desk) -> None:
    desk.listing("2", "1", older="list2.htm")
    desk.seed(1)
    desk.listing("2", "1", older="list2.htm")  # interrupted, begun again: page 1 is known, the rest is not
    assert f"{HOST}/list2.htm" in desk.due()
    desk.listing("1", older="list3.htm", url=f"{HOST}/list2.htm", kind="older")  # all known here too: items have moved
    assert f"{HOST}/list3.htm" in desk.due()
    assert not desk.rows.listings.complete(LIST)
    desk.listing("0", url=f"{HOST}/list3.htm", kind="older")
    assert desk.rows.listings.complete(LIST)


def test_a_pager_that_points_at_itself_or_repeats_a_page_ends_the_walk(desk: Desk) -> None:
    desk.listing("1", older="list2.htm")
    desk.listing("2", older="list2.htm", url=f"{HOST}/list2.htm", kind="older")
    assert desk.failures() == ["pager_loop"]
    desk.listing("3", older="list3.htm", url=f"{HOST}/list2.htm", kind="older", day=1)
    desk.listing("3", older="list4.htm", url=f"{HOST}/list3.htm", kind="older")
    assert desk.failures()[-1] == "pager_repeats"


def test_an_empty_listing_is_a_failure(desk: Desk) -> None:
    desk.listing()
    assert desk.failures() == ["no_items"]
    assert desk.one("select state, reason, empty_streak from listings") == ("empty", "no_items", 1)


def test_external_items_and_documents_are_rows_from_the_listing_alone(desk: Desk) -> None:
    weixin = Article(
        url="https://mp.weixin.qq.com/s/x", site=SITE.id, title="一图读懂", kind="external", published="2026-10-01"
    )
    report = Article(url=f"{HOST}/report.pdf", site=SITE.id, title="Report", kind="file")
    desk.visit(LIST, Stories((), ((weixin, "w"), (report, "r")), None, 2), kind="listing")
    assert desk.state(weixin.url) == ("done", None, "external")
    assert desk.due() == [report.url]
    desk.visit(report.url, Document("application/pdf", 9), kind="attachment")
    assert desk.one("select count(*) from articles where body = ''") == (2,)


def test_a_failed_page_that_is_listed_still_is_tried_again_another_day(desk: Desk) -> None:
    desk.listing("1")
    desk.visit(f"{HOST}/1", Trouble("http_403", "status 403"))
    desk.listing("1")
    assert desk.due() == []
    desk.listing("1", day=3)
    assert desk.due(3) == [f"{HOST}/1"]


def test_a_full_run_reads_known_pages_to_the_end(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.rows.runs.began(desk.rows.run or 0, whole=True)
    desk.listing("1", older="list2.htm")
    desk.listing("0", url=f"{HOST}/list2.htm", kind="older")
    desk.seed(2)
    desk.listing("1", older="list2.htm", day=2)
    assert f"{HOST}/list2.htm" in desk.due(2)


def test_a_pager_that_runs_out_otherwise_than_it_should_is_still_the_end_of_the_listing(tmp_path: Path) -> None:
    last = f"{HOST}/list2.htm"
    endings = {
        "circle": lambda desk: desk.listing("2", older="list2.htm", url=last, kind="older"),
        "repeats": lambda desk: desk.listing("1", older="list3.htm", url=last, kind="older"),
        "lost": lambda desk: desk.visit(last, Gone("http_404"), kind="older"),
        "nothing": lambda desk: desk.listing(url=last, kind="older"),
    }
    for name, end in endings.items():
        (tmp_path / name).mkdir()
        desk = Desk(tmp_path / name)
        desk.listing("1", older="list2.htm")
        assert not desk.rows.listings.complete(LIST)
        end(desk)
        assert desk.rows.listings.complete(LIST), name


def test_an_older_page_that_stays_unread_is_asked_for_again_by_a_later_walk(tmp_path: Path) -> None:
    desk = Desk(tmp_path, Schedule(attempts=1))
    desk.listing("1")
    assert desk.rows.listings.complete(LIST)
    desk.seed(2)
    desk.listing("3", older="list2.htm", day=2)
    desk.visit(f"{HOST}/list2.htm", Trouble("http_500", "status 500", again=True), day=2, kind="older")
    desk.seed(3, afresh=not desk.rows.listings.complete(LIST))
    desk.listing("3", older="list2.htm", day=3)
    assert f"{HOST}/list2.htm" in desk.due(3)


def test_a_page_that_is_listed_before_it_is_there_is_looked_for_again(desk: Desk) -> None:
    desk.listing("1")
    desk.visit(f"{HOST}/1", Gone("http_404"))
    assert desk.due(1) == []
    assert desk.due(2) == [f"{HOST}/1"]
    desk.visit(f"{HOST}/1", story("a"), day=2)
    assert desk.one("select state, body from articles") == ("live", "a")


def test_a_listing_that_leads_home_is_gone_and_no_listing(desk: Desk) -> None:
    desk.visit(LIST, Redirect(f"{HOST}/"), kind="listing")
    assert desk.one("select state, reason from listings") == ("failed", "redirect_to_home")
    assert desk.due() == []


def test_two_listings_that_name_one_link_differently_make_no_versions_in_turn(desk: Desk) -> None:
    second = f"{HOST}/second.htm"
    desk.rows.listings.put(url=second, site=SITE.id, section="", interval=0)
    for day in (1, 2, 3):
        for listing, title in ((LIST, "Long title"), (second, "Long…")):
            link = Article(url="https://mp.weixin.qq.com/s/x", site=SITE.id, title=title, kind="external")
            desk.visit(listing, Stories((), ((link, title),), None, 1), day=day, kind="listing")
    assert desk.one("select count(*), max(title) from versions") == (1, "Long title")


def test_a_listing_that_has_moved_is_asked_whether_it_changed_once_it_was_read_to_its_end(desk: Desk) -> None:
    new = f"{HOST}/new.htm"
    desk.visit(LIST, Redirect(new), kind="listing")
    page = Stories((Item(url=f"{HOST}/1", title="1"),), (), None, None)
    desk.intake.take(Visit(url=new, site=SITE, kind="listing", at=DAY.format(1), reading=page, etag='W/"1"'))
    desk.seed(2)
    desk.visit(LIST, Redirect(new), day=2, kind="listing")
    assert desk.rows.frontier.get(new).etag == 'W/"1"'  # type: ignore[union-attr]
    desk.visit(new, Unchanged(), day=2, kind="listing")
    assert desk.one("select state, last_ok from listings") == ("ok", DAY.format(2))


def _page(
    desk: Desk,
    *items: Item,
    unfollowed: str | None = None,
    older: str | None = None,
    day: int = 1,
    url: str = LIST,
    kind: str = "listing",
) -> None:
    desk.visit(url, Stories(items, (), older, None, unfollowed), day=day, kind=kind)


def test_that_there_is_more_than_can_be_followed_is_said_as_long_as_it_is_so(desk: Desk) -> None:
    item = Item(url=f"{HOST}/1", title="One")
    _page(desk, item, unfollowed="'Load more' loads more by script")
    (row,) = health(desk.rows.db, {}, parse(DAY.format(1)))
    assert row.problems == (
        f"{LIST}: there is more than can be followed: 'Load more' loads more by script"
        f"; campuswarc accept {LIST}, if that is all there is",
    )
    desk.seed(2)
    _page(desk, item, day=2)
    (row,) = health(desk.rows.db, {}, parse(DAY.format(2)))
    assert row.problems == ()


def test_what_an_index_holds_beside_the_way_on_is_said_of_its_listing(desk: Desk) -> None:
    """The last page is another one, and knows nothing of it."""
    said, child = "https://x/sitemap-press.xml names stories too", f"{HOST}/sitemap-news.xml"
    _page(desk, unfollowed=said, older=child)
    _page(desk, Item(url=f"{HOST}/1", title="One"), url=child, kind="older")
    (row,) = health(desk.rows.db, {}, parse(DAY.format(1)))
    assert row.problems == (
        f"{LIST}: there is more than can be followed: {said}; campuswarc accept {LIST}, if that is all there is",
    )
    desk.seed(2)
    _page(desk, older=child, day=2)
    _page(desk, Item(url=f"{HOST}/1", title="One"), url=child, kind="older", day=2)
    (row,) = health(desk.rows.db, {}, parse(DAY.format(2)))
    assert row.problems == ()


def test_months_without_news_are_passed_over(tmp_path: Path) -> None:
    """Two in a row, as in a summer; an empty page by number ends a listing, one that leads on by a link fails."""
    desk = Desk(tmp_path)
    month = f"{LIST}?month={{}}"
    site = replace(SITE, listings=tuple(replace(seed, pager=month) for seed in SITE.listings))

    def visit(url: str, *paths: str, older: str | None, kind: str = "older") -> None:
        items = tuple(Item(url=f"{HOST}/{path}", title=path) for path in paths)
        reading = Stories(items, (), older, None)
        desk.intake.take(Visit(url=url, site=site, kind=kind, at=DAY.format(1), reading=reading))  # type: ignore[arg-type]

    months = [month.replace("{}", f"2026-{n:02}") for n in (9, 8, 7, 6)]
    visit(LIST, "a", older=months[0], kind="listing")
    visit(months[0], older=months[1])
    visit(months[1], older=months[2])
    visit(months[2], "b", older=months[3])
    visit(months[3], older=None)
    assert desk.failures() == [] and desk.rows.listings.complete(LIST)
    assert {f"{HOST}/a", f"{HOST}/b"} <= set(desk.due())


def test_a_pager_that_turns_in_a_circle_of_pages_ends_the_walk_and_is_named(desk: Desk) -> None:
    desk.listing("a", "b", older="list.htm?p=2&t=0")
    for page in range(2, 30):
        here, there = (f"list.htm?p={n}&t={n * 7}" for n in (page, page + 1))
        if page > 2 and f"{HOST}/{here}" not in desk.due():
            break
        desk.listing(
            *{0: ("a", "b"), 1: ("c", "d"), 2: ("e", "f")}[(page - 1) % 3],
            older=there,
            url=f"{HOST}/{here if page > 2 else 'list.htm?p=2&t=0'}",
            kind="older",
        )
    assert page < 10 and desk.failures() == ["pager_round"]
    assert desk.rows.listings.complete(LIST) and desk.one("select loops from listings") == (1,)
    (row,) = health(desk.rows.db, {}, parse(DAY.format(1)))
    assert "circles" in row.problems[0]


ROWS = tuple(Item(url=f"{HOST}/{n}", title=f"Story number {n}", date="2026-09-01") for n in range(6))


def test_a_listing_that_loses_its_pages_dates_or_titles_is_doubted_until_it_has_them_again(desk: Desk) -> None:
    def doubt() -> object:
        return (desk.one("select doubt from listings") or ("?",))[0]

    _page(desk, *ROWS, older=f"{HOST}/list2.htm")
    for page in (2, 3, 4):
        _page(
            desk,
            Item(url=f"{HOST}/p{page}", title="Old"),
            older=f"{HOST}/list{page + 1}.htm" if page < 4 else None,
            url=f"{HOST}/list{page}.htm",
            kind="older",
        )
    worse = {
        "pages_lost: walks of it read 4 pages": (ROWS, None),
        "dates_lost: 100 %": (tuple(replace(item, date=None) for item in ROWS), f"{HOST}/list2.htm"),
        "titles_cut: 0 %": (tuple(replace(item, title="Story num...") for item in ROWS), f"{HOST}/list2.htm"),
    }
    for day, (words, (rows, older)) in enumerate(worse.items(), 2):
        desk.seed(2 * day)
        _page(desk, *rows, older=older, day=2 * day)
        assert str(doubt()).startswith(words)
        desk.seed(2 * day)
        _page(desk, *rows, older=older, day=2 * day)
        assert str(doubt()).startswith(words)  # what it was like is still known
        desk.seed(2 * day + 1)
        _page(desk, *ROWS, older=f"{HOST}/list2.htm", day=2 * day + 1)
        assert doubt() is None


def test_what_is_right_as_it_is_is_told_no_more_and_what_it_comes_to_lack_later_is(desk: Desk) -> None:
    """A college may have fewer pages than it had, rows without dates, a total that counts what it does not show."""

    def said() -> list[str]:
        return [problem for row in health(desk.rows.db, {}, parse(DAY.format(1))) for problem in row.problems]

    _page(desk, *ROWS, older=f"{HOST}/list2.htm")
    for page in (2, 3, 4):
        older = f"{HOST}/list{page + 1}.htm" if page < 4 else None
        _page(desk, Item(url=f"{HOST}/p{page}", title="Old"), older=older, url=f"{HOST}/list{page}.htm", kind="older")
    bare = tuple(replace(item, date=None) for item in ROWS)
    for day, (rows, unfollowed) in enumerate(((ROWS, None), (bare, None), (bare, "6 rows are shown of 44")), 2):
        desk.seed(day)
        _page(desk, *rows, unfollowed=unfollowed, day=day)
        assert len(said()) == 1
        assert desk.rows.listings.in_doubt(SITE.id) == desk.rows.listings.in_doubt(LIST) == [LIST]
        desk.rows.listings.dismiss(LIST)
        assert said() == [] and desk.rows.listings.in_doubt(LIST) == []
        desk.seed(day)
        _page(desk, *rows, unfollowed=unfollowed and unfollowed.replace("44", "45"), day=day)
        assert said() == []
        if day == 3:
            desk.seed(day)
            _page(desk, *ROWS, day=day)
            desk.seed(day)
            _page(desk, *bare, day=day)
            assert "dates_lost" in said()[0], "what comes later is told"
            desk.rows.listings.dismiss(LIST)
    desk.seed(9)
    _page(desk, *bare, unfollowed="'Load more' loads more by script", day=9)
    assert "Load more" in said()[0], "another reason was not dismissed"


def test_links_that_are_no_addresses_are_told_of(desk: Desk) -> None:
    desk.visit(LIST, Stories((), (), None, None, malformed=("http://[x/1.htm",)), kind="listing")
    assert "bad_address" in desk.failures()


def test_what_the_guard_refuses_is_counted_as_refused(desk: Desk) -> None:
    desk.visit(f"{HOST}/f.pdf", Trouble("guard", "10.0.0.1 is private"), kind="attachment")
    assert desk.intake.counts[SITE.id] == {"refused": 1}
    assert desk.failures() == ["guard"]


def test_a_file_is_not_asked_for_again_under_an_address_of_the_moment(desk: Desk) -> None:
    for day in (1, 2):
        article = Article(
            url=f"{HOST}/1",
            site=SITE.id,
            title="T",
            body="b",
            images=(Image(url=f"{HOST}/i.png?t={day}"),),
            attachments=(Attachment(url=f"{HOST}/f.pdf?token={day}", filename="f.pdf"),),
        )
        desk.visit(f"{HOST}/1", Story(article, content_digest(article)), day=day)
    assert {url for url in desk.due(9) if "?" in url} == {f"{HOST}/i.png?t=1", f"{HOST}/f.pdf?token=1"}
    assert desk.one("select count(*) from versions") == (1,)
