"""A process that reads pages for a crawl; and reading a page safely, wherever that is done."""

from __future__ import annotations

import os
import pickle
import resource
import socket
import sys
from collections.abc import Sequence
from dataclasses import replace
from time import process_time

from archive.article import words
from archive.near.likeness import gist
from archive.near.signatures import method, sign
from crawler.workers.allocator import address_space
from crawler.workers.gc_tuning import ease, loading
from crawler.workers.messages import Inbox, framed
from spiders.findings import Answer, Further, Reading, Story, Trouble
from spiders.site import Site

MEMORY = 4 << 30  # bytes of address space of a process: native code maps far more than it uses


def read_safely(answer: Answer, site: Site) -> Reading:
    """`read`, and word count and signature of what was read, with our own mistakes turned into a Trouble of that page:
    one page never ends a crawl."""
    from spiders.reading import read  # all that reads pages, which a crawl with a process beside it does without

    try:
        reading = read(answer, site)
        match reading:
            case Story():
                return _counted(reading, answer)
            case Further():
                return replace(reading, story=_counted(reading.story, answer))
        return reading
    except Exception as mistake:  # noqa: BLE001 (the boundary: recorded as a failure with its words)
        return Trouble("reader_error", f"{type(mistake).__name__}: {mistake}")


def _counted(story: Story, answer: Answer) -> Story:
    body = story.article.body
    return replace(
        story,
        word_count=words(body),
        signature=sign(body),
        gist=gist(body, story.article.title, answer.hint.get("title", "")),
    )


def serve(fd: int, families: Sequence[str]) -> None:
    """Take sites first, then answers, until the crawl is gone. A page or document that needs more memory fails."""
    with loading():
        import spiders.reading  # noqa: F401  # this and what follows before there is anything to read
        from spiders.families import family

        for name in families:
            family(name)
        method()
    ease()
    os.nice(5)  # the crawl comes first: it waits for hosts and disk, and all others wait for it
    memory = min(MEMORY, address_space())  # a limit of the crawl's own stands
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with socket.socket(fileno=fd) as connection:
        inbox = Inbox(connection)
        hello = inbox.take()
        sites: dict[str, Site] = pickle.loads(hello) if hello else {}
        try:
            connection.sendall(framed(b""))  # ready: from here on a page is to blame
            while (message := inbox.take()) is not None:
                answer, site = pickle.loads(message)
                begun = process_time()  # of work: a busy machine makes no page slow
                reading = read_safely(answer, sites[site])
                reply = pickle.dumps((reading, process_time() - begun), protocol=pickle.HIGHEST_PROTOCOL)
                connection.sendall(framed(reply))  # at once: what is not in the socket dies with this process
        except (BrokenPipeError, ConnectionResetError):
            return  # the crawl was killed


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.argv[2:])
