"""shards.toml: the shards of an archive, where their folders lie, and which college is whose."""

from __future__ import annotations

import socket
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from archive.patterns import deferred
from crawler.adding.entries import put
from crawler.archive_folder import ArchiveFolder
from crawler.config import toml
from spiders.tables import ConfigError, build, text_of

NAME = deferred(r"[a-z0-9][a-z0-9-]{0,40}")  # part of the names of its WARC files
_HEAD = """\
# campuswarc shards: archive folders that share the sites of sites.toml. A `folder` is below this one unless it begins
# with /. `machine` is the name of the one where it lies; empty = every worker reaches it.
"""
_DOMAINS = "[domains]  # the registrable domains and their shards, kept by `campuswarc shards split`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """One table of [shards]."""

    name: Annotated[str, "Name of the shard: lower case letters, digits and '-'"]
    folder: Annotated[str, "Its archive folder"]
    machine: Annotated[str, "Host name of the machine where it lies; empty = every worker reaches it"] = ""

    @property
    def here(self) -> bool:
        """Whether this machine reaches its folder."""
        return self.machine in ("", socket.gethostname())

    def home(self, top: ArchiveFolder) -> ArchiveFolder:
        """Its archive folder, on a machine that reaches it."""
        return ArchiveFolder(top.folder.absolute() / self.folder)


@dataclass(slots=True)
class Plan:
    """All of shards.toml."""

    shards: dict[str, Shard]
    domains: dict[str, str] = field(default_factory=dict)  # registrable domain: name of the shard that has it

    @property
    def here(self) -> list[Shard]:
        """Those whose folders this machine reaches."""
        return [shard for shard in self.shards.values() if shard.here]

    @property
    def elsewhere(self) -> list[Shard]:
        """Those that lie on other machines."""
        return [shard for shard in self.shards.values() if not shard.here]


def path_of(top: ArchiveFolder) -> Path:
    """shards.toml, beside the sites.toml that is divided."""
    return top.folder / "shards.toml"


def load(top: ArchiveFolder) -> Plan:
    """The plan. Raises ConfigError naming what is wrong."""
    path = path_of(top)
    try:
        tables = tomllib.loads(text_of(path))
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file; `campuswarc shards init N` divides the sites into N shards") from None
    except tomllib.TOMLDecodeError as problem:
        raise ConfigError(f"{path}: {problem}") from None
    shards = {}
    for name, table in tables.get("shards", {}).items():
        if not NAME.fullmatch(name):
            raise ConfigError(f"{path}: {name!r} is no name of a shard: lower case letters, digits and '-'")
        shards[name] = build(Shard, table, f"{path}: [shards.{name}]", name=name)
    if not shards:
        raise ConfigError(f"{path}: there is no shard in it")
    lying: dict[tuple[str, str], str] = {}
    for shard in shards.values():
        other = lying.setdefault((shard.machine, str(Path(shard.folder))), shard.name)
        if other != shard.name:
            raise ConfigError(f"{path}: the shards {other} and {shard.name} have the same folder")
    domains = tables.get("domains", {})
    for domain, name in domains.items():
        if name not in shards:
            raise ConfigError(f"{path}: domains: {domain} is of {name!r}, which is no shard here")
    return Plan(shards, domains)


def save(top: ArchiveFolder, plan: Plan) -> None:
    """Write it, whole or not at all."""
    lines = [_HEAD]
    for shard in plan.shards.values():
        lines += [f"[shards.{shard.name}]", f"folder = {toml(shard.folder)}", f"machine = {toml(shard.machine)}", ""]
    lines += [_DOMAINS, *(f"{toml(domain)} = {toml(name)}" for domain, name in sorted(plan.domains.items()))]
    put(path_of(top), ("\n".join(lines) + "\n").encode())
