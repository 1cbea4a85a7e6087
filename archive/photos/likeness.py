"""The same photo in several stories, also scaled and compressed again: PDQ hashes of the archived pictures.

They lie in pictures.db beside news.db, made from the archive alone: a crawl adds nothing to it, and it may be deleted.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from archive.guarded import is_damaged
from archive.identity import identifier
from archive.photos.thumbnails import opened
from archive.replay.entity import Unreadable, load
from archive.sqlite import connect, damaged

if TYPE_CHECKING:
    from sqlite_utils import Database

NAME = "pictures.db"
ALIKE = 31  # of 256 bits may differ, as PDQ's authors advise (facebook/ThreatExchange, hashing.pdf)
PLAIN = 50  # quality under which, they say, a picture has too little in it to be known again
SMALL = 64  # pixels of a side: icons and ornaments
_SIDE = 512  # PDQ looks at 64: a larger one is decoded no larger than that
_BATCH = 200
_TABLES = """
create table if not exists hashes (digest text primary key, hash blob, quality integer not null) without rowid;
create table if not exists files (url text not null, digest text not null, primary key (url, digest)) without rowid;
create index if not exists files_digest on files(digest);
create table if not exists pairs (one text not null, other text not null, distance integer not null,
  primary key (one, other)) without rowid;
