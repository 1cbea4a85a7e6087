"""The part of a page that is its story, found by where its running text stands."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass
from itertools import islice, pairwise

from lxml.html import HtmlElement

from archive.patterns import deferred
from spiders.generic import labels, related
from spiders.generic.boilerplate import LEFT, prune
from spiders.generic.cards import drop_cards
from spiders.generic.cleaning import drop
from spiders.generic.media import is_document
from spiders.generic.names import judge
from spiders.generic.prose import own_line
from spiders.generic.text_mass import Weighed
from spiders.page import one_line

# names of what holds a story
_STORY = judge(
    deferred(
        r"""
        article[_-]*(?:body|content|text|main|detail)  # of articles
        |(?:entry|post|story|news|page|main|text|body|blog)[_-]*(?:  # of any text, in two words
            content|body|text|article|main|detail
        )
        # in one; of Chinese systems
        |articlebody|storybody|v_news_content|vsb_content|wp_articlecontent|trs_editor|zoom
        |prose|richtext|wysiwyg|content[_-]?(?:body|text|main|article)|mw-parser-output  # of editors and wikis
        |artibody|neirong|zhengwen|con_text|newscon  # pinyin
        """,
        re.I | re.X,
    )
)
# names of what holds its documents
_ATTACHED = judge(deferred(r"attach|fujian|annex|anexo|adjunto|anhang|pi[eè]ces?-?jointe|allegat", re.I))
# a lead is the story's first paragraph set apart; a dek is a second headline
_LEAD = deferred(
    r"""
    (?:^|[\s_-])(?:
        lead|lede|(?:story[_-]?)?lead[_-]?text|intro|intro[_-]?text|introduction  # whole words
        |preamble|speakable|teaser|article[_-]+desc|teaser[_-]?text|excerpt|einleitung
        |vorspann|chapo|ingress|abstract
    )(?=$|[\s_-])
    |(?:Lead|Intro|Excerpt|Teaser)(?=[A-Z\s_-]|$)  # or the beginning of a camelCase one
    """,
    re.X,
)
_DEK = deferred(
    r"""
    (?:^|[\s_-])(?:
        dek|deck|standfirst|stand-first|summary|subtitle|sub-?head(?:line|ing)?  # whole words
        |strapline|sommario
    )(?=$|[\s_-])
    |(?:Dek|Standfirst|Subheadline|SubTitle)(?=[A-Z\s_-]|$)  # or the beginning of a camelCase one
    """,
    re.X,
)
_CELLS = frozenset(("td", "div", "section", "article"))  # what holds a whole story parted by <br>
_BOLD = ("b", "strong", "font", "span", "center")
_PLAYERS = ("iframe", "embed", "object")
_SHORT = 60  # bytes of text under which a block is no paragraph
_ENTRY = 45  # bytes of an entry of a list, on average: headlines are longer
_FAR = 80  # elements behind a headline in which its picture may stand
_CLIMB = 6  # elements around the best one that are looked at
_DIGITS = deferred(r"\d+")
_LINKED = 80  # bytes: shorter, a line that is a link leads to another story
_STOPS = (".", "!", "?", "。", "！", "？", "؟", "।", ".”", ".”", "。”", '."')
_LINE = 160  # bytes of a line that leads to other stories
_NEAR = 0.7  # of the best element's score: less is no rival
_HEADING = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


@dataclass(frozen=True, slots=True)
class Body:
    """A story's element, a copy without what does not belong to it, and how sure the reader is of it, 0 to 1."""

    element: HtmlElement
    index: int  # of the element it was made of
    first: int  # index of its first paragraph
    last: int  # index after its last
    running: tuple[int, ...]  # indexes of its paragraphs
    deks: tuple[str, ...]  # second headlines
    share: float  # of the page's running text
    weight: int  # bytes of running text
    rival: int  # index of another element that might be the story; -1 if none comes near
    above: tuple[HtmlElement, ...] = ()  # pictures between its headline and it


