"""A morning without news: CPU and memory of a run over sites on which nothing has changed: `make bench-morning`.

Sites of one story each, on up to a thousand loopback hosts, are crawled once; then every listing is asked again and
answers 304. Measured is the second run, from its start to its end. A tenth of the sites has hosts of its own that are
well at first; in a third run these refuse, never answer, or answer late (`unwell`), which is to change nothing for the
others.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks import archive_folder
from tests.benchmarks.measure import Cost, cost
from tests.benchmarks.nginx import Nginx, Request
from tests.benchmarks.sites import write
from tests.benchmarks.unwell import Unwell

HOSTS = 1000
UNWELL = 10  # one site in as many
MOST_CPU, MOST_MB = 6.0, 300  # ms of CPU a site (60 s for 10,000), start and end included; of all processes
_BROKEN = 3  # exit status where sites need a person


def morning(sites: int, work: Path) -> bool:
    """Crawl that many sites three times; prints what the runs cost and says whether they are within the limits."""
    for n in range(sites):
        write(work / "www", 1, 2000, prefix=f"/s{n}", seed=n)
    ill = range(0, sites, UNWELL)
    names = [f"127.4.{n // 250}.{n % 250 + 1}" for n in range(min(sites, HOSTS))]
    own = [f"127.5.{n // 250}.{n % 250 + 1}" for n in range(len(ill))]
    with Nginx(work / "www", work / "nginx", names) as server:
        with Nginx(work / "www", work / "nginx-of-the-unwell", own) as theirs:
            bases = [theirs.bases[n // UNWELL] if n in ill else server.bases[n % len(names)] for n in range(sites)]
            tables = (
                archive_folder.sudy(f"site_{n}", f"{base}/s{n}/1344/list.htm", "interval = 0")
                for n, base in enumerate(bases)
            )
            folder = archive_folder.make(work / "archive", "".join(tables))
            _crawl("first run", folder, sites)
            server.forget()
            theirs.forget()
            well = _crawl("second run", folder, sites)
            _asked([*server.requests(), *theirs.requests()], sites)
        server.forget()
        with Unwell(theirs.port, own):
            some = _crawl(f"third run, {len(ill):,} of them dead or slow", folder, sites, ok=(0, _BROKEN))
        _asked(server.requests(), sites - len(ill))
        found = _told(folder)
        if strangers := found - {f"site_{n}" for n in ill}:
            raise SystemExit(f"{len(strangers)} sites are said to be broken and are well: {sorted(strangers)[:5]}")
        sys.stdout.write(f"  {len(found):,} are told of, none of the others\n")
    return all(one.cpu / sites * 1000 <= MOST_CPU and one.rss / 1e6 <= MOST_MB for one in (well, some))


def _crawl(name: str, folder: Path, sites: int, ok: Sequence[int] = (0,)) -> Cost:
    words = folder.parent / "words.txt"
    spent = cost(archive_folder.crawl(folder, "--quiet"), folder=archive_folder.ROOT, output=words)
    sys.stdout.write(
        f"{sites:,} sites, {name}: {spent.cpu:.1f} s of CPU ({spent.cpu / sites * 1000:.2f} ms a site),"
        f" {spent.seconds:.1f} s, peak {spent.rss / 1e6:.0f} MB\n"
    )
    sys.stdout.flush()
    if spent.status not in ok:
        sys.stderr.write(words.read_text()[-4000:])
        raise SystemExit(f"exit status {spent.status}")
    return spent


def _asked(seen: Sequence[Request], sites: int) -> None:
    """Every listing once, and nothing of it was new."""
    asked = [one for one in seen if one.target != "/robots.txt"]
    at = sorted(one.at for one in asked)
    if len(asked) != sites or any(one.status != 304 for one in asked):
        raise SystemExit(f"{len(asked)} listings were asked: this is no such morning")
    sys.stdout.write(f"  {len(asked):,} listings answered within {at[-1] - at[0]:.1f} s\n")


def _told(folder: Path) -> set[str]:
    """The sites with which something is wrong."""
    command = [*archive_folder.CAMPUSWARC, "-C", str(folder), "status", "--broken", "--json"]
    said = subprocess.run(command, cwd=archive_folder.ROOT, capture_output=True, text=True, check=False).stdout
    return {json.loads(line)["site"] for line in said.splitlines()}


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
