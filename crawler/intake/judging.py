"""Whether what a look found is believed: a page is judged among its siblings and against its past.

What is decided must not hang on the order in which the pages of a run come: a change that was let in is undone when a
later page shows what it was, and a page that was held to be lost for a host in trouble is let go when the host answers.
"""

from __future__ import annotations

from archive.near.likeness import agree, keeps_words
from archive.store.articles import Standing
from archive.store.frontier import Task
from archive.store.rows import Rows
from archive.store.suspects import WEIGHT, Look, Reason
from archive.store.undoing import as_it_stands
from crawler.intake.holding_back import HoldingBack, place_of
from crawler.intake.host_trouble import HostTrouble
from crawler.intake.siblings import Sibling, is_misled, siblings_of
from crawler.intake.visit import Schedule, Visit
from spiders.findings import Story

_TENTH = 10  # a text that shrinks to so small a part, under another headline, is no edit
_MANY = 5  # stories of a host that say something else in one run; as many are no accident, where there never were more


class Judge:
    """Holds back what is not believed, and lets go what is confirmed."""

    def __init__(self, archive: Rows, schedule: Schedule) -> None:
        self._archive, self._suspects = archive, archive.suspects
        self._holding = HoldingBack(archive)
        self.hosts = HostTrouble(archive, schedule, self._holding)

    def holds(self, visit: Visit, task: Task, story: Story, old: Standing | None) -> bool:
        """Whether what the page says is held back; to be asked before it is stored. `old` is the story as it stands."""
        run = self._archive.run
        if visit.accepted:
            self._holding.accepted(visit, story.gist)
        if visit.kind != "article" or run is None or visit.accepted:
            return False
        if old is not None and visit.at < old.last_seen:
            return False  # of before: nothing that stands now hangs on it
        place = place_of(visit.url)
        self.hosts.answered(visit, place, run)
        look = Look(
            url=visit.url,
            site=visit.site.id,
            place=place,
            listing=task.listing,
            kind="new" if old is None else "changed",
            run=run,
            gist=story.gist,
            capture=visit.capture_id,
            title=story.article.title,
            words=story.word_count or 0,
            at=visit.at,
            bare=not (story.headed or story.article.attachments or story.article.images),
        )
        changes = old is not None and old.digest != story.digest and not keeps_words(old.body, story.article.body)
        if story.gist is None or self._suspects.believes(look.site, story.gist) or not (changes or old is None):
            self._suspects.clear(visit.url)
            return False
        held = self._suspects.get(visit.url)
        reason = self._reason(look, task, story, old, held)
        if reason is not None:
            if self._suspects.hold(look, reason, counts=not self._holding.unlisted(look)):
                self._holding.put_off(look, looks=task.looks, article=task.article)
                return True
            self._suspects.believe(look.site, story.gist, visit.at)
        elif old is not None:
            self._suspects.changed(look, task.looks, as_it_stands(self._archive.db, old.id))
        elif look.bare:
            self._suspects.changed(look, task.looks, "{}")
        if held is not None:
            self._suspects.clear(visit.url)
        return False

    def holds_further(self, visit: Visit, task: Task, of: str, story: Story) -> bool:
        """The same of a further page of a story, which says what further pages of other stories say, or other
        stories."""
        if visit.accepted:
            self._holding.accepted(visit, story.gist)
        if (
            story.gist is None
            or self._archive.run is None
            or visit.accepted
            or self._suspects.believes(visit.site.id, story.gist)
        ):
            return False
        there = self._archive.db.conn.execute(
            "select 1 from frontier where site = ? and gist = ? and url not in (?, ?) and coalesce(json_extract(hint,"
            " '$.part_of'), '') != ? limit 1",
            [visit.site.id, story.gist, visit.url, of, of],
        ).fetchone()
        look = Look(
            url=visit.url,
            site=visit.site.id,
            place=place_of(visit.url),
            listing=task.listing,
            kind="changed",
            run=self._archive.run,
            gist=story.gist,
            capture=visit.capture_id,
            title=story.article.title,
            words=story.word_count or 0,
            bare=False,
            at=visit.at,
        )
        if there is None or not self._suspects.hold(look, "same_words", counts=True):
            return False
        self._holding.put_off(look, looks=task.looks, article=None)
        return True

    def stands(self, visit: Visit, task: Task) -> None:
        """The server says the page is as it was."""
        if visit.kind == "article" and self._archive.run is not None:
            self.hosts.answered(visit, place_of(visit.url), self._archive.run)
            self._suspects.clear(visit.url)

    def _reason(
        self, look: Look, task: Task, story: Story, old: Standing | None, held: tuple[Look, Reason] | None
    ) -> Reason | None:
        """Why it is not to be believed, the weightiest reason of all."""
        listed = task.hint.get("title", "")
        odd = not agree(look.title, listed) and (old is None or not agree(look.title, old.title))
        found: list[Reason] = []
        if self._misled(look, old.title if old else listed):
            found.append("same_words")
        if (old is not None or odd) and self._holding.unlisted(look):
            found.append("listing_unread")
        if old is not None:
            if not self._said_before(old.id, story.digest) and self._many(look):
                found.append("many_changed")
            if odd and old.body and len(story.article.body) * _TENTH <= len(old.body):
                found.append("shrunk")
        if held is not None and held[0].gist == look.gist and held[0].kind == look.kind and held[1] != "listing_unread":
            found.append(held[1])
        return max(found, key=WEIGHT.__getitem__, default=None)

    def _said_before(self, article: int, digest: str) -> bool:
        return (
            self._archive.db.conn.execute(
                "select 1 from version_rows where article = ? and content_digest = ?", [article, digest]
            ).fetchone()
            is not None
        )

    def _many(self, look: Look) -> bool:
        """Whether more stories of the host say something else than ever before in one run; those let in so far are
        undone."""
        run = look.run
        assert run is not None
        tally = self._suspects.count(look.site, look.place, run, "changed")
        if tally.changed < max(_MANY, tally.most + 1):
            return False
        for one in self._suspects.changes(run, "changed", site=look.site, place=look.place):
            self._holding.undo(one.url, "many_changed")
        self._suspects.rename(run, "many_changed", site=look.site, place=look.place)
        return True

    def _misled(self, look: Look, expected: str) -> bool:
        """Whether it says what pages of other stories say; those of them that were believed are undone where they
        should not have been."""
        siblings = siblings_of(self._archive, look)
        if not siblings:
            return False
        own = Sibling(look.url, look.kind, look.title, expected, look.bare)
        group = [own, *siblings]
        for one in siblings:
            if not one.held and is_misled(one, group):
                self._holding.undo(one.url, "same_words", one)
        return is_misled(own, group)
