"""What the college has published: the truth that an archive of it is compared with."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from tests.college.files import MIME, document
from tests.college.pictures import icon, scan

Precision = Literal["minute", "day"]


@dataclass(frozen=True, slots=True)
class File:
    """A document or picture that belongs to a story."""

    path: str  # on the story's own host
    name: str  # as a person reads it
    text: str  # what is written in it; of a picture, what it is made of
    caption: str = ""  # of a picture
    look: Literal["", "icon", "scan"] = ""  # of a picture that is none of the campus

    @property
    def extension(self) -> str:
        """Kind of file, without the dot."""
        return self.path.rpartition(".")[2]

    @property
    def mime(self) -> str:
        """Its Content-Type."""
        return MIME[self.extension]

    @property
    def content(self) -> bytes:
        """Its bytes."""
        if self.look:
            return {"icon": icon, "scan": scan}[self.look](self.text, self.extension)
        return document(self.extension, self.text)


@dataclass(slots=True)
class Story:
    """One item of a listing. `at` is naive local time of the site."""

    id: int
    section: str
    title: str
    at: datetime
    paragraphs: list[str] = field(default_factory=list)
    author: str = ""
    source: str = ""
    language: str = "zh"
    kind: Literal["article", "external", "file"] = "article"
    external: str = ""  # address of an external item
    sticky: bool = False
    files: list[File] = field(default_factory=list)
    images: list[File] = field(default_factory=list)
    embedded: bool = False  # its documents are shown in the page (a PDF player)
    edited: datetime | None = None
    moved: int = 0  # how often its address has changed
    translates: str = ""  # address of the story that its page names as its own in the other language

    @property
    def body(self) -> str:
        """Paragraphs parted by a blank line, as the archive keeps them."""
        return "\n\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A row that the archive must hold for one story that is online now."""

    url: str
    site: str
    kind: str
    title: str
    body: str
    published: str | None
    precision: str | None
    language: str
    author: str = ""
    source: str = ""
    sticky: bool = False
    attachments: tuple[tuple[str, str], ...] = ()  # address and name
    images: tuple[tuple[str, str], ...] = ()  # address and caption
    listing: str = ""  # first page of the listing it stands in

    document: str = ""  # text of the one document that is all there is of it

    def reads(self, body: str) -> bool:
        """Whether that is its text; the names of documents linked below the story may stand at its end."""
        if self.document:  # lines of a PDF are not paragraphs
            return "".join(body.split()) == "".join(self.document.split())
        names = [name for _, name in self.attachments]
        return body in (self.body, "\n\n".join(filter(None, [self.body, *names])))


def published(at: datetime, zone: str, precision: Precision) -> str:
    """The value of `articles.published`: the local date, or the UTC instant where the page gives a time."""
    if precision == "day":
        return at.date().isoformat()
    return at.replace(tzinfo=ZoneInfo(zone), second=0).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def repost(story: Story, **changes: object) -> Story:
    """The same words under another roof."""
    return replace(story, paragraphs=list(story.paragraphs), files=[], images=[], edited=None, moved=0, **changes)  # type: ignore[arg-type]
