"""For programs that watch: health, sites and runs as JSON, and metrics as Prometheus reads them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Response

from archive.instants import now
from archive.store.health import health
from archive.store.metrics import exposition
from archive.web.cards import first
from archive.web.holdings import Holdings
from archive.web.page_request import PageRequest
from archive.web.pages.runs import MOST, counts_of

if TYPE_CHECKING:
    from sqlite_utils import Database


def healthz(held: Holdings, visit: PageRequest) -> Any:
    """That the archive can be read, and when the last crawl began and ended."""
    sql = "select begun, ended, reason from runs order by id desc limit 1"
    last = max(filter(None, (first(db, sql) for db in held.dbs.values())), key=lambda run: run["begun"], default=None)
    return _json({"status": "ok", "last_run": last})


def sites(held: Holdings, visit: PageRequest) -> Any:
    """How each site fares, with what is wrong."""
    return _json([row.as_dict() for db in held.dbs.values() for row in health(db, {}, now())])


def runs(db: Database, visit: PageRequest) -> Any:
    """The last crawls, newest first."""
    rows = db.query("select id, begun, ended, reason, exit, counts from runs order by id desc limit ?", [MOST])
    return _json([row | {"counts": counts_of(row["counts"])} for row in rows])


def metrics(db: Database, visit: PageRequest) -> Any:
    """What a Prometheus server scrapes."""
    return Response(exposition(db, health(db, {}, now())), content_type="text/plain; version=0.0.4; charset=utf-8")


def _json(what: Any) -> Response:
    return Response(json.dumps(what, ensure_ascii=False), content_type="application/json; charset=utf-8")
