"""A page is judged among its siblings and against its past; a rebuild judges the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner
from sqlite_utils import Database

from archive.changes.changes import Asked, changes
from archive.search.index import ArticleIndex
from archive.store import schema
from archive.store.db import open_writer
from crawler.cli import main
from crawler.intake.host_trouble import HostTrouble
from crawler.intake.judging import Judge
from tests.benchmarks import archive_folder
from tests.crawler.diary import HOST, LIST, TOML, Answer, College, Diary, page, text

MAINTENANCE = page("系统维护通知", "学校网站群平台正在升级维护，暂停访问，预计明日八点恢复，给您带来不便敬请谅解。")
PARKED = page(
    "hill.example may be for sale",
    "Make an offer for this name today. Related searches: colleges, grants, student loans and dormitory furniture at"
    " low prices.",
)
GREETING = page(
    "Happy holidays from all of us",
    "The campus rests until the new term begins. We thank everybody who was with us in this year, and wish all"
    " friends of the college peace, health and a good rest.",
)
Breakage = Callable[[str], Answer | None]


def everywhere(body: str) -> Breakage:
    return lambda url: (200, body)


def articles_only(body: str) -> Breakage:
    return lambda url: None if url == LIST else (200, body)


def untitled(url: str) -> Answer | None:
    """A notice without a headline of its own, which names the address that was asked for."""
    return (
        None
        if url == LIST
        else (
            200,
            f"<html><body><div><p>The content management system could not render {url}. Incident"
            f" {hash(url) & 0xFFFF}-77. The team has been told and will look into it soon.</p></div></body></html>",
        )
    )


def same_template(url: str) -> Answer | None:
    """The story's own headline stays, its text is a notice."""
    return (
        None
        if url == LIST
        else (
            200,
            page(
                COLLEGE_TITLES[url],
                "This content is not available to you at the moment. Please come back when the campus network has"
                " been checked, or ask the service desk for help.",
            ),
        )
    )


COLLEGE_TITLES = College(30).titles
BREAKAGES: dict[str, Breakage] = {
    "maintenance everywhere": everywhere(MAINTENANCE),
    "maintenance of articles": articles_only(MAINTENANCE),
    "parked domain": everywhere(PARKED),
    "holiday page": articles_only(GREETING),
    "error page that names the address": untitled,
    "notice inside the template": same_template,
}


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name", BREAKAGES)
def test_what_a_broken_site_says_is_no_change(name: str, seed: int, tmp_path: Path) -> None:
    college = College()
    diary = Diary(tmp_path / "a", college, seed)
    diary.day(0)
    before = diary.texts()
    assert len(before) == 8
    college.instead = BREAKAGES[name]
    diary.day(1)
    assert diary.texts() == before
    assert [line for line in diary.problems() if line.startswith("suspect")]
    assert diary.unlike_rebuilt() == []
    diary.day(2)
    assert diary.texts() == before
    college.instead = lambda url: None
    diary.day(3)
    assert diary.texts() == before, "no version came of it"
    assert diary.problems() == []
    assert diary.rows("select count(*) from suspects") == [(0,)]
    assert diary.unlike_rebuilt() == []


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("name", [name for name in BREAKAGES if "everywhere" not in name and "parked" not in name])
def test_a_story_first_seen_while_the_site_is_broken_is_none(name: str, seed: int, tmp_path: Path) -> None:
    college = College(6)
    diary = Diary(tmp_path / "a", college, seed)
    diary.day(0)
    before = diary.texts()
    added = [college.add() for _ in range(3)]
    college.instead = BREAKAGES[name]
    diary.day(1, every=False)
    assert diary.texts() == before
    assert [line for line in diary.problems() if "no story is made of it" in line]
    assert diary.unlike_rebuilt() == []
    college.instead = lambda url: None
    diary.day(2)
    assert diary.texts() == before | {url: (college.titles[url], 1) for url in added}
    assert diary.unlike_rebuilt() == []


def rewritten(college: College, url: str, seed: int, title: str = "") -> str:
    """Another text under that address."""
    random = Random(seed)
    return page(title or college.titles[url], *(text(random) for _ in range(4)))


def first(college: College, count: int) -> list[str]:
    return list(college.titles)[:count]


