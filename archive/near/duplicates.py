"""Near-duplicates: reposts of one story on several sites, found by MinHash, never removed."""

from __future__ import annotations

import heapq
import json
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from archive.near.signatures import bands, method, resemblance, sign
from archive.sqlite import step

if TYPE_CHECKING:
    from sqlite_utils import Database

SIMILAR = (
    0.6  # estimated Jaccard similarity of shingles; reposts measured at .9 and above, a tenth of words edited at .65
)
MOST = 100  # texts of a band that are compared, the earliest ones: thousands of notices made of one form cost no more
_BATCH = 100  # stories between two looks at the clock


class _Key(NamedTuple):
    """When a text was first seen, and where: texts are ordered by it."""

    first_seen: str
    url: str

    @property
    def since(self) -> int:
        """Its second as a number of the same order, for the index."""
        return int("".join(filter(str.isdigit, self.first_seen[:19])).ljust(14, "0"))


@dataclass(slots=True)
class _Text:
    """What all stories of the same signature share; `article` is the earliest of them, and `key` its key."""

    id: int
    signature: bytes
    article: int
    key: _Key
    bands: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.bands = bands(self.signature)


class NearDuplicates:
    """`articles.near_duplicate_of`, kept true while articles come and change.

    A story points to the earliest story it resembles, by first capture and then by address. That depends on nothing but
    the texts as they stand, so an archive that is rebuilt has the same pointers. Triggers put every article that is
    new,
    or whose body or first capture has changed, into `near_queue`.
    """

    def __init__(self, db: Database) -> None:
        self.db = db

    def signed(self, article: int, signature: bytes | None) -> None:
        """Keep the signature that was made of a story's body as it stands, so that `update` need not make it."""
        if signature is not None:
            self.db.conn.execute("update near_queue set signature = ? where article = ?", [signature, article])

    def update(self, enough: Callable[[], bool] = lambda: False) -> int:
        """Look at every story that is new or has changed since the last call; how many there were.

        Works in batches, so that memory does not grow with the archive, and ends between two of them when `enough`
        says so: the rest is found again by the next call. Does nothing where the extra `duplicates` is not installed.
        """
        made_by = method()
        if made_by is None:
            return 0
        self._agree_on(made_by)
        done = 0
        while (ids := self._queued()) and not enough():
            with step(self.db, "near"):
                _Batch(self.db, ids).run()
            done += len(ids)
        return done

    def _queued(self) -> list[int]:
        return [
            row[0] for row in self.db.conn.execute("select article from near_queue order by article limit ?", [_BATCH])
        ]

    def _agree_on(self, made_by: str) -> None:
        """Begin anew where the signatures there are were made in another way: they cannot be compared with those of
        this one."""
        connection = self.db.conn
        row = connection.execute("select method from near_method").fetchone()
        if row is None:
            connection.execute("insert into near_method values (?)", [made_by])
        elif row[0] != made_by:
            for change in (
                "delete from near_texts",
                "delete from near_bands",
                "update near_signatures set text = null",
                "insert or replace into near_queue (article) select id from articles",
            ):
                connection.execute(change)
            connection.execute("update near_method set method = ?", [made_by])


