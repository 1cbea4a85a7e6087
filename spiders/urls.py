"""One address for one page: the spelling under which the archive knows it."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

# parameters that say who followed a link, never which page it leads to
_TRACKING = re.compile(r"^(utm_\w+|fbclid|gclid|dclid|msclkid|yclid|mc_[ce]id|_ga|_gl|igshid|spm|share_token|from_wecom|jsessionid)$", re.I)
_SESSION = re.compile(r";jsessionid=[^/?#]*", re.I)
_PLAIN = re.compile(r"[\w/.~-]*", re.ASCII)  # a path as most are: nothing in it needs to be looked at
_CANONICAL = re.compile(r"https?://[a-z\d-]+(?:\.[a-z\d-]+)*(?::(?:[1-9]\d{3}|[1-5]\d{4}))?/[\w/.~-]*", re.ASCII)  # as most addresses are given
_SAFE = "/:@!$&'()*+,;=~-._%"
_DEFAULT_PORT = {"http": 80, "https": 443}


def canonical(url: str) -> str:
    """`url` without fragment, credentials, default port and tracking parameters; host lower case and in punycode.

    Percent-encoding is made uniform (RFC 3986 section 6.2.2); the path's case, a trailing slash and the order of
    parameters are kept, since servers may tell them apart. Raises ValueError for what is not an http(s) address.
    """
    return url if _CANONICAL.fullmatch(url) else _spelled(url)


def _spelled(url: str) -> str:
    parts = urlsplit(url.strip())
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORT or not parts.hostname:
        raise ValueError(f"not an http(s) address: {url[:200]!r}")
    host = _host(parts.hostname)
    port = parts.port
    if port and port != _DEFAULT_PORT[scheme]:
        host = f"{host}:{port}"
    path = _quote(_SESSION.sub("", parts.path)) or "/"
    return urlunsplit((scheme, host, path, _query(parts.query), ""))


def _host(name: str) -> str:
    """Lower case, punycode, no trailing dot; IPv6 in brackets. Raises ValueError for what no DNS name can be."""
    name = name.lower().rstrip(".")
    if ":" in name:
        return f"[{name}]"
    if name.isascii():
        return name
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError as problem:
        raise ValueError(f"not a host name: {name!r}") from problem


def _quote(text: str) -> str:
    """Percent-encode what must be, in capitals; what need not be is written plain."""
    if _PLAIN.fullmatch(text):
        return text
    text = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text)
    text = re.sub(r"%[0-9A-Fa-f]{2}", lambda m: c if (c := unquote(m[0])).isascii() and (c.isalnum() or c in "-._~") else m[0].upper(), text)
    return quote(text, safe=_SAFE)


def _query(query: str) -> str:
    if not query:
        return ""
    return "&".join(pair for pair in _quote_query(query).split("&") if not _TRACKING.match(pair.partition("=")[0]))


def _quote_query(query: str) -> str:
    query = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", query)
    query = re.sub(r"%[0-9A-Fa-f]{2}", lambda m: m[0].upper(), query)
    return quote(query, safe=_SAFE + "?[]")


_HOMES = re.compile(r"/?(?:(?:index|main|default|home)\.(?:html?|shtml|php|jsp|aspx?|psp))?", re.I)


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
