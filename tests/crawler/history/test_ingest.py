"""`campuswarc ingest`: what other tools recorded of the sample college gives the articles of our own crawl."""

from __future__ import annotations

import gzip
import http.client
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from crawler.cli import main
from tests.college import College
from tests.crawler.box import Box
from tests.crawler.commands.test_verify_command import call
from tests.crawler.history.test_rebuild import rebuild, unequal
from tests.crawler.stories import differing
from tests.patience import PATIENCE

# a story that is one PDF in a player script has its body from the PDF, which no recorder without a browser finds
WRITTEN = (
    "select url, site, kind, title, iif(exists (select 1 from attachments t where t.article = a.id and t.embedded), '',"
    " body) as body, published, section, byline from articles a order by url"
)
ARTICLES = "select url, site, kind, title, body, published, section, byline from articles order by url"


def ingest(box: Box, *more: str | Path, expect: int = 0) -> str:
    return box.run("ingest", *map(str, more), expect=expect)


def verify(box: Box, expect: int = 0) -> str:
    done = call(box.folder)
    assert done.exit_code == expect, done.output
    return done.output


@pytest.fixture(scope="module")
def college() -> Iterator[College]:
    with College(["sudy", "wordpress"], scale=0.3) as college:
        yield college


@pytest.fixture(scope="module")
def crawled(college: College, tmp_path_factory: pytest.TempPathFactory) -> Box:
    box = Box(tmp_path_factory.mktemp("ingest") / "crawled", college.sites_toml())
    box.crawl()
    return box


