"""Links that post a form of the page: they name their page as plainly as an address does.

ASP.NET's `__doPostBack`, and `page_link('2')` of boards: a function that puts a number into a form and sends it.
"""

from __future__ import annotations

import re
from urllib.parse import urlencode

from lxml.html import HtmlElement

from archive.patterns import deferred
from spiders.page import Page
from spiders.urls import split_form, with_form

_CALL = deferred(r"__doPostBack\(\s*['\"]([^'\"]{1,200})['\"]\s*,\s*['\"]([^'\"]{0,60})['\"]\s*\)")
_NUMBERED = deferred(r"(?:javascript:\s*|return\s+|^\s*)([A-Za-z_$][\w$.]{0,60})\(\s*['\"]?(\d{1,6})['\"]?\s*\)", re.I)
FIELD = deferred(
    r"""
    (?:cur(?:rent)?|go|now|to|jump)?_?(?:  # which page
        page(?:_?(?:num|no|index|number|idx|id))?|paging|pg|pagina|seite|sayfa|strona  # a page, in several languages
        |cpage|pageno
    )
    """,
    re.I | re.X,
)
_SCRIPT = 200_000  # characters of scripts that are looked through
_BODY = 600  # characters of a function that does no more than send a form
_MOST = 16_000  # characters of the form's state: an address of the frontier holds them


def address(page: Page, link: HtmlElement) -> str | None:
    """The address that stands for the POST a link makes; None where it makes none, or the form's state is too long to
    keep with an address."""
    return _dot_net(page, link) or _sent(page, link) or _submitted(page, link)


def _dot_net(page: Page, link: HtmlElement) -> str | None:
    call = _CALL.search(f"{link.get('href') or ''} {link.get('onclick') or ''}".replace("&#39;", "'"))
    form = next(link.iterancestors("form"), None) if call else None
    if call is None or form is None or (form.get("method") or "get").lower() != "post":
        return None
    return _posted(page, form, {"__EVENTTARGET": call[1], "__EVENTARGUMENT": call[2]})


def _sent(page: Page, link: HtmlElement) -> str | None:
    """The same for a function that is given a number alone, where the page shows what it does with it, or holds one
    form with a field for the page."""
    href = link.get("href") or ""
    done = href if href.lower().startswith("javascript:") else link.get("onclick") or ""
    call = _NUMBERED.search(done) if done else None
    if call is None:
        return None
    fields = [
        field
        for field in page.tree.iter("input")
        if FIELD.fullmatch(field.get("name") or "") and (field.get("type") or "text").lower() == "hidden"
    ]
    body = _function(page, call[1].rpartition(".")[2]) if fields else None
    if body is not None:
        fields = [field for field in fields if _sets(body, field)]
    form = next(fields[0].iterancestors("form"), None) if len(fields) == 1 else None
    if form is None or (body is not None and not re.search(r"submit", body, re.I)):
        return None
    turned = {fields[0].get("name") or "": call[2]}
    if (form.get("method") or "get").lower() == "post":
        return _posted(page, form, turned)
    to = split_form(page.absolute(form.get("action")) or page.url)[0]
    return f"{to.partition('?')[0]}?{urlencode(_state(form) | turned)}"  # a form's GET puts its fields for any query


def _submitted(page: Page, button: HtmlElement) -> str | None:
    """The form that a button of it sends with a value of its own: `<button name="page" value="2">`."""
    name, value = button.get("name"), button.get("value")
    form = next(button.iterancestors("form"), None)
    if button.tag != "button" or not name or not value or form is None or button.get("type", "submit") != "submit":
        return None
    turned = _state(form) | {name: value}
    to = split_form(page.absolute(button.get("formaction") or form.get("action")) or page.url)[0]
    if (button.get("formmethod") or form.get("method") or "get").lower() == "post":
        return with_form(to, turned) if sum(len(one) + len(two) for one, two in turned.items()) <= _MOST else None
    return f"{to.partition('?')[0]}?{urlencode(turned)}"


def _function(page: Page, name: str) -> str | None:
    """The beginning of a function's body, where a script of the page holds it."""
    begins = re.compile(
        rf"function\s+{re.escape(name)}\s*\([^)]*\)\s*\{{|\b{re.escape(name)}\s*[=:]\s*(?:function\s*)?\("
    )
    for script in page.tree.iter("script"):
        text = (script.text or "")[:_SCRIPT]
        if found := begins.search(text):
            return text[found.end() : found.end() + _BODY]
    return None


def _sets(body: str, field: HtmlElement) -> bool:
    """Whether a function gives a field its value."""
    names = "|".join(re.escape(name) for name in (field.get("name"), field.get("id")) if name)
    return bool(re.search(rf"\b(?:{names})\b['\"\])]*\s*(?:\.value\s*=|\.val\()", body))


def _posted(page: Page, form: HtmlElement, turned: dict[str, str]) -> str | None:
    state = _state(form)
    if sum(len(name) + len(value) for name, value in state.items()) > _MOST:
        return None
    return with_form(split_form(page.absolute(form.get("action")) or page.url)[0], state | turned)


def _state(form: HtmlElement) -> dict[str, str]:
    return {
        field.get("name") or "": field.get("value") or ""
        for field in form.iter("input")
        if field.get("name") and (field.get("type") or "text").lower() == "hidden"
    }
