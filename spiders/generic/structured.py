"""What a page says of itself for machines: schema.org JSON-LD. <meta> is read where it is needed, by `Page.meta`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

from archive.patterns import deferred
from spiders.page import Page, one_line

_STORY = deferred(r"(Article|Posting|Report|Story|Review|Recipe|AnalysisNews|CreativeWork)$")
_PLAIN = ("WebPage", "ItemPage")
_NAME_PARTS = ("givenName", "familyName")
_LIMIT = 2_000_000  # characters of one script: larger ones are data of an application
_FIELD = deferred(r'"(@type|headline|datePublished|dateModified)"\s*:\s*"([^"\\\n]{1,400})"\s*[,}\n]')
_COMMENT = deferred(r'"(?:[^"\\]|\\.)*"|/\*.*?(?:\*/|\Z)|(?<![^\s,{}\[\]])//[^\n]*', re.S)  # strings are passed over
_CONTROL = deferred(r"[\x00-\x1f]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Structured:
    """The fields of the page's main schema.org node; empty where it has none."""

    headline: str = ""
    published: str = ""
    modified: str = ""
    authors: tuple[str, ...] = ()
    publisher: str = ""
    section: str = ""
    language: str = ""
    image: str = ""
    body: str = ""
    story: bool = False  # the node calls itself an article or a posting


NOTHING = Structured()


def structured(page: Page) -> Structured:
    """The story node of the page's JSON-LD, with its web page node for what that lacks."""
    nodes = list(_nodes(page))
    if not nodes:
        return NOTHING
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    stories = [
        node
        for node in nodes
        if any(_STORY.search(kind) for kind in _kinds(node)) and ("headline" in node or "datePublished" in node)
    ]
    plain = [node for node in nodes if any(kind in _PLAIN for kind in _kinds(node)) and "datePublished" in node]
    told = _title(page)
    main = max(stories, key=lambda node: (_own(node, page, told), _filled(node)), default=None)
    for node in (main, *plain):
        if node is not None:
            authors = tuple(dict.fromkeys(_names(node.get("author"), by_id))) or tuple(
                dict.fromkeys(_names(node.get("creator"), by_id))
            )
            return Structured(
                headline=_text(node.get("headline")) or (_text(node.get("name")) if node is main else ""),
                published=_text(node.get("datePublished")) or (_text(node.get("dateCreated")) if node is main else ""),
                modified=_text(node.get("dateModified")),
                authors=authors,
                publisher=next(iter(_names(node.get("publisher"), by_id)), ""),
                section=_text(node.get("articleSection")),
                language=_text(node.get("inLanguage")),
                body=_text(node.get("articleBody")),
                image=_address(node.get("image"), by_id),
                story=node is main,
            )
    return NOTHING


def _own(node: dict[str, Any], page: Page, told: str) -> int:
    """Whether a node says that it is this page's story: 2 by its address, 1 by its headline, else 0."""
    stated = node.get("mainEntityOfPage")
    said = [node.get("url"), stated.get("@id") or stated.get("url") if isinstance(stated, dict) else stated]
    if any(_place(page.absolute(one) or "") == _place(page.url) for one in said if isinstance(one, str) and one):
        return 2
    headline = "".join(_text(node.get("headline")).lower().split())
    return 1 if headline and headline in told else 0


def _place(url: str) -> str:
    """An address as it is compared: without scheme, `www.`, fragment and closing slash."""
    return url.partition("#")[0].partition("://")[2].removeprefix("www.").rstrip("/")


def _title(page: Page) -> str:
    return "".join("".join(one_line(one) for one in page.tree.iter("title", "h1")).lower().split())


def _filled(node: dict[str, Any]) -> int:
    """The page's own story says more of itself than the stories it lists."""
    return sum(
        bool(node.get(key))
        for key in ("headline", "datePublished", "author", "articleBody", "mainEntityOfPage", "image")
    )


def _nodes(page: Page) -> Iterator[dict[str, Any]]:
    for script in page.tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        text = (script.text or "").strip()
        if not text or len(text) > _LIMIT:
            continue
        data = _loaded(text)
        yield from _flat(_salvaged(text) if data is None else data, 0)


def _loaded(text: str) -> Any:
    """The JSON, forgiving what templates do to it: comments around it, raw line breaks in it, a trailing comma."""
    text = (
        text.removeprefix("<!--")
        .removesuffix("-->")
        .removeprefix("//<![CDATA[")
        .removesuffix("//]]>")
        .strip()
        .rstrip(";")
    )
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        pass
    text = _COMMENT.sub(lambda match: match[0] if match[0].startswith('"') else " ", text)
    try:
        return json.loads(re.sub(r",\s*([}\]])", r"\1", _CONTROL.sub(" ", text)), strict=False)
    except (ValueError, RecursionError):
        return None


def _salvaged(text: str) -> dict[str, str]:
    """What plain fields of a story a script states that is no JSON: an unescaped quotation mark elsewhere spoils no
    date."""
    fields = dict(reversed(_FIELD.findall(text)))  # of a field that is stated twice the first
    return fields if _STORY.search(fields.get("@type", "")) else {}


def _flat(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > 6:
        return
    if isinstance(value, list):
        for part in value[:200]:
            yield from _flat(part, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "author"):
            if isinstance(value.get(key), (list, dict)):
                yield from _flat(value[key], depth + 1)


def _kinds(node: dict[str, Any]) -> list[str]:
    kind = node.get("@type")
    return [str(one).rpartition("/")[2] for one in (kind if isinstance(kind, list) else [kind]) if one]


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = next((part for part in value if part), "")
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name") or ""
    return str(value).strip() if isinstance(value, (str, int, float)) else ""


def _names(value: Any, by_id: dict[str, dict[str, Any]]) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            node = by_id.get(str(one.get("@id")), one) if "name" not in one else one
            name = node.get("name") or " ".join(filter(None, (_text(node.get(one)) for one in _NAME_PARTS)))
            if not name and isinstance(node.get("author"), (str, dict)) and "Role" in _kinds(node):
                yield from _names(node["author"], {})  # whom a role stands before (schema.org/Role)
            yield from _names(name, {}) if isinstance(name, (str, list)) else ()
        elif isinstance(one, str) and one.strip() and not one.startswith(("http://", "https://")):
            yield " ".join(unescape(one).split())


def _address(value: Any, by_id: dict[str, dict[str, Any]]) -> str:
    if isinstance(value, list):
        value = next((part for part in value if part), "")
    if isinstance(value, dict):
        value = by_id.get(str(value.get("@id")), value) if "url" not in value else value
        value = value.get("url") or value.get("contentUrl") or ""
    return value.strip() if isinstance(value, str) else ""
