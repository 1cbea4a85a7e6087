"""campuswarc show URL"""

from __future__ import annotations

import json
from typing import Any

import click

from archive.packed_html import plain
from archive.store.db import open_reader
from archive.store.meant import meant
from crawler.archive_folder import ArchiveFolder
from crawler.commands import refuse


@click.command()
@click.argument("url")
@click.option("--json", "as_json", is_flag=True, help="One JSON object with everything, body included.")
@click.pass_obj
def command(home: ArchiveFolder, url: str, as_json: bool) -> None:
    """Everything kept of one address: the article's row, its versions, its captures and where their bytes lie."""
    try:
        db = open_reader(home.database, shown="addressed")
        url = meant(db, url)
        refuse(db, url)
    except ValueError as problem:
        raise click.ClickException(str(problem)) from None
    found: dict[str, Any] = {
        "article": next(map(plain, db.query("select * from articles where url = ?", [url])), None),
        "frontier": next(
            db.query(
                "select state, due, reason, kind, attempts, discovered_from, first_seen, json_extract(hint,"
                " '$.part_of') as part_of from frontier where url = ?",
                [url],
            ),
            None,
        ),
        "captures": list(db.query("select * from captures where url = ? order by fetched_at", [url])),
    }
    id_ = found["article"]["id"] if found["article"] else None
    found["versions"] = [
        plain(row)
        for row in db.query(
            "select v.*, c.fetched_at, c.warc, c.offset, c.length, c.payload_digest from versions v"
            " left join captures c on c.id = v.capture where v.article = ? order by n",
            [id_],
        )
    ]
    found["parts"] = (
        list(
            db.query(
                "select v.n as version, p.n, p.url, p.digest, p.seen, length(p.body) as characters, c.fetched_at,"
                " c.status, c.warc, c.offset, c.length from parts p join versions v on v.id = p.version left join"
                " captures c on c.id = p.capture where v.article = ? order by v.n, p.n",
                [id_],
            )
        )
        if "parts" in db.table_names()
        else []
    )
    found["attachments"] = list(
        db.query("select n, url, filename, mime, size, capture from attachments where article = ?", [id_])
    )
    if not any(found[key] for key in ("article", "frontier", "captures")):
        raise click.ClickException(f"nothing is known of {url}")
    click.echo(json.dumps(found, ensure_ascii=False, indent=2) if as_json else _text(url, found))


def _text(url: str, found: dict[str, Any]) -> str:
    article, frontier = found["article"], found["frontier"]
    lines = [url]
    if article:
        for name in (
            "title",
            "state",
            "kind",
            "published",
            "published_precision",
            "byline",
            "source",
            "section",
            "language",
            "word_count",
            "confidence",
        ):
            if article[name] not in (None, ""):
                lines.append(f"  {name:20s}{article[name]}")
        lines.append(f"  {'seen':20s}{article['first_seen']} to {article['last_seen']}")
    if frontier:
        due = f", due {frontier['due']}" if frontier["due"] else ""
        reason = f" ({frontier['reason']})" if frontier["reason"] else ""
        lines.append(f"  {'frontier':20s}{frontier['kind']} {frontier['state']}{reason}{due}")
        if frontier["part_of"]:
            lines.append(f"  {'a further page of':20s}{frontier['part_of']}")
    for version in found["versions"]:
        lines.append(
            f"version {version['n']}: {version['seen_from']} to {version['seen_to']}, {len(version['body'])}"
            f" characters: {version['title']}"
        )
        for part in found["parts"]:
            if part["version"] == version["n"]:
                place = (
                    f"{part['characters']} characters  {part['warc']} @ {part['offset']}+{part['length']}"
                    if part["warc"]
                    else "not read yet"
                )
                lines.append(f"  page {part['n']}: {part['url']}  {place}")
    for capture in found["captures"]:
        lines.append(
            f"capture {capture['fetched_at']}  {capture['status']} {capture['record_type']}  {capture['warc']} @"
            f" {capture['offset']}+{capture['length']}"
        )
    for attachment in found["attachments"]:
        state = f"{attachment['mime']}, {attachment['size']} bytes" if attachment["capture"] else "not fetched yet"
        lines.append(f"attachment {attachment['filename']}  {state}  {attachment['url']}")
    return "\n".join(lines)
