"""Patterns are compiled when they are first asked, and all of them can be."""

from __future__ import annotations

import ast
import gc
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import archive
import crawler
import spiders
from archive.patterns import Deferred, deferred

ROOMS = (archive, spiders, crawler)


def test_a_pattern_answers_as_a_compiled_one_does() -> None:
    for made in (deferred(r"(?P<y>\d{4})-(\d\d)", re.A), re.compile(r"(?P<y>\d{4})-(\d\d)", re.A)):
        found = made.search("on 2026-12-01")
        assert found and found.groups() == ("2026", "12") and found["y"] == "2026"
        assert made.sub("x", "2026-12, 2027-01") == "x, x" and made.findall("1-2026-12") == [("2026", "12")]
        assert made.groupindex == {"y": 1} and made.flags & re.A and made.pattern.startswith("(?P<y>")
    assert deferred(rb"a+").match(b"aab")


def test_a_pattern_is_compiled_on_its_first_use_and_never_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    plain = re.compile

    def compile_(pattern: str, flags: int = 0) -> re.Pattern[str]:
        asked.append(pattern)
        return plain(pattern, flags)

    monkeypatch.setattr(re, "compile", compile_)
    one, wrong = deferred("a+"), deferred("(")
    assert asked == []
    assert one.match("aa") and one.search("ba") and not one.fullmatch("b")
    assert asked == ["a+"]
    with pytest.raises(re.error):
        wrong.match("a")


def _compiled_when_loaded(source: str) -> Iterator[int]:
    """Lines on which a module calls `re.compile` as it is loaded."""
    waiting: list[ast.AST] = [ast.parse(source)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile":
            yield node.lineno
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            waiting.extend(ast.iter_child_nodes(node))


def test_no_module_compiles_a_pattern_while_it_is_loaded() -> None:
    assert [*_compiled_when_loaded("import re\nA = (1, re.compile('a'))")] == [2]
    assert not [*_compiled_when_loaded("import re\ndef f():\n    return re.compile('a')")]
    files = [path for room in ROOMS for path in sorted(Path(room.__path__[0]).rglob("*.py"))]
    assert len(files) > 300
    assert {str(path): lines for path in files if (lines := [*_compiled_when_loaded(path.read_text("utf-8"))])} == {}


def test_every_pattern_can_be_compiled() -> None:
    root = Path(archive.__path__[0]).parent
    for path in (path for room in ROOMS for path in sorted(Path(room.__path__[0]).rglob("*.py"))):
        if "= deferred(" in path.read_text("utf-8"):
            importlib.import_module(".".join(path.relative_to(root).with_suffix("").parts))
    gc.unfreeze()  # a crawl in this process has frozen what was loaded: the collector does not name it then
    gc.collect()  # a traceback of a test before this one may hold a pattern that is wrong
    patterns = [one for one in gc.get_objects() if type(one) is Deferred and one._made_of[0] != "("]
    assert len(patterns) > 400
    assert all(re.compile(*one._made_of) for one in patterns)
