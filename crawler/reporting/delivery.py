"""How an operator hears of it: digests through Apprise, an address that is asked when a crawl begins and ends."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from http.client import HTTPException
from typing import Literal
from urllib.error import URLError
from urllib.request import Request, urlopen

from spiders.tables import ConfigError

logger = logging.getLogger(__name__)
_PATIENCE = 5.0  # seconds


def ping(url: str, what: Literal["start", "success", "fail"], agent: str) -> None:
    """Tell a monitor (healthchecks.io and its kin) how a crawl goes: /start, the address itself, /fail. That it cannot
    be told is no trouble of the crawl's."""
    if not url:
        return
    address = url.rstrip("/") + ("" if what == "success" else f"/{what}")
    try:
        with urlopen(Request(address, headers={"User-Agent": agent}), timeout=_PATIENCE):
            pass
    except (URLError, OSError, ValueError, HTTPException) as problem:  # the last: what answers speaks no HTTP
        logger.warning("%s was not told of the %s: %s", url, what, problem)


def known(address: str) -> None:
    """Raises ConfigError where nothing can be sent to that address: a web address, or one that Apprise knows."""
    if address.startswith(("http://", "https://")):
        return
    try:
        import apprise
    except ModuleNotFoundError:
        raise ConfigError("apprise is not installed: pip install 'campuswarc[notify]'") from None
    if not apprise.Apprise().add(address):
        raise ConfigError(f"no address that apprise knows: {address.partition('://')[0]}://…")


def send(addresses: Sequence[str], title: str, text: str, *, of: str = "report.notify") -> None:
    """Send a digest to all of them. Raises ConfigError where one is no address, or could not be reached; `of` is where
    they are written."""
    try:
        import apprise
    except ModuleNotFoundError:
        raise ConfigError("apprise is not installed: pip install 'campuswarc[notify]'") from None
    for address in addresses:
        channel = apprise.Apprise()
        if not channel.add(address):
            raise ConfigError(f"{of}: no address that apprise knows: {address.partition('://')[0]}://…")
        if not channel.notify(body=text, title=title, body_format=apprise.NotifyFormat.TEXT):
            raise ConfigError(f"{of}: {address.partition('://')[0]}://… took no message")
