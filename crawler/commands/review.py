"""campuswarc review [QUERY…]"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from archive.doubts import SURE, Doubt, doubts, labelled
from archive.search.query import QueryError
from archive.shadows import hide
from archive.store.db import open_reader
from archive.store.lock import Locked
from archive.store.store import Archive
from crawler import config
from crawler.archive_folder import ArchiveFolder
from crawler.engine.writing import writing
from crawler.history import reviewing
from crawler.history.reviewing import NotCorrected
from spiders import catalogue
from spiders.site import Site
from spiders.tables import ConfigError

_SHOWN = 300  # characters of a body's beginning and of its end
_KEYS = "[a]ccept  [t]itle  [d]ate  [b]yline  body's [r]egion  [s]kip  [q]uit"


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
@click.option(
    "--below", type=click.FloatRange(0, 1.01), default=SURE, show_default=True, help="As sure, and not looked at."
)
@click.option("--list", "form", flag_value="list", help="List them, ask nothing, write nothing.")
@click.option("--json", "form", flag_value="json", help="As JSON, an object a line; the same.")
@click.option("--accept", is_flag=True, help="What was read of the story found is right; nothing is asked.")
@click.option("--title", help="Its title, as it should be.")
@click.option("--date", "day", help="Its date: 2023-09-01 or 2023-09-01T08:30Z; - for none.")
@click.option("--byline", help="Its byline; - for none.")
@click.option("--region", help="CSS selector of its body in the page as it was.")
@click.option("--by", default="", help="Who looked; by default the operator of campuswarc.toml.")
@click.option(
    "--labelled",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write what persons said so far, as JSON lines: what was read, what is right, what was wrong.",
)
@click.pass_obj
def command(
    home: ArchiveFolder,
    words: tuple[str, ...],
    below: float,
    form: str | None,
    accept: bool,
    title: str | None,
    day: str | None,
    byline: str | None,
    region: str | None,
    by: str,
    labelled: Path | None,
) -> None:
    """Look at doubtful readings, the least sure first: accept or correct title, date, byline and body.

    What a person says is a record in the WARC and stands in the rows until the page says something else; a rebuild
    obeys it. The web page /review shows each beside its page as it was. QUERY is as in search. With --accept, --title,
    --date, --byline or --region nothing is asked, and QUERY has to find one story: url:ADDRESS. Exit status: 0 well; 1
    nothing was found, or what was said cannot be meant.
    """
    query = " ".join(words)
    given = {"t": title, "d": day, "b": byline, "r": region}
    asked = {key: value for key, value in given.items() if value is not None}
    try:
        if labelled is not None:
            _labelled(home, labelled)
            return
        if form is not None:
            _list(home, query, below, form)
            return
        settings, sites = config.load(home.config), catalogue.load(home.sites)
        with writing(home, settings, sites) as (archive, _):
            hide(archive.db.conn, "listed")
            found = list(doubts(archive.db, query, below=1.01 if asked or accept else below))
            hide(archive.db.conn, "all")
            told = _Told(archive, home.warc, sites, by or settings.operator.name)
            if asked or accept:
                if len(found) != 1:
                    raise NotCorrected(f"{query or 'all of it'} finds {len(found)} stories: name one, by url:ADDRESS")
                told.say(found[0], asked)
            else:
                told.ask(found)
            archive.near.update()
    except (ConfigError, Locked, QueryError, NotCorrected) as problem:
        raise click.ClickException(str(problem)) from None
    click.echo(f"{told.count} readings judged" + (f", {told.left} left" if told.left else ""))


def _list(home: ArchiveFolder, query: str, below: float, form: str) -> None:
    n = 0
    for n, one in enumerate(doubts(open_reader(home.database, older=False), query, below=below), 1):  # noqa: B007
        if form == "json":
            click.echo(json.dumps(asdict(one), ensure_ascii=False))
        else:
            click.echo(f"{one.confidence:.2f}\t{one.published or 'undated'}\t{one.title}\t{one.url}")
    if not n:
        click.echo(f"no story is less sure than {below:g}", err=True)
        sys.exit(1)


def _labelled(home: ArchiveFolder, path: Path) -> None:
    rows = [json.dumps(one, ensure_ascii=False) + "\n" for one in labelled(open_reader(home.database, older=False))]
    if not rows:
        raise NotCorrected("nobody has judged a reading yet: campuswarc review")
    try:
        path.write_text("".join(rows), encoding="utf-8")
    except OSError as problem:
        raise NotCorrected(f"{path}: {problem.strerror}") from None
    click.echo(f"{len(rows)} pages in {path}")


class _Told:
    """What a person says, story after story."""

    def __init__(self, archive: Archive, folder: Path, sites: dict[str, Site], by: str) -> None:
        self._archive, self._folder, self._sites, self._by = archive, folder, sites, by
        self.count = self.left = 0

    def say(self, doubt: Doubt, asked: dict[str, str]) -> None:
        """Write down what was said of one story. Raises NotCorrected."""
        said: dict[str, Any] = {}
        for key, value in asked.items():
            said |= self._meant(key, value, doubt)
        one = reviewing.correction_of(doubt, said, region=asked.get("r", ""), by=self._by)
        reviewing.write(self._archive, one)
        self.count += 1

    def ask(self, found: list[Doubt]) -> None:
        """Show one after another, and do what the keys say until there is none, or a person ends it."""
        if not found:
            raise NotCorrected("no story is that doubtful: --below 1 goes through those that are nearly sure too")
        for n, doubt in enumerate(found):
            click.echo(_text(doubt, n + 1, len(found)))
            asked: dict[str, str] = {}
            while True:
                try:
                    key = click.prompt(_KEYS, default="s", show_default=False).strip()[:1].lower()
                    if key in ("t", "d", "b", "r"):
                        value = click.prompt({"t": "title", "d": "date", "b": "byline", "r": "selector"}[key])
                        click.echo(_said(self._meant(key, value, doubt)))
                        asked[key] = value
                    elif key == "a":
                        self.say(doubt, asked)
                        break
                    elif key in ("s", "q"):
                        break
                except NotCorrected as problem:
                    click.echo(str(problem), err=True)
            if key == "q":
                self.left = len(found) - n
                return
            self.left += key == "s"

    def _meant(self, key: str, value: str, doubt: Doubt) -> dict[str, Any]:
        if key == "r":
            return reviewing.region(self._archive, self._folder, self._sites, doubt, value)
        plain: dict[str, Callable[[str], dict[str, Any]]] = {
            "t": reviewing.headline,
            "d": reviewing.date,
            "b": reviewing.byline,
        }
        return plain[key](value)


def _text(doubt: Doubt, n: int, of: int) -> str:
    return "\n".join(
        [
            f"\n{n} of {of}   confidence {doubt.confidence:.2f}   {doubt.url}",
            f"  captured  {doubt.captured}   (beside its page: campuswarc serve, then /review)",
            f"  title     {_plain(doubt.title)}",
            f"  date      {doubt.published or '-'} ({doubt.published_precision or 'none'})",
            f"  byline    {_plain(doubt.byline) or '-'}   authors: {_plain(', '.join(doubt.authors)) or '-'}",
            f"  body      {_ends(doubt.body)}",
        ]
    )


def _said(said: dict[str, Any]) -> str:
    return "  -> " + "; ".join(
        f"{name}: {_ends(value) if name == 'body' else value}" for name, value in said.items() if name != "body_html"
    )


def _ends(body: str) -> str:
    short = body if len(body) <= 2 * _SHOWN else f"{body[:_SHOWN]} […] {body[-_SHOWN:]}"
    return _plain(short) or "-"


def _plain(text: str) -> str:
    """On one line, without what would move a terminal."""
    return " ".join("".join(c if c.isprintable() or c.isspace() else "\ufffd" for c in text).split())
