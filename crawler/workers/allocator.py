"""mimalloc in place of the C library's allocator, where the system has it (Debian: libmimalloc2.0).

libxml2 makes a few thousand small blocks for every page and drops them again: to read a page takes 0.86x the time, to
rebuild a database 0.87x. Only the loader can put an allocator in place, when a process begins.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

_FOLDERS = (f"/usr/lib/{getattr(sys.implementation, '_multiarch', '')}", "/usr/lib64", "/usr/local/lib")
_NAMES = ("libmimalloc.so.3", "libmimalloc.so.2")
_READING = frozenset(("crawl", "rebuild", "ingest", "merge"))  # commands that read pages by the thousand

LEAST = 400 << 20  # bytes of address space in which a small college was crawled, in two processes; with 340 it was not


def installed() -> str | None:
    """Path of the library; None where there is none, or the loader takes no orders (LD_PRELOAD, see ld.so(8))."""
    if not sys.platform.startswith("linux"):
        return None
    paths = (Path(folder, name) for folder in _FOLDERS for name in _NAMES)
    return next((str(path) for path in paths if path.exists()), None)


def environment() -> dict[str, str]:
    """For a process that reads pages. Who has set LD_PRELOAD, be it to nothing, has chosen otherwise."""
    chosen = dict(os.environ)
    if "LD_PRELOAD" not in chosen and (library := installed()):
        chosen["LD_PRELOAD"] = library
    return chosen


def address_space() -> int:
    """Bytes that this process may map, as `ulimit -v` or a service manager has it."""
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_AS)
    return sys.maxsize if most == resource.RLIM_INFINITY else most


def adopt() -> None:
    """Begin this process anew under mimalloc, if its command reads pages: it costs 15 ms, before anything else is
    loaded. Ends it where it may map so little memory that libraries would fail while they are loaded, each in its own
    way."""
    if not _READING.intersection(sys.argv[1:]):
        return
    if (room := address_space()) < LEAST:
        sys.exit(
            f"only {room >> 20} MiB of memory may be mapped (ulimit -v): reading pages needs {LEAST >> 20}, and 1 GiB"
            " for large ones"
        )
    if (chosen := environment()) != os.environ:
        os.execve(sys.executable, sys.orig_argv, chosen)
