"""`campuswarc add` and `check` end to end, against small sites on loopback."""

import json
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crawler.archive_folder import ArchiveFolder
from crawler.cli import main
from spiders import catalogue
from tests.crawler.adding import sites_for_add as sites
from tests.crawler.campus import Answer, campus, html

CONFIG = (
    '[operator]\ncontact = "https://archive.example.org/"\n[politeness]\ndelay = 0.0\n[crawl]\nallow_loopback ='
    " true\ntimeout = 10.0\n"
)
BEFORE = '# our colleges\n\n[kept]   # the first one\nname = "Kept"\nlistings = ["https://kept.example.edu/"]\n'


@pytest.fixture
def home(tmp_path: Path) -> ArchiveFolder:
    made = ArchiveFolder(tmp_path)
    made.config.write_text(CONFIG)
    made.sites.write_text(BEFORE)
    return made


def run(home: ArchiveFolder, *arguments: str, **options: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(home.folder), *arguments], **options)  # type: ignore[arg-type]


FOUND: dict[str, tuple[Callable[[], dict[str, Answer]], str, list[tuple[str, str]], str]] = {
    # name -> pages, family, listings with their sections, language
    "sudy": (sites.sudy, "sudy_webplus", [("/xyxw/list.htm", "学院新闻"), ("/tzgg/list.htm", "通知公告")], "zh"),
    "vsb": (sites.vsb, "vsb_boda", [("/xxyw.htm", "")], "zh"),
    "wordpress": (sites.wordpress, "wordpress", [("/", "")], "en"),
    "feed": (sites.feed_only, "feed", [("/rss/news.xml", "")], "en"),
    "front": (sites.front, "generic", [("/", "")], "en"),
    "magazine": (sites.magazine, "generic", [("/news/all", "")], "en"),
    "chaoxing": (sites.chaoxing, "chaoxing_portal", [("/engine2/m/AB12", "")], "zh"),
    "unknown": (sites.unknown, "generic", [("/all-news?pg=1", "")], "en"),
}


@pytest.mark.parametrize("name", FOUND)
def test_a_site_is_found_proven_and_written(name: str, home: ArchiveFolder) -> None:
    pages, family, listings, language = FOUND[name]
    with campus("127.0.21.1", pages()) as server:
        result = run(home, "add", f"{server.url}/", "--yes", "--id", name)
    assert result.exit_code == 0, result.output
    site = catalogue.load(home.sites)[name]
    assert (site.family, site.language) == (family, language)
    assert [(seed.url, seed.section) for seed in site.listings] == [
        (server.url + path, section) for path, section in listings
    ]
    assert home.sites.read_text().startswith(BEFORE)
    assert "confidence" in result.output and "titles" in result.output


def test_a_listing_given_is_the_listing_added(home: ArchiveFolder) -> None:
    with campus("127.0.21.2", sites.sudy()) as server:
        result = run(home, "add", f"{server.url}/tzgg/list.htm", "--yes")
    assert result.exit_code == 0, result.output
    (site,) = [site for id_, site in catalogue.load(home.sites).items() if id_ != "kept"]
    assert site.id.startswith("site_127_0_21_2")
    assert [seed.url for seed in site.listings] == [f"{server.url}/tzgg/list.htm"]


def test_a_feed_given_is_added_as_one(home: ArchiveFolder) -> None:
    with campus("127.0.21.12", sites.feed_only()) as server:
        result = run(home, "add", f"{server.url}/rss/news.xml", "--yes", "--id", "feed")
    assert result.exit_code == 0, result.output
    site = catalogue.load(home.sites)["feed"]
    assert (site.family, [seed.url for seed in site.listings]) == ("feed", [f"{server.url}/rss/news.xml"])
    assert site.name == "Example State University"  # of its home page: a feed is called 'News'


def test_an_address_typed_without_scheme_is_tried_by_https_then_http(home: ArchiveFolder) -> None:
    with campus("127.0.21.13", sites.vsb()) as server:
        result = run(home, "add", server.url.removeprefix("http://"), "--yes", "--id", "plain")
    assert result.exit_code == 0, result.output
    assert [seed.url for seed in catalogue.load(home.sites)["plain"].listings] == [f"{server.url}/xxyw.htm"]


