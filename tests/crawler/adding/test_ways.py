"""Ways to page 2 that no link shows: tried by `add`, written where the proof holds, walked by a crawl to the end."""

from __future__ import annotations

import json
import sqlite3
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crawler.archive_folder import ArchiveFolder
from crawler.cli import main
from spiders import catalogue
from tests import forked
from tests.crawler.campus import Answer, campus, html

CONFIG = (
    '[operator]\ncontact = "https://archive.example.org/"\n[politeness]\ndelay = 0.0\n[crawl]\nallow_loopback = true\n'
)
ROOT = Path(__file__).parents[3]
ROWS, ALL = 8, 21


@pytest.fixture
def home(tmp_path: Path) -> ArchiveFolder:
    made = ArchiveFolder(tmp_path)
    made.config.write_text(CONFIG)
    made.sites.write_text("")
    return made


def title(n: int) -> str:
    return f"Rangers counted {n + 40} herons on the lower marsh this week"


def day(n: int) -> str:
    return f"{2026 - n // 9}-{11 - n % 9:02}-{25 - n % 9:02}"


def row(n: int) -> str:
    return f"<li class='entry'><a href='/n/{n + 500}-herons-on-the-marsh'>{title(n)}</a> <span>{day(n)}</span></li>"


def rows(first: int, last: int) -> str:
    return f"<ul class='entries'>{''.join(row(n) for n in range(first, min(last, ALL)))}</ul>"


def records(first: int, last: int) -> list[dict[str, str]]:
    return [
        {"headline": title(n), "link": f"/n/{n + 500}-herons-on-the-marsh", "date": day(n)}
        for n in range(first, min(last, ALL))
    ]


def data(value: object) -> Answer:
    return 200, "application/json", json.dumps(value).encode()


def stories() -> dict[str, Answer]:
    made = {}
    for n in range(ALL):
        words = f"<p>{title(n)}, more than in any year since the weir was mended, the college said.</p>" * 5
        text = f"<article><h1>{title(n)}</h1><time datetime='{day(n)}'>{day(n)}</time>{words}</article>"
        made[f"/n/{n + 500}-herons-on-the-marsh"] = html(f"<html><title>{title(n)}</title><body>{text}</body></html>")
    return made


def pages(answer: str, made: object, first: int = 2) -> dict[str, Answer]:
    """Pages 2 and 3 and, behind them, one without rows; `answer` is their address, `made` gives what they are."""
    assert callable(made)
    return {answer.format(n): made((n + 1 - first) * ROWS, (n + 2 - first) * ROWS) for n in range(first, first + 3)}


def listing(rest: str, first: int = ROWS) -> Answer:
    return html(f"<html><title>News</title><body><h1>News</h1>{rows(0, first)}{rest}</body></html>")


def bare(first: int, last: int) -> Answer:
    return html(f"<html><title>News</title><body><h1>News</h1>{rows(first, last)}</body></html>")


def months() -> dict[str, Answer]:
    """One page a month, chosen from a drop-down; one of them, as in a summer, without news."""
    begins = {"2026-11": 0, "2026-10": 7, "2026-09": ALL, "2026-08": 14}  # its first row, seven a month

    def page(here: str) -> Answer:
        options = "".join(f"<option value='{one}'{' selected' * (one == here)}>{one}</option>" for one in begins)
        form = f"<form action='/news'><select name='month' onchange='this.form.submit()'>{options}</select></form>"
        shown = rows(begins[here], begins[here] + 7)
        return html(f"<html><title>News</title><body><h1>News</h1>{form}{shown}</body></html>")

    return {f"/news?month={one}": page(one) for one in begins} | {"/news": page("2026-11")}


def cursors() -> dict[str, Answer]:
    """A button that names its first cursor; each answer names the next, the last one none."""
    at = {"aZ9": (8, "bY8"), "bY8": (16, None)}
    more = "<button class='load-more' data-url='/api/rows?after=aZ9'>Load more</button>"
    return {"/news": listing(more)} | {
        f"/api/rows?after={one}": data({"rows": records(begin, begin + ROWS), "paging": {"next_cursor": behind}})
        for one, (begin, behind) in at.items()
    }


def board(call: str, first: int = 0, last: int = ROWS) -> Answer:
    """A page whose numbers fill the form in and send it; `call` is what they call."""
    here, all_ = first // ROWS + 1, -(-ALL // ROWS)
    numbers = (
        f"<a href='javascript:{call.format(n)}'>{n}</a>" if n != here else f"<strong>{n}</strong>"
        for n in range(1, all_ + 1)
    )
    form = (
        "<form name='f' method='post' action='/news'><input type='hidden' name='bbs' value='7'><input type='hidden'"
        f" name='pageIndex' value='{here}'></form><div class='paging'>{' '.join(numbers)}</div>"
    )
    return html(f"<html><title>News</title><body><h1>News</h1>{rows(first, last)}{form}</body></html>")


