"""How each site fares. Silence is failure: what should have come and did not is named."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from archive.article import DOUBTFUL
from archive.instants import iso, parse
from archive.store.breaks import told_together
from archive.store.problems import (
    Problem,
    failing_hosts,
    held,
    incomplete_listings,
    silent,
    undrawn_sites,
    unread_listings,
    untrusted_listings,
)
from archive.store.stalled import stalled

if TYPE_CHECKING:
    from sqlite_utils import Database


_LEAST = timedelta(days=7)  # nobody is silent before
_READ = 2000  # of a site's stories, the newest: a site that publishes a hundred a day is judged by twenty days
_KNOWN = 10  # gaps between days with news, from which a rhythm is one
_UNKNOWN = 60  # days, where the rhythm of a site is not known
_YEAR = timedelta(days=364)  # of whole weeks
_SHIFT = timedelta(days=7)  # by which terms begin sooner or later than a year ago
_TERM = timedelta(days=60)
_NEARLY = 0.5  # of the days from which a site is silent


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteHealth:
    """One site's state."""

    site: str
    articles: int
    gone: int
    due: int
    failed: int
    blocked: int
    refused: int
    doubtful: int
    last_ok: str | None
    last_new: str | None
    found: tuple[Problem, ...]

    @property
    def wrong(self) -> bool:
        """Whether anything is."""
        return any(problem.counts for problem in self.found)

    @property
    def problems(self) -> tuple[str, ...]:
        """What is wrong, a line each."""
        return tuple(problem.line for problem in self.found if problem.counts)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a person may want to know, though the site is read: a line each."""
        return tuple(problem.line for problem in self.found if not problem.counts)

    def as_dict(self) -> dict[str, Any]:
        """For JSON; what is wrong, and remarks, under `problems`, with keys of their own."""
        row = asdict(self)
        del row["found"]
        return row | {"problems": [problem.as_dict() for problem in self.found]}


def health(db: Database, silent_days: Mapping[str, int | None], at: datetime) -> list[SiteHealth]:
    """All active sites; `silent_days` says by site after how many days without a new article it counts as silent,
    None by its own rhythm."""
    articles = _by_site(db, "select site, count(*) from articles group by site")
    lost = _by_site(db, "select site, sum(state = 'gone') from articles where state in ('gone', 'moved') group by site")
    doubtful = _by_site(db, f"select site, count(*) from articles where {DOUBTFUL} group by +site")
    due = _by_site(db, "select site, count(*) from frontier where due is not null and due <= ? group by site", iso(at))
    failed, blocked, refused = (
        _by_site(db, "select site, count(*) from frontier where state = ? group by site", state)
        for state in ("failed", "blocked", "refused")
    )
    read = {
        row[0]: row[1:]
        for row in db.execute("select site, max(last_ok), max(last_new) from listings group by site").fetchall()
    }
    wrong = (unread_listings(db), held(db), incomplete_listings(db), failing_hosts(db, at))
    untrusted, undrawn = untrusted_listings(db), undrawn_sites(db)
    active = dict(db.execute("select id, country from sites where state = 'active' order by id").fetchall())
    silences: dict[str, list[Problem]] = {}
    by_rhythm, nearly = [], {}
    last = {
        site: parse(new)
        for site, (_, new) in read.items()
        if new and site in active and articles.get(site) and silent_days.get(site, 0) != 0
    }
    usual = rhythms(db, [site for site, new in last.items() if silent_days[site] is None and at - new >= _LEAST])
    rested = _rested(
        db, {site: last[site] for site, days in usual.items() if at - last[site] > timedelta(days=days)}, at
    )
    for site, new in last.items():
        days, since = silent_days[site], str(read[site][1])
        least = days or usual.get(site)
        share = (at - new) / timedelta(days=least) if least else (at - new) / _LEAST / 2
        told = [silent(site, since, least)] if least and share > 1 and site not in rested else []
        if days is not None or any(site in by_site for by_site in wrong):
            silences[site] = told  # of a site with a trouble of its own nobody knows whether it rests
        elif told:
            by_rhythm += told
        elif share > _NEARLY:
            nearly[site] = since
    silences |= told_together(by_rhythm, nearly, active, at)
    quiet = {site for site, days in silent_days.items() if days == 0} | {
        site for site, told in silences.items() if told
    }
    standing = stalled(db, last, quiet, lambda days: _unusual(days) if len(days) > _KNOWN else None, at)
    found = []
    for site in active:
        last_ok, last_new = read.get(site, (None, None))
        found.append(
            SiteHealth(
                site=site,
                articles=articles.get(site, 0),
                gone=lost.get(site, 0),
                due=due.get(site, 0),
                failed=failed.get(site, 0),
                blocked=blocked.get(site, 0),
                refused=refused.get(site, 0),
                doubtful=doubtful.get(site, 0),
                last_ok=last_ok,
                last_new=last_new,
                found=(
                    *(problem for by_site in wrong for problem in by_site.get(site, ())),
                    *silences.get(site, ()),
                    *standing.get(site, ()),
                    *untrusted.get(site, ()),
                    *undrawn.get(site, ()),
                ),
            )
        )
    return found


def _rested(db: Database, last_news: Mapping[str, datetime], at: datetime) -> set[str]:
    """The sites that were as silent a year ago at this time: they had news before, and none until about this day."""
    asked = []
    for site, last_new in last_news.items():
        begun, until = last_new - _YEAR + _SHIFT, at - _YEAR - _SHIFT
        if until - begun < _LEAST:
            begun, until = last_new - _YEAR, at - _YEAR
        asked.append((site, *(one.date().isoformat() for one in (begun - _TERM, begun, until))))
    given = [f"json_extract(value, '$[{n}]')" for n in range(4)]
    found = db.execute(
        f"select {given[0]} from json_each(?) where (select max(published) from articles where site = {given[0]}"
        f" and published >= {given[1]} and published < {given[3]}) < {given[2]}",
        [json.dumps(asked)],
    ).fetchall()
    return {site for (site,) in found}


def rhythms(db: Database, sites: Sequence[str]) -> dict[str, int]:
    """Days without news that are unusual for each of the sites: six times its usual gap, or half as long again as its
    longest, of the last hundred days on which it published; where few are known, what `_UNKNOWN` says."""
    stories = "select published from articles where site = value and length(published) >= 10 order by published desc"
    newest = f"select distinct substr(published, 1, 10) as day from ({stories} limit {_READ}) order by 1 desc limit 100"
    # of all sites at once: ten thousand questions cost ten times as much
    days = db.execute(
        f"select value, (select group_concat(day) from ({newest})) from json_each(?)", [json.dumps(sites)]
    )
    return {
        site: _unusual(sorted(map(date.fromisoformat, said.split(",")))) if said else _UNKNOWN
        for site, said in days.fetchall()
    }


def _unusual(days: list[date]) -> int:
    gaps = sorted((later - earlier).days for earlier, later in pairwise(days))
    if len(gaps) < _KNOWN:
        return _UNKNOWN
    return max(_LEAST.days, 6 * gaps[len(gaps) // 2], gaps[-1] + gaps[-1] // 2)


def _by_site(db: Database, sql: str, *values: Any) -> dict[str, int]:
    return dict(db.execute(sql, list(values)).fetchall())
