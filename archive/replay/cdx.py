"""Look-ups in the manner of a CDX server: by address, host, domain or beginning, between two times, nearest first."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from heapq import nsmallest
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from archive.replay.captures import at_stamp, moment, spellings, stamp
from archive.replay.cdx_query import BLOCK, FIELDS, MOST, NAMES, ORIGINALS, Asked, Line, Query, meets

if TYPE_CHECKING:
    from sqlite_utils import Database

__all__ = ["FIELDS", "MOST", "Line", "Query", "answer", "find", "line", "pages", "urlkey"]

_ORIGINAL = "select * from captures where record_id = ? limit 1"


def find(db: Database, query: Query) -> list[Line]:
    """Lines, at most MOST. Raises ValueError, in words for the one who asked."""
    for digits in (query.begin, query.end, query.closest):
        if digits:
            at_stamp(digits)
    met = meets(query.filters)
    found = _collapsed(filter(met, _lines(db, query)), query)
    if query.closest:
        at = at_stamp(query.closest)
        return nsmallest(abs(query.limit), found, key=lambda one: abs(at_stamp(one["timestamp"]) - at))
    if query.reverse:
        return _end(found, -query.limit)[::-1]
    return _end(found, query.limit)


def _end(found: Iterator[Line], limit: int) -> list[Line]:
    """The first lines, or with a limit below zero the last ones."""
    return list(islice(found, limit)) if limit > 0 else list(deque(found, maxlen=-limit))


def pages(db: Database, query: Query) -> dict[str, int]:
    """How many pages there are, and of what size, as pywb says it of a compressed index."""
    where, values = _between(query)
    n = db.execute(f"select count(*) from captures where {where}", values).fetchone()[0]
    blocks = -(-n // BLOCK)
    return {"pages": -(-blocks // query.blocks), "pageSize": query.blocks, "blocks": blocks}


def answer(db: Database, asked: Asked) -> tuple[str, str]:
    """The text to send, and its media type. Raises ValueError."""
    if asked.count_pages:
        return json.dumps(pages(db, asked.query)) + "\n", "application/json"
    found = find(db, asked.query)
    names = [(NAMES.get(name, name), name) for name in (*FIELDS, *(ORIGINALS if asked.query.resolve else ()))]
    chosen = asked.fields or tuple(names)
    if asked.output == "text":
        lines = (" ".join((one.get(name) or "-").replace(" ", "%20") for _, name in chosen) for one in found)
        return "".join(f"{text}\n" for text in lines), "text/plain"
    stated = [{shown: one[name] for shown, name in chosen if name in one} for one in found]
    if asked.output == "json":
        return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in stated), "text/x-ndjson"
    lines = (
        f"{one['urlkey']} {one['timestamp']} {json.dumps(_without_key(facts), ensure_ascii=False)}\n"
        for one, facts in zip(found, stated, strict=True)
    )
    return "".join(lines), "text/x-cdxj"


def _without_key(stated: Line) -> Line:
    return {name: value for name, value in stated.items() if name not in ("urlkey", "timestamp")}


def line(row: dict[str, Any]) -> Line:
    """A row of `captures` in the words of a CDX."""
    return {
        "urlkey": urlkey(row["url"]),
        "timestamp": stamp(row["fetched_at"]),
        "original": row["url"],
        "mimetype": "warc/revisit" if row["record_type"] == "revisit" else row["mime"] or "unk",
        "statuscode": str(row["status"]),
        "digest": (row["payload_digest"] or "-").removeprefix("sha1:"),
        "length": str(row["length"]),
        "offset": str(row["offset"]),
        "filename": row["warc"],
    }


def _lines(db: Database, query: Query) -> Iterator[Line]:
    """Lines by address and time; those of one page where one is asked for."""
    where, values = _between(query)
    order = "fetched_at, id" if query.match == "exact" and "*" not in query.url else "url, fetched_at, id"
    part = ""
    if query.page is not None:
        size, there = query.blocks * BLOCK, pages(db, query)["pages"]
        if query.page >= max(there, 1):
            raise ValueError(f"page {query.page} is none: the first is 0, the last {max(there, 1) - 1}")
        part = f" limit {size} offset {query.page * size}"
    for row in db.query(f"select * from captures where {where} order by {order}{part}", values):
        yield _resolved(db, row) if query.resolve else line(row)


def _resolved(db: Database, row: dict[str, Any]) -> Line:
    """The line, with where the record lies that a revisit repeats, and of what kind that is."""
    of = next(iter(db.query(_ORIGINAL, [row["refers_to"]])), None) if row["record_type"] == "revisit" else None
    if of is None:
        return line(row) | dict.fromkeys(ORIGINALS, "-")
    original = line(of)
    return (
        line(row)
        | {name: original[name] for name in ("mimetype", "statuscode")}
        | {name: original[name.removeprefix("orig.")] for name in ORIGINALS}
    )


def _collapsed(found: Iterator[Line], query: Query) -> Iterator[Line]:
    last: list[tuple[str, ...] | None] = [None] * len(query.collapse)
    for one in found:
        kept = True
        for place, parts in enumerate(query.collapse):
            now = tuple(one.get(name, "")[:length] for name, length in parts)
            kept, last[place] = kept and now != last[place], now
        if kept:
            yield one


def urlkey(url: str) -> str:
    """The address with its host turned round, lower case: `cn,edu,example,news)/info/1.htm`."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").removeprefix("www."), parts.port
    except ValueError:  # "http://[" or a port that is none
        return url
    if not host:
        return url
    port_ = f":{port}" if port and port not in (80, 443) else ""
    query = f"?{'&'.join(sorted(parts.query.split('&')))}" if parts.query else ""
    return f"{','.join(reversed(host.split('.')))}{port_}){parts.path or '/'}{query}".lower()


