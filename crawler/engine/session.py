"""One crawl of one archive: everything its Scrapy components share."""

from __future__ import annotations

import asyncio
import logging
import signal
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from shutil import disk_usage
from time import monotonic
from typing import TYPE_CHECKING, Protocol

from archive.guarded import StorageFailure
from archive.instants import iso, now, parse
from archive.store.ahead import ahead
from archive.store.meant import meant
from archive.store.problems import CERTIFICATE, HOST_FAILED, Problem
from archive.store.store import Archive
from archive.warc import reader
from archive.warc.history import RUN, SITES
from archive.warc.record_fields import warc_date
from crawler import config
from crawler.adding import edits, entries
from crawler.archive_folder import DERIVED, ArchiveFolder
from crawler.config import Config
from crawler.engine import interruption
from crawler.engine.choice import Choice
from crawler.engine.host_outcomes import HostOutcomes
from crawler.engine.network_loss import judge
from crawler.engine.rhythm import bounds_of, next_look
from crawler.engine.run_log import RunLog
from crawler.engine.writing import open_archive, schedule_of
from crawler.exits import STORAGE
from crawler.history.crash_recovery import mend
from crawler.history.host_rights import note_host_rights
from crawler.history.known_elsewhere import KnownElsewhere
from crawler.history.run_record import RunRecord, seed_listing
from crawler.intake import Intake
from crawler.intake.site_rows import enrol
from crawler.net.descriptors import exchanges
from crawler.reporting import acknowledged
from crawler.reporting.own_network import OwnNetwork
from crawler.workers.readers import Readers
from crawler.workers.renderer import Renderer
from spiders import catalogue
from spiders.site import Site
from spiders.tables import ConfigError, decoded

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)
_AHEAD = timedelta(hours=1)  # that a crawl may have begun in the future: clocks are set right by minutes
_GRACE = 1.0  # seconds for marking near-duplicates once a stop was asked for; what is left is done by the next crawl
_LOOKING = 120.0  # seconds a run may look for near-duplicates; what is left is looked at in the next one


_ATTRIBUTE = "campuswarc"  # of Scrapy's crawler, which has no place of its own for a session


class Interrupted(Exception):
    """A signal came before the run began; what an earlier run left unread and was not yet read stays so."""


class RowSource(Protocol):
    """What hands out the rows of the frontier, as far as the other parts of a crawl know it: the scheduler."""

    def answered(self, site: str, url: str, size: int = 0) -> None:
        """A row's page of as many bytes has come; it may have to wait to be read."""

    def settled(self, site: str, url: str, *, more: bool = True) -> None:
        """A row is done with; `more`: other rows may have become due."""

    def stop(self) -> None:
        """Hand out nothing more."""


