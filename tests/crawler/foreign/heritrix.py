"""As Heritrix 3 writes: modules/.../warc/*RecordBuilder.java."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from tests.crawler.foreign.fetched import Fetched
from tests.crawler.foreign.records import members, record, second, sha1, warcinfo


def heritrix(pages: Sequence[Fetched]) -> bytes:
    """WARC/1.0: dns, then response, request and metadata of each page; what came before is a revisit that names no
    record.

    The answer is stored as it came over the wire, chunks and all. A page asked for by If-None-Match that has not
    changed
    is a revisit without a block.
    """
    out = [
        warcinfo("Heritrix/3.4.0-20240909 http://crawler.archive.org", "WEB-20250101000000000-00000-1~h~8443.warc.gz")
    ]
    hosts: set[str] = set()
    seen: dict[tuple[str, bytes], Fetched] = {}
    for page in pages:
        host = urlsplit(page.url).hostname or ""
        if host not in hosts:
            hosts.add(host)
            dns = f"{page.at:%Y%m%d%H%M%S}\n{host}.\t\t600\tIN\tA\t{host}\n".encode()
            out.append(
                record(
                    [
                        ("WARC-Type", "response"),
                        ("WARC-Target-URI", f"dns:{host}"),
                        ("WARC-Date", second(page.at)),
                        ("WARC-IP-Address", "192.0.2.53"),
                        ("WARC-Record-ID", page.id("dns")),
                        ("Content-Type", "text/dns"),
                    ],
                    dns,
                )
            )
        known = seen.setdefault((page.url, page.entity), page)
        common = [("WARC-Target-URI", page.url), ("WARC-Date", second(page.at))]
        about = [
            ("WARC-IP-Address", host),
            ("WARC-Record-ID", page.id("response")),
            ("Content-Type", "application/http; msgtype=response"),
        ]
        if page.status == "304":
            kind = [
                ("WARC-Type", "revisit"),
                ("WARC-Profile", "http://netpreserve.org/warc/1.0/revisit/server-not-modified"),
                ("WARC-Truncated", "length"),
            ]
            out.append(record([*kind, *common, *about], b""))
        elif known is not page:
            kind = [
                ("WARC-Type", "revisit"),
                ("WARC-Profile", "http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"),
                ("WARC-Truncated", "length"),
            ]
            named = [
                ("WARC-Refers-To-Target-URI", known.url),
                ("WARC-Refers-To-Date", second(known.at)),
                ("WARC-Payload-Digest", sha1(page.entity)),
            ]
            out.append(record([*kind, *common, *named, *about], page.head))
        else:
            out.append(
                record(
                    [("WARC-Type", "response"), *common, ("WARC-Payload-Digest", sha1(page.entity)), *about], page.raw
                )
            )
        to = ("WARC-Concurrent-To", page.id("response"))
        out.append(
            record(
                [
                    ("WARC-Type", "request"),
                    *common,
                    to,
                    ("WARC-Record-ID", page.id("request")),
                    ("Content-Type", "application/http; msgtype=request"),
                ],
                page.request,
            )
        )
        told = f"via: {page.url}\r\nhopsFromSeed: LL\r\nfetchTimeMs: 12\r\noutlink: {page.url}x L a/@href\r\n".encode()
        out.append(
            record(
                [
                    ("WARC-Type", "metadata"),
                    *common,
                    to,
                    ("WARC-Record-ID", page.id("metadata")),
                    ("Content-Type", "application/warc-fields"),
                ],
                told,
            )
        )
    return members(out)
