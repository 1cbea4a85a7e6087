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


class Modules(click.Group):
    """A group whose members are the modules of a package; each is loaded when it is called."""

    def __init__(self, *args: Any, package: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self._package = package

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all commands, sorted."""
        path = import_module(self._package).__path__
        return sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules(path))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now; None if there is none."""
        if cmd_name not in self.list_commands(ctx):
            return None
        found: click.Command = import_module(f"{self._package}.{cmd_name.replace('-', '_')}").command
        return found


def refuse(db: Database, *urls: str, identifier: str = "") -> None:
    """Say what is withheld instead of showing it."""
    from archive.store.withheld import over, over_identifier

    kept = next(filter(None, (over(db, url=url) for url in urls)), None)
    kept = kept or (over_identifier(db, identifier) if identifier else None)
    if kept is not None:
        raise click.ClickException(kept.sentence)


def reading_processes(*, each_core: bool) -> Callable[[Any], Any]:
    """The option `--processes`: how many read pages, one a core or none beside the command's own unless told."""
    return click.option(
        "--processes",
        type=click.IntRange(min=0),
        default=(os.cpu_count() or 1) if each_core else 1,
        show_default="one a core" if each_core else True,
        help="Processes that read pages.",
    )
