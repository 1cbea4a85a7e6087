"""At the end of a run: was it our own network that failed? Then what it is to be blamed for leaves no mark."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from archive.coding import CodingError, undo
from archive.store.problems import Problem
from archive.store.store import Archive
from archive.warc import reader
from crawler.engine.host_outcomes import HostOutcomes
from crawler.history.network_record import OWN_NETWORK, NetworkRecord, spare
from crawler.history.stored_answers import NoStoredAnswer, payload
from crawler.reporting.own_network import ENOUGH, SAME, OwnNetwork, Trouble, judged_by_others, own_clock, words_of

_SHOWN = 200_000  # bytes of a page that are compared with other hosts'


def judge(
    archive: Archive,
    begun: str,
    fates: Mapping[str, Mapping[str, Any]],
    hosts: HostOutcomes,
    problems: Iterable[Problem],
    untrusted: Mapping[str, str],
) -> OwnNetwork | None:
    """None where it was not. `fates` are the listings that the run which `begun` then asked for, and how they had fared
    before; `problems` are those of listings, `untrusted` origins are those whose certificate is not to be trusted."""
    # of what could not be read before either nothing is learnt: `crawl --broken` asks for nothing else
    before = {urlsplit(url).netloc for url, fate in fates.items() if fate["state"] not in ("ok", "new")}
    troubles = [Trouble(one.url, one.reason, one.detail) for one in problems if one.url in fates]
    troubles += [Trouble(url, SAME) for url in archive.captures.alike(list(fates), begun, ENOUGH)]
    troubles += [
        Trouble(f"{origin}/", detail.partition("; ")[2].partition(":")[0]) for _, origin, detail in hosts.failing()
    ]
    asked = [url for url in fates.keys() | hosts.origins if urlsplit(url).netloc not in before]
    judged = judged_by_others(troubles, asked, _never_read(fates), lambda url: _words(archive, url))
    clock = own_clock(untrusted, fates)
    if judged is None and not clock:
        return None
    found = judged or OwnNetwork("", frozenset(), frozenset())
    found = replace(found, said="; ".join(filter(None, (found.said, clock))), clock=bool(clock))
    listings = {url: fate for url, fate in fates.items() if url in found.urls}
    record = NetworkRecord(archive.run or 0, found.said, tuple(sorted(found.kinds)), listings)
    archive.commit()  # the record stands behind all that it is about
    kept = archive.record_resource(OWN_NETWORK, "application/json", record.payload())
    spare(archive, record, kept.fetched_at)
    return found


def _never_read(fates: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """Hosts of listings none of which has ever been read."""
    read = {urlsplit(url).netloc for url, fate in fates.items() if fate["last_ok"]}
    return {urlsplit(url).netloc for url in fates} - read


def _words(archive: Archive, url: str) -> str:
    """What an address showed in this run; empty where it cannot be read."""
    capture = archive.captures.in_run(url, archive.run)
    if capture is None:
        return ""
    try:
        record = archive.read(capture)
        body = payload(archive, archive.warc_folder, capture, record)
        return words_of(undo(body, record.http_headers, _SHOWN).content, url)
    except (NoStoredAnswer, CodingError, reader.DamagedRecord, OSError):
        return ""