WAYS: dict[str, tuple[dict[str, Answer], str]] = {
    # pages -> the pager written
    "a button that names an address": (
        {
            "/news": listing("<button class='load-more' data-url='/api/rows?kind=3'>Load more</button>"),
            **pages("/api/rows?kind=3&page={}", lambda a, b: data({"rows": records(a, b)})),
        },
        "/api/rows?kind=3&page={2}",
    ),
    "a script that counts rows": (
        {
            "/news": listing(
                "<button onclick='more()'>Load more</button><script>fetch(`/rows?offset=${seen}`)</script>"
            ),
            **{f"/rows?offset={n}": html(rows(n, n + ROWS)) for n in range(ROWS, ALL + ROWS, ROWS)},
        },
        "/rows?offset={8+8}",
    ),
    "HTML in a string of JSON": (
        {
            "/news": listing(
                "<a href='#' class='load-more'>Load more</a>"
                "<script>$.get('/more', {page: page, unit: 'marsh'}, function (got) { add(got.html) })</script>"
            ),
            **pages("/more?unit=marsh&page={}", lambda a, b: data({"html": rows(a, b), "left": ALL - b})),
        },
        "/more?unit=marsh&page={2}",
    ),
    "a form that is posted, by numbers that say so": (
        {"/news": board("turn({})"), **pages("POST /news {}", partial(board, "turn({})"))},
        "",  # its links lead on: nothing is to be guessed
    ),
    "a form that is posted, by a script that is not seen, and answers a GET": (
        {"/news": board("turn({}, 7)"), **pages("/news?bbs=7&pageIndex={}", partial(board, "turn({}, 7)"))},
        "/news?bbs=7&pageIndex={2}",
    ),
    "numbers that only a script follows": (
        {
            "/news": listing("<div class='paging'><b>1</b> <a href='javascript:go(2)'>2</a></div>"),
            **pages("/news?page={}", bare),
        },
        "/news?page={2}",
    ),
    "months of a drop-down": (months(), "/news?month={}"),
    "cursors": (cursors(), "/api/rows?after={}"),
}


def add(home: ArchiveFolder, url: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(home.folder), "add", url, "--yes", "--id", "x"])


def command(home: ArchiveFolder, *words: str) -> None:
    done = forked.run(["-C", str(home.folder), *words])
    assert done.returncode == 0, done.stderr


def kept(home: ArchiveFolder) -> dict[str, list[tuple[object, ...]]]:
    with sqlite3.connect(home.database) as db:
        return {
            "articles": db.execute("select url, title, published from articles order by url").fetchall(),
            "listings": db.execute("select url, unfollowed, pages from listings order by url").fetchall(),
            "failures": db.execute("select kind, detail from failures").fetchall(),
        }


@pytest.mark.parametrize("name", WAYS)
def test_a_way_that_holds_is_written_walked_and_rebuilt(name: str, home: ArchiveFolder) -> None:
    made, pager = WAYS[name]
    with campus("127.0.28.3", made | stories()) as server:
        result = add(home, f"{server.url}/news")
        assert result.exit_code == 0, result.output
        assert [seed.pager.removeprefix(server.url) for seed in catalogue.load(home.sites)["x"].listings] == [pager]
        command(home, "crawl")
        assert CliRunner().invoke(main, ["-C", str(home.folder), "check", "x"]).exit_code == 0
    live = kept(home)
    assert len(live["articles"]) == ALL
    assert {row[2][:10] for row in live["articles"]} == {day(n) for n in range(ALL)}  # type: ignore[index]
    assert live["failures"] == [] and [row[1] for row in live["listings"]] == [None]
    command(home, "rebuild", "--yes")
    assert kept(home) == live


@pytest.mark.parametrize("behind", ["the last page again", "404"])
def test_what_lies_behind_the_last_page_is_no_failure(behind: str, home: ArchiveFolder) -> None:
    made = {
        "/news": listing("<div class='paging'><b>1</b> <a href='javascript:go(2)'>2</a></div>"),
        "/news?page=2": bare(8, 16),
        "/news?page=3": bare(16, 24),
    }
    if behind != "404":
        made["/news?page=4"] = made["/news?page=3"]
    with campus("127.0.28.4", made | stories()) as server:
        assert add(home, f"{server.url}/news").exit_code == 0
        command(home, "crawl")
    live = kept(home)
    assert len(live["articles"]) == ALL and live["failures"] == []
    command(home, "rebuild", "--yes")
    assert kept(home) == live


def test_page_2_that_vanishes_is_a_failure(home: ArchiveFolder) -> None:
    made = {
        "/news": listing("<div class='paging'><b>1</b> <a href='javascript:go(2)'>2</a></div>"),
        "/news?page=2": bare(8, 16),
        **stories(),
    }
    with campus("127.0.28.5", made) as server:
        assert add(home, f"{server.url}/news").exit_code == 0
        del server.pages["/news?page=2"]
        forked.run(["-C", str(home.folder), "crawl"])
    assert [kind for kind, _ in kept(home)["failures"]] == ["http_404"]


@pytest.mark.parametrize(
    ("said", "second"),
    [("the same rows", bare(0, 8)), ("staff", html("<ul>" + "".join(
        f"<li><a href='/staff/people/{n}/'>Lecturer number {n} of the department of herons</a></li>" for n in range(9)
    ) + "</ul>"))],
)  # fmt: skip
def test_a_way_that_does_not_hold_is_known_to_be_missing(said: str, second: Answer, home: ArchiveFolder) -> None:
    made = {
        "/news": listing("<div class='paging'><b>1</b> <a href='javascript:go(2)'>2</a></div>"),
        "/news?page=2": second,
        **stories(),
    }
    with campus("127.0.28.6", made) as server:
        result = add(home, f"{server.url}/news")
    assert result.exit_code == 3 and "pager = " not in result.output, said
