"""campuswarc accept SITE|URL…"""

from __future__ import annotations

import sys

import click

from archive.store.lock import Locked
from archive.store.meant import Unclear
from archive.warc.history import SITES
from crawler import config
from crawler.archive_folder import ArchiveFolder
from crawler.engine.writing import writing
from crawler.exits import DAMAGED
from crawler.history.acceptance import ACCEPTED, accept, held_back
from crawler.intake.site_rows import enrol
from spiders import catalogue
from spiders.tables import ConfigError


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="SITE|URL…")
@click.pass_obj
def command(home: ArchiveFolder, names: tuple[str, ...]) -> None:
    """Believe what was held back of these sites or addresses, and that their listings lack nothing: `campuswarc status`
    names both.

    Pages become what they said when they were last looked at, and such text is not held back there again; pages of a
    host in trouble become gone. A listing that has fewer pages, dates or whole titles than it had, or seems to hold
    more than can be followed, is right as it is now; what it comes to lack later is told again. All of it is written
    down in the WARC, so that a rebuild decides the same.

    Exit status: 0 well; 1 nothing is held back or in doubt there; 5 a record that was to be read is damaged, the others
    were taken.
    """
    troubles: list[str] = []
    try:
        settings, sites = config.load(home.config), catalogue.load(home.sites)
        with writing(home, settings, sites, troubles.append) as (archive, intake):
            acceptance, idle = held_back(archive, names)
            taken = 0
            if (acceptance.records or acceptance.listings) and not idle:
                # read as they are configured now, which a rebuild knows by this alone
                toml = home.sites.read_bytes()
                at = archive.record_resource(SITES, "application/toml", toml).fetched_at
                enrol(archive, sites, at, text=toml)
                archive.record_resource(ACCEPTED, "application/json", acceptance.payload())
                taken = accept(archive, home.warc, intake, sites, acceptance, troubles.append)
                archive.near.update()
    except (ConfigError, Locked, Unclear) as problem:
        raise click.ClickException(str(problem)) from None
    if idle:
        raise click.ClickException(
            f"nothing is held back of {', '.join(idle)}, and no listing is in doubt; nothing was accepted"
        )
    if acceptance.records:
        click.echo(f"{taken} pages are believed")
    for url in acceptance.listings:
        click.echo(f"{url}: right as it is")
    for text in troubles:
        click.echo(text, err=True)
    if troubles:
        sys.exit(DAMAGED)