@pytest.fixture(scope="module")
def by_wget(college: College, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recursive recording by wget."""
    if not shutil.which("wget"):
        pytest.skip("wget is not installed")
    folder = tmp_path_factory.mktemp("wget")
    starts = [row.listing for row in college.articles()]
    hosts = ",".join({urlsplit(url).hostname or "" for url in starts})
    done = subprocess.run(
        [
            "wget",
            "-q",
            "-r",
            "-l",
            "inf",
            "-p",
            "-D",
            hosts,
            "-H",
            "-e",
            "robots=off",
            f"--warc-file={folder}/rec",
            "-P",
            str(folder / "tree"),
            *sorted(set(starts)),
        ],
        capture_output=True,
        timeout=PATIENCE,
        env={"PATH": "/usr/bin:/bin", "no_proxy": "*"},
    )
    assert done.returncode in (0, 8), done.stderr[-2000:]  # 8: some address answered 404
    return folder / "rec.warc.gz"


def test_wget_gives_the_articles_of_our_own_crawl(
    college: College, crawled: Box, by_wget: Path, tmp_path: Path
) -> None:
    box = Box(tmp_path / "archive", college.sites_toml())
    words = ingest(box, by_wget)
    assert "captures" in words
    assert box.rows(WRITTEN) == crawled.rows(WRITTEN)
    embedded = tuple(
        crawled.column("select a.url from articles a join attachments t on t.article = a.id where t.embedded")
    )
    assert embedded
    assert [line for line in differing(crawled, box) if not line.startswith(embedded)] == []
    assert box.column("select count(*) from attachments where capture is not null")[0] > 0
    before = (
        box.rows("select * from articles order by id"),
        box.rows("select * from versions order by id"),
        box.rows("select * from captures order by id"),
    )
    assert "known already" in ingest(box, by_wget)
    assert (
        box.rows("select * from articles order by id"),
        box.rows("select * from versions order by id"),
        box.rows("select * from captures order by id"),
    ) == before
    rebuild(box)
    assert unequal(box.folder / "news.db", box.folder / "news.db.rebuilding") == []
    college.forget()
    box.crawl()
    assert not [seen for seen in college.requests() if "/page.htm" in seen.target], "no article is fetched again"
    assert box.rows(ARTICLES) == crawled.rows(ARTICLES)


def test_in_place_the_file_stays_where_it_is(college: College, crawled: Box, by_wget: Path, tmp_path: Path) -> None:
    box = Box(tmp_path / "archive", college.sites_toml())
    kept = tmp_path / "elsewhere.warc.gz"
    shutil.copy(by_wget, kept)
    ingest(box, "--in-place", kept, "--site", "sudy", "--other", "skip")
    (link,) = (box.folder / "warc" / "ingested").iterdir()
    assert link.is_symlink() and link.resolve() == kept.resolve()
    assert set(box.column("select distinct site from captures where warc like 'ingested/%'")) == {"sudy"}
    assert box.rows(WRITTEN) == [row for row in crawled.rows(WRITTEN) if row["site"] == "sudy"]
    rebuild(box)
    assert unequal(box.folder / "news.db", box.folder / "news.db.rebuilding") == []
    (box.folder / "news.db.rebuilding").unlink()
    assert "looked at: all is well" in verify(box)
    sound = kept.read_bytes()
    kept.write_bytes(sound[:-9] + bytes([sound[-9] ^ 1]) + sound[-8:])
    assert f"ingested/{link.name}" in verify(box, expect=5), "a file that was left where it is is verified there"
    kept.unlink()
    words = rebuild(box, expect=5)
    assert f"ingested/{link.name} is missing" in words


def test_what_capture_http_wrote(college: College, crawled: Box, tmp_path: Path) -> None:
    program = (
        "import http.client, sys\nfrom urllib.parse import urlsplit\nfrom warcio.capture_http import"
        " capture_http\nimport http.client\nwith capture_http(sys.argv[1]):\n    for url in sys.stdin.read().split():\n"
        "        parts = urlsplit(url)\n        c = http.client.HTTPConnection(parts.hostname, parts.port);"
        " c.request('GET', parts._replace(scheme='', netloc='').geturl()); c.getresponse().read(); c.close()\n"
    )
    recording = tmp_path / "recorded.warc.gz"
    urls = [
        row["url"]
        for row in crawled.rows("select url from captures where kind != 'robots' and status = 200 order by id desc")
    ]
    subprocess.run(
        [sys.executable, "-c", program, str(recording)], input="\n".join(urls), text=True, check=True, timeout=PATIENCE
    )
    box = Box(tmp_path / "archive", college.sites_toml())
    ingest(box, recording)
    assert box.rows(ARTICLES) == crawled.rows(ARTICLES), "although each article was recorded before its listing"


def test_other_formats_and_what_is_none(college: College, crawled: Box, by_wget: Path, tmp_path: Path) -> None:
    whole = tmp_path / "one-member.warc.gz"
    whole.write_bytes(gzip.compress(gzip.decompress(by_wget.read_bytes())))
    wacz = tmp_path / "pages.wacz"
    with zipfile.ZipFile(wacz, "w", zipfile.ZIP_STORED) as out:
        out.write(by_wget, "archive/data.warc.gz")
        out.writestr("../../escaped", "hostile")
    arc = tmp_path / "old.arc"
    url = next(row.url for row in college.articles("wordpress") if row.kind == "article" and row.body)
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
    connection.request("GET", parts.path)
    reply = connection.getresponse()
    body = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + reply.read()
    head = b"1 0 InternetArchive\nURL IP-address Archive-date Content-type Archive-length\n\n"
    arc.write_bytes(
        b"filedesc://old.arc 0.0.0.0 20240101000000 text/plain %d\n" % len(head)
        + head
        + b"\n%s 127.0.0.1 20250930000000 text/html %d\n" % (url.encode(), len(body))
        + body
        + b"\n"
    )
    for file in (whole, wacz):
        box = Box(tmp_path / file.stem, college.sites_toml())
        ingest(box, file)
        assert box.rows(WRITTEN) == crawled.rows(WRITTEN), file
    box = Box(tmp_path / "arc", college.sites_toml())
    ingest(box, arc)
    assert "known already" in ingest(box, arc)
    assert [(row["url"], row["title"]) for row in box.rows(ARTICLES)] == [
        (row["url"], row["title"]) for row in crawled.rows(ARTICLES) if row["url"] == url
    ]
    nothing = tmp_path / "nothing.warc.gz"
    nothing.write_bytes(b"this is no archive at all")
    assert "neither WARC nor ARC" in ingest(box, nothing, expect=1)
    assert [path.name for path in (box.folder / "warc" / "ingested").iterdir() if path.suffix == ".part"] == []


def test_damage_is_located_and_the_rest_is_taken(college: College, crawled: Box, by_wget: Path, tmp_path: Path) -> None:
    box = Box(tmp_path / "archive", college.sites_toml())
    ingest(box, by_wget)
    victim = box.rows(
        "select c.* from captures c join versions v on v.capture = c.id where c.kind = 'article' order by c.id limit 1"
    )[0]
    data = bytearray(by_wget.read_bytes())
    data[victim["offset"] + 30 : victim["offset"] + 90] = bytes(60)
    damaged = tmp_path / "damaged.warc.gz"
    damaged.write_bytes(data)
    other = Box(tmp_path / "other", college.sites_toml())
    words = ingest(other, damaged, expect=5)
    assert f"offset {victim['offset']}: " in words
    assert len(other.rows(ARTICLES)) == len(crawled.rows(ARTICLES)) - 1


def test_exports_of_a_crawl_verify_clean_where_they_are_taken_in(
    college: College, crawled: Box, tmp_path: Path
) -> None:
    """What the records say of our own crawl (who led there, in which run) is of that archive, and not of this one."""
    for kind, name in (("warc", "out.warc.gz"), ("wacz", "out.wacz"), ("bagit", "out")):
        out = tmp_path / name
        done = CliRunner().invoke(main, ["-C", str(crawled.folder), "export", kind, str(out)])
        assert done.exit_code == 0, done.output
        box = Box(tmp_path / f"archive {kind}", college.sites_toml())
        ingest(box, *(sorted(out.rglob("*.warc.gz")) if out.is_dir() else [out]))
        assert box.column("select count(*) from articles where body != ''")[0] > 0
        assert "all is well" in verify(box)
        rebuild(box)
        assert unequal(box.folder / "news.db", box.folder / "news.db.rebuilding") == []
