"""Pages that another tool had recorded before a listing or story of ours named them: read from its file, not asked for
as if unknown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from archive.capture import Capture
from archive.store.rows import Rows
from archive.warc import reader
from archive.warc.captured import is_bare
from archive.warc.record import Record
from crawler.history.stored_answers import NoStoredAnswer, answer_of, holder, visit
from crawler.intake import Intake
from crawler.workers.readers import LEFT
from spiders.facts import Block
from spiders.findings import Answer, Asset, Document, Further, Reading, Redirect, Stories, Story, Trouble
from spiders.site import Site

Read = Callable[[Answer, Site], Awaitable[Reading]]


@dataclass(frozen=True, slots=True)
class Held:
    """A page of another tool's file, ready to be read."""

    id: int
    capture: Capture
    site: Site
    answer: Answer


class KnownElsewhere:
    """Reads what other tools recorded as the visits they were, at the time they were made."""

    def __init__(self, rows: Rows, folder: Path, intake: Intake, trouble: Callable[[str], object]) -> None:
        self._rows, self._folder, self._intake, self._trouble = rows, folder, intake, trouble
        self.counts: Counter[str] = Counter()

    async def take_named(
        self, sites: Mapping[str, Site], read: Read, *, until: Callable[[], bool] = lambda: False
    ) -> None:
        """Take the pages that what was stored so far has named, and those that these name; what is left over is taken
        by the next start."""
        while self._intake.addresses.recorded and not until():
            held = self.next_named(sites)
            if held is not None:
                reading = await read(held.answer, held.site)
                if reading is LEFT:
                    return
                self.take(held, reading)

    def next_named(self, sites: Mapping[str, Site]) -> Held | None:
        """The next of them, oldest first of its address; None where it cannot be had: then the address is due."""
        id_ = self._intake.addresses.recorded.popleft()
        capture = self._rows.captures.get(id_)
        if capture is None or not self._rows.captures.awaits(id_):  # an ingest takes what it brings by itself
            return None
        task = self._rows.frontier.get(capture.url)
        if task is None or task.site not in sites:
            self._leave(id_, capture.url)
            return None
        return self.held(id_, task.url, capture, sites[task.site], task.kind, task.hint)

    def held(self, id_: int, url: str, capture: Capture, site: Site, kind: str, hint: dict[str, object]) -> Held | None:
        """The page of a capture, to be read as that kind; None, and a trouble, where its record cannot be had."""
        try:
            record: Record = reader.read(self._folder, capture.warc, capture.offset)
            holds = holder(self._rows, self._folder, capture, record)
            answer = answer_of(
                url,
                capture,
                holds if is_bare(record) else record,
                holds.payload,
                kind,
                hint,
                repeated=self._rows.captures.repeats(id_, capture),
            )
        except (NoStoredAnswer, reader.DamagedRecord, OSError) as problem:
            self._trouble(str(problem))
            self._leave(id_, url)
            return None
        return Held(id_, capture, site, answer)

    def take(self, held: Held, reading: Reading) -> bool:
        """Make rows of what it says; False where it says nothing of the site, and the address is due at the next
        crawl."""
        url, at = held.answer.url, held.capture.fetched_at
        if not self._tells(url, at, reading):
            self._leave(held.id, url)
            self.counts["left to the next crawl"] += 1
            return False
        with self._rows.frontier.standing(url, at), self._rows.listings.standing(url, at):
            self._rows.frontier.known_since(url, at)
            self._intake.take(visit(held.site, held.id, held.capture, held.answer, reading))
        self._rows.captures.recast(
            held.id, "listing" if held.answer.kind == "older" else held.answer.kind, held.site.id
        )
        self.counts["pages"] += 1
        return True

    def _leave(self, id_: int, url: str) -> None:
        self._rows.captures.settled(id_)
        self._rows.frontier.release(url)

    def _tells(self, url: str, at: str, reading: Reading) -> bool:
        """Whether it says anything of the site: that others were refused, or failed, or knew a page already, is no news
        of ours.

        Of a time before the last that is known, only words are taken.
        """
        settled = self._rows.frontier.settled_at(url)
        if isinstance(reading, (Story, Further, Stories)):
            return True
        if isinstance(reading, (Trouble, Block)) or (settled is not None and at < settled):
            return False
        return settled is not None or isinstance(reading, (Redirect, Document, Asset))
