"""campuswarc cdx"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from archive.store.withheld import blocked
from archive.warc.arrival import Arrivals
from archive.warc.layout import OPEN
from archive.warc.scan import Damage
from archive.warc.verify import files, named
from crawler.archive_folder import ArchiveFolder
from crawler.exits import DAMAGED


@click.command()
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.pass_obj
def command(home: ArchiveFolder, out: Path | None) -> None:
    """Write a sorted CDXJ index of all WARC files that have their name to OUT, or to standard output; pywb and
    others read it.

    What could be read is indexed, but what is blocked or removed (`campuswarc withhold`). Exit status 5 when a file is
    damaged, unless it is another tool's and came so.
    """
    try:
        from archive.warc.cdx import lines
    except ModuleNotFoundError as problem:
        raise click.ClickException(f"{problem.name} is not installed: pip install 'campuswarc[interchange]'") from None
    if not home.warc.is_dir():
        raise click.ClickException(
            f"{home.warc}: no such folder; this is no archive, or nothing has been crawled here yet"
        )
    found = files(home.warc)
    closed = [(path, name) for path, name in found if named(path)]
    growing = {name for path, name in closed if path.name.endswith(OPEN)}
    if len(closed) < len(found):
        click.echo(f"left out: {len(found) - len(closed)} files that are still being written", err=True)
    left_out = blocked(home.database)
    damages: list[tuple[str, Damage]] = []
    arrivals = Arrivals(home.warc)  # the orders that say what files were like may stand in any file

    def tell(name: str, damage: Damage) -> None:
        if not (damage.torn and name in growing):  # a record on its way
            damages.append((name, damage))

    if out is None:
        for line in lines(closed, on_damage=tell, seen=arrivals.note, left_out=left_out):
            click.echo(line)
    else:
        part = out.with_name(f".{out.name}.part")
        try:
            with part.open("w", encoding="utf-8") as file:
                told = lines(closed, on_damage=tell, seen=arrivals.note, left_out=left_out)
                file.writelines(f"{line}\n" for line in told)
            part.replace(out)
        except OSError as problem:
            raise click.ClickException(f"{out} was not written: {problem}") from None
        finally:
            part.unlink(missing_ok=True)
    came = [arrivals.came_so(name, "damaged") for name, _ in damages]
    for (name, damage), so in zip(damages, came, strict=True):
        said = "as it came from another tool" if so else "damaged"
        click.echo(f"{said}: {name}, offset {damage.offset}: {damage.reason}", err=True)
    if not all(came):
        sys.exit(DAMAGED)
