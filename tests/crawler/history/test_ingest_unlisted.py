"""`campuswarc ingest` of pages that no recorded listing names: what is taken for a story, and what stays a capture."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.crawler import foreign
from tests.crawler.box import Box
from tests.crawler.foreign import Fetched
from tests.crawler.history.test_ingest import ingest
from tests.crawler.history.test_rebuild import rebuild, unequal

HOST = "http://127.0.0.77"
SITE = f'[paper]\nname = "Paper"\nfamily = "wordpress"\nlistings = ["{HOST}/news/"]\n'
THEN = datetime(2026, 3, 1, tzinfo=UTC)
TEXT = (
    "The trustees met on Tuesday, heard the report of the library's committee and approved the plan to open it on"
    " Sundays. " * 3
)
LISTED = "/2026/02/library-opens-on-sundays/"


def story(title: str, *, dated: bool = True, text: str = TEXT) -> str:
    date = (
        '<time class="entry-date published" datetime="2026-02-03T08:00:00+00:00">3 February 2026</time>'
        if dated
        else ""
    )
    return (
        f'<html><head><title>{title}</title></head><body><article><h1 class="entry-title">{title}</h1>{date}<div'
        f' class="entry-content"><p>{text}</p></div></article></body></html>'
    )


LISTING = (
    f'<html><body class="blog"><article class="post"><h2 class="entry-title"><a href="{LISTED}">Library opens on'
    ' Sundays</a></h2><time class="entry-date" datetime="2026-02-03T08:00:00+00:00">3'
    " February</time></article></body></html>"
)
PAGES = {
    LISTED: story("Library opens on Sundays"),
    "/2025/11/bridge-over-the-river-closed/": story(
        "Bridge over the river closed"
    ),  # as the known story's address looks
    "/2025/11/undated-notes-of-a-reader/": story("Undated notes of a reader", dated=False),
    "/2025/11/a-word-only/": story("A word only", text="Soon."),
    "/about/history/": story("Our history"),
    "/2025/11/": story("Archive of November 2025"),
    "/": story("The Paper"),
}


def recorded(path: Path, *addresses: str, listing: bool) -> Path:
    """A file in which these pages are, and the listing where it is wanted."""
    pages = {address: PAGES[address] for address in addresses or PAGES} | ({"/news/": LISTING} if listing else {})
    path.write_bytes(
        foreign.members(
            foreign.wget_at(
                [
                    Fetched(
                        HOST + address,
                        THEN + timedelta(seconds=n),
                        f"GET {address} HTTP/1.1\r\n\r\n".encode(),
                        b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + html.encode(),
                    )
                    for n, (address, html) in enumerate(pages.items())
                ]
            )
        )
    )
    return path


def titles(box: Box) -> set[str]:
    return set(box.column("select title from articles"))


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path / "archive", SITE)


def test_a_dated_text_at_an_address_like_those_of_known_stories_is_one(box: Box, tmp_path: Path) -> None:
    ingest(box, recorded(tmp_path / "a.warc.gz", listing=True))
    assert titles(box) == {"Library opens on Sundays", "Bridge over the river closed"}
    assert box.column("select count(*) from captures") == [len(PAGES) + 1], "everything else stays a capture"
    assert box.column("select count(*) from failures") == [0]
    assert set(box.column("select url from frontier where kind = 'article'")) == {
        HOST + LISTED,
        f"{HOST}/2025/11/bridge-over-the-river-closed/",
    }
    rebuild(box)
    assert unequal(box.folder / "news.db", box.folder / "news.db.rebuilding") == []


def test_where_no_story_is_known_a_dated_text_is_one_but_the_home_page(box: Box, tmp_path: Path) -> None:
    ingest(box, recorded(tmp_path / "a.warc.gz", listing=False))
    assert titles(box) >= {"Library opens on Sundays", "Bridge over the river closed"}
    assert not titles(box) & {"Undated notes of a reader", "A word only", "The Paper"}


def test_what_listings_name_in_another_file_is_learnt_first(box: Box, tmp_path: Path) -> None:
    """The order in which the files are named makes no difference."""
    stories = recorded(tmp_path / "stories.warc.gz", listing=False)
    listing = recorded(tmp_path / "listing.warc.gz", LISTED, listing=True)
    ingest(box, stories, listing)
    assert titles(box) == {"Library opens on Sundays", "Bridge over the river closed"}


@pytest.mark.parametrize("order", ["requests first", "requests last", "in a file of their own"])
def test_the_answer_to_a_form_is_no_page_wherever_its_request_stands(box: Box, tmp_path: Path, order: str) -> None:
    pages = {"/news/": LISTING, LISTED: PAGES[LISTED], "form": story("Thank you for your vote")}
    responses, requests = [], []
    for n, (address, html) in enumerate(pages.items()):
        verb, address = ("POST", LISTED) if address == "form" else ("GET", address)
        page = Fetched(
            HOST + address,
            THEN + timedelta(days=n),
            f"{verb} {address} HTTP/1.1\r\n\r\n".encode(),
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + html.encode(),
        )
        _, request, response = foreign.wget_at([page])
        requests.append(request)
        responses.append(response)
    files = {
        "requests first": [requests + responses],
        "requests last": [responses + requests],
        "in a file of their own": [responses, requests],
    }[order]
    paths = [tmp_path / f"{n}.warc.gz" for n in range(len(files))]
    for path, records in zip(paths, files, strict=True):
        path.write_bytes(foreign.members(records))
    ingest(box, *paths)
    assert titles(box) == {"Library opens on Sundays"}
    assert box.column("select count(*) from versions") == [1]
    assert box.column("select kind from captures where site = ''") == ["probe"]
    ingest(box, *paths)
    assert titles(box) == {"Library opens on Sundays"}
    rebuild(box)
    assert unequal(box.folder / "news.db", box.folder / "news.db.rebuilding") == []


def test_files_taken_in_one_after_another(box: Box, tmp_path: Path) -> None:
    """What was a mere capture becomes a story when the file comes whose listing names it; so does its document."""
    notes = "/2025/11/undated-notes-of-a-reader/"
    story_ = PAGES[notes].replace("</p></div>", '</p><p><a href="/files/plan.pdf">The plan</a></p></div>')
    recordings = [
        ("/files/plan.pdf", "application/pdf", "%PDF-1.4 and no more"),
        (notes, "text/html", story_),
        ("/news/", "text/html", LISTING.replace(LISTED, notes)),
    ]
    for n, (address, mime, body) in enumerate(recordings):
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {mime}\r\n\r\n"
        page = Fetched(
            HOST + address, THEN + timedelta(days=n), f"GET {address} HTTP/1.1\r\n\r\n".encode(), (head + body).encode()
        )
        file = tmp_path / f"{n}.warc.gz"
        file.write_bytes(foreign.members(foreign.wget_at([page])))
        ingest(box, file)
        assert len(titles(box)) == (n == 2)
    assert titles(box) == {"Undated notes of a reader"}
    assert box.rows("select url, size, capture is not null as held from attachments") == [
        {"url": f"{HOST}/files/plan.pdf", "size": 20, "held": 1}
    ]
    assert box.rows("select distinct kind, state from frontier order by kind") == [
        {"kind": kind, "state": "done"} for kind in ("article", "attachment", "listing")
    ]
    rebuild(box)
    assert unequal(box.folder / "news.db", box.folder / "news.db.rebuilding") == []
