"""campuswarc status"""

from __future__ import annotations

import json
import sys

import click
from rich.console import Console
from rich.table import Table

from archive.db import open_reader
from archive.health import SiteHealth, health
from archive.instants import now
from crawler.exits import BROKEN_SITES
from crawler.home import Home
from spiders import catalogue
from spiders.tables import ConfigError


@click.command()
@click.argument("sites", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a site.")
@click.option("--broken", is_flag=True, help="Only sites with something wrong.")
@click.pass_obj
def command(home: Home, sites: tuple[str, ...], as_json: bool, broken: bool) -> None:
    """How each site fares: articles, what is due, what is wrong. Exit status 3 when something is."""
    try:
        silent = {id_: site.silent_days for id_, site in catalogue.load(home.sites).items()}
        rows = health(open_reader(home.database), silent, now())
    except ConfigError as problem:
        raise click.ClickException(str(problem)) from None
    rows = [row for row in rows if (not sites or row.site in sites) and (row.problems or not broken)]
    if as_json:
        for row in rows:
            click.echo(json.dumps(row.as_dict(), ensure_ascii=False))
    else:
        _print(rows)
    if any(row.problems for row in rows):
        sys.exit(BROKEN_SITES)


def _print(rows: list[SiteHealth]) -> None:
    table = Table(box=None, padding=(0, 1))
    for name in ("site", "articles", "gone", "due", "failed", "last new", "last read"):
        table.add_column(name, justify="right" if name in ("articles", "gone", "due", "failed") else "left", no_wrap=True)
    for row in rows:
        table.add_row(row.site, str(row.articles), str(row.gone), str(row.due), str(row.failed), (row.last_new or "never")[:10], (row.last_ok or "never")[:16])
    console = Console(soft_wrap=not sys.stdout.isatty())
    console.print(table)
    for row in rows:
        for problem in row.problems:
            console.print(f"[bold]{row.site}[/]: {problem}", highlight=False, soft_wrap=True)
