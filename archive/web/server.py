"""The web server of one archive: Datasette with our plugin on uvicorn. Reads only."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import uvicorn
from datasette.app import Datasette
from datasette.plugins import pm

from archive.web import plugin, served_archive


def application(database: Path, warc: Path, *, high_fidelity: str = "", base_url: str = "/") -> Any:
    """The ASGI application for an archive, which another server may run too."""
    if not any(known is plugin for known in pm.get_plugins()):  # run from a checkout: no entry point has announced it
        pm.register(plugin, name=served_archive.PLUGIN)
    config = {"database": database.stem, "warc": str(warc.absolute()), "high_fidelity": high_fidelity}
    datasette = Datasette(
        [str(database)],
        metadata={"plugins": {served_archive.PLUGIN: config}},
        settings={"base_url": base_url, "max_returned_rows": 2000, "num_sql_threads": 4},
    )
    return datasette.app()


def serve(app: Any, host: str, port: int, *, ready: Callable[[str], None]) -> None:
    """Serve until interrupted; `ready` is told the address once it answers. Raises OSError when the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=128)
    shown = f"[{host}]" if ":" in host else host
    server = _Server(uvicorn.Config(app, log_level="warning", server_header=False, lifespan="on"))
    server.on_started = lambda: ready(f"http://{shown}:{listener.getsockname()[1]}/")
    with listener, suppress(KeyboardInterrupt):  # uvicorn shuts down in order, then raises it again
        server.run(sockets=[listener])


class _Server(uvicorn.Server):
    """Says when it has begun to answer."""

    on_started: Callable[[], None]

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.on_started()
