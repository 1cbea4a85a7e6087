"""campuswarc release URL|SITE|CAPTURE…"""

from __future__ import annotations

import click

from archive.instants import iso, now
from archive.store.lock import Locked
from archive.store.withheld import RELEASED, Release
from crawler import config
from crawler.archive_folder import ArchiveFolder
from crawler.commands.withhold import named
from crawler.engine.writing import writing
from crawler.history.withholding import obey
from spiders import catalogue
from spiders.tables import ConfigError


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="URL|SITE|CAPTURE…")
@click.option("--reason", required=True, help="Why it is shown again; kept in the WARC.")
@click.option("--by", default="", help="Who decided; by default the operator of campuswarc.toml.")
@click.pass_obj
def command(home: ArchiveFolder, names: tuple[str, ...], reason: str, by: str) -> None:
    """Show again what `campuswarc withhold` keeps from being shown. What was removed cannot be had back.

    Exit status: 0 well; 1 one of them is not withheld, and nothing was done.
    """
    try:
        settings, sites = config.load(home.config), catalogue.load(home.sites)
        with writing(home, settings, sites) as (archive, _):
            kept = archive.withholding.asked()
            for asked in (found := [named(archive, name, list(sites))[1] for name in names]):
                if asked not in kept:
                    raise ConfigError(f"{asked} is not withheld: {home.typed('campuswarc withheld')} lists what is")
                if archive.withholding.is_removed(asked):
                    raise ConfigError(f"{asked} was removed: there is nothing to show")
            for asked in found:
                said = Release(
                    asked=asked, reason=" ".join(reason.split()), by=by or settings.operator.name, at=iso(now())
                )
                archive.record_resource(RELEASED, "application/json", said.payload())
                obey(archive, said)
    except (ConfigError, Locked, ValueError) as problem:
        raise click.ClickException(str(problem)) from None
    for asked in found:
        click.echo(f"{asked}: shown again")
