"""Edits of one table of sites.toml: a few lines change, everything else stays to the byte, the whole file is proven."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from archive.patterns import deferred
from crawler.adding import entries
from crawler.adding.entries import parsed, put
from spiders import catalogue
from spiders.site import Site
from spiders.tables import ConfigError, nearest

Lines = list[str]
_HEADER = deferred(r"\s*\[\s*([\w-]+)\s*([.\]])")


def pause(path: Path, id_: str) -> None:
    """Have a site left alone by crawls; raises ConfigError, as the others do, before anything is written."""
    _edit(
        path,
        id_,
        lambda lines: [lines[0], "paused = true", *_without_pause(lines[1:])],
        lambda site: replace(site, paused=True),
    )


def resume(path: Path, id_: str) -> None:
    """Have it crawled again."""
    _edit(path, id_, _without_pause, lambda site: replace(site, paused=False))


def retire(path: Path, id_: str, note: str) -> None:
    """Make comments of its table: its articles stay, nothing of it is asked for."""
    _edit(path, id_, lambda lines: [f"# {note}", *(f"# {line}".rstrip() for line in lines)], lambda site: None)


def is_retired(content: bytes, id_: str) -> bool:
    """Whether its table stands there as a comment."""
    header = rf"^\s*#\s*\[\s*{re.escape(id_)}\s*\]"
    return re.search(header, content.decode("utf-8", "replace"), re.MULTILINE) is not None


def rename(path: Path, id_: str, new: str) -> None:
    """Give a site another id. Raises ConfigError."""
    catalogue.check_id(new, repr(new))
    if new in parsed(path.read_bytes(), path):
        raise ConfigError(f"{path} has a site {new!r} already")
    header = re.compile(rf"^(\s*\[\s*){re.escape(id_)}(?=\s*[.\]])")
    _edit(
        path,
        id_,
        lambda lines: [header.sub(rf"\g<1>{new}", line) for line in lines],
        lambda site: replace(site, id=new),
    )


def without(content: bytes, ids: Collection[str], path: Path) -> bytes:
    """A sites.toml with the tables of these sites as comments. Raises ConfigError where that cannot be done safely."""
    end = "\r\n" if b"\r\n" in content else "\n"
    lines = content.decode("utf-8").split(end)
    for id_ in ids:
        begin, after = _table(lines, id_, path)
        lines[begin:after] = [f"# {line}".rstrip() for line in lines[begin:after]]
    return end.join(lines).encode()


def resettled(path: Path, site: Site, note: str) -> bytes:
    """The whole file with the listings, family, selectors, home page and further hosts of a site as in `site`; nothing
    is written. `note` is a comment above the table."""
    listed = {urlsplit(seed.url).hostname for seed in site.listings}
    said = entries.keys(replace(site, hosts=tuple(host for host in site.hosts if host not in listed)))
    wanted = {key: said.get(key) for key in ("family", "homepage", "browser", "listings", "hosts", "select")}
    return _edited(
        path,
        site.id,
        lambda lines: [*(f"# {line}" for line in note.splitlines()), lines[0], *_with(lines[1:], wanted)],
        lambda _: site,
    )


def _with(lines: Lines, wanted: Mapping[str, str | None]) -> Lines:
    """The lines of a table with other values of these keys; None takes a key out. Further tables stay as they are."""
    found, rest, left = [], list(lines), dict(wanted)
    while rest and not _HEADER.match(rest[0]):
        key = re.match(r"\s*([\w-]+)\s*=", rest[0])
        size = next((n for n in range(1, len(rest) + 1) if key and _is_toml(rest[:n])), 1)
        if key and key.group(1) in wanted:
            value = left.pop(key.group(1), None)
            found += [value] if value is not None else []
        else:
            found += rest[:size]
        rest = rest[size:]
    end = max((n + 1 for n, line in enumerate(found) if line.strip()), default=0)
    return [*found[:end], *(value for value in left.values() if value is not None), *found[end:], *rest]


def _is_toml(lines: Lines) -> bool:
    try:
        tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError:
        return False
    return True


def _edit(path: Path, id_: str, change: Callable[[Lines], Lines], expected: Callable[[Site], Site | None]) -> None:
    put(path.resolve(), _edited(path, id_, change, expected))


def _edited(path: Path, id_: str, change: Callable[[Lines], Lines], expected: Callable[[Site], Site | None]) -> bytes:
    path = path.resolve()
    before = path.read_bytes()
    sites = parsed(before, path)
    if id_ not in sites:
        raise ConfigError(f"{path}: no site {id_!r}{nearest(id_, list(sites))}")
    end = "\r\n" if b"\r\n" in before else "\n"
    lines = before.decode("utf-8").split(end)
    begin, after = _table(lines, id_, path)
    changed = [line for text in change(lines[begin:after]) for line in text.split("\n")]
    fresh = end.join([*lines[:begin], *changed, *lines[after:]]).encode()
    made = expected(sites[id_])
    wanted = [made if one.id == id_ else one for one in sites.values()]
    if list(parsed(fresh, path).values()) != [one for one in wanted if one is not None]:
        raise ConfigError(f"{path}: [{id_}] is written in a way that cannot be edited safely; nothing was changed")
    return fresh


def _table(lines: Lines, id_: str, path: Path) -> tuple[int, int]:
    """Where a table begins and ends; comments and blank lines at its end are those of the next one."""
    headers = [(n, found.group(1)) for n, line in enumerate(lines) if (found := _HEADER.match(line))]
    begin = next((n for n, name in headers if name == id_), None)
    if begin is None:
        raise ConfigError(f"{path}: [{id_}] is written in a way that cannot be edited safely; nothing was changed")
    after = next((n for n, name in headers if n > begin and name != id_), len(lines))
    while after > begin + 1 and (not lines[after - 1].strip() or lines[after - 1].lstrip().startswith("#")):
        after -= 1
    return begin, after


def _without_pause(lines: Lines) -> Lines:
    return [line for line in lines if not re.match(r"\s*paused\s*=", line)]
