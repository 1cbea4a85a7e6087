"""The records of a dataset as Croissant 1.0 (docs.mlcommons.org/croissant)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from archive.exports.columns import Column
from archive.exports.data_files import MEDIA, DataFile
from archive.exports.facts import LICENCE, TITLE, Facts

_TYPES = {
    "text": "sc:Text",
    "integer": "sc:Integer",
    "number": "sc:Float",
    "date": "sc:Date",
    "instant": "sc:DateTime",
    "texts": "sc:Text",
    "boolean": "sc:Boolean",
}
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


def croissant(kind: str, files: Sequence[DataFile], columns: Sequence[Column], facts: Facts) -> dict[str, Any]:
    """Record sets for JSON Lines, CSV and Parquet that are one file."""
    media = {"jsonl": "application/jsonlines", "parquet": "application/x-parquet"}.get(kind, MEDIA[kind])
    found: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "college-news",
        "description": facts.summary,
        "license": LICENCE,
        "version": "1.0.0",
        "inLanguage": facts.languages,
        "datePublished": facts.last_seen[:10],
        "citeAs": f"{TITLE}, archived with {facts.software}, as of {facts.last_seen}",
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
                "field": [_field(column, files[0].path, kind) for column in columns],
            }
        ]
    return found


def _field(column: Column, file: str, kind: str) -> dict[str, Any]:
    id_ = f"articles/{column.name}"
    source = {"fileObject": {"@id": file}, "extract": {"column": column.name}}
    field: dict[str, Any] = {"@type": "cr:Field", "@id": id_, "name": id_, "description": column.text}
    if kind == "csv" or column.record is None:
        listed = column.kind == "texts" and kind != "csv"  # in CSV a list is a cell of JSON
        return (
            field
            | {"dataType": _TYPES.get(column.kind, "sc:Text"), "source": source}
            | ({"repeated": True} if listed else {})
        )
    members = [
        {
            "@type": "cr:Field",
            "@id": f"{id_}/{name}",
            "name": f"{id_}/{name}",
            "description": text,
            "dataType": _TYPES[of],
            "source": source | {"transform": {"jsonPath": name}},
        }
        for name, (of, text) in column.record.items()
    ]
    return field | {"repeated": True, "subField": members}
