"""What a dataset carries beside its data: a Frictionless data package, Croissant, a card as Hugging Face reads it,
RO-Crate, checksums."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from archive.exports.card import card
from archive.exports.columns import Column
from archive.exports.croissant import croissant
from archive.exports.data_files import MEDIA, data_file
from archive.exports.data_package import data_package
from archive.exports.facts import TITLE, Facts
from archive.exports.ro_crate import ro_crate

_BESIDE = {
    "README.md": "What is in it, as Hugging Face reads it",
    "croissant.json": "Its records, as Croissant",
    "datapackage.json": "Its tables, as a Frictionless data package",
}


def write(
    folder: Path, kind: str, columns: Sequence[Column], facts: Facts, *, dialect: dict[str, Any] | None = None
) -> None:
    """datapackage.json, croissant.json, ro-crate-metadata.json, README.md, SHA256SUMS for what lies in data/."""
    files = [
        data_file(path, path.relative_to(folder).as_posix())
        for path in sorted((folder / "data").rglob("*"))
        if path.is_file()
    ]
    (folder / "datapackage.json").write_text(
        _json(data_package(kind, files, columns, facts, dialect)), encoding="utf-8"
    )
    (folder / "croissant.json").write_text(_json(croissant(kind, files, columns, facts)), encoding="utf-8")
    (folder / "README.md").write_text(card(kind, columns, facts), encoding="utf-8")
    crate = ro_crate(files, _BESIDE, facts, title=TITLE, summary=facts.summary, media=MEDIA)
    (folder / "ro-crate-metadata.json").write_text(_json(crate), encoding="utf-8")
    names = [*_BESIDE, "ro-crate-metadata.json"]
    sums = [*files, *(data_file(folder / name, name) for name in names)]
    (folder / "SHA256SUMS").write_text("".join(f"{file.sha256}  {file.path}\n" for file in sums), encoding="utf-8")


def package_of(path: Path, kind: str, columns: Sequence[Column], facts: Facts, dialect: dict[str, Any] | None) -> str:
    """The text of the data package that stands beside one file."""
    return _json(data_package(kind, [data_file(path, path.name)], columns, facts, dialect))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
