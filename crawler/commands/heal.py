"""campuswarc heal"""

from __future__ import annotations

import click

from archive.store.db import NoDatabase, open_reader
from archive.store.doubtful import doubtful
from crawler.archive_folder import ArchiveFolder
from crawler.commands import reading_processes, rebuild
from spiders import catalogue
from spiders.tables import ConfigError


@click.command()
@click.option("--yes", "-y", is_flag=True, help="Put the mended database into place without asking.")
@reading_processes(each_core=True)
@click.pass_context
def command(ctx: click.Context, yes: bool, processes: int) -> None:
    """Find what older versions let in, a notice in place of many stories or a host that was out for a day, and mend it.

    The rows of the sites where there is any are made anew from the WARC files, as `campuswarc rebuild --only SITE`
    does, and judged as a crawl judges today; nothing is asked of any server. What `accept` has confirmed stays. Exit
    status as `rebuild`; 0 where there is nothing to mend.
    """
    home: ArchiveFolder = ctx.obj
    try:
        found = doubtful(open_reader(home.database, shown="all"))
        known = catalogue.load(home.sites)
    except (ConfigError, NoDatabase) as problem:
        raise click.ClickException(str(problem)) from None
    for site, lines in sorted(found.items()):
        for line in lines:
            click.echo(f"{site}: {line}" + ("" if site in known else "; it is not in sites.toml, and stays as it is"))
    chosen = tuple(sorted(site for site in found if site in known))
    if not chosen:
        click.echo("nothing to mend")
        return
    ctx.invoke(
        rebuild.command, only=chosen, reader_changed=False, yes=yes, although_smaller=True, keep=3, processes=processes
    )
