"""sites.toml: the colleges of an archive, checked before anything is fetched; and the built-in ones."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields, replace
from difflib import get_close_matches
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from archive.patterns import deferred
from spiders import college_ids, numbered
from spiders.families import PATTERNS, family, known, names
from spiders.site import UNKNOWN_ZONE, ListingSeed, Site
from spiders.tables import ConfigError, build, nearest, text_of
from spiders.urls import canonical

_ID = deferred(r"[a-z][a-z0-9_]*")


def load(path: Path) -> dict[str, Site]:
    """The sites of a sites.toml by id, in file order. Raises ConfigError; a missing file is one too."""
    try:
        text = text_of(path)
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file; `campuswarc init` makes an archive folder") from None
    sites = parse(text, str(path))
    distinct(sites, str(path))
    return sites


def sound(text: str, name: str) -> tuple[dict[str, Site], dict[str, str]]:
    """The sites whose tables are right, and by id what is wrong with the others. Raises ConfigError where the text is
    no TOML."""
    try:
        found, wrong = _read(text)
    except ConfigError as problem:
        raise ConfigError(f"{name}: {problem}") from None
    return dict(found), dict(wrong)


def digest(text: bytes, version: str) -> str:
    """Of a sites.toml, of the version of the program and of what a site may say: the same where a text has been read so
    that it need not be read again."""
    shape = " ".join([version, *(field.name for field in fields(Site))])
    return sha256(text + shape.encode()).hexdigest()


def mistakes(path: Path) -> list[str]:
    """What is wrong with a sites.toml: every table that is, not the first alone."""
    try:
        found, wrong = sound(text_of(path), str(path))
    except (OSError, ConfigError) as problem:
        return [str(problem)]
    try:
        distinct(found, str(path))
    except ConfigError as problem:
        return [*wrong.values(), str(problem)]
    return list(wrong.values())


def distinct(sites: Mapping[str, Site], name: str) -> None:
    """Raises ConfigError where two sites have the same listing, in whatever spelling: each would take the other's
    stories away. Configurations of the past, in WARC files, may be so."""
    owner: dict[str, tuple[str, str]] = {}
    for id_, site in sites.items():
        for seed in site.listings:
            plain = seed.url.partition("://")[2].removeprefix("www.").rstrip("/")
            other, url = owner.setdefault(plain, (id_, seed.url))
            if other != id_:
                raise ConfigError(
                    f"{name}: [{id_}]: listings has {seed.url}, which is a listing of [{other}] already"
                    + (f", as {url}" if url != seed.url else "")
                )


def parse(text: str, name: str) -> dict[str, Site]:
    """The sites of a TOML text; `name` stands for the file in messages. Raises ConfigError."""
    found, wrong = sound(text, name)
    for mistake in wrong.values():
        raise ConfigError(f"{name}: {mistake}")
    return found


@lru_cache(maxsize=4)
def _read(text: str) -> tuple[dict[str, Site], dict[str, str]]:
    """Read once: a crawl asks three times, a rebuild once for each run, and runs seldom differ."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise ConfigError(str(problem)) from None
    found: dict[str, Site] = {}
    wrong: dict[str, str] = {}
    for id_, table in tables.items():
        try:
            found[id_] = site(id_, table, f"[{id_}]")
        except ConfigError as problem:
            wrong[id_] = str(problem)
    return found, wrong


def check_id(id_: str, where: str) -> None:
    """Raise ConfigError where no site can have that id."""
    if not _ID.fullmatch(id_):
        raise ConfigError(
            f"{where}: a site's id is lower case letters, digits and underscores, beginning with a letter"
        )


def site(id_: str, table: Mapping[str, Any], where: str) -> Site:
    """One table as a Site. Raises ConfigError naming what is wrong and the nearest right value."""
    check_id(id_, where)
    if not isinstance(table, dict):
        raise ConfigError(f"{where}: a site is a table, not {table!r}")
    table = {key: value for key, value in table.items() if key != "proved"}  # the built-in catalogue's own key
    seeds = _seeds(table.get("listings"), where)
    rest = {key: value for key, value in table.items() if key != "listings"}
    hosts = {urlsplit(seed.url).hostname or "" for seed in seeds}
    if "hosts" not in rest and "homepage" not in rest and "ror" not in rest:  # most are written so: a third of the time
        made = build(Site, {**rest, "hosts": sorted(hosts)}, where, id=id_, listings=seeds)
        _check(made, where)
        return made
    made = build(Site, rest, where, id=id_, listings=seeds)
    _check(made, where)
    hosts |= {host.lower() for host in made.hosts}
    if made.homepage:
        hosts.add(urlsplit(made.homepage).hostname or "")
    return replace(made, hosts=tuple(sorted(hosts)), ror=college_ids.ror(made.ror) or "")


