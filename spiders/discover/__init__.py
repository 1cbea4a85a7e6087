"""Listings found on sites nobody described, and proven by their pages."""

from spiders.discover.homepage import (
    Candidate,
    archives,
    candidates,
    fingerprint,
    forward,
    machine,
    named,
    siblings,
    words_score,
)

__all__ = [
    "Candidate",
    "archives",
    "candidates",
    "fingerprint",
    "forward",
    "machine",
    "named",
    "siblings",
    "words_score",
]
