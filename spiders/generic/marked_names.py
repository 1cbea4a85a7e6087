"""People in elements that say they name the author: by rel and itemprop, else by class."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from archive.patterns import deferred
from spiders.generic import dates
from spiders.generic.bylines import HAN_NAME, LATIN_END, LATIN_NAME, names, read
from spiders.generic.comments import of_comments
from spiders.generic.names import judge
from spiders.generic.people import tidy
from spiders.generic.signatures import han_names
from spiders.page import Page

_is_mark = judge(
    deferred(
        r"""
        (?:^|[\s_-])(?:
            byline|author(?:s|[_-]*(?:names?|link|title))?|post[_-]?author|entry[_-]?author  # of bylines and authors
            |article[_-]*(?:author|byline)s?|creditline|vcard
        )(?=$|[\s_-])
        |(?-i:(?<=[a-z])(?:Author|Byline)(?:Name|Link|s)?)(?=$|[\s_-])  # in one word: fsAuthor, postAuthorName
        """,
        re.I | re.X,
    )
)
_is_of_others = judge(
    deferred(r"(?:^|[\s_-])(?:related|recommend(?:ed|ations?)?|read-?more|more-?(?:stories|news))(?=$|[\s_-])", re.I)
)
_OFFICE = deferred(
    r"""
    \b(?:
        writer|reporter|editor|correspondent|redakteur\w*|journalist\w*|staff|news|team  # offices, sections, "by"
        |redaktion|contributor|columnist|producer|by|von|travel|sport|posted
    )\b
    """,
    re.I | re.X,
)
_JOINT = deferred(r"[\W\d_]*(?:and|und|et|y|e|og|och|ve|with|by|von|par|por|di|door|di|author|autor)?[\W\d_]*$", re.I)
_APART = 12  # elements between the marks of one byline
_LONG = 100  # characters: a longer element tells of the author
_MOST = 8  # people
# attributes that are believed
_STATED = etree.XPath(
    "boolean(descendant::*/@itemprop) or boolean(descendant::*/@rel[contains(., 'author')])"
    " or boolean(descendant::*/@data-hook[. = 'user-name'])"
)


def marks(page: Page) -> bool:
    """Whether `marked` may find anything on a page: a look at its attributes and its classes spares one at every
    element."""
    return bool(_STATED(page.tree)) or any(map(_is_mark, page.classes))


def marked(elements: Iterable[HtmlElement], *, after: bool = False) -> list[str]:
    """People in the marked elements that stand together; `after` the story's text a Chinese name must look like one."""
    every = list(elements)
    stated = [(here, element) for here, element in enumerate(every) if _is_stated(element) and _of_story(element)]
    named = [(here, e) for here, e in enumerate(every) if (name := e.get("class")) and _is_mark(name) and _of_story(e)]
    return _together(stated, after) or _together(named, after)


def _of_story(element: HtmlElement) -> bool:
    """Whether who is named there did not write a comment or another story."""
    return not of_comments(element) and not any(
        _is_of_others(f"{one.get('class') or ''} {one.get('id') or ''}") for one in islice(element.iterancestors(), 6)
    )


def _is_stated(element: HtmlElement) -> bool:
    rel, prop = element.get("rel"), element.get("itemprop")
    if (rel and "author" in rel.split()) or (prop and "author" in prop.lower()):
        return True
    return bool(element.get("data-hook") == "user-name")  # of Wix


def _together(elements: list[tuple[int, HtmlElement]], after: bool) -> list[str]:
    found: list[str] = []
    last = -1
    for here, element in elements:
        if found and here - last > _APART:
            break
        content = element.get("content")
        pieces = [" ".join(piece.split()) for piece in ([content] if content else element.itertext())]
        if not 2 < sum(map(len, pieces)) <= _LONG:
            continue
        people = [one for one in _of(pieces, after) if one not in found and not any(one in other for other in found)]
        if people:
            found, last = found + people, here
        if len(found) >= _MOST:
            break
    return found


def _of(pieces: list[str], after: bool) -> list[str]:
    """Names that follow one another; what is no name, office or joint between them ends the byline."""
    found: list[str] = []
    for piece in pieces:
        people = [one for one in _people(piece, after) if not _OFFICE.search(one)]
        if found and not people and not _JOINT.match(piece) and not _OFFICE.search(piece):
            break
        if found and any(map(str.isdigit, piece)) and dates.span(piece):
            break
        found += [one for one in people if one not in found]
    return found


def _people(piece: str, after: bool) -> list[str]:
    people = read(piece).authors or names(LATIN_END.sub("", piece))
    return [
        one
        for one in people
        if tidy(one) and ((not after or han_names(one)) if HAN_NAME.match(one) else LATIN_NAME.match(one))
    ]
