"""What is withheld is in no table that a reader's connection shows: views of the same names stand before the tables.

The one place that decides. A temporary view goes before a table of its name, so whoever reads `articles` or `captures`
reads what is shown, and a page, command or export that is written tomorrow does too.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from typing import Literal

Shown = Literal["listed", "addressed", "all"]  # in lists; to those who have the address; to the operator

# decided when it is read: what is withheld until a day is there again on that day; what is removed never is
IN_FORCE = "(depth = 'removed' or until is null or until > strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))"

_URLS, _SITES = "(select name from temp.withheld_urls)", "(select name from temp.withheld_sites)"
_ARTICLES, _CAPTURES = "(select id from temp.hidden_articles)", "(select id from temp.hidden_captures)"
_OF_ARTICLES = f"(select url from main.articles where id in {_ARTICLES})"
_HIDDEN = {  # in the order in which they are made
    "withheld_urls": "select name from main.withheld where kind = 'url' and {force}",
    "withheld_sites": "select name from main.withheld where kind = 'site' and {force}",
    "withheld_records": "select name from main.withheld where kind = 'record' and {force}",
    "hidden_articles": f"select id from main.articles where url in {_URLS}"
    f" union select id from main.articles where site in {_SITES}"
    f" union select article from main.frontier where url in {_URLS} and article is not null"
    " union select a.id from main.captures c join main.version_rows v on v.capture = c.id join main.articles a on"
    " a.current_version = v.id where c.record_id in (select name from temp.withheld_records)",
    "hidden_captures": f"select id from main.captures where url in {_URLS}"
    " union select id from main.captures where record_id in (select name from temp.withheld_records)"
    f" union select v.capture from main.version_rows v join main.captures c on c.id = v.capture where v.article in"
    f" {_ARTICLES} and c.kind != 'listing'"
    f" union select p.capture from main.version_rows v join main.parts p on p.version = v.id where v.article in"
    f" {_ARTICLES} and p.capture is not null"
    f" union select t.capture from main.attachments t where t.article in {_ARTICLES} and t.capture is not null and not"
    f" exists (select 1 from main.attachments o where o.url = t.url and o.article not in {_ARTICLES})",
}
CONDITIONS = {  # which rows of a table are shown; a test holds this and OPEN against the schema
    "articles": f"id not in {_ARTICLES}",
    "version_rows": f"article not in {_ARTICLES} and (capture is null or capture not in {_CAPTURES})",
    "parts": f"version not in (select id from main.version_rows where article in {_ARTICLES}) and (capture is null or"
    f" capture not in {_CAPTURES})",
    "attachments": f"article not in {_ARTICLES} and url not in {_URLS}",
    "images": f"article not in {_ARTICLES}",
    "deaths": f"article not in {_ARTICLES}",
    "links": f"article not in {_ARTICLES} and url not in {_URLS}",
    "captures": f"id not in {_CAPTURES} and site not in {_SITES}",
    "frontier": f"url not in {_URLS} and site not in {_SITES} and (article is null or article not in {_ARTICLES})",
    "identifiers": f"url not in {_URLS} and url not in {_OF_ARTICLES}",
    "former_numbers": f"url not in {_URLS} and url not in {_OF_ARTICLES}",
    "former_versions": f"url not in {_URLS} and url not in {_OF_ARTICLES}",
    **dict.fromkeys(("failures", "suspects", "changes"), f"url not in {_URLS} and site not in {_SITES}"),
    **dict.fromkeys(("listings", "tallies", "believed"), f"site not in {_SITES}"),
    "corrections": f"url not in {_URLS} and url not in {_OF_ARTICLES} and site not in {_SITES} and capture not in"
    " (select name from temp.withheld_records)",
    "entities": f"article not in {_ARTICLES}",
    "entity_names": f"id in (select name from main.entities where article not in {_ARTICLES})",
    "twins": f"chinese not in {_URLS} and english not in {_URLS} and chinese not in {_OF_ARTICLES} and english not in"
    f" {_OF_ARTICLES}",
    "news_days": f"listing not in (select url from main.listings where site in {_SITES})",
    "sites": f"id not in {_SITES}",
    "withheld": "0",
}
# numbers and marks without a word of any story; the index, whose findings are looked up in `articles`
OPEN = {
    "runs",
    "host_rights",
    "entities_read",
    "looked",
    "unread",
    "untold",
    "entered",
    "near_queue",
    "near_signatures",
    "near_texts",
    "near_bands",
    "near_method",
    "search_folds",
}
INDEX = {"articles_fts", "articles_terms"}  # reads and is read by SQLite itself: nothing can stand before it
VIEWS = {*CONDITIONS, *_HIDDEN, "versions", "articles_text", "articles_segmented"}  # all that stands there
_VIEWS = "select name, sql from main.sqlite_master where type = 'view' order by rowid"


def hide(connection: sqlite3.Connection, shown: Shown) -> bool:
    """Have this connection show what is to be `shown`, as things are now; whether anything is hidden.

    It is asked again whenever a connection that lives on begins to read; most archives withhold nothing, and read
    their tables as they are.
    """
    wanted = shown != "all" and _withholds(connection)
    if wanted != hides(connection):
        (_stand if wanted else _go)(connection, shown)
    return wanted


def hides(connection: sqlite3.Connection) -> bool:
    """Whether views stand before its tables."""
    return connection.execute("select 1 from temp.sqlite_master where name = 'hidden_articles'").fetchone() is not None


def hidden_captures(connection: sqlite3.Connection) -> Iterator[tuple[int]]:
    """Row ids of the captures that it does not show."""
    return connection.execute(
        f"select id from temp.hidden_captures union select id from main.captures where site in {_SITES}"
    )


def withheld(connection: sqlite3.Connection) -> tuple[int, int]:
    """How many stories such a connection does not show, and how many takedowns have removed what they named."""
    if not hides(connection):
        return 0, 0
    hidden = connection.execute(
        "select count(*) from main.articles where id in (select id from temp.hidden_articles)"
    ).fetchone()[0]
    removed = connection.execute("select count(distinct asked) from main.withheld where depth = 'removed'").fetchone()
    return hidden, removed[0]


def _withholds(connection: sqlite3.Connection) -> bool:
    there = connection.execute("select 1 from main.sqlite_master where name = 'withheld'").fetchone()
    return there is not None and connection.execute("select 1 from main.withheld limit 1").fetchone() is not None


def _stand(connection: sqlite3.Connection, shown: Shown) -> None:
    force = IN_FORCE + (" and depth != 'unlisted'" if shown == "addressed" else "")
    for name, select in _HIDDEN.items():
        connection.execute(f"create temp view {name} as {select.replace('{force}', force)}")
    for table, condition in CONDITIONS.items():
        connection.execute(f"create temp view {table} as select * from main.{table} where {condition}")
    for _, sql in connection.execute(_VIEWS).fetchall():  # they read what stands before the tables now
        connection.execute(re.sub(r"^create view", "create temp view", sql, count=1, flags=re.I))


def _go(connection: sqlite3.Connection, shown: Shown) -> None:
    for (name,) in connection.execute("select name from temp.sqlite_master where type = 'view'").fetchall():
        connection.execute(f"drop view temp.{name}")
