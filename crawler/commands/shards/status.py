"""campuswarc shards status"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from archive.instants import now
from archive.store.health import SiteHealth, health
from archive.store.lock import held
from crawler import config
from crawler.archive_folder import ArchiveFolder
from crawler.commands.status import MOST, chosen, show
from crawler.exits import BROKEN_SITES, NOTHING_DONE, OK
from crawler.reporting import acknowledged
from crawler.reporting.terms import terms_of
from crawler.shards import derived, plan
from crawler.shards.fan_out import worst
from crawler.shards.plan import Shard
from crawler.shards.reading import readers
from spiders.tables import ConfigError

if TYPE_CHECKING:
    from sqlite_utils import Database


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a shard, then one a site.")
@click.option("--broken", is_flag=True, help="Only sites with something wrong; nothing when all is well.")
@click.option("--all", "everything", is_flag=True, help=f"A line for each site, even of more than {MOST}.")
@click.pass_obj
def command(home: ArchiveFolder, as_json: bool, broken: bool, everything: bool) -> None:
    """How the shards fare, a line each, then the sites of all of them as `campuswarc status` shows them.

    Exit status 3 when something is wrong with more sites than `report.exit_over` says, 1 when a shard is not reached.
    """
    try:
        planned = plan.load(home)
        sites, _ = derived.sound_sites(home)
        known, limit = acknowledged.load(home.acknowledged), config.load(home.config).report.exit_over
    except ConfigError as problem:
        raise click.ClickException(str(problem)) from None
    opened = readers(home, planned, shown="all")
    silent = {id_: site.silent_days for id_, site in sites.items()}
    rows: list[SiteHealth] = []
    for name, shard in planned.shards.items():
        own = health(opened.dbs[name], silent, now()) if name in opened.dbs else []
        rows += own
        if not broken:
            line = {"shard": name, "folder": shard.folder} | _of(home, shard, opened.dbs.get(name), own)
            said = "\t".join(f"{value}" if key == "shard" else f"{key} {value}" for key, value in line.items())
            click.echo(json.dumps(line, ensure_ascii=False) if as_json else said)
    rows = chosen(acknowledged.without(rows, known, now()), terms_of(sites), (), (), broken)
    if as_json:
        for row in rows:
            click.echo(json.dumps(row.as_dict(), ensure_ascii=False))
    elif rows or not broken:
        show(rows, len(rows) if everything else MOST)
    for text in opened.missing:
        click.echo(text, err=True)
    wrong = sum(row.wrong for row in rows) > limit
    sys.exit(worst([BROKEN_SITES if wrong else OK, NOTHING_DONE if opened.missing else OK]))


def _of(home: ArchiveFolder, shard: Shard, db: Database | None, rows: list[SiteHealth]) -> dict[str, Any]:
    """What there is to say of a shard."""
    if not shard.here:
        return {"state": f"on {shard.machine}"}
    if db is None:
        return {"state": "not crawled yet"}
    last = db.execute("select begun, ended, reason, exit from runs order by id desc limit 1").fetchone()
    crawling = held(shard.home(home).folder / "news.lock")
    return {
        "state": "crawling" if crawling else "killed" if last and last[1] is None else "idle",
        "sites": len(rows),
        "articles": sum(row.articles for row in rows),
        "due": sum(row.due for row in rows),
        "wrong": sum(row.wrong for row in rows),
        "last": last[0] if last else "never",
        "exit": last[3] if last else None,
    }
