"""Stories on several pages, crawled through the command line: one article, the whole text, each page's bytes, and the
same from a rebuild."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive.proof.compare import differences
from tests.crawler.box import Box, unreadable
from tests.crawler.campus import Answer, Campus, campus, html
from tests.crawler.history.test_rebuild import alter

WORDS = {
    1: (
        "The council met on Monday and heard a first report on the flood that closed the library for a week in the"
        " autumn term."
    ),
    2: (
        "Its second report, on the repair of the reading rooms, names the masons, the joiners and what each of them was"
        " paid."
    ),
    3: (
        "The third and last report says when the library will open again and thanks the students who carried the books"
        " upstairs."
    ),
}
EDITED = (
    "Its second report, on the repair of the reading rooms, was withdrawn by the council after a mason had complained"
    " of it."
)
POST, TEXT = "/2026/09/flood/", "/a/xinwen/2026/0918/1234.html"


def wordpress(words: dict[int, str]) -> dict[str, Answer]:
    """A theme's front page and a post with `<!--nextpage-->` in it."""
    pages = {
        "/": html(
            f'<html><body class="blog"><article class="post"><h2 class="entry-title"><a href="{POST}">The library after'
            " the flood</a></h2><time>2026-09-18</time></article></body></html>"
        )
    }
    address = {n: POST if n == 1 else f"{POST}{n}/" for n in words}
    for n, text in words.items():
        links = " ".join(
            (
                f'<a class="post-page-numbers" href="{{host}}{address[m]}">{m}</a>'
                if m != n
                else f'<span class="post-page-numbers current">{m}</span>'
            )
            for m in words
        )
        pages[address[n]] = html(
            f"""<html><head><meta name="generator" content="WordPress 6.5"><link rel="canonical"
              href="{{host}}{address[n]}">
            <meta property="article:published_time" content="2026-09-18T08:00:00+00:00"></head><body><article><h1
              class="entry-title">The library after the flood</h1>
            <div class="entry-content"><p>{text}</p><p><img src="/p{n}.png" alt="Picture {n}"></p><div
              class="page-links">Pages: {links}</div></div></article></body></html>"""
        )
        pages[f"/p{n}.png"] = (200, "image/png", b"\x89PNG\r\n\x1a\n" + bytes([n]))
    return pages


def dedecms(words: dict[int, str]) -> dict[str, Answer]:
    """A column and a text in several pages, {id}.html, {id}_2.html."""
    pages = {
        "/": html(
            f'<html><body><ul class="list"><li><a href="{TEXT}">The library after the flood</a>'
            " <span>2026-09-18</span></li></ul></body></html>"
        )
    }
    address = {n: TEXT if n == 1 else TEXT.replace(".html", f"_{n}.html") for n in words}
    for n, text in words.items():
        links = "".join(
            (
                f"<li><a href='{address[m].rpartition('/')[2]}'>{m}</a></li>"
                if m != n
                else f"<li class='thisclass'><a href='#'>{m}</a></li>"
            )
            for m in words
        )
        pages[address[n]] = html(
            f"""<html><head><title>The library after the flood</title><script src="/templets/default/js/a.js"></script>
            </head><body><div class="viewbox">
            <div class="title"><h2>The library after the flood</h2></div><div class="info">
            <small>时间:</small>2026-09-18 10:00</div>
            <div class="content"><p>{text}</p></div><div class="dede_pages"><ul class="pagelist">{links}</ul></div>
            </div></body></html>"""
        )
    return pages


MAKERS = {"wordpress": (wordpress, POST, POST + "2/"), "dedecms": (dedecms, TEXT, TEXT.replace(".html", "_2.html"))}


@pytest.fixture(params=MAKERS)
def several(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Campus, Box]]:
    with campus("127.0.0.79", MAKERS[request.param][0](WORDS)) as site:
        yield (
            request.param,
            site,
            Box(
                tmp_path / "archive",
                f'[paper]\nname = "Paper"\nfamily = "{request.param}"\nlistings = ["{site.url}/"]\n',
            ),
        )


