"""campuswarc sites"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import click

from archive.instants import now
from archive.store.db import open_reader
from archive.store.rhythms import past
from crawler.archive_folder import ArchiveFolder
from crawler.engine.rhythm import bounds_of, next_look
from spiders import catalogue
from spiders.site import Site
from spiders.tables import ConfigError


@click.command()
@click.option(
    "--builtin",
    is_flag=True,
    help="List the sites that come with campuswarc instead; `add --builtin ID` takes one over.",
)
@click.option("--due", "when", is_flag=True, help="List when each listing is looked at next, and why then.")
@click.option("--check", is_flag=True, help="Only prove that sites.toml is right; nothing is fetched.")
@click.pass_obj
def command(home: ArchiveFolder, builtin: bool, when: bool, check: bool) -> None:
    """List the configured sites: id, family, listings, college.

    With --check every table that is wrong is named, and the exit status is 1 where one is.
    """
    if check:
        wrong = catalogue.mistakes(home.sites)
        for text in wrong:
            click.echo(text, err=True)
        if wrong:
            raise click.ClickException(f"{home.sites}: {len(wrong)} mistakes; no crawl would begin")
        click.echo(f"{home.sites}: {len(catalogue.load(home.sites))} sites, all right")
        return
    try:
        sites = catalogue.builtin() if builtin else catalogue.load(home.sites)
        proved = catalogue.proved() if builtin else {}
    except ConfigError as problem:
        raise click.ClickException(str(problem)) from None
    if when and not builtin:
        for at, url, why in sorted(_due(sites, home)):
            click.echo(f"{at}\t{url}\t{why}")
        return
    for site in sites.values():
        click.echo(
            f"{site.id}\t{site.family}\t{site.college or site.name}"
            + (f"\ttags: {' '.join(site.tags)}" if site.tags else "")
            + ("\tpaused" if site.paused else "")
            + (f"\tproved: {proved[site.id]}" if builtin else "")
        )
        for seed in site.listings:
            click.echo(f"\t{seed.url}" + (f"\t{seed.section}" if seed.section else ""))
    if not sites:
        click.echo(f"No sites yet: {home.typed('campuswarc add https://news.example.edu/')}")


def _due(sites: Mapping[str, Site], home: ArchiveFolder) -> Iterator[tuple[str, str, str]]:
    """Listings with the time of the next look, which is `now` where that has come."""
    db, at = open_reader(home.database, older=False), now()
    for site in sites.values():
        for seed in site.listings:
            known = past(db, seed.url)
            then = next_look(known, bounds_of(site))
            if site.paused:
                yield "paused", seed.url, f"until {home.typed(f'campuswarc resume {site.id}')}"
            else:
                yield "now" if then.due(at, known.last_asked) else then.at[:16] + "Z", seed.url, then.why
