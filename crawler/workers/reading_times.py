"""How long the pages of each site take to read, and what follows: patience, and whether they are read apart."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

PATIENCE = 60.0  # seconds one page may take: the slowest honest page seen took under 2
LEAST_PATIENCE = 5.0  # what is left of it, halved with each page of the site that took longer
HASTE = 5.0  # seconds a page may take while pages of other sites wait behind it
ALLOWED = 0.5  # seconds of work a page may take and owe nothing: a hundred times what most take
CREDIT = 10.0  # seconds of work above that which a site may owe and still be read with the others


@dataclass(slots=True)
class _Account:
    spent: float = 0.0  # seconds in all
    owed: float = 0.0  # seconds its pages took longer than allowed; quick ones pay it back
    timeouts: int = 0


class ReadingTimes:
    """An account of each site in this run."""

    def __init__(self) -> None:
        self._accounts: defaultdict[str, _Account] = defaultdict(_Account)

    def took(self, site: str, seconds: float) -> None:
        """A page was read, with so many seconds of work."""
        account = self._accounts[site]
        account.spent += seconds
        account.owed = max(0.0, account.owed + seconds - ALLOWED)

    def held_up(self, site: str) -> None:
        """A page of it kept others waiting: from here on it is read apart, until quick pages have paid for it."""
        account = self._accounts[site]
        account.owed = max(account.owed, 2 * CREDIT)

    def timed_out(self, site: str, seconds: float) -> None:
        """A page of it was given up after so long."""
        account = self._accounts[site]
        account.timeouts += 1
        account.spent += seconds
        account.owed += seconds + CREDIT

    def patience(self, site: str) -> float:
        """Seconds its next page may take."""
        return max(LEAST_PATIENCE, PATIENCE / 2.0 ** min(self._accounts[site].timeouts, 30))

    def apart(self, site: str) -> bool:
        """Whether its pages are read apart from those of other sites."""
        return self._accounts[site].owed > CREDIT

    def spent(self, site: str) -> float:
        """Seconds that its pages have taken."""
        return self._accounts[site].spent
