"""campuswarc cite URL"""

from __future__ import annotations

from collections.abc import Callable

import click

from archive.citing import styles
from archive.citing.cited import Cited, find
from archive.citing.references import csl_json, pwid, ris
from archive.instants import iso
from archive.replay.captures import at_stamp
from archive.store.db import open_reader
from archive.store.identifiers import stands
from archive.store.meant import meant
from crawler.archive_folder import ArchiveFolder
from crawler.commands import refuse

STYLES: dict[str, Callable[[Cited], str]] = {
    "apa": styles.apa,
    "mla": styles.mla,
    "chicago": styles.chicago,
    "gbt7714": styles.gbt,
    "bibtex": styles.bibtex,
    "ris": ris,
    "csl-json": csl_json,
}


@click.command()
@click.argument("url")
@click.option(
    "--style", type=click.Choice([*STYLES, "pwid"]), default="apa", show_default=True, help="Style or format."
)
@click.option("--at", help="Cite the version that stood then: 2023, 202312 or all 14 digits, UTC.")
@click.option("--archive", help="pwid: the host under which this archive is served, such as news-archive.example.edu.")
@click.pass_obj
def command(home: ArchiveFolder, url: str, style: str, at: str | None, archive: str | None) -> None:
    """Print a citation of the article at URL, which may be its public identifier, with the capture it was read from."""
    db = open_reader(home.database, shown="addressed")
    try:
        address = meant(db, url)
        seen = iso(at_stamp(at)) if at else ""
    except ValueError as problem:
        raise click.ClickException(str(problem)) from None
    there = stands(db, address)
    if there is None:
        refuse(db, address)
        raise click.ClickException(f"there is no article {url} here")
    cited = find(db, there[0], seen)
    if cited is None:
        raise click.ClickException(f"{there[1]} was not seen by {seen}")
    if style == "pwid":
        if not archive:
            raise click.UsageError("--style pwid needs --archive: a PWID names the archive by its host")
        text = pwid(archive, cited.captured, cited.url)
        if text is None:
            raise click.ClickException(f"no capture of {there[1]} is known, which a PWID names")
        click.echo(text)
        return
    click.echo(STYLES[style](cited).removesuffix("\r\n").replace("\r\n", "\n"))
