"""Small college sites whose pages a script draws, and a server that nobody may ask for anything."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from os import environ
from socket import AF_INET, SOCK_DGRAM, socket
from threading import Thread

from tests.crawler.campus import Answer, html

TITLES = (
    "Botanists name a moss that grows on the library roof",
    "Rowing team wins the autumn regatta by half a length",
    "New reading room opens in the old power station",
    "Choir tours six towns with a programme of night songs",
    "Engineers test a bridge made of reclaimed timber",
    "Scholarships for nurses double in the coming year",
    "Observatory shows the comet to four hundred visitors",
    "Kitchen garden feeds the refectory through the winter",
    "Law clinic helps tenants with their first hearing",
    "Students map every bench on the north campus",
    "Archive receives the letters of its first gardener",
    "Chess club draws with the champions of the region",
)
WORDS = (
    "The dean said on Tuesday that the work had taken two years and that nobody had expected it to end so well.",
    "A report with all figures is laid out in the entrance hall until the end of term, where the public may read it.",
    "Those who took part will speak about it next week in the small auditorium; the talk is open to everybody.",
)
SHELL = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>News | Hillside College</title>
<script defer src="/static/app.js"></script></head><body><noscript>You need to enable JavaScript to run this app.
</noscript><div id="root"></div></body></html>"""
_APP = """
const root = document.getElementById("root");
const row = n => `<li class="row" style="height: 400px"><h3><a href="/news/story-${n.id}">${n.title}</a></h3>` +
  `<time datetime="${n.date}">${n.date}</time></li>`;
async function main() {
  if (location.pathname === "/news") {
    const rows = await (await fetch("/api/rows?from=0", {headers: {"X-Api": "1"}})).json();
    root.innerHTML = `<main><h1>News</h1><ul class="rows">${rows.map(row).join("")}</ul><p class="end">…</p></main>`;
    MORE
  } else {
    const id = location.pathname.split("-").pop();
    const s = await (await fetch(`/api/stories/${id}`)).json();
    root.innerHTML = `<article><h1>${s.title}</h1><time datetime="${s.date}">${s.date}</time>` +
      `<div class="body">${s.text.map(p => `<p>${p}</p>`).join("")}</div></article>`;
    document.title = s.title + " | Hillside College";
  }
}
main();
"""
_SCROLLED = """
    let from = rows.length, busy = false;
    new IntersectionObserver(async seen => {
      if (busy || !seen.some(one => one.isIntersecting)) return;
      busy = true;
      const more = await (await fetch(`/api/rows?from=${from}`)).json();
      from += more.length;
      document.querySelector(".rows").insertAdjacentHTML("beforeend", more.map(row).join(""));
      busy = false;
    }).observe(document.querySelector(".end"));
"""


def chromium() -> str | None:
    """Why a test with a browser cannot be done here; None where it can."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    if find_spec("playwright") is None:
        return "Playwright is not installed: pip install 'campuswarc[browser]'"
    if environ.get("CAMPUSWARC_CHROMIUM") or any(map(shutil.which, names)):
        return None
    return "no Chromium found: install the chromium package or set CAMPUSWARC_CHROMIUM"


def single_page(*, rows: int = 6, step: int = 0, stories: bool = True, script: str = "") -> dict[str, Answer]:
    """A site of one empty page: its list, and its stories where they are drawn too. With a `step` the list grows by as
    many as it is scrolled; `script` runs before."""
    known = [
        {
            "id": n,
            "title": TITLES[n % len(TITLES)] + (f", part {n // len(TITLES) + 1}" if n >= len(TITLES) else ""),
            "date": f"2026-{10 - n // 28:02d}-{28 - n % 28:02d}",
        }
        for n in range(rows)
    ]
    shell = html(SHELL)
    pages: dict[str, Answer] = {
        "/news": shell,
        "/static/app.js": (200, "text/javascript", (script + _APP.replace("MORE", _SCROLLED if step else "")).encode()),
    }
    for begin in range(0, rows + (step or rows), step or rows):
        pages[f"/api/rows?from={begin}"] = _json(known[begin : begin + (step or rows)])
    for one in known:
        told = one | {"text": [f"{one['title']}.", *WORDS]}
        pages[f"/api/stories/{one['id']}"] = _json(told)
        body = "".join(f"<p>{text}</p>" for text in told["text"])
        pages[f"/news/story-{one['id']}"] = (
            shell
            if stories
            else html(
                f"<html><head><title>{one['title']}</title></head><body><article><h1>{one['title']}</h1>"
                f"<time datetime='{one['date']}'>{one['date']}</time>{body}</article></body></html>"
            )
        )
    return pages


def _json(value: object) -> Answer:
    return 200, "application/json", json.dumps(value).encode()


class Private(ThreadingHTTPServer):
    """A server on an address that no page may reach; `seen` is whatever came."""

    daemon_threads = True

    def __init__(self, host: str) -> None:
        super().__init__((host, 0), BaseHTTPRequestHandler)
        self.seen: list[object] = []
        self.port = self.server_port
        self.datagrams = socket(AF_INET, SOCK_DGRAM)
        self.datagrams.bind((host, self.port))

    def process_request(self, request: object, client_address: object) -> None:
        """Any connection at all is one too many."""
        self.seen.append(client_address)
        self.shutdown_request(request)  # type: ignore[arg-type]  # a socket

    def heard(self) -> list[object]:
        """What came, datagrams too."""
        self.datagrams.setblocking(False)
        try:
            return [*self.seen, self.datagrams.recvfrom(1500)]
        except BlockingIOError:
            return list(self.seen)


@contextmanager
def private(host: str) -> Iterator[Private]:
    """That server, for as long as the block."""
    server = Private(host)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        server.datagrams.close()
        thread.join()