@pytest.mark.parametrize("seed", [1, 2])
def test_what_editors_do_is_let_in_at_once(seed: int, tmp_path: Path) -> None:
    college = College(12)
    diary = Diary(tmp_path / "a", college, seed)
    diary.day(0)
    one, two, short, *rest = first(college, 12)
    college.stories[one] = 200, rewritten(college, one, 91)  # wholly other words under the same headline
    college.stories[two] = (
        200,
        college.stories[two][1].replace("</div></div>", "<p>Correction: the date was misstated.</p></div></div>"),
    )
    college.stories[short] = 200, page(college.titles[short], text(Random(3)), "The rest was withdrawn.")
    gone = rest[:3]
    for url in gone:
        del college.stories[url], college.titles[url]
    diary.day(1)
    assert diary.rows("select count(*) from suspects") == [(0,)]
    found = diary.texts()
    assert [found[url][1] for url in (one, two)] == [2, 2]
    assert not found.keys() & set(gone)
    assert diary.rows("select count(*) from articles where state = 'gone'") == [(3,)]
    assert diary.problems() == []
    assert diary.unlike_rebuilt() == []


def test_a_new_template_is_no_change(tmp_path: Path) -> None:
    college = College()
    diary = Diary(tmp_path / "a", college)
    diary.day(0)
    for url, (_, old) in college.stories.items():
        college.stories[url] = (
            200,
            old.replace("class='main'", "class='page'")
            .replace("class='content'", "class='story' data-n='1'")
            .replace("<body>", "<body><div class='brand'><a href='/'>Hill</a></div>"),
        )
    diary.day(1)
    assert diary.rows("select count(*) from suspects") == [(0,)]
    assert {versions for _, versions in diary.texts().values()} == {1}


def test_one_page_that_shrinks_under_another_headline_is_held_until_three_looks_say_the_same(tmp_path: Path) -> None:
    college = College()
    diary = Diary(tmp_path / "a", college, 1)
    diary.day(0)
    url = first(college, 1)[0]
    college.stories[url] = 200, page("Moved to the new portal", "Find this in the portal.")
    for day in (1, 2, 3, 4):
        diary.day(day)
        assert diary.texts()[url] == (college.titles[url], 1)
        assert len(diary.problems()) == 1 and "a tenth of the text" in diary.problems()[0], day
    diary.day(5)
    assert diary.texts()[url] == ("Moved to the new portal", 2)
    assert diary.problems() == []
    assert diary.unlike_rebuilt() == []


def test_what_a_person_accepts_is_believed_and_a_rebuild_believes_it_too(tmp_path: Path) -> None:
    college = College()
    diary = Diary(tmp_path / "a", college, 1)
    diary.day(0)
    college.instead = articles_only(GREETING)
    diary.day(1)
    one = first(college, 1)[0]
    diary.accept(one)
    assert [url for url, (title, _) in diary.texts().items() if title.startswith("Happy")] == [one]
    diary.accept("hill")
    assert {title for title, _ in diary.texts().values()} == {"Happy holidays from all of us"}
    assert diary.unlike_rebuilt() == []
    college.instead = lambda url: None
    diary.day(2)
    assert {url: title for url, (title, _) in diary.texts().items()} == college.titles
    college.instead = articles_only(GREETING)
    diary.day(3)
    assert {title for title, _ in diary.texts().values()} == {"Happy holidays from all of us"}, (
        "it has been accepted on this site"
    )
    assert diary.unlike_rebuilt() == []


def test_more_changes_than_ever_are_held_though_each_says_something_else(tmp_path: Path) -> None:
    college = College()
    diary = Diary(tmp_path / "a", college, 1)
    diary.day(0)
    before, old = diary.texts(), dict(college.stories)
    for n, url in enumerate(college.stories):
        college.stories[url] = 200, rewritten(college, url, 500 + n)
    diary.day(1)
    assert diary.texts() == before
    assert "more pages than ever before" in diary.problems()[0] and "8 pages" in diary.problems()[0]
    assert diary.unlike_rebuilt() == []
    college.stories.update(old)
    diary.day(2)
    assert diary.texts() == before
    for n, url in enumerate(college.stories):
        college.stories[url] = 200, rewritten(college, url, 500 + n)
    for day in (3, 5, 7):
        assert diary.texts() == before
        diary.day(day)
    assert {versions for _, versions in diary.texts().values()} == {2}, "three looks days apart"
    assert diary.problems() == []
    assert diary.unlike_rebuilt() == []


