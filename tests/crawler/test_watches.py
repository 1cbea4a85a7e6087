"""Saved searches tell what is new once, to a server of our own, whatever is killed meanwhile."""

from __future__ import annotations

import json
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from archive.store.db import open_reader
from archive.watches.journal import Journal
from archive.watches.watch import BadWatch, Watch, add, load, remove
from crawler.cli import main
from crawler.reporting import delivery
from crawler.reporting.watching import post, sample
from spiders.tables import ConfigError
from tests.archive.web.conftest import client_of
from tests.benchmarks.archive_folder import ROOT
from tests.college import College
from tests.crawler.box import Box
from tests.patience import PATIENCE


class Hook:
    """A webhook: what it got, by key, and what it does on getting something."""

    def __init__(self) -> None:
        self.got: list[tuple[str, bytes]] = []  # acknowledged or not
        self.before: Callable[[], int | None] = lambda: 204  # status; None: hang up without an answer
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.got.append((self.headers["Idempotency-Key"], body))
                status = hook.before()
                if status is not None:
                    self.send_response(status)
                    if status in (302, 307):
                        self.send_header("Location", "/elsewhere")
                    self.end_headers()

            def log_message(self, *_: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/secret"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def items(self) -> dict[str, Counter[str]]:
        """Ids of what was told, with the keys under which they came."""
        found: dict[str, Counter[str]] = {}
        for key, body in self.got:
            for item in json.loads(body)["items"]:
                found.setdefault(item["id"], Counter())[key] += 1
        return found


@pytest.fixture
def hook() -> Iterator[Hook]:
    hook = Hook()
    yield hook
    hook.close()


@pytest.fixture
def crawled(tmp_path: Path) -> Iterator[tuple[College, Box]]:
    with College(["sudy"], scale=0.3) as college:
        box = Box(tmp_path / "box", college.sites_toml())
        box.crawl()
        yield college, box


def call(box: Box, *words: str, expect: int = 0) -> str:
    done = CliRunner().invoke(main, ["-C", str(box.folder), *words])
    assert done.exit_code == expect, done.output
    return done.output


def run(box: Box) -> subprocess.Popen[str]:
    """In a process that can be killed."""
    command = [sys.executable, "-m", "crawler", "-C", str(box.folder), "watch", "run"]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def news(college: College, box: Box) -> set[str]:
    """A story edited, one deleted, three new ones; crawled without a watch being told."""
    stories = [row.url for row in college.articles() if row.kind == "article" and row.body]
    college.edit(stories[0])
    college.delete(stories[1])
    college.add("sudy", 3)
    box.make_due()
    (box.folder / "watches.toml").rename(box.folder / "hidden")
    box.crawl("--full")
    (box.folder / "hidden").rename(box.folder / "watches.toml")
    return {stories[0], stories[1]}


def test_a_crawl_tells_what_is_new_changed_and_deleted_once(crawled: tuple[College, Box], hook: Hook) -> None:
    college, box = crawled
    assert "begins" in call(box, "watch", "add", "all", "lang:zh OR lang:en", "--notify", hook.url)
    stories = [row.url for row in college.articles() if row.kind == "article" and row.body]
    college.edit(stories[0])
    college.delete(stories[1])
    added = set(college.add("sudy", 3))
    box.make_due()
    box.crawl("--full")
    [(key, body)] = hook.got
    told = json.loads(body)
    assert told["key"] == key and told["watch"] == "all"
    kinds = {(one["kind"], one["url"]) for one in told["items"]}
    assert {("edited", stories[0]), ("deleted", stories[1])} <= kinds
    assert {url for kind, url in kinds if kind == "new"} >= added
    assert next(one for one in told["items"] if one["kind"] == "edited")["added"]
    call(box, "watch", "run")
    box.crawl()
    assert len(hook.got) == 1, "nothing twice"
    call(box, "rebuild")
    call(box, "watch", "run")
    assert len(hook.got) == 1, "nor after a rebuild, whose rows have other numbers"


def test_a_watch_that_matches_little_tells_little(crawled: tuple[College, Box], hook: Hook) -> None:
    college, box = crawled
    call(box, "watch", "add", "few", "nosuchwordatall", "--notify", hook.url)
    news(college, box)
    call(box, "watch", "run")
    assert hook.got == []
    with Journal(box.folder / "watches.db") as journal:
        assert journal.cursor("few") == journal.end


@pytest.mark.parametrize("status", [500, 404, 302, 307, None])
def test_what_is_not_acknowledged_is_sent_again_under_the_same_key(
    crawled: tuple[College, Box], hook: Hook, status: int | None
) -> None:
    college, box = crawled
    call(box, "watch", "add", "all", "site:sudy", "--notify", hook.url)
    news(college, box)
    hook.before = lambda: status
    said = call(box, "watch", "run", expect=1)
    assert "not delivered" in said and "secret" not in said
    assert "to be sent" in call(box, "watch", "list")
    hook.before = lambda: 200
    call(box, "watch", "run")
    assert len(hook.got) == 2 and hook.got[0] == hook.got[1]
    call(box, "watch", "run")
    assert len(hook.got) == 2


def test_one_address_that_fails_does_not_make_the_other_hear_it_twice(crawled: tuple[College, Box], hook: Hook) -> None:
    college, box = crawled
    other = Hook()
    try:
        call(box, "watch", "add", "all", "site:sudy", "--notify", hook.url, "--notify", other.url)
        news(college, box)
        other.before = lambda: 503
        call(box, "watch", "run", expect=1)
        other.before = lambda: 200
        call(box, "watch", "run")
        assert (len(hook.got), len(other.got)) == (1, 2) and other.got[0] == other.got[1] == hook.got[0]
    finally:
        other.close()


def test_a_kill_before_the_acknowledgement_sends_the_same_again(crawled: tuple[College, Box], hook: Hook) -> None:
    college, box = crawled
    call(box, "watch", "add", "all", "site:sudy", "--notify", hook.url)
    news(college, box)
    process = run(box)

    def kill() -> int | None:
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE)
        return None

    hook.before = kill
    process.communicate(timeout=PATIENCE)
    hook.before = lambda: 200
    call(box, "watch", "run")
    call(box, "watch", "run")
    assert len(hook.got) == 2 and hook.got[0] == hook.got[1]


