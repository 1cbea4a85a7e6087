"""Small sites on loopback for `add` and `check`: pages by path, one host address each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs

Answer = tuple[int, str, bytes]  # status, content type, body


class Campus(ThreadingHTTPServer):
    """Serves `pages` (path with query -> answer) and remembers what was asked for."""

    daemon_threads = True

    def __init__(self, host: str, pages: Mapping[str, Answer]) -> None:
        super().__init__((host, 0), _Handler)
        self.pages, self.asked = dict(pages), list[str]()
        self.posts: list[bytes] = []  # JSON that was posted
        self.says: dict[str, str] = {}  # further headers of each answer
        self.busy: dict[str, int] = {}  # path -> times it is answered with 503 first
        self.url = f"http://{host}:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Campus

    def do_POST(self) -> None:
        """Answers under `POST path number`, as portals and boards are asked for a page."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if "json" in self.headers.get("Content-Type", ""):
            self.server.posts.append(body)
            self.server.pages[f"POST {self.path} "] = html("taken")
            self._answer(f"POST {self.path} ")
            return
        form = parse_qs(body.decode())
        number = next((form[name][0] for name in ("pageNum", "pageIndex", "page") if name in form), "")
        self._answer(f"POST {self.path} {number}")

    def do_GET(self) -> None:
        self._answer(self.path)

    def _answer(self, asked: str) -> None:
        self.server.asked.append(asked)
        status, mime, body = self.server.pages.get(asked, (404, "text/html", b"<title>404 Not Found</title>"))
        if self.server.busy.get(asked):
            self.server.busy[asked] -= 1
            status, mime, body = 503, "text/plain", b"busy"
        body = body.replace(b"{host}", self.server.url.encode())
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", body.decode())
        if status == 503:
            self.send_header("Retry-After", "0")
        self.send_header("Content-Type", mime)
        self.send_header("Content-Length", str(len(body)))
        for name, value in self.server.says.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@contextmanager
def campus(host: str, pages: Mapping[str, Answer]) -> Iterator[Campus]:
    """A site that is up for as long as the block."""
    server = Campus(host, pages)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def html(text: str) -> Answer:
    """A page that is there."""
    return 200, "text/html; charset=utf-8", text.encode()
