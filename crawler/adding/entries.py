"""Entries of sites.toml: written as an operator would, appended without touching what stands there."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from spiders import catalogue
from spiders.site import ListingSeed, Site
from spiders.tables import ConfigError, decoded

_KEYS = ("name", "college", "family", "homepage", "country", "ror", "wikidata", "language", "timezone")


def entry(site: Site, comment: str = "") -> str:
    """One table of sites.toml; keys that hold their default are left out, but for the time zone."""
    lines = ["# " + "".join(char for char in line if char.isprintable()) for line in comment.splitlines()]
    return "\n".join([*lines, f"[{site.id}]", *keys(site).values()]) + "\n"


def keys(site: Site) -> dict[str, str]:
    """What an entry says, by key: each `key = value` as it is written, over several lines where it has many."""
    said = {
        key: f"{key:8} = {_text(value)}"
        for key in _KEYS
        if (value := getattr(site, key)) and not (key == "family" and value == "generic")
    }
    if site.browser != "none":
        said["browser"] = f"browser  = {_text(site.browser)}"
    said["listings"] = "\n".join(["listings = [", *map(_listing, site.listings), "]"])
    if site.hosts:
        said["hosts"] = f"hosts    = [{', '.join(map(_text, site.hosts))}]"
    if site.tags:
        said["tags"] = f"tags     = [{', '.join(map(_text, site.tags))}]"
    if site.select:
        selectors = ", ".join(f"{key} = {_text(css)}" for key, css in site.select.items())
        said["select"] = f"select   = {{ {selectors} }}"
    return said


def _listing(seed: ListingSeed) -> str:
    said = {"url": seed.url, "section": seed.section, "pager": seed.pager, "unfollowed": seed.unfollowed}
    named = [f"{key} = {_text(value)}" for key, value in said.items() if value]
    return f"    {_text(seed.url)}," if len(named) == 1 else f"    {{ {', '.join(named)} }},"


def append(path: Path, site: Site, comment: str = "") -> None:
    """Add an entry at the end of a sites.toml, all or nothing; what stands there is kept to the byte.

    Raises ConfigError where the id is taken, where the file is not right as it is, or would not be afterwards.
    """
    path = path.resolve()  # a link stays a link
    before = path.read_bytes() if path.exists() else b""
    if site.id in parsed(before, path):
        raise ConfigError(f"{path} has a site {site.id!r} already; choose another id with --id")
    line = b"\r\n" if b"\r\n" in before else b"\n"
    gap = b"" if not before.strip() else line if before.endswith(b"\n") else line * 2
    after = before + gap + entry(site, comment).encode().replace(b"\n", line)
    parsed(after, path)
    put(path, after)


def parsed(content: bytes, path: Path) -> dict[str, Site]:
    """The sites of a sites.toml's bytes; raises ConfigError."""
    sites = catalogue.parse(decoded(content, path), str(path))
    catalogue.distinct(sites, str(path))
    return sites


def put(path: Path, content: bytes) -> None:
    """Write the whole new file or leave the whole old one, whatever happens meanwhile."""
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        fresh = Path(file.name)
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            fresh.chmod(mode)
            fresh.replace(path)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _text(value: str) -> str:
    """A TOML basic string: JSON's escapes are TOML's, but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
