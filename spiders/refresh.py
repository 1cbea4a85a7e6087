"""Where a page leads on by itself though its status says that it is the page: a Refresh header, <meta
http-equiv=refresh>."""

from __future__ import annotations

from archive.refreshes import said
from spiders.page import Page, join

SOON = 5  # seconds within which a page that leads on is a redirect; one that stays longer is read


def target(page: Page) -> str | None:
    """The other page to which this one leads at once, or in a few seconds; None where it leads nowhere, or to
    itself."""
    for text, base in ((page.header("refresh"), page.url), *((text, page.base) for text in _metas(page))):
        leads = said(text)
        if leads is None or leads[0] > SOON:
            continue
        to = join(base, leads[1])
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
