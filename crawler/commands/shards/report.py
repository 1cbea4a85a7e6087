"""campuswarc shards report"""

from __future__ import annotations

import sys

import click

from archive.instants import now
from archive.store.health import health
from crawler import config
from crawler.archive_folder import ArchiveFolder
from crawler.commands.report import FORMATS, asked_last, first_seen, instant_of, lost_network, tell
from crawler.exits import NOTHING_DONE
from crawler.reporting import acknowledged
from crawler.reporting.digest import digest, earlier
from crawler.reporting.remedies import typed
from crawler.shards import derived, plan
from crawler.shards.reading import readers
from spiders.tables import ConfigError


@click.command()
@click.option("--since", default="last", show_default=True, metavar="last|DATE", help="As `campuswarc report` has it.")
@click.option(
    "--format", "form", type=click.Choice([*FORMATS, "json"]), default="text", show_default=True, help="How to write."
)
@click.option("--quiet", "-q", is_flag=True, help="Print nothing where nothing is wrong and nothing has changed.")
@click.option("--send", is_flag=True, help="Send it to `report.notify` of the top instead; once a day at most.")
@click.pass_obj
def command(home: ArchiveFolder, since: str, form: str, quiet: bool, send: bool) -> None:
    """What needs a person, over all shards: one report, by cause, as `campuswarc report` has it.

    Exit status 3 when more sites need a person than `report.exit_over` of the top says; else 1 where a shard is not
    reached: it is named, and nothing of its sites is told.
    """
    at = now()
    try:
        planned, settings = plan.load(home), config.load(home.config)
        sites, _ = derived.sound_sites(home)
        known = acknowledged.load(home.acknowledged)
        day = None if since == "last" else instant_of(since)
        before = earlier(home.reports, day)
    except ConfigError as problem:
        raise click.ClickException(str(problem)) from None
    opened = readers(home, planned, shown="all")
    for text in opened.missing:
        click.echo(text, err=True)
    silent = {id_: site.silent_days for id_, site in sites.items()}
    rows = typed((row for db in opened.dbs.values() for row in health(db, silent, at)), home)
    rows = [row for row in rows if row.site not in sites or not sites[row.site].paused]
    asked = [url for db in opened.dbs.values() for url in asked_last(db)]
    first = {site: seen for db in opened.dbs.values() for site, seen in first_seen(db).items()}
    network = "; ".join(filter(None, map(lost_network, opened.dbs.values())))
    told = digest(rows, sites, asked, before, first, at, network=network, known=known)
    tell(home, settings, told, before, form=form, quiet=quiet, send=send, counts=day is None)
    if opened.missing:
        sys.exit(NOTHING_DONE)
