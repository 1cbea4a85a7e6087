"""Where a page leads on by itself though its status says that it is the page: a Refresh header, <meta
http-equiv=refresh>."""

from __future__ import annotations

import re

from spiders.page import Page, join

SOON = 5  # seconds within which a page that leads on is a redirect; one that stays longer is read
_LONGEST = 2000  # characters of what is said
# HTML, "shared declarative refresh steps": seconds, then the address, with `url=` and quotes or without
_SAID = re.compile(r"\s*(\d{0,9})[\d.]*(?:\s*[;,]\s*|\s+)(?:url\s*=\s*)?(?:\"([^\"]*)|'([^']*)|(.*))", re.I | re.S)


def target(page: Page) -> str | None:
    """The other page to which this one leads at once, or in a few seconds; None where it leads nowhere, or to
    itself."""
    for said, base in ((page.header("refresh"), page.url), *((said, page.base) for said in _metas(page))):
        match = _SAID.match(said[:_LONGEST])
        if match is None or int(match[1] or 0) > SOON:
            continue
        to = join(base, match[2] or match[3] or match[4])
        if to is not None and to != page.url:
            return to
    return None


def _metas(page: Page) -> list[str]:
    """Those of a browser that runs scripts: what stands in <noscript> is for others."""
    return [
        meta.get("content") or ""
        for meta in page.tree.iter("meta")
        if (meta.get("http-equiv") or "").strip().lower() == "refresh"
        and not any(above.tag == "noscript" for above in meta.iterancestors())
    ]
