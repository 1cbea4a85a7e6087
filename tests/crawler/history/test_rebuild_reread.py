"""`campuswarc rebuild --reader-changed` where a story is nothing but a document."""

from __future__ import annotations

from pathlib import Path

from tests.college.files import document
from tests.crawler.box import Box
from tests.crawler.campus import Answer, campus, html
from tests.crawler.history.test_rebuild import alter, columns, rebuild, unequal

LISTED = (
    '<title>News</title><ul class="news_list"><li class="news n1"><span class="news_title"><a'
    ' href="/2026/0301/c1a1/page.htm">The annual report</a></span><span class="news_meta">2026-03-01</span></li></ul>'
)


def page(title: str, name: str) -> Answer:
    """A story whose page shows a title and a link to a document."""
    return html(
        f'<title>{title}</title><div class="article"><h1 class="arti_title">{title}</h1><div'
        f' class="wp_articlecontent"><div class="wp_pdf_player" pdfsrc="/files/{name}.pdf"'
        f" sudyfile-attr=\"{{'title':'{name}.pdf'}}\"></div></div></div>"
    )


def test_an_old_version_that_is_one_document_keeps_that_documents_text(tmp_path: Path) -> None:
    story = "/2026/0301/c1a1/page.htm"
    pages = {
        "/1/list.htm": html(LISTED),
        story: page("The annual report of the college", "first"),
        "/files/first.pdf": (200, "application/pdf", document("pdf", "approved by trustees")),
        "/files/second.pdf": (200, "application/pdf", document("pdf", "withdrew by trustees")),
    }
    with campus("127.0.0.87", pages) as site:
        box = Box(
            tmp_path / "archive",
            f'[one]\nname = "One"\nfamily = "sudy_webplus"\nlistings = ["{site.url}/1/list.htm"]\n',
        )
        box.crawl()
        for title, name in (
            ("The annual report of the college, corrected", "first"),
            ("The annual report of the college, again", "second"),
        ):
            site.pages[story] = page(title, name)
            box.make_due()
            box.crawl()
    live = box.column("select body from versions order by n")
    assert ["approved" in body for body in live] == [True, True, False] and "withdrew" in live[2]
    before = box.rows("select n, title, body, body_html, content_digest from versions order by n")
    alter(box.folder / "news.db", "update version_rows set extractor = '0'")
    rebuild(box, "--reader-changed", "--yes")
    assert box.rows("select n, title, body, body_html, content_digest from versions order by n") == before
    assert columns(box.folder / "news.db", "select 1 from versions where extractor = '0'") == []
    rebuild(box)
    assert unequal(box.folder / "news.db", box.folder / "news.db.rebuilding") == []
