"""campuswarc shards duplicates"""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from archive.near.across import CannotCompare, reposts
from crawler.archive_folder import ArchiveFolder
from crawler.shards import plan
from crawler.shards.reading import readers
from spiders.tables import ConfigError


@click.command()
@click.option("--json", "as_json", is_flag=True, help="A JSON object a line.")
@click.pass_obj
def command(home: ArchiveFolder, as_json: bool) -> None:
    """List stories that resemble an earlier one of another shard: address, shard, the earlier one's address and shard.

    Told from the signatures that the shards keep; no page is read. What resembles a story of its own shard is in the
    column near_duplicate_of there.
    """
    try:
        opened = readers(home, plan.load(home))
        for one in reposts(opened.dbs):
            if as_json:
                named = {"url": one.url, "shard": one.name, "near_duplicate_of": one.original, "in_shard": one.of}
                click.echo(json.dumps(named, ensure_ascii=False))
            else:
                click.echo("\t".join(asdict(one).values()))
    except (ConfigError, CannotCompare) as problem:
        raise click.ClickException(str(problem)) from None
    for text in opened.missing:
        click.echo(text, err=True)
