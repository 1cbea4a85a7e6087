"""What is exported, as `export` and `shards export` are asked for it: declared once."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any, get_args

import click

from archive.exports.columns import BODIES
from archive.exports.selection import Versions
from archive.rights import USES

_OPTIONS = (
    click.option("--query", default="", help="Words and fields as for `campuswarc search`."),
    click.option("--site", "sites", multiple=True, help="Id of a site; may be repeated."),
    click.option("--after", help="Published on or after: 2023, 2023-09 or 2023-09-01."),
    click.option("--before", help="Published on or before."),
    click.option("--lang", "languages", multiple=True, help="ISO 639-1 code; may be repeated."),
    click.option(
        "--state", "states", multiple=True, type=click.Choice(("live", "gone", "moved")), help="May be repeated."
    ),
    click.option(
        "--rights",
        "rights",
        multiple=True,
        type=click.Choice(USES),
        help="Leave out what its page or its host refuses for this use; may be repeated.",
    ),
    click.option("--fields", help="Columns, parted by commas, in that order; `campuswarc dictionary` lists them."),
    click.option(
        "--versions",
        type=click.Choice(get_args(Versions)),
        default="latest",
        show_default=True,
        help="Articles as they stand, or as they ever stood.",
    ),
    click.option(
        "--text",
        "text",
        multiple=True,
        type=click.Choice(list(BODIES)),
        default=("plain",),
        show_default=True,
        help="Form of the body; may be repeated.",
    ),
)


def selection_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """A command with these options: query, sites, after, before, languages, states, rights, fields, versions, text."""
    return reduce(lambda made, option: option(made), reversed(_OPTIONS), command)


def named_fields(fields: str | None) -> tuple[str, ...]:
    """The columns of --fields; none where it is not given, which means all."""
    return tuple(name.strip() for name in fields.split(",")) if fields is not None else ()
