"""What holding a page back, and taking back what was believed, means for the rows."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from archive.instants import iso, parse
from archive.store.frontier import Task
from archive.store.rows import Rows
from archive.store.suspects import Look, Reason, Tally
from archive.store.undoing import put_back, take_out
from crawler.intake.siblings import Sibling
from crawler.intake.visit import Visit


class HoldingBack:
    """Rows of what is not believed; those who judge share one of these."""

    def __init__(self, archive: Rows) -> None:
        self._archive, self._suspects = archive, archive.suspects

    def accepted(self, visit: Visit, what: int | str | None) -> None:
        """A person says that it is so: what is said there counts from now on."""
        if what is not None:
            self._suspects.believe(visit.site.id, what, visit.at)
        self._suspects.clear(visit.url)

    def unlisted(self, look: Look) -> bool:
        """Whether what came for its listing in this run was none."""
        tally = self._suspects.tally(look.site, look.listing, look.run) if look.listing else Tally()
        return tally.unlisted > 0 and not tally.listed

    def put_off(self, look: Look, *, looks: int, article: int | None) -> None:
        """The address is looked at again in a day."""
        due = iso(parse(look.at) + timedelta(days=1))
        self._archive.frontier.suspect(
            look.url, at=look.at, due=due, reason=look.kind, looks=looks, article=article, gist=look.gist
        )

    def undo(self, url: str, reason: Reason, sibling: Sibling | None = None) -> None:
        """What a look found was believed, and is held back after all."""
        change, task = self._suspects.change(url), self._archive.frontier.get(url)
        if task is None:
            return
        if change is not None and (sibling is None or sibling.kind == "changed"):
            look, looks, before = change
            if look.kind == "gone":
                self._archive.articles.back(task.article or 0, before, look.at)
            elif task.article is not None:
                put_back(self._archive.db, self._archive.articles, task.article, before)
            article = task.article
        elif sibling is not None and sibling.article is not None:
            look, looks, article = self._as_new(sibling, task), 0, None
            take_out(self._archive.db, self._archive.articles, sibling.article)
        else:
            return
        self._suspects.forget(url)
        self._suspects.hold(look, reason, counts=False)
        self.put_off(look, looks=looks, article=article)

    def _as_new(self, sibling: Sibling, task: Task) -> Look:
        """The look that found a story which is none."""
        run, gist, capture, words, at = self._archive.db.conn.execute(
            "select c.run, f.gist, v.capture, a.word_count, a.last_seen from articles a join frontier f on f.url = ?"
            " join version_rows v on v.id = a.current_version left join captures c on c.id = v.capture where a.id = ?",
            [sibling.url, sibling.article],
        ).fetchone()
        return Look(
            url=sibling.url,
            site=task.site,
            place=place_of(sibling.url),
            listing=task.listing,
            kind="new",
            run=run,
            gist=gist,
            capture=capture,
            title=sibling.shown,
            words=words,
            bare=sibling.bare,
            at=at,
        )


def place_of(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
