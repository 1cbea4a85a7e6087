"""The chain of seals: every way to tamper with what was sealed shows."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.warc.fixity import check, note, seal, unsealed
from archive.warc.layout import OPEN
from archive.warc.verify import files
from crawler.cli import main
from tests.archive.warc.samples import exchange, writer


@pytest.fixture
def sealed(tmp_path: Path) -> tuple[Path, list[str]]:
    """An archive folder with three files, sealed one after the other, and the heads at those times."""
    heads = []
    for n in range(3):
        with writer(tmp_path / "warc") as warc:
            warc.write(exchange(b"%d" % n, response_head=b"HTTP/1.1 200 OK\r\n\r\n"))
        added, head = seal(tmp_path / "warc", tmp_path / "fixity.jsonl")
        assert len(added) == 1
        heads.append(head)
    return tmp_path, heads


def said(folder: Path, since: str | None = None) -> list[str]:
    return [finding.text for finding in check(folder / "warc", folder / "fixity.jsonl", since=since)]


def test_nothing_changed(sealed: tuple[Path, list[str]]) -> None:
    folder, heads = sealed
    assert [said(folder, head) for head in heads] == [[], [], []]
    assert seal(folder / "warc", folder / "fixity.jsonl") == ([], heads[-1])
    (folder / "warc" / f"new.warc.gz{OPEN}").write_bytes(b"")
    assert seal(folder / "warc", folder / "fixity.jsonl")[0] == []


def test_a_file_that_the_chain_does_not_name_is_counted(sealed: tuple[Path, list[str]]) -> None:
    folder, _ = sealed
    assert unsealed(folder / "warc", folder / "fixity.jsonl") == 0
    (folder / "fixity.jsonl").write_bytes(b"")
    assert unsealed(folder / "warc", folder / "fixity.jsonl") == 3


@pytest.mark.parametrize("kept", [0, 1, 10, 11, 200])
def test_an_entry_that_a_kill_cut_off_is_written_again(sealed: tuple[Path, list[str]], kept: int) -> None:
    folder, heads = sealed
    path = folder / "fixity.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:2]) + lines[2][:kept])
    assert said(folder, heads[1]) == []
    assert len(seal(folder / "warc", path)[0]) == 1 and path.read_bytes().startswith(b"".join(lines[:2]))


def test_what_is_removed_from_a_sealed_file_is_entered_once_and_from_no_other(sealed: tuple[Path, list[str]]) -> None:
    folder, heads = sealed
    chain = folder / "fixity.jsonl"
    path, warc = files(folder / "warc")[1]
    assert not note(folder / "warc", chain, warc, {"reason": "asked for"}), "it is as the chain has it"
    assert not note(folder / "warc", chain, "no/such.warc.gz", {"reason": "asked for"})
    before = chain.read_bytes()
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert note(folder / "warc", chain, warc, {"reason": "asked for"})
    assert chain.read_bytes().startswith(before) and said(folder, heads[-1]) == []
    assert not note(folder / "warc", chain, warc, {"reason": "asked for"})


@pytest.mark.parametrize("tail", [bytes(3000), b"\xff" * 40, b"{}", b"\n"])
def test_damage_at_its_end_is_no_entry_that_a_kill_cut_off(sealed: tuple[Path, list[str]], tail: bytes) -> None:
    """A power cut may leave zeros where the chain was: it is not begun anew without a word."""
    folder, _ = sealed
    path = folder / "fixity.jsonl"
    for whole in (b"", path.read_bytes()):
        path.write_bytes(whole + tail)
        assert said(folder) and "is no entry" in said(folder)[0]
        with pytest.raises(ValueError, match="is no entry"):
            seal(folder / "warc", path)
        assert path.read_bytes() == whole + tail


def test_a_file_that_has_become_a_link_to_itself_is_missing(sealed: tuple[Path, list[str]]) -> None:
    folder, _ = sealed
    path, _ = files(folder / "warc")[0]
    path.unlink()
    path.symlink_to(path)
    assert ["is missing" in text for text in said(folder)] == [True]


def flip(folder: Path) -> None:
    path, _ = files(folder / "warc")[1]
    data = bytearray(path.read_bytes())
    data[100] ^= 1
    path.write_bytes(data)


def reseal(folder: Path) -> None:
    """Change a file and make the whole chain anew, as someone would who knows how it works."""
    flip(folder)
    (folder / "fixity.jsonl").unlink()
    seal(folder / "warc", folder / "fixity.jsonl")


def edit(change: Callable[[list[str]], list[str]]) -> Callable[[Path], object]:
    def edited(folder: Path) -> None:
        path = folder / "fixity.jsonl"
        path.write_text("".join(change(path.read_text().splitlines(keepends=True))))

    return edited


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (flip, "was changed after it was sealed"),
        (lambda folder: files(folder / "warc")[0][0].unlink(), "is missing"),
        (lambda folder: files(folder / "warc")[0][0].open("ab").write(b"x"), "bytes when it was sealed"),
        (reseal, "no entry gives"),
        (edit(lambda lines: lines[:1]), "no entry gives"),
        (edit(lambda lines: lines[1:]), "line 1 does not follow"),
        (edit(lambda lines: [lines[0], lines[2]]), "line 2 does not follow"),
        (edit(lambda lines: [lines[0].replace("20", "19", 1), *lines[1:]]), "line 2 does not follow"),
        (edit(lambda lines: ["nonsense\n", *lines]), "line 1 is no entry"),
        (
            edit(lambda lines: [json.dumps(json.loads(lines[0]) | {"file": "../../etc/passwd"}) + "\n"]),
            "outside the archive",
        ),
        (lambda folder: (folder / "fixity.jsonl").unlink(), "no entry gives"),
    ],
)
def test_tampering_shows(sealed: tuple[Path, list[str]], change: Callable[[Path], object], text: str) -> None:
    folder, heads = sealed
    change(folder)
    assert any(text in told for told in said(folder, heads[1]))


def test_an_entry_cut_off_by_a_kill_is_made_again(sealed: tuple[Path, list[str]]) -> None:
    folder, heads = sealed
    path = folder / "fixity.jsonl"
    for cut in (1, 50):
        path.write_bytes(path.read_bytes()[:-cut])
        added, _ = seal(folder / "warc", path)
        assert len(added) == 1
        assert said(folder, heads[1]) == []


def test_the_commands(sealed: tuple[Path, list[str]]) -> None:
    folder, heads = sealed
    done = CliRunner().invoke(main, ["-C", str(folder), "seal"])
    assert done.stdout == f"{heads[-1]}\n"
    reseal(folder)
    told = CliRunner().invoke(main, ["-C", str(folder), "verify", "--since", heads[1]])
    assert told.exit_code == 5
    assert "fixity: fixity.jsonl: no entry gives" in told.stdout