def test_a_section_asked_for_is_the_only_one(home: ArchiveFolder) -> None:
    with campus("127.0.21.3", sites.sudy()) as server:
        result = run(home, "add", server.url, "--section", "通知", "--yes", "--id", "notices")
    assert result.exit_code == 0, result.output
    assert [(seed.url, seed.section) for seed in catalogue.load(home.sites)["notices"].listings] == [
        (f"{server.url}/tzgg/list.htm", "通知公告")
    ]


def test_a_section_is_looked_for_behind_the_news_links_too(home: ArchiveFolder) -> None:
    with campus("127.0.21.14", sites.unknown()) as server:
        result = run(home, "add", server.url, "--section", "campus news", "--yes", "--id", "campus")
        missed = run(home, "add", server.url, "--section", "sports", "--yes", "--id", "sports")
    assert result.exit_code == 0, result.output
    assert [(seed.url, seed.section) for seed in catalogue.load(home.sites)["campus"].listings] == [
        (f"{server.url}/all-news?pg=1", "Campus News")
    ]
    assert missed.exit_code == 1 and "names 'sports'" in missed.output


def test_a_server_that_is_busy_is_asked_once_more(home: ArchiveFolder) -> None:
    with campus("127.0.21.15", sites.vsb()) as server:
        server.busy = {"/xxyw.htm": 1}
        patient = run(home, "add", f"{server.url}/xxyw.htm", "--dry-run")
        server.busy = {"/xxyw.htm": 2}
        given_up = run(home, "add", f"{server.url}/xxyw.htm", "--dry-run")
    assert patient.exit_code == 0, patient.output
    assert given_up.exit_code == 1 and "status 503" in given_up.output


def test_redirects_are_followed_but_not_off_the_site(home: ArchiveFolder) -> None:
    moved = {
        **sites.vsb(),
        "/": (302, "text/html", b"/index.htm"),
        "/index.htm": sites.vsb()["/"],
        "/away": (301, "text/html", b"https://www.example.org/"),
    }
    with campus("127.0.21.16", moved) as server:
        inside, outside = run(home, "add", server.url, "--dry-run"), run(home, "add", f"{server.url}/away", "--dry-run")
    assert inside.exit_code == 0, inside.output
    assert outside.exit_code == 1 and "leads to another site: https://www.example.org/" in outside.output


def test_a_folder_that_is_no_archive_is_told_apart(tmp_path: Path) -> None:
    result = run(ArchiveFolder(tmp_path), "add", "https://www.example.edu/", "--yes")
    assert result.exit_code == 1 and "campuswarc init" in result.output


def test_a_dry_run_and_a_refusal_write_nothing(home: ArchiveFolder) -> None:
    with campus("127.0.21.4", sites.vsb()) as server:
        dry = run(home, "add", server.url, "--dry-run", "--id", "x")
        refused = run(home, "add", server.url, "--id", "x", input="n\n")
    assert dry.exit_code == 0 and "[x]" in dry.output
    assert refused.exit_code == 1
    assert home.sites.read_text() == BEFORE


def test_an_id_is_never_taken_twice(home: ArchiveFolder) -> None:
    with campus("127.0.21.5", sites.vsb()) as server:
        result = run(home, "add", server.url, "--yes", "--id", "kept")
        assert not server.asked  # nothing is fetched for an entry that cannot be written
        first, second, third = (run(home, "add", server.url, "--yes", "--id", id_) for id_ in ("one", "one", "two"))
    assert result.exit_code == 1 and "kept" in result.output
    assert first.exit_code == 0
    assert second.exit_code == 1 and "has a site 'one' already" in second.output
    assert third.exit_code == 1 and "as a listing of [one]" in third.output  # nor is a listing crawled under two ids


