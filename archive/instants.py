"""Times as the archive writes them: UTC, ISO 8601, to the second where nothing finer is meant."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """This instant, UTC."""
    return datetime.now(UTC)


def iso(instant: datetime) -> str:
    """`2023-12-13T01:12:00Z`; microseconds are kept when there are any. A naive time raises ValueError."""
    if instant.tzinfo is None:
        raise ValueError("a time without zone")
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def parse(text: str) -> datetime:
    """The reverse of `iso`; raises ValueError on anything else."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"a time without zone: {text!r}")
    return instant.astimezone(UTC)
