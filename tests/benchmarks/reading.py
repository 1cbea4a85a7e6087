"""The article reader's targets beside trafilatura, page by page in one run: `make bench-reading`.

Pages, gold and metrics are the shared scorer's; without it there is nothing to measure, which is said and is no error.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("CAMPUSWARC_SHARED") or ROOT.parent / "shared")
OURS, PEER = "spiders.read:extract", "trafilatura"
# set, metric, best of the existing tools as the shared README has it, target
TARGETS = (
    ("aeb", "body", 0.970, 0.978),
    ("zhset", "body", 0.922, 0.945),
    ("fundus", "body", 0.948, 0.958),
    ("fundus", "title", 0.798, 0.88),
    ("fundus", "author", 0.84, 0.88),
    ("zhset", "author", 0.303, 0.70),
    ("htmldate", "date", 0.907, 0.915),
    ("zhset", "date", 0.824, 0.95),
    ("fundus", "date", 0.976, 0.988),
)
GOOD = 0.9  # F1 of a body
STEPS = ((0.0, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, 0.95), (0.95, 1.01))  # of confidence
SPEED = 2.5  # times trafilatura with metadata, over all pages that have a body


def scorer() -> ModuleType | None:
    """The shared scorer as a module; None where it is not."""
    path = SHARED / "extraction" / "score.py"
    spec = importlib.util.spec_from_file_location("score", path) if path.exists() else None
    if spec is None or spec.loader is None:
        return None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def value(score: ModuleType, rows: list[dict], metric: str) -> float:
    """Mean of one metric over the pages that have gold for it; body is F1 of mean precision and mean recall."""
    if metric != "body":
        return score.mean(row.get(metric) for row in rows) or 0.0
    p, r = score.mean(row.get("p") for row in rows), score.mean(row.get("r") for row in rows)
    return 2 * p * r / (p + r) if p and r else 0.0


def curve(score: ModuleType, limit: int | None) -> list[str]:
    """How `confidence` fares: the chance that a good body (F1 of .9) has more of it than a bad one, and by steps how
    many are good."""
    from spiders.read import extract

    told: list[tuple[float, bool]] = []
    for name in ("aeb", "zhset", "fundus"):
        for gold, page in score.pages(name, limit):
            found = extract(page, gold.get("url") or "")
            p, r = score.precision_recall(gold["text"], found["text"])
            told.append((found["confidence"], bool(p and r and 2 * p * r / (p + r) >= GOOD)))
    good, bad = ([sure for sure, right in told if right is which] for which in (True, False))
    above = sum((a > b) + (a == b) / 2 for a in good for b in bad)
    lines = [
        f"confidence: AUC {above / max(1, len(good) * len(bad)):.3f} over {len(told)} pages, {len(bad)} of them bad"
    ]
    for low, high in STEPS:
        among = [right for sure, right in told if low <= sure < high]
        share = f"{sum(among) / len(among):.2f}" if among else "-"
        lines.append(f"  {low:.2f} to {min(high, 1):.2f}: {len(among):4d} pages, {share} of them good")
    return lines


def main() -> int:
    """Print the table; 0 also where targets are missed, since it measures and does not judge."""
    score = scorer()
    if score is None:
        print(f"bench-reading: skipped, no scorer in {SHARED / 'extraction'}")
        return 0
    sys.path.insert(0, str(ROOT))
    limit = int(sys.argv[1]) if len(sys.argv) > 1 else None
    results = score.run(["aeb", "zhset", "fundus", "htmldate"], [OURS, PEER], limit)
    print(f"{'quantity':18s} {'best known':>10s} {'trafilatura':>11s} {'campuswarc':>10s} {'target':>7s}")
    for name, metric, best, target in TARGETS:
        ours, peer = (value(score, results[name][spec], metric) for spec in (OURS, PEER))
        print(
            f"{name + ' ' + metric:18s} {best:10.3f} {peer:11.3f} {ours:10.3f} {target:7.3f}"
            f" {'met' if ours >= target else 'missed'}"
        )
    cpu = {
        spec: sum(row["cpu"] for name in ("aeb", "zhset", "fundus") for row in results[name][spec])
        for spec in (OURS, PEER)
    }
    times = cpu[PEER] / cpu[OURS] if cpu[OURS] else 0.0
    print(
        f"{'speed':18s} {'1.00x':>10s} {'1.00x':>11s} {times:9.2f}x {SPEED:6.2f}x"
        f" {'met' if times >= SPEED else 'missed'}"
    )
    print(*curve(score, limit), sep="\n")
    failed = sum(bool(row["error"]) for by_spec in results.values() for row in by_spec[OURS])
    print(f"{sum(len(by_spec[OURS]) for by_spec in results.values())} pages, {failed} of them raised")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
