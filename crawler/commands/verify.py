"""campuswarc verify"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path

import click
from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn

from archive.proof.repair import repair
from archive.proof.verify import Report, verify
from archive.store.lock import Locked
from archive.warc.verify import Finding, files
from crawler.archive_folder import ArchiveFolder
from crawler.exits import DAMAGED

_MOST = 5  # findings of one kind in one file that are printed
_COMMANDS = ("campuswarc verify --repair", "campuswarc rebuild")
# by kind of finding, as docs/proof.md has it; {0} and {1} are _COMMANDS
_CURES = {
    "torn": "`{0}` moves the tail to quarantine/; where a row points into it, bring the file back from a copy",
    "open": "the next crawl, or `{0}`, closes it",
    "damaged": "bring the file back from a copy; `{1}` shows what would be lost without it",
    "orphan": "`{0}` indexes them, `{1}` reads articles from them",
    "row": "bring the file back from a copy; `{1}` shows what would be lost without it",
    "database": "`{1}`",
    "search": "`{0}`",
    "fixity": "bring the file back from a copy",
}


@click.command()
@click.option("--quick", is_flag=True, help="Only the ends of files, the rows, and SQLite's short check.")
@click.option(
    "--sample", type=click.IntRange(min=1), metavar="N", help="As --quick, and N captures chosen by chance in full."
)
@click.option(
    "--repair",
    "mending",
    is_flag=True,
    help="Then close open files, move torn tails to quarantine/, index what has no row; deletes nothing.",
)
@click.option(
    "--since",
    metavar="HEAD",
    help="Head of the chain that `campuswarc seal` printed: what was sealed by then must be unchanged.",
)
@click.option(
    "--tsa-ca",
    "roots",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="PEM",
    help="With --since: the timestamp of HEAD must be there, and be signed under one of these certificates.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def command(
    home: ArchiveFolder,
    quick: bool,
    sample: int | None,
    mending: bool,
    since: str | None,
    roots: Path | None,
    as_json: bool,
) -> None:
    """Prove the archive: gzip, records, digests, pairs, revisits, and each row's chain to its bytes. Exit status 5 when
    something is wrong."""
    if not home.warc.is_dir():
        raise click.ClickException(
            f"{home.warc}: no such folder; this is no archive, or nothing has been crawled here yet"
        )
    done: list[str] = []
    if mending:
        try:
            for sentence in repair(home.folder):
                done.append(sentence)
                click.echo(f"repaired: {sentence}", err=as_json)
        except Locked as problem:
            raise click.ClickException(str(problem)) from None
    with _progress(home, shown=sys.stderr.isatty() and not quick) as progress:
        report = verify(home.folder, quick=quick, sample=sample or 0, since=since, progress=progress)
    if roots is not None:
        _timestamp(home, since, roots, report)
    if as_json:
        click.echo(json.dumps(report.as_dict() | {"repaired": done}, ensure_ascii=False, indent=1))
    else:
        _print(report, home)
    if not report.ok:
        sys.exit(DAMAGED)


def _timestamp(home: ArchiveFolder, since: str | None, roots: Path, report: Report) -> None:
    """Say when the head existed; what is wrong with its timestamp is a finding."""
    if since is None:
        raise click.UsageError("--tsa-ca is for the head that --since names")
    try:
        from archive.proof.timestamps import NotStamped, time_of
    except ModuleNotFoundError as missing:
        raise click.ClickException(f"{missing.name} is not installed: pip install 'campuswarc[timestamp]'") from None
    try:
        click.echo(f"timestamp: the head existed at {time_of(home.folder, since, roots)}", err=True)
    except NotStamped as problem:
        report.findings.append(Finding(kind="timestamp", text=str(problem), file=home.fixity.name))


def _print(report: Report, home: ArchiveFolder) -> None:
    for (file, kind), of_kind in groupby(report.findings, key=_of):
        several = list(of_kind)
        for finding in several[:_MOST]:
            click.echo(str(finding))
        if len(several) > _MOST:
            click.echo(f"and {len(several) - _MOST:,} more of kind {kind} in {file or 'the database'}: --json has all")
    for kind in dict.fromkeys(finding.kind for finding in report.findings):
        if kind in _CURES:
            click.echo(f"what helps with {kind}: {_CURES[kind].format(*map(home.typed, _COMMANDS))}")
    for (file, kind), some in groupby(sorted(report.foreign, key=_of), key=_of):
        first, *more = some
        click.echo(
            f"as it came from another tool: {first}"
            + (f", and {len(more)} more of kind {kind} in {file}" if more else "")
        )
    if report.unsealed:
        click.echo(
            f"not sealed: {report.unsealed} of {report.files} files; `{home.typed('campuswarc seal')}` seals them"
        )
    for what in report.skipped:
        click.echo(f"not looked at: {what}")
    click.echo(
        f"{report.files} files, {report.records} records ({report.bytes / 1e6:.1f} MB) and {report.rows} rows looked"
        " at: " + ("all is well" if report.ok else f"{len(report.findings)} findings")
    )


def _of(finding: Finding) -> tuple[str, str]:
    return finding.file or "", finding.kind


@contextmanager
def _progress(home: ArchiveFolder, *, shown: bool) -> Iterator[Callable[[int], object]]:
    """A bar on a terminal; nothing in cron."""
    if not shown:
        yield lambda done: None
        return
    total = sum(path.stat().st_size for path, _ in files(home.warc))
    with Progress(BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn(), transient=True) as bar:
        task = bar.add_task("verify", total=total)
        yield lambda done: bar.advance(task, done)
