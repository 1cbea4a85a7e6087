"""Where colleges keep their news: behind feeds, frames, sitemaps, parts of the site, in another language."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crawler.archive_folder import ArchiveFolder
from crawler.cli import main
from spiders import catalogue
from tests.crawler.adding.sites_for_add import ENGLISH, TITLES
from tests.crawler.campus import Answer, campus, html

CONFIG = (
    '[operator]\ncontact = "https://archive.example.org/"\n[politeness]\ndelay = 0.0\n[crawl]\nallow_loopback = true\n'
)
PLACES = ["harbour", "orchard", "meadow", "quarry", "lighthouse", "foundry", "garden", "bridge"]


@pytest.fixture
def home(tmp_path: Path) -> ArchiveFolder:
    made = ArchiveFolder(tmp_path)
    made.config.write_text(CONFIG)
    made.sites.write_text("")
    return made


def add(
    home: ArchiveFolder, pages: dict[str, Answer], path: str = "/", host: str = "127.0.28.1"
) -> tuple[Result, list[str]]:
    """What `add` said, and the paths of the listings it wrote."""
    with campus(host, pages) as server:
        result = CliRunner().invoke(main, ["-C", str(home.folder), "add", f"{server.url}{path}", "--yes", "--id", "x"])
        site = catalogue.load(home.sites).get("x")
        return result, [seed.url.removeprefix(server.url) for seed in site.listings] if site else []


def stories(prefix: str, titles: list[str] = ENGLISH) -> tuple[str, dict[str, Answer]]:
    """Rows of a list, and the pages of their stories."""
    rows, pages = "", {}
    for n, title in enumerate(titles):
        day = f"2026-0{9 - n // 4}-{27 - n % 4}"
        url = f"{prefix}{PLACES[n % 8]}-in-the-new-term-{n}"
        rows += f'<li><a href="{url}">{title}</a> <time datetime="{day}">{day}</time></li>'
        words = (
            f"<p>{title}: the {PLACES[n % 8]} was measured, drawn and described by students over nine weeks.</p>" * 4
        )
        pages[url] = html(
            f"<html><title>{title}</title><body><article><h1>{title}</h1><time datetime='{day}'>{day}</time>{words}"
            f"</article></body></html>"
        )
    return f"<ul class='entries'>{rows}</ul>", pages


def front(links: str, head: str = "", name: str = "Quarry Hill College") -> Answer:
    return html(
        f"<html><head><title>{name}</title>{head}</head><body><ul><li><a href='/apply'>Apply</a></li>{links}</ul><p>"
        f"Welcome</p></body></html>"
    )


def page(body: str, title: str = "List") -> Answer:
    return html(f"<html><title>{title}</title><body>{body}</body></html>")


def link(url: str, words: str) -> str:
    return f"<li><a href='{url}'>{words}</a></li>"


def rss(paths: list[str]) -> Answer:
    items = "".join(
        f"<item><title>{ENGLISH[n % 8]}</title><link>{{host}}{path}</link><pubDate>Mon, {27 - n:02} Sep 2026"
        f" 08:00:00 GMT</pubDate></item>"
        for n, path in enumerate(paths)
    )
    return (
        200,
        "application/rss+xml",
        f"<rss version='2.0'><channel><title>Q</title><link>{{host}}/</link>{items}</channel></rss>".encode(),
    )


def urlset(paths: list[str]) -> Answer:
    rows = "".join(
        f"<url><loc>{{host}}{path}</loc><lastmod>2026-09-{n % 27 + 1:02}</lastmod></url>"
        for n, path in enumerate(paths)
    )
    return (
        200,
        "application/xml",
        f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{rows}</urlset>".encode(),
    )


WORDS = ["Tin tức", "Duyurular", "Aktualności", "Новости", "Ανακοινώσεις", "الأخبار", "समाचार", "Nyheter", "Hírek",
         "Avvisi", "Comunicados", "Notice Board", "What's New", "トピックス", "보도자료", "最新消息", "ข่าวประชาสัมพันธ์",
         "Pengumuman", "חדשות", "Știri", "Uutiset"]  # fmt: skip


@pytest.mark.parametrize("words", WORDS)
def test_news_is_found_under_its_name_in_many_languages(words: str, home: ArchiveFolder) -> None:
    rows, pages = stories("/n/")
    result, found = add(home, {"/": front(link("/l/7", words)), "/l/7": page(rows), **pages})
    assert result.exit_code == 0, result.output
    assert found == ["/l/7"]


def hidden(*deep: tuple[str, str]) -> dict[str, Answer]:
    """News behind so many pages, each a part of the site."""
    rows, pages = stories("/n/")
    for (url, words), after in zip(deep, [*deep[1:], None], strict=True):
        del words
        pages[url] = page(f"<ul>{link('/x', 'History')}{link(*after)}</ul>" if after else rows)
    return {"/": front(link(*deep[0])), **pages}


@pytest.mark.parametrize(
    "deep",
    [
        [("/chi", "Chi siamo"), ("/chi/com", "Comunicazione"), ("/chi/com/av", "Notizie")],
        [("/uber", "Über uns"), ("/uber/presse", "Presse"), ("/uber/presse/m", "Meldungen")],
        [("/egyetem", "Az egyetem"), ("/egyetem/sajto", "Sajtó"), ("/egyetem/sajto/hirek", "Hírek")],
        [("/gaikyo", "学校概况"), ("/gaikyo/list", "学校新闻")],
    ],
)
def test_news_behind_two_parts_of_the_site(deep: list[tuple[str, str]], home: ArchiveFolder) -> None:
    result, found = add(home, hidden(*deep))
    assert result.exit_code == 0, result.output
    assert found == [deep[-1][0]]


def test_all_news_in_a_menu(home: ArchiveFolder) -> None:
    rows, pages = stories("/n/")
    result, found = add(home, {"/": front(link("/everything", "All news")), "/everything": page(rows), **pages})
    assert (result.exit_code, found) == (0, ["/everything"]), result.output


def test_frames_are_the_page(home: ArchiveFolder) -> None:
    """A frameset whose menu names the news, and a listing that stands in a frame."""
    rows, pages = stories("/n/")
    outer = "<frameset cols='20,80'><frame src='/menu.htm'><frame src='/start.htm'></frameset>"
    inner = "<iframe src='/rows.php?c=4'></iframe><iframe src='https://video.example.org/'></iframe>"
    pages |= {
        "/": html(f"<html><title>Quarry Hill College</title>{outer}</html>"),
        "/menu.htm": page(link("/news.htm", "News")),
        "/start.htm": page("Welcome"),
        "/news.htm": page(f"<h1>News</h1>{inner}"),
        "/rows.php?c=4": page(rows),
    }
    result, found = add(home, pages)
    assert (result.exit_code, found) == (0, ["/rows.php?c=4"]), result.output


@pytest.mark.parametrize(
    ("start", "feed"),
    [
        (front("<li><a href='/syndication.xml'><img src='r.png' alt='RSS'></a></li>"), "/syndication.xml"),
        (front("<li><a href='/out/news.rss'>Follow us</a></li>"), "/out/news.rss"),
        (front("", "<meta name='generator' content='Wix.com Website Builder'>"), "/blog-feed.xml"),
        (front("", "<meta name='generator' content='Ghost 5.82'>"), "/rss/"),
        (front("", "<meta name='generator' content='Drupal 10 (https://www.drupal.org)'>"), "/rss.xml"),
    ],
)
def test_a_feed_that_is_shown_or_known(start: Answer, feed: str, home: ArchiveFolder) -> None:
    _, pages = stories("/n/")
    result, found = add(home, {"/": start, feed: rss(list(pages)), **pages})
    assert (result.exit_code, found) == (0, [feed]), result.output


def test_a_sitemap_that_robots_txt_names_gives_the_stories_and_nothing_else(home: ArchiveFolder) -> None:
    _, pages = stories("/press/")
    named = [*pages, "/about", "/courses/biology", "/courses/chemistry-for-beginners", "/staff/jane-roe"]
    robots = (200, "text/plain", b"User-agent: *\nAllow: /\nSitemap: {host}/map.xml\n")
    result, found = add(home, {"/": front(""), "/robots.txt": robots, "/map.xml": urlset(named), **pages})
    assert (result.exit_code, found) == (0, ["/map.xml"]), result.output
    assert "/press/" in catalogue.load(home.sites)["x"].select["only"].replace("\\", "")


def test_a_sitemap_of_pages_is_no_news(home: ArchiveFolder) -> None:
    named = [f"/{part}/{place}" for part in ("courses", "staff") for place in PLACES]
    robots = (200, "text/plain", b"User-agent: *\nAllow: /\nSitemap: {host}/map.xml\n")
    pages = {
        path: page(f"<h1>About {path}</h1>" + f"<p>All about {path} and how to apply for it.</p>" * 5) for path in named
    }
    result, found = add(home, {"/": front(""), "/robots.txt": robots, "/map.xml": urlset(named), **pages})
    assert (result.exit_code, found) == (1, [])
    assert "which of them are stories is not clear" in result.output


def test_the_english_site_is_added_with_the_chinese_one(home: ArchiveFolder) -> None:
    rows, pages = stories("/n/", TITLES[:8])
    english, more = stories("/en/n/")
    result, found = add(
        home,
        {"/": front(link("/l/1", "校园新闻") + link("/en/", "ENGLISH"), name="石矿学院"), "/l/1": page(rows),
         "/en/": front(link("/en/l/2", "News") + link("/", "中文")), "/en/l/2": page(english), **pages, **more},
    )  # fmt: skip
    assert (result.exit_code, found) == (0, ["/l/1", "/en/l/2"]), result.output


def test_an_english_site_without_news_is_named(home: ArchiveFolder) -> None:
    rows, pages = stories("/n/", TITLES[:8])
    result, found = add(
        home,
        {
            "/": front(link("/l/1", "校园新闻") + link("/en/", "English")),
            "/l/1": page(rows),
            "/en/": front(""),
            **pages,
        },
    )
    assert (result.exit_code, found) == (0, ["/l/1"]), result.output
    assert "/en/ is the site in another language; no list of news was proven there" in " ".join(result.output.split())


def department() -> dict[str, Answer]:
    """A department below a college that has news of its own, which every page's menu names first."""
    menu = link("/all/news", "University news")
    rows, pages = stories("/geo/n/")
    others, more = stories("/all/n/", TITLES[:8])
    return {
        "/": front(menu),
        "/all/news": page(others),
        "/geo/": front(menu + link("/geo/list", "News"), name="Geology"),
        "/geo/list": page(rows),
        **pages,
        **more,
    }


