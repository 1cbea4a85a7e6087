"""The sites of the college, one module a CMS family: pages as faithful to real ones as templates can be."""

from tests.college.families.sudy import Sudy
from tests.college.families.wordpress import WordPress
from tests.college.site import CollegeSite

FAMILIES: dict[str, type[CollegeSite]] = {"sudy": Sudy, "wordpress": WordPress}
