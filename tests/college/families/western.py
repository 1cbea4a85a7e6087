"""Drupal and TYPO3."""

from __future__ import annotations

import json
import re
from hashlib import md5
from html import escape
from random import Random

from tests.college.site import CollegeSite, Content, Section
from tests.college.story import File, Story


def _slug(story: Story) -> str:
    text = re.sub(
        r"[^a-z0-9]+", "-", story.title.lower().translate(str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}))
    ).strip("-")
    return f"{text}-{story.moved}" if story.moved else text


class Drupal(CollegeSite):
    """Drupal 10: pages count from 0, times are UTC."""

    family = "drupal"
    name = "Example University News"
    college = "Example University"
    language = "en"
    zone = "UTC"
    precision = "minute"
    per_page = 6
    first_id = 3200
    sections = (Section("news", "News", 20),)

    def path(self, story: Story) -> str:
        """/news/slug."""
        return f"/news/{_slug(story)}"

    def listing_path(self, section: Section, page: int, pages: int) -> str:
        """/news, then ?page=1."""
        return f"/{section.key}" + (f"?page={page - 1}" if page > 1 else "")

    def dress(self, story: Story, random: Random, n: int) -> None:
        """A document on every fourth story."""
        if n % 4 == 2:
            story.files = [
                File(f"/sites/default/files/{story.at:%Y-%m}/plan-{story.id}.pdf", f"plan-{story.id}.pdf", story.title)
            ]

    def dynamic(self, target: str) -> Content | None:
        """?page=0 is the first page."""
        return self.routes()["/news"] if target == "/news?page=0" else None

    def _head(self, title: str) -> str:
        return (
            '<!DOCTYPE html><html lang="en" dir="ltr"><head><meta charset="utf-8" /><meta name="Generator"'
            f' content="Drupal 10 (https://www.drupal.org)" /><title>{escape(title)} | Example'
            " University</title></head>"
        )

    def listing(self, section: Section, page: int, pages: int, rows: list[Story], total: int) -> str:
        """A view with its pager."""
        cards = "".join(
            f'<div class="views-row"><article data-history-node-id="{s.id}" about="{self.path(s)}" class="node'
            f' node--type-news node--view-mode-teaser"><h3 class="node__title"><a href="{self.path(s)}"'
            f' rel="bookmark"><span class="field field--name-title">{escape(s.title)}</span></a></h3><div class="field'
            ' field--name-field-date field--type-datetime"><time'
            f' datetime="{s.at.isoformat()}Z">{s.at:%m/%d/%Y}</time></div><div class="field'
            f' field--name-field-summary">{escape(s.paragraphs[0][:50])}</div></article></div>'
            for s in rows
        )
        onward = (
            f'<li class="pager__item pager__item--next"><a href="?page={page}" title="Go to next page" rel="next"><span'
            ' class="visually-hidden">Next page</span><span aria-hidden="true">››</span></a></li><li'
            f' class="pager__item pager__item--last"><a href="?page={pages - 1}" title="Go to last page"><span'
            ' class="visually-hidden">Last page</span></a></li>'
            if page < pages
            else ""
        )
        settings = json.dumps({"path": {"baseUrl": "/", "currentPath": "news"}})
        return (
            f'{self._head(section.name)}<body class="path-news page-view-news"><div'
            ' class="views-element-container"><div class="view view-news view-id-news view-display-id-page_1"><div'
            f' class="view-content">{cards}</div><nav class="pager" role="navigation"'
            ' aria-labelledby="pagination-heading"><ul class="pager__items js-pager__items"><li class="pager__item'
            f' is-active"><a href="?page={page - 1}" title="Current'
            f' page">{page}</a></li>{onward}</ul></nav></div></div><script type="application/json"'
            f' data-drupal-selector="drupal-settings-json">{settings}</script></body></html>'
        )

    def article(self, story: Story) -> str:
        """A node."""
        files = "".join(
            '<div class="field field--name-field-files"><span class="file file--mime-application-pdf"><a'
            f' href="{f.path}" type="application/pdf">{f.name}</a></span></div>'
            for f in story.files
        )
        body = "".join(f"<p>{escape(text, quote=False)}</p>" for text in story.paragraphs)
        return (
            f'{self._head(story.title)}<body class="path-node page-node-type-news"><h1 class="page-title"><span'
            f' class="field field--name-title">{escape(story.title)}</span></h1><article'
            f' data-history-node-id="{story.id}" class="node node--type-news node--view-mode-full"><div class="field'
            f' field--name-field-date"><time datetime="{story.at.isoformat()}Z">{story.at:%B %d, %Y}</time></div><div'
            f' class="field field--name-field-author">{escape(story.author)}</div><div class="clearfix text-formatted'
            f' field field--name-body field__item">{body}</div>{files}</article></body></html>'
        )


