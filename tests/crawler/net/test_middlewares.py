"""The middlewares in a real Scrapy crawl against loopback hosts, each 127.x.y.z a host of its own."""

from __future__ import annotations

import asyncio
import gzip
import json
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

ROOT = Path(__file__).parents[3]
Answered = (
    tuple[int, dict[str, str], bytes] | None
)  # status, headers ({port} in them is the server's), body; None hangs up
Reply = Callable[[str, str, int], Answered]  # of host, path, and how often that was asked before
PAGE = (200, {}, b"page")
CUT = ("X-Is", "cut")  # an answer with it says that it is longer, and the connection is closed behind it


class Hosts:
    """One server on many loopback addresses: answers by (host, path) and remembers who asked what and when."""

    def __init__(self, reply: Reply) -> None:
        self.reply = reply
        self.asked: list[tuple[str, str, float]] = []
        self.at_once: dict[str, int] = {}
        self.most_at_once: dict[str, int] = {}
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host = writer.get_extra_info("sockname")[0]
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                path = head.split()[1].decode()
                self.at_once[host] = self.at_once.get(host, 0) + 1
                self.most_at_once[host] = max(self.most_at_once.get(host, 0), self.at_once[host])
                times = sum((h, p) == (host, path) for h, p, _ in self.asked)
                self.asked.append((host, path, monotonic()))
                answer = self.reply(host, path, times)
                await asyncio.sleep(0.01)
                self.at_once[host] -= 1
                if answer is None:
                    return
                status, headers, body = answer
                lines = [
                    f"HTTP/1.1 {status} x",
                    *(f"{k}: {v.replace('{port}', str(self.port))}" for k, v in headers.items()),
                    f"Content-Length: {len(body) + (1000 if CUT in headers.items() else 0)}",
                ]
                writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
                if CUT in headers.items():
                    return
        except (asyncio.IncompleteReadError, ConnectionError):
            return  # the crawl is over
        finally:
            writer.close()

    def paths(self, host: str) -> list[str]:
        return [path for asked, path, _ in self.asked if asked == host]

    def starts(self, host: str) -> list[float]:
        return [at for asked, _, at in self.asked if asked == host]


def crawl(
    reply: Reply, addresses: list[str], delay: float = 0.0, silent: tuple[str, ...] = ()
) -> tuple[dict[str, dict[str, Any]], Hosts]:
    """What each address ended as, and what the server saw. An address is '127.0.0.2/path'; `silent` hosts serve too."""

    async def main() -> tuple[dict[str, dict[str, Any]], Hosts]:
        hosts = Hosts(reply)
        first, *others = sorted({address.partition("/")[0] for address in addresses} | set(silent))
        server = await asyncio.start_server(hosts.serve, first, 0)
        hosts.port = server.sockets[0].getsockname()[1]
        more = await asyncio.start_server(hosts.serve, others, hosts.port)
        urls = [f"http://{address.replace('/', f':{hosts.port}/', 1)}" for address in addresses]
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.crawler.net.crawl",
            str(delay),
            *urls,
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await asyncio.wait_for(process.communicate(), 100)
        server.close()
        more.close()
        assert process.returncode == 0, err.decode()
        lines = [json.loads(line) for line in out.splitlines()]
        assert not err.strip(), err.decode()
        return {line["url"].replace(f":{hosts.port}", "").removeprefix("http://"): line for line in lines}, hosts

    return asyncio.run(main())


def rules(text: str) -> Answered:
    return 200, {"Content-Type": "text/plain"}, text.encode()


