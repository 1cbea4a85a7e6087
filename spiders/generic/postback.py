"""ASP.NET's `__doPostBack`: a link that posts the page's form names its page as plainly as an address does."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from spiders.page import Page
from spiders.urls import split_form, with_form

_CALL = re.compile(r"__doPostBack\(\s*['\"]([^'\"]{1,200})['\"]\s*,\s*['\"]([^'\"]{0,60})['\"]\s*\)")
_MOST = 16_000  # characters of the form's state: an address of the frontier holds them


def address(page: Page, link: HtmlElement) -> str | None:
    """The address that stands for the POST a link makes; None where it makes none, or the form's state is too long to
    keep with an address."""
    call = _CALL.search(f"{link.get('href') or ''} {link.get('onclick') or ''}".replace("&#39;", "'"))
    form = next(link.iterancestors("form"), None) if call else None
    if call is None or form is None or (form.get("method") or "get").lower() != "post":
        return None
    state = {
        field.get("name") or "": field.get("value") or ""
        for field in form.iter("input")
        if field.get("name") and (field.get("type") or "text").lower() == "hidden"
    }
    if sum(len(name) + len(value) for name, value in state.items()) > _MOST:
        return None
    to = page.absolute(form.get("action")) or page.url
    return with_form(split_form(to)[0], state | {"__EVENTTARGET": call[1], "__EVENTARGUMENT": call[2]})