def test_kills_at_any_time_lose_nothing_and_tell_nothing_under_two_keys(
    crawled: tuple[College, Box], hook: Hook
) -> None:
    college, box = crawled
    call(box, "watch", "add", "all", "site:sudy", "--notify", hook.url)
    changed = news(college, box)
    chance, done = random.Random(3), False
    for n in range(12):
        process = run(box)
        if n < 11:
            time.sleep(chance.uniform(0.2, 1.6))
            process.send_signal(signal.SIGKILL)
        process.communicate(timeout=PATIENCE)
        done = process.returncode == 0
    assert done
    with closing(open_reader(box.folder / "news.db")) as db:
        stories = {row[0] for row in db.execute("select url from articles").fetchall()}
    told = [item for _, body in hook.got for item in json.loads(body)["items"]]
    assert changed <= {item["url"] for item in told} <= stories
    assert {item["kind"] for item in told} >= {"new", "edited", "deleted"}
    assert all(len(keys) == 1 for keys in hook.items.values()), "each under one key"
    with Journal(box.folder / "watches.db") as journal:
        assert journal.outbox() == [] and journal.cursor("all") == journal.end


def test_a_feed_and_a_page_have_it_in_two_languages(crawled: tuple[College, Box]) -> None:
    college, box = crawled
    call(box, "watch", "add", "zh", "site:sudy")
    changed = news(college, box)
    call(box, "watch", "run")
    client = client_of(box.folder)
    feed = client.get("/watch/zh.atom").text
    assert "urn:campuswarc:event:edited:" in feed and all(url in feed for url in changed)
    assert "订阅检索" in client.get("/watch/zh?lang=zh").text
    items = client.get("/watch/zh.json").json()["items"]
    assert len({one["id"] for one in items}) == len(items) > 3
    assert client.get("/watch/other").status_code == 404
    shown = json.loads(call(box, "watch", "show", "zh", "--json", "--limit", "50"))
    assert [one["id"] for one in shown] == [one["id"] for one in items]
    call(box, "export", "jsonl", str(box.folder.parent / "out.jsonl"), "--watch", "zh")
    call(box, "export", "jsonl", str(box.folder.parent / "no.jsonl"), "--watch", "other", expect=1)


def test_a_watch_without_a_story_so_far_hears_of_the_first(tmp_path: Path, hook: Hook) -> None:
    with College(["sudy"], scale=0.2) as college:
        box = Box(tmp_path / "box", college.sites_toml())
        assert "nothing has been crawled" in call(box, "watch", "add", "x", "学", expect=1)
        (box.folder / "watches.toml").write_text(f'[x]\nquery = "site:sudy"\nnotify = ["{hook.url}"]\n')
        assert "begins now" in box.crawl()
        assert hook.got == []
        college.add("sudy", 2)
        box.make_due()
        box.crawl("--full")
        assert len(json.loads(hook.got[0][1])["items"]) >= 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["Bad Name", "x"], "is no name"),
        (["a", "  "], "empty"),
        (["a", "year:soon"], "year:"),
        (["a", "x", "--notify", "nowhere"], "is no address"),
        (["a", "x", "--notify", "nosuchscheme://x"], "apprise"),
    ],
)
def test_bad_input_is_named(crawled: tuple[College, Box], words: list[str], said: str) -> None:
    box = crawled[1]
    assert said in call(box, "watch", "add", *words, expect=1)
    assert "no watch" in call(box, "watch", "run", expect=1)
    assert load(box.folder / "watches.toml") == {}


