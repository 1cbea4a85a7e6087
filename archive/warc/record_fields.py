"""Named fields of each kind of record that we write (WARC/1.1 section 5), in the order they stand in the file."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from urllib.parse import quote_from_bytes

from archive.capture import Capture, Exchange, Kind
from archive.warc.layout import PROFILE, digest
from archive.warc.record import RENDERED, SENT

Pairs = list[tuple[str, str]]
# characters, as written, of what stood around an answer, and of the head of a page that was drawn: FastWARC ends the
# reading of a file at a record whose fields hold more than 32 KiB, and three addresses may be among them
_MOST_AROUND, MOST_SENT = 3_072, 8_192
_PRINTED = "".join(map(chr, range(0x20, 0x7F))).replace("%", "")  # stand in a field as they are


def shared(exchange: Exchange, date: str, run: int | None) -> Pairs:
    """Fields that request and response have in common."""
    fields = [("WARC-Target-URI", exchange.url), ("WARC-Date", date)]
    if exchange.ip:
        fields.append(("WARC-IP-Address", exchange.ip))
    fields += [("WARC-Protocol", name) for name in re.split(r"[,\s]+", exchange.protocol) if name]
    fields += ours(exchange.site, exchange.kind, run)
    if exchange.via:
        fields.append(("Campuswarc-Via", exchange.via))
    if exchange.tls:
        fields.append(("Campuswarc-Tls", exchange.tls))
    return fields


def response(exchange: Exchange, shared: Pairs, record_id: str, request_id: str, payload: str) -> Pairs:
    """Of a response, or of the revisit that stands for one; `payload` is the digest of its entity bytes."""
    original = exchange.revisit_of
    fields = [("WARC-Type", "response" if original is None else "revisit"), ("WARC-Record-ID", record_id)]
    fields += [*shared, ("WARC-Concurrent-To", request_id)]
    if original is not None:
        fields += [
            ("WARC-Profile", PROFILE + original.profile),
            ("WARC-Refers-To", original.record_id),
            ("WARC-Refers-To-Target-URI", original.url),
            ("WARC-Refers-To-Date", original.fetched_at),
        ]
    if original is not None and original.profile == "identical-payload-digest":
        fields.append(("WARC-Truncated", "length"))  # section 6.7.2: the body is left out
    elif exchange.truncated:
        fields.append(("WARC-Truncated", exchange.truncated))
    if exchange.transfer_encoding:
        fields.append(("Campuswarc-Transfer-Encoding", exchange.transfer_encoding))
    for name, lines in (("Campuswarc-Interim", exchange.interim), ("Campuswarc-Trailers", exchange.trailers)):
        if lines:
            fields.append((name, written(lines, _MOST_AROUND)))
    block = (exchange.response_head, exchange.body) if original is None else (exchange.response_head,)
    return [
        *fields,
        ("WARC-Payload-Digest", payload),
        ("WARC-Block-Digest", digest(*block)),
        ("Content-Type", "application/http; msgtype=response"),
    ]


def written(lines: bytes, most: int | None = None) -> str:
    """Lines as a field holds them, percent-encoded; of it no more than so many characters, and no byte cut in two."""
    text = quote_from_bytes(lines[:most], safe=_PRINTED)
    if most is None or len(text) <= most:
        return text
    end = text.rfind("%", most - 2, most)
    return text[: most if end < 0 else end]


def request(exchange: Exchange, shared: Pairs, record_id: str, response_id: str) -> Pairs:
    """Of the request beside it."""
    return [
        ("WARC-Type", "request"),
        ("WARC-Record-ID", record_id),
        *shared,
        ("WARC-Concurrent-To", response_id),
        ("WARC-Payload-Digest", digest(exchange.request_body)),
        ("WARC-Block-Digest", digest(exchange.request_head, exchange.request_body)),
        ("Content-Type", "application/http; msgtype=request"),
    ]


def resource(url: str, mime: str, record_id: str, date: str, payload: str, ours: Pairs) -> Pairs:
    """Of something that came over no wire."""
    return [
        ("WARC-Type", "resource"),
        ("WARC-Record-ID", record_id),
        ("WARC-Target-URI", url),
        ("WARC-Date", date),
        *ours,
        ("WARC-Payload-Digest", payload),
        ("WARC-Block-Digest", payload),
        ("Content-Type", mime),
    ]


def rendering(page: Capture, made: str, sent: bytes, record_id: str, date: str, payload: str, run: int | None) -> Pairs:
    """Of what a browser drew of a page (WARC/1.1 section 6.8); `sent`: headers of the page, a line each."""
    about = [("Campuswarc-Via", page.via), ("Campuswarc-Tls", page.tls), (SENT, written(sent, MOST_SENT))]
    return [
        ("WARC-Type", "conversion"),
        ("WARC-Record-ID", record_id),
        ("WARC-Target-URI", page.url),
        ("WARC-Date", date),
        ("WARC-Refers-To", page.record_id),
        *ours(page.site, page.kind, run),
        *((name, value) for name, value in about if value),
        (RENDERED, made),
        ("WARC-Payload-Digest", payload),
        ("WARC-Block-Digest", payload),
        ("Content-Type", "text/html; charset=utf-8"),
    ]


def warcinfo(record_id: str, date: str, filename: str, block: bytes) -> Pairs:
    """Of the record at the top of a file."""
    return [
        ("WARC-Type", "warcinfo"),
        ("WARC-Record-ID", record_id),
        ("WARC-Date", date),
        ("WARC-Filename", filename),
        ("WARC-Block-Digest", digest(block)),
        ("Content-Type", "application/warc-fields"),
    ]


def ours(site: str, kind: Kind, run: int | None) -> Pairs:
    """What rows need beyond the standard's fields; readers ignore fields they do not know (section 4)."""
    fields = [("Campuswarc-Site", site), ("Campuswarc-Kind", kind)]
    return fields if run is None else [*fields, ("Campuswarc-Run", str(run))]


def warc_date(instant: datetime) -> str:
    """WARC-Date with microseconds, always all six, so that the texts sort as the times do."""
    if instant.tzinfo is None:
        raise ValueError("a time without zone")
    return instant.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
