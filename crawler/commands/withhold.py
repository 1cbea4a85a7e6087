"""campuswarc withhold URL|SITE|CAPTURE…"""

from __future__ import annotations

import re
import sqlite3
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

import click

from archive.guarded import StorageFailure
from archive.instants import iso, now
from archive.patterns import deferred
from archive.photos.likeness import NAME
from archive.sqlite import as_json
from archive.store.lock import Locked
from archive.store.meant import Unclear, meant
from archive.store.rows import Rows
from archive.store.store import Archive
from archive.store.withheld import DEPTHS, WITHHELD, Depth, Kind, Order, names_of
from crawler import config
from crawler.archive_folder import ArchiveFolder
from crawler.commands.seal import sealed
from crawler.engine.writing import writing
from crawler.exits import DAMAGED
from crawler.history.withholding import Done, carry_out, emptied, obey
from spiders import catalogue
from spiders.tables import ConfigError, nearest

_CAPTURE = deferred(r"<?(?:urn:uuid:)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})>?", re.I)
_SHOWN = 20


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="URL|SITE|CAPTURE…")
@click.option("--reason", required=True, help="Why, in a sentence that visitors read.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="It ends by itself on that day (UTC): an embargo.")
@click.option(
    "--depth",
    type=click.Choice(DEPTHS),
    default="unlisted",
    show_default=True,
    help="unlisted: in no list, search or export, but at its own address; blocked: not there either; removed: its bytes"
    " are overwritten, for good.",
)
@click.option("--by", default="", help="Who decided; by default the operator of campuswarc.toml.")
@click.option("--yes", "-y", is_flag=True, help="Remove without asking.")
@click.option(
    "--timestamp",
    metavar="URL",
    help="Seal then, and have this time-stamping authority (RFC 3161) sign the head: what was decided, why, when and by"
    " whom, is proven to others.",
)
@click.pass_context
def command(
    ctx: click.Context,
    names: tuple[str, ...],
    reason: str,
    until: datetime | None,
    depth: Depth,
    by: str,
    yes: bool,
    timestamp: str | None,
) -> None:
    """Show a story, all of a site, or one capture no longer: a takedown, or with --until an embargo.

    CAPTURE is a WARC-Record-ID. It is kept in the WARC, and obeyed by rebuild, merge, export and the web page; what is
    blocked or removed is asked for by no crawl. Exit status: 0 well; 1 nothing done; 5 some bytes could not be
    overwritten, and are named.
    """
    home: ArchiveFolder = ctx.obj
    if until is not None and depth == "removed":
        raise click.UsageError("what is removed is removed for good: no --until")
    if until is not None and until.replace(tzinfo=UTC) <= now():
        raise click.UsageError(f"--until {until:%Y-%m-%d} is past")
    troubles: list[str] = []
    done = Done()
    try:
        settings, sites = config.load(home.config), catalogue.load(home.sites)
        with writing(home, settings, sites, troubles.append) as (archive, _):
            at, end = iso(now()), iso(until.replace(tzinfo=UTC)) if until else None
            orders = [
                Order(
                    asked=asked,
                    kind=kind,
                    names=(goes_for := names_of(archive.db, asked) if kind == "url" else (asked,)),
                    sites=() if kind == "site" else _sites_of(archive, kind, goes_for),
                    depth=depth,
                    reason=" ".join(reason.split()),
                    by=by or settings.operator.name or settings.operator.contact or "the operator",
                    since=at,
                    until=end,
                )
                for kind, asked in (named(archive, name, list(sites)) for name in names)
            ]
            if depth == "removed":
                _refuse_unbuildable(archive, orders, sites)
                if not yes:
                    _confirm(archive, orders)
            for order in orders:
                archive.record_resource(WITHHELD, "application/json", order.payload())
                obey(archive, order)
            archive.commit()  # decided from here on, whatever becomes of this process
            if depth == "removed":
                done = carry_out(archive, troubles.append)
            archive.near.update()
        if depth == "removed":
            emptied(home.database)
            (home.folder / NAME).unlink(missing_ok=True)  # addresses and hashes of pictures; it is made again
        _withdraw(home, troubles)
    except (ConfigError, Locked, ValueError) as problem:
        raise click.ClickException(str(problem)) from None
    for order in orders:
        if order.kind == "url" and not order.sites and depth != "removed":
            click.echo(f"{order.asked}: nothing is kept of it: this is for what may come", err=True)
        click.echo(f"{order.asked}: {_SAID[depth]}" + (f" until {order.until[:10]}" if order.until else ""))
    if depth == "removed":
        _tell_removed(ctx, home, orders, done, sorted(set(done.elsewhere) & set(sites)))
    for text in troubles:
        click.echo(text, err=True)
    if timestamp is not None:
        sealed(home, timestamp)
    if troubles:
        sys.exit(DAMAGED)


def _withdraw(home: ArchiveFolder, troubles: list[str]) -> None:
    """Out of the digests that wait, too."""
    from crawler.reporting.watching import withdraw_now

    try:
        withdraw_now(home)
    except StorageFailure as problem:
        troubles.append(f"it may be held still by {problem}")
    except (Locked, sqlite3.Error) as problem:
        cure = home.typed("campuswarc watch run")
        troubles.append(f"{home.watch_journal.name} may hold it still: {problem}; {cure} takes it out")


_SAID = {
    "unlisted": "in no list, search, feed or export; its own address still answers",
    "blocked": "shown nowhere; its own address says that it is withheld, and why",
    "removed": "removed",
}


def named(rows: Rows, name: str, sites: list[str]) -> tuple[Kind, str]:
    """What a person means. Raises ConfigError."""
    if (found := _CAPTURE.fullmatch(name)) is not None:
        record = f"<urn:uuid:{found[1].lower()}>"
        if rows.captures.by_record(record) is None:
            raise ConfigError(f"there is no capture {record} here")
        return "record", record
    if name in sites or rows.db.conn.execute("select 1 from sites where id = ?", [name]).fetchone():
        return "site", name
    try:
        return "url", meant(rows.db, name)
    except Unclear as problem:
        raise ConfigError(f"{problem}, nor a site or a capture{nearest(name, sites)}") from None


def _sites_of(rows: Rows, kind: Kind, names: Sequence[str]) -> tuple[str, ...]:
    column = "url" if kind == "url" else "record_id"
    found = rows.db.conn.execute(
        f"select distinct site from captures where {column} in (select value from json_each(?)) order by 1",
        [as_json(list(names))],
    )
    return tuple(row[0] for row in found)


def _refuse_unbuildable(archive: Archive, orders: Sequence[Order], sites: object) -> None:
    """What was read from one capture is found out by a rebuild of its site, which has to be configured."""
    for order in orders:
        if order.kind == "record":
            capture = archive.captures.by_record(order.asked)
            if capture is not None and capture.site not in sites:  # type: ignore[operator]
                raise ConfigError(f"{order.asked} is of {capture.site}, which is not in sites.toml: name its address")


def _confirm(archive: Archive, orders: Sequence[Order]) -> None:
    for order in orders:
        click.echo(f"{order.asked}: {_captures(archive, order)} captures will be overwritten, and cannot be had again")
    if not sys.stdin.isatty() or not click.confirm("Remove them for good?"):
        raise ConfigError("nothing was removed: --yes removes without asking")


def _captures(archive: Archive, order: Order) -> int:
    column = {"url": "url", "site": "site", "record": "record_id"}[order.kind]
    return int(
        archive.db.conn.execute(
            f"select count(*) from captures where {column} in (select value from json_each(?))",
            [as_json(list(order.names))],
        ).fetchone()[0]
    )


def _tell_removed(
    ctx: click.Context, home: ArchiveFolder, orders: Sequence[Order], done: Done, elsewhere: Sequence[str]
) -> None:
    from crawler.commands import rebuild

    click.echo(f"{len(done.records)} records overwritten in {len(done.files)} files of warc/")
    named = {name for order in orders for name in order.names}
    beside = sorted({url for url in done.records.values() if url and url not in named})
    for url in beside[:_SHOWN]:
        click.echo(f"  with them a record of {url}, which had repeated one of them")
    if elsewhere:  # stories of other addresses had been read from these records
        ctx.invoke(
            rebuild.command,
            only=tuple(elsewhere),
            reader_changed=False,
            yes=True,
            although_smaller=True,
            keep=0,
            processes=1,
        )
    for path in home.leftovers:
        click.echo(f"{path.name} is a database of before and still holds it: delete it", err=True)
    if (home.folder / "copies.jsonl").exists():
        click.echo("copies of these files elsewhere still hold it: campuswarc copy does not replace them", err=True)
    if home.quarantine.is_dir() and any(home.quarantine.iterdir()):
        click.echo("quarantine/ holds bytes that nobody could read: look there too", err=True)
