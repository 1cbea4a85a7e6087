"""What an address and a home page say of a site: its id and name."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from spiders.discover.homepage import words_score
from spiders.page import Page, one_line


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
    said = page.meta("og:site_name", "application-name", "sitename")
    if said:
        return " ".join(said.split())
    title = next((one_line(element) for element in page.tree.iter("title")), "")
    parts = [
        part.strip()
        for part in re.split(r"\s*[|｜_–—»]\s*|\s+-\s+|(?<=[\u3400-\u9fff])-|-(?=[\u3400-\u9fff])", title)
        if part.strip()
    ]
    named = [
        part
        for part in parts
        if re.search(r"大学|学院|学校|university|college|institut|school|daily|times", part, re.I)
    ]
    rest = [
        part
        for part in parts
        if not words_score(part) and not re.fullmatch(r"(?:网站)?首\s*页|home(?: ?page)?|welcome|欢迎.*", part, re.I)
    ]
    return (named or rest or parts or [urlsplit(page.url).hostname or page.url])[0]
