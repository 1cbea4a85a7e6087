"""A story's clean HTML as Markdown."""

from __future__ import annotations

import re
from html import unescape


def markdown(body_html: str) -> str:
    """CommonMark of the HTML; its text alone where it is nested too deep to be walked."""
    if not body_html:
        return ""
    from markdownify import markdownify  # of an extra: only who asks for Markdown needs it

    try:
        text: str = markdownify(body_html, heading_style="ATX", bullets="-")
    except RecursionError:
        return unescape(re.sub(r"<[^>]*>", "", body_html)).strip()
    return text.strip()
