"""Stories' pages that are not there: the stories are gone, or their host is in trouble."""

from __future__ import annotations

from typing import Literal

from archive.store.frontier import Task
from archive.store.rows import Rows
from archive.store.suspects import Look, Tally
from crawler.intake.holding_back import HoldingBack, place_of
from crawler.intake.visit import Schedule, Visit

# of a host, all that were asked for: it is in trouble; more of them where its listing is well
_LOST, _LOST_LISTED = (3, 5)


class HostTrouble:
    """Holds stories to be there still while nothing of their host is, and lets them go when it answers."""

    def __init__(self, archive: Rows, schedule: Schedule, holding: HoldingBack) -> None:
        self._archive, self._schedule, self._holding, self._suspects = archive, schedule, holding, archive.suspects

    def holds(self, visit: Visit, task: Task, reason: str) -> bool:
        """Whether a story's page that is not there is held to be there still, since nothing of its host is."""
        run, url = self._archive.run, visit.url
        if visit.accepted:
            self._holding.accepted(visit, f"gone {place_of(url)}")
        if visit.kind != "article" or task.article is None or run is None or visit.accepted:
            return False
        state = self._archive.db.conn.execute("select state from articles where id = ?", [task.article]).fetchone()
        if state is None or state[0] == "gone":
            return False
        place = place_of(url)
        look = Look(
            url=url,
            site=visit.site.id,
            place=place,
            listing=task.listing,
            kind="gone",
            run=run,
            gist=None,
            capture=visit.capture_id,
            title=reason,
            words=0,
            bare=True,
            at=visit.at,
        )
        tally = self._suspects.count(look.site, place, run, "lost")
        earlier = self._suspects.get(url)
        doubted = (
            earlier is not None
            and earlier[0].kind == "gone"
            and not tally.well
            and not self._suspects.believes(look.site, f"gone {place}")
        )
        held = trouble = doubted or self._in_trouble(tally, look.site, place)
        if trouble and self._suspects.hold(look, "site_gone", counts=not self._holding.unlisted(look)):
            self._holding.put_off(look, looks=task.looks, article=task.article)
        else:
            self._suspects.clear(url)
            held = False
            if not trouble:  # else it has been confirmed
                self._suspects.changed(look, task.looks, state[0])
        self._weigh(tally, look.site, place, run, but=url)
        return held

    def listing(self, visit: Visit, *, well: bool) -> None:
        """The first page of a listing was read well, or what came was none."""
        run = self._archive.run
        if run is None:
            return
        site, url = visit.site.id, visit.url
        what: Literal["listed", "unlisted"] = "listed" if well else "unlisted"
        self._suspects.count(site, url, run, what)
        if not well:
            for one in self._suspects.changes(run, "changed", site=site, listing=url):
                self._holding.undo(one.url, "listing_unread")
            self._suspects.rename(run, "listing_unread", site=site, listing=url)
        place = place_of(url)
        self._weigh(self._suspects.count(site, place, run, what), site, place, run)

    def answered(self, visit: Visit, place: str, run: int) -> None:
        """A page of that place is there."""
        tally = self._suspects.count(visit.site.id, place, run, "well")
        if tally.well == 1:
            self._suspects.doubt(visit.site.id, f"gone {place}")
        self._weigh(tally, visit.site.id, place, run)

    def _in_trouble(self, tally: Tally, site: str, place: str) -> bool:
        least = 1 if tally.unlisted and not tally.listed else _LOST_LISTED if tally.listed else _LOST
        return not tally.well and tally.lost >= least and not self._suspects.believes(site, f"gone {place}")

    def _weigh(self, tally: Tally, site: str, place: str, run: int, but: str = "") -> None:
        """Judge anew the pages that were not there in this run, now that more is known of their host."""
        if not tally.lost:
            return
        if self._in_trouble(tally, site, place):
            for look in self._suspects.changes(run, "gone", site=site, place=place):
                if look.url != but:
                    self._holding.undo(look.url, "site_gone")
            return
        for look in self._suspects.lost_in(run, site, place, fresh=not tally.well):
            task = self._archive.frontier.get(look.url)
            if task is not None and task.article is not None:
                self._archive.articles.lost(task.article, "gone", look.at)
                due, looks = self._schedule.next_look(task.first_seen, task.looks, look.at)
                self._archive.frontier.settle(look.url, "gone", at=look.at, due=due, looks=looks, reason=look.title)
                self._suspects.changed(look, task.looks, "live")
            self._suspects.clear(look.url)
