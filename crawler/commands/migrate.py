"""campuswarc migrate"""

from __future__ import annotations

import click

from archive.store.db import fitting, open_reader, open_writer
from archive.store.lock import Locked, WriterLock
from crawler.archive_folder import ArchiveFolder


@click.command()
@click.pass_obj
def command(home: ArchiveFolder) -> None:
    """Bring news.db to the schema of this version. A crawl does the same when it begins; readers never do."""
    missing = fitting(open_reader(home.database), home.database)
    if not missing:
        click.echo(f"{home.database}: nothing to do")
        return
    lock = WriterLock(home.folder / "news.lock")
    try:
        lock.acquire()
    except Locked as problem:
        raise click.ClickException(str(problem)) from None
    try:
        open_writer(home.database).close()
    finally:
        lock.release()
    click.echo(f"{home.database}: {', '.join(missing)}")
