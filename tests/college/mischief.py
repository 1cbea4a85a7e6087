"""What web servers of colleges do wrong, on demand.

Each misdeed is called with the proper answer, changes it or writes to the wire itself, and returns True when it has
answered. `options` are its own numbers and words.
"""

from __future__ import annotations

import asyncio
import re
import socket
import struct
import zlib
from collections.abc import Awaitable, Callable
from fnmatch import fnmatchcase
from typing import Any

from tests.college.wire import Answer, Seen, chunk

Misdeed = Callable[[asyncio.StreamWriter, Answer, Seen, dict[str, Any]], Awaitable[bool]]
_HTML = [("Content-Type", "text/html; charset=utf-8")]


class Rule:
    """One misdeed for the addresses a pattern names, for a number of requests (None: always)."""

    def __init__(self, site: str, pattern: str, kind: str, times: int | None, options: dict[str, Any]) -> None:
        if kind not in MISDEEDS:
            raise ValueError(f"no such misdeed: {kind}; there are {', '.join(sorted(MISDEEDS))}")
        self.site, self.pattern, self.kind, self.times, self.options = site, pattern, kind, times, options

    def applies(self, site: str, target: str) -> bool:
        """Whether it is meant and not used up; `[` and `]` stand for themselves."""
        pattern = self.pattern.replace("[", "[[]")
        return self.site in (site, "*") and self.times != 0 and fnmatchcase(target, pattern)


async def slow(writer: asyncio.StreamWriter, answer: Answer, seen: Seen, options: dict[str, Any]) -> bool:
    """Answers properly, late: seconds=1."""
    await asyncio.sleep(float(options.get("seconds", 1)))
    return False


async def drip(writer: asyncio.StreamWriter, answer: Answer, seen: Seen, options: dict[str, Any]) -> bool:
    """Sends a few bytes at a time: size=64, pause=0.05."""
    size, seen.status = int(options.get("size", 64)), answer.status
    answer.set("Content-Length", str(len(answer.body)))
    writer.write(answer.head())
    for start in range(0, len(answer.body), size):
        writer.write(answer.body[start : start + size])
        await writer.drain()
        seen.sent += size
        await asyncio.sleep(float(options.get("pause", 0.05)))
    return True


def _becomes(status: int, text: str, *headers: tuple[str, str], reason: str = "") -> Misdeed:
    """A misdeed that answers something else in a proper way; options `status`, `retry_after` and `text` change it."""

    async def act(writer: asyncio.StreamWriter, answer: Answer, seen: Seen, options: dict[str, Any]) -> bool:
        answer.status, answer.reason, answer.chunked = int(options.get("status", status)), reason, False
        answer.headers = [*_HTML, *headers]
        if "retry_after" in options:
            answer.headers.append(("Retry-After", str(options["retry_after"])))
        answer.body = str(options.get("text", text)).encode()
        return False

    return act


async def redirect(writer: asyncio.StreamWriter, answer: Answer, seen: Seen, options: dict[str, Any]) -> bool:
    """Sends elsewhere: to='/', status=302."""
    answer.status, answer.body, answer.chunked = int(options.get("status", 302)), b"", False
    answer.headers = [("Location", str(options.get("to", "/"))), *_HTML]
    return False


async def redirect_loop(writer: asyncio.StreamWriter, answer: Answer, seen: Seen, options: dict[str, Any]) -> bool:
    """Sends round in circles: to itself, or with hops=N through N addresses for ever."""
    path, _, hop = seen.target.partition("?hop=")
    to = f"{path}?hop={(int(hop or 0) + 1) % int(options['hops'])}" if options.get("hops") else seen.target
    return await redirect(writer, answer, seen, {"to": to})


async def truncate(writer: asyncio.StreamWriter, answer: Answer, seen: Seen, options: dict[str, Any]) -> bool:
    """Promises the whole body, sends part (0.5) of it and closes."""
    part = answer.body[: int(len(answer.body) * float(options.get("part", 0.5)))]
    seen.status, seen.sent, seen.whole = answer.status, len(part), False
    answer.set("Content-Length", str(len(answer.body)))
    writer.write(answer.head() + part)
    await writer.drain()
    writer.close()
    return True


async def reset(writer: asyncio.StreamWriter, answer: Answer, seen: Seen, options: dict[str, Any]) -> bool:
    """Drops the connection with a TCP reset and no answer."""
    seen.status, seen.whole = 0, False
    handle: socket.socket = writer.get_extra_info("socket")
    handle.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
    return True


async def endless(writer: asyncio.StreamWriter, answer: Answer, seen: Seen, options: dict[str, Any]) -> bool:
    """Chunks of a page that never ends; pause=0.001 between them."""
    seen.status, seen.whole = 200, False
    answer.headers = [*_HTML, ("Transfer-Encoding", "chunked")]
    writer.write(answer.head())
    while not writer.is_closing():
        writer.write(chunk(b"<p>and so on</p>\n" * 500))
        seen.sent += 8500
        await writer.drain()
        await asyncio.sleep(float(options.get("pause", 0.001)))
    return True


