"""What robots.txt, ai.txt and tdmrep.json of each host say of rights, from the captures the archive has of them."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from archive.capture import Capture
from archive.coding import CodingError, undo
from archive.sqlite import as_json
from archive.store.rows import Rows
from archive.warc import reader
from crawler.history.stored_answers import NoStoredAnswer, payload
from spiders.generic import rights

_LONGEST = 512_000  # bytes of such a file that are read
_LATEST = (
    "select url, max(fetched_at) from captures where kind = 'robots' and status in (200, 404, 410) group by url"
    " order by url"
)


def note_host_rights(rows: Rows, warc_folder: Path) -> None:
    """Bring `host_rights` up to what the latest captures say; a file is read when its payload is another one."""
    known = dict(rows.db.conn.execute("select url, digest from host_rights").fetchall())
    for url, at in rows.db.conn.execute(_LATEST).fetchall():
        capture = rows.captures.at(url, at)
        if capture is None or (url in known and known[url] == (capture.payload_digest or "")):
            continue
        said = _said(rows, warc_folder, capture)
        if said is not None and (said or url in known):
            parts = urlsplit(url)
            rows.db.conn.execute(
                "insert into host_rights (url, origin, digest, said) values (?, ?, ?, ?)"
                " on conflict (url) do update set digest = excluded.digest, said = excluded.said",
                [url, f"{parts.scheme}://{parts.netloc}/", capture.payload_digest or "", as_json(said)],
            )


def _said(rows: Rows, warc_folder: Path, capture: Capture) -> tuple[str, ...] | None:
    """None where its record cannot be had: `verify` says so, and what was known stands."""
    if capture.status != 200:
        return ()
    try:
        record = reader.read(warc_folder, capture.warc, capture.offset)
        content = undo(payload(rows, warc_folder, capture, record), record.http_headers, _LONGEST).content
    except (NoStoredAnswer, reader.DamagedRecord, CodingError, OSError, ValueError):
        return None
    return rights.of_file(capture.url, content[:_LONGEST].decode("utf-8-sig", "replace"))
