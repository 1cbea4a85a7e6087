"""Pages, feeds and style sheets that grow in one respect."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace

from spiders.findings import Answer, Reading
from spiders.generic import arbiter
from spiders.page import Page
from spiders.read import UNKNOWN
from spiders.reading import read
from tests.hostile.measure import Family

Make = Callable[[int], str]
N = 60_000  # bytes; the largest page is 4n
_STORY = "<p>The committee walked along the river and counted the boats that had been left over the winter.</p>" * 6
_NESTED = (
    "div", "b", "span", "font", "blockquote", "ul><li", "table><tr><td", "dl><dd", "section", "a href=/x", "form",
    "button", "noscript", "template", "svg", "math", "select", "ruby><rt", "object", "iframe", "center", "h2",
)  # fmt: skip
_REPEATED = {
    "empty paragraphs": "<p></p>",
    "paragraphs": "<p>x y</p>",
    "paragraphs with NUL": "<p>a\x00b</p>",
    "lines": "x<br>",
    "the same link": "<a href=/x>x</a>",
    "headings": "<h1>t</h1>",
    "second headings": "<h2>part</h2><p>x</p>",
    "times": '<time datetime="2025-02-03">x</time>',
    "dates": "2025-02-03 ",
    "dates in Chinese": "<span>发布时间：2025年2月3日</span>",
    "dates in words": "<i>Feb. 3, 2025 at 4:05 p.m.</i> ",
    "pictures": "<figure><img src=/a.png alt=b><figcaption>c</figcaption></figure>",
    "rows of a table": "<tr><td>x<td>y</tr>",
    "tables": "<table><tr><td>x</table>",
    "comments": "<!-- c -->",
    "options": "<option>o",
    "meta": '<meta name="k" content="v">',
    "scripts": "<script>var a=1</script>",
    "styles": "<style>a{b:c}</style>",
    "bylines": "<p>By Ann Lee</p>",
    "bylines in Chinese": "<p>作者：李明　编辑：王芳</p>",
    "credits": "<p>Photo by Ann Lee / Staff</p>",
    "JSON-LD": '<script type="application/ld+json">{"@type":"NewsArticle","headline":"h"}</script>',
    "microdata": '<div itemscope itemtype="https://schema.org/NewsArticle"><b itemprop=headline>h</b></div>',
    "open title": "<title",
    "open comment": "<!--",
    "open tag": "<p ",
    "open anchor": "<a href=",
    "open quotation": '<a href="',
    "open script": "<script>",
    "open CDATA": "<![CDATA[",
    "open instruction": "<?x ",
    "less than": "<",
    "references": "&amp;",
    "broken references": "&#x",
    "long references": "&#99999999;",
    "surrogates": "&#xD800;",
    "end tags": "</div>",
    "end of the page": "</body></html>",
    "bodies": "<body class=a>",
    "heads": "<head>",
    "base": '<base href="/a/">',
    "frames": "<iframe src=/f.html></iframe>",
    "forms": "<form><input name=a value=b></form>",
    "pager calls": "<script>createPageHTML(9,1,'index','htm');</script>",
    "page numbers": "<span>1/9 共9页 下一页 »</span>",
    "marks beyond Unicode": "\ufffe",
    "wide spaces": "\u3000",
    "joiners": "\u200b",
    "accents": "\u0301",
    "directions": "\u202e",
    "brackets": "（",
    "quotations": "「",
    "stops": "。",
    "bars": "a | ",
    "semicolons": "&nbsp;;",
    "hyphens": "-",
    "digits": "7",
    "blanks": " ",
    "line ends": "\n",
    "tabs": "\t",
    "ellipses": "...",
    "addresses": "https://a.example/b ",
    "mails": "a@b.example ",
    "telephones": "0551-1234567 ",
    "apologies": "404 not found 系统提示 ",
}
_INSIDE = {
    "in a title": lambda text: _page(_STORY, head=f"<title>{text}</title>"),
    "in a heading": lambda text: _page(f"<h1>{text}</h1>{_STORY}"),
    "before the story": lambda text: _page(f"<div class=info>{text}</div>{_STORY}"),
    "in the story": lambda text: _page(f"{_STORY}{text}{_STORY}"),
    "in a row": lambda text: _list(f"<li><a href=/n/1.html>{text}</a> 2025-02-03</li>"),
    "alone": lambda text: text,
}
_VALUES = {
    "class": "a b ", "style": "color:red;", "href": "/a", "href of dots": "/..", "href of percent": "%", "id": "x",
    "src": "a/", "srcset": "a.png 1x, ", "srcset of commas": ",", "datetime": "2025-", "content": "x ",
    "onclick": "f();", "alt": "w ", "title": "w ", "data-src": "/a",
}  # fmt: skip


def _page(body: str, head: str = "") -> str:
    head = head or "<title>Boats of the winter are counted</title>"
    return (
        f"<html><head>{head}</head><body><h1>Boats of the winter are counted</h1><p class=date>2025-02-03</p><div"
        f" class=content>{body}</div></body></html>"
    )


def _list(rows: str) -> str:
    return f"<html><head><title>News</title></head><body><ul class=list>{rows}</ul></body></html>"


def _many(part: str, size: int) -> str:
    return part * (size // len(part.encode("utf-8", "surrogatepass")))


def _counted(form: str) -> Make:
    return lambda size: "".join(form.format(n) for n in range(size // len(form)))


def makers() -> Iterator[tuple[str, Make]]:
    """Every way in which a page grows, with a name."""
    for tag in _NESTED:
        yield f"nested {tag}", lambda size, tag=tag: _page(_many(f"<{tag}>", size) + _STORY)  # type: ignore[misc]
        yield (
            f"nested {tag}, each with words",
            lambda size, tag=tag: _page(_many(f"<{tag}>", size // 4) + _many(f"<{tag}>Words of it. ", size) + _STORY),  # type: ignore[misc]
        )
    for what, part in _REPEATED.items():
        for where, put in _INSIDE.items():
            yield f"{what} {where}", lambda size, part=part, put=put: put(_many(part, size))  # type: ignore[misc]
    for name, part in _VALUES.items():
        attribute = name.split()[0]
        yield (
            f"long {name}",
            lambda size, attribute=attribute, part=part: _page(  # type: ignore[misc]
                f'<img {attribute}="{_many(part, size)}"><a {attribute}="{_many(part, size)}">b</a>{_STORY}'
            ),
        )
    attributes = _counted(" a{0}=1")
    yield "attributes of one tag", lambda size: _page(f"<p{attributes(size)}>x</p>{_STORY}")
    yield "attributes of html", lambda size: f"<html{attributes(size)}><body>{_STORY}"
    yield "one attribute again and again", lambda size: _page(f"<p{_many(' a=1', size)}>x</p>{_STORY}")
    yield "classes", lambda size: _page(_counted("<i class=c{0}>x</i>")(size) + _STORY)
    links, distinct = _counted("<a href=/n/{0}.html>The boat {0}</a> "), _counted("<a href=/f/{0}.pdf>{0}.pdf</a> ")
    yield "links", lambda size: _page(links(size) + _STORY)
    yield "documents", lambda size: _page(distinct(size) + _STORY)
    yield "rows", lambda size: _list(_counted("<li><a href=/n/{0}.html>The boat {0}</a> 2025-02-03</li>")(size))
    yield "rows without an end", lambda size: _list(_counted("<li><a href=/n/{0}.html>The boat {0} 2025-02-03")(size))
    yield "lists", lambda size: _counted("<ul><li><a href=/n/{0}.html>The boat {0}</a> 2025-02-03</ul>")(size)
    yield (
        "lists of classes",
        lambda size: _counted("<ul class=c{0}><li><a href=/n/{0}.html>The boat {0}</a> 2025-02-03</ul>")(size),
    )
    yield (
        "pages of a list",
        lambda size: (
            _list("<li><a href=/n/1.html>The boat</a> 2025-02-03</li>" * 20)
            + _counted("<a class=page href=/list_{0}.html>{0}</a>")(size)
        ),
    )
    yield "cards", lambda size: _counted("<div><h3><a href=/{0}>Boat {0}</a></h3><img src=/{0}.png><p>x</div>")(size)
    yield (
        "long base",
        lambda size: _page(
            '<a href="../x">The boat</a>' * 50 + _STORY, head=f'<base href="http://a.edu/{_many("a/", size)}">'
        ),
    )
    yield "deep JSON-LD", lambda size: _ld(_many("[", size))
    yield "deep whole JSON-LD", lambda size: _ld(_many('{"a":', size) + "1" + "}" * (size // 5))
    yield "blanks in JSON-LD", lambda size: _ld('{"@type":"NewsArticle",' + " " * size + "x")
    yield (
        "long JSON-LD",
        lambda size: _ld(json.dumps({"@type": "NewsArticle", "articleBody": "w " * (size // 2), "headline": "h"})),
    )
    yield (
        "authors of JSON-LD",
        lambda size: _ld(json.dumps({"@type": "NewsArticle", "author": [{"name": "Ann Lee"}] * (size // 20)})),
    )
    yield "script state", lambda size: _page(_STORY + f"<script>window.__STATE__={_many('[{', size)}</script>")


def _ld(text: str) -> str:
    return _page(_STORY, head=f'<script type="application/ld+json">{text}</script>')


_FEED_ITEM = (
    "<item><title>The boat {0}</title><link>http://a.edu/{0}</link><pubDate>Mon, 03 Feb 2025 00:00:00 GMT</pubDate>"
    "</item>"
)
_LAUGHS = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
)


def feeds() -> Iterator[tuple[str, Make]]:
    """Feeds, sitemaps and answers in JSON."""
    begin = '<?xml version="1.0"?><rss version="2.0"><channel>'
    yield "items", lambda size: f"{begin}{_counted(_FEED_ITEM)(size)}</channel></rss>"
    yield "nested items", lambda size: begin + _many("<item>", size)
    yield "one item with many links", lambda size: f"{begin}<item>{_counted('<link>http://a.edu/{0}</link>')(size)}"
    yield (
        "item of markup",
        lambda size: f"{begin}<item><description><![CDATA[{_many('<b>', size)}]]></description></item>",
    )
    yield (
        "laughs",
        lambda size: f"{_LAUGHS}]><rss><channel><item><title>{_many('&j;', size)}</title></item></channel></rss>",
    )
    yield (
        "one long entity",
        lambda size: (
            f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "{"x" * (size // 2)}">]><rss><channel><item><title>'
            f"{_many('&a;', size // 2)}</title></item></channel></rss>"
        ),
    )
    attributes, names = _counted(" a{0}='1'"), _counted(" xmlns:a{0}='b'")
    yield "attributes of a feed", lambda size: f"<rss{attributes(size)}><channel/></rss>"
    yield "names of a feed", lambda size: f"<rss{names(size)}><channel/></rss>"
    yield (
        "sitemap",
        lambda size: f"<urlset>{_counted('<url><loc>http://a.edu/news/{0}.html</loc></url>')(size)}</urlset>",
    )
    yield "JSON in JSON", lambda size: "[" * size
    yield (
        "rows in JSON",
        lambda size: json.dumps(
            {"rows": [{"title": f"The boat {n}", "url": f"/{n}", "date": "2025-02-03"} for n in range(size // 60)]}
        ),
    )


def sheets() -> Iterator[tuple[str, Make]]:
    """Style sheets."""
    for part in (
        "url(",
        "url( ",
        "url('",
        "@import ",
        "@import url(",
        "/*",
        "\\",
        "image-set(",
        "url(a.png)",
        "{",
        "a{b:c}",
    ):
        yield f"{part} in a sheet", lambda size, part=part: _many(part, size)  # type: ignore[misc]
        yield f"blanks behind {part}", lambda size, part=part: part + " " * size  # type: ignore[misc]


def reader_of(kind: str, mime: str, family: str = "generic") -> Callable[[bytes], Reading]:
    """Reads an answer as the crawl's readers do."""
    site = replace(UNKNOWN, family=family)

    def work(body: bytes) -> Reading:
        return read(
            Answer(
                url="http://a.edu/news/1.html",
                kind=kind,  # type: ignore[arg-type]
                status=200,
                headers=(("Content-Type", mime),),
                body=body,
                fetched_at="2025-06-01T00:00:00Z",
                hint={},
            ),
            site,
        )

    return work


def warm() -> None:
    """Load what readers load on first use, so that no family is charged for it."""
    for kind, mime in (("article", "text/html"), ("listing", "text/html"), ("listing", "application/rss+xml")):
        reader_of(kind, mime)(_page(_STORY).encode())
    arbiter.text(Page("http://a.edu/", _page(_STORY).encode()))


def families() -> Iterator[Family]:
    """All of them, as story, as listing, as style sheet."""
    for kind in ("article", "listing"):
        for name, make in makers():
            yield _family(f"{kind}: {name}", make, kind, "text/html; charset=utf-8")
    for name, make in feeds():
        mime = "application/json" if "JSON" in name else "application/rss+xml"
        yield _family(f"feed: {name}", make, "listing", mime)
    for name, make in sheets():
        yield _family(f"style sheet: {name}", make, "requisite", "text/css")


def _family(name: str, make: Make, kind: str, mime: str) -> Family:
    return Family(
        name=name, make=lambda size: make(size).encode("utf-8", "surrogatepass"), work=reader_of(kind, mime), size=N
    )
