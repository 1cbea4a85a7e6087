"""What becomes of an address in the frontier: done, gone, behind a wall, in trouble; and when it is due again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from archive.instants import iso, parse
from archive.store.frontier import Found, Kind, State, Task
from archive.store.rows import Rows
from crawler.intake.addresses import Addresses
from crawler.intake.judging import Judge
from crawler.intake.visit import Schedule, Visit
from crawler.intake.walks import Walks
from spiders import numbered


class Settling:
    """Settles addresses, whatever was to be read there; what is counted of a visit comes back."""

    def __init__(self, archive: Rows, schedule: Schedule, addresses: Addresses) -> None:
        self.archive, self.schedule, self._addresses = archive, schedule, addresses
        self.judge = Judge(archive, schedule)
        self.walks = Walks(archive)

    def done(self, visit: Visit, task: Task, article: int | None = None, gist: int | None = None) -> None:
        """The address was read: a story is due again after the days of the schedule, anything else when something asks
        for it."""
        due, looks = self.look_again(task, visit.at) if visit.kind == "article" else (None, task.looks)
        self.archive.frontier.settle(
            visit.url,
            "done",
            at=visit.at,
            due=due,
            looks=looks,
            article=article,
            etag=visit.etag,
            last_modified=visit.last_modified,
            gist=gist,
        )

    def gone(self, visit: Visit, task: Task, reason: str) -> Mapping[str, int]:
        """The page is not there, or no longer; the row of a story stays."""
        if self.judge.hosts.holds(visit, task, reason):
            self.fail(visit, reason, "the page is no longer there")
            return {"suspect": 1}
        news = task.article is not None and self.archive.articles.lost(task.article, "gone", visit.at)
        beyond = visit.kind == "older" and numbered.beyond(visit.site, visit.url)  # behind the last page of a listing
        if (news or task.article is None) and not beyond:
            said = (
                f"a page of {task.hint['part_of']} is not there"
                if "part_of" in task.hint
                else "the page was never there"
            )
            self.fail(visit, reason, "the page is no longer there" if task.article else said)
        due, looks = self.look_again(task, visit.at) if visit.kind == "article" else (None, task.looks)
        lost = not beyond and self.walks.broke_off(visit, task, reason, end=True)
        if visit.kind == "older" and task.hint.get("backfill") and task.listing and not lost:
            self.archive.listings.finished(task.listing)  # its pager links one page more than there is
        self.archive.frontier.settle(visit.url, "gone", at=visit.at, due=due, looks=looks, reason=reason)
        return {"gone": int(news), "failed": int(task.article is None and not beyond)}

    def blocked(self, visit: Visit, task: Task, kind: str, evidence: str) -> Mapping[str, int]:
        """A wall is not knocked at again before a day has passed: no retry storm."""
        self.fail(visit, kind, evidence)
        if task.attempts < self.schedule.attempts:
            self.archive.frontier.retry(
                visit.url, due=iso(parse(visit.at) + timedelta(days=1)), reason=kind, state="blocked"
            )
        else:
            self.give_up(visit, task, "blocked", kind)
        self.walks.broke_off(visit, task, f"{kind} ({evidence})", end=False)
        if visit.kind == "listing":
            self._unread(visit, task, "blocked", kind)
        return {"blocked": 1}

    def trouble(
        self,
        visit: Visit,
        task: Task,
        kind: str,
        detail: str,
        again: bool,
        until: str | None = None,
        asked: bool = True,
    ) -> Mapping[str, int]:
        """It could not be read: tried again, each time later, where `again` says that it may go better then; or at
        `until`. A page that was not `asked` for itself has had no attempt."""
        asked = asked and kind != "host_closed"
        if asked or visit.kind in ("listing", "older"):  # a closed host is one failure, not one for each of its pages
            self.fail(visit, kind, detail)
        if visit.kind == "listing":
            self._unread(visit, task, "failed", kind)
        if visit.capture_id is not None or not again:  # what never came may come yet, or is our own network's trouble
            self.walks.broke_off(visit, task, f"{kind} ({detail})", end=False)
        if again and (not asked or task.attempts + 1 < self.schedule.attempts):
            wait = timedelta(minutes=self.schedule.retry_minutes * 2**task.attempts)
            self.archive.frontier.retry(visit.url, due=until or iso(parse(visit.at) + wait), reason=kind, counts=asked)
            return {"retried": 1}
        refused = kind == "guard" or kind.startswith("robots")
        self.give_up(visit, task, "refused" if refused else "failed", kind)
        return {"refused" if refused else "failed": 1}

    def may_open(self, visit: Visit, task: Task, to: str, cookie: bool) -> bool:
        """Ask again at once, with the cookies that a circle of redirects has set, where it began; False when that was
        to no avail.

        A server that wants to see its cookie redirects to the same address, or to another and back.
        """
        frontier = self.archive.frontier
        if (
            to != visit.url
            and task.attempts == 0
            and frontier.settled_at(visit.url) is None
            and frontier.moved_to(to) is not None
        ):
            frontier.settle(visit.url, "moved", at=visit.at, reason=to)
            frontier.retry(to, due=visit.at, reason="redirect_back")
            return True
        if cookie and task.attempts + 1 < self.schedule.attempts:
            frontier.retry(visit.url, due=visit.at, reason="redirect_cookie")
            return True
        return False

    def _unread(self, visit: Visit, task: Task, state: str, kind: str) -> None:
        self.archive.listings.failed(task.listing or visit.url, at=visit.at, state=state, reason=kind)
        if visit.capture_id is not None:  # what never came is in no WARC file, and a rebuild could not know it
            self.judge.hosts.listing(visit, well=False)

    def give_up(self, visit: Visit, task: Task, state: State, reason: str) -> None:
        """No more attempts: a story that was read once has its later looks still, an unread older page leaves its
        listing unfinished."""
        due, looks = self.look_again(task, visit.at) if task.article is not None else (None, task.looks)
        if visit.kind == "older" and task.listing:
            self.archive.listings.unfinished(task.listing)
        self.archive.frontier.settle(visit.url, state, at=visit.at, due=due, looks=looks, reason=reason)

    def look_again(self, task: Task, at: str) -> tuple[str | None, int]:
        """Time of the next look and its number."""
        return self.schedule.next_look(task.first_seen, task.looks, at)

    def want(self, urls: Iterable[str], visit: Visit, kind: Kind) -> None:
        """Make what a page holds due, once for ever."""
        self._addresses.name([Found(url=url, site=visit.site.id, kind=kind, via=visit.url) for url in urls], visit.at)

    def malformed(self, links: Iterable[str], visit: Visit) -> None:
        """Note links of a page that nobody can ask for: what they were meant for is not in the archive."""
        for link in links:
            self.fail(visit, "bad_address", f"a link that is no address: {link}")

    def fail(self, visit: Visit, kind: str, detail: str) -> None:
        """Note a failure of this run."""
        self.archive.failures.add(
            url=visit.url, site=visit.site.id, run=self.archive.run, kind=kind, detail=detail, at=visit.at
        )
