"""A morning without news: CPU and memory of a run over sites on which nothing has changed: `make bench-morning`.

Sites of one story each, on up to a thousand loopback hosts, are crawled once; then every listing is asked again and
answers 304. Measured is the second run, from its start to its end.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks import archive_folder
from tests.benchmarks.measure import cost
from tests.benchmarks.nginx import Nginx
from tests.benchmarks.sites import write

HOSTS = 1000
MOST_CPU, MOST_MB = 6.0, 300  # ms of CPU a site (60 s for 10,000), start and end included; of all processes


def morning(sites: int, work: Path) -> bool:
    """Crawl that many sites twice; prints what the second run cost and says whether it is within the limits."""
    for n in range(sites):
        write(work / "www", 1, 2000, prefix=f"/s{n}", seed=n)
    names = [f"127.4.{n // 250}.{n % 250 + 1}" for n in range(min(sites, HOSTS))]
    with Nginx(work / "www", work / "nginx", names) as server:
        bases = [server.bases[n % len(names)] for n in range(sites)]
        tables = (
            archive_folder.sudy(f"site_{n}", f"{base}/s{n}/1344/list.htm", "interval = 0")
            for n, base in enumerate(bases)
        )
        folder = archive_folder.make(work / "archive", "".join(tables))
        for run in ("first", "second"):
            server.forget()
            spent = cost(archive_folder.crawl(folder, "--quiet"), folder=archive_folder.ROOT, output=work / "words.txt")
            seen = server.requests()
            sys.stdout.write(
                f"{sites:,} sites, {run} run: {len(seen):,} requests, {spent.cpu:.1f} s of CPU"
                f" ({spent.cpu / sites * 1000:.2f} ms a site), {spent.seconds:.1f} s, peak {spent.rss / 1e6:.0f} MB\n"
            )
            sys.stdout.flush()
    asked = [one for one in seen if one.target != "/robots.txt"]
    if spent.status or len(asked) != sites or any(one.status != 304 for one in asked):
        sys.stderr.write((work / "words.txt").read_text()[-4000:])
        raise SystemExit(f"{len(asked)} listings were asked, exit status {spent.status}: this is no such morning")
    return spent.cpu / sites * 1000 <= MOST_CPU and spent.rss / 1e6 <= MOST_MB


def main() -> None:
    """Print the figures; exit 1 when a limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, nargs="+", default=[1000, 10_000])
    kept = []
    for sites in parser.parse_args().sites:
        with TemporaryDirectory(prefix="bench-morning-") as place:
            kept.append(morning(sites, Path(place)))
    sys.stdout.write("within the limits\n" if all(kept) else f"NOT within {MOST_CPU} ms a site and {MOST_MB} MB\n")
    sys.exit(0 if all(kept) else 1)


if __name__ == "__main__":
    main()
