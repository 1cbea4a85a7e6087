"""The `campuswarc` command: finds its sub-commands by file name and loads only the one that is called."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from crawler import __version__, commands
from crawler.archive_folder import ArchiveFolder
from crawler.exits import ended


class Commands(commands.Modules):
    """A group whose members are the modules of `crawler.commands`."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, package=commands.__name__, **more)

    def invoke(self, ctx: click.Context) -> Any:
        """Run it. What befalls the files ends every command in one sentence and the exit status for it."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
            raise
        except Exception as problem:
            found = ended(problem, ctx.obj.database)
            if found is None:
                raise
            raise _Ended(*found) from None


class _Ended(click.ClickException):
    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.__dict__["exit_code"] = status  # click declares it for the class


def _version(ctx: click.Context, param: click.Parameter, asked: bool) -> None:
    """Of the program, of its reader (a change of it reads pages otherwise) and of the schema that it writes."""
    if asked and not ctx.resilient_parsing:
        import sqlite3

        from archive.sqlite import database_on
        from archive.store import schema
        from spiders.findings import VERSION

        last = schema.steps.pending(database_on(sqlite3.connect(":memory:")))[-1].name.partition("_")[0]
        click.echo(f"campuswarc {__version__} (reader {VERSION}, schema {last})")
        ctx.exit()


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-C",
    "--home",
    "folder",
    envvar="CAMPUSWARC_HOME",
    default=".",
    show_default="current folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="The archive folder.",
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show versions and exit."
)
@click.pass_context
def main(ctx: click.Context, folder: Path) -> None:
    """Crawl college news into WARC and SQLite; search, replay and export it."""
    ctx.obj = ArchiveFolder(folder)


if __name__ == "__main__":
    main(prog_name="campuswarc")
