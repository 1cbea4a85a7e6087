"""Pages that are not at the first answer: behind a cookie, a refresh, a Location in bytes of its own, a length that is
never true.

A rebuild from the records gives the rows of the crawl, since what leads on is read from them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.crawler.box import Box

WORDS = (
    "本次会议在学校第一报告厅召开，来自各个学院的教师代表与学生代表参加了活动，会议由校办公室主持，"
    "与会人员就课程建设与实验室安全展开了讨论。"
)
Answer = tuple[int, list[tuple[str, bytes]], bytes]
HTML = ("Content-Type", b"text/html; charset=utf-8")


def story(title: str) -> bytes:
    return (
        f"<html><head><title>{title}</title></head><body><h1>{title}</h1><div>发布时间：2024-03-05</div><div"
        f" class=content>{''.join(f'<p>第{n}段。{WORDS}</p>' for n in range(3))}</div></body></html>".encode()
    )


def to(place: str | bytes, *cookies: str) -> Answer:
    where = place if isinstance(place, bytes) else place.encode()
    return 302, [("Location", where), *(("Set-Cookie", cookie.encode()) for cookie in cookies)], b""


def door(*wanted: str, otherwise: Answer, title: str) -> Callable[[str], Answer]:
    """The page for whoever brings these cookies along."""

    def answer(cookies: str) -> Answer:
        brought = {part.strip() for part in cookies.split(";")}
        return (200, [HTML], story(title)) if set(wanted) <= brought else otherwise

    return answer


REFRESH = "<html><head><title>跳转</title>{}</head><body></body></html>"
PAGES: dict[str, Answer | Callable[[str], Answer]] = {
    "/self": door("ok=1", otherwise=to("/self", "ok=1; path=/"), title="同一地址的曲奇文章标题"),
    "/two": door(
        "a=1",
        "b=x%20y",
        otherwise=to("http://{host}/two", "a=1; Path=/; HttpOnly", "b=x%20y; expires=Thu, 01 Jan 2099 00:00:00 GMT"),
        title="两个曲奇的文章标题",
    ),
    "/back": door("ok=2", otherwise=to("/check?x=1", "ok=2"), title="绕一圈回来的文章标题"),
    "/check?x=1": to("/back"),
    "/onward": to("/behind", "ok=3"),
    "/behind": door("ok=3", otherwise=to("/login"), title="另一地址后面的文章标题"),
    "/login": (200, [HTML], story("登录以后才能看的页面")),
    "/never": to("/never", "ok=4"),
    "/alone": door("ok=1", otherwise=(403, [HTML], b"<title>no</title>"), title="没有别人的曲奇"),
    "/meta": (200, [HTML], REFRESH.format("<meta content=\"0; URL='/target1'\" http-equiv=Refresh>").encode()),
    "/target1": (200, [HTML], story("元刷新目标的文章标题")),
    "/header": (200, [HTML, ("Refresh", b"3;url=/target2")], b""),
    "/target2": (200, [HTML], story("刷新头目标的文章标题")),
    "/late": (
        200,
        [HTML],
        story("以后才刷新的文章标题").replace(
            b"</head>", b'<meta http-equiv=refresh content="300;url=/target1"></head>'
        ),
    ),
    "/gbk": to("/目标".encode("gbk")),
    "/%C4%BF%B1%EA": (200, [HTML], story("国标编码跳转的文章标题")),
    "/slash": to("\\target3\\x.htm"),
    "/target3/x.htm": (200, [HTML], story("反斜杠跳转的文章标题")),
    "/short": (200, [HTML, ("Content-Length", b"99999")], story("长度头过大的文章标题")),
    "/unended": (
        200,
        [HTML, ("Content-Length", b"99999")],
        story("没有结尾的文章标题").replace(b"</body></html>", b""),
    ),
}
LISTED = [
    path
    for path in PAGES
    if path not in ("/check?x=1", "/behind", "/login", "/%C4%BF%B1%EA") and not path.startswith("/target")
]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    asked: list[tuple[str, str]]


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        host = self.headers["Host"]
        self.server.asked.append((self.path, self.headers.get("Cookie", "")))
        found = PAGES.get(self.path, (404, [HTML], b"<title>404 Not Found</title>"))
        if self.path == "/list.htm":
            found = (
                200,
                [HTML],
                (
                    "<ul class=news_list>"
                    + "".join(
                        f"<li><a href={path}>列表里的文章标题{path}</a><span>2024-03-05</span></li>" for path in LISTED
                    )
                    + "</ul>"
                ).encode(),
            )
        status, headers, body = found(self.headers.get("Cookie", "")) if callable(found) else found
        head = b"HTTP/1.1 %d X\r\n" % status + b"".join(
            b"%b: %b\r\n" % (name.encode(), value.replace(b"{host}", host.encode())) for name, value in headers
        )
        if not any(name == "Content-Length" for name, _ in headers):
            head += b"Content-Length: %d\r\n" % len(body)
        self.wfile.write(head + b"Connection: close\r\n\r\n" + body)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Box, str, list[tuple[str, str]]]]:
    server = _Server(("127.0.0.1", 0), _Handler)
    server.asked = []
    Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    sites = (
        f'[t]\nname = "T"\nfamily = "generic"\ntimezone = "Asia/Shanghai"\nlistings = ["{base}/list.htm"]\nselect = {{'
        ' item = "ul.news_list a" }\n'
    )
    box = Box(tmp_path_factory.mktemp("redirects"), sites, crawl="retry_minutes = 0.001\ntimeout = 10.0\n")
    box.crawl()
    yield box, base, server.asked
    server.shutdown()
    server.server_close()


TITLES = {
    "/self": "同一地址的曲奇文章标题", "/two": "两个曲奇的文章标题", "/back": "绕一圈回来的文章标题",
    "/behind": "另一地址后面的文章标题", "/target1": "元刷新目标的文章标题",
    "/target2": "刷新头目标的文章标题", "/late": "以后才刷新的文章标题", "/%C4%BF%B1%EA": "国标编码跳转的文章标题",
    "/target3/x.htm": "反斜杠跳转的文章标题",
    "/short": "长度头过大的文章标题", "/unended": "没有结尾的文章标题",
}  # fmt: skip


def test_pages_that_are_not_at_the_first_answer_are_read(crawled: tuple[Box, str, list[tuple[str, str]]]) -> None:
    box, base, _ = crawled
    assert {
        row["url"].removeprefix(base): row["title"]
        for row in box.rows("select url, title from articles where body != ''")
    } == TITLES
    assert {path: box.state(base + path)[0] for path in TITLES} == dict.fromkeys(TITLES, "done")
    assert {
        path: box.state(base + path)[0] for path in ("/onward", "/meta", "/header", "/gbk", "/slash")
    } == dict.fromkeys(("/onward", "/meta", "/header", "/gbk", "/slash"), "moved")


def test_a_cookie_that_changes_nothing_ends_as_a_circle(crawled: tuple[Box, str, list[tuple[str, str]]]) -> None:
    box, base, asked = crawled
    assert box.state(f"{base}/never") == ("failed", "redirect_loop")
    assert 2 <= sum(path == "/never" for path, _ in asked) <= 4


def test_cookies_stay_within_their_redirects_and_each_exchange_is_kept(
    crawled: tuple[Box, str, list[tuple[str, str]]],
) -> None:
    box, base, asked = crawled
    assert {path for path, cookie in asked if cookie} == {"/self", "/two", "/back", "/behind", "/never", "/check?x=1"}
    assert ("/alone", "") in asked and box.state(f"{base}/alone")[0] != "done"
    responses = [record for record in box.records() if record.type == "response" and record.url.startswith(base)]
    revisits = [record for record in box.records() if record.type == "revisit"]
    assert len(responses) + len(revisits) == len(asked)


def test_a_body_that_is_always_cut_is_kept_as_cut(crawled: tuple[Box, str, list[tuple[str, str]]]) -> None:
    box, base, asked = crawled
    assert (
        box.column("select truncated from captures where url in (?, ?)", f"{base}/short", f"{base}/unended")
        == ["disconnect"] * 3
    )
    assert sum(path == "/unended" for path, _ in asked) == 2, "once more, to see whether the same comes"


def test_a_rebuild_gives_the_same_rows(crawled: tuple[Box, str, list[tuple[str, str]]]) -> None:
    box, _, _ = crawled
    assert "equal" in box.run("rebuild")


def test_files_say_who_asked(crawled: tuple[Box, str, list[tuple[str, str]]]) -> None:
    box, _, _ = crawled
    (info,) = (record for record in box.records() if record.type == "warcinfo")
    assert b"http-header-user-agent: campuswarc/" in info.payload
