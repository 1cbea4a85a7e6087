"""A process with a Chromium in it, that draws pages for a crawl. Whatever a page loads is asked of the crawl, which
fetches and records it; what would go another way leads nowhere."""

from __future__ import annotations

import asyncio
import ctypes
import os
import pickle
import shutil
import signal
import socket
import sys
from collections import Counter
from contextlib import suppress
from itertools import count
from pathlib import Path
from time import monotonic
from typing import Any

from crawler.workers.messages import Channel
from crawler.workers.renderer import MOST_DRAWN, MOST_POSTED, MOST_REQUESTS, Drawn, Failure, Got, Sent, Wanted

MEMORY = {False: 2 << 30, True: 1 << 30}  # bytes that the browser which pages share may hold, and one apart
_LOOK_AT_MEMORY_S = 0.5
_LAUNCHES = 3  # tried before it is said that none starts
_MARKS = {False: "--campuswarc-shared", True: "--campuswarc-apart"}  # by which their processes are told apart
_HEAP_MB = 512  # of one page's scripts
_SCROLLS = 8
_QUIET_S = 0.7  # without a request or a change, after which a page has come to rest
_LOOK_S = 0.1
_RESTLESS_S, _RESTLESS_AGAIN_S = 20.0, 2.0  # without an answer, that a page which goes on changing is waited for
_MOST_ALIKE = 20  # requests for one address, whatever its query: more keep asking whether there is news
_EVALUATE_S = 10.0  # a script may keep its page busy
_CLOSING_S = 5.0
_PR_SET_PDEATHSIG = 1
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# what goes another way than through our routes: to a proxy at which nobody listens, by names that are none
_ARGUMENTS = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--disable-quic",
    "--dns-prefetch-disable",
    "--no-pings",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    f"--js-flags=--max-old-space-size={_HEAP_MB}",
)
# beside a page's own: no worker, frame, socket or peer, which our routes would not see
_POLICY = "worker-src 'none'; frame-src 'none'; object-src 'none'; connect-src http: https:; webrtc 'block'"
_WITHOUT = """
for (const name of ["WebSocket", "WebSocketStream", "WebTransport", "EventSource", "RTCPeerConnection",
                    "webkitRTCPeerConnection", "Worker", "SharedWorker"])
  try { Object.defineProperty(globalThis, name, {value: undefined, configurable: false, writable: false}); } catch {}
try { Object.defineProperty(Navigator.prototype, "sendBeacon", {value: () => true}); } catch {}
"""
_SIZE = "document.documentElement.outerHTML.length | 0"  # a number, whatever a page makes of it
_SCROLL = """() => { window.scrollTo(0, document.documentElement.scrollHeight);
  for (const e of document.querySelectorAll("*"))
    if (e.scrollHeight > e.clientHeight + 40 && e.clientHeight > 200) e.scrollTop = e.scrollHeight; }"""
_OWN_AFFAIR = frozenset(
    {"host", "user-agent", "cookie", "accept-encoding", "connection", "content-length", "upgrade-insecure-requests"}
)


class Unfinished(Exception):
    """The page was not drawn; `kind` as in renderer.Failure."""

    def __init__(self, kind: Failure, detail: str) -> None:
        super().__init__(detail)
        self.kind: Failure = kind


