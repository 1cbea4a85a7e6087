"""What a site may cost a day, and how much of the disk has to stay free."""

from __future__ import annotations

import shutil
from collections import namedtuple
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from archive.store.db import open_writer
from crawler.engine import pipelines, session
from crawler.engine.budget import Budget, budget_of
from crawler.engine.extensions import conclude
from crawler.engine.shutdown import NO_ROOM
from crawler.exits import STORAGE
from spiders import catalogue
from spiders.site import Site
from tests.college import College
from tests.crawler.box import Box

AT = datetime(2026, 11, 30, 12, tzinfo=UTC)


def site(more: str) -> Site:
    text = f'[one]\nname = "One"\nfamily = "generic"\nlistings = ["https://one.example.edu/"]\n{more}'
    return catalogue.parse(text, "sites.toml")["one"]


def test_what_the_day_has_seen_of_a_site_counts(tmp_path: Path) -> None:
    db = open_writer(tmp_path / "news.db")
    for run, begun in ((1, "2026-11-29T23:59:00Z"), (2, "2026-11-30T08:00:00Z")):
        db.conn.execute("insert into runs (id, begun) values (?, ?)", [run, begun])
    for n, (of, run, at, size) in enumerate(
        [
            ("one", 1, "2026-11-29T23:59:30Z", 500_000),  # yesterday
            ("one", 1, "2026-11-30T00:00:10Z", 500_000),
            ("one", 1, "2026-11-30T00:01:10Z", 500_000),
            ("one", 2, "2026-11-30T08:00:00Z", 500_000),
            ("one", 2, "2026-11-30T08:02:00Z", 500_000),
            ("two", 2, "2026-11-30T08:02:00Z", 9_000_000),
        ]
    ):
        db.conn.execute(
            "insert into captures (url, site, kind, status, fetched_at, record_type, record_id, warc, offset, length,"
            " run) values ('u', ?, 'article', 200, ?, 'response', ?, 'w', ?, ?, ?)",
            [of, at, str(n), n, size, run],
        )
    budget = budget_of(db, site("pages_a_day = 5\nmb_a_day = 2.5\nminutes_a_day = 3.5"), AT)
    assert (budget.pages, budget.bytes, round(budget.seconds)) == (4, 2_000_000, 180)
    assert budget.spent == ""
    budget.spend(400_000)
    assert budget.spent == "its 5 pages a day are spent"
    assert "2 MB" in budget_of(db, site("mb_a_day = 2"), AT).spent.replace("2.0", "2")
    assert "minutes" in budget_of(db, site("minutes_a_day = 2.9"), AT).spent
    assert budget_of(db, site(""), AT) == Budget(site(""))


@pytest.mark.parametrize("key", ["pages_a_day", "mb_a_day", "minutes_a_day"])
def test_a_budget_below_nothing_is_a_mistake(key: str) -> None:
    with pytest.raises(catalogue.ConfigError, match=f"{key} must not be negative"):
        site(f"{key} = -1")


def test_a_site_costs_no_more_than_its_budget_and_the_next_day_goes_on(tmp_path: Path) -> None:
    with College(["sudy", "wordpress"], scale=0.3) as college:
        text = college.sites_toml().replace("[sudy]", "[sudy]\npages_a_day = 6", 1)
        box = Box(tmp_path / "archive", text)
        words = box.crawl()
        assert "sudy: its 6 pages a day are spent; the rest stays due" in words
        seen = [one.site for one in college.requests() if not one.target.endswith("robots.txt")]
        assert 6 <= seen.count("sudy") < 6 + 4, "what was under way when it was spent comes in"
        assert seen.count("wordpress") > 10, "others go on"
        assert box.column("select count(*) from frontier where site = 'sudy' and due is not null")[0] > 5
        college.forget()
        box.crawl("--all")
        assert not [one for one in college.requests() if one.site == "sudy"], "nor does another run of that day"
        (box.folder / "sites.toml").write_text(college.sites_toml())
        box.crawl()
        assert [one for one in college.requests() if one.site == "sudy"]


def test_a_crawl_does_not_begin_where_the_disk_has_too_little_room(tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free // 1_000_000
    box = Box(tmp_path / "archive", site_text(), storage=f"free_disk_mb = {10 * free + 1000}")
    words = box.crawl(expect=STORAGE)
    assert "MB are free, storage.free_disk_mb wants" in words and " storage says" in words
    assert not (box.folder / "news.db").exists()


def site_text() -> str:
    return '[one]\nname = "One"\nfamily = "generic"\nlistings = ["http://127.0.0.1:9/"]\n'


def test_a_crawl_ends_in_order_when_the_room_has_become_too_little(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = Box(tmp_path / "archive", site_text(), storage="free_disk_mb = 500")
    room = namedtuple("room", "total used free")(10**12, 0, 10**12)  # as shutil makes it
    monkeypatch.setattr(session, "disk_usage", lambda folder: room)
    made = session.Session(session.ArchiveFolder(box.folder), readers=0)
    stopped: list[str] = []
    monkeypatch.setattr(pipelines, "stop", lambda crawler, reason: stopped.append(reason))
    pipeline = pipelines.IntakePipeline.__new__(pipelines.IntakePipeline)
    pipeline.__dict__.update(_crawler=SimpleNamespace(), _session=made)
    monkeypatch.setattr(made.archive, "commit_if_due", lambda: True)
    pipeline._commit()
    assert stopped == []
    room = room._replace(free=10**8)
    pipeline._commit()
    assert stopped == [NO_ROOM]
    made.ending = NO_ROOM
    conclude(made, NO_ROOM)
    assert made.exit_code == STORAGE and "100 MB are free" in made.wrong[0]
    assert box.column("select reason from runs") == [NO_ROOM]
