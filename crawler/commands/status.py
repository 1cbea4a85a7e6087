"""campuswarc status"""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from archive.instants import now
from archive.search.unlooked import unlooked
from archive.store.ahead import ahead
from archive.store.backing import missing
from archive.store.db import open_reader
from archive.store.health import SiteHealth, health
from archive.store.metrics import exposition
from archive.store.withheld import everything as withheld
from crawler import config
from crawler.archive_folder import ArchiveFolder
from crawler.exits import BROKEN_SITES
from crawler.reporting import acknowledged
from crawler.reporting.remedies import typed
from crawler.reporting.terms import Terms, terms
from spiders.tables import ConfigError, nearest

MOST = 50  # sites in a table that a person is to read
_WIDE = 200  # characters of a line, where it is no terminal and nothing need be cut


@click.command()
@click.argument("sites", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a site.")
@click.option("--broken", is_flag=True, help="Only sites with something wrong.")
@click.option("--all", "everything", is_flag=True, help=f"A line for each site, even of more than {MOST}.")
@click.option("--tag", "tags", multiple=True, help="Only sites with a tag; may be repeated: with any of them.")
@click.option(
    "--prometheus",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write gauges to this file instead, for node_exporter's textfile collector.",
)
@click.pass_obj
def command(
    home: ArchiveFolder,
    sites: tuple[str, ...],
    as_json: bool,
    broken: bool,
    everything: bool,
    tags: tuple[str, ...],
    prometheus: Path | None,
) -> None:
    """How each site fares: sums, then articles, what is due, what is wrong. Exit status 3 when something is.

    With --broken nothing is printed when all is well. --json gives `problems` with the keys site, url, state, reason,
    detail, since and action. Of more sites than a person reads only the first are shown, those with something wrong
    before the others.
    """
    try:
        configured = terms(home)
        for id_ in sites:
            if id_ not in configured:
                raise ConfigError(f"{home.sites}: no site {id_!r}{nearest(id_, list(configured))}")
        silent = {id_: site.silent_days for id_, site in configured.items()}
        known, limit = acknowledged.load(home.acknowledged), config.load(home.config).report.exit_over
        db = open_reader(home.database, shown="all")
        db.conn.execute("begin")  # one moment of it, and thousands of questions of sites in one go
        rows = acknowledged.without(health(db, silent, now()), known, now())
        for id_ in set(sites) - {row.site for row in rows}:
            click.echo(f"{id_}: not crawled yet: {home.typed(f'campuswarc crawl {id_}')}", err=True)
    except ConfigError as problem:
        raise click.ClickException(str(problem)) from None
    rows = typed(chosen(rows, configured, sites, tags, broken), home)
    if prometheus is not None:
        fresh = prometheus.with_name(f".{prometheus.name}.new")  # the collector reads *.prom, whole
        fresh.write_text(exposition(db, rows), encoding="utf-8")
        fresh.replace(prometheus)
    elif as_json:
        for row in rows:
            click.echo(json.dumps(row.as_dict(), ensure_ascii=False))
    elif rows or not broken:  # cron mails whatever is printed
        show(rows, len(rows) if everything else MOST)
        if not broken:
            kept = len(withheld(db))
            if kept:
                click.echo(f"{kept} withheld: {home.typed('campuswarc withheld')}")
            _print_files(home)
            doubtful = sum(row.doubtful for row in rows)
            if doubtful:
                only = f" site:{rows[0].site}" if len(rows) == 1 else ""
                look = home.typed(f"campuswarc search --doubtful{only}")
                click.echo(f"{doubtful:,} stories read with doubt, the least sure first: {look}")
            for one in unlooked(db, "person:any has:twin"):
                if one.stories is not None:  # somebody wants to know: it was looked for before
                    click.echo(home.typed(one.sentence))
    lost, newer = missing(db, home.folder), ahead(db, home.warc)
    if not as_json and prometheus is None:
        for warc, count in lost.items():
            said = f"warc/{warc} is missing, and proven nowhere else: {count:,} captures cannot be shown"
            click.echo(f"{said}; bring it back from a backup, then {home.typed('campuswarc verify')}")
        if newer:
            click.echo(
                f"{len(newer)} WARC files hold pages that news.db knows nothing of: it is an older copy;"
                f" {home.typed('campuswarc rebuild --yes')} makes it of all of them"
            )
    if lost or newer or sum(row.wrong for row in rows) > limit:
        sys.exit(BROKEN_SITES)


def chosen(
    rows: list[SiteHealth], configured: Mapping[str, Terms], sites: Collection[str], tags: Collection[str], broken: bool
) -> list[SiteHealth]:
    """Those of the rows that were asked for; nothing is wrong with a site that is paused."""
    asleep = {id_ for id_, site in configured.items() if site.paused}
    rows = [replace(row, found=()) if row.site in asleep else row for row in rows]
    if tags:
        rows = [row for row in rows if row.site in configured and set(tags) & configured[row.site].tags]
    return [row for row in rows if (not sites or row.site in sites) and (row.wrong or not broken)]


def _print_files(home: ArchiveFolder) -> None:
    """What takes room and is no part of the archive."""
    for path in home.leftovers:
        beside = [path, *(path.with_name(path.name + suffix) for suffix in ("-wal", "-shm"))]
        size = sum(one.stat().st_size for one in beside if one.exists())
        what = (
            f"what a rebuild has replaced; `{home.typed('campuswarc rebuild --keep N')}` bounds these, or delete it"
            if path in home.earlier
            else "a rebuild that has not been put into place"
        )
        click.echo(f"{path.name}: {size / 1e6:.1f} MB: {what}")


def show(rows: list[SiteHealth], most: int) -> None:
    """Sums, a table of the first of them, what is wrong."""
    shown = rows if len(rows) <= most else sorted(rows, key=lambda row: not row.wrong)[:most]
    table = Table(box=None, padding=(0, 1))
    for name in ("site", "articles", "gone", "due", "refused", "failed", "last new", "last read"):
        if name == "site":
            table.add_column(name, overflow="fold")  # an id is typed after a command: none is cut
        else:
            number = name in ("articles", "gone", "due", "refused", "failed")
            table.add_column(name, justify="right" if number else "left", no_wrap=True)
    for row in shown:
        table.add_row(
            row.site,
            str(row.articles),
            str(row.gone),
            str(row.due),
            str(row.refused),
            str(row.failed),
            (row.last_new or "never")[:10],
            (row.last_ok or "never")[:16],
        )
    console = Console() if sys.stdout.isatty() else Console(width=_WIDE, soft_wrap=True)
    wrong = sum(row.wrong for row in rows)
    console.print(
        f"{len(rows):,} sites: {len(rows) - wrong:,} well, {wrong:,} with something wrong;"
        f" {sum(row.articles for row in rows):,} articles, {sum(row.gone for row in rows):,} gone,"
        f" {sum(row.due for row in rows):,} due, {sum(row.failed for row in rows):,} failed",
        highlight=False,
        soft_wrap=True,
    )
    console.print(table)
    said: set[str] = set()
    for row in shown:
        for problem in row.problems:
            console.print(f"[bold]{row.site}[/]: {escape(problem)}", highlight=False, soft_wrap=True)
        for remark in row.remarks:
            if remark in said:  # of sites that rest together
                continue
            said.add(remark)
            console.print(f"{row.site}: remark: {escape(remark)}", highlight=False, soft_wrap=True)
    if len(shown) < len(rows):
        console.print(f"and {len(rows) - len(shown):,} more: name a SITE, or --all", highlight=False)
