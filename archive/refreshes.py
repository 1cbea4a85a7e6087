"""Where a page says that it leads on by itself, in a Refresh header or a <meta http-equiv=refresh>."""

from __future__ import annotations

import re

from archive.patterns import deferred

_LONGEST = 2000  # characters of what is said
# HTML, "shared declarative refresh steps": seconds, then the address, with `url=` and quotes or without
_SAID = deferred(r"\s*(\d{0,9})[\d.]*(?:\s*[;,]\s*|\s+)(?:url\s*=\s*)?(?:\"([^\"]*)|'([^']*)|(.*))", re.I | re.S)


def said(text: str) -> tuple[int, str] | None:
    """Seconds and address; None where no address is named."""
    match = _SAID.match(text[:_LONGEST])
    return (int(match[1] or 0), match[2] or match[3] or match[4] or "") if match else None
