"""A sample college in a process of its own, steered over its control port."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Self
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

from tests.patience import PATIENCE

_OPEN = build_opener(ProxyHandler({})).open
_ROOT = Path(__file__).parents[2]


class RemoteCollege:
    """`with RemoteCollege() as college:` has the calls of `College` as `college.do("add", site="sudy")`."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.college", *arguments], cwd=_ROOT, stdout=subprocess.PIPE, text=True
        )
        self.bases: dict[str, str] = {}
        assert self.process.stdout
        for line in self.process.stdout:
            name, url = line.rstrip("\n").split("\t")[:2]
            if name == "control":
                self.control = url
                break
            self.bases[name] = url.rstrip("/")
        else:
            raise RuntimeError(f"the college did not start: exit {self.process.wait()}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.communicate()

    def _get(self, path: str) -> str:
        with _OPEN(self.control + path, timeout=PATIENCE) as reply:
            text: str = reply.read().decode()
        return text

    def do(self, call: str, **arguments: Any) -> Any:
        """Make a change. Raises ValueError with what the college says against it."""
        request = Request(self.control + "/do", json.dumps({"call": call, "arguments": arguments}).encode())
        try:
            with _OPEN(request, timeout=PATIENCE) as reply:
                return json.load(reply)
        except HTTPError as problem:
            raise ValueError(problem.read().decode()) from problem

    def articles(self) -> list[dict[str, Any]]:
        """The rows an archive must have."""
        rows: list[dict[str, Any]] = json.loads(self._get("/articles"))
        return rows

    def requests(self) -> list[dict[str, Any]]:
        """The request log."""
        return [json.loads(line) for line in self._get("/requests").splitlines()]

    def sites_toml(self) -> str:
        """A sites.toml for the college."""
        return self._get("/sites.toml")
