"""campuswarc retire SITE…"""

from __future__ import annotations

import click

from archive.instants import iso, now
from crawler.adding import edits
from crawler.archive_folder import ArchiveFolder
from crawler.commands.pause import each_site


@click.command()
@click.argument("sites", nargs=-1, required=True)
@click.option("--note", default="", help="Why; written above the table.")
@click.pass_obj
def command(home: ArchiveFolder, sites: tuple[str, ...], note: str) -> None:
    """Crawl these sites no more: their tables of sites.toml become comments, their articles stay."""
    why = f"retired {iso(now())[:10]}" + (f": {' '.join(note.split())}" if note else "")
    said = f"retired; its articles stay, and its table is a comment of {home.sites.name}"
    each_site(sites, lambda site: edits.retire(home.sites, site, why), said)
