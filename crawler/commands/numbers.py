"""campuswarc numbers QUERY…"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from archive.numbers.drawing import svg
from archive.numbers.shares import BYS, FEW, Asked, By, NoNumbers, Shares, shares
from archive.numbers.table import document, write
from archive.search.query import QueryError
from archive.store.db import open_reader
from crawler.archive_folder import ArchiveFolder
from crawler.commands import tell_unlooked

_BAR = 40  # characters of the longest bar


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
@click.option("--by", type=click.Choice(BYS), default="month", show_default=True, help="What each bar is.")
@click.option("--college", "colleges", multiple=True, metavar="NAME", help="Compare these; part of a name will do.")
@click.option("--among", default="", metavar="QUERY", help="Share of these stories instead of all, such as lang:zh.")
@click.option("--since", default="", help="Published on or after a day, month or year.")
@click.option("--until", default="", help="Published on or before it.")
@click.option("--json", "form", flag_value="json", help="As JSON.")
@click.option("--csv", "form", flag_value="csv", help="As a table.")
@click.option(
    "--svg", "drawing", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Draw it into FILE."
)
@click.pass_obj
def command(
    home: ArchiveFolder,
    words: tuple[str, ...],
    by: By,
    colleges: tuple[str, ...],
    among: str,
    since: str,
    until: str,
    form: str | None,
    drawing: Path | None,
) -> None:
    """The share of a topic among all stories, a month, a year or a college; each with the count behind it.

    The topic is a query as in search. A share of fewer than 20 stories is marked, since it says little.
    """
    asked = Asked(query=" ".join(words), by=by, among=among, colleges=colleges, since=since, until=until)
    try:
        db = open_reader(home.database, older=False)
        found = shares(db, asked)
        tell_unlooked(home, db, asked.query)
    except (NoNumbers, QueryError) as problem:
        raise click.ClickException(str(problem)) from None
    if drawing is not None:
        try:
            drawing.write_text(svg(found, title=asked.query, note=_note(found)), encoding="utf-8")
        except OSError as problem:
            raise click.ClickException(f"{drawing}: {problem.strerror}") from None
        click.echo(f"{len(found.bars)} bars in {drawing}", err=True)
    elif form == "json":
        click.echo(json.dumps(document(found), ensure_ascii=False))
    elif form == "csv":
        write(sys.stdout, found)
    else:
        _print(found)


def _note(found: Shares) -> str:
    n, of = found.undated
    undated = f"; {n:,} of {of:,} undated stories are in no {found.asked.by}" if of else ""
    return f"share of all stories: {found.whole.text}{undated}; marked where of fewer than {FEW}"


def _print(found: Shares) -> None:
    top = max((one.share or 0 for one in found.bars), default=0) or 1
    for one in found.bars:
        name = "  ".join(filter(None, (one.period, one.college)))
        few = "  (few)" if one.few else ""
        click.echo(f"{name}  {'█' * round(_BAR * (one.share or 0) / top)} {one.text}{few}")
    click.echo(_note(found))
