"""campuswarc add URL, add --from FILE"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import click

from crawler import config
from crawler.adding import batch, colleges, entries, fixtures, proofs, url_lists
from crawler.adding.outcome import Survey
from crawler.adding.survey import Surveyor
from crawler.adding.survey_fetcher import SurveyFetcher
from crawler.archive_folder import ArchiveFolder
from crawler.exits import INCOMPLETE
from spiders import catalogue
from spiders.site import Site
from spiders.tables import ConfigError, nearest


@click.command()
@click.argument("url", required=False)
@click.option(
    "--section",
    default="",
    help="Only listings whose name or address holds these words; the name given to a listing that is added alone.",
)
@click.option("--id", "id_", default="", help="Id of the new site; made of the host by default.")
@click.option("--dry-run", is_flag=True, help="Print the entry, write nothing.")
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.option(
    "--save-fixture",
    "fixture",
    type=click.Path(path_type=Path, file_okay=False),
    help="Save the pages read, and what was read of them, as test cases below this folder.",
)
@click.option(
    "--builtin", default="", metavar="ID", help="Take over a site of the built-in catalogue; nothing is fetched."
)
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print one JSON object: every proof, what was refused or not tried and why, the entry; implies --yes.",
)
@click.option(
    "--from",
    "source",
    type=click.File(encoding="utf-8-sig"),
    help="Add each address of a list: one a line, a table (CSV) with a column url, or OPML; - reads it from stdin.",
)
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=8, show_default=True, help="--from: hosts surveyed side by side."
)
@click.option(
    "--min-confidence",
    "least",
    type=click.FloatRange(0, 1),
    default=0.0,
    help="Write nothing that is less sure than this, from 0 to 1.",
)
@click.option(
    "--colleges",
    "table",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A table of colleges, which gives college, country, ror and wikidata by the host: ROR's dump (JSON or CSV), or"
    " a CSV with columns such as name, website, country, ror, wikidata.",
)
@click.option(
    "--results",
    type=click.Path(path_type=Path, dir_okay=False),
    help="--from: the file of results, a line an address; what stands in it is not done again. Default: add-results.tsv"
    " in the archive folder.",
)
@click.pass_obj
def command(
    home: ArchiveFolder,
    source: TextIO | None,
    jobs: int,
    least: float,
    table: Path | None,
    results: Path | None,
    url: str | None,
    section: str,
    id_: str,
    dry_run: bool,
    yes: bool,
    fixture: Path | None,
    builtin: str,
    as_json: bool,
) -> None:
    """Find the news listings of a college from its home page or a listing, prove them, and add them to sites.toml.

    With --from many, without asking: each address is right, incomplete or refused in the file of results, with the
    reason; begun again, the command goes on where it was.

    Exit status 0: complete as far as the site shows; 3: written, and something is known to be missing; 1: nothing was
    written.
    """
    if source is not None:
        if url or builtin or id_ or fixture or dry_run or as_json:
            raise click.UsageError(
                "--from takes its addresses from the list, and goes with --jobs, --results and --min-confidence"
            )
        _many(home, source.read(), jobs, least, results or home.folder / "add-results.tsv", table)
        return
    survey: Survey | None = None
    try:
        known = colleges.read(table) if table else None
        if builtin:
            if url:
                raise click.UsageError("name a URL or --builtin ID, not both")
            site, comment = (
                _builtin(builtin),
                f"from the built-in catalogue; prove it with `campuswarc check {id_ or builtin}`",
            )
        elif url:
            settings = config.load(home.config)
            if id_ and home.sites.exists() and id_ in catalogue.load(home.sites):
                raise ConfigError(f"{home.sites} has a site {id_!r} already; choose another --id")
            survey = _surveyed(url, section, settings, fixture, as_json=as_json)
            if survey.confidence < least:
                raise ConfigError(
                    f"{url}: confidence {survey.confidence:.2f} is below {least:.2f}; nothing was written"
                )
            site, notes = colleges.named(survey.proven, survey.proven.homepage or url, known)
            for note in notes:
                click.echo(f"note: {note}", err=as_json)
            comment = _comment(url, survey)
        else:
            raise click.UsageError("name the home page or a listing of a college, or --builtin ID")
        if id_:
            site = replace(site, id=id_)
        _new(site, home)
        if not as_json:
            click.echo(f"\n{entries.entry(site, comment)}")
        if not dry_run:
            if not (yes or as_json):
                click.confirm(f"Add this to {home.sites}?", abort=True)
            entries.append(home.sites, site, comment)
    except ConfigError as problem:
        raise click.ClickException(str(problem)) from None
    if as_json:
        click.echo(
            json.dumps(
                (survey.as_dict() if survey else {})
                | {"id": site.id, "entry": entries.entry(site, comment), "written": not dry_run},
                ensure_ascii=False,
            )
        )
    else:
        click.echo(
            "dry run: nothing written"
            if dry_run
            else f"added [{site.id}] to {home.sites}; next: {home.typed(f'campuswarc crawl {site.id}')}"
        )
    if survey is not None and survey.incomplete:
        for reason in survey.incomplete:
            click.echo(f"known to be missing: {reason}", err=True)
        sys.exit(INCOMPLETE)


def _many(home: ArchiveFolder, text: str, jobs: int, least: float, path: Path, table: Path | None) -> None:
    """Add the addresses of a list, and say how many came to what; ends the command where not all are right."""
    try:
        settings, wanted, settled = config.load(home.config), url_lists.read(text), batch.Results(path)
        known = sum(one.url in settled.done for one in wanted)
        asyncio.run(
            batch.add_all(
                wanted,
                home.sites,
                settings,
                settled,
                jobs=jobs,
                least=least,
                colleges=colleges.read(table) if table else None,
                said=lambda one: click.echo("\t".join(one.row())),
            )
        )
    except ConfigError as problem:
        raise click.ClickException(str(problem)) from None
    counts = Counter(settled.done[one.url] for one in wanted)
    said = ", ".join(f"{counts[name]} {name}" for name in (batch.RIGHT, batch.PARTIAL, batch.REFUSED))
    click.echo(f"{len(wanted)} addresses: {said}" + (f"; {known} were settled before" if known else "") + f": {path}")
    if not counts[batch.RIGHT] + counts[batch.PARTIAL]:
        raise click.ClickException("nothing was written")
    if counts[batch.RIGHT] < len(wanted):
        sys.exit(INCOMPLETE)


def _comment(url: str, found: Survey) -> str:
    """What the entry says above itself: when, how sure, and what is known to be missing."""
    lines = [f"added {datetime.now(UTC):%Y-%m-%d} by `campuswarc add {url}`; confidence {found.confidence:.2f}"]
    return "\n".join([*lines, *(f"known to be missing: {' '.join(reason.split())}" for reason in found.incomplete)])


def _new(site: Site, home: ArchiveFolder) -> None:
    """Raises ConfigError where a listing is crawled already, under whatever id."""
    known = {
        seed.url: one.id
        for one in (catalogue.load(home.sites) if home.sites.exists() else {}).values()
        for seed in one.listings
    }
    for seed in site.listings:
        if seed.url in known:
            raise ConfigError(f"{home.sites} has {seed.url} already, as a listing of [{known[seed.url]}]")


def _builtin(id_: str) -> Site:
    known = catalogue.builtin()
    if id_ not in known:
        raise ConfigError(f"no built-in site {id_!r}{nearest(id_, list(known))}")
    site = known[id_]
    listed = {seed.url.split("/")[2].partition(":")[0] for seed in site.listings}
    return replace(site, hosts=tuple(host for host in site.hosts if host not in listed))


def _surveyed(url: str, section: str, settings: config.Config, fixture: Path | None, *, as_json: bool) -> Survey:
    """What a survey found and how it was proven, printed; ends the command where nothing holds."""
    found, visitor = asyncio.run(_survey(url, section, settings))
    if (found.proofs or found.refused) and not as_json:
        proofs.show([*found.proofs, *found.refused])
    for note in found.notes:
        click.echo(f"note: {note}", err=as_json)
    if found.site is None:
        if as_json:
            click.echo(json.dumps(found.as_dict() | {"written": False}, ensure_ascii=False))
        for reason in found.missing:
            click.echo(f"missing: {reason}", err=True)
        raise click.ClickException(f"{url}: no listing could be proven; nothing was written")
    if fixture is not None:
        for folder in fixtures.save(fixture, found.site.id, found.proofs, visitor.pages):
            click.echo(f"saved {folder}: review its expected.json and set reviewed to true", err=as_json)
    return found


async def _survey(url: str, section: str, settings: config.Config) -> tuple[Survey, SurveyFetcher]:
    visitor = SurveyFetcher(settings)
    try:
        return await Surveyor(visitor, lambda step: click.echo(step, err=True)).survey(url, section), visitor
    finally:
        await visitor.close()