def find(
    w: Weighed, marked: HtmlElement | None = None, headline: str = "", title: int = -1, at: int = -1
) -> Body | None:
    """The story of a page; None where no running text stands.

    `marked` is the container a family names, taken as it is. `title` is the index of the headline's element. `at`
    settles which element it is, where a second reader has been asked.
    """
    paragraphs = [_paragraph(w, here) if size >= _SHORT else 0 for here, size in enumerate(w.text)]
    # a family's element is taken with all it holds
    dropped, prose = prune(w, paragraphs, title, begin=title if marked is not None else 0)
    if not prose or not prose[0]:
        return None
    best, rival = w.index(marked) if marked is not None else at, -1
    if best < 0:
        best, rival = _best(w, paragraphs, dropped, prose, title)
        if (near := _headed(w, best, paragraphs, prose, title)) >= 0:
            best, rival = near, -1
        best = _spread(w, best, paragraphs, dropped, prose)
        best = _sections(w, best, paragraphs, dropped, prose, title)
        best = _joined(w, best, paragraphs, dropped, prose)
        best = next(
            (
                here
                for here in range(best + 1, w.end(best))
                if paragraphs[here] == prose[best] and w.elements[here].tag in _CELLS
            ),
            best,
        )
        if rival >= 0 and (best <= rival < w.end(best) or rival <= best < w.end(rival)):
            rival = -1
    end = w.end(best)
    if marked is None:
        _behead(w, best, end, paragraphs, dropped, headline, title)
        drop_cards(w, best, end, paragraphs, dropped, LEFT)
    running = [here for here in range(best, end) if paragraphs[here] and not dropped[here]]
    if marked is None and (again := _said_again(w, running)):
        for here in again:
            dropped[here] = True
        running = [here for here in running if here not in again]
    first, last = (running[0], running[-1] + 1) if running else (best, end)
    if marked is None:
        _drop_related(w, best, first, last, paragraphs, dropped)
        _cut_tail(w, last, end, dropped)
    element = marked if marked is not None else _pruned(w, best, end, dropped, headline, running)
    deks = tuple(_named(w, _DEK, title, first, dropped)) if 0 <= title < first else ()
    if marked is None and 0 <= title < best:
        for lead in reversed(_named(w, _LEAD, title, best, dropped)):
            if (w.text[first] and own_line(w.elements[first]).startswith(lead.rstrip(" .。…"))) or not lead:
                continue  # cut from the first paragraph
            paragraph = element.makeelement("p")
            paragraph.text, paragraph.tail, element.text = lead, element.text, None
            element.insert(0, paragraph)
    share, above = prose[best] / prose[0], _between(w, title, best, dropped) if marked is None else ()
    return Body(element, best, first, last, tuple(running), deks, share, prose[best], rival, above)


def _between(w: Weighed, title: int, best: int, dropped: list[bool]) -> tuple[HtmlElement, ...]:
    """Pictures behind the headline and before the story, where it does not stand in the story."""
    if not 0 <= title < best:
        return ()
    near = range(title + 1, min(best, title + _FAR))
    return tuple(w.elements[here] for here in near if w.elements[here].tag == "img" and not dropped[here])


def _paragraph(w: Weighed, here: int) -> int:
    """Bytes of running text of a block: enough of it, and most of it not linked."""
    size = w.text[here]
    if size < _SHORT or w.elements[here].tag in _HEADING:
        return 0
    plain = size - w.linked[here]
    return plain if plain * 2 > size or (plain >= 80 and w.elements[here].tag == "p") else 0


def _best(w: Weighed, paragraphs: list[int], dropped: list[bool], prose: list[int], title: int) -> tuple[int, int]:
    """The element nearest to most of the running text, and the next best elsewhere on the page if it comes near."""
    size = len(w.elements)
    score = [0.0] * size
    values: list[tuple[float, int]] = []
    holds_title = w.lineage(title)
    for here in range(size - 1, -1, -1):
        if dropped[here]:
            continue
        if score[here] and here:
            score[w.parent[here]] += 0.8 * score[here]
        if paragraphs[here] and here:
            score[w.parent[here]] += paragraphs[here]
        if score[here]:
            value = score[here] * _bonus(w.elements[here]) * (1 - 0.5 * w.links[here] / w.total[here])
            if here < title and here not in holds_title:
                value *= 0.4  # what ends before the headline is not what it heads
            values.append((value, -here))
    most, best = max(values, default=(0.0, 0))
    best = -best
    end = w.end(best)
    holds_best = w.lineage(best)
    elsewhere = max(
        ((value, -here) for value, here in values if -here >= end or (-here < best and -here not in holds_best)),
        default=(0.0, -1),
    )
    return best, elsewhere[1] if elsewhere[0] > _NEAR * most else -1


