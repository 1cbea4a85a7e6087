"""Connections to servers: made where the guard allows, and kept for a while for the next request."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections import defaultdict
from contextlib import suppress
from time import monotonic
from typing import NamedTuple

from aiohappyeyeballs import start_connection

from crawler.net.descriptors import is_ours
from crawler.net.guard import Guard, GuardedNames, LookUp
from crawler.net.lateness import Lateness
from crawler.net.wire import Wire

# seconds a connection is left alone after an answer: what comes unasked must not pass for the answer to the next
# request. Hosts that are asked once a second never notice; who asks at once has a few connections in turn
QUIET_S = 0.1
_KEPT_S = 15.0  # seconds an idle connection is kept: servers close theirs after 5 to 75
_PAUSES_S = (0.2, 0.5, 1.0, 2.0)  # where there was no descriptor, buffer or port for a connection
_SECOND_TRY_S = 0.25  # seconds after which the next address of a name is tried beside the first (RFC 8305 section 8)


class Server(NamedTuple):
    """Whom a connection leads to, and how it is secured."""

    host: str
    port: int
    context: ssl.SSLContext | None  # None: not at all


class NotConnected(OSError):
    """No connection in time."""


class Overloaded(OSError):
    """No connection in time, in which this process was busy with other things: nothing is known of the host."""


class HandshakeFailed(OSError):
    """Connected, but no agreement on how to encrypt; `certificate`: because the server's is not to be trusted."""

    def __init__(self, problem: Exception) -> None:
        super().__init__(str(problem) or type(problem).__name__)
        self.certificate = isinstance(problem, ssl.SSLCertVerificationError)


class Connections:
    """All connections of a fetcher, whose names are looked up once in five minutes."""

    def __init__(
        self,
        guard: Guard,
        *,
        timeout_s: float,
        look_up: LookUp | None = None,
        quiet_s: float = QUIET_S,
        most: int | None = None,
    ) -> None:
        """Of more than `most` that are open, those that have been idle longest are closed."""
        self._quiet_s = quiet_s
        self._guard, self._names, self._timeout_s = guard, GuardedNames(guard, look_up), timeout_s
        self._idle: dict[Server, list[tuple[float, Wire]]] = defaultdict(list)  # the one that waits longest first
        self._idling: dict[Wire, Server] = {}  # the same, over all servers
        self._open: set[Wire] = set()
        self._most = most
        self.lateness = Lateness()
        self._swept = monotonic()
        self.closed = False

    async def take(self, server: Server, *, fresh: bool = False) -> Wire:
        """A connection to ask on, new if there is none that is idle, or if it has to be `fresh`.

        Raises Refused, HandshakeFailed, NotConnected, socket.gaierror and other OSErrors.
        """
        idle = self._idle[server]
        while not fresh and (quiet := [kept for kept in idle if monotonic() - kept[0] >= self._quiet_s]):
            since, wire = quiet[-1]
            idle.remove(quiet[-1])
            self._idling.pop(wire, None)
            if wire.usable and monotonic() - since < _KEPT_S and not wire.stale:
                return wire
            self._discard(wire)
        wire = await self._connect_soon(server)
        self._open.add(wire)
        if self.closed:
            self._discard(wire)
        return wire

    def give_back(self, server: Server, wire: Wire) -> None:
        """Done with; kept if it can be asked on once more."""
        if wire.usable and not self.closed:
            self._idle[server].append((monotonic(), wire))
            self._idling[wire] = server
        else:
            self._discard(wire)
        if monotonic() - self._swept > _KEPT_S:
            self._sweep()

    def close(self) -> None:
        """Close all, whatever goes on on them."""
        self.closed = True
        for wire in [*self._open]:
            self._discard(wire)
        self._idle.clear()
        self.lateness.stop()

    def _discard(self, wire: Wire) -> None:
        self._open.discard(wire)
        self._idling.pop(wire, None)
        wire.abort()

    def _drop_one(self) -> bool:
        """Close the connection that has been idle longest; whether there was one."""
        if not self._idling:
            return False
        wire, server = next(iter(self._idling.items()))
        self._idle[server] = [kept for kept in self._idle[server] if kept[1] is not wire]
        self._discard(wire)
        return True

    async def _connect_soon(self, server: Server) -> Wire:
        """A connection; where this machine has no room for one, as soon as it has, within a few seconds."""
        while self._most is not None and len(self._open) >= self._most and self._drop_one():
            pass
        for pause in _PAUSES_S:
            try:
                return await self._connect(server)
            except OSError as problem:
                if not is_ours(problem):
                    raise
                self._drop_one()
                await asyncio.sleep(pause)  # others end meanwhile
        return await self._connect(server)

    def _sweep(self) -> None:
        self._swept = monotonic()
        for server, idle in [*self._idle.items()]:
            while idle and not (idle[0][1].usable and self._swept - idle[0][0] < _KEPT_S):
                self._discard(idle.pop(0)[1])
            if not idle:
                del self._idle[server]

    async def _connect(self, server: Server) -> Wire:
        self._check_open()
        # which may wait for others that are looked up: not the host's time
        addresses = await self._names.addresses(server.host, server.port)
        self._check_open()
        late = self.lateness.total
        try:
            async with asyncio.timeout(self._timeout_s):
                connected = await start_connection(
                    addresses, happy_eyeballs_delay=_SECOND_TRY_S, socket_factory=self._guard.open_socket
                )
                if self.closed:
                    connected.close()
                self._check_open()
                return await self._secure(connected, server)
        except TimeoutError as problem:
            if self.lateness.total - late > self._timeout_s / 10:
                raise Overloaded("this machine was too busy to connect") from problem
            raise NotConnected(f"no connection within {self._timeout_s:g} s") from problem
        except RuntimeError as problem:  # of uvloop, in place of an OSError
            raise OSError(str(problem)) from problem

    async def _secure(self, connected: socket.socket, server: Server) -> Wire:
        """A wire on a socket, after the handshake where there is one."""
        hostname = server.host if server.context is not None else None
        try:
            _, wire = await asyncio.get_running_loop().create_connection(
                Wire, sock=connected, ssl=server.context, server_hostname=hostname
            )
        except BaseException as problem:
            # its transport sees the end and closes it. To close it here would leave asyncio's transport on a number
            # that is soon another socket's
            with suppress(OSError):
                connected.shutdown(socket.SHUT_RDWR)
            if (
                server.context is not None
                and isinstance(problem, ssl.SSLError | ConnectionResetError | ConnectionAbortedError)
                and not self.closed
            ):
                raise HandshakeFailed(problem) from problem
            raise
        return wire

    def _check_open(self) -> None:
        if self.closed:
            raise ConnectionAbortedError("the crawl has ended")
