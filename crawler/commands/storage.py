"""campuswarc storage"""

from __future__ import annotations

import json
import shutil

import click

from archive.instants import now
from archive.store.db import open_reader
from archive.store.usage import usage
from archive.web.shown import size
from crawler.archive_folder import ArchiveFolder

_MOST = 10  # sites, and months


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object, with every site and month.")
@click.pass_obj
def command(home: ArchiveFolder, as_json: bool) -> None:
    """What takes room, what it grows by, and what it will be in a year."""
    found = usage(open_reader(home.database), home.folder, now())
    free = shutil.disk_usage(home.folder).free
    if as_json:
        click.echo(json.dumps(found.as_dict() | {"free_bytes": free}, ensure_ascii=False))
        return
    click.echo(f"WARC      {size(found.warc_bytes)} in {found.warc_files:,} files")
    click.echo(f"news.db   {size(found.database_bytes)}")
    if found.other_bytes:
        see = home.typed("campuswarc status")
        click.echo(f"beside    {size(found.other_bytes)}: replaced databases and torn tails; see {see}")
    click.echo(f"free      {size(free)}")
    if found.year_bytes is None:
        click.echo(f"in a year not known yet: {found.days:.0f} days lie behind the first crawls, 14 are needed")
    else:
        click.echo(
            f"in a year {size(found.year_bytes)}, by {found.year_captures:,} captures more, as in the last"
            f" {found.days:.0f} days"
        )
    click.echo("rows      " + ", ".join(f"{count:,} {table}" for table, count in found.tables.items() if count))
    months = dict(list(found.months.items())[-_MOST:])
    for name, what, whole in (
        ("month", months, found.months),
        ("fetched", found.kinds, found.kinds),
        ("site", dict(list(found.sites.items())[:_MOST]), found.sites),
    ):
        click.echo(f"\n{name:<24}{'captures':>12}{'bytes':>12}")
        for key, (captures, length) in what.items():
            click.echo(f"{key:<24}{captures:>12,}{size(length):>12}")
        if len(what) < len(whole):
            click.echo(f"and {len(whole) - len(what):,} more: --json")