@pytest.mark.parametrize(
    "listing", [(500, "broken"), (200, "<html><body><p>Nothing here</p></body></html>"), (302, f"{HOST}/")]
)
def test_a_change_while_the_listing_is_unread_waits_for_a_better_day(listing: Answer, tmp_path: Path) -> None:
    college = College()
    diary = Diary(tmp_path / "a", college, 1)
    diary.day(0)
    before = diary.texts()
    url = first(college, 1)[0]
    college.stories[url] = 200, rewritten(college, url, 77)
    college.instead = lambda asked: listing if asked == LIST else None
    diary.day(1)
    assert diary.texts() == before
    assert any("cannot be read" in line for line in diary.problems() if line.startswith("suspect"))
    assert diary.unlike_rebuilt() == []
    college.instead = lambda asked: None
    diary.day(2)
    assert diary.texts()[url][1] == 2
    assert diary.problems() == []
    assert diary.unlike_rebuilt() == []


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(
    "what",
    [
        (404, "<title>404</title>"),
        (302, f"{HOST}/"),
        (200, "<title>404 Not Found</title><h1>404 Not Found</h1><p>The page you requested was not found.</p>"),
    ],
)
def test_a_host_that_has_nothing_today_is_in_trouble(what: Answer, seed: int, tmp_path: Path) -> None:
    college = College()
    diary = Diary(tmp_path / "a", college, seed)
    diary.day(0)
    before = diary.texts()
    college.instead = lambda url: what
    for day in (1, 2, 4, 6, 8):
        diary.day(day)
        assert diary.texts() == before, "as long as its listing is not there either, time confirms nothing"
    assert any("8 pages" in line and "not there" in line for line in diary.problems())
    assert diary.unlike_rebuilt() == []
    there = diary.copy(tmp_path / "b")
    there._time = diary._time
    there.accept("hill")
    assert there.texts() == {}
    assert there.unlike_rebuilt() == []
    college.instead = lambda url: None
    diary.day(9)
    assert diary.texts() == before
    assert diary.problems() == []


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_old_address_lost_while_the_listing_is_well_is_confirmed_by_time(seed: int, tmp_path: Path) -> None:
    college = College()
    diary = Diary(tmp_path / "a", college, seed)
    diary.day(0)
    before = diary.texts()
    college.instead = lambda url: None if url == LIST else (404, "gone")
    for day in (1, 3):
        diary.day(day)
        assert diary.texts() == before
    diary.day(5)
    assert diary.texts() == {}
    assert diary.unlike_rebuilt() == []


def test_reposts_and_stubs_are_stories(tmp_path: Path) -> None:
    """One story under two addresses, and pages that only name a document each, are what they seem."""
    college = College(4)
    shown = next(iter(college.stories.values()))[1]
    again = college.add()
    college.titles[again] = next(iter(college.titles.values()))
    college.stories[again] = 200, shown
    stubs = [college.add() for _ in range(4)]
    for n, url in enumerate(stubs):
        college.stories[url] = (
            200,
            page(
                college.titles[url],
                "For details see the attached document, please.",
                more=f"<p><a href='/files/{n}.pdf'>Document {n}.pdf</a></p>",
            ),
        )
    forms = [college.add() for _ in range(3)]
    for n, url in enumerate(forms):  # under headlines of their own, which the listing does not show
        college.stories[url] = (
            200,
            page(f"{'abc'[n] * 9} committee", "The minutes are kept in the office and can be read."),
        )
    diary = Diary(tmp_path / "a", college)
    diary.day(0)
    assert len(diary.texts()) == 12
    assert diary.problems() == []


