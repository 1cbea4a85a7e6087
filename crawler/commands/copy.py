"""campuswarc copy"""

from __future__ import annotations

import sys

import click

from crawler import config
from crawler.archive_folder import ArchiveFolder
from crawler.engine.copying import copy_closed
from crawler.exits import STORAGE
from spiders.tables import ConfigError


@click.command()
@click.pass_obj
def command(home: ArchiveFolder) -> None:
    """Copy closed WARC files to storage.copy_to, and prove each copy by reading it back. Exit status 4 when one
    failed."""
    try:
        address = config.load(home.config).storage.copy_to
    except ConfigError as problem:
        raise click.ClickException(str(problem)) from None
    if not address:
        raise click.ClickException(f"{home.config}: storage: copy_to is empty; it should look like s3://bucket/warc")
    if not copy_closed(home, address):
        sys.exit(STORAGE)
