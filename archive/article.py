"""The record of one college news story. A field is declared here once: its type says how a row keeps it, its text is
the data dictionary, `Use` what else becomes of it; rows, exports and the page of a story follow FIELDS."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Annotated, Literal, get_args, get_origin, get_type_hints

from archive.patterns import deferred

Precision = Literal["second", "minute", "day", "month", "year"]
Kind = Literal["article", "external", "file"]

DOUBTFUL = "confidence < 0.8"  # under that a third of bodies are good: docs/reading.md; as the index of these has it
_CJK = deferred(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
_WORD = deferred(r"\w+")


Shape = Literal["text", "number", "texts", "records"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What becomes of a field beside being kept and exported."""

    searched: Annotated[str, "Column of the full-text index that it is part of; empty if none"] = ""
    shown: Annotated[bool, "Among the facts below a story, by its name; others have a place of their own there"] = False


IN_BYLINE, SOURCE = Use(searched="byline", shown=True), Use(searched="source", shown=True)


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
    title: Annotated[str, "Headline: plain text on one line", Use(searched="title")]
    kind: Annotated[
        Kind, "article; external (a row without body, such as a WeChat post); file (the item is a document)"
    ] = "article"
    subtitle: Annotated[str, "Second headline; empty if none", Use(searched="title")] = ""
    body: Annotated[str, "Story text: paragraphs parted by a blank line", Use(searched="body")] = ""
    body_html: Annotated[str, "Story as clean, sanitised HTML with absolute links"] = ""
    published: Annotated[
        str | None,
        "First publication, ISO 8601: a UTC instant (2023-12-13T01:12:00Z) where the page gives a time, else the local"
        " date (2023-12-13)",
    ] = None
    published_precision: Annotated[Precision | None, "What the page gave: second, minute, day, month or year"] = None
    updated: Annotated[str | None, "Last change as the page states it, like `published`"] = None
    byline: Annotated[str, "Words of the byline as they stand", IN_BYLINE] = ""
    authors: Annotated[tuple[str, ...], "Names in byline order, without 'By' or 作者", IN_BYLINE] = ()
    editors: Annotated[tuple[str, ...], "Editors and reviewers (编辑, 审核) in page order", IN_BYLINE] = ()
    photographers: Annotated[tuple[str, ...], "Photographers (摄影, Photo by) in page order", IN_BYLINE] = ()
    source: Annotated[str, "Office or medium the page names as its source (来源)", SOURCE] = ""
    section: Annotated[str, "Column or section, outermost first, parted by ' / '", Use(shown=True)] = ""
    language: Annotated[str | None, "ISO 639-1 code of the text", Use(shown=True)] = None
    lead_image: Annotated[str | None, "Address of the leading picture"] = None
    images: Annotated[tuple[Image, ...], "Pictures of the body in page order"] = ()
    attachments: Annotated[tuple[Attachment, ...], "Documents linked or embedded, in page order"] = ()
    links: Annotated[tuple[Link, ...], "Other links of the body, in page order"] = ()
    rights: Annotated[
        tuple[str, ...],
        "What the page, its answer and files of its host say of rights: each statement is `use=answer witness`, such"
        " as `ai-train=no robots.txt` (docs/rights.md)",
    ] = ()
    confidence: Annotated[float, "How likely nine tenths of the body are right, 0 to 1"] = 1.0

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of `Article`, as it is declared."""

    name: Annotated[str, "Its name: of the attribute, of the column or the table of rows, in exports"]
    text: Annotated[str, "Its entry in the data dictionary"]
    shape: Annotated[Shape, "A column of text or number, a column of a list of texts (JSON), or a table of records"]
    record: Annotated[type | None, "For records: what each of them is"]
    use: Use


def _fields() -> dict[str, Field]:
    hints, found = get_type_hints(Article, include_extras=True), {}
    for name, hint in hints.items():
        kind, (text, *more) = get_args(hint)[0], hint.__metadata__
        member = get_args(kind)[0] if get_origin(kind) is tuple else None
        shape: Shape = "number" if kind is float else "text"
        if member is not None:
            shape = "texts" if member is str else "records"
        found[name] = Field(
            name=name,
            text=text,
            shape=shape,
            record=member if shape == "records" else None,
            use=next(iter(more), Use()),
        )
    return found


FIELDS = _fields()


def searched_as(column: str) -> list[str]:
    """Names of the fields that a column of the full-text index is made of."""
    return [field.name for field in FIELDS.values() if field.use.searched == column]


def words(text: str) -> int:
    """Words of a text; each CJK character counts as one, as Chinese editors count."""
    others, runs = _CJK.subn(" ", text)
    return len(text) - len(others) + runs + len(_WORD.findall(others))