def test_stories_of_an_older_database_are_judged_too(tmp_path: Path) -> None:
    """Of before m016: nothing is known of what siblings said, nor of how earlier runs went."""
    college = College()
    diary = Diary(tmp_path / "a", college)
    diary.day(0)
    old = Database(tmp_path / "old.db")
    schema.steps.apply(old, stop_before="m016_suspects")
    names = [
        row[0]
        for row in old.execute(
            "select name from sqlite_master where type = 'table' and name not like 'articles_%' and name not like"
            " 'sqlite_%'"
        ).fetchall()
    ]
    old.execute("attach ? as new", [str(diary.home.database)])
    old.execute("pragma foreign_keys = off")
    for name in names:
        if name in ("search_folds", "_sqlite_migrations"):
            continue
        columns = ", ".join(row[1] for row in old.execute(f"pragma main.table_info({name})").fetchall())
        old.conn.execute(f"delete from main.{name}")
        old.conn.execute(f"insert into main.{name} ({columns}) select {columns} from new.{name}")
    ArticleIndex(old).rebuild()
    old.conn.commit()
    old.close()
    for suffix in ("", "-wal", "-shm"):
        diary.home.database.with_name(f"news.db{suffix}").unlink(missing_ok=True)
    (tmp_path / "old.db").rename(diary.home.database)
    before = diary.texts()
    assert len(before) == 8
    assert diary.rows("select count(*) from frontier where gist is not null") == [(0,)]
    college.instead = everywhere(MAINTENANCE)
    diary.day(1)
    assert diary.texts() == before
    assert diary.rows("select count(*) from suspects") == [(8,)]


def test_what_an_older_version_let_in_is_found_and_mended_from_the_warc(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive_folder.make(tmp_path / "a", TOML)
    college = College()
    diary = Diary(tmp_path / "a", college)
    diary.day(0)
    before = diary.texts()
    well = CliRunner().invoke(main, ["-C", str(diary.home.folder), "heal"])
    assert (well.exit_code, well.output) == (0, "nothing to mend\n")
    with monkeypatch.context() as of_before:
        of_before.setattr(Judge, "holds", lambda *_: False)
        of_before.setattr(HostTrouble, "holds", lambda *_: False)
        college.instead = articles_only(MAINTENANCE)
        diary.day(1)
        assert {title for title, _ in diary.texts().values()} == {"系统维护通知"}
        college.instead = lambda url: None
        diary.day(2)
        assert {versions for _, versions in diary.texts().values()} == {3}
    done = CliRunner().invoke(main, ["-C", str(diary.home.folder), "heal", "--yes", "--processes", "0"])
    assert done.exit_code == 0, done.output
    assert "hill: 8 stories came to say the same (系统维护通知)" in done.output
    assert diary.texts() == before, "and no version is left of it"
    again = CliRunner().invoke(main, ["-C", str(diary.home.folder), "heal"])
    assert again.output == "nothing to mend\n"


def test_a_listing_that_is_right_as_it_is_stays_so_in_a_rebuild(tmp_path: Path) -> None:
    college = College()
    diary = Diary(tmp_path / "a", college, 1)
    plain = college.answer(LIST)[1]
    more = plain.replace("</ul>", '</ul><button class="load-more" data-next="/api/news?page=2">Load more</button>')
    assert more != plain
    college.instead = lambda url: (200, more) if url == LIST else None
    diary.day(0)
    assert "more than can be followed" in diary.problems()[0]
    diary.accept(LIST)
    assert diary.problems() == []
    diary.day(1)
    assert diary.problems() == [] and diary.unlike_rebuilt() == []
    college.instead = lambda url: (
        (200, plain.replace("</ul>", '</ul><a href="javascript:go(2)">Next</a>')) if (url == LIST) else None
    )
    diary.day(2)
    assert "more than can be followed" in diary.problems()[0], "another reason than that which was dismissed"
    assert diary.unlike_rebuilt() == []


def test_a_story_is_back_whatever_else_its_run_recorded_and_a_host_in_trouble_took_none(tmp_path: Path) -> None:
    college = College()
    diary = Diary(tmp_path / "a", college, 1)
    diary.day(0)
    one = first(college, 1)[0]
    college.instead = lambda url: (404, "<title>404 Not Found</title>") if url == one else None
    diary.day(1)
    college.instead = lambda url: None
    diary.day(2)
    college.instead = lambda url: (404, "<title>404 Not Found</title>")
    diary.day(3)
    college.instead = lambda url: None
    diary.day(4)
    assert diary.unlike_rebuilt() == []
    db = open_writer(diary.home.database)
    db.execute("pragma foreign_keys = off")
    # as if all else had been as it was: then a run has no captures of it
    db.execute("delete from captures where run = 2 and status = 200")
    found = changes(db, Asked(kinds=("back",))).events
    assert [(event.url, event.since[:10], event.at[:10]) for event in found] == [(one, "2026-03-02", "2026-03-03")]
    db.close()
