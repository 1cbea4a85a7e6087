"""Addresses that say more than where a page is: front pages, and forms that are posted."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

from archive.address import canonical as canonical
from archive.patterns import deferred

_HOMES = deferred(r"/?(?:(?:index|main|default|home)\.(?:html?|shtml|php|jsp|aspx?|psp))?", re.I)


def is_home(url: str) -> bool:
    """Whether an address is that of a front page: no path, or the usual file name alone."""
    parts = urlsplit(url)
    return not parts.query and _HOMES.fullmatch(parts.path) is not None


_POST = "__wb_method=POST&"


def with_form(url: str, form: dict[str, str]) -> str:
    """An address that stands for a POST of `form`, spelled as pywb's index does: it is a key, never a request line."""
    return with_body(url, urlencode(form).encode("ascii"))


def with_body(url: str, body: bytes) -> str:
    """As `with_form`, from the body that was posted, as a request record holds it."""
    return f"{url}{'&' if '?' in url else '?'}{_POST}{body.decode('ascii', 'replace')}"


def split_form(url: str) -> tuple[str, bytes | None]:
    """The real address and the body to POST; the body is None for a plain GET."""
    head, mark, body = url.partition(_POST)
    return (head[:-1], body.encode("ascii")) if mark else (url, None)


def form_of(url: str) -> dict[str, str]:
    """The form of an address made by `with_form`; empty for a plain GET."""
    body = split_form(url)[1]
    return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True)) if body is not None else {}
