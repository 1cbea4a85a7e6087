"""campuswarc completeness [SITE…]"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click

from archive.store.completeness import completeness
from archive.store.db import open_reader
from crawler.archive_folder import ArchiveFolder
from crawler.exits import BROKEN_SITES


@click.command()
@click.argument("sites", nargs=-1, metavar="[SITE]…")
@click.option("--failed", is_flag=True, help="Name the addresses that are missing, each with its reason.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, with all of them.")
@click.pass_obj
def command(home: ArchiveFolder, sites: tuple[str, ...], failed: bool, as_json: bool) -> None:
    """What each listing claims to have, what of it is here, and what failed.

    A story that several listings name counts for the first that did. Exit status 3 when something is known to be
    missing.
    """
    db = open_reader(home.database)
    known = {row[0] for row in db.execute("select id from sites").fetchall()}
    for site in sites:
        if site not in known:
            raise click.ClickException(f"no site {site!r} has been crawled")
    found = [one for one in completeness(db, set(sites) or None) if one.state != "retired"]
    if as_json:
        rows = [asdict(one) | {"unaccounted": one.unaccounted, "verdict": one.verdict} for one in found]
        click.echo(json.dumps(rows, ensure_ascii=False))
    else:
        for one in found:
            click.echo(f"{one.verdict:8}  {one.site}  {one.section or '-'}  {one.listing}\n          {one.sentence}")
            for url, state, reason in one.missing if failed else ():
                click.echo(f"          {url}  {state}{f': {reason}' if reason else ''}")
        if not found:
            click.echo("no listing has been crawled", err=True)
    sys.exit(BROKEN_SITES if any(one.verdict == "short" for one in found) else 0)
