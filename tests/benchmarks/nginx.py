"""Debian's nginx over a folder, on loopback, for as long as a benchmark lasts."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Self

_CONFIG = """
{user}worker_processes 1; daemon off; pid {place}/nginx.pid; error_log {place}/error.log warn;
events {{ worker_connections 4096; }}
http {{
  types {{ text/html html htm; text/css css; application/pdf pdf; image/png png; text/plain txt; }}
  default_type application/octet-stream; charset utf-8; sendfile on; tcp_nopush on; keepalive_requests 1000000; etag on;
  log_format line '$msec $status $request_method $host $request_uri'; access_log {place}/access.log line;
  client_body_temp_path {place}/t1; proxy_temp_path {place}/t2; fastcgi_temp_path {place}/t3; uwsgi_temp_path
    {place}/t4; scgi_temp_path {place}/t5;
  open_file_cache max=5000; {extra}
  server {{ {listens} root {root}; index list.htm index.html; }}
}}
"""


class Request(NamedTuple):
    """A line of the log; `at` in seconds since 1970, to the millisecond."""

    at: float
    status: int
    method: str
    host: str
    target: str


class Nginx:
    """`with Nginx(root, work) as server:` serves `root` at server.bases, one address a host."""

    def __init__(self, root: Path, work: Path, hosts: Sequence[str] = ("127.2.0.1",), extra: str = "") -> None:
        if shutil.which("nginx") is None:
            raise SystemExit("this benchmark needs nginx (Debian package nginx-light or nginx)")
        work.mkdir(parents=True, exist_ok=True)
        self.log = work / "access.log"
        with socket.create_server((hosts[0], 0)) as free:
            self.port = free.getsockname()[1]
        self.bases = [f"http://{host}:{self.port}" for host in hosts]
        listens = "".join(f"listen {host}:{self.port} backlog=1024; " for host in hosts)
        user = "user root; " if os.geteuid() == 0 else ""  # else the worker may not read a temporary folder
        self._config = work / "nginx.conf"
        self._config.write_text(_CONFIG.format(user=user, place=work, root=root, listens=listens, extra=extra))
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            ["nginx", "-c", str(self._config), "-p", str(self._config.parent)], stderr=subprocess.PIPE
        )
        host = self.bases[0].removeprefix("http://").partition(":")[0]
        for _ in range(100):
            try:
                socket.create_connection((host, self.port), 1).close()
                return self
            except OSError:
                if self._process.poll() is not None:
                    raise SystemExit(f"nginx did not start: {self._process.communicate()[1].decode()}") from None
                time.sleep(0.05)
        raise SystemExit("nginx does not answer")

    def __exit__(self, *_: object) -> None:
        if self._process:
            self._process.terminate()
            self._process.communicate()

    def requests(self) -> list[Request]:
        """Every request so far, in the order of their answers."""
        lines = (line.split(" ", 4) for line in self.log.read_text().splitlines())
        return [Request(float(at), int(status), method, host, target) for at, status, method, host, target in lines]

    def forget(self) -> None:
        """Empty the log: nginx appends, so what it has open stays valid."""
        os.truncate(self.log, 0)
