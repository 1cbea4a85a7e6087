"""The log file of an archive folder: a line a run and what is wrong, on demand one a request; rotated."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from time import monotonic
from typing import Any

from archive.capture import Exchange
from crawler.config import Log

_NAME = "campuswarc"


class RunLog:
    """What a run tells its log; nothing where there is none."""

    def __init__(self) -> None:
        self._logger: logging.Logger | None = None
        self.requests = False  # whether each request is told

    @contextmanager
    def kept(self, wanted: Log, folder: Path, *, requests: bool = False) -> Iterator[None]:
        """Inside the block lines go into the file; without one those of requests go to stderr. Raises OSError where the
        file cannot be opened."""
        if not wanted.file and not requests:
            yield
            return
        handler: logging.Handler = logging.StreamHandler(sys.stderr)
        if wanted.file:
            path = folder / wanted.file
            path.parent.mkdir(parents=True, exist_ok=True)
            handler = _File(path, maxBytes=int(wanted.size_mb * 1e6), backupCount=wanted.keep, encoding="utf-8")
        handler.setFormatter(_Json() if wanted.format == "json" else _Text())
        others = logging.getLogger() if wanted.file else None  # warnings of the program and its libraries
        logger = logging.getLogger(_NAME)
        logger.propagate = False
        logger.setLevel(logging.INFO)
        logger.addHandler(handler)
        wary = _Wary(handler)
        if others is not None:
            others.addHandler(wary)
        self._logger, self.requests = logger, requests
        try:
            yield
        finally:
            self._logger, self.requests = None, False
            logger.removeHandler(handler)
            if others is not None:
                others.removeHandler(wary)
            handler.close()

    def say(self, what: str, *, wrong: bool = False, **facts: Any) -> None:
        """A line: what happened, and facts that a machine reads."""
        if self._logger is not None:
            self._logger.log(logging.WARNING if wrong else logging.INFO, what, extra={"facts": facts})

    def request(self, site: str, kind: str, url: str, began: float, outcome: Exchange | str) -> None:
        """A line of one request, and of what came of it: an exchange, or why there was none."""
        took = round(monotonic() - began, 3)
        facts: dict[str, Any] = {"site": site, "kind": kind, "url": url, "seconds": took}
        if isinstance(outcome, str):
            self.say("request", wrong=True, **facts, failed=outcome)
        else:
            self.say("request", **facts, status=outcome.status, bytes=len(outcome.body))


class _File(RotatingFileHandler):
    """A log that cannot be written ends no crawl: it is said once."""

    _said = False

    def handleError(self, record: logging.LogRecord) -> None:
        if not self._said:
            self._said = True
            print(f"{self.baseFilename}: cannot be written: {sys.exc_info()[1]}", file=sys.stderr)


class _Wary(logging.Handler):
    """Hands on what other loggers warn of."""

    def __init__(self, to: logging.Handler) -> None:
        super().__init__(logging.WARNING)
        self._to = to

    def emit(self, record: logging.LogRecord) -> None:
        self._to.handle(record)


def _at(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def _said(record: logging.LogRecord) -> str:
    trace = logging.Formatter().formatException(record.exc_info) if record.exc_info else ""
    return "\n".join(part for part in (record.getMessage(), trace) if part)


class _Json(logging.Formatter):
    """One object a line."""

    def format(self, record: logging.LogRecord) -> str:
        facts = getattr(record, "facts", {})
        told = {"at": _at(record), "level": record.levelname.lower(), "said": _said(record)}
        return json.dumps(told | facts, ensure_ascii=False, default=str)


class _Text(logging.Formatter):
    """Time, level, what happened, key=value; line breaks are written as \\n, so that a line is a line."""

    def format(self, record: logging.LogRecord) -> str:
        facts = getattr(record, "facts", {})
        words = [_at(record), record.levelname.lower(), _said(record), *(f"{key}={facts[key]}" for key in facts)]
        return " ".join(words).replace("\r", "\\r").replace("\n", "\\n")
