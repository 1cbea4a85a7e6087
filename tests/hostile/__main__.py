"""`make hostile`: a line a family with its times and memory at n, 2n and 4n; exit status 1 when one is out of bounds.

`python -m tests.hostile [WORD…]`: only families whose name holds one of the words.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.hostile import documents, guests, pages, queries
from tests.hostile.measure import Cost, Family, measured


def said(family: Family, costs: list[Cost], wrong: str) -> str:
    """A line."""
    seconds = " ".join(f"{one.seconds:6.2f}" for one in costs)
    memory = " ".join(f"{one.bytes >> 20:5d}" for one in costs)
    return f"{seconds} s {memory} MiB  {family.name}: {costs[-1].outcome}" + (f"  WRONG: {wrong}" if wrong else "")


def every(folder: Path) -> Iterator[Family]:
    """Of all kinds."""
    pages.warm()
    yield from pages.families()
    yield from documents.families()
    yield from guests.families()
    yield from queries.families(folder)


def main(wanted: list[str]) -> int:
    """Print them; the exit status."""
    begun, longest, largest, failed, count = time.monotonic(), 0.0, 0, 0, 0
    with TemporaryDirectory(prefix="hostile-") as folder:
        for family in every(Path(folder)):
            if wanted and not any(word in family.name for word in wanted):
                continue
            costs, wrong = measured(family)
            count, failed = count + 1, failed + bool(wrong)
            longest, largest = max(longest, costs[-1].seconds), max(largest, costs[-1].bytes)
            sys.stdout.write(said(family, costs, wrong) + "\n")
            sys.stdout.flush()
    sys.stdout.write(
        f"{count} families in {time.monotonic() - begun:.0f} s: longest {longest:.1f} s of CPU, most memory"
        f" {largest >> 20} MiB, {failed} out of bounds\n"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
