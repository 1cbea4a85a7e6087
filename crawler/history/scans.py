"""Stories whose words stand in pictures: found, read by OCR from the archive, and written down as a correction
that says so; a rebuild, a merge and a takedown treat it as any other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Annotated, Any

from archive.doubts import Doubt
from archive.packed_html import in_sql
from archive.replay.entity import Unreadable, load
from archive.search.search import condition
from archive.store.corrections import OCR_CONFIDENCE
from archive.store.rows import Rows
from archive.store.store import Archive
from crawler.history.reviewing import correction_of, write
from spiders import scanned

_STORIES = f"""
select a.id, a.url, a.site, a.confidence, a.title, a.published, a.published_precision, a.byline, a.authors, a.body,
  {in_sql("a.body_html", "a.body")} as body_html,
  a.language, v.extractor as reader, c.record_id as capture, c.fetched_at as captured,
  c.url as captured_url, 0 as pages
from articles a join version_rows v on v.id = a.current_version join captures c on c.id = v.capture
where a.word_count < ? and a.kind in ('article', 'file') and not exists (
  select 1 from parts p where p.version = v.id) and {OCR_CONFIDENCE} is null and ({{where}}) order by a.id
"""
_SHEETS = """
select k.* from (
  select i.url as url, 0 as kind, i.n as n from images i where i.article = :id
  union all select t.url, 1, t.n from attachments t where t.article = :id and coalesce(t.text, '') = ''
  union all select c.url, 2, 0 from version_rows v join captures c on c.id = v.capture
    join articles a on a.current_version = v.id where a.id = :id
) s join captures k on k.id = (
  select x.id from captures x where x.url = s.url and x.status = 200 order by x.fetched_at desc, x.id desc limit 1)
where k.mime like 'image/%' or k.mime = 'application/pdf'
order by s.kind, s.n
"""


@dataclass(frozen=True, slots=True)
class Scan:
    """A story without words, and the sheets that may hold them."""

    story: Doubt
    sheets: Annotated[list[dict[str, Any]], "Rows of captures, in page order"]


def scans(rows: Rows, query: str = "", *, below: int = 1) -> Iterator[Scan]:
    """Those that meet the query and have fewer words of their own, none of them read by OCR. Raises QueryError."""
    where, parameters = condition(rows.db, query)
    found = list(rows.db.query(_STORIES.format(where=where), [below, *parameters]))
    for row in found:
        seen: dict[str, dict[str, Any]] = {}
        for capture in rows.db.query(_SHEETS, {"id": row["id"]}):
            seen.setdefault(capture["record_id"], capture)
        if seen:
            yield Scan(Doubt(**row | {"authors": tuple(json.loads(row["authors"]))}), list(seen.values()))


def read(archive: Archive, folder: Path, scan: Scan) -> scanned.Scanned | None:
    """Read it, and write down what was read; None where nothing can be read with any trust. Raises NoReader."""
    contents: list[bytes] = []
    for capture in scan.sheets:
        try:
            contents.append(load(archive.db, folder, capture).body)
        except Unreadable:
            continue  # verify says so
    found = scanned.read(contents)
    if found is None:
        return None
    story = scan.story
    html = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in found.text.split("\n\n"))
    by = scanned.engine()
    told: dict[str, Any] = {
        "engine": by,
        "confidence": found.confidence,
        "records": [capture["record_id"] for capture in scan.sheets],
    }
    said = {"body": "\n\n".join(filter(None, [story.body, found.text])), "body_html": story.body_html + html}
    write(archive, replace(correction_of(story, said, by=by), ocr=told))
    return found
