"""BagIt 1.0 (RFC 8493): an archive, or a selection of it, as a bag that any checker can prove whole."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from hashlib import sha256, sha512
from pathlib import Path

from archive.exports import jsonl, sqlite, warc
from archive.exports.facts import Facts
from archive.exports.record_formats import Content
from archive.sqlite import connect
from archive.warc.layout import OPEN
from archive.warc.scan import Found, scan

ORIGINALS = True
_ALGORITHMS = {"sha256": sha256, "sha512": sha512}  # section 2.4: a reader must know both
_CONFIGURATION = ("campuswarc.toml", "sites.toml", "fixity.jsonl")


def write(bag: Path, content: Content) -> None:
    """A new bag: the captures as a WARC file, the rows as a database and as JSON Lines; or the whole archive."""
    facts, selection, columns = content.facts, content.selection, content.columns
    if content.folder is not None:
        write_whole(bag, content.folder, content.database, facts)
        return
    data = bag / "data"
    data.mkdir(parents=True)
    warc.write_records(data / "captures.warc.gz", content.captures, facts, resolve=False)
    sqlite.write(data / "articles.db", selection, content.database)
    jsonl.write(data / "articles.jsonl", columns, selection.rows(columns))
    _seal(bag, facts, f"Rows and {facts.subject()}: {facts.filters or 'all'}; versions: {facts.versions}")


def write_whole(
    bag: Path, folder: Path, source: Path, facts: Facts, *, on_file: Callable[[], object] = lambda: None
) -> None:
    """A new bag of the archive folder itself: WARC files, quarantine, database, configuration.

    A file that a crawl is writing is taken as far as it has whole records, under its final name.
    """
    data = bag / "data"
    (data / "warc").mkdir(parents=True)
    for part in ("warc", "quarantine", "timestamps"):
        for path in sorted(path for path in (folder / part).rglob("*") if path.is_file()):
            if path.with_name(path.name + OPEN).exists():
                continue  # a run goes on with it: the same file
            place = data / path.relative_to(folder)
            place.parent.mkdir(parents=True, exist_ok=True)
            if path.name.endswith(OPEN) and part == "warc":
                _copy_whole_records(path, place.with_name(place.name.removesuffix(OPEN)))
            else:
                shutil.copyfile(path, place)
            on_file()
    for name in _CONFIGURATION:
        if (folder / name).is_file():
            shutil.copyfile(folder / name, data / name)
    database = connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)
    try:
        database.execute("vacuum into ?", [str(data / "news.db")])
    finally:
        database.close()
    _seal(bag, facts, "A whole campuswarc archive; put data/ in its place and it is one again")


def _copy_whole_records(source: Path, target: Path) -> None:
    end = 0
    for found in scan(source):
        if not isinstance(found, Found):
            break
        end = found.offset + found.length
    with source.open("rb") as file, target.open("xb") as out:
        while end and (piece := file.read(min(end, 1 << 20))):
            out.write(piece)
            end -= len(piece)


def _seal(bag: Path, facts: Facts, description: str) -> None:
    """The tag files, for what lies in data/."""
    files = sorted(path for path in (bag / "data").rglob("*") if path.is_file())
    operator = next((stated["operator"] for stated in facts.collected if stated.get("operator")), "")
    tags = [
        ("Source-Organization", operator),
        ("Bag-Software-Agent", facts.software),
        ("External-Description", description),
        ("Bagging-Date", facts.last_seen[:10]),
        ("Payload-Oxum", f"{sum(path.stat().st_size for path in files)}.{len(files)}"),
    ]
    (bag / "bagit.txt").write_bytes(b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    (bag / "bag-info.txt").write_text(
        "".join(f"{name}: {' '.join(value.split())}\n" for name, value in tags if value), encoding="utf-8"
    )
    _manifests(bag, "manifest", files)
    _manifests(bag, "tagmanifest", sorted(path for path in bag.iterdir() if path.is_file()))


def _manifests(bag: Path, name: str, files: list[Path]) -> None:
    lines: dict[str, list[str]] = {algorithm: [] for algorithm in _ALGORITHMS}
    for path in files:
        digests = {algorithm: new() for algorithm, new in _ALGORITHMS.items()}
        for piece in _pieces(path):
            for digest in digests.values():
                digest.update(piece)
        # section 2.1.3: line ends and the percent sign itself are percent-encoded in paths
        place = path.relative_to(bag).as_posix().replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        for algorithm, digest in digests.items():
            lines[algorithm].append(f"{digest.hexdigest()}  {place}\n")
    for algorithm, found in lines.items():
        (bag / f"{name}-{algorithm}.txt").write_text("".join(found), encoding="utf-8")


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            yield piece
