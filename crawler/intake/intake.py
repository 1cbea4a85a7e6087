"""The one way in: a visit is handed to whoever knows what its page is, and is stored whole or not at all."""

from __future__ import annotations

import logging
import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from archive.sqlite import step
from archive.store.frontier import Found, Task
from archive.store.rows import Rows
from crawler.intake.addresses import Addresses
from crawler.intake.listings import ListingIntake
from crawler.intake.redirects import RedirectIntake
from crawler.intake.settling import Settling
from crawler.intake.stories import StoryIntake
from crawler.intake.visit import Schedule, Visit
from spiders.facts import Block
from spiders.findings import Asset, Document, Further, Gone, Redirect, Stories, Story, Trouble, Unchanged, Undrawn

logger = logging.getLogger(__name__)


class Intake:
    """Turns visits into rows. Each visit is all or nothing, inside the archive's open transaction."""

    def __init__(self, archive: Rows, schedule: Schedule | None = None) -> None:
        self.archive, self.schedule = archive, schedule or Schedule()
        self.counts: dict[str, Counter[str]] = {}
        self.addresses = Addresses(archive)
        self._settling = Settling(archive, self.schedule, self.addresses)
        self._listings = ListingIntake(archive, self._settling, self.addresses)
        self._stories = StoryIntake(archive, self._settling, self.addresses)
        self._redirects = RedirectIntake(archive, self._settling, self.addresses, self._listings, self._stories)

    def take(self, visit: Visit) -> None:
        """Store what the visit says and settle its address in the frontier.

        Where what a page says cannot be stored, that is a trouble of the page. Raises OSError and
        sqlite3.OperationalError where nothing can be stored.
        """
        if self.archive.withholding.removed([visit.url]):
            if visit.capture_id is not None:
                self.archive.captures.settled(visit.capture_id)
            return
        count = self.counts.setdefault(visit.site.id, Counter())
        try:
            count.update(self._whole(visit))
        except (
            OSError,
            sqlite3.OperationalError,
        ):  # a page is at fault for no failure of the disk, nor for a statement that could not run
            raise
        except Exception as mistake:
            logger.error("%s cannot be stored", visit.url, exc_info=mistake)
            trouble = Trouble("unstorable", f"{type(mistake).__name__}: {mistake}".encode("utf-8", "replace").decode())
            count.update(self._whole(replace(visit, reading=trouble)))
        if visit.capture_id is not None:
            self.archive.captures.settled(visit.capture_id)

    def _whole(self, visit: Visit) -> Mapping[str, int]:
        archive = self.archive
        with step(archive.db, "visit"):
            task = archive.frontier.get(visit.url)
            if task is None:  # recovery and rebuild see captures before, or without, the listing that led to them
                archive.frontier.add([Found(url=visit.url, site=visit.site.id, kind=visit.kind)], visit.at)
                task = archive.frontier.get(visit.url)
                assert task is not None
            return self._take(visit, task)

    def _take(self, visit: Visit, task: Task) -> Mapping[str, int]:
        match visit.reading:
            case Redirect(to, cookie):
                return self._redirects.redirect(visit, task, to, cookie)
            case Unchanged():
                return self._unchanged(visit, task)
            case Undrawn():
                return {}  # the row stays as it is, until what the browser drew is taken
            case Stories():
                return self._listings.stories(visit, task, visit.reading)
            case Story():
                return self._stories.story(visit, task, visit.reading)
            case Further(of, page, story):
                return self._stories.further(visit, task, of, page, story)
            case Document():
                return self._stories.document(visit, task, visit.reading)
            case Asset(wants):
                self._settling.want(wants, visit, "requisite")
                self._settling.done(visit, task)
                return {"assets": 1}
            case Gone(reason):
                return self._settling.gone(visit, task, reason)
            case Block(kind=kind, evidence=evidence):
                return self._settling.blocked(visit, task, kind, evidence)
            case Trouble(kind, detail, again, until, asked):
                return self._settling.trouble(visit, task, kind, detail, again, until, asked)

    def _unchanged(self, visit: Visit, task: Task) -> Mapping[str, int]:
        if task.article is not None:
            self.archive.articles.seen(task.article, visit.at)
        if "part_of" in task.hint:
            self.archive.articles.goes_on_still(task.hint["part_of"], task.hint["page"], visit.at)
        self._settling.judge.stands(visit, task)
        if visit.kind == "listing":
            self._settling.judge.hosts.listing(visit, well=True)
            self.archive.listings.unchanged(task.listing or visit.url, at=visit.at)
        self._settling.done(visit, task)
        return {"unchanged": 1}
