"""How many files and sockets this process may have open, and what follows from it for a crawl."""

from __future__ import annotations

import errno
import socket
import sys

_OTHERS = 128  # open beside the exchanges: database, WARC files, readers, what libraries hold
_EACH = 4  # an exchange, one that has become slow beside it, a second address tried, a connection kept for the next one
_OURS = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EADDRNOTAVAIL})
_OUR_NAMES = frozenset({socket.EAI_MEMORY, getattr(socket, "EAI_SYSTEM", socket.EAI_MEMORY)})


def exchanges(wanted: int) -> int:
    """So many requests may be under way at a time: those wanted, or fewer. The limit of open files is raised as far as
    it goes."""
    if sys.platform == "win32":
        return wanted
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft != hard:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
            soft = hard
        except (ValueError, OSError):  # macOS names a hard limit that it does not grant
            pass
    return wanted if soft == resource.RLIM_INFINITY else max(1, min(wanted, (soft - _OTHERS) // _EACH))


def is_ours(problem: BaseException) -> bool:
    """Whether this machine, and not the host, is the reason: no descriptor, buffer or port was left."""
    if isinstance(problem, socket.gaierror):
        return problem.errno in _OUR_NAMES
    return isinstance(problem, OSError) and problem.errno in _OURS
