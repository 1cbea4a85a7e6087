"""Whether what a look found is believed: a page is judged among its siblings and against its past.

What is decided must not hang on the order in which the pages of a run come: a change that was let in is undone when a
later page shows what it was, and a page that was held to be lost for a host in trouble is let go when the host answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from urllib.parse import urlsplit

from archive.instants import iso, parse
from archive.near.likeness import agree, gist, keeps_words
from archive.store.frontier import Task
from archive.store.rows import Rows
from archive.store.suspects import WEIGHT, Look, Reason, Tally
from archive.store.undoing import as_it_stands, put_back, take_out
from crawler.intake.visit import Schedule, Visit
from spiders.findings import Story

_TENTH = 10  # a text that shrinks to so small a part, under another headline, is no edit
_MANY = 5  # stories of a host that say something else in one run; as many are no accident, where there never were more
# of a host, all that were asked for: it is in trouble; more of them where its listing is well
_LOST, _LOST_LISTED = (3, 5)
_RECENT = timedelta(days=60)  # a story first seen within them may turn out to be none
_SIBLINGS = 200  # of one text, looked at


@dataclass(frozen=True, slots=True)
class _Member:
    """A page among those that say the same."""

    url: str
    kind: str  # new, changed, old
    shown: str  # the headline it shows
    expected: str  # the one it should: the row's before, or the listing's
    bare: bool
    held: bool = False
    article: int | None = None


class Judge:
    """Holds back what is not believed, and lets go what is confirmed."""

    def __init__(self, archive: Rows, schedule: Schedule) -> None:
        self._archive, self._schedule, self._suspects = archive, schedule, archive.suspects

    # -- the page of a story

    def holds(self, visit: Visit, task: Task, story: Story) -> bool:
        """Whether what the page says is held back; to be asked before it is stored."""
        run = self._archive.run
        if visit.accepted:
            self._accepted(visit, story.gist)
        if visit.kind != "article" or run is None or visit.accepted:
            return False
        old = self._old(task, visit.url)
        if old is not None and visit.at < old[3]:
            return False  # of before: nothing that stands now hangs on it
        place = place_of(visit.url)
        self._answered(visit, place, run)
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
        changes = old is not None and old[4] != story.digest and not keeps_words(old[2], story.article.body)
        if story.gist is None or self._suspects.believes(look.site, story.gist) or not (changes or old is None):
            self._suspects.clear(visit.url)
            return False
        reason = self._reason(look, task, story, old, run)
        if reason is not None:
            if self._suspects.hold(look, reason, counts=not self._unlisted(look)):
                self._put_off(look, looks=task.looks, article=task.article)
                return True
            self._suspects.believe(look.site, story.gist, visit.at)
        elif old is not None:
            self._suspects.changed(look, task.looks, as_it_stands(self._archive.db, old[0]))
        elif look.bare:
            self._suspects.changed(look, task.looks, "{}")
        self._suspects.clear(visit.url)
        return False

    def holds_further(self, visit: Visit, task: Task, of: str, story: Story) -> bool:
        """The same of a further page of a story, which says what further pages of other stories say, or other
        stories."""
        if visit.accepted:
            self._accepted(visit, story.gist)
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
        self._put_off(look, looks=task.looks, article=None)
        return True

    def stands(self, visit: Visit, task: Task) -> None:
        """The server says the page is as it was."""
        if visit.kind == "article" and self._archive.run is not None:
            self._answered(visit, place_of(visit.url), self._archive.run)
            self._suspects.clear(visit.url)

    def _old(self, task: Task, url: str) -> tuple[int, str, str, str, str] | None:
        """The story there is at that address: id, title, body, last seen, digest."""
        row: tuple[int, str, str, str, str] | None = self._archive.db.conn.execute(
            "select a.id, a.title, a.body, a.last_seen, v.content_digest from articles a left join version_rows v on"
            " v.id = a.current_version where " + ("a.url = ?" if task.article is None else "a.id = ?"),
            [url if task.article is None else task.article],
        ).fetchone()
        return row

    def _reason(
        self, look: Look, task: Task, story: Story, old: tuple[int, str, str, str, str] | None, run: int
    ) -> Reason | None:
        """Why it is not to be believed, the weightiest reason of all."""
        listed = task.hint.get("title", "")
        odd = not agree(look.title, listed) and (old is None or not agree(look.title, old[1]))
        found: list[Reason] = []
        if self._misled(look, old[1] if old else listed):
            found.append("same_words")
        if (old is not None or odd) and self._unlisted(look):
            found.append("listing_unread")
        if old is not None:
            if not self._said_before(old[0], story.digest) and self._many(look, run):
                found.append("many_changed")
            if odd and old[2] and len(story.article.body) * _TENTH <= len(old[2]):
                found.append("shrunk")
        held = self._suspects.get(look.url)
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

    def _many(self, look: Look, run: int) -> bool:
        """Whether more stories of the host say something else than ever before in one run; those let in so far are
        undone."""
        tally = self._suspects.count(look.site, look.place, run, "changed")
        if tally.changed < max(_MANY, tally.most + 1):
            return False
        for one in self._suspects.changes(run, "changed", site=look.site, place=look.place):
            self._undo(one.url, "many_changed")
        self._suspects.rename(run, "many_changed", site=look.site, place=look.place)
        return True

    # -- its siblings

    def _misled(self, look: Look, expected: str) -> bool:
        """Whether it says what pages of other stories say; those of them that were believed are undone where they
        should not have been."""
        siblings = self._siblings(look)
        if not siblings:
            return False
        own = _Member(look.url, look.kind, look.title, expected, look.bare)
        group = [own, *siblings]
        for one in siblings:
            if not one.held and _is_misled(one, group):
                self._undo(one.url, "same_words", one)
        return _is_misled(own, group)

    def _siblings(self, look: Look) -> list[_Member]:
        rows = self._archive.db.conn.execute(
            "select f.url, coalesce(json_extract(f.hint, '$.title'), ''), s.kind, s.title, s.bare, coalesce(c.bare,"
            " 0), json_extract(c.before, '$.article.title'),"
            " a.id, a.title, a.first_seen >= ? and a.kind = 'article' and v.n = 1"
            " from frontier f left join suspects s on s.url = f.url and s.gist = f.gist left join changes c on c.url"
            " = f.url and c.gist = f.gist"
            " left join articles a on a.id = f.article left join version_rows v on v.id = a.current_version"
            " where f.site = ? and f.gist = ? and f.url != ? and f.kind = 'article' limit ?",
            [iso(parse(look.at) - _RECENT), look.site, look.gist, look.url, _SIBLINGS],
        )
        found = []
        for url, listed, held, held_title, held_bare, bare, before, article, title, fresh in rows.fetchall():
            if held is not None:
                found.append(
                    _Member(
                        url, held, held_title, listed if held == "new" else title or listed, bool(held_bare), held=True
                    )
                )
            elif before is not None:
                found.append(_Member(url, "changed", title, before, bool(bare), article=article))
            elif article is not None:
                found.append(
                    _Member(
                        url, "new" if fresh else "old", title, listed if fresh else title, bool(bare), article=article
                    )
                )
        return found

    # -- a page that is not there

    def holds_gone(self, visit: Visit, task: Task, reason: str) -> bool:
        """Whether a story's page that is not there is held to be there still, since nothing of its host is."""
        run, url = self._archive.run, visit.url
        if visit.accepted:
            self._accepted(visit, f"gone {place_of(url)}")
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
        if trouble and self._suspects.hold(look, "site_gone", counts=not self._unlisted(look)):
            self._put_off(look, looks=task.looks, article=task.article)
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
                self._undo(one.url, "listing_unread")
            self._suspects.rename(run, "listing_unread", site=site, listing=url)
        place = place_of(url)
        self._weigh(self._suspects.count(site, place, run, what), site, place, run)

    def _answered(self, visit: Visit, place: str, run: int) -> None:
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
                    self._undo(look.url, "site_gone")
            return
        for look in self._suspects.lost_in(run, site, place, fresh=not tally.well):
            task = self._archive.frontier.get(look.url)
            if task is not None and task.article is not None:
                self._archive.articles.lost(task.article, "gone", look.at)
                due, looks = self._schedule.next_look(task.first_seen, task.looks, look.at)
                self._archive.frontier.settle(look.url, "gone", at=look.at, due=due, looks=looks, reason=look.title)
                self._suspects.changed(look, task.looks, "live")
            self._suspects.clear(look.url)

    # -- what follows

    def _accepted(self, visit: Visit, what: int | str | None) -> None:
        if what is not None:
            self._suspects.believe(visit.site.id, what, visit.at)
        self._suspects.clear(visit.url)

    def _unlisted(self, look: Look) -> bool:
        """Whether what came for its listing in this run was none."""
        tally = self._suspects.tally(look.site, look.listing, look.run) if look.listing else Tally()
        return tally.unlisted > 0 and not tally.listed

    def _put_off(self, look: Look, *, looks: int, article: int | None) -> None:
        due = iso(parse(look.at) + timedelta(days=1))
        self._archive.frontier.suspect(
            look.url, at=look.at, due=due, reason=look.kind, looks=looks, article=article, gist=look.gist
        )

    def _undo(self, url: str, reason: Reason, member: _Member | None = None) -> None:
        """What a look found was believed, and is held back after all."""
        change, task = self._suspects.change(url), self._archive.frontier.get(url)
        if task is None:
            return
        if change is not None and (member is None or member.kind == "changed"):
            look, looks, before = change
            if look.kind == "gone":
                self._archive.articles.back(task.article or 0, before)
            elif task.article is not None:
                put_back(self._archive.db, self._archive.articles, task.article, before)
            article = task.article
        elif member is not None and member.article is not None:
            look, looks, article = self._as_new(member, task), 0, None
            take_out(self._archive.db, self._archive.articles, member.article)
        else:
            return
        self._suspects.forget(url)
        self._suspects.hold(look, reason, counts=False)
        self._put_off(look, looks=looks, article=article)

    def _as_new(self, member: _Member, task: Task) -> Look:
        """The look that found a story which is none."""
        run, gist, capture, words, at = self._archive.db.conn.execute(
            "select c.run, f.gist, v.capture, a.word_count, a.last_seen from articles a join frontier f on f.url = ?"
            " join version_rows v on v.id = a.current_version left join captures c on c.id = v.capture where a.id = ?",
            [member.url, member.article],
        ).fetchone()
        return Look(
            url=member.url,
            site=task.site,
            place=place_of(member.url),
            listing=task.listing,
            kind="new",
            run=run,
            gist=gist,
            capture=capture,
            title=member.shown,
            words=words,
            bare=member.bare,
            at=at,
        )


def place_of(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _is_misled(one: _Member, group: list[_Member]) -> bool:
    """Whether a page says what it says for all that ask, not what its story says.

    A story that changes is not to say what another one says. A new one is not to under another headline than its
    listing gives it, nor what stories have changed to; where it shows no headline two more such pages tell.
    """
    if one.kind == "old":
        return False
    others = [
        other for other in group if other.url != one.url and not (one.expected and one.expected == other.expected)
    ]
    if one.kind == "changed":
        return bool(others)
    if one.expected and not agree(one.shown, one.expected):
        return any(
            gist(one.shown) == gist(other.shown) and not (other.expected and agree(one.shown, other.expected))
            for other in others
        )
    return any(other.kind == "changed" for other in others) or (
        one.bare and sum(other.bare and other.kind == "new" for other in others) >= 2
    )
