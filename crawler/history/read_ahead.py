"""Steps that wait for their turn, and their pages, which processes read meanwhile."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from archive.store.rows import Rows
from crawler.history.steps import Step
from crawler.history.stored_answers import NoStoredAnswer, answer_of, payload
from crawler.intake import hint_of
from spiders.findings import Reading, Stories

# Steps read ahead of the one whose turn it is. Listings are read as soon as they are seen, articles later: by then
# the listing that names them has been read, and with it what it says of them. More are read while a commit is written
MOST_STEPS, ARTICLES, WHILE_COMMITTING = 1000, 300, 700
_MOST_BYTES = 64 << 20  # held, whatever the number of steps


class ReadAhead:
    """A queue of steps. What a page is to be read with hangs on what the steps before it make of the rows: the kind of
    its address, and the hint that a listing gives of a story (its title and date there).

    1. A listing's page hangs on nothing of the kind: it is read as soon as its step is put here.
    2. A story waits until a listing that names it has been read (or is a row): `_learn` takes its hint from there,
       before the listing's own turn has come.
    3. A story that nothing names (an unlisted address, a guest) is asked for when its turn comes.

    A guess made here may be wrong, since rows change until the step's turn: the row builder compares what the page was
    read with and what it should have been, and has it read again where they differ.
    """

    def __init__(self, rows: Rows, folder: Path, trouble: Callable[[str], object]) -> None:
        self._rows, self._folder, self._trouble = rows, folder, trouble
        self._steps: deque[Step] = deque()
        self._unasked: deque[Step] = deque()
        self._unheard: dict[str, list[Step]] = {}  # stories no listing read so far has named
        self._learnt: deque[tuple[Step, asyncio.Future[Reading]]] = deque()  # listings read, but not yet looked at
        self._hints: dict[str, dict[str, Any]] = {}  # of stories whose listing has been read, but not yet taken
        self._listing: dict[str, str] = {}  # page of a listing -> its first page
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._steps)

    @property
    def first(self) -> Step:
        """Whose turn it is."""
        return self._steps[0]

    @property
    def full(self) -> bool:
        """Whether a step has to be taken before another one is put here."""
        return len(self._steps) > MOST_STEPS or self._bytes > _MOST_BYTES

    def put(self, step: Step) -> None:
        """The next one."""
        self._steps.append(step)
        self._bytes += step.bytes
        if step.capture is None:
            return
        if step.capture.kind == "listing":
            self.ask(step)
        else:
            self._unasked.append(step)

    def pop(self) -> None:
        """The first has been taken."""
        step = self._steps.popleft()
        self._unheard.pop(step.url, None)
        self._bytes -= step.bytes

    def close(self) -> None:
        """End the processes of all that wait."""
        for step in self._steps:
            step.readers.close()

    def ask_ahead(self, steps: int = ARTICLES) -> None:
        """Have stories read up to as many steps ahead, but those of which nothing is known yet."""
        self.learn_what_came()
        while self._unasked and self._bytes <= _MOST_BYTES and self._unasked[0].number <= self.first.number + steps:
            step = self._unasked.popleft()
            assert step.capture is not None
            if (
                step.capture.kind == "article"
                and step.url not in self._hints
                and self._rows.frontier.get(step.url) is None
            ):
                self._unheard.setdefault(step.url, []).append(step)
            else:
                self.ask(step)

    def ask(self, step: Step) -> None:
        """Have its page read with what is known now, unless that is under way."""
        if step.reading is not None or step.capture is None or step.site is None:
            return
        task = self._rows.frontier.get(step.url)
        if step.capture.kind == "listing":
            kind, hint = "listing" if any(step.url == seed.url for seed in step.site.listings) else "older", {}
            self._listing[step.url] = (
                step.url
                if kind == "listing"
                else self._listing.get(step.capture.via or "", task.listing or "" if task else "")
            )
        else:
            kind = task.kind if task else step.capture.kind
            hint = (task.hint if task else self._hints.get(step.url, {})) if kind == "article" else {}
        try:
            body = payload(self._rows, self._folder, step.capture, step.told.record)
        except NoStoredAnswer as problem:
            self._trouble(str(problem))
            self._rows.captures.settled(step.id)
            step.site = None
            return
        if step.capture.record_type == "revisit":  # its record holds no page, but this process does now
            step.bytes += len(body)
            self._bytes += len(body)
        step.asked = answer_of(
            step.url,
            step.capture,
            step.told.record,
            body,
            kind,
            hint,
            repeated=self._rows.captures.repeats(step.id, step.capture),
        )
        step.reading = step.readers.read(step.asked, step.site)
        if step.capture.kind == "listing":
            step.reading.add_done_callback(lambda reading: self._learnt.append((step, reading)))

    def learn_what_came(self) -> None:
        """Look at the listings that have been read since."""
        while self._learnt:
            self._learn(*self._learnt.popleft())

    def taken(self, listing: Stories) -> None:
        """A listing has become rows: these know what it says of its stories."""
        for item in listing.fetch:
            self._hints.pop(item.url, None)

    def _learn(self, step: Step, reading: asyncio.Future[Reading]) -> None:
        """Remember what a listing says of its stories until it is taken."""
        assert step.site is not None
        found = None if reading.cancelled() or reading.exception() else reading.result()
        if isinstance(found, Stories) and self._steps and step.number >= self.first.number:
            section = next((seed.section for seed in step.site.listings if seed.url == self._listing.get(step.url)), "")
            named: list[Step] = []
            for item in found.fetch:
                self._hints.setdefault(item.url, hint_of(item, section))
                named += self._unheard.pop(item.url, ())
            # the first of them comes to stand first
            self._unasked.extendleft(sorted(named, key=lambda waiting: -waiting.number))
