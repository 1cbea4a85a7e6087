"""A crawl repeats what an ingest or a merge before it has brought: `rebuild` reads none of it before that step was
taken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.archive_folder import ArchiveFolder
from crawler.history import row_builder
from crawler.history.ingest import Order
from crawler.history.rebuild import build
from crawler.history.row_builder import RowBuilder
from crawler.history.steps import Step
from crawler.intake.visit import Schedule
from spiders import catalogue
from tests.college import College
from tests.crawler import foreign
from tests.crawler.box import Box
from tests.crawler.foreign import fetch
from tests.crawler.history.test_ingest import ingest
from tests.crawler.history.test_merge import merge
from tests.crawler.history.test_rebuild import rebuild, unequal

HOUR_AGO = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)


def by_ingest(box: Box, other: Box, place: Path) -> None:
    """Everything that was crawled there, listings too, recorded by another tool."""
    urls = other.column("select distinct url from captures where kind != 'robots' order by id")
    file = place / "guest.warc.gz"
    file.write_bytes(foreign.heritrix([fetch(url, HOUR_AGO + timedelta(seconds=n)) for n, url in enumerate(urls)]))
    ingest(box, file)


def by_merge(box: Box, other: Box, place: Path) -> None:
    merge(box, other.folder)


@pytest.mark.parametrize("bring", [by_ingest, by_merge])
def test_what_a_crawl_repeats_of_what_was_brought_is_read_after_it(
    tmp_path: Path, bring: Callable[[Box, Box, Path], None]
) -> None:
    with College(["sudy", "wordpress"], scale=0.2) as college:
        other = Box(tmp_path / "other", college.sites_toml())
        other.crawl("--quiet")
        box = Box(tmp_path / "archive", college.sites_toml())
        bring(box, other, tmp_path)
        box.crawl("--full", "--quiet")
        box.make_due()
        box.crawl("--full", "--quiet")
        repeated = (
            "select count(*) from captures r join captures o on o.record_id = r.refers_to where r.record_type ="
            " 'revisit' and r.kind = ? and (o.warc like 'ingested/%' or o.warc like 'merged/%')"
        )
        assert box.column(repeated, "listing")[0] > 0, "a listing stands as it was brought"
        read_last = "select url, last_tried, last_ok from listings order by url"
        live = box.rows(read_last)
        rebuild(box, "--yes")
        assert unequal(next(box.folder.glob("news.db.*.old")), box.folder / "news.db") == []
        assert box.rows(read_last) == live


def test_a_rebuild_that_is_taken_up_again_knows_what_every_file_came_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with College(["sudy"], scale=0.2) as college:
        box = Box(tmp_path / "archive", college.sites_toml())
        box.crawl("--quiet")
        for n, url in enumerate(box.column("select url from captures where kind = 'article' order by id limit 2")):
            file = tmp_path / f"guest{n}.warc.gz"
            file.write_bytes(foreign.heritrix([fetch(url, HOUR_AGO)]))
            ingest(box, file)
    home, known = ArchiveFolder(box.folder), list[dict[str, str]]()
    monkeypatch.setattr(row_builder, "_COMMIT_EVERY", 1)
    take = RowBuilder._ingest

    async def killed_at_the_second(builder: RowBuilder, order: Order, step: Step) -> None:
        if builder._arrivals.came:
            raise InterruptedError
        await take(builder, order, step)

    async def told(builder: RowBuilder, order: Order, step: Step) -> None:
        await take(builder, order, step)
        known.append(dict(builder._arrivals.came))

    monkeypatch.setattr(RowBuilder, "_ingest", killed_at_the_second)
    with pytest.raises(InterruptedError):
        build(home, catalogue.load(home.sites), Schedule(), processes=1)
    monkeypatch.setattr(RowBuilder, "_ingest", told)
    assert build(home, catalogue.load(home.sites), Schedule(), processes=1).resumed
    assert [len(came) for came in known] == [2], "one order was left, and what the other said was not forgotten"
