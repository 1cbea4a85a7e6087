"""Files that nobody should have written: each gets a place whole, in part with a word of why, or not at all."""

from __future__ import annotations

import gzip
import os
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.warc.captured import capture_of
from archive.warc.foreign_warcs import NoArchive, place, remove, sweep
from archive.warc.reader import read, records
from tests.crawler import foreign
from tests.crawler.foreign import Fetched

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
URLS = [f"http://news.example.edu/{n} with a space.htm" for n in range(3)]
BODIES = [HEAD + f"page {n} ".encode() * 500 for n in range(3)]
THEN = datetime(2025, 9, 30, 8, tzinfo=UTC)
PLAIN = foreign.wget_at(
    [
        Fetched(f"http://news.example.edu/{n}", THEN + timedelta(seconds=n), b"GET / HTTP/1.1\r\n\r\n", body)
        for n, body in enumerate(BODIES)
    ]
)
SOUND = foreign.members(PLAIN)
HUGE = PLAIN[4].replace(b"Content-Length: %d\r\n" % len(BODIES[1]), b"Content-Length: 3221225472\r\n")


def arc(version: int, *, lengths: Sequence[int] = tuple(map(len, BODIES))) -> list[bytes]:
    """The records of an ARC file."""
    names = (
        "URL IP-address Archive-date Content-type"
        + (" Result-code Checksum Location Offset Filename" if version == 2 else "")
        + " Archive-length"
    )
    more = " 200 c0ffee - 133 old.arc" if version == 2 else ""
    block = f"{version} 0 InternetArchive\n{names}\n\n".encode()
    out = [f"filedesc://old.arc 0.0.0.0 20250930080000 text/plain{more} {len(block)}\n".encode() + block]
    for url, body, length in zip(URLS, BODIES, lengths, strict=True):
        out.append(f"{url} 192.0.2.1 20250930080000 text/html{more} {length}\n".encode() + body + b"\n")
    return out


def kept(folder: Path, path: Path) -> tuple[list[tuple[str, str, bytes]], str]:
    """What is in the archive of a file, and what damage was told."""
    (guest,) = place(path, folder)
    return [(record.type, record.url, record.block) for record, _, _ in records(folder / guest.warc)], guest.damage


def read_around(folder: Path, path: Path) -> tuple[list[str], str]:
    """Addresses of what can be read of a file, damage passed over, and what damage was told."""
    said: list[str] = []
    (guest,) = place(path, folder, on_damage=said.append)
    found = [record.url for record, _, _ in records(folder / guest.warc, on_damage=lambda damage: None)]
    return found, "; ".join([*said, guest.damage])


def nothing_left(folder: Path) -> bool:
    return list((folder / "ingested").iterdir()) == []


