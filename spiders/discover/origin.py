"""What an address and a home page say of a site: its id and name."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from archive.patterns import deferred
from spiders.discover.words import words_score
from spiders.generic.headline import weight
from spiders.page import Page, one_line
from spiders.urls import is_home

# what software calls a site that nobody has named
_SOFTWARE = deferred(
    r"""
    k2web.{0,20}|gnu\ ?board.{0,5}  # Korean makers
    |그누보드.{0,5}  # Korean
    |wordpress|drupal|joomla!?|typo3|plone(?:\ site)?|moodle|wix(?:\.com)?|squarespace  # makers, by name
    |webflow|ghost|dedecms|phpcms|.{0,20}\bcms|.{0,20}\bwizard
    |(?:my|your|new|default|test)\ ?(?:site|blog|website)|site\ ?name|site\ title  # by kind
    |untitled.{0,10}|default|index  # defaults
    |网站名称|站点名称|我的网站|网站  # the word for a site
    """,
    re.I | re.X,
)
_COLLEGE = deferred(
    r"""
    大学|大學|学院|學院|学校|學校  # Chinese
    |대학|학교  # Korean
    |universi|univerz|uniwersytet|universit|universid|üniversite  # as in university, in many languages
    |университет|колледж  # Russian
    |πανεπιστήμιο  # Greek
    |college|colegio|collège|institut|akademi|academy|academia|hochschule|hogeschool  # other kinds of school
    |högskola|school|école|escuela|escola|scuola|politecnico|polytechnic|daily|times  # and of what a paper is called
    """,
    re.I | re.X,
)


def site_id(url: str) -> str:
    """`https://news.example.edu/` -> `news_example_edu`; `www.` is left out, a port too unless the host is a number."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    name = re.sub(r"[^a-z0-9]+", "_", host.lower()).strip("_")
    if host.replace(".", "").isdigit():
        name = f"{name}_{parts.port}" if parts.port else name
    return name if name[:1].isalpha() else f"site_{name}"


def site_name(page: Page) -> str:
    """Name of the publication: what the page calls its site, else the part of its title that names no section."""
    said = " ".join(page.meta("og:site_name", "application-name", "sitename").split())
    if said and not _SOFTWARE.fullmatch(said):
        return said
    title = next((one_line(element) for element in page.tree.iter("title")), "")
    parts = [
        part.strip()
        for part in re.split(r"\s*[|｜_–—»]\s*|\s+-\s+|(?<=[\u3400-\u9fff])-|-(?=[\u3400-\u9fff])", title)
        if part.strip() and not _SOFTWARE.fullmatch(part.strip())
    ]
    if len(parts) < 2 and urlsplit(page.url).path.strip("/") and not is_home(page.url):
        parts = [part for part in parts if _COLLEGE.search(part)]  # of a listing it is the section's name
    named = [part for part in parts if _COLLEGE.search(part)]
    rest = [
        part
        for part in parts
        if not words_score(part) and not re.fullmatch(r"(?:网站)?首\s*页|home(?: ?page)?|welcome|欢迎.*", part, re.I)
    ]
    return (named or rest or parts or [urlsplit(page.url).hostname or page.url])[0]


def section_of(page: Page) -> str:
    """Words under which a listing page calls itself, where they name news."""
    for words in (
        page.words("h1"),
        page.words("h2"),
        *(part.strip() for part in page.words("title").replace("|", "-").replace("_", "-").split("-")),
    ):
        if words and weight(words) <= 45 and words_score(words):
            return words
    return ""