def test_the_file_keeps_what_a_person_wrote(tmp_path: Path) -> None:
    path = tmp_path / "watches.toml"
    path.write_text('# mine\n[one]\nquery = "a"  # why\n\n[two]\nquery = "b"\n')
    add(path, Watch(name="three", query='title:"停招" \\ x', notify=("https://h.example/\u00e9",)))
    assert load(path)["three"] == Watch(name="three", query='title:"停招" \\ x', notify=("https://h.example/\u00e9",))
    remove(path, "two")
    assert list(load(path)) == ["one", "three"] and "# why" in path.read_text()
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(BadWatch, match="already"):
        add(path, Watch(name="one", query="c"))
    with pytest.raises(BadWatch, match="there are one, three"):
        remove(path, "two")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1", "in no table"),
        ("[x", "watches.toml"),
        ('[x]\nquery = "a"\nwhere = 1', "no key 'where'"),
        ("[x]\nquery = 3", "query is a text"),
        ("[x]", "empty"),
    ],
)
def test_a_file_that_cannot_be_meant(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "watches.toml"
    path.write_text(text)
    with pytest.raises(BadWatch, match=said):
        load(path)


@pytest.mark.parametrize(
    "query", ['title:"a\tb"', 'x\\y\tz "q"', 'a\x7f"b"', "a\u2028[one]\u2028b", "a\x85[x]", "a\r\n[two]\nb", "\x01\\"]
)
def test_any_query_is_written_so_that_it_is_read_as_it_was(tmp_path: Path, query: str) -> None:
    path = tmp_path / "watches.toml"
    add(path, Watch(name="one", query="first"))
    add(path, Watch(name="odd", query=query))
    add(path, Watch(name="two", query="second"))
    assert {name: watch.query for name, watch in load(path).items()} == {"one": "first", "odd": query, "two": "second"}
    remove(path, "odd")
    assert list(load(path)) == ["one", "two"]


def test_what_is_no_text_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(BadWatch, match="not UTF-8"):
        Watch(name="x", query="a\udcff")
    with pytest.raises(BadWatch, match="not UTF-8"):
        Watch(name="x", query="a", notify=("https://h.example/\udcff",))


@pytest.mark.parametrize(
    "said", [b"SSH-2.0-x\r\n", b"HTTP/1.1 2" + b"0" * 70_000, b"\r\n", b"", b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 200]
)
def test_a_webhook_that_speaks_no_http_has_not_got_it(said: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(said)

        threading.Thread(target=answer, daemon=True).start()
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"
        with pytest.raises(ConfigError, match=re.escape("127.0.0.1")):
            post(address, sample(Watch(name="x", query="a", notify=(address,))), "agent")


@pytest.mark.parametrize(
    ("first", "then"), [(b"HTTP/1.1 200 OK\r\n", b"a: b\r\n"), (b"", b"HTTP/1.1 100 Continue\r\n\r\n")]
)
def test_an_answer_without_end_is_given_up(first: bytes, then: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "WHOLE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            with suppress(OSError), server.accept()[0] as connection:
                connection.recv(65_536)
                connection.sendall(first)
                for _ in range(90):  # http.client takes a hundred lines of a head
                    connection.sendall(then)
                    given_up.wait(0.02)

        given_up = threading.Event()
        threading.Thread(target=answer, daemon=True).start()
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"
        with pytest.raises(ConfigError, match="no whole answer within"):
            post(address, sample(Watch(name="x", query="a", notify=(address,))), "agent")
        given_up.set()


@pytest.mark.parametrize("address", ["http://h.example:port/", "https://h.example/a b", "http://h.example/\r\nX: y"])
def test_an_address_that_none_can_ask_is_a_digest_that_was_not_delivered(address: str) -> None:
    with pytest.raises(ConfigError, match=re.escape("h.example")):
        post(address, sample(Watch(name="x", query="a", notify=(address,))), "agent")


def test_a_digest_for_people_goes_through_apprise(
    crawled: tuple[College, Box], monkeypatch: pytest.MonkeyPatch
) -> None:
    apprise = pytest.importorskip("apprise")
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(apprise.Apprise, "notify", lambda self, **words: sent.append(words) or True)
    college, box = crawled
    call(box, "watch", "add", "mail", "site:sudy", "--notify", "mailto://me:secret@example.org")
    news(college, box)
    call(box, "watch", "run")
    call(box, "watch", "run")
    [one] = sent
    assert "1 edited" in one["title"] and "digest " in one["body"]
    call(box, "watch", "test", "mail")
    assert len(sent) == 2
    call(box, "watch", "remove", "mail")
    assert "no watch" in call(box, "watch", "list")
