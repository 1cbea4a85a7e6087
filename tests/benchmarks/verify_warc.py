"""MB of WARC verified a second: `campuswarc verify` against `warcio check`. `python -m tests.benchmarks.verify_warc`"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from archive.proof.verify import verify
from archive.store.store import Archive
from tests.archive.warc.samples import INFO, exchange, only_file
from tests.benchmarks.warc_records import page


def main(pages: int = 2000, passes: int = 3) -> None:
    """Best of several passes, in turn; MB are of the compressed file, warcio's process start taken off."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        archive = Archive(folder, info=INFO)
        for n in range(pages):
            body = page(n)
            archive.record(
                exchange(
                    body,
                    url=f"http://a.example/{n}",
                    response_head=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
                )
            )
        archive.close()
        path = only_file(folder / "warc")
        size = path.stat().st_size / 1e6
        ours = theirs = 0.0
        for _ in range(passes):
            start = perf_counter()
            assert verify(folder).ok
            ours = max(ours, size / (perf_counter() - start))
            start = perf_counter()
            subprocess.run([sys.executable, "-m", "warcio.cli", "-h"], capture_output=True, check=True)
            idle = perf_counter() - start
            start = perf_counter()
            subprocess.run([sys.executable, "-m", "warcio.cli", "check", path], check=True)
            theirs = max(theirs, size / (perf_counter() - start - idle))
        print(f"verified {ours:.0f} MB/s with rows and index, warcio check {theirs:.0f} MB/s: {ours / theirs:.1f}x")


if __name__ == "__main__":
    main()
