"""A year of many sites with planted breakages, through the rows, the rhythm, the judging and the reports: `make year`.

The clock is simulated and nothing is fetched: what a site would answer (`tests.benchmarks.sites_of_a_year`) is recorded
in WARC files and handed to the same intake as in a crawl, rows become due by the same statements, and each morning the
report is made as `campuswarc report` makes it. Printed: what the reports told of each breakage and when, what they told
falsely, how many mails and lines a person read, looks, requests and bytes; the same year at a fixed interval beside it.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from archive.instants import iso
from archive.store.frontier import Task
from archive.store.health import health
from archive.store.problems import unread_listings
from archive.store.store import Archive, Limits
from crawler.commands.report import lost_network
from crawler.engine.host_outcomes import HostOutcomes
from crawler.engine.network_loss import judge
from crawler.engine.rhythm import Bounds, next_look
from crawler.history.run_record import seed_listing
from crawler.intake import Intake, Visit
from crawler.intake.site_rows import enrol
from crawler.reporting.digest import Digest, digest, earlier, remember
from crawler.reporting.formats import text
from spiders.findings import Trouble
from tests.benchmarks.measure import table
from tests.benchmarks.rhythm import BEGIN, DAY, HOUR
from tests.benchmarks.sites_of_a_year import CAUSES, World

EVERY = 6 * HOUR  # as docs/operating.md has cron call `crawl`
RULES = {"own rhythm": None, "every 6 h": timedelta(0)}
_A_MINUTE = 15  # lines that a person reads and judges in one
_RECOVERY = 10 * DAY  # until it may have been seen that a site is well again


@dataclass(slots=True)
class Told:
    """What the reports of a year said of one site."""

    first: dict[str, datetime] = field(default_factory=dict)  # by reason
    times: Counter[str] = field(default_factory=Counter)  # as news, by reason
    well: list[datetime] = field(default_factory=list)


@dataclass(slots=True)
class Year:
    """What came of it."""

    told: dict[str, Told] = field(default_factory=dict)
    mails: int = 0
    lines: int = 0
    network: int = 0  # mornings on which it was said to be our own
    looks: int = 0
    requests: int = 0
    stories: int = 0
    bytes: int = 0


def lived(folder: Path, world: World, days: int, fixed: timedelta | None) -> Year:
    """The year of these sites in a new archive."""
    folder.mkdir()
    archive = Archive(folder, info={"software": "year"}, limits=Limits(commit_captures=10**9, commit_seconds=10**9))
    intake, year = Intake(archive), Year()
    enrol(archive, world.sites, iso(BEGIN))
    at, end = BEGIN, BEGIN + days * DAY
    while at < end:
        _run(archive, intake, world, at, Bounds(fixed=fixed), year)
        if at.hour == 6:
            archive.commit()
            _report(archive, folder / "reports.jsonl", world, at + HOUR, year)
        at += EVERY
    archive.close()
    year.bytes = sum(path.stat().st_size for path in (folder / "warc").rglob("*.warc.gz"))
    return year


def _run(archive: Archive, intake: Intake, world: World, at: datetime, bounds: Bounds, year: Year) -> None:
    """One crawl: listings that are due, and what comes of them, until nothing is due."""
    archive.run = archive.runs.begin(iso(at))
    archive.runs.began(archive.run, whole=False)
    hosts, asked = HostOutcomes(), set()
    before = archive.listings.fates(site.listings[0].url for site in world.sites.values())
    for site in world.sites.values():
        url = site.listings[0].url
        past = archive.rhythms.past(url)
        if next_look(past, bounds).due(at, past.last_asked):
            seed_listing(archive, url, site.id, iso(at), whole=False)
            asked.add(url)
            year.looks += 1
        moment = at
        while tasks := archive.frontier.due(site.id, iso(moment), 100):
            for task in tasks:
                moment += timedelta(seconds=1)
                visit = _asked(archive, world, task, moment)
                year.requests += 1
                intake.take(visit)
                hosts.note(site, task, visit.reading)
    fates = {url: fate for url, fate in before.items() if url in asked}
    problems = [one for found in unread_listings(archive.db).values() for one in found]
    network = judge(archive, iso(at), fates, hosts, problems, {})
    for site_id, origin, said in () if network else hosts.failing():
        archive.failures.add(
            url=f"{origin}/", site=site_id, run=archive.run, kind="host_failed", detail=said, at=iso(at)
        )
    archive.runs.end(archive.run, at=iso(at), reason="finished", exit_code=0, counts={})
    year.stories = sum(count["new"] for count in intake.counts.values())


def _asked(archive: Archive, world: World, task: Task, at: datetime) -> Visit:
    """What the site answers, recorded as a crawl records it."""
    site = world.sites[task.site]
    reading, exchange = world.answer(task, at, conditional=bool(task.etag) and archive.backs(task.url))
    capture = None
    if exchange is not None:
        capture, _ = archive.record(exchange)
    well = exchange is not None and exchange.status == 200 and not isinstance(reading, Trouble)
    return Visit(
        url=task.url,
        site=site,
        kind=task.kind,
        at=iso(at),
        reading=reading,
        capture_id=capture,
        etag=world.etag(task, at) if well else None,
    )


def _report(archive: Archive, path: Path, world: World, at: datetime, year: Year) -> None:
    """The report of a morning, as the command makes it; mailed where it holds news."""
    rows = health(archive.db, {id_: site.silent_days for id_, site in world.sites.items()}, at)
    before = earlier(path, None)
    begun = dict(archive.db.execute("select id, first_seen from sites").fetchall())
    network = lost_network(archive.db)
    told = digest(rows, world.sites, (), before, begun, at, network=network)
    remember(path, told, before)
    year.network += bool(told.network)
    if told.news and before:  # the first tells of all sites that they are new
        year.mails += 1
        year.lines += len(text(told).splitlines())
    for site, reason in _news(told):
        one = year.told.setdefault(site, Told())
        one.first.setdefault(reason, at)
        one.times[reason] += 1
    for gone in told.recovered:
        year.told.setdefault(gone["site"], Told()).well.append(at)


def _news(told: Digest) -> Iterator[tuple[str, str]]:
    """Site and reason of what a report tells for the first time."""
    for cause in told.newly:
        for problem in cause.problems:
            yield problem.site, problem.reason
    for cause in told.suspect:
        for problem in cause.problems:
            if (problem.since or "") > told.since:
                yield problem.site, problem.reason
    for site in told.fallen_silent:
        yield site, "silent"


@dataclass(slots=True)
class Judged:
    """One planted breakage, and what the reports made of it."""

    site: str
    kind: str
    right: bool
    once: bool
    days: float | None  # from the first look that met it; None where nothing was told
    since: float | None  # from its beginning
    recovered: bool | None  # None where it did not end


def judged(world: World, year: Year, end: datetime) -> list[Judged]:
    """Of every breakage."""
    found = []
    for fault in world.faults:
        told = year.told.get(fault.site, Told())
        reasons = [
            reason for reason, at in told.first.items() if at >= fault.begins and reason.startswith(CAUSES[fault.kind])
        ]
        first = min((told.first[reason] for reason in reasons), default=None)
        met = world.met.get(fault.site)
        found.append(
            Judged(
                site=fault.site,
                kind=fault.kind,
                right=bool(reasons),
                once=all(told.times[reason] == 1 for reason in reasons),
                days=(first - met) / DAY if first and met else None,
                since=(first - fault.begins) / DAY if first else None,
                recovered=None if fault.ends is None or fault.ends > end - _RECOVERY else bool(told.well),
            )
        )
    return found


def false_alarms(world: World, year: Year) -> list[tuple[str, str, str]]:
    """Site, character and reason of what was told of sites that were well, or by another name."""
    faulty = {fault.site: fault for fault in world.faults}
    return [
        (site, world.character[site], reason)
        for site, told in year.told.items()
        for reason, at in told.first.items()
        if not (world.character[site] == "dies" and reason == "silent")  # which is the truth
        and (
            site not in faulty
            or at < faulty[site].begins
            or not reason.startswith((*CAUSES[faulty[site].kind], "silent"))
        )
    ]


def main() -> None:
    """Live the year by each rule and print what was told, and what it cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=200)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--only", choices=RULES)
    asked = parser.parse_args()
    rows = []
    with TemporaryDirectory(prefix="year-") as place:
        for name in [asked.only] if asked.only else RULES:
            world = World(asked.sites, asked.days)
            year = lived(Path(place) / name.replace(" ", "-"), world, asked.days, RULES[name])
            rows.append([name, f"{year.looks:,}", f"{year.requests:,}", f"{year.stories:,}", f"{year.bytes / 1e6:.1f}"])
            say(name, world, year, asked.days)
    sys.stdout.write(table(["", "looks at listings", "requests", "stories", "MB of WARC"], rows) + "\n")


