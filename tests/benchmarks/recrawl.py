"""Requests and seconds of a recrawl on which nothing has changed: `make bench-recrawl`.

Each program crawls the site once, then again with whatever it has for knowing what is unchanged. Pages are files that
nginx serves with ETag and Last-Modified, as written at the start.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks import archive_folder
from tests.benchmarks.measure import cost, table
from tests.benchmarks.nginx import Nginx
from tests.benchmarks.sites import write

Program = Callable[[str, Path, bool], list[str]]  # listing, folder, whether it is the second time -> command line


def campuswarc(listing: str, folder: Path, again: bool) -> list[str]:
    """Ours: listings are asked conditionally, articles when their time has come."""
    if not again:
        archive_folder.make(folder, archive_folder.sudy("bench", listing))
    return archive_folder.crawl(folder, "--quiet")


def scrapy_cache(listing: str, folder: Path, again: bool) -> list[str]:
    """Scrapy's HttpCache, RFC 2616 policy."""
    return [sys.executable, "-m", "tests.benchmarks.peers.plain_scrapy", listing, str(folder / "cache")]


def wget2(listing: str, folder: Path, again: bool) -> list[str]:
    """wget2 with timestamping."""
    return ["wget2", "-q", "-r", "-l", "inf", "-N", "-P", str(folder), listing]


def wget_dedup(listing: str, folder: Path, again: bool) -> list[str]:
    """wget with WARC and a CDX of the first crawl."""
    known = [f"--warc-dedup={folder}/one.cdx"] if again else []
    return [
        "wget",
        "-nv",
        "-r",
        "-l",
        "inf",
        "-P",
        str(folder / ("two" if again else "one")),
        f"--warc-file={folder}/{'two' if again else 'one'}",
        "--warc-cdx",
        *known,
        listing,
    ]


PROGRAMS: dict[str, Program] = {
    "campuswarc": campuswarc,
    "Scrapy HttpCache RFC2616": scrapy_cache,
    "wget2 -N": wget2,
    "wget --warc-dedup": wget_dedup,
}
NEEDS = {"wget2 -N": "wget2", "wget --warc-dedup": "wget"}


def main() -> None:
    """Crawl twice with each program, print what the second time took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--only", nargs="*", choices=PROGRAMS)
    asked = parser.parse_args()
    rows = []
    with TemporaryDirectory(prefix="bench-recrawl-") as place:
        work = Path(place)
        site = write(work / "www", asked.articles, 40_000)
        with Nginx(work / "www", work / "nginx") as server:
            listing = server.bases[0] + "/1344/list.htm"
            for name in asked.only or PROGRAMS:
                if name in NEEDS and not shutil.which(NEEDS[name]):
                    sys.stdout.write(f"{name}: not installed, left out\n")
                    continue
                folder = work / "run"
                folder.mkdir()
                server.forget()
                cost(PROGRAMS[name](listing, folder, False), folder=archive_folder.ROOT, output=work / "words.txt")
                first = {seen.target for seen in server.requests() if seen.status == 200} - {"/robots.txt"}
                if len(first) != site.pages:
                    sys.stderr.write((work / "words.txt").read_text()[-4000:])
                    raise SystemExit(f"{name} fetched {len(first)} of {site.pages} pages")
                server.forget()
                spent = cost(
                    PROGRAMS[name](listing, folder, True), folder=archive_folder.ROOT, output=work / "words.txt"
                )
                seen = [one for one in server.requests() if one.target != "/robots.txt"]
                unchanged = sum(one.status == 304 for one in seen)
                rows.append(
                    [
                        name,
                        str(len(seen)),
                        str(unchanged),
                        str(len(seen) - unchanged),
                        f"{spent.seconds:.1f}",
                        f"{spent.cpu:.1f}",
                    ]
                )
                shutil.rmtree(folder)
    sys.stdout.write(
        f"recrawl of {site.articles} articles and {site.listings} listing pages, nothing changed (robots.txt not"
        " counted)\n"
    )
    sys.stdout.write(table(["", "requests", "304", "full", "seconds", "CPU s"], rows) + "\n")


if __name__ == "__main__":
    main()
