"""Addresses as browsers write them, and as the archive knows them."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archive import address
from archive.address import asked, canonical, join, located, malformed, which

BASE = "http://news.example.edu.cn/a/list.htm"


@pytest.mark.parametrize(
    ("href", "encoding", "url"),
    [
        (
            "/files/公示 名单.pdf",
            "gb18030",
            "/files/%E5%85%AC%E7%A4%BA%20%E5%90%8D%E5%8D%95.pdf",
        ),  # the path is always in UTF-8
        ("/s.asp?n=招生&k=a b#顶", "gb18030", "/s.asp?n=%D5%D0%C9%FA&k=a%20b"),
        ("/s.asp?n=招生", "big5hkscs", "/s.asp?n=%A9%DB%A5%CD"),
        ("/s.asp?n=招生", "utf-8", "/s.asp?n=%E6%8B%9B%E7%94%9F"),
        ("/s.asp?n=招生", "utf-16-le", "/s.asp?n=%E6%8B%9B%E7%94%9F"),
        ("/s.asp?n=é招", "cp1252", "/s.asp?n=%E9%26%2325307%3B"),  # what an encoding lacks goes as a form would send it
        ("/a#?招生", "gb18030", "/a"),
        ("\\win\\1.htm", "utf-8", "/win/1.htm"),
        ("..\\b\\2.htm?p=c:\\d", "utf-8", "/b/2.htm?p=c:\\d"),
        ("./x/../y/./z.htm", "utf-8", "/a/y/z.htm"),
        ("/%2e%2e/%u4e2d.htm", "utf-8", "/%u4e2d.htm"),
        (" /a\tb\n/c\r\n", "utf-8", "/ab/c"),
        ("http:////news.example.edu.cn/x", "utf-8", "/x"),
        ("http:b.htm", "utf-8", "/a/b.htm"),
        ("?page=2", "utf-8", "/a/list.htm?page=2"),
        ("//news.example.edu.cn:80/x", "utf-8", "/x"),
    ],
)
def test_links_are_written_as_a_browser_writes_them(href: str, encoding: str, url: str) -> None:
    assert join(BASE, href, encoding) == f"http://news.example.edu.cn{url}"


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("//大学.cn/a", "http://xn--pss25c.cn/a"),
        ("http://Straße.DE/", "http://xn--strae-oqa.de/"),
        ("https://0x7f.1/", "https://127.0.0.1/"),
    ],
)
def test_hosts_are_written_as_names_are_asked_for(href: str, url: str) -> None:
    assert join(BASE, href) == url


@pytest.mark.parametrize(
    "href", [None, "", "  ", "javascript:void(0)", "mailto:a@b.c", "data:text/html,x", "ftp://a.b/c", "weixin://dl"]
)
def test_what_leads_to_no_page_is_no_address_and_no_trouble(href: str | None) -> None:
    assert join(BASE, href) is None
    assert href is None or not malformed(href, None)


@pytest.mark.parametrize(
    "href", ["http://[x/1.pdf", "http://a b.edu/1.pdf", "//exa<mple.edu/1.pdf", "http://1.2.3.4.5/x.pdf"]
)
def test_what_was_meant_for_the_web_and_is_no_address_is_told_apart(href: str) -> None:
    assert join(BASE, href) is None and malformed(href, None)


@pytest.mark.parametrize(
    ("sent", "url"),
    [
        ("/n/目标.htm".encode("gbk"), "/n/%C4%BF%B1%EA.htm"),
        ("/n/目标.htm".encode(), "/n/%E7%9B%AE%E6%A0%87.htm"),
        (b"..\\b.htm?q=a b", "/b.htm?q=a%20b"),
    ],
)
def test_bytes_of_a_location_header_are_asked_for_as_they_came(sent: bytes, url: str) -> None:
    assert located(BASE, sent.decode("latin-1")) == f"http://news.example.edu.cn{url}"


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/n/1.htm?PHPSESSID=s0001", "/n/1.htm"),
        ("/show.asp?id=7&ASPSESSIONIDQQAB=XYZ&p=2", "/show.asp?id=7&p=2"),
        ("/(S(lit3py55t21z5v55vlm25s55))/show.aspx?id=3", "/show.aspx?id=3"),
        ("/web/(A(abc)S(d_e-f))/3.aspx", "/web/3.aspx"),
        ("/(lit3py55t21z5v55vlm25s55)/show.aspx?id=3", "/show.aspx?id=3"),
        ("/n/1.do;jsessionid=AB.node1?x=1", "/n/1.do?x=1"),
        ("/topic.php?t=12&sid=9f3b2c77d0", "/topic.php?t=12"),
        ("/n/1.htm?sid=s0001", "/n/1.htm"),
        ("/show.jsp?sid=8a9b7c6d5e", "/show.jsp?sid=8a9b7c6d5e"),  # all that says which page it is
        ("/list.asp?sid=12&page=2", "/list.asp?sid=12&page=2"),  # a section
        ("/n/1.htm?t=1712345678901", "/n/1.htm"),
        ("/show.asp?id=1&_=0.73021", "/show.asp?id=1"),
        ("/show.asp?t=2024", "/show.asp?t=2024"),
        ("/a/../b/./c.htm", "/b/c.htm"),
        ("/a?utm_source=b&c=1", "/a?c=1"),
        (
            "/api?__wb_method=POST&sid=abc123456&page=1",
            "/api?__wb_method=POST&sid=abc123456&page=1",
        ),  # a form is sent as it is
    ],
)
def test_an_address_names_its_page_and_nobody_that_looks_at_it(path: str, key: str) -> None:
    assert canonical(f"http://example.edu.cn{path}") == f"http://example.edu.cn{key}"


@pytest.mark.parametrize(
    ("path", "one"),
    [
        ("/i/1.png?t=1001", "/i/1.png"),
        ("/f/1.pdf?token=AbC&id=4", "/f/1.pdf?id=4"),
        ("/f/1.pdf?X-Amz-Signature=1&X-Amz-Expires=2", "/f/1.pdf"),
        ("/f/1.pdf?v=2", "/f/1.pdf?v=2"),  # says that it is another
        ("/f/1.pdf?v=1712345678", "/f/1.pdf"),
        ("/download.jsp?t=1001", "/download.jsp?t=1001"),  # no file's name: the query may say which
    ],
)
def test_what_changes_at_each_look_makes_no_other_file(path: str, one: str) -> None:
    assert which(f"http://example.edu.cn{path}") == f"http://example.edu.cn{one}"


@pytest.mark.parametrize(
    "host",
    [
        "example.edu",
        "127.0.0.1",
        "a-b.example.edu:8080",
        "example.edu:80",
        "example.edu:443",
        "example.edu:0800",
        "example.edu.",
        "Example.edu",
    ],
)
@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/a/b.htm",
        "//a",
        "/../a",
        "/a/./b",
        "/a/..",
        "/.well-known/x",
        "/a;jsessionid=1",
        "/a?utm_source=b",
        "/a#b",
        "/%7ea",
        "/é",
    ],
)
def test_an_address_that_is_taken_as_it_is_would_be_spelled_so(host: str, path: str) -> None:
    for scheme in ("http", "https"):
        assert canonical(f"{scheme}://{host}{path}") == address._spelled(f"{scheme}://{host}{path}")


@settings(max_examples=400, deadline=None)
@given(
    st.text(alphabet="ab1/.?&=#;()%'\"<>|^[]{}\\@:~ é招\t", max_size=30),
    st.sampled_from(["utf-8", "gb18030", "cp1252"]),
)
@example("a;jsessionid=1;jsessionid=2?sid=ab123&t=.12345", "utf-8")
def test_a_spelling_is_final(path: str, encoding: str) -> None:
    url = join("http://example.edu.cn/a/", path, encoding)
    if url is None:
        return
    assert url.isascii() and " " not in url
    key, file = canonical(url), asked(url)
    assert (canonical(key), asked(file), asked(key)) == (key, file, key)
    assert join(url, url) == url


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("http://news.example.edu:8080/a?b#c", "http://news.example.edu:8080"),
        ("https://news.example.edu", "https://news.example.edu"),
        ("ftp://news.example.edu/a", ""),
        ("urn:campuswarc:sites", ""),
        ("http:///a", ""),
        ("//news.example.edu/a", ""),
        ("http://[::1", ""),
    ],
)
def test_the_origin_of_an_address(url: str, origin: str) -> None:
    assert address.origin(url) == origin


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x",
        "/1.htm",
        "ftp://a.example/1",
        "mailto:a@b.example",
        "javascript:void(0)",
        "http://",
        "data:text/plain,x",
        "http://[::1",
    ],
)
def test_what_is_no_address_of_the_web_has_no_key(url: str) -> None:
    with pytest.raises(ValueError, match="not an http"):
        canonical(url)
