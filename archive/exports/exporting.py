"""One export from what was asked to what lies at its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, get_args

from archive.exports import dataset, documentation, record_formats, row_formats
from archive.exports.captures import Captures
from archive.exports.columns import Column, TextForm, chosen
from archive.exports.dataset import Options, Table, is_one_file, write_file, write_folder
from archive.exports.facts import Facts, facts
from archive.exports.output import CannotWrite, fresh
from archive.exports.selection import Filters, Selection, Versions
from archive.exports.signing import NoKey, Signer
from archive.shadows import hides

if TYPE_CHECKING:
    from sqlite_utils import Database

Told = Callable[[int, int], object]  # how many are done, of how many
_EXTRAS = {"zim": "zim", "wacz": "interchange", "parquet": "datasets"}  # that bring what a format is written with
_STEP = 500  # rows between two signs of progress


def formats() -> tuple[str, ...]:
    """All that can be asked for: tables, files of rows (those of other packages too), records."""
    return (*get_args(Table), *row_formats.names(), *record_formats.NAMES)


class CannotExport(Exception):
    """What was asked makes no sense or must not be done; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked."""

    form: Annotated[str, "One of `formats()`"]
    out: Annotated[Path, "Where it is to lie"]
    folder: Annotated[Path, "The archive's folder"]
    database: Annotated[Path, "Its news.db"]
    warc: Annotated[Path, "Its warc/"]
    software: Annotated[str, "Name and version of the program"]
    filters: Filters = field(default_factory=Filters)
    versions: Versions = "latest"
    text: Annotated[tuple[TextForm, ...], "Forms of the body"] = ("plain",)
    fields: Annotated[tuple[str, ...], "Columns; all if empty"] = ()
    options: Options = field(default_factory=Options)
    force: Annotated[bool, "Replace an earlier export"] = False
    whole: Annotated[bool, "bagit: the whole archive"] = False
    sign: Annotated[Path | None, "wacz: file with the private key to sign with"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What an export did."""

    summary: Annotated[str, "In one line"]
    problems: Annotated[list[str], "What is missing in it, and why"] = field(default_factory=list)


def export(db: Database, request: Request, told: Told = lambda done, total: None) -> Done:
    """Write it. Raises CannotExport, UnknownField, EmptySelection, QueryError, OSError; then there is nothing at its
    place."""
    check(request)
    if request.whole and hides(db.conn):
        raise CannotExport(
            "--whole takes the files as they are, and what is withheld lies in them: export a selection; whoever is to"
            " have all of it, such as another keeper of this archive, is given a copy of the folder"
        )
    columns = chosen(request.fields, request.text)
    try:
        records = request.form in record_formats.NAMES
        selection = Selection(db, request.filters, versions=request.versions, records=records, whole=request.whole)
        known = facts(selection, folder=request.warc, software=request.software)
        if records:
            return _records(request, selection, columns, known, told)
        return _tables(request, selection, columns, known, told)
    except (CannotWrite, NoKey) as problem:
        raise CannotExport(str(problem)) from None
    except ModuleNotFoundError as problem:
        extra = _EXTRAS.get(request.form, "datasets,interchange")
        raise CannotExport(f"{problem.name} is not installed: pip install 'campuswarc[{extra}]'") from None


def _tables(request: Request, selection: Selection, columns: tuple[Column, ...], known: Facts, told: Told) -> Done:
    counter = count(1)

    def on_row() -> None:
        if (done := next(counter)) % _STEP == 0 or done == known.rows:
            told(done, known.rows)

    out, options = request.out, request.options
    if request.form in row_formats.names():
        form, text = row_formats.row_format(request.form), request.text[0]
        with fresh(out, force=request.force) as path:
            entries = form.write(path, dataset.counted(selection.rows(form.columns(text)), on_row), known, text=text)
        return Done(summary=f"{known.rows if entries is None else entries} entries in {out}")
    kind = next(name for name in get_args(Table) if name == request.form)
    if not is_one_file(kind, out):
        with fresh(out, force=request.force) as path:
            write_folder(path, kind, selection, columns, known, source=request.database, options=options, on_row=on_row)
    else:
        beside = out.with_name(f"{out.name}.datapackage.json")
        with fresh(out, force=request.force, described=beside) as path:
            write_file(path, kind, selection, columns, source=request.database, options=options, on_row=on_row)
            path.with_name(beside.name).write_text(
                documentation.package_of(path, kind, columns, known, dataset.dialect(kind, options)), encoding="utf-8"
            )
    return Done(summary=f"{known.rows} rows of {known.articles} articles in {out}")


