"""Looks at listings over years by three rules, and how soon each sees the news: `make bench-rhythm`.

No page is fetched: stories appear at invented times, a timer goes off every hour, each rule says whether it looks. A
rule is told what a look finds, and nothing else. Beside ours: a look each time, and StormCrawler's AdaptiveScheduler
with the bounds of ours (last interval halved where something had changed, half as long again where nothing had).
"""

from __future__ import annotations

import argparse
import random
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from archive.instants import iso, parse
from archive.store.rhythms import NewsDay, Past
from crawler.engine.rhythm import Bounds, next_look
from tests.benchmarks.measure import table

BEGIN = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BOUNDS = Bounds()
Publish = Callable[[random.Random, int], Iterator[float]]  # hours of one day on which stories appear


def hourly(r: random.Random, day: int) -> Iterator[float]:
    """A newspaper: a dozen stories from seven to ten at night, half of it on weekends."""
    yield from (r.uniform(7, 22) for _ in range(r.randint(9, 15) // (2 if day % 7 > 4 else 1)))


def busy(r: random.Random, day: int) -> Iterator[float]:
    """A press office: two to five on a working day."""
    if day % 7 < 5:
        yield from (r.uniform(8, 18) for _ in range(r.randint(2, 5)))


def daily(r: random.Random, day: int) -> Iterator[float]:
    """One on most working days."""
    if day % 7 < 5 and r.random() < 0.9:
        yield r.uniform(9, 17)


def now_and_then(r: random.Random, day: int) -> Iterator[float]:
    """Two a week, on any day."""
    if r.random() < 2 / 7:
        yield r.uniform(0, 24)


def weekly(r: random.Random, day: int) -> Iterator[float]:
    """A student paper on Thursdays."""
    if day % 7 == 3:
        yield r.uniform(10, 14)


def bursts(r: random.Random, day: int) -> Iterator[float]:
    """Half a dozen at once on Mondays."""
    if day % 7 == 0:
        at = r.uniform(9, 12)
        yield from (at + n / 20 for n in range(r.randint(4, 8)))


def monthly(r: random.Random, day: int) -> Iterator[float]:
    """A department."""
    if r.random() < 1 / 30:
        yield r.uniform(9, 17)


def terms(r: random.Random, day: int) -> Iterator[float]:
    """Two on a working day in term, nothing in July, August and three weeks of winter."""
    if not (175 <= day % 365 < 240 or day % 365 < 14 or day % 365 > 357) and day % 7 < 5:
        yield from (r.uniform(9, 17) for _ in range(r.randint(1, 3)))


def dies(r: random.Random, day: int) -> Iterator[float]:
    """Daily for two months, then nothing more."""
    if day < 60:
        yield from daily(r, day)


def wakes(r: random.Random, day: int) -> Iterator[float]:
    """Once a week for half a year, then daily."""
    yield from daily(r, day) if day > 180 else weekly(r, day)


CHARACTERS: dict[str, Publish] = {
    one.__name__: one for one in (hourly, busy, daily, now_and_then, weekly, bursts, monthly, terms, dies, wakes)
}


@dataclass(slots=True)
class Ours:
    """The rule of a crawl, told through a Past as the database would give it."""

    news: list[NewsDay] = field(default_factory=list)
    last: datetime | None = None
    due: datetime = BEGIN

    def looks(self, at: datetime) -> bool:
        """Whether it looks now."""
        return at >= self.due

    def found(self, at: datetime, stories: int) -> None:
        """What a look found."""
        if stories and self.last is not None:
            if self.news and self.news[-1].day == at.date():
                before = self.news.pop()
                self.news.append(NewsDay(before.day, before.looks + 1, before.stories + stories))
            else:
                self.news.append(NewsDay(at.date(), 1, stories))
        self.last = at
        past = Past(first_asked=iso(BEGIN), last_asked=iso(at), failing_since=None, news=tuple(self.news[-400:]))
        then = next_look(past, BOUNDS)
        self.due = parse(then.at) - then.early if then.at else at


@dataclass(slots=True)
class Always:
    """A look whenever the timer goes off."""

    def looks(self, at: datetime) -> bool:
        """Whether it looks now."""
        return True

    def found(self, at: datetime, stories: int) -> None:
        """What a look found."""


@dataclass(slots=True)
class StormCrawler:
    """AdaptiveScheduler: rates of a half, a first interval of a day."""

    interval: timedelta = DAY
    due: datetime = BEGIN

    def looks(self, at: datetime) -> bool:
        """Whether it looks now."""
        return at >= self.due

    def found(self, at: datetime, stories: int) -> None:
        """What a look found."""
        self.interval *= 0.5 if stories else 1.5
        self.interval = min(max(self.interval, BOUNDS.least), BOUNDS.most)
        self.due = at + self.interval


RULES: dict[str, Callable[[], Ours | Always | StormCrawler]] = {
    "every time": Always,
    "StormCrawler": StormCrawler,
    "campuswarc": Ours,
}


@dataclass(slots=True)
class Tally:
    """What a rule did."""

    looks: int = 0
    stories: int = 0
    soon: int = 0  # seen within twice the site's own gap

    def add(self, other: Tally) -> None:
        """Sum up."""
        self.looks, self.stories, self.soon = (
            self.looks + other.looks,
            self.stories + other.stories,
            self.soon + other.soon,
        )

    @property
    def share(self) -> float:
        """Of stories that were seen soon."""
        return self.soon / self.stories if self.stories else 1.0


def published(publish: Publish, seed: str, days: int) -> list[datetime]:
    """When stories of one site appear."""
    r = random.Random(seed)
    return sorted(BEGIN + DAY * day + HOUR * hour for day in range(days) for hour in publish(r, day))


def own_gap(stories: list[datetime]) -> timedelta:
    """Mean time between two stories; the longest fiftieth, holidays and the like, left out."""
    gaps = sorted(later - earlier for earlier, later in pairwise(stories))
    gaps = gaps[: max(1, len(gaps) - len(gaps) // 50)]
    return sum(gaps, timedelta(0)) / len(gaps) if gaps else DAY


def lived(rule: Ours | Always | StormCrawler, stories: list[datetime], days: int, every: timedelta) -> Tally:
    """One site by one rule."""
    seen, tally = 0, Tally()
    soon = max(2 * own_gap(stories), every)
    at = BEGIN
    while at < BEGIN + DAY * days:
        if rule.looks(at):
            there = bisect_right(stories, at)
            tally.looks += 1
            tally.stories += there - seen
            tally.soon += sum(at - story <= soon for story in stories[seen:there])
            rule.found(at, there - seen)
            seen = there
        at += every
    return tally


def simulated(sites: int, days: int, every: timedelta) -> dict[str, dict[str, Tally]]:
    """By rule and character."""
    found = {rule: {name: Tally() for name in CHARACTERS} for rule in RULES}
    for n in range(sites):
        name = list(CHARACTERS)[n % len(CHARACTERS)]
        stories = published(CHARACTERS[name], f"{name} {n}", days)
        for rule, make in RULES.items():
            found[rule][name].add(lived(make(), stories, days, every))
    return found


def whole(by_character: dict[str, Tally]) -> Tally:
    """Of all characters."""
    tally = Tally()
    for one in by_character.values():
        tally.add(one)
    return tally


def main() -> None:
    """Print looks and how many stories were seen within twice the site's own gap."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=1000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--hours", type=int, default=1)
    asked = parser.parse_args()
    found = simulated(asked.sites, asked.days, timedelta(hours=asked.hours))
    every = whole(found["every time"])
    rows = []
    for name in [*CHARACTERS, "all"]:
        row = [name]
        for rule in RULES:
            tally = whole(found[rule]) if name == "all" else found[rule][name]
            base = every if name == "all" else found["every time"][name]
            row += [f"{tally.looks:,} ({tally.looks / base.looks:.3f})", f"{tally.share:.3f}"]
        rows.append(row)
    sys.stdout.write(f"{asked.sites} sites, {asked.days} days, a timer every {asked.hours} h\n")
    heads = [head for rule in RULES for head in (rule, "soon")]
    sys.stdout.write(table(["looks, and stories seen within twice the site's own gap", *heads], rows) + "\n")


if __name__ == "__main__":
    main()
