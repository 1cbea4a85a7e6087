"""What a capture means for the rows: the one way in, for a crawl, for recovery, for rebuild and ingest."""

from __future__ import annotations

import hashlib
import logging
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from archive.article import Article
from archive.articles import Saved
from archive.db import step
from archive.frontier import Found, Kind, State, Task
from archive.instants import iso, parse
from archive.rows import Rows
from crawler import redirects
from spiders.facts import Block, Item
from spiders.findings import (
    VERSION,
    Asset,
    Document,
    Further,
    Gone,
    Reading,
    Redirect,
    Stories,
    Story,
    Trouble,
    Unchanged,
)
from spiders.site import Site, owns

logger = logging.getLogger(__name__)
_NOT_ASKED = frozenset({"host_closed", "robots_unknown"})  # the page was not asked for: no attempt of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When an address is looked at again."""

    recheck_days: tuple[int, ...] = (1, 7, 30, 90)
    attempts: int = 4
    retry_minutes: float = 15.0
    full: bool = False  # read listings to their end even where a whole page is known


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One address asked for, and what came of it."""

    url: str
    site: Site
    kind: Kind
    at: str
    reading: Reading
    capture_id: int | None = None
    etag: str | None = None
    last_modified: str | None = None


class Intake:
    """Turns visits into rows. Each visit is all or nothing, inside the archive's open transaction."""

    def __init__(self, archive: Rows, schedule: Schedule | None = None) -> None:
        self.archive, self.schedule = archive, schedule or Schedule()
        self.counts: dict[str, Counter[str]] = {}

    def take(self, visit: Visit) -> None:
        """Store what the visit says and settle its address in the frontier.

        Where what a page says cannot be stored, that is a trouble of the page. Raises OSError and
        sqlite3.OperationalError where nothing can be stored.
        """
        count = self.counts.setdefault(visit.site.id, Counter())
        try:
            count.update(self._whole(visit))
        except (OSError, sqlite3.OperationalError):
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
            case Redirect(to):
                return self._redirect(visit, task, to)
            case Unchanged():
                return self._unchanged(visit, task)
            case Stories():
                return self._stories(visit, task, visit.reading)
            case Story():
                return self._story(visit, task, visit.reading)
            case Further(of, page, story):
                return self._further(visit, task, of, page, story)
            case Document():
                return self._document(visit, task, visit.reading)
            case Asset(wants):
                self._want(wants, visit, "requisite")
                self._done(visit, task)
                return {"assets": 1}
            case Gone(reason):
                return self._gone(visit, task, reason)
            case Block(kind=kind, evidence=evidence):
                return self._blocked(visit, task, kind, evidence)
            case Trouble(kind, detail, again):
                return self._trouble(visit, task, kind, detail, again)

    # -- what a listing says

    def _stories(self, visit: Visit, task: Task, found: Stories) -> Mapping[str, int]:
        archive, listing = self.archive, task.listing or visit.url
        section = archive.listings.section(listing)
        urls = [item.url for item in found.fetch]
        archive.frontier.forget_external(urls)  # another site linked them before their own listed them
        known = archive.frontier.known(urls)
        archive.frontier.revive(known, at=visit.at, before=iso(parse(visit.at) - timedelta(days=1)))
        archive.frontier.add(
            (
                Found(url=item.url, site=visit.site.id, kind="article", via=visit.url, listing=listing, hint=hint_of(item, section))
                for item in found.fetch
            ),
            visit.at,
        )
        new = len(set(urls) - known)
        for article, digest in found.rows:
            new += self._listed_only(visit, listing, article, digest)
        items = len(found.fetch) + len(found.rows)
        leads_on = not items and found.older is not None and visit.kind == "listing"  # drawn by scripts, or an index of sitemaps
        if (visit.kind == "listing" and not leads_on) or items:
            archive.listings.read(listing, at=visit.at, items=items, new=new, total=found.total)
        if not items and not leads_on:
            self._fail(visit, "no_items", "the listing page shows no items")
        backfill = bool(task.hint.get("backfill")) or (
            visit.kind == "listing" and self._unread(listing)
        )
        wanted = found.older and (leads_on or (items and (new or backfill or self.schedule.full)))
        walks_on = wanted and self._walk_on(visit, task, listing, found, urls, backfill)
        if backfill and not walks_on and (items or visit.kind == "older"):
            archive.listings.finished(listing)
        self._done(visit, task)
        return {"listed": items, "pages": 1, "found": new}

    def _walk_on(self, visit: Visit, task: Task, listing: str, found: Stories, urls: list[str], backfill: bool) -> bool:
        """Make the page with older items due; False where the pager turns in circles or leads away: the listing ends here."""
        page = int(task.hint.get("page", 1))
        fingerprint = hashlib.sha1("\n".join([*urls, *(row.url for row, _ in found.rows)]).encode(), usedforsecurity=False).hexdigest()[:12]
        assert found.older is not None
        if fingerprint == task.hint.get("shown"):
            self._fail(visit, "pager_repeats", f"page {page} shows what the page before it showed")
        elif page >= visit.site.max_pages:
            self._fail(visit, "pager_long", f"stopped after {page} pages, as max_pages says")
        elif not owns(visit.site, found.older):
            self._fail(visit, "pager_leaves", f"the next page is on another site: {found.older}")
        else:
            older = Found(
                url=found.older, site=visit.site.id, kind="older", via=visit.url, listing=listing, walk=task.walk or visit.at,
                hint={"page": page + 1, "shown": fingerprint} | ({"backfill": True} if backfill else {}),
            )
            if self.archive.frontier.walk(older, visit.at):
                return True
            self._fail(visit, "pager_loop", f"the next page has been read in this walk: {found.older}")
        return False

    def _listed_only(self, visit: Visit, listing: str, article: Any, digest: str) -> int:
        """Store an item that is all in its listing row; 1 if it was new.

        A page that was read says more than a link to it, and where two listings differ in their words the first is believed.
        """
        known = self.archive.frontier.get(article.url)
        if self.archive.articles.is_page(article.url) or (known is not None and known.listing not in (None, listing)):
            return 0
        saved = self.archive.articles.save(article, digest=digest, reader=VERSION, capture=visit.capture_id, seen=visit.at)
        kind: Kind = "attachment" if article.kind == "file" and owns(visit.site, article.url) else "article"
        new = self.archive.frontier.add([Found(url=article.url, site=visit.site.id, kind=kind, via=visit.url, listing=listing)], visit.at)
        if new and kind == "article":
            self.archive.frontier.settle(article.url, "done", at=visit.at, reason=article.kind, article=saved.id)
        return int(saved.change == "new")

    # -- what an article says

    def _story(self, visit: Visit, task: Task, story: Story) -> Mapping[str, int]:
        story = self._own_address(visit, task, story)
        saved = self._save(visit, story)
        self._want_held(visit, story.article.url, story, anew=saved.change != "unchanged")
        if visit.kind in ("listing", "older"):
            self.archive.listings.read(task.listing or visit.url, at=visit.at, items=1, new=int(saved.change == "new"), total=1)
        self._done(visit, task, article=saved.id)
        return {saved.change: 1, "pages": 1}

    def _further(self, visit: Visit, task: Task, of: str, page: str, story: Story) -> Mapping[str, int]:
        change = self.archive.articles.goes_on(
            of, page, story.article, digest=story.digest, reader=VERSION, capture=visit.capture_id, seen=visit.at, more=story.more
        )
        if change != "unwanted":
            self._want_held(visit, of, story, anew=change != "unchanged")
        self._done(visit, task)
        return {"parts": 1, "pages": 1} | ({change: 1} if change == "changed" else {})

    def _want_held(self, visit: Visit, of: str, story: Story, *, anew: bool) -> None:
        """Make what a story holds due: the pages on which it goes on, and what is to be kept with it."""
        frontier = self.archive.frontier
        frontier.revive(story.more, at=visit.at, before=iso(parse(visit.at) - timedelta(days=1)))
        further = [Found(url=url, site=visit.site.id, kind="article", via=visit.url, hint={"part_of": of, "page": url}) for url in story.more]
        frontier.add(further, visit.at)
        if anew:
            frontier.hand_over(further, visit.at)
        if visit.site.requisites != "none":
            self._want([a.url for a in story.article.attachments], visit, "attachment")
            self._want([i.url for i in story.article.images], visit, "requisite")
            self._want(story.styles, visit, "requisite")

    def _document(self, visit: Visit, task: Task, document: Document) -> Mapping[str, int]:
        saved = self._save(visit, self._own_address(visit, task, document.story)) if document.story else None
        if visit.capture_id is not None:
            self.archive.articles.attached(
                visit.url, capture=visit.capture_id, mime=document.mime, size=document.size, text=document.text
            )
        if document.problem:
            self._fail(visit, "document_unreadable", document.problem)
        self._done(visit, task, article=saved.id if saved else None)
        return {"documents": 1} | ({saved.change: 1} if saved else {})

    def _save(self, visit: Visit, story: Story) -> Saved:
        saved = self.archive.articles.save(
            story.article, digest=story.digest, reader=VERSION, capture=visit.capture_id, seen=visit.at, more=story.more
        )
        if saved.change == "new":  # one that was known may have other words beside these, of further pages or of a later capture
            self.archive.near.signed(saved.id, story.signature)
        return saved

    def _own_address(self, visit: Visit, task: Task, story: Story) -> Story:
        """The story at the address where it was got, where that which it names as its own is another's."""
        if story.article.url == visit.url or not self._is_of_others(story.article, task):
            return story
        return replace(story, article=replace(story.article, url=visit.url))

    def _is_of_others(self, article: Article, task: Task) -> bool:
        """Whether the canonical address a page names is a listing's or another story's: templates put one address on all pages."""
        if self.archive.listings.known(article.url):
            return True
        there = self.archive.articles.titled(article.url)
        return there is not None and there[0] != task.article and there[1] != article.title

    def _unchanged(self, visit: Visit, task: Task) -> Mapping[str, int]:
        if task.article is not None:
            self.archive.articles.seen(task.article, visit.at)
        if "part_of" in task.hint:
            self.archive.articles.goes_on_still(task.hint["part_of"], task.hint["page"], visit.at)
        if visit.kind == "listing":
            self.archive.listings.unchanged(task.listing or visit.url, at=visit.at)
        self._done(visit, task)
        return {"unchanged": 1}

    def _gone(self, visit: Visit, task: Task, reason: str) -> Mapping[str, int]:
        news = task.article is not None and self.archive.articles.lost(task.article, "gone")
        if news or task.article is None:
            said = f"a page of {task.hint['part_of']} is not there" if "part_of" in task.hint else "the page was never there"
            self._fail(visit, reason, "the page is no longer there" if task.article else said)
        due, looks = self._look_again(task, visit.at) if visit.kind == "article" else (None, task.looks)
        if visit.kind == "older" and task.hint.get("backfill") and task.listing:
            self.archive.listings.finished(task.listing)  # its pager links one page more than there is
        self.archive.frontier.settle(visit.url, "gone", at=visit.at, due=due, looks=looks, reason=reason)
        return {"gone": int(news), "failed": int(task.article is None)}

    def _redirect(self, visit: Visit, task: Task, to: str | None) -> Mapping[str, int]:
        if to is None:
            return self._trouble(visit, task, "redirect_nowhere", "Location is missing or no web address", again=False)
        if visit.kind == "article" and redirects.goes_home(visit.site, to):
            return self._gone(visit, task, "redirect_to_home")
        if visit.kind in ("listing", "older") and redirects.gives_up(visit.url, to):
            return self._trouble(visit, task, "redirect_to_home", f"redirects to {to}", again=False)
        if to == visit.url or redirects.leads_back(self.archive.frontier, to, visit.url):
            return self._trouble(visit, task, "redirect_loop", f"redirects to {to} and back", again=False)
        if visit.kind not in ("attachment", "requisite") and not owns(visit.site, to):
            return self._trouble(visit, task, "redirect_off_site", f"redirects to {to}", again=False)
        if visit.kind == "article" and redirects.answers_for_many(self.archive, to, task, visit.at):
            return self._trouble(visit, task, "redirect_shared", f"redirects to {to}, as other stories do", again=True)
        found = Found(
            url=to, site=visit.site.id, kind=task.kind, via=visit.url, listing=task.listing or (visit.url if task.kind == "listing" else None),
            hint=task.hint or None, walk=task.walk or visit.at,
        )
        if visit.kind in ("listing", "older"):
            self.archive.frontier.walk(found, visit.at, afresh=visit.kind == "older" or self.schedule.full or self._unread(task.listing or visit.url))
        else:
            self.archive.frontier.add([found], visit.at)
        if task.article is not None:
            self.archive.articles.lost(task.article, "moved")
        self.archive.frontier.settle(visit.url, "moved", at=visit.at, reason=to)
        return {"moved": 1}

    def _unread(self, listing: str) -> bool:
        """Whether no walk has reached the listing's end yet, nor is on its way there."""
        return not (self.archive.listings.complete(listing) or self.archive.frontier.backfilling(listing))

    # -- what went wrong

    def _blocked(self, visit: Visit, task: Task, kind: str, evidence: str) -> Mapping[str, int]:
        """A wall is not knocked at again before a day has passed: no retry storm."""
        self._fail(visit, kind, evidence)
        if task.attempts < self.schedule.attempts:
            self.archive.frontier.retry(visit.url, due=iso(parse(visit.at) + timedelta(days=1)), reason=kind, state="blocked")
        else:
            self._give_up(visit, task, "blocked", kind)
        if visit.kind == "listing":
            self.archive.listings.failed(task.listing or visit.url, at=visit.at, state="blocked", reason=kind)
        return {"blocked": 1}

    def _trouble(self, visit: Visit, task: Task, kind: str, detail: str, again: bool) -> Mapping[str, int]:
        asked = kind not in _NOT_ASKED
        if asked or visit.kind in ("listing", "older"):  # a closed host is one failure, not one for each of its pages
            self._fail(visit, kind, detail)
        if visit.kind == "listing":
            self.archive.listings.failed(task.listing or visit.url, at=visit.at, state="failed", reason=kind)
        if again and (not asked or task.attempts + 1 < self.schedule.attempts):
            wait = timedelta(minutes=self.schedule.retry_minutes * 2**task.attempts)
            self.archive.frontier.retry(visit.url, due=iso(parse(visit.at) + wait), reason=kind, counts=asked)
            return {"retried": 1}
        refused = kind == "guard" or kind.startswith("robots")
        self._give_up(visit, task, "refused" if refused else "failed", kind)
        return {"failed": 1}

    def _give_up(self, visit: Visit, task: Task, state: State, reason: str) -> None:
        """No more attempts: a story that was read once has its later looks still, an unread older page leaves its listing unfinished."""
        due, looks = self._look_again(task, visit.at) if task.article is not None else (None, task.looks)
        if visit.kind == "older" and task.listing:
            self.archive.listings.unfinished(task.listing)
        self.archive.frontier.settle(visit.url, state, at=visit.at, due=due, looks=looks, reason=reason)

    def _fail(self, visit: Visit, kind: str, detail: str) -> None:
        self.archive.failures.add(url=visit.url, site=visit.site.id, run=self.archive.run, kind=kind, detail=detail, at=visit.at)

    # -- the frontier

    def _done(self, visit: Visit, task: Task, article: int | None = None) -> None:
        due, looks = self._look_again(task, visit.at) if visit.kind == "article" else (None, task.looks)
        self.archive.frontier.settle(
            visit.url, "done", at=visit.at, due=due, looks=looks, article=article, etag=visit.etag, last_modified=visit.last_modified
        )

    def _look_again(self, task: Task, at: str) -> tuple[str | None, int]:
        """Time of the next look and its number; days count from when the address was first seen."""
        born = parse(task.first_seen)
        for n in range(task.looks, len(self.schedule.recheck_days)):
            due = iso(born + timedelta(days=self.schedule.recheck_days[n]))
            if due > at:
                return due, n + 1
        return None, len(self.schedule.recheck_days)

    def _want(self, urls: Iterable[str], visit: Visit, kind: Kind) -> None:
        self.archive.frontier.add((Found(url=url, site=visit.site.id, kind=kind, via=visit.url) for url in urls), visit.at)


def hint_of(item: Item, section: str) -> dict[str, Any]:
    """What a listing's row says of a story, for when its page is read."""
    hint = {"title": item.title, "date": item.date, "section": section}
    return {key: value for key, value in hint.items() if value}
