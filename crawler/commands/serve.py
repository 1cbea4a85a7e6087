"""campuswarc serve"""

from __future__ import annotations

import webbrowser

import click

from crawler.home import Home


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 shows the archive to the whole network.")
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="Port; 0 takes a free one.")
@click.option("--open", "open_browser", is_flag=True, help="Open the page in a browser.")
@click.option("--base-url", default="/", show_default=True, help="Path under which a proxy in front shows the archive.")
@click.option("--replay-url", default="", metavar="PATTERN", help="High-fidelity replay on another origin to link to, such as http://127.0.0.1:8002/college/{timestamp}/{url}.")
@click.pass_obj
def command(home: Home, host: str, port: int, open_browser: bool, base_url: str, replay_url: str) -> None:
    """Show the archive in a browser: search, articles, versions, replay, feeds. Reads only."""
    try:
        from archive.web import server
    except ModuleNotFoundError as missing:
        raise click.ClickException(f"{missing.name} is not installed: pip install 'campuswarc[web]'") from None
    if not home.database.exists():
        raise click.ClickException(f"{home.database}: no such database; crawl something first, or name the archive folder with -C")
    app = server.application(home.database, home.warc, high_fidelity=replay_url, base_url=base_url)

    def ready(address: str) -> None:
        click.echo(f"{home.database} at {address}  (ctrl-C stops it)")
        if open_browser:
            webbrowser.open(address)

    try:
        server.serve(app, host, port, ready=ready)
    except OSError as problem:
        raise click.ClickException(f"cannot listen on {host} port {port}: {problem.strerror or problem}; choose another with --port") from None
