"""Captures taken away by site, address and day, whether or not they were read as articles; signed WACZ."""

from __future__ import annotations

import gzip
import json
import subprocess
import zipfile
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from click.testing import CliRunner, Result
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.exports.signing import NoKey, Signer
from crawler.cli import main
from tests.archive.exports.test_records import wacz_tool

DAYS = {
    "http://a.example/": "2024-01-01",
    "http://a.example/x/1": "2024-02-01",
    "http://a.example/x/2": "2024-03-01",
    "https://b.example/": "2024-03-02",
    "http://a.example.evil.example/": "2024-04-01",
}


def recorded(path: Path) -> Path:
    """A file of another tool."""
    with path.open("wb") as out:
        warc = WARCWriter(out, gzip=True, warc_version="1.1")
        for url, day in DAYS.items():
            head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            warc.write_record(
                warc.create_warc_record(
                    url,
                    "response",
                    payload=BytesIO(f"<title>{day}</title>words".encode()),
                    http_headers=head,
                    warc_headers_dict={"WARC-Date": f"{day}T00:00:00Z"},
                )
            )
    return path


def run(folder: Path, *words: object) -> Result:
    return CliRunner().invoke(main, ["-C", str(folder), *map(str, words)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive that holds captures of another tool and no article."""
    made = tmp_path_factory.mktemp("captures")
    folder = made / "archive"
    assert CliRunner().invoke(main, ["init", str(folder)]).exit_code == 0
    said = run(folder, "ingest", recorded(made / "other.warc.gz"))
    assert said.exit_code == 0, said.output
    return folder


def urls(path: Path) -> set[str]:
    with path.open("rb") as file:
        return {
            record.rec_headers.get_header("WARC-Target-URI")
            for record in ArchiveIterator(file)
            if record.rec_type == "response"
        }


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ([], set(DAYS)),
        (["--captures"], set(DAYS)),
        (["--after", "2024-03"], {"http://a.example/x/2", "https://b.example/", "http://a.example.evil.example/"}),
        (["--after", "2024-02", "--before", "2024-02"], {"http://a.example/x/1"}),
        (["--url", "http://a.example/x/1"], {"http://a.example/x/1"}),
        (["--url", "a.example/x/1"], {"http://a.example/x/1"}),
        (["--url", "http://a.example/x/*"], {"http://a.example/x/1", "http://a.example/x/2"}),
        (["--url", "a.example"], {"http://a.example/", "http://a.example/x/1", "http://a.example/x/2"}),
        (["--url", "b.example/"], {"https://b.example/"}),
        (["--url", "a.example", "--before", "2024-01-31"], {"http://a.example/"}),
    ],
)
def test_captures_without_articles(folder: Path, tmp_path: Path, asked: list[str], found: set[str]) -> None:
    said = run(folder, "export", "warc", tmp_path / "out.warc.gz", *asked)
    assert said.exit_code == 0, said.output
    assert urls(tmp_path / "out.warc.gz") == found
    assert f"{len(found)} captures in" in said.output


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["warc", "out.warc.gz", "--url", "nobody.example"], "no capture meets"),
        (["warc", "out.warc.gz", "--query", "words"], "no article meets"),
        (["warc", "out.warc.gz", "--captures", "--lang", "zh"], "--lang"),
        (["csv", "out.csv", "--captures"], "--captures"),
        (["csv", "out.csv"], "no article meets"),
        (["warc", "out.warc.gz", "--captures", "--after", "soon"], "wants a date"),
        (["warc", "out.warc.gz", "--sign", "KEY"], "--sign"),
        (["wacz", "out.wacz", "--sign", "KEY"], "openssl"),
    ],
)
def test_what_makes_no_sense_is_said(folder: Path, tmp_path: Path, words: list[str], problem: str) -> None:
    (tmp_path / "KEY").write_text("-----BEGIN PRIVATE KEY-----\nno\n-----END PRIVATE KEY-----\n")
    words = [str(tmp_path / word) if word.startswith(("out", "KEY")) else word for word in words]
    said = run(folder, "export", *words)
    assert said.exit_code == 1
    assert problem in said.output
    assert [path.name for path in tmp_path.iterdir()] == ["KEY"]


def test_a_wacz_of_captures(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.wacz"
    assert run(folder, "export", "wacz", out).exit_code == 0
    validated = wacz_tool("validate", "-f", str(out))
    assert validated.returncode == 0, validated.stdout + validated.stderr
    with zipfile.ZipFile(out) as zipped:
        package = json.loads(zipped.read("datapackage.json"))
        pages = [json.loads(line) for line in zipped.read("pages/pages.jsonl").splitlines()]
    assert {page["url"] for page in pages[1:]} == set(DAYS)
    assert (package["mainPageUrl"], package["mainPageDate"]) == (
        "http://a.example.evil.example/",
        "2024-04-01T00:00:00Z",
    )
    assert package["modified"] == package["created"] == "2024-04-01T00:00:00Z"


def test_bags_of_captures_and_of_archives_without_articles(folder: Path, tmp_path: Path) -> None:
    import bagit

    for name, asked in (("chosen", ["--url", "a.example"]), ("whole", ["--whole"])):
        said = run(folder, "export", "bagit", tmp_path / name, *asked)
        assert said.exit_code == 0, said.output
        assert bagit.Bag(str(tmp_path / name)).is_valid()
    assert len(urls(tmp_path / "chosen/data/captures.warc.gz")) == 3
    assert run(tmp_path / "whole/data", "verify").exit_code == 0
    empty = tmp_path / "empty"
    assert CliRunner().invoke(main, ["init", str(empty)]).exit_code == 0
    from archive.store.db import open_writer

    open_writer(empty / "news.db").close()
    said = run(empty, "export", "bagit", tmp_path / "of-nothing", "--whole")
    assert said.exit_code == 0, said.output
    assert bagit.Bag(str(tmp_path / "of-nothing")).is_valid()


_VERIFY = """
const d = JSON.parse(require("fs").readFileSync(0)), b = (s) => Buffer.from(s, "base64");
crypto.subtle.importKey("spki", b(d.publicKey), {name: "ECDSA", namedCurve: "P-384"}, true, ["verify"]).then((key) =>
  crypto.subtle.verify({name: "ECDSA", hash: "SHA-256"}, key, b(d.signature), new TextEncoder().encode(d.hash)))
  .then((valid) => console.log(valid));
"""


def test_a_signed_wacz_holds_by_the_cryptography_of_browsers(folder: Path, tmp_path: Path) -> None:
    key = a_key(tmp_path / "key.pem")
    signed = []
    for name in ("one.wacz", "two.wacz"):
        assert run(folder, "export", "wacz", tmp_path / name, "--sign", key).exit_code == 0
        with zipfile.ZipFile(tmp_path / name) as zipped:
            description = zipped.read("datapackage.json")
            stated = json.loads(zipped.read("datapackage-digest.json"))
        signed.append(stated)
    data: dict[str, Any] = stated["signedData"]
    assert stated["hash"] == data["hash"] == f"sha256:{sha256(description).hexdigest()}"
    assert data["created"] == json.loads(description)["created"]
    assert signed[0] == signed[1]
    validated = wacz_tool("validate", "-f", str(tmp_path / "one.wacz"))
    assert validated.returncode == 0, validated.stdout + validated.stderr
    node = which("node")
    if node is None:
        pytest.skip("node is not installed")
    for document, expected in ((data, "true"), (data | {"hash": data["hash"][:-1] + "x"}, "false")):
        said = subprocess.run(
            [node, "-e", _VERIFY], input=json.dumps(document), capture_output=True, text=True, check=True
        )
        assert said.stdout.strip() == expected


def a_key(path: Path, curve: str = "SECP384R1") -> Path:
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    made = ec.generate_private_key(getattr(ec, curve)())
    path.write_bytes(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path


def test_keys_that_players_do_not_know_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NoKey, match="P-384"):
        Signer(a_key(tmp_path / "small.pem", "SECP256R1"))


def test_pages_of_articles_have_their_text_and_the_redirects_that_listings_name(tmp_path: Path) -> None:
    from tests.archive.web.sample import ADMISSION, NEWS, Sample

    sample = Sample(tmp_path / "sample").build()
    sample.db["frontier"].insert_all(  # type: ignore[union-attr]
        [
            {
                "url": url,
                "site": "example_news",
                "kind": "article",
                "state": "moved",
                "reason": to,
                "first_seen": "2024",
            }
            for url, to in ((f"{NEWS}/go", ADMISSION), (f"{NEWS}/loop", f"{NEWS}/loop"))
        ]
    )
    sample.db.conn.commit()
    sample.db.close()
    out = tmp_path / "out.wacz"
    said = run(sample.folder, "export", "wacz", out, "--query", f'url:"{ADMISSION}"')
    assert said.exit_code == 0, said.output
    with zipfile.ZipFile(out) as zipped:
        pages = [json.loads(line) for line in zipped.read("pages/pages.jsonl").splitlines()]
        lines = gzip.decompress(zipped.read("indexes/index.cdx.gz")).decode()
    assert pages[0]["hasText"] is True
    assert all("招生" in page["text"] for page in pages[1:])
    assert f'"url": "{NEWS}/go"' in lines
