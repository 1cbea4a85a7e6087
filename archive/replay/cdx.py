"""Look-ups in the manner of a CDX server: by address, host, domain or beginning, between two times, nearest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args
from urllib.parse import urlsplit

from archive.replay.captures import at_stamp, moment, spellings, stamp

if TYPE_CHECKING:
    from sqlite_utils import Database

Match = Literal["exact", "prefix", "host", "domain"]
FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length", "offset", "filename")
MOST = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is asked for."""

    url: Annotated[str, "Address, or its beginning; a trailing * asks for a prefix, a leading *. for a domain"]
    match: Annotated[Match, "How it is meant"] = "exact"
    begin: Annotated[str, "Earliest timestamp, 4 to 14 digits; empty for any"] = ""
    end: Annotated[str, "Latest timestamp, 4 to 14 digits; empty for any"] = ""
    closest: Annotated[str, "Timestamp to sort by nearness to; empty for oldest first"] = ""
    limit: Annotated[int, "Most lines"] = MOST


def find(db: Database, query: Query) -> list[dict[str, str]]:
    """Lines as dicts of FIELDS. Raises ValueError, in words for the one who asked."""
    if query.match not in get_args(Match):
        raise ValueError(f"matchType is one of {', '.join(get_args(Match))}")
    for digits in (query.begin, query.end, query.closest):
        if digits:
            at_stamp(digits)
    where, values = _where(query)
    if query.begin:
        where, values = f"({where}) and fetched_at >= ?", [*values, _iso(query.begin, "0")]
    if query.end:
        where, values = f"({where}) and fetched_at <= ?", [*values, _iso(query.end, "9")]
    order = "url, fetched_at, id"
    if query.closest:
        order, values = "abs(julianday(fetched_at) - julianday(?)), id", [*values, at_stamp(query.closest).isoformat()]
    rows = db.query(
        f"select * from captures where {where} order by {order} limit ?", [*values, min(max(query.limit, 0), MOST)]
    )
    return [line(row) for row in rows]


def line(row: dict[str, Any]) -> dict[str, str]:
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
