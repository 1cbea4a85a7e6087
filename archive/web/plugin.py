"""The Datasette plugin: our pages in front of Datasette's, and headers on everything."""

from __future__ import annotations

import asyncio
import mimetypes
import sqlite3
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasette import handle_exception as datasette_errors
from datasette.utils import sqlite_timelimit
from datasette.utils.asgi import NotFound, Response
from pluggy import HookimplMarker

from archive.shadows import Shown
from archive.store.db import NewerDatabase, fitting
from archive.web import policy, refusals, served_archive, withholding
from archive.web.holdings import Holdings
from archive.web.page_request import PageRequest
from archive.web.pages import (
    api,
    article,
    changes,
    clusters,
    descriptions,
    entities,
    gone,
    home,
    machines,
    memento,
    numbers,
    oai,
    operator,
    permanent,
    pictures,
    replay,
    review,
    runs,
    search,
    sites,
    twins,
    watch,
    withheld,
)
from archive.web.pages.permanent import FURTHER, IDENTIFIER, TIME
from archive.web.served_archive import ServedArchive

if TYPE_CHECKING:
    from sqlite_utils import Database

hookimpl = HookimplMarker("datasette")
Show = Callable[..., Response]
TIME_LIMIT = 15_000  # milliseconds of SQL for one page
_STATIC = Path(__file__).parent / "static"

ROUTES: list[tuple[str, Show]] = [
    (r"/$", home.show),
    (r"/search$", search.show),
    (r"/search\.json$", search.as_json),
    (r"/search\.csv$", search.as_csv),
    (r"/search\.atom$", search.as_atom),
    (rf"/article/{IDENTIFIER}$", article.show),
    (rf"/article/{IDENTIFIER}/{TIME}$", article.show),
    (rf"/article/{IDENTIFIER}\.json$", api.article),
    (rf"/article/{IDENTIFIER}/versions\.json$", api.versions),
    (rf"/article/{IDENTIFIER}/versions/(?P<at>\d{{1,14}})\.json$", api.version),
    (rf"/article/{IDENTIFIER}/captures\.json$", api.captures),
    (rf"/article/(?P<number>\d{{1,18}}){FURTHER}$", permanent.by_number),
    (r"/capture/(?P<id>[^/?]+)$", permanent.capture),
    (r"/sites$", sites.index),
    (r"/site/(?P<id>[^/]+)$", sites.show),
    (r"/runs$", runs.show),
    (r"/operator$", operator.show),
    (r"/healthz$", machines.healthz),
    (r"/sites\.json$", machines.sites),
    (r"/runs\.json$", machines.runs),
    (r"/metrics$", machines.metrics),
    (r"/gone$", gone.show),
    (r"/changes$", changes.show),
    (r"/changes\.json$", changes.as_json),
    (r"/changes\.csv$", changes.as_csv),
    (r"/changes\.atom$", changes.as_atom),
    (r"/numbers$", numbers.show),
    (r"/numbers\.svg$", numbers.as_svg),
    (r"/numbers\.csv$", numbers.as_csv),
    (r"/numbers\.json$", numbers.as_json),
    (r"/withheld$", withheld.show),
    (r"/withheld\.json$", withheld.as_json),
    (r"/watch/(?P<name>[a-z0-9][a-z0-9_-]*)$", watch.show),
    (r"/watch/(?P<name>[a-z0-9][a-z0-9_-]*)\.atom$", watch.as_atom),
    (r"/watch/(?P<name>[a-z0-9][a-z0-9_-]*)\.json$", watch.as_json),
    (r"/clusters$", clusters.show),
    (r"/twins$", twins.show),
    (r"/entities$", entities.show),
    (r"/pictures$", pictures.wall),
    (r"/pictures/same$", pictures.same),
    (r"/review$", review.show),
    (r"/cdx$", memento.cdx),
    (r"/openapi\.json$", descriptions.openapi),
    (r"/oai$", oai.show),
    (r"/opensearch\.xml$", descriptions.opensearch),
]
# What answers to whoever has its address; everything else shows what is listed.
ADDRESSED: frozenset[Show] = frozenset(
    {
        article.show,
        api.article,
        api.versions,
        api.version,
        api.captures,
        permanent.by_number,
        permanent.capture,
        memento.cdx,
        replay.show,
        replay.part,
        replay.latest,
        pictures.thumbnail,
        memento.timegate,
        memento.timemap,
    }
)
# What lists the articles of all shards together; of the others a shard that has the thing answers, or one that the
# visitor names
OF_ALL: frozenset[Show] = frozenset(
    {
        home.show,
        search.show,
        search.as_json,
        search.as_csv,
        search.as_atom,
        sites.index,
        machines.healthz,
        machines.sites,
    }
)
# What is of one shard, and found by asking each; beside those that are ADDRESSED.
OF_ONE: frozenset[Show] = frozenset({sites.show, watch.show, watch.as_atom, watch.as_json})
# What says the same whichever shard answers.
OF_ANY: frozenset[Show] = frozenset({descriptions.openapi, descriptions.opensearch})
# In these the rest of the address, query string included, is the address of an archived page.
OF_ADDRESSES: list[tuple[str, Show]] = [
    (r"/replay/(?P<timestamp>\d{1,20})/(?P<url>.+)$", replay.show),
    (r"/replay/(?P<timestamp>\d{1,20})(?P<mode>mp_|im_|cs_|id_)/(?P<url>.+)$", replay.part),
    (r"/replay/(?P<url>https?:/.+)$", replay.latest),
    (r"/thumbnail/(?P<timestamp>\d{1,20})/(?P<url>.+)$", pictures.thumbnail),
    (r"/timegate/(?P<url>.+)$", memento.timegate),
    (r"/timemap/(?P<form>link|json|cdxj)/(?P<url>.+)$", memento.timemap),
]

