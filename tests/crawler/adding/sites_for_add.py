"""Pages of small college sites, written after what each CMS is known to emit."""

from __future__ import annotations

import json

from tests.crawler.campus import Answer, html

TITLES = [
    "学校召开新学期教学工作会议",
    "我校学子在数学建模竞赛中获佳绩",
    "图书馆国庆假期开放安排",
    "校领导赴企业调研产教融合",
    "化学学院举办研究生学术论坛",
    "关于开展实验室安全检查的通知",
    "我校与地方政府签署战略合作协议",
    "新生军训汇报表演圆满举行",
    "后勤处开展节能宣传周活动",
    "外国语学院举办英语演讲比赛",
    "医学院教师获省级教学名师称号",
    "学校举行升国旗仪式",
]
ENGLISH = [
    "Nursing students run free clinic for farm workers",
    "Trustees approve plan for a new library wing",
    "Physics lab measures a rare decay",
    "Orchestra opens its season with a premiere",
    "Alumna wins national poetry award",
    "Rowing team takes bronze at regatta",
    "Chemists find a cheaper route to a common drug",
    "City and college agree on a new bus line",
]
TEXT = "会议指出，要坚持立德树人根本任务，扎实推进各项重点工作，全体教师要以更加饱满的热情投入教学。" * 4
WORDS = (
    "The college said on Monday that the work would begin next spring and take two years to finish, at a cost shared"
    " with the state. " * 4
)


def day(n: int) -> str:
    """A date, younger for smaller n."""
    return f"2026-{9 - n // 25:02}-{28 - n % 25:02}"


def sudy() -> dict[str, Answer]:
    """Two columns of twelve stories, eight to a page."""
    head = (
        '<html class="webplus-list"><head><meta charset="utf-8"><title>{}</title><link href="/_css/_system/system.css"'
        ' rel="stylesheet"><script src="/_js/sudy-jquery-autoload.js" sudy-wp-context=""'
        ' sudy-wp-siteId="12"></script></head>'
    )
    nav = (
        '<div portletmode="simpleSudyNavi"><ul><li><a href="/main.htm">首页</a></li><li><a'
        ' href="/xxgk/list.htm">学校概况</a></li><li><a href="/xyxw/list.htm">学院新闻</a></li><li><a'
        ' href="/tzgg/list.htm">通知公告</a></li></ul></div>'
    )
    pages = {
        "/": html(
            f"{head.format('示例职业学院')}<body>{nav}<script>location.href='main.htm'</script></body></html>".replace(
                nav, ""
            )
        ),
        "/main.htm": html(f"{head.format('示例职业学院')}<body>{nav}<p>欢迎</p></body></html>"),
    }
    for base, column, name in ((0, 1344, "xyxw"), (100, 1345, "tzgg")):
        for number, start in ((1, 0), (2, 8)):
            rows = "".join(
                f"<li class='news n{n}'><span class='news_title'><a"
                f" href='/2026/{day(n)[5:7]}{day(n)[8:]}/c{column}a{9000 + base - n}/page.htm' target='_blank'"
                f" title='{TITLES[n]}'>{TITLES[n]}</a></span><span class='news_meta'>{day(n)}</span></li>"
                for n in range(start, min(start + 8, 12))
            )
            way = f"/{name}/list2.htm" if number == 1 else "javascript:void(0);"
            pages[f"/{name}/list{'' if number == 1 else number}.htm"] = html(
                f"{head.format('学院新闻' if base == 0 else '通知公告')}<body>{nav}<div frag='窗口6'"
                f" portletmode='simpleList'><div id='wp_news_w6'><ul class='news_list list2'>{rows}</ul></div><div"
                " id='wp_paging_w6'><ul class='wp_paging'><li class='pages_count'><em class='per_count'>8</em><em"
                " class='all_count'>12</em></li><li class='page_nav'><a class='next'"
                f" href='{way}'><span>下一页&gt;&gt;</span></a></li><li class='page_jump'><em"
                f" class='curr_page'>{number}</em>/<em class='all_pages'>2</em></li></ul></div></div></body></html>"
            )
        for n in range(12):
            pages[f"/2026/{day(n)[5:7]}{day(n)[8:]}/c{column}a{9000 + base - n}/page.htm"] = html(
                f"<html class='webplus-page'><head><meta charset='utf-8'><title>{TITLES[n]}</title><script"
                f" sudy-wp-context='' sudy-wp-siteId='12'></script></head><body>{nav}<div class='article'><h1"
                f" class='arti_title'>{TITLES[n]}</h1><p class='arti_metas'><span"
                " class='arti_publisher'>发布者：宣传部</span><span"
                f" class='arti_update'>发布时间：{day(n)}</span></p><div class='entry'><div class='read'><div"
                f" class='wp_articlecontent'><p>{TEXT}</p></div></div></div></div></body></html>"
            )
    return pages


