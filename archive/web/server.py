"""The web server of one archive: Datasette with our plugin on uvicorn. Reads only."""

from __future__ import annotations

import socket
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import pm

from archive.web import plugin, served_archive
from archive.web.refusals import name_of

_MOST_AT_ONCE = 400  # connections; one more is told that we are busy


def application(
    database: Path,
    warc: Path,
    *,
    high_fidelity: str = "",
    base_url: str = "/",
    hosts: Collection[str] | None = None,
    sql: bool = False,
    operator: bool = False,
) -> Any:
    """The ASGI application for an archive, which another server may run too.

    `base_url` is the path, or the whole address, under which it is known. `hosts` are the names it answers to, None
    where that other server looks to it; `sql` lets visitors run statements of their own, `operator`
    shows the page for whoever runs the crawls.
    """
    own = {
        "database": database.stem,
        "warc": str(warc.absolute()),
        "high_fidelity": high_fidelity,
        "operator": operator,
    }
    return _application({database.stem: database}, own, base_url, hosts, sql)


def application_of_shards(
    shards: Mapping[str, tuple[Path, Path]],
    *,
    base_url: str = "/",
    hosts: Collection[str] | None = None,
    sql: bool = False,
    missing: Sequence[str] = (),
) -> Any:
    """The same for the shards of an archive, shown as one: for the name of each its database and folder of WARC files.

    `missing` says in words which shards are not among them: each page says so.
    """
    own = {"shards": {name: str(warc.absolute()) for name, (_, warc) in shards.items()}, "missing": list(missing)}
    return _application({name: database for name, (database, _) in shards.items()}, own, base_url, hosts, sql)


def _application(
    databases: Mapping[str, Path], own: Mapping[str, Any], base_url: str, hosts: Collection[str] | None, sql: bool
) -> Any:
    if not any(given is plugin for given in pm.get_plugins()):  # run from a checkout: no entry point has announced it
        pm.register(plugin, name=served_archive.PLUGIN)
    known = urlsplit(base_url)
    config = {
        **own,
        "hosts": None if hosts is None else sorted({*map(str.lower, hosts), *filter(None, [name_of(known.netloc)])}),
        "origin": f"{known.scheme}://{known.netloc}" if known.netloc else "",
    }
    datasette = Datasette(
        [],
        metadata={"plugins": {served_archive.PLUGIN: config}},
        settings={
            "base_url": f"/{known.path.strip('/')}/".replace("//", "/"),
            "max_returned_rows": 500,
            "allow_csv_stream": False,  # else one request reads out a whole table
            "max_csv_mb": 20,
            "default_allow_sql": sql,
            "num_sql_threads": 4,
        },
    )
    datasette.remove_database("_memory")  # which it makes where it is given no file
    for name, database in databases.items():
        datasette.add_database(Database(datasette, path=str(database), is_mutable=True), name=name)
    return datasette.app()


def serve(app: Any, host: str, port: int, *, ready: Callable[[str], None]) -> None:
    """Serve until interrupted; `ready` is told the address once it answers. Raises OSError when the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=128)
    shown = f"[{host}]" if ":" in host else host
    server = _Server(
        uvicorn.Config(app, log_level="warning", server_header=False, lifespan="on", limit_concurrency=_MOST_AT_ONCE)
    )
    server.on_started = lambda: ready(f"http://{shown}:{listener.getsockname()[1]}/")
    with listener, suppress(KeyboardInterrupt):  # uvicorn shuts down in order, then raises it again
        server.run(sockets=[listener])


class _Server(uvicorn.Server):
    """Says when it has begun to answer."""

    on_started: Callable[[], None]

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.on_started()