class Drawing:
    """One page under way."""

    def __init__(self, browser: Browser, number: int, sent: Sent) -> None:
        self._browser, self.number, self._sent = browser, number, sent
        self._begun = False  # the page itself was handed over
        self.waits: dict[int, asyncio.Future[Got | None]] = {}
        self._numbers = count()
        self._stirred = self._answered = monotonic()
        self._restless = min(_RESTLESS_S, sent.patience / 6)
        self._asked = 0
        self._alike: Counter[str] = Counter()
        self.died: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def draw(self, chromium: Any) -> Drawn:
        """Raises Unfinished, and playwright's errors."""
        context = await chromium.new_context(
            user_agent=self._sent.agent or None,
            service_workers="block",
            accept_downloads=False,
            viewport={"width": 1280, "height": 1600},
        )
        try:
            await context.add_init_script(_WITHOUT)
            await context.route("**/*", self._route)
            await context.route_web_socket("**/*", lambda ws: ws.close())
            page = await context.new_page()
            page.on("crash", self._crashed)
            page.on("dialog", lambda dialog: asyncio.ensure_future(dialog.dismiss()))
            page.on("popup", lambda other: asyncio.ensure_future(other.close()))
            await page.goto(self._sent.url, wait_until="commit", timeout=30_000)
            await self._rest(page)
            scrolled, more = await self._scroll(page) if self._sent.scrolls else (0, False)
            self._bounded(await self._within(page.evaluate(_SIZE)))
            html = await self._within(page.content())
            self._bounded(len(html))  # the page may have lied
            made = f"Chromium/{chromium.version} by Playwright" + (f"; scrolled {scrolled}" if scrolled else "")
            return Drawn(html=html, made=made, more=more)
        finally:
            try:
                await asyncio.wait_for(context.close(), _CLOSING_S)
            except Exception:  # noqa: BLE001 (a page that runs on, or a browser that has died: it ends here)
                await self._browser.end(chromium, apart=self._sent.apart)

    def _bounded(self, size: int) -> None:
        if size > MOST_DRAWN:
            raise Unfinished("browser_failed", f"what was drawn holds {size:,} characters, {MOST_DRAWN:,} are read")

    def _crashed(self, _: Any) -> None:
        if not self.died.done():
            self.died.set_result(None)

    async def _scroll(self, page: Any) -> tuple[int, bool]:
        """To the end, again and again while the page grows; how often it grew, and whether it would have gone on."""
        size = await self._within(page.evaluate(_SIZE))
        for n in range(_SCROLLS + 1):
            await self._within(page.evaluate(_SCROLL))
            await self._rest(page)
            now = await self._within(page.evaluate(_SIZE))
            if now <= size:
                return n, False
            size = now
        return _SCROLLS + 1, True

    async def _rest(self, page: Any) -> None:
        """Wait until nothing has been asked for or changed for a while. A page that changes for ever, as one with a
        clock does, is taken as it stands."""
        size, self._stirred = -1, monotonic()
        begun = self._stirred
        while monotonic() - self._stirred < _QUIET_S:
            if not self.waits and monotonic() - max(begun, self._answered) > self._restless:
                self._restless = _RESTLESS_AGAIN_S
                return
            await asyncio.sleep(_LOOK_S)
            now = await self._within(page.evaluate(_SIZE))
            self._bounded(now)
            if now != size or self.waits:
                size, self._stirred = now, monotonic()

    async def _within(self, answer: Any) -> Any:
        """What the page answers. A script that never ends keeps it from that, a crash too."""
        asked = asyncio.ensure_future(answer)
        await asyncio.wait({asked, self.died}, timeout=_EVALUATE_S, return_when=asyncio.FIRST_COMPLETED)
        if asked.done():
            return asked.result()
        asked.cancel()
        if self.died.done():
            raise Unfinished("browser_died", "the page crashed")
        raise Unfinished("browser_timeout", f"a script kept its page busy for {_EVALUATE_S:g} s")

    async def _route(self, route: Any) -> None:
        """Answer a request of the page: itself, a script, data; nothing for the eye, nothing else."""
        request = route.request
        with suppress(Exception):
            if request.resource_type == "document":
                await self._document(route)
            elif request.resource_type == "stylesheet":  # scripts wait for theirs, and nobody looks
                await route.fulfill(status=200, content_type="text/css", body="")
            elif request.resource_type in ("script", "xhr", "fetch") and request.method in ("GET", "POST"):
                await self._load(route)
            else:
                await route.abort()

    async def _document(self, route: Any) -> None:
        if self._begun:  # another page, or a frame; with an error for an answer its page would be gone
            await route.fulfill(status=204)
            return
        self._begun = True
        headers = {name: value for name, value in self._sent.headers if name.lower() != "content-security-policy"}
        own = [value for name, value in self._sent.headers if name.lower() == "content-security-policy"]
        headers["content-security-policy"] = ", ".join([*own, _POLICY])
        await route.fulfill(status=200, headers=headers, body=self._sent.body)

    async def _load(self, route: Any) -> None:
        request = route.request
        self._asked += 1
        self._alike[request.url.partition("?")[0]] += 1
        body = request.post_data_buffer or b""
        if (
            self._asked > MOST_REQUESTS
            or self._alike[request.url.partition("?")[0]] > _MOST_ALIKE
            or len(body) > MOST_POSTED
        ):
            await route.abort()
            return
        headers = tuple(
            (name, value)
            for name, value in (await request.all_headers()).items()
            if name not in _OWN_AFFAIR and not name.startswith((":", "sec-"))
        )
        wanted = Wanted(
            url=request.url.partition("#")[0],
            method=request.method,
            headers=headers,
            body=body,
            data=request.resource_type != "script",
        )
        number = next(self._numbers)
        self.waits[number] = waiting = asyncio.get_running_loop().create_future()
        self._browser.send(("fetch", self.number, number, wanted))
        try:
            got = await waiting
            if got is None:
                await route.abort()
            else:
                await route.fulfill(status=got.status, headers=dict(got.headers), body=got.body)
        finally:
            self.waits.pop(number, None)
            self._stirred = self._answered = monotonic()


