"""campuswarc init DIR"""

from __future__ import annotations

from pathlib import Path
from shlex import quote

import click

from crawler.archive_folder import ArchiveFolder
from crawler.config import template

_SITES = """\
# The colleges of this archive, one table each. `campuswarc add URL` writes one; by hand:
#
# [example_state]
# name     = "Example State Today"
# college  = "Example State University"
# family   = "wordpress"
# listings = ["https://news.example.edu/"]
# timezone = "America/Chicago"
"""


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--operator", default="", help="Who runs this archive.")
@click.option("--contact", default="", help="Page or mail address where a webmaster reaches you.")
def command(folder: Path, operator: str, contact: str) -> None:
    """Make an archive folder: campuswarc.toml and an empty sites.toml. Files that are there stay."""
    home = ArchiveFolder(folder)
    home.folder.mkdir(parents=True, exist_ok=True)
    for path, text in ((home.config, template(name=operator, contact=contact)), (home.sites, _SITES)):
        if path.exists():
            click.echo(f"kept     {path}")
        else:
            path.write_text(text, encoding="utf-8")
            click.echo(f"written  {path}")
    if not contact:
        click.echo(
            f"Next: set operator.contact in {home.config}, then `campuswarc -C {quote(str(folder))} add https://news.example.edu/`"
        )
    else:
        click.echo(f"Next: campuswarc -C {quote(str(folder))} add https://news.example.edu/")
