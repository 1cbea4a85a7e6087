"""What readers say below a story, by the names of its elements: its days and names are not the story's."""

from __future__ import annotations

import re
from itertools import islice

from lxml.html import HtmlElement

from archive.patterns import deferred
from spiders.generic.names import judge

_is_comments = judge(
    deferred(
        r"""
    (?:^|\s)(?:
        comments?|pinglun|disqus\S*|respond|replies|reply|commentlist|commentary-list
        |(?:post-?|story-?)?comments?[_-]?(?:list|area|section|wrap\w*|container|thread|body|content|item|box|meta(?:data)?
            |date|time|author|\d+)s?
    )(?=$|\s)
    """,
        re.I | re.X,
    )
)
_ABOVE = 8  # elements around one that are looked at


def of_comments(element: HtmlElement) -> bool:
    """Whether an element stands among the comments; names of a whole page (comments-open) say nothing."""
    near = (element, *islice(element.iterancestors(), _ABOVE))
    return any(
        (name := f"{one.get('class') or ''} {one.get('id') or ''}") != " " and _is_comments(name) for one in near
    )
