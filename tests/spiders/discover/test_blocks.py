"""What is a block and, above all, what is not."""

import gzip
import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.blocks import block, sent_home
from spiders.page import Page

SHARED = Path(os.environ.get("CAMPUSWARC_SHARED") or Path(__file__).parents[4] / "shared")
NAV = "".join(
    f'<li><a href="/{n}/list.htm">{name}</a></li>'
    for n, name in enumerate(
        ["学校概况", "机构设置", "新闻中心", "招生就业", "人才培养", "科学研究", "校园文化", "信息公开"] * 6
    )
)
STORY = (
    "<p>"
    + "学校图书馆近日举办了面向全体新生的信息素养讲座，介绍如何检索文献、识别网络谣言并保护个人账号安全。" * 8
    + "</p>"
)
ENGLISH = (
    "<p>"
    + "The library invited first-year students to a workshop on how the web breaks and what archives can do about it. "
    * 10
    + "</p>"
)


def html(title: str, body: str, head: str = "") -> bytes:
    return (
        f"<!doctype html><html><head><meta charset=utf-8><title>{title}</title>{head}</head><body>{body}</body></html>"
    ).encode()


BLOCKS = {
    "riversec 412": (
        412,
        {},
        b"<html><head><script>$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=71302;</script></head><body></body></html>",
        "blocked:riversec",
    ),
    "riversec 202": (
        202,
        {},
        b"<html><head><meta content='x'><script>$_ts=window['$_ts']||{};</script></head><body></body></html>",
        "blocked:riversec",
    ),
    "riversec 200": (
        200,
        {},
        b"<html><script>var a=1;$_ts['dfe1675']=1</script><body onload='x()'></body></html>",
        "blocked:riversec",
    ),
    "waf 493": (493, {}, html("", "forbidden by the WAF"), "blocked:waf"),
    "412 without words": (412, {}, b"", "blocked:waf"),
    "jiasule": (
        521,
        {"Set-Cookie": "__jsluid_s=1"},
        b"<script>document.cookie=('_')+('_')+('j')+('s')+('l');location.href=location.pathname</script>",
        "blocked:jsl",
    ),
    "cloudflare": (
        403,
        {"Server": "cloudflare"},
        html(
            "Just a moment...",
            "<noscript>Enable JavaScript and cookies to continue</noscript><script>window._cf_chl_opt={}</script>",
        ),
        "blocked:cloudflare",
    ),
    "cloudflare header": (403, {"cf-mitigated": "challenge"}, b"", "blocked:cloudflare"),
    "vercel": (
        429,
        {"x-vercel-mitigated": "challenge"},
        html("Vercel Security Checkpoint", "We're verifying your browser"),
        "blocked:vercel",
    ),
    "aws header": (202, {"x-amzn-waf-action": "challenge"}, b"", "blocked:aws_waf"),
    "aws body": (
        200,
        {},
        html("", '<script>window.gokuProps = {"key":"A"}; AwsWafIntegration.getToken()</script>'),
        "blocked:aws_waf",
    ),
    "incapsula": (
        200,
        {},
        html(
            "", '<iframe src="/_Incapsula_Resource?CWUDNSAI=9">Request unsuccessful. Incapsula incident ID: 1</iframe>'
        ),
        "blocked:incapsula",
    ),
    "f5": (
        200,
        {},
        html(
            "Request Rejected",
            "The requested URL was rejected. Please consult with your administrator. Your support ID is: 1",
        ),
        "blocked:waf",
    ),
    "alibaba": (
        200,
        {},
        (
            b"<html><script>var arg1='3A';function"
            b" setCookie(n,v){document.cookie=n+v};setCookie('acw_sc__v2',1);location.reload()</script></html>"
        ),
        "blocked:aliyun",
    ),
    "cookie wall": (
        200,
        {},
        b"<html><body><script>document.cookie='k=1;path=/';window.location.reload();</script></body></html>",
        "blocked:js_cookie",
    ),
    "please enable": (
        200,
        {},
        html("example.edu", "Please enable JS and disable any ad blocker. Please enable JavaScript to continue."),
        "blocked:js_cookie",
    ),
    "human check": (200, {}, html("人机验证", "<div id=slider>请按住滑块，拖动到最右边</div>"), "blocked:challenge"),
    "access denied": (200, {}, html("Access Denied", "<h1>Access Denied</h1>Reference #18.2f1"), "blocked:waf"),
    "forbidden": (403, {}, html("x", "no"), "blocked:forbidden"),
    "VSB download": (
        200,
        {},
        html(
            "附件下载",
            '<form action="/system/_content/download.jsp"><img'
            ' src="/system/resource/js/filedownload/createimage.jsp?randnum=1"><input name="codeValue"></form>',
        ),
        "blocked:captcha",
    ),
    "VSB prompt": (200, {}, html("系统提示", '<div class="prompt">您无权访问此页面！</div>'), "login_wall"),
    "VSB gone": (200, {}, html("系统提示", '<div class="prompt">您访问的文章不存在或已删除</div>'), "soft_404"),
    "Sudy inner": (
        200,
        {},
        html(
            "关于体检的通知",
            f'<ul>{NAV}</ul><div class="wp_error_msg">当前IP并非校内地址，该信息仅允许校内地址访问</div>',
        ),
        "login_wall",
    ),
    "401": (401, {}, b"", "login_wall"),
    "single sign-on": (
        200,
        {},
        html("统一身份认证平台", "<form><input name=u><input type=password name=p><button>登录</button></form>"),
        "login_wall",
    ),
    "must log in": (
        200,
        {},
        html("Example University", "<h1>Staff notices</h1><p>You must log in to view this page.</p>"),
        "login_wall",
    ),
    "needs a login in Chinese": (200, {}, html("通知", "<p>该信息需要登录后才能查看</p>"), "login_wall"),
    "sign in": (
        200,
        {},
        html("Sign in - Example University", "<form>Username <input> Password <input type=password></form>"),
        "login_wall",
    ),
    "titled 404": (200, {}, html("404 Not Found", "<center><h1>404 Not Found</h1></center><hr>nginx"), "soft_404"),
    "titled 404 in a template": (
        200,
        {},
        html(
            "Page not found | Example University",
            f"<nav>{NAV}</nav><h1>Page not found</h1><p>The page may have moved. Try the"
            f" search.</p><footer>{ENGLISH}</footer>",
        ),
        "soft_404",
    ),
    "Chinese 404": (200, {}, html("页面不存在-示例大学", f"<ul>{NAV}</ul><p>3秒后返回首页</p>"), "soft_404"),
    "404 by its words": (200, {}, html("示例大学", f"<ul>{NAV}</ul><div>抱歉，您访问的页面不存在</div>"), "soft_404"),
    "English 404 by its words": (
        200,
        {},
        html("Example University", "<h1>Oops</h1><p>The page you are looking for is no longer available.</p>"),
        "soft_404",
    ),
    "parked": (
        200,
        {},
        html("example-college.com", "This domain name is for sale. <a href=//x>Buy this domain</a>"),
        "parked",
    ),
    "parked in Chinese": (200, {}, html("该域名正在出售", "联系我们"), "parked"),
    "nothing": (200, {}, b"", "empty"),
    "no words": (200, {}, b"<html><head><title></title></head><body>  </body></html>", "empty"),
}


