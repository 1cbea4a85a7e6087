"""A college of one site whose days go by as fast as they are told, crawled without a network; its archive, and that
archive made anew."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from archive.capture import Exchange
from archive.instants import iso
from archive.store.db import open_writer
from archive.store.health import health
from archive.store.store import Archive, Limits
from archive.warc.history import RUN, SITES
from crawler.archive_folder import ArchiveFolder
from crawler.history.acceptance import ACCEPTED, accept, held_back
from crawler.history.rebuild import build, new_database
from crawler.history.run_record import RunRecord, seed_listing
from crawler.history.stored_answers import visit_of
from crawler.intake import Intake, Schedule
from crawler.intake.site_rows import enrol
from spiders import catalogue
from tests.crawler.whole import only_in_one

HOST = "http://news.hill.example"
LIST = f"{HOST}/news/"
TOML = (
    f'[hill]\nname = "Hill College"\nfamily = "generic"\nlistings = ["{LIST}"]\nhosts = ["news.hill.example",'
    f' "www.hill.example"]\n'
)
ALL = catalogue.parse(TOML, "sites.toml")
BEGUN = datetime(2026, 3, 1, 8, tzinfo=UTC)
Answer = tuple[int, str]  # status, and the page or where it redirects to
_WORDS = (
    "garden robotics seminar concert river project grant faculty workshop archive museum choir winter library student"
    " bridge harvest engine letter"
    " market window forest teacher planet signal theatre medal kitchen orchard lantern harbour compass violin granite"
    " meadow saddle copper"
).split()


def page(title: str, *paragraphs: str, more: str = "") -> str:
    """A page as this college makes them."""
    text = "".join(f"<p>{one}</p>" for one in paragraphs)
    return (
        f"<!DOCTYPE html><html><head><title>{title}</title></head><body><div class='main'><h1>{title}</h1><div"
        f" class='content'>{text}{more}</div></div></body></html>"
    )


class College:
    """Its stories, and what is the matter with it: `instead` is asked first for each address, and answers or says
    None."""

    def __init__(self, count: int = 8) -> None:
        self.stories: dict[str, Answer] = {}
        self.titles: dict[str, str] = {}
        self.instead: Callable[[str], Answer | None] = lambda url: None
        for _ in range(count):
            self.add()

    def add(self) -> str:
        n = len(self.titles) + 1
        random = Random(n)
        url = f"{HOST}/news/2026/{n}.html"
        self.titles[url] = (
            f"The {random.choice(_WORDS)} {random.choice(_WORDS)} of {random.choice(_WORDS)} and"
            f" {random.choice(_WORDS)} {n}"
        )
        self.stories[url] = 200, page(self.titles[url], *(text(random) for _ in range(4)))
        return url

    def answer(self, url: str) -> Answer:
        found = self.instead(url)
        if found is not None:
            return found
        if url == LIST:
            rows = "".join(
                f'<li><a href="{url}">{title}</a> <span>2026-02-{n % 28 + 1:02}</span></li>'
                for n, (url, title) in enumerate(self.titles.items())
            )
            return 200, f"<html><body><h1>News</h1><ul>{rows}</ul></body></html>"
        return self.stories.get(url, (404, "<title>404 Not Found</title>"))


def text(random: Random) -> str:
    return "The " + " ".join(random.choice(_WORDS) for _ in range(40)) + "."


class Diary:
    """The archive of that college. `seed` shuffles the order in which answers that come together are taken; with a
    `month` its days are one WARC file."""

    def __init__(self, folder: Path, college: College, seed: int = 0, *, month: bool = False) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.college, self.home, self._random = college, ArchiveFolder(folder), Random(seed)
        self.home.sites.write_text(TOML)
        self._limits = Limits(warc_goes_on=timedelta(days=30 if month else 0))

    def day(self, n: int, *, every: bool = True) -> None:
        """One crawl on that day; `every` story is looked at, not only those that are due."""
        archive = Archive(self.home.folder, info={"software": "test"}, limits=self._limits)
        at = self._time = BEGUN + timedelta(days=n)
        archive._writer._clock = lambda: at
        intake = Intake(archive, Schedule())
        archive.run = archive.runs.begin(iso(at))
        kept = archive.record_resource(SITES, "application/toml", TOML.encode())
        archive.runs.began(archive.run, whole=False, warc=kept.warc, offset=kept.offset)
        enrol(archive, ALL, kept.fetched_at)
        archive.record_resource(
            RUN, "application/json", RunRecord(archive.run, False, kept.warc, kept.offset, (LIST,)).payload()
        )
        seed_listing(archive, LIST, "hill", kept.fetched_at, whole=False)
        asked: set[str] = set()
        if every:
            archive.db.conn.execute("update frontier set due = ? where kind = 'article'", [iso(at)])
        while tasks := [task for task in archive.frontier.due("hill", iso(self._time), 1000) if task.url not in asked]:
            together = tasks[:1] if tasks[0].kind == "listing" else tasks[: self._random.randint(1, 6)]
            taken = []
            for task in together:
                asked.add(task.url)
                self._time += timedelta(seconds=1)
                taken.append(archive.record(self._exchange(task.url, task.kind)))
            self._random.shuffle(taken)
            for id_, capture in taken:
                visit = visit_of(archive, archive.warc_folder, id_, capture, ALL)
                assert visit is not None
                intake.take(visit)
        archive.near.update()
        archive.close()

    def accept(self, *names: str) -> None:
        """A person says that what was held back is right."""
        archive = Archive(self.home.folder, info={"software": "test"})
        self._time += timedelta(minutes=1)
        at = self._time
        archive._writer._clock = lambda: at
        acceptance, idle = held_back(archive, names)
        assert (acceptance.records or acceptance.listings) and not idle
        archive.record_resource(ACCEPTED, "application/json", acceptance.payload())
        accept(archive, archive.warc_folder, Intake(archive, Schedule()), ALL, acceptance, self._trouble)
        archive.near.update()
        archive.close()

    def unlike_rebuilt(self) -> list[str]:
        """How the database made anew from the WARC files differs; the days on which looks were forced are not in
        them."""
        new_database(self.home).unlink(missing_ok=True)
        report = build(self.home, ALL, Schedule(), processes=0)
        assert not report.troubles
        return only_in_one(self.home.database, new_database(self.home))

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        db = open_writer(self.home.database)
        found = db.execute(sql, list(values)).fetchall()
        db.close()
        return found

    def problems(self) -> list[str]:
        """What `status` says of the site."""
        db = open_writer(self.home.database)
        found = [line for site in health(db, {}, BEGUN) for line in site.problems]
        db.close()
        return found

    def texts(self) -> dict[str, tuple[str, int]]:
        """Title and number of versions of each story that is live."""
        return {
            row[0]: row[1:]
            for row in self.rows(
                "select url, title, (select count(*) from versions v where v.article = a.id) from articles a where"
                " state = 'live' order by url"
            )
        }

    def copy(self, folder: Path) -> Diary:
        shutil.copytree(self.home.folder, folder)
        return Diary(folder, self.college)

    def _exchange(self, url: str, kind: str) -> Exchange:
        status, body = self.college.answer(url)
        moved = 300 <= status < 400
        head = (
            f"HTTP/1.1 {status} X\r\nContent-Type: text/html; charset=utf-8\r\n"
            + (f"Location: {body}\r\n" if moved else "")
            + "\r\n"
        )
        return Exchange(
            url=url,
            site="hill",
            kind="listing" if kind in ("listing", "older") else kind,
            fetched_at=self._time,
            status=status,
            body=b"" if moved else body.encode(),  # type: ignore[arg-type]
            request_head=f"GET / HTTP/1.1\r\nHost: {HOST[7:]}\r\n\r\n".encode(),
            response_head=head.encode(),
        )

    @staticmethod
    def _trouble(words: str) -> None:
        raise AssertionError(words)