class _Batch:
    """Some stories looked at together: their texts are put into the index, then pointers set wherever that makes a
    difference."""

    def __init__(self, db: Database, ids: list[int]) -> None:
        self._connection, self._ids = db.conn, ids
        self._texts: dict[int, _Text] = {}
        self._moved: set[int] = set()  # texts that are new, or have another key: to be put into the index
        self._touched: dict[int, int] = {}  # by band: the earliest second at which it has lost or got a text
        self._shared: set[int] = set()  # those of them that hold more than one text
        self._ended: set[int] = set()  # texts that no story has any more

    def run(self) -> None:
        rows = self._connection.execute(
            "select q.article, a.first_seen, a.url, q.signature, case when q.signature is null then a.body end, n.text"
            " from near_queue q left join articles a on a.id = q.article left join near_signatures n on n.article ="
            " q.article where q.article between ? and ?",
            [self._ids[0], self._ids[-1]],
        ).fetchall()
        for article, *_, old in rows:
            if old is not None:
                self._leave(old, article)
        arrived = [
            (_Key(first_seen, url), article, signature or sign(body))
            for article, first_seen, url, signature, body, _ in rows
            if url is not None
        ]
        joined = {
            article: self._join(article, key, signature) for key, article, signature in sorted(arrived) if signature
        }
        self._connection.executemany(
            "insert into near_signatures (article, text, first_seen) values (?, ?, ?)"
            " on conflict (article) do update set text = excluded.text, first_seen = excluded.first_seen",
            [(article, joined.get(article), key.first_seen) for key, article, _ in arrived],
        )
        self._connection.executemany(
            "delete from near_signatures where article = ?", [(row[0],) for row in rows if row[2] is None]
        )
        self._connection.execute("delete from near_queue where article between ? and ?", [self._ids[0], self._ids[-1]])
        self._index()
        self._point(set(joined.values()), self._affected())

    # -- which texts there are

    def _leave(self, id_: int, article: int) -> None:
        """The article has that text no longer; where it was the earliest to have it, another one is now."""
        connection = self._connection
        connection.execute("update near_signatures set text = null where article = ?", [article])
        if id_ in self._ended or (text := self._load([id_])[0]).article != article:
            return
        self._unindex(text)
        heir = connection.execute(
            "select n.article, n.first_seen, a.url from near_signatures n join articles a on a.id = n.article"
            " where n.text = ? order by n.first_seen, a.url limit 1",
            [id_],
        ).fetchone()
        if heir:
            self._rekey(text, heir[0], _Key(*heir[1:]))
        else:
            connection.execute("delete from near_texts where id = ?", [id_])
            # of articles that are deleted
            connection.execute("update near_signatures set text = null where text = ?", [id_])
            self._ended.add(id_)
            self._moved.discard(id_)
            del self._texts[id_]

    def _join(self, article: int, key: _Key, signature: bytes) -> int:
        """Id of the text with that signature, which the article has now."""
        row = self._connection.execute("select id from near_texts where signature = ?", [signature]).fetchone()
        if row is None:
            id_ = self._connection.execute(
                "insert into near_texts (signature, article, first_seen) values (?, ?, ?)",
                [signature, article, key.first_seen],
            ).lastrowid
            text = self._texts[id_ or 0] = _Text(id_ or 0, signature, article, key)
            self._moved.add(text.id)
            self._touch(text)
            return text.id
        text = self._load([row[0]])[0]
        if key < text.key:
            self._unindex(text)
            self._rekey(text, article, key)
            self._touch(text)
        return text.id

    def _rekey(self, text: _Text, article: int, key: _Key) -> None:
        text.article, text.key = article, key
        self._connection.execute(
            "update near_texts set article = ?, first_seen = ? where id = ?", [article, key.first_seen, text.id]
        )
        self._moved.add(text.id)

    def _unindex(self, text: _Text) -> None:
        self._touch(text)
        if text.id not in self._moved:
            self._connection.executemany(
                "delete from near_bands where band = ? and since = ? and text = ?", _rows(text)
            )

    def _touch(self, text: _Text) -> None:
        since = text.key.since
        for band in text.bands:
            if self._touched.get(band, since) >= since:
                self._touched[band] = since

    def _load(self, ids: Collection[int]) -> list[_Text]:
        """Texts by their ids; one whose article is deleted has an empty address until that article's turn comes."""
        missing = [id_ for id_ in ids if id_ not in self._texts]
        if missing:
            for id_, signature, article, first_seen, url in self._connection.execute(
                "select t.id, t.signature, t.article, t.first_seen, coalesce(a.url, '') from near_texts t left join"
                " articles a on a.id = t.article where t.id in (select value from json_each(?))",
                [json.dumps(missing)],
            ):
                self._texts[id_] = _Text(id_, signature, article, _Key(first_seen, url))
        return [self._texts[id_] for id_ in ids]

    # -- which texts may resemble each other

    def _index(self) -> None:
        found = self._connection.execute(
            "select j.value from json_each(?) j where exists (select 1 from near_bands b where b.band = j.value)",
            [json.dumps([*self._touched])],
        )
        self._shared = {row[0] for row in found}
        rows = sorted(row for text in self._load(self._moved) for row in _rows(text))
        self._shared |= {one[0] for one, two in pairwise(rows) if one[0] == two[0]}
        self._connection.executemany("insert into near_bands (band, since, text) values (?, ?, ?)", rows)

    def _affected(self) -> set[int]:
        """Texts that may resemble another one earliest than they did: besides those that moved, later ones of the bands
        that were touched among their first MOST."""
        bands_ = [(band, self._touched[band]) for band in self._shared]
        found = self._connection.execute(
            "select b.text from json_each(?) j cross join near_bands b on b.band = json_extract(j.value, '$[0]') and"
            " b.since >= json_extract(j.value, '$[1]') where (select count(*) from (select 1 from near_bands e where"
            " e.band = json_extract(j.value, '$[0]') and e.since < json_extract(j.value, '$[1]') limit ?)) < ?",
            [json.dumps(bands_), MOST, MOST],
        )
        return self._moved | {row[0] for row in found}

    def _candidates(self, texts: list[_Text]) -> dict[int, list[tuple[_Key, int]]]:
        """By band, of those texts: the earliest MOST texts in it, in their order."""
        wanted = {band for text in texts for band in text.bands if band in self._shared or band not in self._touched}
        found: dict[int, list[int]] = defaultdict(list)
        for band, text in self._connection.execute(
            "select j.value, b.text from json_each(?) j cross join near_bands b on b.band = j.value and b.since <="
            " coalesce((select e.since from near_bands e where e.band = j.value order by e.since limit 1 offset ?),"
            " 99999999999999)",
            [json.dumps([*wanted]), MOST - 1],
        ):
            found[band].append(text)
        self._load({id_ for ids in found.values() for id_ in ids})
        return {band: sorted((self._texts[id_].key, id_) for id_ in ids)[:MOST] for band, ids in found.items()}

    # -- what points where

    def _point(self, joined: set[int], affected: set[int]) -> None:
        """Set the pointers of all stories of `affected` texts, and of those of this batch, whose texts are `joined` or
        none."""
        targets: dict[int | None, int | None] = {None: None}
        ids = sorted(affected | joined)
        for at in range(0, len(ids), _BATCH):
            texts = self._load(ids[at : at + _BATCH])
            candidates = self._candidates(texts)
            targets |= {text.id: self._original(text, candidates) for text in texts if text.key.url}
        found = self._connection.execute(
            "select article, text, original from near_signatures where article between ? and ?"
            " union select article, text, original from near_signatures where text in (select value from json_each(?))",
            [self._ids[0], self._ids[-1], json.dumps(sorted(affected))],
        )
        changes = [
            (None if targets[text] == article else targets[text], article)
            for article, text, original in found
            if text in targets and original != (None if targets[text] == article else targets[text])
        ]
        self._connection.executemany("update articles set near_duplicate_of = ? where id = ?", changes)
        self._connection.executemany("update near_signatures set original = ? where article = ?", changes)

    def _original(self, text: _Text, candidates: dict[int, list[tuple[_Key, int]]]) -> int:
        """The earliest article that this text resembles: the earliest of its own where there is no earlier one."""
        of_its_bands = [candidates[band] for band in text.bands if band in candidates]
        last = None
        for key, id_ in heapq.merge(*of_its_bands):
            if key >= text.key:
                break
            if id_ != last and key.url and resemblance(text.signature, self._texts[id_].signature) >= SIMILAR:
                return self._texts[id_].article
            last = id_
        return text.article


def _rows(text: _Text) -> list[tuple[int, int, int]]:
    """Those of `near_bands`."""
    since = text.key.since
    return [(band, since, text.id) for band in text.bands]
