"""campuswarc shards crawl"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from shlex import quote

import click

from archive.instants import now
from archive.store.db import NoDatabase
from archive.store.health import health
from crawler import config, user_agent
from crawler.archive_folder import ArchiveFolder
from crawler.commands.shards.split import complain
from crawler.exits import BROKEN_SITES, INTERRUPTED_TWICE, OK
from crawler.reporting import acknowledged
from crawler.reporting.delivery import ping
from crawler.shards import plan
from crawler.shards.dispatch import Dispatch
from crawler.shards.dividing import Divided, divide
from crawler.shards.fan_out import worst
from crawler.shards.reading import readers
from crawler.shards.task import Order, Outcome
from spiders import catalogue
from spiders.tables import ConfigError, text_of


@click.command()
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=os.cpu_count() or 1,
    show_default="one a core",
    help="Shards crawled at a time, on this machine.",
)
@click.option("--scheduler", default="", metavar="ADDRESS", help="A Dask scheduler whose workers crawl instead.")
@click.option("--max-minutes", type=click.FloatRange(min=0, min_open=True), help="For each shard, as `crawl` has it.")
@click.option("--full", is_flag=True, help="Read listings to their end, even where whole pages are known.")
@click.option("--limit", type=click.IntRange(min=1), help="Most articles to fetch of each site in this run.")
@click.option("--readers", type=click.IntRange(min=0), help="Processes that read pages beside each crawl.")
@click.option(
    "--patience",
    type=click.FloatRange(min=0),
    default=600.0,
    show_default=True,
    help="Seconds to wait for a shard that another process writes, a scheduler that is lost, a machine's worker.",
)
@click.option("--json", "as_json", is_flag=True, help="A JSON object a shard, as each ends.")
@click.option("--quiet", "-q", is_flag=True, help="Print only what is wrong.")
@click.pass_obj
def command(
    home: ArchiveFolder,
    workers: int,
    scheduler: str,
    max_minutes: float | None,
    full: bool,
    limit: int | None,
    readers: int | None,
    patience: float,
    as_json: bool,
    quiet: bool,
) -> None:
    """Crawl all shards, each by a process of its own that dies with its worker; Dask gives the shards to the workers.

    First follows sites.toml, as `split` does. A worker that dies has its shard crawled by another, from where it was.
    A shard that another process writes is waited for, and passed over in the end. Exit status: the worst of all shards
    (4 the disk refused, 1 a shard was not crawled, 3 a site is broken); 130 interrupted twice.
    """
    words = [
        *(["--max-minutes", str(max_minutes)] if max_minutes else []),
        *["--full"] * full,
        *(["--limit", str(limit)] if limit else []),
        *(["--readers", str(readers)] if readers is not None else []),
    ]
    try:
        settings = config.load(home.config)
        done = divide(home, plan.load(home))
    except ConfigError as problem:
        raise click.ClickException(str(problem)) from None
    statuses = [complain(done)]
    outcomes: list[Outcome] = []
    begun = time.monotonic()
    counts: dict[str, int] = {}

    def ended(outcome: Outcome) -> None:
        outcomes.append(outcome)
        _tell(outcome, f"{len(outcomes)} of {len(done.plan.shards)}", as_json, quiet)

    machines = {shard.name: shard.machine for shard in done.plan.shards.values() if shard.machine}
    dispatch = Dispatch(
        orders=_orders(home, done, tuple(words), patience, scheduler),
        machines=machines,
        workers=workers,
        scheduler=scheduler,
        patience=patience,
        ended=ended,
        counted=lambda shard, number: _progress(counts, shard, number, quiet or as_json),
    )
    agent = user_agent(settings.operator.contact)
    ping(settings.report.ping_url, "start", agent)
    if not scheduler:
        for shard in done.plan.elsewhere:
            said = f"it lies on {shard.machine}: campuswarc -C {quote(shard.folder)} crawl there, or --scheduler"
            ended(Outcome(shard=shard.name, state="lost", said=(said,)))
    try:
        with _stoppable(dispatch):
            dispatch.run()
    except ModuleNotFoundError as missing:
        raise click.ClickException(f"{missing.name} is not installed: pip install 'campuswarc[shards]'") from None
    except OSError as problem:
        ping(settings.report.ping_url, "fail", agent)
        raise click.ClickException(str(problem)) from None
    statuses += [outcome.status for outcome in outcomes]
    status = worst(statuses)
    if status == BROKEN_SITES and not done.wrong and _well_enough(home, done, settings.report.exit_over):
        status = OK
    if not quiet and not as_json:
        fresh, whole = sum(one.fresh for one in outcomes), sum(one.articles for one in outcomes)
        well = sum(one.status == OK for one in outcomes)
        click.echo(
            f"{len(outcomes)} shards, {well} of them well; {fresh} new articles, {whole} in all;"
            f" {time.monotonic() - begun:.0f} s"
        )
    ping(settings.report.ping_url, "fail" if status else "success", agent)
    sys.exit(status)


def _orders(home: ArchiveFolder, done: Divided, words: tuple[str, ...], patience: float, scheduler: str) -> list[Order]:
    run = uuid.uuid4().hex
    return [
        Order(
            run=run,
            shard=shard.name,
            folder=str(shard.home(home).folder),
            files=done.files[shard.name],
            words=words,
            patience=patience,
        )
        for shard in done.plan.shards.values()
        if scheduler or shard.here
    ]


def _tell(outcome: Outcome, place: str, as_json: bool, quiet: bool) -> None:
    if as_json:
        click.echo(json.dumps(asdict(outcome), ensure_ascii=False))
        return
    well = outcome.status == OK
    if not quiet or not well:
        what = f"exit status {outcome.status}" if outcome.state == "ended" else outcome.state
        click.echo(
            f"{outcome.shard}: {what}, {outcome.fresh} new articles, {outcome.seconds:.0f} s ({place})", err=not well
        )
    for line in outcome.said:
        click.echo(f"{outcome.shard}: {line}", err=True)


def _progress(counts: dict[str, int], shard: str, number: int, quiet: bool) -> None:
    """A line that changes, on a terminal; nothing in cron."""
    counts[shard] = number
    if sys.stderr.isatty() and not quiet:
        click.echo(f"\r{len(counts)} shards begun, {sum(counts.values())} articles ", nl=False, err=True)


def _well_enough(home: ArchiveFolder, done: Divided, limit: int) -> bool:
    """Whether the broken sites of all shards are no more than the operator bears; not where some cannot be asked."""
    try:
        opened = readers(home, done.plan, shown="all")
        sites, known = catalogue.sound(text_of(home.sites), str(home.sites))[0], acknowledged.load(home.acknowledged)
    except (NoDatabase, ConfigError):
        return False
    silent = {id_: site.silent_days for id_, site in sites.items()}
    rows = [row for db in opened.dbs.values() for row in acknowledged.without(health(db, silent, now()), known, now())]
    return bool(limit) and not opened.missing and sum(row.wrong for row in rows) <= limit


@contextmanager
def _stoppable(dispatch: Dispatch) -> Iterator[None]:
    """The first SIGTERM or Ctrl-C ends all shards in order, the second this process: its workers die with it."""

    def asked(number: int, _: object) -> None:
        if dispatch.stopping:
            os._exit(INTERRUPTED_TWICE)
        dispatch.stop()

    before = {number: signal.signal(number, asked) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
