"""Hosts that are dead or slow: of three addresses one refuses, one takes connections and never says a word, and one
answers late."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Self

LATE = 8.0  # seconds


class Unwell:
    """`with Unwell(port, addresses):` has them so."""

    def __init__(self, port: int, addresses: Sequence[str]) -> None:
        self._port, self._silent, self._late = port, addresses[1::3], addresses[2::3]
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _listen(self) -> None:
        for addresses, answer in ((self._silent, _say_nothing), (self._late, _answer_late)):
            if addresses:
                await asyncio.start_server(answer, list(addresses), self._port)


async def _say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()  # until the client gives up
    writer.close()


async def _answer_late(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(asyncio.IncompleteReadError):  # the client has gone
        while await reader.readuntil(b"\r\n\r\n"):
            await asyncio.sleep(LATE)
            writer.write(b"HTTP/1.1 304 Not Modified\r\n\r\n")
