"""'There is more, and I cannot follow': what says so, in words of many sites, and what does not."""

from datetime import UTC, datetime

import pytest

from spiders.facts import Listing
from spiders.page import Page
from spiders.read import read_listing
from spiders.site import ListingSeed, Site

AT = datetime(2026, 11, 30, tzinfo=UTC)
LIST = "https://www.example.edu/news/"
SITE = Site(
    id="e", name="E", family="generic", timezone="UTC", listings=(ListingSeed(url=LIST),), hosts=("www.example.edu",)
)
MORE = {
    "numbers a script follows": (
        '<div class="paging"><strong>1</strong><a href="javascript:fn_list(2)">2</a><a'
        ' href="javascript:fn_list(3)">3</a></div>'
    ),
    "numbers by a function that two forms may be sent by": (
        '<form method="post"><input type="hidden" name="page"></form><form method="post"><input type="hidden"'
        ' name="pageNo"></form><div class="paging"><strong>1</strong><a href="javascript:go(2)">2</a></div>'
    ),
    "numbers by onclick": (
        '<ul class="pages"><li class="on">1</li><li onclick="x"><a href="#" onclick="goto_page(2); return'
        ' false;">2</a></li></ul>'
    ),
    "a word by onclick": '<p class="bottom_pages"><a href="#none" onclick="movePage(\'2\')">다음</a></p>',
    "a word in a pager": '<div class="pager"><a href="#">Siguiente</a></div>',
    "a post of the page's form": (
        """<table><tr><td><span>1</span></td><td>"""
        """<a href="javascript:__doPostBack('ctl00$list','Page$2')">2</a></td></tr>"""
        "</table>"
    ),
    "a button": '<button type="button">Mehr anzeigen</button>',
    "an input": '<input type="button" value="加载更多">',
    "a link that is a button": '<a class="btn" role="button">もっと見る</a>',
    "a class": '<div class="load-more"></div>',
    "endless scrolling": '<div class="infinite-scroll-trigger"></div>',
    "an attribute": '<div data-next-page="/api/news?p=2"></div>',
    "an attribute with a count": '<div id="feed" data-total-pages="14"></div>',
    "laypage": "<script>layui.use('laypage', function(l){l.render({elem:'p', count: 153, limit: 10})})</script>",
    "jqPaginator": "<script>$('#p').jqPaginator({totalPages: 31, currentPage: 1})</script>",
    "pagination(": "<script>$('.m-pages').pagination({pageCount: 12, callback: load})</script>",
    "a script that counts pages": (
        "<script>var pageNo=1; $(window).scroll(function(){ pageNo++; load(pageNo) })</script>"
    ),
    "a drop-down of pages": (
        '<select name="seite"><option selected>1</option><option>2</option><option>3</option></select>'
    ),
    "a drop-down of years": (
        '<select name="jahr" onchange="go()"><option'
        " selected>2026</option><option>2025</option><option>2024</option></select>"
    ),
    "years that the rows do not reach": (
        "<select name='y'><option>2026</option><option>2025</option></select><select name='m'><option>January</option>"
        "<option>February</option></select>"
    ),
    "a drop-down of months": (
        '<select><option value="">Archive</option><option>September 2026</option><option>August'
        " 2026</option><option>July 2026</option></select>"
    ),
    "years by script": (
        '<p><a href="#" onclick="y(2025)">2025</a> <a href="#" onclick="y(2024)">2024</a> <a href="#"'
        ' onclick="y(2023)">2023</a></p>'
    ),
    "pages that are claimed": "<p>共 31 页</p>",
    "items that are claimed": "<p>共有 310 条记录</p>",
    "a range of a total": "<p>Showing 1&ndash;6 of 87 articles</p>",
    "a range of a total in German": "<div>1 bis 6 von 1.087 Meldungen</div>",
    "a part of a total": "<div>6 / 48 <button>+</button></div>",
    "items in Japanese": "<p>87件中 1-6件を表示</p>",
    "items in Korean": "<p>총 1,063건</p>",
    "pages in Spanish": "<p>Página 1 de 12</p>",
    "a component": '<el-pagination layout="prev, pager, next" :total="96"></el-pagination>',
    "a component told by a script": '<v-pagination :length="pages"></v-pagination>',
    "numbers that are no links": (
        '<ul class="pages"><li class="on">1</li><li onclick="go(2)">2</li><li onclick="go(3)">3</li></ul>'
    ),
    "links of a pager without numbers": (
        '<div class="paging">Page one | <a href="/news/p2.html">Page two</a> | <a href="/news/p3.html">Page three</a>'
        "</div>"
    ),
    "a button below the list's own frame": (
        '<div class="ui-widget-footer"><a class="btn" href="javascript:void(0)" onclick="More(6)">Show more</a></div>'
    ),
}
NOTHING_MORE = {
    "nothing": "",
    "a pager of Drupal's core with one page": (
        '<nav class="pager"><ul class="pager__items js-pager__items"><li class="pager__item is-active">'
        '<a href="?page=0">1</a></li></ul></nav>'
    ),
    "a slider with arrows": '<div class="slider"><a href="#" onclick="go(2)">2</a><a href="#">Next</a></div>',
    "a calendar": (
        '<table class="calendar"><tr><td><a href="#" onclick="d(2)">2</a></td><td><a href="#"'
        ' onclick="d(3)">3</a></td></tr></table>'
    ),
    "a switched off word": '<ul class="pagination"><li class="disabled"><a href="#">Next</a></li></ul>',
    "a script told of one page": "<script>$('#p').jqPaginator({totalPages: 1, currentPage: 1})</script>",
    "a script told of as many rows as there are": "<script>laypage.render({elem:'p', count: 6, limit: 10})</script>",
    "TRS with one page": '<script>createPageHTML(1, 0, "index", "html");</script>',
    "a menu that opens": '<nav class="menu"><button>Show more</button></nav>',
    "a search form": (
        '<form class="search" action="/search"><input type="hidden" name="page" value="1"><input name="q"></form>'
    ),
    "a choice of language": "<select><option>English</option><option>Deutsch</option></select>",
    "years that the rows reach": "<select name='y'><option>2027</option><option>2026</option></select>",
    "years of birth": (
        '<form class="login"><select'
        ' name="year"><option>2001</option><option>2000</option><option>1999</option></select></form>'
    ),
    "a range that is all": "<p>Showing 1-6 of 6 articles</p>",
    "a range of something else": "<p>Grades 1-12 of 40 schools</p>",
    "a month": "<p>6 / 2026</p>",
    "a component told of as many as there are": '<el-pagination :total="6"></el-pagination>',
    "a pager that leads back alone": '<div class="pager"><a href="/news/?page=0">Previous page</a></div>',
    "a button in the page's footer": '<div class="footer"><a class="btn" href="#" onclick="x()">Show more</a></div>',
    "all that is claimed": "<p>共 6 条记录 共 1 页</p>",
    "a script that is a file": '<script src="/js/laypage.js"></script>',
}


