"""Records of 34 KB HTML written a second: ours against warcio as it comes. `python -m tests.benchmarks.warc_records`"""

from __future__ import annotations

import random
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.warc.reader import records
from tests.archive.warc.samples import HEAD, REQUEST, exchange, only_file, writer

WORDS = (
    "学院 新闻 the of 第3届 students research university 招生 campus 通知 <p class='txt'> </p> <a"
    " href='/info/1021/%d.htm'>".split()
)


def page(seed: int) -> bytes:
    """34 KB of words and tags that gzip makes about a quarter of."""
    rnd = random.Random(seed)
    return " ".join(rnd.choice(WORDS) + str(rnd.randrange(10**6)) for _ in range(4000)).encode()[:34_000]


def ours(folder: Path, pages: list[bytes]) -> None:
    """Response, request and four digests each, a commit after every hundred, as the crawl does it."""
    with writer(folder) as warc:
        for n, body in enumerate(pages):
            warc.write(exchange(body))
            if n % 100 == 99:
                warc.commit()


def theirs(folder: Path, pages: list[bytes]) -> None:
    """warcio's defaults: zlib 9, no request, no fsync."""
    headers = [(k, v) for k, _, v in (line.partition(": ") for line in HEAD.decode("latin-1").split("\r\n")[1:-2])]
    with (folder / "warcio.warc.gz").open("wb") as out:
        warc = WARCWriter(out, gzip=True, warc_version="1.1")
        for body in pages:
            http = StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1")
            record = warc.create_warc_record(
                "http://example.edu/", "response", payload=BytesIO(body), http_headers=http
            )
            warc.write_record(record)
            head = StatusAndHeaders("GET / HTTP/1.1", [("Host", "example.edu")], is_http_request=True)
            request = warc.create_warc_record("http://example.edu/", "request", payload=BytesIO(b""), http_headers=head)
            warc.write_record(request)


def main(passes: int = 5) -> None:
    """Best of several passes, in turn, since noise can only slow one down."""
    pages = [page(n) for n in range(600)]
    best = {"ours": 0.0, "warcio": 0.0, "read": 0.0}
    sizes = {}
    for _ in range(passes):
        for name, write in (("ours", ours), ("warcio", theirs)):
            with TemporaryDirectory() as folder:
                start = perf_counter()
                write(Path(folder), pages)
                best[name] = max(best[name], len(pages) / (perf_counter() - start))
                path = only_file(Path(folder))
                sizes[name] = path.stat().st_size
                if name == "ours":
                    start = perf_counter()
                    count = sum(1 for _ in records(path))
                    best["read"] = max(best["read"], count / (perf_counter() - start))
    raw = sum(map(len, pages)) + len(pages) * (len(HEAD) + len(REQUEST))
    print(
        f"pages written a second, response and request: ours {best['ours']:,.0f} (ratio {raw / sizes['ours']:.2f}, with"
        f" fsync), warcio {best['warcio']:,.0f} (ratio {raw / sizes['warcio']:.2f}),"
        f" {best['ours'] / best['warcio']:.1f}x; records read {best['read']:,.0f}/s"
    )


if __name__ == "__main__":
    main()
