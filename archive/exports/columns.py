"""The columns of a dataset: the fields of `Article`, then what the archive knows beside the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Annotated, Literal

from archive.article import FIELDS, Attachment, Field, dictionary
from archive.packed_html import in_sql
from archive.rights import SAID
from archive.store.corrections import OCR_CONFIDENCE

Kind = Literal["text", "integer", "number", "date", "instant", "texts", "records"]
TextForm = Literal["plain", "html", "markdown"]
BODIES: dict[TextForm, str] = {"plain": "body", "html": "body_html", "markdown": "body_markdown"}


class UnknownField(ValueError):
    """There is no such column; the text names the nearest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a dataset row."""

    name: Annotated[str, "Its name, the same in every format"]
    kind: Annotated[Kind, "What its values are; texts and records are lists"]
    text: Annotated[str, "Its entry in the data dictionary"]
    sql: Annotated[str, "Where its value is: articles a, versions v, captures c; empty where it is computed"]
    record: Annotated[
        dict[str, tuple[Kind | Literal["boolean"], str]] | None, "For records: kind and text of each member"
    ] = None


_DOCUMENT: dict[str, tuple[Kind | Literal["boolean"], str]] = {
    "url": ("text", "Absolute address"),
    "filename": ("text", "Name a person would save it under"),
    "embedded": ("boolean", "Shown in the page, not only linked"),
    "mime": ("text", "Media type; null while it has not been fetched"),
    "size": ("integer", "Bytes; null while it has not been fetched"),
    "text": ("text", "Its text, as far as it could be read; null otherwise"),
}
# the day of a month or year alone is its first: `published_precision` says how much of it the page gave
_DAY = (
    "date(case length(a.published) when 4 then a.published || '-01-01' when 7 then a.published || '-01' else"
    " substr(a.published, 1, 10) end)"
)

_OF_TWINS: tuple[tuple[str, Kind, str, str, str], ...] = (
    (
        "twin",
        "text",
        "Address of the story that tells the same in English, or in Chinese; null if none",
        "english",
        "chinese",
    ),
    ("twin_confidence", "number", "How sure that is, 0 to 1", "confidence", "confidence"),
)


def _record_of(field: Field) -> dict[str, tuple[Kind | Literal["boolean"], str]] | None:
    if field.record is Attachment:  # with what is known of it once it has been fetched
        return _DOCUMENT
    return {member: ("text", text) for member, text in dictionary(field.record).items()} if field.record else None


def _of_article(field: Field) -> Column:
    of_name = {"rights": SAID, "body_html": in_sql("a.body_html", "a.body")}
    sql = "" if field.shape == "records" else of_name.get(field.name, f"a.{field.name}")
    return Column(name=field.name, kind=field.shape, text=field.text, sql=sql, record=_record_of(field))


def _of_site(name: str, text: str) -> Column:
    """What the site's table says at the time of the export, whenever the article was read; `ror` has no column of its
    own in `sites`."""
    kept = "json_extract(config, '$.ror')" if name == "ror" else name
    return Column(name=name, kind="text", text=text, sql=f"(select nullif({kept}, '') from sites where id = a.site)")


COLUMNS: tuple[Column, ...] = (
    *map(_of_article, FIELDS.values()),
    Column(
        name="identifier",
        kind="text",
        text="Public identifier of the article: base32 of the SHA-256 of `url`, its first 16 characters",
        sql="a.url",
    ),
    Column(name="body_markdown", kind="text", text="The story as Markdown, made from `body_html`", sql=""),
    Column(
        name="published_at",
        kind="instant",
        text="`published` where it is an instant, UTC; null where the page gives a day only",
        sql="case when length(a.published) > 10 and datetime(a.published) is not null then a.published end",
    ),
    Column(
        name="published_date",
        kind="date",
        text=(
            "Day of `published`: of the instant in UTC, else the local date; the first day where only a month or year"
            " is known"
        ),
        sql=_DAY,
    ),
    Column(
        name="word_count",
        kind="integer",
        text="Words of the body; each CJK character counts as one",
        sql="a.word_count",
    ),
    Column(
        name="ocr_confidence",
        kind="number",
        text="How sure the program was that read the body from a picture (OCR), 0 to 1; null where it is the page's",
        sql=OCR_CONFIDENCE,
    ),
    Column(
        name="state",
        kind="text",
        text="live; gone (the page is no longer there); moved (it has another address now)",
        sql="a.state",
    ),
    Column(name="first_seen", kind="instant", text="First capture of the story, UTC", sql="a.first_seen"),
    Column(name="last_seen", kind="instant", text="Last capture that still had it, UTC", sql="a.last_seen"),
    Column(
        name="near_duplicate_of",
        kind="text",
        text="Address of the earlier story that this one repeats; null if none",
        sql="(select url from articles where id = a.near_duplicate_of)",
    ),
    Column(
        name="cluster",
        kind="text",
        text="Id of the cluster of stories that are the same: identifier of the one captured first; null if alone",
        sql="",
    ),
    Column(name="cluster_size", kind="integer", text="Stories of that cluster in the archive", sql=""),
    Column(
        name="first_in_cluster",
        kind="text",
        text="Address of the story of the cluster that surely came out first; null where the pages do not tell",
        sql="",
    ),
    Column(
        name="hours_after_first",
        kind="number",
        text="Hours since that one came out; null where a time of day is not known",
        sql="",
    ),
    *(
        Column(
            name=name,
            kind="texts",
            text=f"{what} that it names, the most often named first, as `entities --find` read them; empty before",
            sql="(select json_group_array(name) from (select x.name from entities e cross join entity_names x on x.id ="
            f" e.name where e.article = a.id and x.kind = '{kind}' and x.shown order by e.n desc, x.name))",
        )
        for name, what, kind in (
            ("people", "People", "person"),
            ("organizations", "Institutions", "org"),
            ("places", "Places", "place"),
        )
    ),
    *(
        Column(
            name=name,
            kind=kind,
            text=text,
            sql=f"coalesce((select {chinese} from twins where chinese = a.url), (select {english} from twins where"
            " english = a.url))",
        )
        for name, kind, text, chinese, english in _OF_TWINS
    ),
    _of_site("college", "Name of the college, as the site's table in sites.toml gives it"),
    _of_site("country", "ISO 3166-1 code of its country"),
    _of_site("ror", "Address of its record in the Research Organization Registry (ror.org)"),
    _of_site("wikidata", "Wikidata item of the college"),
    Column(name="version", kind="integer", text="Number of the version, 1 the oldest", sql="v.n"),
    Column(
        name="version_seen_from", kind="instant", text="First capture that had this version, UTC", sql="v.seen_from"
    ),
    Column(name="version_seen_to", kind="instant", text="Last capture that had this version, UTC", sql="v.seen_to"),
    Column(name="content_digest", kind="text", text="Digest of the version's content", sql="v.content_digest"),
    Column(name="reader", kind="text", text="Version of the software that read the page", sql="v.extractor"),
    Column(name="captured_at", kind="instant", text="WARC-Date of the capture it was read from", sql="c.fetched_at"),
    Column(name="warc_record_id", kind="text", text="WARC-Record-ID of that capture", sql="c.record_id"),
    Column(name="warc", kind="text", text="WARC file that holds it, below the archive's warc/ folder", sql="c.warc"),
    Column(name="warc_offset", kind="integer", text="First byte of the record in that file", sql="c.offset"),
    Column(name="warc_length", kind="integer", text="Bytes of the record as it lies there", sql="c.length"),
    Column(name="payload_digest", kind="text", text="WARC-Payload-Digest of that capture", sql="c.payload_digest"),
)
BY_NAME = {column.name: column for column in COLUMNS}


def chosen(names: Iterable[str] = (), text: Iterable[TextForm] = ("plain",)) -> tuple[Column, ...]:
    """The columns of those names in that order; without names all, the body in the forms of `text`. Raises
    UnknownField."""
    names = list(names)
    if not names:
        left_out = set(BODIES.values()) - {BODIES[form] for form in text}
        return tuple(column for column in COLUMNS if column.name not in left_out)
    for name in names:
        if name not in BY_NAME:
            near = get_close_matches(name, BY_NAME, n=1, cutoff=0.4)
            raise UnknownField(
                f"there is no field {name!r}"
                + (f"; did you mean {near[0]}?" if near else "")
                + " (campuswarc dictionary lists all)"
            )
    return tuple(BY_NAME[name] for name in dict.fromkeys(names))
