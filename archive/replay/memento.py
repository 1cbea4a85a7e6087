"""Memento (RFC 7089): datetimes, Link headers and TimeMaps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from archive.replay.captures import moment


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


def timemap(
    rows: Sequence[dict[str, Any]], *, original: str, timegate: str, here: str, memento_at: Callable[[str], str]
) -> str:
    """A TimeMap in application/link-format (RFC 7089, section 5): all mementos, oldest first."""
    span = (
        f'; from="{http_date(moment(rows[0]["fetched_at"]))}"; until="{http_date(moment(rows[-1]["fetched_at"]))}"'
        if rows
        else ""
    )
    out = [
        f'<{original}>; rel="original"',
        f'<{timegate}>; rel="timegate"',
        f'<{here}>; rel="self"; type="application/link-format"{span}',
    ]
    for place, row in enumerate(rows):
        names = (["first"] if place == 0 else []) + (["last"] if place == len(rows) - 1 else [])
        out.append(_memento(row, names, memento_at))
    return ",\n".join(out) + "\n"


def _memento(row: dict[str, Any], names: list[str], memento_at: Callable[[str], str]) -> str:
    return (
        f'<{memento_at(row["fetched_at"])}>; rel="{" ".join([*names, "memento"])}";'
        f' datetime="{http_date(moment(row["fetched_at"]))}"'
    )
