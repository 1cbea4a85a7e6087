"""`campuswarc fix` end to end: colleges on loopback that moved, were redesigned, or are gone."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.sqlite import database_on
from archive.store.listings import newest_of
from crawler.adding.successors import Known, candidates, clear
from crawler.archive_folder import ArchiveFolder
from crawler.cli import main
from spiders import catalogue
from spiders.discover.proof import Proof
from spiders.facts import Item, Listing
from spiders.site import ListingSeed
from tests.crawler.adding import sites_for_add as sites
from tests.crawler.adding.test_add_college import archive, crawl
from tests.crawler.campus import Answer, Campus, campus, html
from tests.crawler.whole import everything

Pages = dict[str, Answer]


def say(home: ArchiveFolder, *words: str, **more: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(home.folder), *words], **more)  # type: ignore[arg-type]


def rows(home: ArchiveFolder, sql: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(home.database) as db:
        return db.execute(sql).fetchall()


def added(home: ArchiveFolder, server: Campus) -> None:
    """The site at that server, added and crawled once."""
    assert say(home, "add", f"{server.url}/", "--yes", "--id", "one").exit_code == 0
    assert crawl(home.folder).returncode == 0


def listings(home: ArchiveFolder) -> list[str]:
    return [seed.url for seed in catalogue.load(home.sites)["one"].listings]


def replaced(pages: Pages, old: str, new: str) -> Pages:
    return {
        path.replace(old, new): (status, mime, body.replace(old.encode(), new.encode()))
        for path, (status, mime, body) in pages.items()
    }


def test_a_site_whose_listings_can_be_read_is_left_alone(tmp_path: Path) -> None:
    home = archive(tmp_path)
    with campus("127.0.61.1", sites.vsb()) as server:
        assert say(home, "add", f"{server.url}/", "--yes", "--id", "one").exit_code == 0
        before = home.sites.read_bytes()
        done = say(home, "fix", "one", "--yes")
    assert done.exit_code == 0 and "nothing to fix" in done.output
    assert home.sites.read_bytes() == before


def test_a_site_that_moved_to_another_host(tmp_path: Path) -> None:
    """Each of its addresses leads to the same path there; what an operator wrote beside stays."""
    home, pages = archive(tmp_path), sites.vsb()
    with campus("127.0.61.2", pages) as old, campus("127.0.61.3", pages) as new:
        added(home, old)
        home.sites.write_text(home.sites.read_text() + 'tags = ["law"]   # ours\n')
        old.pages = {path: (301, "text/html", (new.url + path).encode()) for path in [*pages, "/robots.txt"]}
        old.pages["/robots.txt"] = (404, "text/html", b"")
        done = say(home, "fix", "one", "--yes")
        assert done.exit_code == 0, done.output
        assert f'-    "{old.url}/xxyw.htm"' in done.output and f'+    "{new.url}/xxyw.htm"' in done.output
        site = catalogue.load(home.sites)["one"]
        assert [seed.url for seed in site.listings] == [f"{new.url}/xxyw.htm"]
        assert site.hosts == ("127.0.61.2", "127.0.61.3") and site.homepage == f"{new.url}/"
        assert 'tags = ["law"]   # ours' in home.sites.read_text()
        assert f"campuswarc fix: {old.url}/xxyw.htm gave way to {new.url}/xxyw.htm" in home.sites.read_text()
        assert crawl(home.folder).returncode == 0
    assert rows(home, "select state, count(*) from listings group by state order by state") == [
        ("ok", 1),
        ("retired", 1),
    ]


def test_a_listing_that_moved_on_its_own_host(tmp_path: Path) -> None:
    home = archive(tmp_path)
    with campus("127.0.61.4", sites.vsb()) as server:
        added(home, server)
        server.pages = replaced(sites.vsb(), "/xxyw", "/xinwen")
        looked = say(home, "fix", "one", "--dry-run")
        assert looked.exit_code == 0 and "nothing written" in looked.output and "/xxyw.htm" in listings(home)[0]
        done = say(home, "fix", "one", "--json")
        assert listings(home) == [f"{server.url}/xinwen.htm"]
        again = say(home, "fix", "one", "--yes")
    told = json.loads(done.stdout)
    assert done.exit_code == 0 and told["written"] is True
    assert told["follows"][f"{server.url}/xxyw.htm"][0]["shared"] == 5
    assert "nothing to fix" in again.output


def test_stories_at_new_addresses_keep_their_rows(tmp_path: Path) -> None:
    """Nothing redirects: they are known by headline, day and words. A rebuild joins the same ones."""
    home = archive(tmp_path)
    with campus("127.0.61.9", sites.vsb()) as server:
        added(home, server)
        before = rows(home, "select title, first_seen from articles order by title")
        server.pages = replaced(replaced(sites.vsb(), "/xxyw", "/xinwen"), "/info/1036/", "/detail/")
        assert say(home, "fix", "one", "--yes").exit_code == 0
        assert crawl(home.folder).returncode == 0
    assert rows(home, "select title, first_seen from articles order by title") == before
    assert rows(home, "select count(*), sum(url like '%/detail/%') from articles") == [(12, 12)]
    assert rows(home, "select count(*) from frontier where state = 'moved'") == [(12,)]
    live = everything(home.database)
    assert say(home, "rebuild", "--yes").exit_code == 0
    assert everything(home.database) == live


def test_a_site_redesigned_to_another_family(tmp_path: Path) -> None:
    home = archive(tmp_path)
    with campus("127.0.61.5", sites.vsb()) as server:
        added(home, server)
        server.pages = {path: page for path, page in sites.sudy().items() if "c1345" not in path and "tzgg" not in path}
        server.pages["/main.htm"] = html(
            server.pages["/main.htm"][2]
            .decode()
            .replace("<li><a href='/tzgg/list.htm'>通知公告</a></li>", "")
            .replace('<li><a href="/tzgg/list.htm">通知公告</a></li>', "")
        )
        done = say(home, "fix", "one", "--yes")
        assert done.exit_code == 0, done.output
        site = catalogue.load(home.sites)["one"]
        assert (site.family, listings(home)) == ("sudy_webplus", [f"{server.url}/xyxw/list.htm"])
        assert crawl(home.folder).returncode == 0


def test_a_site_that_is_gone_changes_nothing(tmp_path: Path) -> None:
    home = archive(tmp_path)
    with campus("127.0.61.6", sites.vsb()) as server:
        added(home, server)
        before = home.sites.read_bytes()
        server.pages = {}
        done = say(home, "fix", "one", "--yes")
    assert done.exit_code == 1
    assert "status 404" in done.output and "nothing was changed" in done.output
    assert home.sites.read_bytes() == before


def test_two_that_are_as_good_are_asked_about_and_never_guessed(tmp_path: Path) -> None:
    """Both columns of the new site show the stories that the old listing had."""
    home = archive(tmp_path)
    with campus("127.0.61.7", sites.vsb()) as server:
        added(home, server)
        before = home.sites.read_bytes()
        server.pages = sites.sudy()
        guessed = say(home, "fix", "one", "--yes")
        assert guessed.exit_code == 1 and home.sites.read_bytes() == before
        assert home.typed(f"campuswarc fix one --listing {server.url}/xyxw/list.htm") in guessed.output
        assert home.typed(f"campuswarc fix one --listing {server.url}/tzgg/list.htm") in guessed.output
        none = say(home, "fix", "one", input="0\n")
        assert none.exit_code == 1 and home.sites.read_bytes() == before
        both = say(home, "fix", "one", input="1 2\ny\n")
        assert both.exit_code == 0, both.output
        assert sorted(listings(home)) == [f"{server.url}/tzgg/list.htm", f"{server.url}/xyxw/list.htm"]
        home.sites.write_bytes(before)
        named = say(home, "fix", "one", "--yes", "--listing", f"{server.url}/tzgg/list.htm")
        assert named.exit_code == 0, named.output
        assert listings(home) == [f"{server.url}/tzgg/list.htm"]


def proof(url: str, *titles: str, section: str = "") -> Proof:
    items = tuple(Item(url=f"{url}/{n}", title=title) for n, title in enumerate(titles))
    return Proof(
        url=url,
        section=section,
        family="generic",
        listing=Listing(items=list(items)),
        new=None,
        stories=(),
        missing=(),
        confidence=0.9,
    )


OLD = ListingSeed(url="https://old.example.edu/news", section="News")
TITLES = ("Choir sings in hall", "New library opens", "Team wins the cup", "Dean retires")


@pytest.mark.parametrize(
    ("proofs", "leads", "best"),
    [
        ([], (), None),
        ([proof("https://new.example.edu/a")], (), None),
        ([proof("https://new.example.edu/a", *TITLES)], (), "https://new.example.edu/a"),
        ([proof("https://new.example.edu/a", *TITLES[:2], "x", "y")], (), None),
        ([proof("https://new.example.edu/a", *TITLES), proof("https://new.example.edu/b", *TITLES[:3])], (), None),
        (
            [proof("https://new.example.edu/a", *TITLES, section="NEWS"), proof("https://new.example.edu/b", *TITLES)],
            (),
            "https://new.example.edu/a",
        ),
        ([proof("https://new.example.edu/a", "x", section="news")], (), "https://new.example.edu/a"),
        ([proof("https://sold.example.com/a", "x", section="news")], (), None),
        ([proof("https://sold.example.com/a", "x")], ("https://sold.example.com/a",), None),
        (
            [proof("https://moved.example.org/a", *TITLES)],
            ("https://moved.example.org/a",),
            "https://moved.example.org/a",
        ),
        ([proof("https://new.example.edu/a", "x")], ("https://new.example.edu/a",), "https://new.example.edu/a"),
        ([proof("https://new.example.edu/", "x")], ("https://new.example.edu/",), None),
    ],
)
def test_what_goes_on_from_a_listing(proofs: list[Proof], leads: tuple[str, ...], best: str | None) -> None:
    found = clear(candidates(OLD, Known(titles=TITLES), leads, proofs))
    assert (found.proof.url if found else None) == best


def test_the_stories_that_are_known_are_found_by_an_index(tmp_path: Path) -> None:
    home = archive(tmp_path)
    with campus("127.0.61.8", sites.vsb()) as server:
        added(home, server)
    assert len(rows(home, "select 1 from articles")) == 12
    with sqlite3.connect(home.database) as connection:
        steps: list[str] = []
        connection.set_trace_callback(steps.append)
        assert len(list(newest_of(database_on(connection), "one"))) == 12
        asked = next(step for step in steps if step.startswith("select f.listing"))
        plan = " ".join(str(row[3]) for row in connection.execute(f"explain query plan {asked}"))
    assert "articles_site" in plan and "SCAN articles" not in plan and "SCAN f" not in plan
