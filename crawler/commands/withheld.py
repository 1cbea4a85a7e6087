"""campuswarc withheld"""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from archive.store.db import open_reader
from archive.store.withheld import everything
from crawler.archive_folder import ArchiveFolder


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def command(home: ArchiveFolder, as_json: bool) -> None:
    """List what is withheld now: how deep, since when, until when, by whom and why."""
    for one in everything(open_reader(home.database, shown="all")):
        if as_json:
            click.echo(json.dumps(asdict(one), ensure_ascii=False))
        else:
            end = f" until {one.until[:10]}" if one.until else ""
            click.echo(f"{one.depth}\t{one.since[:10]}{end}\t{one.asked}\t{one.reason} ({one.by})")
