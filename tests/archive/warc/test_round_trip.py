"""Whatever a server sends: written, read back the same, and nothing wrong with the file."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.capture import Exchange
from archive.warc.reader import capture_of, read, records
from archive.warc.verify import check_file
from tests.archive.warc.samples import exchange, only_file, original, writer

LINE = st.binary(max_size=30).map(lambda line: line.replace(b"\r", b"").replace(b"\n", b""))
NAME = st.sampled_from([b"Content-Type", b"X", b"set-cookie", b"\xe9", b"", b"Transfer-Encoding"]) | LINE
END = st.sampled_from([b"\r\n", b"\n"])


@st.composite
def heads(draw: st.DrawFn) -> bytes:
    """Status line and headers as careless servers send them."""
    lines = [b"HTTP/1.1 200 " + draw(LINE)]
    lines += [draw(NAME) + b":" + draw(LINE) for _ in range(draw(st.integers(0, 5)))]
    return b"".join(line + draw(END) for line in lines) + draw(END)


URLS = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=30).map(lambda path: f"http://a.example/{path}")
EXCHANGES = st.builds(exchange, st.binary(max_size=2000), response_head=heads(), url=URLS)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(EXCHANGES, st.booleans()), min_size=1, max_size=4))
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, given: list[tuple[Exchange, bool]]) -> None:
    folder: Path = tmp_path_factory.mktemp("round")
    written = []
    with writer(folder) as warc:
        for one, repeated in given:
            capture = warc.write(one, run=1)
            written.append((one, capture))
            if repeated:
                again = exchange(one.body, url=one.url, response_head=one.response_head, revisit_of=original(capture))
                written.append((again, warc.write(again)))
    for one, capture in written:
        record = read(folder, capture.warc, capture.offset)
        assert capture_of(record, capture.warc, capture.offset, capture.length) == capture
        assert record.block == one.response_head + (b"" if one.revisit_of else one.body)
        assert record.head == one.response_head
        assert record.url == one.url
    path = only_file(folder)
    # "chunked" may be claimed of a body that is not; what a head says of its body is not the writer's to mend
    assert [finding for finding in check_file(path, path.name) if finding.kind != "length"] == []
    ids = [record.record_id for record in ArchiveIterator(BytesIO(path.read_bytes()), parse_http=False)]
    assert ids == [record.record_id for record, _, _ in records(path)]
