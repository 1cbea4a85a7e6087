"""campuswarc seal"""

from __future__ import annotations

import click

from archive.warc.fixity import seal
from crawler.archive_folder import ArchiveFolder


@click.command()
@click.option(
    "--timestamp",
    metavar="URL",
    help="Have this time-stamping authority (RFC 3161) sign the head: that it existed is then proven to others.",
)
@click.pass_obj
def command(home: ArchiveFolder, timestamp: str | None) -> None:
    """Enter the digests of newly closed WARC files in fixity.jsonl, a chain, and print its head.

    Keep the head somewhere else: `campuswarc verify --since HEAD` then proves that nothing sealed by now was changed.
    """
    sealed(home, timestamp)


def sealed(home: ArchiveFolder, timestamp: str | None) -> None:
    """Seal, print the head, and have it timestamped where an authority is named."""
    if not home.warc.is_dir():
        raise click.ClickException(
            f"{home.warc}: no such folder; this is no archive, or nothing has been crawled here yet"
        )
    try:
        added, head = seal(home.warc, home.fixity)
    except (OSError, ValueError) as problem:
        raise click.ClickException(f"{home.fixity}: {problem}") from None
    click.echo(f"{len(added)} files sealed; head of the chain:", err=True)
    click.echo(head or "(nothing sealed yet)")
    if timestamp is not None and head:
        _stamp(home, head, timestamp)


def _stamp(home: ArchiveFolder, head: str, url: str) -> None:
    try:
        from archive.proof.timestamps import NotStamped, stamp
    except ModuleNotFoundError as missing:
        raise click.ClickException(f"{missing.name} is not installed: pip install 'campuswarc[timestamp]'") from None
    try:
        kept = stamp(home.folder, home.fixity, head, url)
    except NotStamped as problem:
        raise click.ClickException(f"sealed, and not timestamped: {problem}") from None
    click.echo(f"timestamped: {kept}", err=True)
