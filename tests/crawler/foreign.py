"""WARC and WACZ files as other people's crawlers write them, of pages fetched here: for tests of `ingest`.

Made after the writers' own sources: Heritrix 3 (modules/.../warc/*RecordBuilder.java), Browsertrix Crawler
(src/util/recorder.ts, warcresourcewriter.ts, wacz.ts), Common Crawl's Nutch (org.commoncrawl.util.WarcRecordWriter) and
scrapy-webarchive (warc/writers.py, wacz/creator.py); zstd files after iipc.github.io/warc-specifications, warc-zstd.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import socket
import zipfile
from base64 import b32encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

import zstandard

Fields = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Fetched:
    """A page as it came over the wire."""

    url: str
    at: datetime
    request: bytes
    raw: bytes  # the answer, head and body, any framing left in

    @property
    def head(self) -> bytes:
        return self.raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"

    @property
    def headers(self) -> list[tuple[str, str]]:
        lines = self.head.decode("latin-1").splitlines()[1:-1]
        return [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name), "")

    @property
    def status(self) -> str:
        return self.raw.split(b" ", 2)[1].decode()

    @cached_property
    def entity(self) -> bytes:
        """Body without its framing, content-coding kept."""
        body = self.raw.partition(b"\r\n\r\n")[2]
        if self.header("transfer-encoding") != "chunked":
            return body
        out = b""
        while size := int(body[: body.index(b"\r\n")], 16):
            start = body.index(b"\r\n") + 2
            out, body = out + body[start : start + size], body[start + size + 2 :]
        return out

    @cached_property
    def decoded(self) -> bytes:
        """Entity without its content-coding."""
        return gzip.decompress(self.entity) if self.header("content-encoding") == "gzip" else self.entity

    def id(self, what: str) -> str:
        """The same WARC-Record-ID each time."""
        return f"<urn:uuid:{uuid5(NAMESPACE_URL, f'{what} {self.at.isoformat()} {self.url}')}>"


def fetch(url: str, at: datetime, *, method: str = "GET", body: bytes = b"", headers: str = "") -> Fetched:
    """Ask for it; `at` is when it is said to have been."""
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    length = f"Content-Length: {len(body)}\r\n" if body else ""
    request = f"{method} {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept-Encoding: gzip\r\n{headers}{length}Connection: close\r\n\r\n".encode() + body
    with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=30) as connection:
        connection.sendall(request)
        raw = b"".join(iter(lambda: connection.recv(1 << 16), b""))
    return Fetched(url, at, request, raw)


def record(fields: Fields, block: bytes, version: str = "WARC/1.0") -> bytes:
    """A record, uncompressed."""
    head = "".join(f"{name}: {value}\r\n" for name, value in [*fields, ("Content-Length", str(len(block)))])
    return f"{version}\r\n{head}\r\n".encode() + block + b"\r\n\r\n"


def members(records: Iterable[bytes]) -> bytes:
    """One gzip member a record."""
    return b"".join(gzip.compress(one, 6, mtime=0) for one in records)


def sha1(data: bytes) -> str:
    return "sha1:" + b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()


def sha256(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


def second(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def warcinfo(software: str, name: str, version: str = "WARC/1.0") -> bytes:
    fields = [
        ("WARC-Type", "warcinfo"), ("WARC-Date", "2025-01-01T00:00:00Z"), ("WARC-Filename", name),
        ("WARC-Record-ID", f"<urn:uuid:{uuid5(NAMESPACE_URL, software + name)}>"), ("Content-Type", "application/warc-fields"),
    ]
    block = f"software: {software}\r\nformat: WARC File Format {version[5:]}\r\nrobots: obey\r\n\r\n".encode()
    return record(fields, block, version)


# -- Heritrix 3


def heritrix(pages: Sequence[Fetched]) -> bytes:
    """WARC/1.0: dns, then response, request and metadata of each page; what came before is a revisit that names no record.

    The answer is stored as it came over the wire, chunks and all. A page asked for by If-None-Match that has not changed
    is a revisit without a block.
    """
    out = [warcinfo("Heritrix/3.4.0-20240909 http://crawler.archive.org", "WEB-20250101000000000-00000-1~h~8443.warc.gz")]
    hosts: set[str] = set()
    seen: dict[tuple[str, bytes], Fetched] = {}
    for page in pages:
        host = urlsplit(page.url).hostname or ""
        if host not in hosts:
            hosts.add(host)
            dns = f"{page.at:%Y%m%d%H%M%S}\n{host}.\t\t600\tIN\tA\t{host}\n".encode()
            out.append(record([
                ("WARC-Type", "response"), ("WARC-Target-URI", f"dns:{host}"), ("WARC-Date", second(page.at)), ("WARC-IP-Address", "192.0.2.53"),
                ("WARC-Record-ID", page.id("dns")), ("Content-Type", "text/dns"),
            ], dns))
        known = seen.setdefault((page.url, page.entity), page)
        common = [("WARC-Target-URI", page.url), ("WARC-Date", second(page.at))]
        about = [("WARC-IP-Address", host), ("WARC-Record-ID", page.id("response")), ("Content-Type", "application/http; msgtype=response")]
        if page.status == "304":
            kind = [("WARC-Type", "revisit"), ("WARC-Profile", "http://netpreserve.org/warc/1.0/revisit/server-not-modified"), ("WARC-Truncated", "length")]
            out.append(record([*kind, *common, *about], b""))
        elif known is not page:
            kind = [("WARC-Type", "revisit"), ("WARC-Profile", "http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"), ("WARC-Truncated", "length")]
            named = [("WARC-Refers-To-Target-URI", known.url), ("WARC-Refers-To-Date", second(known.at)), ("WARC-Payload-Digest", sha1(page.entity))]
            out.append(record([*kind, *common, *named, *about], page.head))
        else:
            out.append(record([("WARC-Type", "response"), *common, ("WARC-Payload-Digest", sha1(page.entity)), *about], page.raw))
        to = ("WARC-Concurrent-To", page.id("response"))
        out.append(record([
            ("WARC-Type", "request"), *common, to, ("WARC-Record-ID", page.id("request")), ("Content-Type", "application/http; msgtype=request"),
        ], page.request))
        told = f"via: {page.url}\r\nhopsFromSeed: LL\r\nfetchTimeMs: 12\r\noutlink: {page.url}x L a/@href\r\n".encode()
        out.append(record([
            ("WARC-Type", "metadata"), *common, to, ("WARC-Record-ID", page.id("metadata")), ("Content-Type", "application/warc-fields"),
        ], told))
    return members(out)


# -- Common Crawl


def common_crawl(pages: Sequence[Fetched]) -> dict[str, bytes]:
    """Three files: warc (answers of 200), crawldiagnostics (the others) and robotstxt; wet and wat, made of the first.

    The request stands before its response and is named by it; bodies are decoded and their headers renamed; what has not
    changed is a revisit that names its own request.
    """
    out: dict[str, list[bytes]] = {name: [warcinfo("Apache Nutch 1.21 (modified)", f"CC-{name}.warc.gz")] for name in ("warc", "crawldiagnostics", "robotstxt", "wet", "wat")}
    for page in pages:
        kind = "robotstxt" if page.url.endswith("/robots.txt") else "warc" if page.status == "200" else "crawldiagnostics"
        date, target = ("WARC-Date", second(page.at)), ("WARC-Target-URI", page.url)
        ip, protocol = ("WARC-IP-Address", urlsplit(page.url).hostname or ""), ("WARC-Protocol", "http/1.1")
        ciphers = [("WARC-Cipher-Suite", "TLS_AES_128_GCM_SHA256"), ("WARC-Cipher-Suite", "TLS_AES_256_GCM_SHA384")]
        out[kind].append(record([
            ("WARC-Type", "request"), date, ("WARC-Record-ID", page.id("request")), ("Content-Type", "application/http; msgtype=request"), ip, target, protocol, *ciphers,
        ], page.request))
        block = _fixed(page) + page.decoded
        about = [date, ("WARC-Record-ID", page.id("response")), ("Content-Type", "application/http; msgtype=response")]
        more = [ip, target, protocol, *ciphers, ("WARC-Payload-Digest", sha1(page.decoded)), ("WARC-Block-Digest", sha1(block))]
        if page.status == "304":
            profile = ("WARC-Profile", "http://netpreserve.org/warc/1.1/revisit/server-not-modified")
            named = [("WARC-Refers-To", page.id("request")), ("WARC-Refers-To-Target-URI", page.url), profile]
            out[kind].append(record([("WARC-Type", "revisit"), *about, *named, *more], block))
        else:
            mime = ("WARC-Identified-Payload-Type", page.header("content-type").partition(";")[0] or "text/html")
            out[kind].append(record([("WARC-Type", "response"), *about, ("WARC-Concurrent-To", page.id("request")), *more, mime], block))
        told = b"fetchTimeMs: 12\r\ncharset-detected: UTF-8\r\nlanguages-cld2: {}\r\n"
        out[kind].append(record([
            ("WARC-Type", "metadata"), date, ("WARC-Record-ID", page.id("metadata")), ("Content-Type", "application/warc-fields"),
            ("WARC-Concurrent-To", page.id("response")), target,
        ], told))
        if kind == "warc":
            out["wet"].append(record([
                ("WARC-Type", "conversion"), target, date, ("WARC-Record-ID", page.id("wet")), ("WARC-Refers-To", page.id("response")),
                ("WARC-Identified-Content-Language", "zho"), ("Content-Type", "text/plain"),
            ], b"Words of the page, without their tags.\n" * 20))
            out["wat"].append(record([
                ("WARC-Type", "metadata"), target, date, ("WARC-Record-ID", page.id("wat")), ("WARC-Refers-To", page.id("response")), ("Content-Type", "application/json"),
            ], json.dumps({"Envelope": {"Payload-Metadata": {"HTTP-Response-Metadata": {}}}}).encode()))
    return {name: members(records) for name, records in out.items()}


def _fixed(page: Fetched) -> bytes:
    """The head as WarcRecordWriter.fixHttpHeaders leaves it."""
    lines = [page.head.split(b"\r\n")[0].decode("latin-1")]
    for name, value in page.headers:
        if name.lower() in ("content-encoding", "transfer-encoding", "content-length"):
            name = f"X-Crawler-{name}"
        lines.append(f"{name}: {value}")
    return "\r\n".join([*lines, f"Content-Length: {len(page.decoded)}", "", ""]).encode("latin-1")


# -- Browsertrix Crawler


def browsertrix(path: Path, pages: Sequence[Fetched], posted: Sequence[Fetched] = ()) -> None:
    """A WACZ: WARC/1.1 with dates to the millisecond and sha256, lower-case headers, bodies decoded and `x-orig-` headers; screenshots,
    texts and `urn:pageinfo:` as resource records in the same and in files of their own. What came before is a revisit by address and date."""
    seen: dict[bytes, Fetched] = {}
    rec = [warcinfo("Browsertrix-Crawler 1.6.2 (with warcio.js 2.4.4)", "rec-0.warc.gz", "WARC/1.1")]
    shots, texts = ([warcinfo("Browsertrix-Crawler 1.6.2", name, "WARC/1.1")] for name in ("screenshots-0.warc.gz", "text-0.warc.gz"))
    for page in (*pages, *posted):
        date = ("WARC-Date", page.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"))
        uri, id_ = ("WARC-Target-URI", page.url), ("WARC-Page-ID", "1b4a4f0e-6f3b-4d1e-9d5c-0b1c2d3e4f50")
        head = _as_browser_tells(page)
        known = seen.setdefault(page.decoded, page)
        about = [("WARC-Record-ID", page.id("response")), ("Content-Type", "application/http; msgtype=response"), id_, ("WARC-Resource-Type", "document"),
                 ("WARC-JSON-Metadata", '{"ipType":"Public"}'), ("WARC-Payload-Digest", sha256(page.decoded))]
        if known is not page and page.decoded:
            then = known.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
            named = [("WARC-Profile", "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"), ("WARC-Refers-To-Target-URI", known.url), ("WARC-Refers-To-Date", then)]
            rec.append(record([("WARC-Type", "revisit"), uri, date, *named, *about], head, "WARC/1.1"))
        else:
            rec.append(record([("WARC-Type", "response"), uri, date, *about, ("WARC-Block-Digest", sha256(head + page.decoded))], head + page.decoded, "WARC/1.1"))
        rec.append(record([
            ("WARC-Concurrent-To", page.id("response")), id_, uri, date, ("WARC-Type", "request"), ("WARC-Record-ID", page.id("request")),
            ("Content-Type", "application/http; msgtype=request"),
        ], page.request, "WARC/1.1"))
        for what, into, mime, data in (
            ("pageinfo", rec, "application/json", json.dumps({"pageid": "1b4a", "url": page.url, "urls": {page.url: {"status": 200}}, "counts": {"jsErrors": 0}}).encode()),
            ("view", shots, "image/png", b"\x89PNG\r\n\x1a\n" + page.url.encode()),
            ("text", texts, "text/plain", b"Words as the browser shows them"),
        ):
            into.append(record([
                ("WARC-Target-URI", f"urn:{what}:{page.url}"), date, ("WARC-Type", "resource"), ("WARC-Record-ID", page.id(what)), ("Content-Type", mime),
                ("WARC-Payload-Digest", sha256(data)), ("WARC-Block-Digest", sha256(data)),
            ], data, "WARC/1.1"))
    listed = "".join(json.dumps(line) + "\n" for line in [
        {"format": "json-pages-1.0", "id": "pages", "title": "All Pages", "hasText": False},
        *({"id": "1b4a", "url": page.url, "ts": second(page.at), "status": int(page.status), "depth": 0} for page in pages),
    ])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as wacz:
        for name, records in (("rec-0", rec), ("screenshots-0", shots), ("text-0", texts)):
            wacz.writestr(f"archive/{name}.warc.gz", members(records))
        wacz.writestr("indexes/index.cdx.gz", gzip.compress(b""))
        wacz.writestr("indexes/index.idx", "!meta 0 {}\n")
        wacz.writestr("pages/pages.jsonl", listed)
        wacz.writestr("pages/extraPages.jsonl", '{"format": "json-pages-1.0", "id": "extra", "title": "Extra"}\n')
        wacz.writestr("logs/crawl-20250101000000.log", '{"logLevel": "info"}\n')
        wacz.writestr("datapackage.json", json.dumps({"profile": "data-package", "wacz_version": "1.1.1", "resources": []}))
        wacz.writestr("datapackage-digest.json", "{}")


def _as_browser_tells(page: Fetched) -> bytes:
    lines = [f"HTTP/1.1 {page.status} OK"]
    for name, value in page.headers:
        name = name.lower()
        if name in ("content-encoding", "transfer-encoding"):
            name = f"x-orig-{name}"
        lines.append(f"{name}: {len(page.decoded) if name == 'content-length' else value}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


# -- scrapy-webarchive


def scrapy_webarchive(path: Path, pages: Sequence[Fetched]) -> None:
    """A WACZ of one file: a status line `HTTP/1.0 200` without reason, bodies still in their content-coding, no page list."""
    records = [warcinfo("Scrapy/2.13.3 (+https://scrapy.org)", "quotes-20250101000000-00000-h.warc.gz")]
    for page in pages:
        lines = [f"HTTP/1.0 {page.status}", *(f"{name}: {value}" for name, value in page.headers if name.lower() != "transfer-encoding"), "", ""]
        head = "\r\n".join(lines).encode("latin-1")
        fields = [("WARC-Target-URI", page.url), ("WARC-Date", second(page.at))]
        records.append(record([
            ("WARC-Type", "response"), *fields, ("WARC-Record-ID", page.id("response")), ("WARC-Payload-Digest", sha1(page.entity)),
            ("WARC-Block-Digest", sha1(head + page.entity)), ("Content-Type", "application/http; msgtype=response"),
        ], head + page.entity, "WARC/1.1"))
        path_only = urlsplit(page.url).path
        records.append(record([
            ("WARC-Type", "request"), *fields, ("WARC-Record-ID", page.id("request")), ("WARC-Concurrent-To", page.id("response")),
            ("Content-Type", "application/http; msgtype=request"),
        ], f"GET {path_only} HTTP/1.0\r\nUser-Agent: Scrapy\r\n\r\n".encode(), "WARC/1.1"))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as wacz:
        wacz.writestr("indexes/index.cdxj", "")
        wacz.writestr("archive/quotes-20250101000000-00000-h.warc.gz", members(records))
        wacz.writestr("datapackage.json", json.dumps({"profile": "data-package", "wacz_version": "1.1.1", "resources": []}))


# -- records without HTTP, as warcit makes them of files on disk


def warcit(pages: Sequence[Fetched]) -> bytes:
    """Resource records at the pages' addresses; redirects and errors have none."""
    return members([warcinfo("warcit 0.4.0", "files.warc.gz"), *(
        record([
            ("WARC-Type", "resource"), ("WARC-Record-ID", page.id("resource")), ("WARC-Target-URI", page.url), ("WARC-Date", second(page.at)),
            ("WARC-Source-URI", f"file://{urlsplit(page.url).path}"), ("WARC-Payload-Digest", sha1(page.decoded)), ("WARC-Block-Digest", sha1(page.decoded)),
            ("Content-Type", page.header("content-type")),
        ], page.decoded) for page in pages if page.status == "200"
    )])


