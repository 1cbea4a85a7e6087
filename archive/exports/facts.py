"""What a dataset says about itself: what was asked, how much there is, and under which rules it was collected."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from sqlite3 import Cursor
from typing import Annotated, Any

from archive.exports.selection import Selection
from archive.rights import SAID, counted
from archive.shadows import withheld
from archive.store.completeness import Completeness, completeness
from archive.store.problems import incomplete_listings
from archive.warc.reader import DamagedRecord, read

TITLE = "College news"
LICENCE = (
    "The articles are the work of their authors and colleges; this archive holds copies of public pages and grants no"
    " rights in them. Use them as the law on quotation, text and data mining or research allows where you are, and"
    " credit the source named in each row."
)
OF_SITE = ("name", "college", "country", "ror", "wikidata")
_SITE = "s.name, s.college, nullif(s.country, ''), nullif(json_extract(s.config, '$.ror'), ''), nullif(s.wikidata, '')"
_CHOSEN = "temp.chosen join articles a using (id)"
EVIDENCE = ("software", "operator", "robots", "http-header-user-agent", "http-header-from")  # named fields of warcinfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Taken from the archive alone, never from the clock, so that two exports of one state are the same bytes."""

    software: Annotated[str, "Name and version of what made the dataset"]
    filters: Annotated[dict[str, Any], "What was asked, filters that are set"]
    versions: Annotated[str, "latest or all"]
    rows: Annotated[int, "Rows"]
    articles: Annotated[int, "Articles"]
    sites: Annotated[list[dict[str, Any]], "Site id, name, college, country, ror, wikidata, number of articles; by id"]
    last_seen: Annotated[str, "Last capture of any of its articles"]
    collected: Annotated[
        list[dict[str, str]], "What the warcinfo records of its WARC files state: EVIDENCE, each set once"
    ]
    missing: Annotated[list[str], "WARC files that could not be asked"]
    languages: Annotated[list[str], "ISO 639-1 codes, commonest first"] = field(default_factory=list)
    published: Annotated[tuple[str | None, str | None], "First and last publication"] = (None, None)
    incomplete: Annotated[
        list[dict[str, str]], "Listings of its sites of which something is known to be missing: site, listing, why"
    ] = field(default_factory=list)
    completeness: Annotated[
        list[Completeness], "What each listing of its sites claims, what is in the archive, what failed"
    ] = field(default_factory=list)
    rights: Annotated[dict[str, int], "How many of its articles, or their hosts, say what of rights"] = field(
        default_factory=dict
    )
    withheld: Annotated[int, "Stories of the archive that are withheld, and in no export"] = 0
    removed: Annotated[int, "Takedowns of which nothing is left in the archive"] = 0
    captures: Annotated[int, "Captures, where they were chosen by themselves; else 0"] = 0

    def subject(self) -> str:
        """What it holds, in a few words."""
        if self.captures:
            return f"{self.captures} captures, with what was fetched to show them"
        return f"captures of {self.articles} articles"

    @property
    def summary(self) -> str:
        """What the dataset is, in a sentence."""
        return (
            f"{self.articles} news articles of {len(self.sites)} college sites, archived with {self.software}; each row"
            " leads to the WARC record it was read from."
        )


def facts(selection: Selection, *, folder: Path, software: str) -> Facts:
    """Of a selection; `folder` is the archive's warc/."""
    of_captures = selection.filters.captures
    query = selection.db.conn.execute
    files, last_seen, sites = _captures(query) if of_captures else _articles(query)
    collected, missing = _collected(folder, files)
    hidden, removed = withheld(selection.db.conn)
    whole = Facts(
        withheld=hidden,
        removed=removed,
        software=software,
        filters=selection.filters.stated(),
        versions=selection.versions,
        rows=selection.count(),
        articles=selection.articles,
        captures=selection.captures if of_captures else 0,
        sites=sites,
        last_seen=last_seen,
        collected=collected,
        missing=missing,
    )
    return whole if of_captures else _with_what_articles_say(whole, selection)


_Asked = Callable[[str], Cursor]
_Where = tuple[list[str], str, list[dict[str, Any]]]  # WARC files, the last sight, the sites with their numbers


def _articles(query: _Asked) -> _Where:
    rows = query(
        f"select a.site, {_SITE}, count(*) from {_CHOSEN} left join sites s on s.id = a.site group by 1 order by 1"
    ).fetchall()
    files = query(
        "select distinct c.warc from temp.chosen join versions v on v.article = chosen.id join captures c on c.id ="
        " v.capture order by 1"
    ).fetchall()
    last_seen = query(f"select max(a.last_seen) from {_CHOSEN}").fetchone()[0] or ""
    return [name for (name,) in files], last_seen, _sites(rows, "articles")


def _captures(query: _Asked) -> _Where:
    wanted = "temp.wanted join captures c using (id)"
    rows = query(
        f"select c.site, {_SITE}, count(*) from {wanted} left join sites s on s.id = c.site"
        " where c.site != '' group by 1 order by 1"
    ).fetchall()
    files = query(f"select distinct c.warc from {wanted} order by 1").fetchall()
    last_seen = query(f"select max(c.fetched_at) from {wanted}").fetchone()[0] or ""
    return [name for (name,) in files], last_seen, _sites(rows, "captures")


def _sites(rows: list[Any], counted_as: str) -> list[dict[str, Any]]:
    return [dict(zip(("id", *OF_SITE, counted_as), row, strict=True)) for row in rows]


def _with_what_articles_say(whole: Facts, selection: Selection) -> Facts:
    query = selection.db.conn.execute
    languages = query(
        f"select a.language from {_CHOSEN} where a.language is not null group by 1 order by count(*) desc, 1"
    ).fetchall()
    ids = [site["id"] for site in whole.sites]
    return replace(
        whole,
        languages=[code for (code,) in languages],
        published=query(f"select min(a.published), max(a.published) from {_CHOSEN}").fetchone(),
        completeness=[one for one in completeness(selection.db, ids) if one.state != "retired"],
        rights=counted(query(f"select {SAID} as said, count(*) from {_CHOSEN} group by said").fetchall()),
        incomplete=[
            {"site": site, "listing": problem.url, "why": problem.detail}
            for site, problems in incomplete_listings(selection.db).items()
            if site in set(ids)
            for problem in problems
        ],
    )


def _collected(folder: Path, files: list[str]) -> tuple[list[dict[str, str]], list[str]]:
    found: dict[tuple[str, ...], dict[str, str]] = {}
    missing = []
    for name in files:
        try:
            record = read(folder, name, 0)
        except (OSError, ValueError, DamagedRecord):
            missing.append(name)
            continue
        if record.type == "warcinfo":
            lines = (line.partition(":") for line in record.block.decode("utf-8", "replace").splitlines())
            stated = {key.strip(): value.strip() for key, _, value in lines}
            evidence = {key: stated[key] for key in EVIDENCE if key in stated}
            found.setdefault(tuple(evidence.values()), evidence)
    return list(found.values()), missing
