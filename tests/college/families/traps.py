"""A site in WordPress dress whose listings are full of traps: links nobody should follow, pagers that never end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from html import escape

from tests.college.families.wordpress import WordPress
from tests.college.site import Content, Section
from tests.college.story import Story

OUT_OF_BOUNDS = (
    "http://127.0.0.1:9/private/",
    "http://169.254.169.254/latest/meta-data/",
    "http://localhost:9/admin/",
    "http://[::1]:9/",
    "http://[::ffff:169.254.169.254]/",
    "http://10.0.0.1/",
    "http://2130706433:9/",
    "http://0x7f000001:9/",
    "http://0.0.0.0:9/",
)
NO_PAGES = (
    "javascript:alert(1)",
    "data:text/html,<h1>news</h1>",
    "file:///etc/passwd",
    "ftp://127.0.0.1/news",
    "mailto:news@example.edu",
    "http://",
    "http://[broken/",
    "",
)


class Traps(WordPress):
    """Sections: honest news, odd spellings of links, a calendar without end, a pager to itself, two that lead to each
    other."""

    sections = (Section("news", "News", 12),)
    listings = ("news", "odd", "calendar", "self", "pingpong")

    def entry(self) -> str:
        """All its listings, the good and the bad."""
        head, _, _ = super().entry().partition("listings = ")
        listings = ", ".join(f'{{ url = "{self.base}/category/{name}/" }}' for name in self.listings)
        return f"{head}listings = [{listings}]\n"

    def odd_links(self) -> list[tuple[str, str]]:
        """Spellings of the address of a story, each with the address it means."""
        stories = (self.rows(self.sections[0]) * 7)[:7]
        urls = [self.base + self.path(story) for story in stories]
        host = self.base.removeprefix("http://")
        return [
            (urls[0] + "#comments", urls[0]),
            (urls[1] + "?utm_source=feed&utm_medium=rss", urls[1]),
            (f"HTTP://{host}{self.path(stories[2])}", urls[2]),
            (f"http://user:secret@{host}{self.path(stories[3])}", urls[3]),
            (f"{self.path(stories[4])[:-2]}%{ord(self.path(stories[4])[-2]):02x}/", urls[4]),
            (f" {urls[5]}\n", urls[5]),
            (f"{urls[6]}?fbclid=abc#top", urls[6]),
        ]

    def _page(self, name: str, links: list[str], older: str) -> str:
        cards = "".join(
            f'<article class="post hentry"><h2 class="entry-title"><a href="{escape(href)}" rel="bookmark">Item {n} of'
            f" {name}</a></h2></article>"
            for n, href in enumerate(links)
        )
        return (
            f'<!DOCTYPE html><html lang="en-US"><head>{self._head(name)}</head><body class="archive"><main>{cards}<nav'
            ' class="navigation pagination"><div class="nav-links"><a class="next page-numbers"'
            f' href="{older}">Next</a></div></nav></main></body></html>'
        )

    def others(self) -> Iterator[tuple[str, Content]]:
        """The pages of the traps that are always the same."""
        yield from super().others()
        odd = [href for href, _ in self.odd_links()]
        yield (
            "/category/odd/",
            Content(
                lambda: self._page(
                    "odd", [*odd, *OUT_OF_BOUNDS, *NO_PAGES, "http://新闻.example/条目/"], "javascript:void(0)"
                )
            ),
        )
        news = [self.base + self.path(story) for story in self.rows(self.sections[0])[:3]]
        yield "/category/self/", Content(lambda: self._page("self", news, "/category/self/"))
        yield "/category/pingpong/", Content(lambda: self._page("pingpong", news, "/category/pong/"))
        yield "/category/pong/", Content(lambda: self._page("pong", news, "/category/pingpong/"))

    def dynamic(self, target: str) -> Content | None:
        """A calendar that goes back one month with every page, for ever, and shows the same stories."""
        if target.startswith("/category/calendar/"):
            shown = target.removeprefix("/category/calendar/").strip("/")
            month = date.fromisoformat(f"{shown}-01") if shown else date(2025, 9, 1)
            older = f"/category/calendar/{month - timedelta(days=1):%Y-%m}/"
            news = [self.base + self.path(story) for story in self.rows(self.sections[0])[:2]]
            return Content(lambda: self._page(f"calendar {month:%Y-%m}", news, older))
        return super().dynamic(target)

    def article(self, story: Story) -> str:
        """A story whose words link to where no crawler may go."""
        bad = "".join(
            f'<p><a href="{escape(href)}">more</a> <img src="{escape(href)}"></p>'
            for href in (*OUT_OF_BOUNDS[:3], *NO_PAGES[:3])
        )
        return super().article(story).replace('<div class="sharedaddy">', bad + '<div class="sharedaddy">')
