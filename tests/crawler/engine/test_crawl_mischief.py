"""Whatever a server does wrong ends in a recorded state with its reason, and touches nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.college import College, Expected
from tests.college.families.traps import NO_PAGES, OUT_OF_BOUNDS, Traps
from tests.crawler.box import Box, complain, unreadable

# misdeed: its options, the states its address may end in, a word of the reason
ENDS: dict[str, tuple[dict[str, object], set[str], str]] = {
    "too_many": ({"retry_after": 1}, {"pending", "failed"}, "429"),
    "unavailable": ({}, {"pending", "failed"}, "503"),
    "error": ({}, {"pending", "failed"}, "500"),
    "missing": ({}, {"gone"}, "404"),
    "gone": ({}, {"gone"}, "410"),
    "forbidden": ({}, {"failed", "blocked"}, ""),
    "soft_404": ({}, {"gone"}, "soft_404"),
    "wall": ({}, {"blocked"}, ""),
    "captcha": ({}, {"blocked"}, ""),
    "challenge": ({}, {"blocked"}, ""),
    "empty": ({}, {"pending", "failed"}, "empty"),
    "redirect_loop": ({}, {"failed"}, "redirect_loop"),
    "redirect_home": ({}, {"gone"}, "redirect_to_home"),
    "redirect": ({"to": "http://169.254.169.254/latest/meta-data/"}, {"failed", "refused"}, "redirect"),
    "reset": ({}, {"pending", "failed"}, "disconnect"),
    "slow": ({"seconds": 30}, {"pending", "failed"}, "timeout"),
    "bomb": ({"size": 80_000_000}, {"failed"}, "undecodable"),
}
# misdeeds whose page still gives the story, cut or spoilt or not
STILL_READ = ("gbk", "mislabelled", "nul", "drip")
# misdeeds of which something is kept, marked as cut
CUT = {"truncate": "disconnect", "endless": "length", "huge": "length"}


@dataclass
class Aftermath:
    college: College
    box: Box
    done: dict[str, Expected]  # by misdeed: the story it was done to
    untouched: list[Expected]


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aftermath]:
    """One crawl in which each misdeed befalls a story of its own."""
    with College(["sudy"]) as college:
        stories = [
            row
            for row in college.articles("sudy")
            if row.kind == "article" and row.body and row.language == "zh" and not row.attachments
        ]
        kinds = [*ENDS, *STILL_READ, *CUT, "long_title", "binary", "deep", "not_html"]
        assert len(stories) >= len(kinds), len(stories)
        spread = [
            stories[n * len(stories) // len(kinds)] for n in range(len(kinds))
        ]  # good pages between: no host is given up
        done = dict(zip(kinds, spread, strict=True))
        for kind, row in done.items():
            options = ENDS[kind][0] if kind in ENDS else {}
            college.misbehave("sudy", urlsplit(row.url).path, kind, None, **options)
        box = Box(
            tmp_path_factory.mktemp("mischief"),
            college.sites_toml(),
            crawl="timeout = 6.0\nmax_body_mb = 2\nattempts = 2\n",
        )
        box.crawl()
        hurt = {row.url for row in done.values()}
        yield Aftermath(college, box, done, [row for row in college.articles() if row.url not in hurt])


@pytest.mark.parametrize("kind", ENDS)
def test_misdeed_ends_in_a_state_with_its_reason(aftermath: Aftermath, kind: str) -> None:
    url = aftermath.done[kind].url
    state, reason = aftermath.box.state(url)
    _, states, word = ENDS[kind]
    assert state in states, (state, reason)
    assert word in (reason or "")
    assert reason
    assert aftermath.box.column("select count(*) from articles where url = ? and body != ''", url) == [0]
    failures = aftermath.box.rows("select kind, detail from failures where url = ?", url)
    assert failures, "a line that says what was wrong"
    assert all(row["kind"] and row["detail"] for row in failures)


@pytest.mark.parametrize("kind", STILL_READ)
def test_spoilt_page_is_read_all_the_same(aftermath: Aftermath, kind: str) -> None:
    row = aftermath.done[kind]
    assert aftermath.box.rows("select title, body from articles where url = ?", row.url) == [
        {"title": row.title, "body": row.body}
    ]


@pytest.mark.parametrize("kind", CUT)
def test_cut_page_is_kept_and_marked(aftermath: Aftermath, kind: str) -> None:
    url = aftermath.done[kind].url
    assert set(aftermath.box.column("select truncated from captures where url = ?", url)) == {CUT[kind]}
    marked = [record for record in aftermath.box.records() if record.url == url and record.type == "response"]
    assert {record.headers.get("WARC-Truncated") for record in marked} == {CUT[kind]}
    assert all(len(record.payload) <= 2_100_000 for record in marked)
    assert f"truncated_{CUT[kind]}" in aftermath.box.column("select kind from failures where url = ?", url)


def test_page_cut_by_the_network_is_fetched_again_and_not_read_as_a_shorter_story(aftermath: Aftermath) -> None:
    url = aftermath.done["truncate"].url
    assert aftermath.box.state(url) == ("pending", "truncated_disconnect")
    assert aftermath.box.column("select count(*) from articles where url = ? and body != ''", url) == [0]


def test_title_of_a_megabyte_does_not_become_a_row_of_a_megabyte(aftermath: Aftermath) -> None:
    url = aftermath.done["long_title"].url
    state, reason = aftermath.box.state(url)
    assert state == "done" or reason
    assert all(
        length <= 501 for length in aftermath.box.column("select length(title) from articles where url = ?", url)
    )


def test_picture_in_the_place_of_a_page_is_a_row_of_a_file(aftermath: Aftermath) -> None:
    row = aftermath.done["not_html"]
    assert aftermath.box.rows("select kind, title, body from articles where url = ?", row.url) == [
        {"kind": "file", "title": row.title, "body": ""}
    ]


@pytest.mark.parametrize("kind", ["binary", "deep"])
def test_bytes_that_are_no_page_end_somewhere(aftermath: Aftermath, kind: str) -> None:
    state, reason = aftermath.box.state(aftermath.done[kind].url)
    assert state == "done" or reason


def test_the_rest_is_untouched(aftermath: Aftermath) -> None:
    rows = {row["url"]: row for row in aftermath.box.rows("select url, title, body from articles")}
    for row in aftermath.untouched:
        assert rows[row.url]["title"] == row.title
        assert row.reads(rows[row.url]["body"]), rows[row.url]


def test_every_answer_is_kept_and_readable(aftermath: Aftermath) -> None:
    assert unreadable(aftermath.box, aftermath.box.rows("select * from captures")) == []
    assert complain(aftermath.box.warcs()) == ""
    answered = [seen.url for seen in aftermath.college.requests() if seen.status and seen.mischief != "slow"]
    assert sorted(aftermath.box.column("select url from captures")) == sorted(answered)


def test_listing_that_is_a_challenge_is_a_failure_not_an_empty_success(tmp_path: Path) -> None:
    with College(scale=0.1) as college:
        college.misbehave("sudy", "/1344/list.htm", "challenge")
        box = Box(tmp_path / "archive", college.sites_toml())
        box.crawl(expect=3)
        assert box.column("select state from listings where url like '%/1344/list.htm'") == ["blocked"]
        other = [row.url for row in college.articles("wordpress")]
        assert set(other) <= set(box.column("select url from articles"))


def test_listing_without_items_is_a_failure(tmp_path: Path) -> None:
    with College(["sudy"], scale=0.1) as college:
        college.misbehave(
            "sudy", "/1345/list.htm", "error", text="<html><body><p>Nothing</p></body></html>", status=200
        )
        box = Box(tmp_path / "archive", college.sites_toml())
        box.crawl(expect=3)
        assert box.column("select kind from failures where url like '%/1345/list.htm'") == ["no_items"]


def test_site_that_answers_nothing_leaves_the_others_alone(tmp_path: Path) -> None:
    with College(scale=0.1) as college:
        college.misbehave("sudy", "*", "reset")
        box = Box(tmp_path / "archive", college.sites_toml())
        box.crawl(expect=3)
        assert {row.url for row in college.articles("wordpress")} <= set(box.column("select url from articles"))
        assert set(box.column("select state from listings where site = 'sudy'")) == {"failed"}


def test_traps_catch_nobody(tmp_path: Path) -> None:
    with College(["traps"]) as college:
        site = college.sites["traps"]
        assert isinstance(site, Traps)
        box = Box(tmp_path / "archive", college.sites_toml(max_pages=40))
        box.crawl()
        asked = [seen.target for seen in college.requests()]
        assert len(asked) < 200
        assert sum("calendar" in target for target in asked) <= 40, "a calendar without end ends"
        assert sum(target == "/category/self/" for target in asked) <= 2
        assert sum("/category/p" in target for target in asked) <= 4
        for spelling, url in site.odd_links():
            assert asked.count(urlsplit(url).path) == 1, spelling
        rows = box.column("select url from articles where kind = 'article'")
        assert sorted(rows) == sorted(row.url for row in college.articles())
        reached = set(box.column("select url from captures"))
        assert all(url.startswith(site.base) for url in reached)
        known = set(box.column("select url from frontier where state not in ('refused', 'done')"))
        assert not {url for url in known if url.startswith(OUT_OF_BOUNDS)}
        assert not [url for url in box.column("select url from frontier") if not url.startswith("http")]
        assert NO_PAGES
