"""What pages that a browser draws may load, whoever fetches it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from archive.address import leads_to
from crawler.workers.renderer import Got, Wanted
from spiders.site import same_domain

Ask = Callable[[str, Wanted], Awaitable[Got | None]]  # one request, wherever a redirect has led

_REDIRECTS = {301, 302, 303, 307, 308}
_HOPS = 5
_KEPT = 24_000_000  # bytes of scripts that are kept for the next page of a site


class Loader:
    """Follows redirects and keeps scripts, which are the same for each page of a site."""

    def __init__(self) -> None:
        self._scripts: OrderedDict[str, Got] = OrderedDict()

    async def load(self, wanted: Wanted, page: str, ask: Ask) -> Got | None:
        """What `page` asks for; None where it is not to be had, or not to be asked for: forms are posted by a script
        for data alone, and to the site itself."""
        if wanted.url in self._scripts and not wanted.data:
            self._scripts.move_to_end(wanted.url)
            return self._scripts[wanted.url]
        url, posts = wanted.url, wanted.method == "POST"
        if posts and not (wanted.data and same_domain(_host(url), _host(page))):
            return None
        for _ in range(_HOPS):
            if urlsplit(url).scheme not in ("http", "https"):
                return None
            got = await ask(url, wanted)
            if got is None or got.status not in _REDIRECTS:
                break
            to = leads_to(url, list(got.headers))
            if to is None or posts:
                return None
            url = to
        else:
            return None
        if got is not None and got.status == 200 and not wanted.data:
            self._keep(wanted.url, got)
        return got

    def _keep(self, url: str, got: Got) -> None:
        self._scripts[url] = got
        while sum(len(kept.body) for kept in self._scripts.values()) > _KEPT:
            self._scripts.popitem(last=False)


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""
