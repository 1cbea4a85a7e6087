"""What is asked for next: pages of a listing as soon as they are known, and no more stories than serve."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from archive.store.frontier import Found
from archive.store.store import Archive, Limits
from crawler.engine.scheduler import PER_SITE, READ_AHEAD, READ_SOON, FrontierScheduler
from spiders import catalogue

AT = "2026-01-01T00:00:00.000000Z"
SITES = catalogue.parse('[example]\nname = "Example"\nlistings = ["https://a.example/"]', "sites.toml")


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    made = Archive(tmp_path, info={"software": "test"}, limits=Limits(commit_captures=200, commit_seconds=600))
    yield made
    made.close()


@pytest.fixture
def scheduler(archive: Archive) -> FrontierScheduler:
    session = SimpleNamespace(
        config=SimpleNamespace(crawl=SimpleNamespace(window=1000)),
        sites=SITES,
        archive=archive,
        limit=None,
        over_budget={},
        exchanges=500,
        readers=SimpleNamespace(full=False, apart=lambda site: False),
        delay=lambda site: 0.0,
    )
    made = FrontierScheduler(session)  # type: ignore[arg-type]
    made.open(SimpleNamespace(parse=None, failed=None))  # type: ignore[arg-type]
    return made


def story(n: int) -> Found:
    return Found(url=f"https://a.example/{n}", site="example", kind="article")


def page(n: int) -> Found:
    return Found(url=f"https://a.example/list{n}", site="example", kind="older", listing="https://a.example/", walk=AT)


def handed_out(scheduler: FrontierScheduler) -> list[str]:
    """All that is handed out, each answered at once and nothing of it read yet."""
    urls = []
    while (request := scheduler.next_request()) is not None:
        urls.append(request.meta["task"].url)
        scheduler.answered("example", urls[-1])
    return urls


def test_a_page_of_a_listing_that_becomes_known_goes_before_the_stories_in_memory(
    archive: Archive, scheduler: FrontierScheduler
) -> None:
    archive.frontier.add([page(2), *map(story, range(20))], AT)
    first = scheduler.next_request()
    assert first is not None and first.url.endswith("/list2")
    second = scheduler.next_request()
    assert second is not None and second.url.endswith("/0")  # the rest of the stories is in memory by now
    archive.frontier.add([page(3), *map(story, range(20, 30))], AT)  # what the page of the listing says
    archive.frontier.settle(first.meta["task"].url, "done", at=AT)
    scheduler.settled("example", first.meta["task"].url)
    third, fourth = scheduler.next_request(), scheduler.next_request()
    assert third is not None and third.url.endswith("/list3")
    assert fourth is not None and fourth.url.endswith("/1")


def test_few_rows_are_under_way_until_a_commit_is_near(archive: Archive, scheduler: FrontierScheduler) -> None:
    archive.frontier.add(map(story, range(READ_AHEAD)), AT)
    assert len(handed_out(scheduler)) == READ_SOON
    archive._uncommitted = 100  # half of what makes a commit due
    scheduler.settled("example", "https://a.example/0")
    assert len(handed_out(scheduler)) == READ_AHEAD - READ_SOON + 1
    archive.commit()
    scheduler.settled("example", "https://a.example/1")
    assert handed_out(scheduler) == []


def test_while_many_stories_wait_no_page_of_a_listing_is_urgent(archive: Archive, scheduler: FrontierScheduler) -> None:
    archive.frontier.add(map(story, range(3 * READ_AHEAD)), AT)
    for most in (
        READ_AHEAD,
        READ_AHEAD,
        READ_SOON,
    ):  # the last ones that are known last until the next page of a listing is read
        urls = handed_out(scheduler)
        assert len(urls) == most
        for url in urls:
            scheduler.settled("example", url, more=False)


def test_no_more_requests_than_fit_wait_for_their_answers(archive: Archive, scheduler: FrontierScheduler) -> None:
    archive.frontier.add(map(story, range(20)), AT)
    assert [scheduler.next_request() is not None for _ in range(PER_SITE + 2)] == [True] * PER_SITE + [False] * 2


def test_everything_is_handed_out_once(archive: Archive, scheduler: FrontierScheduler) -> None:
    archive.frontier.add([page(2), *map(story, range(50))], AT)
    seen: list[str] = []
    while urls := handed_out(scheduler):
        seen += urls
        for url in urls:
            archive.frontier.settle(url, "done", at=AT)
            if url.endswith("/list2"):
                archive.frontier.add([page(3), *map(story, range(50, 70))], AT)
            scheduler.settled("example", url, more=url.endswith("/list2"))
    assert sorted(seen) == sorted({*(page(n).url for n in (2, 3)), *(story(n).url for n in range(70))})
    assert not scheduler._held