class Session:
    """An open archive with its configuration, the chosen sites, and what this run has done so far."""

    def __init__(
        self,
        home: ArchiveFolder,
        chosen: Choice | Sequence[str] = (),
        *,
        at_once: bool = False,
        strict: bool = True,
        full: bool = False,
        limit: int | None = None,
        readers: int | None = None,
    ) -> None:
        """Check everything, then open; `at_once` asks for listings whatever their interval. Raises ConfigError,
        archive.store.lock.Locked, StorageFailure where the disk has too little room, and Interrupted before anything is
        fetched."""
        self.home = home
        self.config: Config = config.load(home.config)
        self.left_out: dict[str, str] = {}  # sites whose tables are wrong, and what is
        self.all_sites, self._toml = self._configured(strict)
        self.choice = chosen if isinstance(chosen, Choice) else Choice(ids=chosen)
        self.sites, self._at_once = self.choice.of(self.all_sites, home), at_once
        if not self.config.operator.contact:
            raise ConfigError(f"{home.config}: operator: contact is empty; say whom a webmaster can write to")
        if not (home.database.exists() and home.database.stat().st_size) and any(home.warc.rglob("*.warc.gz*")):
            raise ConfigError(
                f"{home.database} is missing or empty beside the records it was made of: run"
                f" `{home.typed('campuswarc rebuild')}`"
            )
        if said := self.lacks_room():
            raise StorageFailure(said)
        if interruption.asked():
            raise Interrupted
        self.acknowledged = acknowledged.load(home.acknowledged)
        self.limit = limit
        self.exchanges = exchanges(self.config.crawl.exchanges)
        self.renderer = Renderer()  # launched when a page is to be drawn
        self.readers = Readers(self.all_sites, self.config.crawl.readers if readers is None else readers)
        try:
            self.archive = open_archive(home, self.config)
        except BaseException:
            self.readers.close()
            raise
        self.intake = Intake(self.archive, schedule_of(self.config))
        self.recall = KnownElsewhere(self.archive, home.warc, self.intake, logger.warning)
        self.hosts = HostOutcomes()
        self.log = RunLog()
        self.untrusted: dict[str, str] = {}  # origins whose certificate cannot be trusted, and why; kept by the fetcher
        self.over_budget: dict[str, str] = {}  # sites of which no more is asked for today, and why
        self.problem: BaseException | None = None  # what of our own broke and ended the run
        self.wrong: list[str] = []  # at the end of the run: what an operator has to look at
        self.broken = 0  # sites of which something is
        self.offline = False  # our own network failed
        self.ending: str | None = None  # why the run is being ended early
        self.abort: Callable[[], None] | None = None  # ends the exchanges in flight; set by the download handler
        self.exit_code: int | None = None
        self.row_source: RowSource  # set by the scheduler when Scrapy makes it, before anything is asked for
        self.closing: asyncio.Task[None] | None = None  # of the crawl; held, lest it be collected
        mend(self.archive, self.intake, self.recall, self.all_sites, enough=interruption.asked)
        kept = self.archive.withholding.names("site", ("blocked", "removed"))  # nobody is to see what they write
        self.sites = {id_: site for id_, site in self.sites.items() if id_ not in kept}
        if interruption.asked():
            self._give_up()
            raise Interrupted
        self.noticed = [*self._vanished(), *self._odd_times()]  # told whatever becomes of the run
        self._begin(full, self._asked())

    def _vanished(self) -> list[str]:
        """Sites that were crawled until now and whose tables are gone from sites.toml without `campuswarc retire`, in
        words. Raises ConfigError where all are: then it is more likely to be the wrong file."""
        if self._toml.startswith(DERIVED):  # of a shard: its sites lie in another one now
            return []
        listings = {seed.url for site in self.all_sites.values() for seed in site.listings}
        gone = [
            id_
            for id_, urls in self.archive.sites.active().items()
            if id_ not in self.all_sites
            and id_ not in self.left_out
            and listings.isdisjoint(urls)  # else it has another id now
            and not edits.is_retired(self._toml, id_)
        ]
        if gone and not self.all_sites:
            self._give_up()
            raise ConfigError(
                f"{self.home.sites} names no site, and this archive crawls {len(gone)}: is it the right file?"
                f" `{self.home.typed('campuswarc retire SITE')}` is for sites that are to be crawled no more"
            )
        return [
            f"{id_}: its table is gone from {self.home.sites}: it is crawled no more, its articles stay" for id_ in gone
        ]

    def _odd_times(self) -> list[str]:
        """A clock that has gone back, and a database that is older than its records, in words."""
        found, at = [], now()
        last = self.archive.runs.latest()
        if last is not None and parse(last) - at > _AHEAD:
            said = f"the clock of this machine says {iso(at)[:16]}Z, an earlier crawl began at {last[:16]}Z"
            found.append(f"{said}: if it is wrong, what is fetched bears a false time")
        if newer := ahead(self.archive.db, self.archive.warc_folder):
            found.append(
                f"{len(newer)} WARC files hold pages that news.db knows nothing of, such as warc/{newer[0]}: it is an"
                f" older copy; {self.home.typed('campuswarc rebuild --yes')} makes it of all of them"
            )
        return found

    def _asked(self) -> set[str]:
        """The addresses that alone are asked for, as the archive knows them. Raises ConfigError where it knows none."""
        listings = {seed.url for site in self.sites.values() for seed in site.listings}
        asked = {url if url in listings else meant(self.archive.db, url) for url in self.choice.addresses}
        unknown = sorted(url for url in asked - listings if self.archive.frontier.get(url) is None)
        for url in unknown:
            logger.warning("%s is not known: no listing has named it, and it is not asked for", url)
        if asked and len(unknown) == len(asked):
            self._give_up()
            raise ConfigError("none of these addresses is known; nothing was asked for")
        return asked - set(unknown)

    def _give_up(self) -> None:
        """Close all, before the run has begun."""
        self.readers.close()
        self.archive.close()

    def _configured(self, strict: bool) -> tuple[dict[str, Site], bytes]:
        """The sites, and the file as it is kept in the WARC; unless `strict`, without tables that are wrong where
        others are right: their sites are as if they were not configured in this run."""
        path = self.home.sites
        if not strict and path.exists():
            content = path.read_bytes()
            found, self.left_out = catalogue.sound(decoded(content, path), str(path))
            if found and self.left_out:
                content = edits.without(content, self.left_out, path)
                if entries.parsed(content, path) == found:
                    return found, content
        self.left_out = {}
        return catalogue.load(path), path.read_bytes()

    def _begin(self, full: bool, asked: set[str]) -> None:
        """Enter the run, the sites and the listings that are due, or those `asked` for alone; keep all of it in the
        WARC, whose times count."""
        archive = self.archive
        before = archive.runs.last()
        self.begun = iso(now())
        archive.run = archive.runs.begin(self.begun)
        text, begun = self._toml, ""
        place = archive.runs.configured_at(before)
        if place is not None and _holds(archive, place, text):
            at = begun = warc_date(now())
        else:
            kept = archive.record_resource(SITES, "application/toml", text)
            place, at = (kept.warc, kept.offset), kept.fetched_at
        archive.runs.began(archive.run, whole=full, warc=place[0], offset=place[1])
        enrol(archive, self.all_sites, at, text=text)
        seeds = [
            (site.id, seed.url)
            for site in self.sites.values()
            for seed in site.listings
            if (seed.url in asked if asked else full or self._is_due(site, seed.url, at))
        ]
        self.seeds = tuple(url for _, url in seeds)
        self._fates = archive.listings.fates(self.seeds)
        archive.record_resource(
            RUN, "application/json", RunRecord(archive.run, full, *place, self.seeds, begun).payload()
        )
        for url in asked - {url for _, url in seeds}:
            archive.frontier.look_now(at, url=url)
        for site_id, url in seeds:
            seed_listing(archive, url, site_id, at, whole=full)
        for remark in archive.remarks:
            logger.warning("%s", remark)
        archive.commit()

    def _is_due(self, site: Site, url: str, at: str) -> bool:
        if self._at_once:
            return True
        past = self.archive.rhythms.past(url)
        return next_look(past, bounds_of(site)).due(parse(at), past.last_asked)

    def lacks_room(self) -> str:
        """Whether less of the disk is free than the configuration wants, in words with the cure; else empty."""
        floor = self.config.storage.free_disk_mb * 1_000_000
        free = disk_usage(self.home.folder).free if floor else 0
        if not floor or free >= floor:
            return ""
        return (
            f"{self.home.folder}: {free / 1e6:.0f} MB are free, storage.free_disk_mb wants {floor / 1e6:.0f}: make room"
            f" ({self.home.typed('campuswarc storage')} says what takes it; docs/howto/disk-full.md), or lower it in"
            " campuswarc.toml"
        )

    def delay(self, site: Site) -> float:
        """Seconds between two requests to a host of that site."""
        return self.config.politeness.delay if site.delay is None else site.delay

    def lost_network(self, problems: Iterable[Problem]) -> OwnNetwork | None:
        """Whether our own network failed in this run; what it is to be blamed for leaves no mark then."""
        found = judge(self.archive, self.begun, self._fates, self.hosts, problems, self.untrusted)
        if found is not None and found.clock:
            self.untrusted.clear()
        return found

    def note_failing_hosts(self) -> dict[str, list[str]]:
        """Enter the hosts none of whose stories could be read in this run; by site, in words."""
        found: dict[str, list[str]] = {}
        for site, origin, detail in self.hosts.failing():
            self.archive.failures.add(
                url=f"{origin}/", site=site, run=self.archive.run, kind=HOST_FAILED, detail=detail, at=iso(now())
            )
            found.setdefault(site, []).append(f"{origin}/: {detail}")
        return found

    def note_certificates(self) -> None:
        """Enter the servers that were asked though their certificate cannot be trusted."""
        for origin, detail in self.untrusted.items():
            owners = (
                site.id for site in self.sites.values() if any(seed.url.startswith(origin) for seed in site.listings)
            )
            for site in owners:
                if self.archive.failures.last(site, origin, CERTIFICATE) != detail:
                    self.archive.failures.add(
                        url=origin, site=site, run=self.archive.run, kind=CERTIFICATE, detail=detail, at=iso(now())
                    )

    def close(self, reason: str, exit_code: int) -> None:
        """Enter the end of the run, commit, close. Harmless when repeated."""
        if self.exit_code is not None:
            return
        self.readers.close()
        self.renderer.close()
        archive = self.archive
        if self.problem is None:
            counts = {site: dict(count) for site, count in self.intake.counts.items()}
            try:
                with _until_asked(_GRACE if reason == "shutdown" else _LOOKING) as enough:
                    archive.near.update(enough)
                note_host_rights(archive, archive.warc_folder)
                archive.runs.end(archive.run or 0, at=iso(now()), reason=reason, exit_code=exit_code, counts=counts)
                archive.close()
            except (OSError, sqlite3.Error) as problem:
                logger.critical("cannot close the archive: %s", problem)
                self.problem = problem
        self.exit_code = exit_code
        if self.problem is not None:  # what was not acknowledged does not count: the next start mends and indexes it
            self.exit_code = STORAGE
            archive.abandon()


