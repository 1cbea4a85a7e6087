"""`campuswarc mcp`, asked by the reference client over standard input and output."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from archive.identity import identifier
from crawler.cli import main
from tests.college import College
from tests.crawler.box import Box

pytest.importorskip("mcp", reason="the mcp extra is not installed: pip install 'campuswarc[mcp]'")
_ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Box, str, str]]:
    """An archive, a Chinese story of it that was edited, and one that is withheld."""
    with College(["sudy"], scale=0.2) as college:
        box = Box(tmp_path_factory.mktemp("mcp") / "archive", college.sites_toml())
        box.crawl()
        stories = [row.url for row in college.articles("sudy") if row.kind == "article" and row.body]
        college.edit(stories[0])
        box.make_due()
        box.crawl()
    done = CliRunner().invoke(
        main, ["-C", str(box.folder), "withhold", stories[1], "--depth", "blocked", "--reason", "REASON", "--yes"]
    )
    assert done.exit_code == 0, done.output
    yield box, stories[0], stories[1]


def ask(folder: Path, *calls: tuple[str, dict[str, Any]]) -> tuple[list[str], list[tuple[bool, Any]]]:
    """The tools there are, and what each call is answered: whether it failed, and with what."""
    from mcp import Client, StdioServerParameters

    async def all_of() -> tuple[list[str], list[tuple[bool, Any]]]:
        server = StdioServerParameters(
            command=sys.executable, args=["-m", "crawler", "-C", str(folder), "mcp"], cwd=str(_ROOT)
        )
        async with Client(server, read_timeout_seconds=120) as client:
            listed = (await client.list_tools()).tools
            assert all(tool.description and tool.annotations and tool.annotations.read_only_hint for tool in listed)
            answers = []
            for name, arguments in calls:
                answer = await client.call_tool(name, arguments)
                text = answer.content[0].text  # type: ignore[union-attr]
                answers.append((bool(answer.is_error), text if answer.is_error else json.loads(text)))
            return [tool.name for tool in listed], answers

    return asyncio.run(all_of())


def test_the_reference_client_is_answered(edited: tuple[Box, str, str]) -> None:
    box, story, hidden = edited
    [row] = box.rows("select title, body from articles where url = ?", story)
    word = row["title"][:4]
    [record] = box.column(
        "select c.record_id from versions v join articles a on a.id = v.article join captures c on c.id = v.capture"
        " where a.url = ? and v.n = 1",
        story,
    )
    names, answers = ask(
        box.folder,
        ("search", {"query": word}),
        ("article", {"story": identifier(story)}),
        ("versions", {"story": story}),
        ("diff", {"story": story}),
        ("capture", {"what": record}),
        ("capture", {"what": story, "at": "2000"}),
        ("article", {"story": story, "begin": len(row["body"]) - 5}),
        # what has no answer is said in a sentence
        ("search", {"query": "after:nonsense"}),
        ("article", {"story": "https://nowhere.example/"}),
        ("article", {"story": hidden}),
        ("article", {"story": identifier(hidden)}),
        ("capture", {"what": hidden}),
        ("diff", {"story": story, "old": 7, "new": 9}),
        ("capture", {"what": story, "at": "yesterday"}),
    )
    assert names == ["search", "article", "versions", "diff", "capture"]
    (found, told, stood, changed, kept, first, end), wrong = [body for _, body in answers[:7]], answers[7:]
    assert not any(failed for failed, _ in answers[:7])
    assert story in [one["url"] for one in found["stories"]] and hidden not in json.dumps(found)
    assert told["text"] == row["body"] and told["title"] == row["title"] and told["next_begin"] is None
    assert [one["n"] for one in stood["versions"]] == [1, 2] and stood["versions"][0]["capture"] == record
    assert changed["changed"] and ("{+" in changed["body"] or "[-" in changed["body"])
    assert kept["record_id"] == first["record_id"] == record and "<html" in kept["text"].lower()
    assert end["text"] == row["body"][-5:]
    assert [failed for failed, _ in wrong] == [True] * len(wrong)
    assert sum("REASON" in text for _, text in wrong) == 3
    assert all("Traceback" not in text for _, text in wrong)


def test_an_answer_is_bounded(edited: tuple[Box, str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    from archive.protocols import tools
    from archive.store.db import open_reader

    box, story, _ = edited
    monkeypatch.setattr(tools, "MOST_TEXT", 10)
    monkeypatch.setattr(tools, "MOST_FOUND", 3)
    db = open_reader(box.folder / "news.db")
    text, begin = "", 0
    while begin is not None:
        part = tools.article(db, story, begin=begin)
        assert len(part["text"]) <= 10
        text, begin = text + part["text"], part["next_begin"]
    assert text == box.column("select body from articles where url = ?", story)[0]
    seen, page = [], 1
    while page is not None:
        found = tools.search(db, "", page=page)
        seen, page = seen + [one["id"] for one in found["stories"]], found["next_page"]
    assert len(seen) == len(set(seen)) == found["total"] > 3
    assert len(tools.diff(db, story)["body"]) <= 10
    for big in (2**63, -(10**30), 10**30):
        assert tools.search(db, "", page=big)["next_page"] in (None, 2)
        assert "text" in tools.article(db, story, begin=big)
    for half in ("\ud800", "http://a.example/\udcff"):  # JSON may hold half a surrogate pair
        asks: list[Callable[[], object]] = [
            lambda half=half: tools.search(db, half),  # type: ignore[misc]
            lambda half=half: tools.article(db, half),  # type: ignore[misc]
            lambda half=half: tools.capture(db, box.folder / "warc", half),  # type: ignore[misc]
        ]
        for ask in asks:
            with pytest.raises(tools.CannotAnswer, match="text"):
                ask()
    db.close()


def test_without_the_extra_a_sentence_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp.server", None)
    done = CliRunner().invoke(main, ["-C", str(tmp_path), "mcp"])
    assert done.exit_code == 1 and "pip install 'campuswarc[mcp]'" in done.output
