"""Addresses as a browser writes them (WHATWG URL), and the one spelling under which the archive knows a page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from urllib.parse import quote, quote_from_bytes, unquote, urlsplit, urlunsplit

from ada_url import join_url, normalize_url

from archive.patterns import deferred

# a path from the root, without anything odd
_ROOTED = deferred(r"/(?:[\w-]+/)*[\w-]+(?:\.[a-z]+)?(?:\?[\w=&]+)?$", re.ASCII)
# most of the addresses that lead to no page; data: may be long
_OTHER = deferred(r"(?:data|javascript|mailto|tel|about|blob):", re.I)
_FOREIGN = deferred(r"[^\x00-\x7f]+")
_OF_THE_WEB = deferred(r"https?:|//|[^:/?#]*(?:[/?#]|$)", re.I)  # as what is meant for a page or a file begins
_SURROGATE = deferred("[\ud800-\udfff]")
_UNICODE = frozenset(("utf-8", "utf-16-le", "utf-16-be", ""))  # the query of a page in one of these is in UTF-8

# parameters that say who followed a link, never which page it leads to
_TRACKING = deferred(
    r"^(utm_\w+|fbclid|gclid|dclid|msclkid|yclid|mc_[ce]id|_ga|_gl|igshid|spm|share_token|from_wecom)$", re.I
)
_SESSION = deferred(
    r"^(?:jsessionid|phpsessid|aspsessionid\w*|asp\.net_sessionid|session_?id|cfid|cftoken|zenid|oscsid)$", re.I
)
# a sid that is a number is that of a page or a section
_PERHAPS_SESSION = deferred(r"^(?:sid|sess|session|ssid)=(?=[^&]*[A-Za-z])(?=[^&]*\d)[\w-]{5,}$", re.I)
_CLOCK = deferred(
    r"^(?:_|t|_t|ts|timestamp|rnd|rand|random|nocache|cachebuster|cb)=(?:1\d{9}|1\d{12}|0?\.\d{4,})$", re.I
)
_IN_PATH = deferred(
    r";(?:jsessionid|phpsessid|sid)=[^/?#;]*|/\((?:[AFSX]\([\w-]+\))+\)(?=/)|/\([a-z0-9]{24}\)(?=/)", re.I
)  # servlets; ASP.NET without cookies
_POST = "__wb_method=POST&"  # behind it the form of a request, which is sent as it is

_FILE = deferred(
    r"""
    \.(?:
        # pictures, styles, scripts, documents
        jpe?g|png|gif|webp|avif|bmp|svg|ico|tiff?|css|js|pdf|docx?|xlsx?|pptx?|wps|et
        |zip|rar|7z|ofd|txt|rtf|csv|mp[34]|m4a|webm|epub  # archives, tables, sound and film
    )$
    """,
    re.I | re.X,
)
# parameters of a file's address that say when, by whom or until when it may be loaded, not which file it is
_OF_THE_MOMENT = deferred(
    r"""
    ^(?:
        (?:
            # when it was asked, or a number against caches
            _|_?t|ts|time|timestamp|rnd|rand|random|r|nocache|cachebuster|cb|token
            # by whom, until when, signed by a storage
            |access_token|sign|sig|signature|expires?|auth_key|policy|key-pair-id
            |ossaccesskeyid|awsaccesskeyid|x-(?:amz|oss|cos)-[\w-]+
        )=.*
        |v(?:er|ersion)?=(?:1\d{9}|1\d{12}|20\d{12}|0?\.\d{4,})  # a version that is a time or a random number
    )$
    """,
    re.I | re.X,
)

_PLAIN = deferred(r"[\w/.~-]*", re.ASCII)  # a path as most are: nothing in it needs to be looked at
_CANONICAL = deferred(
    r"https?://[a-z\d-]+(?:\.[a-z\d-]+)*(?::(?:[1-9]\d{3}|[1-5]\d{4}))?/(?!\.)(?:[\w.~-]|/(?!\.))*", re.ASCII
)  # as most addresses are given
_SAFE = "/:@!$&'()*+,;=~-._%"
_DEFAULT_PORT = {"http": 80, "https": 443}


def join(base: str, href: str | None, encoding: str = "utf-8") -> str | None:
    """Absolute http(s) address of a link as a browser would ask for it, without fragment; None for other schemes, empty
    and malformed ones.

    `encoding` is that of the page the link stands in: the query of its links is written in it (WHATWG URL, 4.4), the
    path in UTF-8.
    """
    href = (href or "").strip()
    if not href or _OTHER.match(href):
        return None
    if _ROOTED.match(href):  # as most links of a page: nothing of them needs to be resolved
        return origin(base) + href if origin(base) else None
    if not href.isascii():
        href = _SURROGATE.sub("\ufffd", _query_in(href, encoding) if encoding not in _UNICODE and "?" in href else href)
    try:
        url = join_url(base, href)
    except ValueError:
        return None
    url = url.partition("#")[0]
    return url if url.startswith(("http://", "https://")) else None


def malformed(href: str, url: str | None) -> bool:
    """Whether a link of which `join` made `url` was meant for the web, and is no address that anybody could ask for."""
    return (
        url is None
        and bool(href.strip())
        and not _OTHER.match(href.strip())
        and _OF_THE_WEB.match(href.strip()) is not None
    )


def located(base: str, location: str) -> str | None:
    """Where a Location header leads: as `join`, with bytes beyond ASCII, which HTTP libraries show as Latin-1, as they
    were sent."""
    with suppress(UnicodeEncodeError):  # read as text already
        location = _FOREIGN.sub(lambda run: quote_from_bytes(run[0].encode("latin-1"), safe=""), location)
    return join(base, location)


def leads_to(url: str, headers: Iterable[tuple[str, str]]) -> str | None:
    """Where an answer of `url` redirects to, by the first Location among its headers: for the crawl, for what reads
    records, for replay."""
    return located(url, next((value for name, value in headers if name.lower() == "location"), ""))


def _query_in(href: str, encoding: str) -> str:
    """The link with the bytes of that encoding in its query; a character that it lacks is a reference, as in a form."""
    path, _, rest = href.partition("?")
    if "#" in path:
        return href
    query, mark, fragment = rest.partition("#")
    query = _FOREIGN.sub(lambda run: quote_from_bytes(run[0].encode(encoding, "xmlcharrefreplace"), safe=""), query)
    return f"{path}?{query}{mark}{fragment}"


@lru_cache(64)
def origin(url: str) -> str:
    """`http://host:port` of an address; empty where it has none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") and parts.netloc else ""


