"""Every command line that a page of the docs, the README or a file of deploy/ shows is one that campuswarc takes."""

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from crawler.cli import main

ROOT = Path(__file__).parent.parent
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted(path for path in (ROOT / "deploy").rglob("*") if path.is_file() and path.suffix != ".pyc"),
]
_INLINE = re.compile(r"`(campuswarc [^`\n]+)`")
_END = re.compile(r"\s(?:#|&&|\|\||\||;|>)(?:\s|$)|[…]")


def lines(path: Path) -> Iterator[str]:
    """What stands behind `campuswarc` wherever the page shows a command line."""
    text = path.read_text(encoding="utf-8")
    fenced = path.suffix != ".md"
    for line in text.splitlines():
        if path.suffix == ".md" and line.lstrip().startswith("```"):
            fenced = not fenced
        elif fenced:
            for part in re.split(r"&&|;|\|", line):
                if found := re.match(r"\s*(?:[\d*/ ,-]+\s)?(?:ExecStart=)?(?:\S+/)?campuswarc\s+(.+)", part):
                    yield found.group(1)
    if path.suffix == ".md":
        for found in _INLINE.finditer(text):
            yield found.group(1).removeprefix("campuswarc ")


def words(line: str) -> list[str]:
    """The words of a command line, without what follows it and without the archive folder."""
    cut = _END.split(" " + line)[0].strip()
    try:
        found = shlex.split(cut, comments=True)
    except ValueError:
        found = cut.split()
    while found and found[0] in ("-C", "--home"):
        found = found[2:]
    return found


SHOWN = [(path.relative_to(ROOT).as_posix(), line) for path in PAGES for line in lines(path)]


def test_there_are_command_lines() -> None:
    assert len(SHOWN) > 40


@pytest.mark.parametrize("page", sorted({page for page, _ in SHOWN}))
def test_shown_command_lines_are_taken(page: str) -> None:
    context = click.Context(main)
    wrong = []
    for line in (line for name, line in SHOWN if name == page):
        given = words(line)
        if not given or given[0].startswith("-") or not re.fullmatch(r"[a-z][a-z-]*", given[0]):
            continue  # options of the program itself, COMMAND, {command}
        command = main.get_command(context, given[0])
        if command is None:
            wrong.append(f"{line}: no command {given[0]}")
            continue
        chosen: click.Command = command
        for word in given[1:]:
            if isinstance(chosen, click.Group) and (sub := chosen.get_command(context, word)):
                chosen = sub
        known = {option for one in (command, chosen) for parameter in one.params for option in parameter.opts}
        known |= {
            option for one in (command, chosen) for parameter in one.params for option in parameter.secondary_opts
        }
        known |= {"--help", "-h"}
        used = {word.partition("=")[0] for word in given[1:] if re.match(r"--[a-z]", word)}
        wrong += [f"{line}: {given[0]} has no {option}" for option in sorted(used - known)]
    assert not wrong


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd-analyze here")
@pytest.mark.parametrize("unit", sorted((ROOT / "deploy" / "systemd").iterdir()), ids=lambda path: path.name)
def test_units_are_ones_that_systemd_takes(unit: Path, tmp_path: Path) -> None:
    """The program is not installed where the unit says; all else has to be right."""
    for path in (ROOT / "deploy" / "systemd").iterdir():
        text = path.read_text(encoding="utf-8").replace("/opt/campuswarc/bin/campuswarc", "/bin/true")
        (tmp_path / path.name.replace("@", "@news")).write_text(text, encoding="utf-8")
    name = unit.name.replace("@", "@news")
    done = subprocess.run(["systemd-analyze", "verify", tmp_path / name], capture_output=True, text=True, check=False)
    said = [line for line in done.stderr.splitlines() if name in line]
    assert not said, done.stderr
