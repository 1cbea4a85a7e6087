"""Sites on disk for the benchmarks: Sudy pages of a given size, listed fourteen to a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from tests.college.words import paragraphs, say

PER_PAGE = 14
_NAV = "".join(
    f'<li class="menu-item i{n}"><a class="menu-link" data-page="{n}">栏目{n}</a><span'
    ' class="sub">导航文字</span></li>\n'
    for n in range(60)
)

_SIGNS = [chr(number) for number in range(0x4E00, 0x5800)]


@dataclass(frozen=True, slots=True)
class DiskSite:
    """What was written: pages that listings lead to, and listing pages."""

    articles: int
    listings: int

    @property
    def pages(self) -> int:
        """All of them."""
        return self.articles + self.listings


def write(
    root: Path, articles: int, size: int, *, prefix: str = "", seed: int = 1, per_page: int = PER_PAGE
) -> DiskSite:
    """Write `articles` stories of about `size` bytes and their listing, first page `{prefix}/1344/list.htm`.

    Pages name no style sheet, script or picture, so that every program fetches the same pages.
    """
    random, newest = Random(seed), datetime(2025, 9, 28)
    rows = []
    for n in range(articles):
        at = newest - timedelta(days=n // 3)
        path = f"{prefix}/{at:%Y/%m%d}/c1344a{100000 + articles - n}/page.htm"
        title = f"{say(random, 'zh', 'news_title')}（{articles - n}）"
        _put(root, path, _article(title, at, random, size))
        rows.append((path, title, at))
    pages = -(-articles // per_page)
    for page in range(1, pages + 1):
        _put(
            root,
            listing_path(prefix, page),
            _listing(prefix, rows[(page - 1) * per_page : page * per_page], page, pages, articles, per_page),
        )
    (root / "robots.txt").write_text("User-agent: *\nDisallow: /admin/\n")
    return DiskSite(articles, pages)


def listing_path(prefix: str, page: int) -> str:
    """Path of the nth listing page, from 1."""
    return f"{prefix}/1344/list{page if page > 1 else ''}.htm"


def _put(root: Path, path: str, text: str) -> None:
    file = root / path.lstrip("/")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def _article(title: str, at: datetime, random: Random, size: int) -> str:
    texts = (
        [text for _ in range(2) for text in paragraphs(random, "zh", 4, 7)]
        if size > 8000
        else paragraphs(random, "zh", 3, 4)
    )
    # a grammar repeats itself as no newspaper does: signs drawn by chance keep stories from being near-duplicates of
    # each other
    body = "".join(
        f'<p style="text-indent:2em;">{text}{"".join(random.choices(_SIGNS, k=60))}。</p>\n' for text in texts
    )
    head = (
        '<!DOCTYPE html>\n<html class="webplus-page"><head><meta http-equiv="Content-Type" content="text/html;'
        f' charset=utf-8" /><title>{title}</title>'
    )
    main = (
        f'<div class="article" frag="窗口3" portletmode="simpleArticleAttri"><h1 class="arti_title">{title}</h1><p'
        ' class="arti_metas"><span class="arti_publisher">发布者：宣传部</span><span'
        f' class="arti_update">发布时间：{at:%Y-%m-%d}</span></p><div class="entry"><div class="read"><div'
        f" class='wp_articlecontent'>{body}</div></div></div></div>"
    )
    nav = (
        '<div class="wp-navi" id="nav" frag="窗口1" portletmode="simpleSudyNavi"><ul class="wp-menu'
        f' clearfix">{_NAV}</ul></div>'
        if size > 8000
        else ""
    )
    left = max(0, size - len((head + nav + main).encode()) - 120)
    style = "".join(f".c{n}{{color:#{n:06x};margin:0 {n % 9}px}}\n" for n in range(left // 2 // 34))
    script = "".join(f"var v{n}=function(a){{return a+{n};}};\n" for n in range(left // 2 // 36))
    return f"{head}<style>{style}</style></head><body>{nav}{main}<script>{script}</script></body></html>"


def _listing(
    prefix: str, rows: list[tuple[str, str, datetime]], page: int, pages: int, total: int, per_page: int
) -> str:
    items = "\n".join(
        f"<li class=\"news n{n} clearfix\"><span class=\"news_title\"><a href='{path}' target='_blank'"
        f" title='{title}'>{title}</a></span><span class=\"news_meta\">{at:%Y-%m-%d}</span></li>"
        for n, (path, title, at) in enumerate(rows, 1)
    )
    onward = listing_path(prefix, page + 1) if page < pages else "javascript:void(0);"
    return (
        '<!DOCTYPE html>\n<html class="webplus-list"><head><meta http-equiv="Content-Type" content="text/html;'
        ' charset=utf-8" /><title>学院新闻</title></head><body class="list"><div frag="窗口6"'
        f' portletmode="simpleList"><div id="wp_news_w6"><ul class="news_list list2">\n{items}\n</ul></div><div'
        ' id="wp_paging_w6"><ul class="wp_paging clearfix"><li class="pages_count"><span'
        f' class="per_page">每页&nbsp;<em class="per_count">{per_page}</em>&nbsp;记录&nbsp;</span><span'
        f' class="all_count">总共&nbsp;<em class="all_count">{total}</em>&nbsp;记录&nbsp;</span></li><li'
        f' class="page_nav"><a class="next" href="{onward}" target="_self"><span>下一页&gt;&gt;</span></a></li><li'
        f' class="page_jump"><span class="pages">页码&nbsp;<em class="curr_page">{page}</em>/<em'
        f' class="all_pages">{pages}</em></span></li></ul></div></div></body></html>'
    )
