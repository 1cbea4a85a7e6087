"""The tables of a dataset as a Frictionless data package (specs.frictionlessdata.io, version 1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from archive.exports.card import MOST_FAILED
from archive.exports.columns import Column
from archive.exports.data_files import MEDIA, DataFile
from archive.exports.facts import LICENCE, TITLE, Facts

_TYPES = {
    "text": "string",
    "integer": "integer",
    "number": "number",
    "date": "date",
    "instant": "datetime",
    "texts": "array",
    "records": "array",
}


def data_package(
    kind: str, files: Sequence[DataFile], columns: Sequence[Column], facts: Facts, dialect: dict[str, Any] | None = None
) -> dict[str, Any]:
    """What the specification has no word for stands under `campuswarc`."""
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
            "mediatype": MEDIA.get(suffix, MEDIA[kind]),
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
        "title": TITLE,
        "description": facts.summary,
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
                | {"missing": [list(address) for address in one.missing[:MOST_FAILED]], "unaccounted": one.unaccounted}
                for one in facts.completeness
            ],
        },
    }


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": _TYPES[column.kind], "description": column.text}
    return field | {"format": "any"} if column.kind == "instant" else field
