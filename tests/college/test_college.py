"""The college serves what it says it serves, and goes wrong in the way it is told to."""

from __future__ import annotations

import gzip
import socket
import tomllib
import zlib
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPResponse, IncompleteRead, RemoteDisconnected
from io import BytesIO
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from lxml.html import fromstring
from PIL import Image

from spiders.urls import canonical
from tests.college import MISDEEDS, College
from tests.college.families import FAMILIES
from tests.college.remote import RemoteCollege
from tests.patience import PATIENCE


@pytest.fixture
def college() -> Iterator[College]:
    with College() as college:
        yield college


def get(url: str, **headers: str) -> tuple[HTTPResponse, bytes]:
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
    connection.request(
        "GET",
        parts._replace(scheme="", netloc="").geturl() or "/",
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )
    reply = connection.getresponse()
    try:
        return reply, reply.read()
    finally:
        connection.close()


def text_of(body: bytes) -> str:
    return " ".join(fromstring(body).text_content().split())


def test_every_article_is_served_with_its_title_and_body_and_files() -> None:
    with College(FAMILIES, scale=0.3) as college:
        for row in college.articles():
            if row.kind == "external":
                continue
            reply, body = get(row.url)
            assert reply.status == 200, row.url
            if row.kind == "article":
                text = text_of(body)
                assert " ".join(row.title.split()) in text
                for paragraph in row.body.split("\n\n"):
                    assert " ".join(paragraph.split()) in text, row.url
            for url in [url for url, _ in (*row.attachments, *row.images)]:
                assert get(url)[0].status == 200, url


def test_pictures_show_something_and_a_scanned_notice_is_read_from_the_picture_alone(college: College) -> None:
    stories = [story for site in college.sites.values() for story in site.stories]
    scans = [(story, one) for story in stories for one in story.images if one.look == "scan"]
    assert [story.section for story, _ in scans] == ["519", "news"]
    for story, one in scans:
        assert "vehicles" in one.text and "vehicles" not in story.title + story.body
    shown = [one for story in stories for one in story.images]
    made = {one.text for one in shown}
    assert len({one.content for one in shown}) >= len(made) > 60, "one for each headline"
    for one in shown:
        with Image.open(BytesIO(one.content)) as picture:
            assert (picture.get_format_mimetype(), picture.width >= 480) == (one.mime, True)
            assert len(picture.convert("RGB").resize((60, 40)).getcolors(2400) or ()) > 20, one.path
        assert len(one.content) < 60_000 and (one.caption or one.look)


@pytest.mark.parametrize("name", ["sudy", "wordpress"])
def test_listings_lead_to_every_item_once(college: College, name: str) -> None:
    site = college.sites[name]
    older = {"sudy": "//a[@class='next']/@href", "wordpress": "//a[contains(@class,'next')]/@href"}[name]
    items = {
        "sudy": "//*[@portletmode='simpleList']//a[@title]/@href",
        "wordpress": "//h2[@class='entry-title']/a/@href",
    }[name]
    found: list[str] = []
    for section in site.sections:
        url = site.base + site.listing_path(section, 1, site.pages(section))
        while url.startswith("http"):
            page = fromstring(get(url)[1])
            found += [urljoin(url, str(href)) for href in page.xpath(items)]
            url = next((urljoin(url, str(href)) for href in page.xpath(older)), "")
    assert sorted(found) == sorted(row.url for row in college.articles(name))


def test_the_same_seed_gives_the_same_college_and_another_another() -> None:
    with College() as one, College() as same, College(seed=2) as other:

        def titles(college: College) -> list[str]:
            return [row.title for row in college.articles()]

        assert titles(one) == titles(same) != titles(other)
        assert len(set(titles(one))) > 100


