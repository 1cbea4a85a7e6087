"""A look undone: a story's rows as they stood before it, for when its siblings show that it was no change."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from archive.packed_html import packed, plain
from archive.search.index import ArticleIndex
from archive.sqlite import as_json
from archive.store.articles import Articles

if TYPE_CHECKING:
    from sqlite_utils import Database

_CHILDREN = ("attachments", "images", "links")
_LEFT = ("id", "near_duplicate_of")  # the pointer is found anew, since the body changes back


def as_it_stands(db: Database, id_: int) -> str:
    """A story's row and what hangs on it, to be put back by `put_back`."""
    return as_json(
        {
            "article": plain(_rows(db, "select * from articles where id = ?", id_)[0]),
            **{table: _rows(db, f"select * from {table} where article = ? order by n", id_) for table in _CHILDREN},
        }
    )


def put_back(db: Database, articles: Articles, id_: int, before: str) -> None:
    """The story is as it was; versions read since are no more."""
    kept, connection = json.loads(before), db.conn
    articles.unindex(id_)
    row = {name: value for name, value in kept["article"].items() if name not in _LEFT}
    row["body_html"] = packed(row["body_html"], row["body"])
    connection.execute(
        f"update articles set {', '.join(f'{name} = ?' for name in row)} where id = ?", [*row.values(), id_]
    )
    later = "select id from version_rows where article = ? and n > (select n from version_rows where id = ?)"
    connection.execute(f"delete from parts where version in ({later})", [id_, row["current_version"]])
    connection.execute(f"delete from version_rows where id in ({later})", [id_, row["current_version"]])
    connection.execute(
        "update version_rows set title = null, body = null, body_html = null where id = ?", [row["current_version"]]
    )
    for table in _CHILDREN:
        connection.execute(f"delete from {table} where article = ?", [id_])
        for child in kept[table]:
            connection.execute(
                f"insert into {table} ({', '.join(child)}) values ({', '.join('?' * len(child))})", list(child.values())
            )


def take_out(db: Database, articles: Articles, id_: int) -> None:
    """The story was none: no row of it is left; its captures stay."""
    articles.flush_index()
    connection = db.conn
    ArticleIndex(db).forget([id_])
    for change in (
        "insert or replace into near_queue (article) select ?",  # so that what resembles it is pointed elsewhere
        "update near_signatures set original = null where original = ?",
        "update near_signatures set original = null where article = ?",
        "update articles set near_duplicate_of = null where near_duplicate_of = ?",
        "update articles set current_version = null where id = ?",
        "update frontier set article = null where article = ?",
        "delete from parts where version in (select id from version_rows where article = ?)",
        *(f"delete from {table} where article = ?" for table in ("version_rows", "deaths", *_CHILDREN)),
        "delete from identifiers where url = (select url from articles where id = ?)",
        "delete from articles where id = ?",
    ):
        connection.execute(change, [id_])


def _rows(db: Database, sql: str, id_: int) -> list[dict[str, Any]]:
    cursor = db.conn.execute(sql, [id_])
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]
