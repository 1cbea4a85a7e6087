"""An archive folder for loopback sites."""

from __future__ import annotations

import sys
from pathlib import Path

from crawler.workers.allocator import environment

ROOT = Path(__file__).parents[2]
CAMPUSWARC = [sys.executable, "-m", "crawler"]


def make(folder: Path, sites: str, *, delay: float = 0.0, crawl: str = "", storage: str = "") -> Path:
    """A folder with both configuration files; `crawl` and `storage` are further lines of those tables."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "campuswarc.toml").write_text(
        f'[operator]\nname = "test"\ncontact = "mailto:test@example.org"\n[politeness]\ndelay = {delay}\n'
        f"[crawl]\nallow_loopback = true\n{crawl}\n[storage]\n{storage}\n"
    )
    (folder / "sites.toml").write_text(sites, encoding="utf-8")
    return folder


def sudy(id_: str, listing: str, more: str = "") -> str:
    """A table of sites.toml for one Sudy listing."""
    return (
        f'[{id_}]\nname = "{id_}"\nfamily = "sudy_webplus"\ntimezone = "Asia/Shanghai"\nlistings ='
        f' ["{listing}"]\n{more}\n'
    )


def crawl(folder: Path, *more: str) -> list[str]:
    """The command that crawls it."""
    return [*CAMPUSWARC, "-C", str(folder), "crawl", *more]


def allocator() -> str:
    """What the machine has campuswarc run under, for the foot of a table."""
    chosen = environment().get("LD_PRELOAD")
    return (
        f"campuswarc ran under {Path(chosen).name}"
        if chosen
        else "campuswarc ran under the C library's allocator (Debian: apt install libmimalloc2.0)"
    )
