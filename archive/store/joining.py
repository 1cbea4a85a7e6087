"""Two rows of one story become one: it has moved, and its history goes on at its new address."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from archive.article import Article
from archive.near.likeness import agree, keeps_words, same_headline, same_words
from archive.search.index import ArticleIndex
from archive.store.chronology import settle
from archive.store.identifiers import note

if TYPE_CHECKING:
    from sqlite_utils import Database


def spellings(url: str) -> list[str]:
    """Other addresses that servers mean the same by: http and https, with www. and bare, with a slash at the end and
    without."""
    parts = urlsplit(url)
    hosts = [parts.netloc, parts.netloc[4:] if parts.netloc.startswith("www.") else f"www.{parts.netloc}"]
    paths = [parts.path]
    if not parts.query and len(parts.path) > 1:
        last = parts.path.rsplit("/", 1)[1]
        paths += [parts.path.rstrip("/")] if parts.path.endswith("/") else [] if "." in last else [parts.path + "/"]
    found = [
        urlunsplit((scheme, host, path, parts.query, ""))
        for scheme in ("https", "http")
        for host in hosts
        for path in paths
    ]
    return [one for one in found if one != url]


def one_story(db: Database, one: int, other: int) -> bool:
    """Whether two rows tell one story: their headlines agree, or one keeps the words of the other."""
    rows = db.conn.execute("select title, body from articles where id in (?, ?)", [one, other]).fetchall()
    return len(rows) == 2 and (agree(rows[0][0], rows[1][0]) or keeps_words(rows[0][1], rows[1][1]))


def says_the_same(db: Database, one: int, other: int) -> bool:
    """Whether two rows have agreeing headlines and the same words, but for one here and there."""
    rows = db.conn.execute("select title, body from articles where id in (?, ?)", [one, other]).fetchall()
    return len(rows) == 2 and agree(rows[0][0], rows[1][0]) and same_words(rows[0][1], rows[1][1])


def says_as_much(db: Database, id_: int, article: Article) -> bool:
    """Whether an article says what that row says, under a headline that agrees."""
    row = db.conn.execute("select title, body from articles where id = ?", [id_]).fetchone()
    return row is not None and agree(row[0], article.title) and same_words(row[1], article.body)


def twin(db: Database, url: str, title: str) -> tuple[int, str, str, str] | None:
    """The story that stands at another spelling of that address, under a headline that agrees: id, address, title,
    body."""
    others = spellings(url)
    row = db.conn.execute(
        f"select id, url, title, body from articles where url in ({', '.join('?' * len(others))})"
        " and kind = 'article' order by id limit 1",
        others,
    ).fetchone()
    return row if row is not None and agree(row[2], title) else None


def left_behind(db: Database, new: int, article: Article) -> tuple[int, str] | None:
    """The story, id and address, that a new one of its site is at a second address: it has its headline, its day and
    its words, and its listing is crawled no more. None where there is none, or more than one."""
    if not article.published:
        return None
    rows = db.conn.execute(
        "select a.id, a.url, a.title from articles a join frontier f on f.url = a.url join listings l on l.url ="
        " f.listing where a.site = ? and a.published >= ? and a.published < ? and a.kind = 'article' and a.id != ?"
        " and f.article = a.id and l.state = 'retired'",
        [article.site, article.published[:10], article.published[:10] + "~", new],
    ).fetchall()
    found = []
    for id_, there, named in rows:
        if same_headline(named) and same_headline(named) == same_headline(article.title):
            texts = db.conn.execute("select body from articles where id in (?, ?)", [id_, new]).fetchall()
            if same_words(texts[0][0], texts[1][0]):
                found.append((id_, there))
    return found[0] if len(found) == 1 else None


def join(db: Database, old: int, new: int) -> None:
    """Make one history of those of `old` and `new`, in order of time; nothing is left of the older row. Its words must
    be in the search index."""
    connection = db.conn
    ArticleIndex(db).forget([old])
    connection.execute(
        "update version_rows as v set (title, body, body_html) = (select coalesce(v.title, title),"
        " coalesce(v.body, body), coalesce(v.body_html, body_html) from articles where id = v.article) where article"
        " = ?",
        [old],
    )
    said = "select id, content_digest, title, body, seen_from from versions where article = ? order by n"
    last = connection.execute(f"{said} desc limit 1", [old]).fetchone()
    first = connection.execute(f"{said} limit 1", [new]).fetchone()
    connection.execute("update articles set current_version = null where id = ?", [old])
    if last and first and (last[1] == first[1] or last[2:4] == first[2:4]):  # it moved as it was
        connection.execute("update version_rows set seen_from = min(seen_from, ?) where id = ?", [last[4], first[0]])
        connection.execute("delete from parts where version = ?", [last[0]])
        connection.execute("delete from version_rows where id = ?", [last[0]])
    connection.execute("update version_rows set n = -id where article = ?", [old])  # numbers are unique: out of the way
    connection.execute("update version_rows set article = ? where article = ?", [new, old])
    settle(db, new)
    for change, values in (
        (
            "update articles set first_seen = min(first_seen, (select first_seen from articles where id = ?)) where"
            " id = ?",
            [old, new],
        ),
        ("update frontier set article = ? where article = ?", [new, old]),
        ("insert or replace into near_queue (article) values (?)", [old]),
        ("update near_signatures set original = null where original = ? or article = ?", [old, old]),
        ("update articles set near_duplicate_of = null where near_duplicate_of = ?", [old]),
        *((f"delete from {table} where article = ?", [old]) for table in ("attachments", "images", "links")),
        ("delete from articles where id = ?", [old]),
    ):
        connection.execute(change, values)


def rename(db: Database, id_: int, url: str) -> None:
    """The story is at that address now, where no other one is."""
    db.conn.execute("update articles set url = ?, state = 'live' where id = ?", [url, id_])
    note(db, url)
    db.conn.execute("insert or replace into near_queue (article) values (?)", [id_])


def join_moved(db: Database) -> int:
    """Join every story that has moved with the one at its new address; how many."""
    moved = db.execute(
        "select a.id, t.article from articles a join frontier f on f.url = a.url and f.state = 'moved'"
        " join frontier t on t.url = f.reason where a.state = 'moved' and t.article is not null and t.article != a.id"
        " order by a.id"
    ).fetchall()
    done = 0
    for old, _ in moved:
        row = db.execute(
            "select t.article from articles a join frontier f on f.url = a.url and f.state = 'moved'"
            " join frontier t on t.url = f.reason where a.id = ?",
            [old],
        ).fetchone()  # where it leads now: the story there may have been joined meanwhile
        if row and row[0] not in (None, old) and one_story(db, old, row[0]):
            join(db, old, row[0])
            done += 1
    return done
