"""campuswarc diff URL"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click
from rich.console import Console
from rich.text import Text

from archive.difference import Piece
from archive.history import Change, Gone, NoSuchVersion, change, gone, versions
from archive.store.db import open_reader
from archive.store.meant import meant
from crawler.archive_folder import ArchiveFolder
from crawler.commands import refuse

_STYLES = {"same": "", "deleted": "red strike", "added": "green"}
_MARKS = {"same": "{}", "deleted": "[-{}-]", "added": "{{+{}+}}"}  # as git's --word-diff writes them


@click.command()
@click.argument("url", required=False)
@click.option("--from", "old", type=click.IntRange(min=1), help="Older version; the one before the newer by default.")
@click.option("--to", "new", type=click.IntRange(min=1), help="Newer version; the newest by default.")
@click.option("--list", "listed", is_flag=True, help="List the versions instead, and when each was seen.")
@click.option("--gone", "of_gone", is_flag=True, help="List articles that are no longer there; URL may be a site's id.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.pass_obj
def command(
    home: ArchiveFolder, url: str | None, old: int | None, new: int | None, listed: bool, of_gone: bool, as_json: bool
) -> None:
    """Show what changed in the article at URL between two versions, word by word, and when it was seen to change."""
    try:
        db = open_reader(home.database, shown="listed" if of_gone else "addressed")
        if of_gone:
            _print_gone(list(gone(db, url)), as_json)
            return
        if url is None:
            raise click.UsageError("Missing argument 'URL'.")
        url = meant(db, url)
        refuse(db, url)
        if listed:
            found = versions(db, url)
            click.echo(
                json.dumps([asdict(v) for v in found], ensure_ascii=False)
                if as_json
                else "\n".join(
                    f"{v.n}\t{v.seen_from} to {v.seen_to}\t{len(v.body)} characters\t{_printable(v.title)}"
                    for v in found
                )
            )
            return
        difference = change(db, url, old, new)
    except (NoSuchVersion, ValueError) as problem:
        raise click.ClickException(str(problem)) from None
    if as_json:
        click.echo(json.dumps(asdict(difference), ensure_ascii=False))
    else:
        _print(difference)


def _print(difference: Change) -> None:
    old, new = difference.old, difference.new
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"version {old.n}, seen {old.seen_from} to {old.seen_to}", markup=False)
    console.print(f"version {new.n}, seen {new.seen_from} to {new.seen_to}", markup=False)
    console.print(f"changed: {', '.join(difference.changed) or 'nothing but the markup'}\n", markup=False)
    console.print(_text(difference.title, console.is_terminal))
    if "body" in difference.changed:
        console.print(Text("\n") + _text(difference.body, console.is_terminal))
    for name, addresses in (("link", difference.links), ("image", difference.images)):
        for kind, address in addresses:
            console.print(Text(f"{name} {kind}: {_printable(address)}", _STYLES[kind]))


def _text(found: list[Piece], coloured: bool) -> Text:
    if coloured:
        return Text.assemble(*((_printable(text), _STYLES[kind]) for kind, text in found))
    return Text("".join(_MARKS[kind].format(_printable(text)) for kind, text in found))


def _print_gone(found: list[Gone], as_json: bool) -> None:
    if as_json:
        json.dump([asdict(one) for one in found], sys.stdout, ensure_ascii=False)
        click.echo()
        return
    for one in found:
        click.echo(
            f"{one.site}\tseen for {one.days} days, last {one.last_seen[:10]}\t{_printable(one.title)}\t{one.url}"
        )


def _printable(text: str) -> str:
    """Without control characters, which a page could send to the terminal."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text)
