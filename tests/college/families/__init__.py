"""The sites of the college, by id: pages as faithful to those of each CMS family as templates can be."""

from tests.college.families.chinese import Dede, Gpower, Hanweb, JeeCms, PhpCms, SiteServer, Trs
from tests.college.families.sudy import Sudy
from tests.college.families.traps import Traps
from tests.college.families.vsb_boda import Vsb
from tests.college.families.western import Drupal, Typo3
from tests.college.families.wordpress import WordPress
from tests.college.site import CollegeSite

FAMILIES: dict[str, type[CollegeSite]] = {
    "sudy": Sudy,
    "wordpress": WordPress,
    "vsb": Vsb,
    "trs": Trs,
    "hanweb": Hanweb,
    "dede": Dede,
    "phpcms": PhpCms,
    "siteserver": SiteServer,
    "jeecms": JeeCms,
    "gpower": Gpower,
    "drupal": Drupal,
    "typo3": Typo3,
    "traps": Traps,
}
