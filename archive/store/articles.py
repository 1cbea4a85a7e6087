"""The `articles` table and what hangs on it: versions, attachments, images, links.

The words of the current version are those of the article's row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from archive.article import FIELDS, Article, words
from archive.packed_html import packed
from archive.patterns import deferred
from archive.search.index import ArticleIndex
from archive.sqlite import as_json
from archive.store.chronology import number, sighted, stood
from archive.store.identifiers import note
from archive.store.parts import Part, Parts, continued, in_order, joined, part

if TYPE_CHECKING:
    from sqlite_utils import Database

# a file name, and not words or the script that sends the file
_NAMED = deferred(r"\.(?!(?:jsp|php|aspx?|do|action|cgi|s?html?|vsb)$)[a-z][a-z0-9]{1,4}$", re.I)
_COLUMNS = [field.name for field in FIELDS.values() if field.shape in ("text", "number")]
_LISTS = [field.name for field in FIELDS.values() if field.shape == "texts"]
_TABLES = [field.name for field in FIELDS.values() if field.shape == "records"]


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving an article did."""

    id: int
    change: Literal["new", "changed", "unchanged"]


class Standing(NamedTuple):
    """A story as it stands before a page of it is taken."""

    id: int
    title: str
    body: str
    last_seen: str
    digest: str


