"""What a dataset carries beside its data: a Frictionless data package, Croissant, a card as Hugging Face reads it,
checksums."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from archive.exports.columns import Column
from archive.exports.data_files import DataFile, data_file
from archive.exports.facts import LICENCE, OF_SITE, Facts
from archive.exports.ro_crate import ro_crate

_TITLE = "College news"
_MEDIA = {
    "jsonl": "application/jsonl",
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "sqlite": "application/vnd.sqlite3",
    "gz": "application/gzip",
    "zst": "application/zstd",
}
_FRICTIONLESS = {
    "text": "string",
    "integer": "integer",
    "number": "number",
    "date": "date",
    "instant": "datetime",
    "texts": "array",
    "records": "array",
}
_CROISSANT = {
    "text": "sc:Text",
    "integer": "sc:Integer",
    "number": "sc:Float",
    "date": "sc:Date",
    "instant": "sc:DateTime",
    "texts": "sc:Text",
    "boolean": "sc:Boolean",
}

_BESIDE = {
    "README.md": "What is in it, as Hugging Face reads it",
    "croissant.json": "Its records, as Croissant",
    "datapackage.json": "Its tables, as a Frictionless data package",
}


def write(
    folder: Path, kind: str, columns: Sequence[Column], facts: Facts, *, dialect: dict[str, Any] | None = None
) -> None:
    """datapackage.json, croissant.json, ro-crate-metadata.json, README.md, SHA256SUMS for what lies in data/."""
    files = [
        data_file(path, path.relative_to(folder).as_posix())
        for path in sorted((folder / "data").rglob("*"))
        if path.is_file()
    ]
    (folder / "datapackage.json").write_text(_json(datapackage(kind, files, columns, facts, dialect)), encoding="utf-8")
    (folder / "croissant.json").write_text(_json(croissant(kind, files, columns, facts)), encoding="utf-8")
    (folder / "README.md").write_text(card(kind, columns, facts), encoding="utf-8")
    crate = ro_crate(files, _BESIDE, facts, title=_TITLE, summary=_summary(facts), media=_MEDIA)
    (folder / "ro-crate-metadata.json").write_text(_json(crate), encoding="utf-8")
    names = [*_BESIDE, "ro-crate-metadata.json"]
    sums = [*files, *(data_file(folder / name, name) for name in names)]
    (folder / "SHA256SUMS").write_text("".join(f"{file.sha256}  {file.path}\n" for file in sums), encoding="utf-8")


def package_of(path: Path, kind: str, columns: Sequence[Column], facts: Facts, dialect: dict[str, Any] | None) -> str:
    """The text of the data package that stands beside one file."""
    return _json(datapackage(kind, [data_file(path, path.name)], columns, facts, dialect))


def datapackage(
    kind: str, files: Sequence[DataFile], columns: Sequence[Column], facts: Facts, dialect: dict[str, Any] | None = None
) -> dict[str, Any]:
    """By specs.frictionlessdata.io, version 1; what is not in it stands under `campuswarc`."""
    table = kind in ("jsonl", "csv")
    schema = {"fields": [_field(column) for column in columns], "missingValues": [""]}
    if all(any(column.name == name for column in columns) for name in ("url", "version")):
        schema["primaryKey"] = ["url", "version"]
    resources = []
    for number, file in enumerate(files):
        suffix = file.path.rpartition(".")[2]
        resource: dict[str, Any] = {
            "name": "articles" if len(files) == 1 else f"articles-{number}",
            "path": file.path,
            "format": kind,
            "mediatype": _MEDIA.get(suffix, _MEDIA[kind]),
            "bytes": file.size,
            "hash": f"sha256:{file.sha256}",
        }
        if table:
            resource |= {"profile": "tabular-data-resource", "encoding": "utf-8", "schema": schema} | (dialect or {})
            if suffix in ("gz", "zst"):
                resource["compression"] = suffix
        elif kind == "parquet":
            resource["schema"] = schema
        resources.append(resource)
    return {
        "profile": "data-package",
        "name": "college-news",
        "title": _TITLE,
        "description": _summary(facts),
        "licenses": [{"name": "other", "title": LICENCE, "path": "README.md"}],
        "sources": [{"title": site["name"] or site["id"], "path": f"#{site['id']}"} for site in facts.sites],
        "resources": resources,
        "campuswarc": {
            "software": facts.software,
            "filters": facts.filters,
            "versions": facts.versions,
            "rows": facts.rows,
            "withheld": facts.withheld,
            "removed": facts.removed,
            "articles": facts.articles,
            "sites": facts.sites,
            "languages": facts.languages,
            "published": list(facts.published),
            "last_seen": facts.last_seen,
            "collected": facts.collected,
            "warc_files_missing": facts.missing,
            "incomplete": facts.incomplete,
            "rights": facts.rights,
            "completeness": [
                asdict(one)
                | {"missing": [list(address) for address in one.missing[:_MOST_FAILED]], "unaccounted": one.unaccounted}
                for one in facts.completeness
            ],
        },
    }


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": _FRICTIONLESS[column.kind], "description": column.text}
    return field | {"format": "any"} if column.kind == "instant" else field


def croissant(kind: str, files: Sequence[DataFile], columns: Sequence[Column], facts: Facts) -> dict[str, Any]:
    """Croissant 1.0 (docs.mlcommons.org/croissant); record sets for JSON Lines, CSV and Parquet that are one file."""
    media = {"jsonl": "application/jsonlines", "parquet": "application/x-parquet"}.get(kind, _MEDIA[kind])
    found: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "college-news",
        "description": _summary(facts),
        "license": LICENCE,
        "version": "1.0.0",
        "inLanguage": facts.languages,
        "datePublished": facts.last_seen[:10],
        "citeAs": f"{_TITLE}, archived with {facts.software}, as of {facts.last_seen}",
        "creator": {
            "@type": "sc:Organization",
            "name": (facts.collected[0] if facts.collected else {}).get("operator") or "campuswarc",
        },
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": file.path,
                "name": file.path,
                "contentUrl": file.path,
                "contentSize": f"{file.size} B",
                "encodingFormat": media,
                "sha256": file.sha256,
            }
            for file in files
        ],
    }
    if kind != "sqlite" and len(files) == 1:
        found["recordSet"] = [
            {
                "@type": "cr:RecordSet",
                "@id": "articles",
                "name": "articles",
                "field": [_croissant_field(column, files[0].path, kind) for column in columns],
            }
        ]
    return found


def _croissant_field(column: Column, file: str, kind: str) -> dict[str, Any]:
    id_ = f"articles/{column.name}"
    source = {"fileObject": {"@id": file}, "extract": {"column": column.name}}
    field: dict[str, Any] = {"@type": "cr:Field", "@id": id_, "name": id_, "description": column.text}
    if kind == "csv" or column.record is None:
        listed = column.kind == "texts" and kind != "csv"  # in CSV a list is a cell of JSON
        return (
            field
            | {"dataType": _CROISSANT.get(column.kind, "sc:Text"), "source": source}
            | ({"repeated": True} if listed else {})
        )
    members = [
        {
            "@type": "cr:Field",
            "@id": f"{id_}/{name}",
            "name": f"{id_}/{name}",
            "description": text,
            "dataType": _CROISSANT[of],
            "source": source | {"transform": {"jsonPath": name}},
        }
        for name, (of, text) in column.record.items()
    ]
    return field | {"repeated": True, "subField": members}


def _withheld(facts: Facts) -> list[str]:
    said = [
        *([f"{facts.withheld} stories of the archive are withheld"] if facts.withheld else []),
        *([f"{facts.removed} takedowns have removed what they named"] if facts.removed else []),
    ]
    return [f"- Not in it: {'; '.join(said)}"] if said else []


def card(kind: str, columns: Sequence[Column], facts: Facts) -> str:
    """README.md with the front matter of a Hugging Face dataset card."""
    pattern = {"jsonl": "data/*.jsonl*", "csv": "data/*.csv*", "parquet": "data/**/*.parquet"}.get(kind)
    size = next((name for most, name in _SIZES if facts.rows < most), "n>1T")
    front = [
        "---",
        f"pretty_name: {_TITLE}",
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
        f"# {_TITLE}",
        "",
        _summary(facts),
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


_MOST_SAID, _MOST_FAILED = 12, 20


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
            for _, (url, state, reason) in failed[:_MOST_FAILED]
        ]
        if len(failed) > _MOST_FAILED:
            lines.append(f"- and {len(failed) - _MOST_FAILED:,} more: `campuswarc completeness --failed`")
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


_SIZES = [
    (10**3, "n<1K"),
    (10**4, "1K<n<10K"),
    (10**5, "10K<n<100K"),
    (10**6, "100K<n<1M"),
    (10**7, "1M<n<10M"),
    (10**8, "10M<n<100M"),
]


def _summary(facts: Facts) -> str:
    return (
        f"{facts.articles} news articles of {len(facts.sites)} college sites, archived with {facts.software}; each row"
        " leads to the WARC record it was read from."
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


# as the specification prints it, section "JSON-LD context"
_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
