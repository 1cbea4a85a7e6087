"""One fetch from a raw server, on the event loop of one's choice."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import uvloop

from archive.capture import Exchange
from crawler.net.fetch import Fetcher, FetchFailed, Job
from crawler.net.guard import Guard
from tests.crawler.net.server import RawServer, serving

END = b"\r\n\r\n"


def fetcher(**options: Any) -> Fetcher:
    return Fetcher(
        Guard(allow_loopback=True),
        user_agent="campuswarc-test (+mailto:a@b.example)",
        **({"timeout_s": 20, "quiet_s": 0.0} | options),
    )


def job(url: str, **options: Any) -> Job:
    return Job(url=url, site="s", kind="article", hosts={"127.0.0.1", "localhost"}, **options)


def run(test: Callable[[], Awaitable[None]], loop: str = "asyncio") -> None:
    """Run on the named event loop."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop if loop == "uvloop" else None) as runner:
        runner.run(test())


def one(answer: object, loop: str = "asyncio", **options: Any) -> tuple[Exchange, RawServer]:
    """The exchange when the server answers `answer`."""
    got: list[tuple[Exchange, RawServer]] = []

    async def test() -> None:
        async with serving({"/": answer}) as server:
            fetching = fetcher(**options)
            try:
                got.append((await fetching.fetch(job(server.url("/"))), server))
            finally:
                await fetching.close()

    run(test, loop)
    return got[0]


def failure(answer: object, **options: Any) -> FetchFailed:
    with pytest.raises(FetchFailed) as caught:
        one(answer, **options)
    return caught.value


def length(body: bytes, *headers: bytes) -> bytes:
    return b"\r\n".join([b"HTTP/1.1 200 OK", *headers, b"Content-Length: %d" % len(body)]) + END
