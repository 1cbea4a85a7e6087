"""An address that may list the news of a site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from spiders.urls import canonical

CandidateKind = Literal["listing", "feed", "api", "sitemap"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An address that may list news."""

    url: str
    section: str = ""  # words of the link or of the heading it stands beside
    kind: CandidateKind = "listing"
    score: float = 0.0  # 3 = plainly the news, 1 = perhaps


def key_of(url: str) -> str:
    """By which two addresses of the same page are known: without scheme and last slash."""
    try:
        return canonical(url).partition("://")[2].rstrip("/")
    except ValueError:
        return url
