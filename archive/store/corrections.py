"""What a person says of readings: kept beside the rows, and put into them; the rows hold it until the page says
something else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Self

from archive.article import words
from archive.packed_html import in_sql, packed
from archive.sqlite import as_json
from archive.store.articles import Articles

if TYPE_CHECKING:
    from sqlite_utils import Database

FIELDS = ("title", "published", "published_precision", "byline", "authors", "body", "body_html")
CORRECTION = "urn:campuswarc:correction"
# of an article `a`: how sure the program was that read its words from pictures; null where the page has them itself
OCR_CONFIDENCE = (
    "(select json_extract(k.said, '$.ocr.confidence') from corrections k where k.url = a.url and"
    " json_extract(k.said, '$.ocr') is not null and json_extract(k.said, '$.said.body') = a.body"
    " order by k.at desc limit 1)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """The record at urn:campuswarc:correction: a person looked at the page as it was, and at what was read of it."""

    url: Annotated[str, "Address of the article"]
    site: str
    capture: Annotated[str, "WARC-Record-ID of the capture it was read from"]
    said: Annotated[dict[str, Any], "Of FIELDS those that were read wrong, as they should be; none: all is right"]
    was: Annotated[dict[str, Any], "All of FIELDS as they had been read, but for the body where it was right"] = field(
        default_factory=dict
    )
    confidence: Annotated[float, "How sure the reader was"] = 1.0
    reader: Annotated[str, "Its version"] = ""
    region: Annotated[str, "CSS selector of the body, where one was given"] = ""
    by: Annotated[str, "Who looked"] = ""
    ocr: Annotated[
        dict[str, Any] | None,
        "Where a program read the words from pictures: its `engine`, its `confidence`, the `records` it read",
    ] = None

    def payload(self) -> bytes:
        """As the record holds it."""
        return json.dumps(asdict(self), ensure_ascii=False).encode()

    @classmethod
    def of(cls, payload: bytes) -> Self:
        """Of such a record; raises ValueError for any other."""
        told = json.loads(payload)
        try:
            made = cls(**told)
        except TypeError:
            raise ValueError("not a record of a correction") from None
        if made.ocr is not None and not (
            isinstance(made.ocr, dict) and isinstance(made.ocr.get("confidence"), float | int)
        ):
            raise ValueError("not a record of a correction")
        if not isinstance(made.said, dict) or not all(isinstance(one, str) for one in (made.url, made.capture)):
            raise ValueError("not a record of a correction")
        return made


class Corrections:
    """The `corrections` table."""

    def __init__(self, db: Database, articles: Articles) -> None:
        self.db, self._articles = db, articles

    def put(self, correction: Correction, *, record_id: str, warc: str, at: str, blank: bool = False) -> None:
        """Keep it, once; `blank`: of what was removed its place alone, so that the record can be taken out."""
        said = "{}" if blank else correction.payload().decode()
        self.db.conn.execute(
            "insert or ignore into corrections values (?, ?, ?, ?, ?, ?, ?)",
            [record_id, warc, correction.url, correction.site, correction.capture, at, said],
        )

    def of_capture(self, capture: str) -> list[Correction]:
        """What was said of that capture, oldest first."""
        rows = self.db.conn.execute(
            "select said from corrections where capture = ? and said != '{}' order by at, record_id", [capture]
        )
        return [Correction.of(said) for (said,) in rows]

    def captures(self) -> list[str]:
        """All captures of which something was said."""
        return [row[0] for row in self.db.conn.execute("select distinct capture from corrections order by 1")]

    def apply(self, capture: str) -> bool:
        """Put what was said of that capture into the version that was read from it; whether there is one."""
        done = True
        for correction in self.of_capture(capture):
            done = self._apply(correction) and done
        return done

    def _apply(self, correction: Correction) -> bool:
        row = self.db.conn.execute(
            "select v.id, a.id, v.id = a.current_version from captures k join version_rows v join articles a"
            " on a.id = v.article where k.record_id = ? and a.url = ? and (v.capture = k.id or"
            " k.fetched_at between v.seen_from and v.seen_to) order by v.capture = k.id desc, v.n desc limit 1",
            [correction.capture, correction.url],
        ).fetchone()
        if row is None:
            return False
        version, article, current = row
        if correction.ocr is not None and not self._as_it_was(version, correction):
            return True  # the page has other words by now, or a person gave it some
        said: dict[str, Any] = {name: value for name, value in correction.said.items() if name in FIELDS}
        if not current:
            own: dict[str, Any] = {name: said[name] for name in ("title", "body", "body_html") if name in said}
            self._set("version_rows", version, own | self._html(version, own))
            return True
        if "authors" in said:
            said["authors"] = as_json(tuple(said["authors"]))
        if "body" in said:
            said["word_count"] = words(said["body"])
        said |= self._html(version, said)
        self._articles.unindex(article)
        sure = 1.0 if correction.ocr is None else float(correction.ocr["confidence"])
        self._set("articles", article, said | {"confidence": sure})
        return True

    def _as_it_was(self, version: int, correction: Correction) -> bool:
        """Whether that version has the words beside which its pictures were read, or those that were read then."""
        (body,) = self.db.conn.execute("select body from versions where id = ?", [version]).fetchone()
        return body in (correction.was.get("body", ""), correction.said.get("body"))

    def _html(self, version: int, said: Mapping[str, Any]) -> dict[str, str | bytes]:
        """What its row keeps for HTML, where that or the text it is packed against is corrected."""
        if not {"body", "body_html"} & said.keys():
            return {}
        body, html = self.db.conn.execute(f"select body, {in_sql()} from versions where id = ?", [version]).fetchone()
        return {"body_html": packed(said.get("body_html", html), said.get("body", body))}

    def _set(self, table: str, id_: int, values: dict[str, Any]) -> None:
        if values:
            names = ", ".join(f"{name} = ?" for name in values)
            self.db.conn.execute(f"update {table} set {names} where id = ?", [*values.values(), id_])
