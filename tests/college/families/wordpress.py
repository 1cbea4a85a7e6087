"""An English college newspaper on WordPress: archive pages, REST, feed, sitemap."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from random import Random
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from tests.college.site import ANCHOR, VIEWS, CollegeSite, Content, Section
from tests.college.story import File, Story
from tests.college.words import say

_JSON = "application/json; charset=UTF-8"


_STYLE = """body { margin: 0 auto; max-width: 44rem; padding: 0 1rem; font: 18px/1.6 Georgia, serif; color: #222; }
.site-header { padding: 1rem; background: #1d3557 url("images/header.png"); }
.site-header a { color: #fff; font-weight: bold; text-decoration: none; }
.entry-title { font-size: 2em; line-height: 1.2; }
.entry-meta, .site-footer { color: #666; font-size: .85em; }
.wp-block-image img { max-width: 100%; height: auto; }
"""


class WordPress(CollegeSite):
    """Two categories; posts with pictures and documents; named bylines."""

    family = "wordpress"
    name = "The Example Courier"
    college = "Example College"
    language = "en"
    zone = "America/New_York"
    precision = "minute"
    first_id = 400
    sections = (Section("news", "News", 48, step=2), Section("sports", "Sports", 12, step=6))

    def __post_init__(self) -> None:
        super().__post_init__()
        self.chunked = True  # PHP behind a proxy does not know its length

    def dress(self, story: Story, random: Random, n: int) -> None:
        """A picture on every other story, a document on every fifth, one sticky, one notice that is scanned."""
        folder = f"/wp-content/uploads/{story.at:%Y/%m}"
        if n % 2 == 0:
            story.images = [self.picture(folder, story, "png" if n % 4 else "jpg")]
        if n % 5 == 3:
            name = say(random, "en", "file")
            story.files = [
                File(f"{folder}/{_slug(name)}-{story.id}.{('pdf', 'docx', 'xlsx')[n % 3]}", name, story.title)
            ]
        if story.section == "news" and n == 17:
            story.title, story.files = "Road Closure Near the East Gate", []
            story.paragraphs = ["The notice that Campus Facilities has posted on all boards is shown here."]
            story.images = [self.scan(f"{folder}/notice-{story.id}.png", story)]
        story.sticky = story.section == "news" and n == 30

    def caption(self, story: Story) -> str:
        """As photographers of student papers write them."""
        return say(Random(f"caption/{story.id}"), "en", "caption")

    def path(self, story: Story) -> str:
        """/2025/09/slug/."""
        return f"/{story.at:%Y/%m}/{_slug(story.title)}{f'-{story.moved + 1}' if story.moved else ''}/"

    def listing_path(self, section: Section, page: int, pages: int) -> str:
        """/category/news/, then page/2/ and on."""
        return f"/category/{section.key}/" + (f"page/{page}/" if page > 1 else "")

    def _head(self, title: str) -> str:
        return (
            f'<meta charset="UTF-8"><title>{escape(title)} - {self.college}</title><meta name="generator"'
            ' content="WordPress 6.6.2" />'
            f'<link rel="alternate" type="application/rss+xml" title="{self.college} &raquo; Feed"'
            f' href="{self.base}/feed/" /><link rel="https://api.w.org/" href="{self.base}/wp-json/" />'
            f"<link rel='stylesheet' href='{self.base}/wp-content/themes/college/style.css?ver=6.6.2' />"
            '<link rel="license" href="https://creativecommons.org/licenses/by-nc/4.0/" />'
            f'<link rel="icon" href="{self.base}/wp-content/uploads/site-icon-32x32.png" sizes="32x32" />'
        )

    def _aware(self, story: Story) -> datetime:
        return story.at.replace(tzinfo=ZoneInfo(self.zone))

    def listing(self, section: Section, page: int, pages: int, rows: list[Story], total: int) -> str:
        """An archive page of a category."""
        cards = "".join(self._card(story) for story in rows)
        return (
            f'<!DOCTYPE html><html lang="en-US"><head>{self._head(section.name)}</head><body class="archive category'
            f' category-{section.key} wp-custom-logo"><main id="main"'
            f' class="site-main">{cards}{self._pager(section, page, pages)}</main><aside class="widget"><h2>Recent'
            f' Comments</h2><a href="{self.base}/about/">About</a></aside></body></html>'
        )

    def _card(self, story: Story) -> str:
        url = self.base + self.path(story)
        return (
            f'<article id="post-{story.id}" class="post-{story.id} post type-post status-publish'
            f' format-standard{" sticky" if story.sticky else ""} hentry category-{story.section}"><header'
            f' class="entry-header"><h2 class="entry-title"><a href="{url}"'
            f' rel="bookmark">{escape(story.title)}</a></h2><div class="entry-meta"><time class="entry-date published"'
            f' datetime="{self._aware(story).isoformat()}">{story.at:%Y-%m-%d}</time> <span class="author vcard"><a'
            ' class="url fn n"'
            f' href="{self.base}/author/{_slug(story.author)}/">{escape(story.author)}</a></span></div></header><div'
            f' class="entry-summary"><p>{escape(story.paragraphs[0][:60])}…</p></div></article>'
        )

    def _pager(self, section: Section, page: int, pages: int) -> str:
        if pages == 1:
            return ""
        links = [f'<span aria-current="page" class="page-numbers current">{page}</span>']
        if page > 1:
            links.insert(
                0,
                '<a class="prev page-numbers"'
                f' href="{self.base}{self.listing_path(section, page - 1, pages)}">Previous</a>',
            )
        if page < pages:
            links.append(
                f'<a class="page-numbers" href="{self.base}{self.listing_path(section, pages, pages)}">{pages}</a>'
            )
            links.append(
                f'<a class="next page-numbers" href="{self.base}{self.listing_path(section, page + 1, pages)}">Next</a>'
            )
        return (
            f'<nav class="navigation pagination" aria-label="Posts"><div class="nav-links">{"".join(links)}</div></nav>'
        )

    def _content(self, story: Story) -> str:
        parts = [f"<p>{escape(text, quote=False)}</p>" for text in story.paragraphs]
        for image in story.images:
            below = f"<figcaption>{escape(image.caption, quote=False)}</figcaption>" if image.caption else ""
            parts.insert(
                1, f'<figure class="wp-block-image"><img src="{self.base}{image.path}" alt="" />{below}</figure>'
            )
        parts += [
            f'<div class="wp-block-file"><a href="{self.base}{file.path}">{escape(file.name)}</a></div>'
            for file in story.files
        ]
        return "\n".join(parts)

    def article(self, story: Story) -> str:
        """A post with JSON-LD, Open Graph and microformats."""
        url, at = self.base + self.path(story), self._aware(story)
        changed = (story.edited or story.at).replace(tzinfo=at.tzinfo).astimezone(UTC).isoformat()
        facts = {
            "@context": "https://schema.org",
            "@graph": [
                {
                    "@type": "NewsArticle",
                    "headline": story.title,
                    "datePublished": at.astimezone(UTC).isoformat(),
                    "author": {"@type": "Person", "name": story.author},
                }
            ],
        }
        named = f'<link rel="alternate" hreflang="zh-CN" href="{story.translates}" />' if story.translates else ""
        return (
            f'<!DOCTYPE html><html lang="en-US"><head>{self._head(story.title)}<link rel="canonical" href="{url}"'
            f' />{named}<meta property="og:type" content="article" /><meta property="og:title"'
            f' content="{escape(story.title)}" />'
            f'<meta property="article:published_time" content="{at.astimezone(UTC).isoformat()}" /><meta'
            f' property="article:modified_time" content="{changed}" />'
            f"<script type=\"application/ld+json\">{json.dumps(facts)}</script><link rel='shortlink'"
            f" href='{self.base}/?p={story.id}' /></head>"
            f'<body class="post-template-default single single-post postid-{story.id}"><header class="site-header"><a'
            f' href="{self.base}/">{self.name}</a></header><article id="post-{story.id}" class="post-{story.id} post'
            ' type-post hentry">'
            f'<h1 class="entry-title">{escape(story.title)}</h1><div class="entry-meta"><time class="entry-date'
            f' published" datetime="{at.isoformat()}">{story.at:%B} {story.at.day}, {story.at.year}</time> by <span'
            f' class="author vcard">{escape(story.author)}</span>'
            f' <span class="post-views">{VIEWS} views</span></div><div class="entry-content">{self._content(story)}<div'
            ' class="sharedaddy">Share this</div></div></article>'
            f'<footer class="site-footer">© Example College</footer></body></html>'
        )

    def others(self) -> Iterator[tuple[str, Content]]:
        """Feed pages, sitemaps, a style sheet."""
        posts = self._posts()
        changed = ANCHOR + timedelta(minutes=self.changes)
        for page in range(1, -(-len(posts) // 10) + 1):
            feed = Content(
                lambda some=posts[(page - 1) * 10 : page * 10]: self._feed(some),
                "application/rss+xml; charset=UTF-8",
                changed,
            )
            yield ("/feed/" if page == 1 else f"/feed/?paged={page}"), feed
        yield (
            "/wp-sitemap.xml",
            Content(
                lambda: self._sitemap([f"{self.base}/wp-sitemap-posts-post-1.xml"], "sitemap"),
                "application/xml",
                changed,
            ),
        )
        yield (
            "/wp-sitemap-posts-post-1.xml",
            Content(
                lambda: self._sitemap([self.base + self.path(story) for story in posts], "url", posts),
                "application/xml",
                changed,
            ),
        )
        yield "/wp-content/themes/college/style.css?ver=6.6.2", Content(lambda: _STYLE, "text/css", ANCHOR)
        for path in ("/wp-content/themes/college/images/header.png", "/wp-content/uploads/site-icon-32x32.png"):
            picture = File(path, path.rpartition("/")[2], "header", look="icon")
            yield path, Content(lambda picture=picture: picture.content, picture.mime, ANCHOR)

    def _posts(self) -> list[Story]:
        return sorted(self.stories, key=lambda story: (story.at, story.id), reverse=True)

    def dynamic(self, target: str) -> Content | None:
        """The REST collection of posts: page, per_page, after and before are understood, other parameters ignored."""
        path, _, query = target.partition("?")
        if path != "/wp-json/wp/v2/posts":
            return None
        asked = dict(parse_qsl(query))
        posts = [
            story for story in self._posts() if asked.get("after", "") < story.at.isoformat() < asked.get("before", "9")
        ]
        size, page = int(asked.get("per_page", 10)), int(asked.get("page", 1))
        pages = -(-len(posts) // size)
        if page > max(pages, 1):
            problem = {
                "code": "rest_post_invalid_page_number",
                "message": "The page number requested is larger than the number of pages available.",
                "data": {"status": 400},
            }
            return Content(lambda: json.dumps(problem), _JSON, status=400)
        some = posts[(page - 1) * size : page * size]
        headers = (("X-WP-Total", str(len(posts))), ("X-WP-TotalPages", str(pages)))
        return Content(
            lambda: json.dumps([self._post(story) for story in some]),
            _JSON,
            ANCHOR + timedelta(minutes=self.changes),
            headers,
        )

    def _post(self, story: Story) -> dict[str, object]:
        return {
            "id": story.id,
            "date": story.at.isoformat(),
            "date_gmt": self._aware(story).astimezone(UTC).replace(tzinfo=None).isoformat(),
            "modified_gmt": (
                (story.edited or story.at)
                .replace(tzinfo=ZoneInfo(self.zone))
                .astimezone(UTC)
                .replace(tzinfo=None)
                .isoformat()
            ),
            "link": self.base + self.path(story),
            "title": {"rendered": escape(story.title)},
            "content": {"rendered": self._content(story)},
            "sticky": story.sticky,
            "excerpt": {"rendered": f"<p>{escape(story.paragraphs[0][:60])}…</p>"},
            "author": 1,
            "categories": [1],
        }

    def _feed(self, posts: list[Story]) -> str:
        items = "".join(
            f"<item><title>{escape(story.title)}</title><link>{self.base}{self.path(story)}</link><dc:creator>"
            f"<![CDATA[{story.author}]]></dc:creator>"
            f"<pubDate>{format_datetime(self._aware(story).astimezone(UTC))}</pubDate>"
            "<guid"
            f' isPermaLink="false">{self.base}/?p={story.id}</guid><description>'
            f"<![CDATA[{story.paragraphs[0][:60]}]]></description></item>"
            for story in posts
        )
        return (
            '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"'
            f' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>{self.name}</title>'
            f"<link>{self.base}</link><generator>https://wordpress.org/?v=6.6.2</generator>{items}</channel></rss>"
        )

    def _sitemap(self, urls: list[str], tag: str, posts: list[Story] | None = None) -> str:
        dates = (
            [f"<lastmod>{(story.edited or story.at).isoformat()}+00:00</lastmod>" for story in posts]
            if posts
            else [""] * len(urls)
        )
        root = "sitemapindex" if tag == "sitemap" else "urlset"
        rows = "".join(f"<{tag}><loc>{url}</loc>{date}</{tag}>" for url, date in zip(urls, dates, strict=True))
        return (
            f'<?xml version="1.0" encoding="UTF-8"?><{root}'
            f' xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</{root}>'
        )

    def robots(self) -> str:
        """As WordPress makes it."""
        return super().robots() + f"Sitemap: {self.base}/wp-sitemap.xml\n"


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower().replace("’", "").replace("'", "")).strip("-")