def _seeds(listings: Any, where: str) -> tuple[ListingSeed, ...]:
    """`listings = ["https://..."]`, or tables `{url = "...", section = "..."}` where sections are named."""
    if not isinstance(listings, list) or not listings:
        raise ConfigError(f"{where}: listings is missing: a list of addresses of news listings")
    seeds = []
    for n, entry in enumerate(listings):
        here = f"{where}: listings[{n}]"
        if not isinstance(entry, str | dict):
            raise ConfigError(f"{here} must be an address or a table, not {entry!r}")
        seed = build(ListingSeed, {"url": entry} if isinstance(entry, str) else entry, here)
        if seed.pager and (wrong := numbered.problem(seed.pager)):
            raise ConfigError(f"{here}: pager is {seed.pager!r}: {wrong}")
        url = _address(seed.url, here)
        seeds.append(seed if url == seed.url else replace(seed, url=url))
    return tuple(seeds)


_BUDGETS = ("pages_a_day", "mb_a_day", "minutes_a_day")
# with more a calendar ends, or what SQLite counts with: seconds, days and others
_MOST = {
    **dict.fromkeys(("interval", "interval_min", "interval_max"), 10**10),
    **dict.fromkeys(("delay", "silent_days"), 10**6),
    **dict.fromkeys((*_BUDGETS, "max_pages", "alert_after"), 10**9),
}


def _address(url: str, where: str) -> str:
    try:
        return canonical(url)
    except ValueError:
        raise ConfigError(
            f"{where}: {url!r} is not an address; it should look like https://news.example.edu/list.htm"
        ) from None


def _check(made: Site, where: str) -> None:
    if not known(made.family):
        raise ConfigError(f"{where}: family is {made.family!r}{nearest(made.family, names())}")
    try:
        if made.timezone != UNKNOWN_ZONE:
            ZoneInfo(made.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        close = get_close_matches(made.timezone, sorted(available_timezones()), 1, 0.5)
        hint = f"; did you mean {close[0]!r}?" if close else "; it should look like 'Asia/Shanghai'"
        raise ConfigError(f"{where}: timezone is {made.timezone!r}{hint}") from None
    if made.ror and college_ids.ror(made.ror) is None:
        raise ConfigError(
            f"{where}: ror is {made.ror!r}, which is no ROR id (its check digits may not agree); it"
            " should look like https://ror.org/03vek6s52"
        )
    if made.homepage:
        _address(made.homepage, f"{where}: homepage")
    if made.select:
        _check_select(made, where)
    for name in ("interval", "interval_min", "interval_max", "max_pages", "silent_days", "alert_after", *_BUDGETS):
        if (getattr(made, name) or 0) < 0:
            raise ConfigError(f"{where}: {name} must not be negative")
    if made.interval_min > made.interval_max:
        raise ConfigError(f"{where}: interval_min is more than interval_max: {made.interval_min}, {made.interval_max}")
    if made.delay is not None and made.delay < 0:
        raise ConfigError(f"{where}: delay must not be negative")
    for name, most in _MOST.items():
        value = getattr(made, name)
        if value is not None and not value <= most:  # TOML knows nan
            raise ConfigError(f"{where}: {name} is {value}: {most:,} is as good as never")


def _check_select(made: Site, where: str) -> None:
    from cssselect import SelectorError  # what reads pages is loaded only where a site has selectors of its own

    from spiders.page import selector

    roles = [*family(made.family).SELECT, "item"]
    for role, css in made.select.items():
        if role not in roles:
            raise ConfigError(f"{where}: select has no {role!r}{nearest(role, roles)}")
        if role in PATTERNS.get(made.family, ()):
            try:
                re.compile(css)
            except re.error as problem:
                raise ConfigError(f"{where}: select.{role}: {css!r} is not a pattern: {problem}") from None
            continue
        try:
            selector(css)
        except SelectorError as problem:
            raise ConfigError(f"{where}: select.{role}: {css!r} is not a CSS selector: {problem}") from None


@cache
def builtin() -> dict[str, Site]:
    """The sites that come with campuswarc, by id."""
    found: dict[str, Site] = {}
    for path in sorted((Path(__file__).parent / "sites").glob("*.toml")):
        found |= load(path)
    return found


@cache
def proved() -> dict[str, str]:
    """For each built-in site the day on which its listings were last proven, or 'never'."""
    tables: dict[str, dict[str, Any]] = {}
    for path in sorted((Path(__file__).parent / "sites").glob("*.toml")):
        tables |= tomllib.loads(path.read_text(encoding="utf-8"))
    return {id_: str(table.get("proved", "never")) for id_, table in tables.items()}