REFUSED: dict[str, tuple[Callable[[], dict[str, Answer]], str]] = {
    "nothing": (sites.nothing, "names news"),
    "challenge": (sites.challenge, "blocked:riversec"),
    "walled": (sites.walled, "login_wall"),
    "closed": (sites.closed, "closed to crawlers"),
    "not there": (dict, "status 404"),
    "server error in robots": (
        lambda: {**sites.wordpress(), "/robots.txt": (503, "text/plain", b"")},
        "closed to crawlers",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_missing_is_said_and_nothing_written(name: str, home: ArchiveFolder) -> None:
    pages, words = REFUSED[name]
    with campus("127.0.21.6", pages()) as server:
        result = run(home, "add", f"{server.url}/", "--yes")
    assert result.exit_code == 1
    assert words in result.output
    assert home.sites.read_text() == BEFORE


def test_a_server_that_is_gone_is_named(home: ArchiveFolder) -> None:
    with campus("127.0.21.7", {}) as server:
        pass
    result = run(home, "add", server.url, "--yes")
    assert result.exit_code == 1 and "cannot be reached" in result.output


def test_loopback_is_closed_unless_the_operator_opens_it(home: ArchiveFolder) -> None:
    home.config.write_text(CONFIG.replace("allow_loopback = true", "allow_loopback = false"))
    with campus("127.0.21.8", sites.vsb()) as server:
        result = run(home, "add", server.url, "--yes")
        assert not server.asked
    assert result.exit_code == 1 and "loopback" in result.output


def test_saved_pages_wait_for_a_review(home: ArchiveFolder, tmp_path: Path) -> None:
    with campus("127.0.21.9", sites.vsb()) as server:
        result = run(home, "add", server.url, "--dry-run", "--save-fixture", str(tmp_path / "cases"))
    assert result.exit_code == 0, result.output
    cases = sorted((tmp_path / "cases").iterdir())
    assert len(cases) == 4  # one listing, three stories
    for case in cases:
        expected = json.loads((case / "expected.json").read_text())
        assert expected["reviewed"] is False
        assert (case / "page.html").read_bytes()
    listing = json.loads((cases[0] / "expected.json").read_text())
    assert len(listing["items"]) == 5 and listing["older"].endswith("/xxyw/2.htm")


def test_check_proves_again_and_fails_when_a_site_changes(home: ArchiveFolder) -> None:
    with campus("127.0.21.10", sites.vsb()) as server:
        assert run(home, "add", server.url, "--yes", "--id", "vsb").exit_code == 0
        good = run(home, "check", "vsb")
        server.pages["/xxyw.htm"] = html("<title>学校要闻</title><p>改版中</p>")
        bad = run(home, "check", "vsb")
    assert good.exit_code == 0, good.output
    assert bad.exit_code == 1 and "items" in bad.output
    assert run(home, "check", "vbs").output.count("vsb") == 1  # the nearest id is named


def test_a_built_in_site_is_taken_over_without_a_request(home: ArchiveFolder) -> None:
    id_, known = next(iter(catalogue.builtin().items()))
    result = run(home, "add", "--builtin", id_, "--yes")
    assert result.exit_code == 0, result.output
    assert catalogue.load(home.sites)[id_] == known
    assert "did you mean" in run(home, "add", "--builtin", id_ + "x", "--yes").output


def test_built_in_sites_say_when_they_were_proved(home: ArchiveFolder) -> None:
    result = run(home, "sites", "--builtin")
    assert result.exit_code == 0
    assert result.output.count("proved: ") == len(catalogue.builtin()) >= 29


def test_the_entry_is_toml_an_operator_would_write(home: ArchiveFolder) -> None:
    with campus("127.0.21.11", sites.sudy()) as server:
        run(home, "add", server.url, "--yes", "--id", "college")
    table = tomllib.loads(home.sites.read_text())["college"]
    assert table["name"] == "示例职业学院" and table["timezone"] == "unknown"
    assert {"url": f"{server.url}/xyxw/list.htm", "section": "学院新闻"} in table["listings"]


def _more_by_script() -> dict[str, Answer]:
    """A college whose list goes on behind a button that only a script answers."""
    rows = "".join(
        f"<li><a href='/news/story-{n}.html'>The college opens reading room number {n}</a>"
        f" <span>2026-09-{n:02}</span></li>"
        for n in range(11, 23)
    )
    stories = {
        f"/news/story-{n}.html": html(
            f"<h1>The college opens reading room number {n}</h1><p>Published"
            f" 2026-09-{n:02}</p><p>{f'Room {n} took weeks of work and is open to all. ' * 12}</p>"
        )
        for n in range(11, 23)
    }
    return {
        "/": html("<ul><li><a href='/news'>News</a></li></ul><p>Welcome</p>"),
        "/news": html(f"<h1>News</h1><ul class='r'>{rows}</ul><button onclick='more()'>Show more</button>"),
    } | stories


def test_what_is_known_to_be_missing_ends_add_and_check_with_3(home: ArchiveFolder) -> None:
    with campus("127.0.21.31", _more_by_script()) as server:
        added = run(home, "add", f"{server.url}/", "--yes", "--id", "more")
        checked = run(home, "check", "more")
    assert added.exit_code == checked.exit_code == 3, added.output
    assert "known to be missing" in added.output and "'Show more' loads more by script" in added.output
    assert "# known to be missing: " in home.sites.read_text()
    assert [seed.url for seed in catalogue.load(home.sites)["more"].listings] == [f"{server.url}/news"]


def test_the_data_that_a_cut_list_is_a_part_of_are_added_in_its_place(home: ArchiveFolder) -> None:
    rows = [
        {"path": f"/news/story-{n}.html", "title": f"The college opens reading room number {n}", "date": f"2026-09-{n}"}
        for n in [*range(11, 23), 10]
    ]
    pages = _more_by_script()
    shown = pages["/news"][2].decode()
    data = {"/rows.json": (200, "application/json", json.dumps({"data": {"nodes": rows}}).encode())}
    data["/news/story-10.html"] = html(pages["/news/story-11.html"][2].decode().replace("11", "10"))
    head = "<link rel='preload' as='fetch' href='/rows.json'>"
    with campus("127.0.21.34", {**pages, **data, "/news": html(head + shown)}) as server:
        added = run(home, "add", f"{server.url}/", "--yes", "--id", "data")
    assert added.exit_code == 0, added.output
    assert [seed.url for seed in catalogue.load(home.sites)["data"].listings] == [f"{server.url}/rows.json"]


def test_a_survey_as_json_has_every_proof_and_reason(home: ArchiveFolder) -> None:
    with campus("127.0.21.32", _more_by_script()) as server:
        result = run(home, "add", f"{server.url}/", "--json", "--id", "more")
        nothing = run(home, "add", f"{server.url}/nowhere", "--json", "--id", "none")
    told = json.loads(next(line for line in result.output.splitlines() if line.startswith("{")))
    assert result.exit_code == 3 and told["written"] and told["id"] == "more"
    assert told["proofs"][0]["unfollowed"] and told["proofs"][0]["stories"] and told["incomplete"]
    assert (
        nothing.exit_code == 1
        and json.loads(next(line for line in nothing.output.splitlines() if line.startswith("{")))["written"] is False
    )


def test_a_list_that_looks_cut_off_is_asked_for_its_page_2(home: ArchiveFolder) -> None:
    pages = _more_by_script()
    shown = pages["/news"][2].decode().replace("<button onclick='more()'>Show more</button>", "")
    older = "".join(
        f"<li><a href='/news/old-story-{n}.html'>The college closed reading room number {n}</a>"
        f" <span>2026-08-{n:02}</span></li>"
        for n in range(11, 23)
    )
    otherwise = older.replace("/news/old-story-", "/letters/of-a-miller-")
    newer = older.replace("2026-08-", "2026-11-")
    moved = {"/news/story-114.html": pages["/news/story-14.html"]}
    gaps = shown.replace("story-14", "story-114")  # numbers that say nothing
    followed = {"followed": (older, 0), "of another kind": (otherwise, 3), "newer": (newer, 3)}
    for name, (rows, status) in followed.items():
        behind = {"/news?page=2": html(f"<h1>News</h1><ul class='r'>{rows}</ul>")}
        with campus("127.0.21.33", {**pages, **moved, "/news": html(gaps), **behind}) as server:
            result = run(home, "add", f"{server.url}/news", "--dry-run", "--id", "cut")
        assert result.exit_code == status, result.output
        assert ("pager = " in result.output) == (name == "followed")
        assert ("of another kind" in result.output) == (name == "of another kind")
    # no page 2: what lies at the numbers before the lowest decides
    before = pages["/news/story-11.html"][2].replace(b"2026-09-11", b"2026-09-10").replace(b"number 11", b"number 10")
    for behind, status, said in (
        ({"/news?page=2": html(shown)}, 0, "listings = ["),
        ({"/news/story-10.html": html(before.decode())}, 3, 'unfollowed = "the story numbered before them'),
        ({**moved, "/news": html(gaps)}, 3, "none older than two years"),
    ):
        with campus("127.0.21.33", {**pages, "/news": html(shown), **behind}) as server:
            result = run(home, "add", f"{server.url}/news", "--dry-run", "--id", "cut")
        assert result.exit_code == status and "pager = " not in result.output, result.output
        assert said in " ".join(result.output.split())