async def huge(writer: asyncio.StreamWriter, answer: Answer, seen: Seen, options: dict[str, Any]) -> bool:
    """A page of size=100_000_000 bytes, its length told beforehand."""
    size, piece = int(options.get("size", 100_000_000)), b"<p>news</p>" * 6000
    seen.status, seen.whole = 200, False
    answer.headers = [*_HTML, ("Content-Length", str(size))]
    writer.write(answer.head())
    while seen.sent < size and not writer.is_closing():
        part = piece[: size - seen.sent]
        writer.write(part)
        seen.sent += len(part)
        await writer.drain()
    seen.whole = seen.sent == size
    return True


async def bomb(writer: asyncio.StreamWriter, answer: Answer, seen: Seen, options: dict[str, Any]) -> bool:
    """A small gzip body that unfolds to size=300_000_000 bytes."""
    squeeze, left = zlib.compressobj(1, wbits=31), int(options.get("size", 300_000_000))
    parts = []
    while left > 0:
        parts.append(squeeze.compress(b"\0" * min(left, 1 << 20)))
        left -= 1 << 20
    answer.headers, answer.chunked = [*_HTML, ("Content-Encoding", "gzip")], False
    answer.body = b"".join([*parts, squeeze.flush()])
    return False


def _rewrites(change: Callable[[str], bytes], mime: str = "text/html; charset=utf-8") -> Misdeed:
    """A misdeed that spoils the text of the proper page."""

    async def act(writer: asyncio.StreamWriter, answer: Answer, seen: Seen, options: dict[str, Any]) -> bool:
        packed = any(pair == ("Content-Encoding", "gzip") for pair in answer.headers)
        text = (zlib.decompress(answer.body, 47) if packed else answer.body).decode("utf-8", "replace")
        answer.body = change(text)
        answer.set("Content-Encoding", None)
        answer.set("Content-Type", mime)
        return False

    return act


def _gbk(text: str) -> bytes:
    return re.sub(r"(?i)charset=([\"']?)utf-8", r"charset=\1gb2312", text).encode("gb18030")


_RIVER = (
    '<html><head><meta id="x"'
    ' content="_"><script>$_ts=window[\'$_ts\'];if(!$_ts)$_ts={};$_ts.nsd=54321;$_ts.cd="qPZ";</script></head><body>'
    "</body></html>"
)
_WALL = (
    '<html><head><meta charset="UTF-8"><title>系统提示</title></head><body><div'
    ' class="prompt">您无权访问此页面！'
    '<script>setTimeout(function(){location.href="/system/caslogin.jsp"},3000)</script></div></body></html>'
)
_MISSING = (
    "<html><head><meta"
    ' charset="utf-8"><title>页面不存在</title></head><body><h1>404</h1><p>您访问的页面不存在或已被删除！</p><a'
    ' href="/">返回首页</a></body></html>'
)
_CAPTCHA = (
    '<html><head><title>请输入验证码</title></head><body><form action="/captcha"><img src="/captcha.png"><input'
    ' name="codeValue"></form><p>您的访问过于频繁，请输入验证码后继续访问</p></body></html>'
)
MISDEEDS: dict[str, Misdeed] = {
    "slow": slow,
    "drip": drip,
    "redirect": redirect,
    "redirect_loop": redirect_loop,
    "redirect_home": redirect,
    "truncate": truncate,
    "reset": reset,
    "endless": endless,
    "huge": huge,
    "bomb": bomb,
    "too_many": _becomes(429, "Too Many Requests"),
    "unavailable": _becomes(503, "Service Unavailable"),
    "error": _becomes(500, "<h1>500</h1>"),
    "missing": _becomes(404, "<h1>Not Found</h1>"),
    "gone": _becomes(410, "<h1>Gone</h1>"),
    "forbidden": _becomes(403, "<h1>Forbidden</h1>"),
    "soft_404": _becomes(200, _MISSING),
    "wall": _becomes(200, _WALL),
    "captcha": _becomes(200, _CAPTCHA),
    "challenge": _becomes(412, _RIVER, ("Set-Cookie", "enable_abc=1; path=/"), reason="Precondition Failed"),
    "empty": _becomes(200, ""),
    "gbk": _rewrites(_gbk, "text/html; charset=gb2312"),
    "mislabelled": _rewrites(str.encode, "text/html; charset=iso-8859-1"),
    "nul": _rewrites(lambda text: text.replace("<p", "\0<p\0").encode()),
    "long_title": _rewrites(
        lambda text: re.sub(r"(<h[12][^>]*>|<title>)", r"\1" + "very long " * 105_000, text, count=2).encode()
    ),
    "binary": _rewrites(lambda text: bytes(range(256)) * 40),
    "not_html": _rewrites(lambda text: b"\x89PNG\r\n\x1a\n" + bytes(2000), "image/png"),
    "deep": _rewrites(lambda text: text.replace("<body", "<div>" * 20_000 + "<body").encode()),
}