def say(name: str, world: World, year: Year, days: int) -> None:
    """What the reports told, in words."""
    lines = []
    verdicts = judged(world, year, BEGIN + days * DAY)
    for kind in CAUSES:
        of = [one for one in verdicts if one.kind == kind]
        late = [one.days for one in of if one.days is not None]
        since = [one.since for one in of if one.since is not None]
        ended = [one.recovered for one in of if one.recovered is not None]
        lines.append(
            [
                kind,
                str(len(of)),
                str(sum(one.right for one in of)),
                str(sum(one.once and one.right for one in of)),
                f"{max(late):.1f}" if late else "",
                f"{max(since):.1f}" if since else "",
                f"{sum(ended)} of {len(ended)}" if ended else "",
            ]
        )
    sys.stdout.write(f"{name}: {len(world.sites)} sites\n")
    heads = ["breakage", "planted", "told rightly", "once", "days, most", "since it began", "recovery told"]
    sys.stdout.write(table(heads, lines) + "\n")
    alarms = false_alarms(world, year)
    sys.stdout.write(
        f"false alarms: {len(alarms)}{''.join(f'; {site} ({who}): {why}' for site, who, why in alarms[:10])}\n"
        f"mails: {year.mails}; lines: {year.lines}: {year.lines / _A_MINUTE / 52:.1f} minutes a week; mornings with our"
        f" own network down: {year.network}\n"
    )


if __name__ == "__main__":
    main()
