"""The web server of the college: loopback addresses, one a site, and a port for its control."""

from __future__ import annotations

import asyncio
import json
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from time import time

from tests.college.mischief import MISDEEDS, Rule
from tests.college.site import CollegeSite, Content
from tests.college.wire import Answer, Seen, answer, read_request, send

Control = Callable[[str, str, bytes], tuple[int, str, str]]  # method, target, body -> status, type, text


class Server:
    """Serves sites from a thread of its own. Everything it was asked is in `log`, in the order of the requests."""

    def __init__(self, control: Control, on_request: Callable[[Seen], None] | None = None) -> None:
        self.sites: dict[str, CollegeSite] = {}  # by host:port
        self.rules: list[Rule] = []
        self.log: list[Seen] = []
        self.routes: dict[str, dict[str, Content]] = {}
        self._views: Counter[str] = Counter()
        self._control, self._on_request = control, on_request
        self._loop = asyncio.new_event_loop()
        self._open: list[asyncio.Server] = []
        self._thread = threading.Thread(target=self._loop.run_forever, name="college", daemon=True)
        self._thread.start()

    def listen(self, hosts: list[str], port: int) -> int:
        """Open one port on all of these addresses; gives its number. With port 0 one that is free on all."""
        for _ in range(20):
            opened: list[asyncio.Server] = []
            found = port
            try:
                for host in hosts:
                    opened.append(self._start(self._pages, host, found))
                    found = opened[-1].sockets[0].getsockname()[1]
            except OSError:
                for server in opened:
                    self._loop.call_soon_threadsafe(server.close)
                if port:
                    raise
                continue
            self._open += opened
            return found
        raise OSError(f"no port is free on all of {hosts}")

    def listen_control(self, port: int) -> int:
        """Open the control port; gives its number."""
        self._open.append(self._start(self._controlled, "127.0.0.1", port))
        return int(self._open[-1].sockets[0].getsockname()[1])

    def _start(
        self, serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], object], host: str, port: int
    ) -> asyncio.Server:
        starting = asyncio.start_server(serve, host, port, limit=1 << 20, backlog=512)
        return asyncio.run_coroutine_threadsafe(starting, self._loop).result(10)

    def stop(self) -> None:
        """Close all ports and end the thread."""

        async def end() -> None:
            for server in self._open:
                server.close()
            others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _pages(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, port = writer.get_extra_info("sockname")[:2]
        site, seen = self.sites[f"{host}:{port}"], None
        try:
            while (request := await read_request(reader)) and not writer.is_closing():
                method, target, headers, body = request
                seen = Seen(site.id, host, method, target, headers, time(), site.base + target, body=body)
                self.log.append(seen)
                await self._answer(site, seen, writer)
                if self._on_request:
                    self._on_request(seen)
                if (seen.header("connection") or "").lower() == "close":
                    break
        except (ConnectionError, asyncio.CancelledError):  # the client went, or the college is closing
            if seen:
                seen.whole = False
        finally:
            writer.close()

    async def _answer(self, site: CollegeSite, seen: Seen, writer: asyncio.StreamWriter) -> None:
        target = (
            seen.target + ("&" if "?" in seen.target else "?") + seen.body.decode("latin-1")
            if seen.body
            else seen.target
        )
        content = self.routes[site.id].get(target) or site.dynamic(target)
        missing = Content(lambda: "<!DOCTYPE html><title>404 Not Found</title><h1>Not Found</h1>", status=404)
        self._views[seen.url] += 1
        sending = answer(site, content or missing, seen, 100 + self._views[seen.url])
        rule = next((rule for rule in self.rules if rule.applies(site.id, seen.target)), None)
        if rule:
            seen.mischief = rule.kind
            if rule.times is not None:
                rule.times -= 1
            if await MISDEEDS[rule.kind](writer, sending, seen, rule.options):
                return
        await send(writer, sending, seen)

    async def _controlled(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await read_request(reader)
        if request:
            method, target, headers, body = request
            status, mime, text = self._control(method, target, body)
            await send(
                writer,
                Answer(status, [("Content-Type", mime), ("Connection", "close")], text.encode()),
                Seen("", "", method, target, headers, time()),
            )
        writer.close()


def log_line(seen: Seen) -> str:
    """A request as a line of JSON."""
    return json.dumps(asdict(seen) | {"body": seen.body.decode("latin-1")}, ensure_ascii=False)
