"""The way to older items, and no way where there is none."""

import pytest

from spiders.facts import Item
from spiders.generic.pager import older
from spiders.page import Page
from spiders.urls import form_of, split_form

LIST = "https://www.example.edu.cn/xw/"
# name -> (address of the page, pager, address expected relative to it)
WAYS: dict[str, tuple[str, str, str | None]] = {
    "an address that a function is given": (
        "list.aspx",
        """<a href="javascript:" onclick='Go(event, "/xw/list.aspx?Paged=TRUE\\u0026p_ID=30");return false'>"""
        "<img src='/n.gif' alt='Next'></a>",
        "list.aspx?Paged=TRUE&p_ID=30",
    ),
    "an address that shares the page": ("", """<a href="#" onclick="share('/s?u=/xw/&p=2')">Share</a>""", None),
    "a button of a form": (
        "",
        '<form action="/xw/"><input type="hidden" name="k" value="9"><button name="page" value="2">Older news</button>'
        "</form>",
        "/xw/?k=9&page=2",
    ),
    "a drop-down of pages that counts them": (
        "",
        '<select><option value="/xw/" selected>Page 1 of 3</option><option value="/xw/2/">Page 2 of 3</option>'
        '<option value="/xw/3/">Page 3 of 3</option></select>',
        "/xw/2/",
    ),
    "numbers that a script follows to an address": (
        "",
        """<ul class="pages"><li class="on">1</li><li onclick="location.href='/xw/?p=2'">2</li></ul>""",
        "/xw/?p=2",
    ),
    "rel": ("", '<a rel="next" href="?page=1">weiter blättern</a>', "?page=1"),
    "link in head": ("", '<link rel="next" href="/xw/page/2/">', "/xw/page/2/"),
    "next page in Chinese": (
        "list.htm",
        (
            '<a href="list.htm">首页</a><a href="list.htm">上一页</a><a href="list2.htm">下一页</a><a'
            ' href="list9.htm">尾页</a>'
        ),
        "list2.htm",
    ),
    "in the middle": (
        "list4.htm",
        (
            '<a href="list.htm">首页</a><a href="list3.htm">上一页</a><a href="list5.htm">下一页</a><a'
            ' href="list9.htm">尾页</a>'
        ),
        "list5.htm",
    ),
    "last page: the way on is dead": (
        "list9.htm",
        (
            '<a href="list.htm">首页</a><a href="list8.htm">上一页</a><a href="javascript:void(0);">下一页</a><a'
            ' href="javascript:void(0);">尾页</a>'
        ),
        None,
    ),
    "last page: the way on is the page itself": (
        "index_9.html",
        '<a href="index_8.html">上一页</a><a href="index_9.html">下一页</a>',
        None,
    ),
    "last page: the way on is the first page": (
        "index_9.html",
        '<a href="index.html">首页</a><a href="index_8.html">上一页</a><a href="index.html">下一页</a>',
        None,
    ),
    "last page: switched off": (
        "list9.htm",
        (
            '<ul class="pager"><li><a href="list8.htm">Previous</a></li><li class="next disabled"><a'
            ' href="list10.htm">Next</a></li></ul>'
        ),
        None,
    ),
    "first page: back leads to page 0": (
        "?page=1",
        (
            '<div id="pages"><a href="?page=0">上一页</a> <span>1</span> <a href="?page=2">2</a> <a'
            ' href="?page=2">下一页</a></div>'
        ),
        "?page=2",
    ),
    "counting down": (
        "../xw.htm",
        (
            '<span class="p_no_d">1</span><span class="p_no"><a href="xw/41.htm">2</a></span><span class="p_next'
            ' p_fun"><a href="xw/41.htm">下页</a></span><span class="p_last"><a href="xw/1.htm">尾页</a></span>'
        ),
        "41.htm",
    ),
    "zero-based": (
        "?page=1",
        (
            '<nav class="pager"><a href="?page=0">1</a><a href="?page=1">2</a><a href="?page=2">3</a><a'
            ' href="?page=2">Next ›</a></nav>'
        ),
        "?page=2",
    ),
    "older posts": (
        "",
        '<div class="nav-links"><div class="nav-previous"><a href="/xw/page/2/">← Older posts</a></div></div>',
        "/xw/page/2/",
    ),
    "newer posts only": (
        "page/3/",
        '<div class="nav-links"><div class="nav-next"><a href="/xw/page/2/">Newer posts →</a></div></div>',
        None,
    ),
    "one angle, two angles": (
        "?p=3",
        (
            '<p class="pages"><a href="?p=1">«</a><a href="?p=2">‹</a><b>3</b><a href="?p=4">›</a><a'
            ' href="?p=40">»</a></p>'
        ),
        "?p=4",
    ),
    "two angles alone": (
        "",
        (
            '<ul class="pagination"><li><a href="?page=2">2</a></li><li><a href="?page=2"'
            ' aria-label="Next">&raquo;</a></li></ul>'
        ),
        "?page=2",
    ),
    "picture of an arrow": (
        "index.html",
        '<div class="page"><a href="index_2.html"><img src="r.gif" alt="下一页"></a></div>',
        "index_2.html",
    ),
    "class only": (
        "",
        '<div class="pagination"><a class="next" href="/xw/2/"><i class="icon"></i></a></div>',
        "/xw/2/",
    ),
    "numbers only, current marked": (
        "",
        '<div class="pages"><span class="current">1</span><a href="2.html">2</a><a href="3.html">3</a></div>',
        "2.html",
    ),
    "numbers only, current linked": (
        "2.html",
        '<div class="pages"><a href="1.html">1</a><a href="2.html">2</a><a href="3.html">3</a></div>',
        "3.html",
    ),
    "numbers only, last": (
        "3.html",
        '<div class="pages"><a href="1.html">1</a><a href="2.html">2</a><span class="current">3</span></div>',
        None,
    ),
    "TRS script": ("index.html", '<script>createPageHTML(20, 0, "index", "html");</script>', "index_1.html"),
    "TRS script, in the middle": (
        "index_7.html",
        "<script>createPageHTML(20, 7, 'index', 'shtml');</script>",
        "index_8.shtml",
    ),
    "TRS script, last": ("index_19.html", '<script>createPageHTML(20, 19, "index", "html");</script>', None),
    "TRS script with the name of its element": (
        "index.html",
        "<script>createPageHTML('page_div',5, 0,'index','html',300);</script>",
        "index_1.html",
    ),
    "TRS script with variables": (
        "index_1.html",
        "<script>var count = 4;\nvar at = 1; createPageHTML(count, at, 'index', 'html');</script>",
        "index_2.html",
    ),
    "TRS script with variables, last": (
        "index_3.html",
        "<script>var count = 4;\nvar at = 3; createPageHTML(count, at, 'index', 'html');</script>",
        None,
    ),
    "address in onclick, encoded": (
        "index.jhtml",
        """<p class="page"><a href="javascript:;" onclick="location.href=encodeURI('index_2.jhtml')">下一页</a></p>""",
        "index_2.jhtml",
    ),
    "address in onclick": (
        "list.htm",
        """<div class="page"><a href="#" onclick="location.href='list2.htm'">下一页</a></div>""",
        "list2.htm",
    ),
    "drop-down of pages": (
        "list.htm",
        '<select><option value="list.htm" selected>1</option><option value="list2.htm">2</option></select>',
        "list2.htm",
    ),
    "a slider's next": ("", '<div class="slider"><a class="next" href="#">Next</a></div>', None),
    "the next item is no page": ("", '<p class="page"><a class="next" href="/info/1.htm">Next</a></p>', None),
    "next on another site": (
        "",
        '<p class="page"><a class="next" href="https://other.example.org/?page=2">Next</a></p>',
        None,
    ),
    "a link that merely begins with the word": ("", '<a href="/nextgen/2026/">Next Generation Scholars</a>', None),
    "a sentence about weather": ("", '<a href="/a/2/">further information</a>', None),
    "load more without an address": ("", "<button>Load more</button>", None),
    "nothing": ("", "", None),
    "the current one links itself, at the bare address": (
        "",
        (
            '<ul class="pagination"><li class="is-current"><a href="?seite=1">1</a></li><li><a'
            ' href="?seite=2">2</a></li><li><a href="?seite=3">3</a></li></ul>'
        ),
        "?seite=2",
    ),
    "words for readers of screens": (
        "",
        (
            '<ol class="pg"><li class="active"><span>1 <em class="visually-hidden">(you are'
            ' here)</em></span></li><li><a href="?p=2"><span class="sr-only">page </span>2</a></li></ol>'
        ),
        "?p=2",
    ),
    "the word leads to the next block": (
        "",
        '<p class="paginate">'
        + "".join(f'<a href="?pageIndex={n}">{n}</a>' for n in range(2, 6))
        + '<b>1</b><a href="?pageIndex=6">다음</a><a href="?pageIndex=31">마지막</a></p>',
        "?pageIndex=2",
    ),
    "at the end of a block": (
        "?pageIndex=5",
        '<p class="paginate">'
        + "".join(f'<a href="?pageIndex={n}">{n}</a>' for n in range(1, 5))
        + '<b>5</b><a href="?pageIndex=6">다음</a><a href="?pageIndex=31">마지막</a></p>',
        "?pageIndex=6",
    ),
    "an arrow leads to the next block": (
        "?no=3",
        (
            '<div class="page"><a href="?no=1">1</a><a href="?no=2">2</a><strong>3</strong><a href="?no=4">4</a><a'
            ' href="?no=11">&gt;</a><a href="?no=40">&gt;&gt;</a></div>'
        ),
        "?no=4",
    ),
    "offsets": (
        "?start=20",
        (
            '<div class="pagination"><a href="?start=0">0</a> | <a href="?start=10">10</a> | <strong'
            ' class="on">20</strong> | <a href="?start=30">30</a></div>'
        ),
        "?start=30",
    ),
    "ranges": (
        "?b_start=20",
        (
            '<div class="listingBar"><a href="?b_start=0">1-20</a> <span>21-40</span> <a'
            ' href="?b_start=40">41-60</a></div>'
        ),
        "?b_start=40",
    ),
    "ranges, this one in no element of its own": (
        "",
        '<p>1-10 | <a href="?od=10">11-20</a> | <a href="?od=20">21-24</a></p>',
        "?od=10",
    ),
    "ranges, this one between two links": (
        "?od=10",
        '<p><a href="?od=0">1-10</a> | 11-20 | <a href="?od=20">21-24</a></p>',
        "?od=20",
    ),
    "a function that puts a number into a form and posts it": (
        "",
        (
            '<form name="f" method="post" action=""><input type="hidden" name="c" value="7"><input type="hidden"'
            ' name="page" value="1"></form><ul class="paging"><li><strong>1</strong></li><li><a'
            """ href="javascript:page_link('2')">2</a></li></ul><script>function page_link(n) {"""
            " document.f.page.value = n; document.f.submit(); }</script>"
        ),
        "?__wb_method=POST&c=7&page=2",
    ),
    "a function that sends a form by GET": (
        "",
        (
            '<form id="g" action=""><input type="hidden" name="pageIndex" id="pi" value="1"></form><div'
            ' class="paging"><b>1</b><a href="#" onclick="go(2); return false;">2</a></div>'
            "<script>var go = function (n) { $('#pi').val(n); $('#g').submit(); }</script>"
        ),
        "?pageIndex=2",
    ),
    "an icon of a font": (
        "",
        (
            '<div class="pagination"><a href="?page=7"><i class="fas fa-angle-double-right"></i></a><a'
            ' href="?page=2"><i class="fas fa-angle-right"></i></a></div>'
        ),
        "?page=2",
    ),
    "Drupal's numbers alone": (
        "",
        (
            '<ul class="pager"><li class="pager-current">1</li><li><a href="?page=1">2</a></li><li><a'
            ' href="?page=2">3</a></li></ul>'
        ),
        "?page=1",
    ),
    "years: from the marked one to the one before it": (
        "2025/",
        '<p><a href="/xw/2026/">2026</a> <b>2025</b> <a href="/xw/2024/">2024</a> <a href="/xw/2023/">2023</a></p>',
        "2024/",
    ),
    "years: the oldest": (
        "2023/",
        '<p><a href="/xw/2026/">2026</a> <a href="/xw/2024/">2024</a> <b>2023</b></p>',
        None,
    ),
    "months: the one before this one": (
        "2026/03/",
        '<p><a href="/xw/2026/02/">« Previous month</a> <a href="/xw/2026/04/">Next month »</a></p>',
        "2026/02/",
    ),
    "months by name": (
        "2026/03/",
        (
            '<ul><li><a href="/xw/2026/03/">March 2026</a></li><li><a href="/xw/2026/01/">January 2026</a></li><li><a'
            ' href="/xw/2025/12/">December 2025</a></li></ul>'
        ),
        "2026/01/",
    ),
    "a story's own next": ("", '<div class="foot"><a class="next" href="/board/read?id=77">Next</a></div>', None),
}
WORDS = (
    "Sivu seuraava",
    "Seuraava sivu",
    "Næste side",
    "Pàgina següent",
    "Következő oldal",
    "Επόμενη σελίδα",
    "Další stránka",
    "Ďalšia strana",
    "Наступна сторінка",
    "Следваща страница",
    "Pagina următoare",
    "Järgmine lehekülg",
    "Halaman berikutnya",
    "Trang tiếp theo",
    "หน้าต่อไป",
    "الصفحة التالية",
    "صفحه بعدی",
    "העמוד הבא",
    "अगला पृष्ठ",
    "下一頁 >>",
    "次のページ",
    "다음 페이지",
    "Older news →",
    "Weitere Meldungen",
    "Plus d'actualités",
    "Ver más noticias",
    "Show more stories",
    "加载更多",
    "더보기",
    "Ältere Beiträge",
    "Next 20",
)
BACK = (
    "Vorherige Seite",
    "Página anterior",
    "Page précédente",
    "上一頁",
    "이전 페이지",
    "Previous page",
    "Edellinen sivu",
    "Önceki sayfa",
    "First page",
    "Newer news",
)


