"""As Browsertrix Crawler writes: src/util/recorder.ts, warcresourcewriter.ts, wacz.ts."""

from __future__ import annotations

import gzip
import json
import zipfile
from collections.abc import Sequence
from datetime import UTC
from pathlib import Path

from tests.crawler.foreign.fetched import Fetched
from tests.crawler.foreign.records import members, record, second, sha256, warcinfo


def browsertrix(path: Path, pages: Sequence[Fetched], posted: Sequence[Fetched] = ()) -> None:
    """A WACZ: WARC/1.1 with dates to the millisecond and sha256, lower-case headers, bodies decoded and `x-orig-`
    headers; screenshots,
    texts and `urn:pageinfo:` as resource records in the same and in files of their own. What came before is a revisit
    by address and date."""
    seen: dict[bytes, Fetched] = {}
    rec = [warcinfo("Browsertrix-Crawler 1.6.2 (with warcio.js 2.4.4)", "rec-0.warc.gz", "WARC/1.1")]
    shots, texts = (
        [warcinfo("Browsertrix-Crawler 1.6.2", name, "WARC/1.1")]
        for name in ("screenshots-0.warc.gz", "text-0.warc.gz")
    )
    for page in (*pages, *posted):
        date = ("WARC-Date", page.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"))
        uri, id_ = ("WARC-Target-URI", page.url), ("WARC-Page-ID", "1b4a4f0e-6f3b-4d1e-9d5c-0b1c2d3e4f50")
        head = _as_browser_tells(page)
        known = seen.setdefault(page.decoded, page)
        about = [
            ("WARC-Record-ID", page.id("response")),
            ("Content-Type", "application/http; msgtype=response"),
            id_,
            ("WARC-Resource-Type", "document"),
            ("WARC-JSON-Metadata", '{"ipType":"Public"}'),
            ("WARC-Payload-Digest", sha256(page.decoded)),
        ]
        if known is not page and page.decoded:
            then = known.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
            named = [
                ("WARC-Profile", "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"),
                ("WARC-Refers-To-Target-URI", known.url),
                ("WARC-Refers-To-Date", then),
            ]
            rec.append(record([("WARC-Type", "revisit"), uri, date, *named, *about], head, "WARC/1.1"))
        else:
            rec.append(
                record(
                    [("WARC-Type", "response"), uri, date, *about, ("WARC-Block-Digest", sha256(head + page.decoded))],
                    head + page.decoded,
                    "WARC/1.1",
                )
            )
        rec.append(
            record(
                [
                    ("WARC-Concurrent-To", page.id("response")),
                    id_,
                    uri,
                    date,
                    ("WARC-Type", "request"),
                    ("WARC-Record-ID", page.id("request")),
                    ("Content-Type", "application/http; msgtype=request"),
                ],
                page.request,
                "WARC/1.1",
            )
        )
        for what, into, mime, data in (
            (
                "pageinfo",
                rec,
                "application/json",
                json.dumps(
                    {"pageid": "1b4a", "url": page.url, "urls": {page.url: {"status": 200}}, "counts": {"jsErrors": 0}}
                ).encode(),
            ),
            ("view", shots, "image/png", b"\x89PNG\r\n\x1a\n" + page.url.encode()),
            ("text", texts, "text/plain", b"Words as the browser shows them"),
        ):
            into.append(
                record(
                    [
                        ("WARC-Target-URI", f"urn:{what}:{page.url}"),
                        date,
                        ("WARC-Type", "resource"),
                        ("WARC-Record-ID", page.id(what)),
                        ("Content-Type", mime),
                        ("WARC-Payload-Digest", sha256(data)),
                        ("WARC-Block-Digest", sha256(data)),
                    ],
                    data,
                    "WARC/1.1",
                )
            )
    listed = "".join(
        json.dumps(line) + "\n"
        for line in [
            {"format": "json-pages-1.0", "id": "pages", "title": "All Pages", "hasText": False},
            *(
                {"id": "1b4a", "url": page.url, "ts": second(page.at), "status": int(page.status), "depth": 0}
                for page in pages
            ),
        ]
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as wacz:
        for name, records in (("rec-0", rec), ("screenshots-0", shots), ("text-0", texts)):
            wacz.writestr(f"archive/{name}.warc.gz", members(records))
        wacz.writestr("indexes/index.cdx.gz", gzip.compress(b""))
        wacz.writestr("indexes/index.idx", "!meta 0 {}\n")
        wacz.writestr("pages/pages.jsonl", listed)
        wacz.writestr("pages/extraPages.jsonl", '{"format": "json-pages-1.0", "id": "extra", "title": "Extra"}\n')
        wacz.writestr("logs/crawl-20250101000000.log", '{"logLevel": "info"}\n')
        wacz.writestr(
            "datapackage.json", json.dumps({"profile": "data-package", "wacz_version": "1.1.1", "resources": []})
        )
        wacz.writestr("datapackage-digest.json", "{}")


def _as_browser_tells(page: Fetched) -> bytes:
    lines = [f"HTTP/1.1 {page.status} OK"]
    for name, value in page.headers:
        name = name.lower()
        if name in ("content-encoding", "transfer-encoding"):
            name = f"x-orig-{name}"
        lines.append(f"{name}: {len(page.decoded) if name == 'content-length' else value}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1")
