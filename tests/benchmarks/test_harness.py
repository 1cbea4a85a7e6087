"""The benchmarks measure what they say."""

from __future__ import annotations

import sys
from pathlib import Path

from lxml.html import parse

from tests.benchmarks.broad import least_gap
from tests.benchmarks.crawl import report
from tests.benchmarks.measure import Cost, cost
from tests.benchmarks.nginx import Request
from tests.benchmarks.sites import write


def test_cost_counts_children_and_memory(tmp_path: Path) -> None:
    child = "x = bytearray(60_000_000); sum(range(3_000_000))"
    spent = cost(
        [
            sys.executable,
            "-c",
            f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}]); sys.exit(7)",
        ],
        folder=tmp_path,
    )
    assert spent.status == 7
    assert spent.cpu > 0.02
    assert spent.rss > 60_000_000


def test_site_on_disk_is_linked_through_and_of_the_size_asked_for(tmp_path: Path) -> None:
    site = write(tmp_path, 30, 40_000)
    assert (site.articles, site.listings, site.pages) == (30, 3, 33)
    listing, found = tmp_path / "1344/list.htm", []
    while True:
        tree = parse(listing)
        found += [tmp_path / str(href).lstrip("/") for href in tree.xpath("//*[@id='wp_news_w6']//a/@href")]
        onward = str(tree.xpath("//a[@class='next']/@href")[0])
        if not onward.startswith("/"):
            break
        listing = tmp_path / onward.lstrip("/")
    assert len(set(found)) == 30
    assert all(38_000 < path.stat().st_size < 42_000 for path in found)


def test_least_gap_is_per_host() -> None:
    seen = [
        Request(1.0, 200, "GET", "a", "/"),
        Request(1.1, 200, "GET", "b", "/"),
        Request(2.0, 200, "GET", "a", "/x"),
        Request(2.05, 200, "GET", "b", "/x"),
    ]
    assert round(least_gap(seen), 3) == 0.95


def test_report_gives_ratios_to_the_first() -> None:
    text = report({"plain": [Cost(10, 5, 100_000_000, 0)], "ours": [Cost(5, 10, 150_000_000, 0)]}, pages=1000)
    assert text.splitlines()[2].split() == ["ours", "200", "2.00x", "10.00", "2.00x", "150", "1.50x"]
