"""The scheduler alone, without sockets, at 100,000 sites of one listing each: `make bench-schedule`.

Each row is handed out once, answered and settled at once: what a morning costs beside fetching and reading. CPU seconds
of this process, its peak memory at the end.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import cast

from archive.instants import iso, now
from archive.store.frontier import Found
from archive.store.store import Archive
from crawler.engine.scheduler import FrontierScheduler
from crawler.engine.session import Session
from crawler.intake.site_rows import enrol
from spiders import catalogue
from spiders.news_spider import NewsSpider
from spiders.site import Site
from tests.benchmarks.corpus import sites_toml

EXCHANGES = 500


@contextmanager
def told(what: str, per: int = 0) -> Iterator[None]:
    """Prints what the block cost."""
    begun = time.process_time()
    yield
    spent = time.process_time() - begun
    each = f", {spent / per * 1e6:.0f} µs each" if per else ""
    sys.stdout.write(f"{what}: {spent:.2f} s of CPU{each}\n")
    sys.stdout.flush()


def session(archive: Archive, sites: dict[str, Site]) -> Session:
    """As much of one as a scheduler asks for."""
    crawl = SimpleNamespace(window=1000)
    readers = SimpleNamespace(full=False, apart=lambda site: False)
    return cast(
        Session,
        SimpleNamespace(
            config=SimpleNamespace(crawl=crawl),
            sites=sites,
            archive=archive,
            limit=None,
            over_budget={},
            exchanges=EXCHANGES,
            readers=readers,
            delay=lambda site: 1.0,
        ),
    )


def drain(scheduler: FrontierScheduler, archive: Archive, later: str) -> int:
    """Everything that is due, some hundreds at a time as exchanges allow; how much it was."""
    count = 0
    while True:
        some = []
        while len(some) < EXCHANGES and (request := scheduler.next_request()) is not None:
            some.append(request.meta["task"])
        if not some:
            return count
        for task in some:
            scheduler.answered(task.site, task.url)
            archive.frontier.settle(task.url, "done", at=task.first_seen, due=later, looks=1)
            scheduler.settled(task.site, task.url, more=False)
        count += len(some)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=100_000)
    count = parser.parse_args().sites
    with TemporaryDirectory(prefix="bench-schedule-") as place:
        archive = Archive(Path(place), info={"software": "bench"})
        with told(f"sites.toml of {count:,} sites", count):
            sites = catalogue.parse(sites_toml(count), "sites.toml")
        at = iso(now())
        text = sites_toml(count).encode()
        with told("entered", count):
            enrol(archive, sites, at, text=text)
        for how, said in (("edited", text + b"#"), ("as they are", text + b"#")):
            with told(f"entered again by a later run, {how}", count):
                archive.sites.entered = None
                enrol(archive, sites, at, text=said)
        with told("their first listings due", count):
            archive.frontier.add(
                (Found(url=one.listings[0].url, site=one.id, kind="listing") for one in sites.values()), at
            )
            archive.commit()
        with told("a scheduler", count):
            scheduler = FrontierScheduler(session(archive, sites))
            scheduler.open(cast(NewsSpider, SimpleNamespace(parse=None, failed=None)))
        with told("all handed out, answered and settled", count):
            found = drain(scheduler, archive, iso(now() + timedelta(hours=6)))
        if found != count:
            raise SystemExit(f"{found:,} of {count:,} were handed out")
        with told("asked whether anything is left, with nothing due"):
            scheduler.has_pending_requests()
        with told("a look for what has come due, with nothing due"):
            archive.frontier.stirred(at, iso(now()))
        archive.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    sys.stdout.write(f"peak {peak:.0f} MB\n")


if __name__ == "__main__":
    main()
