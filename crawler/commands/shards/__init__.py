"""campuswarc shards: what is done with an archive whose sites lie in many archive folders."""

from __future__ import annotations

from crawler.commands import Modules

command = Modules(
    name="shards",
    package=__name__,
    help="The sites of one sites.toml in many archive folders: crawled by many processes or machines, read as one.",
)
