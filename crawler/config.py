"""campuswarc.toml: who crawls, how politely, and where things are kept. Its texts are the comments `init` writes."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Annotated, Any, Literal, get_type_hints

from spiders.tables import ConfigError, build, text_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """Who runs the crawl."""

    name: Annotated[str, "Who runs this archive; written into every WARC file"] = ""
    contact: Annotated[str, "Address of a page or mailbox where a webmaster reaches you; sent in the user agent"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Politeness:
    """How hosts are treated."""

    delay: Annotated[float, "Seconds between two requests to one host"] = 1.0
    max_retry_after: Annotated[
        int,
        "Longest Retry-After after which a host is asked again in the same run, in seconds; a longer one closes the"
        " host for this run",
    ] = 300
    give_up_after: Annotated[int, "Failures in a row after which a host is left alone for this run"] = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawl:
    """What a crawl does."""

    recheck_days: Annotated[tuple[int, ...], "Days after its first capture at which an article is looked at again"] = (
        1,
        7,
        30,
        90,
    )
    attempts: Annotated[int, "Tries of one address before it counts as failed"] = 4
    retry_minutes: Annotated[float, "Minutes before a failed address is tried again; doubles with each try"] = 15.0
    max_body_mb: Annotated[int, "Largest body kept whole, in MB; a longer one is cut and marked truncated"] = 50
    timeout: Annotated[float, "Seconds one exchange may take"] = 60.0
    window: Annotated[int, "Requests taken from the frontier into memory at a time"] = 1000
    exchanges: Annotated[
        int,
        "Requests under way at a time, over all hosts, beside as many that have waited for 5 s; fewer where the system"
        " allows fewer open files",
    ] = 500
    readers: Annotated[int, "Processes that read pages beside the crawl; 0 = read in the crawl's own"] = 1
    rights_files: Annotated[
        bool, "Ask each host for /ai.txt and /.well-known/tdmrep.json too, once a day, where its robots.txt lets us"
    ] = False
    tls_fallback: Annotated[bool, "Fetch from servers whose TLS is broken or outdated, and record that"] = True
    allow_loopback: Annotated[bool, "Permit 127.0.0.0/8: for trying things out, never for a public archive"] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """Where records go."""

    prefix: Annotated[str, "First part of WARC file names"] = "campuswarc"
    warc_max_mb: Annotated[int, "Size at which a WARC file is closed and the next begun, in MB"] = 1000
    warc_max_hours: Annotated[float, "Hours one run writes to a WARC file before it begins the next"] = 24.0
    warc_max_days: Annotated[
        float, "Age up to which a run goes on with the WARC file of the last one, in days; 0 = each run begins its own"
    ] = 30.0
    commit_seconds: Annotated[float, "Longest time between two commits (fsync of the WARC, then of the database)"] = 1.0
    commit_captures: Annotated[int, "Most captures between two commits"] = 200
    free_disk_mb: Annotated[
        int, "Free room on the archive's disk, in MB, below which a crawl does not begin, or ends in order; 0 = none"
    ] = 0
    record_unchanged: Annotated[
        bool, 'Keep each "not modified", and the same bytes again, as a record, where one names many else'
    ] = False
    copy_to: Annotated[
        str, "fsspec address to which closed WARC files are copied, such as s3://bucket/warc; empty = nowhere"
    ] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What an operator is told, and when it is an alarm."""

    exit_over: Annotated[
        int, "Sites with something wrong up to which crawl, status and report still end with exit status 0"
    ] = 0
    notify: Annotated[
        tuple[str, ...], "Where `report --send` sends its digest: addresses of Apprise such as mailto://…, slack://…"
    ] = ()
    ping_url: Annotated[
        str, "Address that is asked when a crawl begins (/start) and ends (itself, or /fail); empty = none"
    ] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """The log of crawls."""

    file: Annotated[str, "File that crawls write their log to, below the archive folder or absolute; empty = none"] = ""
    format: Annotated[Literal["text", "json"], "How a line is written: text or json"] = "text"
    size_mb: Annotated[float, "Size from which the next file is begun, in MB"] = 10.0
    keep: Annotated[int, "Older files that are kept, as FILE.1, FILE.2 ..."] = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """All of campuswarc.toml."""

    operator: Annotated[Operator, "Who runs the crawl"] = field(default_factory=Operator)
    politeness: Annotated[Politeness, "How hosts are treated"] = field(default_factory=Politeness)
    crawl: Annotated[Crawl, "What a crawl does"] = field(default_factory=Crawl)
    storage: Annotated[Storage, "Where records go"] = field(default_factory=Storage)
    report: Annotated[Report, "What an operator is told"] = field(default_factory=Report)
    log: Annotated[Log, "The log of crawls"] = field(default_factory=Log)


def load(path: Path) -> Config:
    """The configuration of an archive folder. Raises ConfigError naming file, table and key."""
    try:
        table = tomllib.loads(text_of(path))
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file; `campuswarc init` makes an archive folder") from None
    except tomllib.TOMLDecodeError as problem:
        raise ConfigError(f"{path}: {problem}") from None
    config = build(Config, table, str(path))
    _check(config, path)
    return config


def _check(config: Config, path: Path) -> None:
    for name in ("free_disk_mb", "warc_max_days"):
        if getattr(config.storage, name) < 0:
            raise ConfigError(f"{path}: storage: {name} must not be negative")
    if config.log.size_mb <= 0 or config.log.keep < 1:
        raise ConfigError(f"{path}: log: size_mb must be more than 0, keep at least 1")
    if config.report.exit_over < 0:
        raise ConfigError(f"{path}: report: exit_over must not be negative")
    if config.report.ping_url and not config.report.ping_url.startswith(("http://", "https://")):
        raise ConfigError(f"{path}: report: ping_url is no address: {config.report.ping_url!r}")
    if config.politeness.delay < 0:
        raise ConfigError(f"{path}: politeness: delay must not be negative")
    if any(days <= 0 for days in config.crawl.recheck_days):
        raise ConfigError(f"{path}: crawl: recheck_days are days after the first capture: positive numbers")
    for table, key in (
        ("crawl", "attempts"),
        ("crawl", "max_body_mb"),
        ("crawl", "window"),
        ("crawl", "exchanges"),
        ("storage", "warc_max_mb"),
        ("storage", "commit_captures"),
    ):
        if getattr(getattr(config, table), key) < 1:
            raise ConfigError(f"{path}: {table}: {key} must be at least 1")
    if not config.storage.prefix.replace("-", "").isalnum():
        raise ConfigError(f"{path}: storage: prefix may hold letters, digits and '-': {config.storage.prefix!r}")


def template(**given: str) -> str:
    """The text of a fresh campuswarc.toml: every key with its comment; `given` are values of [operator]."""
    return written(Config(operator=Operator(**given)))


def written(config: Config) -> str:
    """That configuration as a campuswarc.toml: every key with its comment."""
    lines = ["# campuswarc: one archive of college news. Keys left out have the values shown.", ""]
    for table in fields(Config):
        record = getattr(config, table.name)
        hints = get_type_hints(type(record), include_extras=True)
        lines.append(f"[{table.name}]")
        for key in fields(record):
            lines += [f"# {hints[key.name].__metadata__[0]}", f"{key.name} = {toml(getattr(record, key.name))}"]
        lines.append("")
    return "\n".join(lines)


def toml(value: Any) -> str:
    """A value as TOML writes it on one line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return "[" + ", ".join(toml(member) for member in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml(key)} = {toml(member)}" for key, member in value.items()) + "}"
    if isinstance(value, str):  # JSON's escapes are TOML's, but for DEL
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(value)
