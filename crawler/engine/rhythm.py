"""When a listing is looked at again: as often as it has news, as far as the archive has watched it long enough to know.

A pure function of what the archive knows, so that years of it can be simulated (`make bench-rhythm`). StormCrawler's
AdaptiveScheduler multiplies the last interval; this one counts news, so that one lucky look changes little.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated

from archive.instants import iso, parse
from archive.store.rhythms import NewsDay, Past
from spiders.site import Site

_DAY = timedelta(days=1)
_WATCHED = 8  # nobody waits longer than an eighth of the time a listing has been watched
_SILENCE = 30  # nor, where it is silent, looks sooner than after a thirtieth of that silence
_TROUBLE = 4  # what cannot be read waits a quarter of the time for which it could not
_LOOKS, _SPAN = 20, 14 * _DAY  # the rhythm is that of as many looks with news, and of no less than that time
_SOON, _ENOUGH = 14 * _DAY, 3  # as many in the last days say that it has more news than it used to have
_ASLEEP, _RARELY = 90 * _DAY, 4  # after that time without news the longest wait grows, up to so many times itself
# weeks that show a weekday without news, days with news, every which week we look anyhow
_WEEKS, _PLAIN, _PROBE = (8, 12, 4)
_YEAR = timedelta(days=364)  # a year ago on the same weekday
_SLACK = 10  # of the wait, as much sooner will do


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What sites.toml says of a site's intervals."""

    fixed: Annotated[timedelta | None, "Between two looks, whatever the rhythm; None = by its rhythm"] = None
    least: timedelta = timedelta(hours=1)
    most: timedelta = timedelta(days=7)


def bounds_of(site: Site) -> Bounds:
    """As its table has them."""
    return Bounds(
        fixed=None if site.interval is None else timedelta(seconds=site.interval),
        least=timedelta(seconds=site.interval_min),
        most=timedelta(seconds=site.interval_max),
    )


@dataclass(frozen=True, slots=True)
class NextLook:
    """When a listing is due."""

    at: Annotated[str, "UTC; empty: now"]
    why: Annotated[str, "In words"]
    early: Annotated[timedelta, "As much sooner will do, lest a timer that comes a little early waits for its next"] = (
        timedelta(0)
    )

    def due(self, now: datetime, last: str | None) -> bool:
        """Whether that time has come, or nearly; or the last look lies ahead: a clock was set back."""
        if not self.at or last is None or parse(last) > now:
            return True
        return now >= parse(self.at) - self.early


def next_look(past: Past, bounds: Bounds) -> NextLook:
    """When a listing is looked at again, and why then."""
    if past.last_asked is None:
        return NextLook("", "it was never asked for")
    last = parse(past.last_asked)
    if bounds.fixed is not None:
        said = f"every {_said(bounds.fixed)}, as sites.toml says" if bounds.fixed else "each run, as sites.toml says"
        return NextLook(iso(last + bounds.fixed), said)
    watched = max(last - parse(past.first_asked or past.last_asked), timedelta(0))
    news = [day for day in past.news if day.day <= last.date()]
    quiet = last - (_noon(news[-1].day) if news else last - watched)
    most = min(_RARELY * bounds.most, max(bounds.most, quiet / 12)) if quiet > _ASLEEP else bounds.most
    if past.failing_since is not None:
        wait = (last - parse(past.failing_since)) / _TROUBLE
        why = f"it cannot be read since {past.failing_since[:10]}"
    else:
        wait, why = _by_news(news, last, watched, quiet)
    wait = max(bounds.least, min(wait, most))
    if watched < _DAY:
        return NextLook("", "it has been watched for less than a day")
    if wait > watched / _WATCHED:
        wait, why = watched / _WATCHED, f"it has been watched for {_said(watched)} only"
    due = last + wait
    off = _weekdays_off(news, last, watched) if past.failing_since is None else frozenset()
    if due.weekday() in off and due.isocalendar().week % _PROBE:
        while due.weekday() in off:
            due = datetime.combine(due.date() + _DAY, time(), UTC)
        due, why = min(due, last + most), f"{why}; none on {'that weekday' if len(off) == 1 else 'those weekdays'}"
    return NextLook(iso(due), why, wait / _SLACK)


def _by_news(news: list[NewsDay], last: datetime, watched: timedelta, quiet: timedelta) -> tuple[timedelta, str]:
    """The wait that a listing's news ask for."""
    begun = last - watched
    if not news:
        return 2 * watched, f"no news in {_said(watched)}"
    gap = _gap(_rhythm(news), last, begun)
    lately = [day for day in news if last - _noon(day.day) < _SOON]
    if sum(day.looks for day in lately) >= _ENOUGH:
        gap = min(gap, _gap_of(lately, _SOON))
    why = f"news every {_said(gap)}"
    wait = max(gap, quiet / _SILENCE)
    if wait > gap:
        why = f"no news in {_said(quiet)}"
    season = [day for day in news if abs(_noon(day.day) - (last - _YEAR)) < _SPAN / 2]
    if watched > _YEAR and len(season) >= _ENOUGH and (then := _gap_of(season, _SPAN)) < wait:
        wait, why = then, f"news every {_said(then)} at this time a year ago"
    return wait, why


def _rhythm(news: list[NewsDay]) -> list[NewsDay]:
    """The latest days that are enough to tell."""
    found: list[NewsDay] = []
    for day in reversed(news):
        if sum(one.looks for one in found) >= _LOOKS and found[0].day - day.day > _SPAN:
            break
        found.append(day)
    return found


def _gap(days: list[NewsDay], last: datetime, begun: datetime) -> timedelta:
    """Time between two stories since the first of those days, the silence behind the last included."""
    return _gap_of(days, max(last - max(datetime.combine(days[-1].day, time(), UTC), begun), timedelta(hours=1)))


def _gap_of(days: list[NewsDay], span: timedelta) -> timedelta:
    """Many stories at one look came at once, or came while nobody looked: a quarter of the time between such looks is
    believed at least."""
    return max(span / sum(day.stories for day in days), span / (4 * sum(day.looks for day in days)))


def _weekdays_off(news: list[NewsDay], last: datetime, watched: timedelta) -> frozenset[int]:
    """Weekdays on which nothing is found, where that is plain."""
    span = 7 * _WEEKS * _DAY
    found = [day.day.weekday() for day in news if last - _noon(day.day) < span]
    return frozenset(range(7)) - set(found) if watched > span and len(found) >= _PLAIN else frozenset()


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def _said(wait: timedelta) -> str:
    """`3 days`, `5 h`, `20 min`."""
    if wait >= 2 * _DAY:
        return f"{wait / _DAY:.0f} days"
    return (
        f"{wait / timedelta(hours=1):.0f} h" if wait >= timedelta(hours=2) else f"{wait.total_seconds() / 60:.0f} min"
    )
