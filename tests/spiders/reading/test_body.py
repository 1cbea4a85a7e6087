"""Where a story stands on a page of no known maker."""

from __future__ import annotations

import pytest

from spiders.page import Page
from spiders.read import UNKNOWN, read_article, read_raw

ONE = "On Tuesday the board of trustees voted to approve a two-year renovation of the main library, officials said."
TWO = "Construction is expected to begin in May, and students will study in the old gymnasium until it is finished."
THREE = "The college has raised twelve million dollars for the project, most of it from graduates of the last decade."
HEAD = "Trustees Approve Plan for Library Renovation"
TEASER = "Another story of another day, with words enough to look like a paragraph to a reader who only counts them."


def page(inner: str, head: str = f"<title>{HEAD} | Example College</title>") -> Page:
    return Page(
        "https://news.example.edu/story", f"<html lang=en><head>{head}</head><body>{inner}</body></html>".encode()
    )


def body(inner: str, head: str = f"<title>{HEAD} | Example College</title>") -> str:
    return read_article(page(inner, head), UNKNOWN).body


def story(*paragraphs: str) -> str:
    return "".join(f"<p>{one}</p>" for one in paragraphs)


ALL = f"{ONE}\n\n{TWO}\n\n{THREE}"


@pytest.mark.parametrize(
    "inner",
    [
        (
            f"<nav><a href=/>Home</a></nav><main><h1>{HEAD}</h1>{story(ONE, TWO, THREE)}</main><footer>© Example"
            " College</footer>"
        ),
        (
            f"<h1>{HEAD}</h1><div class=text>{story(ONE, TWO, THREE)}</div><div"
            f" class=comments>{story(TEASER * 3, TEASER * 3, TEASER * 3)}</div>"
        ),
        (
            f"<h1>{HEAD}</h1><div class=text>{story(ONE, TWO, THREE)}</div><div"
            f" id=cookie-banner>{story(TEASER * 4, TEASER * 4)}</div>"
        ),
        (
            f"<h1>{HEAD}</h1><div class=text>{story(ONE, TWO, THREE)}<h3>Related</h3><ul><li><a"
            f" href=/1>{TEASER}</a></li><li><a href=/2>{TEASER}</a></li></ul></div>"
        ),
        f"<h1>{HEAD}</h1>"
        + "".join(f"<section class=chunk><div class=rich><p>{one}</p></div></section>" for one in (ONE, TWO, THREE))
        + f"<aside><p>{TEASER}</p></aside>",
        (
            f"<h1>{HEAD}</h1><div class=sidebar-grid__content><div"
            f" class=sidebar-grid__inner>{story(ONE, TWO, THREE)}</div></div>"
        ),
        f"<table><tr><td><a href=/>Home</a><td><b>{HEAD}</b><br>{ONE}<br><br>{TWO}<br><br>{THREE}</table>",
        f"<h1>{HEAD}</h1><div><p>By Jane Roe</p><p>Posted on September 10, 2026</p>{story(ONE, TWO, THREE)}</div>",
        (
            f"<h1>{HEAD}</h1><div>{story(ONE, TWO, THREE)}<figure><img src=/a.jpg><figcaption>The"
            " library.</figcaption></figure></div>"
        ),
        f"<div class=wrap>{story(TEASER)}<h1>{HEAD}</h1>{story(ONE, TWO, THREE)}</div>",
        (
            f"<h1>{HEAD}</h1><div class=text><p>{ONE}</p><p id=the-footer-of-the-page-that-we-all-know>{TWO}</p><p"
            f" style='display:none'>{THREE}</p></div>"
        ),
    ],
    ids=[
        "plain",
        "comments",
        "cookies",
        "related",
        "sections",
        "sidebar-grid",
        "br",
        "facts",
        "caption",
        "teaser-above",
        "odd-paragraphs",
    ],
)
def test_the_story_and_nothing_else(inner: str) -> None:
    assert body(inner) == ALL


