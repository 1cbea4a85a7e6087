"""The stories of a selection as pages to be read anywhere: their text, their pictures, their versions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from typing import Annotated, Any

import nh3

from archive.citing.cited import Cited, find
from archive.coding import CodingError, undo
from archive.exports.captures import Captures
from archive.exports.selection import Selection
from archive.packed_html import in_sql
from archive.patterns import deferred

_MOST_VERSIONS = 20  # earlier ones whose texts stand on the page of a story
_KINDS = {  # of pictures that no browser runs anything in
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/avif": "avif",
    "image/bmp": "bmp",
}
_CHOSEN = "select a.id from temp.chosen join articles a using (id) order by a.published desc nulls last, a.url"
_STORY = f"select url, title, subtitle, byline, body, {in_sql()} as body_html, state from articles where id = ?"
_VERSIONS = (
    "select v.n, v.title, v.body, v.seen_from, v.seen_to, c.record_id, v.id = a.current_version as current from"
    " articles a join version_rows v on v.article = a.id left join captures c on c.id = v.capture where a.id = ?"
    " order by v.n desc"
)
_PICTURES = "select 1 from images i join temp.chosen on chosen.id = i.article where i.url = ? limit 1"
_IMAGE = deferred(r"<img([^>]*)>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture of a story."""

    url: str
    name: Annotated[str, "By its bytes, with the suffix of its type"]
    mime: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One story, ready to be shown."""

    cited: Cited
    body: Annotated[str, "Plain text"]
    page: Annotated[str, "HTML of its page"]


def pictures(captures: Captures, selection: Selection, on_record: Callable[[], object]) -> Iterator[Picture]:
    """Pictures that the chosen stories show, as they were captured; what cannot be read is named by `captures`."""
    for taken in captures:
        on_record()
        record = taken.response
        if not selection.db.conn.execute(_PICTURES, [record.url]).fetchone():
            continue
        if record.type == "revisit":
            record = captures.original(record) or record
        try:
            entity = undo(record.payload, record.http_headers) if record.is_http else None
        except CodingError as problem:
            captures.problems.append(f"left out: picture {record.url}: {problem}")
            continue
        named = next((value for name, value in record.http_headers if name.lower() == "content-type"), "")
        mime = named.partition(";")[0].strip().lower()
        if entity is not None and entity.content and mime in _KINDS:
            name = f"{sha256(entity.content).hexdigest()[:24]}.{_KINDS[mime]}"
            yield Picture(url=taken.response.url, name=name, mime=mime, data=entity.content)


def stories(selection: Selection, *, held: dict[str, str], up: str, head: str = "") -> Iterator[Story]:
    """The stories, the newest first. `held` says under which name a picture's address is kept; `up` leads from a page
    to the folder with style.css and media/; `head` stands in its head."""
    for (id_,) in selection.db.conn.execute(_CHOSEN):
        cited = find(selection.db, id_)
        if cited is None:
            continue
        row = next(selection.db.query(_STORY, [id_]))
        versions = list(selection.db.query(_VERSIONS, [id_]))
        yield Story(cited=cited, body=row["body"] or "", page=_page(cited, row, versions, held, up, head))


def _page(
    cited: Cited, row: dict[str, Any], versions: list[dict[str, Any]], held: dict[str, str], up: str, head: str
) -> str:
    facts = [row["byline"], cited.published or "", cited.site, cited.publisher]
    gone = "<p class=gone>No longer on the web 网上已删除</p>" if row["state"] == "gone" else ""
    earlier = [one for one in versions if not one["current"]]
    older = "".join(_version(one) for one in earlier[:_MOST_VERSIONS])
    more = f"<p>… {len(earlier) - _MOST_VERSIONS} more 更早的版本</p>" if len(earlier) > _MOST_VERSIONS else ""
    listed = f"<h2>Earlier versions 历史版本</h2>{older}{more}" if earlier else ""
    record = f"<dt>WARC-Record-ID</dt><dd>{escape(cited.record)}</dd>" if cited.record else ""
    return (
        f'<!doctype html><html lang="{escape(cited.language or "und")}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"script-src 'none'; object-src 'none'\">"
        f'<title>{escape(cited.title)}</title><link rel="stylesheet" href="{up}style.css">{head}</head><body><main>'
        f"<h1>{escape(cited.title)}</h1>"
        + (f"<p class=subtitle>{escape(row['subtitle'])}</p>" if row["subtitle"] else "")
        + f"<p class=facts>{escape(' · '.join(filter(None, facts)))}</p>{gone}<article>{_body(row, held, up)}</article>"
        f"{listed}<h2>Source 来源</h2><dl><dt>Address 网址</dt><dd>{escape(cited.url)}</dd>"
        f"<dt>Captured 采集</dt><dd>{escape(cited.captured or '')}</dd>{record}</dl></main></body></html>"
    )


def _version(one: dict[str, Any]) -> str:
    span = f"{one['seen_from'][:16]} – {one['seen_to'][:16]} UTC"
    return (
        f"<details><summary>{escape(span)}: {escape(one['title'])}</summary>{_paragraphs(one['body'] or '')}</details>"
    )


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(part)}</p>" for part in text.split("\n\n") if part.strip())


def _body(row: dict[str, Any], held: dict[str, str], up: str) -> str:
    """Sanitised again; a picture that is not held goes, so that a page loads nothing from the web."""
    if not (row["body_html"] or "").strip():
        return _paragraphs(row["body"] or "")

    def attribute(tag: str, name: str, value: str) -> str | None:
        if (tag, name) == ("img", "src"):
            return f"{up}media/{held[value]}" if value in held else None
        return value

    clean = nh3.clean(
        row["body_html"],
        attributes={"a": {"href"}, "img": {"src", "alt"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}},
        attribute_filter=attribute,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    return _IMAGE.sub(lambda image: image[0] if " src=" in image[1] else "", clean)
