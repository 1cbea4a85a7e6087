"""Commands of `campuswarc`: one module each, its click.Command named `command`. The file's name is the command's."""

from __future__ import annotations

import os
import pkgutil
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from sqlite_utils import Database

    from crawler.archive_folder import ArchiveFolder


class Modules(click.Group):
    """A group whose members are the modules of a package; each is loaded when it is called."""

    def __init__(self, *args: Any, package: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self._package = package

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all commands, sorted."""
        path = import_module(self._package).__path__
        return sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules(path))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does; where there is no such command the nearest is named."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as problem:
            from difflib import get_close_matches

            near = get_close_matches(args[0], self.list_commands(ctx), 1)
            if not near:
                raise
            raise click.UsageError(f"{problem.message.rstrip('.')}: did you mean {near[0]!r}?", ctx) from None

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now; None if there is none."""
        if cmd_name not in self.list_commands(ctx):
            return None
        found: click.Command = import_module(f"{self._package}.{cmd_name.replace('-', '_')}").command
        return found


def refuse(db: Database, url: str) -> None:
    """Say what is withheld instead of showing it."""
    from archive.store.withheld import over

    kept = over(db, url=url)
    if kept is not None:
        raise click.ClickException(kept.sentence)


def tell_unlooked(home: ArchiveFolder, db: Database, query: str) -> None:
    """Say what a query asks for that nobody has looked for: that nothing is found says nothing then."""
    from archive.search.unlooked import unlooked

    for one in unlooked(db, query) if query else ():
        click.echo(home.typed(one.sentence), err=True)


def reading_processes(*, each_core: bool) -> Callable[[Any], Any]:
    """The option `--processes`: how many read pages, one a core or none beside the command's own unless told."""
    return click.option(
        "--processes",
        type=click.IntRange(min=0),
        default=(os.cpu_count() or 1) if each_core else 1,
        show_default="one a core" if each_core else True,
        help="Processes that read pages.",
    )
