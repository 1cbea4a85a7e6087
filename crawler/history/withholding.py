"""What is withheld, obeyed by whoever writes rows: orders and releases in their order, removals carried out to the
end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from archive.search.index import ArticleIndex
from archive.sqlite import as_json
from archive.store.rows import Rows
from archive.store.store import Archive
from archive.store.undoing import take_out
from archive.store.withheld import Order, Release
from archive.warc import fixity, reader, removal
from archive.warc.record import Record
from archive.warc.removal import NoRoom, Removal

_THESE = "(select value from json_each(?))"
_OF_URL = ("frontier", "failures", "suspects", "changes", "identifiers", "former_numbers", "former_versions")
_OF_SITE = ("frontier", "failures", "suspects", "changes", "tallies", "believed")
_AS_NEW = (
    "update listings set state = 'new', reason = null, last_tried = null, last_ok = null, last_new = null,"
    " empty_streak = 0, total_claimed = null, complete = 0, unfollowed = null, doubt = null, dismissed = null,"
    f" loops = 0, pages = 0, dated = null, cut = null, gap = null, gap_since = null where site in {_THESE}"
)


def obey(rows: Rows, said: Order | Release, *, of_another: bool = False) -> None:
    """Take it into the rows; what was removed has none left. What `of_another` archive releases is its matter."""
    if isinstance(said, Release):
        rows.withholding.release(said.asked)
        return
    rows.withholding.put(said, of_another=of_another)
    if said.depth == "removed":
        _forget(rows, said)


def _forget(rows: Rows, order: Order) -> None:
    """No row but those of `captures`, which lead to the bytes, tells of it."""
    connection = rows.db.conn
    connection.execute("pragma secure_delete = on")  # what is deleted is overwritten
    names = as_json(list(order.names))
    if order.kind == "record":
        return  # what was read from a capture is found out by reading the others: a rebuild of its site
    where = "site" if order.kind == "site" else "url"
    stories = connection.execute(
        f"select id from articles where {where} in {_THESE} union select article from frontier where {where} in"
        f" {_THESE} and article is not null",
        [names, names],
    ).fetchall()
    for (id_,) in stories:
        take_out(rows.db, rows.articles, id_)
    holders = [
        row[0]
        for row in connection.execute(
            f"select distinct article from attachments where url in {_THESE} and capture is not null", [names]
        )
    ]
    rows.articles.flush_index()
    ArticleIndex(rows.db).forget(holders)
    connection.execute(
        f"update attachments set capture = null, text = null, mime = null, size = null where url in {_THESE}", [names]
    )
    ArticleIndex(rows.db).add(holders)
    connection.execute(f"update corrections set said = '{{}}' where {where} in {_THESE}", [names])
    for table in _OF_SITE if order.kind == "site" else _OF_URL:
        connection.execute(f"delete from {table} where {where} in {_THESE}", [names])
    if order.kind == "site":
        connection.execute(
            f"delete from news_days where listing in (select url from listings where site in {_THESE})", [names]
        )
        connection.execute(_AS_NEW, [names])
    else:  # how many looks of a run found what is told by the looks at what remains
        connection.execute(f"delete from tallies where site in {_THESE}", [as_json(list(order.sites))])


@dataclass(slots=True)
class Done:
    """What became of removals."""

    records: dict[str, str] = field(default_factory=dict)  # WARC-Record-ID -> address
    files: list[str] = field(default_factory=list)
    elsewhere: set[str] = field(default_factory=set)  # sites with stories that had been read from such a record


def carry_out(archive: Archive, trouble: Callable[[str], object]) -> Done:
    """Overwrite every record that was removed and still lies in a file, and take its row away; what a kill cut off is
    done here too, since the rows say what is left to do.

    A file that is not here, and whatever copies there are elsewhere, is told.
    """
    done = Done()
    removals = archive.withholding.removals()
    left = _left(archive, set()) if removals else []
    if not left:
        return done
    connection = archive.db.conn
    connection.execute("pragma secure_delete = on")
    archive.articles.flush_index()
    connection.execute("insert into articles_fts(articles_fts) values ('optimize')")  # deleted words leave it then
    archive.commit()
    failed: set[str] = set()
    damaged: set[str] = set()  # what no tool finds in its file any more
    while left:
        ids = {record_id: url for record_id, _, url, _ in left}
        for warc in dict.fromkeys(warc for _, warc, _, _ in left):
            gone = _take_out(archive, warc, ids, removals, trouble)
            if gone is None:
                failed.add(warc)
                continue
            if lost := {row[0] for row in left if row[1] == warc} - gone.keys():
                damaged |= lost
                trouble(f"{warc}: {len(lost)} removed records cannot be read there; their bytes may be there still")
            if not gone:
                continue
            done.records |= gone
            done.files.append(warc)
            done.elsewhere |= _drop(archive, gone, warc)
            archive.commit()
        left = [row for row in _left(archive, set(done.records)) if row[1] not in failed and row[0] not in damaged]
    return done


_CORRECTED = (  # a correction holds words of its story, wherever it lies
    "select record_id, warc, url, site from corrections where url in (select name from withheld where kind = 'url' and"
    " depth = 'removed') or site in (select name from withheld where kind = 'site' and depth = 'removed') or capture in"
    " (select name from withheld where kind = 'record' and depth = 'removed')"
)


def _left(archive: Archive, gone: set[str]) -> list[tuple[str, str, str, str]]:
    """Captures of what was removed, and those that repeat them: id, file, address, site."""
    found = {
        row[0]: row
        for row in archive.db.conn.execute(
            "select record_id, warc, url, site from captures where url in (select name from withheld where kind ="
            " 'url' and depth = 'removed') or record_id in (select name from withheld where kind = 'record' and depth"
            " = 'removed')"
        )
    }
    for (site,) in archive.db.conn.execute("select name from withheld where kind = 'site' and depth = 'removed'"):
        of_site = archive.db.conn.execute("select record_id, warc, url, site from captures where site = ?", [site])
        found |= {row[0]: row for row in of_site}
    found |= {row[0]: row for row in archive.db.conn.execute(_CORRECTED)}
    new = {*found, *gone}
    while new:
        rows = archive.db.conn.execute(
            f"select record_id, warc, url, site from captures where record_type = 'revisit' and refers_to in {_THESE}",
            [as_json(list(new))],
        ).fetchall()
        new = {row[0] for row in rows} - set(found)
        found |= {row[0]: row for row in rows}
    return sorted(found.values(), key=lambda row: (row[1], row[0]))


def _take_out(
    archive: Archive,
    warc: str,
    ids: dict[str, str],
    removals: dict[tuple[str, str], tuple[str, str, str]],
    trouble: Callable[[str], object],
) -> dict[str, str] | None:
    """Ids and addresses of what lies in that file no more; None where it could not be done."""
    urls = {name for kind, name in removals if kind == "url"}
    sites = {name for kind, name in removals if kind == "site"}

    def chosen(record: Record) -> Removal | None:
        if not removal.meant(record, urls, ids, sites):
            return None
        original = record.field("WARC-Refers-To") or ""
        keys = (
            ("url", record.url),
            ("record", record.record_id),
            ("site", record.field("Campuswarc-Site") or ""),
            ("url", ids.get(original, "")),
            ("record", original),
        )
        return Removal(*next((removals[key] for key in keys if key in removals), next(iter(removals.values()))))

    archive.finish(warc)
    try:
        gone = removal.remove(reader.find(archive.warc_folder, warc), chosen)
        said = {"why": 1, "by": 2}
        what = {name: sorted({one[place] for one in removals.values()}) for name, place in said.items()}
        what["records"] = sorted(gone)
        if gone:
            fixity.note(archive.warc_folder, archive.warc_folder.parent / "fixity.jsonl", warc, what)
    except (OSError, NoRoom, ValueError) as problem:
        trouble(f"{warc}: it still holds what was removed: {problem}")
        return None
    return gone


def _drop(archive: Archive, gone: dict[str, str], warc: str) -> set[str]:
    """The rows of these captures; the sites of stories that were read from one of them all the same."""
    connection = archive.db.conn
    these = f"(select id from captures where warc = ? and record_id in {_THESE})"
    values = [warc, as_json(list(gone))]
    sites = {
        row[0]
        for row in connection.execute(
            f"select a.site from version_rows v join articles a on a.id = v.article where v.capture in {these}"
            f" union select a.site from parts p join version_rows v on v.id = p.version join articles a on a.id ="
            f" v.article where p.capture in {these}"
            f" union select a.site from attachments t join articles a on a.id = t.article where t.capture in {these}",
            values * 3,
        )
    }
    for change in (
        f"update version_rows set capture = null where capture in {these}",
        f"update parts set capture = null where capture in {these}",
        f"update attachments set capture = null where capture in {these}",
        f"delete from suspects where capture in {these}",
        f"delete from changes where capture in {these}",
        f"delete from unread where capture in {these}",
        f"delete from captures where warc = ? and record_id in {_THESE}",
        f"delete from corrections where warc = ? and record_id in {_THESE}",
    ):
        connection.execute(change, values)
    return sites


def emptied(path: Path) -> None:
    """Leave nothing of deleted rows in the database file or beside it; nobody else may have it open for writing."""
    from archive.store.db import open_writer

    db = open_writer(path)
    try:
        db.execute("vacuum")
        db.execute("pragma wal_checkpoint(truncate)")
    finally:
        db.close()
