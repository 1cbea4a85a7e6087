"""campuswarc fix SITE"""

from __future__ import annotations

import asyncio
import difflib
import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime

import click

from archive.store.db import open_reader
from archive.store.listings import newest_of
from crawler import config
from crawler.adding import edits, entries, proofs
from crawler.adding.fixing import Fix, Fixer
from crawler.adding.successors import Candidate, Known
from crawler.adding.survey_fetcher import SurveyFetcher
from crawler.archive_folder import ArchiveFolder
from crawler.exits import INCOMPLETE
from spiders import catalogue
from spiders.site import Site
from spiders.tables import ConfigError, nearest

_BUDGET = 400  # requests: the site as it is, and as many surveys as it takes to find it again


@click.command()
@click.argument("name", metavar="SITE")
@click.option(
    "--listing", "named", multiple=True, metavar="URL", help="Take this listing for those that cannot be read any more."
)
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.option("--dry-run", is_flag=True, help="Show the change, write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object with all that was found; implies --yes.")
@click.pass_obj
def command(home: ArchiveFolder, name: str, named: tuple[str, ...], yes: bool, dry_run: bool, as_json: bool) -> None:
    """Find where the news of a SITE is now that moved or was redesigned, prove it, and change its table of sites.toml.

    A listing that can be read is left alone, unless its address leads to another one. Each of the others gives way to
    the one that goes on from it: its address leads there, it shows stories that are known, or has the same name. Where
    two do as well you are asked; with --yes or --json nothing is guessed, and --listing says which.

    Exit status 0: all its listings can be read, or have been changed so; 3: changed, and something is known to be
    missing; 1: nothing was changed.
    """
    try:
        settings, sites = config.load(home.config), catalogue.load(home.sites)
        if name not in sites:
            raise ConfigError(f"{home.sites}: no site {name!r}{nearest(name, list(sites))}")
        site, known = sites[name], _known(home, name)
        fix = asyncio.run(_fix(site, known, named, settings))
        if fix.doubtful and not (yes or as_json or dry_run) and (chosen := _asked(fix)):
            fix = asyncio.run(_fix(site, known, chosen, settings))
        before = home.sites.read_bytes()
        after = edits.resettled(home.sites, fix.made, _note(fix)) if fix.made is not None else before
        diff = _diff(before, after, home.sites.name)
        if as_json:
            wrote = after != before and not dry_run
            click.echo(json.dumps(fix.as_dict() | {"diff": diff, "written": wrote}, ensure_ascii=False))
        else:
            _say(fix, diff, home)
        if after != before and not dry_run:
            if not (yes or as_json):
                click.confirm(f"Change {home.sites} so?", abort=True)
            entries.put(home.sites.resolve(), after)
    except ConfigError as problem:
        raise click.ClickException(str(problem)) from None
    _end(fix, home, changed=after != before, written=after != before and not dry_run, quiet=as_json)


async def _fix(site: Site, known: Mapping[str, Known], named: tuple[str, ...], settings: config.Config) -> Fix:
    visitor = SurveyFetcher(settings, budget=_BUDGET)
    try:
        return await Fixer(visitor, lambda step: click.echo(step, err=True)).fix(site, known, named)
    finally:
        await visitor.close()


def _known(home: ArchiveFolder, site: str) -> dict[str, Known]:
    """What the archive has of each listing; nothing where none was made yet."""
    if not home.database.exists():
        return {}
    found: dict[str, Known] = {}
    for listing, url, title in newest_of(open_reader(home.database, older=False, shown="all"), site):
        one = found.setdefault(listing, Known(urls=set(), titles=set()))
        found[listing] = Known(urls={*one.urls, url}, titles={*one.titles, title})
    return found


def _asked(fix: Fix) -> tuple[str, ...]:
    """What a person takes for the listings of which two are as good; nothing where none of them is it."""
    offered: dict[str, Candidate] = {}
    for old, found in fix.doubtful.items():
        click.echo(f"{old}: which goes on from it?")
        for one in found:
            offered[one.proof.url] = one
            click.echo(f"  {list(offered).index(one.proof.url) + 1}  {one.proof.url} ({one.said})")
    said = click.prompt("Numbers of those to take, 0 for none", default="0")
    numbers = [int(word) for word in said.replace(",", " ").split() if word.isdecimal()]
    settled = [one.proof.url for found in fix.follows.values() for one in found]
    chosen = [url for n, url in enumerate(offered, 1) if n in numbers]
    return (*settled, *chosen) if chosen else ()


def _note(fix: Fix) -> str:
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    return "\n".join(
        f"{day} campuswarc fix: {old} gave way to {', '.join(one.proof.url for one in found)}"
        for old, found in fix.follows.items()
    )


def _diff(before: bytes, after: bytes, name: str) -> str:
    old, new = (content.decode("utf-8").splitlines() for content in (before, after))
    return "\n".join(difflib.unified_diff(old, new, name, name, lineterm=""))


def _say(fix: Fix, diff: str, home: ArchiveFolder) -> None:
    if fix.proofs:
        proofs.show(fix.proofs)
    for old, found in fix.follows.items():
        for one in found:
            click.echo(f"{old}\n  goes on at {one.proof.url}: {one.said}")
    if diff:
        click.echo(f"\n{diff}\n")


def _end(fix: Fix, home: ArchiveFolder, *, changed: bool, written: bool, quiet: bool) -> None:
    for old, found in fix.doubtful.items():
        click.echo(f"{old}: not clear which listing goes on from it; name it:", err=True)
        for one in found:
            take = home.typed(f"campuswarc fix {fix.site.id} --listing {one.proof.url}")
            click.echo(f"  {take}   # {one.said}", err=True)
    for old, why in fix.lost.items():
        click.echo(f"{old}: nothing was found that goes on from it: {why}", err=True)
    for proof in fix.proofs:
        for reason in proof.missing:
            click.echo(f"known to be missing: {proof.url}: {reason}", err=True)
    if not changed:
        if len(fix.well) == len(fix.site.listings):
            if not quiet:
                click.echo(f"{fix.site.id}: all its listings can be read; nothing to fix")
            return
        if fix.follows:
            click.echo(f"{fix.site.id}: with its new listings it could not be proven", err=True)
        raise click.ClickException(f"{fix.site.id}: nothing was changed")
    if not quiet:
        then = home.typed(f"campuswarc crawl {fix.site.id}")
        click.echo(f"{fix.site.id}: {f'changed; next: {then}' if written else 'dry run: nothing written'}")
    if fix.doubtful or fix.lost or any(proof.missing for proof in fix.proofs):
        sys.exit(INCOMPLETE)
