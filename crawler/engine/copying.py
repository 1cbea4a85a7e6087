"""Copies of closed WARC files elsewhere, as `storage.copy_to` asks for: after each crawl, and by `campuswarc copy`."""

from __future__ import annotations

import click

from archive.warc.remote_copies import RemoteCopies
from crawler.archive_folder import ArchiveFolder


def copy_closed(home: ArchiveFolder, address: str, *, quiet: bool = False) -> bool:
    """Copy what has no proven copy yet; whether all of it has one now. Says on stderr what failed; it is tried again
    the next time."""
    try:
        store = RemoteCopies(home.folder, address)
    except (ImportError, ValueError) as problem:
        click.echo(f"storage.copy_to = {address!r}: {problem}", err=True)
        return False
    copied: list[str] = []
    failures = list(store.copy(copied.append))
    for failure in failures:
        click.echo(f"not copied: {failure}", err=True)
    if not quiet:
        click.echo(
            f"{len(copied)} files copied to {address} and read back, {len(failures)} failed, {len(store.known)} there"
            " in all"
        )
    return not failures