def _headed(w: Weighed, best: int, paragraphs: list[int], prose: list[int], title: int) -> int:
    """What holds the headline and text of its own, where the best element is elsewhere and made of boxes with a heading
    each; -1 where it is not."""
    if not 0 <= title < best or w.end(w.parent[title]) > best:
        return -1
    stop = w.end(best)
    headings = sum(1 for here in range(best, stop) if w.elements[here].tag in _HEADING and w.text[here])
    if headings < 2 or headings * 2 < sum(1 for here in range(best, stop) if paragraphs[here]):
        return -1
    holder = w.parent[title]
    while holder > 0 and w.end(holder) <= best and w.elements[holder].tag != "body":
        text = sum(paragraphs[title + 1 : w.end(holder)])
        if text >= LEFT * 2 // 3 and text * 5 > prose[best]:
            return holder
        holder = w.parent[holder]
    return -1


def _bonus(element: HtmlElement) -> float:
    if element.tag == "body":
        return 0.7
    if element.tag == "article" or element.get("itemprop") == "articleBody":
        return 1.3
    name = f"{element.get('class') or ''} {element.get('id') or ''}"
    return 1.2 if len(name) > 1 and _STORY(name) else 1.0


def _spread(w: Weighed, best: int, paragraphs: list[int], dropped: list[bool], prose: list[int]) -> int:
    """The ancestor of `best` over which paragraphs of the same make (tag and class, their parent's too) are spread."""
    end = w.end(best)
    makes: dict[tuple[str, str, str, str], int] = {}
    for here in range(best, end):
        if paragraphs[here] and not dropped[here]:
            make = _make(w, here)
            makes[make] = makes.get(make, 0) + paragraphs[here]
    if not makes:
        return best
    common = {make for make, mass in makes.items() if mass * 4 > prose[best] and (make[1] or make[3])}
    if not common:
        return best
    twins = [
        here
        for here in range(len(w.elements))
        if paragraphs[here] and not dropped[here] and not best <= here < end and _make(w, here) in common
    ]
    up = best
    while w.parent[up] > 0 and w.elements[w.parent[up]].tag != "body":
        above = w.parent[up]
        stop = w.end(above)
        gained = sum(paragraphs[here] for here in twins if above <= here < stop)
        strange = prose[above] - prose[best] - gained
        if gained * 10 > prose[best] and strange * 2 < gained:
            best, up, end = above, above, stop
            twins = [here for here in twins if not above <= here < stop]
        else:
            up = above
        if not twins:
            break
    return best


def _sections(w: Weighed, best: int, paragraphs: list[int], dropped: list[bool], prose: list[int], title: int) -> int:
    """The ancestor of `best` that holds sections of the story, each with running text in a wrapper of the same make."""
    if title < 0:
        return best
    node = best
    for _ in range(_CLIMB):
        above = w.parent[node]
        if above <= 0 or w.elements[above].tag == "body":
            break
        stop, make = w.end(above), _wrapper(w.elements[node])
        here, gained, own = above + 1, 0, 0
        while here < stop:
            mass = prose[here] if not dropped[here] else 0
            if mass and here != node:
                if here > title and _wrapper(w.elements[here]) == make and _is_section(w, here):
                    gained += mass
                elif not title > here:
                    own += mass
            here = w.end(here)
        if gained * 10 > prose[best] and own * 2 <= gained:
            best = above
        node = above
    return best


def _wrapper(element: HtmlElement) -> tuple[str, str]:
    """Make of an element, numbers aside."""
    return element.tag, _DIGITS.sub("", element.get("class") or "")


def _is_section(w: Weighed, here: int) -> bool:
    """Whether a part has a headline that leads nowhere, and text that is hardly linked."""
    if w.links[here] * 5 > w.total[here]:
        return False
    headings = [n for n in range(here, w.end(here)) if w.elements[n].tag in _HEADING and w.text[n]]
    return bool(headings) and not any(w.linked[n] or w.elements[w.parent[n]].tag == "a" for n in headings)


