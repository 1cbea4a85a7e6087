"""Pages/s of `campuswarc rebuild`, on one core and on two, beside a loop of warcio and trafilatura: `make
bench-rebuild`.

All read the same WARC file: a crawl of a site on disk. The loop does what an afternoon's script would: it takes the
HTML responses and extracts title, date, author and text; it writes no rows. Ours reads listings too, and writes a
database with its search index. `taskset` holds each program to its cores. The loop is also run twice at once, a core
each: two cores that share memory and clock do not give twice what one gives, and no program can do better than that.
"""

from __future__ import annotations

import argparse
import shlex
import sqlite3
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks import archive_folder
from tests.benchmarks.measure import cost, table
from tests.benchmarks.nginx import Nginx
from tests.benchmarks.sites import write

_LOOP = """
import sys
from warcio.archiveiterator import ArchiveIterator
from trafilatura import bare_extraction
read = 0
for path in sys.argv[1:]:
    with open(path, "rb") as file:
        for record in ArchiveIterator(file):
            if record.rec_type == "response" and "html" in (record.http_headers.get_header("Content-Type") or ""):
                html, url = record.content_stream().read(), record.rec_headers.get_header("WARC-Target-URI")
                bare_extraction(html.decode("utf-8", "replace"), url=url, with_metadata=True)
                read += 1
print(read)
"""


def main() -> None:
    """Crawl once, then read the WARC files with each program; print pages a second."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--size", type=int, default=40_000)
    asked = parser.parse_args()
    rows = []
    with TemporaryDirectory(prefix="bench-rebuild-") as place:
        work = Path(place)
        site = write(work / "www", asked.articles, asked.size)
        folder = work / "archive"
        with Nginx(work / "www", work / "nginx") as server:
            archive_folder.make(folder, archive_folder.sudy("bench", server.bases[0] + "/1344/list.htm"))
            cost(archive_folder.crawl(folder, "--quiet"), folder=archive_folder.ROOT, output=work / "words.txt")
        files = [str(path) for path in sorted((folder / "warc").rglob("*.warc.gz"))]
        with sqlite3.connect(folder / "news.db") as db:
            (articles,) = db.execute("select count(*) from articles").fetchone()
        if articles != site.articles:
            sys.stderr.write((work / "words.txt").read_text()[-4000:])
            raise SystemExit(f"{articles} of {site.articles} articles crawled")
        loop = [sys.executable, "-c", _LOOP, *files]
        rebuild = [*archive_folder.CAMPUSWARC, "-C", str(folder), "rebuild"]
        programs = {
            "warcio + trafilatura, 1 core": ["taskset", "-c", "0", *loop],
            "the same twice, 1 core each": [
                "sh",
                "-c",
                f"taskset -c 0 {shlex.join(loop)} & taskset -c 1 {shlex.join(loop)}; wait",
            ],
            "campuswarc rebuild, 1 core": ["taskset", "-c", "0", *rebuild, "--processes", "0"],
            "campuswarc rebuild, 2 cores": ["taskset", "-c", "0,1", *rebuild, "--processes", "2"],
        }
        for name, program in programs.items():
            for leftover in folder.glob("news.db.rebuilding*"):
                leftover.unlink()
            spent = cost(program, folder=archive_folder.ROOT, output=work / "words.txt")
            if spent.status:
                sys.stderr.write((work / "words.txt").read_text()[-4000:])
                raise SystemExit(f"{name}: exit status {spent.status}")
            pages = site.pages * (2 if "twice" in name else 1)
            rows.append(
                [
                    name,
                    f"{spent.seconds:.1f}",
                    f"{pages / spent.seconds:.0f}",
                    f"{spent.cpu:.1f}",
                    f"{pages / spent.cpu:.0f}",
                ]
            )
    sys.stdout.write(
        f"{site.articles} articles of {asked.size} bytes and {site.listings} listing pages;"
        f" {archive_folder.allocator()}\n"
    )
    sys.stdout.write(table(["", "seconds", "pages/s", "CPU s", "pages/CPU s"], rows) + "\n")


if __name__ == "__main__":
    main()