def vsb() -> dict[str, Answer]:
    """One column of twelve stories, five to a page; page numbers count down."""
    head = (
        "<HTML><HEAD><meta charset='UTF-8'><title>{}</title><!--Announced by Visual SiteBuilder 9--><link"
        " rel='stylesheet' href='/_sitegray/_sitegray_d.css'/><script"
        " src='/system/resource/js/counter.js'></script><script>_jsq_(1036,'/liebiao.jsp',-1,1485250630)</script>"
        "</HEAD>"
    )
    nav = (
        "<div class='nav'><ul><li><a href='/index.htm'>首页</a></li><li><a href='/xxgk.htm'>学校概况</a></li><li><a"
        " href='/xxyw.htm'>学校要闻</a></li></ul></div>"
    )
    pages = {"/": html(f"{head.format('示例大学')}<BODY>{nav}</BODY></HTML>")}
    addresses = ["/xxyw.htm", "/xxyw/2.htm", "/xxyw/1.htm"]
    for number, address in enumerate(addresses):
        rows = "".join(
            f"<li id='line_u10_{n}'><a href='/info/1036/{19000 - n}.htm'"
            f" title='{TITLES[n]}'><em>{TITLES[n]}</em></a><span>{day(n)}</span></li>"
            for n in range(number * 5, min(number * 5 + 5, 12))
        )
        way = (
            f"<span class='p_next p_fun'><a href='{addresses[number + 1]}'>下页</a></span><span class='p_last p_fun'><a"
            " href='/xxyw/1.htm'>尾页</a></span>"
            if number < 2
            else "<span class='p_next_d p_fun_d'>下页</span>"
        )
        pages[address] = html(
            f"{head.format('学校要闻-示例大学')}<BODY>{nav}<div class='list'><ul>{rows}</ul></div><div"
            " class='pb_sys_common'><span class='p_t'>共12条</span><span"
            f" class='p_pages'>{way}</span></div></BODY></HTML>"
        )
    for n in range(12):
        pages[f"/info/1036/{19000 - n}.htm"] = html(
            f"{head.format(TITLES[n] + '-示例大学')}<BODY>{nav}<form"
            f" name='_newscontent_fromname'><h1>{TITLES[n]}</h1><div>发布时间：{day(n)} 来源：宣传部</div><div"
            f" id='vsb_content'><div class='v_news_content'><p>{TEXT}</p></div></div></form></BODY></HTML>"
        )
    return pages


def wordpress() -> dict[str, Answer]:
    """A blog of eight posts, four to a page, at the root."""
    head = (
        "<!DOCTYPE html><html lang='en-US'><head><meta charset='UTF-8'><title>{}</title><meta name='generator'"
        " content='WordPress 6.6'><meta property='og:site_name' content='Example College News'><link"
        " rel='https://api.w.org/' href='{{host}}/wp-json/'><link rel='alternate' type='application/rss+xml'"
        " href='{{host}}/feed/'><link rel='stylesheet' href='{{host}}/wp-content/themes/college/style.css'></head>"
    )
    pages = {}
    for number in (1, 2):
        posts = "".join(
            f"<article id='post-{n}' class='post-{n} post type-post hentry'><h2 class='entry-title'><a"
            f" href='{{host}}/2026/09/{_slug(n)}/' rel='bookmark'>{ENGLISH[n]}</a></h2><time class='entry-date"
            f" published' datetime='{day(n)}T09:00:00-04:00'>{day(n)}</time><div class='entry-summary'><p>A line about"
            " it.</p></div></article>"
            for n in range(number * 4 - 4, number * 4)
        )
        way = (
            "<nav class='navigation pagination'><div class='nav-links'><a class='next page-numbers'"
            " href='{host}/page/2/'>Next</a></div></nav>"
            if number == 1
            else ""
        )
        pages["/" if number == 1 else "/page/2/"] = html(
            f"{head.format('Example College News')}<body class='home blog'><main>{posts}{way}</main></body></html>"
        )
    for n in range(8):
        pages[f"/2026/09/{_slug(n)}/"] = html(
            f"{head.format(ENGLISH[n])}<body class='single'><article class='post hentry'><h1"
            f" class='entry-title'>{ENGLISH[n]}</h1><time class='entry-date published'"
            f" datetime='{day(n)}T09:00:00-04:00'>{day(n)}</time><div"
            f" class='entry-content'><p>{WORDS}</p></div></article></body></html>"
        )
    return pages


