"""A synthetic archive of any size: the real schema, Chinese and English stories with words as frequent as in real text.

The same size and seed give the same rows. `python -m tests.benchmarks.corpus OUT [ARTICLES]` writes one.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlite_utils import Database

from archive.search.index import ArticleIndex
from archive.store.db import open_writer

_CHARACTERS = 3500  # in common use
_WORDS = 30_000
_STREAM = 400_000  # words from which stories are cut
_BATCH = 500
SITES = 40
TERMS = ("招生", "学院", "人工智能", "奖学金", "毕业典礼", "科学技术大学", "Nobel", "research", "MIT", "5G网络")
_RATES = (0.18, 0.30, 0.05, 0.02, 0.004, 0.01, 0.003, 0.12, 0.01, 0.002)  # of stories that have the term


def make(path: Path, articles: int, *, seed: int = 1) -> Database:
    """A new archive database with that many articles, open for writing."""
    db = open_writer(path)
    index = ArticleIndex(db)
    db.conn.execute("begin")
    db.conn.executemany(
        "insert into sites (id, name, college, state) values (?, ?, ?, 'live')",
        [(f"college_{n}", f"News {n}", f"第{n}大学") for n in range(SITES)],
    )
    db.conn.execute("commit")
    rows = _rows(articles, Random(seed))
    while batch := [row for row, _ in zip(rows, range(_BATCH), strict=False)]:
        db.conn.execute("begin")
        db.conn.executemany(
            f"insert into articles ({', '.join(batch[0])}) values ({', '.join('?' * len(batch[0]))})",
            [list(row.values()) for row in batch],
        )
        index.add(row["id"] for row in batch)
        db.conn.execute("commit")
    return db


def _rows(articles: int, random: Random) -> Iterator[dict[str, Any]]:
    chinese, english = _stream(random, _chinese_word, ""), _stream(random, _english_word, " ")
    day = date(2005, 1, 1)
    for n in range(1, articles + 1):
        zh = random.random() < 0.8
        stream, joint = (chinese, "") if zh else (english, " ")
        words = _cut(stream, random, random.randrange(120, 380) if zh else random.randrange(150, 400))
        for term, rate in zip(TERMS, _RATES, strict=True):
            if random.random() < rate:
                words[random.randrange(len(words))] = term
        title = joint.join(_cut(stream, random, 8))
        size = len(words) // 5 + 1
        paragraphs = [joint.join(words[at : at + size]) + ("。" if zh else ".") for at in range(0, len(words), size)]
        published = (day + timedelta(days=random.randrange(7000))).isoformat()
        yield {
            "id": n,
            "url": f"https://news{n % SITES}.example.edu/{published[:4]}/{n}.htm",
            "site": f"college_{n % SITES}",
            "kind": "article",
            "title": title,
            "subtitle": "",
            "published": published,
            "published_precision": "day",
            "updated": None,
            "byline": "",
            "authors": json.dumps([f"Author {n % 997}"]),
            "editors": "[]",
            "photographers": "[]",
            "source": f"Office {n % 61}",
            "section": f"Section {n % 7}",
            "language": "zh" if zh else "en",
            "body": "\n\n".join(paragraphs),
            "body_html": "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs),
            "lead_image": None,
            "word_count": len(words),
            "state": "gone" if n % 50 == 0 else "live",
            "first_seen": f"{published}T00:00:00Z",
            "last_seen": f"{published}T00:00:00Z",
            "confidence": 1.0,
        }


def _stream(random: Random, word: Any, joint: str) -> list[str]:
    """Words of a language in Zipf's proportions."""
    words = [word(random) for _ in range(_WORDS)]
    return random.choices(words, [1 / rank for rank in range(3, _WORDS + 3)], k=_STREAM)


def _chinese_word(random: Random) -> str:
    return "".join(
        chr(0x4E00 + int(random.paretovariate(0.6) * 20) % _CHARACTERS)
        for _ in range(random.choice((1, 2, 2, 2, 3, 4)))
    )


def _english_word(random: Random) -> str:
    return "".join(random.choice("bcdfghklmnprstvw") + random.choice("aeiou") for _ in range(random.randrange(1, 5)))


def _cut(stream: list[str], random: Random, size: int) -> list[str]:
    start = random.randrange(len(stream) - size)
    return stream[start : start + size]


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 200_000).conn.close()