def test_validators_give_304_until_the_page_changes(college: College) -> None:
    url = next(row.url for row in college.articles("sudy") if row.kind == "article")
    first, _ = get(url)
    assert parsedate_to_datetime(first.headers["Last-Modified"])
    assert get(url, If_None_Match=first.headers["ETag"])[0].status == 304
    assert get(url, If_Modified_Since=first.headers["Last-Modified"])[0].status == 304
    college.edit(url)
    assert get(url, If_None_Match=first.headers["ETag"])[0].status == 200
    assert get(url, If_Modified_Since=first.headers["Last-Modified"])[0].status == 200
    college.settings("sudy", validators="none")
    plain = get(url)[0]
    assert plain.headers["ETag"] is None
    assert plain.headers["Last-Modified"] is None


def test_the_view_counter_changes_each_fetch_and_nothing_else_does(college: College) -> None:
    url = college.articles("sudy")[0].url
    one, two = get(url)[1], get(url)[1]
    assert one != two
    assert one.replace(b"101", b"102") == two


def test_gzip_and_chunked_as_switched(college: College) -> None:
    url = college.articles("wordpress")[0].url
    reply, packed = get(url, Accept_Encoding="gzip")
    assert (reply.headers["Content-Encoding"], reply.headers["Transfer-Encoding"]) == ("gzip", "chunked")
    assert gzip.decompress(packed).startswith(b"<!DOCTYPE html>")
    college.settings("wordpress", chunked=False, gzip=False)
    reply, body = get(url, Accept_Encoding="gzip")
    assert reply.headers["Content-Encoding"] is None
    assert int(reply.headers["Content-Length"]) == len(body)


def test_stories_come_change_move_and_go(college: College) -> None:
    listing = college.sites["sudy"].base + "/1344/list.htm"
    before = get(listing)[0].headers["ETag"]
    added = college.add("sudy", 2)
    assert get(listing)[0].headers["ETag"] != before
    assert all(get(url)[0].status == 200 for url in added)
    moved = college.move(added[0])
    reply, _ = get(added[0])
    assert (reply.status, reply.headers["Location"]) == (301, moved)
    college.delete(added[1])
    assert get(added[1])[0].status == 404
    assert {row.url for row in college.articles("sudy")} & {*added, moved} == {moved}
    assert "更正" in text_of(get(college.edit(moved))[1])


def test_wordpress_rest_pages_and_the_page_beyond(college: College) -> None:
    base = college.sites["wordpress"].base + "/wp-json/wp/v2/posts?orderby=date&per_page=100&page="
    reply, _ = get(base + "1")
    assert (reply.headers["X-WP-Total"], reply.headers["X-WP-TotalPages"]) == ("60", "1")
    assert get(base + "2")[0].status == 400


def test_sites_toml_names_every_site(college: College) -> None:
    entries = tomllib.loads(college.sites_toml(requisites="page"))
    assert {
        name: (entry["family"], len(entry["listings"]), entry["requisites"]) for name, entry in entries.items()
    } == {"sudy": ("sudy_webplus", 3, "page"), "wordpress": ("wordpress", 2, "page")}


STATUS = {
    "too_many": 429,
    "unavailable": 503,
    "error": 500,
    "missing": 404,
    "gone": 410,
    "forbidden": 403,
    "challenge": 412,
    "redirect": 302,
    "redirect_loop": 302,
    "redirect_home": 302,
}


@pytest.mark.parametrize(
    "kind", sorted(MISDEEDS.keys() - {"truncate", "reset", "endless", "huge", "bomb", "slow", "drip"})
)
def test_mischief_answers_with_its_status_for_its_address_only(college: College, kind: str) -> None:
    bad, good = [row.url for row in college.articles("sudy") if row.kind == "article"][:2]
    before = get(good)[1]
    college.misbehave("sudy", urlsplit(bad).path, kind, times=1)
    reply, body = get(bad)
    assert reply.status == STATUS.get(kind, 200)
    assert body != before
    assert get(bad)[0].status == 200, "used up"
    assert college.requests()[1].mischief == kind


