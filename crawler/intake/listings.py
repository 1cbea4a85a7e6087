"""What a page of a listing says: its items become rows, and the page with older ones is due."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from archive.instants import iso, parse
from archive.store.decline import Look
from archive.store.frontier import Found, Kind, Task
from archive.store.rows import Rows
from crawler.intake.addresses import Addresses
from crawler.intake.settling import Settling
from crawler.intake.visit import Visit
from spiders import numbered
from spiders.facts import Item
from spiders.findings import VERSION, Stories
from spiders.site import owns

_ROUND = 3  # pages in a row that show what this walk has seen, after which it turns in circles
_FIRST, _LAST = 4, 60  # pages of a walk that are remembered, by their fingerprints


class ListingIntake:
    """Turns what pages of listings show into rows, and walks on."""

    def __init__(self, archive: Rows, settling: Settling, addresses: Addresses) -> None:
        self.archive, self._settling, self._addresses = archive, settling, addresses

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
        for article, digest in found.rows:
            new += self._listed_only(visit, listing, article, digest)
        self._settling.malformed(found.malformed, visit)
        items = len(found.fetch) + len(found.rows)
        first = visit.kind == "listing"
        backfill = bool(task.hint.get("backfill")) or (first and self.unread(listing))
        if new and archive.listings.read_before(listing) and (first or not backfill):
            archive.rhythms.news(listing, visit.at, new, look=first)
        # drawn by scripts, or an index of sitemaps
        leads_on = not items and found.older is not None and visit.kind == "listing"
        if (visit.kind == "listing" and not leads_on) or items:
            archive.listings.read(listing, at=visit.at, items=items, new=new, total=found.total)
        if items:
            self._look(visit, listing, found, page := int(task.hint.get("page", 1)))
            if found.older is None:
                archive.listings.ends(listing, found.unfollowed or task.hint.get("rest"), page)
        if visit.kind == "listing":
            self._settling.judge.hosts.listing(visit, well=bool(items or leads_on))
        # a month without news, an empty answer with a cursor: named by the page before it, and naming the next
        empty_step = not items and found.older is not None and numbered.named(visit.site, visit.url)
        if not items and not leads_on and not empty_step:
            if numbered.may_be_empty(visit.site, visit.url):
                archive.listings.ends(listing, None, int(task.hint.get("page", 1)) - 1)
            else:
                self._settling.fail(visit, "no_items", "the listing page shows no items")
        goes_on = leads_on or empty_step or (items and (new or backfill or archive.runs.whole(archive.run)))
        wanted = found.older and goes_on
        walks_on = wanted and self._walk_on(visit, task, listing, found, urls, backfill)
        if backfill and not walks_on and (items or visit.kind == "older"):
            archive.listings.finished(listing)
        self._settling.done(visit, task)
        return {"listed": items, "pages": 1, "found": new}

    def _walk_on(self, visit: Visit, task: Task, listing: str, found: Stories, urls: list[str], backfill: bool) -> bool:
        """Make the page with older items due; False where the pager turns in circles or leads away: the listing ends
        here."""
        page = int(task.hint.get("page", 1))
        fingerprint = hashlib.sha1(
            "\n".join([*urls, *(row.url for row, _ in found.rows)]).encode(), usedforsecurity=False
        ).hexdigest()[:8]
        assert found.older is not None
        walked = [*task.hint.get("walked", ())]
        again = int(task.hint.get("again", 0)) + 1 if fingerprint in walked and urls else 0
        if walked and fingerprint == walked[-1] and numbered.beyond(visit.site, visit.url):
            self.archive.listings.ends(listing, None, page - 1)  # behind its last page a server shows that again
        elif walked and fingerprint == walked[-1] and (urls or found.rows):
            self._settling.fail(visit, "pager_repeats", f"page {page} shows what the page before it showed")
        elif again >= _ROUND:
            self._settling.fail(
                visit, "pager_round", f"pages {page - again + 1} to {page} show what others of this walk showed"
            )
            self.archive.listings.loops(listing)
        elif page >= visit.site.max_pages:
            self._settling.fail(visit, "pager_long", f"stopped after {page} pages, as max_pages says")
        elif not owns(visit.site, found.older):
            self._settling.fail(visit, "pager_leaves", f"the next page is on another site: {found.older}")
        else:
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
                | ({"rest": rest} if rest else {}),
            )
            if self.archive.frontier.walk(older, visit.at):
                return True
            self._settling.fail(visit, "pager_loop", f"the next page has been read in this walk: {found.older}")
        return False

    def _look(self, visit: Visit, listing: str, found: Stories, page: int) -> None:
        """How the page looks beside what the listing has been like."""
        self.archive.listings.reached(listing, page)
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


def hint_of(item: Item, section: str) -> dict[str, Any]:
    """What a listing's row says of a story, for when its page is read."""
    hint = {"title": item.title, "date": item.date, "section": section}
    return {key: value for key, value in hint.items() if value}
