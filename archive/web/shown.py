"""How facts are shown: times, numbers, addresses."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes, urlsplit

from archive.encoding import decode_name
from archive.patterns import deferred

_ESCAPED = deferred(r"(?:%[0-9A-Fa-f]{2})+")
_INSTANT = deferred(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)")


def day(time: str | None, precision: str | None = None) -> str:
    """`2023-12-13`; month and year alone where nothing finer is known."""
    text = (time or "")[:10]
    return {"month": text[:7], "year": text[:4]}.get(precision or "", text)


def instant(time: str | None) -> str:
    """`2023-12-13 01:12 UTC`; a bare date stays one."""
    match = _INSTANT.match(time or "")
    return "{}-{}-{} {}:{} UTC".format(*match.groups()[:5]) if match else (time or "")


def number(value: int | None) -> str:
    """`1,234,567`; a dash for what is not known."""
    return "–" if value is None else f"{value:,}"


def size(value: float | None) -> str:
    """`1.2 GB`; a dash for what is not known."""
    if value is None:
        return "–"
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} TB"


def host(url: str | None) -> str:
    """Host of an address; empty if it has none."""
    try:
        return urlsplit(url or "").netloc
    except ValueError:  # "http://[": saved as the page had it
        return ""


def brief(url: str, most: int = 70) -> str:
    """An address for the eye: readable, without its scheme, its middle cut when it is long."""
    text = _ESCAPED.sub(_unescaped, re.sub(r"^https?://", "", url))
    return text if len(text) <= most else f"{text[: most * 2 // 3]}…{text[-most // 3 :]}"


def _unescaped(run: re.Match[str]) -> str:
    """Bytes of an address as its site writes them; as they stand where that is no text that can be shown."""
    text = decode_name(unquote_to_bytes(run[0]))
    return text if text.isprintable() and text else run[0]
