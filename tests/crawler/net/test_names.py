"""Names are looked up once for all who wait, and each of their addresses is tried."""

from __future__ import annotations

import asyncio
import socket

import pytest
from aiohappyeyeballs import AddrInfoType

from crawler.net import guard
from crawler.net.fetch import FetchFailed, Job
from crawler.net.guard import Guard, GuardedNames
from tests.crawler.net.fetching import fetcher, job, length, run
from tests.crawler.net.server import serving

OK = [length(b"body") + b"body"]


def test_the_next_address_of_a_name_is_tried() -> None:
    """A host that has an address on which nobody listens, as after a move or with a broken IPv6."""

    async def test() -> None:
        async with serving({"/": OK}) as server:

            async def both(host: str, port: int) -> list[AddrInfoType]:
                return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in ("127.9.9.9", "127.0.0.1")]

            fetching = fetcher(look_up=both)
            exchange = await fetching.fetch(job(server.url("/", "localhost")))
            assert (exchange.ip, exchange.body) == ("127.0.0.1", b"body")
            await fetching.close()

    run(test)


def test_names_are_looked_up_once_in_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    async def test() -> None:
        asked: list[str] = []

        async def look_up(host: str, port: int) -> list[AddrInfoType]:
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", port))] if host != "none.example" else []

        names = GuardedNames(Guard(), look_up)
        for _ in range(3):
            await names.addresses("a.example", 80)
        with pytest.raises(socket.gaierror):
            await names.addresses("none.example", 80)
        assert asked == ["a.example", "none.example"]
        monkeypatch.setattr(guard, "_KNOWN_S", 0.0)
        stale = GuardedNames(Guard(), look_up)
        for host in ("a.example", "b.example", "a.example"):
            await stale.addresses(host, 80)
        assert asked[2:] == ["a.example", "b.example", "a.example"]
        assert list(stale._known) == [("a.example", 80)]

    run(test)


def test_names_that_many_wait_for_are_looked_up_once() -> None:
    async def test() -> None:
        asked: list[str] = []

        async def slow(host: str, port: int) -> list[AddrInfoType]:
            asked.append(host)
            await asyncio.sleep(0.05)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

        async with serving({"/": OK}) as server:
            fetching = fetcher(look_up=slow)
            waiting = [asyncio.ensure_future(fetching.fetch(job(server.url("/", "localhost")))) for _ in range(20)]
            await asyncio.sleep(0.01)
            waiting[0].cancel()  # the others get their answer all the same
            got = await asyncio.gather(*waiting, return_exceptions=True)
            assert isinstance(got[0], asyncio.CancelledError)
            assert [exchange.body for exchange in got[1:]] == [b"body"] * 19  # type: ignore[union-attr]
            assert asked == ["localhost"]
            await fetching.close()

    run(test)


@pytest.mark.parametrize("host", ["a..b", "x" * 64 + ".example", "no-such-host.invalid"])
def test_names_that_cannot_be_looked_up(host: str) -> None:
    async def test() -> None:
        fetching = fetcher()
        with pytest.raises(FetchFailed) as failed:
            await fetching.fetch(Job(url=f"http://{host}/", site="s", kind="article", hosts="*"))
        assert failed.value.kind == "dns"
        await fetching.close()

    run(test)
