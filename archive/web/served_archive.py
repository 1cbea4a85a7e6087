"""Which of Datasette's databases is an archive of ours, where its WARC files lie, and whether its schema is ours."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from archive.shadows import Shown, hide
from archive.sqlite import connect, database_on
from archive.web.refusals import bound

if TYPE_CHECKING:
    from sqlite_utils import Database

PLUGIN = "campuswarc"  # the key under "plugins" in Datasette's metadata
_OURS = {"articles", "versions", "captures", "sites"}
_connections = threading.local()


@dataclass(frozen=True, slots=True)
class ServedArchive:
    """One archive on show."""

    name: str  # as Datasette calls its database
    path: Path
    warc: Path
    high_fidelity: str  # address pattern of another replay, with {timestamp} and {url}; empty if none
    hosts: frozenset[str] | None = None  # names it answers to beside those of loopback; None for any
    origin: str = ""  # scheme and host under which it is known; empty for those of each request
    operator: bool = False  # whether the operator's page is shown

    def in_full(self, timestamp: str, url: str) -> str:
        """Address of a capture in the high-fidelity replay; empty if there is none."""
        return self.high_fidelity.replace("{timestamp}", timestamp).replace("{url}", url)

    def open(self, shown: Shown = "listed") -> Database:
        """This thread's read-only connection, as far as it is `shown`; a rebuilt news.db is noticed and opened afresh.
        Raises sqlite3.Error."""
        known: dict[tuple[Path, Shown], tuple[tuple[int, int], Database]] = _connections.__dict__.setdefault("open", {})
        key = self.path, shown
        file = self.path.stat()
        identity = (file.st_dev, file.st_ino)
        if key not in known or known[key][0] != identity:
            uri = f"file:{quote(os.fspath(self.path.absolute()))}?mode=ro"
            connection = bound(connect(uri, uri=True, timeout=10, isolation_level=None))
            # Rows of a damaged file may hold bytes which are no UTF-8: show them, marked, instead of failing.
            connection.text_factory = lambda text: str(text, "utf-8", "replace")
            if key in known:
                known.pop(key)[1].conn.close()
            known[key] = (identity, database_on(connection))
        hide(known[key][1].conn, shown)
        return known[key][1]


def find(datasette: Any) -> ServedArchive | None:
    """The archive among the databases: the one the operator named, else the first with our tables; None if there is
    none. Of shards the first."""
    return next(iter(shown(datasette)), None)


def shown(datasette: Any) -> list[ServedArchive]:
    """The archive as `find` has it, or, where the operator names several, all of these: they are shown as one."""
    config = datasette.plugin_config(PLUGIN) or {}
    shards: Mapping[str, str] = config.get("shards") or {}
    found = []
    for name, database in datasette.databases.items():
        if database.path is None:
            continue
        path = Path(database.path)
        if shards:
            wanted = name in shards
        else:
            wanted = name == config.get("database") or (not config.get("database") and _has_our_tables(path))
        if wanted:
            warc = shards.get(name) or config.get("warc")
            hosts = config.get("hosts")
            found.append(
                ServedArchive(
                    name,
                    path,
                    Path(warc) if warc else path.parent / "warc",
                    config.get("high_fidelity", ""),
                    None if hosts is None else frozenset(hosts),
                    config.get("origin", ""),
                    bool(config.get("operator")),
                )
            )
            if not shards:
                break
    return found


def _has_our_tables(path: Path) -> bool:
    try:
        connection = connect(f"file:{quote(os.fspath(path.absolute()))}?mode=ro", uri=True, timeout=10)
        try:
            return _OURS.issubset(
                row[0] for row in connection.execute("select name from sqlite_master where type in ('table', 'view')")
            )
        finally:
            connection.close()
    except sqlite3.Error:  # unreadable or no database at all: not for us to say, Datasette reports it
        return False
