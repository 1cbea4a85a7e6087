"""campuswarc report"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from archive.instants import iso, now, parse
from archive.store.db import open_reader
from archive.store.health import health
from crawler import config
from crawler.archive_folder import ArchiveFolder
from crawler.exits import BROKEN_SITES
from crawler.reporting import acknowledged, delivery, formats
from crawler.reporting.digest import Digest, digest, earlier, remember, sent_since
from crawler.reporting.remedies import typed
from spiders import catalogue
from spiders.tables import ConfigError

if TYPE_CHECKING:
    from sqlite_utils import Database

_DAY = timedelta(hours=20)  # what cron calls a day
FORMATS = {"text": formats.text, "markdown": formats.markdown, "html": formats.html}


@click.command()
@click.option(
    "--since",
    default="last",
    show_default=True,
    metavar="last|DATE",
    help="Tell changes since the last report, or since the last one not after a day (2026-11-30).",
)
@click.option(
    "--format", "form", type=click.Choice([*FORMATS, "json"]), default="text", show_default=True, help="How to write."
)
@click.option("--quiet", "-q", is_flag=True, help="Print nothing where nothing is wrong and nothing has changed.")
@click.option(
    "--send", is_flag=True, help="Send it to `report.notify` instead, where there is something new; once a day at most."
)
@click.pass_obj
def command(home: ArchiveFolder, since: str, form: str, quiet: bool, send: bool) -> None:
    """What needs a person, by cause: newly and still broken, recovered, silent, held back, incomplete, new sites.

    Each cause is a paragraph with its addresses, the reason in full and a command that is likely to help. What may pass
    by itself is told of after three runs in a row (`alert_after` of a site), what `campuswarc ack` quiets is not. With
    `--since last` the report counts as told. Exit status 3 when more sites need a person than `report.exit_over` says.
    """
    at = now()
    try:
        settings, sites = config.load(home.config), catalogue.load(home.sites)
        known = acknowledged.load(home.acknowledged)
        day = None if since == "last" else instant_of(since)
        before = earlier(home.reports, day)
    except ConfigError as problem:
        raise click.ClickException(str(problem)) from None
    db = open_reader(home.database, shown="all")
    db.conn.execute("begin")  # one moment of it
    rows = typed(health(db, {id_: site.silent_days for id_, site in sites.items()}, at), home)
    rows = [row for row in rows if row.site not in sites or not sites[row.site].paused]
    first, network = first_seen(db), lost_network(db)
    told = digest(rows, sites, asked_last(db), before, first, at, network=network, known=known)
    tell(home, settings, told, before, form=form, quiet=quiet, send=send, counts=day is None)


def asked_last(db: Database) -> list[str]:
    """Listings that the last run asked for, where it was killed before it could judge by itself how they fared."""
    found = db.execute(
        "select url from listings where state != 'retired' and last_tried >= (select max(begun) from runs)"
        " and (select ended from runs where id = (select max(id) from runs)) is null"
    ).fetchall()
    return [url for (url,) in found]


def lost_network(db: Database) -> str:
    """What the last run says of our own network, if it failed."""
    (said,) = db.execute("select (select network from runs where id = (select max(id) from runs))").fetchone()
    return said or ""


def first_seen(db: Database) -> dict[str, str]:
    """When each site was first crawled."""
    return dict(db.execute("select id, first_seen from sites").fetchall())


def tell(
    home: ArchiveFolder,
    settings: config.Config,
    told: Digest,
    before: Mapping[str, Any],
    *,
    form: str,
    quiet: bool,
    send: bool,
    counts: bool,
) -> None:
    """Print it or send it, and end with the exit status for it; the report `counts` as told where it is so."""
    text = json.dumps(told.as_dict(), ensure_ascii=False, indent=1) + "\n" if form == "json" else FORMATS[form](told)
    if send:
        if not settings.report.notify:
            raise click.ClickException(f"{home.config}: report: notify is empty: where is it to be sent?")
        if told.news:
            try:
                if sent_since(home.reports, iso(parse(told.at) - _DAY)):
                    click.echo("a digest was sent today already; what is new is told with the next one")
                    return
                delivery.send(settings.report.notify, f"campuswarc: {formats.summary(told)}"[:200], text)
            except ConfigError as problem:
                raise click.ClickException(str(problem)) from None
            remember(home.reports, told, before, sent=True)
    else:
        if not quiet or told.news or told.wrong:
            click.echo(text, nl=False)
        if counts:
            remember(home.reports, told, before)
    if told.network or len(told.wrong) > settings.report.exit_over:
        sys.exit(BROKEN_SITES)


def instant_of(day: str) -> str:
    """When a day began. Raises ConfigError."""
    try:
        found = datetime.fromisoformat(day)
    except ValueError:
        raise ConfigError(f"--since is last, or a day such as 2026-11-30, not {day!r}") from None
    return iso(found.replace(tzinfo=found.tzinfo or UTC))
