"""Formats that are made of captures, each of them one module, named in one line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Protocol, cast

if TYPE_CHECKING:
    from archive.exports.captures import Captures
    from archive.exports.columns import Column
    from archive.exports.facts import Facts
    from archive.exports.selection import Selection
    from archive.exports.signing import Signer

SUFFIXES = {"wacz": ".wacz", "warc": ".warc.gz", "bagit": "", "site": "", "zim": ".zim"}  # modules of this room
NAMES = tuple(SUFFIXES)
OF_CAPTURES = ("wacz", "warc", "bagit")  # which hold captures that were read as no article too


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What such an export is made of."""

    selection: Selection
    captures: Captures
    columns: tuple[Column, ...]
    facts: Facts
    database: Annotated[Path, "news.db"]
    on_record: Annotated[Callable[[], object], "Told of each capture that was written"]
    signer: Signer | None = None
    folder: Annotated[Path | None, "The archive's folder, where all of it is taken"] = None


class RecordFormat(Protocol):
    """What such a module offers."""

    ORIGINALS: Annotated[bool, "Whether it takes in the responses that revisits repeat"]

    def write(self, path: Path, content: Content) -> None:
        """A new file or folder."""


def record_format(name: str) -> RecordFormat:
    """The format of that name, one of NAMES. Raises ModuleNotFoundError where its extra is not installed."""
    return cast(RecordFormat, import_module(f"archive.exports.{name}"))