@pytest.mark.parametrize("case", BLOCKS)
def test_a_block_is_named(case: str) -> None:
    status, headers, content, kind = BLOCKS[case]
    found = block(Page("https://news.example.edu.cn/a/1.htm", content, status=status, headers=tuple(headers.items())))
    assert found is not None, case
    assert found.kind == kind
    assert found.evidence


STORIES = {
    "about captchas": html(
        "人机验证技术的前世今生", f"<h1>人机验证技术的前世今生</h1>{STORY}<p>请输入验证码，这句话人人见过。</p>"
    ),
    "titled like a challenge": html("人机验证 - 示例大学新闻网", f"<h1>人机验证</h1>{STORY}"),
    "about page not found": html("Page Not Found: why links rot | Example Daily", f"<h1>Page Not Found</h1>{ENGLISH}"),
    "titled 404": html(
        "404 - Example Daily",
        f"<h1>404</h1>{ENGLISH}<p>The page you are looking for is no longer available, it says.</p>",
    ),
    "about login": html(
        "统一身份认证平台上线 - 示例大学", f"<h1>统一身份认证平台上线</h1>{STORY}<form><input type=password></form>"
    ),
    "quoting a challenge": html(
        "How Cloudflare works", f"{ENGLISH}<pre>window._cf_chl_opt = ; $_ts=window['$_ts']</pre>"
    ),
    "short notice": html(
        "关于召开会议的通知",
        "<h1>关于召开会议的通知</h1><p>各部门：定于周五下午两点在行政楼会议室召开工作例会，请准时参加。</p>",
    ),
    "short English notice": html(
        "Library hours", "<h1>Library hours</h1><p>The library closes at 5 p.m. on Friday, Dec. 4.</p>"
    ),
    "brief with a comment form": html(
        "Library hours",
        f"<ul>{NAV}</ul><h1>Library hours</h1><p>The library closes at 5 p.m. on Friday.</p><p>You must log in to post"
        " a comment.</p>",
    ),
    "brief on a forum": html(
        "图书馆开放时间",
        f"<ul>{NAV}</ul><h1>图书馆开放时间</h1><p>图书馆周五下午五点闭馆。</p><p>您需要登录后才可以回帖</p>",
    ),
    "listing with a login box": html(
        "通知公告-示例大学", f"<form>用户登录<input><input type=password></form><ul>{NAV}</ul>"
    ),
    "listing row about 404": html(
        "通知公告", f"<ul>{NAV}<li><a href=/1>关于学校网站部分页面不存在的说明</a><span>2026-09-01</span></li></ul>"
    ),
    "cloudflare's script on a normal page": html(
        "News", f'{ENGLISH}<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>'
    ),
    "page drawn by a script": html(
        "学院新闻", '<div id="app"></div><script src="/engine.js"></script><script>var typeId = 1;</script>'
    ),
    "body is one picture": html("喜报", '<img src="/a.jpg">'),
    "body is one PDF": html("年度报告", '<div class="wp_pdf_player" pdfsrc="/a.pdf"></div>'),
    "forwarding page": html("", "", '<meta http-equiv="refresh" content="0;url=main.htm">'),
    "forwarding script": html("", '<script>location.href="main.htm"</script>'),
}


