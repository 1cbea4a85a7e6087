"""The interface in two languages: nothing without words, no words for nothing."""

from __future__ import annotations

import ast
import re
from dataclasses import fields
from pathlib import Path
from string import Formatter

import pytest

import archive.web
import crawler.intake
from archive.article import Article
from archive.web.words import WORDS, language_of, word

_WEB = Path(archive.web.__file__).parent


def test_every_key_has_both_languages_with_the_same_places() -> None:
    for key, (english, chinese) in WORDS.items():
        assert english.strip() and chinese.strip(), key
        places = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in (english, chinese)]
        assert places[0] == places[1], key


def test_chinese_words_are_chinese() -> None:
    assert [
        key
        for key, (_, chinese) in WORDS.items()
        if not re.search(r"[\u4e00-\u9fff]", chinese) and key not in ("wikidata", "other_language")
    ] == []


def test_every_key_asked_for_exists() -> None:
    asked = set()
    for path in [*_WEB.rglob("*.html"), *_WEB.rglob("*.py")]:
        asked |= set(re.findall(r"""(?:\bt|\bvisit\.word|\bword)\(["']([a-z_]+)["'](?! ?~)""", path.read_text()))
    assert asked
    assert asked - set(WORDS) == set()


def test_whatever_a_crawl_counts_has_words() -> None:
    counted = set()
    for path in Path(crawler.intake.__file__).parent.glob("*.py"):
        functions = (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.FunctionDef))
        for function in functions:
            if function.returns is not None and ast.unparse(function.returns) == "Mapping[str, int]":
                answers = (one for one in ast.walk(function) if isinstance(one, ast.Return))
                shown = (one for answer in answers for one in ast.walk(answer) if isinstance(one, ast.Dict))
                keys = {key.value for one in shown for key in one.keys if isinstance(key, ast.Constant)}
                counted |= {f"count_{key}" for key in keys}
    assert len(counted) > 10 and counted - set(WORDS) == set()


_BUILT = (
    "count_",
    "unlooked_",
    "sites_is_",
    "state_",
    "kind_",
    "listing_",
    "frontier_",
    "n_",
    "sort_",
    "facet_",
    "help_",
    "change_",
    "copied_",
    "numbers_by_",
    "rights_",
    "withheld_kind_",
    "withheld_depth_",
    "twin_",
    "entity_",
)  # keys put together of two parts


def test_no_key_is_left_over() -> None:
    text = "\n".join(
        path.read_text() for path in [*_WEB.rglob("*.html"), *_WEB.rglob("*.py")] if path.name != "words.py"
    )
    quoted = set(re.findall(r"""["']([a-z_]+)["']""", text)) | {field.name for field in fields(Article)}
    assert {key for key in WORDS if key not in quoted and not key.startswith(_BUILT)} == set()


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("zh-CN,zh;q=0.9", "zh"),
        ("en-US,en;q=0.9,zh;q=0.8", "en"),
        ("fr,zh-TW;q=0.3", "zh"),
        ("zh;q=0", "en"),
        (";;q=,", "en"),
        ("ZH", "zh"),
    ],
)
def test_accept_language(header: str, language: str) -> None:
    assert language_of(header) == language


def test_places_are_filled() -> None:
    assert word("results", "zh", n=3) == "共 3 篇"
    with pytest.raises(KeyError):
        word("no such key", "en")
