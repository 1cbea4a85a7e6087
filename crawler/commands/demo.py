"""campuswarc demo"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import click

from crawler.archive_folder import ArchiveFolder
from crawler.config import template

_SEARCHES = ("招生", "quantum computing")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default="demo-archive")
def command(folder: Path) -> None:
    """Serve the sample college on loopback, crawl it into FOLDER, again after it has corrected a story and taken one
    down, search it, and say where everything lies.

    Needs a checkout of the source: the sample college is part of the tests.
    """
    try:
        from tests.college.college import College
    except ModuleNotFoundError:  # an installed wheel holds no tests, and another project's folder `tests` is not ours
        raise click.ClickException(
            "the sample college is part of the source, not of what is installed; run `make demo` in a checkout"
        ) from None

    home = ArchiveFolder(folder)
    home.folder.mkdir(parents=True, exist_ok=True)
    text = template(name="campuswarc demo", contact="demo@example.org")
    home.config.write_text(
        text.replace("allow_loopback = false", "allow_loopback = true").replace("delay = 1.0", "delay = 0.0"),
        encoding="utf-8",
    )
    with College(["sudy", "wordpress"], state=home.folder / "college") as college:
        college.settings("sudy", robots_extra="Content-Signal: search=yes, ai-train=no\n")
        anew = not home.database.exists()  # a college that is started again has told and changed what it will
        if anew:
            college.tell_twins()
        # the two are of one college, Wikidata's own sandbox: what it tells in two languages can be found
        home.sites.write_text(
            college.sites_toml(requisites="page", wikidata="Q4115189", country="CN"), encoding="utf-8"
        )
        _run(home, "crawl")
        _run(home, "crawl")  # nothing has changed: one conditional request a listing
        if anew:
            told = {row.site: row.url for row in reversed(college.articles()) if row.kind == "article"}  # the newest
            click.echo("\n# the college corrects one story, and takes another down")
            college.edit(told["sudy"])
            college.delete(told["wordpress"])
            _run(home, "look-again", *told.values())  # not before tomorrow by itself
            _run(home, "crawl")
            _run(home, "changes")
    for words in _SEARCHES:
        _run(home, "search", words, "--limit", "3")
    _run(home, "status")
    files = sorted(home.warc.rglob("*.warc.gz"))
    click.echo(f"\nWARC      {files[0]}" + (f" and {len(files) - 1} more" if len(files) > 1 else ""))
    click.echo(f"database  {home.database}")
    here = Path(sys.executable).with_name("campuswarc")  # after `make demo` it is in .venv, and no shell finds it there
    program = "campuswarc" if shutil.which("campuswarc") or not here.exists() else str(here)
    click.echo(f"web page  {program} -C {folder} serve   (then open http://127.0.0.1:8001/)")


def _run(home: ArchiveFolder, *words: str) -> None:
    click.echo(f"\n$ campuswarc -C {home.folder} {' '.join(words)}")
    status = subprocess.run([sys.executable, "-m", "crawler", "-C", str(home.folder), *words], check=False).returncode
    if status:
        raise click.ClickException(f"exit status {status}")