@pytest.mark.parametrize("case", STORIES)
def test_a_story_is_never_a_block(case: str) -> None:
    assert block(Page("https://news.example.edu.cn/a/1.htm", STORIES[case])) is None


@pytest.mark.parametrize("mime", ["application/json", "application/rss+xml", "application/pdf", "image/png"])
def test_other_kinds_of_content_are_judged_by_status_only(mime: str) -> None:
    headers = (("Content-Type", mime),)
    assert block(Page("https://example.edu/feed", b"404 Not Found", headers=headers)) is None
    found = block(Page("https://example.edu/feed", b"", status=403, headers=headers))
    assert found and found.kind == "blocked:forbidden"


def test_not_found_and_server_errors_speak_for_themselves() -> None:
    for status in (404, 410, 500, 503):
        assert block(Page("https://example.edu/a", html("404 Not Found", "not found"), status=status)) is None


def test_a_deep_address_sent_home_is_a_soft_404() -> None:
    found = sent_home("https://a.edu.cn/info/1/2.htm", "https://a.edu.cn/index.htm")
    assert found and found.kind == "soft_404"
    assert sent_home("https://a.edu.cn/", "https://a.edu.cn/main.htm") is None
    assert sent_home("https://a.edu.cn/info/1/2.htm", "https://a.edu.cn/info/1/2.psp") is None
    assert sent_home("https://a.edu.cn/index.htm", "https://a.edu.cn/") is None


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([200, 202, 403, 412, 521]))
def test_any_bytes_are_judged(content: bytes, status: int) -> None:
    found = block(Page("https://example.edu/a", content, status=status))
    assert found is None or (found.kind and found.evidence)


@pytest.mark.parametrize("name", ["aeb", "zhset", "fundus"])
def test_no_real_story_is_a_block(name: str) -> None:
    folder = SHARED / "extraction" / "data" / name
    if not folder.is_dir():
        pytest.skip(f"the pages of {name} are not on this machine ({folder})")
    wrong = []
    for line in (folder / "gold.jsonl").read_text().splitlines():
        gold = json.loads(line)
        path = folder / "html" / f"{gold['id']}.html.gz"
        if path.exists() and (
            found := block(Page(gold["url"] or "https://example.org/a/b", gzip.decompress(path.read_bytes())))
        ):
            wrong.append((gold["id"], found))
    assert not wrong
