"""Sites of many families, each added from its home page and then crawled: every story the site knows of is found."""

import sqlite3
import subprocess
from pathlib import Path

from click.testing import CliRunner

from crawler.archive_folder import ArchiveFolder
from crawler.cli import main
from spiders import catalogue
from tests import forked
from tests.college.college import College
from tests.college.families import FAMILIES
from tests.crawler.adding import sites_for_add
from tests.crawler.campus import campus

FAMILY = {
    "sudy": "sudy_webplus",
    "wordpress": "wordpress",
    "vsb": "vsb_boda",
    "trs": "trs_wcm",
    "hanweb": "hanweb_jcms",
    "dede": "dedecms",
    "phpcms": "phpcms_v9",
    "siteserver": "siteserver",
    "jeecms": "jeecms",
    "gpower": "gpower_tongyuan",
    "drupal": "drupal",
    "typo3": "typo3_news",
}
NAMES = [name for name in FAMILIES if name in FAMILY]
ROOT = Path(__file__).parents[3]


def crawl(folder: Path) -> subprocess.CompletedProcess[str]:
    return forked.run(["-C", str(folder), "crawl"])


def archive(folder: Path) -> ArchiveFolder:
    home = ArchiveFolder(folder)
    home.config.write_text(
        '[operator]\ncontact = "https://archive.example.org/"\n[politeness]\ndelay = 0.0\n[crawl]\nallow_loopback ='
        " true\n"
    )
    home.sites.write_text("")
    return home


def test_a_listing_that_only_leads_to_its_items_is_crawled_whole(tmp_path: Path) -> None:
    """A page drawn by scripts shows nothing: its items are the answers to POSTs."""
    home = archive(tmp_path)
    with campus("127.0.22.1", sites_for_add.chaoxing()) as server:
        added = CliRunner().invoke(main, ["-C", str(tmp_path), "add", server.url, "--yes", "--id", "portal"])
        assert added.exit_code == 0, added.output
        first, second = crawl(tmp_path), crawl(tmp_path)
    assert first.returncode == 0, first.stderr
    assert second.returncode == 0, second.stderr
    with sqlite3.connect(home.database) as db:
        assert db.execute("select count(*) from articles").fetchone() == (24,)
        assert db.execute("select kind, detail from failures").fetchall() == []


def test_sites_added_from_their_home_pages_are_crawled_whole(tmp_path: Path) -> None:
    home = archive(tmp_path)
    with College(NAMES) as college:
        for name in NAMES:
            added = CliRunner().invoke(
                main, ["-C", str(tmp_path), "add", f"{college.sites[name].base}/", "--yes", "--id", name]
            )
            assert added.exit_code == 0, added.output
        assert {name: site.family for name, site in catalogue.load(home.sites).items()} == {
            name: FAMILY[name] for name in NAMES
        }
        done = crawl(tmp_path)
        assert done.returncode == 0, done.stderr
        expected = {name: len(college.sites[name].stories) for name in NAMES}
    with sqlite3.connect(home.database) as db:
        assert dict(db.execute("select site, count(*) from articles group by site")) == expected
