"""campuswarc resume SITE…"""

from __future__ import annotations

import click

from crawler.adding import edits
from crawler.archive_folder import ArchiveFolder
from crawler.commands.pause import each_site


@click.command()
@click.argument("sites", nargs=-1, required=True)
@click.pass_obj
def command(home: ArchiveFolder, sites: tuple[str, ...]) -> None:
    """Have these sites crawled again after `campuswarc pause`."""
    each_site(sites, lambda site: edits.resume(home.sites, site), "crawled again from the next run on")
