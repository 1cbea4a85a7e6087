"""Corrections into the rows: the same for who writes one, for a rebuild, a merge and what follows a kill."""

from __future__ import annotations

from archive.store.corrections import Correction
from archive.store.rows import Rows


def obey(rows: Rows, correction: Correction, *, record_id: str, warc: str, at: str) -> bool:
    """Keep it and put it into the version that it is of; whether there is one. Of what was removed nothing is kept but
    where the record lies, so that it can be taken out too."""
    blank = bool(rows.withholding.removed([correction.url]))
    rows.corrections.put(correction, record_id=record_id, warc=warc, at=at, blank=blank)
    return rows.corrections.apply(correction.capture)


def obey_again(rows: Rows) -> None:
    """After readings were made anew."""
    for capture in rows.corrections.captures():
        rows.corrections.apply(capture)
