"""campuswarc look-again SITE|URL…"""

from __future__ import annotations

from datetime import UTC, datetime

import click

from archive.instants import iso, now
from archive.store.lock import Locked
from archive.store.meant import Unclear, meant
from crawler import config
from crawler.archive_folder import ArchiveFolder
from crawler.engine.writing import writing
from spiders import catalogue
from spiders.tables import ConfigError


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="SITE|URL…")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Of a SITE: only what was looked at since that day.")
@click.pass_obj
def command(home: ArchiveFolder, names: tuple[str, ...], since: datetime | None) -> None:
    """Have the next crawl ask for these stories or listings, or all stories of a site, again and whole.

    Exit status 1 where an address is not known: a listing has to name it first.
    """
    try:
        settings, sites = config.load(home.config), catalogue.load(home.sites)
        with writing(home, settings, sites) as (archive, _):
            count, unknown = 0, []
            for name in names:
                url = "" if name in sites else meant(archive.db, name)
                found = archive.frontier.look_now(
                    iso(now()),
                    **({"url": url} if url else {"site": name}),
                    since=iso(since.replace(tzinfo=UTC)) if since else "",
                )
                count += found
                if not found and name not in sites:
                    unknown.append(name)
    except (ConfigError, Locked, Unclear) as problem:
        raise click.ClickException(str(problem)) from None
    if count or not unknown:
        click.echo(f"{count} addresses will be looked at again: {home.typed('campuswarc crawl')}")
    if unknown:
        raise click.ClickException(f"not known: {', '.join(unknown)}; no listing has named them")
