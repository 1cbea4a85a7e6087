"""campuswarc watch run"""

from __future__ import annotations

import sys

import click

from archive.store.db import open_reader
from archive.store.lock import Locked
from archive.watches.watch import BadWatch
from crawler import config, user_agent
from crawler.archive_folder import ArchiveFolder
from crawler.reporting.watching import tell
from spiders.tables import ConfigError


@click.command()
@click.pass_obj
def command(home: ArchiveFolder) -> None:
    """Tell what is new now, and deliver what could not be delivered before; a crawl does the same at its end.

    Exit status 1 when something could not be delivered: the next run tries again.
    """
    open_reader(home.database, older=False).close()
    if not home.watches.exists():
        raise click.ClickException('no watch: campuswarc watch add NAME "QUERY" --notify URL')
    try:
        agent = user_agent(config.load(home.config).operator.contact)
        wrong = tell(home, agent, lambda line: click.echo(line, err=line.startswith("watch") and "not del" in line))
    except (BadWatch, ConfigError) as problem:
        raise click.ClickException(str(problem)) from None
    except Locked:
        raise click.ClickException("another process is telling what is new") from None
    sys.exit(1 if wrong else 0)
