"""The `untold` table: stretches of WARC files of which no row tells yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from archive.warc.going_on import Left

if TYPE_CHECKING:
    from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class Stretch:
    """Records whose rows were not committed, or not all of them."""

    warc: Annotated[str, "File, as rows name it"]
    start: int
    stop: int


class Untold:
    """Written in the transactions of the rows: what a commit does not tell of is known to whoever comes after a kill.

    Of a file that is being written the table holds where the records begin that come after the commit; so it does of
    one that the next run may go on with, and how it was left.
    """

    def __init__(self, db: Database) -> None:
        self.db = db
        self._growing: dict[str, int] = {}

    def begins(self, warc: str) -> int | None:
        """Where the untold end of a file begins that nobody has closed; None where no commit has said."""
        row = self.db.conn.execute("select start from untold where warc = ? and stop is null", [warc]).fetchone()
        return None if row is None else int(row[0])

    def grow(self, ends: Mapping[str, int]) -> None:
        """With this commit all is told of the files being written, up to these ends; other files are closed, and no run
        goes on with them."""
        if ends == self._growing:
            return
        self.db.conn.execute("delete from untold where stop is null")
        self.db.conn.executemany("insert into untold (warc, start) values (?, ?)", ends.items())
        self._growing = dict(ends)

    def leave(self, left: Left | None) -> None:
        """No file is being written any more; the next run may go on with this one, of which all is told."""
        self.db.conn.execute("delete from untold where stop is null")
        self._growing = {}
        if left is not None:
            self.db.conn.execute(
                "insert into untold (warc, start, tail, inode) values (?, ?, ?, ?)",
                [left.warc, left.size, left.tail, left.inode],
            )

    def left(self) -> Left | None:
        """The file that the next run may go on with."""
        row = self.db.conn.execute(
            "select warc, start, tail, inode from untold where stop is null and tail is not null"
        ).fetchone()
        return None if row is None else Left(warc=row[0], size=row[1], tail=row[2], inode=int(row[3]))

    def closed(self, warc: str, stop: int, known: int) -> None:
        """A file that a killed process was writing ends here; where no commit said what it tells, up to `known`.
        Harmless when repeated."""
        start = self.begins(warc)
        if start is None and any(one.warc == warc for one in self.stretches()):
            return  # said before; a kill came before the file had its final name
        self.db.conn.execute("delete from untold where warc = ? and stop is null", [warc])
        self.put(Stretch(warc, known if start is None else start, stop))

    def none_grows(self) -> None:
        """No file is being written any more: a kill came after one had its final name."""
        self.db.conn.execute("delete from untold where stop is null and tail is null")

    def put(self, stretch: Stretch) -> None:
        """Rows are still to be made of these records."""
        if stretch.start < stretch.stop:
            self.db.conn.execute(
                "insert or replace into untold (warc, start, stop) values (?, ?, ?)",
                [stretch.warc, stretch.start, stretch.stop],
            )

    def told(self, warc: str, end: int) -> None:
        """Rows tell of all that lies before `end` of a closed file."""
        self.db.conn.execute("delete from untold where warc = ? and stop <= ?", [warc, end])
        self.db.conn.execute(
            "update untold set start = ? where warc = ? and start < ? and stop is not null", [end, warc, end]
        )

    def stretches(self) -> list[Stretch]:
        """All of them, by file and place."""
        rows = self.db.conn.execute(
            "select warc, start, stop from untold where stop is not null order by warc, start"
        ).fetchall()
        return [Stretch(*row) for row in rows]
