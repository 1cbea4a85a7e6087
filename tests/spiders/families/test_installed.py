"""A family of another package: selectors and a mark are all it needs, and it takes the place of none of ours."""

from __future__ import annotations

import json
from pathlib import Path

from tests.installed import install, python

FAMILY = """
SELECT = {"item": "li.n a", "older": "a.more", "title": "h1", "body": "div.text"}

def detect(page):
    return 0.9 if "OurOwnCms" in page.text else 0.0
"""
CODE = """
import json, sys
from pathlib import Path
from spiders import catalogue, read
from spiders.families import NAMES, family, names
from spiders.page import Page

site = catalogue.load(Path(sys.argv[1]))["hill"]
listing = read.read_listing(Page("https://news.hill.example/", Path(sys.argv[2]).read_bytes()), site)
article = read.read_article(Page("https://news.hill.example/1", Path(sys.argv[3]).read_bytes()), site)
print(json.dumps({
    "names": names()[len(NAMES):],
    "sure": family("our_own_cms").detect(Page("https://news.hill.example/", Path(sys.argv[2]).read_bytes())),
    "items": [item.url for item in listing.items], "older": listing.older,
    "title": article.title, "body": article.body,
    "wordpress": family("wordpress").detect.__module__,
}))
"""
LISTED = "".join(
    f"<li class=n><a href=/{n}>The college opens its library number {n}</a> 2026-09-0{n}</li>" for n in (1, 2, 3)
)
TEXT = "The library of the college was opened on Monday by the president, and readers came from the whole town. " * 3


def test_a_family_of_another_package_reads_listings_and_stories(tmp_path: Path) -> None:
    packages = tmp_path / "packages"
    install(packages, "their_families", FAMILY, group="campuswarc.families", name="our_own_cms")
    install(packages, "false_wordpress", FAMILY, group="campuswarc.families", name="wordpress")
    sites, listing, story = tmp_path / "sites.toml", tmp_path / "list.html", tmp_path / "story.html"
    sites.write_text(
        '[hill]\nname = "Hill"\nfamily = "our_own_cms"\nlistings = ["https://news.hill.example/"]\n', encoding="utf-8"
    )
    listing.write_text(f"<body><!-- OurOwnCms --><ul>{LISTED}</ul><a class=more href=/p2>Older</a></body>")
    story.write_text(f"<body><h1>The library is open</h1><div class=text><p>{TEXT}</p></div></body>")
    said = json.loads(python(packages, CODE, str(sites), str(listing), str(story)))
    assert said == {
        "names": ["our_own_cms"],
        "sure": 0.9,
        "items": [f"https://news.hill.example/{n}" for n in (1, 2, 3)],
        "older": "https://news.hill.example/p2",
        "title": "The library is open",
        "body": TEXT.strip(),
        "wordpress": "spiders.families.wordpress",
    }
