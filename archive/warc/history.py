"""What an archive's WARC files tell, in the order in which it happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from archive.warc.layout import GUESTS, MERGED, OPEN
from archive.warc.reader import find, records
from archive.warc.record import ROWS, Record
from archive.warc.scan import Damage

SITES = "urn:campuswarc:sites"
RUN = "urn:campuswarc:run"
UNCHANGED = "urn:campuswarc:unchanged"
INGESTED = "urn:campuswarc:ingested"
_ABOUT = {"warcinfo", "request", "metadata"}


@dataclass(frozen=True, slots=True)
class Source:
    """A WARC file of an archive."""

    warc: Annotated[str, "Its name in rows: relative to warc/, without .open"]
    path: Path
    begins: Annotated[str, "WARC-Date of its first record; empty where none can be read"]


@dataclass(frozen=True, slots=True)
class Recorded:
    """One record that means something for the rows, with the request beside it."""

    source: Source
    record: Record
    offset: int
    length: int
    request: Annotated[Record | None, "The request of a response or revisit, where it stands beside it"]
    end: Annotated[int, "Where the next one may begin"]


def sources(folder: Path) -> list[Source]:
    """The archive's own files below `folder`, oldest first; those of other tools and archives are left out."""
    found = []
    there = set(folder.rglob("*"))
    for path in there:
        if path.with_name(path.name + OPEN) in there:
            continue  # a run goes on with it
        warc = path.relative_to(folder).as_posix().removesuffix(OPEN)
        if (
            path.is_file()
            and warc.endswith((".warc.gz", ".warc"))
            and not warc.startswith((GUESTS + "/", MERGED + "/"))
        ):
            found.append(Source(warc, path, _begins(path)))
    return sorted(found, key=lambda source: (source.begins, source.warc))


def named(folder: Path, warcs: Iterable[str], on_missing: Callable[[str], object]) -> list[Source]:
    """Files of these names in this order; one that is missing is reported."""
    found = []
    for warc in warcs:
        try:
            path = find(folder, warc)
        except (FileNotFoundError, ValueError) as problem:
            on_missing(str(problem))
        else:
            found.append(Source(warc, path, _begins(path)))
    return found


def recorded(
    source: Source,
    *,
    start: int = 0,
    on_damage: Callable[[Damage], object],
    on_request: Callable[[Record], object] = lambda record: None,
    on_other: Callable[[Record], object] = lambda record: None,
) -> Iterator[Recorded]:
    """Responses, revisits, resources and renderings of a file from `start` on, in order; damaged stretches are
    reported and passed over.

    `on_request` is told of each request, since other tools may write them anywhere; `on_other` of what is neither, nor
    tells of other records.
    """
    waiting: tuple[Record, int, int] | None = None
    before: Record | None = None  # a request that no response has claimed: some tools write it first
    for record, offset, length in records(source.path, start=start, on_damage=on_damage):
        if record.type == "request":
            on_request(record)
        if waiting is not None:
            told, place, size = waiting
            waiting = None
            if record.type == "request" and told.record_id in record.all("WARC-Concurrent-To"):
                yield Recorded(source, told, place, size, record, offset + length)
                continue
            yield Recorded(source, told, place, size, None, place + size)
        if record.type in ROWS:
            if before is not None and _are_pair(before, record):
                yield Recorded(source, record, offset, length, before, offset + length)
            else:
                waiting = (record, offset, length)
        elif record.type == "resource" or record.is_rendering:
            yield Recorded(source, record, offset, length, None, offset + length)
        elif record.type not in _ABOUT:
            on_other(record)
        before = record if record.type == "request" else None
    if waiting is not None:
        yield Recorded(source, *waiting, None, waiting[1] + waiting[2])


def _are_pair(request: Record, response: Record) -> bool:
    return request.record_id in response.all("WARC-Concurrent-To") or response.record_id in request.all(
        "WARC-Concurrent-To"
    )


def _begins(path: Path) -> str:
    """A damaged beginning does not end the search: a file's place in time is that of its first whole record."""
    for record, _, _ in records(path, on_damage=lambda damage: None):
        if record.date:
            return record.date
    return ""
