"""The files that name the version agree, and a release changes all of them or none."""

from __future__ import annotations

import importlib.util
import re
import shutil
from pathlib import Path
from types import ModuleType

import pytest

from crawler import __version__

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def releasing() -> ModuleType:
    spec = importlib.util.spec_from_file_location("releasing", ROOT / "deploy" / "release.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "crawler").mkdir()
    for name in ("CHANGELOG.md", "CITATION.cff", "crawler/__init__.py"):
        shutil.copy(ROOT / name, tmp_path / name)
    text = (tmp_path / "CHANGELOG.md").read_text(encoding="utf-8")
    (tmp_path / "CHANGELOG.md").write_text(
        re.sub(r"(?s)## Unreleased\n.*?(?=\n## )", "## Unreleased\n\n### Fixed\n\n- One thing.\n", text, count=1)
    )
    return tmp_path


def _state(tree: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in tree.rglob("*") if path.is_file()}


def test_files_agree_on_the_version() -> None:
    assert f"\nversion: {__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\n## {__version__} - " in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_no_line_of_the_changelog_stands_twice() -> None:
    lines = [line for line in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines() if line.startswith("- ")]
    assert [line for line in set(lines) if lines.count(line) > 1] == []


def test_a_release_names_what_was_unreleased(releasing: ModuleType, tree: Path) -> None:
    releasing.release("9.8.7", "2030-01-02", tree)
    after = _state(tree)
    assert '__version__ = "9.8.7"' in after["__init__.py"] and "\nversion: 9.8.7\n" in after["CITATION.cff"]
    assert re.search(r"## Unreleased\n\n## 9\.8\.7 - 2030-01-02\n\n### Fixed\n\n- One thing\.\n", after["CHANGELOG.md"])


@pytest.mark.parametrize("version", ["1.0", "v1.0.0", "1.0.0-rc1", __version__])
def test_what_cannot_be_released_changes_nothing(releasing: ModuleType, tree: Path, version: str) -> None:
    before = _state(tree)
    with pytest.raises(ValueError, match=r"no version|has been released"):
        releasing.release(version, "2030-01-02", tree)
    assert _state(tree) == before


def test_without_news_there_is_no_release(releasing: ModuleType, tree: Path) -> None:
    text = (tree / "CHANGELOG.md").read_text(encoding="utf-8")
    (tree / "CHANGELOG.md").write_text(text.replace("### Fixed\n\n- One thing.\n", "", 1), encoding="utf-8")
    with pytest.raises(ValueError, match="nothing under Unreleased"):
        releasing.release("9.8.7", "2030-01-02", tree)
