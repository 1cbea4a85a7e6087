"""campuswarc changes QUERY…"""

from __future__ import annotations

import json
import sys

import click
from rich.console import Console
from rich.text import Text

from archive.changes.candidates import KINDS, Kind
from archive.changes.changes import Asked, Event, Found, changes
from archive.changes.table import row, write
from archive.search.query import QueryError
from archive.store.db import open_reader
from crawler.archive_folder import ArchiveFolder
from crawler.commands import tell_unlooked

_STYLES = {"same": "", "deleted": "red strike", "added": "green"}
_MARKS = {"same": "{}", "deleted": "[-{}-]", "added": "{{+{}+}}"}  # as git's --word-diff writes them
_MOST = 20_000  # changes whose texts are compared


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
@click.option("--site", help="Of this site alone.")
@click.option("--since", help="Seen on or after a day, month or year.")
@click.option("--until", help="Seen on or before it.")
@click.option("--kind", "kinds", type=click.Choice(KINDS), multiple=True, help="May be given several times.")
@click.option(
    "--min-weight",
    type=click.FloatRange(0, 1),
    help="Least share of words; 0 shows also edits of nothing but white space, menus, counters or markup.",
)
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="Most changes to list.")
@click.option("--json", "form", flag_value="json", help="As JSON.")
@click.option("--csv", "form", flag_value="csv", help="As a table; cells that spreadsheets would run are quoted.")
@click.pass_obj
def command(
    home: ArchiveFolder,
    words: tuple[str, ...],
    site: str | None,
    since: str | None,
    until: str | None,
    kinds: tuple[Kind, ...],
    min_weight: float | None,
    limit: int,
    form: str | None,
) -> None:
    """List stories that were edited, deleted, put back or moved, the latest first, with the words that came and went.

    A query as in search says of which stories; added:停招 and removed:"tuition free" of which words.
    Exit status 1 when nothing is found.
    """
    asked = Asked(
        query=" ".join(words),
        site=site,
        since=since,
        until=until,
        kinds=tuple(dict.fromkeys(kinds)) or KINDS,
        min_weight=min_weight,
    )
    try:
        db = open_reader(home.database)
        found = changes(db, asked, limit=limit, most=_MOST)
        tell_unlooked(home, db, asked.query)
    except QueryError as problem:
        raise click.ClickException(str(problem)) from None
    _print(found, form)
    sys.exit(0 if found.events else 1)


def _print(found: Found, form: str | None) -> None:
    if form == "json":
        document = {"changes": [row(event) for event in found.events], "more": found.more, "unread": found.unread}
        click.echo(json.dumps(document, ensure_ascii=False))
    elif form == "csv":
        write(sys.stdout, found.events)
    else:
        console = Console(highlight=False, soft_wrap=True)
        for event in found.events:
            _show(console, event)
    if not found.events and form is None:
        click.echo("no change found", err=True)
    if found.more and form is None:
        click.echo("there are more: --limit shows them", err=True)
    if found.unread:
        click.echo(
            f"{found.unread:,} older changes were not looked at; --until, --since or --site reaches them", err=True
        )


def _show(console: Console, event: Event) -> None:
    weight = f"  {event.weight:.1%}" if event.kind == "edited" else ""
    console.print(Text(f"{event.at[:16].replace('T', ' ')}  {event.kind}{weight}  {event.site}", "bold"))
    console.print(Text(f"  {_line(event.title)}"))
    console.print(Text(f"  {_line(event.url)}", "blue"))
    if event.former:
        console.print(Text(f"  was at {_line(event.former)}", "dim"))
    shown = Text.assemble(
        *(
            (_line(text), _STYLES[kind]) if console.is_terminal else _MARKS[kind].format(_line(text))
            for kind, text in event.excerpt
        )
    )
    if shown.plain.strip():
        console.print(Text("  ") + shown)
    console.print()


def _line(text: str) -> str:
    """On one line, without control characters, which a page could send to the terminal."""
    return "".join(c if c.isprintable() else " " for c in text)
