"""The `parts` table: the pages of a story that is told on several, for each of its versions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Annotated, TypeVar

from archive.article import Article, Attachment, Image, Link
from archive.sqlite import as_json

if TYPE_CHECKING:
    from sqlite_utils import Database

_Media = TypeVar("_Media", Attachment, Image)
MOST = 51  # pages of one story, the first among them; a pager without end must end somewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One page of a story. One that is known by its address alone has no digest yet."""

    url: Annotated[str, "Address as the page before it gives it; that of the article for the first"]
    capture: Annotated[int | None, "Where its bytes are"] = None
    digest: Annotated[str | None, "Tells whether it has changed; None until it has been read"] = None
    extractor: Annotated[str | None, "Version of the reader"] = None
    seen: Annotated[str | None, "Time of the last capture that had it like this"] = None
    body: str = ""
    body_html: str = ""
    attachments: tuple[Attachment, ...] = ()
    images: tuple[Image, ...] = ()
    links: tuple[Link, ...] = ()
    more: Annotated[tuple[str, ...], "Pages that it says come after it"] = ()


def part(
    url: str,
    article: Article,
    more: tuple[str, ...],
    *,
    digest: str,
    reader: str,
    capture: int | None,
    seen: str | None,
) -> Part:
    """A page as it was read."""
    return Part(
        url=url,
        capture=capture,
        digest=digest,
        extractor=reader,
        seen=seen,
        body=article.body,
        body_html=article.body_html,
        attachments=article.attachments,
        images=article.images,
        links=article.links,
        more=more,
    )


def in_order(first: Part, known: Mapping[str, Part]) -> list[Part]:
    """The pages from the first on, as each names those after it; of pages not in `known` the addresses."""
    found = {first.url: first}
    waiting = [*first.more]
    for url in waiting:  # grows while it is gone through
        if url not in found and len(found) < MOST:
            found[url] = known.get(url) or Part(url=url)
            waiting += found[url].more
    return list(found.values())


def joined(parts: Sequence[Part]) -> Part:
    """The first page with the words, pictures, documents and links of all of them."""
    return replace(
        parts[0],
        body="\n\n".join(one.body for one in parts if one.body),
        body_html="\n".join(one.body_html for one in parts if one.body_html),
        attachments=_once(held for one in parts for held in one.attachments),
        images=_once(held for one in parts for held in one.images),
        links=tuple(dict.fromkeys(held for one in parts for held in one.links)),
    )


def continued(article: Article, whole: Part) -> Article:
    """The story with the words of all its pages."""
    return replace(
        article,
        body=whole.body,
        body_html=whole.body_html,
        attachments=whole.attachments,
        images=whole.images,
        links=whole.links,
    )


def _once(found: Iterable[_Media]) -> tuple[_Media, ...]:
    first: dict[str, _Media] = {}
    for one in found:
        first.setdefault(one.url, one)
    return tuple(first.values())


class Parts:
    """The `parts` table as a collection of the pages of versions; a story on one page has none."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def of(self, version: int | None) -> list[Part]:
        """The pages of a version, in order."""
        rows = self.db.conn.execute(
            "select url, capture, digest, extractor, seen, body, body_html, holds from parts where version = ? order"
            " by n",
            [version],
        )
        return [_part(*row) for row in rows]

    def put(self, version: int, parts: Sequence[Part]) -> None:
        """Make these the pages of a version."""
        self.db.conn.execute("delete from parts where version = ?", [version])
        self.db.conn.executemany(
            "insert into parts (version, n, url, capture, digest, extractor, seen, body, body_html, holds) values (?,"
            " ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    version,
                    n,
                    one.url,
                    one.capture,
                    one.digest,
                    one.extractor,
                    one.seen,
                    one.body,
                    one.body_html,
                    _holds(one),
                )
                for n, one in enumerate(parts, 1)
            ],
        )

    def seen(self, version: int, url: str, at: str) -> None:
        """A page stands as it was."""
        self.db.conn.execute("update parts set seen = max(seen, ?) where version = ? and url = ?", [at, version, url])


def _holds(one: Part) -> str:
    held = {name: [asdict(item) for item in getattr(one, name)] for name in ("attachments", "images", "links")}
    return as_json(held | {"more": one.more})


def _part(
    url: str,
    capture: int | None,
    digest: str | None,
    extractor: str | None,
    seen: str | None,
    body: str,
    body_html: str,
    holds: str,
) -> Part:
    held = json.loads(holds)
    return Part(
        url=url,
        capture=capture,
        digest=digest,
        extractor=extractor,
        seen=seen,
        body=body,
        body_html=body_html,
        attachments=tuple(Attachment(**item) for item in held["attachments"]),
        images=tuple(Image(**item) for item in held["images"]),
        links=tuple(Link(**item) for item in held["links"]),
        more=tuple(held["more"]),
    )
