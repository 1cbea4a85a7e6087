"""Zstandard files, after iipc.github.io/warc-specifications, warc-zstd."""

from __future__ import annotations

from collections.abc import Sequence

import zstandard

from tests.crawler.foreign.fetched import Fetched
from tests.crawler.foreign.records import record, second, sha1, warcinfo


def wget_at(pages: Sequence[Fetched]) -> list[bytes]:
    """Records as wget-at writes them, the request before its response."""
    plain = [warcinfo("wget-at", "a.warc.zst", "WARC/1.1")]
    for page in pages:
        fields = [("WARC-Target-URI", page.url), ("WARC-Date", second(page.at))]
        plain.append(
            record(
                [
                    ("WARC-Type", "request"),
                    *fields,
                    ("WARC-Record-ID", page.id("request")),
                    ("Content-Type", "application/http; msgtype=request"),
                ],
                page.request,
                "WARC/1.1",
            )
        )
        plain.append(
            record(
                [
                    ("WARC-Type", "response"),
                    *fields,
                    ("WARC-Record-ID", page.id("response")),
                    ("WARC-Concurrent-To", page.id("request")),
                    ("WARC-Payload-Digest", sha1(page.entity)),
                    ("WARC-Block-Digest", sha1(page.raw)),
                    ("Content-Type", "application/http; msgtype=response"),
                ],
                page.raw,
                "WARC/1.1",
            )
        )
    return plain


def zstandard_files(plain: Sequence[bytes]) -> dict[str, bytes]:
    """The same records in every way that the warc-zstd specification allows, and one it does not (a single frame)."""
    dictionary = zstandard.train_dictionary(4096, [*plain] * 3)
    without, using = (
        zstandard.ZstdCompressor(write_checksum=True),
        zstandard.ZstdCompressor(dict_data=dictionary, write_checksum=True),
    )
    framed = b"".join(map(using.compress, plain))
    extension = b"\x50\x2a\x4d\x18" + (5).to_bytes(4, "little") + b"later"
    return {
        "frames": b"".join(map(without.compress, plain)),
        "dictionary": _skippable(dictionary.as_bytes()) + framed,
        "compressed dictionary": _skippable(without.compress(dictionary.as_bytes())) + framed,
        "extension frames": b"".join(without.compress(one) + extension * (n % 2) for n, one in enumerate(plain)),
        "records of several frames": _skippable(dictionary.as_bytes())
        + b"".join(
            using.compress(one[: len(one) // 2]) + using.compress(b"") + using.compress(one[len(one) // 2 :])
            for one in plain
        ),
        "a later record of several frames": b"".join(map(without.compress, plain[:4]))
        + b"".join(without.compress(one[:300]) + without.compress(one[300:]) for one in plain[4:]),
        "one frame": without.compress(b"".join(plain)),
    }


def _skippable(data: bytes) -> bytes:
    return b"\x5d\x2a\x4d\x18" + len(data).to_bytes(4, "little") + data
