"""Cookies of redirects under way: a server that answers first with a cookie and a redirect shows its page to who brings
it along.

They live as long as one chain of redirects and are sent to its own site only; no page is asked for with the cookies of
another.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from email.message import Message
from http.cookiejar import CookieJar
from typing import Any, cast
from urllib.parse import urlsplit
from urllib.request import Request

from archive.address import leads_to
from spiders.site import same_domain
from spiders.urls import canonical

_MOST_CHAINS = 500  # under way at a time: requests of all sites are fewer
_MOST_SENT = 8_000  # characters of all cookies together: what servers take of a header, and far more than a wall sets
_MOST_COOKIES, _LONGEST = 50, 4096  # of an answer; characters, as in browsers (RFC 6265 section 6.1)
Headers = Sequence[tuple[str, str]]


class Chains:
    """What redirects have set, by the address that is to be asked for next."""

    def __init__(self) -> None:
        self._jars: OrderedDict[str, CookieJar] = OrderedDict()

    def header(self, url: str) -> tuple[tuple[str, str], ...]:
        """The Cookie header with which a redirect wants that address to be asked for; none, nearly always."""
        jar = self._jars.get(_key(url)) if self._jars else None
        if jar is None:
            return ()
        request = Request(url)
        jar.add_cookie_header(request)
        cookie, kept = request.get_header("Cookie") or "", 0
        while kept < len(cookie) and (end := (cookie + "; ").find("; ", kept)) <= _MOST_SENT:
            kept = end + 2
        return (("Cookie", cookie[:kept].removesuffix("; ")),) if kept else ()

    def note(self, url: str, status: int, headers: Headers) -> bool:
        """Take what an answer sets along to where it redirects, and back; forget it where the chain ends. Whether there
        is something new."""
        jar = self._jars.pop(_key(url), None) if self._jars else None
        if not 300 <= status < 400 or (to := leads_to(url, headers)) is None:
            return False
        set_ = [value[:_LONGEST] for name, value in headers if name.lower() == "set-cookie"][:_MOST_COOKIES]
        if (jar is None and not set_) or not _same_site(url, to):
            return False
        jar = jar if jar is not None else CookieJar()
        before = {(cookie.name, cookie.value) for cookie in jar}
        jar.extract_cookies(cast(Any, _Answer(set_)), Request(url))
        for address in (to, url):
            self._jars[_key(address)] = jar
        while len(self._jars) > _MOST_CHAINS:
            self._jars.popitem(last=False)
        return {(cookie.name, cookie.value) for cookie in jar} != before


class _Answer:
    """As much of a response as a CookieJar asks for."""

    def __init__(self, set_: list[str]) -> None:
        self._headers = Message()
        for value in set_:
            self._headers["Set-Cookie"] = value.replace("\r", " ").replace("\n", " ")

    def info(self) -> Message:
        """Its headers."""
        return self._headers


def _same_site(url: str, to: str) -> bool:
    here, there = urlsplit(url).hostname or "", urlsplit(to).hostname or ""
    return here == there or same_domain(here, there)


def _key(url: str) -> str:
    try:
        return canonical(url)
    except ValueError:
        return url
