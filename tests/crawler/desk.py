"""An intake to visit, and what it made of the visits."""

from __future__ import annotations

from pathlib import Path

from archive.article import Article
from archive.store.db import open_writer
from archive.store.rows import Rows
from crawler.intake import Intake, Schedule, Visit
from spiders import catalogue
from spiders.facts import Item
from spiders.findings import Reading, Stories, Story

HOST = "https://news.example.edu"
LIST = f"{HOST}/list.htm"
SITE = catalogue.parse(
    f'[example]\nname = "Example"\nfamily = "sudy_webplus"\nlistings = ["{LIST}"]\nmax_pages = 50', "sites.toml"
)["example"]
DAY = "2026-11-{:02d}T08:00:00Z"


class Desk:
    """An intake over an empty database."""

    def __init__(self, path: Path, schedule: Schedule | None = None) -> None:
        self.site = SITE
        self.rows = Rows(open_writer(path / "news.db"))
        self.intake = Intake(self.rows, schedule)
        self.rows.run = self.rows.runs.begin(DAY.format(1))
        self.rows.sites.put({"id": SITE.id}, DAY.format(1))
        self.rows.listings.put(url=LIST, site=SITE.id, section="News", interval=0)
        self.seed()

    def seed(self, day: int = 1, afresh: bool = False) -> None:
        self.rows.frontier.seed(LIST, SITE.id, DAY.format(day), afresh=afresh)

    def visit(self, url: str, reading: Reading, *, day: int = 1, kind: str = "article") -> None:
        self.intake.take(Visit(url=url, site=self.site, kind=kind, at=DAY.format(day), reading=reading))  # type: ignore[arg-type]

    def listing(
        self, *paths: str, older: str | None = None, url: str = LIST, day: int = 1, kind: str = "listing"
    ) -> None:
        items = tuple(Item(url=f"{HOST}/{path}", title=path) for path in paths)
        self.visit(url, Stories(items, (), f"{HOST}/{older}" if older else None, None), day=day, kind=kind)

    def one(self, sql: str, *values: object) -> tuple[object, ...] | None:
        return self.rows.db.conn.execute(sql, values).fetchone()

    def state(self, url: str) -> tuple[object, ...] | None:
        return self.one("select state, due, reason from frontier where url = ?", url)

    def due(self, day: int = 1) -> list[str]:
        return [task.url for task in self.rows.frontier.due(SITE.id, DAY.format(day), 100)]

    def failures(self) -> list[str]:
        return [kind for (kind,) in self.rows.db.conn.execute("select kind from failures order by id")]


def story(body: str, path: str = "1") -> Story:
    return Story(Article(url=f"{HOST}/{path}", site=SITE.id, title="T", body=body), digest=body)
