"""`seal --timestamp` against an authority of openssl on loopback; what it signed is proven by `verify` and by openssl
alone."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.warc.reader import records as records_of
from crawler.cli import main
from tests.archive.warc.samples import INFO, exchange
from tests.benchmarks import archive_folder

pytest.importorskip("rfc3161_client", reason="the timestamp extra is not installed")
if shutil.which("openssl") is None:
    pytest.skip("openssl is not installed", allow_module_level=True)

_CONFIG = """
[tsa]
serial = {0}/serial
signer_cert = {0}/tsa.pem
signer_key = {0}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
[usage]
extendedKeyUsage = critical,timeStamping
keyUsage = critical,digitalSignature
"""


def openssl(*words: object, expect: int = 0) -> str:
    done = subprocess.run(["openssl", *map(str, words)], capture_output=True, text=True, check=False)
    assert done.returncode == expect, done.stderr + done.stdout
    return done.stdout + done.stderr


def authority(folder: Path) -> None:
    """Root and signer of an authority."""
    folder.mkdir()
    (folder / "tsa.cnf").write_text(_CONFIG.format(folder))
    (folder / "serial").write_text("01\n")
    new = ("-newkey", "rsa:2048", "-nodes")
    openssl(
        "req", "-x509", *new, "-keyout", folder / "ca.key", "-out", folder / "ca.pem", "-subj", "/CN=Root", "-days", 2
    )
    openssl("req", *new, "-keyout", folder / "tsa.key", "-out", folder / "tsa.csr", "-subj", "/CN=Authority")
    openssl(
        "x509", "-req", "-in", folder / "tsa.csr", "-CA", folder / "ca.pem", "-CAkey", folder / "ca.key", "-days", 2,
        "-CAcreateserial", "-extfile", folder / "tsa.cnf", "-extensions", "usage", "-out", folder / "tsa.pem",
    )  # fmt: skip


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Address and folder of an authority: /broken and /refusing answer otherwise."""
    folder = tmp_path_factory.mktemp("tsa") / "tsa"
    authority(folder)

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/broken":
                answer = b"<html>no authority</html>"
            else:
                (folder / "asked.tsq").write_bytes(data if self.path == "/" else data[:-3])
                if self.path == "/other":  # signs what it was asked before
                    answer = (folder / "answer.tsr").read_bytes()
                else:
                    openssl(
                        "ts", "-reply", "-config", folder / "tsa.cnf", "-section", "tsa", "-queryfile",
                        folder / "asked.tsq", "-out", folder / "answer.tsr",
                        expect=0 if self.path == "/" else 1,
                    )  # fmt: skip
                    answer = (folder / "answer.tsr").read_bytes()
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            """Silence."""

    server = HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", folder
    server.shutdown()
    server.server_close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    from archive.store.store import Archive

    folder = archive_folder.make(tmp_path / "archive", archive_folder.sudy("one", "http://127.0.0.1:9/one"))
    archive = Archive(folder, info=INFO)
    archive.record(exchange())
    archive.close()
    return folder


def run(home: Path, *words: object) -> Result:
    return CliRunner().invoke(main, ["-C", str(home), *map(str, words)])


@pytest.mark.parametrize("sealed_before", [True, False])
def test_a_takedown_is_signed_with_what_was_removed_why_and_by_whom(
    home: Path, asked: tuple[str, Path], sealed_before: bool
) -> None:
    address, tsa = asked
    if sealed_before:
        assert run(home, "seal").exit_code == 0
    said = ["--depth", "removed", "--reason", "A phone number", "--by", "The archivist", "--yes"]
    done = run(home, "withhold", exchange().url, *said, "--timestamp", f"{address}/")
    assert done.exit_code == 0, done.output
    chain = (home / "fixity.jsonl").read_bytes().splitlines()
    head = sha256(chain[-1]).hexdigest()
    token = home / "timestamps" / f"{head}.tsr"
    assert "Verification: OK" in openssl("ts", "-verify", "-digest", head, "-in", token, "-CAfile", tsa / "ca.pem")
    well = run(home, "verify", "--since", head, "--tsa-ca", tsa / "ca.pem")
    assert well.exit_code == 0 and "the head existed at 20" in well.output, well.output
    notes = [told["removed"] for told in map(json.loads, chain) if "removed" in told]
    assert len(notes) == sealed_before, "a file that was not sealed is sealed as it is now"
    for note in notes:
        assert note["why"] == ["A phone number"] and note["by"] == ["The archivist"] and len(note["records"]) == 1
    files = {told["file"] for told in map(json.loads, chain)}
    records = [record for warc in files for record, _, _ in records_of(home / "warc" / warc)]
    assert any(record.field("Campuswarc-Removed") for record in records)
    orders = [record.block for record in records if record.url == "urn:campuswarc:withheld"]
    assert len(orders) == 1 and json.loads(orders[0])["by"] == "The archivist"


def test_a_head_is_signed_and_proven(home: Path, asked: tuple[str, Path], tmp_path: Path) -> None:
    address, tsa = asked
    done = run(home, "seal", "--timestamp", f"{address}/")
    assert done.exit_code == 0, done.output
    head = done.stdout.split()[-1]
    token = home / "timestamps" / f"{head}.tsr"
    # by openssl alone, as docs/proof.md has it
    assert "Verification: OK" in openssl("ts", "-verify", "-digest", head, "-in", token, "-CAfile", tsa / "ca.pem")
    well = run(home, "verify", "--since", head, "--tsa-ca", tsa / "ca.pem")
    assert well.exit_code == 0 and "the head existed at 20" in well.output, well.output
    kept = token.read_bytes()
    assert run(home, "seal", "--timestamp", f"{address}/").exit_code == 0 and token.read_bytes() == kept  # not again
    authority(tmp_path / "stranger")
    strange = run(home, "verify", "--since", head, "--tsa-ca", tmp_path / "stranger" / "ca.pem")
    assert strange.exit_code == 5 and "timestamp" in strange.output
    token.write_bytes(kept.replace(bytes.fromhex(head), bytes(32)))
    assert run(home, "verify", "--since", head, "--tsa-ca", tsa / "ca.pem").exit_code == 5
    token.unlink()
    assert run(home, "verify", "--since", head, "--tsa-ca", tsa / "ca.pem").exit_code == 5
    assert run(home, "verify", "--since", head).exit_code == 0
    assert run(home, "verify", "--tsa-ca", tsa / "ca.pem").exit_code == 2


@pytest.mark.parametrize("path", ["/broken", "/refusing", "/other"])
def test_what_proves_nothing_is_not_kept(home: Path, asked: tuple[str, Path], path: str) -> None:
    address, _ = asked
    if path == "/other":
        done = run(home, "seal", "--timestamp", f"{address}/")
        (home / "timestamps" / f"{done.stdout.split()[-1]}.tsr").unlink()
    done = run(home, "seal", "--timestamp", f"{address}{path}")
    assert done.exit_code == 1 and "sealed, and not timestamped" in done.output, done.output
    assert not list(home.glob("timestamps/*.tsr")) and (home / "fixity.jsonl").read_text().count("\n") == 1


def test_nobody_there_and_no_extra(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = run(home, "seal", "--timestamp", "http://127.0.0.1:9/")
    assert done.exit_code == 1 and "sealed, and not timestamped" in done.output
    monkeypatch.delitem(sys.modules, "archive.proof.timestamps")
    monkeypatch.setitem(sys.modules, "rfc3161_client", None)
    done = run(home, "seal", "--timestamp", "http://127.0.0.1:9/")
    assert done.exit_code == 1 and "pip install 'campuswarc[timestamp]'" in done.output
