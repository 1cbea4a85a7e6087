"""Reading an article page whose maker is not known, and completing what a family's selectors leave empty."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from lxml.html import HtmlElement

from spiders.facts import RawArticle, Select
from spiders.generic import (
    arbiter,
    body,
    bylines,
    carried,
    confidence,
    dates,
    labels,
    marked_names,
    media,
    people,
    prose,
    published,
    shown,
    signatures,
    titles,
    urldate,
)
from spiders.generic.structured import Structured, structured
from spiders.generic.text_mass import Weighed, weigh
from spiders.page import Page, holds, one_line

_NOTHING = 0.1  # of a page's running text
_LABEL = 12  # characters of a label that has a line of its own
_AFTER = 6  # elements after the story in which its author may sign
_BENEATH = 3  # lines after the story that may say when it came out
_SHORT = 400  # bytes of running text under which a second reader is asked


def read_article(page: Page, select: Select) -> RawArticle:
    """What selectors name, and the rest by the generic readers."""
    named = RawArticle(
        title=page.words(select["title"]) if "title" in select else "",
        published=page.words(select["published"]) if "published" in select else None,
        byline=tuple([page.words(select["byline"])] if "byline" in select else []),
        body=page.first(select["body"]) if "body" in select else None,
    )
    return complete(named, page)


def complete(raw: RawArticle, page: Page) -> RawArticle:
    """`raw` with its empty fields filled from what the page says of itself, in data, in labels and in layout."""
    data = structured(page)
    title = titles.find(page, data)
    w = weigh(page.tree)
    found = body.find(w, raw.body, title.text, w.index(title.element))
    if found and found.weight < _SHORT and all(map(shown.is_imprint, _said(w, found))):
        found = None
    changes: dict[str, object] = {}
    if not raw.title:
        changes["title"] = title.text
    if raw.body is None and raw.body_text is None:
        changes |= _body(page, data, w, title, found)
    elif raw.body is not None and raw.confidence is None and found and w.index(raw.body) >= 0:
        changes |= _checked(w, title, raw.body, found)
    if raw.body is not None and not raw.older and not holds(raw.body, 1):
        changes["older"] = shown.own_frames(page, raw.body)
    if not raw.images and found and found.above:
        changes["images"] = tuple(media.above(page, found.above))
    if not raw.attachments and found and "attachments" not in changes:
        changes["attachments"] = tuple(media.attachments(page, *body.annex(w, found)))
    if not raw.subtitle and found:
        changes["subtitle"] = " ".join(found.deks)
    lines = (
        labels.around(w, w.index(title.element), found.first, found.last, found.running) if found else labels.Lines()
    )
    if not raw.published:
        changes["published"] = _published(page, data, lines) or None
    if not raw.updated:
        changes["updated"] = published.updated(page, data) or None
    names = _labelled(lines)
    if not raw.byline:
        changes["byline"] = _authors(page, data, w, lines, found, names.authors)
    if not raw.editors:
        changes["editors"] = names.editors
    if not raw.photographers:
        changes["photographers"] = names.photographers
    if not raw.source:
        changes["source"] = names.source
    if not raw.canonical:
        changes["canonical"] = _canonical(page.tree)
    if not raw.lead_image:
        changes["lead_image"] = page.meta("og:image", "twitter:image") or data.image or None
    return replace(raw, **changes)  # type: ignore[arg-type]


def _body(page: Page, data: Structured, w: Weighed, title: titles.Title, found: body.Body | None) -> dict[str, object]:
    """The story's element and how sure that is; a second reader settles what is in doubt."""
    if found is not None and found.weight >= _SHORT and found.rival < 0:
        return {"body": found.element, "confidence": confidence.of(page, w, found)}
    if data.body and len(data.body.encode()) > 2 * (found.weight if found else 0):
        return {"body_text": data.body, "confidence": 0.4}  # a shell: the story is in the page's data
    if (told := _carried(page, title.text, found)) is not None:
        return {"body": told, "confidence": 0.6}
    if found is None and (instead := shown.find(page, title.element, title.text)):
        return {"body": instead.body, "attachments": instead.documents, "older": instead.frames, "confidence": 0.5}
    second = _without_imprint(arbiter.text(page), title.text)
    candidates = [found] if found else []
    if (
        found
        and _may_move(w.index(title.element), found)
        and (other := body.find(w, None, title.text, w.index(title.element), at=found.rival))
    ):
        candidates.append(other)
    agreed = [(arbiter.agreement(prose.text(one.element), second), one) for one in candidates]
    best = max(agreed, key=lambda pair: pair[0], default=None)
    if best is not None and (best[0] > 0 or len(second) < len(prose.text(best[1].element))):
        sure = confidence.of(page, w, best[1])
        return {"body": best[1].element, "confidence": min(sure, best[0]) if second else 0.5 * sure}
    if second:
        return {"body_text": second, "confidence": 0.3}
    return {"body": best[1].element if best else None, "confidence": 0.0}


def _carried(page: Page, title: str, found: body.Body | None) -> HtmlElement | None:
    """The story in the page's scripts, where it is over twice what the page shows."""
    element = carried.find(page, title)
    if element is None or (found and len(one_line(element).encode()) <= 2 * found.weight):
        return None
    return element


