"""The files of a shard that are made from those at the top: its sites, its configuration, what is acknowledged."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from crawler import config
from crawler.adding.entries import put
from crawler.archive_folder import DERIVED, ArchiveFolder
from crawler.config import Report, toml
from crawler.shards.plan import Plan
from spiders import catalogue
from spiders.site import Site
from spiders.tables import ConfigError, text_of

MADE = f"{DERIVED.decode()} from the file of that name above the shards: edit that one"


def sound_sites(top: ArchiveFolder) -> tuple[dict[str, Site], dict[str, str]]:
    """The sites of the sites.toml at the top whose tables are right, and what is wrong with the others. Raises
    ConfigError where that would let two crawls ask one listing, or nothing can be read."""
    try:
        text = text_of(top.sites)
    except FileNotFoundError:
        raise ConfigError(f"{top.sites}: no such file; `campuswarc init` makes an archive folder") from None
    found, wrong = catalogue.sound(text, str(top.sites))
    catalogue.distinct(found, str(top.sites))
    return found, wrong


def texts(top: ArchiveFolder, plan: Plan, placed: Mapping[str, str]) -> dict[str, dict[str, bytes]]:
    """By shard the files that its folder has to hold, by name; `placed` are the sites' shards."""
    tables: dict[str, dict[str, Any]] = {name: {} for name in plan.shards}
    for id_, table in tomllib.loads(text_of(top.sites)).items():
        if id_ in placed:
            tables[placed[id_]][id_] = table
    settings = config.load(top.config)
    quiet = top.acknowledged.read_bytes() if top.acknowledged.exists() else b""
    found = {}
    for name in plan.shards:
        storage = replace(settings.storage, prefix=f"{settings.storage.prefix}-{name}")  # no two files have one name
        own = replace(settings, storage=storage, report=Report())  # the top tells, and knows how much is too much
        found[name] = {
            "sites.toml": f"{MADE}\n{_sites(tables[name])}".encode(),
            "campuswarc.toml": f"{MADE}\n{config.written(own)}".encode(),
            "acknowledged.jsonl": quiet,
        }
    return found


def write(folder: Path, files: Mapping[str, bytes]) -> bool:
    """Have a shard's folder hold these; whether anything changed. Raises ConfigError where other files lie."""
    made = MADE.encode()
    fresh = {name: text for name, text in files.items() if _content(folder / name) != text}
    for name in fresh:
        if files[name].startswith(made) and not (_content(folder / name) or made).startswith(made):
            raise ConfigError(f"{folder / name} was not made by `campuswarc shards`: {folder} is no shard")
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in fresh.items():
        put(folder / name, text)
    return bool(fresh)


def _content(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def _sites(tables: Mapping[str, Mapping[str, Any]]) -> str:
    """As they stand at the top, value for value."""
    return "\n".join(
        f"[{id_}]\n" + "".join(f"{key} = {toml(value)}\n" for key, value in table.items())
        for id_, table in tables.items()
    )
