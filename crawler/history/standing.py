"""What a record of unchanged addresses means for the rows: visits without a capture."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

from archive.store.frontier import Kind
from archive.warc.unchanged import Stills
from crawler.intake import Intake, Visit
from spiders.findings import Unchanged
from spiders.site import Site


def stand(
    intake: Intake, stills: Stills, sites: Mapping[str, Site], *, since: Callable[[str], str | None] | None
) -> None:
    """Take these visits of `sites`, in order.

    `since` gives when it was last known what became of an address: what was known as late is not taken again. Pass None
    where each visit is new, as in a rebuild from nothing.
    """
    for still in stills.addresses:
        site = sites.get(still.site)
        if site is None or (since is not None and (since(still.url) or "") >= still.at):
            continue
        kind = cast(Kind, still.kind)
        intake.take(Visit(url=still.url, site=site, kind=kind, at=still.at, reading=Unchanged()))