def test_a_department_named_is_what_is_added(home: ArchiveFolder) -> None:
    result, found = add(home, department(), "/geo/")
    assert (result.exit_code, found) == (0, ["/geo/list"]), result.output


def test_a_department_without_news_is_told_from_its_college(home: ArchiveFolder) -> None:
    pages = department()
    pages["/geo/"] = front(link("/all/news", "University news"))
    result, found = add(home, pages, "/geo/")
    assert (result.exit_code, found) == (3, ["/all/news"]), result.output
    assert "which shows no list of its own" in " ".join(result.output.split())


def test_lists_of_other_sites_pages_are_the_operators_to_name(home: ArchiveFolder) -> None:
    rows = "".join(
        f"<li><a href='https://posts.example.org/s/{n:020}'>{title}</a><span>2026-09-{27 - n}</span></li>"
        for n, title in enumerate(TITLES)
    )
    pages = {"/": front(link("/l", "学院新闻")), "/l": page(f"<ul>{rows}</ul>")}
    refused, nothing = add(home, pages)
    assert (refused.exit_code, nothing) == (1, [])
    assert "lies on other sites" in " ".join(refused.output.split())
    named, found = add(home, pages, "/l")
    assert (named.exit_code, found) == (3, ["/l"]), named.output
    assert "without text" in named.output
