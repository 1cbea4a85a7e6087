"""'There is more, and I cannot follow': what of a listing page says that older items exist to which no address leads.

One detector for all families. It looks at what a reader would press (numbers and words of a pager that lead nowhere,
buttons
for more, drop-downs of pages, years or months), at what scripts are told, and at what the page claims to hold. What it
gives is a sentence for the operator, never a guess at an address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from lxml.html import HtmlElement

from archive.patterns import deferred
from spiders.blanks import compiled
from spiders.facts import Listing
from spiders.generic import calendar, claims, events, numbers, pager, postback, wording
from spiders.page import Page, one_line

_DEAD = deferred(r"^\s*(?:#|$|javascript:)", re.I)
_OFF = deferred(r"(?:^|[\s_-])(?:disabled?|inactive|unable|nolink|hidden)(?:$|[\s_-])", re.I)
_ASIDE = deferred(
    r"""
    slid|swiper|carousel|banner|calendar|datepicker  # what slides, and calendars
    |(?:^|[\s_-])(?:
        nav(?:bar)?|menu\w*|tabs?|gallery|lightbox|modal|cookie\w*|search|login  # ways around the site
        |comment\w*|footer|foot|bottom|gnb|lnb
    )(?:$|[\s_-])
    """,
    re.I | re.X,
)
_OF_PART = deferred(
    r"""
    (?<![\w-])(?!(?:site|page|global|main|layout)[-_])  # of the whole page
    (?:\w{1,20}[-_]){1,3}(?:footer|foot|bottom)(?![\w-])
    """,
    re.I | re.X,
)
_POSTBACK = deferred(r"__doPostBack\(\s*['\"][^'\"]{1,200}['\"]\s*,\s*['\"]Page\$(\d+|Next)['\"]", re.I)
_CALL = deferred(r"pag(?:e|ing|ina|er)|goto|turn|next|more|list|fn_?egov|move|postback", re.I)
_MORE_NAME = deferred(
    r"""
    (?:^|[\s_-])(?:
        load[-_]?more|more[-_]?(?:btn|button|posts|news|results|items|stories|load)  # more
        |(?:btn|button)[-_]?(?:load[-_]?)?more|show[-_]?more  # a button for it
        |view[-_]?more[-_]?(?:btn|button)|infinite[-_]?\w*|endless[-_]?\w*
        |lazy[-_]?load[-_]?list|alm-\w+|js-pager__items  # what loads as one scrolls
    )
    """,
    re.I | re.X,
)
_MORE_ATTRIBUTES = (
    "data-next",
    "data-next-page",
    "data-next-url",
    "data-nextpage",
    "data-next-href",
    "data-load-more",
    "data-loadmore",
    "data-load-url",
    "data-infinite",
    "data-infinite-scroll",
    "data-infinite-url",
    "data-scroll-url",
    "data-page-url",
    "data-ajax-url",
    "data-endpoint",
    "data-total-pages",
    "data-totalpages",
    "data-max-pages",
    "data-maxpages",
    "data-max-page",
    "data-page-count",
    "data-last-page",
    "data-pages",
    "data-drupal-views-infinite-scroll-pager",
    "data-paged",
    "data-page",
    "data-current-page",
    "data-offset",
    "infinite-scroll",
    "v-infinite-scroll",
)
_COUNTED = frozenset(
    {
        "data-total-pages",
        "data-totalpages",
        "data-max-pages",
        "data-maxpages",
        "data-max-page",
        "data-page-count",
        "data-last-page",
        "data-pages",
    }
)
_SCRIPTS = compiled(
    r"""
    laypage|jqPaginator|twbsPagination|bootpag\b|(?<![\w-])pagination\s*\(\s*\{  # libraries
    |\.pagination\s*\(
    |(?:create|make|init|show|render|build|set)_?(?:page|pager|paging|pagination)  # functions that draw a pager
    \w{0,40}\s*\(
    |new\s+(?:\w+\.)?(?:Page|Pager|Paging|Paginat(?:or|ion))\s*\(|infinite-?scroll
    |InfiniteAjaxScroll|IntersectionObserver[^;]{0,400}(?:page|offset|cursor)  # infinite scrolling
    |load_?more\w{0,40}\s*[=(]  # buttons that load
    |(?:next_?page|page_?no|page_?num|page_?index|offset|\bpage)\s*\+\+  # a page or place counted up
    |(?:next_?page|page_?no|page_?num|page_?index|offset)\s*\+=
    """,
    re.I | re.X,
)
_PAGES_TOLD = deferred(
    r"""
    ['\"]?\b_?(?:
        # names for the number of pages
        totalPages?|total_pages|pageCount|page_count|pages|totPage|maxPage|max_num_pages
        |lastPage|pageTotal|countPage|allPage
    )['\"]?\s*[:=]\s*['\"]?(\d{1,6})
    """,
    re.I | re.X,
)
_ROWS_TOLD = deferred(
    r"""
    ['\"]?\b_?(?:
        total|totalCounts?|total_count|count|totalRows?|totalRecords?|recordCount  # names for the number of rows
        |dataTotal|totCnt|totalCnt|totalElements
    )['\"]?\s*[:=]\s*['\"]?(\d{1,7})
    """,
    re.I | re.X,
)
_WATCHED = deferred(
    r"""
    (?:^|[\s_-])(?:
        sentinel|spinner|loader|loading|observer|trigger|infinite\w*  # names of what a script waits for to be seen
        |scroll[-_]?(?:end|watch|trigger)|end[-_]?of[-_]?list
    )(?:$|[\s_-])
    """,
    re.I | re.X,
)
_PAGER = deferred(
    r"""
    (?:^|[\s_-])(?:
        pag(?:er|es|ing|ination|inator|inacion|inazione)|page-?(?:nav|numbers?|links)  # what pagers are called
    )(?=$|[\s_-])
    """,
    re.I | re.X,
)
_DEEP = 6  # steps from a headline to what stands behind its list
_WHEN_FIELD = deferred(r"year|month|jahr|monat|ann[eé]e|mois|a[nñ]o|mes|anno|mese|nendo|nian|yue|archive", re.I)


def unfollowed(page: Page, listing: Listing, *, first: bool) -> str | None:
    """Why the listing holds more than can be read, in words; None where nothing says so, or there is a way on.

    `first`: the page is where the listing begins. Further on scripts, buttons and claims are as on every page, and say
    nothing.
    """
    if listing.older or not listing.items:
        return None
    if not _html(page):
        return _claimed(listing) if first else None
    signs = [
        _numbered(page, first=first),
        *(
            (
                _claimed(listing),
                claims.beyond(page, sum(1 for item in listing.items if not item.sticky)),
                _postback(page),
                _buttons(page, listing),
                _chosen(page, listing),
                _dates(page),
                _told(page, listing),
                _awaited(page, listing),
                _led_elsewhere(page, listing),
            )
            if first
            else ()
        ),
    ]
    return next((sign for sign in signs if sign), None)


def _html(page: Page) -> bool:
    return (
        "html" in page.mime if page.mime else "<html" in page.text[:2000].lower() or "<body" in page.text[:4000].lower()
    )


def _claimed(listing: Listing) -> str | None:
    """More pages or items than are shown."""
    if (listing.pages or 0) > 1:
        return f"the page says there are {listing.pages} pages, and no address leads to the next"
    if (listing.total or 0) > len(listing.items):
        return (
            f"the page says there are {listing.total} items and shows {len(listing.items)}, and no address leads to the"
            " others"
        )
    return None


def _numbered(page: Page, *, first: bool) -> str | None:
    """Numbers and 'next' that only a script follows."""
    for run in numbers.runs(page, page.url):
        dead = [
            one
            for one in run.numbers
            if one.linked and _dead(one.element) and not _switched_off(one.element) and not _aside(one.element)
        ]
        if run.current is None and not first:
            continue  # which page this is is not known: all of them may lie behind
        current = run.current if run.current is not None else 1
        if any(
            one.value == current + run.step and (_calls(one.element) or pager.in_pager(one.element)) for one in dead
        ):
            return (
                f"page {current + run.step} is opened by a script"
                f" ({_how(next(one.element for one in dead if one.value == current + run.step))})"
            )
    for element in page.tree.iter("a", "button") if first else ():  # on the last page the same words lead nowhere
        if (
            _dead(element)
            and len(element) < 6
            and wording.leads_on(pager.said(element))
            and not _switched_off(element)
            and not _aside(element)
            and (_calls(element) or (pager.in_pager(element) and _stands_open(element)))
        ):
            return f"'{pager.said(element)}' is opened by a script ({_how(element)})"
    return None


def _stands_open(element: HtmlElement) -> bool:
    """Whether a link to nowhere in a pager may be live: `#` is; `javascript:void(0)` or no address is how last pages
    switch it off."""
    return element.tag == "button" or (element.get("href") or "").strip().startswith("#")


def _postback(page: Page) -> str | None:
    asked = [
        found[1]
        for element in page.tree.iter("a")
        if (found := _POSTBACK.search(element.get("href") or "")) and not _switched_off(element)
    ]
    return (
        f"page {asked[0]} is asked for by posting the page's form (__doPostBack)"
        if any(one.lower() == "next" or int(one) > 1 for one in asked)
        else None
    )


def _buttons(page: Page, listing: Listing) -> str | None:
    """Buttons for more, and lists that grow while one scrolls; they stand behind the first item."""
    after = False
    urls = {item.url for item in listing.items}
    for element in page.tree.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag == "a" and not after and page.absolute(element.get("href")) in urls:
            after = True
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        holds = (
            None
            if after
            else (
                any(page.absolute(link.get("href")) in urls for link in element.iter("a"))
                if any(name in element.attrib for name in _MORE_ATTRIBUTES) or "infinite" in names.lower()
                else None
            )
        )
        if not after and not holds:
            continue
        if _off(element) or element.tag in ("body", "html"):
            continue
        if element.tag in ("a", "button", "div", "span", "input", "p", "li") and _dead(element) and len(element) < 4:
            words = (
                " ".join((element.get("value") or "").split())
                if element.tag == "input"
                else one_line(element)
                if len(element.text or "") < 60
                else ""
            )
            if (
                words
                and len(words) < 40
                and wording.more(words)
                and (element.tag in ("button", "input") or _pressed(element) or element.tag == "a")
                and not _in_item(element, urls, page)
                and not _aside(element)
            ):
                return f"'{words}' loads more by script"
        if _loads_when_seen(element) and not _aside(element):
            return f"a script loads more when it is seen ({_address_of(element)[:60]!r})"
        if (
            _MORE_NAME.search(names)
            and not _aside(element)
            and not _in_item(element, urls, page)
            and not (element.tag == "a" and not _dead(element))
        ):
            return f"a script loads more (the page's {names.strip()!r})"
        for name in _MORE_ATTRIBUTES:
            if (
                name in element.attrib
                and _grows(name, element.get(name) or "")
                and not _aside(element)
                and not _in_item(element, urls, page)
            ):
                return f"a script loads more ({name}={(element.get(name) or '')[:60]!r})"
    return None


def _loads_when_seen(element: HtmlElement) -> bool:
    """Whether an element fetches what stands in its place as soon as a reader has scrolled to it: htmx, Turbo."""
    trigger = element.get("hx-trigger") or element.get("data-hx-trigger") or ""
    return bool(_address_of(element)) and (
        any(word in trigger for word in ("revealed", "intersect")) or element.get("loading") == "lazy"
    )


def _address_of(element: HtmlElement) -> str:
    asked = element.get("hx-get") or element.get("data-hx-get")
    return (asked or (element.get("src") if element.tag == "turbo-frame" else "") or "").strip()


def _grows(name: str, said: str) -> bool:
    if name in _COUNTED:
        return said.isdigit() and int(said) > 1
    if name in ("data-page", "data-current-page", "data-offset", "data-paged"):
        return (said.isdigit() and len(said) < 6) or "page=" in said
    return not said.startswith("{") and said.lower() not in ("false", "0", "null", "none")


def _chosen(page: Page, listing: Listing) -> str | None:
    """A drop-down of pages, years or months that some script or form answers."""
    for choice in page.tree.iter("select"):
        if _aside(choice):
            continue
        options = [option for option in choice.iter("option") if one_line(option)]
        words = [one_line(option) for option in options]
        at = next((n for n, option in enumerate(options) if option.get("selected") is not None), 0)
        named = f"{choice.get('name') or ''} {choice.get('id') or ''} {choice.get('class') or ''}"
        pages = [number for word in words if (number := numbers.page(word)) is not None]
        if (
            len(pages) > 1
            and len(pages) == len(words)
            and pages == list(range(pages[0], pages[0] + len(pages)))
            and pages[0] in (0, 1)
            and at + 1 < len(pages)
            and (re.search(r"pag|seite|sayfa|strona|(?:^|[\s_-])p(?:$|[\s_-])", named, re.I) or pager.in_pager(choice))
        ):
            return f"the other {len(pages) - 1} pages are chosen from a drop-down"
        when = [word for word in words if calendar.read(word)]
        if (
            len(when) > 1
            and len(when) >= len(words) - 2
            and at + 1 < len(words)
            and (len(when) > 2 or _WHEN_FIELD.search(named) or _begins_later(when, listing, page))
        ):
            return (
                f"other {'years' if calendar.read(when[0]) and not (calendar.read(when[0]) or (0, 1))[1] else 'months'}"
                f" are chosen from a drop-down ({when[-1]} ... {when[0]})"
            )
    return None


def _begins_later(when: Sequence[str], listing: Listing, page: Page) -> bool:
    """Whether years are to be chosen, one behind the other, to whose earliest the rows do not reach."""
    years = [found[0] for one in when if (found := calendar.read(one)) and not found[1]]
    days = events.days([item.day for item in listing.items], page.fetched)
    in_turn = len(years) == len(when) and all(one - two == 1 for one, two in pairwise(years))
    return in_turn and bool(days) and min(days).year > min(years)


def _dates(page: Page) -> str | None:
    """Links to years or months, of which none is beyond doubt the one before this page's; or to which scripts lead."""
    named = calendar.linked(page)
    if len(named) > 1:
        return (
            f"the page leads to archives by {'month' if all(when[1] for when in named) else 'year'}, and it is not"
            " clear which of them this one is"
        )
    by_script = {
        when
        for element in page.tree.iter("a", "button")
        if element.get("href") is None or _dead(element)
        if len(element) < 3 and (when := calendar.read(one_line(element))) and not _aside(element)
    }
    if len(by_script) > 2:
        return "archives by year or month are opened by a script"
    return None


def _told(page: Page, listing: Listing) -> str | None:
    """Scripts that make a pager, or that fetch the next rows, unless they are told that one page is all."""
    for script in page.tree.iter("script"):
        text = script.text or ""
        if script.get("src") or not text or "json" in (script.get("type") or "").lower():
            continue
        found = _SCRIPTS.search(text[:200_000])
        if not found:
            continue
        pages = [int(one) for one in _PAGES_TOLD.findall(text)]
        rows = [int(one) for one in _ROWS_TOLD.findall(text)]
        call = (
            re.match(r"\s*(?:['\"][\w#.-]*['\"]\s*,\s*)?(\d{1,6})\s*,", text[found.end() :])
            if found[0].endswith("(")
            else None
        )
        counted = max(pages, default=0) or (int(call[1]) if call else 0)
        if counted == 1 or (not counted and rows and max(rows) <= len(listing.items)):
            continue
        return f"a script makes its pages ({found[0].strip()[:40]}{f', {counted} of them' if counted > 1 else ''})"
    fields = [
        field
        for field in page.tree.iter("input")
        if postback.FIELD.fullmatch(field.get("name") or "")
        and field.get("type", "text").lower() in ("hidden", "text", "number")
        and not _aside(field)
    ]
    if (
        fields
        and len(listing.items) >= 8
        and not any(
            one == 1
            for one in (int(n) for script in page.tree.iter("script") for n in _PAGES_TOLD.findall(script.text or ""))
        )
    ):
        return f"pages are asked for by a form (its field {fields[0].get('name')!r})"
    return None


def _awaited(page: Page, listing: Listing) -> str | None:
    """An empty element behind a list that is as long as a page: what a script watches, to load more when it is seen."""
    if len([item for item in listing.items if not item.sticky]) not in calendar.FULL:
        return None
    last = listing.items[-1].url
    link = next((a for a in reversed(list(page.tree.iter("a"))) if page.absolute(a.get("href")) == last), None)
    for _ in range(_DEEP):
        if link is None or link.tag == "body":
            return None
        behind = link.getnext()
        if (
            behind is not None
            and behind.tag in ("div", "span", "section", "p", "li")
            and not len(behind)
            and not one_line(behind)
            and not _aside(behind)
            and (
                _WATCHED.search(f"{behind.get('class') or ''} {behind.get('id') or ''}")
                or any(name.startswith("data-") for name in behind.attrib)
            )
        ):
            return f"a script may load more (the empty {_how(behind)!r} behind a full page of {len(listing.items)})"
        link = link.getparent()
    return None


def _led_elsewhere(page: Page, listing: Listing) -> str | None:
    """Live links of a pager on the first page, none of which is known to be the next."""
    if any(run.current is not None and run.current >= run.last for run in numbers.runs(page, page.url)):
        return None  # the last page may be the one that an operator named
    barred = {pager.same(page.url), *(pager.same(item.url) for item in listing.items)}
    for holder in page.tree.iter("div", "ul", "ol", "nav", "p", "section"):
        if not _PAGER.search(f"{holder.get('class') or ''} {holder.get('id') or ''}") or _aside(holder):
            continue
        named = [(link, url) for link in holder.iter("a") if (url := page.absolute(link.get("href")))]
        if any(pager.same(url) in barred - {pager.same(page.url)} for _, url in named):
            continue  # it holds items: a part of a page that is called so
        others = [
            url
            for link, url in named
            if pager.same(url) not in barred
            and pager.like(url, page.url)
            and not wording.leads_back(pager.said(link))
            and not _switched_off(link)
        ]
        if others:
            return f"its pager leads to {others[0]}, and which of its links is the next page is not clear"
    return None


def _dead(element: HtmlElement) -> bool:
    return element.tag != "a" or bool(_DEAD.match(element.get("href") or ""))


def _calls(element: HtmlElement) -> bool:
    """Whether pressing it runs something that sounds like paging."""
    href = element.get("href") or ""
    done = (
        f"{href if href.lower().startswith('javascript') else ''} {element.get('onclick') or ''}"
        f" {element.get('data-page') or ''} {element.get('ng-click') or ''} {element.get('@click') or ''}".strip()
    )
    return (
        bool(done)
        and not re.fullmatch(r"javascript:\s*(?:void\(?\s*0?\s*\)?|;)?\s*;?", done, re.I)
        and (bool(_CALL.search(done)) or bool(re.search(r"\d", done)))
    )


def _pressed(element: HtmlElement) -> bool:
    return (
        element.get("onclick") is not None
        or element.get("role") == "button"
        or element.tag == "button"
        or bool(re.search(r"btn|button|more", element.get("class") or "", re.I))
    )


def _how(element: HtmlElement) -> str:
    done = " ".join((element.get("onclick") or element.get("href") or element.get("class") or element.tag).split())
    return done if len(done) <= 60 else f"{done[:59]}…"


def _off(element: HtmlElement) -> bool:
    return (
        bool(_OFF.search(element.get("class") or ""))
        or element.get("disabled") is not None
        or element.get("aria-disabled") == "true"
    )


def _switched_off(element: HtmlElement) -> bool:
    return any(_off(one) for one in _around(element, 2))


def _aside(element: HtmlElement) -> bool:
    """Whether it belongs to a menu, a slider, a calendar, a search form: those have numbers and arrows of their own."""
    for one in _around(element, 8):
        if one.tag in ("nav", "header", "footer", "aside") and not pager.in_pager(element):
            return True
        names = _OF_PART.sub(" ", f"{one.get('class') or ''} {one.get('id') or ''}")  # a list's footer is the list's
        if one.tag not in ("body", "html") and _ASIDE.search(names) and not pager.in_pager(one):
            return True
    return False


def _in_item(element: HtmlElement, urls: set[str], page: Page) -> bool:
    """Whether it belongs to one story of the list, as a button that unfolds a teaser does: others have the same beside
    them."""
    here = element.getparent()
    for _ in range(3):
        if here is None or here.tag in ("body", "html", "main", "form"):
            return False
        held = {url for link in here.iter("a") if (url := page.absolute(link.get("href"))) in urls}
        if held:
            return len(held) == 1 and len(urls) > 1
        here = here.getparent()
    return False


def _around(element: HtmlElement, up: int) -> Iterator[HtmlElement]:
    yield element
    for number, one in enumerate(element.iterancestors()):
        if number >= up:
            return
        yield one
