"""References as tools import them: RIS (Zotero, EndNote, Mendeley) and CSL-JSON (Zotero, pandoc, citeproc)."""

from __future__ import annotations

import json
from typing import Any

from archive.citing.cited import Cited
from archive.citing.styles import inverted


def ris(cited: Cited) -> str:
    """One reference; a value is one line, since a line end begins the next field."""
    day = (cited.published or "").split("-")
    fields = [
        ("TY", "NEWS"),
        ("ID", f"campuswarc-{cited.id}"),
        ("TI", cited.title),
        *(("AU", inverted(name)) for name in cited.authors),
        ("PY", day[0]),
        ("DA", "/".join([*day, "", ""][:3]) + "/" if day[0] else ""),
        ("T2", cited.site),
        ("PB", cited.publisher),
        ("SE", cited.section),
        ("LA", cited.language),
        ("UR", cited.url),
        ("Y2", f"{cited.accessed.replace('-', '/')}/" if cited.accessed else ""),
        ("N1", archived(cited)),
    ]
    lines = [f"{tag}  - {' '.join(value.split())}" for tag, value in fields if value]
    return "\r\n".join([*lines, "ER  - ", ""])


def csl(cited: Cited) -> dict[str, Any]:
    """One item of CSL-JSON 1.0; names that are not parted are literal."""
    item = {
        "id": f"campuswarc-{cited.id}",
        "type": "article-newspaper",
        "title": cited.title,
        "author": [_csl_name(name) for name in cited.authors],
        "container-title": cited.site,
        "publisher": cited.publisher,
        "issued": _csl_date(cited.published),
        "accessed": _csl_date(cited.accessed),
        "section": cited.section,
        "language": cited.language,
        "URL": cited.url,
        "archive_location": cited.record,
        "note": archived(cited),
    }
    return {name: value for name, value in item.items() if value}


def csl_json(cited: Cited) -> str:
    """One item as a document of its own."""
    return json.dumps([csl(cited)], ensure_ascii=False, indent=1)


def archived(cited: Cited) -> str:
    """When the archive captured it, and the record that has it."""
    return f"Archived {cited.captured} as WARC record {cited.record}" if cited.captured and cited.record else ""


def pwid(archive: str, captured: str | None, url: str, what: str = "page") -> str | None:
    """The persistent web identifier (PWID URN) of a page or `part` as captured, to the second, in the archive of that
    host; None where host or time are not known."""
    return f"urn:pwid:{archive}:{captured[:19]}Z:{what}:{url}" if archive and captured else None


def _csl_name(name: str) -> dict[str, str]:
    family, _, given = inverted(name).partition(", ")
    return {"family": family, "given": given} if given else {"literal": family}


def _csl_date(date: str | None) -> dict[str, list[list[int]]] | None:
    return {"date-parts": [[int(part) for part in date.split("-")]]} if date else None
