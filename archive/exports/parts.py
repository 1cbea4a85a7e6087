"""One dataset of several archives: a file of each, documented together. Nothing is merged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from archive.exports import documentation
from archive.exports.columns import chosen
from archive.exports.dataset import SUFFIXES, Table, dialect, is_one_file, write_file
from archive.exports.exporting import CannotExport, Done, Request, check
from archive.exports.facts import Facts, facts
from archive.exports.output import CannotWrite, fresh
from archive.exports.selection import EmptySelection, Selection

if TYPE_CHECKING:
    from sqlite_utils import Database

FORMATS: tuple[Table, ...] = ("jsonl", "csv", "parquet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of the archives."""

    name: Annotated[str, "Part of its file's name"]
    db: Database
    database: Annotated[Path, "Its news.db"]
    warc: Annotated[Path, "Its warc/"]


def export(parts: Sequence[Part], request: Request) -> Done:
    """Write data/articles-NAME.* for each that has something to give, and the documentation of all: a folder.

    Raises as `archive.exports.exporting.export` does; then there is nothing at its place.
    """
    check(request)
    kind = next(name for name in FORMATS if name == request.form)
    if is_one_file(kind, request.out):
        raise CannotExport(f"{request.out}: a dataset in parts is a folder: give OUT a name without suffix")
    columns, options = chosen(request.fields, request.text), request.options
    known: list[Facts] = []
    try:
        with fresh(request.out, force=request.force) as folder:
            (folder / "data").mkdir(parents=True)
            for part in parts:
                try:
                    selection = Selection(part.db, request.filters, versions=request.versions)
                except EmptySelection:
                    continue
                known.append(facts(selection, folder=part.warc, software=request.software))
                path = folder / "data" / f"articles-{part.name}{SUFFIXES[kind][0]}{options.suffix}"
                write_file(path, kind, selection, columns, source=part.database, options=options)
            if not known:
                raise EmptySelection("nothing meets the filters in any shard")
            whole = together(known)
            documentation.write(folder, kind, columns, whole, dialect=dialect(kind, options))
    except CannotWrite as problem:
        raise CannotExport(str(problem)) from None
    except ModuleNotFoundError as problem:
        raise CannotExport(f"{problem.name} is not installed: pip install 'campuswarc[datasets]'") from None
    return Done(summary=f"{whole.rows} rows of {whole.articles} articles in {request.out}, {len(known)} parts")


def together(known: Sequence[Facts]) -> Facts:
    """What the parts state, as one dataset states it."""
    first, last = zip(*(one.published for one in known), strict=True)
    return replace(
        known[0],
        rows=sum(one.rows for one in known),
        articles=sum(one.articles for one in known),
        sites=sorted((site for one in known for site in one.sites), key=lambda site: str(site["id"])),
        languages=list(dict.fromkeys(code for one in known for code in one.languages)),
        published=(min(filter(None, first), default=None), max(filter(None, last), default=None)),
        last_seen=max(one.last_seen for one in known),
        collected=list({tuple(one.items()): one for part in known for one in part.collected}.values()),
        missing=[name for one in known for name in one.missing],
        incomplete=[listing for one in known for listing in one.incomplete],
        completeness=[listing for one in known for listing in one.completeness],
        rights=dict(sum((Counter(one.rights) for one in known), Counter())),
    )