def _may_move(title: int, found: body.Body) -> bool:
    """Whether another element may be the story: none before the headline, none farther from it than the one found."""
    return found.rival >= 0 and (title < 0 or found.first < title or title < found.rival < found.index)


def _said(w: Weighed, found: body.Body) -> list[str]:
    return [prose.own_line(w.elements[here]) for here in found.running]


def _without_imprint(text: str, headline: str) -> str:
    """What a second reader found, if it is more than the headline and who answers for the site."""
    lines = [line for line in text.split("\n") if line.strip() and titles.fold(line) != titles.fold(headline)]
    return "" if all(map(shown.is_imprint, lines)) else text


def _checked(w: Weighed, title: titles.Title, marked: HtmlElement, found: body.Body) -> dict[str, object]:
    """A family's element is believed unless it holds next to nothing and the page's running text stands elsewhere."""
    if (
        found.share < _NOTHING
        and next(marked.iter("img", "iframe", "embed", "object", "table"), None) is None
        and not media.documents(marked)
    ):
        other = body.find(w, None, title.text, w.index(title.element))
        if other and other.weight >= _SHORT:
            return {"body": other.element, "confidence": 0.5 * other.share}
    return {"confidence": found.share}


def _published(page: Page, data: Structured, lines: labels.Lines) -> str:
    """Stated for machines, labelled, marked, or standing alone near the story: the first that there is."""
    near = (*lines.head, *lines.opening)
    if stated := published.said(page, data):
        return published.localised(stated, near)
    beneath = (*near, *lines.tail[:_BENEATH])
    if made := published.created(page):
        return published.labelled(beneath, page) or published.localised(made, near)
    if stated := published.dated(page):
        return published.labelled(beneath, page) or published.bare(lines.head) or published.localised(stated, near)
    if found := published.labelled((*near, *lines.tail, *lines.closing), page):
        return found
    if found := next((text for text in published.marked(page.tree) if text), ""):
        return found
    beside = published.bare(lines.head)
    if published.is_clock(beside):
        beside = ""
    time = next(published.times(page.tree), "")
    if beside:
        return time if time and published.same_day(beside, time) else beside
    if time and dates.parse(time, None):
        return time
    if (named := urldate.find(page.url)) and named.sure:
        return ""
    return (
        published.bare(near)
        or published.ago(near, page)
        or published.bare(lines.above[::-1])
        or published.bare((*lines.tail[:4], *lines.closing))
        or time
    )


def _labelled(lines: labels.Lines) -> bylines.Names:
    """Names with a label near the story, those nearest to its beginning first."""
    names = bylines.NOBODY
    for line in (*map(" ".join, _cells(lines.head)), *lines.closing, *lines.tail, *lines.above, *lines.opening):
        if len(line) < 200 and (labelled := bylines.read(line)) is not bylines.NOBODY:
            names |= labelled
    return names


def _cells(lines: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Lines, a label that stands alone (发文机关：) with the line that holds its value."""
    rest = iter(lines)
    for line in rest:
        alone = len(line) <= _LABEL and line.endswith((":", "：")) and bylines.labels(line) == 1
        yield (line, next(rest, "")) if alone else (line,)


def _authors(
    page: Page, data: Structured, w: Weighed, lines: labels.Lines, found: body.Body | None, labelled: tuple[str, ...]
) -> tuple[str, ...]:
    """Stated for machines, labelled or marked near the story, signed at its edges, in <meta>: the first that there is.

    A page whose stated author is the publication itself may still name a person.
    """
    stated = bylines.stated(data.authors)
    site = people.publications(page, data.publisher)

    def persons(names: Iterable[str], *, beside: bool = False) -> list[str]:
        """Who of them is a person; a word `beside` a stated publication (a town, a channel) is none."""
        return [
            name
            for name in names
            if people.tidy(name)
            and not people.is_publication(name, site)
            and not (beside and stated and people.is_word(name))
        ]

    authors = stated if persons(stated) else [*labelled]
    if not persons(authors, beside=True) and found and marked_names.marks(page):
        before = marked_names.marked(w.elements[max(0, found.first - 150) : found.first])
        after = [] if persons(before) else marked_names.marked(w.elements[found.first : found.last + 60], after=True)
        authors = next((names for names in (before, after) if persons(names, beside=True)), authors or stated or before)
    if not persons(authors):
        edges = ((*lines.head[-10:], *lines.opening), (*lines.closing, *lines.tail[:3]))
        after = w.elements[found.last : found.last + _AFTER] if found else []
        authors = (
            signatures.signed(*edges)
            or signatures.alone(lines.head[:20], site)
            or signatures.at_right(after, site)
            or authors
        )
    if not persons(authors):
        said = bylines.stated(
            [page.meta("author", "article:author", "dc.creator", "byl", "sailthru.author", "parsely-author")]
        )
        authors = [name for name in said if not bylines.is_maker(name) and persons([name])] or authors or stated or said
    return tuple(authors)


def _canonical(root: HtmlElement) -> str | None:
    for link in root.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split():
            return str(link.get("href") or "") or None
    return None
