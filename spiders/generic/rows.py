"""Links of a page and the rows they stand in: what the listing finder scores."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast
from urllib.parse import unquote, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from archive.patterns import deferred
from spiders.generic import headline, rowdate, urldate
from spiders.generic.headline import weight
from spiders.page import WORDS, Page, one_line

FILES = deferred(
    r"""
    \.(?:pdf|docx?|xlsx?|pptx?|wps|et|dps|ofd|zip|rar|7z|csv|txt|odt|ods|mp[34])  # ends of files
    (?:$|[?#])
    |/download\.jsp\?|/virtual_attach_file\.vsb  # addresses that send one
    """,
    re.I | re.X,
)
# words of links that lead through a listing, not to a story
_WAY = deferred(
    r"""
    [\s\d<>«»‹›→←↑.…·|\[\]()（）/]*  # numbers and signs alone
    |(?:
        # Chinese: first, last, previous, next
        第?[一1]页|首\s*页|尾\s*页|末\s*页|最后一?页|上一?页|下一?页|前一页|后一页|上页
        |下页|跳转|转到|返回(?:首页|上级|列表)?|更多(?:新闻)?|查看(?:更多|详[情细]|全文)  # back, more
        |阅读(?:全文|更多)|详[情细]|全文  # read
        |more
    )[\s>»›.…]*
    |(?:
        (?:next|prev(?:ious)?|first|last|older|newer)  # English: a page on or back
        (?:\ (?:page|posts?|entries|articles|stories|news))?
        |(?:read|view|see|load|show|learn)\ (?:more|all|full\ (?:story|article))  # read more
        |(?:view\ |see\ |browse\ )?all\ (?:\w+\ ){0,2}  # all of them
        (?:news|stories|articles|posts|notices|announcements|(?:press\ )?releases|updates)
        |(?:news|story|stories|notices?)\ archives?
        |continue\ reading|more\ (?:news|stories)|view\ all|see\ all  # more of them
        |back(?:\ to\ (?:top|news))?|go\ to\ page\ \d+  # back, a page by number
    )[\s>»›.…→]*
    """,
    re.I | re.X,
)
_ARTICLE = deferred(
    r"""
    /info/\d+/\d+\.|/c\d+a\d+/|/t20\d{6}_\d+|/art_\d+_\d+  # Chinese systems
    |/(?:19|20)\d\d(?:[/-]?(?:0?[1-9]|1[0-2]))(?:[/-]?\d\d?)?/[^/]  # year and month
    |/\d{3,}(?:_\d+)?(?:\.\w{2,5})?/?$|[/_-]\d{4,}(?:\.\w{2,5})?/?$  # numbers
    |/[0-9a-f]{16,}(?:\.\w{2,5})?$  # digests
    |[?&](?:  # a parameter
        id|aid|nid|newsid|news_id|articleid|article_id|contentid|infoid|wbnewsid|docid|p
        |itemid
    )=[\w-]*\d
    |/(?:  # a section, and a name in it
        article|articles|news|story|stories|posts?|blog|press-releases?|announcements?
        |newsroom|aktuelles|actualites?|noticias|notizie|contents?|show|detail|view|node
    )/(?:[^/]+/)*[^/]*[^/.]{6,}
    |/[a-z0-9]+(?:-[a-z0-9]+){3,}(?:\.\w{2,5})?/?$  # words joined by hyphens
    """,
    re.I | re.X,
)
_NOT_ARTICLE = deferred(
    r"""
    /(?:
        tags?|category|categories|topics?|authors?|staff|people|profile|users?|login  # sections of a site
        |search|feed|rss|page
    )/
    |/(?:list|index|main)\d*(?:_\d+)?\.\w+$|/list-\d+-\d+\.html|a=lists|[?&]page=\d+$  # pages of lists
    |^mailto:|/$(?<=^/)  # the home page
    """,
    re.I | re.X,
)
_AUTHOR = deferred(r"author|byline|categor|tag|vcard|comment|share|social", re.I)
_STICKY_TEXT = deferred(r"[\[【(（]?置\s*顶[\]】)）]?|[\[【]顶[\]】]|\bpinned\b", re.I)
_STICKY_CLASS = deferred(r"(?:^|[\s_-])(?:sticky|pinned|is-?top|top|zhiding|istop)(?:$|[\s_-])", re.I)
GOES = deferred(
    r"""
    (?:location(?:\.href)?\s*=|window\.open\(|location\.(?:assign|replace)\()  # what goes there
    \s*(?:encodeURI\(\s*)?["']([^"'\s]+)["']  # where
    """,
    re.I | re.X,
)  # a script's plain address
_LENGTH = etree.XPath("string-length()")
_ROW = 6000  # characters: an element with more is no row of a list
_SENTENCE = 40  # characters: a longer run of text is a summary, and its dates are of what happened
_EDGE = " -|·:：[]()（）【】,，"
_DATE_CLASS = deferred(r"date|time|meta|publish|update|rq|riqi|shijian", re.I)


@dataclass(slots=True, eq=False)
class Link:
    """One <a> with what is known of it before its row is."""

    element: HtmlElement
    url: str
    text: str
    rank: float = 0.0  # how likely it is the headline of its row
    way: bool = False  # leads through the listing: pager, 'more'
    story: bool = False  # its address looks like an article's


@dataclass(slots=True, eq=False)
class Row:
    """An element that may be one item of a listing."""

    element: HtmlElement
    link: Link
    title: str
    date: str | None = None
    pure: bool = True  # has one headline
    sticky: bool = False
    borrowed: bool = False  # its headline stands beside a link that says only "Read more"

    @property
    def weight(self) -> int:
        """Length of the title, a Chinese character counted as three letters."""
        return weight(self.title)

    @property
    def story(self) -> bool:
        """Whether the address looks like an article's, carries a date, or is a document."""
        return self.link.story


def story_address(url: str) -> bool:
    """Whether an address looks like one of an article or a document, rather than a listing, a tag or a section."""
    parts = urlsplit(url)
    rest = f"{parts.path}?{parts.query}" if parts.query else parts.path
    if parts.hostname == "mp.weixin.qq.com":
        return True
    if _NOT_ARTICLE.search(rest):
        return bool(re.search(r"/c\d+a\d+/|/info/\d+/\d+", rest))
    return bool(_ARTICLE.search(rest) or FILES.search(rest) or urldate.find(url))


def shape(url: str) -> str:
    """What addresses of one kind have in common: host, folders with digits folded, ending."""
    parts = urlsplit(url)
    *folders, last = unquote(parts.path).split("/")
    ending = last.rpartition(".")[2] if "." in last else ""
    folded = [re.sub(r"\d+", "0", folder) if not re.search(r"-\w+-\w+-", folder) else "*" for folder in folders]
    keys = ",".join(sorted(pair.partition("=")[0] for pair in parts.query.split("&") if pair))
    return f"{parts.hostname}{'/'.join(folded)}/*.{ending}?{keys}"


def links(page: Page) -> list[Link]:
    """Every link to another web page, in document order."""
    found = []
    for element in page.tree.iter("a"):
        href = (element.get("href") or "").strip()
        if (not href or href.startswith("#") or href.lower().startswith("javascript:")) and (
            scripted := GOES.search(f"{href} {element.get('onclick') or ''}")
        ):
            href = scripted[1]
        url = page.absolute(href)
        if not url or href.startswith("#"):
            continue
        text = one_line(element) or _alt(element)
        link = Link(
            element,
            url,
            text,
            story=story_address(url),
            way=bool(_WAY.fullmatch(text) or headline.READ.fullmatch(text)),
        )
        link.rank = _rank(link)
        found.append(link)
    return found


def _alt(element: HtmlElement) -> str:
    image = next(element.iter("img"), None)
    return " ".join((image.get("alt") or image.get("title") or "").split()) if image is not None else ""


def _rank(link: Link) -> float:
    """How much a link looks like a headline, beside the other links of its row."""
    element, score = link.element, float(min(weight(link.text), 60))
    if link.way:
        return 0.1
    parent = element.getparent()
    if any(next(element.iter(tag), None) is not None for tag in headline.HEADINGS) or any(
        near is not None and near.tag in headline.HEADINGS
        for near in (parent, parent.getparent() if parent is not None else None)
    ):
        score += 40
    if link.story:
        score += 25
    if element.get("rel") == "bookmark" or "title" in (element.get("class") or "").lower():
        score += 20
    if _NOT_ARTICLE.search(urlsplit(link.url).path) or _AUTHOR.search(f"{element.get('class')} {element.get('rel')}"):
        score -= 50
    if (shown := rowdate.find(link.text)) and len(link.text) - (shown.end - shown.start) < 4:
        score -= 40
    return score


def row(element: HtmlElement, own: Sequence[Link]) -> Row | None:
    """The row an element makes of its links; None where it has no headline."""
    main = max(own, key=lambda link: link.rank)
    borrowed = (
        main.way
        and len({link.url for link in own}) == 1
        and (not main.text or bool(headline.READ.fullmatch(main.text)))
    )
    if (main.way or main.rank < 0) and not borrowed:
        return None
    same = [link.element for link in own if link.url == main.url and not link.way]
    said = headline.beside(element) if borrowed else headline.of(main.element, same) or main.text
    title = " ".join(_STICKY_TEXT.sub("", said).strip("·•▪◆■> \u3000").split())
    if not title or (rowdate.find(title) and weight(title) < 12):
        return None  # a month of an archive, a day of a calendar
    others = {
        link.url
        for link in own
        if link.url != main.url and not link.way and not _beside(link, main) and link.rank >= max(16.0, 0.6 * main.rank)
    }
    made = Row(
        element,
        main,
        title,
        pure=len(own) <= 12 and not others and cast(float, _LENGTH(element)) < _ROW,
        borrowed=borrowed,
    )
    if made.pure:
        nodes = _nodes(element)
        made.date = _date(element, title, nodes)
        if not made.date and (shown := rowdate.find(title)):  # the link holds headline and date
            made.title, made.date = _without(title, shown), shown.text
        made.sticky = bool(_STICKY_CLASS.search(element.get("class") or "") or _STICKY_TEXT.search(" ".join(nodes)))
    return made


def _beside(link: Link, main: Link) -> bool:
    """Whether a link only goes with the story of the headline: a document or another site's page in its teaser."""
    if headline.inline(link.element):
        return True
    elsewhere = bool(FILES.search(link.url)) or urlsplit(link.url).hostname != urlsplit(main.url).hostname
    return elsewhere and not FILES.search(main.url) and headline.place(main.element) > headline.place(link.element)


def _without(title: str, shown: rowdate.Shown) -> str:
    """The headline without a date before or behind it; one in its midst is part of it."""
    before, after = (part.strip(_EDGE) for part in (title[: shown.start], title[shown.end :]))
    rest = before or after
    return title if (before and after) or weight(rest) < 8 else rest


def extend(rows: Sequence[Row]) -> None:
    """Find the dates that stand beside rows instead of inside: `dt` and `dd`, headings in a row, `<a> 2026-09-28
    <br>`."""
    wanting = [found for found in rows if not found.date]
    if len(wanting) < len(rows) * 0.6:
        return
    owners = {found.element: found for found in rows}
    parents: dict[HtmlElement, list[Row]] = defaultdict(list)
    for found in rows:
        parents[found.element.getparent()].append(found)
    for parent in parents:
        before: list[HtmlElement | str] = [parent.text or ""]
        gaps: list[tuple[Row | None, Row | None, list[HtmlElement | str]]] = []
        last: Row | None = None
        for child in parent:
            if child in owners:
                gaps.append((last, owners[child], before))
                last, before = owners[child], [child.tail or ""]
            else:
                before += [child, child.tail or ""]
        gaps.append((last, None, before))
        dates = [(above, below, _date_of(gap)) for above, below, gap in gaps]
        leading = bool(dates[0][2]) and not dates[-1][2]  # the date stands above its row
        for above, below, shown in dates:
            owner = below if leading else above
            if owner is not None and not owner.date:
                owner.date = shown


def _date_of(gap: Sequence[HtmlElement | str]) -> str | None:
    texts = [part if isinstance(part, str) else _words(part) for part in gap]
    shown = rowdate.find(" ".join(texts)[:400])
    return shown.text if shown else None


def _date(element: HtmlElement, title: str, nodes: Sequence[str]) -> str | None:
    """What the row says of its date: for machines, in an element marked so, else anywhere in its text but in the
    title."""
    inner = [found for found in element.iter() if isinstance(found.tag, str)]
    for found in inner:
        said = (
            (found.get("datetime") or one_line(found)).strip()
            if found.tag == "time"
            else (found.get("data-time") or found.get("data-date") or "")
        )
        if said and (found.tag == "time" or rowdate.find(said)):
            return said.strip()
    for found in inner[1:]:
        if (
            found.tag != "a"
            and _DATE_CLASS.search(found.get("class") or "")
            and (shown := rowdate.find(_words(found)[:200]))
        ):
            return shown.text
    others = [node for node in nodes if not (len(node) > 3 and node in title)]
    if shown := rowdate.find(" ".join(node for node in others if len(node) <= _SENTENCE)):
        return shown.text
    for node in others:  # of a summary only a whole date at its very edge: '9月25日，学校召开' tells of an event
        shown = rowdate.find(node[:400])
        if shown and re.match(r"(?:19|20)\d\d", shown.text) and (shown.start < 3 or shown.end > len(node) - 3):
            return shown.text
    return None


def _nodes(element: HtmlElement) -> list[str]:
    """Runs of text, white space folded, the empty ones left out; none of a comment."""
    if not isinstance(element.tag, str):
        return []
    nodes = (" ".join(node.split()) for node in cast(list[str], WORDS(element)))
    return [node for node in nodes if node]


def _words(element: HtmlElement) -> str:
    """Text of an element, one space between nodes."""
    return " ".join(_nodes(element))
