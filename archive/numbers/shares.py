"""The share of a topic among all stories, by month, year or college; never a count without what it is a count of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal, get_args

from archive.search.search import by_site_and_month, same_name

if TYPE_CHECKING:
    from sqlite_utils import Database

By = Literal["month", "year", "college"]
BYS: tuple[By, ...] = get_args(By)
FEW = 20  # stories: a share of fewer is one that two or three of them make
MOST_COLLEGES = 8  # compared with each other


class NoNumbers(ValueError):
    """What was asked gives no numbers; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which shares are wanted."""

    query: Annotated[str, "The topic, as in search"]
    by: By = "month"
    among: Annotated[str, "Of which stories, as in search; all if empty"] = ""
    colleges: Annotated[tuple[str, ...], "Parts of names of colleges to be compared; all together if none"] = ()
    since: Annotated[str, "Published on or after a day, month or year"] = ""
    until: Annotated[str, "Published on or before it"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One bar."""

    period: Annotated[str, "2024-03 or 2024; empty where bars are colleges"]
    college: Annotated[str, "Name; empty for all together"]
    n: Annotated[int, "Stories of the topic"]
    of: Annotated[int, "Stories in all"]

    @property
    def share(self) -> float | None:
        """0 to 1; None where there is no story."""
        return self.n / self.of if self.of else None

    @property
    def few(self) -> bool:
        """Whether the share says little, for want of stories."""
        return self.of < FEW

    @property
    def text(self) -> str:
        """As it is published: 3.9 % (12 of 310)."""
        return f"{100 * self.share:.1f} % ({self.n:,} of {self.of:,})" if self.share is not None else "no story"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """The answer."""

    asked: Asked
    bars: Annotated[list[Share], "By time and, within it, by college as asked; or by share, the greatest first"]
    whole: Annotated[Share, "All of it together, undated stories among them"]
    undated: Annotated[tuple[int, int], "Stories of the topic, and in all, that no period has"]


def shares(db: Database, asked: Asked) -> Shares:
    """Raises NoNumbers and archive.search.query.QueryError."""
    if not asked.query.strip():
        raise NoNumbers("a share of what? Words of the topic are wanted, as in search")
    if len(asked.colleges) > MOST_COLLEGES:
        raise NoNumbers(f"{MOST_COLLEGES} colleges are compared at most")
    spans = [f"after:{asked.since}"] * bool(asked.since) + [f"before:{asked.until}"] * bool(asked.until)
    base = " ".join([*([f"({asked.among})"] if asked.among.strip() else []), *spans])
    every = by_site_and_month(db, base)
    if not every:
        raise NoNumbers("there is no story to take a share of")
    college: dict[str, str] = dict(db.execute(_COLLEGES).fetchall())
    chosen = _chosen(db, asked.colleges, set(college.values()))
    named = {id_: chosen.get(name, "") if chosen else "" for id_, name in college.items()}
    if asked.by == "college":
        named = {id_: name for id_, name in college.items() if not chosen or name in chosen}
    of, undated_of = _counted(every, named, asked.by, bool(chosen) or asked.by == "college")
    topic = f"{base} ({asked.query})".strip()
    n, undated_n = _counted(by_site_and_month(db, topic), named, asked.by, bool(chosen) or asked.by == "college")
    bars = [Share(period=period, college=name, n=n[period, name], of=total) for (period, name), total in of.items()]
    if asked.by == "college":
        bars = [one for one in bars if one.of]
        bars.sort(key=lambda one: (-(one.share or 0), one.college))
    else:
        order = {name: place for place, name in enumerate(dict.fromkeys(chosen.values()))}
        bars = _without_gaps(bars, asked.by, [*order] or [""])
        bars.sort(key=lambda one: (one.period, order.get(one.college, 0)))
    dated = asked.by != "college"
    whole = Share(
        period="", college="", n=n.total() + (undated_n if dated else 0), of=of.total() + (undated_of if dated else 0)
    )
    return Shares(asked=asked, bars=bars, whole=whole, undated=(undated_n, undated_of))


_COLLEGES = "select id, coalesce(nullif(college, ''), nullif(name, ''), id) from sites order by id"
_Counts = Iterable[tuple[str, str, int]]


def _chosen(db: Database, wanted: tuple[str, ...], names: set[str]) -> dict[str, str]:
    """By name of a college the words it was asked for by, or its name where these mean it alone."""
    found: dict[str, str] = {}
    for one in wanted:
        meant = sorted(name for name in names if same_name(db, one, name))
        if not meant:
            some = ", ".join(sorted(names)[:5])
            raise NoNumbers(f"no college here is called {one!r}; there are {some}{' …' * (len(names) > 5)}")
        found |= {name: meant[0] if len(meant) == 1 else one for name in meant if name not in found}
    return found


def _counted(counts: _Counts, named: dict[str, str], by: By, only: bool) -> tuple[Counter[tuple[str, str]], int]:
    """Stories by period and college, and those without a period; with `only` none of colleges that are not named."""
    found: Counter[tuple[str, str]] = Counter()
    undated = 0
    for site, month, n in counts:
        name = named.get(site, "")
        if only and not name:
            continue
        period = "" if by == "college" else month[:4] if by == "year" else month
        if by == "college" or len(period) == (4 if by == "year" else 7):
            found[period, name] += n
        else:
            undated += n
    return found, undated


def _without_gaps(bars: list[Share], by: By, names: list[str]) -> list[Share]:
    """With a bar for each period of each college between the first and the last."""
    if not bars:
        return bars
    have = {(one.period, one.college): one for one in bars}
    first, last = min(one.period for one in bars), max(one.period for one in bars)
    return [
        have.get((period, name), Share(period=period, college=name, n=0, of=0))
        for period in _periods(first, last, by)
        for name in names
    ]


def _periods(first: str, last: str, by: By) -> list[str]:
    if by == "year":
        return [f"{year:04}" for year in range(int(first), int(last) + 1)]
    begin, end = (int(text[:4]) * 12 + int(text[5:7]) - 1 for text in (first, last))
    return [f"{n // 12:04}-{n % 12 + 1:02}" for n in range(begin, end + 1)]
