"""Speed, CPU and memory of a whole crawl, beside plain Scrapy, an afternoon's work and wget: `make bench-crawl`.

One site of 2,000 articles of 40 KB and its listing pages, served by nginx on loopback, no delays. The programs run in
alternation, so that the noise of the machine falls on all of them; each figure is the median of the rounds.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks import archive_folder
from tests.benchmarks.measure import Cost, cost, table
from tests.benchmarks.nginx import Nginx
from tests.benchmarks.sites import write

PYTHON = sys.executable
Program = Callable[[str, Path], list[str]]  # listing and an empty folder -> command line


def plain(listing: str, folder: Path) -> list[str]:
    """Plain Scrapy."""
    return [PYTHON, "-m", "tests.benchmarks.peers.plain_scrapy", listing]


def afternoon(listing: str, folder: Path) -> list[str]:
    """The afternoon version."""
    return [PYTHON, "-m", "tests.benchmarks.peers.afternoon", listing, str(folder)]


def wget(listing: str, folder: Path) -> list[str]:
    """wget, which keeps a WARC and reads nothing."""
    return ["wget", "-nv", "-r", "-l", "inf", "-P", str(folder), f"--warc-file={folder}/wget", listing]


def campuswarc(listing: str, folder: Path) -> list[str]:
    """Ours: records, fsync, read, rows, index."""
    archive_folder.make(folder, archive_folder.sudy("bench", listing))
    return archive_folder.crawl(folder, "--quiet")


PROGRAMS: dict[str, Program] = {
    "plain Scrapy": plain,
    "afternoon": afternoon,
    "wget --warc-file": wget,
    "campuswarc": campuswarc,
}


def main() -> None:
    """Run the rounds and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--kilobytes", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="*", choices=PROGRAMS, help="some of the programs")
    asked = parser.parse_args()
    chosen = {
        name: PROGRAMS[name] for name in asked.only or PROGRAMS if name != "wget --warc-file" or shutil.which("wget")
    }
    if importlib.util.find_spec("crawler.commands.crawl") is None:
        chosen.pop("campuswarc", None)
    costs: dict[str, list[Cost]] = {name: [] for name in chosen}
    with TemporaryDirectory(prefix="bench-crawl-") as place:
        work = Path(place)
        site = write(work / "www", asked.articles, asked.kilobytes * 1000)
        with Nginx(work / "www", work / "nginx") as server:
            for round_ in range(1, asked.rounds + 1):
                for name, program in chosen.items():
                    costs[name].append(one(name, program, server, site.pages, work))
                    sys.stdout.write(f"round {round_}  {name:18} {site.pages / costs[name][-1].seconds:7.0f} pages/s\n")
                    sys.stdout.flush()
    sys.stdout.write(
        f"\n{site.articles} articles of {asked.kilobytes} KB, {site.listings} listing pages, median of {asked.rounds}"
        f" rounds; {archive_folder.allocator()}\n{report(costs, site.pages)}\n"
    )


def one(name: str, program: Program, server: Nginx, pages: int, work: Path) -> Cost:
    """Cost of one run. Ends the benchmark when the program did not fetch every page: its speed would mean nothing."""
    folder = work / "run"
    folder.mkdir()
    server.forget()
    # what the program before has written and removed is not this one's to wait for: it may be the only one that does
    os.sync()
    spent = cost(
        program(server.bases[0] + "/1344/list.htm", folder), folder=archive_folder.ROOT, output=work / "words.txt"
    )
    fetched = {seen.target for seen in server.requests() if seen.status == 200 and seen.target != "/robots.txt"}
    shutil.rmtree(folder)
    if len(fetched) != pages:
        sys.stderr.write((work / "words.txt").read_text()[-4000:])
        raise SystemExit(f"{name} fetched {len(fetched)} of {pages} pages, exit status {spent.status}")
    return spent


def report(costs: dict[str, list[Cost]], pages: int) -> str:
    """The table, with ratios to the first program."""
    middles = {name: Cost.middle(some) for name, some in costs.items()}
    first = next(iter(middles.values()))
    rows = [
        [
            name,
            f"{pages / c.seconds:.0f}",
            f"{first.seconds / c.seconds:.2f}x",
            f"{c.cpu / pages * 1000:.2f}",
            f"{c.cpu / first.cpu:.2f}x",
            f"{c.rss / 1e6:.0f}",
            f"{c.rss / first.rss:.2f}x",
        ]
        for name, c in middles.items()
    ]
    return table(["", "pages/s", "ratio", "CPU ms/page", "ratio", "peak MB", "ratio"], rows)


if __name__ == "__main__":
    main()
