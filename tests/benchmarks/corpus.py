"""An archive database of any size, with the rows that a crawl makes: every table that one fills, in its proportions.

Articles have versions, captures, frontier rows, pictures, documents, signatures; sites have listings, tallies and runs.
There are no WARC files: what is measured over it reads rows. `test_corpus` holds it against a crawl. The same size and
seed give the same rows. `python -m tests.benchmarks.corpus FOLDER [ARTICLES [SITES]]` makes an archive folder.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlite_utils import Database

from archive.identity import identifier
from archive.instants import iso
from archive.near.signatures import PERMUTATIONS, bands, method
from archive.packed_html import packed
from archive.search.index import ArticleIndex
from archive.store.db import open_writer
from archive.store.frontier import LOOK_AGAIN, PRIORITY
from crawler import __version__
from crawler.intake.site_rows import row_of
from spiders import catalogue
from tests.benchmarks.archive_folder import make as make_folder
from tests.benchmarks.corpus_texts import TERMS, Text, Texts

__all__ = ["SITES", "TERMS", "make", "sites_toml"]

SITES = 40
_BATCH = 500
_LISTINGS = 2  # of a site
_A_RUN = 2000  # stories
_EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
_DAY = date(2005, 1, 1)
_REPOSTS, _EDITED, _PICTURE, _DOCUMENT, _LINKS, _TRIED = 0.06, 0.03, 0.4, 0.2, 0.3, 0.01  # of stories


def sites_toml(sites: int = SITES) -> str:
    """The configuration of them."""
    return "".join(
        f'[college_{n}]\nname = "News {n}"\ncollege = "第{n}大学"\nfamily = "generic"\nlanguage = "zh"\n'
        f'timezone = "Asia/Shanghai"\nlistings = ["https://news{n}.example.edu/list.htm",'
        f' "https://news{n}.example.edu/notices.htm"]\n'
        for n in range(sites)
    )


def make(path: Path, articles: int, *, sites: int = SITES, seed: int = 1) -> Database:
    """A new archive database with that many articles, open for writing."""
    db = open_writer(path)
    corpus = _Corpus(db, sites, Random(seed))
    db.conn.execute("pragma synchronous = off")  # it can be made again
    db.conn.execute("pragma foreign_keys = off")  # rows of a batch come table by table
    for first in range(1, articles + 1, _BATCH):
        db.conn.execute("begin")
        corpus.grow(range(first, min(first + _BATCH, articles + 1)))
        db.conn.execute("commit")
    db.conn.execute("pragma synchronous = full")
    db.conn.execute("pragma foreign_keys = on")
    return db


class _Corpus:
    def __init__(self, db: Database, sites: int, random: Random) -> None:
        self.db, self._sites, self._random = db, sites, random
        self._texts, self._index = Texts(random), ArticleIndex(db)
        self._rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._ids: dict[str, int] = defaultdict(int)
        self._reposted: list[tuple[int, Text, int]] = []  # article, what it says, its text in near_texts
        db.conn.execute("begin")
        self._enrol()
        self._write()
        db.conn.execute("commit")

    def _add(self, table: str, **row: Any) -> int:
        self._ids[table] += 1
        self._rows[table].append(row)
        return self._ids[table]

    def _enrol(self) -> None:
        at = self._at(0)
        self._run(0, at)
        self.db.conn.execute("insert into near_method values (?)", [method() or ""])
        text = sites_toml(self._sites)
        self._add("entered", sha256=catalogue.digest(text.encode(), __version__))
        for site in catalogue.parse(text, "corpus").values():
            self._add("sites", **row_of(site), first_seen=at, state="active")
            home = site.listings[0].url.rpartition("/")[0]
            self._capture(f"{home}/robots.txt", site.id, "robots", at, mime="text/plain")
            for seed in site.listings:
                state = "ok" if self._random.random() < 0.98 else "failed"
                reason = None if state == "ok" else "timeout"
                self._add(
                    "listings", url=seed.url, site=site.id, section=seed.section, interval=site.interval, state=state,
                    reason=reason, last_tried=at, last_ok=at, last_new=at, empty_streak=0, complete=1, loops=0,
                    total_claimed=None if self._random.random() < 0.4 else 100, pages=1, dated=100, cut=0,
                )  # fmt: skip
                self._add("tallies", site=site.id, place=seed.url, run=1, listed=1)
                self._capture(seed.url, site.id, "listing", at)
                self._frontier(seed.url, site.id, "listing", at, listing=seed.url, looks=0)
                if self._random.random() < 0.2:
                    self._frontier(f"{seed.url}?2", site.id, "older", at, listing=seed.url, walk=at, looks=0)
            if self._random.random() < 0.02:
                self._add("failures", url=seed.url, site=site.id, run=1, kind="timeout", detail="no answer", at=at)

    def grow(self, numbers: Sequence[int]) -> None:
        """The stories of those numbers."""
        for n in numbers:
            self._story(n)
        self._write()
        self._index.add(numbers)
        self.db.conn.execute("delete from near_queue")  # whose work `near_*` has already

    def _story(self, n: int) -> None:
        random = self._random
        number = int(random.random() ** 2 * self._sites)  # some colleges write much
        site, home, at = f"college_{number}", f"https://news{number}.example.edu", self._at(n)
        original, text, signed = self._text(n)
        published = (_DAY + timedelta(days=int(7000 * random.random() ** 0.6))).isoformat()
        url = f"{home}/{published[:4]}/{n}.htm"
        gone = n % 50 == 0
        self._run(n, at)
        capture = self._capture(url, site, "article", at)
        pictures = [f"{home}/i/{n}.jpg"] if random.random() < _PICTURE else []
        version = self._version(n, 1, capture, at, text if random.random() < _EDITED else None)
        self._rows["articles"].append(
            {
                "id": n, "url": url, "site": site, "kind": "article", "title": text.title, "subtitle": "",
                "published": published, "published_precision": "day",
                "updated": published if random.random() < 0.3 else None,
                "byline": "", "authors": json.dumps([f"Author {n % 997}"]), "editors": "[]", "photographers": "[]",
                "source": f"Office {n % 61}", "section": f"Section {n % 7}", "language": text.language,
                "body": text.body, "body_html": packed(text.html, text.body),
                "lead_image": pictures[0] if pictures else None,
                "word_count": text.words, "state": "gone" if gone else "live", "first_seen": at, "last_seen": at,
                "current_version": version, "near_duplicate_of": original, "confidence": 1.0,
            }
        )  # fmt: skip
        self._rows["identifiers"].append({"identifier": identifier(url), "url": url})
        self._rows["near_signatures"].append({"article": n, "text": signed, "first_seen": at, "original": original})
        self._frontier(
            url, site, "article", at, listing=f"{home}/list.htm", hint=json.dumps({"title": text.title}), article=n,
            state="gone" if gone else "done", due=self._at(n + 86_400), priority=LOOK_AGAIN,
            gist=random.getrandbits(63), looks=1,
        )  # fmt: skip
        for picture in pictures:
            self._rows["images"].append({"article": n, "n": 0, "url": picture, "caption": ""})
            self._capture(picture, site, "requisite", at, mime="image/jpeg")
            self._frontier(picture, site, "requisite", at, looks=0)
        if random.random() < _DOCUMENT:
            document = f"{home}/f/{n}.pdf"
            kept = self._capture(document, site, "attachment", at, mime="application/pdf")
            self._rows["attachments"].append(
                {
                    "article": n, "n": 0, "url": document, "filename": f"{text.title}.pdf", "embedded": 0,
                    "mime": "application/pdf", "size": 20_000, "capture": kept,
                    "text": text.paragraphs[0] if random.random() < 0.75 else None,
                }
            )  # fmt: skip
            self._frontier(document, site, "attachment", at, looks=0)
        if random.random() < _LINKS:
            self._rows["links"].append({"article": n, "n": 0, "url": f"{home}/list.htm", "text": text.title[:8]})

    def _text(self, n: int) -> tuple[int | None, Text, int]:
        """What it says, the story it repeats if it does, and its row of near_texts."""
        random = self._random
        if self._reposted and random.random() < _REPOSTS:
            return random.choice(self._reposted)
        text, at = self._texts.next(), self._at(n)
        signature = random.randbytes(PERMUTATIONS)
        id_ = self._add("near_texts", id=self._ids["near_texts"] + 1, signature=signature, article=n, first_seen=at)
        since = int("".join(filter(str.isdigit, at[:19])))
        self._rows["near_bands"] += [{"band": band, "since": since, "text": id_} for band in bands(signature)]
        self._reposted = [*self._reposted[-400:], (n, text, id_)]
        return None, text, id_

    def _version(self, n: int, number: int, capture: int, at: str, before: Text | None) -> int:
        """Of an edited story the words it had are kept too."""
        for own in (before, None) if before else (None,):
            body = own and own.body.replace("学校", "学院")
            id_ = self._add(
                "version_rows", id=self._ids["version_rows"] + 1, article=n, n=number, capture=capture,
                content_digest=f"{self._random.getrandbits(256):064x}", title=own and own.title, extractor="2",
                body=body, body_html=own and body and packed(own.html, body), seen_from=at, seen_to=at,
            )  # fmt: skip
            number, at = number + 1, self._at(n + 600)
        return id_

    def _run(self, n: int, at: str) -> None:
        if n % _A_RUN == 0:
            counts = {f"college_{m}": {"pages": 4, "new": 1} for m in range(0, self._sites, 3)}
            self._add(
                "runs", id=self._ids["runs"] + 1, begun=at, ended=at, reason="finished", exit=0,
                counts=json.dumps(counts), whole=0, warc=_WARC, offset=n,
            )  # fmt: skip

    def _capture(self, url: str, site: str, kind: str, at: str, mime: str = "text/html") -> int:
        n = self._ids["captures"] + 1
        bits = self._random.getrandbits
        return self._add(
            "captures", id=n, url=url, site=site, kind=kind, fetched_at=at, status=200, mime=mime,
            record_type="response", record_id=f"<urn:uuid:{bits(128):032x}>", offset=n * 2500, length=2400,
            warc=_WARC.replace("00000", f"{n >> 15:05}"), payload_digest=f"sha1:{bits(160):032X}"[:37],
            run=self._ids["runs"],
        )  # fmt: skip

    def _frontier(self, url: str, site: str, kind: str, at: str, **more: Any) -> None:
        row = {"state": "done", "due": None, "priority": PRIORITY[kind], "hint": None, "article": None, "gist": None}
        self._add(
            "frontier", id=self._ids["frontier"] + 1, url=url, site=site, kind=kind, discovered_from=url,
            etag=f'"{self._random.getrandbits(64):016x}"', last_modified="Mon, 01 Jan 2024 00:00:00 GMT",
            first_seen=at, done_at=at, attempts=0, **({"listing": None, "walk": None} | row | more),
        )  # fmt: skip

    def _write(self) -> None:
        for table, rows in self._rows.items():
            if table == "near_bands":
                rows.sort(key=lambda row: row["band"])
            self.db.conn.executemany(
                f"insert into {table} ({', '.join(rows[0])}) values ({', '.join('?' * len(rows[0]))})",
                [list(row.values()) for row in rows],
            )
        self._rows.clear()

    @staticmethod
    def _at(n: int) -> str:
        return iso(_EPOCH + timedelta(seconds=30 * n))


_WARC = "2024/01/campuswarc-20240101000000000-00000-host.warc.gz"

if __name__ == "__main__":
    asked = [int(number) for number in sys.argv[2:]]
    stories, colleges = (*asked, *(100_000, 2000)[len(asked) :])
    folder = make_folder(Path(sys.argv[1]), sites_toml(colleges))
    (folder / "warc").mkdir(exist_ok=True)
    make(folder / "news.db", stories, sites=colleges).conn.close()