def whole(words: dict[int, str]) -> str:
    return "\n\n".join(words[n] for n in sorted(words))


def test_one_article_with_the_whole_text(several: tuple[str, Campus, Box], tmp_path: Path) -> None:
    family, site, box = several
    _, address, second = MAKERS[family]
    box.crawl()
    assert box.rows("select url, title, body from articles") == [
        {"url": site.url + address, "title": "The library after the flood", "body": whole(WORDS)}
    ]
    assert box.column("select body from versions") == [whole(WORDS)]
    captures = box.rows("select c.* from parts p join captures c on c.id = p.capture order by p.n")
    assert [row["url"] for row in captures] == box.column("select url from parts order by n")
    assert len(captures) == 3
    assert unreadable(box, captures) == []
    if family == "wordpress":
        assert box.column("select url from images order by n") == [f"{site.url}/p{n}.png" for n in (1, 2, 3)]
        assert box.state(f"{site.url}/p3.png")[0] == "done"
    shown = box.run("show", site.url + address, "--json")
    assert [(part["n"], part["characters"]) for part in json.loads(shown)["parts"]] == [
        (n, len(text)) for n, text in WORDS.items()
    ]

    for form, name in (("sqlite", "out.sqlite"), ("warc", "out.warc.gz")):
        box.run("export", form, str(tmp_path / name))
    with closing(sqlite3.connect(tmp_path / "out.sqlite")) as part:
        assert part.execute("select count(*) from parts p join captures c on c.id = p.capture").fetchall() == [(3,)]
    with (tmp_path / "out.warc.gz").open("rb") as file:
        urls = {
            record.rec_headers.get_header("WARC-Target-URI")
            for record in ArchiveIterator(file)
            if record.rec_type == "response"
        }
    assert {row["url"] for row in captures} <= urls

    box.make_due()
    box.crawl()
    assert site.asked.count(second) == 2, "its pages are looked at again, as the story is"
    assert box.column("select count(*) from versions") == [1]

    site.pages.update(MAKERS[family][0](WORDS | {2: EDITED}))
    box.make_due()
    box.crawl()
    assert box.column("select body from versions order by n") == [whole(WORDS), whole(WORDS | {2: EDITED})]
    assert box.column("select body from articles") == [whole(WORDS | {2: EDITED})]
    old, new = (
        box.column("select p.capture from parts p join versions v on v.id = p.version where v.n = ? order by p.n", n)
        for n in (1, 2)
    )
    assert [a == b for a, b in zip(old, new, strict=True)] == [True, False, True]

    rebuilt = box.folder / "news.db.rebuilding"
    _rebuild(box)
    assert [table for table in differences(box.folder / "news.db", rebuilt) if not table.same] == []

    rebuilt.rename(tmp_path / "sound.db")
    alter(
        box.folder / "news.db",
        "update parts set body = 'as read before', digest = 'x', extractor = '0' where n > 1",
        "update version_rows set body = 'as read before'",
        "update articles set body = 'as read before', word_count = 0",
    )
    _rebuild(box, "--reader-changed", "--yes")
    assert [table for table in differences(tmp_path / "sound.db", box.folder / "news.db") if not table.same] == [], (
        "further pages alone were of an older reader"
    )


def _rebuild(box: Box, *more: str) -> None:
    box.run("rebuild", *more)


@pytest.mark.parametrize("several", ["dedecms"], indirect=True)
def test_a_missing_page_leaves_the_others(several: tuple[str, Campus, Box]) -> None:
    family, site, box = several
    maker, _, second = MAKERS[family]
    del site.pages[second]
    box.crawl()
    assert box.column("select body from articles") == [whole({n: WORDS[n] for n in (1, 3)})]
    assert box.rows("select url, kind from failures") == [{"url": site.url + second, "kind": "http_404"}]
    site.pages.update(maker(WORDS))
    box.make_due()
    box.crawl()
    assert box.column("select body from versions") == [whole(WORDS)]
