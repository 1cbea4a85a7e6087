"""What is installed: the locks in requirements/ hold all that pyproject.toml asks for, within its bounds, by hash."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCKS = {
    "dev": ["dev"],
    "all": ["all"],
    "demo": ["web", "attachments", "duplicates", "twins", "datasets"],
    "pictures": ["pictures", "entities"],
}
ALL_LOCKS = sorted(path.stem for path in (ROOT / "requirements").glob("*.txt"))


def asked(extras: list[str]) -> Iterator[Requirement]:
    """Dependencies of the project with those extras, and with the extras that these name."""
    optional = PROJECT["optional-dependencies"]
    left, seen = [*PROJECT["dependencies"], *(line for extra in extras for line in optional[extra])], set(extras)
    while left:
        one = Requirement(left.pop())
        if one.name != PROJECT["name"]:
            yield one
            continue
        left += [line for extra in one.extras - seen for line in optional[extra]]
        seen |= one.extras


def entries(lock: str) -> list[tuple[Requirement, str]]:
    """Each requirement of a lock, and the lines that belong to it."""
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    whole = re.sub(r"\\\n", "", re.sub(r"^ *#.*\n", "", text, flags=re.MULTILINE)).splitlines()
    return [(Requirement(re.split(r"\s+--|\s+#", line)[0]), line) for line in whole if line.strip()]


def versions(lock: str) -> dict[str, set[str]]:
    """By name; more than one where it depends on the Python."""
    found: dict[str, set[str]] = {}
    for one, _ in entries(lock):
        (pin,) = one.specifier
        assert pin.operator == "==", one
        found.setdefault(canonicalize_name(one.name), set()).add(pin.version)
    return found


def unmet(requirements: Iterator[Requirement], locked: dict[str, set[str]]) -> list[str]:
    """Those that a lock does not hold, or holds outside their bounds."""
    return [
        str(one)
        for one in requirements
        if not (held := locked.get(canonicalize_name(one.name))) or not all(map(one.specifier.contains, held))
    ]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_every_dependency_within_its_bounds(lock: str) -> None:
    assert unmet(asked(LOCKS[lock]), versions(lock)) == [], "make lock"


def test_a_dependency_that_is_missing_or_out_of_bounds_is_found() -> None:
    locked = {"scrapy": {"2.19.0"}, "numpy": {"2.4.0", "2.5.0"}}
    wanted = ["scrapy>=2.19,<3", "Scrapy>=3", "absent", "numpy>=2.5", "numpy>=2"]
    assert unmet(map(Requirement, wanted), locked) == ["Scrapy>=3", "absent", "numpy>=2.5"]


@pytest.mark.parametrize("lock", ALL_LOCKS)
def test_each_version_has_its_hashes_and_no_place_it_comes_from(lock: str) -> None:
    held = entries(lock)
    assert held
    assert [line for _, line in held if not re.search(r" --hash=sha256:[0-9a-f]{64}\b", line)] == []
    assert [line for _, line in held if re.search(r"://|--(extra-)?index-url|--find-links", line)] == []


@pytest.mark.parametrize("lock", ["all", "demo"])
def test_what_operators_install_is_what_was_tested(lock: str) -> None:
    tested = versions("dev")
    assert {name: found for name, found in versions(lock).items() if not found <= tested.get(name, set())} == {}


def test_the_makefile_locks_and_installs_those_extras() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", "")
    for lock in ALL_LOCKS:
        (made,) = re.findall(rf"^\t.*--output-file requirements/{lock}\.txt$", makefile, re.MULTILINE)
        assert re.findall(r"--extra (\S+)", made) == LOCKS.get(lock, [])
    for line in re.findall(r"^\t.*pip install .*$", makefile, re.MULTILINE):
        assert "--require-hashes" in line or "--no-deps" in line, line