create index if not exists pairs_other on pairs(other);
"""
_PICTURES = """
select distinct i.url, c.payload_digest, c.id from images i cross join captures c on c.url = i.url
where c.status = 200 and c.payload_digest is not null order by 3
"""
_STORIES = """
select a.id, i.url, i.caption, a.url, a.title, a.site, a.language, a.published, a.last_seen
from images i cross join articles a on a.id = i.article where i.url in (select value from json_each(?))
and exists (select 1 from captures c where c.url = i.url and c.status = 200)
"""


class CannotCompare(Exception):
    """What is missing, and how it is had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """A story with that photo."""

    picture: Annotated[str, "Address of the picture there"]
    caption: str
    url: Annotated[str, "Address of the story"]
    title: str
    site: str
    language: str | None
    published: str | None
    seen: Annotated[str, "When the story was last seen"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """One photo, and the stories that show it."""

    id: Annotated[str, "Made of the least digest among its files"]
    files: Annotated[int, "Different files of it: sizes, compressions"]
    stories: Annotated[list[Showing], "By time of publication as it is stated, undated last"]


@dataclass(slots=True)
class Done:
    """What an update did."""

    hashed: int = 0
    unreadable: int = 0
    plain: Annotated[int, "Too little in them, or too small, to be known again"] = 0


def update(db: Database, folder: Path, path: Path, *, told: Callable[[str], object] = lambda text: None) -> Done:
    """Hash the pictures that came since the last time, below the WARC files of `folder`, and compare them with all.

    Killed, it goes on where it was. Raises CannotCompare.
    """
    try:
        import numpy
        import pdqhash
        from PIL import Image  # noqa: F401
    except ModuleNotFoundError as missing:
        raise CannotCompare(f"{missing.name} is not installed: pip install 'campuswarc[pictures]'") from None
    done = Done()
    with closing(_writing(path, told)) as own:
        wanted: dict[str, int] = {}
        files: set[tuple[str, str]] = set()
        for url, digest, capture in db.execute(_PICTURES).fetchall():
            wanted.setdefault(digest, capture)
            files.add((url, digest))
        known = {row[0] for row in own.execute("select digest from hashes")}
        gone = json.dumps(sorted(known - wanted.keys()))  # withheld, or no picture of a story any more
        own.execute("begin immediate")
        for table, column in (("hashes", "digest"), ("pairs", "one"), ("pairs", "other")):
            own.execute(f"delete from {table} where {column} in (select value from json_each(?))", [gone])
        own.execute("delete from files")
        own.executemany("insert into files values (?, ?)", sorted(files))
        own.execute("commit")
        new = sorted(wanted.keys() - known)
        names, bits = _held(own, numpy)
        for begin in range(0, len(new), _BATCH):
            rows: list[tuple[str, bytes | None, int]] = []
            for digest in new[begin : begin + _BATCH]:
                [row] = db.query("select * from captures where id = ?", [wanted[digest]])
                try:
                    image = opened(load(db, folder, row).body, (_SIDE, _SIDE))
                except Unreadable:
                    image = None
                rows.append((digest, *_hash(image, numpy, pdqhash)))
            fresh = [row for row in rows if row[1] is not None]
            if fresh:
                names += [row[0] for row in fresh]
                added = numpy.frombuffer(b"".join(row[1] or b"" for row in fresh), dtype="<u8").reshape(-1, 4)
                bits = numpy.concatenate([bits, added])
            own.execute("begin immediate")
            own.executemany("insert or replace into hashes values (?, ?, ?)", rows)
            own.executemany("insert or ignore into pairs values (?, ?, ?)", _alike(names, bits, len(fresh), numpy))
            own.execute("commit")
            done.hashed += len(fresh)
            done.unreadable += sum(row[2] < 0 for row in rows)
            done.plain += sum(row[1] is None and row[2] >= 0 for row in rows)
            if len(new) > _BATCH:
                told(f"pictures: {min(begin + _BATCH, len(new))} of {len(new)}")
    return done


def photos(db: Database, path: Path, *, among: Collection[int] | None = None) -> list[Photo]:
    """Photos that several stories show, those of most stories first; with `among` those with a story of these rows."""
    with _reading(path) as own:
        groups = _groups(own)
        files = own.execute("select url, digest from files").fetchall()
    return _photos(db, [(url, digest, groups[digest]) for url, digest in files if digest in groups], among)


def beside(db: Database, path: Path, story: int) -> list[Photo]:
    """The photos of one story that others show too; none where nobody has had them compared, or that is damaged."""
    groups: dict[str, str] = {}
    files: list[tuple[str, str]] = []
    if not path.exists():
        return []
    urls = [row[0] for row in db.execute("select url from images where article = ?", [story]).fetchall()]
    with suppress(CannotCompare), _reading(path) as own:
        for (digest,) in own.execute(
            "select distinct digest from files where url in (select value from json_each(?)) order by 1",
            [json.dumps(urls)],
        ).fetchall():
            if digest not in groups:
                near = _reached(own, digest)
                groups |= dict.fromkeys(near, min(near, default=""))
        files = own.execute(
            "select url, digest from files where digest in (select value from json_each(?))", [json.dumps([*groups])]
        ).fetchall()
    return _photos(db, [(url, digest, groups[digest]) for url, digest in files], None)


def _photos(db: Database, files: list[tuple[str, str, str]], among: Collection[int] | None) -> list[Photo]:
    """Of addresses, what lay there, and which photo that is, the photos that several stories show."""
    of_url: defaultdict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for url, digest, group in files:
        of_url[url][group].add(digest)
    shown: defaultdict[str, dict[str, Showing]] = defaultdict(dict)
    kept: defaultdict[str, set[str]] = defaultdict(set)
    hit: set[str] = set()
    for row, *facts in db.execute(_STORIES, [json.dumps([*of_url])]).fetchall():
        one = Showing(**dict(zip(Showing.__slots__, facts, strict=True)))
        for group, digests in of_url[one.picture].items():
            shown[group].setdefault(one.url, one)
            kept[group] |= digests
            if among is not None and row in among:
                hit.add(group)
    found = [
        Photo(id=identifier(group), files=len(kept[group]), stories=sorted(stories.values(), key=_in_time))
        for group, stories in shown.items()
        if len(stories) > 1 and (among is None or group in hit)
    ]
    return sorted(found, key=lambda photo: (-len(photo.stories), photo.id))


def _in_time(one: Showing) -> tuple[bool, str, str]:
    return one.published is None, one.published or "", one.url


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Raises CannotCompare where it is damaged."""
    try:
        with closing(connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=5)) as own:
            yield own
    except sqlite3.DatabaseError as problem:
        raise CannotCompare(f"{path.name}: {problem}; `campuswarc pictures` makes it again") from problem


def _writing(path: Path, told: Callable[[str], object]) -> sqlite3.Connection:
    """Made anew where it is damaged: all that it holds comes from the archive."""
    try:
        return _sound(path)
    except sqlite3.DatabaseError as problem:
        if not is_damaged(problem):
            raise
        told(f"{path.name} was damaged ({problem}): it is made again")
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    return _sound(path)


def _sound(path: Path) -> sqlite3.Connection:
    own = connect(path, timeout=30, isolation_level=None)
    try:
        own.executescript(_TABLES)
        if (said := own.execute("pragma quick_check(1)").fetchone()[0]) != "ok":
            raise damaged(said)
    except BaseException:
        own.close()
        raise
    return own


def _reached(own: sqlite3.Connection, digest: str) -> set[str]:
    """The file and all that are alike, and alike to these; nothing where it has too little in it."""
    if own.execute("select 1 from hashes where digest = ? and hash is not null", [digest]).fetchone() is None:
        return set()
    found, waiting = {digest}, [digest]
    for one in waiting:
        rows = own.execute(
            "select other from pairs where one = ? union select one from pairs where other = ?", [one] * 2
        )
        fresh = {row[0] for row in rows} - found
        found |= fresh
        waiting += sorted(fresh)
    return found


def _groups(own: sqlite3.Connection) -> dict[str, str]:
    """Of each file the least of those that are alike, however far round: the same whatever came first."""
    root = {row[0]: row[0] for row in own.execute("select digest from hashes where hash is not null")}

    def top(digest: str) -> str:
        while root[digest] != digest:
            root[digest] = root[root[digest]]
            digest = root[digest]
        return digest

    for one, other in own.execute("select one, other from pairs"):
        a, b = sorted((top(one), top(other)))
        root[b] = a
    return {digest: top(digest) for digest in root}


def _held(own: sqlite3.Connection, numpy: Any) -> tuple[list[str], Any]:
    rows = own.execute("select digest, hash from hashes where hash is not null order by digest").fetchall()
    bits = numpy.frombuffer(b"".join(hash_ for _, hash_ in rows), dtype="<u8").reshape(-1, 4)
    return [digest for digest, _ in rows], bits


def _hash(image: Any, numpy: Any, pdqhash: Any) -> tuple[bytes | None, int]:
    """Its hash and quality; no hash where it is too plain or small; a quality of -1 where it cannot be decoded."""
    if image is None:
        return None, -1
    if min(image.size) < SMALL:
        return None, 0
    image.thumbnail((_SIDE, _SIDE))
    vector, quality = pdqhash.compute(numpy.asarray(image.convert("RGB")))
    return (numpy.packbits(vector).tobytes() if quality >= PLAIN else None), int(quality)


def _alike(names: list[str], bits: Any, new: int, numpy: Any) -> Iterator[tuple[str, str, int]]:
    """Pairs of the last `new` with one another and with those before them."""
    for place in range(len(names) - new, len(names)):
        distances = numpy.bitwise_count(bits[:place] ^ bits[place]).sum(axis=1)
        for other in numpy.flatnonzero(distances <= ALIKE):
            one, two = sorted((names[place], names[int(other)]))
            yield one, two, int(distances[other])
