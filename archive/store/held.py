"""What is held back of each site, in words a person reads: one line for what has one cause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

_WHY = {
    "same_words": "the text is now that of other pages too",
    "many_changed": "another text, on more pages than ever before in one run",
    "listing_unread": "another text, while the listing cannot be read",
    "shrunk": "a tenth of the text is left, under another headline",
}
_SHOWN = 40  # characters of a headline


@dataclass(frozen=True, slots=True)
class Held:
    """What is held back for one cause."""

    what: str  # to be accepted: an address, or the site
    reason: str
    since: str
    said: str
    line: str


def held_back(db: Database) -> dict[str, list[Held]]:
    """Causes by site; sites of which nothing is held back are left out."""
    found: dict[str, list[Held]] = {}
    groups = db.execute(
        "select site, place, kind, reason, count(*), min(since), min(title), count(distinct title), min(url) from"
        " suspects"
        " group by site, place, kind = 'gone', kind = 'new', reason, iif(reason = 'same_words', gist, 0) order by"
        " site, count(*) desc, min(url)"
    )
    for site, place, kind, reason, count, since, title, titles, url in groups.fetchall():
        pages, what = (f"{count} pages of {place}", site) if count > 1 else (url, url)
        if kind == "gone":
            said, then = (
                f"not there ({title}), nor is any other page of the host that was asked for; the stories are kept",
                "if they are gone",
            )
        else:
            named = f" ({_cut(title)})" if title and titles == 1 else ""
            kept = "what was known is kept" if kind == "changed" else "no story is made of it"
            said, then = f"{_WHY.get(reason, 'another text')}{named}; {kept}", "if that is right"
        line = (
            f"suspect since {since[:10]}: {pages}: {said}, looked at again each day: campuswarc accept {what}, {then}"
        )
        found.setdefault(site, []).append(Held(what, reason, since, f"{pages}: {said}", line))
    return found


def _cut(title: str) -> str:
    return title if len(title) <= _SHOWN else title[:_SHOWN].rstrip() + "…"
