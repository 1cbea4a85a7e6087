"""Commands of `campuswarc`: one module each, its click.Command named `command`. The file's name is the command's."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import Any

import click


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
