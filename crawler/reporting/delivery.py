"""How an operator hears of it: digests through Apprise, an address that is asked when a crawl begins and ends."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from http.client import HTTPException
from threading import Thread
from typing import Literal, TypeVar
from urllib.error import URLError
from urllib.request import Request, urlopen

from spiders.tables import ConfigError

logger = logging.getLogger(__name__)
_PATIENCE = 5.0  # seconds of silence
WHOLE = 60.0  # seconds for all of it: who answers a byte at a time, or goes on announcing an answer, is never silent
_Given = TypeVar("_Given")


def within(do: Callable[[], _Given]) -> _Given:
    """What `do` gives, or raises; TimeoutError where that takes longer than `WHOLE`. It is waited for no more then, and
    ends with this process at the latest."""
    given: Future[_Given] = Future()

    def work() -> None:
        try:
            given.set_result(do())
        except BaseException as problem:  # noqa: BLE001 (raised where it is waited for)
            given.set_exception(problem)

    Thread(target=work, name="delivery", daemon=True).start()
    try:
        return given.result(WHOLE)
    except TimeoutError:
        if given.done():
            raise
        raise TimeoutError(f"no whole answer within {WHOLE:g} s") from None


def ping(url: str, what: Literal["start", "success", "fail"], agent: str) -> None:
    """Tell a monitor (healthchecks.io and its kin) how a crawl goes: /start, the address itself, /fail. That it cannot
    be told is no trouble of the crawl's."""
    if not url:
        return
    address = url.rstrip("/") + ("" if what == "success" else f"/{what}")
    try:
        within(lambda: urlopen(Request(address, headers={"User-Agent": agent}), timeout=_PATIENCE).close())
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
        try:
            took = bool(within(partial(channel.notify, body=text, title=title, body_format=apprise.NotifyFormat.TEXT)))
        except TimeoutError:
            took = False
        if not took:
            raise ConfigError(f"{of}: {address.partition('://')[0]}://… took no message")
