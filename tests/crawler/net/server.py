"""A server that sends exactly the bytes it is told to, and keeps the bytes it was sent."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], "asyncio.Future[None]"]


class RawServer:
    """Answers by path: bytes are sent as they are; a coroutine function does as it likes."""

    def __init__(self) -> None:
        self.answers: dict[str, object] = {}
        self.heads: list[bytes] = []
        self.bodies: list[bytes] = []
        self.connections = 0
        self.port = 0

    def url(self, path: str, host: str = "127.0.0.1", scheme: str = "http") -> str:
        """Address of `path` here."""
        return f"{scheme}://{host}:{self.port}{path}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                self.heads.append(head)
                length = next(
                    (
                        int(line.split(b":")[1])
                        for line in head.split(b"\r\n")
                        if line.lower().startswith(b"content-length")
                    ),
                    0,
                )
                self.bodies.append(await reader.readexactly(length))
                answer = self.answers[head.split()[1].decode()]
                if callable(answer):
                    await answer(reader, writer)
                else:
                    assert isinstance(answer, list)
                    for piece in answer:
                        if piece is None:
                            return
                        writer.write(piece)
                        await writer.drain()
                        await asyncio.sleep(0)
        except (asyncio.IncompleteReadError, ConnectionError):
            return  # the client is gone
        finally:
            writer.close()


@asynccontextmanager
async def serving(
    answers: dict[str, object] | None = None, context: ssl.SSLContext | None = None, host: str = "127.0.0.1"
) -> AsyncIterator[RawServer]:
    """A RawServer on a free port of `host`. An answer is a list of byte strings, None in it closes the connection."""
    raw = RawServer()
    raw.answers.update(answers or {})
    server = await asyncio.start_server(raw._serve, host, 0, ssl=context)
    raw.port = server.sockets[0].getsockname()[1]
    try:
        yield raw
    finally:
        server.close()


@asynccontextmanager
async def listening(handler: Script) -> AsyncIterator[str]:
    """Address of a server that leaves everything to `handler`, the reading of requests too."""
    server = await asyncio.start_server(handler, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    finally:
        server.close()
