"""What a page of a listing says: its items become rows, and the page with older ones is due."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from archive.instants import iso, parse
from archive.store.decline import Look
from archive.store.frontier import Found, Kind, Task
from archive.store.rows import Rows
from crawler.intake.addresses import Addresses
from crawler.intake.settling import Settling
from crawler.intake.visit import Visit
from crawler.intake.walks import Turned
from spiders import numbered
from spiders.facts import Item
from spiders.findings import VERSION, Stories
from spiders.site import Site, owns

_ROUND = 3  # pages in a row that show what this walk has seen, after which it turns in circles
_FIRST, _LAST = 4, 60  # pages of a walk that are remembered, by their fingerprints


class ListingIntake:
    """Turns what pages of listings show into rows, and walks on."""

    def __init__(self, archive: Rows, settling: Settling, addresses: Addresses) -> None:
        self.archive, self._settling, self._addresses = archive, settling, addresses
        self._walks = settling.walks

    def stories(self, visit: Visit, task: Task, found: Stories) -> Mapping[str, int]:
        """One page of a listing: what is new on it is due, and the walk goes on while there is something to find."""
        archive, listing = self.archive, task.listing or visit.url
        section = archive.listings.section(listing)
        urls = [item.url for item in found.fetch]
        archive.frontier.forget_external(urls)  # another site linked them before their own listed them
        known = archive.frontier.known(urls)
        archive.frontier.revive(known, at=visit.at, before=iso(parse(visit.at) - timedelta(days=1)))
        self._addresses.name(
            [
                Found(
                    url=item.url,
                    site=visit.site.id,
                    kind="article",
                    via=visit.url,
                    listing=listing,
                    hint=hint_of(item, section),
                )
                for item in found.fetch
            ],
            visit.at,
        )
        new = len(set(urls) - known)
        read_before, gap, since, ended_early = archive.listings.before(listing)
        if ended_early and found.older and visit.kind == "listing":
            archive.listings.leads_on(listing)
        so_far = self._walks.met(found.fetch, known, task, read_before=read_before)
        if gap:
            archive.listings.closes_gap(listing, visit.url, urls, gap, since)
        rows = sum(self._listed_only(visit, listing, article, digest) for article, digest in found.rows)
        new += rows
        self._settling.malformed(found.malformed, visit)
        items = len(found.fetch) + len(found.rows)
        first = visit.kind == "listing"
        backfill = bool(task.hint.get("backfill")) or (first and self.unread(listing))
        repeats = False
        if new and read_before and (first or not backfill):
            archive.rhythms.news(listing, visit.at, new, look=first)
        # drawn by scripts, or an index of sitemaps
        leads_on = not items and found.older is not None and visit.kind == "listing"
        if (visit.kind == "listing" and not leads_on) or items:
            archive.listings.read(listing, at=visit.at, items=items, new=new, total=found.total)
        if items:
            self._look(visit, listing, found)
            page = int(task.hint.get("page", 1))
            repeats = _fingerprint(found, urls) in task.hint.get("walked", ())[-1:]
            if not repeats:
                archive.listings.reached(listing, page)
            if found.older is None:
                archive.listings.ends(
                    listing, found.unfollowed or task.hint.get("rest") or beside(visit.site, listing, page), page
                )
                self._walks.ended(visit, listing, so_far, task.walk or visit.at)
        if visit.kind == "listing":
            self._settling.judge.hosts.listing(visit, well=bool(items or leads_on))
        # a month without news, an empty answer with a cursor: named by the page before it, and naming the next
        empty_step = not items and found.older is not None and numbered.named(visit.site, visit.url)
        lost = False
        if not items and not leads_on and not empty_step:
            if numbered.may_be_empty(visit.site, visit.url):
                page = int(task.hint.get("page", 1)) - 1
                archive.listings.ends(listing, beside(visit.site, listing, page), page)
            else:
                self._settling.fail(visit, "no_items", "the listing page shows no items")
                lost = self._walks.broke_off(visit, task, "it shows no items", end=True)
        turned: Turned = task.hint.get("turned", "")
        if found.older and items and not new and not backfill and (first or turned == "pinned"):
            turned = self._walks.turned(visit, listing, found.fetch)
        elif turned == "pinned":
            turned = ""
        whole = new or backfill or turned or archive.runs.whole(archive.run)
        if repeats and task.hint.get("open"):
            whole = True  # nothing on it is new, and what lies behind page 1 was not shown
        goes_on = leads_on or empty_step or (items and whole)
        wanted = found.older and goes_on
        so_far |= {"turned": turned} if turned else {}
        walks_on = self._walk_on(visit, task, listing, found, urls, backfill, so_far) if wanted else False
        lost |= walks_on is None
        if backfill and not walks_on and not lost and (items or visit.kind == "older"):
            archive.listings.finished(listing)
        # the server's word that the first page is unchanged says nothing of a list whose newest stand elsewhere
        self._settling.done(replace(visit, etag=None, last_modified=None) if turned else visit, task)
        return {"listed": items, "pages": 1, "found": new, "new": rows}

    def _walk_on(
        self,
        visit: Visit,
        task: Task,
        listing: str,
        found: Stories,
        urls: list[str],
        backfill: bool,
        so_far: dict[str, Any],
    ) -> bool | None:
        """Make the page with older items due; False where the pager turns in circles or leads away, and the listing
        ends here; None where it had not come to what is known, or to where it ended before."""
        page = int(task.hint.get("page", 1))
        fingerprint = _fingerprint(found, urls)
        assert found.older is not None
        walked = [*task.hint.get("walked", ())]
        again = int(task.hint.get("again", 0)) + 1 if fingerprint in walked and urls else 0
        if walked and fingerprint == walked[-1] and numbered.beyond(visit.site, visit.url):
            said = beside(visit.site, listing, page - 1)
            self.archive.listings.ends(listing, said, page - 1)  # behind its last page a server shows that again
            return False
        if walked and fingerprint == walked[-1] and (urls or found.rows):
            return self._stuck(visit, task, "pager_repeats", f"page {page} shows what the page before it showed")
        if again >= _ROUND:
            self._settling.fail(
                visit, "pager_round", f"pages {page - again + 1} to {page} show what others of this walk showed"
            )
            self.archive.listings.loops(listing)
            return False
        if page >= visit.site.max_pages:
            self._settling.fail(visit, "pager_long", f"stopped after {page} pages, as max_pages says")
            return False
        if not owns(visit.site, found.older):
            said = f"the next page is on another site: {found.older}"
            return self._stuck(visit, task, "pager_leaves", said, end=False, ahead=True)
        rest = found.unfollowed or task.hint.get("rest")  # what an index says it holds beside the way on
        older = Found(
            url=found.older,
            site=visit.site.id,
            kind="older",
            via=visit.url,
            listing=listing,
            walk=task.walk or visit.at,
            hint={"page": page + 1, "walked": [*walked[:_FIRST], *walked[_FIRST:][-_LAST:], fingerprint]}
            | ({"again": again} if again else {})
            | ({"backfill": True} if backfill else {})
            | ({"rest": rest} if rest else {})
            | so_far,
        )
        if self.archive.frontier.walk(older, visit.at):
            return True
        return self._stuck(
            visit, task, "pager_loop", f"the next page has been read in this walk: {found.older}", ahead=True
        )

    def _stuck(
        self, visit: Visit, task: Task, kind: str, said: str, *, end: bool = True, ahead: bool = False
    ) -> bool | None:
        """The way on leads nowhere: None where items that nobody has read may lie there."""
        self._settling.fail(visit, kind, said)
        return None if self._walks.broke_off(visit, task, said, end=end, ahead=ahead) else False

    def _look(self, visit: Visit, listing: str, found: Stories) -> None:
        """How the page looks beside what the listing has been like."""
        if visit.kind != "listing":
            return
        titles = [item.title for item in found.fetch] + [row.title for row, _ in found.rows]
        dated = sum(1 for item in found.fetch if item.day) + sum(1 for row, _ in found.rows if row.published)
        cut = sum(1 for title in titles if title.endswith(("...", "…")))
        alone = found.older is None and found.unfollowed is None
        self.archive.listings.looks(
            listing, Look(rows=len(titles), dated=100 * dated // len(titles), cut=100 * cut // len(titles), alone=alone)
        )

    def _listed_only(self, visit: Visit, listing: str, article: Any, digest: str) -> int:
        """Store an item that is all in its listing row; 1 if it was new.

        A page that was read says more than a link to it, and where two listings differ in their words the first is
        believed.
        """
        known = self.archive.frontier.get(article.url)
        if self.archive.articles.is_page(article.url) or (known is not None and known.listing not in (None, listing)):
            return 0
        saved = self.archive.articles.save(
            article, digest=digest, reader=VERSION, capture=visit.capture_id, seen=visit.at
        )
        kind: Kind = "attachment" if article.kind == "file" and owns(visit.site, article.url) else "article"
        found = Found(url=article.url, site=visit.site.id, kind=kind, via=visit.url, listing=listing)
        if kind == "attachment":
            self._addresses.name([found], visit.at)
        elif self.archive.frontier.add([found], visit.at):
            self.archive.frontier.settle(article.url, "done", at=visit.at, reason=article.kind, article=saved.id)
        return int(saved.change == "new")

    def unread(self, listing: str) -> bool:
        """Whether no walk has reached the listing's end yet, nor is on its way there."""
        return not (self.archive.listings.complete(listing) or self.archive.frontier.backfilling(listing))


def beside(site: Site, listing: str, page: int) -> str | None:
    """Why a listing that ends on that page holds more, as its entry says: where it has come to no page beyond those
    that `add` knew."""
    seed = next((one for one in site.listings if one.url == listing), None)
    return (seed.unfollowed or None) if seed is not None and page <= (2 if seed.pager else 1) else None


def _fingerprint(found: Stories, urls: Sequence[str]) -> str:
    """Eight letters for what a page lists."""
    named = "\n".join([*urls, *(row.url for row, _ in found.rows)])
    return hashlib.sha1(named.encode(), usedforsecurity=False).hexdigest()[:8]


def hint_of(item: Item, section: str) -> dict[str, Any]:
    """What a listing's row says of a story, for when its page is read."""
    hint = {"title": item.title, "date": item.date, "section": section}
    return {key: value for key, value in hint.items() if value}
