"""campuswarc twins [QUERY]…"""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import asdict

import click

from archive.exports.csv import guarded
from archive.instants import iso, now
from archive.photos.likeness import NAME
from archive.search.query import QueryError
from archive.search.search import ids
from archive.shadows import hide
from archive.store.db import open_reader
from archive.store.lock import Locked
from archive.twins.finding import Found, find
from archive.twins.lexicon import CannotCompare, lexicon
from archive.twins.table import Pair, keep, pairs
from crawler import config
from crawler.archive_folder import ArchiveFolder
from crawler.commands import tell_unlooked
from crawler.engine.writing import writing
from spiders import catalogue
from spiders.site import registrable
from spiders.tables import ConfigError

_SIDE = ("url", "title", "site", "published")


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
@click.option("--find", "looking", is_flag=True, help="Look for them anew first (extra `twins`).")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Most pairs to list.")
@click.option("--json", "form", flag_value="json", help="As JSON.")
@click.option("--csv", "form", flag_value="csv", help="As a table, a row a pair.")
@click.pass_obj
def command(home: ArchiveFolder, words: tuple[str, ...], looking: bool, limit: int, form: str | None) -> None:
    """Chinese stories and the English ones that tell the same, with what speaks for each pair.

    With --find all stories of a college are compared, and their pages read from the archive: words by CC-CEDICT,
    numbers, days, names, photos, links between the pages. What is not sure is not claimed. A rebuild forgets the pairs,
    and finds the same ones again by --find. A query chooses pairs with a story that meets it. Exit status 1 when
    nothing is found.
    """
    try:
        if looking:
            _tell(_look(home))
        db = open_reader(home.database, older=False)
        among = set(ids(db, " ".join(words))) if words else None
        tell_unlooked(home, db, f"({' '.join(words)}) has:twin" if words else "has:twin")
    except (ConfigError, Locked, QueryError, CannotCompare) as problem:
        raise click.ClickException(str(problem)) from None
    found = pairs(db, among)
    _show(found, limit, form)
    if not found:
        click.echo("no twins", err=True)
    sys.exit(0 if found else 1)


def _look(home: ArchiveFolder) -> Found:
    dictionary = lexicon()
    with writing(home, config.load(home.config), catalogue.load(home.sites)) as (archive, _):
        hide(archive.db.conn, "listed")
        found = find(
            archive.db,
            home.warc,
            dictionary,
            registrable=registrable,
            pictures=home.folder / NAME,
            told=lambda text: click.echo(text, err=True),
        )
        hide(archive.db.conn, "all")
        keep(archive.db, found.twins, iso(now()))
    return found


def _tell(found: Found) -> None:
    click.echo(f"{len(found.twins):,} pairs found", err=True)
    for number, what in (
        (found.open, "stories fit two others alike: no pair is claimed"),
        (found.contradicted, "pages name a translation whose words have nothing in common with theirs: not believed"),
        (found.unread, "pages could not be read from the archive for their links: verify tells which"),
    ):
        if number:
            click.echo(f"{number:,} {what}", err=True)


def _show(found: list[Pair], limit: int, form: str | None) -> None:
    if form == "json":
        click.echo(json.dumps([asdict(one) for one in found[:limit]], ensure_ascii=False))
    elif form == "csv":
        table = csv.writer(sys.stdout, lineterminator="\n")
        table.writerow([*(f"{side}_{name}" for side in ("chinese", "english") for name in _SIDE), "confidence"])
        for one in found[:limit]:
            cells = [getattr(side, name) for side in (one.chinese, one.english) for name in _SIDE]
            table.writerow([*(guarded(cell or "") for cell in cells), one.confidence])
    else:
        for one in found[:limit]:
            click.echo(f"{one.confidence:.2f}  {_said(one)}")
            for side in (one.chinese, one.english):
                title = "".join(c if c.isprintable() else " " for c in side.title)
                click.echo(f"  {(side.published or 'undated')[:10]:10}  {side.site}  {title}\n    {side.url}")
        if len(found) > limit:
            click.echo(f"{len(found):,} pairs in all: --limit shows more", err=True)


def _said(one: Pair) -> str:
    """What speaks for it, in one line."""
    told = one.evidence
    parts = [f"words {told['words']:.2f}"]
    parts += [f"{name} {' '.join(told[name])}" for name in ("numbers", "days", "names", "terms") if told.get(name)]
    parts += ["photo"] if told.get("picture") else []
    parts += [f"link {told['link']}"] if told.get("link") else []
    return ", ".join(parts) + (f"; not met: {' '.join(told['unmet'])}" if told.get("unmet") else "")
