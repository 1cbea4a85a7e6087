"""Records found in WARC files held against each other and against the rows of news.db, in a database on disk that is
thrown away."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from urllib.parse import quote

from archive.capture import Capture
from archive.warc import date
from archive.warc.captured import capture_of, is_bare, made_id
from archive.warc.layout import GUESTS
from archive.warc.scan import Found
from archive.warc.stated import usual
from archive.warc.verify import Finding

_COLUMNS = [field.name for field in fields(Capture)]
_COMPARED = [name for name in _COLUMNS if name not in ("warc", "offset")]
_INSERT = (
    f"insert or ignore into found ({', '.join(_COLUMNS)}, spare_id) values"
    f" ({', '.join(':' + name for name in _COLUMNS)}, :spare_id)"
)


class CrossCheck:
    """Fed with every record of a walk; then asked what does not fit."""

    def __init__(self, database: Path | None) -> None:
        """`database` is read only. Memory stays flat: the tables live in a file without name."""
        self._db = sqlite3.connect("", uri=True)
        self._db.execute("pragma synchronous = off")
        types = {"offset": " integer", "length": " integer", "status": " integer", "run": " integer"}
        # columns have the types of news.db's: an index serves only comparisons of like with like
        columns = ", ".join(name + types.get(name, " text") for name in _COLUMNS)
        self._db.execute(f"create table found ({columns}, spare_id text, primary key (warc, offset)) without rowid")
        self._db.execute(
            "create table links (warc text, offset integer, pair integer, target text, url text, date text, digest"
            " text)"
        )
        self._db.execute("create table files (warc text primary key, live integer) without rowid")
        self._rows = database is not None
        self._last = 0
        if database is not None:
            self._db.execute("attach ? as news", [f"file:{quote(str(database.absolute()))}?mode=ro"])
            # a crawl may be writing: rows of records that come after this moment are not asked for
            self._last = self._db.execute("select coalesce(max(id), 0) from news.captures").fetchone()[0]

    def file(self, warc: str, *, live: bool) -> None:
        """A file that is there; `live` if a crawl is writing it, so that its last records may lack their rows."""
        self._db.execute("insert or ignore into files values (?, ?)", [warc, live])

    def add(self, warc: str, found: Found) -> None:
        """A whole record."""
        record = found.record
        if record.is_capture:
            capture = capture_of(record, warc, found.offset, found.length)
            row = {name: getattr(capture, name) for name in _COLUMNS} | {"spare_id": None}
            if warc.startswith(f"{GUESTS}/"):
                row |= {
                    "site": None,
                    "kind": None,
                    "refers_to": None,
                    "spare_id": made_id(record),
                }  # these are found out by `ingest`
                if record.type == "revisit":  # as they are of what it repeats
                    row |= {"payload_digest": None} | ({"status": None, "mime": None} if is_bare(record) else {})
        else:
            row = dict.fromkeys([*_COLUMNS, "spare_id"]) | {
                "warc": warc,
                "offset": found.offset,
                "length": found.length,
                "record_type": record.type,
                "record_id": record.record_id,
            }
        self._db.execute(_INSERT, row)
        links: list[tuple[str | bool | None, ...]] = [
            (True, target, None, None, None) for target in record.all("WARC-Concurrent-To")
        ]
        if record.type == "revisit" and record.field("WARC-Refers-To"):
            named = (
                record.field("WARC-Refers-To-Target-URI"),
                date.spelt(record.field("WARC-Refers-To-Date")),
                usual(record.field("WARC-Payload-Digest")),
            )
            links.append((False, record.field("WARC-Refers-To") or "", *named))
        self._db.executemany(
            "insert into links values (?, ?, ?, ?, ?, ?, ?)", [(warc, found.offset, *link) for link in links]
        )

    def among_records(self) -> Iterator[Finding]:
        """Ids used twice, pairs torn apart, revisits that lead nowhere or astray. Only after a walk over everything."""
        self._db.execute("create index found_id on found(record_id)")
        for warc, offset, id_ in self._db.execute(
            "select warc, offset, record_id from found f where record_id != '' and exists (select 1 from found e"
            " where e.record_id = f.record_id and (e.warc, e.offset) < (f.warc, f.offset)) order by warc, offset"
        ):
            yield Finding(kind="duplicate", text=f"{id_} is the id of an earlier record too", file=warc, offset=offset)
        # the last record of a file may have lost its request: a response without it is whole
        for warc, offset, id_ in self._db.execute(
            "select warc, offset, target from links l where pair and not exists (select 1 from found where record_id ="
            " l.target) and exists (select 1 from found where warc = l.warc and offset > l.offset) order by warc,"
            " offset"
        ):
            yield Finding(
                kind="pair", text=f"WARC-Concurrent-To names {id_}, which is nowhere", file=warc, offset=offset
            )
        for warc, offset, id_, type_, *same in self._db.execute(
            "select l.warc, l.offset, l.target, f.record_type, l.url is null or l.url = f.url, l.date is null or l.date"
            " = f.fetched_at, l.digest is null or f.payload_digest is null or l.digest = f.payload_digest from links l"
            " left join found f on f.record_id = l.target where not pair order by 1, 2"
        ):
            if type_ is None:
                yield Finding(kind="revisit", text=f"repeats {id_}, which is nowhere", file=warc, offset=offset)
            elif type_ not in ("response", "resource"):
                yield Finding(
                    kind="revisit", text=f"repeats {id_}, which is a {type_} record", file=warc, offset=offset
                )
            elif not all(same):
                wrong = ", ".join(
                    name for name, good in zip(("address", "date", "digest"), same, strict=True) if not good
                )
                yield Finding(kind="revisit", text=f"repeats {id_}, whose {wrong} is another", file=warc, offset=offset)

    def rows_without_file(self) -> Iterator[Finding]:
        """Files that rows point into and that are not there."""
        if self._rows:
            for warc, count in self._db.execute(
                "select warc, count(*) from news.captures where id <= ? and warc not in (select warc from files) group"
                " by warc",
                [self._last],
            ):
                other = self._db.execute(
                    "select f.warc from news.captures c join found f on f.record_id = c.record_id where c.warc = ?"
                    " limit 1",
                    [warc],
                ).fetchone()
                moved = f"; its records stand in {other[0]}: give that file this name again" if other else ""
                yield Finding(kind="row", text=f"the file is missing; {count} rows point into it{moved}", file=warc)

    def rows_without_record(self, *, only_found: bool = False) -> Iterator[Finding]:
        """Rows whose record is not there, or says something else; `only_found` when the walk was not over
        everything."""
        if not self._rows:
            return
        differs = ", ".join(
            f"f.{name} is not null and f.{name} is not c.{name}"
            + (" and f.spare_id is not c.record_id" if name == "record_id" else "")
            for name in _COMPARED
        )
        for warc, offset, length, id_, url, there, *wrong in self._db.execute(
            f"select c.warc, c.offset, c.length, c.id, c.url, f.warc, {differs} from news.captures c join files using"
            f" (warc) {'' if only_found else 'left'} join found f on f.warc = c.warc and f.offset = c.offset where c.id"
            " <= ? order by 1, 2",
            [self._last],
        ):
            names = [name for name, bad in zip(_COMPARED, wrong, strict=True) if bad]
            if there is None:
                yield Finding(
                    kind="row",
                    text=f"row {id_} ({url}) points here, but no whole record begins here",
                    file=warc,
                    offset=offset,
                    length=length,
                )
            elif names:
                yield Finding(
                    kind="row",
                    text=f"row {id_} ({url}) differs from its record in {', '.join(names)}",
                    file=warc,
                    offset=offset,
                )

    def records_without_row(self) -> Iterator[Finding]:
        """Responses and revisits that have no row; those a crawl is just writing, and those of other tools, are not
        asked for."""
        if self._rows:
            for warc, offset, length, url in self._db.execute(
                "select f.warc, f.offset, f.length, f.url from found f join files on files.warc = f.warc and not live"
                # `ingest` leaves out what it is told to
                f" where record_type in ('response', 'revisit') and f.warc not like '{GUESTS}/%' and not exists (select"
                " 1 from news.captures c where c.warc = f.warc and c.offset = f.offset) order by 1, 2"
            ):
                yield Finding(
                    kind="orphan", text=f"a record of {url} that has no row", file=warc, offset=offset, length=length
                )

    def close(self) -> None:
        """Throw it away."""
        self._db.close()