def test_robots_is_fetched_once_a_host_and_obeyed() -> None:
    robots: dict[str, Answered] = {
        "127.0.0.2": rules("User-agent: *\nDisallow: /private/"),
        "127.0.0.3": (404, {}, b""),
        "127.0.0.4": (500, {}, b""),
        "127.0.0.5": (301, {"Location": "http://127.0.0.6:{port}/elsewhere.txt"}, b""),
        "127.0.0.7": (302, {"Location": "/robots.txt"}, b""),
        "127.0.0.8": (200, {"Content-Encoding": "gzip"}, gzip.compress(b"User-agent: *\nDisallow: /a")),
        "127.0.0.9": None,
        "127.0.0.10": (200, dict([CUT]), b"User-agent: *\nDisallow: /a"),  # each time: its length is wrong
        "127.0.0.11": None,
        "127.0.0.12": None,
    }
    whole = b"User-agent: *\nDisallow: /a\nDisallow: /b"

    def reply(host: str, path: str, times: int) -> Answered:
        if path == "/robots.txt" and host == "127.0.0.11":
            return 200, dict([CUT]), whole[: 20 + times]
        if path == "/robots.txt" and host == "127.0.0.12":
            return 200, {} if times else dict([CUT]), whole if times else whole[:20]
        if path == "/elsewhere.txt":
            return rules("User-agent: campuswarc\nDisallow: /a")
        return robots[host] if path == "/robots.txt" else PAGE

    ended, hosts = crawl(
        reply, [f"{host}/{page}" for host in robots for page in ("a", "b", "private/c")], silent=("127.0.0.6",)
    )
    got = {host: [page for page in ("a", "b", "private/c") if "status" in ended[f"{host}/{page}"]] for host in robots}
    assert got == {
        "127.0.0.2": ["a", "b"],
        "127.0.0.3": ["a", "b", "private/c"],
        "127.0.0.4": [],
        "127.0.0.5": ["b", "private/c"],
        "127.0.0.7": ["a", "b", "private/c"],  # a loop is no robots.txt
        "127.0.0.8": ["b", "private/c"],
        "127.0.0.9": [],
        "127.0.0.10": ["b", "private/c"],
        "127.0.0.11": [],  # half of a rule, or of the rules, allows what the whole forbids
        "127.0.0.12": ["private/c"],
    }
    assert ended["127.0.0.11/a"]["kind"] == "truncated_disconnect" and ended["127.0.0.11/a"]["again"]
    assert (ended["127.0.0.2/private/c"]["kind"], ended["127.0.0.2/private/c"]["again"]) == ("robots", False)
    assert (ended["127.0.0.4/a"]["kind"], ended["127.0.0.4/a"]["again"]) == ("http_500", True)
    assert "500" in ended["127.0.0.4/a"]["why"]
    assert ended["127.0.0.9/a"]["kind"] == "disconnect" and "disconnect" in ended["127.0.0.9/a"]["why"]
    for host in robots:
        times = {"127.0.0.7": 6, "127.0.0.10": 2, "127.0.0.11": 2, "127.0.0.12": 2}.get(host, 1)
        assert hosts.paths(host).count("/robots.txt") == times
        assert hosts.paths(host)[0] == "/robots.txt"
        assert hosts.most_at_once[host] == 1


def test_each_host_keeps_its_own_pace() -> None:
    delay, slow = 0.2, 3.0
    names = [f"127.1.{n // 20}.{n % 20 + 1}" for n in range(40)]

    def reply(host: str, path: str, times: int) -> Answered:
        if path == "/robots.txt":
            return rules(f"User-agent: *\nCrawl-delay: {slow}") if host.endswith(".7") else (404, {}, b"")
        return PAGE

    ended, hosts = crawl(reply, [f"{name}/{n}" for name in names for n in range(3)], delay=delay)
    assert all(line["status"] == 200 for line in ended.values()) and len(ended) == 120
    assert all(hosts.most_at_once[name] == 1 for name in names)
    order = [host for host, _, _ in hosts.asked]
    last = {host: place for place, host in enumerate(order)}
    paced = [name for name in names if name.endswith(".7")]
    # an order, since how long it takes is the machine's affair; test_politeness has the pauses exact, by a clock of its
    # own
    assert all(order.index(name) < last[slowest] for name in names for slowest in paced), "nobody waits for the slow"
    for name in paced:
        one, two, three = (ended[f"{name}/{n}"]["sent"] for n in range(3))
        # of two pauses; a busy machine may send one request late, and the next in its time
        assert three - one > slow and two > one, "its robots.txt is heeded"


def test_a_busy_host_is_waited_for_and_a_dead_one_left_alone() -> None:
    def reply(host: str, path: str, times: int) -> Answered:
        if path == "/robots.txt":
            return 404, {}, b""
        if host == "127.0.0.2" and path == "/1":
            return 429, {"Retry-After": "1"}, b""
        if host == "127.0.0.3" and path == "/1":
            return 503, {"Retry-After": "Fri, 01 Jan 2100 00:00:00 GMT"}, b""
        return None if host == "127.0.0.4" else PAGE

    ended, hosts = crawl(reply, [f"127.0.0.{host}/{n}" for host in (2, 3, 4, 5) for n in (1, 2, 3, 4, 5)])
    kinds = {host: [ended[f"127.0.0.{host}/{n}"].get("kind", "page") for n in (1, 2, 3, 4, 5)] for host in (2, 3, 4, 5)}
    assert kinds == {
        2: ["page"] * 5,
        3: ["page"] + ["host_closed"] * 4,
        4: ["disconnect"] * 3 + ["host_closed"] * 2,
        5: ["page"] * 5,
    }
    starts = hosts.starts("127.0.0.2")
    assert starts[2] - starts[1] > 0.5  # robots.txt, /1, then the second it asked for
    assert "Retry-After" in ended["127.0.0.3/2"]["why"]
    assert hosts.paths("127.0.0.3") == ["/robots.txt", "/1"]
