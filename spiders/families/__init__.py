"""CMS families: one module each, pure functions over a Page and a table of selectors.

A family module has SELECT (selectors by role), `detect(page) -> float` (0 to 1: how sure it is that this page was made
by its CMS), `read_listing(page, select) -> Listing` and `read_article(page, select) -> RawArticle`.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from spiders.facts import Select as Select

if TYPE_CHECKING:
    from spiders.facts import Listing, RawArticle
    from spiders.page import Page

NAMES = (
    "sudy_webplus",
    "vsb_boda",
    "gpower_tongyuan",
    "hanweb_jcms",
    "trs_wcm",
    "chaoxing_portal",
    "dedecms",
    "phpcms_v9",
    "siteserver",
    "jeecms",
    "wordpress",
    "wordpress_sno",
    "snworks",
    "blox",
    "arc_xp",
    "drupal",
    "omni_cms",
    "typo3_news",
    "plone",
    "joomla",
    "nextjs",
    "feed",
    "sitemap",
    "generic",
)
PATTERNS = {"sitemap": frozenset({"only", "child"})}  # roles of a family that are patterns of addresses, not selectors


class Family(Protocol):
    """What a module of this package offers."""

    SELECT: dict[str, str]

    def detect(self, page: Page) -> float:
        """How sure it is, 0 to 1, that its CMS made this page."""

    def read_listing(self, page: Page, select: Select) -> Listing:
        """The items of a listing page and the way to older ones."""

    def read_article(self, page: Page, select: Select) -> RawArticle:
        """The words of an article page; empty fields where the page says nothing."""


@cache
def family(name: str) -> Family:
    """The family of that name. Raises KeyError for an unknown one."""
    if name not in NAMES:
        raise KeyError(name)
    return cast(Family, import_module(f"spiders.families.{name}"))