class Browser:
    """The browsers of this process, the one that pages share and that of a page which is drawn apart: begun when there
    is a page for them, and anew after they died."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._over = asyncio.Event()
        self._drawings: dict[int, Drawing] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._chromiums: dict[bool, Any] = {}
        self._began = False  # one did, so that there is one
        self._starting = {apart: asyncio.Lock() for apart in _MARKS}  # held by whoever starts or ends that one
        self._nowhere = socket.socket()  # bound and not listened at: the proxy of what our routes do not see
        self._nowhere.bind(("127.0.0.1", 0))
        self._heavy: set[bool] = set()

    def send(self, message: object) -> None:
        self._channel.send(pickle.dumps(message))

    async def serve(self) -> None:
        """Until the crawl is gone."""
        try:
            from playwright.async_api import async_playwright
        except ImportError:
            self._channel = self._listen()
            self.send(("missing", 0, "the pages are drawn by script, and Playwright is not installed"))
            await self._over.wait()
            return
        async with async_playwright() as self._playwright:
            self._channel = self._listen()
            watching = asyncio.ensure_future(self._watch())
            await self._over.wait()
            watching.cancel()
            for chromium in self._chromiums.values():
                with suppress(Exception):
                    await asyncio.wait_for(chromium.close(), 2)

    def _listen(self) -> Channel:
        return Channel(asyncio.get_running_loop(), self._connection, self._heard, self._over.set)

    def _heard(self, message: bytes) -> None:
        what, number, *rest = pickle.loads(message)
        if what == "draw":
            task = asyncio.ensure_future(self._draw(number, rest[0]))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            return
        drawing = self._drawings.get(number)
        waiting = drawing.waits.get(rest[0]) if drawing is not None else None
        if waiting is not None and not waiting.done():
            waiting.set_result(rest[1])

    async def _draw(self, number: int, sent: Sent) -> None:
        try:
            chromium = await self._started(apart=sent.apart)
        except Exception as problem:  # noqa: BLE001 (the driver's errors are many: no browser, no library of its, no room)
            said = " ".join(str(problem).strip().splitlines()[:1])
            if self._began:
                self.send(("failed", number, "browser_died", f"no Chromium starts any more ({said})"))
            else:
                self.send(("missing", number, f"the pages are drawn by script, and no Chromium starts ({said})"))
            return
        drawing = self._drawings[number] = Drawing(self, number, sent)
        told: tuple[object, ...]
        try:
            told = ("drawn", number, await asyncio.wait_for(drawing.draw(chromium), sent.patience))
        except Unfinished as problem:
            told = ("failed", number, problem.kind, str(problem))
        except TimeoutError:
            told = ("failed", number, "browser_timeout", f"not drawn within {sent.patience:g} s")
        except Exception as problem:  # noqa: BLE001 (the boundary: each is a failure of this page, with its words)
            heavy = sent.apart in self._heavy
            kind = "browser_memory" if heavy else "browser_failed" if chromium.is_connected() else "browser_died"
            text = str(problem).strip().partition("\n")[0]
            told = ("failed", number, kind, text or type(problem).__name__)
        del self._drawings[number]
        for waiting in drawing.waits.values():  # nobody does any more
            if not waiting.done():
                waiting.set_result(None)
        if sent.apart:
            await self.end(chromium, apart=True)
        self.send(told)  # when its browser has gone: the next page apart may come at once

    async def _started(self, *, apart: bool) -> Any:
        async with self._starting[apart]:
            chromium = self._chromiums.get(apart)
            if chromium is None or not chromium.is_connected():
                self._heavy.discard(apart)
                chromium = self._chromiums[apart] = await self._launched(apart)
                self._began = True
            return chromium

    async def _launched(self, apart: bool) -> Any:
        tries = _LAUNCHES if self._began else 1
        while True:
            try:
                return await self._playwright.chromium.launch(
                    executable_path=installed(),
                    args=[*_ARGUMENTS, _MARKS[apart]],
                    chromium_sandbox=os.geteuid() != 0,  # it does without where root runs it
                    proxy={"server": f"http://127.0.0.1:{self._nowhere.getsockname()[1]}"},
                    handle_sigint=False,
                )
            except Exception:
                tries -= 1
                if not tries:
                    raise
                await asyncio.sleep(1)

    async def end(self, chromium: Any, *, apart: bool) -> None:
        """End that browser, unless another has taken its place."""
        async with self._starting[apart]:
            if self._chromiums.get(apart) is chromium:
                del self._chromiums[apart]
                end_browsers(_MARKS[apart])

    async def _watch(self) -> None:
        """End a browser that holds too much."""
        while True:
            await asyncio.sleep(_LOOK_AT_MEMORY_S)
            for apart, chromium in list(self._chromiums.items()):
                if sum(held_by(pid, itself=True) for pid in marked(_MARKS[apart])) > MEMORY[apart]:
                    self._heavy.add(apart)
                    await self.end(chromium, apart=apart)


def installed() -> str | None:
    """Path of the system's Chromium; None where there is none: Playwright takes its own."""
    named = os.environ.get("CAMPUSWARC_CHROMIUM")
    return named or next((path for name in _NAMES if (path := shutil.which(name))), None)


