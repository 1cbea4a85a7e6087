"""RO-Crate 1.1 (w3id.org/ro/crate) of a dataset: what research data repositories read of a folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from archive.exports.data_files import DataFile
from archive.exports.facts import LICENCE, Facts

_PROFILE = "https://w3id.org/ro/crate/1.1"


def ro_crate(
    files: Sequence[DataFile],
    beside: Mapping[str, str],
    facts: Facts,
    *,
    title: str,
    summary: str,
    media: Mapping[str, str],
) -> dict[str, Any]:
    """The metadata document: the data files, what documents them (`beside`: name and description), colleges, software.

    It has no day of its own but that of the last capture, so that two exports of one state are the same bytes."""
    colleges = [
        {
            "@id": f"#{site['id']}",
            "@type": "Organization",
            "name": site["college"] or site["name"] or site["id"],
            "identifier": site["id"],
        }
        for site in facts.sites
    ]
    data = [
        {
            "@id": file.path,
            "@type": "File",
            "name": file.path.rpartition("/")[2],
            "contentSize": str(file.size),
            "sha256": file.sha256,
            "encodingFormat": media.get(file.path.rpartition(".")[2], "application/octet-stream"),
        }
        for file in files
    ]
    documents = [
        {"@id": name, "@type": "File", "name": name, "description": text, "encodingFormat": kind}
        for name, text in beside.items()
        for kind in ["text/markdown" if name.endswith(".md") else "application/json"]
    ]
    begin, end = facts.published
    root: dict[str, Any] = {
        "@id": "./",
        "@type": "Dataset",
        "name": title,
        "description": summary,
        "datePublished": facts.last_seen[:10],
        "license": {"@id": "#licence"},
        "hasPart": [{"@id": one["@id"]} for one in (*data, *documents)],
        "sourceOrganization": [{"@id": one["@id"]} for one in colleges],
        "inLanguage": facts.languages,
        **({"temporalCoverage": f"{begin}/{end}"} if begin and end else {}),
    }
    software = {"@id": "#software", "@type": "SoftwareApplication", "name": facts.software}
    made = {
        "@id": "#export",
        "@type": "CreateAction",
        "name": "Export of a selection of an archive",
        "instrument": {"@id": "#software"},
        "result": {"@id": "./"},
        "endTime": facts.last_seen,
        "description": f"filters: {facts.filters or 'none'}; versions: {facts.versions}",
    }
    licence = {"@id": "#licence", "@type": "CreativeWork", "name": "Rights", "description": LICENCE}
    itself = {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "conformsTo": {"@id": _PROFILE},
        "about": {"@id": "./"},
    }
    graph = [itself, root, *data, *documents, *colleges, software, made, licence]
    return {"@context": f"{_PROFILE}/context", "@graph": graph}
