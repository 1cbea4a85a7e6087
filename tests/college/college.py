"""The sample college: sites that can change between two crawls and misbehave, and that know what they serve."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self

from tests.college.families import FAMILIES
from tests.college.mischief import Rule
from tests.college.server import Server, log_line
from tests.college.site import CollegeSite
from tests.college.story import Expected
from tests.college.twins import events, publish
from tests.college.wire import Seen

DEFAULT = ("sudy", "wordpress")


class College:
    """`with College() as college:` serves two sites until the block ends.

    Each site has a loopback address of its own (127.1.0.1, 127.1.0.2, ...), all on one port. With `state`, a folder, a
    college started again on it has the same port, stories and changes, and its request log goes on.
    """

    def __init__(
        self,
        sites: Iterable[str] = DEFAULT,
        *,
        port: int = 0,
        control_port: int = 0,
        seed: int = 1,
        scale: float = 1.0,
        state: Path | None = None,
    ) -> None:
        self.state = state
        self._journal: Path | None = None  # set once what was done before has been done again
        done = self._read_state()
        self.server = Server(self._control, self._keep if state else None)
        self.sites: dict[str, CollegeSite] = {}
        self.port = port or (done[0]["port"] if done else 0)
        names = list(sites)
        self.port = self.server.listen([f"127.1.0.{number}" for number in range(1, len(names) + 1)], self.port)
        for number, name in enumerate(names, 1):
            host = f"127.1.0.{number}"
            site = FAMILIES[name](name, f"http://{host}:{self.port}", seed, scale)
            self.sites[name] = self.server.sites[f"{host}:{self.port}"] = site
            self.server.routes[name] = site.routes()
        self.control_port = self.server.listen_control(control_port)
        self.control = f"http://127.0.0.1:{self.control_port}"
        for step in done[1:]:
            self.do(step["call"], **step["arguments"])
        self._journal = state / "changes.jsonl" if state else None
        if not done:
            self._note({"port": self.port})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop serving."""
        self.server.stop()

    # what happens

    def do(self, call: str, **arguments: Any) -> Any:
        """One of CALLS; as the control port calls them."""
        if call not in CALLS:
            raise ValueError(f"no such call: {call}; there are {', '.join(CALLS)}")
        return getattr(self, call)(**arguments)

    def add(self, site: str, count: int = 1, section: str | None = None) -> list[str]:
        """Publish new stories; gives their addresses."""
        return self._changed(
            site, "add", self.sites[site].add(count, section), {"site": site, "count": count, "section": section}
        )

    def edit(self, url: str) -> str:
        """Change the words of a story."""
        site = self._of(url)
        return self._changed(site.id, "edit", site.edit(url), {"url": url})

    def delete(self, url: str) -> str:
        """Take a story offline (404)."""
        site = self._of(url)
        return self._changed(site.id, "delete", site.delete(url), {"url": url})

    def move(self, url: str) -> str:
        """Give a story a new address; gives it."""
        site = self._of(url)
        return self._changed(site.id, "move", site.move(url), {"url": url})

    def tell_twins(self, chinese: str = "sudy", english: str = "wordpress", seed: int = 1) -> list[tuple[str, str]]:
        """Publish what the college tells in two languages, and what is like it; gives the addresses of each pair."""
        told = publish(events(seed), self.sites[chinese], self.sites[english])
        self.server.routes[chinese] = self.sites[chinese].routes()
        return self._changed(english, "tell_twins", told, {"chinese": chinese, "english": english, "seed": seed})

    def misbehave(self, site: str, pattern: str, kind: str, times: int | None = None, **options: Any) -> None:
        """Let addresses go wrong: `site` or '*', a path pattern with * and ?, a kind of `mischief.MISDEEDS`.

        The newest rule that applies wins. Raises ValueError for an unknown kind.
        """
        self.server.rules.insert(0, Rule(site, pattern, kind, times, options))
        self._note(
            {
                "call": "misbehave",
                "arguments": {"site": site, "pattern": pattern, "kind": kind, "times": times, **options},
            }
        )

    def behave(self) -> None:
        """End all mischief."""
        self.server.rules.clear()
        self._note({"call": "behave", "arguments": {}})

    def settings(self, site: str, **values: Any) -> None:
        """Switch validators (both, etag, last-modified, none), chunked, gzip, crawl_delay or robots_extra of a site."""
        for name, value in values.items():
            if name not in SETTINGS:
                raise ValueError(f"no such setting: {name}; there are {', '.join(SETTINGS)}")
            setattr(self.sites[site], name, value)
        self._changed(site, "settings", None, {"site": site, **values})

    def forget(self) -> None:
        """Empty the request log."""
        self.server.log.clear()

    def _of(self, url: str) -> CollegeSite:
        for site in self.sites.values():
            if url.startswith(site.base + "/"):
                return site
        raise KeyError(url)

    def _changed(self, site: str, call: str, result: Any, arguments: dict[str, Any]) -> Any:
        self.server.routes[site] = self.sites[site].routes()
        self._note({"call": call, "arguments": arguments})
        return result

    # what is true

    def articles(self, site: str | None = None) -> list[Expected]:
        """The rows that an archive of the college must have."""
        return [row for one in self.sites.values() if site in (None, one.id) for row in one.expected()]

    def requests(self, site: str | None = None) -> list[Seen]:
        """What the server was asked since it began or since `forget`."""
        return [seen for seen in self.server.log if site in (None, seen.site)]

    def contents(self, url: str) -> bytes:
        """Bytes of a page or file as served now, the counter not yet put in."""
        site = self._of(url)
        made = self.server.routes[site.id][url.removeprefix(site.base)].render()
        return made.encode() if isinstance(made, str) else made

    def sites_toml(self, *names: str, **more: str | int | float) -> str:
        """A sites.toml for these sites (all by default); `more` are further keys for each."""
        extra = "".join(f"{key} = {json.dumps(value)}\n" for key, value in more.items())
        return "\n".join(self.sites[name].entry() + extra for name in names or self.sites)

    # the control port, for whoever is in another process

    def _control(self, method: str, target: str, body: bytes) -> tuple[int, str, str]:
        if method == "POST" and target == "/do":
            try:
                asked = json.loads(body)
                return 200, "application/json", json.dumps(self.do(asked["call"], **asked.get("arguments", {})))
            except (ValueError, KeyError, TypeError) as problem:
                return 400, "application/json", json.dumps({"error": f"{type(problem).__name__}: {problem}"})
        answers = {
            "/articles": lambda: json.dumps([asdict(row) for row in self.articles()], ensure_ascii=False),
            "/requests": lambda: "\n".join(map(log_line, self.server.log)),
            "/sites.toml": self.sites_toml,
        }
        if target in answers:
            return 200, "text/plain; charset=utf-8", answers[target]()
        return 404, "text/plain", "GET /articles /requests /sites.toml, POST /do {call, arguments}\n"

    # a college that is started again

    def _read_state(self) -> list[dict[str, Any]]:
        if self.state is None:
            return []
        self.state.mkdir(parents=True, exist_ok=True)
        path = self.state / "changes.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def _note(self, step: dict[str, Any]) -> None:
        if self._journal:
            with self._journal.open("a") as file:
                file.write(json.dumps(step) + "\n")

    def _keep(self, seen: Seen) -> None:
        if self.state:
            with (self.state / "requests.jsonl").open("a") as file:
                file.write(log_line(seen) + "\n")


CALLS = ("add", "tell_twins", "edit", "delete", "move", "misbehave", "behave", "settings", "forget")
SETTINGS = ("validators", "chunked", "gzip", "crawl_delay", "robots_extra")
