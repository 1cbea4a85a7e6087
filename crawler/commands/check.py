"""campuswarc check SITE…"""

from __future__ import annotations

import asyncio
import sys

import click

from crawler import config
from crawler.adding import proofs
from crawler.adding.survey import Surveyor
from crawler.adding.survey_fetcher import SurveyFetcher
from crawler.archive_folder import ArchiveFolder
from crawler.exits import INCOMPLETE
from spiders import catalogue
from spiders.discover.proof import Proof
from spiders.site import Site
from spiders.tables import ConfigError, nearest


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="SITE…")
@click.pass_obj
def command(home: ArchiveFolder, names: tuple[str, ...]) -> None:
    """Prove the listings of configured SITEs again: page 1, page 2 and three stories of each. Exits 1 where one fails,
    3 where something is known to be missing."""
    try:
        settings, sites = config.load(home.config), catalogue.load(home.sites)
        for site in names:
            if site not in sites:
                raise ConfigError(f"{home.sites}: no site {site!r}{nearest(site, list(sites))}")
    except ConfigError as problem:
        raise click.ClickException(str(problem)) from None
    found = [proof for site in names for proof in asyncio.run(_check(sites[site], settings))]
    proofs.show(found)
    for proof in found:
        if proof.listing.unfollowed:
            click.echo(f"{proof.url}: there is more than can be followed: {proof.listing.unfollowed}", err=True)
    failing = [proof.url for proof in found if not proof.holds]
    if failing:
        raise click.ClickException(f"{len(failing)} of {len(found)} listings could not be proven: {', '.join(failing)}")
    if any(proof.missing for proof in found):
        sys.exit(INCOMPLETE)


async def _check(site: Site, settings: config.Config) -> list[Proof]:
    visitor = SurveyFetcher(settings)
    try:
        return await Surveyor(visitor, lambda step: click.echo(step, err=True)).check(site)
    finally:
        await visitor.close()
