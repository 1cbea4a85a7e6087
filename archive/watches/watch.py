"""The saved searches of an archive folder: watches.toml."""

from __future__ import annotations

import json
import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from archive.patterns import deferred
from archive.search.query import QueryError, parse

_NAME = deferred(r"[a-z0-9][a-z0-9_-]{0,60}\Z")
_KEYS = {"query", "notify"}


class BadWatch(ValueError):
    """A watch that cannot be meant; the text says which and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """One saved search."""

    name: Annotated[str, "Of small letters, digits, - and _"]
    query: Annotated[str, "As in search; its added: and removed: are of a change"]
    notify: Annotated[
        tuple[str, ...], "https://… gets JSON; any other is an address of Apprise; none: a feed alone"
    ] = ()

    def __post_init__(self) -> None:
        if not _NAME.match(self.name):
            raise BadWatch(f"{self.name[:60]!r} is no name: small letters, digits, - and _, 61 at most")
        for text in (self.query, *self.notify):
            if not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text):
                raise BadWatch(f"{self.name}: {text[:40]!r} is not UTF-8")
        if not self.query.strip():
            raise BadWatch(f"{self.name}: what is watched for? Its query is empty")
        try:
            parse(self.query)
        except QueryError as problem:
            raise BadWatch(f"{self.name}: {problem}") from None
        for address in self.notify:
            if not re.match(r"[a-z][a-z0-9+.-]*://.", address):
                raise BadWatch(f"{self.name}: {address[:40]!r} is no address such as https://… or mailto://…")


def load(path: Path) -> dict[str, Watch]:
    """Those of a file, by name; none where there is no file. Raises BadWatch."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError as problem:
        raise BadWatch(f"{path}: not UTF-8: {problem.reason}") from None
    return _parsed(text, path)


def _parsed(text: str, path: Path) -> dict[str, Watch]:
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise BadWatch(f"{path}: {problem}") from None
    found = {}
    for name, table in tables.items():
        if not isinstance(table, dict):
            raise BadWatch(f"{path}: {name} stands in no table: [name of the watch]")
        if unknown := sorted(table.keys() - _KEYS):
            raise BadWatch(f"{path}: {name}: there is no key {unknown[0]!r}; there are query and notify")
        query, notify = table.get("query", ""), table.get("notify", [])
        notify = [notify] if isinstance(notify, str) else notify
        if not isinstance(query, str) or not isinstance(notify, list) or not all(isinstance(n, str) for n in notify):
            raise BadWatch(f"{path}: {name}: query is a text, notify a list of addresses")
        found[name] = Watch(name=name, query=query, notify=tuple(notify))
    return found


def add(path: Path, watch: Watch) -> None:
    """Write it at the end of the file, which keeps what a person wrote. Raises BadWatch where the name is taken."""
    if watch.name in load(path):
        raise BadWatch(f"there is a watch {watch.name} already: campuswarc watch remove {watch.name}")
    text = path.read_text(encoding="utf-8") if path.exists() else _HEAD
    lines = [f"[{watch.name}]", f"query = {_quoted(watch.query)}"]
    if watch.notify:
        lines.append(f"notify = [{', '.join(map(_quoted, watch.notify))}]")
    _write(path, text.rstrip("\n") + "\n\n" + "\n".join(lines) + "\n")


def remove(path: Path, name: str) -> None:
    """Take its table out of the file. Raises BadWatch where there is none, or the file is written in another way."""
    known = load(path)
    if name not in known:
        raise BadWatch(f"there is no watch {name!r}" + (f"; there are {', '.join(known)}" if known else ""))
    kept, inside = list[str](), False
    for line in path.read_text(encoding="utf-8").split("\n"):  # no other character ends a line of TOML
        if line.lstrip().startswith("["):
            inside = line.strip() in (f"[{name}]", f'["{name}"]')
        if not inside:
            kept.append(line)
    text = "\n".join(kept).rstrip("\n") + "\n"
    if _parsed(text, path) != {other: watch for other, watch in known.items() if other != name}:
        raise BadWatch(f"{path}: {name} is written in a way that only a person can take out")
    _write(path, text)


_HEAD = "# Saved searches: `campuswarc watch` (docs/watches.md). Addresses may hold passwords: for your eyes only.\n"


def _quoted(text: str) -> str:
    """A TOML basic string: JSON's escapes are TOML's, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _write(path: Path, text: str) -> None:
    beside = path.with_name(f"{path.name}.new")
    with open(beside, "w", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
