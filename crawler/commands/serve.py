"""campuswarc serve"""

from __future__ import annotations

import ipaddress
import os
import webbrowser
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from urllib.parse import urlsplit

import click

from archive.replay.high_fidelity import NoHighFidelity, beside
from archive.store.db import open_reader
from crawler.archive_folder import ArchiveFolder
from crawler.shards import plan
from crawler.shards.reading import readers
from spiders.tables import ConfigError


@click.command()
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on; 0.0.0.0 shows the archive to the whole network.",
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="Port; 0 takes a free one."
)
@click.option("--open", "open_browser", is_flag=True, help="Open the page in a browser.")
@click.option(
    "--base-url",
    default="/",
    show_default=True,
    callback=lambda context, parameter, value: _known_as(value),
    help="Path or whole address under which a proxy in front shows the archive, such as https://news.example.edu/old/.",
)
@click.option("--sql", is_flag=True, help="Let visitors run SQL on Datasette's pages; one of them can keep all busy.")
@click.option("--operator", is_flag=True, help="Show /operator too: what needs a person, what grows, what runs cost.")
@click.option(
    "--replay-url",
    default="",
    metavar="PATTERN",
    help="High-fidelity replay on another origin to link to, such as http://127.0.0.1:8002/college/{timestamp}/{url}.",
)
@click.option(
    "--high-fidelity",
    is_flag=True,
    help="Start pywb beside, on another port, and link every capture there: pages run their scripts in it.",
)
@click.option("--shards", is_flag=True, help="Show all shards of this folder as one archive (docs/shards.md).")
@click.pass_obj
def command(
    home: ArchiveFolder,
    host: str,
    port: int,
    open_browser: bool,
    base_url: str,
    sql: bool,
    operator: bool,
    replay_url: str,
    high_fidelity: bool,
    shards: bool,
) -> None:
    """Show the archive in a browser: search, articles, versions, replay, feeds. Reads only."""
    try:
        from archive.web import server
    except ModuleNotFoundError as missing:
        raise click.ClickException(f"{missing.name} is not installed: pip install 'campuswarc[web]'") from None
    if shards:
        if high_fidelity or replay_url:
            raise click.UsageError("--shards has no replay beside: serve a shard by itself for that")
        app = _of_shards(home, base_url, host, sql)
    else:
        open_reader(home.database).close()
    with ExitStack() as ends:
        if high_fidelity:
            replay_url = ends.enter_context(_pywb(home, host, replay_url))
            click.echo(f"pywb at {replay_url}; captures written from now on are not in it")
        if not shards:
            app = server.application(
                home.database,
                home.warc,
                high_fidelity=replay_url,
                base_url=base_url,
                hosts=[host],
                sql=sql,
                operator=operator,
            )

        def ready(address: str) -> None:
            click.echo(f"{home.folder / 'shards' if shards else home.database} at {address}  (ctrl-C stops it)")
            if open_browser:
                webbrowser.open(address)

        try:
            server.serve(app, host, port, ready=ready)
        except OSError as problem:
            number = problem.errno or 0  # below zero where a host has no address
            why = os.strerror(number) if number > 0 else problem.strerror or problem
            raise click.ClickException(
                f"cannot listen on {host} port {port}: {why}; choose another with --port"
            ) from None


def _of_shards(home: ArchiveFolder, base_url: str, host: str, sql: bool) -> Any:
    """The application that shows all shards that this machine reaches."""
    from archive.web import server

    try:
        planned = plan.load(home)
    except ConfigError as problem:
        raise click.ClickException(str(problem)) from None
    opened = readers(home, planned)
    for db in opened.dbs.values():
        db.conn.close()
    told = [*opened.missing, *(f"{name}: nothing has been crawled yet" for name in opened.empty)]
    for text in told:
        click.echo(text, err=True)
    places = {name: planned.shards[name].home(home) for name in opened.dbs}
    return server.application_of_shards(
        {name: (place.database, place.warc) for name, place in places.items()},
        base_url=base_url,
        hosts=[host],
        sql=sql,
        missing=opened.missing,
    )


@contextmanager
def _pywb(home: ArchiveFolder, host: str, replay_url: str) -> Iterator[str]:
    """pywb on loopback for as long as we serve; its address pattern."""
    if replay_url:
        raise click.UsageError("--high-fidelity starts a replay and --replay-url names one that runs: give one of them")
    if not _is_loopback(host):
        raise click.UsageError(
            f"--high-fidelity answers on this machine only and {host} is for others too: run pywb yourself and name it"
            " with --replay-url"
        )
    try:
        with beside(home.warc) as pattern:
            yield pattern
    except NoHighFidelity as problem:
        raise click.ClickException(str(problem)) from None


def _known_as(address: str) -> str:
    try:
        known = urlsplit(address)
    except ValueError:
        known = urlsplit("")
    if not address.startswith("/") and not (known.scheme in ("http", "https") and known.hostname):
        raise click.BadParameter("a path that begins with /, or an address that begins with http:// or https://")
    return address


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