def test_mischief_on_the_wire(college: College) -> None:
    url = college.articles("wordpress")[0].url
    path = urlsplit(url).path
    college.misbehave("wordpress", path, "truncate", times=1)
    with pytest.raises(IncompleteRead):
        get(url)
    college.misbehave("wordpress", path, "reset", times=1)
    with pytest.raises((ConnectionResetError, RemoteDisconnected)):
        get(url)
    college.misbehave("wordpress", path, "bomb", times=1, size=5_000_000)
    bomb = get(url)[1]
    assert len(bomb) < 50_000
    assert len(zlib.decompress(bomb, 31)) >= 5_000_000
    college.misbehave("wordpress", path, "huge", times=1, size=3_000_000)
    assert len(get(url)[1]) == 3_000_000
    college.misbehave("wordpress", path, "drip", times=1, pause=0)
    assert college.articles("wordpress")[0].title in text_of(get(url)[1])
    college.misbehave("wordpress", path, "endless", times=1)
    with socket.create_connection((urlsplit(url).hostname, urlsplit(url).port), 10) as client:
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        got = 0
        while got < 1_000_000:
            got += len(client.recv(1 << 16))
    assert [seen.mischief for seen in college.requests()] == ["truncate", "reset", "bomb", "huge", "drip", "endless"]


def test_gbk_pages_are_labelled_gb2312(college: College) -> None:
    row = next(row for row in college.articles("sudy") if row.kind == "article" and row.language == "zh")
    college.misbehave("sudy", "*", "gbk")
    reply, body = get(row.url)
    assert reply.headers["Content-Type"] == "text/html; charset=gb2312"
    assert b"charset=gb2312" in body
    assert row.title in body.decode("gb18030")


def test_a_college_started_again_is_as_it_was_left(tmp_path: Path) -> None:
    with College(state=tmp_path) as college:
        college.add("sudy", 1)
        college.edit(college.articles("wordpress")[3].url)
        rows, port = college.articles(), college.port
        get(rows[0].url)
    with College(state=tmp_path) as again:
        assert again.port == port
        assert again.articles() == rows
    assert len((tmp_path / "requests.jsonl").read_text().splitlines()) == 1
    assert len((tmp_path / "changes.jsonl").read_text().splitlines()) == 3


def test_control_port_of_a_college_in_its_own_process() -> None:
    with RemoteCollege("--scale", "0.2", "--sites", "wordpress") as college:
        count = len(college.articles())
        added = college.do("add", site="wordpress", count=2)
        assert len(college.articles()) == count + 2
        assert get(added[0])[0].status == 200
        assert [seen["url"] for seen in college.requests()] == added[:1]
        assert "wordpress" in tomllib.loads(college.sites_toml())
        with pytest.raises(ValueError, match="no such misdeed"):
            college.do("misbehave", site="*", pattern="*", kind="nonsense")


def test_hanweb_rows_come_by_get_and_by_post() -> None:
    with College(["hanweb"]) as college:
        base = college.sites["hanweb"].base + "/module/web/jpage/dataproxy.jsp"
        _, by_get = get(f"{base}?startrecord=16&endrecord=30&perpage=5&columnid=1234&unitid=38467&webid=107")
        parts = urlsplit(base)
        connection = HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
        connection.request(
            "POST", f"{parts.path}?startrecord=16&endrecord=30&perpage=5", body="columnid=1234&unitid=38467"
        )
        assert connection.getresponse().read() == by_get
        connection.close()
        assert by_get.count(b"<record>") == 22 - 15


def test_gb2312_pages_hold_characters_beyond_it() -> None:
    with College(["trs", "dede"], scale=0.3) as college:
        for row in college.articles():
            body = get(row.url)[1]
            assert b"charset=" in body
            assert row.title in body.decode("gb18030")
            with pytest.raises(UnicodeDecodeError):
                body.decode("utf-8")


def test_pagers_of_traps_never_end() -> None:
    with College(["traps"]) as college:
        base = college.sites["traps"].base
        url, seen = f"{base}/category/calendar/", set()
        for _ in range(30):
            assert url not in seen
            seen.add(url)
            url = urljoin(url, str(fromstring(get(url)[1]).xpath("//a[contains(@class,'next')]/@href")[0]))
        assert b'href="/category/self/"' in get(f"{base}/category/self/")[1]
        for spelling, url in college.sites["traps"].odd_links():  # type: ignore[attr-defined]
            assert canonical(urljoin(base, spelling.strip())) == url
