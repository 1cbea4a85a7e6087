"""The parts a query is made of, and the names of its fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from archive.article import searched_as

TEXT_FIELDS = {
    "title": "title and subtitle",
    "body": "the story",
    "author": ", ".join(searched_as("byline")),
    "source": "the office or medium named as source",
    "attachment": "names and text of documents",
    "caption": "what stands below pictures",
}
FILTERS = {
    "site": "site id, whole or with * at its end",
    "college": "part of the college's or site's name",
    "country": "country of the college, a code such as CN",
    "tag": "a tag of the site, as sites.toml gives it",
    "lang": "language code, such as zh",
    "section": "part of the section's name",
    "url": "part of the address",
    "after": "published on or after a day, month or year",
    "before": "published on or before a day, month or year",
    "on": "published in that day, month or year",
    "year": "published in that year",
    "has": "attachment, image, link, body, date, author, versions, duplicate, copies, doubt, ocr, twin",
    "state": "live, gone, moved",
    "kind": "article, external, file",
    "cluster": "id of a cluster: stories that are the same story",
    "person": "part of the name of a person the story names, where `campuswarc entities` has read it",
    "org": "part of the name of an institution",
    "place": "part of the name of a place",
    "rights": "said by its page or its host: a use such as tdm, with an answer as in ai-train=no, license",
    "added": "words that an edit brought in",
    "removed": "words that an edit, or the deletion of the story, took away",
}
CHOICES = {
    "has": (
        "attachment",
        "image",
        "link",
        "body",
        "date",
        "author",
        "versions",
        "duplicate",
        "copies",
        "doubt",
        "ocr",
        "twin",
    ),
    "state": ("live", "changed", "gone", "moved"),
    "kind": ("article", "external", "file"),
}
# Anybody may ask, and every link of the answer holds the whole query. SQLite's expression depth is 1000, the stack of
# FTS5's parser 100; a word with * at its end becomes a hundred and more.
MOST_LENGTH, MOST_TERMS, MOST_PREFIXES, MOST_DEPTH = 500, 100, 20, 20
EDITS = ("added", "removed")  # filters that read versions, since no index has them
MOST_EDITS = 3


class QueryError(ValueError):
    """A query that cannot be meant; its text tells the person why."""


@dataclass(frozen=True, slots=True)
class Text:
    """Words in this order, side by side."""

    text: Annotated[str, "The words as typed"]
    field: Annotated[str | None, "One of TEXT_FIELDS; None for all"] = None
    prefix: Annotated[bool, "Whether the last word may go on"] = False


@dataclass(frozen=True, slots=True)
class Filter:
    """A fact an article must have."""

    name: Annotated[str, "One of FILTERS"]
    value: Annotated[str, "Checked; dates as 2023, 2023-09 or 2023-09-01"]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Node


Node = Text | Filter | AllOf | AnyOf | Not
