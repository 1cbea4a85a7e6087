"""The sample archive of the web pages, and a client of it."""

from tests.archive.web.conftest import client, sample

__all__ = ["client", "sample"]
