"""From an answer to what it means: a pure function, run in the crawl's process or in one beside it."""

from __future__ import annotations

import codecs
import re
from dataclasses import replace

from archive.address import asked, leads_to
from archive.article import Article, Attachment
from archive.coding import LIMIT, CodingError, undo
from archive.instants import parse
from spiders import drawn, garble, numbered, refresh
from spiders.blanks import compiled
from spiders.blocks import STORY, block, prose
from spiders.facts import Block, Item, RawArticle
from spiders.families import family
from spiders.findings import (
    Answer,
    Asset,
    Document,
    Further,
    Gone,
    Reading,
    Redirect,
    Stories,
    Story,
    Trouble,
    Unchanged,
    Undrawn,
)
from spiders.generic import filenames, rights
from spiders.generic.media import counts
from spiders.normalise import content_digest, normalise
from spiders.page import Page, join
from spiders.read import read_article, read_listing, read_page
from spiders.site import Site, owns
from spiders.urls import canonical, split_form

_REDIRECTS = {301, 302, 303, 307, 308}
_GONE = {404, 410}
READABLE = (
    8_000_000  # bytes of a page that are still parsed; real ones are under 1 MB, a parse takes 20x their size in memory
)
_SAID = 20  # links of a page that are no addresses: as many are told of
_FURTHER = 50  # pages of a story behind the first, as archive.store.parts.MOST has it
_PAGES = {"text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml", ""}
_LISTINGS = _PAGES | {
    "application/json",
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
    "text/json",
    "text/javascript",
    "application/javascript",
}


def read(answer: Answer, site: Site) -> Reading:
    """What the answer means. Never raises on account of what a server sent."""
    reading = _read(answer, site)
    return Undrawn() if drawn.wanted(answer, site, reading) else drawn.bounded(answer, reading)


def _read(answer: Answer, site: Site) -> Reading:
    page = Page(
        answer.url,
        b"",
        status=answer.status,
        headers=answer.headers,
        fetched=parse(answer.fetched_at),
        label=site.encoding,
        language=site.language,
        land=site.country,
    )
    if answer.status == 304:
        return Unchanged()
    if answer.status in _REDIRECTS:
        sets = any(name.lower() == "set-cookie" for name, _ in answer.headers)
        return Redirect(_canonical_or_none(leads_to(split_form(page.url)[0], answer.headers)), cookie=sets)
    cut = answer.truncated
    # kept as it came, but half a page makes no row; one cut by its length will be as long tomorrow
    if cut and cut != "disconnect":
        return Trouble(f"truncated_{cut}", f"{len(answer.body)} bytes came", again=cut != "length")
    try:
        entity = undo(answer.body, answer.headers)
    except CodingError as problem:
        return Trouble("undecodable", str(problem))
    if entity.over:
        return Trouble("undecodable", f"more than {LIMIT} bytes once decoded")
    page.content = entity.content
    if cut and not (answer.repeated or page.content[-64:].rstrip().lower().endswith(b"</html>")):
        return Trouble(f"truncated_{cut}", f"{len(answer.body)} bytes came", again=True)
    if answer.status in _GONE and answer.kind != "listing":
        return Gone(f"http_{answer.status}")
    if answer.status != 200:
        return _refusal(page)
    if entity.cut and not answer.repeated and answer.kind != "requisite":
        return Trouble(
            "truncated_coding", f"what was compressed ends, or breaks, after {len(page.content)} bytes", again=True
        )
    if answer.kind in ("attachment", "requisite"):
        return _file(page, answer.kind)
    return _page(page, answer, site)


def _refusal(page: Page) -> Reading:
    """Not 200: a block page by its own name, else trouble that may pass (5xx, 408, 425, 429) or not."""
    found = block(page)
    # 429 asks for patience, it is no wall
    if found is not None and not found.kind.startswith("soft_404") and page.status != 429:
        return found
    return Trouble(
        f"http_{page.status}", f"status {page.status}", again=page.status in (408, 425, 429) or page.status >= 500
    )


