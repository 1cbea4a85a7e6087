"""Events are not news: their dates lie ahead, their addresses say so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from urllib.parse import urlsplit

from archive.patterns import deferred
from spiders.generic import dates

_ADDRESS = deferred(
    r"""
    (?:^|/)(?:
        (?:upcoming[-_]?)?events?|events?[-_]?(?:calendar|detail|view|list)|calendars?  # English
        # German, French, Spanish, Italian
        |what-?s-?on|veranstaltung(?:en)?|termine?|evenements?|agenda|eventos?|eventi
        # Dutch, Nordic, Polish, Czech, Russian
        |evenementen|evenemang|begivenheder|tapahtumat|wydarzenia|akce|meropriyatiya
        |etkinlik(?:ler)?|kegiatan-mendatang|su-kien  # Turkish, Indonesian, Vietnamese
    )(?:[/._?=-]|$)
    """,
    re.I | re.X,
)
_MOST = 0.6  # share of the dated rows that lie ahead, or of the addresses, from which a list is one of events


def address(url: str) -> bool:
    """Whether an address says that it is an event's, or a list of them."""
    return bool(_ADDRESS.search(urlsplit(url).path))


def days(shown: Sequence[str | None], now: datetime | None) -> list[date]:
    """The days of rows, of those that show one that can be read."""
    return [moment.day for text in shown if text and (moment := dates.parse(text, now))]


def are(urls: Sequence[str], shown: Sequence[str | None], now: datetime | None) -> bool:
    """Whether rows with these addresses and dates are events rather than news."""
    if urls and sum(1 for url in urls if address(url)) >= _MOST * len(urls):
        return True
    known = days(shown, now) if now is not None else []
    return now is not None and len(known) >= 3 and sum(1 for day in known if day > now.date()) >= _MOST * len(known)
