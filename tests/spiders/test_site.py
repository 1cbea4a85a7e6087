"""Whose a page is: hosts, siblings, public suffixes."""

import subprocess
import sys

import pytest

from spiders.site import ListingSeed, Site, owns, registrable, same_domain

HOSTS = [
    "example.edu",
    "news.example.edu",
    "example.edu.",
    "edu",
    "example.edu.cn",
    "www.example.edu.cn",
    "other.edu.cn",
    "edu.cn",
    "127.0.0.1",
    "127.0.0.2",
    "::1",
    "",
]


@pytest.mark.parametrize("one", HOSTS)
@pytest.mark.parametrize("other", HOSTS)
def test_the_short_way_says_what_the_list_of_suffixes_says(one: str, other: str) -> None:
    assert same_domain(one, other) == (registrable(one) == registrable(other))


def test_a_site_owns_its_hosts_and_their_siblings() -> None:
    site = Site(
        id="x", name="X", listings=(ListingSeed(url="https://news.example.edu.cn/"),), hosts=("news.example.edu.cn",)
    )
    assert owns(site, "https://news.example.edu.cn/a") and owns(site, "http://jwc.example.edu.cn:8080/a")
    assert (
        not owns(site, "https://news.other.edu.cn/a")
        and not owns(site, "https://example.edu/a")
        and not owns(site, "/a")
    )


def test_a_site_on_one_host_needs_no_list_of_suffixes() -> None:
    """It takes a fifth of a second to load, which every process that reads pages would wait for."""
    asked = (
        "import sys; from spiders.site import same_domain; same_domain('a.edu', 'a.edu'), same_domain('a.edu',"
        " 'b.com'); sys.exit('tldextract' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0
