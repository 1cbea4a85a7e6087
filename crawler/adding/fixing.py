"""A configured site surveyed again: its listings that moved, and those that go on from ones that cannot be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from crawler.adding.outcome import family_of, seed_of, widest_browser
from crawler.adding.successors import Candidate, Known, candidates, clear
from crawler.adding.survey import Say, Surveyor
from crawler.adding.survey_fetcher import SurveyFetcher, Unreachable
from spiders.discover import candidate
from spiders.discover.proof import Proof
from spiders.site import ListingSeed, Site

_STARTS = 6  # addresses from which a site is surveyed again


@dataclass(slots=True)
class Fix:
    """What became of a site's listings. `made` is the site to write; None where nothing is to be changed."""

    site: Site
    made: Site | None = None
    well: list[str] = field(default_factory=list)
    follows: dict[str, list[Candidate]] = field(default_factory=dict)  # old address: what goes on from it
    doubtful: dict[str, list[Candidate]] = field(default_factory=dict)  # several are as good, or nothing speaks for one
    lost: dict[str, str] = field(default_factory=dict)  # old address: why nothing was found
    proofs: list[Proof] = field(default_factory=list)  # of the site as it would be written

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "id": self.site.id,
            "well": self.well,
            "follows": {old: [one.as_dict() for one in found] for old, found in self.follows.items()},
            "doubtful": {old: [one.as_dict() for one in found] for old, found in self.doubtful.items()},
            "lost": self.lost,
            "proofs": [proof.as_dict() for proof in self.proofs],
        }


class Fixer:
    """Looks for where a site's news is now, by way of a SurveyFetcher; `say` is told each step."""

    def __init__(self, visitor: SurveyFetcher, say: Say) -> None:
        self._visitor, self._surveyor = visitor, Surveyor(visitor, say)

    async def fix(self, site: Site, known: Mapping[str, Known], named: Sequence[str] = ()) -> Fix:
        """The listings that can be read are left as they are, unless their address leads to another one; each of the
        others gives way to the one that goes on from it. `named` are listings that a person names for all of these."""
        fix, proofs = Fix(site), {proof.url: proof for proof in await self._surveyor.check(site)}
        leads = {seed.url: await self._leads(seed.url) for seed in site.listings}
        moved = [seed for seed in site.listings if not proofs[seed.url].holds or leads[seed.url] != seed.url]
        fix.well = [seed.url for seed in site.listings if seed not in moved]
        if not moved:
            return fix
        held, reasons = dict[str, Proof](), list[str]()
        starts = list(named) or self._starts(site, moved, leads)
        for start in starts:
            to = await self._leads(start)
            if to != start and to not in starts and not named:
                starts.append(to)
            if len(held) and not named and self._settled(moved, known, leads, list(held.values())):
                break
            if starts.index(start) >= _STARTS:
                break
            survey = await self._surveyor.survey(to)
            held |= {proof.url: proof for proof in (*survey.proofs, *survey.left) if proof.url not in fix.well}
            reasons += [reason for reason in survey.missing if survey.site is None]
        why = "; ".join(dict.fromkeys(reasons)) or "no other listing could be proven"
        for seed in moved:
            found = candidates(seed, known.get(seed.url, Known()), {seed.url, leads[seed.url]}, list(held.values()))
            best = found if named else [one] if (one := clear(found)) is not None else []
            if best:
                fix.follows[seed.url] = best
            elif found:
                fix.doubtful[seed.url] = found
            else:
                fix.lost[seed.url] = why
        if fix.follows:
            await self._make(fix, proofs)
        return fix

    async def _leads(self, url: str) -> str:
        """Where an address leads now, on another site too; itself where it leads nowhere."""
        try:
            page = await self._visitor.get(url)
        except Unreachable as problem:
            return problem.to or url
        return page.url

    def _starts(self, site: Site, moved: Sequence[ListingSeed], leads: Mapping[str, str]) -> list[str]:
        there = [leads[seed.url] for seed in moved if leads[seed.url] != seed.url]
        home = [site.homepage] if site.homepage else []
        return list(dict.fromkeys([*there, *home, *map(_root, [*there, *(seed.url for seed in moved)])]))

    def _settled(
        self, moved: Sequence[ListingSeed], known: Mapping[str, Known], leads: Mapping[str, str], held: list[Proof]
    ) -> bool:
        return all(
            clear(candidates(seed, known.get(seed.url, Known()), {seed.url, leads[seed.url]}, held)) for seed in moved
        )

    async def _make(self, fix: Fix, before: Mapping[str, Proof]) -> None:
        """The site with its new listings, proven as it would be written; none where that does not hold."""
        site = fix.site
        chosen = {one.proof.url: one.proof for found in fix.follows.values() for one in found}
        family = family_of([*chosen.values(), *(before[url] for url in fix.well)])
        for url, proof in chosen.items():
            if proof.family != family:
                chosen[url] = await self._surveyor.trial.prove(candidate.Candidate(url=url), family)
        seeds = dict[str, ListingSeed]()
        for seed in site.listings:
            for proof in [chosen[one.proof.url] for one in fix.follows.get(seed.url, ())]:
                named = seed.section or (proof.section if len(site.listings) + len(chosen) > 2 else "")
                seeds.setdefault(proof.url, seed_of(proof, named))
            if seed.url not in fix.follows:
                seeds[seed.url] = seed
        homepage = await self._leads(site.homepage) if site.homepage else ""
        hosts = {urlsplit(url).hostname or "" for url in (*seeds, homepage) if url}
        made = replace(
            site,
            family=family,
            homepage=homepage,
            listings=tuple(seeds.values()),
            hosts=tuple(sorted({*site.hosts, *hosts})),
            browser=widest_browser(chosen.values()) if family != site.family else site.browser,
            select=site.select if family == site.family else {},
        )
        selects = [made.select, next((proof.select for proof in chosen.values() if proof.select), {})]
        for select in selects if selects[0] != selects[1] else selects[:1]:
            made = replace(made, select=select)
            fix.proofs = await self._surveyor.check(made)
            if all(proof.holds for proof in fix.proofs if proof.url in chosen or proof.url in fix.well):
                fix.made = made
                return


def _root(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"
