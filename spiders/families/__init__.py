"""CMS families: one module each, pure functions over a Page and a table of selectors.

A family module has SELECT (selectors by role) and `detect(page) -> float` (0 to 1: how sure it is that this page was
made by its CMS). Where selectors do not suffice it has its own `read_listing(page, select) -> Listing` or
`read_article(page, select) -> RawArticle`; left out, the roles of SELECT are read as they stand.

Packages that are installed beside this one add families by entry points of the group `campuswarc.families`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any

from spiders.facts import Select as Select

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from spiders.facts import Listing, RawArticle
    from spiders.page import Page

GROUP = "campuswarc.families"
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
    "gnuboard",
    "nextjs",
    "feed",
    "sitemap",
    "generic",
)
PATTERNS = {"sitemap": frozenset({"only", "child"})}  # roles of a family that are patterns of addresses, not selectors


@dataclass(frozen=True, slots=True)
class Family:
    """What a module of this package offers, with what it leaves out."""

    SELECT: Annotated[dict[str, str], "Selectors by role; a site's own stand above them"]
    detect: Annotated[Callable[[Page], float], "How sure it is, 0 to 1, that its CMS made this page"]
    read_listing: Annotated[Callable[[Page, Select], Listing], "The items of a listing page and the way to older ones"]
    read_article: Annotated[Callable[[Page, Select], RawArticle], "The words of a story; empty where it has none"]


def names() -> tuple[str, ...]:
    """All families: our own, then those of packages installed beside this one."""
    return (*NAMES, *_installed())


def known(name: str) -> bool:
    """Whether there is a family of that name."""
    return name in NAMES or name in _installed()


@cache
def family(name: str) -> Family:
    """The family of that name. Raises KeyError for an unknown one."""
    module: Any = import_module(f"spiders.families.{name}") if name in NAMES else _installed()[name].load()
    from spiders import listed, select_by_role  # here: the process of a crawl only asks for names

    return Family(
        SELECT=module.SELECT,
        detect=module.detect,
        read_listing=getattr(module, "read_listing", listed.read_listing),
        read_article=getattr(module, "read_article", select_by_role.read_article),
    )


@cache
def _installed() -> dict[str, EntryPoint]:
    """Families of other packages; none of them takes the place of one of ours."""
    from importlib.metadata import entry_points  # here: it loads what reads mail

    return {found.name: found for found in entry_points(group=GROUP) if found.name not in NAMES}