# -- Zstandard


def wget_at(pages: Sequence[Fetched]) -> list[bytes]:
    """Records as wget-at writes them, the request before its response."""
    plain = [warcinfo("wget-at", "a.warc.zst", "WARC/1.1")]
    for page in pages:
        fields = [("WARC-Target-URI", page.url), ("WARC-Date", second(page.at))]
        plain.append(record([
            ("WARC-Type", "request"), *fields, ("WARC-Record-ID", page.id("request")), ("Content-Type", "application/http; msgtype=request"),
        ], page.request, "WARC/1.1"))
        plain.append(record([
            ("WARC-Type", "response"), *fields, ("WARC-Record-ID", page.id("response")), ("WARC-Concurrent-To", page.id("request")),
            ("WARC-Payload-Digest", sha1(page.entity)), ("WARC-Block-Digest", sha1(page.raw)), ("Content-Type", "application/http; msgtype=response"),
        ], page.raw, "WARC/1.1"))
    return plain


def zstandard_files(plain: Sequence[bytes]) -> dict[str, bytes]:
    """The same records in every way that the warc-zstd specification allows, and one it does not (a single frame)."""
    dictionary = zstandard.train_dictionary(4096, [*plain] * 3)
    without, using = zstandard.ZstdCompressor(write_checksum=True), zstandard.ZstdCompressor(dict_data=dictionary, write_checksum=True)
    framed = b"".join(map(using.compress, plain))
    extension = b"\x50\x2a\x4d\x18" + (5).to_bytes(4, "little") + b"later"
    return {
        "frames": b"".join(map(without.compress, plain)),
        "dictionary": _skippable(dictionary.as_bytes()) + framed,
        "compressed dictionary": _skippable(without.compress(dictionary.as_bytes())) + framed,
        "extension frames": b"".join(without.compress(one) + extension * (n % 2) for n, one in enumerate(plain)),
        "records of several frames": _skippable(dictionary.as_bytes()) + b"".join(
            using.compress(one[: len(one) // 2]) + using.compress(b"") + using.compress(one[len(one) // 2 :]) for one in plain
        ),
        "a later record of several frames": b"".join(map(without.compress, plain[:4])) + b"".join(
            without.compress(one[:300]) + without.compress(one[300:]) for one in plain[4:]
        ),
        "one frame": without.compress(b"".join(plain)),
    }


def _skippable(data: bytes) -> bytes:
    return b"\x5d\x2a\x4d\x18" + len(data).to_bytes(4, "little") + data


def later(page: Fetched, at: datetime) -> Fetched:
    """The same answer at another time."""
    return replace(page, at=at)
