"""What the page of an article says of itself to machines: Highwire and Dublin Core, JSON-LD, COinS, Robust Links."""

from __future__ import annotations

from html import escape
from typing import Any
from urllib.parse import urlencode

from archive.citing.cited import Cited


def meta(cited: Cited, page: str) -> list[tuple[str, str]]:
    """Names and contents of <meta>: Highwire's as Google Scholar and Zotero read them, then Dublin Core's."""
    day = (cited.published or "").replace("-", "/")
    fields = [
        ("citation_title", cited.title),
        *(("citation_author", name) for name in cited.authors),
        ("citation_publication_date", day),
        ("citation_online_date", day),
        ("citation_journal_title", cited.site),
        ("citation_publisher", cited.publisher),
        ("citation_language", cited.language),
        ("citation_public_url", cited.url),
        ("DC.title", cited.title),
        *(("DC.creator", name) for name in cited.authors),
        ("DC.date", cited.published),
        ("DC.publisher", cited.publisher),
        ("DC.language", cited.language),
        ("DC.type", "Text"),
        ("DC.identifier", page),
        ("DC.source", cited.url),
    ]
    return [(name, value) for name, value in fields if value]


def json_ld(cited: Cited, page: str, memento: str | None) -> dict[str, Any]:
    """A schema.org NewsArticle: `archivedAt` is the page as it was, `sdDatePublished` the day on which it was so."""
    document = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": page,
        "headline": cited.title,
        "url": cited.url,
        "inLanguage": cited.language,
        "articleSection": cited.section,
        "datePublished": cited.published,
        "author": [{"@type": "Person", "name": name} for name in cited.authors],
        "publisher": {"@type": "Organization", "name": cited.publisher} if cited.publisher else None,
        "isPartOf": {"@type": "WebSite", "name": cited.site},
        "identifier": f"urn:campuswarc:article:{cited.id}",
        "archivedAt": memento,
        "sdDatePublished": cited.accessed,
    }
    return {name: value for name, value in document.items() if value}


def coins(cited: Cited) -> str:
    """The `title` of a COinS span (OpenURL ContextObject, ANSI/NISO Z39.88-2004, Dublin Core format)."""
    fields = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", "info:ofi/fmt:kev:mtx:dc"),
        ("rft.type", "newspaperArticle"),
        ("rft.title", cited.title),
        *(("rft.creator", name) for name in cited.authors),
        ("rft.source", cited.site),
        ("rft.publisher", cited.publisher),
        ("rft.date", cited.published),
        ("rft.language", cited.language),
        ("rft.identifier", cited.url),
    ]
    return urlencode([(name, value) for name, value in fields if value])


def robust_link(cited: Cited, memento: str) -> str:
    """A link that names the page, the copy and its day (robustlinks.mementoweb.org/spec), to be pasted."""
    return (
        f'<a href="{escape(cited.url)}" data-originalurl="{escape(cited.url)}" data-versionurl="{escape(memento)}"'
        f' data-versiondate="{(cited.captured or "")[:10]}">{escape(cited.title)}</a>'
    )
