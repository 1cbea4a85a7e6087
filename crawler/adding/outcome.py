"""What a survey found: the site to write, its proofs, and what is known to be missing. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from archive.article import Article
from spiders import countries
from spiders.discover import origin, zone
from spiders.discover.candidate import Candidate
from spiders.discover.proof import Proof
from spiders.page import Page
from spiders.site import Browser, ListingSeed, Site

_DRAWN: tuple[Browser, ...] = ("page", "listing")  # the greater first


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What was found, ready to be written or refused."""

    site: Site | None  # None: nothing holds
    proofs: tuple[Proof, ...]  # those that hold
    refused: tuple[Proof, ...]
    missing: tuple[str, ...]  # beside what the refused proofs miss
    notes: tuple[str, ...] = ()
    left: tuple[Proof, ...] = ()  # those that hold, and are of another family than the site
    untried: tuple[Candidate, ...] = ()  # likely ones for which there was no time

    @property
    def incomplete(self) -> tuple[str, ...]:
        """What is known to be missing of the site that would be written, in sentences; empty where all that the site
        shows was found."""
        return (
            *(f"{proof.url}: {reason}" for proof in self.proofs for reason in proof.missing),
            *(
                f"{proof.url}: left out, since a site has one family and its own is {proof.family}"
                for proof in self.left
            ),
            *(f"{one.url} ({one.section or 'no name'}): a likely listing that was not tried" for one in self.untried),
            *self.missing,
        )

    @property
    def proven(self) -> Site:
        """The site to write. Only where something holds."""
        assert self.site is not None
        return self.site

    def as_dict(self) -> dict[str, Any]:
        """For JSON: all that was tried and was not, with the reasons."""
        return {
            "confidence": self.confidence,
            "incomplete": list(self.incomplete),
            "notes": list(self.notes),
            "missing": list(self.missing),
            "proofs": [proof.as_dict() for proof in self.proofs],
            "left": [proof.as_dict() for proof in self.left],
            "refused": [proof.as_dict() for proof in self.refused],
            "untried": [
                {"url": one.url, "section": one.section, "kind": one.kind, "score": round(one.score, 2)}
                for one in self.untried
            ],
        }

    @property
    def confidence(self) -> float:
        """Of the weakest listing that would be written."""
        return min((proof.confidence for proof in self.proofs), default=0.0)


def nothing(reason: str, refused: Sequence[Proof] = ()) -> Survey:
    """Nothing to write, and why."""
    return Survey(site=None, proofs=(), refused=tuple(refused), missing=(reason,))


def family_of(held: Sequence[Proof]) -> str:
    """The family by which most items of some listings were read."""
    weights: Counter[str] = Counter()
    for proof in held:
        weights[proof.family] += max(1, len(proof.listing.items))
    return weights.most_common(1)[0][0]


def widest_browser(kept: Iterable[Proof]) -> Browser:
    """What a browser has to draw of a site with these listings."""
    kinds = {proof.browser for proof in kept}
    return next((kind for kind in _DRAWN if kind in kinds), "none")


def seed_of(proof: Proof, section: str) -> ListingSeed:
    """A listing as an entry names it: with what is known of it that its own page does not say."""
    unfollowed = (proof.listing.unfollowed or "") if proof.unstated else ""
    return ListingSeed(url=proof.url, section=section, pager=proof.pager, unfollowed=unfollowed)


def found(
    start: Page, home: Page, held: Sequence[Proof], refused: Sequence[Proof], section: str, pages: Iterable[Page]
) -> Survey:
    """The site of the listings that hold; `home` is the page that knows its name, `section` what was asked for, `pages`
    are those that were looked at."""
    family = family_of(held)
    kept = [proof for proof in held if proof.family == family]
    timezone, told = zone.proposed(start.url, pages)
    languages = Counter(
        one.found.language
        for proof in kept
        for one in proof.stories
        if isinstance(one.found, Article) and one.found.language
    )
    name = origin.site_name(home)
    site = Site(
        id=origin.site_id(start.url),
        name=name,
        college=name,
        family=family,
        homepage=start.url,
        country=countries.country(start.url),
        language=languages.most_common(1)[0][0] if languages else "",
        timezone=timezone,
        browser=widest_browser(kept),
        select=next((proof.select for proof in kept if proof.select), {}),
        listings=tuple(seed_of(proof, proof.section if len(kept) > 1 or section else "") for proof in kept),
    )
    return Survey(
        site=site,
        proofs=tuple(kept),
        refused=tuple(refused),
        missing=(),
        notes=(told,) if told else (),
        left=tuple(proof for proof in held if proof.family != family),
    )
