"""What a dataset says about itself: what was asked, how much there is, and under which rules it was collected."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from archive.exports.selection import Selection
from archive.rights import SAID, counted
from archive.shadows import withheld
from archive.store.completeness import Completeness, completeness
from archive.store.problems import incomplete_listings
from archive.warc.reader import DamagedRecord, read

LICENCE = (
    "The articles are the work of their authors and colleges; this archive holds copies of public pages and grants no"
    " rights in them. Use them as the law on quotation, text and data mining or research allows where you are, and"
    " credit the source named in each row."
)
OF_SITE = ("name", "college", "country", "ror", "wikidata")
_SITE = "s.name, s.college, nullif(s.country, ''), nullif(json_extract(s.config, '$.ror'), ''), nullif(s.wikidata, '')"
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
    languages: Annotated[list[str], "ISO 639-1 codes, commonest first"]
    published: Annotated[tuple[str | None, str | None], "First and last publication"]
    last_seen: Annotated[str, "Last capture of any of its articles"]
    collected: Annotated[
        list[dict[str, str]], "What the warcinfo records of its WARC files state: EVIDENCE, each set once"
    ]
    missing: Annotated[list[str], "WARC files that could not be asked"]
    incomplete: Annotated[
        list[dict[str, str]], "Listings of its sites of which something is known to be missing: site, listing, why"
    ]
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


def facts(selection: Selection, *, folder: Path, software: str) -> Facts:
    """Of a selection; `folder` is the archive's warc/."""
    if selection.filters.captures:
        return _of_captures(selection, folder, software)
    query = selection.db.conn.execute
    chosen = "temp.chosen join articles a using (id)"
    sites = query(
        f"select a.site, {_SITE}, count(*) from {chosen} left join sites s on s.id = a.site group by 1 order by 1"
    ).fetchall()
    spans = query(f"select min(a.published), max(a.published), max(a.last_seen) from {chosen}").fetchone()
    languages = query(
        f"select a.language from {chosen} where a.language is not null group by 1 order by count(*) desc, 1"
    ).fetchall()
    files = query(
        "select distinct c.warc from temp.chosen join versions v on v.article = chosen.id join captures c on c.id ="
        " v.capture order by 1"
    ).fetchall()
    collected, missing = _collected(folder, [name for (name,) in files])
    hidden, removed = withheld(selection.db.conn)
    return Facts(
        withheld=hidden,
        removed=removed,
        software=software,
        filters=selection.filters.stated(),
        versions=selection.versions,
        rows=selection.count(),
        articles=selection.articles,
        sites=[dict(zip(("id", *OF_SITE, "articles"), row, strict=True)) for row in sites],
        languages=[code for (code,) in languages],
        published=spans[:2],
        last_seen=spans[2] or "",
        collected=collected,
        missing=missing,
        completeness=[one for one in completeness(selection.db, [row[0] for row in sites]) if one.state != "retired"],
        rights=counted(query(f"select {SAID} as said, count(*) from {chosen} group by said").fetchall()),
        incomplete=[
            {"site": site, "listing": problem.url, "why": problem.detail}
            for site, problems in incomplete_listings(selection.db).items()
            if site in {row[0] for row in sites}
            for problem in problems
        ],
    )


def _of_captures(selection: Selection, folder: Path, software: str) -> Facts:
    query = selection.db.conn.execute
    wanted = "temp.wanted join captures c using (id)"
    sites = query(
        f"select c.site, {_SITE}, count(*) from {wanted} left join sites s on s.id = c.site"
        " where c.site != '' group by 1 order by 1"
    ).fetchall()
    files = query(f"select distinct c.warc from {wanted} order by 1").fetchall()
    collected, missing = _collected(folder, [name for (name,) in files])
    hidden, removed = withheld(selection.db.conn)
    return Facts(
        withheld=hidden,
        removed=removed,
        software=software,
        filters=selection.filters.stated(),
        versions=selection.versions,
        rows=selection.count(),
        articles=selection.articles,
        captures=selection.captures,
        sites=[dict(zip(("id", *OF_SITE, "captures"), row, strict=True)) for row in sites],
        languages=[],
        published=(None, None),
        last_seen=query(f"select max(c.fetched_at) from {wanted}").fetchone()[0] or "",
        collected=collected,
        missing=missing,
        incomplete=[],
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
