"""campuswarc watch: saved searches that tell."""

from __future__ import annotations

from crawler.commands import Modules

command = Modules(
    name="watch",
    package=__name__,
    help="Saved searches that tell: new stories, changes and deletions that meet a query, each told once.",
)