def _slug(n: int) -> str:
    return ENGLISH[n].lower().replace(" ", "-")


def stories(prefix: str = "/story/") -> dict[str, Answer]:
    """Eight plain English story pages."""
    return {
        f"{prefix}{_slug(n)}": html(
            f"<html lang='en'><head><title>{ENGLISH[n]} | Example State</title></head><body><h1>{ENGLISH[n]}</h1><p"
            f" class='date'>Published: {day(n)}</p><div class='c'><p>{WORDS}</p><p>{WORDS}</p></div></body></html>"
        )
        for n in range(8)
    }


def feed_only() -> dict[str, Answer]:
    """A site drawn by a script whose only list in plain view is its feed."""
    items = "".join(
        f"<item><title>{ENGLISH[n]}</title><link>{{host}}/story/{_slug(n)}</link><pubDate>Mon, {28 - n} Sep 2026"
        f" 09:00:00 +0000</pubDate><guid>{{host}}/story/{_slug(n)}</guid></item>"
        for n in range(8)
    )
    feed = (
        "<?xml version='1.0' encoding='UTF-8'?><rss version='2.0'><channel><title>Example State"
        f" News</title><link>{{host}}/</link>{items}</channel></rss>"
    )
    home = (
        "<html lang='en'><head><title>Example State University</title><link rel='alternate' type='application/rss+xml'"
        " title='News' href='/rss/news.xml'></head><body><div id='app'>Welcome to our campus.</div></body></html>"
    )
    return {"/": html(home), "/rss/news.xml": (200, "application/rss+xml", feed.encode()), **stories()}


def unknown() -> dict[str, Answer]:
    """A home-made CMS: a hub of sections, dated rows in a table, numbered pages."""
    menu = (
        "<div id='m'><a href='/'>Home</a> <a href='/about'>About</a> <a href='/news-and-events'>News &amp; Events</a>"
        " <a href='/apply'>Apply now</a></div>"
    )
    pages = {
        "/": html(
            f"<html lang='en'><head><title>Home - Example State University</title></head><body>{menu}<p>Learn"
            " here.</p></body></html>"
        ),
        "/news-and-events": html(
            f"<html lang='en'><head><title>News &amp; Events</title></head><body>{menu}<h1>News &amp; Events</h1><p><a"
            " href='/all-news?pg=1'>Campus News</a></p><p><a href='/calendar'>Events calendar</a></p></body></html>"
        ),
        "/calendar": html(f"<html><body>{menu}<p>No events this month.</p></body></html>"),
    }
    for number in (1, 2):
        rows = "".join(
            f"<tr><td>{day(n)}</td><td><a href='/story/{_slug(n)}'>{ENGLISH[n]}</a></td><td><a"
            " href='/office/comm'>Communications</a></td></tr>"
            for n in range(number * 4 - 4, number * 4)
        )
        pager = (
            "<div class='pages'><b>1</b> <a href='/all-news?pg=2'>2</a></div>"
            if number == 1
            else "<div class='pages'><a href='/all-news?pg=1'>1</a> <b>2</b></div>"
        )
        pages[f"/all-news?pg={number}"] = html(
            f"<html lang='en'><head><title>Campus News</title></head><body>{menu}<h1>Campus"
            f" News</h1><table>{rows}</table>{pager}</body></html>"
        )
    return {**pages, **stories()}


def front() -> dict[str, Answer]:
    """One dated list on the home page and nothing that names news."""
    rows = "".join(f"<li><a href='/story/{_slug(n)}'>{ENGLISH[n]}</a> <i>{day(n)}</i></li>" for n in range(8))
    return {
        "/": html(
            "<html lang='en'><head><title>Department of Physics</title></head><body><a"
            f" href='/people'>People</a><ul>{rows}</ul></body></html>"
        ),
        **stories(),
    }


