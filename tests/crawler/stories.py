"""What an archive says of each story, whatever tool recorded it: the same for any two archives of the same pages."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from archive.packed_html import plain
from tests.crawler.box import Box

_ARTICLES = """
select a.*, (select group_concat(v.n || ' ' || v.content_digest, char(10)) from (select *
  from versions order by n) v where v.article = a.id) as versions,
 (select url from articles o where o.id = a.near_duplicate_of) as resembles
from articles a order by url
"""
_OF_THE_RECORDING = {
    "id",
    "first_seen",
    "last_seen",
    "current_version",
    "near_duplicate_of",
}  # row ids and the times of the visits
_BELOW = {
    "attachments": "url, filename, embedded, mime, size, text, capture is not null as captured",
    "images": "url, caption",
    "links": "url, text",
}


def stories(box: Box) -> dict[str, dict[str, Any]]:
    """Every column of every article by address, its bodies as digests, with its versions, documents, pictures and
    links."""
    found = {}
    for row in map(plain, box.rows(_ARTICLES)):
        told = {name: value for name, value in row.items() if name not in _OF_THE_RECORDING}
        for name in ("body", "body_html"):
            kept = row[name] or b""  # HTML is kept deflated
            told[name] = sha256(kept if isinstance(kept, bytes) else kept.encode()).hexdigest() if kept else ""
        for table, columns in _BELOW.items():
            told[table] = box.rows(f"select {columns} from {table} where article = ? order by n", row["id"])
        found[row["url"]] = told
    return found


def differing(ours: Box, other: Box) -> list[str]:
    """What differs between two archives, one line each; empty when both tell the same of every story."""
    left, right = stories(ours), stories(other)
    wrong = [f"only one has {url}" for url in sorted(left.keys() ^ right.keys())]
    for url in sorted(left.keys() & right.keys()):
        wrong += [
            f"{url}: {name}: {left[url][name]!r} / {right[url][name]!r}"
            for name in left[url]
            if left[url][name] != right[url][name]
        ]
    return wrong
