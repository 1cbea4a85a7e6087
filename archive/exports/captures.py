"""The records that a selection of articles was read from, and what is needed to show them again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from archive.exports.selection import Selection
from archive.warc.layout import member
from archive.warc.members import GZIP
from archive.warc.reader import DamagedRecord, find, read, records
from archive.warc.record import Record
from archive.warc.scan import Broken, read_at

# the first pages of the versions, their documents, their pictures, and what else was fetched for the sake of showing
# them
_TAKEN = """
select v.capture from temp.chosen join versions v on v.article = chosen.id {newest}
union select t.capture from temp.chosen join attachments t on t.article = chosen.id
union select c.id from temp.chosen join images i on i.article = chosen.id join captures c on c.url = i.url
  where c.status < 400
union select c.id from captures c where c.kind = 'requisite' and c.via in
  (select url from temp.chosen join articles using (id))
"""
_PARTS = (
    "union select p.capture from temp.chosen join versions v on v.article = chosen.id {newest} join parts p on"
    " p.version = v.id"
)
# what was chosen by itself, and what was fetched to show it
_WANTED = """
select id from temp.wanted
union select c.id from captures c where c.kind = 'requisite' and c.via in
  (select url from temp.wanted join captures using (id))
"""
# the addresses under which listings name the chosen stories, and the redirects that lead from there to them
_LED = """
with recursive led (url) as (
    select a.url from temp.chosen join articles a using (id)
    union select m.url from led join temp.moved m on m.target = led.url
)
select c.id from led join captures c on c.url = led.url where c.status between 300 and 399
"""
# what a browser drew stands beside the page as it was sent, and what its scripts had loaded
_DRAWN_OF = """
select o.id from temp.taken join captures c using (id) join captures o on o.record_id = c.refers_to
  where c.record_type = 'conversion'
union select p.id from captures p where p.kind = 'probe' and p.via in
  (select url from temp.taken join captures using (id) where record_type = 'conversion')
"""
_ORIGINALS = """
insert or ignore into temp.taken select o.id from temp.taken join captures c using (id)
  join captures o on o.record_id = c.refers_to
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A capture's record as it lies, with the request beside it."""

    warc: Annotated[str, "File it lies in"]
    response: Record
    data: Annotated[bytes, "Its gzip member, as it lies there"]
    request: Record | None
    request_data: bytes


class Captures:
    """The captures of a selection, in the order in which they lie in the archive's files."""

    def __init__(self, selection: Selection, folder: Path, *, originals: bool) -> None:
        """`folder` is the archive's warc/; `originals` takes in the responses that revisits among them repeat."""
        self._connection, self.folder = selection.db.conn, folder
        self.problems: list[str] = []
        newest = "join articles a on a.current_version = v.id" if selection.versions == "latest" else ""
        self._connection.execute("create temp table taken (id integer primary key)")
        self._connection.execute("create temp table moved (target text, url text)")
        self._connection.execute("create index temp.moved_target on moved(target)")
        self._connection.execute("insert into temp.moved select reason, url from frontier where state = 'moved'")
        taken = _TAKEN + _PARTS if "parts" in selection.db.table_names() else _TAKEN  # a database of before has none
        self._connection.execute(
            f"insert into temp.taken select * from ({taken.format(newest=newest)}) where capture is not null"
        )
        self._connection.execute(f"insert or ignore into temp.taken {_LED}")
        if selection.filters.captures:
            self._connection.execute("delete from temp.taken")
            self._connection.execute(f"insert into temp.taken {_WANTED}")
        self._connection.execute(f"insert or ignore into temp.taken {_DRAWN_OF}")
        if originals:
            self._connection.execute(_ORIGINALS)
        self.count = int(self._connection.execute("select count(*) from temp.taken").fetchone()[0])

    def __iter__(self) -> Iterator[Taken]:
        """Each that can be read; one that cannot is named in `problems`."""
        for warc, offset, length in self._connection.execute(
            "select warc, offset, length from temp.taken join captures using (id) order by warc, offset"
        ):
            try:
                yield self._at(warc, offset, length)
            except (OSError, ValueError, DamagedRecord, Broken) as problem:
                self.problems.append(f"left out: {warc}, offset {offset}: {problem}")

    def info(self, warc: str) -> bytes | None:
        """The warcinfo member at the head of a file; None if it has none."""
        try:
            record, _, _ = next(records(find(self.folder, warc)))
        except (OSError, ValueError, DamagedRecord, StopIteration) as problem:
            self.problems.append(f"cannot be read: the head of {warc}: {problem}")
            return None
        return packed(record) if record.type == "warcinfo" else None

    def original(self, revisit: Record) -> Record | None:
        """The response that a revisit repeats: as its row says, else by address and date, else by its payload; None if
        it cannot be had."""
        select = "select warc, offset from captures where record_type in ('response', 'resource') and "
        for where, values in (
            ("record_id = (select refers_to from captures where record_id = ?)", [revisit.record_id]),
            (
                "url = ? and fetched_at = ?",
                [revisit.field("WARC-Refers-To-Target-URI"), revisit.field("WARC-Refers-To-Date")],
            ),
            ("payload_digest = ? order by id limit 1", [revisit.field("WARC-Payload-Digest")]),
        ):
            found = self._connection.execute(select + where, values).fetchone() if all(values) else None
            if found:
                return self._read(*found)
        return None

    def _read(self, warc: str, offset: int) -> Record | None:
        """The record at that place; None, and a problem, where it cannot be read."""
        try:
            return read(self.folder, warc, offset)
        except (OSError, ValueError, DamagedRecord) as problem:
            self.problems.append(f"cannot be read: {warc}, offset {offset}: {problem}")
            return None

    def _at(self, warc: str, offset: int, length: int) -> Taken:
        path = find(self.folder, warc)
        with path.open("rb") as file:
            response = read_at(file, offset).record
            request, request_data = self._request(
                file_size=path.stat().st_size, path=path, offset=offset + length, response=response
            )
            file.seek(offset)
            data = file.read(length)
        return Taken(
            warc=warc,
            response=response,
            data=data if data.startswith(GZIP) else packed(response),
            request=request,
            request_data=request_data,
        )

    @staticmethod
    def _request(*, file_size: int, path: Path, offset: int, response: Record) -> tuple[Record | None, bytes]:
        """The request behind a response, where it says that it belongs to it."""
        if offset >= file_size:
            return None, b""
        with path.open("rb") as file:
            try:
                found = read_at(file, offset)
            except Broken:
                return None, b""
            if found.record.type != "request" or response.record_id not in found.record.all("WARC-Concurrent-To"):
                return None, b""
            file.seek(offset)
            data = file.read(found.length)
        return found.record, data if data.startswith(GZIP) else packed(found.record)


def packed(record: Record) -> bytes:
    """A record as a gzip member of our own."""
    return member([(name, value) for name, value in record.fields if name.lower() != "content-length"], record.block)
