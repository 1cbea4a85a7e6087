"""As Common Crawl's Nutch writes: org.commoncrawl.util.WarcRecordWriter."""

from __future__ import annotations

import json
from collections.abc import Sequence
from urllib.parse import urlsplit

from tests.crawler.foreign.fetched import Fetched
from tests.crawler.foreign.records import members, record, second, sha1, warcinfo


def common_crawl(pages: Sequence[Fetched]) -> dict[str, bytes]:
    """Three files: warc (answers of 200), crawldiagnostics (the others) and robotstxt; wet and wat, made of the first.

    The request stands before its response and is named by it; bodies are decoded and their headers renamed; what has
    not
    changed is a revisit that names its own request.
    """
    out: dict[str, list[bytes]] = {
        name: [warcinfo("Apache Nutch 1.21 (modified)", f"CC-{name}.warc.gz")]
        for name in ("warc", "crawldiagnostics", "robotstxt", "wet", "wat")
    }
    for page in pages:
        kind = (
            "robotstxt" if page.url.endswith("/robots.txt") else "warc" if page.status == "200" else "crawldiagnostics"
        )
        date, target = ("WARC-Date", second(page.at)), ("WARC-Target-URI", page.url)
        ip, protocol = ("WARC-IP-Address", urlsplit(page.url).hostname or ""), ("WARC-Protocol", "http/1.1")
        ciphers = [("WARC-Cipher-Suite", "TLS_AES_128_GCM_SHA256"), ("WARC-Cipher-Suite", "TLS_AES_256_GCM_SHA384")]
        out[kind].append(
            record(
                [
                    ("WARC-Type", "request"),
                    date,
                    ("WARC-Record-ID", page.id("request")),
                    ("Content-Type", "application/http; msgtype=request"),
                    ip,
                    target,
                    protocol,
                    *ciphers,
                ],
                page.request,
            )
        )
        block = _fixed(page) + page.decoded
        about = [date, ("WARC-Record-ID", page.id("response")), ("Content-Type", "application/http; msgtype=response")]
        more = [
            ip,
            target,
            protocol,
            *ciphers,
            ("WARC-Payload-Digest", sha1(page.decoded)),
            ("WARC-Block-Digest", sha1(block)),
        ]
        if page.status == "304":
            profile = ("WARC-Profile", "http://netpreserve.org/warc/1.1/revisit/server-not-modified")
            named = [("WARC-Refers-To", page.id("request")), ("WARC-Refers-To-Target-URI", page.url), profile]
            out[kind].append(record([("WARC-Type", "revisit"), *about, *named, *more], block))
        else:
            mime = ("WARC-Identified-Payload-Type", page.header("content-type").partition(";")[0] or "text/html")
            out[kind].append(
                record(
                    [("WARC-Type", "response"), *about, ("WARC-Concurrent-To", page.id("request")), *more, mime], block
                )
            )
        told = b"fetchTimeMs: 12\r\ncharset-detected: UTF-8\r\nlanguages-cld2: {}\r\n"
        out[kind].append(
            record(
                [
                    ("WARC-Type", "metadata"),
                    date,
                    ("WARC-Record-ID", page.id("metadata")),
                    ("Content-Type", "application/warc-fields"),
                    ("WARC-Concurrent-To", page.id("response")),
                    target,
                ],
                told,
            )
        )
        if kind == "warc":
            out["wet"].append(
                record(
                    [
                        ("WARC-Type", "conversion"),
                        target,
                        date,
                        ("WARC-Record-ID", page.id("wet")),
                        ("WARC-Refers-To", page.id("response")),
                        ("WARC-Identified-Content-Language", "zho"),
                        ("Content-Type", "text/plain"),
                    ],
                    b"Words of the page, without their tags.\n" * 20,
                )
            )
            out["wat"].append(
                record(
                    [
                        ("WARC-Type", "metadata"),
                        target,
                        date,
                        ("WARC-Record-ID", page.id("wat")),
                        ("WARC-Refers-To", page.id("response")),
                        ("Content-Type", "application/json"),
                    ],
                    json.dumps({"Envelope": {"Payload-Metadata": {"HTTP-Response-Metadata": {}}}}).encode(),
                )
            )
    return {name: members(records) for name, records in out.items()}


def _fixed(page: Fetched) -> bytes:
    """The head as WarcRecordWriter.fixHttpHeaders leaves it."""
    lines = [page.head.split(b"\r\n")[0].decode("latin-1")]
    for name, value in page.headers:
        if name.lower() in ("content-encoding", "transfer-encoding", "content-length"):
            name = f"X-Crawler-{name}"
        lines.append(f"{name}: {value}")
    return "\r\n".join([*lines, f"Content-Length: {len(page.decoded)}", "", ""]).encode("latin-1")
