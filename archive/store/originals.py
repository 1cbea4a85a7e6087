"""What the revisits in files of other tools repeat: found when they come, or when what they repeat comes later."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from archive.capture import Capture
from archive.store.captures import Captures
from archive.warc import date
from archive.warc.captured import is_bare
from archive.warc.reader import DamagedRecord, Record, read
from archive.warc.stated import made_from, usual, wrong

_FARTHEST = 20  # revisits of revisits followed, and captures of one address held against a digest


class Originals:
    """Leads revisits to the responses that they repeat; where the digests disagree, to none."""

    def __init__(self, captures: Captures, folder: Path) -> None:
        """`folder` is warc/."""
        self._captures, self._folder = captures, folder

    def resolve(self, id_: int) -> bool:
        """Have the row of a revisit name the response it repeats, and that response's digest; whether there is one.

        A revisit that has no head of its own has its status and type from there too.
        """
        revisit = self._captures.get(id_)
        if revisit is None:
            return False
        record = self._read(revisit)
        found = next(self._candidates(revisit, record), None) if record is not None else None
        if found is not None and record is not None:
            self._captures.refer(id_, found, bare=is_bare(record) and revisit.status != 304)
        return found is not None

    def _candidates(self, revisit: Capture, record: Record) -> Iterator[Capture]:
        """Responses it may repeat, what it names most plainly first; only those whose payload is the one it tells
        of."""
        captures = self._captures
        url, at = (
            record.field("WARC-Refers-To-Target-URI") or revisit.url,
            date.spelt(record.field("WARC-Refers-To-Date")) or "",
        )
        stated = record.field("WARC-Payload-Digest")
        named = (
            captures.by_record(record.field("WARC-Refers-To") or ""),
            captures.at(url.partition("#")[0].strip("<>"), at),
        )
        same = (
            captures.stood_at(revisit.url, revisit.fetched_at)
            if revisit.status == 304
            else captures.with_payload(usual(stated) or "")
        )
        for found in (*named, same):
            original = self._end_of_chain(found, revisit)
            if original is not None and (revisit.status == 304 or self._agree(stated, original)):
                yield original
        if stated and revisit.status != 304:  # a digest by another algorithm, or of a body in its chunks
            for _, found in captures.of(revisit.url)[-_FARTHEST:]:
                if found.record_type == "response" and found.truncated is None and self._agree(stated, found):
                    yield found

    def _end_of_chain(self, found: Capture | None, revisit: Capture) -> Capture | None:
        for _ in range(_FARTHEST):
            if found is None or found.record_type != "revisit":
                break
            found = self._captures.by_record(found.refers_to or "")
        return (
            found
            if found is not None and found.record_type != "revisit" and found.record_id != revisit.record_id
            else None
        )

    def _agree(self, stated: str | None, original: Capture) -> bool:
        """Whether the original has the payload of that digest: by its bytes, or by a digest of its own that holds."""
        if stated is None or usual(stated) == original.payload_digest:
            return True
        record = self._read(original)
        if record is None:
            return False
        own = record.field("WARC-Payload-Digest")
        if own is not None and usual(own) == usual(stated):
            return not wrong(record)
        return usual(stated) == stated and not stated.startswith("sha1:") and made_from(stated, record.payload)

    def _read(self, capture: Capture) -> Record | None:
        """None where it cannot be had: `ingest` has said so, or `verify` will."""
        try:
            return read(self._folder, capture.warc, capture.offset)
        except (DamagedRecord, OSError, ValueError):
            return None
