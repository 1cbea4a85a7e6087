"""Many sites added at once: hosts side by side, one survey at a time of each, and a line for each address."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from crawler.adding import entries
from crawler.adding.colleges import Colleges, named
from crawler.adding.outcome import Survey
from crawler.adding.survey import Surveyor
from crawler.adding.survey_fetcher import SurveyFetcher
from crawler.adding.url_lists import Wanted
from crawler.config import Config
from spiders.site import Site, registrable
from spiders.tables import ConfigError

RIGHT, PARTIAL, REFUSED = "right", "incomplete", "refused"
_HEAD = ("url", "outcome", "site", "confidence", "why")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one address."""

    url: str
    outcome: str
    site: str
    confidence: str
    why: str

    def row(self) -> tuple[str, ...]:
        """As a line of the file of results."""
        return tuple(" ".join(getattr(self, name).split()) for name in _HEAD)


class Results:
    """A file of one line an address, written as each is settled: what stands in it is not done again."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.done: dict[str, str] = {}  # outcome by address
        if path.exists():
            with path.open(encoding="utf-8", newline="") as file:
                self.done = {row["url"]: row["outcome"] for row in csv.DictReader(file, dialect=csv.excel_tab)}
        else:
            self._write(_HEAD)

    def add(self, one: Outcome) -> None:
        """Write down what became of an address."""
        self._write(one.row())
        self.done[one.url] = one.outcome

    def _write(self, row: Sequence[str]) -> None:
        with self.path.open("a", encoding="utf-8", newline="") as file:
            csv.writer(file, dialect=csv.excel_tab, lineterminator="\n").writerow(row)


async def add_all(
    wanted: Sequence[Wanted],
    sites: Path,
    settings: Config,
    results: Results,
    *,
    jobs: int,
    least: float,
    colleges: Colleges | None = None,
    said: Callable[[Outcome], object],
) -> None:
    """Survey what is not settled yet, as many hosts at a time as `jobs`; write what holds as surely as `least`."""
    by_host: dict[str, list[Wanted]] = {}
    for one in wanted:
        if one.url not in results.done:
            by_host.setdefault(registrable(urlsplit(_address(one.url)).hostname or one.url), []).append(one)
    turn = asyncio.Semaphore(jobs)

    async def host(members: list[Wanted]) -> None:
        async with turn:
            for one in members:
                outcome = await _add(one, sites, settings, least, colleges)
                results.add(outcome)
                said(outcome)

    await asyncio.gather(*(host(members) for members in by_host.values()))


async def _add(one: Wanted, sites: Path, settings: Config, least: float, colleges: Colleges | None) -> Outcome:
    visitor = SurveyFetcher(settings)
    try:
        found = await Surveyor(visitor).survey(_address(one.url), one.given.get("section", ""))
    except ValueError as problem:
        return Outcome(one.url, REFUSED, "", "", str(problem))
    finally:
        await visitor.close()
    sure = f"{found.confidence:.2f}"
    if found.site is None:
        reasons = (*found.missing, *(f"{proof.url}: {why}" for proof in found.refused for why in proof.missing))
        return Outcome(one.url, REFUSED, "", sure, "; ".join(reasons) or "no listing could be proven")
    if found.confidence < least:
        return Outcome(one.url, REFUSED, "", sure, f"confidence {sure} is below {least:.2f}")
    try:
        site, notes = _written(found, one, sites, colleges)
    except ConfigError as problem:
        return Outcome(one.url, REFUSED, "", sure, str(problem))
    return Outcome(
        one.url, PARTIAL if found.incomplete else RIGHT, site.id, sure, "; ".join([*found.incomplete, *notes])
    )


def _written(found: Survey, one: Wanted, path: Path, colleges: Colleges | None) -> tuple[Site, tuple[str, ...]]:
    """Append its table, what the list says before what is found; an id that is taken gets a number. Gives notes too.
    Raises ConfigError where a listing is known already."""
    tags = tuple(one.given.get("tags", "").replace(";", " ").replace(",", " ").split())
    proven, notes = named(found.proven, found.proven.homepage or _address(one.url), colleges)
    said = one.given
    site = replace(
        proven,
        name=said.get("name", proven.name),
        college=said.get("college", proven.college),
        country=said.get("country", proven.country),
        ror=said.get("ror", proven.ror),
        wikidata=said.get("wikidata", proven.wikidata),
        language=said.get("language", proven.language),
        tags=tags,
    )
    taken = entries.parsed(path.read_bytes(), path) if path.exists() else {}
    wanted = one.given.get("id") or site.id
    id_ = next(name for n in range(1, len(taken) + 2) if (name := wanted if n == 1 else f"{wanted}_{n}") not in taken)
    site = replace(site, id=id_)
    lines = [f"added {datetime.now(UTC):%Y-%m-%d} from a list: {one.url}; confidence {found.confidence:.2f}"]
    lines += [f"known to be missing: {' '.join(reason.split())}" for reason in found.incomplete]
    entries.append(path, site, "\n".join(lines))
    return site, notes


def _address(url: str) -> str:
    return url if "://" in url else f"https://{url}"
