"""A release, as far as files go: `python deploy/release.py 1.2.0` names what is unreleased in CHANGELOG.md, and the
version in crawler/__init__.py and CITATION.cff. What then remains is to commit and to tag `v1.2.0`."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parent.parent


def release(version: str, day: str, root: Path = ROOT) -> None:
    """Raises ValueError for what is no version, for one that has been released, and where nothing is unreleased."""
    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
        raise ValueError(f"{version} is no version: three numbers are wanted")
    changelog = root / "CHANGELOG.md"
    text = changelog.read_text(encoding="utf-8")
    if f"\n## {version} " in text:
        raise ValueError(f"{version} has been released")
    head, found, rest = text.partition("## Unreleased\n")
    unreleased = rest.partition("\n## ")[0]
    if not found or not unreleased.strip():
        raise ValueError("CHANGELOG.md has nothing under Unreleased")
    edits = {
        changelog: f"{head}## Unreleased\n\n## {version} - {day}\n{rest}",
        root / "crawler" / "__init__.py": _with(
            root / "crawler" / "__init__.py", r'(?m)^__version__ = "[^"]*"', f'__version__ = "{version}"'
        ),
        root / "CITATION.cff": _with(root / "CITATION.cff", r"(?m)^version: .*$", f"version: {version}"),
    }
    for path, edited in edits.items():  # all of them are known to be right before the first is written
        path.write_text(edited, encoding="utf-8")


def _with(path: Path, pattern: str, text: str) -> str:
    edited, times = re.subn(pattern, text, path.read_text(encoding="utf-8"))
    if times != 1:
        raise ValueError(f"{path.name} states no version, or several")
    return edited


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python deploy/release.py VERSION")
    try:
        release(sys.argv[1], datetime.now(UTC).date().isoformat())
    except ValueError as problem:
        sys.exit(str(problem))
