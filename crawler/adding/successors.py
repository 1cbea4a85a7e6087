"""Which listing of a site that was surveyed again goes on from one that can no longer be read. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from archive.near.likeness import same_headline
from spiders.discover.proof import Proof
from spiders.site import ListingSeed, same_domain
from spiders.urls import is_home

_ENOUGH = 3  # stories of the old listing that a new one has to show; all, of a shorter one
_PLAINLY = 2  # times as many as the next best one shows


@dataclass(frozen=True, slots=True)
class Known:
    """What the archive has of a listing's stories."""

    urls: Collection[str] = ()
    titles: Collection[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A listing that was proven, and what says that it goes on from the old one."""

    proof: Proof
    leads: bool  # the old address leads there, or is it
    shared: int  # of its stories those that are known of the old one
    named: bool  # both have the same name

    @property
    def said(self) -> str:
        """In words."""
        reasons = [
            *(["the old address leads there"] if self.leads else []),
            *([f"{self.shared} of its {len(self.proof.listing.items)} stories are known"] if self.shared else []),
            *(["it has the same name"] if self.named else []),
        ]
        return ", ".join(reasons) or "nothing says that it goes on from it"

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"url": self.proof.url, "section": self.proof.section, "evidence": self.said, "shared": self.shared}


def candidates(seed: ListingSeed, known: Known, leads_to: Collection[str], proofs: Sequence[Proof]) -> list[Candidate]:
    """The proven listings beside an old one, the likeliest first; `leads_to` is where its address leads now."""
    titles = {name for title in known.titles if (name := same_headline(title))}
    found = []
    for proof in proofs:
        if not proof.holds:
            continue
        items = proof.listing.items
        shared = sum(1 for item in items if item.url in known.urls or same_headline(item.title) in titles)
        led = proof.url in leads_to and (proof.url == seed.url or not is_home(proof.url))
        near = same_domain(urlsplit(proof.url).hostname or "", urlsplit(seed.url).hostname or "")
        found.append(
            Candidate(
                proof=proof,
                leads=led and (near or shared >= min(_ENOUGH, len(items))),  # a domain may have been sold
                shared=shared,
                named=near and bool(seed.section) and seed.section.casefold() == proof.section.casefold(),
            )
        )
    return sorted(found, key=lambda one: (one.leads, one.shared, one.named), reverse=True)


def clear(found: Sequence[Candidate]) -> Candidate | None:
    """The one that goes on from the old listing beyond doubt; None where there is none, or two are as good."""
    led = [one for one in found if one.leads]
    if led:
        return led[0] if len(led) == 1 else None
    by_stories = sorted(found, key=lambda one: one.shared, reverse=True)
    if by_stories and by_stories[0].shared >= min(_ENOUGH, max(1, len(by_stories[0].proof.listing.items))):
        best, *others = by_stories
        alike = [one for one in others if one.shared * _PLAINLY > best.shared]
        if not alike:
            return best
        named = [one for one in (best, *alike) if one.named]
        return named[0] if len(named) == 1 else None
    named = [one for one in found if one.named]
    return named[0] if len(named) == 1 else None
