"""scrapy fetch"""

from __future__ import annotations

from argparse import Namespace

from scrapy.commands import fetch

from crawler.engine.looking.apart import set_apart


class Command(fetch.Command):
    """As Scrapy's."""

    def process_options(self, args: list[str], opts: Namespace) -> None:
        """Scrapy's own settings in place of ours."""
        super().process_options(args, opts)
        assert self.settings is not None
        set_apart(self.settings)
