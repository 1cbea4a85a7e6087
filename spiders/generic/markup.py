"""A story's element as clean HTML: few tags, no script, absolute links."""

from __future__ import annotations

import nh3
from lxml import etree
from lxml.html import HtmlElement

from spiders.generic.media import picture
from spiders.page import Page

TAGS = frozenset(
    "a abbr b blockquote br caption cite code col colgroup dd del div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i"
    " img ins li ol p pre q rp rt ruby s small span strong sub sup table tbody td tfoot th thead tr u ul".split()
)
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start"},
}
_CLEANER = nh3.Cleaner(tags=set(TAGS), attributes=_ATTRIBUTES, url_schemes={"http", "https", "mailto"}, link_rel=None)


def clean(page: Page, body: HtmlElement) -> str:
    """Sanitised HTML of `body`, which is changed: its links become absolute, its pictures get their true address."""
    for link in body.iter("a"):
        url = page.absolute(link.get("href"))
        if url:
            link.set("href", url)
        else:
            link.attrib.pop("href", None)
    for image in body.iter("img"):
        url = picture(page, image)
        if url:
            image.set("src", url)
        else:
            image.attrib.pop("src", None)
    html = etree.tostring(body, encoding="unicode", method="html", with_tail=False)
    return _CLEANER.clean(html).strip()
