"""What may be connected to, by address as written, as resolved and as connected."""

from __future__ import annotations

import asyncio
import socket

import pytest
from aiohappyeyeballs import AddrInfoType

from crawler.net.fetch import Fetcher, FetchFailed, Job
from crawler.net.guard import Guard, GuardedNames, Refused
from tests.crawler.net.server import serving

PUBLIC = [
    "8.8.8.8",
    "202.112.0.36",
    "2606:4700::1111",
    "2001:da8::1",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "2002:808:808::1",
]
LOOPBACK = [
    "127.0.0.1",
    "127.8.9.10",
    "::1",
    "::ffff:127.0.0.1",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "::ffff:0:127.0.0.1",
]
NEVER = [
    "0.0.0.0", "::", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "169.254.0.1",
    "100.64.0.1",
    "100.100.100.200", "192.0.0.192", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1", "255.255.255.255", "168.63.129.16", "192.88.99.1", "fe80::1", "fe80::1%eth0", "fc00::1",
    "fd00:ec2::254",
    "fec0::1", "ff02::1", "2001:db8::1", "2001:0:1::1", "100::1", "64:ff9b:1::a00:1", "3fff::1", "5f00::1",
    "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::10.0.0.1", "64:ff9b::a9fe:a9fe", "2002:a00:1::1",
    "2606:4700::5efe:10.0.0.1",
    "fe80::5efe:808:808", "fd00::200:5efe:808:808", "not an address", "",
]  # fmt: skip


@pytest.mark.parametrize("ip", PUBLIC)
def test_public_addresses_pass(ip: str) -> None:
    Guard().check_address(ip)


@pytest.mark.parametrize("ip", [*LOOPBACK, *NEVER])
def test_others_do_not(ip: str) -> None:
    with pytest.raises(Refused):
        Guard().check_address(ip)


@pytest.mark.parametrize("ip", LOOPBACK)
def test_loopback_can_be_opened(ip: str) -> None:
    Guard(allow_loopback=True).check_address(ip)


@pytest.mark.parametrize("ip", NEVER)
def test_opening_loopback_opens_nothing_else(ip: str) -> None:
    with pytest.raises(Refused):
        Guard(allow_loopback=True).check_address(ip)


HOSTS = {"news.example.edu", "xn--fiqs8s.example", "8.8.8.8", "2606:4700::1111"}


@pytest.mark.parametrize("url", [
    "http://news.example.edu/", "https://news.example.edu:8443/a?b#c", "http://NEWS.example.edu/",
    "http://news.example.edu./",
    "http://xn--fiqs8s.example/", "http://8.8.8.8/", "http://[2606:4700::1111]/", "http://news.example.edu",
])  # fmt: skip
def test_addresses_of_the_sites_hosts_pass(url: str) -> None:
    Guard().check_url(url, HOSTS)


