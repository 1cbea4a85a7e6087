"""campuswarc search WORDS…"""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.text import Text

from archive.search.hits import Hit
from archive.search.query import QueryError
from archive.search.search import SORTS, Overview, Results, Sort, count, ids, overview, search, sought
from archive.search.snippet import plain
from archive.store.db import open_reader
from crawler.archive_folder import ArchiveFolder
from crawler.commands import tell_unlooked

if TYPE_CHECKING:
    from sqlite_utils import Database

_BOUNDED = (
    "so many articles hold these words that not each was weighed: those with the words in their titles come first;"
    " --offset shows {deepest:,} at most, --ids and export all; a further word or site: narrows it"
)


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Most articles to list.")
@click.option("--offset", type=click.IntRange(min=0), default=0, help="Articles to pass over first.")
@click.option(
    "--sort", type=click.Choice(SORTS), default="relevance", show_default=True, help="'recent' weighs match and age."
)
@click.option(
    "--doubtful",
    "sort",
    flag_value="doubtful",
    help="Only articles whose bodies the reader was not sure of (confidence under 0.8), the least sure first.",
)
@click.option(
    "--json",
    "form",
    flag_value="json",
    help="One JSON object: total, over (there are more), deepest, hits, suggestion.",
)
@click.option("--csv", "form", flag_value="csv", help="A table; cells that spreadsheets would run are quoted.")
@click.option("--ids", "form", flag_value="ids", help="Ids of all articles found, one a line; --limit does not apply.")
@click.option("--count", "form", flag_value="count", help="Their number alone.")
@click.option(
    "--facets",
    "form",
    flag_value="facets",
    help="How they spread over sites, colleges, countries, years, languages, sections, months.",
)
@click.pass_obj
def command(home: ArchiveFolder, words: tuple[str, ...], limit: int, offset: int, sort: Sort, form: str | None) -> None:
    """List articles with all WORDS, best first: 招生 "national science" a OR b -c univers* title:x after:2023-09
    has:attachment.

    Fields: title, body, author, source, attachment, site, college, country, tag, lang, section, url, after, before, on,
    year, has, state, kind, cluster, rights, added, removed, caption, person, org, place.
    Exit status 1 when nothing is found.
    """
    query = " ".join(words)
    try:
        db = open_reader(home.database, older=False)
        found = _print(db, query, limit, offset, sort, form)
        tell_unlooked(home, db, query)
    except QueryError as problem:
        raise click.ClickException(str(problem)) from None
    sys.exit(0 if found else 1)


def _print(db: Database, query: str, limit: int, offset: int, sort: Sort, form: str | None) -> int:
    """Print in the form asked for; how many were found."""
    if form == "count":
        click.echo(total := count(db, sought(query, sort)))
        return total
    if form == "ids":
        listed = list(ids(db, query, sort=sort))
        click.echo("".join(f"{id_}\n" for id_ in listed), nl=False)
        return len(listed)
    if form == "facets":
        return show_spread(overview(db, sought(query, sort)))
    results = search(db, query, limit=limit, offset=offset, sort=sort)
    return show(results, offset, form)


def show(results: Results, offset: int, form: str | None, shards: list[str] | None = None) -> int:
    """Print a page of hits, with the shards that they are from where there are some; how many there are in all."""
    named = [{"shard": name} for name in shards] if shards is not None else [{} for _ in results.hits]
    if form == "json":
        click.echo(
            json.dumps(
                {
                    "total": results.total,
                    "over": results.over,
                    "deepest": results.deepest,
                    "suggestion": results.suggestion,
                    "unlooked": [one.as_dict() for one in results.unlooked],
                    "hits": [row | own for row, own in zip(map(asdict, results.hits), named, strict=True)],
                },
                ensure_ascii=False,
            )
        )
    elif form == "csv":
        from archive.exports.csv import guarded  # here and below: it loads the columns of all exports

        table = csv.writer(sys.stdout, lineterminator="\n")
        rows = [_row(hit) | own for hit, own in zip(results.hits, named, strict=True)]
        table.writerows([list(rows[0])] + [[guarded(value) for value in row.values()] for row in rows] if rows else [])
    elif sys.stdout.isatty():
        _show(results, offset)
    else:
        for hit in results.hits:
            click.echo(f"{hit.published or 'undated'}\t{' '.join(plain(hit.title).split())}\t{hit.url}")
        _say_nothing_found(results)
    if results.deepest is not None and form != "json":
        click.echo(_BOUNDED.format(deepest=results.deepest), err=True)
    return results.total


def show_spread(spread: Overview) -> int:
    """Print how what was found spreads; how many there are in all."""
    if spread.sampled:
        click.echo("of so many articles the counts are estimates, from a part of them", err=True)
    for name, values in [*spread.facets.items(), ("month", spread.months)]:
        click.echo("".join(f"{name}\t{value}\t{number}\n" for value, number in values), nl=False)
    return spread.total


def _row(hit: Hit) -> dict[str, Any]:
    row = asdict(hit)
    return row | {"title": plain(hit.title), "snippet": plain(hit.snippet), "found_in": " ".join(hit.found_in)}


def _show(results: Results, offset: int) -> None:
    """For a person: titles, where and when, the passage with its hits."""
    console = Console(highlight=False)
    for number, hit in enumerate(results.hits, offset + 1):
        console.print(Text(f"{number}. ", "dim") + _marked(hit.title, "bold", "bold yellow"))
        facts = [(hit.published or "undated")[:10], hit.site, hit.section, "" if hit.state == "live" else hit.state]
        console.print(Text("   " + " · ".join(fact for fact in facts if fact), "dim"))
        if hit.document:
            console.print(Text(f"   in the document {hit.document}", "cyan"))
        console.print(Text("   ") + _marked(hit.snippet, "", "yellow"))
        console.print(Text(f"   {hit.url}\n", "blue"))
    last = offset + len(results.hits)
    if results.hits:
        console.print(
            f"{offset + 1:,} to {last:,} of {'over ' * results.over}{results.total:,}"
            + ("; --offset shows more" if last < results.reach else "")
        )
    _say_nothing_found(results)


def _marked(parts: list[tuple[str, bool]], style: str, hit_style: str) -> Text:
    return Text.assemble(*((_printable(text), hit_style if hit else style) for text, hit in parts))


def _printable(text: str) -> str:
    """Without control characters, which a page could send to the terminal."""
    return "".join(c if c.isprintable() else " " for c in text)


def _say_nothing_found(results: Results) -> None:
    if results.total == 0:
        click.echo("nothing found" + (f"; did you mean: {results.suggestion}" if results.suggestion else ""), err=True)
