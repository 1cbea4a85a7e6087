"""campuswarc ack SITE|LISTING"""

from __future__ import annotations

from datetime import UTC, datetime

import click

from archive.instants import iso, now
from crawler.archive_folder import ArchiveFolder
from crawler.reporting import acknowledged
from spiders import catalogue
from spiders.tables import ConfigError, nearest


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="SITE|LISTING…")
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), help="Be quiet until that day; by default until it is well."
)
@click.option("--note", default="", help="Why, for whoever looks next.")
@click.pass_obj
def command(home: ArchiveFolder, names: tuple[str, ...], until: datetime | None, note: str) -> None:
    """Hear no more of what is wrong with these sites or listings now: in report, status and the mail of a crawl.

    Without --until something that goes wrong later is told of again. It is written into acknowledged.jsonl.
    """
    try:
        sites = catalogue.load(home.sites)
        acknowledged.load(home.acknowledged)
        known = [*sites, *(seed.url for site in sites.values() for seed in site.listings)]
        for name in names:
            if name not in known:
                raise ConfigError(f"{home.sites}: no site or listing {name!r}{nearest(name, list(sites))}")
    except ConfigError as problem:
        raise click.ClickException(str(problem)) from None
    end = iso(until.replace(tzinfo=UTC)) if until else ""
    for name in names:
        acknowledged.add(home.acknowledged, acknowledged.Acknowledged(name=name, at=iso(now()), until=end, note=note))
        click.echo(f"{name}: quiet until {end[:10] or 'it is well again'}")