def test_linked_words_stay_in_the_sentence() -> None:
    linked = ONE.replace("board of trustees", "<a class=tag href=/t>board of trustees</a>")
    assert ONE in body(f"<h1>{HEAD}</h1><div>{story(linked, TWO, THREE)}</div>")


def test_a_list_of_documents_is_no_list_of_links() -> None:
    inner = (
        f"<h1>{HEAD}</h1><div>{story(ONE, TWO)}<ul><li><a href=/plan.pdf>Renovation plan</a></li><li><a"
        " href=/cost.xlsx>Costs</a></li></ul></div>"
    )
    article = read_article(page(inner), UNKNOWN)
    assert "- Renovation plan\n- Costs" in article.body
    assert [one.filename for one in article.attachments] == ["Renovation plan.pdf", "Costs.xlsx"]


def test_documents_after_the_story_are_its_attachments() -> None:
    inner = (
        f"<div><h1>{HEAD}</h1><div class=con>{story(ONE, TWO, THREE)}</div><div class=fj>Files: <a"
        " href=/plan.pdf>Plan</a></div></div><div class=side><a href=/other.pdf>Other</a></div>"
    )
    assert [one.url for one in read_article(page(inner), UNKNOWN).attachments] == ["https://news.example.edu/plan.pdf"]


def test_lists_tables_and_headings_are_kept_readable() -> None:
    inner = (
        f"<h1>{HEAD}</h1><div>{story(ONE)}<h2>Costs</h2><table><tr><th>Year<th>Sum</tr><tr><td>2026<td>7</tr>"
        f"</table><ul><li>one</li><li>two</li></ul>{story(TWO, THREE)}</div>"
    )
    assert body(inner) == f"{ONE}\n\nCosts\n\nYear | Sum\n2026 | 7\n\n- one\n- two\n\n{TWO}\n\n{THREE}"


def test_a_page_whose_story_is_only_in_its_data() -> None:
    data = (
        f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":"{HEAD}","articleBody":"{ONE}'
        f' {TWO}"}}</script>'
    )
    article = read_article(
        page("<div id=app>Loading the application, please wait until it has been loaded.</div>", data), UNKNOWN
    )
    assert article.body == f"{ONE} {TWO}" and article.confidence < 0.5


def test_confidence_falls_where_the_body_is_lists_and_links() -> None:
    described = f'<title>{HEAD}</title><meta name=description content="{ONE}">'
    links = "".join(f"<p>Short line {n} of a list, <a href=/{n}>and what it leads to</a></p>" for n in range(12))
    sure, less, least = (
        read_raw(page(f"<h1>{HEAD}</h1><div>{story(ONE, TWO, THREE)}{more}</div>", head), UNKNOWN).confidence or 0
        for more, head in (("", described), ("", f"<title>{HEAD}</title>"), (links, f"<title>{HEAD}</title>"))
    )
    assert 1 > sure > less > 0.9 > least > 0


@pytest.mark.parametrize(
    ("head", "inner", "expected"),
    [
        (f"<title>{HEAD} | Example College</title>", f"<h1>Example College</h1><h2>{HEAD}</h2>", HEAD),
        (f"<title>Example</title><meta property=og:title content='{HEAD}'>", "<h1>Example College</h1>", HEAD),
        (f"<title>{HEAD} - Example College</title>", "", HEAD),
        ("<title>学院召开会议_示例学院</title>", "", "学院召开会议"),
        (
            "<title>学院召开新学期教学会议-示例学院</title>",
            "<h1>学院召开新学期教学会议<span>2026-09-18 来源：教务处</span></h1>",
            "学院召开新学期教学会议",
        ),
        (
            (
                f'<title>x</title><script type="application/ld+json">{{"@type":"NewsArticle","headline":"{HEAD} |'
                ' Example","publisher":{"name":"Example"}}</script>'
            ),
            "",
            HEAD,
        ),
        ("<title>Fish &amp;amp; Chips at the Dining Hall</title>", "", "Fish & Chips at the Dining Hall"),
    ],
)
def test_headlines(head: str, inner: str, expected: str) -> None:
    assert read_article(page(inner + story(ONE, TWO, THREE), head), UNKNOWN).title == expected
