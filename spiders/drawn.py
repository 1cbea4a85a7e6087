"""Pages that hold nothing until a script has drawn them: whether a browser is to draw one, and what is known of one
that was drawn. Decided by the page as sent and the site's configuration, so that a rebuild decides as the crawl did."""

from __future__ import annotations

from dataclasses import replace

from archive.article import Article
from spiders.facts import Block, Listing
from spiders.findings import Answer, Reading, Stories, Story, Trouble
from spiders.page import Page
from spiders.site import Site
from spiders.urls import split_form

MORE = "; more"  # ends what a record says of a page that still grew when the browser had scrolled as far as it may
_CUT = "the page grows as it is scrolled, and was not scrolled to its end"
_HTML = ("text/html", "application/xhtml+xml")
_LONG = 40  # characters of a body that is more than a caption


def wanted(answer: Answer, site: Site, reading: Reading) -> bool:
    """Whether a browser is to draw the page: the site says so of its kind, and the page as sent holds no list, story,
    data or way to them."""
    of_list = answer.kind in ("listing", "older")
    if not (of_list and site.browser != "none") and not (answer.kind == "article" and site.browser == "page"):
        return False
    if answer.rendered or answer.status != 200 or split_form(answer.url)[1] is not None:
        return False
    mime = next((value for name, value in answer.headers if name.lower() == "content-type"), "")
    if mime.partition(";")[0].strip().lower() not in _HTML:
        return False
    match reading:
        case Stories():
            return not (reading.fetch or reading.rows or reading.older)
        case Block(kind=kind):
            return kind == "empty"
        case Trouble(kind=kind):
            return kind in ("empty", "unreadable")
        case Story(article=article):
            told = article.attachments or article.images
            return not of_list and "part_of" not in answer.hint and len(article.body) < _LONG and not told
    return False


def bare(page: Page, found: Listing | Article | Block | str) -> bool:
    """As `wanted`, for a page that is looked at before there is a site."""
    if page.status != 200 or page.mime not in _HTML or split_form(page.url)[1] is not None:
        return False
    match found:
        case Listing():
            return not (found.items or found.older)
        case Block(kind=kind):
            return kind == "empty"
        case Article():
            return len(found.body) < _LONG and not (found.attachments or found.images)
    return False


def cut(listing: Listing) -> Listing:
    """A list that was drawn and would have grown on."""
    return listing if listing.older else replace(listing, unfollowed=listing.unfollowed or _CUT)


def bounded(answer: Answer, reading: Reading) -> Reading:
    """The reading of a page that a browser drew, with what is known to be missing: it was scrolled only so far."""
    if isinstance(reading, Stories) and answer.rendered.endswith(MORE) and not reading.older:
        return replace(reading, unfollowed=reading.unfollowed or _CUT)
    return reading