def _holds(archive: Archive, place: tuple[str, int], text: bytes) -> bool:
    """Whether the record there is that configuration."""
    try:
        return reader.read(archive.warc_folder, *place).block == text
    except (reader.DamagedRecord, OSError):
        return False


@contextmanager
def _until_asked(seconds: float) -> Iterator[Callable[[], bool]]:
    """Whether work that can wait should end: `seconds` have passed, or a signal has come since, which no event loop
    hears now."""
    end = monotonic() + seconds
    asked: list[int] = []
    before = {
        number: signal.signal(number, lambda got, _: asked.append(got)) for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield lambda: bool(asked) or monotonic() > end
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def session_of(crawler: Crawler) -> Session:
    """The session a Scrapy crawler works for; opened from its settings on first use (`scrapy crawl SITE`)."""
    session: Session | None = getattr(crawler, _ATTRIBUTE, None)
    if session is None:
        settings = crawler.settings
        limit = settings.getint("CAMPUSWARC_LIMIT")
        session = Session(
            ArchiveFolder(Path(settings.get("CAMPUSWARC_HOME", "."))),
            settings.getlist("CAMPUSWARC_SITES"),
            full=settings.getbool("CAMPUSWARC_FULL"),
            limit=limit or None,
        )
        attach(session, crawler)
    return session


def attach(session: Session, crawler: Crawler) -> None:
    """Have a Scrapy crawler work for that session: the one place that knows how the two are joined."""
    setattr(crawler, _ATTRIBUTE, session)
