"""Listings found on sites nobody described, and proven by their pages."""

from spiders.discover.candidate import Candidate
from spiders.discover.doors import frames, hubs, twins
from spiders.discover.feeds import feeds, known_feeds, machine
from spiders.discover.homepage import archives, candidates, fingerprint, forward, named, siblings
from spiders.discover.words import words_score

__all__ = [
    "Candidate",
    "archives",
    "candidates",
    "feeds",
    "fingerprint",
    "forward",
    "frames",
    "hubs",
    "known_feeds",
    "machine",
    "named",
    "siblings",
    "twins",
    "words_score",
]