def magazine() -> dict[str, Answer]:
    """A news front of cards without dates or pager, and the full list behind 'View all news'."""
    cards = "".join(
        f"<div class='card'><a href='/story/{_slug(n)}'><img src='/x.jpg' alt=''></a><h3><a"
        f" href='/story/{_slug(n)}'>{ENGLISH[n]}</a></h3></div>"
        for n in range(4)
    )
    pages = {
        "/": html(
            "<html lang='en'><head><title>Example State University</title></head><body><a href='/news'>News</a><p>Learn"
            " here.</p></body></html>"
        ),
        "/news": html(
            f"<html lang='en'><head><title>News</title></head><body><h1>News</h1><div class='cards'>{cards}</div><a"
            " href='/news/all'>View all news</a></body></html>"
        ),
    }
    for number in (1, 2):
        rows = "".join(
            f"<article><h2><a href='/story/{_slug(n)}'>{ENGLISH[n]}</a></h2><time"
            f" datetime='{day(n)}'>{day(n)}</time></article>"
            for n in range(number * 4 - 4, number * 4)
        )
        way = "<a rel='next' href='/news/all?page=2'>Next</a>" if number == 1 else ""
        pages["/news/all" if number == 1 else "/news/all?page=2"] = html(
            f"<html lang='en'><head><title>All news</title></head><body><h1>All news</h1>{rows}{way}</body></html>"
        )
    return {**pages, **stories()}


def title(n: int) -> str:
    """The headlines over and over, told apart by a number."""
    return TITLES[n % len(TITLES)] + (f"（{n // len(TITLES) + 1}）" if n >= len(TITLES) else "")


def chaoxing() -> dict[str, Answer]:
    """A portal that scripts fill: its list is the answer to a POST, twenty stories and four."""
    pages = {
        "/": html(
            "<html><head><title>示例学院</title></head><body><a href='/engine2/m/AB12'>学院新闻</a></body></html>"
        ),
        "/engine2/m/AB12": html(
            "<html><head><meta charset='utf-8'><title>学院新闻</title><script"
            " src='https://mh.chaoxing.com/res/js/engine.js'></script></head><body><div id='app'></div><script>var"
            " engineInstanceId = 1732458; var appId = 77; var typeId = 4562497;</script></body></html>"
        ),
    }
    for number in (1, 2):
        rows = [
            {"id": n, "url": f"/engine2/d/{n}/1732458/0", "1": {"value": title(n)}, "6": {"value": day(n)}}
            for n in range(number * 20 - 20, min(number * 20, 24))
        ]
        answer = {"code": 1, "data": {"datas": {"datas": rows, "total": 24}}}
        pages[f"POST /engine2/general/77/type/more-datas {number}"] = (
            200,
            "application/json;charset=UTF-8",
            json.dumps(answer).encode(),
        )
    for n in range(24):
        story = json.dumps({"title": title(n), "content": f"<p>{TEXT}</p>", "publishTime": day(n)}, ensure_ascii=False)
        pages[f"/engine2/d/{n}/1732458/0"] = html(
            f"<html><head><meta charset='utf-8'><title>{title(n)}</title></head><body><div id='app'></div><script>var"
            f" pageData = {story};</script></body></html>"
        )
    return pages


def nothing() -> dict[str, Answer]:
    """An office's page without news."""
    return {
        "/": html(
            "<html lang='en'><head><title>Registrar</title></head><body><ul><li><a href='/forms'>Forms</a></li><li><a"
            " href='/transcripts'>Transcripts</a></li><li><a href='/staff'>Staff</a></li></ul><p>Open 9 to"
            " 5.</p></body></html>"
        )
    }


def challenge() -> dict[str, Answer]:
    """A site behind 瑞数."""
    return {
        "/": (
            412,
            "text/html",
            b"<html><head><script>$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=71302;</script></head><body></body>"
            b"</html>",
        )
    }


def walled() -> dict[str, Answer]:
    """A listing whose stories are for the campus network only."""
    pages = vsb()
    for path in pages:
        if path.startswith("/info/"):
            pages[path] = html(
                "<html><head><meta charset='utf-8'><title>系统提示</title></head><body><div"
                " class='prompt'>您无权访问此页面！</div></body></html>"
            )
    return pages


def closed() -> dict[str, Answer]:
    """A site whose robots.txt shuts crawlers out."""
    return {**wordpress(), "/robots.txt": (200, "text/plain", b"User-agent: *\nDisallow: /\n")}
