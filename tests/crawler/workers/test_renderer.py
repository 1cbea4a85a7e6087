"""The process with a browser in it: what it is given and asks for, and that its death is one page's trouble."""

from __future__ import annotations

import asyncio
import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.workers import browser
from crawler.workers.renderer import MOST_REQUESTS, Drawn, Got, NotDrawn, Renderer, Sent, Wanted
from tests.crawler.drawn_sites import chromium

pytestmark = [pytest.mark.skipif(chromium() is not None, reason=chromium() or ""), pytest.mark.xdist_group("browser")]
URL = "https://news.example.edu/list"
HTML = (("Content-Type", "text/html; charset=utf-8"),)


def page(script: str) -> Sent:
    body = f"<!doctype html><title>News</title><body><script>{script}</script>".encode()
    return Sent(url=URL, headers=HTML, body=body, agent="campuswarc/test")


async def nothing(_: Wanted) -> Got | None:
    return None


def test_it_asks_for_what_a_page_loads_and_no_more() -> None:
    asked: list[Wanted] = []

    async def fetch(wanted: Wanted) -> Got | None:
        asked.append(wanted)
        if wanted.url.endswith("/missing"):
            return None
        return Got(status=200, headers=(("Content-Type", "text/plain"),), body=f"no {len(asked)}".encode())

    script = """(async () => {
      const say = text => document.body.append(Object.assign(document.createElement("p"), {textContent: text}));
      say(await (await fetch("https://api.example.edu/rows?n=1", {mode: "cors"})).text().catch(() => "refused"));
    })().catch(() => document.body.append("refused across origins"));
    fetch("/own", {headers: {"X-Key": "k"}}).then(a => a.text()).then(a => document.body.append("own " + a));
    fetch("/missing").catch(() => document.body.append("none came"));
    fetch("/put", {method: "PUT", body: "x"}).catch(() => document.body.append("not put"));
    document.body.append(navigator.userAgent);"""

    async def draw() -> Drawn:
        renderer = Renderer()
        try:
            return await renderer.draw(page(script), fetch)
        finally:
            renderer.close()

    drawn = asyncio.run(draw())
    for words in ("own no", "none came", "not put", "campuswarc/test"):
        assert words in drawn.html
    assert drawn.made.startswith("Chromium/")
    assert {wanted.url.rpartition("/")[2] for wanted in asked} == {"rows?n=1", "own", "missing"}
    own = dict(next(wanted.headers for wanted in asked if wanted.url.endswith("/own")))
    assert own["x-key"] == "k"
    assert not {"user-agent", "cookie", "host", "accept-encoding"} & own.keys()


def test_requests_of_a_page_are_bounded() -> None:
    asked: list[str] = []

    async def fetch(wanted: Wanted) -> Got | None:
        asked.append(wanted.url)
        return Got(status=200, headers=(), body=b"x")

    async def draw() -> None:
        renderer = Renderer()
        try:
            script = f"for (let n = 0; n < {MOST_REQUESTS + 20}; n++) fetch('/' + n).catch(() => 0);"
            await renderer.draw(page(script), fetch)
        finally:
            renderer.close()

    asyncio.run(draw())
    assert len(asked) == MOST_REQUESTS


def test_a_browser_that_dies_is_the_trouble_of_its_page(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fetch(_: Wanted) -> Got | None:
        for pid in browser.below(os.getpid()):
            if b"--remote-debugging-pipe" in Path(f"/proc/{pid}/cmdline").read_bytes():
                os.kill(pid, signal.SIGKILL)
        await asyncio.sleep(0.2)
        return None

    before = browser.below(os.getpid())  # what other tests have begun

    async def draw() -> tuple[str, Drawn, list[int]]:
        renderer = Renderer()
        try:
            with pytest.raises(NotDrawn) as problem:
                await renderer.draw(page("fetch('/own')"), fetch)
            again = await renderer.draw(page("document.body.append('drawn')"), nothing)
        finally:
            renderer.close()
        return problem.value.kind, again, browser.below(os.getpid())

    kind, again, left = asyncio.run(draw())
    assert kind == "browser_died"
    assert "drawn" in again.html, "the next page has a new one"
    assert set(left) <= {*before}


def test_pages_beside_one_that_ends_their_browser_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """It ended theirs too, and once none could be started again all sites of the crawl were left undrawn."""

    async def fetch(wanted: Wanted) -> Got | None:
        if wanted.url.endswith("/end"):
            for mark in ("--campuswarc-shared", "--campuswarc-apart"):
                browser.end_browsers(mark)
        await asyncio.sleep(1.0)
        return Got(status=200, headers=(), body=b"words")

    def of(host: str, script: str) -> Sent:
        return replace(page(script), url=f"https://{host}.example.edu/list", patience=12.0)

    says = "fetch('/own').then(a => a.text()).then(a => document.body.append('drawn ' + a))"

    async def draw() -> tuple[list[Drawn | BaseException], list[Drawn | BaseException]]:
        renderer = Renderer()
        try:
            first = await asyncio.gather(
                renderer.draw(of("ends", "fetch('/end')"), fetch),
                renderer.draw(of("good", says), fetch),
                renderer.draw(of("other", says), fetch),
                return_exceptions=True,
            )
            odd = await asyncio.gather(
                renderer.draw(of("clock", "setInterval(() => document.body.append(' tick'), 50)"), fetch),
                renderer.draw(
                    of("posts", "fetch('/own', {method: 'POST', body: 'x'.repeat(2e6)})" + f"; {says}"), fetch
                ),
                return_exceptions=True,
            )
            return first, odd
        finally:
            renderer.close()

    (ends, *others), (clock, posts) = asyncio.run(draw())
    assert isinstance(ends, NotDrawn) and ends.kind in ("browser_died", "browser_failed")
    assert [isinstance(one, Drawn) and "drawn words" in one.html for one in others] == [True, True]
    assert isinstance(clock, Drawn) and " tick tick" in clock.html, "as it stands, though it never comes to rest"
    assert isinstance(posts, Drawn) and "drawn words" in posts.html


def test_a_page_that_keeps_asking_for_news_comes_to_rest() -> None:
    asked: list[str] = []

    async def fetch(wanted: Wanted) -> Got | None:
        asked.append(wanted.url)
        return Got(status=200, headers=(), body=b"none")

    async def draw() -> Drawn:
        renderer = Renderer()
        try:
            return await renderer.draw(
                page("setInterval(() => fetch('/news?' + Math.random()).catch(() => 0), 20)"), fetch
            )
        finally:
            renderer.close()

    assert asyncio.run(draw()).html
    assert len(asked) == 20
