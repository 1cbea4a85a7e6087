"""The commands that are likely to help, as a person types them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from archive.store.health import SiteHealth

if TYPE_CHECKING:
    from crawler.archive_folder import ArchiveFolder


def typed(rows: Iterable[SiteHealth], home: ArchiveFolder) -> list[SiteHealth]:
    """The same sites, the command of each problem as it is typed from the current folder: a report is read in a mail,
    and cron runs nowhere near the archive."""
    return [
        replace(
            row,
            found=tuple(replace(one, action=home.typed(one.action), line=home.typed(one.line)) for one in row.found),
        )
        if row.found
        else row
        for row in rows
    ]
