"""超星 portals (engine2): pages are empty until scripts fill them; the list is the answer to a POST, the story JSON in
a script."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from archive.patterns import deferred
from spiders import rows
from spiders.data_pages import fragment, json_after, json_of, number, path, records, string
from spiders.facts import Listing, RawArticle
from spiders.families import Select
from spiders.marks import sure
from spiders.page import Page
from spiders.urls import form_of, split_form, with_form

SELECT = {"title": "1", "date": "6", "size": "20"}  # numbers of the fields of a record; records asked for at once
_APP = deferred(r"/engine2/general/(\d+)/|[?&]appId=(\d+)|/engine2/m/0/(\d+)/\d+")


def detect(page: Page) -> float:
    """By its addresses and the variables its scripts need."""
    return sure(
        page,
        html=[(r"\bengineInstanceId\b", 0.8), (r"mh\.chaoxing\.com", 0.8), (r"/engine2/", 0.6)],
        url=[(r"/engine2/", 0.9), (r"mh\.chaoxing\.com", 0.6)],
    )


def read_listing(page: Page, select: Select) -> Listing:
    """An answer holds the items; the page that scripts fill holds none, and leads to the first answer."""
    data = json_of(page)
    if data is None:
        return Listing(older=_first(page, select))
    answer = path(data, "data", "datas")
    found = tuple(
        rows.item(page, url, string(one, select["title"], "value"), string(one, select["date"], "value"))
        for one in records(path(answer, "datas"))
        if (url := page.absolute(string(one, "url")))
    )
    form, total = form_of(page.url), number(answer, "total")
    here, size = number(form, "pageNum") or 1, number(form, "pageSize") or len(found)
    more = bool(form and found and (here * size < total if total is not None else len(found) >= size))
    return Listing(
        items=found,
        older=with_form(split_form(page.url)[0], {**form, "pageNum": str(here + 1)}) if more else None,
        total=total,
        pages=-(-total // size) if total and size else None,
    )


def _first(page: Page, select: Select) -> str | None:
    """`POST /engine2/general/{appId}/type/more-datas` with what the page's scripts would send."""
    asked = dict(parse_qsl(urlsplit(page.url).query))
    app = _APP.search(page.url)
    app_id = next((found for found in app.groups() if found), "") if app else _variable(page, "appId")
    engine = _variable(page, "engineInstanceId")
    if not app_id or not engine:
        return None
    form = {
        "engineInstanceId": engine,
        "pageNum": "1",
        "pageSize": select["size"],
        "typeId": _variable(page, "typeId") or asked.get("typeId", "-1"),
        "topTypeId": "",
        "sw": "",
    }
    if sign := _variable(page, "sign"):
        form["sign"] = sign
    address = page.absolute(f"/engine2/general/{app_id}/type/more-datas")
    return with_form(address, form) if address else None


def _variable(page: Page, name: str) -> str:
    found = re.search(rf"""\b{name}\s*[:=]\s*["']?(\w+)["']?""", page.text)
    return found[1] if found else ""


def read_article(page: Page, select: Select) -> RawArticle:
    """Title and story are strings of the object the page's script begins with."""
    data = json_after(page.text, r"pageData\s*=")
    story, title = string(data, "content"), string(data, "title")
    if not story:
        told = json_after(page.text, r'"content"\s*:')
        story = told if isinstance(told, str) else ""
    date = string(data, "publishTime") or string(data, "createTime")
    return RawArticle(
        title=title or page.words("title"),
        published=date or None,
        byline=tuple(filter(None, [string(data, "author")])),
        source=string(data, "source"),
        body=fragment(story),
    )
