"""`campuswarc ingest` of records that odd tools write: taken, or passed over with the reason; `verify` and `rebuild`
agree."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.store.store import Archive
from tests.archive.warc.samples import INFO, exchange, only_file
from tests.crawler import foreign
from tests.crawler.box import Box
from tests.crawler.foreign import sha1, sha256
from tests.crawler.guests import HOST, ORIGINAL, http, ingest, page, record, revisit, run, sound, titles, written
from tests.crawler.history.test_ingest_unlisted import SITE

A, B = "/2025/11/bridge-over-the-river-closed/", "/2025/11/library-opens-on-sundays/"
ONE, TWO = page("Bridge over the river closed"), page("Library opens on Sundays")


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path / "archive", SITE)


def test_records_without_an_id_of_their_own(box: Box, tmp_path: Path) -> None:
    file = written(
        tmp_path / "a.warc.gz", record("response", A, http(ONE), id_=None), record("response", B, http(TWO), id_=None)
    )
    ingest(box, file)
    assert len(titles(box)) == 2
    sound(box)
    assert "2 known already" in ingest(box, file)


@pytest.mark.parametrize("files", [1, 2])
def test_an_id_that_two_pages_have_keeps_both(box: Box, tmp_path: Path, files: int) -> None:
    pages = [record("response", path, http(body), id_="<urn:x:1>") for path, body in ((A, ONE), (B, TWO))]
    paths = [written(tmp_path / f"{n}.warc.gz", *pages[n::files]) for n in range(files)]
    ingest(box, *paths)
    assert len(titles(box)) == 2
    sound(box)
    assert "2 known already" in ingest(box, *paths)
    assert box.column("select count(*) from captures") == [2]


def test_our_own_files_verify_clean_elsewhere(box: Box, tmp_path: Path) -> None:
    archive = Archive(tmp_path, info=INFO)
    archive.run = archive.runs.begin("2026-06-01T10:00:00Z")
    archive.record(
        exchange(ONE, url=HOST + A, via=HOST + "/news/", response_head=http(ONE)[: -len(ONE)], tls="unverified")
    )
    archive.record(exchange(ONE, url=HOST + B, via=HOST + "/news/", response_head=http(ONE)[: -len(ONE)]))  # a revisit
    archive.close()
    own = only_file(tmp_path / "warc")
    assert b"Campuswarc-Via" in gzip.decompress(own.read_bytes())
    ingest(box, own)
    assert box.column("select record_type from captures") == ["response", "revisit"]
    sound(box)


@pytest.mark.parametrize("chain", [1, 2, 3])
@pytest.mark.parametrize("by", ["id", "address and date", "payload"])
def test_revisits_that_came_before_what_they_repeat(box: Box, tmp_path: Path, chain: int, by: str) -> None:
    ids = [f"<urn:x:{n}>" for n in range(chain + 1)]
    original = record("response", A, http(ONE), ("WARC-Payload-Digest", sha1(ONE)), id_=ids[0])
    chained = []
    for n in range(1, chain + 1):
        at = "2026-06-01T10:00:00Z" if n == 1 else f"2026-07-0{n - 1}T10:00:00Z"
        names = {
            "id": [("WARC-Refers-To", ids[n - 1])],
            "address and date": [("WARC-Refers-To-Target-URI", HOST + A), ("WARC-Refers-To-Date", at)],
            "payload": [],
        }[by]
        chained.append(revisit(A, ONE, *names, at=f"2026-07-0{n}T10:00:00Z", id_=ids[n]))
    said = ingest(box, written(tmp_path / "revisits.warc.gz", *chained))
    assert f"{chain} revisits that wait for what they repeat" in said
    assert titles(box) == []
    said = ingest(box, written(tmp_path / "original.warc.gz", original))
    assert f"{chain} revisits of earlier files resolved" in said
    assert set(box.column("select refers_to from captures where record_type = 'revisit'")) == {ids[0]}
    [seen] = box.rows("select title, last_seen from articles")
    assert seen == {"title": "Bridge over the river closed", "last_seen": f"2026-07-0{chain}T10:00:00Z"}
    sound(box)


@pytest.mark.parametrize(
    "algorithm",
    [
        sha256,
        lambda data: sha256(data).replace("sha256", "sha-256"),
        lambda data: "sha1:" + foreign.records.hashlib.sha1(data).hexdigest(),
    ],
    ids=["sha256", "sha-256", "hex"],
)
def test_a_payload_named_by_another_digest(box: Box, tmp_path: Path, algorithm: Callable[[bytes], str]) -> None:
    original = record("response", A, http(ONE), ("WARC-Payload-Digest", algorithm(ONE)))
    repeated = record(
        "revisit",
        A,
        http(b""),
        ("WARC-Profile", ORIGINAL),
        ("WARC-Payload-Digest", algorithm(ONE)),
        at="2026-07-01T10:00:00Z",
    )
    ingest(box, written(tmp_path / "a.warc.gz", original, repeated))
    assert box.column("select distinct payload_digest from captures") == [sha1(ONE)]
    assert box.column("select last_seen from articles") == ["2026-07-01T10:00:00Z"]
    sound(box)


def test_a_revisit_of_bytes_that_are_others_leads_nowhere(box: Box, tmp_path: Path) -> None:
    original = record("response", A, http(TWO), ("WARC-Payload-Digest", sha1(ONE)), id_="<urn:x:1>")
    said = ingest(box, written(tmp_path / "a.warc.gz", original, revisit(A, ONE, ("WARC-Refers-To", "<urn:x:1>"))))
    assert "1 records that fail their own digest" in said
    assert "1 revisits that wait" in said
    assert box.column("select last_seen from articles") == ["2026-06-01T10:00:00Z"]
    assert "as it came from another tool" in sound(box)


def test_a_revisit_without_a_block_is_what_it_repeats(box: Box, tmp_path: Path) -> None:
    gone = http(b"gone", "HTTP/1.1 404 Not Found")
    ingest(
        box,
        written(
            tmp_path / "a.warc.gz",
            record("response", A, http(ONE), id_="<urn:x:1>"),
            revisit(A, ONE, ("WARC-Refers-To", "<urn:x:1>"), head=False),
            record("response", B, gone, id_="<urn:x:2>"),
            revisit(B, b"gone", ("WARC-Refers-To", "<urn:x:2>"), head=False),
        ),
    )
    assert box.rows("select status, mime from captures where record_type = 'revisit' order by id") == [
        {"status": 200, "mime": "text/html"},
        {"status": 404, "mime": "text/html"},
    ]
    assert box.column("select last_seen from articles") == ["2026-07-01T10:00:00Z"]
    sound(box)


def test_what_is_passed_over_is_counted_with_the_reason(box: Box, tmp_path: Path) -> None:
    said = ingest(
        box,
        written(
            tmp_path / "a.warc.gz",
            record("response", A, http(ONE, "HTTP/1.1 HTTP/1.1 200 OK")),
            record("response", B, http(b"", "HTTP/1.1 0")),
            record("conversion", A, ONE, mime="text/plain"),
            record("continuation", A, ONE, mime=""),
            record("sighting", A, b"x", mime="text/plain"),
            record("resource", "ftp://ftp.example.edu/a.txt", b"x", mime="text/plain"),
            record("response", "dns:news.example.edu", b"x", mime="text/dns"),
            revisit(A, ONE, profile="http://invented.example/profile/difference"),
            record("response", "/undated", http(ONE), at="soon"),
            record(
                "response",
                "/2025/11/ruling-on-dates/",
                http(page("Ruling on dates"), "HTTP/1.1 200 OK", "Date: Thu, 02 Apr 2026 10:20:30 GMT"),
                at="2026-04-65T10:00:00-0800",
            ),
        ),
    )
    for line in (
        "1 records passed over: without an HTTP status",
        "1 records passed over: of type 'conversion'",
        "1 records passed over: of type 'continuation'",
        "1 records passed over: of type 'sighting'",
        "1 records passed over: no web address (ftp:)",
        "1 records passed over: no web address (dns:)",
        "1 records passed over: revisits of a profile that is not known",
        "1 records passed over: without a date",
    ):
        assert line in said
    assert titles(box) == ["Bridge over the river closed", "Ruling on dates"]
    assert box.column("select fetched_at from captures order by 1") == ["2026-04-02T10:20:30Z", "2026-06-01T10:00:00Z"]
    sound(box)


def test_times_sort_whatever_their_precision_and_offset(box: Box, tmp_path: Path) -> None:
    dates = [
        "2025",
        "2026-02",
        "2026-02-03",
        "2026-02-03T05:00+08:00",
        "2026-02-02T23:00:00-05:00",
        "2026-06-01T10:00Z",
        "2026-06-01T10:00:30Z",
    ]
    ingest(
        box,
        written(tmp_path / "a.warc.gz", *(record("response", f"/{n}", http(ONE), at=at) for n, at in enumerate(dates))),
    )
    assert box.column("select url from captures order by fetched_at") == [f"{HOST}/{n}" for n in (0, 1, 3, 2, 4, 5, 6)]
    assert all(text.endswith("Z") and len(text) == 20 for text in box.column("select fetched_at from captures"))
    sound(box)


def test_the_first_segment_of_a_record_is_no_whole_article(box: Box, tmp_path: Path) -> None:
    whole = http(ONE * 2)
    first = record("response", A, whole[:900], ("WARC-Segment-Number", "1"), id_="<urn:x:1>")
    rest = record(
        "continuation", A, whole[900:], ("WARC-Segment-Number", "2"), ("WARC-Segment-Origin-ID", "<urn:x:1>"), mime=""
    )
    said = ingest(box, written(tmp_path / "a.warc.gz", first, rest))
    assert "1 records passed over: of type 'continuation'" in said
    assert titles(box) == []
    assert box.column("select truncated from captures") == ["segmented"]
    sound(box)


def test_a_fragment_is_no_part_of_an_address(box: Box, tmp_path: Path) -> None:
    ingest(box, written(tmp_path / "a.warc.gz", record("response", f"{A}#top", http(ONE))))
    assert box.column("select url from captures") == [HOST + A]
    sound(box)


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("order_known", [True, False], ids=["noted", "of an older version"])
def test_faults_a_file_came_with_are_remarks_and_new_rot_is_a_finding(
    box: Box, tmp_path: Path, packed: bool, order_known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not order_known:
        monkeypatch.setattr(
            "crawler.history.ingest.Order.payload",
            lambda order: json.dumps({"files": order.files, "sites": order.sites, "other": order.other}).encode(),
        )
    file = written(
        tmp_path / ("a.warc.gz" if packed else "a.warc"),
        record("response", B, http(TWO), ends=b"\r\n"),
        record("response", A, http(ONE), ("WARC-Payload-Digest", sha1(TWO))),
        packed=packed,
    )
    file.write_bytes(file.read_bytes() + b"\0" * 40)
    ingest(box, file, expect=5)
    run(box, "seal")
    said = sound(box)
    assert said.count("as it came from another tool") == 3
    [guest] = (box.folder / "warc" / "ingested").iterdir()
    data = bytearray(guest.read_bytes())
    place = data.index(b"trustees") if not packed else len(data) // 2
    data[place] ^= 1
    guest.write_bytes(data)
    said = run(box, "verify", expect=5)
    assert ("is not what came" in said) == order_known
    assert "as it came from another tool: digest" not in said
    assert "was changed after it was sealed" in said
    for words in (["cdx"], ["rebuild", "--processes", "0"]):
        said = run(box, *words, expect=5)
        assert guest.name in said and "as it came from another tool" not in said


def test_faults_of_an_arc_file_are_known_by_what_was_made_of_it(box: Box, tmp_path: Path) -> None:
    body = http(ONE, "HTTP/1.1 200 OK", "Content-Length: 5")
    file = tmp_path / "a.arc"
    about = b"1 0 x\nURL IP-address Archive-date Content-type Archive-length\n"
    file.write_bytes(
        b"filedesc://a.arc 0.0.0.0 20260601100000 text/plain %d\n" % len(about)
        + about
        + b"\n"
        + f"{HOST}{A} 127.0.0.1 20260601100000 text/html {len(body)}\n".encode()
        + body
        + b"\n"
    )
    ingest(box, file)
    sound(box)
