"""campuswarc dictionary"""

from __future__ import annotations

import json

import click

from archive.exports.columns import COLUMNS, Column

_HEAD = """# The data dictionary

The columns of an export (export.md), in their order. Printed by `campuswarc dictionary --markdown` from the code; do
not edit.

| column | type | what it is |
|---|---|---|
"""


@click.command()
@click.option("--markdown", "form", flag_value="markdown", help="As docs/dictionary.md.")
@click.option("--json", "form", flag_value="json", help="As JSON.")
def command(form: str | None) -> None:
    """Print the data dictionary: every column of an export, its type and what it is."""
    if form == "json":
        click.echo(json.dumps([_entry(column) for column in COLUMNS], ensure_ascii=False, indent=2))
    elif form == "markdown":
        click.echo(_HEAD + "".join(f"| `{name}` | {kind} | {text} |\n" for name, kind, text in _lines()), nl=False)
    else:
        for name, kind, text in _lines():
            click.echo(f"{name:22} {kind:9} {text}")


def _lines() -> list[tuple[str, str, str]]:
    lines: list[tuple[str, str, str]] = []
    for column in COLUMNS:
        lines.append((column.name, column.kind, column.text))
        lines += [(f"{column.name}.{name}", kind, text) for name, (kind, text) in (column.record or {}).items()]
    return lines


def _entry(column: Column) -> dict[str, object]:
    members = [{"name": name, "type": kind, "text": text} for name, (kind, text) in (column.record or {}).items()]
    return {"name": column.name, "type": column.kind, "text": column.text} | ({"members": members} if members else {})
