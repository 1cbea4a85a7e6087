"""One site of the college: its stories, and the pages that show them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from random import Random
from typing import ClassVar, Literal

from tests.college.story import Expected, File, Precision, Story, published
from tests.college.words import GRAMMARS, paragraphs, say

ANCHOR = datetime(2025, 9, 28, 9, 0)  # the newest story of a college on which nothing has happened yet
VIEWS = "%VIEWS%"  # replaced at each fetch by a number that grows


@dataclass(frozen=True, slots=True)
class Section:
    """A column of the site. `titles` names the grammar's titles, `step` the usual days between two stories."""

    key: str
    name: str
    count: int
    titles: str = "title"
    step: int = 3


@dataclass(frozen=True, slots=True)
class Content:
    """What an address answers with when nothing misbehaves. `render` is called at each fetch that needs the bytes."""

    render: Callable[[], str | bytes]
    mime: str = "text/html; charset=utf-8"
    changed: datetime | None = None
    headers: tuple[tuple[str, str], ...] = ()
    status: int = 200


@dataclass
class CollegeSite:
    """Base of all sites. A family says how addresses look and writes the pages; what happens to stories is here."""

    id: str
    base: str  # http://127.1.0.1:8000
    seed: int = 1
    scale: float = 1.0  # of the number of stories
    stories: list[Story] = field(default_factory=list)
    moved: dict[str, str] = field(default_factory=dict)  # old path -> new path
    deleted: set[str] = field(default_factory=set)
    changes: int = 0
    validators: Literal["both", "etag", "last-modified", "none"] = "both"
    chunked: bool = False
    gzip: bool = True
    crawl_delay: float | None = None
    robots_extra: str = ""

    family: ClassVar[str]
    name: ClassVar[str] = "示例职业技术学院"
    college: ClassVar[str] = "示例职业技术学院"
    language: ClassVar[str] = "zh"
    zone: ClassVar[str] = "Asia/Shanghai"
    encoding: ClassVar[str] = "utf-8"
    per_page: ClassVar[int] = 10
    first_id: ClassVar[int] = 1000
    precision: ClassVar[Precision] = "day"
    sections: ClassVar[tuple[Section, ...]]

    def __post_init__(self) -> None:
        for section in self.sections:
            self._populate(section)

    # what a family says

    def path(self, story: Story) -> str:
        """Path of a story's page."""
        raise NotImplementedError

    def listing_path(self, section: Section, page: int, pages: int) -> str:
        """Path of the nth page of a section, from 1."""
        raise NotImplementedError

    def listing(self, section: Section, page: int, pages: int, rows: list[Story], total: int) -> str:
        """Its HTML."""
        raise NotImplementedError

    def article(self, story: Story) -> str:
        """HTML of a story's page."""
        raise NotImplementedError

    def dress(self, story: Story, random: Random, n: int) -> None:
        """Give the nth story of its section what is special in this family: pictures, documents, stickiness."""

    def others(self) -> Iterator[tuple[str, Content]]:
        """Further addresses: feeds, interfaces, columns of one page."""
        return iter(())

    def dynamic(self, target: str) -> Content | None:
        """Answer for an address that is not in `routes`, such as a query in any spelling; None where there is none."""
        return None

    # what happens to stories

    def _populate(self, section: Section) -> None:
        count = max(1, round(section.count * self.scale))
        offset = self.sections.index(section) * 2000
        for n in range(count):
            random = Random(f"{self.seed}/{self.id}/{section.key}/{n}")
            at = ANCHOR - timedelta(
                days=(count - 1 - n) * section.step + random.randint(0, section.step - 1),
                minutes=random.randint(0, 480),
            )
            self._tell(section, self.first_id + offset + n * 3, at, random, n)

    def _tell(self, section: Section, number: int, at: datetime, random: Random, n: int) -> Story:
        language = self.language_of(section)
        people = GRAMMARS[language]["person"]
        story = Story(
            id=number,
            section=section.key,
            title=self._title(section, random),
            at=at.replace(second=0),
            paragraphs=paragraphs(random, language),
            author=random.choice(people),
            language=language,
            source=random.choice(GRAMMARS[language].get("office", [""])),
        )
        self.dress(story, random, n)
        self.stories.append(story)
        return story

    def _title(self, section: Section, random: Random) -> str:
        taken = {story.title for story in self.stories}
        title = ""
        for _ in range(20):
            title = say(random, self.language_of(section), section.titles)
            if title not in taken:
                return title
        mark = "（第{}号）" if self.language_of(section) == "zh" else " (No. {})"
        return title + mark.format(len(taken) + 1)

    def language_of(self, section: Section) -> str:
        """Language of a section; the site's own unless a family says otherwise."""
        return self.language

    def add(self, count: int = 1, section: str | None = None) -> list[str]:
        """Publish new stories at the head of a section (the first by default); gives their addresses."""
        column = self.section(section) if section else self.sections[0]
        added = []
        for _ in range(count):
            self.changes += 1
            newest = max((story.at for story in self.stories if story.section == column.key), default=ANCHOR)
            number = max(story.id for story in self.stories) + 3
            random = Random(f"{self.seed}/{self.id}/{column.key}/added/{number}")
            story = self._tell(column, number, newest + timedelta(hours=3), random, n=-1)
            story.sticky = False
            added.append(self.base + self.path(story))
        return added

    def edit(self, url: str) -> str:
        """Correct a story: its last paragraph changes and one is added. Gives the address."""
        story = self.find(url)
        self.changes += 1
        story.edited = ANCHOR + timedelta(days=2, minutes=self.changes)
        story.paragraphs[-1] = {
            "zh": "更正：本文较早版本的数字有误。",
            "en": "Correction: an earlier version misstated a number.",
            "de": "Korrektur: Eine Zahl war falsch.",
        }[story.language]
        story.paragraphs.append(say(Random(f"edit/{story.id}/{self.changes}"), story.language, "sentence"))
        return self.base + self.path(story)

    def delete(self, url: str) -> str:
        """Take a story offline: 404, and out of the listings."""
        story = self.find(url)
        self.changes += 1
        self.deleted.add(self.path(story))
        self.stories.remove(story)
        return self.base + self.path(story)

    def move(self, url: str) -> str:
        """Give a story another address; the old one redirects to it (301)."""
        story = self.find(url)
        self.changes += 1
        old = self.path(story)
        story.moved += 1
        self.moved[old] = self.path(story)
        return self.base + self.path(story)

    def find(self, url: str) -> Story:
        """The story at an address. Raises KeyError."""
        path = url.removeprefix(self.base)
        for story in self.stories:
            if story.kind == "article" and self.path(story) == path:
                return story
        raise KeyError(url)

    # what is served

    def section(self, key: str) -> Section:
        """A section by its key. Raises KeyError."""
        for section in self.sections:
            if section.key == key:
                return section
        raise KeyError(key)

    def rows(self, section: Section) -> list[Story]:
        """Items of a section in the order of its listing."""
        mine = [story for story in self.stories if story.section == section.key]
        return sorted(mine, key=lambda story: (story.sticky, story.at, story.id), reverse=True)

    def routes(self) -> dict[str, Content]:
        """Every address of the site and what it answers with, as things stand now."""
        routes: dict[str, Content] = {"/": Content(self.home), "/robots.txt": Content(self.robots, "text/plain")}
        mime = f"text/html; charset={self.encoding}"
        for section in self.sections:
            rows = self.rows(section)
            pages = max(1, ceil(len(rows) / self.per_page))
            changed = max([ANCHOR, *(story.edited for story in rows if story.edited)]) + timedelta(minutes=self.changes)
            for page in range(1, pages + 1):
                some = rows[(page - 1) * self.per_page : page * self.per_page]

                def render(
                    section: Section = section,
                    page: int = page,
                    pages: int = pages,
                    some: list[Story] = some,
                    total: int = len(rows),
                ) -> bytes:
                    return self.listing(section, page, pages, some, total).encode(self.encoding)

                routes[self.listing_path(section, page, pages)] = Content(render, mime, changed)
        for story in self.stories:
            if story.kind == "article":
                routes[self.path(story)] = Content(
                    lambda story=story: self.article(story).encode(self.encoding), mime, story.edited or story.at
                )
            for file in [*story.files, *story.images]:
                routes[file.path] = Content(lambda file=file: file.content, file.mime, story.at)
        for old, new in self.moved.items():
            routes[old] = Content(str, mime, headers=(("Location", self.base + new),), status=301)
        routes.update(self.others())
        return routes

    def home(self) -> str:
        """The home page: the way to every section, and the newest items."""
        links = "".join(
            f'<li><a href="{self.listing_path(s, 1, self.pages(s))}">{s.name}</a></li>' for s in self.sections
        )
        newest = "".join(
            f'<li><a href="{self.address(story)}">{story.title}</a></li>' for story in self.rows(self.sections[0])[:5]
        )
        return (
            f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{self.name}</title></head><body><ul'
            f' class="nav">{links}</ul><ul class="new">{newest}</ul></body></html>'
        )

    def pages(self, section: Section) -> int:
        """Pages of a section's listing."""
        return max(1, ceil(len(self.rows(section)) / self.per_page))

    def robots(self) -> str:
        """robots.txt."""
        delay = f"Crawl-delay: {self.crawl_delay:g}\n" if self.crawl_delay else ""
        return f"User-agent: *\nDisallow: /admin/\n{delay}{self.robots_extra}"

    def address(self, story: Story) -> str:
        """Where an item of a listing leads: own page, document or another site."""
        if story.kind == "external":
            return story.external
        return story.files[0].path if story.kind == "file" else self.path(story)

    # what is true

    def expected(self) -> list[Expected]:
        """The rows an archive of this site must have."""
        return [self._expect(story) for story in self.stories]

    def _expect(self, story: Story) -> Expected:
        section = self.section(story.section)
        address, article = self.address(story), story.kind == "article"
        return Expected(
            url=address if story.kind == "external" else self.base + address,
            site=self.id,
            kind=story.kind,
            title=story.title,
            language=story.language,
            sticky=story.sticky,
            body=story.body if article else "",
            published=published(story.at, self.zone, self.precision_of(story)),
            precision=self.precision_of(story),
            author=self.shown_author(story) if article else "",
            source=self.shown_source(story) if article else "",
            attachments=tuple((self.base + file.path, file.name) for file in story.files) if article else (),
            images=tuple((self.base + image.path, image.caption) for image in story.images),
            listing=self.base + self.listing_path(section, 1, self.pages(section)),
            document=story.files[0].text if story.embedded or story.kind == "file" else "",
        )

    def precision_of(self, story: Story) -> Precision:
        """How exactly its pages give the time of publication."""
        return self.precision

    def shown_author(self, story: Story) -> str:
        """Its author where the page names one, else empty."""
        return story.author

    def shown_source(self, story: Story) -> str:
        """Its source where the page names one, else empty."""
        return ""

    def entry(self) -> str:
        """Its table of sites.toml."""
        listings = ", ".join(
            f'{{ url = "{self.base}{self.listing_path(section, 1, self.pages(section))}", section = "{section.name}" }}'
            for section in self.listed_sections()
        )
        return (
            f'[{self.id}]\nname = "{self.name}"\ncollege = "{self.college}"\nfamily = "{self.family}"\nhomepage ='
            f' "{self.base}/"\nlanguage = "{self.language}"\ntimezone = "{self.zone}"\nlistings = [{listings}]\n'
        )

    def listed_sections(self) -> tuple[Section, ...]:
        """Sections that sites.toml names."""
        return self.sections

    def picture(self, folder: str, story: Story, extension: str = "jpg", n: int = 1) -> File:
        """A picture for a story."""
        name = f"{story.id}-{n}.{extension}"
        return File(f"{folder}/{name}", name, story.title, caption=self.caption(story))

    def caption(self, story: Story) -> str:
        """What stands below its picture; empty where the family's pages show none."""
        return ""

    def scan(self, path: str, story: Story) -> File:
        """A notice on paper, scanned: its words stand in the picture alone."""
        words = say(Random(f"notice/{story.id}"), "en", "notice")  # the letters that every machine can draw
        return File(path, path.rpartition("/")[2], words, look="scan")