@pytest.mark.parametrize("words", WORDS)
def test_words_of_many_languages_lead_on(words: str) -> None:
    page = Page(
        LIST,
        f"<html><body><p>学校召开会议</p><div class='nav'><a href='/xw/?s=2'>{words}</a></div></body></html>".encode(),
    )
    assert older(page, [Item(url="https://www.example.edu.cn/info/1.htm")]) == f"{LIST}?s=2"


@pytest.mark.parametrize(
    "words", [*BACK, "Contact", "About us", "More information", "Mehr erfahren", "Next steps for applicants"]
)
def test_other_words_do_not(words: str) -> None:
    page = Page(
        f"{LIST}?s=3",
        f"<html><body><p>学校召开会议</p><div class='nav'><a href='/xw/?s=2'>{words}</a></div></body></html>".encode(),
    )
    assert older(page, [Item(url="https://www.example.edu.cn/info/1.htm")]) is None


@pytest.mark.parametrize("name", WAYS)
def test_the_way_on(name: str) -> None:
    here, pager, expected = WAYS[name]
    base = Page(LIST, b"")
    url = base.absolute(here) or LIST
    page = Page(
        url, f"<html><body><ul><li><a href='/info/1.htm'>学校召开会议</a></li></ul>{pager}</body></html>".encode()
    )
    items = [Item(url="https://www.example.edu.cn/info/1.htm")]
    assert older(page, items) == (base.absolute(expected) if expected else None)


def _posting(current: int, state: str = "/wEPDwUK") -> Page:
    links = "".join(
        f"<td><span>{n}</span></td>"
        if n == current
        else f"<td><a href=\"javascript:__doPostBack('ctl00$grid','Page${n}')\">{n}</a></td>"
        for n in (1, 2, 3)
    )
    body = (
        f"<form method='post' action='List.aspx'><input type='hidden' name='__VIEWSTATE' value='{state}'><table>"
        f"<tr>{links}</tr></table></form>"
    )
    return Page(f"{LIST}List.aspx", f"<html><body><p>x</p>{body}</body></html>".encode())


def test_a_page_that_is_asked_for_by_posting_the_form_is_followed() -> None:
    items = [Item(url="https://www.example.edu.cn/info/1.htm")]
    to = older(_posting(2), items)
    assert to is not None and split_form(to)[0] == f"{LIST}List.aspx"
    assert form_of(to) == {"__VIEWSTATE": "/wEPDwUK", "__EVENTTARGET": "ctl00$grid", "__EVENTARGUMENT": "Page$3"}
    assert older(_posting(3), items) is None
    assert older(_posting(1, "x" * 20_000), items) is None  # more than an address can hold
