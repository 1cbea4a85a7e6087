"""`campuswarc merge`: archives of several machines become one."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from tests.college import College
from tests.crawler import foreign
from tests.crawler.box import Box, unreadable
from tests.crawler.history.test_ingest import ingest, verify
from tests.crawler.history.test_rebuild import rebuild, unequal

ARTICLES = "select url, site, kind, title, body, published, section, state from articles order by url"


def merge(box: Box, *others: Path, expect: int = 0) -> str:
    return box.run("merge", *map(str, others), expect=expect)


def test_shards_become_what_one_machine_would_have(tmp_path: Path) -> None:
    with College(["sudy", "wordpress"], scale=0.2) as college:
        one = Box(tmp_path / "one", college.sites_toml())
        one.crawl()
        shards = [Box(tmp_path / name, college.sites_toml(name)) for name in ("sudy", "wordpress")]
        for shard in shards:
            shard.crawl()
        joined = Box(tmp_path / "joined", college.sites_toml())
        words = merge(joined, *(shard.folder for shard in shards))
        assert "conflict" not in words
        assert joined.rows(ARTICLES) == one.rows(ARTICLES)
        captures = joined.rows("select * from captures")
        assert {row["record_id"] for row in captures} == {
            id_ for shard in shards for id_ in shard.column("select record_id from captures")
        }
        assert unreadable(joined, captures) == []
        before = joined.rows("select * from articles order by id"), joined.rows("select * from versions order by id")
        assert "nothing new" in merge(joined, shards[0].folder)
        assert (
            joined.rows("select * from articles order by id"),
            joined.rows("select * from versions order by id"),
        ) == before
        rebuild(joined)
        assert unequal(joined.folder / "news.db", joined.folder / "news.db.rebuilding") == []
        for shard in shards:
            shutil.rmtree(shard.folder)
        assert unreadable(joined, captures) == [], "the files are the archive's own now"
        college.forget()
        joined.crawl()
        assert not [seen for seen in college.requests() if "/page.htm" in seen.target], "no article is fetched again"


# what two crawls of the same sites cannot but differ in: numbers of rows, times, places in files, random ids, pages
# that count their visits
OWN = {
    "id",
    "article",
    "current_version",
    "near_duplicate_of",
    "capture",
    "version",
    "warc",
    "offset",
    "length",
    "record_id",
    "done_at",
    "payload_digest",
    "first_seen",
    "last_seen",
    "seen_from",
    "seen_to",
    "seen",
    "due",
    "fetched_at",
    "at",
    "last_tried",
    "last_ok",
    "last_new",
    "walk",
}
NOT_COMPARED = {
    "run",
    "record_type",
    "refers_to",
}  # runs are those of each archive, and what any site of it had before is a revisit
TABLES = (
    "sites",
    "listings",
    "frontier",
    "captures",
    "articles",
    "version_rows",
    "attachments",
    "images",
    "links",
    "parts",
    "failures",
    "unread",
    "near_queue",
    "near_texts",
)


def all_columns(box: Box) -> dict[str, list[tuple[str, ...]]]:
    """Every row of every table: its own columns only for whether they are there."""
    found = {}
    for table in TABLES:
        rows = box.rows(f"select * from {table}")
        if table == "captures":  # the configurations in force are those of each archive
            rows = [row for row in rows if row["kind"] != "resource"]
        found[table] = sorted(
            tuple(
                str(value is not None) if name in OWN else repr(value)
                for name, value in row.items()
                if name not in NOT_COMPARED
            )
            for row in rows
        )
    return found


def test_four_shards_have_every_row_of_one_crawl_and_their_listings_are_well(tmp_path: Path) -> None:
    names = ["sudy", "wordpress", "vsb", "drupal"]
    with College(names, scale=0.1) as college:
        one = Box(tmp_path / "one", college.sites_toml())
        one.crawl()
        shards = [Box(tmp_path / name, college.sites_toml(name)) for name in names]
        for shard in shards:
            shard.crawl()
        joined = Box(tmp_path / "joined", college.sites_toml())
        assert merge(joined, *(shard.folder for shard in shards)).count("rows taken over") == 4
        for (table, ours), theirs in zip(all_columns(joined).items(), all_columns(one).values(), strict=True):
            assert ours == theirs, table
        assert set(joined.column("select state from listings")) == {"ok"}
        rebuild(joined)
        assert unequal(joined.folder / "news.db", joined.folder / "news.db.rebuilding") == []


def test_a_listing_taken_out_and_put_back_fares_as_it_did(tmp_path: Path) -> None:
    with College(["sudy", "wordpress"], scale=0.1) as college:
        box = Box(tmp_path / "archive", college.sites_toml())
        box.crawl()
        before = box.rows("select url, state, reason, last_ok from listings where site = 'wordpress'")
        for sites in (college.sites_toml("sudy"), college.sites_toml()):
            (box.folder / "sites.toml").write_text(sites)
            box.crawl("sudy")
        assert box.rows("select url, state, reason, last_ok from listings where site = 'wordpress'") == before


def test_the_newest_words_are_the_present_ones_and_the_conflict_is_reported(tmp_path: Path) -> None:
    with College(["sudy"], scale=0.2) as college:
        old, new = Box(tmp_path / "old", college.sites_toml()), Box(tmp_path / "new", college.sites_toml())
        old.crawl()
        url = college.edit(next(row.url for row in college.articles() if row.kind == "article" and row.body))
        new.crawl()
        present = new.rows("select title, body from articles where url = ?", url)
        words = merge(new, old.folder)
        assert f"conflict: {url}: 2 versions of both" in words
        assert new.rows("select title, body from articles where url = ?", url) == present
        assert new.column(
            "select count(*) from versions v join articles a on a.id = v.article where a.url = ?", url
        ) == [2]
        rebuild(new)
        assert unequal(new.folder / "news.db", new.folder / "news.db.rebuilding") == []


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    box = Box(tmp_path / "archive", "")
    (tmp_path / "empty").mkdir()
    assert "no warc/ folder" in merge(box, tmp_path / "empty", expect=1)


def test_run_numbers_that_coincide_stay_those_of_this_archive(tmp_path: Path) -> None:
    """Both archives have runs 1, 2, 3; the other one's go on to 4."""
    with College(["sudy", "wordpress"], scale=0.1) as college:
        here, there = (Box(tmp_path / name, college.sites_toml(name)) for name in ("sudy", "wordpress"))
        for box, count in ((here, 3), (there, 4)):
            for _ in range(count):
                box.crawl("--full")
        college.add("wordpress", 1)
        (here.folder / "sites.toml").write_text(college.sites_toml())
        of_runs = "select r.*, (select count(*) from captures c where c.run = r.id) as captures from runs r order by id"
        before = here.rows(of_runs)
        merge(here, there.folder)
        assert here.rows(of_runs) == before
        assert here.column("select distinct run from captures where warc like 'merged/%'") == [None]
        assert "all is well" in verify(here)
        rebuild(here)
        assert unequal(here.folder / "news.db", here.folder / "news.db.rebuilding") == []
        here.crawl()
        assert here.column("select id from runs order by id") == [1, 2, 3, 4]
        assert here.column("select max(run) from captures") == [4]


