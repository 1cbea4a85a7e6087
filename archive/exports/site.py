"""A folder of static pages with a search that needs no server: put on any host, a stick, or opened from the disk."""

from __future__ import annotations

import json
import re
import unicodedata
from array import array
from collections.abc import Iterator
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

from archive.exports import warc
from archive.exports.facts import LICENCE, Facts
from archive.exports.record_formats import Content
from archive.exports.stories import Story, pictures, stories
from archive.patterns import deferred

ORIGINALS = True
_STATIC = files("archive.exports") / "static"
_BLOCK, _OPENING, _NEWEST = 500, 120, 50  # stories of a part that names them; characters shown; stories of a list page
_INDEXED = 4000  # characters of a story: what stands further down is found by another of its words
_POSTINGS = 20_000  # places in a part of the index, some 100 KB
_CJK = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
_RUN = deferred(rf"[{_CJK}]+|[^\W_{_CJK}]+")


def write(path: Path, content: Content) -> None:
    """A new folder: index.html, story/, list/, media/, search/, captures.warc.gz, site.json."""
    for name in ("story", "list", "media", "search"):
        (path / name).mkdir(parents=True)
    held = {}
    for picture in pictures(content.captures, content.selection, content.on_record):
        held[picture.url] = picture.name
        (path / "media" / picture.name).write_bytes(picture.data)
    warc.write_records(path / "captures.warc.gz", content.captures, content.facts, resolve=False)
    cards: list[list[str]] = []
    index: dict[str, array[int]] = {}
    for story in stories(content.selection, held=held, up="../", head=_BACK):
        (path / "story" / f"{story.cited.id}.html").write_text(story.page, encoding="utf-8", errors="replace")
        for token in tokens(f"{story.cited.title}\n{story.body[:_INDEXED]}"):
            index.setdefault(token, array("I")).append(len(cards))
        cards.append(_card(story))
    _search(path / "search", index, cards)
    _lists(path, cards, content.facts)
    for name, source in (("style.css", "reading.css"), ("search.js", "search.js")):
        (path / name).write_text((_STATIC / source).read_text(encoding="utf-8"), encoding="utf-8")
    told: dict[str, Any] = {
        "software": content.facts.software,
        "filters": content.facts.filters,
        "stories": len(cards),
        "pictures": len(held),
        "last_seen": content.facts.last_seen,
        "licence": LICENCE,
    }
    (path / "site.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def tokens(text: str) -> set[str]:
    """What a text is found by: words, and of what is written without spaces any two characters that stand together.
    static/search.js parts a query in the same way."""
    found: set[str] = set()
    for run in _RUN.findall(unicodedata.normalize("NFKC", text).lower()):
        if re.match(f"[{_CJK}]", run):
            found.update(run[at : at + 2] for at in range(len(run) - 1))
        elif len(run) <= 64:
            found.add(run)
    return found


def part_of(token: str, parts: int) -> int:
    """In which part of the index a token is: FNV-1a of its UTF-16 code units."""
    value, data = 0x811C9DC5, token.encode("utf-16-le", "surrogatepass")
    for at in range(0, len(data), 2):
        value = ((value ^ int.from_bytes(data[at : at + 2], "little")) * 0x01000193) & 0xFFFFFFFF
    return value % parts


_BACK = '<link rel="up" href="../index.html">'


def _card(story: Story) -> list[str]:
    opening = " ".join(story.body[: 2 * _OPENING].split())[:_OPENING]
    return [story.cited.id, story.cited.title, story.cited.published or "", story.cited.site, opening]


def _search(folder: Path, index: dict[str, array[int]], cards: list[list[str]]) -> None:
    """The index in parts, each a script that gives its value to `part`."""
    parts = max(1, -(-sum(map(len, index.values())) // _POSTINGS))
    shared: list[dict[str, list[int]]] = [{} for _ in range(parts)]
    for token in sorted(index):
        places = index[token]
        shared[part_of(token, parts)][token] = [b - a for a, b in zip([0, *places], places, strict=False)]
    named: Iterator[tuple[str, object]] = ((f"i{n}", one) for n, one in enumerate(shared))
    blocks = ((f"d{n}", cards[n * _BLOCK : (n + 1) * _BLOCK]) for n in range(-(-len(cards) // _BLOCK)))
    about: object = {"parts": parts, "block": _BLOCK}
    for name, value in (*named, *blocks, ("about", about)):
        text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))  # no U+2028, no lone surrogate in a script
        (folder / f"{name}.js").write_text(f'part("{name}",{text});\n', encoding="ascii")


def _lists(path: Path, cards: list[list[str]], facts: Facts) -> None:
    """Pages that lead to every story without script, the newest first; the first of them has the search."""
    last = max(1, -(-len(cards) // _NEWEST))
    for number in range(1, last + 1):
        some = cards[(number - 1) * _NEWEST : number * _NEWEST]
        if number == 1:
            (path / "index.html").write_text(_index(some, "", number, last, facts), encoding="utf-8", errors="replace")
        else:
            page = _index(some, "../", number, last, facts)
            (path / "list" / f"{number}.html").write_text(page, encoding="utf-8", errors="replace")


def _index(cards: list[list[str]], up: str, number: int, last: int, facts: Facts) -> str:
    items = "".join(
        f'<li><a href="{up}story/{id_}.html">{escape(title)}</a><p>{escape(" · ".join(filter(None, more)))}</p></li>'
        for id_, title, *more in cards
    )
    onward = f'<a href="{up}list/{number + 1}.html">Older 更早 ›</a>' if number < last else ""
    box = (
        '<form role="search"><input type="search" name="q" aria-label="Search 检索" placeholder="Search 检索"'
        ' autocomplete="off"><button>Search 检索</button></form><p id="said" role="status"></p><ol id="found"></ol>'
        "<noscript><p>Search needs JavaScript; the lists do not. 检索需要 JavaScript。</p></noscript>"
        if number == 1
        else f'<p><a href="{up}index.html">Search 检索</a></p>'
    )
    script = '<script src="search.js" defer></script>' if number == 1 else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport"'
        f' content="width=device-width, initial-scale=1"><title>College news archive 高校新闻档案</title><link'
        f' rel="stylesheet" href="{up}style.css">{script}</head><body><main><h1>College news archive 高校新闻档案</h1>'
        f'{box}<div id="newest"><p class="facts">{number} / {last}</p><ol start="{(number - 1) * _NEWEST + 1}">{items}'
        f"</ol><p>{onward}</p></div><h2>About 关于</h2><p class=facts>{escape(facts.software)} · {facts.articles}"
        f' stories 篇 · {escape(facts.last_seen[:10])} · <a href="{up}captures.warc.gz">captures.warc.gz</a></p>'
        f"<p class=facts>{escape(LICENCE)}</p></main></body></html>"
    )