def _records(request: Request, selection: Selection, columns: tuple[Column, ...], known: Facts, told: Told) -> Done:
    signer = Signer(request.sign) if request.sign is not None else None
    form = record_formats.record_format(request.form)
    captures = Captures(selection, request.warc, originals=form.ORIGINALS)
    counter = count(1)

    def on_record() -> None:
        told(next(counter), captures.count)

    content = record_formats.Content(
        selection=selection,
        captures=captures,
        columns=columns,
        facts=known,
        database=request.database,
        on_record=on_record,
        signer=signer,
        folder=request.folder if request.whole else None,
    )
    with fresh(request.out, force=request.force) as path:
        form.write(path, content)
    if request.whole:
        n = selection.db.conn.execute("select count(*) from captures").fetchone()[0]
        return Done(summary=f"the archive of {n} captures and {known.articles} articles in {request.out}")
    of = "" if known.captures else f" of {known.articles} articles"
    missing = len([problem for problem in captures.problems if problem.startswith("left out")])
    return Done(summary=f"{captures.count - missing} captures" + of + f" in {request.out}", problems=captures.problems)


def check(request: Request) -> None:
    """Raises CannotExport where what was asked makes no sense, or would be written over the archive."""
    options, kind = request.options, request.form
    one_file = kind in dataset.SUFFIXES and is_one_file(
        next(name for name in get_args(Table) if name == kind), request.out
    )
    for given, fits, name in (
        (options.bom or not options.guard, kind == "csv", "--bom and --raw are for csv"),
        (
            options.partition,
            kind == "parquet" and not one_file,
            "--partition is for parquet in a folder: give OUT a name without suffix",
        ),
        (
            options.suffix,
            kind in ("jsonl", "csv") and not one_file,
            "--compress is for jsonl and csv in a folder; a file's name says it: articles.jsonl.gz",
        ),
        (
            request.versions == "all",
            kind not in row_formats.names(),
            f"--versions all is not for {kind}: an entry is a story as it stands",
        ),
        (request.whole, kind == "bagit", "--whole is for bagit"),
        (request.sign, kind == "wacz", "--sign is for wacz"),
        (
            request.filters.captures,
            kind in record_formats.OF_CAPTURES,
            "--captures and --url are for wacz, warc and bagit: other formats are made of articles",
        ),
        (
            request.filters.captures,
            not request.filters.of_articles,
            "--query, --lang, --state and --rights choose articles; captures are chosen by --site, --url, --after and"
            " --before",
        ),
        (request.whole, request.filters == Filters(), "--whole takes no filters"),
        (request.fields, kind in ("jsonl", "csv", "parquet"), f"--fields is for jsonl, csv and parquet, not {kind}"),
        (
            options.partition and request.fields,
            {"site", "published"} <= set(request.fields),
            "--partition needs the fields site and published",
        ),
    ):
        if given and not fits:
            raise CannotExport(name)
    suffix = record_formats.SUFFIXES.get(kind, "")
    if not request.out.name.endswith(suffix):
        raise CannotExport(f"a {kind} export needs a name that ends in {suffix}")
    out, archive = request.out.resolve(), request.folder.resolve()
    if out in (archive, *archive.parents) or out.is_relative_to(request.warc.resolve()):
        raise CannotExport(f"{request.out} is the archive itself")
    if out.parent == archive and out.name in (
        "news.db",
        "news.db-wal",
        "news.db-shm",
        "news.lock",
        "campuswarc.toml",
        "sites.toml",
        "watches.toml",
        "watches.db",
        "fixity.jsonl",
        "quarantine",
        "timestamps",
    ):
        raise CannotExport(f"{request.out} belongs to the archive")
