"""What may be connected to: the site's own hosts, on public addresses, by http or https.

A page names whatever it likes, and a name resolves to whatever its owner likes; so the address is judged three
times: as it is written in the link, as the resolver answers, and as the socket is about to be connected.
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable, Collection
from functools import partial
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from time import monotonic
from typing import Literal
from urllib.parse import urlsplit

from aiohappyeyeballs import AddrInfoType

from archive.patterns import deferred

Hosts = Collection[str] | Literal["*"]
LookUp = Callable[[str, int], Awaitable[list[AddrInfoType]]]

MOST_URL = 8_000  # characters, as many as RFC 9110 section 4.1 asks servers and clients to take
_KNOWN_S = 300.0  # seconds for which a name is not looked up again

_SCHEMES = {"http", "https"}
# Fetch standard, "port blocking": where mail, shells and databases listen, which might take a request for their own
# commands
_BAD_PORTS = frozenset((
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109,
    110, 111, 113, 115, 117, 119,
    123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563,
    587, 601, 636, 989, 990,
    993, 995, 1719, 1720, 1723, 2049, 3306, 3659, 4045, 4190, 5060, 5061, 5432, 6000, 6379, 6566, 6665, 6666, 6667,
    6668, 6669, 6679, 6697, 9200, 10080, 11211,
))  # fmt: skip  # 3306, 5432, 6379, 9200 and 11211 (databases) are ours
_UNSPELLED = deferred(r"[^\x21-\x7e]")  # blanks, control and non-ASCII characters: nothing a request line may hold
# WHATWG URL: a host whose last label is a number is an IPv4 address
_NUMERIC = deferred(r"(?:^|\.)(?:\d+|0x[0-9a-f]*)$", re.I)
_DOTTED_QUAD = deferred(r"(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}")
_LOCAL_NAME = deferred(r"(?:^|\.)localhost$", re.I)

# beyond what `ipaddress` calls not global
_NOT_FOR_US = [
    ip_network("168.63.129.16/32"),  # Azure's host service, on a public address
    ip_network("192.0.0.0/24"),  # protocol assignments, RFC 6890; a cloud keeps its metadata there
    ip_network("192.88.99.0/24"),  # 6to4 relays, RFC 7526
    ip_network("2001::/32"),  # Teredo: the peer is named by a third party
    ip_network("64:ff9b:1::/48"),  # NAT64 of local use, RFC 8215
    ip_network("3fff::/20"),  # documentation, RFC 9637
]
_GLOBAL_UNICAST = IPv6Network("2000::/3")  # RFC 4291: all of it that is assigned
# networks whose addresses stand for an IPv4 address, and the bit at which it lies
_STAND_FOR_IPV4 = [
    (IPv6Network("::ffff:0:0/96"), 0),  # IPv4-mapped
    (IPv6Network("::ffff:0:0:0/96"), 0),  # IPv4-translated, RFC 7915
    (IPv6Network("::/96"), 0),  # IPv4-compatible
    (IPv6Network("64:ff9b::/96"), 0),  # NAT64, RFC 6052
    (IPv6Network("2002::/16"), 80),  # 6to4
]


class Refused(PermissionError):
    """Not to be connected to; the text says why."""


class Guard:
    """The rules, with loopback closed unless the operator (or a test) opens it."""

    def __init__(self, allow_loopback: bool = False) -> None:
        self._allow_loopback = allow_loopback
        self._good: set[str] = set()

    def check_url(self, url: str, hosts: Hosts) -> None:
        """Raise Refused unless `url` is an http(s) address of one of `hosts` ('*': of any host), spelled plainly."""
        if len(url) > MOST_URL:
            raise Refused(f"an address of {len(url)} characters")
        if _UNSPELLED.search(url):
            raise Refused("characters that an address cannot hold")
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError as problem:
            raise Refused(f"not an address: {problem}") from problem
        if parts.scheme not in _SCHEMES:
            raise Refused(f"scheme {parts.scheme or 'missing'}")
        if not host:
            raise Refused("no host")
        if "@" in parts.netloc:
            raise Refused("credentials in the address")
        if port in _BAD_PORTS:
            raise Refused(f"port {port}, where no web server is")
        host = host.rstrip(".")
        self._check_host(host)
        if hosts != "*" and host not in hosts:
            raise Refused(f"host {host} is not one of the site's")

    def _check_host(self, host: str) -> None:
        if ":" in host:
            self.check_address(host)
        elif _NUMERIC.search(host):
            if not _DOTTED_QUAD.fullmatch(host):
                raise Refused(f"host {host} is a number in disguise")
            self.check_address(host)
        elif _LOCAL_NAME.search(host) and not self._allow_loopback:
            raise Refused(f"host {host} is this machine")

    def check_address(self, ip: str) -> None:
        """Raise Refused unless `ip` is a public unicast address; one that carries another is judged by both."""
        if ip in self._good:
            return
        try:
            address = ip_address(ip)
        except ValueError as problem:
            raise Refused(f"not an IP address: {ip}") from problem
        if isinstance(address, IPv6Address) and address.scope_id:
            raise Refused(f"{ip} is of one link only")
        for each in _layers(address):
            if reason := self._objection(each):
                raise Refused(f"{ip} is {reason}")
        if len(self._good) < 100_000:
            self._good.add(ip)

    def _objection(self, address: IPv4Address | IPv6Address) -> str | None:
        if address.is_loopback:
            return None if self._allow_loopback else "a loopback address"
        if address.is_unspecified:
            return "the unspecified address"
        if address.is_link_local:
            return "a link-local address"
        if address.is_multicast:
            return "a multicast address"
        if any(address in net for net in _NOT_FOR_US):
            return "a reserved address"
        if not address.is_global or (address.version == 6 and address not in _GLOBAL_UNICAST):
            return "not a public address"  # private, CGNAT, documentation, reserved
        return None

    def open_socket(self, addr_info: AddrInfoType) -> socket.socket:
        """A socket for exactly this address, the last thing before connecting."""
        family, kind, proto, _, sockaddr = addr_info
        self.check_address(str(sockaddr[0]))
        return socket.socket(family, kind, proto)


def _layers(address: IPv4Address | IPv6Address) -> list[IPv4Address | IPv6Address]:
    """What has to be public: the address itself, the IPv4 address it stands for, or both; :: and ::1 are themselves."""
    if isinstance(address, IPv4Address) or address.is_loopback or address.is_unspecified:
        return [address]
    bits = int(address)
    for net, shift in _STAND_FOR_IPV4:
        if address in net:
            return [IPv4Address(bits >> shift & 0xFFFFFFFF)]
    if bits >> 32 & 0xFCFFFFFF == 0x00005EFE:  # ISATAP, RFC 5214: any prefix, and an IPv4 address behind 5efe
        return [address, IPv4Address(bits & 0xFFFFFFFF)]
    return [address]


class GuardedNames:
    """Addresses of host names, of which only those are kept that the guard lets pass."""

    def __init__(self, guard: Guard, look_up: LookUp | None = None) -> None:
        self._guard, self._look_up = guard, look_up or _ask_system
        self._known: dict[tuple[str, int], tuple[float, list[AddrInfoType]]] = {}
        self._asking: dict[tuple[str, int], asyncio.Task[list[AddrInfoType]]] = {}
        self._swept = monotonic()

    async def addresses(self, host: str, port: int) -> list[AddrInfoType]:
        """Addresses of `host`, never none. Raises Refused where the guard lets none pass, socket.gaierror where there
        is none."""
        name = (host, port)
        until, known = self._known.get(name, (0.0, []))
        if until > monotonic():
            return known
        if name not in self._asking:  # who comes while it is looked up waits for the same answer
            self._asking[name] = asyncio.ensure_future(self._ask(host, port))
            self._asking[name].add_done_callback(partial(self._answered, name))
        return await asyncio.shield(self._asking[name])

    async def _ask(self, host: str, port: int) -> list[AddrInfoType]:
        found, refusal = [], None
        for address in _literal(host, port) or await self._look_up(host, port):
            try:
                self._guard.check_address(str(address[4][0]))
            except Refused as reason:
                refusal = reason
            else:
                found.append(address)
        if refusal is not None and not found:
            raise Refused(f"{host} resolves to {refusal}")
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, f"{host} has no address")
        return found

    def _answered(self, name: tuple[str, int], task: asyncio.Task[list[AddrInfoType]]) -> None:
        del self._asking[name]
        if task.cancelled() or task.exception() is not None:
            return
        now = monotonic()
        if now - self._swept > _KNOWN_S:
            self._known = {name: known for name, known in self._known.items() if known[0] > now}
            self._swept = now
        self._known[name] = (now + _KNOWN_S, task.result())


def _literal(host: str, port: int) -> list[AddrInfoType]:
    """The address that a host spells out; none where it is a name."""
    try:
        address = ip_address(host)
    except ValueError:
        return []
    if isinstance(address, IPv6Address):
        return [(socket.AF_INET6, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (host, port, 0, 0))]
    return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (host, port))]


async def _ask_system(host: str, port: int) -> list[AddrInfoType]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG
        )
        return list(found)
    except UnicodeError as problem:  # an empty label, or one of more than 63 characters
        raise socket.gaierror(socket.EAI_NONAME, f"{host} is no name: {problem}") from problem