@pytest.mark.parametrize(("url", "why"), [
    ("javascript:alert(1)", "scheme"), ("data:text/html,x", "scheme"), ("file:///etc/passwd", "scheme"),
    ("ftp://news.example.edu/", "scheme"),
    ("gopher://news.example.edu/", "scheme"), ("//news.example.edu/", "scheme"), ("", "scheme"), ("http://", "no host"),
    ("http:///x", "no host"),
    ("http://user@news.example.edu/", "credentials"), ("http://user:pw@news.example.edu/", "credentials"),
    ("http://news.example.edu@127.0.0.1/", "credentials"), ("http://evil.example/", "not one of"),
    ("http://news.example.edu.evil.example/", "not one of"),
    ("http://xnews.example.edu/", "not one of"), ("http://news.example.edu:0/", "port"),
    *(
        (f"http://news.example.edu:{port}/", "no web server")
        for port in (22, 25, 110, 143, 465, 587, 3306, 5432, 6379, 6667, 10080, 11211)
    ),
    ("http://news.example.edu:99999/", "not an address"),
    ("http://news.example.edu:x/", "not an address"), ("http://[::1/", "not an address"),
    ("http://news.example.edu/a b", "characters"), ("http://news.example.edu/\r\nX: y", "characters"),
    ("http://news.example.edu/新", "characters"), ("http://news.example.edu/".ljust(8_001, "a"), "8001 characters"),
    ("http://１２７.０.０.１/", "characters"),
])  # fmt: skip
def test_other_addresses_are_refused_with_a_reason(url: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        Guard().check_url(url, HOSTS)


@pytest.mark.parametrize("host", [
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0X7F.1", "0x7f.0.0.1", "0177.0.0.1", "017700000001",
    "127.0.0.01",
    "127.0.0.1.", "0", "0x", "256.1.1.1", "999999999999", "1.2.3.4.5", "example.0x10", "169.254.169.254", "2852039166",
    "0xa9fea9fe",
    "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[fe80::1%25eth0]", "[::]", "localhost", "LOCALHOST",
    "a.localhost", "localhost.",
])  # fmt: skip
def test_no_spelling_of_a_private_address_passes_for_requisites(host: str) -> None:
    with pytest.raises(Refused):
        Guard().check_url(f"http://{host}/", "*")


def test_any_public_host_may_hold_requisites() -> None:
    Guard().check_url("https://cdn.example.net/a.css", "*")


class FakeNames:
    """Looks names up as a hostile name server would: each answer may differ from the last."""

    def __init__(self, **names: list[list[str]]) -> None:
        self.names = names

    async def __call__(self, host: str, port: int) -> list[AddrInfoType]:
        answers = self.names[host.split(".")[0]]
        now = answers.pop(0) if len(answers) > 1 else answers[0]
        return [
            (
                (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (ip, port, 0, 0))
                if ":" in ip
                else (socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port))
            )
            for ip in now
        ]


@pytest.mark.parametrize(
    "ips", [["127.0.0.1"], ["169.254.169.254"], ["10.0.0.1", "127.0.0.1"], ["::1"], ["::ffff:127.0.0.1"]]
)
def test_a_name_that_resolves_to_a_private_address_is_not_connected_to(ips: list[str]) -> None:
    async def test() -> None:
        async with serving({"/": [b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret"]}) as server:
            fetcher = Fetcher(Guard(), user_agent="t", look_up=FakeNames(evil=[ips]), timeout_s=10)
            with pytest.raises(FetchFailed) as refused:
                await fetcher.fetch(
                    Job(url=server.url("/", "evil.example"), site="s", kind="article", hosts={"evil.example"})
                )
            await fetcher.close()
            assert refused.value.kind == "guard"
            assert "evil.example" in refused.value.detail
            assert server.connections == 0

    asyncio.run(test())


def test_only_the_public_addresses_of_a_name_are_kept() -> None:
    async def test() -> None:
        names = GuardedNames(Guard(), FakeNames(split=[["10.1.2.3", "8.8.8.8", "::1"]]))
        assert [address[4][0] for address in await names.addresses("split.example", 80)] == ["8.8.8.8"]

    asyncio.run(test())


def test_an_address_is_judged_once_more_when_the_socket_is_made() -> None:
    """Should any way lead round the resolver: the socket of a private address is never made."""
    with pytest.raises(Refused):
        Guard().open_socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80)))
    Guard().open_socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 80))).close()


def test_a_resolver_that_lies_to_the_guard_does_not_reach_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rebinding: the guarded names are by-passed here, so only the last check is left."""

    async def unguarded(self: GuardedNames, host: str, port: int) -> list[AddrInfoType]:
        return await FakeNames(evil=[["127.0.0.1"]])(host, port)

    monkeypatch.setattr(GuardedNames, "addresses", unguarded)

    async def test() -> None:
        async with serving({"/": [b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret"]}) as server:
            fetcher = Fetcher(Guard(), user_agent="t", timeout_s=10)
            with pytest.raises(FetchFailed) as refused:
                await fetcher.fetch(Job(url=server.url("/", "evil.example"), site="s", kind="article", hosts="*"))
            await fetcher.close()
            assert (refused.value.kind, server.connections) == ("guard", 0)

    asyncio.run(test())