def test_verify_of_an_archive_with_everything_in_it(tmp_path: Path) -> None:
    """Files of its own, of another tool and of another archive, which has files of a tool too: whole, and each damage
    found."""
    with College(["sudy", "wordpress"], scale=0.1) as college:
        boxes = [Box(tmp_path / name, college.sites_toml(name)) for name in ("sudy", "wordpress")]
        for n, box in enumerate(boxes):
            urls = [row.url for row in college.articles() if row.kind == "article" and row.body][n : n + 2]
            file = tmp_path / f"{n}.warc.gz"
            file.write_bytes(
                foreign.heritrix([foreign.fetch(url, datetime(2026, 3, 1 + n, tzinfo=UTC)) for url in urls])
            )
            box.crawl()
            ingest(box, file)
        joined = boxes[0]
        (joined.folder / "sites.toml").write_text(college.sites_toml())
        merge(joined, boxes[1].folder)
        assert "all is well" in verify(joined)
        folders = {path.relative_to(joined.folder / "warc").parts[0] for path in joined.warcs()}
        assert {"ingested", "merged"} < folders
        for path in [
            next(path for path in joined.warcs() if path.relative_to(joined.folder / "warc").parts[0] == name)
            for name in sorted(folders)
        ]:
            sound = path.read_bytes()
            path.unlink()  # it may be a link to the other archive's file
            path.write_bytes(
                sound[: len(sound) // 2] + bytes([sound[len(sound) // 2] ^ 1]) + sound[len(sound) // 2 + 1 :]
            )
            assert path.relative_to(joined.folder / "warc").as_posix() in verify(joined, expect=5)
            path.write_bytes(sound)
        assert "all is well" in verify(joined)