def wacz(path: Path, *entries: tuple[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in entries:
            out.writestr(name, data)
    return path


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("packed", ["plain", "a member a record", "one member", "zstandard"])
def test_arc(tmp_path: Path, version: int, packed: str) -> None:
    import zstandard

    parts = arc(version)
    path = tmp_path / "old.arc"
    path.write_bytes(
        {
            "plain": b"".join(parts),
            "a member a record": foreign.members(parts),
            "one member": gzip.compress(b"".join(parts)),
            "zstandard": b"".join(map(zstandard.ZstdCompressor().compress, parts)),
        }[packed]
    )
    found, damage = kept(tmp_path / "warc", path)
    assert damage == ""
    assert found[0][0] == "warcinfo"
    assert found[1:] == [("response", url.replace(" ", "%20"), body) for url, body in zip(URLS, BODIES, strict=True)]
    (guest,) = place(path, tmp_path / "warc")
    for record, offset, length in list(records(tmp_path / "warc" / guest.warc))[1:]:
        assert capture_of(record, guest.warc, offset, length).fetched_at == "2025-09-30T08:00:00Z"
        assert read(tmp_path / "warc", guest.warc, offset) == record


@pytest.mark.parametrize(
    "length, said",
    [(3 << 30, "3221225472 bytes, more than"), (90_000, "ends after"), (50, "no ARC record begins with")],
)
def test_arc_with_a_wrong_length_is_taken_up_to_it(tmp_path: Path, length: int, said: str) -> None:
    path = tmp_path / "old.arc"
    path.write_bytes(b"".join(arc(1, lengths=(len(BODIES[0]), length, len(BODIES[2])))))
    found, damage = kept(tmp_path / "warc", path)
    assert damage.startswith(f"{path}: damaged behind record {3 if length == 50 else 2}: ") and said in damage
    assert [url for _, url, _ in found[1:2]] == [URLS[0].replace(" ", "%20")]


@pytest.mark.parametrize("length", [b"3221225472", b"900000000", b"-5", b"x", b""])
def test_one_gzip_stream_with_a_wrong_length_is_taken_but_for_that_record(tmp_path: Path, length: bytes) -> None:
    """Not swallowed to its end as one record that nobody misses, nor cut there; and no byte of it is given up."""
    path = tmp_path / "a.warc.gz"
    path.write_bytes(gzip.compress(b"".join([*PLAIN[:4], HUGE.replace(b"3221225472", length), *PLAIN[5:]])))
    found, damage = kept(tmp_path / "warc", path)
    assert "damaged behind record 4: " in damage
    assert len(found) == len(PLAIN) - 1
    assert path.read_bytes() in [there.read_bytes() for there in (tmp_path / "warc" / "ingested").iterdir()]


def test_one_gzip_stream_that_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    whole = gzip.compress(b"".join(PLAIN))
    path.write_bytes(whole[: len(whole) * 3 // 4])
    found, damage = kept(tmp_path / "warc", path)
    assert damage and 0 < len(found) < len(PLAIN)
    assert path.read_bytes() in [there.read_bytes() for there in (tmp_path / "warc" / "ingested").iterdir()]


@pytest.mark.parametrize("broken", range(len(PLAIN)))
def test_a_broken_member_costs_itself_wherever_it_stands(tmp_path: Path, broken: int) -> None:
    """The first one too: a file of members is none of one stream, whatever is wrong with its first record."""
    path = tmp_path / "a.warc.gz"
    for damage in (
        lambda one: one[:-9] + bytes([one[-9] ^ 1]) + one[-8:],
        lambda one: gzip.compress(gzip.decompress(one)[:-9], mtime=0),
        lambda one: gzip.compress(b"no record", mtime=0),
    ):
        members = [gzip.compress(one, mtime=0) for one in PLAIN]
        members[broken] = damage(members[broken])
        path.write_bytes(b"".join(members))
        (guest,) = place(path, tmp_path / "warc")
        assert (tmp_path / "warc" / guest.warc).read_bytes() == path.read_bytes()
        assert len(list(records(tmp_path / "warc" / guest.warc, on_damage=lambda damage: None))) == len(PLAIN) - 1


@pytest.mark.parametrize("alone", range(1, len(PLAIN) - 1))
def test_a_member_that_holds_several_records_costs_none_wherever_it_stands(tmp_path: Path, alone: int) -> None:
    """As where files of one stream and of members are put together."""
    path = tmp_path / "a.warc.gz"
    path.write_bytes(foreign.members(PLAIN[:alone]) + gzip.compress(b"".join(PLAIN[alone:]), mtime=0))
    found, damage = kept(tmp_path / "warc", path)
    assert damage == ""
    assert len(found) == len(PLAIN)


def test_what_an_older_version_had_cut_is_taken_whole_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(foreign.members(PLAIN))
    (guest,) = place(path, tmp_path / "warc")
    cut = tmp_path / "warc" / guest.warc
    cut.write_bytes(foreign.members(PLAIN[:1]))
    (again,) = place(path, tmp_path / "warc")
    assert (tmp_path / "warc" / again.warc).read_bytes() == path.read_bytes()
    assert cut.read_bytes() == foreign.members(PLAIN[:1]), "rows may point into it"
    assert place(path, tmp_path / "warc") == [again]


def test_names_in_a_wacz_lead_nowhere(tmp_path: Path) -> None:
    path = wacz(
        tmp_path / "a.wacz",
        ("archive/../../../../escaped.warc.gz", SOUND),
        ("archive/..\\..\\x.warc.gz", foreign.members(PLAIN[:3])),
        ("archive//etc/y.warc.gz", foreign.members(PLAIN[:4])),
    )
    foreign_warcs = place(path, tmp_path / "deep" / "er" / "warc")
    assert len(foreign_warcs) == 3
    files = {found for found in tmp_path.rglob("*") if found.is_file()} - {path}
    assert files == {tmp_path / "deep" / "er" / "warc" / guest.warc for guest in foreign_warcs}
    assert {found.parent for found in files} == {tmp_path / "deep" / "er" / "warc" / "ingested"}


def test_wacz_in_wacz(tmp_path: Path) -> None:
    """Several crawls packed as one, as browsers' exports do; but no Russian doll."""
    path = wacz(tmp_path / "0.wacz", ("archive/data.warc.gz", SOUND))
    for n in range(1, 4):
        path = wacz(tmp_path / f"{n}.wacz", (f"{n - 1}.wacz", path.read_bytes()))
    (guest,) = place(path, tmp_path / "warc")
    assert (tmp_path / "warc" / guest.warc).read_bytes() == SOUND
    assert guest.original == f"{path}!2.wacz!1.wacz!0.wacz!archive/data.warc.gz"
    with pytest.raises(NoArchive, match="too deep"):
        place(wacz(tmp_path / "4.wacz", ("3.wacz", path.read_bytes())), tmp_path / "other")
    assert nothing_left(tmp_path / "other")


def test_what_is_damaged_in_a_wacz_is_told_and_the_rest_taken(tmp_path: Path) -> None:
    path = wacz(
        tmp_path / "a.wacz",
        ("archive/README.txt", b"no archive"),
        ("archive/empty.warc.gz", b""),
        ("archive/damaged.warc", b"".join(PLAIN)),
        ("archive/sound.warc.gz", foreign.members(PLAIN[:3])),
    )
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as opened:
        data[opened.getinfo("archive/damaged.warc").header_offset + 200] ^= 0x55
    path.write_bytes(data)
    said: list[str] = []
    guests = place(path, tmp_path / "warc", on_damage=said.append)
    assert guests[0].original.endswith("!archive/sound.warc.gz")
    there = {found.read_bytes() for found in (tmp_path / "warc" / "ingested").iterdir()}
    assert path.read_bytes() in there, "no byte is given up"
    assert not any(again.made for again in place(path, tmp_path / "warc"))
    assert sorted(text.partition(": ")[0] for text in said) == [
        f"{path}!archive/damaged.warc",
        f"{path}!archive/empty.warc.gz",
    ]
    alone = wacz(tmp_path / "b.wacz", ("archive/empty.warc.gz", b""))
    with pytest.raises(NoArchive, match=r"b\.wacz!archive/empty\.warc\.gz: neither WARC"):
        place(alone, tmp_path / "other")
    assert nothing_left(tmp_path / "other")


@pytest.mark.parametrize(
    "folder",
    ["archive/", "./archive/", "crawl/archive/", "archive\\", "", "ARCHIVE/"],
    ids=lambda folder: folder or "none",
)
def test_where_warcs_lie_in_a_zip_file(tmp_path: Path, folder: str) -> None:
    """Others pack them by hand; what is left out of it without a word is lost."""
    path = wacz(
        tmp_path / "a.zip",
        (f"{folder}one.warc.gz", SOUND),
        ("elsewhere/two.WARC", b"".join(PLAIN)),
        ("archive/part-00000", foreign.members(PLAIN[:3])),
        ("archive/notes.txt", b"no archive"),
        ("__MACOSX/archive/._one.warc.gz", b"\0\5\x16\7"),
    )
    said: list[str] = []
    guests = place(path, tmp_path / "warc", on_damage=said.append)
    assert (len(guests), said) == (3, [])
    assert all(guest.warc.endswith((".warc", ".warc.gz")) for guest in guests), "as verify knows WARC files"


@pytest.mark.parametrize("cut", [60, 140, "half"])
def test_a_wacz_without_its_directory_is_read_as_it_lies(tmp_path: Path, cut: int | str) -> None:
    """A download that broke off, a power cut: WACZ files hold WARC files as they are."""
    path = tmp_path / "a.wacz"
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("archive/a.warc.gz", foreign.members(PLAIN[:3]))
        out.writestr("archive/b.warc.gz", foreign.members(PLAIN[3:]))
    data = path.read_bytes()
    path.write_bytes(data[: -cut if isinstance(cut, int) else data.index(b"b.warc.gz")])
    found, damage = read_around(tmp_path / "warc", path)
    assert "a damaged ZIP file" in damage
    assert len(found) == (len(PLAIN) if isinstance(cut, int) else 3)
    assert path.read_bytes() in [there.read_bytes() for there in (tmp_path / "warc" / "ingested").iterdir()]


def test_a_wacz_whose_damaged_entry_cannot_be_had_is_kept_beside_the_others(tmp_path: Path) -> None:
    path = wacz(tmp_path / "a.wacz", ("archive/a.warc", b"".join(PLAIN)), ("archive/b.warc", b"".join(PLAIN[:3])))
    data = bytearray(path.read_bytes())
    data[200] ^= 0x55
    path.write_bytes(data)
    said: list[str] = []
    (guest,) = place(path, tmp_path / "warc", on_damage=said.append)
    [source] = (tmp_path / "warc" / "ingested").glob("*.source")
    assert (source.read_bytes(), len(said)) == (path.read_bytes(), 1)
    remove([guest], tmp_path / "warc")
    assert nothing_left(tmp_path / "warc")


@pytest.mark.parametrize("damage", ["bit", "missing", "more"])
def test_a_wacz_with_damaged_entries_is_read_as_it_lies_too(tmp_path: Path, damage: str) -> None:
    """Behind bytes that are missing none of its directory's places is right."""
    path = tmp_path / "a.wacz"
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("archive/a.warc.gz", foreign.members(PLAIN[:3]))
        out.writestr("archive/b.warc.gz", foreign.members([PLAIN[0], *PLAIN[3:]]))
    data = bytearray(path.read_bytes())
    at = data.index(foreign.members(PLAIN[:1])) + 40
    data[at : at + 7] = {"bit": b"\0" * 7, "missing": b"", "more": b"1234567890"}[damage]
    path.write_bytes(data)
    said: list[str] = []
    guests = place(path, tmp_path / "warc", on_damage=said.append)
    assert said
    there = {
        record.url
        for guest in guests
        for record, _, _ in records(tmp_path / "warc" / guest.warc, on_damage=lambda damage: None)
    }
    assert there >= {f"http://news.example.edu/{n}" for n in range(3)}


def test_what_has_no_name_of_a_warc_gets_one(tmp_path: Path) -> None:
    """By which `verify` looks for the files of an archive."""
    for name, data, ending in (
        ("a.txt", SOUND, ".txt.warc.gz"),
        ("b", b"".join(PLAIN), "-b.warc"),
        ("C.WARC.GZ", foreign.members(PLAIN[:3]), ".WARC.GZ.warc.gz"),
    ):
        path = tmp_path / name
        path.write_bytes(data)
        (guest,) = place(path, tmp_path / "warc")
        assert guest.warc.endswith(ending)
        assert [guest] == [there for there in place(path, tmp_path / "warc") if there.warc == guest.warc]


@pytest.mark.parametrize("inner", ["members", "one stream", "tar"])
def test_a_file_that_was_compressed_twice(tmp_path: Path, inner: str) -> None:
    path = tmp_path / "a.warc.gz.gz"
    tar = b"a.warc.gz".ljust(512, b"\0") + SOUND + bytes(1024)
    path.write_bytes(gzip.compress({"members": SOUND, "one stream": gzip.compress(b"".join(PLAIN)), "tar": tar}[inner]))
    found, damage = kept(tmp_path / "warc", path)
    assert ("are no record" in damage) is (inner == "tar")
    assert len(found) == len(PLAIN)


@pytest.mark.parametrize("between", [b"no record at all\n", b"http://looks.like 12 20250930 one/7 9\nhalf a\n"])
def test_behind_a_damage_of_an_arc_file_it_goes_on(tmp_path: Path, between: bytes) -> None:
    parts = arc(1)
    path = tmp_path / "old.arc"
    path.write_bytes(
        b"".join([*parts[:2], b"\0\0\0\n" + between, *[part.replace(b" with a space", b"") for part in parts[2:]]])
    )
    found, damage = kept(tmp_path / "warc", path)
    assert "damaged behind record 2" in damage
    assert [block for _, _, block in found[1:]] == BODIES
    (again,) = place(path, tmp_path / "warc")
    assert "kept as it came" in again.damage, "said the second time too"


@pytest.mark.parametrize("broken", range(1, 4))
def test_a_broken_member_of_an_arc_file_costs_itself(tmp_path: Path, broken: int) -> None:
    parts = foreign.members(arc(1)[:1]), *[gzip.compress(part) for part in arc(1)[1:]]
    path = tmp_path / "old.arc.gz"
    path.write_bytes(b"".join(part[:-9] + b"\0" * 9 if n == broken else part for n, part in enumerate(parts)))
    found, damage = kept(tmp_path / "warc", path)
    assert "the gzip member is " in damage
    assert [block for _, _, block in found[1:]] == [body for n, body in enumerate(BODIES, 1) if n != broken]


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("lost", ["zeros", "gone"])
def test_an_arc_file_whose_beginning_is_lost(tmp_path: Path, packed: bool, lost: str) -> None:
    parts = [part.replace(b" with a space", b"") for part in arc(1)]
    parts = [gzip.compress(part) for part in parts] if packed else parts
    path = tmp_path / "old.arc"
    path.write_bytes(b"".join([bytes(len(parts[0])) if lost == "zeros" else b"", *parts[1:]]))
    found, damage = kept(tmp_path / "warc", path)
    assert [block for _, _, block in found][-2:] == BODIES[1:]
    assert len(found) == 3 or (lost == "zeros" and damage), "the first one stands on the line of what is lost"


@pytest.mark.parametrize("missing", [1, 2, 7, 300])
def test_bytes_missing_of_an_arc_record_cost_the_next_one_nothing(tmp_path: Path, missing: int) -> None:
    """Its length reaches into the line of the next one, or beyond."""
    parts = [part.replace(b" with a space", b"") for part in arc(1)]
    path = tmp_path / "old.arc"
    path.write_bytes(b"".join([parts[0], parts[1][: -missing - 1] + b"\n", *parts[2:]]))
    found, damage = kept(tmp_path / "warc", path)
    assert missing == 1 or "before the length that its record tells" in damage
    assert [block for _, _, block in found[2:]] == BODIES[1:]
    assert [url for _, url, _ in found[1:]] == [url.replace(" with a space", "") for url in URLS]


def test_the_same_bytes_under_another_name_are_the_same_guest(tmp_path: Path) -> None:
    folder = tmp_path / "warc"
    paths = [tmp_path / name for name in ("a.warc.gz", "b.warc.gz")]
    for path in paths:
        path.write_bytes(SOUND)
    link = tmp_path / "c.warc.gz"
    link.symlink_to(paths[0])
    packed = wacz(tmp_path / "d.wacz", ("archive/e.warc.gz", SOUND))
    assert {guest.warc for path in (*paths, link, packed) for guest in place(path, folder)} == {
        next((folder / "ingested").iterdir()).relative_to(folder).as_posix()
    }
    (first, *_) = place(paths[0], folder)
    assert place(folder / first.warc, folder)[0].warc == first.warc, "a guest is no new guest"
    remove(place(paths[1], folder), folder)
    assert (folder / first.warc).exists(), "what was there before is not taken back"


def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")  # `<(zcat …)` of a shell is one too; it can be read only once
    (tmp_path / "gone.warc.gz").symlink_to(tmp_path / "nowhere")
    for name in ("pipe", "gone.warc.gz"):
        with pytest.raises(NoArchive, match="not a file on disk"):
            place(tmp_path / name, tmp_path / "warc")


def test_files_of_the_archive_itself_are_refused(tmp_path: Path) -> None:
    own = tmp_path / "warc" / "2026" / "01" / "campuswarc-1.warc.gz"
    own.parent.mkdir(parents=True)
    own.write_bytes(SOUND)
    (tmp_path / "link.warc.gz").symlink_to(own)
    for path in (own, tmp_path / "link.warc.gz"):
        with pytest.raises(NoArchive, match="a file of this archive already"):
            place(path, tmp_path / "warc")


@pytest.mark.parametrize("in_place", [False, True])
def test_a_file_that_grows_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_place: bool
) -> None:
    from archive.warc import lodging

    path = tmp_path / "a.warc.gz"
    path.write_bytes(SOUND)

    def growing(folder: Path) -> None:  # called when the digest has been taken and the file has its place
        with path.open("ab") as out:
            out.write(SOUND)

    monkeypatch.setattr(lodging, "sync_folder", growing)
    with pytest.raises(NoArchive, match="changes while it is read"):
        place(path, tmp_path / "warc", in_place=in_place)
    assert nothing_left(tmp_path / "warc")


def test_a_file_without_room_for_it_is_refused_before_a_byte_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(SOUND)
    import archive.warc.lodging as lodging

    real, asked = lodging.shutil.disk_usage(tmp_path), list[Path]()

    def almost_full(folder: Path) -> object:
        asked.append(Path(folder))
        return real._replace(free=len(SOUND) - 1)

    monkeypatch.setattr(lodging.shutil, "disk_usage", almost_full)
    with pytest.raises(OSError, match="no room for its"):
        place(path, tmp_path / "warc")
    assert asked and all(folder.is_relative_to(tmp_path / "warc") for folder in asked)
    assert nothing_left(tmp_path / "warc")


def test_what_a_killed_copy_left_is_swept(tmp_path: Path) -> None:
    for kind in ("ingested", "merged/0123456789ab"):
        (tmp_path / "warc" / kind).mkdir(parents=True)
        (tmp_path / "warc" / kind / ".abc.part").write_bytes(SOUND)
        (tmp_path / "warc" / kind / "kept.warc.gz").write_bytes(SOUND)
    sweep(tmp_path / "warc")
    assert {path.name for path in (tmp_path / "warc").rglob("*") if path.is_file()} == {"kept.warc.gz"}
