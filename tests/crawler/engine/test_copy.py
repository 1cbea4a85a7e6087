"""`storage.copy_to`: closed WARC files lie in an S3 store too, proven, and are read from there when they are gone
here."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.warc import reader
from archive.warc.layout import whole_of
from archive.warc.remote_copies import CopyFailed, RemoteCopies
from tests.college import College
from tests.crawler.box import Box
from tests.crawler.history.test_rebuild import rebuild, unequal
from tests.patience import PATIENCE

pytest.importorskip("moto.server")
boto3 = pytest.importorskip("boto3")
pytest.importorskip("s3fs")


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """An S3 server on loopback, with a bucket `news`; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    told = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "NO_PROXY": "*",
        "no_proxy": "*",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in told.items():
            patch.setenv(name, value)
        deadline = time.monotonic() + PATIENCE
        while True:
            assert process.poll() is None and time.monotonic() < deadline, "the S3 server did not start"
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        boto3.client("s3").create_bucket(Bucket="news")
        yield told["AWS_ENDPOINT_URL"]
    process.kill()
    process.wait()


def copy(box: Box, expect: int = 0) -> str:
    return box.run("copy", expect=expect)


def test_files_are_copied_after_a_crawl_and_read_back_when_they_are_gone(s3: str, tmp_path: Path) -> None:
    with College(["sudy"], scale=0.2) as college:
        box = Box(tmp_path / "archive", college.sites_toml(), storage='copy_to = "s3://news/warc"\nwarc_max_mb = 1\n')
        box.crawl()
        box.crawl()
    files = {path.relative_to(box.folder / "warc").as_posix(): path.read_bytes() for path in box.warcs()}
    [name] = files  # which the second crawl went on with
    client = boto3.client("s3")
    there = {
        entry["Key"].removeprefix("warc/"): client.get_object(Bucket="news", Key=entry["Key"])["Body"].read()
        for entry in client.list_objects_v2(Bucket="news")["Contents"]
    }
    [rest] = there.keys() - files.keys()
    assert whole_of(rest) == (name, len(there[name])) and there[name] + there[rest] == files[name]
    assert "0 files copied" in copy(box), "what is proven is not sent again"
    for path in box.warcs():
        path.unlink()
    row = box.rows("select * from captures order by id limit 1")[0]
    assert reader.read(box.folder / "warc", row["warc"], row["offset"]).record_id == row["record_id"]
    rebuild(box)
    assert {path.relative_to(box.folder / "warc").as_posix(): path.read_bytes() for path in box.warcs()} == files
    assert unequal(box.folder / "news.db", box.folder / "news.db.rebuilding") == []


def test_a_copy_that_is_not_equal_is_no_copy(s3: str, tmp_path: Path) -> None:
    (tmp_path / "warc").mkdir()
    (tmp_path / "warc" / "one.warc.gz").write_bytes(b"one" * 1000)
    store = RemoteCopies(tmp_path, "s3://news/tampered")
    assert list(store.copy()) == []
    boto3.client("s3").put_object(Bucket="news", Key="tampered/one.warc.gz", Body=b"another")
    (tmp_path / "warc" / "one.warc.gz").unlink()
    with pytest.raises(CopyFailed, match="sha256"):
        RemoteCopies(tmp_path, "s3://news/tampered").fetch("one.warc.gz")
    assert list((tmp_path / "warc").iterdir()) == [], "no half file is left"


def test_what_failed_is_tried_again(s3: str, tmp_path: Path) -> None:
    box = Box(tmp_path / "archive", "", storage='copy_to = "s3://absent/warc"\n')
    (box.folder / "warc").mkdir()
    (box.folder / "warc" / "one.warc.gz").write_bytes(b"one")
    (box.folder / "warc" / "two.warc.gz.open").write_bytes(b"still written")
    assert "not copied: " in copy(box, expect=4)
    assert not (box.folder / "copies.jsonl").exists()
    boto3.client("s3").create_bucket(Bucket="absent")
    assert "1 files copied" in copy(box)
    (line,) = (box.folder / "copies.jsonl").read_text().splitlines()
    assert json.loads(line)["warc"] == "one.warc.gz"


def test_without_an_address_it_says_so(tmp_path: Path) -> None:
    box = Box(tmp_path / "archive", "")
    assert "copy_to is empty" in copy(box, expect=1)