# Where rich is installed, as it is with us, Datasette 0.65 prints each exception with it, and fails for an address
# without a route: it is then outside of any except block (datasette/handle_exception.py, line 26). Without rich it
# prints plainly.
datasette_errors.rich = None


@hookimpl
def register_routes(datasette: Any) -> list[tuple[str, Callable[..., Awaitable[Response]]]]:
    """Our pages, when one of the databases is an archive; otherwise Datasette stays as it is."""
    held = served_archive.shown(datasette)
    if not held:
        return []
    for one in held:
        withholding.stand_before(datasette.databases[one.name])
    return [
        (r"/-/campuswarc/(?P<name>[a-z.-]+)$", _static),
        (r"/-/databases(\.json)?$", _databases),  # Datasette's own say where on this machine the files lie
        (r"/-/metadata(\.json)?$", _metadata),
        *((pattern, _answer(show, held)) for pattern, show in ROUTES),
        *((pattern, _answer(show, held, foreign=True)) for pattern, show in OF_ADDRESSES),
    ]


@hookimpl
def prepare_connection(conn: sqlite3.Connection, database: str, datasette: Any) -> None:
    """What a statement of Datasette's own pages may spend; none of them learns where on this machine a file lies."""
    held = served_archive.find(datasette)
    if held is not None:
        refusals.bound(conn, typed=True)
        withholding.guard(conn)


@hookimpl
def asgi_wrapper(datasette: Any) -> Callable[[Any], Any]:
    """What is refused is, and security headers are on every answer, those of Datasette's own pages included."""
    held = served_archive.find(datasette)

    def wrap(app: Any) -> Any:
        async def wrapped(scope: Any, receive: Any, send: Any) -> None:
            async def send_with_headers(message: Any) -> None:
                if message["type"] == "http.response.start":
                    headers = list(message.get("headers", []))
                    present = {name.lower() for name, _ in headers}
                    for name, value in {**policy.EVERYWHERE, "Content-Security-Policy": policy.DATASETTE}.items():
                        if name.lower().encode() not in present:
                            headers.append((name.lower().encode(), value.encode()))
                    message = {**message, "headers": headers}
                await send(message)

            if scope["type"] != "http":
                await app(scope, receive, send)
            elif held is not None and (no := _refused(scope, held)):
                await no.asgi_send(send_with_headers)
            else:
                await app(scope, receive, send_with_headers)

        return wrapped

    return wrap


def _refused(scope: Any, held: ServedArchive) -> Response | None:
    host = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
    path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
    no = refusals.refused(scope["method"], path, scope.get("query_string") or b"", host, held.hosts)
    if no is None:
        return None
    status, sentence = no
    headers = {"Allow": "GET, HEAD"} if status == 405 else {}
    return Response(f"{sentence}\n", status=status, headers=headers, content_type="text/plain; charset=utf-8")


@hookimpl(tryfirst=True)
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Response | None:
    """Our own page for an address that is nobody's; other errors stay Datasette's."""
    held = served_archive.find(datasette) if isinstance(exception, NotFound) else None
    if held is None or request.path.endswith(".json"):
        return None
    visit = PageRequest.of(request, datasette, held)
    return visit.missing(str(exception))


