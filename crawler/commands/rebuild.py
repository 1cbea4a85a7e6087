"""campuswarc rebuild"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager

import click

from archive.proof.compare import TableDifference
from archive.store.db import refuse_newer
from archive.store.lock import Locked, WriterLock
from archive.warc.history import sources
from crawler import config
from crawler.archive_folder import ArchiveFolder
from crawler.commands import reading_processes
from crawler.engine.writing import schedule_of
from crawler.exits import DAMAGED
from crawler.history.rebuild import RebuildReport, build, new_database
from crawler.history.refresh_readings import reread
from crawler.history.replacing import NotCompared, Unsound, checked, replace, smaller
from spiders import catalogue
from spiders.site import Site
from spiders.tables import ConfigError, nearest

_SHOWN = 20


@click.command()
@click.option(
    "--only",
    multiple=True,
    metavar="SITE|FAMILY",
    help="Only rows of this site, or of the sites of this family; may be repeated.",
)
@click.option("--reader-changed", is_flag=True, help="Only read again what an older version of the reader has read.")
@click.option("--yes", "-y", is_flag=True, help="Put the new database into place without asking.")
@click.option(
    "--smaller",
    "although_smaller",
    is_flag=True,
    help="Also where WARC files are missing, or much less is in the new database than in the old one.",
)
@click.option(
    "--keep",
    type=click.IntRange(min=0),
    default=3,
    show_default=True,
    help="Old databases (news.db.TIME.old) that stay; older ones are deleted.",
)
@reading_processes(each_core=True)
@click.pass_obj
def command(
    home: ArchiveFolder,
    only: tuple[str, ...],
    reader_changed: bool,
    yes: bool,
    although_smaller: bool,
    keep: int,
    processes: int,
) -> None:
    """Make news.db anew from the WARC files, say what would change, and put it into place when asked.

    It grows beside the old one as news.db.rebuilding; a rebuild that was killed is taken up again. The old database is
    kept as news.db.TIME.old. Exit status: 0 well; 1 nothing done; 4 the disk refused; 5 parts of the archive are
    damaged, the rest was used.
    """
    lock = WriterLock(home.folder / "news.lock")
    try:
        settings, sites = config.load(home.config), catalogue.load(home.sites)
        chosen = _chosen(sites, only) if only else None
        lock.acquire()
        try:
            refuse_newer(home.database)
            if reader_changed:
                report = reread(home, sites, chosen, processes=processes)
            else:
                with _progress(home) as advance:
                    report = build(
                        home, sites, schedule_of(settings), processes=processes, only=chosen, advance=advance
                    )
            _told(report)
            replaced = _settle(home, processes, yes, although_smaller, keep)
        finally:
            lock.release()
    except (ConfigError, Locked, Unsound) as problem:
        raise click.ClickException(str(problem)) from None
    if report.damages or not replaced:
        sys.exit(DAMAGED)


def _chosen(sites: Mapping[str, Site], words: Collection[str]) -> dict[str, Site]:
    """Sites by id or by family. Raises ConfigError."""
    known = {*sites, *(site.family for site in sites.values())}
    for word in words:
        if word not in known:
            raise ConfigError(f"no site and no family {word!r}{nearest(word, sorted(known))}")
    return {id_: site for id_, site in sites.items() if id_ in words or site.family in words}


def _told(report: RebuildReport) -> None:
    for text in report.troubles[:_SHOWN]:
        click.echo(text, err=True)
    if report.damages > _SHOWN:
        click.echo(f"... and {report.damages - _SHOWN} more like these", err=True)
    for text in report.remarks[:_SHOWN]:
        click.echo(f"as it came from another tool: {text}", err=True)
    if len(report.remarks) > _SHOWN:
        click.echo(f"... and {len(report.remarks) - _SHOWN} more that came so", err=True)
    again = "an earlier rebuild taken up again; " if report.resumed else ""
    click.echo(
        f"{again}{report.files} files, {report.steps} records, {report.pages} pages read, {report.damages} places could"
        " not be used"
    )


def _settle(home: ArchiveFolder, processes: int, yes: bool, although_smaller: bool, keep: int) -> bool:
    """Say what differs; replace the old database, if there is one, when that is wanted. False where a damaged one
    stays."""
    damaged = False
    try:
        found = checked(home, processes=processes)
    except NotCompared as problem:
        click.echo(f"the old database cannot be compared: {problem}", err=True)
        found, damaged = None, True
    if found is not None or damaged:
        for difference in found or ():
            _print(difference)
        if found is not None and all(difference.same for difference in found):
            click.echo("equal to news.db, row for row")
        less = smaller(home, found)
        if less is not None and not although_smaller:
            click.echo(f"much may be missing: {less}", err=True)
            if yes:
                raise click.ClickException(
                    f"news.db is as it was; the new database is {new_database(home)},"
                    f" `{home.typed('campuswarc rebuild --yes --smaller')}` puts it into place"
                )
        if not (yes or (sys.stdin.isatty() and click.confirm("Put the new database into place?"))):
            click.echo(
                f"news.db is as it was; the new database is {new_database(home)},"
                f" `{home.typed('campuswarc rebuild --yes')}` puts it into place"
            )
            return not damaged
    kept = replace(home, keep=keep, damaged=damaged)
    click.echo(f"{home.database} is new" + (f"; the old one is {kept}" if kept else ""))
    return True


def _print(difference: TableDifference) -> None:
    fields = ", ".join(
        f"{name} {count}" for name, count in sorted(difference.fields.items(), key=lambda entry: -entry[1])
    )
    click.echo(
        f"{difference.table}: {difference.rows} rows, {difference.added} added, {difference.removed} removed,"
        f" {difference.changed} changed" + (f" ({fields})" if fields else "")
    )
    for sample in difference.samples:
        click.echo(
            f"  {sample.key}: {sample.field}"
            + ("" if sample.field in ("added", "removed") else f": {_short(sample.old)} -> {_short(sample.new)}")
        )


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 90 else text[:89] + "…"


@contextmanager
def _progress(home: ArchiveFolder) -> Iterator[Callable[[int], object]]:
    """A bar over the bytes of the WARC files on a terminal; nothing in cron."""
    if not sys.stderr.isatty():
        yield lambda done: None
        return
    from rich.console import Console  # only where somebody looks on
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn

    total = sum(source.path.stat().st_size for source in sources(home.warc))
    columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("rebuild", total=total)
        yield lambda done: bar.advance(task, done)
