"""CONTRIBUTING and the decisions name what there is: each path, command, module and name of a journey."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from archive.article import FIELDS

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs" / "decisions").glob("*.md"))]
COMMANDS = {path.stem for path in (ROOT / "crawler" / "commands").glob("[a-z]*.py")}
SAMPLE = {"<name>": "wordpress", "<family>": "wordpress"}  # stands for any


def spans(page: Path) -> list[str]:
    """What stands between backticks, one line or two."""
    found = re.findall(r"`([^`]+)`", re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.S))
    return [" ".join(span.split()) for span in found]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_is_there(page: Path) -> None:
    for span in spans(page):
        for word in span.split():
            if re.fullmatch(r"(?:archive|crawler|spiders|tests|docs)/[\w./<>-]+", word):
                for mark, name in SAMPLE.items():
                    word = word.replace(mark, "atom" if word.startswith("archive/exports/") else name)
                assert (ROOT / word).exists(), f"{page.name} names {word}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_is_there(page: Path) -> None:
    for span in spans(page):
        if span.startswith("campuswarc "):
            assert span.split()[1].replace("-", "_") in COMMANDS, f"{page.name} names {span}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for to in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / to).exists(), f"{page.name} links {to}"


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("spiders/families/__init__.py", "NAMES"),
        ("archive/exports/row_formats.py", "OURS"),
        ("archive/article.py", "Use"),
        ("spiders/facts.py", "RawArticle"),
        ("archive/web/words.py", "WORDS"),
    ],
)
def test_what_a_step_edits_is_in_that_file(file: str, name: str) -> None:
    told = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert f"`{file}`" in told
    made = {
        getattr(target, "id", getattr(node, "name", None))
        for node in ast.parse((ROOT / file).read_text(encoding="utf-8")).body
        for target in getattr(node, "targets", [getattr(node, "target", node)])
    }
    assert name in made


def test_the_pages_that_a_family_needs_are_those_that_the_test_wants() -> None:
    from tests.spiders.test_pages import WANTED

    told = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert [name for name in WANTED if f"`{name}`" not in told] == []


def test_no_other_file_of_ours_lists_the_fields() -> None:
    """A column is one line in archive/article.py: nobody else goes through its lists by name."""
    lists = {field.name for field in FIELDS.values() if field.shape == "texts"}
    for path in sorted((ROOT / "archive").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Tuple | ast.List | ast.Set):
                held = {one.value for one in node.elts if isinstance(one, ast.Constant)}
                assert not lists <= held, f"{path.relative_to(ROOT)}:{node.lineno} lists {lists}"
