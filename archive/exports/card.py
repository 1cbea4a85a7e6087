"""The card of a dataset, as Hugging Face reads it: what it is, where it comes from, what is missing, whose rights
remain."""

from __future__ import annotations

import json
from collections.abc import Sequence

from archive.exports.columns import Column
from archive.exports.facts import LICENCE, OF_SITE, TITLE, Facts

_MOST_SAID = 12  # statements of rights
MOST_FAILED = 20  # addresses that are named
_SIZES = [
    (10**3, "n<1K"),
    (10**4, "1K<n<10K"),
    (10**5, "10K<n<100K"),
    (10**6, "100K<n<1M"),
    (10**7, "1M<n<10M"),
    (10**8, "10M<n<100M"),
]


def card(kind: str, columns: Sequence[Column], facts: Facts) -> str:
    """README.md with the front matter of a Hugging Face dataset card."""
    pattern = {"jsonl": "data/*.jsonl*", "csv": "data/*.csv*", "parquet": "data/**/*.parquet"}.get(kind)
    size = next((name for most, name in _SIZES if facts.rows < most), "n>1T")
    front = [
        "---",
        f"pretty_name: {TITLE}",
        "license: other",
        "license_name: rights-remain-with-the-publishers",
        "license_link: README.md",
    ]
    front += ["language:", *(f"- {json.dumps(code)}" for code in facts.languages)] if facts.languages else []
    front += [
        "task_categories:",
        "- text-generation",
        "tags:",
        "- news",
        "- web-archive",
        "size_categories:",
        f"- {size}",
    ]
    front += ["configs:", "- config_name: default", f"  data_files: {json.dumps(pattern)}"] if pattern else []
    asked = (
        ", ".join(f"{name}: {_cell(json.dumps(value, ensure_ascii=False))}" for name, value in facts.filters.items())
        or "everything"
    )
    lines = [
        *front,
        "---",
        "",
        f"# {TITLE}",
        "",
        facts.summary,
        "",
        f"- Selected: {asked}; versions: {facts.versions}",
        f"- Rows: {facts.rows}; articles: {facts.articles}",
        (
            f"- Published: {facts.published[0] or 'unknown'} to {facts.published[1] or 'unknown'}; last seen"
            f" {facts.last_seen}"
        ),
        *_withheld(facts),
        f"- Made by {facts.software}",
        "",
        "## Rights",
        "",
        LICENCE,
        "",
        _rights(facts),
        "",
        "## How it was collected",
        "",
        "What the warcinfo records of the WARC files state:",
        "",
        *(
            f"- {_cell('; '.join(f'{key}: {value}' for key, value in evidence.items()))}"
            for evidence in facts.collected
        ),
        *(["- nothing: no WARC file of these rows could be asked"] if not facts.collected else []),
        "",
        "## Sites",
        "",
        "| site | name | college | country | ROR | Wikidata | articles |",
        "|---|---|---|---|---|---|---|",
        *(
            f"| {_cell(site['id'])} | {' | '.join(_cell(site[key] or '') for key in OF_SITE)} | {site['articles']} |"
            for site in facts.sites
        ),
        "",
        *_completeness(facts),
        *(
            [
                "## What is known to be missing",
                "",
                *(f"- {_cell(one['site'])}, {_cell(one['listing'])}: {_cell(one['why'])}" for one in facts.incomplete),
                "",
            ]
            if facts.incomplete
            else []
        ),
        "## Columns",
        "",
        "| column | type | what it is |",
        "|---|---|---|",
        *(f"| `{column.name}` | {column.kind} | {_cell(column.text)} |" for column in columns),
        "",
        "Facts other than title, body, word_count and those of the version or capture are those of the newest version.",
        *(
            ["Lists are JSON; an apostrophe stands before cells that a spreadsheet would run as a formula."]
            if kind == "csv"
            else []
        ),
        "",
    ]
    return "\n".join(lines)


def _withheld(facts: Facts) -> list[str]:
    said = [
        *([f"{facts.withheld} stories of the archive are withheld"] if facts.withheld else []),
        *([f"{facts.removed} takedowns have removed what they named"] if facts.removed else []),
    ]
    return [f"- Not in it: {'; '.join(said)}"] if said else []


def _completeness(facts: Facts) -> list[str]:
    """Listing by listing what the site claims, what the archive has, and the addresses of what failed."""
    if not facts.completeness:
        return []
    lines = [
        "## Completeness",
        "",
        "Of the archive that this was selected from, listing by listing: what the college's own listing claims, and"
        " what is here. A story that several listings name counts for the first.",
        "",
        *(f"- {_cell(one.site)}, {_cell(one.listing)}: {_cell(one.sentence)}" for one in facts.completeness),
        "",
    ]
    failed = [(one.listing, address) for one in facts.completeness for address in one.missing]
    if failed:
        lines += ["Named and not here:", ""]
        lines += [
            f"- {_cell(url)} ({_cell(state)}{f': {_cell(reason)}' if reason else ''})"
            for _, (url, state, reason) in failed[:MOST_FAILED]
        ]
        if len(failed) > MOST_FAILED:
            lines.append(f"- and {len(failed) - MOST_FAILED:,} more: `campuswarc completeness --failed`")
        lines.append("")
    return lines


def _rights(facts: Facts) -> str:
    """What pages and hosts say themselves, and what was left out for it."""
    said = [f"{_cell(statement)} ({n})" for statement, n in facts.rights.items()]
    more = f"; {len(said) - _MOST_SAID} further statements" if len(said) > _MOST_SAID else ""
    stated = (
        f"Their pages and hosts state (articles): {', '.join(said[:_MOST_SAID])}{more}."
        if said
        else ("Neither their pages nor their hosts state anything of rights that a program can read.")
    )
    asked = facts.filters.get("rights")
    return (
        f"{stated} Articles whose page or host refuses {' or '.join(asked)} were left out."
        if asked
        else (f"{stated} Nothing was left out for it.")
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
