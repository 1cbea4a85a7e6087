"""What robots.txt of a host said within a day, as the archive has it: a run that comes back sooner need not ask."""

from __future__ import annotations

from datetime import datetime

from archive.address import leads_to
from archive.capture import Capture
from archive.coding import CodingError, undo
from archive.instants import now, parse
from archive.store.store import Archive
from archive.warc import reader
from crawler.history.stored_answers import NoStoredAnswer, payload
from crawler.net.robots import MOST_REDIRECTS, TAKEN, Rules, rules


class KeptRobots:
    """Rules that were recorded, as long as RFC 9309 section 2.4 lets them be relied on."""

    def __init__(self, archive: Archive, agent: str) -> None:
        self._archive, self._agent = archive, agent

    def rules(self, url: str) -> tuple[Rules, float] | None:
        """The rules at `url` and for how many seconds they hold; None where it is to be asked, as it is where the host
        could not say."""
        moment, left = now(), float("inf")
        for _ in range(MOST_REDIRECTS + 1):
            latest = self._archive.captures.robots(url)
            if latest is None or latest.truncated in ("disconnect", "time"):
                return None
            try:
                record = self._archive.read(latest)
                body = payload(self._archive, self._archive.warc_folder, latest, record)
            except (NoStoredAnswer, reader.DamagedRecord, OSError):
                return None
            found = rules(latest.status, _entity(body, record.http_headers), self._agent)
            left = min(left, found.valid_s - _age(latest, moment))
            if found.for_now or not 0 < left <= found.valid_s:
                return None
            to = leads_to(url, record.http_headers) if 300 <= latest.status < 400 else None
            if to is None:
                break
            url = to
        return found, left


def _age(capture: Capture, moment: datetime) -> float:
    return (moment - parse(capture.fetched_at)).total_seconds()


def _entity(body: bytes, headers: list[tuple[str, str]]) -> bytes:
    try:
        return undo(body, headers, TAKEN).content
    except CodingError:
        return b""
