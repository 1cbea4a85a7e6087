"""What a person says of a reading, as a correction: dates and names read as a page's are, a body from where it lies in
the page as it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from cssselect import SelectorError

from archive.coding import CodingError, undo
from archive.doubts import Doubt
from archive.patterns import deferred
from archive.store.corrections import CORRECTION, Correction
from archive.store.rows import Rows
from archive.store.store import Archive
from archive.warc import reader
from crawler.history.correcting import obey
from crawler.history.stored_answers import NoStoredAnswer, holder, visit_of
from spiders.findings import Story
from spiders.generic import bylines, people
from spiders.page import Page, selector
from spiders.site import Site

_DATE = deferred(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T\d\d:\d\d(:\d\d)?Z)?)?)?")


class NotCorrected(ValueError):
    """What was said cannot be meant; the text says why."""


def headline(text: str) -> dict[str, Any]:
    """A title. Raises NotCorrected."""
    if not (title := " ".join(text.split())):
        raise NotCorrected("a title has words")
    return {"title": title}


def date(text: str) -> dict[str, Any]:
    """A day, month, year or instant as exports write it; nothing where the page states none. Raises NotCorrected."""
    text = text.strip()
    if text in ("", "-"):
        return {"published": None, "published_precision": None}
    match = _DATE.fullmatch(text)
    try:
        if not match:
            raise ValueError
        datetime.fromisoformat(text if match[3] else f"{match[1]}-{match[2] or '01'}-01")
    except ValueError:
        raise NotCorrected(
            f"{text!r} is no date: 2023, 2023-09, 2023-09-01, 2023-09-01T08:30Z or 2023-09-01T08:30:00Z; - for none"
        ) from None
    if "T" in text:
        return {
            "published": text if match[4] else f"{text[:-1]}:00Z",
            "published_precision": "second" if match[4] else "minute",
        }
    return {"published": text, "published_precision": "day" if match[3] else "month" if match[2] else "year"}


def byline(text: str) -> dict[str, Any]:
    """The words of a byline and the names in it; - for none."""
    text = "" if text.strip() == "-" else " ".join(text.split())
    names = bylines.read(text).authors or tuple(bylines.names(text)) if text else ()
    return {"byline": text, "authors": list(people.settled(names, frozenset()))}


def region(rows: Rows, folder: Path, sites: Mapping[str, Site], doubt: Doubt, css: str) -> dict[str, Any]:
    """The body that lies in that part of the page. Raises NotCorrected."""
    site = sites.get(doubt.site)
    if site is None:
        raise NotCorrected(f"[{doubt.site}] is not in sites.toml, so its pages are not read")
    if doubt.pages:
        raise NotCorrected(f"{doubt.url} is told on several pages: its body is not corrected")
    try:
        selector(css)
    except SelectorError as problem:
        raise NotCorrected(f"{css!r} is not a CSS selector: {problem}") from None
    read_so = replace(site, family="generic", select={"body": css})
    capture, id_ = rows.captures.by_record(doubt.capture), rows.captures.row_of(doubt.capture)
    try:
        visit = visit_of(rows, folder, id_, capture, {site.id: read_so}) if capture is not None and id_ else None
    except NoStoredAnswer as problem:
        raise NotCorrected(str(problem)) from None
    if visit is not None and not _lies_there(rows, folder, doubt, css):
        raise NotCorrected(f"{css}: nothing of that kind is in the page as it was")
    story = visit.reading if visit is not None else None
    if not isinstance(story, Story) or not story.article.body:
        raise NotCorrected(f"{css}: no words lie there in the page as it was")
    return {"body": story.article.body, "body_html": story.article.body_html}


def _lies_there(rows: Rows, folder: Path, doubt: Doubt, css: str) -> bool:
    """Whether the page has such an element: where it has none a reader finds a body by itself."""
    capture = rows.captures.by_record(doubt.capture)
    assert capture is not None
    try:
        record = reader.read(folder, capture.warc, capture.offset)
        holding = holder(rows, folder, capture, record)
    except (NoStoredAnswer, reader.DamagedRecord, OSError, ValueError) as problem:
        raise NotCorrected(str(problem)) from None
    headers = tuple(holding.http_headers) if holding.is_http else ()
    try:
        content = undo(holding.payload, headers).content
    except CodingError as problem:
        raise NotCorrected(f"{capture.warc}, offset {capture.offset}: {problem}") from None
    return Page(capture.url, content, headers=headers).first(css) is not None


def correction_of(doubt: Doubt, said: Mapping[str, Any], *, region: str = "", by: str = "") -> Correction:
    """What is to be written down; what was read rightly is left out of what is `said`."""
    was = {
        "title": doubt.title,
        "published": doubt.published,
        "published_precision": doubt.published_precision,
        "byline": doubt.byline,
        "authors": list(doubt.authors),
        "body": doubt.body,
        "body_html": doubt.body_html,
    }
    wrong = {name: value for name, value in said.items() if was[name] != value}
    return Correction(
        url=doubt.url,
        site=doubt.site,
        capture=doubt.capture,
        said=wrong,
        was=was,
        confidence=doubt.confidence,
        reader=doubt.reader,
        region=region if "body" in wrong else "",
        by=by,
    )


def write(archive: Archive, correction: Correction) -> None:
    """Write it into the WARC and obey it."""
    place = archive.record_resource(CORRECTION, "application/json", correction.payload())
    obey(archive, correction, record_id=place.record_id, warc=place.warc, at=place.fetched_at)
