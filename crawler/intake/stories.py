"""What the page of a story or a document says: an article and its versions, and what is to be kept with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from archive.address import which
from archive.article import Article
from archive.instants import iso, parse
from archive.store.articles import Saved
from archive.store.frontier import Found, Task
from archive.store.joining import join, left_behind, one_story, rename, says_as_much, says_the_same, twin
from archive.store.rows import Rows
from crawler.intake.addresses import Addresses
from crawler.intake.settling import Settling
from crawler.intake.visit import Visit
from spiders.findings import VERSION, Document, Story


class StoryIntake:
    """Turns what pages of stories say into rows."""

    def __init__(self, archive: Rows, settling: Settling, addresses: Addresses) -> None:
        self.archive, self._settling, self._addresses = archive, settling, addresses

    def story(self, visit: Visit, task: Task, story: Story) -> Mapping[str, int]:
        """The page of a story; or a listing that turned out to be one."""
        old = self.archive.articles.standing(visit.url, task.article)
        if self._settling.judge.holds(visit, task, story, old):
            return {"suspect": 1, "pages": 1}
        story = self._own_address(visit, task, story)
        unknown = old is None and story.article.url == visit.url  # so it still is: judging puts back what there was
        if task.article is None and (there := self._twin(story.article, unknown=unknown)) is not None:
            unknown = False
            self.archive.listings.is_the_same(visit.url)
            id_, url, title, body = there
            if (title, body) == (story.article.title, story.article.body):
                self.archive.articles.seen(id_, visit.at)
                self._settling.done(visit, task, article=id_, gist=story.gist)
                return {"unchanged": 1, "pages": 1}
            story = replace(story, article=replace(story.article, url=url))
        saved = self._save(visit, story, unknown=unknown)
        if saved.change == "new" and task.discovered_from is not None:
            self._came_from(task.discovered_from, visit.url, saved.id)
        if saved.change == "new" and (left := left_behind(self.archive.db, saved.id, story.article)) is not None:
            self.archive.frontier.settle(left[1], "moved", at=visit.at, reason=visit.url)
            self._join(left[0], saved.id, left[1], visit.url)
        if task.article not in (None, saved.id) and says_the_same(self.archive.db, task.article, saved.id):
            # the page still answers, and names another address as its own, where the same story stands
            self._join(task.article, saved.id, visit.url, story.article.url)
        self._want_held(visit, story.article.url, story, anew=saved.change != "unchanged")
        if visit.kind in ("listing", "older"):
            self.archive.listings.read(
                task.listing or visit.url, at=visit.at, items=1, new=int(saved.change == "new"), total=1
            )
        self._settling.done(visit, task, article=saved.id, gist=story.gist)
        return {saved.change: 1, "pages": 1}

    def moved(self, task: Task, to: str, at: str) -> None:
        """The page of a story redirected at that time to another address: its history goes on there, where its page has
        been read. A story that was seen at its own address since has not moved."""
        there, old = self.archive.frontier.get(to), task.article
        assert old is not None
        if self.archive.articles.seen_since(old, at):
            return
        if there is None or there.article is None:
            self.archive.articles.lost(old, "moved")  # until it is read there
        elif there.article == old:
            if self.archive.articles.titled(to) is None:
                rename(self.archive.db, old, to)
                self.archive.listings.is_the_same(to)
        elif one_story(self.archive.db, old, there.article):
            self._join(old, there.article, task.url, to)
        else:
            self.archive.articles.lost(old, "moved")

    def _came_from(self, url: str, to: str, new: int) -> None:
        """A story was read for the first time at an address to which another one redirects: it may be that one's."""
        old = self.archive.frontier.left(url, to)
        if old is not None and old != new and one_story(self.archive.db, old, new):
            self._join(old, new, url, to)

    def _join(self, old: int, new: int, url: str, to: str) -> None:
        for one in (url, to):
            self.archive.suspects.forget(one)  # what undoes a change knows two rows
        self.archive.articles.flush_index()
        self.archive.articles.died_as(old, new)
        join(self.archive.db, old, new)
        self.archive.listings.is_the_same(to)

    def _twin(self, article: Article, *, unknown: bool) -> tuple[int, str, str, str] | None:
        """The story at another spelling of the address (https, www., a slash at the end), where this one has none
        yet."""
        if not unknown and self.archive.articles.titled(article.url) is not None:
            return None
        return twin(self.archive.db, article.url, article.title)

    def further(self, visit: Visit, task: Task, of: str, page: str, story: Story) -> Mapping[str, int]:
        """A page on which the story at `of` goes on."""
        if self._settling.judge.holds_further(visit, task, of, story):
            return {"suspect": 1, "pages": 1}
        change = self.archive.articles.goes_on(
            of,
            page,
            story.article,
            digest=story.digest,
            reader=VERSION,
            capture=visit.capture_id,
            seen=visit.at,
            more=story.more,
        )
        if change != "unwanted":
            self._want_held(visit, of, story, anew=change != "unchanged")
        self._settling.done(visit, task, gist=story.gist)
        return {"parts": 1, "pages": 1} | ({change: 1} if change == "changed" else {})

    def document(self, visit: Visit, task: Task, document: Document) -> Mapping[str, int]:
        """A file: the text of an attachment, or a story that is nothing but that file."""
        saved = self._save(visit, self._own_address(visit, task, document.story)) if document.story else None
        if visit.capture_id is not None:
            self.archive.articles.attached(
                visit.url,
                capture=visit.capture_id,
                mime=document.mime,
                size=document.size,
                text=document.text,
                name=document.name,
            )
        if document.problem:
            self._settling.fail(visit, "document_unreadable", document.problem)
        self._settling.done(visit, task, article=saved.id if saved else None)
        return {"documents": 1} | ({saved.change: 1} if saved else {})

    def _want_held(self, visit: Visit, of: str, story: Story, *, anew: bool) -> None:
        """Make what a story holds due: the pages on which it goes on, and what is to be kept with it."""
        if anew:
            self._settling.malformed(story.malformed, visit)
        if story.more:
            frontier = self.archive.frontier
            frontier.revive(story.more, at=visit.at, before=iso(parse(visit.at) - timedelta(days=1)))
            further = [
                Found(url=url, site=visit.site.id, kind="article", via=visit.url, hint={"part_of": of, "page": url})
                for url in story.more
            ]
            self._addresses.name(further, visit.at)
            if anew:
                frontier.hand_over(further, visit.at)
        if visit.site.requisites != "none":
            held = story.article  # of what stands as it was, an address of the moment (?t=...) is no other file
            self._settling.want([a.url for a in held.attachments if anew or which(a.url) == a.url], visit, "attachment")
            self._settling.want([i.url for i in held.images if anew or which(i.url) == i.url], visit, "requisite")
            self._settling.want(story.styles, visit, "requisite")

    def _save(self, visit: Visit, story: Story, *, unknown: bool = False) -> Saved:
        saved = self.archive.articles.save(
            story.article,
            digest=story.digest,
            reader=VERSION,
            capture=visit.capture_id,
            seen=visit.at,
            more=story.more,
            word_count=story.word_count,
            unknown=unknown,
        )
        if visit.capture_id is not None:
            self.archive.captures.says(visit.capture_id, story.article.rights)
        # one that was known may have other words beside these, of further pages or of a later capture
        if saved.change == "new":
            self.archive.near.signed(saved.id, story.signature)
        return saved

    def _own_address(self, visit: Visit, task: Task, story: Story) -> Story:
        """The story at the address where it was got, where that which it names as its own is another's."""
        if story.article.url == visit.url or not self._is_of_others(story.article, task):
            return story
        return replace(story, article=replace(story.article, url=visit.url))

    def _is_of_others(self, article: Article, task: Task) -> bool:
        """Whether the canonical address a page names is a listing's or another story's: templates put one address on
        all pages."""
        if self.archive.listings.known(article.url):
            return True
        there = self.archive.articles.titled(article.url)
        if there is None or there[0] == task.article or there[1] == article.title:
            return False
        return not says_as_much(self.archive.db, there[0], article)
