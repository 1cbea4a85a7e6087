"""Entries of sites.toml: written as an operator would, appended without touching what stands there."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from spiders import catalogue
from spiders.site import Site
from spiders.tables import ConfigError

_KEYS = ("name", "college", "family", "homepage", "country", "language", "timezone")


def entry(site: Site, comment: str = "") -> str:
    """One table of sites.toml; keys that hold their default are left out, but for the time zone."""
    lines = [f"# {line}" for line in comment.splitlines()]
    lines.append(f"[{site.id}]")
    lines += [f"{key:8} = {_text(value)}" for key in _KEYS if (value := getattr(site, key)) and not (key == "family" and value == "generic")]
    lines.append("listings = [")
    for seed in site.listings:
        lines.append(f"    {{ url = {_text(seed.url)}, section = {_text(seed.section)} }}," if seed.section else f"    {_text(seed.url)},")
    lines.append("]")
    if site.hosts:
        lines.append(f"hosts    = [{', '.join(map(_text, site.hosts))}]")
    if site.select:
        lines.append("select   = { " + ", ".join(f"{key} = {_text(css)}" for key, css in site.select.items()) + " }")
    return "\n".join(lines) + "\n"


def append(path: Path, site: Site, comment: str = "") -> None:
    """Add an entry at the end of a sites.toml, all or nothing; what stands there is kept to the letter.

    Raises ConfigError where the id is taken, where the file is not right as it is, or would not be afterwards.
    """
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    if site.id in catalogue.parse(before, str(path)):
        raise ConfigError(f"{path} has a site {site.id!r} already; choose another id with --id")
    gap = "" if not before.strip() else "\n" if before.endswith("\n") else "\n\n"
    after = before + gap + entry(site, comment)
    catalogue.parse(after, str(path))
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="", dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            file.write(after)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).chmod(mode)
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


def _text(value: str) -> str:
    """A TOML basic string: JSON's escapes are TOML's, but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
