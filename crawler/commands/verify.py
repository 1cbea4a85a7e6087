"""campuswarc verify"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby

import click
from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn

from archive.proof.repair import repair
from archive.proof.verify import Report, verify
from archive.store.lock import Locked
from archive.warc.verify import Finding, files
from crawler.archive_folder import ArchiveFolder
from crawler.exits import DAMAGED


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
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def command(
    home: ArchiveFolder, quick: bool, sample: int | None, mending: bool, since: str | None, as_json: bool
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
    if as_json:
        click.echo(json.dumps(report.as_dict() | {"repaired": done}, ensure_ascii=False, indent=1))
    else:
        _print(report)
    if not report.ok:
        sys.exit(DAMAGED)


def _print(report: Report) -> None:
    for finding in report.findings:
        click.echo(str(finding))
    for (file, kind), some in groupby(sorted(report.foreign, key=_of), key=_of):
        first, *more = some
        click.echo(
            f"as it came from another tool: {first}"
            + (f", and {len(more)} more of kind {kind} in {file}" if more else "")
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