def _file(page: Page, kind: str) -> Reading:
    if not page.content:
        return Trouble("empty", "no bytes", again=True)
    html = page.mime in ("text/html", "application/xhtml+xml") and page.content.lstrip()[:1] == b"<"
    if kind == "requisite":
        return Asset(_style_wants(page)) if page.mime == "text/css" else Asset()
    if html:
        return block(page) or Trouble("not_a_document", "an HTML page where a document was expected")
    return _document(page)


def _document(page: Page) -> Document:
    from spiders.documents import Unreadable, text_of  # here: it loads what unpacks, and most crawls meet no document

    name = filenames.served(page.header("content-disposition"))
    try:
        return Document(page.mime, len(page.content), text_of(page.content), name=name)
    except Unreadable as problem:
        return Document(page.mime, len(page.content), None, str(problem), name=name)


def _page(page: Page, answer: Answer, site: Site) -> Reading:
    if (to := _leads_on(page)) is not None:
        return Redirect(to)
    wanted = _LISTINGS if answer.kind in ("listing", "older") else _PAGES
    if not page.content.strip():
        behind = answer.kind == "older" and numbered.may_be_empty(site, page.url)
        return Stories((), (), None, None) if behind else Trouble("empty", "no bytes", again=True)
    of_data = page.mime.endswith("+json") and wanted is _LISTINGS  # application/vnd.api+json, application/ld+json
    if (page.mime not in wanted and not of_data) or (
        page.content.startswith((b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")) and answer.kind == "article"
    ):
        if answer.kind == "article" and "part_of" not in answer.hint:
            item = Item(
                url=answer.url, title=answer.hint.get("title") or _name(page), date=answer.hint.get("date"), kind="file"
            )
            row = replace(
                _row(item, page, site, _name(page)),
                section=answer.hint.get("section", ""),
                rights=rights.of_answer(page),
            )
            return replace(_document(page), story=Story(row, content_digest(row)))
        return Trouble("not_html", f"Content-Type {page.mime or 'missing'}")
    if len(page.content) > READABLE:
        return Trouble("too_long", f"{len(page.content)} bytes, more than any news page; kept, not read")
    if (
        b"\x00" in page.content[:1024]
        and not page.content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        and page.encoding == "utf-8"
    ):
        page.content = page.content.replace(b"\x00", b"")
    if noise := garble.of_page(page.content, page.text, page.encoding):
        return Trouble("not_text", noise, again=True)
    if answer.kind in ("listing", "older"):
        return _listing(page, site, first=answer.kind == "listing")
    item = Item(url=answer.url, title=answer.hint.get("title", ""), date=answer.hint.get("date"))
    told = read_page(page, site, item)
    if isinstance(told, Block):
        return Gone("soft_404") if told.kind == "soft_404" else told
    found, older = told
    if "part_of" in answer.hint:
        of = answer.hint["part_of"]
        story = _story(replace(found, title=found.title or of), page, site, _further(older, site, {of, page.url}))
        return Further(of, answer.hint["page"], story) if isinstance(story, Story) else story
    if not found.section and answer.hint.get("section"):
        found = replace(found, section=answer.hint["section"])
    headed = found.title != answer.hint.get("title") or found.title in page.text
    return _story(found, page, site, _further(older, site, {found.url, page.url}), headed=headed)


def _leads_on(page: Page) -> str | None:
    """Where a page that is no story, and no notice of another kind, sends its reader at once."""
    to = _canonical_or_none(refresh.target(page))
    if to is None or to == page.url or (page.content.strip() and prose(page) >= STORY):
        return None
    found = block(page)
    return to if found is None or found.kind == "empty" else None


def _further(older: tuple[str, ...], site: Site, own: set[str]) -> tuple[str, ...]:
    """Further pages that are the site's own, each once, without those of which it is known what they are."""
    found = dict.fromkeys(
        url for one in older if (url := _canonical_or_none(one)) and url not in own and owns(site, url)
    )
    return tuple(found)[:_FURTHER]


def _story(article: Article, page: Page, site: Site, more: tuple[str, ...] = (), *, headed: bool = True) -> Reading:
    problems = article.problems()
    if problems:
        return Trouble("unreadable", ", ".join(problems))
    if noise := garble.of_words(article.title, article.body):
        return Trouble("not_text", noise, again=True)
    styles = tuple(page.links("link[rel~=stylesheet], link[rel~=icon]")) if site.requisites == "page" else ()
    if site.requisites == "page":
        images = (page.absolute(image.get("src")) for image in page.select("img[src]") if not counts(image))
        styles += tuple(url for url in images if url)
    return Story(
        article,
        content_digest(article, more),
        tuple(dict.fromkeys(map(asked, styles))),
        more,
        malformed=tuple(page.malformed)[:_SAID],
        headed=headed,
    )


def _listing(page: Page, site: Site, *, first: bool) -> Reading:
    found = read_listing(page, site, first=first)
    if isinstance(found, Block):
        return found
    if not found.items:
        return _column(page, site) or Stories(
            (), (), _canonical_or_none(found.older), found.total, malformed=tuple(page.malformed)[:_SAID]
        )
    fetch: list[Item] = []
    rows: list[tuple[Article, str]] = []
    for item in found.items:
        try:
            url = canonical(item.url)
        except ValueError:
            page.malformed[item.url] = None
            continue
        item = replace(item, url=url)
        if item.kind == "article" and owns(site, url):
            fetch.append(item)
        elif item.title:
            row = _row(item, page, site)
            rows.append((row, content_digest(row)))
    return Stories(
        tuple(fetch),
        tuple(rows),
        _canonical_or_none(found.older),
        found.total,
        found.unfollowed,
        tuple(page.malformed)[:_SAID],
    )


def _canonical_or_none(url: str | None) -> str | None:
    try:
        return canonical(url) if url else None
    except ValueError:
        return None


def _name(page: Page) -> str:
    """What a document is to be saved under: as its server says, else as its address does."""
    return filenames.served(page.header("content-disposition")) or filenames.of_address(page.url)


def _row(item: Item, page: Page, site: Site, name: str = "") -> Article:
    """An external item or a document as a row without body: its listing is all there is of it."""
    raw = RawArticle(title=item.title, published=item.date)
    made = normalise(raw, Page(item.url, b"", fetched=page.fetched), site, item)
    if item.kind == "file":
        name = item.title if filenames.EXTENSION.search(item.title) else name or filenames.of_address(item.url)
        return replace(
            made,
            url=item.url,
            kind="file",
            attachments=(Attachment(url=item.url, filename=name, embedded=False),),
            images=(),
            links=(),
        )
    return replace(made, url=item.url, kind="external", attachments=(), images=(), links=())


def _column(page: Page, site: Site) -> Reading | None:
    """A column of one article renders it at the listing's own address (Sudy: list.htm); only families that do so name
    its `column`."""
    mark = {**family(site.family).SELECT, **site.select}.get("column", "")
    if not mark or page.first(mark) is None:
        return None
    found = read_article(page, site)
    return None if isinstance(found, Block) or found.problems() else _story(found, page, site)


_NAMED = compiled(
    r"""
    url\(\s*(?:"([^"]{1,4096})"|'([^']{1,4096})'|([^"'()\s]{1,4096}))\s*\)  # url() in any quotes
    |@import\s+["']([^"']{1,4096})["']  # an import without it
    """,
    re.X,
)


def _style_wants(page: Page) -> tuple[str, ...]:
    """Addresses a stylesheet names: url() and @import (CSS Syntax section 4.3.6)."""
    named = _NAMED.findall(page.text[:500_000])
    found = (join(page.url, next(filter(None, ways))) for ways in named)
    return tuple(dict.fromkeys(asked(url) for url in found if url))[:100]
