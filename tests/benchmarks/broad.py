"""Many polite hosts at once, and memory of a deep backfill: `make bench-broad`.

300 loopback hosts at one request a second each, in one process: what share of the 300 requests a second that
politeness allows is reached, and does any host see two requests closer together? Then the peak memory of a backfill
of 10,000 pages beside one of 100,000.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks import archive_folder
from tests.benchmarks.measure import Cost, cost
from tests.benchmarks.nginx import Nginx, Request
from tests.benchmarks.sites import write

LEAST_SHARE, MOST_GROWTH, MOST_MB = 0.95, 1.2, 400  # what the project promises
TOLERANCE = 0.25  # seconds two requests may seem to come closer: the server notes when it answered, on a busy machine


def broad(hosts: int, seconds: int, delay: float, work: Path) -> bool:
    """Crawl `hosts` hosts for `seconds`; prints and says whether the promises hold."""
    write(work / "www", round(seconds / delay) + 20, 4000)
    names = [f"127.3.{n // 250}.{n % 250 + 1}" for n in range(hosts)]
    with Nginx(work / "www", work / "nginx", names) as server:
        sites = "".join(
            archive_folder.sudy(f"site_{n}", f"{base}/1344/list.htm") for n, base in enumerate(server.bases)
        )
        folder = archive_folder.make(work / "archive", sites, delay=delay)
        spent = cost(
            archive_folder.crawl(folder, "--quiet", "--max-minutes", str((seconds + 8) / 60)),
            folder=archive_folder.ROOT,
            output=work / "words.txt",
        )
        seen = sorted(server.requests())
    if not seen:
        sys.stderr.write((work / "words.txt").read_text()[-4000:])
        raise SystemExit(f"nothing was asked, exit status {spent.status}")
    allowed = hosts / delay
    inside = [one for one in seen if one.at < seen[0].at + seconds]
    share = len(inside) / seconds / allowed
    least = least_gap(inside)
    sys.stdout.write(
        f"{hosts} hosts, one request every {delay:g} s each: {len(inside) / seconds:.0f} of {allowed:.0f} requests/s"
        f" ({share:.1%}), least pause at one host {least:.3f} s, {spent.cpu / len(seen) * 1000:.2f} CPU ms a request,"
        f" peak {spent.rss / 1e6:.0f} MB\n"
    )
    return share >= LEAST_SHARE and least >= delay - TOLERANCE


def least_gap(seen: list[Request]) -> float:
    """Shortest time between two requests to one host, in seconds."""
    times: dict[str, list[float]] = defaultdict(list)
    for one in seen:
        times[one.host].append(one.at)
    return min((b - a for some in times.values() for a, b in itertools.pairwise(some)), default=float("inf"))


def backfill(pages: int, work: Path) -> Cost:
    """One crawl of a site of that many small pages."""
    place = work / str(pages)
    site = write(place / "www", pages, 2000, per_page=100)
    with Nginx(place / "www", place / "nginx") as server:
        folder = archive_folder.make(place / "archive", archive_folder.sudy("deep", f"{server.bases[0]}/1344/list.htm"))
        spent = cost(archive_folder.crawl(folder, "--quiet"), folder=archive_folder.ROOT, output=work / "words.txt")
        fetched = {one.target for one in server.requests() if one.status == 200}
    if len(fetched) < site.pages:
        sys.stderr.write((work / "words.txt").read_text()[-4000:])
        raise SystemExit(f"the backfill fetched {len(fetched)} of {site.pages} pages, exit status {spent.status}")
    sys.stdout.write(
        f"backfill of {pages} pages: {pages / spent.seconds:.0f} pages/s, {spent.cpu / pages * 1000:.2f} CPU ms a page,"
        f" peak {spent.rss / 1e6:.0f} MB\n"
    )
    sys.stdout.flush()
    return spent


def main() -> None:
    """Print each figure; exit 1 when a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hosts", type=int, default=300)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--delay", type=float, default=1.0)
    parser.add_argument(
        "--pages", type=int, nargs="*", default=[10_000, 100_000], help="sizes of the backfills; none = leave them out"
    )
    asked = parser.parse_args()
    with TemporaryDirectory(prefix="bench-broad-") as place:
        kept = broad(asked.hosts, asked.seconds, asked.delay, Path(place)) if asked.hosts else True
        peaks = [backfill(pages, Path(place)).rss for pages in asked.pages]
    if len(peaks) > 1:
        growth = peaks[-1] / peaks[0]
        sys.stdout.write(f"memory grows {growth:.2f}x from {asked.pages[0]} to {asked.pages[-1]} pages\n")
        kept = kept and growth <= MOST_GROWTH
    kept = kept and all(peak <= MOST_MB * 1e6 for peak in peaks)
    sys.stdout.write(
        "as promised\n" if kept else f"NOT as promised (share {LEAST_SHARE:.0%}, growth {MOST_GROWTH}x, {MOST_MB} MB)\n"
    )
    sys.exit(0 if kept else 1)


if __name__ == "__main__":
    main()