class Typo3(CollegeSite):
    """TYPO3 with EXT:news, in German: a page's address holds a hash that nobody can make up."""

    family = "typo3_news"
    name = "Hochschule Beispielstadt"
    college = "Hochschule Beispielstadt"
    language = "de"
    zone = "Europe/Berlin"
    per_page = 6
    sections = (Section("aktuelles", "Aktuelles", 16),)

    def path(self, story: Story) -> str:
        """/aktuelles/news/artikel/slug."""
        return f"/aktuelles/news/artikel/{_slug(story)}"

    def listing_path(self, section: Section, page: int, pages: int) -> str:
        """/aktuelles, then currentPage with its cHash; without the right hash it is 404."""
        if page == 1:
            return f"/{section.key}"
        key = md5(f"{self.seed}/{page}".encode()).hexdigest()
        return f"/{section.key}?tx_news_pi1%5BcurrentPage%5D={page}&cHash={key}"

    def shown_author(self, story: Story) -> str:
        """Nobody is named."""
        return ""

    def listing(self, section: Section, page: int, pages: int, rows: list[Story], total: int) -> str:
        """The list view of EXT:news."""
        cards = "".join(
            '<div class="article articletype-0" itemscope itemtype="http://schema.org/Article"><div'
            f' class="header"><h3><a title="{escape(s.title)}" href="{self.path(s)}"><span'
            f' itemprop="headline">{escape(s.title)}</span></a></h3></div><p><span class="news-list-date"><time'
            f' itemprop="datePublished" datetime="{s.at:%Y-%m-%d}">{s.at:%d.%m.%Y}</time></span></p><div'
            f' class="teaser-text"><div itemprop="description"><p>{escape(s.paragraphs[0][:60])}</p></div></div></div>'
            for s in rows
        )
        onward = escape(self.listing_path(section, page + 1, pages))
        pager = (
            f'<li><a href="{onward}">{page + 1}</a></li><li class="next"><a href="{onward}">nächste</a></li>'
            if page < pages
            else ""
        )
        return (
            '<!DOCTYPE html><html lang="de"><head><meta charset="utf-8"><meta name="generator" content="TYPO3'
            f' CMS"><title>{section.name}</title></head><body><div class="news"><div class="news-list-view">{cards}<ul'
            f' class="f3-widget-paginator"><li class="current">{page}</li>{pager}</ul></div></div></body></html>'
        )

    def article(self, story: Story) -> str:
        """The single view of EXT:news."""
        body = "".join(f"<p>{escape(text, quote=False)}</p>" for text in story.paragraphs)
        return (
            '<!DOCTYPE html><html lang="de"><head><meta charset="utf-8"><meta name="generator" content="TYPO3'
            f' CMS"><title>{escape(story.title)}</title></head><body><div class="news news-single"><div class="article"'
            ' itemscope itemtype="http://schema.org/Article"><div class="header"><h1'
            f' itemprop="headline">{escape(story.title)}</h1></div><div class="footer"><p><span'
            ' class="news-list-date"><time itemprop="datePublished"'
            f' datetime="{story.at:%Y-%m-%d}">{story.at:%d.%m.%Y}</time></span></p></div><div class="news-text-wrap"'
            f' itemprop="articleBody">{body}</div></div></div></body></html>'
        )
