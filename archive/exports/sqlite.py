"""A part of an archive's database as a database of its own, which our own tools and plain sqlite3 open."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

from archive.exports.selection import Selection
from archive.packed_html import in_sql
from archive.rights import ORIGIN
from archive.search.index import ArticleIndex
from archive.shadows import hidden_captures, hides
from archive.store.db import open_writer

_CHOSEN = "(select id from temp.chosen)"
_CAPTURES = f"""
select v.capture from source.versions v where v.id in (select id from temp.kept)
union select t.capture from source.attachments t where t.article in {_CHOSEN} and t.capture is not null
"""
_PARTS = "union select p.capture from source.parts p where p.version in (select id from temp.kept)"
ROWS = {  # of each table that is exported; a test holds these two against the schema
    "sites": f"id in (select site from source.articles where id in {_CHOSEN})",
    "listings": f"site in (select site from source.articles where id in {_CHOSEN})",
    "runs": "id in (select run from source.captures where id in (select id from temp.taken))",
    "captures": "id in (select id from temp.taken)",
    "articles": f"id in {_CHOSEN}",
    "version_rows": "id in (select id from temp.kept)",
    "parts": "version in (select id from temp.kept)",
    "attachments": f"article in {_CHOSEN}",
    "images": f"article in {_CHOSEN}",
    "links": f"article in {_CHOSEN}",
    "host_rights": f"origin in (select {ORIGIN} from source.articles a where a.id in {_CHOSEN})",
    "twins": f"chinese in (select url from source.articles where id in {_CHOSEN}) and english in (select url from"
    f" source.articles where id in {_CHOSEN})",
    "identifiers": f"url in (select url from source.articles where id in {_CHOSEN})",
}
_BEFORE = {"version_rows": "versions"}  # since m012
_LESS = (
    "delete from temp.kept where id in (select id from source.version_rows where capture in (select id from"
    " temp.left_out))",
    "delete from temp.taken where id in (select id from temp.left_out)",
)
LEFT = {  # the crawl's own, what it makes of the others, and what was said before
    "frontier",
    "failures",
    "news_days",
    "unread",
    "deaths",
    "untold",
    "entities",
    "entity_names",
    "entities_read",
    "looked",
    "entered",
    "suspects",
    "changes",
    "tallies",
    "believed",
    "corrections",
    "former_versions",
    "former_numbers",
    "near_queue",
    "near_signatures",
    "near_texts",
    "near_bands",
    "near_method",
    "search_folds",
    "withheld",
    "articles_terms",
}
_ORIGINALS = """
select o.id from temp.taken t join source.captures c on c.id = t.id join source.captures o on o.record_id = c.refers_to
"""


def write(path: Path, selection: Selection, source: Path) -> None:
    """A new database of the chosen articles with their versions, captures, documents, sites, listings and runs.

    `source` is the database the selection is of. The frontier and the failures, which are the crawl's own, stay behind;
    `near_duplicate_of` is null where that article was not chosen. Runs keep their ids.
    """
    db = open_writer(path)
    try:
        connection = db.conn
        connection.text_factory = selection.db.conn.text_factory
        connection.execute("pragma journal_mode = delete")  # one file, and nothing beside it
        connection.execute("pragma foreign_keys = off")
        connection.execute("attach ? as source", [f"file:{quote(str(source.absolute()))}?mode=ro"])
        connection.execute("create temp table chosen (id integer primary key)")
        connection.execute("create temp table kept (id integer primary key)")
        connection.execute("create temp table taken (id integer primary key)")
        connection.executemany(
            "insert into temp.chosen values (?)", selection.db.conn.execute("select id from temp.chosen order by id")
        )
        wanted = selection.db.conn.execute("select id from temp.wanted order by id")
        connection.executemany("insert into temp.taken values (?)", wanted)
        connection.commit()
        connection.execute("begin")
        newest = "and id in (select current_version from source.articles)" if selection.versions == "latest" else ""
        connection.execute(f"insert into temp.kept select id from source.versions where article in {_CHOSEN} {newest}")
        # a database of before lacks some
        there = {row[0] for row in connection.execute("select name from source.sqlite_master")}
        parts = _PARTS if "parts" in there else ""
        connection.execute(
            f"insert or ignore into temp.taken select * from ({_CAPTURES + parts}) where capture is not null"
        )
        connection.execute(f"insert or ignore into temp.taken {_ORIGINALS}")
        if hides(selection.db.conn):  # the source is a database like any other: what stands before its tables stays
            connection.execute("create temp table left_out (id integer primary key)")
            connection.executemany("insert into temp.left_out values (?)", hidden_captures(selection.db.conn))
            for change in _LESS:
                connection.execute(change)
        for table, where in ROWS.items():
            held = table if table in there else _BEFORE.get(table)
            if held not in there:
                continue
            columns = ", ".join(
                row[0]
                for row in connection.execute(
                    f"select name from pragma_table_info('{table}', 'main') intersect select name from"
                    f" pragma_table_info('{held}', 'source')"
                )
            )
            values = re.sub(r"\bbody_html\b", in_sql(), columns)  # plain, as whoever opens it has but sqlite3
            connection.execute(f"insert into main.{table} ({columns}) select {values} from source.{held} where {where}")
        if hides(selection.db.conn):
            urls = selection.db.conn.execute("select name from temp.withheld_urls")
            connection.executemany("delete from main.attachments where url = ?", urls)
            connection.execute(
                "update main.attachments set capture = null where capture not in (select id from main.captures)"
            )
        connection.execute(
            f"update main.articles set near_duplicate_of = null where near_duplicate_of not in {_CHOSEN}"
        )
        last_seen = connection.execute("select max(last_seen) from main.articles").fetchone()[0]
        # the clock has no place in a dataset
        connection.execute("update main._sqlite_migrations set applied_at = ?", [last_seen or ""])
        ArticleIndex(db).rebuild()
        connection.execute("commit")
        connection.execute("detach source")
        connection.execute("vacuum")
    finally:
        db.close()
