"""The `runs` and `failures` tables: what each crawl did and what went wrong."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from archive.sqlite import as_json

if TYPE_CHECKING:
    from sqlite_utils import Database


OWN_NETWORK = "own_network"  # kind of a failure that says nothing of its address


class Runs:
    """One row a crawl."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def begin(self, at: str) -> int:
        """A new run; its id. Runs that never ended were killed: they are marked so."""
        self.db.conn.execute("update runs set reason = 'killed' where ended is null and reason is null")
        return int(self.db.conn.execute("insert into runs (begun) values (?)", [at]).lastrowid or 0)

    def remember(self, id_: int | None, at: str) -> None:
        """Enter a killed run that is known from its records alone; harmless for one that has its row."""
        if id_ is not None:
            self.db.conn.execute("insert or ignore into runs (id, begun, reason) values (?, ?, 'killed')", [id_, at])

    def began(self, id_: int, *, whole: bool, warc: str | None = None, offset: int | None = None) -> None:
        """Note how a run begins: whether it reads listings to their end, and where the record of its configuration
        lies."""
        self.db.conn.execute("update runs set whole = ?, warc = ?, offset = ? where id = ?", [whole, warc, offset, id_])

    def configured_at(self, id_: int | None) -> tuple[str, int] | None:
        """File and offset of the record that holds a run's configuration, where that is known."""
        row = self.db.conn.execute("select warc, offset from runs where id = ? and warc is not null", [id_]).fetchone()
        return (str(row[0]), int(row[1])) if row else None

    def known_configuration(self, warc: str, offset: int) -> bool:
        """Whether a run that has its row was configured by the record at that place."""
        found = self.db.conn.execute("select 1 from runs where warc = ? and offset = ? limit 1", [warc, offset])
        return found.fetchone() is not None

    def last(self) -> int | None:
        """The latest run."""
        return self.db.conn.execute("select max(id) from runs").fetchone()[0]  # type: ignore[no-any-return]

    def latest(self) -> str | None:
        """The latest time at which any began."""
        return self.db.conn.execute("select max(begun) from runs").fetchone()[0]  # type: ignore[no-any-return]

    def whole(self, id_: int | None) -> bool:
        """Whether that run reads listings to their end."""
        return self.db.conn.execute("select 1 from runs where id = ? and whole", [id_]).fetchone() is not None

    def lost_network(self, id_: int | None, said: str) -> None:
        """Note that in a run our own network failed: what went wrong says nothing of the sites."""
        self.db.conn.execute("update runs set network = ? where id = ?", [said, id_])

    def end(self, id_: int, *, at: str, reason: str, exit_code: int, counts: Mapping[str, Any]) -> None:
        """Close a run."""
        self.db.conn.execute(
            "update runs set ended = ?, reason = ?, exit = ?, counts = ? where id = ?",
            [at, reason, exit_code, as_json(counts), id_],
        )


class Failures:
    """What went wrong, address by address."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def add(self, *, url: str, site: str, run: int | None, kind: str, detail: str, at: str) -> None:
        """Note one failure; `kind` is a short name such as http_500, blocked:captcha, no_items."""
        self.db.conn.execute(
            "insert into failures (url, site, run, kind, detail, at) values (?, ?, ?, ?, ?, ?)",
            [url, site, run, kind, detail[:500], at],
        )

    def of_network(self, run: int | None, kinds: Collection[str], urls: Collection[str]) -> list[str]:
        """What failed in a run by these kinds, or at these addresses, was our own network: nothing counts it any more.
        Gives the addresses."""
        chosen = "run = ? and (kind in (select value from json_each(?)) or url in (select value from json_each(?)))"
        values = [run, as_json(sorted(kinds)), as_json(sorted(urls))]
        found = self.db.conn.execute(f"select distinct url from failures where {chosen}", values).fetchall()
        self.db.conn.execute(
            f"update failures set kind = '{OWN_NETWORK}', detail = kind || ': ' || detail where {chosen}", values
        )
        return [url for (url,) in found]

    def last(self, site: str, url: str, kind: str) -> str | None:
        """What was said of the last failure of that kind there."""
        row = self.db.conn.execute(
            "select detail from failures where site = ? and url = ? and kind = ? order by at desc limit 1",
            [site, url, kind],
        ).fetchone()
        return row[0] if row else None
