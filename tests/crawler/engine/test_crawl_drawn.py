"""Pages drawn by script, crawled through the command line with a real Chromium: rows, records, a rebuild without a
browser, nothing that goes another way, and no process left."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path
from socket import create_connection

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive.proof.compare import differences
from archive.proof.verify import verify
from archive.replay.captures import stamp
from tests import forked
from tests.archive.web.conftest import client_of
from tests.benchmarks.archive_folder import CAMPUSWARC, ROOT
from tests.crawler.box import Box, complain, unreadable
from tests.crawler.campus import campus, html
from tests.crawler.drawn_sites import TITLES, chromium, private, single_page
from tests.patience import PATIENCE

HOST = "127.0.0.83"
needs_browser = pytest.mark.skipif(chromium() is not None, reason=chromium() or "")
pytestmark = pytest.mark.xdist_group("browser")


def table(url: str, browser: str = "page") -> str:
    return f'[hillside]\nname = "Hillside College"\nbrowser = "{browser}"\nlistings = ["{url}/news"]\n'


def run(box: Box, *words: str, expect: int = 0, **environment: str) -> str:
    done = forked.run(["-C", str(box.folder), *words], env=environment)
    assert done.returncode == expect, done.stdout + done.stderr
    return done.stdout + done.stderr


def replayed(folder: Path, url: str, at: str) -> tuple[str, str]:
    """The banner of a replay, and the page in its frame."""
    client = client_of(folder)
    banner, page = (client.get(f"/replay/{stamp(at)}{mode}/{url}") for mode in ("", "mp_"))
    assert (banner.status_code, page.status_code) == (200, 200), banner.text[:500]
    return banner.text, page.text


@needs_browser
def test_a_site_of_one_empty_page(tmp_path: Path) -> None:
    with campus(HOST, single_page(rows=5)) as site:
        site.says = {"X-Robots-Tag": "noai", "Set-Cookie": "a=b", "ETag": '"same"'}
        box = Box(tmp_path / "archive", table(site.url))
        box.crawl()
        assert box.column("select title from articles order by published desc") == list(TITLES[:5])
        assert all("The dean said" in body for body in box.column("select body from articles"))
        assert site.asked.count("/static/app.js") == 1, "a script is asked for once in a run"
        first = list(site.asked)
        assert first.index("/robots.txt") == 0

        # what was drawn is recorded beside the page as sent, and says how it was made and of what
        drawn = [record for record in box.records() if record.type == "conversion"]
        pages = {record.headers["WARC-Record-ID"]: record for record in box.records() if record.status}
        assert len(drawn) == 6
        for record in drawn:
            assert pages[record.headers["WARC-Refers-To"]].url == record.url
            assert record.headers["Campuswarc-Rendered"].startswith("Chromium/")
        loaded = {record.url for record in box.records() if record.type == "response"}
        assert {f"{site.url}{path}" for path in first} == loaded | {
            record.url for record in box.records() if record.type == "revisit"
        }, "whatever the browser loaded is in the WARC file"
        captures = box.rows("select * from captures")
        assert unreadable(box, captures) == []
        assert complain(box.warcs()) == ""
        assert [str(finding) for finding in verify(box.folder).findings] == []
        assert box.column("select distinct record_type from versions v join captures c on c.id = v.capture") == [
            "conversion"
        ]

        # what the page's head says of its rights holds for what was drawn
        assert all("ai-train=no" in (one or "") for one in box.column("select rights from articles"))

        # a rebuild reads what was drawn, without a browser
        run(box, "rebuild", CAMPUSWARC_CHROMIUM="/nonexistent")
        rebuilt = box.folder / "news.db.rebuilding"
        assert [table for table in differences(box.folder / "news.db", rebuilt) if not table.same] == []

        # replay shows it, says what it is, and leads to the page as sent
        story = f"{site.url}/news/story-0"
        drawn_at, sent_at = (
            box.column("select fetched_at from captures where url = ? and record_type = ?", story, type_)[0]
            for type_ in ("conversion", "revisit")
        )
        shown, sent = replayed(box.folder, story, drawn_at), replayed(box.folder, story, sent_at)
        assert "Drawn by a browser" in shown[0] and f"/replay/{stamp(sent_at)}/{story}" in shown[0]
        assert "The dean said" in shown[1]
        assert "Drawn by a browser" not in sent[0] and "The dean said" not in sent[1]

        # the list is drawn anew each time, however little the empty page changes
        site.pages |= single_page(rows=6)
        box.crawl()
        assert box.column("select count(*) from articles") == [6]
        run(box, "export", "wacz", str(tmp_path / "out.wacz"))
        run(box, "export", "warc", str(tmp_path / "out.warc.gz"))
    with (tmp_path / "out.warc.gz").open("rb") as file:
        kept = [(one.rec_type, one.rec_headers.get_header("WARC-Target-URI")) for one in ArchiveIterator(file)]
    story = f"{site.url}/news/story-0"
    assert ("conversion", story) in kept
    assert {("response", story), ("revisit", story)} & set(kept), "with the page as sent"
    assert ("response", f"{site.url}/api/stories/0") in kept, "and what its script asked for"
    # what is removed is removed from what was drawn, and from what its script had asked for
    run(box, "withhold", story, "--depth", "removed", "--reason", "asked for", "--yes")
    words = f"{TITLES[0]}.".encode()
    assert not any(words in record.payload for record in box.records() if "/news/story-" in record.url)
    assert not any(words in record.payload for record in box.records() if "/api/stories/" in record.url)
    assert any(b"main();" in record.payload for record in box.records()), "the script is that of all pages"

    other = Box(tmp_path / "other", table(site.url))
    run(other, "ingest", str(tmp_path / "out.warc.gz"))
    assert sorted(other.column("select title from articles")) == sorted(TITLES[:6])
    other = Box(tmp_path / "merged", table(site.url))
    run(other, "merge", str(box.folder))
    assert sorted(other.column("select title from articles")) == sorted(TITLES[1:6])


@needs_browser
def test_a_list_that_grows_as_it_is_scrolled(tmp_path: Path) -> None:
    with campus(HOST, single_page(rows=10, step=4, stories=False)) as site:
        box = Box(tmp_path / "archive", table(site.url, "listing"))
        box.crawl()
        assert box.column("select count(*) from articles") == [10]
        assert box.column("select unfollowed from listings") == [None]
        assert box.column("select count(*) from captures where record_type = 'conversion'") == [1], "stories as sent"
        site.pages |= single_page(rows=80, step=4, stories=False)
        box.crawl()
        assert box.column("select count(*) from articles")[0] < 80
        assert "not scrolled to its end" in box.column("select unfollowed from listings")[0]
        assert "not scrolled to its end" in run(box, "status", expect=3)


@needs_browser
def test_what_the_page_itself_holds_needs_no_browser(tmp_path: Path) -> None:
    rows = [{"title": title, "url": f"/news/story-{n}", "date": f"2026-10-{20 - n}"} for n, title in enumerate(TITLES)]
    with campus(HOST, single_page(rows=12, stories=False)) as site:
        page = site.pages["/news"][2].decode()
        data = f'<script id="__NEXT_DATA__" type="application/json">{json.dumps({"props": {"items": rows}})}</script>'
        site.pages["/news"] = html(page.replace("<div id", data + "<div id"))
        box = Box(tmp_path / "archive", table(site.url))
        box.crawl()
        assert box.column("select count(*) from articles") == [12]
        assert box.column("select count(*) from captures where record_type = 'conversion'") == [0]
        assert "/static/app.js" not in site.asked
        assert '`browser = "page"` may be dropped' in run(box, "status")


# every way out of a page that its author may try
ESCAPES = """
const to = "http://%(host)s:%(port)d", ws = to.replace("http", "ws");
const put = (tag, facts) => document.documentElement.append(Object.assign(document.createElement(tag), facts));
const tries = [
  () => fetch(to + "/fetch").catch(() => 0),
  () => fetch(to + "/post", {method: "POST", mode: "no-cors", body: "x"}).catch(() => 0),
  () => { new Image().src = to + "/img"; },
  () => new WebSocket(ws + "/ws"),
  () => new EventSource(to + "/events"),
  () => navigator.sendBeacon(to + "/beacon", "x"),
  () => window.open(to + "/open"),
  () => { const x = new XMLHttpRequest(); x.open("GET", to + "/xhr"); x.send(); },
  () => put("iframe", {src: to + "/frame"}),
  () => put("iframe", {srcdoc: `<img src="${to}/srcdoc"><script>new WebSocket("${ws}/x")</scr` + "ipt>"}),
  () => new Worker(URL.createObjectURL(new Blob([`new WebSocket("${ws}/worker"); fetch("${to}/worker")`]))),
  () => new SharedWorker(to + "/shared.js"),
  () => navigator.serviceWorker.register("/static/app.js?sw"),
  () => { const p = new RTCPeerConnection({iceServers: [{urls: "stun:%(host)s:%(port)d"}]});
          p.createDataChannel("x");
          p.createOffer().then(o => p.setLocalDescription(o)); },
  () => new WebTransport(to.replace("http", "https") + "/wt"),
  () => fetch("/redirected").catch(() => 0),
  () => "preconnect dns-prefetch prefetch preload stylesheet modulepreload icon manifest prerender".split(" ").forEach(
          rel => put("link", {rel, as: "script", href: to + "/" + rel})),
  () => put("script", {src: to + "/script.js"}),
  () => put("script", {type: "speculationrules", textContent: JSON.stringify(
          {prefetch: [{urls: [to + "/spec"]}], prerender: [{urls: [to + "/spec2"]}]})}),
  () => put("style", {textContent: `@import "${to}/a.css"; @font-face {font-family: x; src: url(${to}/font)}
          body {font-family: x; background: url(${to}/background)}`}),
  () => put("video", {src: to + "/video"}),
  () => { const f = put("form", {}) || document.querySelector("form");
          Object.assign(f, {action: to + "/form", method: "post", target: "_blank"}); f.submit(); },
  () => { put("a", {href: to + "/ping", ping: to + "/ping"}); document.querySelector("a").click(); },
  () => import(to + "/module.js").catch(() => 0),
  () => new Function("return fetch('" + to + "/function')")().catch(() => 0),
];
for (const one of tries) { try { one(); } catch (e) {} }
"""
FAREWELL = 'setTimeout(() => { location.href = "http://%(host)s:%(port)d/away"; }, 100);'


def machine() -> str | None:
    """An address of this machine that is no loopback, which the guard refuses."""
    found = subprocess.run(["hostname", "-I"], capture_output=True, text=True).stdout.split()
    return next((one for one in found if ":" not in one and not one.startswith("127.")), None)


@needs_browser
@pytest.mark.skipif(machine() is None, reason="this machine has no address but loopback")
def test_no_request_goes_another_way(tmp_path: Path) -> None:
    with private(machine() or "") as inside:
        named = {"host": machine() or "", "port": inside.port}
        ways = single_page(rows=5, stories=False, script=ESCAPES % named + FAREWELL % named)
        ways["/redirected"] = (302, "text/html", f"http://{machine()}:{inside.port}/redirect".encode())
        with campus(HOST, ways) as site:
            box = Box(tmp_path / "archive", table(site.url, "listing"))
            box.crawl()
            assert "/redirected" in site.asked, "the script ran"
            assert inside.heard() == []
            assert box.column("select count(*) from articles") == [5], "and its page was drawn all the same"
            assert not [record.url for record in box.records() if f":{inside.port}" in record.url]
        create_connection((machine(), inside.port)).close()
        end = time.monotonic() + PATIENCE
        while not inside.heard() and time.monotonic() < end:
            time.sleep(0.01)
        assert inside.heard(), "it does see who comes"


@needs_browser
def test_robots_txt_is_obeyed_for_what_a_page_loads(tmp_path: Path) -> None:
    pages = single_page(rows=5) | {"/robots.txt": (200, "text/plain", b"User-agent: *\nDisallow: /api/\n")}
    with campus(HOST, pages) as site:
        box = Box(tmp_path / "archive", table(site.url))
        box.crawl(expect=3)
        assert not [path for path in site.asked if path.startswith("/api/")]
        assert box.state(f"{site.url}/news") == ("done", None)
        assert box.column("select state, reason from listings") == ["empty"]


def test_without_a_browser_the_site_says_what_to_install(tmp_path: Path) -> None:
    with campus(HOST, single_page(rows=5)) as site:
        box = Box(tmp_path / "archive", table(site.url))
        said = run(box, "crawl", "--quiet", expect=3, CAMPUSWARC_CHROMIUM="/nonexistent/chromium")
        assert "browser_missing" in said and "pip install 'campuswarc[browser]'" in said
        assert box.rows("select state, reason from listings") == [{"state": "failed", "reason": "browser_missing"}]
        assert "pip install 'campuswarc[browser]'" in run(box, "status", "--broken", expect=3)
        assert not [path for path in site.asked if path.startswith("/static")]


@needs_browser
@pytest.mark.parametrize("script", ["for (;;) {}", "const a = []; for (;;) a.push(new Array(1e6).fill({}));"])
def test_a_page_that_stops_its_browser(tmp_path: Path, script: str) -> None:
    with campus(HOST, single_page(rows=5)) as site:
        good, site.pages["/static/app.js"] = site.pages["/static/app.js"], (200, "text/javascript", script.encode())
        box = Box(tmp_path / "archive", table(site.url))
        box.crawl(expect=3)
        (row,) = box.rows("select state, reason from listings")
        assert row["state"] == "failed"
        assert row["reason"] in ("browser_timeout", "browser_died", "browser_memory")  # as soon as one of them is so
        site.pages["/static/app.js"] = good
        box.crawl()
        assert box.column("select count(*) from articles") == [5], "the next run has a browser again"


def browsers(folder: Path) -> list[str]:
    """Processes of a browser begun with that variable in their environment, the driver and ours included."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if str(folder).encode() in (path / "environ").read_bytes():
                found.append((path / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")[:200])
        except OSError:
            continue
    return found


@needs_browser
def test_a_killed_crawl_leaves_no_browser_and_loses_nothing(tmp_path: Path) -> None:
    with campus(HOST, single_page(rows=12, script="const t = Date.now(); while (Date.now() - t < 300);\n")) as site:
        box = Box(tmp_path / "archive", table(site.url))
        crawl = subprocess.Popen(
            [*CAMPUSWARC, "-C", str(box.folder), "crawl", "--quiet"],
            cwd=ROOT,
            env=os.environ | {"KILLED_CRAWL": str(tmp_path)},
        )
        end = time.monotonic() + PATIENCE
        while not any(path.startswith("/api/stories/") for path in site.asked) and time.monotonic() < end:
            time.sleep(0.05)
        assert any("chrom" in one for one in browsers(tmp_path))
        crawl.send_signal(signal.SIGKILL)
        crawl.wait()
        while browsers(tmp_path) and time.monotonic() < end:
            time.sleep(0.1)
        assert browsers(tmp_path) == []
        box.crawl()
        left = box.rows("select url, state, reason, due from frontier where article is null and kind = 'article'")
        # on a busy machine a browser may not be done in its time, and the kill may come between a page and its drawing:
        # either is said, and tried again
        assert all(row["due"] and row["reason"] in ("browser_timeout", "unreadable") for row in left), left
        if left:
            box.make_due()
            box.crawl()
        assert box.column("select count(*) from articles") == [12], box.rows("select * from suspects")
        run(box, "rebuild")
        rebuilt = box.folder / "news.db.rebuilding"
        assert [table.name for table in differences(box.folder / "news.db", rebuilt) if not table.same] == []