def end_browsers(mark: str) -> None:
    """End the browser that was begun with that mark; its own processes end with it."""
    for pid in marked(mark):
        with suppress(OSError):
            os.kill(pid, signal.SIGKILL)


def marked(mark: str) -> list[int]:
    """Processes below this one, but for Playwright's driver, that are the browser with that mark."""
    found = []
    for pid in below(os.getpid()):
        with suppress(OSError):
            said = Path(f"/proc/{pid}/cmdline").read_bytes()
            if b"--remote-debugging-pipe" in said and mark.encode() in said:
                found.append(pid)
    return found


def below(pid: int) -> list[int]:
    """Processes that descend from one."""
    parents: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = path.read_text("latin-1").rpartition(")")[2].split()
            parents.setdefault(int(fields[1]), []).append(int(path.parent.name))
    found, left = [], [pid]
    while left:
        children = parents.get(left.pop(), [])
        found += children
        left += children
    return found


def held_by(pid: int, *, itself: bool = False) -> int:
    """Bytes that the processes below one hold, with `itself` that one too; what several share is counted once."""
    total = 0
    for one in [*below(pid), *[pid] * itself]:
        with suppress(OSError):
            for line in Path(f"/proc/{one}/smaps_rollup").read_text("latin-1").splitlines():
                if line.startswith("Pss:"):
                    total += 1024 * int(line.split()[1])
    return total


def main(fd: int) -> None:
    """Die with the crawl, however that ends."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)  # its browser ends when nobody holds its pipe
    with socket.socket(fileno=fd) as connection:
        asyncio.run(_serve(connection))


async def _serve(connection: socket.socket) -> None:
    await Browser(connection).serve()


if __name__ == "__main__":
    main(int(sys.argv[1]))