def _answer(show: Show, held: Sequence[ServedArchive], *, foreign: bool = False) -> Callable[..., Awaitable[Response]]:
    """A Datasette view which runs `show` in a reading thread, on one snapshot of each database.

    It is called as `show(db, visit, **parts of the route)`, or as `show(holdings, visit)` where it is OF_ALL."""

    async def view(datasette: Any, request: Any) -> Response:
        visit = PageRequest.of(request, datasette, held[0], foreign=foreign)
        if request.method not in ("GET", "HEAD"):
            return visit.missing(visit.word("not_allowed"), status=405)
        for one in held:
            await datasette.ensure_permissions(request.actor, [("view-database", one.name), "view-instance"])
        if len(held) > 1:
            visit.notices += (datasette.plugin_config(served_archive.PLUGIN) or {}).get("missing", [])

        def read() -> Response:
            try:
                if show in OF_ALL:
                    return _of_all(show, visit, held)
                return _of_one(show, visit, held, request.url_vars)
            except sqlite3.Error as problem:
                return _unreadable(visit, problem)
            except FileNotFoundError as problem:
                return _unreadable(visit, problem.strerror or "no such file")
            except NewerDatabase as problem:
                return visit.missing(str(problem), heading=visit.word("unreadable"), status=503)

        return await asyncio.get_running_loop().run_in_executor(datasette.executor, read)

    return view


def _of_all(show: Show, visit: PageRequest, held: Sequence[ServedArchive]) -> Response:
    with ExitStack() as ends:
        dbs = {one.name: ends.enter_context(_snapshot(one, visit, "listed")) for one in held}
        return show(Holdings(dbs), visit)


def _of_one(show: Show, visit: PageRequest, held: Sequence[ServedArchive], parts: Mapping[str, str]) -> Response:
    """The answer of the shard that has what is asked for, or of the one that the visitor names."""
    asked = [one for one in held if one.name == visit.args.get("shard")] or held
    if len(asked) > 1 and show in OF_ANY:
        asked = asked[:1]
    if len(asked) > 1 and show not in ADDRESSED | OF_ONE:
        return _choice(visit, [one.name for one in held])
    declined: list[Response] = []
    for one in asked:
        visit.holding = one
        with _snapshot(one, visit, "addressed" if show in ADDRESSED else "listed") as db:
            answer = show(db, visit, **parts)
        if answer.status < 400:
            return answer
        declined.append(answer)
    # none has it: where one says why, as of what is withheld, that is the answer
    return next((one for one in declined if one.status != 404), declined[0])


def _choice(visit: PageRequest, names: Sequence[str]) -> Response:
    """That a page is of one shard, and where that of each is."""
    near = [(visit.again(shard=name), name) for name in names]
    if visit.in_json:
        places = {name: visit.origin + link for link, name in near}
        return Response.json({"error": visit.word("shard_choose"), "shards": places}, status=300)
    heading, more = visit.word("shard_each"), visit.word("shards")
    return visit.missing(visit.word("shard_choose"), heading=heading, status=300, near=near, more=more)


@contextmanager
def _snapshot(held: ServedArchive, visit: PageRequest, shown: Shown) -> Iterator[Database]:
    """What a crawl commits while a page is made is not seen by half of it."""
    db: Database = held.open(shown)
    with sqlite_timelimit(db.conn, TIME_LIMIT):
        db.conn.execute("begin")
        try:
            missing = fitting(db, Path(held.path.name))
            if missing:
                visit.notices.append(visit.word("older_schema", steps=", ".join(missing)))
            yield db
        finally:
            db.conn.execute("rollback")


def _unreadable(visit: PageRequest, problem: Exception | str) -> Response:
    """What the reader can do where SQLite cannot: ask for less, migrate, or rebuild."""
    if str(problem) == "interrupted":
        return visit.missing(visit.word("too_slow"), heading=visit.word("bad_query"), status=503)
    details = [visit.word("unreadable_help")]
    text = visit.word("unreadable_text", path=visit.holding.path.name, problem=problem)
    return visit.missing(text, heading=visit.word("unreadable"), status=503, details=visit.notices + details)


async def _databases(datasette: Any, request: Any) -> Response:
    """Datasette's list of its databases, their folders left out."""
    await datasette.ensure_permissions(request.actor, ["view-instance"])
    named = datasette._connected_databases()
    return Response.json([row | {"path": row["path"] and Path(row["path"]).name} for row in named])


async def _metadata(datasette: Any, request: Any) -> Response:
    """Datasette's metadata, without what only the server has to know."""
    await datasette.ensure_permissions(request.actor, ["view-instance"])
    return Response.json({name: value for name, value in datasette.metadata().items() if name != "plugins"})


async def _static(request: Any) -> Response:
    """The style sheet, the script for the `/` key, the icon: all there is."""
    path = _STATIC / request.url_vars["name"]
    if not path.is_file():
        raise NotFound(f"no such file: {path.name}")
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Response(path.read_bytes(), content_type=f"{kind}; charset=utf-8", headers={"Cache-Control": "max-age=3600"})