def _joined(w: Weighed, best: int, paragraphs: list[int], dropped: list[bool], prose: list[int]) -> int:
    """The parent, where all it holds besides are paragraphs of its own: a teaser before the part that is paid for."""
    for _ in range(2):
        above = w.parent[best]
        if above <= 0 or w.elements[above].tag == "body":
            break
        own = sum(
            paragraphs[here]
            for here in range(above + 1, w.end(above))
            if w.parent[here] == above and w.elements[here].tag == "p" and not dropped[here]
        )
        if not own or own != prose[above] - prose[best]:
            break
        best = above
    return best


def _said_again(w: Weighed, running: list[int]) -> set[int]:
    """Paragraphs that repeat those before them in their order: a story printed twice, for wide screens and narrow; or
    the first, where it is a summary that the second begins with."""
    for one, next_one in pairwise(running[:2]):
        stem = own_line(w.elements[one]).rstrip(" .。…")
        if w.text[one] < w.text[next_one] and own_line(w.elements[next_one]).startswith(stem):
            return {one}
    sizes = [w.text[here] for here in running]
    if len(set(sizes)) == len(sizes):
        return set()
    lines = [own_line(w.elements[here]) for here in running]
    for begin in range(min(3, len(lines) - 1)):
        if lines[begin] not in lines[begin + 1 :]:
            continue
        second = lines.index(lines[begin], begin + 1)
        length = min(second - begin, len(lines) - second)
        if 2 * length > second - begin and lines[begin : begin + length] == lines[second : second + length]:
            return set(running[second : second + length])
    return set()


def _make(w: Weighed, here: int) -> tuple[str, str, str, str]:
    element, parent = w.elements[here], w.elements[w.parent[here]]
    return element.tag, element.get("class") or "", parent.tag, parent.get("class") or ""


def _behead(
    w: Weighed, begin: int, end: int, paragraphs: list[int], dropped: list[bool], headline: str, title: int
) -> None:
    """Drop the headline, what stands above it, and the lines of facts (date, author, views) above the first
    paragraph."""
    if begin < title < end and sum(paragraphs[title:end]) >= LEFT:
        holds_title = w.lineage(title)
        for here in range(begin + 1, title):  # teasers above the headline
            if here not in holds_title:
                dropped[here], paragraphs[here] = True, 0
    for here in range(begin, min(end, begin + 150)):
        if dropped[here] or not w.text[here]:
            continue
        above = (here <= title and not paragraphs[here]) or w.elements[here].tag == "h1"
        if above or (
            w.text[here] <= 500 and (line := own_line(w.elements[here])) and (line == headline or labels.facts(line))
        ):
            if here != begin and (w.total[here] == w.text[here] or here == title):
                dropped[here] = True
            paragraphs[here] = 0
        elif paragraphs[here]:
            return


def _drop_related(w: Weighed, best: int, first: int, last: int, paragraphs: list[int], dropped: list[bool]) -> None:
    """Drop what leads to other stories among the paragraphs: a line, or a box with such a heading."""
    for here in range(first + 1, last):
        if not 0 < w.text[here] <= _LINE or paragraphs[here] or dropped[here]:
            continue
        if not related.begins(own_line(w.elements[here])):
            continue
        box, stop = here, w.end(here)
        while (up := w.parent[box]) > best and not any(paragraphs[up : w.end(up)]):
            box, stop = up, w.end(up)
        if w.links[box] * 3 < w.total[box] and not (box == here and stop < last and _link_list(w, stop)):
            continue
        for one in range(box, stop):
            dropped[one] = True


def _cut_tail(w: Weighed, last: int, end: int, dropped: list[bool]) -> None:
    """Drop what follows the last paragraph and is a heading, linked, or under a heading such as 'Related'."""
    behind = False
    # many of them are a list of their own
    headings = sum(
        w.elements[here].tag in _HEADING and w.text[here] > 0 and not dropped[here] for here in range(last, end)
    )
    for here in range(last, end):
        if dropped[here] or dropped[w.parent[here]]:
            dropped[here] = True
            continue
        if not w.text[here]:
            continue
        element = w.elements[here]
        line = own_line(element)
        behind = behind or related.begins(line)
        linked = w.links[here] * 5 > w.total[here] * 2 and not any(is_document(link) for link in element.iter("a"))
        if behind or linked or (element.tag in _HEADING and headings < 3):
            dropped[here] = w.total[here] < 2000


