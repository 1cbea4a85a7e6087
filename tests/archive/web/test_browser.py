"""The web page in a real browser: journeys, keyboard, accessibility, phones, and that nothing leaves the archive."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from archive.identity import identifier
from tests.archive.web.browser import chromium, launch, serving
from tests.archive.web.conftest import Client

ADMISSION = "https://news.example.edu.cn/info/1042/3001.htm"
HOSTILE = "https://today.example.edu/hostile/page.html"

playwright_api = pytest.importorskip(
    "playwright.sync_api", reason="Playwright is not installed: pip install playwright"
)
pytestmark = [
    pytest.mark.skipif(
        chromium() is None, reason="no Chromium found: install the chromium package or set CAMPUSWARC_CHROMIUM"
    ),
    pytest.mark.xdist_group("browser"),
]
PAGES = [
    "/",
    "/search",
    "/search?q=图书馆",
    "/search?q=%22",
    "/sites",
    "/site/example_news",
    "/runs",
    "/changes",
    "/gone",
    "/article/1?from=1&to=3",
    "/article/2",
    "/nothing",
    "/replay/20231213/https://news.example.edu.cn/info/1042/3001.htm",
]
DESKTOP, PHONE = {"width": 1200, "height": 900}, {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright_api.sync_playwright() as playwright:
        started = launch(playwright, chromium() or "")
        yield started
        started.close()


@pytest.fixture(scope="module")
def address(client: Client) -> Iterator[str]:
    with serving(client.app) as address:
        yield address


class Visitor:
    """A browser window and everything it asked for and complained about."""

    def __init__(self, browser: Any, address: str, **options: Any) -> None:
        self.address = address
        self.context = browser.new_context(base_url=address, **{"viewport": DESKTOP, "locale": "en-US", **options})
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.context.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def strangers(self) -> list[str]:
        """Requests that went, or would have gone, anywhere but to the archive."""
        return [url for url in self.requests if not url.startswith((self.address, "data:", "about:"))]


@pytest.fixture
def visit(browser: Any, address: str) -> Iterator[Any]:
    """Makes visitors; closes their windows."""
    visitors: list[Visitor] = []

    def visitor(**options: Any) -> Visitor:
        visitors.append(Visitor(browser, address, **options))
        return visitors[-1]

    yield visitor
    for each in visitors:
        each.context.close()


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_walk_from_a_search_to_the_page_as_it_was(visit: Any, viewport: dict[str, int]) -> None:
    visitor = visit(viewport=viewport, locale="zh-CN")
    page = visitor.page
    page.goto("/")
    page.fill("#q", "招生 简章")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?**")
    assert page.locator("mark").first.inner_text() == "招生"
    page.get_by_role("link", name="2024年研究生招生简章").click()
    page.wait_for_url(f"**/article/{identifier(ADMISSION)}")
    page.locator("select[name=from]").select_option(label="第 1 版")
    page.locator("select[name=to]").select_option(label="第 2 版")
    page.get_by_role("button", name="比较").click()
    page.wait_for_url(f"**/article/{identifier(ADMISSION)}?from=*&to=*")
    assert page.locator("del").all_inner_texts() == ["1200", "20"]
    assert page.locator("ins").all_inner_texts() == ["1350", "22"]
    page.locator("section[aria-labelledby=chain] tbody th a").last.click()
    page.wait_for_url("**/replay/20231213021000/**")
    assert "1200人" in page.frame_locator("iframe").locator("body").inner_text()
    assert visitor.strangers() == []
    assert visitor.complaints == [] or all(
        "404" in text for text in visitor.complaints
    )  # the picture that is not archived


@pytest.mark.parametrize(
    "options", [{}, {"viewport": PHONE, "color_scheme": "dark", "locale": "zh-CN"}], ids=["desktop", "phone-dark-zh"]
)
def test_no_page_has_a_serious_accessibility_finding(visit: Any, options: dict[str, Any]) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
    ).Axe()
    visitor = visit(bypass_csp=True, **options)  # axe runs as a script in the page, which our policy forbids
    findings = []
    for path in PAGES if not options else PAGES[2:6:3] + PAGES[-4:]:
        visitor.page.goto(path)
        for violation in axe.run(visitor.page).response["violations"]:
            if violation["impact"] in ("serious", "critical"):
                findings.append((path, violation["id"], [node["html"][:120] for node in violation["nodes"]][:3]))
    assert findings == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_a_phone_and_ask_nobody_else(visit: Any, scheme: str) -> None:
    visitor = visit(viewport=PHONE, color_scheme=scheme)
    for path in PAGES:
        answer = visitor.page.goto(path)
        assert visitor.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
        assert answer.status in (200, 400, 404), path
    assert visitor.strangers() == []
    assert [text for text in visitor.complaints if "404" not in text and "400" not in text] == []


def test_the_keyboard_reaches_everything_and_shows_where_it_is(visit: Any) -> None:
    page = visit().page
    page.goto("/sites")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    seen = []
    for _ in range(12):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                "[document.activeElement.textContent.trim(), getComputedStyle(document.activeElement).outlineStyle,"
                " getComputedStyle(document.activeElement).outlineWidth]"
            )
        )
    assert "示例大学新闻网" in [text for text, _, _ in seen]
    assert all(style == "solid" and width == "3px" for text, style, width in seen[:4]), seen


def test_slash_goes_to_the_search_box(visit: Any) -> None:
    page = visit().page
    page.goto("/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("a/b")
    assert page.input_value("#q") == "a/b"


def test_everything_reads_without_script(visit: Any) -> None:
    page = visit(java_script_enabled=False).page
    page.goto("/article/1?from=1&to=2")
    page.get_by_text("1350").first.wait_for()
    page.goto("/")
    page.fill("#q", "图书馆")
    page.click(".search button")
    page.locator("mark").first.wait_for()


def test_the_language_stays_once_chosen(visit: Any) -> None:
    page = visit().page
    page.goto("/sites")
    page.click("nav .language")
    assert page.inner_text("h1") == "站点"
    page.click("nav a >> nth=2")
    assert page.inner_text("h1") == "采集"


def test_policy_holds_against_an_injected_script(visit: Any) -> None:
    visitor = visit()
    visitor.page.goto("/")
    visitor.page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.body.append(s);"
        " const i = new Image(); i.src = 'http://evil.example.net/x.png'; document.body.append(i); }"
    )
    assert visitor.page.evaluate("window.ran") is None
    assert len([text for text in visitor.complaints if "Content Security Policy" in text]) == 2


@pytest.mark.parametrize(
    "path", [f"/replay/2024/{HOSTILE}", f"/replay/2024mp_/{HOSTILE}", f"/article/{identifier(HOSTILE)}"]
)
def test_hostile_pages_run_nothing_and_reach_nobody(visit: Any, path: str) -> None:
    visitor = visit(service_workers="allow")
    dialogs: list[str] = []
    visitor.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    visitor.page.goto(path)
    frame = visitor.page.frames[-1]
    frame.get_by_text("ostile").first.wait_for()
    for trap in ("#js", "#send"):
        if frame.locator(trap).count():
            frame.locator(trap).first.click(force=True)
    visitor.page.wait_for_timeout(500)  # for what would act by itself: a refresh, a worker
    assert visitor.strangers() == []
    assert dialogs == []
    assert visitor.page.url.endswith(path)
    assert "ran" not in [each.title() for each in visitor.page.frames]
    assert visitor.context.service_workers == []
    assert len(visitor.context.pages) == 1


def test_the_watch_sees_what_a_hostile_page_does_unguarded(visit: Any) -> None:
    """Without our answers' headers and rewriting the same page does act: the test above can fail."""
    from tests.archive.web.sample import EVIL, HOSTILE_PAGE

    visitor = visit()
    visitor.page.route(
        "**/hostile",
        lambda route: route.fulfill(body=HOSTILE_PAGE.replace('http-equiv="refresh"', ""), content_type="text/html"),
    )
    visitor.page.goto("/hostile")
    visitor.page.wait_for_timeout(300)
    assert f"{EVIL}/picture.png" in visitor.strangers() or f"{EVIL}/two.png" in visitor.strangers()
    assert visitor.page.title() == "ran"


def test_an_archived_page_wears_its_own_style_and_pictures(visit: Any) -> None:
    visitor = visit()
    visitor.page.goto("/replay/20231213021000/https://news.example.edu.cn/info/1042/3001.htm")
    frame = visitor.page.frame_locator("iframe")
    heading = frame.get_by_role("heading", name="研究生招生简章")
    heading.wait_for()
    assert (
        heading.evaluate("e => getComputedStyle(e).color") == "rgb(10, 60, 120)"
    )  # from a style sheet that another one imports
    assert frame.get_by_alt_text("校门").evaluate("e => e.naturalWidth") == 320
    frame.get_by_role("link", name="图书馆").click()  # leads the whole window on, inside the archive
    visitor.page.wait_for_url("**/replay/*/https://news.example.edu.cn/info/1042/3002.htm")
    assert visitor.strangers() == []
