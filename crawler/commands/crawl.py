"""campuswarc crawl [SITE…]"""

from __future__ import annotations

import sys
from typing import Literal

import click

from archive.store.db import open_reader
from archive.store.lock import Locked
from archive.store.problems import unread_listings
from crawler import user_agent
from crawler.archive_folder import ArchiveFolder
from crawler.exits import OK, STORAGE
from crawler.workers.gc_tuning import loading
from spiders.tables import ConfigError


@click.command()
@click.argument("names", nargs=-1, metavar="[SITE|URL]…")
@click.option(
    "--broken", is_flag=True, help="Only sites with a listing that could not be read, whatever their interval."
)
@click.option("--all", "everything", is_flag=True, help="Look at every listing, whenever its rhythm would have it.")
@click.option("--family", "families", multiple=True, help="Only sites of a family; may be repeated.")
@click.option("--tag", "tags", multiple=True, help="Only sites with a tag; may be repeated: with any of them.")
@click.option("--site", "globs", multiple=True, metavar="GLOB", help="Only sites whose id is like that: 'us_*'.")
@click.option("--strict", is_flag=True, help="Begin nothing where one table of sites.toml is wrong.")
@click.option("--full", is_flag=True, help="Read listings to their end, even where whole pages are known.")
@click.option(
    "--limit", type=click.IntRange(min=1), help="Most articles to fetch of each site in this run; the rest stay due."
)
@click.option(
    "--max-minutes",
    type=click.FloatRange(min=0, min_open=True),
    help="Stop in order after that time; the rest stays due.",
)
@click.option("--readers", type=click.IntRange(min=0), help="Processes that read pages, instead of crawl.readers.")
@click.option("--log-requests", is_flag=True, help="A line a request, in the log of campuswarc.toml or on stderr.")
@click.option("--quiet", "-q", is_flag=True, help="Print only what is wrong.")
@click.pass_obj
def command(
    home: ArchiveFolder,
    names: tuple[str, ...],
    broken: bool,
    everything: bool,
    families: tuple[str, ...],
    tags: tuple[str, ...],
    globs: tuple[str, ...],
    strict: bool,
    full: bool,
    limit: int | None,
    max_minutes: float | None,
    readers: int | None,
    log_requests: bool,
    quiet: bool,
) -> None:
    """Crawl the listings that are due and the articles they lead to; all sites, or those chosen.

    A listing is due by its own rhythm, or by its site's `interval`: `campuswarc sites --due` says when and why.
    A URL is a story or listing that is known: it is asked for now, whole; no other listing is.

    Exit status: 0 well; 1 nothing begun (configuration, or another crawl is writing); 3 a listing could not be read,
    is walled off or shows nothing, or no story of a host could be read; 4 the disk refused; 130 interrupted twice.
    """
    with loading():
        from crawler.engine.choice import Choice
        from crawler.engine.session import Interrupted, Session

        addresses = [name for name in names if "/" in name]
        ids = [name for name in names if "/" not in name]
        try:
            if broken:
                ids = [id_ for id_ in unread_listings(open_reader(home.database, shown="all")) if not ids or id_ in ids]
                if not ids:
                    click.echo("no listing is broken")
                    return
            choice = Choice(ids=ids, addresses=addresses, families=families, tags=tags, globs=globs)
            session = Session(
                home, choice, at_once=broken or everything, strict=strict, full=full, limit=limit, readers=readers
            )
        except Interrupted:
            click.echo("stopped before the crawl began: nothing was asked for", err=True)
            sys.exit(OK)
        except (ConfigError, Locked) as problem:
            raise click.ClickException(str(problem)) from None
        # Scrapy is loaded when a crawl begins, while the session's readers load what they need
        from crawler.engine.run import run

    report, agent = session.config.report, user_agent(session.config.operator.contact)
    _ping(report.ping_url, "start", agent)
    status = run(session, max_minutes=max_minutes, quiet=quiet, log_requests=log_requests)
    if session.ending != "shutdown" and (address := session.config.storage.copy_to):  # else the next run copies
        from crawler.engine.copying import copy_closed

        copied = copy_closed(home, address, quiet=True)
        status = status or (OK if copied else STORAGE)
    if session.ending != "shutdown" and home.watches.exists():  # else the next run tells
        _tell(home, agent)
    _ping(report.ping_url, "fail" if status else "success", agent)
    sys.exit(status)


def _ping(url: str, what: Literal["start", "success", "fail"], agent: str) -> None:
    if url:
        from crawler.reporting.delivery import ping  # here: it loads what speaks HTTP, of which a crawl has its own

        ping(url, what, agent)


def _tell(home: ArchiveFolder, agent: str) -> None:
    """What watches have to tell; that it cannot be told is no trouble of the crawl's, and the next run tells it."""
    import sqlite3

    from archive.watches.watch import BadWatch
    from crawler.reporting.watching import tell

    try:
        tell(home, agent, lambda line: click.echo(line, err=True))
    except (BadWatch, Locked, sqlite3.Error, OSError) as problem:
        click.echo(f"watches: {problem}; `{home.typed('campuswarc watch run')}` tells what is new", err=True)