def _pruned(w: Weighed, root: int, end: int, dropped: list[bool], headline: str, running: list[int]) -> HtmlElement:
    """A copy of an element without what is dropped, without lists of links and without the headline set in bold."""
    origin = w.elements[root]
    gone = set()
    here = root + 1
    while here < end:
        listed = not dropped[here] and _link_list(w, here)
        if dropped[here] or listed:
            if not (listed and (_own_list(w, here, running) or _linked_sentence(w, here, running))):
                gone.add(w.elements[here])
            here = w.end(here)
        else:
            here += 1
    copy = deepcopy(origin)
    copy.tail = None
    if gone:
        doomed = [twin for original, twin in zip(origin.iter(), copy.iter(), strict=True) if original in gone]
        for element in doomed:
            drop(element)
    bold = next(
        (element for element in islice(copy.iter(*_BOLD), 5) if headline and one_line(element) == headline), None
    )
    if bold is not None and bold is not copy:
        drop(bold)
    return copy


def _own_list(w: Weighed, here: int, running: list[int]) -> bool:
    """A list of short links among the story's paragraphs, under a heading of its own or words that end in a colon."""
    element = w.elements[here]
    if element.tag not in ("ul", "ol") or not running or not running[0] < here < running[-1]:
        return False
    items = [item for item in element if item.tag == "li"]
    if len(items) < 2 or w.total[here] > _ENTRY * len(items):
        return False
    before, after = element.getprevious(), element.getnext()
    beside = [w.index(before), w.index(after)]
    if min(beside) < 0 or beside[1] not in running:
        return False
    words = own_line(w.elements[beside[0]])
    return not related.begins(words) and (
        words.endswith((":", "：")) or (w.elements[beside[0]].tag in _HEADING and not w.links[beside[0]])
    )


def _linked_sentence(w: Weighed, here: int, running: list[int]) -> bool:
    """A paragraph of the story that is a link from its first word to its full stop."""
    element = w.elements[here]
    if element.tag != "p" or w.text[here] < _LINKED or not running or not running[0] < here < running[-1]:
        return False
    words = own_line(element)
    return words.endswith(_STOPS) and not related.begins(words)


def annex(w: Weighed, found: Body) -> list[HtmlElement]:
    """Links to documents, and documents shown, that stand after the story's element in what holds it."""
    up = found.index
    for _ in range(2):
        if w.parent[up] > 0 and w.elements[w.parent[up]].tag not in ("body", "html"):
            up = w.parent[up]
    links = []
    for here in range(w.end(found.index), w.end(up)):
        element = w.elements[here]
        if w.text[here] and related.begins(own_line(element)):
            break
        if element.tag == "a" and is_document(element):
            links.append(element)
        links += [child for child in element if child.tag in _PLAYERS]
    holder = w.elements[up] if up != found.index else None
    begin = w.end(up)
    for _ in range(_CLIMB - 2):  # farther off, what says that it holds documents
        if w.parent[up] <= 0 or w.elements[w.parent[up]].tag in ("body", "html"):
            break
        up = w.parent[up]
        for here in range(begin, w.end(up)):
            element = w.elements[here]
            if _ATTACHED(f"{element.get('class') or ''} {element.get('id') or ''}"):
                links += [link for link in element.iter("a") if is_document(link)]
        begin = w.end(up)
    links += [child for child in holder if child.tag in _PLAYERS] if holder is not None else []
    return links


def _named(w: Weighed, name: re.Pattern[str], title: int, before: int, dropped: list[bool]) -> list[str]:
    """Blocks of that name between the headline and what stands at `before`."""
    found: list[str] = []
    for here in range(title + 1, min(before, title + 80)):
        if w.end(here) > before or w.text[here] < 60 or dropped[here] or w.linked[here] * 2 > w.text[here]:
            continue
        element = w.elements[here]
        parent = w.elements[w.parent[here]]
        if (
            name.search(f"{element.get('class') or ''} {parent.get('class') or ''}")
            and not labels.facts(line := own_line(element))
            and line not in found
        ):
            found.append(line)
    return found[:3]


def _link_list(w: Weighed, here: int) -> bool:
    """A block which is all links, such as a list of other stories; documents to load are no such links."""
    if not w.links[here] or w.links[here] * 10 < w.total[here] * 8 or w.total[here] > 6000:
        return False
    element = w.elements[here]
    if element.tag not in ("ul", "ol", "div", "section", "p", "table", "dl", "li"):
        return False
    return not any(is_document(link) for link in element.iter("a"))
