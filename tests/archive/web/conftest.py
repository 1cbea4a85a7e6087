"""The sample archive, made once, and a client that asks the application without a network."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


class Client:
    """Asks an ASGI application, redirects not followed but those of articles; a lifespan is not needed for reading."""

    def __init__(self, app: Any) -> None:
        self.app = app

    def get(self, path: str, **options: Any) -> Any:
        return self.ask("GET", path, **options)

    def ask(self, method: str, path: str, **options: Any) -> Any:
        answer = self.once(method, path, **options)
        while "/article/" in path and answer.status_code in (301, 302):
            answer = self.once(method, answer.headers["location"], **options)
        return answer

    def once(self, method: str, path: str, **options: Any) -> Any:
        async def ask() -> Any:
            import httpx

            async with httpx.AsyncClient(
                transport=httpx.ASGITransport(app=self.app), base_url="http://archive.test"
            ) as client:
                return await client.request(method, path, **options)

        return asyncio.run(ask())


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The sample archive; tests only read it."""
    pytest.importorskip("datasette", reason="the web extra is not installed: pip install 'campuswarc[web]'")
    from tests.archive.web.sample import Sample

    yield Sample(tmp_path_factory.mktemp("web") / "archive").build()


@pytest.fixture(scope="session")
def client(sample: Any) -> Client:
    """A client of the sample archive."""
    return client_of(sample.folder)


def client_of(folder: Path, **options: Any) -> Client:
    """A client of any archive folder."""
    from archive.web import server

    return Client(server.application(folder / "news.db", folder / "warc", **options))
