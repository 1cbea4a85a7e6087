"""Memento (RFC 7089): datetimes, Link headers and TimeMaps."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any, Protocol

from archive.replay.captures import moment, stamp


def http_date(at: datetime) -> str:
    """`Wed, 13 Dec 2023 01:12:00 GMT`."""
    return format_datetime(at.astimezone(UTC).replace(microsecond=0), usegmt=True)


def asked_for(header: str) -> datetime | None:
    """The instant of an Accept-Datetime header, None where there is none. Raises ValueError for anything else."""
    if not header.strip():
        return None
    at = parsedate_to_datetime(header)
    if at.tzinfo is None:
        raise ValueError(f"{header!r} names no zone")
    return at.astimezone(UTC)


def links(
    rows: Sequence[dict[str, Any]],
    shown: dict[str, Any] | None,
    *,
    original: str,
    timegate: str,
    timemap: str,
    memento_at: Callable[[str], str],
) -> str:
    """The Link header of a memento, or of a TimeGate's answer: original, gate, map, and first, shown, last memento."""
    out = [
        f'<{original}>; rel="original"',
        f'<{timegate}>; rel="timegate"',
        f'<{timemap}>; rel="timemap"; type="application/link-format"',
    ]
    named: dict[int, list[str]] = {}
    for row, name in ((rows[0] if rows else None, "first"), (rows[-1] if rows else None, "last"), (shown, "")):
        if row is not None:
            named.setdefault(row["id"], []).extend([name] if name else [])
    by_id = {row["id"]: row for row in [*rows, *([shown] if shown else [])]}
    for id_, names in named.items():
        out.append(_memento(by_id[id_], names, memento_at))
    return ", ".join(out)


class TimeMap(Protocol):
    """Writes all mementos of an address, oldest first."""

    def __call__(
        self,
        rows: Sequence[dict[str, Any]],
        *,
        original: str,
        timegate: str,
        timemap_as: Callable[[str], str],
        memento_at: Callable[[str], str],
    ) -> str: ...


def timemap(
    rows: Sequence[dict[str, Any]],
    *,
    original: str,
    timegate: str,
    timemap_as: Callable[[str], str],
    memento_at: Callable[[str], str],
) -> str:
    """In application/link-format (RFC 7089, section 5)."""
    span = (
        f'; from="{http_date(moment(rows[0]["fetched_at"]))}"; until="{http_date(moment(rows[-1]["fetched_at"]))}"'
        if rows
        else ""
    )
    out = [
        f'<{original}>; rel="original"',
        f'<{timegate}>; rel="timegate"',
        f'<{timemap_as("link")}>; rel="self"; type="application/link-format"{span}',
    ]
    for place, row in enumerate(rows):
        out.append(_memento(row, _ends(place, rows), memento_at))
    return ",\n".join(out) + "\n"


def timemap_json(
    rows: Sequence[dict[str, Any]],
    *,
    original: str,
    timegate: str,
    timemap_as: Callable[[str], str],
    memento_at: Callable[[str], str],
) -> str:
    """As JSON in the form that Memento aggregators (MemGator, Time Travel) have given it."""
    found = [{"datetime": _iso(row), "uri": memento_at(row["fetched_at"])} for row in rows]
    document: dict[str, Any] = {
        "original_uri": original,
        "self": timemap_as("json"),
        "mementos": {"list": found, **({"first": found[0], "last": found[-1]} if found else {})},
        "timemap_uri": {f"{form}_format": timemap_as(form) for form in ("link", "json", "cdxj")},
        "timegate_uri": timegate,
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def timemap_cdxj(
    rows: Sequence[dict[str, Any]],
    *,
    original: str,
    timegate: str,
    timemap_as: Callable[[str], str],
    memento_at: Callable[[str], str],
) -> str:
    """As CDXJ in that form: what the map is, then a line for each memento that begins with its 14 digits."""
    maps = {f"{form}_format": timemap_as(form) for form in ("link", "json", "cdxj")}
    out = [
        f"!context {json.dumps(['https://tools.ietf.org/html/rfc7089'])}",
        f"!id {json.dumps({'uri': timemap_as('cdxj')})}",
        f"!keys {json.dumps(['memento_datetime_YYYYMMDDhhmmss'])}",
        f"!meta {json.dumps({'original_uri': original})}",
        f"!meta {json.dumps({'timegate_uri': timegate})}",
        f"!meta {json.dumps({'timemap_uri': maps})}",
    ]
    for place, row in enumerate(rows):
        facts = {
            "uri": memento_at(row["fetched_at"]),
            "rel": " ".join([*_ends(place, rows), "memento"]),
            "datetime": http_date(moment(row["fetched_at"])),
        }
        out.append(f"{stamp(row['fetched_at'])} {json.dumps(facts, ensure_ascii=False)}")
    return "\n".join(out) + "\n"


TIMEMAPS: dict[str, tuple[TimeMap, str]] = {
    "link": (timemap, "application/link-format"),
    "json": (timemap_json, "application/json; charset=utf-8"),
    "cdxj": (timemap_cdxj, "application/cdxj+ors; charset=utf-8"),
}


def _ends(place: int, rows: Sequence[dict[str, Any]]) -> list[str]:
    return ["first"] * (place == 0) + ["last"] * (place == len(rows) - 1)


def _iso(row: dict[str, Any]) -> str:
    return moment(row["fetched_at"]).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")


def _memento(row: dict[str, Any], names: list[str], memento_at: Callable[[str], str]) -> str:
    return (
        f'<{memento_at(row["fetched_at"])}>; rel="{" ".join([*names, "memento"])}";'
        f' datetime="{http_date(moment(row["fetched_at"]))}"'
    )
