"""The way to older items: rel=next, words, classes, scripts, numbered links. It follows what the page offers, never a
guess."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from archive.patterns import deferred
from spiders.facts import Item
from spiders.generic import calendar, numbers, postback, wording
from spiders.generic.numbers import YEARS
from spiders.generic.rows import GOES, story_address
from spiders.page import Page, join, one_line
from spiders.site import same_domain
from spiders.urls import canonical

_ONE_ON = deferred(r"[\s]*[>›→〉][\s]*")
_FAR_ON = deferred(r"[\s]*(?:»|>>|››|≫)[\s]*")
_NEXT_CLASS = deferred(
    r"""
    (?:^|[\s_-])(?:
        # words and classes, xiayiye: next page
        next|nextpage|p_next|page-?next|next-?page|pagination-?next|older|nav-previous
        |xiayiye|a_next
    )(?:$|[\s_-])
    """,
    re.I | re.X,
)
_OFF = deferred(r"(?:^|[\s_-])(?:disabled?|inactive|unable|nolink)(?:$|[\s_-])|p_next_d", re.I)
_CURRENT = deferred(
    r"""
    (?:^|[\s_-])(?:
        # words and classes for the page that is shown
        current|cur|active|on|this|thisclass|selected|now|p_no_d|curr|hover|is-active
    )(?:$|[\s_-])
    """,
    re.I | re.X,
)
_CALENDAR = deferred(
    r"calendar|datepicker|(?:^|[\s_-])(?:month|week)(?:$|[\s_-])|(?:next|previous) (?:month|week|day|year)", re.I
)
_ALL = deferred(r"\b(?:all|alle|alles|todos?|tout|tutti|wszystko)\b|全部|所有", re.I)
_PAGER = deferred(r"pag(?:e|er|es|ing|ination|elist|ebar|enav)|fenye|fanye|nav-links|pb_sys|turn|wp-?navi", re.I)
_SCRIPTED = deferred(
    r"""
    createPage(?:HTML|Html)?\s*\(\s*(?:["'][^"']*["']\s*,\s*)?(\d{1,6})\s*,\s*(\d{1,6})  # pages, the current one
    \s*,\s*["']([\w./-]{1,60})["']\s*,\s*["'](\w{2,5})["']  # name and end of the file
    """,
    re.X,
)
_ICON = deferred(
    r"""
    (?:angle|angles|chevron|chevrons|arrow|caret|triangle|step)s?-?  # Font Awesome and its like
    (?:double-|circle-|long-)?(?:right|left|forward|back)
    |icon-?(?:next|prev|right|left)|(?:next|prev)-?icon  # icons with names of their own
    """,
    re.I | re.X,
)
_NUMBER = deferred(r"[\s\[\(（]*(?:第\s*)?(\d{1,6})(?:\s*页)?[\s\]\)）]*")
# the address that a function is given: RefreshPageTo(event, "/list.aspx?Paged=TRUE\\u0026p_ID=30")
_GIVEN = deferred(r"""\(\s*(?:\w+\s*,\s*)?["'](/[^"'\s<>]{0,400}\?[^"'\s<>]{1,400})["']""")
_ESCAPED = deferred(r"\\u00(2[0-9a-f]|3[0-9a-f])", re.I)
_INDEX = deferred(r"/(?:index|default|main)\.\w{2,5}$", re.I)


def older(page: Page, items: Sequence[Item]) -> str | None:
    """Absolute address of the page with older items; None on the last one. Never the page itself, an item, or a way
    back."""
    links = [(element, url) for element in page.tree.iter("a", "link", "button") if (url := _target(page, element))]
    barred = {same(page.url), same(page.base), *(same(item.url) for item in items)}
    words = {element: said(element) for element, _ in links}
    barred |= {
        same(url)
        for element, url in links
        if wording.leads_back(words[element]) or "prev" in (element.get("rel") or "").split()
    }
    own = urlsplit(page.url).hostname or ""

    def open_to(url: str) -> bool:
        return same(url) not in barred and same_domain(urlsplit(url).hostname or "", own)

    ways: list[tuple[int, str]] = []
    number = _current(page, links)
    for element, url in links:
        if not open_to(url) or _is_off(element):
            continue
        rank = _rank(element, words[element], url, page.url)
        if rank:
            ways.append((rank, url))
    if number is not None and number not in YEARS:
        ways += [
            (5, url)
            for element, url in links
            if open_to(url)
            and (found := _NUMBER.fullmatch(words[element]))
            and int(found[1]) == number + 1
            and (in_pager(element) or like(url, page.url))
        ]
    ways += [(5, url) for url in (*_scripted(page), *_chosen(page)) if open_to(url)]
    best = max(ways, key=lambda way: way[0])[1] if ways else None
    return (
        _by_numbers(page, best, open_to)
        or best
        or next((url for url in calendar.ways(page, items) if open_to(url)), None)
    )


def _by_numbers(page: Page, best: str | None, open_to: Callable[[str], bool]) -> str | None:
    """The link with the next number, where words found nothing or lead further than that: to the next block of
    pages."""
    for run in numbers.runs(page, page.url):
        element = run.next
        url = _target(page, element) if element is not None else None
        if (
            element is None
            or url is None
            or not open_to(url)
            or _is_off(element)
            or not (in_pager(element) or like(url, page.url))
        ):
            continue
        if best is None or same(best) == same(url):
            return url
        known = [
            one.value
            for one in run.numbers
            if one.linked and (to := _target(page, one.element)) and same(to) == same(best)
        ]
        if known:
            return url if run.current is not None and known[0] != run.current + run.step else best
        if (
            (there := _apart(best, url)) is not None
            and (own := _apart(url, best)) is not None
            and there > own
            and run.last > (run.current or 0)
        ):
            return url
    return None


def _apart(url: str, other: str) -> int | None:
    """The number by which an address differs from another, where that is all they differ by."""
    parts, others = (re.split(r"(\d+)", one) for one in (same(url), same(other)))
    if len(parts) != len(others):
        return None
    apart = [(one, two) for one, two in zip(parts, others, strict=True) if one != two]
    return (
        int(apart[0][0])
        if len(apart) == 1 and apart[0][0].isdigit() and apart[0][1].isdigit() and len(apart[0][0]) < 10
        else None
    )


def same(url: str) -> str:
    """A spelling under which addresses of one page compare equal: no index file, no last slash."""
    try:
        url = canonical(url)
    except ValueError:
        return url
    head, _, query = url.partition("?")
    head = _INDEX.sub("/", head).rstrip("/")
    return f"{head.partition('://')[2]}?{query}"  # 'page=1' stays: with Drupal it is the second page


def _target(page: Page, element: HtmlElement) -> str | None:
    """Where a link leads, by its href or by the plain address in its script."""
    href = (element.get("href") or "").strip()
    if element.tag == "link":
        return page.absolute(href) if "next" in (element.get("rel") or "").lower().split() else None
    if href and not href.startswith("#") and not href.lower().startswith("javascript:"):
        return page.absolute(href)
    if posted := postback.address(page, element):
        return posted
    done = _ESCAPED.sub(lambda code: chr(int(code[1], 16)), f"{href} {element.get('onclick') or ''}")
    scripted = GOES.search(done) or _GIVEN.search(done)
    return page.absolute(scripted[1]) if scripted else None


def said(element: HtmlElement) -> str:
    """Words of a link: its text, else its title, label or the alt of its picture, else what the name of its icon
    says."""
    words = one_line(element)
    if words or element.tag == "link":
        return words
    image = next(element.iter("img"), None)
    named = element.get("title") or element.get("aria-label") or (image.get("alt") or "" if image is not None else "")
    return named or _icon(element)


def _icon(element: HtmlElement) -> str:
    names = " ".join(found.get("class") or "" for found in element.iter() if isinstance(found.tag, str))
    if found := _ICON.search(names):
        far = bool(re.search(r"double|angles|chevrons|last|end|forward-step", names, re.I))
        return ("«" if far else "<") if re.search(r"left|prev|back", found[0], re.I) else "»" if far else ">"
    return ""


def _rank(element: HtmlElement, words: str, url: str, here: str) -> int:
    """How sure it is that this link leads on; 0 for no."""
    if "next" in (element.get("rel") or "").lower().split():
        return 8
    label = f"{element.get('aria-label') or ''}|{element.get('title') or ''}"
    if wording.leads_on(words):
        return 7 if in_pager(element) or like(url, here) else 0 if len(words) < 3 or story_address(url) else 4
    if any(wording.leads_on(part) for part in label.split("|") if part) and (in_pager(element) or like(url, here)):
        return 6
    if wording.more(words) and re.search(r"\d", url) and like(url, here) and not story_address(url.partition("?")[0]):
        return 4
    if (
        words
        and not _ONE_ON.fullmatch(words)
        and not _FAR_ON.fullmatch(words)
        and (len(words) > 30 or _ALL.search(words) or not like(url, here))
    ):
        return 0  # a class says 'next' of many things: 'show all', the next story
    parent = element.getparent()
    names = [element.get("class") or "", (parent.get("class") or "") if parent is not None and len(parent) == 1 else ""]
    if any(_NEXT_CLASS.search(name) for name in names) and (in_pager(element) or like(url, here)):
        return 6
    if _ONE_ON.fullmatch(words) and like(url, here):
        return 4
    if _FAR_ON.fullmatch(words) and like(url, here):
        return 3  # '>>' is the next page where there is no '>', else the last one
    return 0


def _is_off(element: HtmlElement) -> bool:
    """Switched off, or the way to the next month of a calendar."""
    around = [element, *list(element.iterancestors())[:5]]
    if any(
        _CALENDAR.search(f"{e.get('class') or ''} {e.get('id') or ''} {e.get('title') or ''}")
        for e in around
        if e.tag != "body"
    ):
        return True
    near = around[:2]
    return any(
        _OFF.search(e.get("class") or "") or e.get("disabled") is not None or e.get("aria-disabled") == "true"
        for e in near
    )


def in_pager(element: HtmlElement) -> bool:
    """Whether it stands in what is called a pager."""
    return any(
        _PAGER.search(f"{e.get('class') or ''} {e.get('id') or ''}")
        for e in [element, *list(element.iterancestors())[:4]]
        if e.tag != "body"
    )


def like(url: str, here: str) -> bool:
    """Whether two addresses differ as pages of one listing do: in numbers alone, or by a part that holds a number."""
    one, two = urlsplit(url), urlsplit(here)
    if one.hostname != two.hostname:
        return False
    if one.path == two.path:
        return bool(re.search(r"\d", one.query))
    a, b = (_INDEX.sub("/", path) for path in (one.path, two.path))
    stems = [
        re.sub(
            r"(?:[/_-]?(?:page|list|index|p|seite|pagina)?[/_-]?\d+)?/?(?:\.\w{2,6})?$", "", path, flags=re.I
        ).rstrip("/")
        for path in (a, b)
    ]
    return bool(re.search(r"\d", a)) and (
        stems[0] == stems[1] or stems[0].startswith(f"{stems[1]}/") or stems[1].startswith(f"{stems[0]}/")
    )


def _current(page: Page, links: Sequence[tuple[HtmlElement, str]]) -> int | None:
    """Number of this page: the marked one in a pager, else the one number of the run that is no link."""
    linked = {
        int(found[1]): url
        for element, url in links
        if in_pager(element) and (found := _NUMBER.fullmatch(one_line(element)))
    }
    if not linked:
        return _run(page, links)
    here = [number for number, url in linked.items() if same(url) == same(page.url)]
    if len(here) == 1:
        return here[0]
    marked: set[int] = set()
    for element in page.tree.iter("span", "em", "strong", "b", "li", "a", "i", "font"):
        if (
            len(element) <= 1
            and (found := _NUMBER.fullmatch(one_line(element)))
            and int(found[1]) not in linked
            and in_pager(element)
            and _CURRENT.search(
                f"{element.get('class') or ''} {element.get('aria-current') or ''}"
                if element.get("class")
                else "on"
                if element.get("aria-current") or element.tag in ("strong", "b")
                else ""
            )
        ):
            marked.add(int(found[1]))
    if len(marked) == 1:
        return marked.pop()
    missing = sorted(set(range(1, max(linked) + 1)) - set(linked))
    plain = {
        int(found[1])
        for element in page.tree.iter("span", "em", "li", "a")
        if not len(element)
        and element.get("href") is None
        and in_pager(element)
        and (found := _NUMBER.fullmatch(one_line(element)))
    }
    gaps = [number for number in missing if number in plain and (number - 1 in linked or number + 1 in linked)]
    return gaps[0] if len(gaps) == 1 else _run(page, links)


def _run(page: Page, links: Sequence[tuple[HtmlElement, str]]) -> int | None:
    """The marked number of a run of numbered links in one parent, where no class calls it a pager."""
    for element, url in links:
        found = _NUMBER.fullmatch(one_line(element))
        if found and _CURRENT.search(element.get("class") or "") and like(url, page.url):
            return int(found[1])
    return None


def _scripted(page: Page) -> Iterator[str]:
    """`createPageHTML(20, 0, "index", "html")` (TRS): page n, counted from 0, is index_n.html."""
    for script in page.tree.iter("script"):
        for found in _SCRIPTED.finditer(numbers.spelled_out(script.text or "")):
            count, number, name, ending = int(found[1]), int(found[2]), found[3], found[4]
            if number + 1 < count and (url := join(page.base, f"{name}_{number + 1}.{ending}")):
                yield url


def _chosen(page: Page) -> Iterator[str]:
    """A drop-down of pages: the address after the one selected."""
    for choice in page.tree.iter("select"):
        options = [option for option in choice.iter("option") if numbers.page(one_line(option)) is not None]
        values = [option.get("value") or "" for option in options]
        if len(values) < 2 or not all("." in value or "/" in value or "?" in value for value in values):
            continue
        at = next((n for n, option in enumerate(options) if option.get("selected") is not None), 0)
        if at + 1 < len(values) and (url := page.absolute(values[at + 1])):
            yield url