def _between(query: Query) -> tuple[str, list[str]]:
    where, values = _where(query)
    where = f"({where}) and record_type != 'conversion'"  # which players of WARC files do not know
    if query.begin:
        where, values = f"({where}) and fetched_at >= ?", [*values, _iso(query.begin, "0")]
    if query.end:
        where, values = f"({where}) and fetched_at <= ?", [*values, _iso(query.end, "9")]
    return where, values


def _where(query: Query) -> tuple[str, list[str]]:
    url, match = query.url, query.match
    if url.startswith("*."):
        url, match = url[2:], "domain"
    elif url.endswith("*"):
        url, match = url[:-1], "prefix"
    bare = url.split("://", 1)[-1]
    if match in ("host", "domain"):
        host = bare.split("/")[0].lower()
        if match == "domain":  # no index helps to find hosts by their end
            return "url glob ? or url glob ? or url glob ? or url glob ?", [
                f"http{s}://{sub}{_literal(host)}/*" for s in ("", "s") for sub in ("", "*.")
            ]
        bare = f"{host}/"
    if match == "exact":
        tried = spellings(url if "://" in url else f"http://{url}")
        return f"url in ({', '.join('?' * len(tried))})", tried
    begins = [url] if "://" in url and match == "prefix" else [f"http://{bare}", f"https://{bare}"]
    return " or ".join("(url >= ? and url < ?)" for _ in begins), [
        text for begin in begins for text in (begin, begin + "\U0010ffff")
    ]


def _literal(text: str) -> str:
    return "".join(f"[{character}]" if character in "*?[" else character for character in text)


def _iso(digits: str, fill: str) -> str:
    """The first or last instant that the digits name, comparable with a WARC-Date."""
    whole = moment(at_stamp(digits).isoformat()).strftime("%Y-%m-%dT%H:%M:%S")
    return whole if fill == "0" else whole[: {4: 4, 6: 7, 8: 10, 10: 13, 12: 16, 14: 19}.get(len(digits), 19)] + "~"
