"""What may be connected to: the site's own hosts, on public addresses, by http or https.

A page names whatever it likes, and a name resolves to whatever its owner likes; so the address is judged three
times: as it is written in the link, as the resolver answers, and as the socket is about to be connected.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Collection
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Literal
from urllib.parse import urlsplit

from aiohttp import AddrInfoType
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import DefaultResolver

Hosts = Collection[str] | Literal["*"]

_SCHEMES = {"http", "https"}
_UNSPELLED = re.compile(r"[^\x21-\x7e]")  # blanks, control and non-ASCII characters: nothing a request line may hold
_NUMERIC = re.compile(r"(?:^|\.)(?:\d+|0x[0-9a-f]*)$", re.I)  # WHATWG URL: a host whose last label is a number is an IPv4 address
_DOTTED_QUAD = re.compile(r"(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}")
_LOCAL_NAME = re.compile(r"(?:^|\.)localhost$", re.I)

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
        if port == 0:
            raise Refused("port 0")
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
        """A socket for exactly this address, the last thing before connecting: aiohttp's `socket_factory`."""
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


class GuardedResolver(AbstractResolver):
    """A resolver that keeps only addresses the guard lets pass; raises Refused when none is left."""

    def __init__(self, guard: Guard, resolver: AbstractResolver | None = None) -> None:
        self._guard = guard
        self._resolver = resolver or DefaultResolver()

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> list[ResolveResult]:
        """Addresses of `host`; OSError where the name has none."""
        kept, refusal = [], None
        for result in await self._resolver.resolve(host, port, family):
            try:
                self._guard.check_address(result["host"])
            except Refused as reason:
                refusal = reason
            else:
                kept.append(result)
        if refusal is not None and not kept:
            raise Refused(f"{host} resolves to {refusal}")
        return kept

    async def close(self) -> None:
        """Close the resolver behind."""
        await self._resolver.close()
