"""Exchanges to write, and a writer to write them with."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archive.capture import Capture, Exchange, Original
from archive.warc.writer import WarcWriter

THEN = datetime(2023, 12, 13, 1, 12, 0, 42, tzinfo=UTC)
INFO = {"software": "campuswarc/0.1", "operator": "An Archive", "robots": "classic"}
HTML = (
    b"<html><head><title>Neuigkeiten \xe5\xad\xa6\xe9\x99\xa2</title></head><body>"
    + b"<p>words</p>" * 50
    + b"</body></html>"
)
HEAD = (
    b"HTTP/1.1 200 Alles gut\r\nServer: sudy\r\nset-cookie: a=1\r\nSet-Cookie: b=\xe9\r\n"
    b"Content-Type: Text/HTML; charset=utf-8\r\nContent-Length: %d\r\n\r\n"
)
REQUEST = b"GET /2023/1213/c1a2/page.htm HTTP/1.1\r\nHost: news.example.edu.cn\r\nUser-Agent: campuswarc\r\n\r\n"


def exchange(body: bytes = HTML, **changes: Any) -> Exchange:
    """An ordinary page, but for `changes`."""
    plain = Exchange(
        url="http://news.example.edu.cn/2023/1213/c1a2/page.htm",
        site="example_edu",
        kind="article",
        fetched_at=THEN,
        status=200,
        request_head=REQUEST,
        response_head=HEAD % len(body),
        body=body,
        ip="127.0.0.1",
        protocol="http/1.1, tls/1.3",
        tls="verified",
        via="http://news.example.edu.cn/list.htm",
    )
    return replace(plain, **changes)


def original(capture: Capture, profile: str = "identical-payload-digest") -> Original:
    """What a revisit of that capture points to."""
    return Original(
        record_id=capture.record_id,
        url=capture.url,
        fetched_at=capture.fetched_at,
        payload_digest=capture.payload_digest or "",
        profile=profile,  # type: ignore[arg-type]
    )


def writer(folder: Path, **options: Any) -> WarcWriter:
    """A writer below `folder`."""
    return WarcWriter(folder, prefix="test", info=INFO, **options)


def every_kind(folder: Path) -> list[Capture]:
    """A closed file with every kind of record and of response that we write."""
    zipped = gzip.compress(HTML)
    with writer(folder) as warc:
        page = warc.write(exchange(), run=7)
        captures = [
            warc.write_resource("urn:campuswarc:sites", "application/toml", b"[example_edu]\n", site="", run=7),
            page,
            warc.write(exchange(revisit_of=original(page)), run=7),
            warc.write(
                exchange(
                    b"",
                    status=304,
                    response_head=b'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\n\r\n',
                    revisit_of=original(page, "server-not-modified"),
                )
            ),
            warc.write(
                exchange(
                    zipped,
                    response_head=b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n",
                    transfer_encoding="chunked",
                    protocol="http/1.0",
                    tls=None,
                    via=None,
                )
            ),
            warc.write(exchange(HTML[:99], response_head=HEAD % len(HTML), truncated="disconnect")),
            warc.write(exchange(b"", status=204, response_head=b"HTTP/1.1 204 \r\n\r\n", kind="probe")),
            warc.write(exchange(b"", status=302, response_head=b"HTTP/1.1 302 Found\nLocation: /new\n\n")),
            warc.write(
                exchange(
                    b"\x00\xff\r\n\r\nWARC/1.1\r\n" * 40_000,
                    url="http://news.example.edu.cn/附件/é.zip?q=ab",
                    kind="attachment",
                    ip="2001:db8::1",
                    response_head=b"HTTP/1.1 200\r\nContent-Type: application/zip\r\n\r\n",
                    request_head=b"POST /q HTTP/1.1\r\nContent-Length: 3\r\n\r\n",
                    request_body=b"a=b",
                )
            ),
        ]
        warc.commit()
    return captures


def only_file(folder: Path) -> Path:
    """The one WARC file below a folder."""
    [path] = [path for path in folder.rglob("*") if path.is_file()]
    return path
