"""Proofs as an operator reads them: a table, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from archive.article import Article
from spiders.discover.proof import Proof

_WIDTH = 140  # where the output is no terminal


def show(proofs: Sequence[Proof], console: Console | None = None) -> None:
    """Print one row a listing: what was found, how sure it is, and titles to recognise it by."""
    console = console or _console()
    table = Table(show_lines=True)
    for name in ("listing", "section", "family"):
        table.add_column(name, overflow="fold")
    for name in ("items", "dated"):
        table.add_column(name, justify="right")
    for name in ("page 2", "stories", "titles"):
        table.add_column(name, overflow="fold")
    table.add_column("confidence", justify="right")
    for proof in proofs:
        table.add_row(
            escape(proof.url),
            escape(proof.section),
            proof.family,
            str(len(proof.listing.items)),
            str(proof.dated),
            escape(_page_two(proof)),
            escape(_stories(proof)),
            escape("\n".join(_cut(item.title) for item in proof.listing.items[:3])),
            f"{proof.confidence:.2f}",
        )
    console.print(table)
    for proof in proofs:
        for reason in proof.missing:
            console.print(f"missing: {escape(proof.url)}: {escape(reason)}", soft_wrap=True)


def _page_two(proof: Proof) -> str:
    if not proof.listing.older:
        return "none"
    return f"{proof.listing.older}\n{proof.new or 0} new"


def _stories(proof: Proof) -> str:
    read = [one for one in proof.stories if not one.problem]
    dates = [one.found.published[:10] for one in read if isinstance(one.found, Article) and one.found.published]
    return f"{len(read)} of {len(proof.stories)} read" + (f"\n{', '.join(dates)}" if dates else "")


def _cut(title: str) -> str:
    return title if len(title) <= 40 else f"{title[:39]}…"


def _console() -> Console:
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=_WIDTH)
