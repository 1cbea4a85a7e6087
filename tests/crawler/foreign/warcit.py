"""Records without HTTP, as warcit makes them of files on disk."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from tests.crawler.foreign.fetched import Fetched
from tests.crawler.foreign.records import members, record, second, sha1, warcinfo


def warcit(pages: Sequence[Fetched]) -> bytes:
    """Resource records at the pages' addresses; redirects and errors have none."""
    return members(
        [
            warcinfo("warcit 0.4.0", "files.warc.gz"),
            *(
                record(
                    [
                        ("WARC-Type", "resource"),
                        ("WARC-Record-ID", page.id("resource")),
                        ("WARC-Target-URI", page.url),
                        ("WARC-Date", second(page.at)),
                        ("WARC-Source-URI", f"file://{urlsplit(page.url).path}"),
                        ("WARC-Payload-Digest", sha1(page.decoded)),
                        ("WARC-Block-Digest", sha1(page.decoded)),
                        ("Content-Type", page.header("content-type")),
                    ],
                    page.decoded,
                )
                for page in pages
                if page.status == "200"
            ),
        ]
    )
