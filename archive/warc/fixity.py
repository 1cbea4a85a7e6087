"""A chain of digests over closed WARC files: who keeps its head elsewhere can prove later that nothing was changed."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

from archive.instants import iso, now
from archive.warc.file import sync_folder
from archive.warc.layout import OPEN
from archive.warc.verify import Finding, files

_BEGINS = b'{"file": "'  # each line


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """One line of the chain."""

    file: Annotated[str, "WARC file relative to warc/"]
    size: Annotated[int, "Its bytes"]
    sha256: Annotated[str, "Of the file, hex"]
    at: Annotated[str, "When it was sealed, UTC"]
    previous: Annotated[str, "SHA-256 of the line above without its line end, hex; empty in the first"]
    removed: Annotated[dict[str, Any] | None, "What was taken out of a file that had been sealed: see `note`"] = None

    def line(self) -> bytes:
        """As it stands in the chain."""
        told = {name: value for name, value in asdict(self).items() if name != "removed" or value is not None}
        return json.dumps(told, ensure_ascii=False).encode()


def seal(folder: Path, manifest: Path) -> tuple[list[Seal], str]:
    """Enter every closed file below `folder` that is not in the chain yet; the new entries and the head of the chain.

    On disk when it returns; no run goes on with a file that is in the chain. Raises ValueError when the chain that is
    there is broken.
    """
    chain, head, end = _read(manifest)
    known = {entry.file for entry in chain}
    added = []
    with manifest.open("ab") as out:
        out.truncate(end)  # an entry that a kill cut off was never acknowledged
        for path, warc in files(folder):
            if warc in known or path.name.endswith(OPEN):
                continue
            before = path.stat()
            entry = Seal(
                file=warc,
                size=before.st_size,
                sha256=_sha256(path),
                at=iso(now().replace(microsecond=0)),
                previous=head,
            )
            out.write(entry.line() + b"\n")
            out.flush()
            # a run that goes on with a file makes its `.open` and then looks for the entry; we make the entry and then
            # look for `.open`: one of us at least gives way
            after = path.stat()
            if path.with_name(path.name + OPEN).exists() or after.st_mtime_ns != before.st_mtime_ns:
                out.truncate(end)
                continue
            head, end = hashlib.sha256(entry.line()).hexdigest(), end + len(entry.line()) + 1
            added.append(entry)
        out.flush()
        os.fsync(out.fileno())
    sync_folder(manifest.parent)
    return added, head


def is_named(manifest: Path, warc: str) -> bool:
    """Whether the chain, whole or broken, has an entry of that file."""
    quoted = json.dumps(warc, ensure_ascii=False).encode()
    return manifest.exists() and quoted in manifest.read_bytes()


def note(folder: Path, manifest: Path, warc: str, removed: dict[str, Any]) -> bool:
    """Continue the chain with what a sealed file is after records were `removed` from it: which, why, when, by whom.

    False where there is nothing to say: it was never sealed, or is as the chain has it. Raises ValueError when the
    chain that is there is broken.
    """
    chain, head, end = _read(manifest)
    before = next((entry for entry in reversed(chain) if entry.file == warc), None)
    path = folder / warc
    if before is None or not path.is_file() or (now_is := _sha256(path)) == before.sha256:
        return False
    entry = Seal(
        file=warc,
        size=path.stat().st_size,
        sha256=now_is,
        at=iso(now().replace(microsecond=0)),
        previous=head,
        removed={"was": before.sha256, **removed},
    )
    with manifest.open("ab") as out:
        out.truncate(end)
        out.write(entry.line() + b"\n")
        out.flush()
        os.fsync(out.fileno())
    return True


def check(folder: Path, manifest: Path, *, since: str | None = None, sizes_only: bool = False) -> Iterator[Finding]:
    """What was changed since it was sealed; `since` is a head noted before: what was sealed by then must still be
    so."""
    name = manifest.name
    try:
        chain, head, _ = _read(manifest)
    except ValueError as problem:
        yield Finding(kind="fixity", text=str(problem), file=name)
        return
    heads = {entry.previous for entry in chain} | {head}
    if since is not None and (since == "" or since not in heads):
        yield Finding(
            kind="fixity", text=f"no entry gives {since!r}: entries sealed by then were changed or taken out", file=name
        )
    root = os.path.realpath(folder)  # which ends for links in a circle, too
    for entry in {entry.file: entry for entry in chain}.values():  # the last of each: what was removed is said in it
        path = folder / entry.file
        if not Path(os.path.realpath(path)).is_relative_to(root):
            yield Finding(kind="fixity", text=f"names {entry.file!r}, outside the archive", file=name)
        elif not path.is_file():
            yield Finding(kind="fixity", text=f"was sealed at {entry.at} and is missing", file=entry.file)
        elif path.stat().st_size != entry.size:
            text = f"had {entry.size} bytes when it was sealed at {entry.at}, now {path.stat().st_size}"
            yield Finding(kind="fixity", text=text, file=entry.file)
        elif not sizes_only and _sha256(path) != entry.sha256:
            yield Finding(kind="fixity", text=f"was changed after it was sealed at {entry.at}", file=entry.file)


def missing(folder: Path, manifest: Path) -> list[str]:
    """Files that were sealed and are not there; none where the chain cannot be read."""
    try:
        chain, _, _ = _read(manifest)
    except ValueError:
        return []
    return [file for file in dict.fromkeys(entry.file for entry in chain) if not (folder / file).is_file()]


def unsealed(folder: Path, manifest: Path) -> int:
    """How many closed files the chain does not name; 0 where it cannot be read, which `check` tells."""
    try:
        known = {entry.file for entry in _read(manifest)[0]}
    except ValueError:
        return 0
    return sum(warc not in known for path, warc in files(folder) if not path.name.endswith(OPEN))


def _read(manifest: Path) -> tuple[list[Seal], str, int]:
    """Entries, head, and where the last whole line ends; raises ValueError naming the line that does not fit."""
    chain: list[Seal] = []
    head, end = "", 0
    if not manifest.exists():
        return chain, head, end
    with manifest.open("rb") as file:
        for n, line in enumerate(file, 1):
            if not line.endswith(b"\n") and _BEGINS.startswith(line[: len(_BEGINS)]):
                break  # an entry that a kill cut off, which nobody was told of
            try:
                entry = Seal(**json.loads(line))
            except (TypeError, ValueError) as problem:
                raise ValueError(f"line {n} is no entry: {problem}") from None
            if entry.previous != head:
                raise ValueError(f"line {n} does not follow from the line above it: the chain was changed")
            chain.append(entry)
            head = hashlib.sha256(line[:-1]).hexdigest()
            end += len(line)
    return chain, head, end


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