class Articles:
    """The `articles` table as a collection of Article records with their versions.

    Its methods belong into the writer's open transaction; `flush_index` must run before that is committed.
    """

    def __init__(self, db: Database, index: ArticleIndex) -> None:
        self.db, self._index, self._parts = db, index, Parts(db)
        self._unindexed: dict[int, None] = {}

    def save(
        self,
        article: Article,
        *,
        digest: str,
        reader: str,
        capture: int | None,
        seen: str,
        more: tuple[str, ...] = (),
        word_count: int | None = None,
        unknown: bool = False,
    ) -> Saved:
        """Insert the story, or add a version where its content digest differs; `seen` is the capture's time.

        `more` names the pages on which the story goes on; they are told apart by the digest too. `word_count` is that
        of the body, from a caller that has it already; so is that there is no story at its address (`unknown`).
        """
        known = None if unknown else self._known(article.url)
        first = part(article.url, article, more, digest=digest, reader=reader, capture=capture, seen=seen)
        if known is None:
            id_ = self._insert(article, seen, word_count)
            self._version(id_, article, digest, reader, capture, seen, parts=in_order(first, {}))
            self._adopt([id_] if article.attachments and not article.body else [])
            return Saved(id_, "new")
        id_, version, old_digest, state, last_seen, rights = known
        if seen < last_seen:
            return self._earlier(id_, article, digest, reader, capture, seen, parts=in_order(first, {}))
        if old_digest == digest:
            self.db.conn.execute("update version_rows set seen_to = max(seen_to, ?) where id = ?", [seen, version])
            self._touch(id_, seen)
            if (said := as_json(article.rights)) != rights:  # of which no version is made
                self.db.conn.execute("update articles set rights = ? where id = ?", [said, id_])
            return Saved(id_, "unchanged" if state == "live" else "changed")
        parts = in_order(first, {one.url: one for one in self._parts.of(version)}) if more else [first]
        article = continued(article, joined(parts)) if more else article
        self._keep_words(version)
        self._update(id_, article, seen)
        self._version(id_, article, digest, reader, capture, seen, parts=parts)
        self._adopt([id_] if article.attachments and not article.body else [])
        return Saved(id_, "changed")

    def _known(self, url: str) -> tuple[int, int, str, str, str, str] | None:
        row: tuple[int, int, str, str, str, str] | None = self.db.conn.execute(
            "select a.id, v.id, v.content_digest, a.state, a.last_seen, a.rights from articles a left join version_rows"
            " v on v.id = a.current_version where a.url = ?",
            [url],
        ).fetchone()
        return row

    def standing(self, url: str, id_: int | None) -> Standing | None:
        """The story of that row, or where none is named that at the address, as it stands."""
        row = self.db.conn.execute(
            "select a.id, a.title, a.body, a.last_seen, v.content_digest from articles a left join version_rows v on"
            " v.id = a.current_version where " + ("a.url = ?" if id_ is None else "a.id = ?"),
            [url if id_ is None else id_],
        ).fetchone()
        return Standing(*row) if row else None

    def reread(self, version: int, article: Article, *, digest: str, reader: str, more: tuple[str, ...] = ()) -> None:
        """Put other words into a version that was read from the same capture before; address, times and state stay."""
        id_, url, current, capture, seen = self.db.conn.execute(
            "select a.id, a.url, a.current_version = v.id, v.capture, v.seen_to from version_rows v join articles a on"
            " a.id = v.article where v.id = ?",
            [version],
        ).fetchone()
        first = part(url, article, more, digest=digest, reader=reader, capture=capture, seen=seen)
        parts = in_order(first, {one.url: one for one in self._parts.of(version)})
        self._parts.put(version, parts if more else ())
        article = continued(article, joined(parts)) if more else article
        self.db.conn.execute(
            "update version_rows set content_digest = ?, title = ?, body = ?, body_html = ?, extractor = ? where"
            " id = ?",
            [digest, *_own_words(article, current=current), reader, version],
        )
        if current:
            self.unindex(id_)
            row = _row(article) | {"url": url}
            self.db.conn.execute(
                f"update articles set {', '.join(f'{name} = ?' for name in row)} where id = ?", [*row.values(), id_]
            )
            self._children(id_, article)
            self._adopt([id_])

    def goes_on(
        self,
        of: str,
        url: str,
        article: Article,
        *,
        digest: str,
        reader: str,
        capture: int | None,
        seen: str,
        more: tuple[str, ...] = (),
    ) -> Literal["joined", "changed", "unchanged", "unwanted"]:
        """Join a further page to the story at `of`, whose version of that time says that it goes on at `url`.

        A page whose words were seen with this version before and are others now makes a new version; the others
        complete it.
        """
        row = self.db.conn.execute(
            "select a.id, v.id, v.seen_from, v.id = a.current_version from version_rows v join articles a on a.id ="
            " v.article where a.url = ? and v.seen_from <= ? order by v.seen_from desc, v.n desc limit 1",
            [of, seen],
        ).fetchone()
        parts = {one.url: one for one in self._parts.of(row[1])} if row else {}
        if url not in parts or url == of:
            return "unwanted"
        id_, version, since, current = row
        old, new = parts[url], part(url, article, more, digest=digest, reader=reader, capture=capture, seen=seen)
        if old.digest == digest:
            self._parts.seen(version, url, seen)
            return "unchanged"
        completes = old.seen is None or old.seen < since
        if not completes and not current:
            return "unwanted"  # of a time between two versions: neither is what it was then
        if not completes:
            version = self._next_version(id_, version, seen)
        self._join(id_ if current else None, version, in_order(parts[of], parts | {url: new}))
        return "joined" if completes else "changed"

    def goes_on_still(self, of: str, url: str, at: str) -> None:
        """The server says a further page of the story stands as it was."""
        row = self.db.conn.execute("select current_version from articles where url = ?", [of]).fetchone()
        if row:
            self._parts.seen(row[0], url, at)

    def reread_further(
        self, version: int, url: str, article: Article, *, digest: str, reader: str, more: tuple[str, ...]
    ) -> None:
        """As `reread`, of one of the version's further pages."""
        parts = {one.url: one for one in self._parts.of(version)}
        if url in parts:
            old = parts[url]
            parts[url] = part(url, article, more, digest=digest, reader=reader, capture=old.capture, seen=old.seen)
            row = self.db.conn.execute("select id from articles where current_version = ?", [version]).fetchone()
            self._join(row[0] if row else None, version, in_order(next(iter(parts.values())), parts))

    def seen(self, id_: int, at: str) -> None:
        """The server says the story stands as it was."""
        stood(self.db, id_, at)
        self._touch(id_, at)

    def lost(self, id_: int, state: Literal["gone", "moved"], at: str | None = None) -> bool:
        """The page was no longer there at that time, and has not been seen since; the row stays. True if that is
        news."""
        news = self.db.conn.execute(
            "update articles set state = ? where id = ? and state != ? and last_seen <= coalesce(?, last_seen)",
            [state, id_, state, at],
        ).rowcount
        if news and state == "gone" and at is not None:
            self.db.conn.execute("insert or ignore into deaths values (?, ?)", [id_, at])
        return news > 0

    def seen_since(self, id_: int, at: str) -> bool:
        """Whether its page was seen after that time."""
        row = self.db.conn.execute("select last_seen > ? from articles where id = ?", [at, id_]).fetchone()
        return bool(row and row[0])

    def back(self, id_: int, state: str, at: str) -> None:
        """It was not gone at that time after all: its page is held to be there still."""
        self.db.conn.execute("update articles set state = ? where id = ?", [state, id_])
        self.db.conn.execute("delete from deaths where article = ? and at = ?", [id_, at])

    def died_as(self, old: int, new: int) -> None:
        """When the one was gone is of the other's history, since they are one story."""
        self.db.conn.execute("update or ignore deaths set article = ? where article = ?", [new, old])
        self.db.conn.execute("delete from deaths where article = ?", [old])

    def regained(self, id_: int) -> None:
        """It had not moved after all."""
        self.db.conn.execute("update articles set state = 'live' where id = ? and state = 'moved'", [id_])

    def is_page(self, url: str) -> bool:
        """Whether the row at that address was read of a page, not only of a link."""
        return (
            self.db.conn.execute("select 1 from articles where url = ? and kind = 'article'", [url]).fetchone()
            is not None
        )

    def titled(self, url: str) -> tuple[int, str] | None:
        """Id and title of the story at that address."""
        row = self.db.conn.execute("select id, title from articles where url = ?", [url]).fetchone()
        return (int(row[0]), str(row[1])) if row else None

    def attached(
        self, url: str, *, capture: int, mime: str | None, size: int, text: str | None, name: str = ""
    ) -> None:
        """A document has been captured: note it at every story that links it, unless a later capture of it is there.

        `name` is what its server calls it; taken where the page gave no file name but words (附件, Download).
        """
        later = self.db.conn.execute(
            "select 1 from attachments t join captures c on c.id = t.capture where t.url = ? and c.fetched_at >"
            " (select fetched_at from captures where id = ?) limit 1",
            [url, capture],
        ).fetchone()
        if later:
            return
        held = self.db.conn.execute("select distinct article, filename from attachments where url = ?", [url])
        names: dict[int, set[str]] = {}
        for id_, filename in held:
            names.setdefault(id_, set()).add(filename)
        ids = [*names]
        renamed = [id_ for id_ in ids if any(file_name(one, name) != one for one in names[id_])]
        if text is not None or renamed:
            self._index.forget(ids if text is not None else renamed)
        for id_ in renamed:
            for one in names[id_]:
                self.db.conn.execute(
                    "update attachments set filename = ? where article = ? and url = ? and filename = ?",
                    [file_name(one, name), id_, url, one],
                )
            self._unindexed[id_] = None
        self.db.conn.execute(
            "update attachments set capture = ?, mime = ?, size = ?, text = coalesce(?, text) where url = ?",
            [capture, mime, size, text, url],
        )
        if text is not None:
            self._adopt(ids)
            self._unindexed.update(dict.fromkeys(ids))

    def flush_index(self) -> None:
        """Write what changed since the last call to the search index, in one go: FTS5 flushes at every savepoint."""
        if self._unindexed:
            self._index.add(self._unindexed)
            self._unindexed.clear()

    def _insert(self, article: Article, seen: str, word_count: int | None) -> int:
        row = _row(article, word_count) | {"state": "live", "first_seen": seen, "last_seen": seen}
        cursor = self.db.conn.execute(
            f"insert into articles ({', '.join(row)}) values ({', '.join('?' * len(row))})", list(row.values())
        )
        id_ = int(cursor.lastrowid or 0)
        self._children(id_, article, of_old=False)
        note(self.db, article.url)
        self._unindexed[id_] = None
        return id_

    def unindex(self, id_: int) -> None:
        """Its words are about to change: those of before leave the search index, those of after enter it with the next
        flush."""
        if id_ not in self._unindexed:
            self._index.forget([id_])
        self._unindexed[id_] = None

    def _update(self, id_: int, article: Article, seen: str) -> None:
        self.unindex(id_)
        row = _row(article) | {"state": "live", "last_seen": seen}
        self.db.conn.execute(
            f"update articles set {', '.join(f'{name} = ?' for name in row)} where id = ?", [*row.values(), id_]
        )
        self._children(id_, article)

    def _join(self, id_: int | None, version: int, parts: list[Part]) -> None:
        """Make the text of a version, and of the article where its id is given, that of these pages."""
        self._parts.put(version, parts)
        whole = joined(parts)
        html = packed(whole.body_html, whole.body)
        body, body_html = (whole.body, html) if id_ is None else (None, None)
        self.db.conn.execute("update version_rows set body = ?, body_html = ? where id = ?", [body, body_html, version])
        if id_ is not None:
            self.unindex(id_)
            self.db.conn.execute(
                "update articles set body = ?, body_html = ?, word_count = ? where id = ?",
                [whole.body, html, words(whole.body), id_],
            )
            self._children(id_, whole)

    def _next_version(self, id_: int, version: int, seen: str) -> int:
        """A version like that one, which is the current one, for one of its pages to change."""
        self._keep_words(version)
        cursor = self.db.conn.execute(
            "insert into version_rows (article, n, capture, content_digest, extractor, seen_from, seen_to) select"
            " article, (select max(n) + 1 from version_rows where article = ?), capture, content_digest, extractor, ?,"
            " ? from version_rows where id = ?",
            [id_, seen, seen, version],
        )
        self.db.conn.execute(
            "update articles set current_version = ?, last_seen = max(last_seen, ?) where id = ?",
            [cursor.lastrowid, seen, id_],
        )
        return int(cursor.lastrowid or 0)

    def _adopt(self, ids: Iterable[int]) -> None:
        """A story that is nothing but one document has that document's text for its body."""
        for id_ in ids:
            texts = self.db.conn.execute("select text from attachments where article = ? limit 2", [id_]).fetchall()
            if len(texts) == 1 and texts[0][0]:
                body = as_body(texts[0][0])
                self.db.conn.execute(
                    "update articles set body = ?, word_count = ? where id = ? and body = ''", [body, words(body), id_]
                )

    def _keep_words(self, version: int) -> None:
        """The article's row is about to say something else than this version, which was the current one."""
        self.db.conn.execute(
            "update version_rows as v set (title, body, body_html) = (select coalesce(v.title, title), coalesce(v.body,"
            " body), coalesce(v.body_html, body_html) from articles where id = v.article) where id = ?",
            [version],
        )

    def _touch(self, id_: int, at: str) -> None:
        self.db.conn.execute(
            "update articles set state = iif(last_seen <= ?, 'live', state), last_seen = max(last_seen, ?)"
            " where id = ?",
            [at, at, id_],
        )

    def _earlier(
        self, id_: int, article: Article, digest: str, reader: str, capture: int | None, seen: str, *, parts: list[Part]
    ) -> Saved:
        """A capture from before the last one known: it widens the version of its time, or adds one that is not the
        current."""
        same = sighted(self.db, id_, digest, seen)
        if not same:
            self._version(id_, article, digest, reader, capture, seen, parts=parts, current=False)
            number(self.db, id_)
        self.db.conn.execute("update articles set first_seen = min(first_seen, ?) where id = ?", [seen, id_])
        return Saved(id_, "unchanged" if same else "changed")

    def _version(
        self,
        id_: int,
        article: Article,
        digest: str,
        reader: str,
        capture: int | None,
        seen: str,
        *,
        parts: list[Part],
        current: bool = True,
    ) -> None:
        cursor = self.db.conn.execute(
            "insert into version_rows (article, n, capture, content_digest, title, body, body_html, extractor,"
            " seen_from, seen_to) values (?, (select coalesce(max(n), 0) + 1 from version_rows where article = ?), ?,"
            " ?, ?, ?, ?, ?, ?, ?)",
            [id_, id_, capture, digest, *_own_words(article, current=current), reader, seen, seen],
        )
        if len(parts) > 1:
            self._parts.put(int(cursor.lastrowid or 0), parts)
        if current:
            self.db.conn.execute("update articles set current_version = ? where id = ?", [cursor.lastrowid, id_])

    def _children(self, id_: int, article: Article | Part, *, of_old: bool = True) -> None:
        """The rows below a story, made anew; what is known of a document already fetched, for whatever story, is
        carried over by address."""
        connection = self.db.conn
        known = {
            row[0]: row[1:]
            for one in article.attachments
            for row in connection.execute(
                "select url, filename, mime, size, capture, text from attachments where url = ? and capture is not null"
                " order by capture desc limit 1",
                [one.url],
            )
        }
        for table in _TABLES if of_old else ():
            connection.execute(f"delete from {table} where article = ?", [id_])
        if article.attachments:
            connection.executemany(
                "insert into attachments (article, n, url, filename, embedded, mime, size, capture, text) values (?, ?,"
                " ?, ?, ?, ?, ?, ?, ?)",
                [
                    (id_, n, a.url, file_name(a.filename, name), a.embedded, *facts)
                    for n, a in enumerate(article.attachments)
                    for name, *facts in (known.get(a.url, ("", None, None, None, None)),)
                ],
            )
        if article.images:
            connection.executemany(
                "insert into images (article, n, url, caption) values (?, ?, ?, ?)",
                [(id_, n, image.url, image.caption) for n, image in enumerate(article.images)],
            )
        if article.links:
            connection.executemany(
                "insert into links (article, n, url, text) values (?, ?, ?, ?)",
                [(id_, n, link.url, link.text) for n, link in enumerate(article.links)],
            )


def file_name(stated: str, served: str) -> str:
    """What to save a document under: what the page calls it, or the server where that alone is a file name."""
    return served if _NAMED.search(served) and not _NAMED.search(stated) else stated


def as_body(text: str) -> str:
    """A document's text, paragraphs parted by line ends, as the body of a story that is nothing but this document."""
    return re.sub(r"\n+", "\n\n", text)


def _own_words(article: Article, *, current: bool) -> tuple[str | None, str | None, str | bytes | None]:
    """What a row of a version says; nothing where the article's own row does."""
    return (None, None, None) if current else (article.title, article.body, packed(article.body_html, article.body))


def _row(article: Article, word_count: int | None = None) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(article, name) for name in _COLUMNS}
    for name in _LISTS:
        row[name] = as_json(getattr(article, name))
    row["body_html"] = packed(article.body_html, article.body)
    row["word_count"] = words(article.body) if word_count is None else word_count
    return row