def listing(pager: str, url: str = LIST) -> Listing:
    rows = "".join(
        f"<li><a href='/news/{n}.html'>The college opens its {n}th reading room</a> <span>2026-09-{n:02}</span></li>"
        for n in range(11, 17)
    )
    found = read_listing(Page(url, f"<html><body><ul class='rows'>{rows}</ul>{pager}</body></html>".encode()), SITE)
    assert isinstance(found, Listing) and len(found.items) == 6
    return found


@pytest.mark.parametrize("name", MORE)
def test_what_cannot_be_followed_is_said(name: str) -> None:
    found = listing(MORE[name])
    assert found.older is None and found.unfollowed


@pytest.mark.parametrize("name", NOTHING_MORE)
def test_what_says_nothing_of_more(name: str) -> None:
    assert listing(NOTHING_MORE[name]).unfollowed is None


def test_a_way_on_leaves_nothing_unsaid() -> None:
    found = listing('<div class="pager"><a href="?page=2">2</a></div><button>Load more</button>')
    assert found.older == f"{LIST}?page=2" and found.unfollowed is None


def test_scripts_and_claims_count_where_the_listing_begins_alone() -> None:
    """On its last page they are as on all others."""
    assert (
        listing("<p>共 31 页</p><script>$('#p').jqPaginator({totalPages: 31})</script>", f"{LIST}?page=31").unfollowed
        is None
    )


def test_a_row_that_unfolds_its_teaser_is_no_button_for_more() -> None:
    rows = "".join(
        f"<li><a href='/news/{n}.html'>The college opens its {n}th reading room</a>"
        f" <span>2026-09-{n:02}</span><button>Show more</button></li>"
        for n in range(11, 17)
    )
    found = read_listing(Page(LIST, f"<html><body><ul>{rows}</ul></body></html>".encode()), SITE)
    assert isinstance(found, Listing) and found.items and found.unfollowed is None


@pytest.mark.parametrize(
    ("rows", "behind", "said"),
    [
        (12, "<div class='sentinel'></div>", True),
        (12, "<div data-component='Feed'></div>", True),
        (11, "<div class='sentinel'></div>", False),  # no full page
        (12, "<div class='clear'></div>", False),
        (12, "<div class='sentinel'>That is all.</div>", False),
    ],
)
def test_an_empty_element_behind_a_full_page_is_what_a_script_waits_for(rows: int, behind: str, said: bool) -> None:
    items = "".join(
        f"<li><a href='/news/{n}.html'>The college opens its {n}th reading room</a> <span>2026-09-{n:02}</span></li>"
        for n in range(11, 11 + rows)
    )
    found = read_listing(Page(LIST, f"<html><body><ul>{items}</ul>{behind}</body></html>".encode()), SITE)
    assert isinstance(found, Listing) and len(found.items) == rows and bool(found.unfollowed) == said


@pytest.mark.parametrize(("years", "said"), [((2026, 2025, 2024), False), ((2026, 2025, 2024, 2023), True)])
def test_years_that_a_script_unfolds_are_no_archives_where_the_list_holds_them(
    years: tuple[int, ...], said: bool
) -> None:
    folded = "".join(
        f"<h3><button>{year}</button></h3><ul>"
        + "".join(
            f"<li><b>Sep {n}</b> <a href='/news/n{year}{n}.html'>The college opens its {n}th reading room</a></li>"
            for n in range(15, 10 if year > 2023 else 15, -1)
        )
        + "</ul>"
        for year in years
    )
    found = read_listing(Page(LIST, f"<html><body>{folded}</body></html>".encode(), fetched=AT), SITE)
    assert isinstance(found, Listing) and len(found.items) == 15
    assert bool(found.unfollowed) is said
