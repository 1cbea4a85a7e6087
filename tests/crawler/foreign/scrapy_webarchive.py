"""As scrapy-webarchive writes: warc/writers.py, wacz/creator.py."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from tests.crawler.foreign.fetched import Fetched
from tests.crawler.foreign.records import members, record, second, sha1, warcinfo


def scrapy_webarchive(path: Path, pages: Sequence[Fetched]) -> None:
    """A WACZ of one file: a status line `HTTP/1.0 200` without reason, bodies still in their content-coding, no page
    list."""
    records = [warcinfo("Scrapy/2.13.3 (+https://scrapy.org)", "quotes-20250101000000-00000-h.warc.gz")]
    for page in pages:
        lines = [
            f"HTTP/1.0 {page.status}",
            *(f"{name}: {value}" for name, value in page.headers if name.lower() != "transfer-encoding"),
            "",
            "",
        ]
        head = "\r\n".join(lines).encode("latin-1")
        fields = [("WARC-Target-URI", page.url), ("WARC-Date", second(page.at))]
        records.append(
            record(
                [
                    ("WARC-Type", "response"),
                    *fields,
                    ("WARC-Record-ID", page.id("response")),
                    ("WARC-Payload-Digest", sha1(page.entity)),
                    ("WARC-Block-Digest", sha1(head + page.entity)),
                    ("Content-Type", "application/http; msgtype=response"),
                ],
                head + page.entity,
                "WARC/1.1",
            )
        )
        path_only = urlsplit(page.url).path
        records.append(
            record(
                [
                    ("WARC-Type", "request"),
                    *fields,
                    ("WARC-Record-ID", page.id("request")),
                    ("WARC-Concurrent-To", page.id("response")),
                    ("Content-Type", "application/http; msgtype=request"),
                ],
                f"GET {path_only} HTTP/1.0\r\nUser-Agent: Scrapy\r\n\r\n".encode(),
                "WARC/1.1",
            )
        )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as wacz:
        wacz.writestr("indexes/index.cdxj", "")
        wacz.writestr("archive/quotes-20250101000000-00000-h.warc.gz", members(records))
        wacz.writestr(
            "datapackage.json", json.dumps({"profile": "data-package", "wacz_version": "1.1.1", "resources": []})
        )
