"""The article reader against what persons said of its readings: `make bench-reading REVIEWED=FOLDER`.

What is scored is the reader of this checkout, on the pages as they were; what it read then is beside it.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.doubts import labelled
from archive.store.db import open_reader
from archive.store.rows import Rows
from crawler.history.stored_answers import NoStoredAnswer, visit_of
from spiders import catalogue
from spiders.findings import Story

_WORD = re.compile(r"[\u3400-\u9fff]|\w+")
GOOD = 0.9  # F1 of a body


@dataclass(slots=True)
class Score:
    """Of one quantity."""

    of: int = 0
    then: int = 0  # right when it was looked at
    now: int = 0


def scores(folder: Path) -> tuple[dict[str, Score], list[str]]:
    """How often title, date, authors and body are what a person said; and the pages that cannot be read any more."""
    sites, rows = catalogue.load(folder / "sites.toml"), Rows(open_reader(folder / "news.db"))
    found = {name: Score() for name in ("title", "published", "authors", "body")}
    lost = []
    for one in labelled(rows.db):
        capture, id_ = rows.captures.by_record(one["capture"]), rows.captures.row_of(one["capture"])
        try:
            visit = visit_of(rows, folder / "warc", id_, capture, sites) if capture is not None and id_ else None
        except NoStoredAnswer as problem:
            lost.append(str(problem))
            continue
        if visit is None or not isinstance(visit.reading, Story):
            lost.append(f"{one['url']}: no story any more")
            continue
        article = visit.reading.article
        for name, score in found.items():
            read = list(article.authors) if name == "authors" else getattr(article, name)
            score.of += 1
            score.then += _same(name, one["read"][name], one["right"][name])
            score.now += _same(name, read, one["right"][name])
    return found, lost


def _same(name: str, read: Any, right: Any) -> bool:
    if name != "body":
        return bool(read == right)
    ours, theirs = (Counter(_WORD.findall(text)) for text in (read, right))
    both = (ours & theirs).total()
    return bool(ours == theirs or (both and 2 * both / (ours.total() + theirs.total()) >= GOOD))


def main() -> int:
    """Print the table."""
    found, lost = scores(Path(sys.argv[1]))
    if not any(score.of for score in found.values()):
        print("bench-reading: nobody has judged a reading there yet: campuswarc review")
        return 1
    print(f"{'quantity':12s} {'pages':>6s} {'then':>6s} {'now':>6s}")
    for name, score in found.items():
        print(f"{name:12s} {score.of:6d} {score.then / score.of:6.3f} {score.now / score.of:6.3f}")
    print(*lost, sep="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
