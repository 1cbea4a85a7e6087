"""A process that reads pages as the crawl's do, but never comes to an end of those whose text says HANGS, and works a
quarter of a second on those that say SLOW."""

from __future__ import annotations

import sys
from time import process_time

from crawler.workers.reader import serve
from spiders import reading
from spiders.findings import Answer, Reading
from spiders.site import Site

_read = reading.read


def _slowly(answer: Answer, site: Site) -> Reading:
    while b"HANGS" in answer.body:
        pass
    until = process_time() + 0.25
    while b"SLOW" in answer.body and process_time() < until:
        pass
    return _read(answer, site)


if __name__ == "__main__":
    reading.read = _slowly
    serve(int(sys.argv[1]), sys.argv[2:])