def canonical(url: str) -> str:
    """`url` without fragment, credentials, default port, session and tracking parameters; host lower case and in
    punycode.

    Percent-encoding is made uniform (RFC 3986 section 6.2.2); the path's case, a trailing slash and the order of
    parameters are kept, since servers may tell them apart. Raises ValueError for what is not an http(s) address.
    """
    return url if _CANONICAL.fullmatch(url) else _spelled(url)


def _spelled(url: str) -> str:
    try:
        parts = urlsplit(normalize_url(_SURROGATE.sub("\ufffd", url.strip())))
    except ValueError as problem:
        raise ValueError(f"not an http(s) address: {url[:200]!r}") from problem
    if parts.scheme not in _DEFAULT_PORT or not parts.hostname:
        raise ValueError(f"not an http(s) address: {url[:200]!r}")
    host = parts.hostname.rstrip(".")
    host = f"[{host}]" if ":" in host else host
    if parts.port and parts.port != _DEFAULT_PORT[parts.scheme]:
        host = f"{host}:{parts.port}"
    path = _quote(_IN_PATH.sub("", parts.path)) or "/"
    return urlunsplit((parts.scheme, host, path, _query(parts.query, path), ""))


def _quote(text: str) -> str:
    """Percent-encode what must be, in capitals; what need not be is written plain."""
    if _PLAIN.fullmatch(text):
        return text
    text = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text)
    text = re.sub(
        r"%[0-9A-Fa-f]{2}",
        lambda m: c if (c := unquote(m[0])).isascii() and (c.isalnum() or c in "-._~") else m[0].upper(),
        text,
    )
    return quote(text, safe=_SAFE)


def _query(query: str, path: str) -> str:
    """What says which page it is: without tracking, sessions and, where the address names its page without them, what
    may be a session or a clock."""
    if not query:
        return ""
    asked, form, posted = _quote_query(query).partition(_POST)
    kept = [
        pair
        for pair in asked.split("&")
        if not _TRACKING.match(name := pair.partition("=")[0]) and not _SESSION.match(name)
    ]
    lasting = [pair for pair in kept if not _PERHAPS_SESSION.match(pair) and not _CLOCK.match(pair)]
    if len(lasting) < len(kept) and (any(pair.partition("=")[2] for pair in lasting) or re.search(r"\d", path)):
        kept = lasting
    return "&".join(kept) + form + posted


def _quote_query(query: str) -> str:
    query = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", query)
    query = re.sub(r"%[0-9A-Fa-f]{2}", lambda m: m[0].upper(), query)
    return quote(query, safe=_SAFE + "?[]")


def asked(url: str) -> str:
    """The address of a picture or document as it is asked for: as a browser writes it, without a session's id.

    Its percent-encoding stays as it stands. One that is no address is given back as it is.
    """
    if _CANONICAL.fullmatch(url):
        return url
    try:
        parts = urlsplit(normalize_url(_SURROGATE.sub("\ufffd", url)))
    except ValueError:
        return url
    query = "&".join(pair for pair in parts.query.split("&") if not _SESSION.match(pair.partition("=")[0]))
    return urlunsplit((parts.scheme, parts.netloc, _IN_PATH.sub("", parts.path), query, ""))


def which(url: str) -> str:
    """What tells one picture or document from another: its address without what changes from one look to the next."""
    head, mark, query = url.partition("?")
    if not mark or not _FILE.search(head):
        return url
    kept = "&".join(pair for pair in query.split("&") if not _OF_THE_MOMENT.match(pair))
    return f"{head}?{kept}" if kept else head
