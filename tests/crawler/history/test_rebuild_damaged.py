"""`rebuild` over what it is for: a news.db that is damaged, empty, or all that is left of an archive."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.photos.likeness import CannotCompare, beside, photos
from archive.store.db import open_reader
from crawler.cli import main
from tests.college import College
from tests.crawler.box import Box
from tests.crawler.history.test_rebuild import unequal

PAGE = 4096
READING = [
    ["status"],
    ["search", "学院"],
    ["search", "--facets", "x"],
    ["verify"],
    ["verify", "--quick"],
    ["verify", "--sample", "5"],
    ["diff", "--gone"],
    ["export", "jsonl", "out"],
    ["export", "sqlite", "out2"],
    ["crawl"],
    ["migrate"],
]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    with College(["sudy", "wordpress"], scale=0.2) as college:
        box = Box(tmp_path_factory.mktemp("crawled") / "archive", college.sites_toml())
        box.crawl("--quiet")
        with sqlite3.connect(box.folder / "news.db") as db:
            db.execute("pragma wal_checkpoint(truncate)")
        db.close()
    yield box


@pytest.fixture
def folder(crawled: Box, tmp_path: Path) -> Path:
    return Path(shutil.copytree(crawled.folder, tmp_path / "archive"))


def call(folder: Path, *words: str) -> Result:
    done = CliRunner().invoke(main, ["-C", str(folder), *words])
    assert done.exception is None or isinstance(done.exception, SystemExit), f"{words}: {done.exception!r}"
    return done


def rebuild(folder: Path, *words: str) -> Result:
    return call(folder, "rebuild", "--processes", "0", *words)


def over(path: Path, places: list[int], data: bytes) -> None:
    with path.open("r+b") as file:
        for place in places:
            file.seek(place)
            file.write(data)


def header(path: Path) -> None:
    over(path, [0], b"X" * 16)


def every_fifth_page(path: Path) -> None:
    over(path, [page * PAGE for page in range(3, path.stat().st_size // PAGE, 5)], b"\xff" * PAGE)


def cut(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def zeros(path: Path) -> None:
    over(path, [page * PAGE for page in range(2, path.stat().st_size // PAGE, 3)], bytes(PAGE))


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def another(path: Path) -> None:
    """A database of somebody else."""
    path.unlink()
    with sqlite3.connect(path) as db:
        db.execute("create table notes (text)")
    db.close()


def column_gone(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("alter table captures rename column record_id to id_of_record")
    db.close()


def definition(path: Path) -> None:
    """SQLite quotes what it cannot parse, and that is no UTF-8."""
    data = path.read_bytes()
    path.write_bytes(data.replace(b"CREATE TABLE", b"CREATE \xf5ABLE", 1))
    assert path.read_bytes() != data


DAMAGES = [header, every_fifth_page, cut, zeros, emptied, another, column_gone, definition]


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_damaged_database_is_named_kept_and_replaced(
    crawled: Box, folder: Path, damage: Callable[[Path], None]
) -> None:
    damage(folder / "news.db")
    damaged = (folder / "news.db").read_bytes()
    first = rebuild(folder)
    assert first.exit_code == 5 and "cannot be compared" in first.output and "equal" not in first.output, first.output
    assert (folder / "news.db").read_bytes() == damaged, "nobody has said yes"
    done = rebuild(folder, "--yes")
    assert done.exit_code == 0 and "cannot be compared" in done.output and "equal" not in done.output, done.output
    (old,) = folder.glob("news.db.*.old")
    assert old.read_bytes() == damaged
    assert unequal(crawled.folder / "news.db", folder / "news.db") == []
    assert call(folder, "verify").exit_code == 0
    assert rebuild(folder).output.count("equal to news.db") == 1


@pytest.mark.parametrize("seed", range(12))
def test_flipped_bits_end_no_command_in_a_traceback_and_are_rebuilt(crawled: Box, folder: Path, seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray((folder / "news.db").read_bytes())
    for _ in range(40 * 4 ** (seed % 4)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    (folder / "news.db").write_bytes(data)
    for words in READING:
        if words != ["crawl"]:  # in a process of its own elsewhere
            asked = [str(folder / word) if word.startswith("out") else word for word in words]
            done = call(folder, *asked)
            assert done.exit_code in (0, 1, 3, 5), f"{words}: {done.exit_code} {done.output[-500:]}"
    done = rebuild(folder, "--yes")
    if done.exit_code == 1:  # a bit in a WARC file's name: no such file is there, and it wants to be told
        assert "much may be missing: 1 WARC files" in done.output, done.output
        done = rebuild(folder, "--yes", "--smaller")
    assert done.exit_code == 0, done.output
    assert unequal(crawled.folder / "news.db", folder / "news.db") == []
    assert call(folder, "verify").exit_code == 0


@pytest.mark.parametrize(
    ("column", "words"), [("search_folds.character", ["search", "学院"]), ("articles.title", ["diff", "--gone"])]
)
def test_text_that_is_no_text_is_damage(folder: Path, column: str, words: list[str]) -> None:
    """A bit flipped in a letter: SQLite does not mind, Python cannot read it."""
    table, _, name = column.partition(".")
    with sqlite3.connect(folder / "news.db") as db:
        db.execute(f"update {table} set {name} = cast({name} || x'f5' as text)")
        if table == "articles":
            db.execute("update articles set state = 'gone'")
    db.close()
    done = call(folder, *words)
    assert done.exit_code == 5 and "UTF-8" in done.output and "campuswarc rebuild" in done.output, done.output
    assert len(done.output.splitlines()) == 1


@pytest.mark.parametrize("words", READING, ids=" ".join)
@pytest.mark.parametrize("damage", [header, every_fifth_page, definition])
def test_each_command_says_it_in_one_sentence(folder: Path, damage: Callable[[Path], None], words: list[str]) -> None:
    damage(folder / "news.db")
    done = call(folder, *[str(folder / word) if word.startswith("out") else word for word in words])
    if words == ["migrate"] and damage is every_fifth_page:
        return  # what it looks at may be whole
    assert done.exit_code == 5, done.output
    if words[0] != "verify":
        assert len(done.output.splitlines()) == 1, done.output
    assert "campuswarc rebuild" in done.output


@pytest.mark.parametrize("damage", [header, cut, definition, another])
def test_a_damaged_journal_of_watches_is_named_and_news_db_is_not(folder: Path, damage: Callable[[Path], None]) -> None:
    assert call(folder, "watch", "add", "exams", "学院").exit_code == 0
    damage(folder / "watches.db")
    words = (
        [["watch", "list"]]
        if damage is another
        else [["watch", "list"], ["watch", "run"], ["watch", "remove", "exams"]]
    )
    for asked in words[:1] if damage is another else words:  # whoever writes adds what is missing
        done = call(folder, *asked)
        assert done.exit_code == 5 and len(done.output.splitlines()) == 1, done.output
        assert "watches.db: " in done.output and "move it away" in done.output, done.output
    url = "http://campus.example/"
    done = call(folder, "withhold", url, "--reason", "asked for", "--until", "2027-01-01")
    assert done.exit_code == (0 if damage is another else 5) and "news.db" not in done.output, done.output
    assert call(folder, "search", "学院").exit_code == 0
    (folder / "watches.db").unlink()
    assert call(folder, "watch", "run").exit_code == 0


@pytest.mark.parametrize("damage", [header, cut, definition])
def test_damaged_hashes_of_pictures_are_made_again(folder: Path, damage: Callable[[Path], None]) -> None:
    pytest.importorskip("pdqhash")
    first = call(folder, "pictures", "--json")
    damage(folder / "pictures.db")
    damaged = (folder / "pictures.db").read_bytes()
    with closing(open_reader(folder / "news.db")) as db:
        assert beside(db, folder / "pictures.db", 1) == [], "its page is shown without"
        with pytest.raises(CannotCompare, match="campuswarc pictures"):
            photos(db, folder / "pictures.db")
    assert (folder / "pictures.db").read_bytes() == damaged
    again = call(folder, "pictures", "--json")
    assert (again.exit_code, json.loads(again.stdout)) == (0, json.loads(first.output))
    assert again.stderr.startswith("pictures.db was damaged"), again.stderr


def test_a_database_that_is_damaged_and_has_a_log_is_kept_with_it(folder: Path) -> None:
    with sqlite3.connect(folder / "news.db") as db:
        db.execute("update articles set title = 'not folded yet'")
        db.commit()
        log = (folder / "news.db-wal").read_bytes()
    db.close()
    header(folder / "news.db")
    (folder / "news.db-wal").write_bytes(log)
    assert rebuild(folder, "--yes").exit_code == 0
    (old,) = folder.glob("news.db.*.old")
    assert b"not folded yet" in old.with_name(old.name + "-wal").read_bytes() == log
    assert not (folder / "news.db-wal").exists()


def hide(folder: Path) -> None:
    (folder / "warc").rename(folder / "elsewhere")


def unmount(folder: Path) -> None:
    hide(folder)
    (folder / "warc").mkdir()


def lose_one(folder: Path) -> None:
    next(path for path in (folder / "warc").rglob("*.warc.gz")).rename(folder / "lost.warc.gz")


def empty_one(folder: Path) -> None:
    next(path for path in (folder / "warc").rglob("*.warc.gz")).write_bytes(b"")


@pytest.mark.parametrize("also", [None, header], ids=["sound", "damaged"])
@pytest.mark.parametrize("loss", [hide, unmount, lose_one, empty_one])
def test_a_much_smaller_archive_is_not_put_in_place_unless_told_so(
    folder: Path, loss: Callable[[Path], None], also: Callable[[Path], None] | None
) -> None:
    if also is not None and loss is empty_one:
        pytest.skip("nothing is left that says what there was")
    loss(folder)
    if also is not None:
        also(folder / "news.db")
    before = (folder / "news.db").read_bytes()
    refused = rebuild(folder, "--yes")
    assert refused.exit_code == 1 and "--smaller" in refused.output, refused.output
    assert (folder / "news.db").read_bytes() == before and not list(folder.glob("news.db.*.old"))
    told = rebuild(folder, "--yes", "--smaller")
    assert told.exit_code in (0, 5) and "is new" in told.output, told.output


def test_what_was_sealed_and_is_missing_is_missed_though_the_database_says_nothing(folder: Path) -> None:
    assert call(folder, "seal").exit_code == 0
    (sealed,) = (folder / "warc").rglob("*.warc.gz")
    sealed.rename(folder / "warc" / "another.warc.gz")
    header(folder / "news.db")
    refused = rebuild(folder, "--yes")
    assert refused.exit_code == 1 and "--smaller" in refused.output, refused.output


def test_old_databases_are_named_with_their_size_and_bounded(folder: Path) -> None:
    for n in range(5):
        (folder / f"news.db.2020010{n}T000000Z.old").write_bytes(bytes(1_500_000))
    (folder / "news.db.20200100T000000Z.old-wal").write_bytes(b"")
    said = call(folder, "status").output
    assert said.count("1.5 MB: what a rebuild has replaced") == 5
    assert rebuild(folder, "--yes", "--keep", "2").exit_code == 0
    kept = sorted(path.name for path in folder.glob("news.db.*.old*"))
    assert len(kept) == 2 and kept[0] == "news.db.20200104T000000Z.old", kept
    assert rebuild(folder, "--yes", "--keep", "0").exit_code == 0
    assert list(folder.glob("news.db.*.old*")) == []


@pytest.mark.parametrize("damage", [header, every_fifth_page, emptied])
def test_a_rebuild_whose_new_database_was_damaged_meanwhile_begins_anew(
    crawled: Box, folder: Path, damage: Callable[[Path], None]
) -> None:
    assert rebuild(folder).exit_code == 0
    damage(folder / "news.db.rebuilding")
    done = rebuild(folder, "--yes")
    if done.exit_code:  # only its checks have found it
        assert "rebuild once more" in done.output, done.output
        done = rebuild(folder, "--yes")
    assert done.exit_code == 0, done.output
    assert unequal(crawled.folder / "news.db", folder / "news.db") == []


def test_only_some_sites_are_not_rebuilt_in_a_copy_of_what_is_damaged(folder: Path) -> None:
    header(folder / "news.db")
    done = rebuild(folder, "--yes", "--only", "sudy")
    assert done.exit_code == 5 and "campuswarc rebuild" in done.output and len(done.output.splitlines()) == 1, (
        done.output
    )


def test_json_of_verify_is_whole_where_the_database_is_malformed(folder: Path) -> None:
    every_fifth_page(folder / "news.db")
    done = call(folder, "verify", "--json")
    found = json.loads(done.stdout)
    assert done.exit_code == 5 and {finding["kind"] for finding in found["findings"]} >= {"database"}
    assert found["records"] > 0, "the WARC files are looked at all the same"
