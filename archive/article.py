"""The record of one college news story. The text of each field is the data dictionary."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import Annotated, Literal, get_type_hints

Precision = Literal["second", "minute", "day", "month", "year"]
Kind = Literal["article", "external", "file"]

_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A document that a story links or embeds."""

    url: Annotated[str, "Absolute address"]
    filename: Annotated[str, "Name a person would save it under; from the page, else from the server or the address"]
    embedded: Annotated[bool, "Shown in the page (a PDF player), not only linked"] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture in the body of a story."""

    url: Annotated[str, "Absolute address"]
    caption: Annotated[str, "Caption or alternative text; empty if none"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link in the body of a story, attachments excepted."""

    url: Annotated[str, "Absolute address"]
    text: Annotated[str, "Words of the link"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One college news story, after normalisation. What the page does not say is None or empty."""

    url: Annotated[str, "Canonical address: no fragment, no tracking parameters"]
    site: Annotated[str, "Id of the site it was found on"]
    title: Annotated[str, "Headline: plain text on one line"]
    kind: Annotated[
        Kind, "article; external (a row without body, such as a WeChat post); file (the item is a document)"
    ] = "article"
    subtitle: Annotated[str, "Second headline; empty if none"] = ""
    body: Annotated[str, "Story text: paragraphs parted by a blank line"] = ""
    body_html: Annotated[str, "Story as clean, sanitised HTML with absolute links"] = ""
    published: Annotated[
        str | None,
        "First publication, ISO 8601: a UTC instant (2023-12-13T01:12:00Z) where the page gives a time, else the local"
        " date (2023-12-13)",
    ] = None
    published_precision: Annotated[Precision | None, "What the page gave: second, minute, day, month or year"] = None
    updated: Annotated[str | None, "Last change as the page states it, like `published`"] = None
    byline: Annotated[str, "Words of the byline as they stand"] = ""
    authors: Annotated[tuple[str, ...], "Names in byline order, without 'By' or 作者"] = ()
    editors: Annotated[tuple[str, ...], "Editors and reviewers (编辑, 审核) in page order"] = ()
    photographers: Annotated[tuple[str, ...], "Photographers (摄影, Photo by) in page order"] = ()
    source: Annotated[str, "Office or medium the page names as its source (来源)"] = ""
    section: Annotated[str, "Column or section, outermost first, parted by ' / '"] = ""
    language: Annotated[str | None, "ISO 639-1 code of the text"] = None
    lead_image: Annotated[str | None, "Address of the leading picture"] = None
    images: Annotated[tuple[Image, ...], "Pictures of the body in page order"] = ()
    attachments: Annotated[tuple[Attachment, ...], "Documents linked or embedded, in page order"] = ()
    links: Annotated[tuple[Link, ...], "Other links of the body, in page order"] = ()
    confidence: Annotated[float, "Agreement of the readers on the body, 0 to 1"] = 1.0

    def problems(self) -> list[str]:
        """Why this record must not be stored; empty when it may."""
        found = []
        if not self.title:
            found.append("no title")
        if self.kind == "article" and not (self.body or self.attachments or self.images or self.links):
            found.append("no body")
        return found


def dictionary(record: type) -> dict[str, str]:
    """Text of each field of a record class, in order."""
    hints = get_type_hints(record, include_extras=True)
    return {field.name: hints[field.name].__metadata__[0] for field in fields(record)}


def words(text: str) -> int:
    """Words of a text; each CJK character counts as one, as Chinese editors count."""
    others, runs = _CJK.subn(" ", text)
    return len(text) - len(others) + runs + len(_WORD.findall(others))
