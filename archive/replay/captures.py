"""Which captures there are of an address, and which of them is nearest to a time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit, urlunsplit

if TYPE_CHECKING:
    from sqlite_utils import Database


Row = dict[str, Any]
_AS_THEY_ARE = "%/:=&?~#+!$,;'@()*[]|"


def spellings(url: str) -> list[str]:
    """The address, then other spellings under which the same page may have been captured, likeliest first."""
    try:
        parts = urlsplit(url.partition("#")[0])
    except ValueError:  # "http://[": no address
        return [url]
    host = parts.netloc.lower()
    port = {"http": ":80", "https": ":443"}.get(parts.scheme, "")
    host = host.removesuffix(port)
    other_host = host.removeprefix("www.") if host.startswith("www.") else f"www.{host}"
    path = parts.path or "/"
    paths = [
        path,
        quote(path, safe=_AS_THEY_ARE),
        unquote(path),
        path.removesuffix("/") if path != "/" else path,
        f"{path}/",
    ]
    queries = [parts.query, quote(parts.query, safe=_AS_THEY_ARE)]
    schemes = [parts.scheme, "http" if parts.scheme == "https" else "https"]
    found = [url] + [
        urlunsplit((scheme, netloc, way, query, ""))
        for netloc in (host, other_host, f"{host}{port}")
        for scheme in schemes
        for way in paths
        for query in queries
    ]
    return list(dict.fromkeys(found))


def captures(db: Database, url: str) -> list[Row]:
    """All captures of an address, oldest first: of the first of its spellings that has any."""
    tried = spellings(url)
    rows = list(
        db.query(f"select * from captures where url in ({', '.join('?' * len(tried))}) order by fetched_at, id", tried)
    )
    first = next((spelling for spelling in tried if any(row["url"] == spelling for row in rows)), None)
    return [row for row in rows if row["url"] == first]


def nearest(rows: Iterable[Row], at: datetime) -> Row | None:
    """The capture nearest in time, to the second, as addresses name it; among those of one instant, and beside errors
    less than a day nearer, one that succeeded, and an answer to
    another question than for the page last."""

    def distance(row: Row) -> tuple[float, bool, bool]:
        seconds = abs((moment(row["fetched_at"]).replace(microsecond=0) - at.replace(microsecond=0)).total_seconds())
        failed = row["status"] >= 400
        return (seconds + (86400 if failed and seconds else 0), failed, row["kind"] == "probe")

    return min(rows, key=distance, default=None)


def archived(db: Database, urls: list[str]) -> set[str]:
    """Those of these addresses that have been captured, in any spelling, with success."""
    wanted = {spelling: url for url in reversed(urls) for spelling in reversed(spellings(url))}
    found: set[str] = set()
    spelled = list(wanted)
    for start in range(0, len(spelled), 900):
        batch = spelled[start : start + 900]
        rows = db.execute(
            f"select distinct url from captures where status < 400 and url in ({', '.join('?' * len(batch))})", batch
        )
        found |= {url for (url,) in rows.fetchall()}
    return {url for url in urls if any(spelling in found for spelling in spellings(url))}


def moment(text: str) -> datetime:
    """The instant a row's WARC-Date names; the first of all times where it names none."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def stamp(text: str) -> str:
    """The 14 digits of replay addresses and CDX lines: `20231213011200`."""
    return moment(text).strftime("%Y%m%d%H%M%S").rjust(14, "0")


def at_stamp(digits: str) -> datetime:
    """The instant that 4 to 14 digits name, what they leave out at its earliest. Raises ValueError."""
    if not (4 <= len(digits) <= 14 and digits.isascii() and digits.isdigit()):
        raise ValueError(f"{digits!r} is no timestamp")
    whole = digits + "00000101000000"[len(digits) :] if len(digits) != 5 else f"{digits[:4]}0{digits[4]}01000000"
    return datetime.strptime(whole[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
