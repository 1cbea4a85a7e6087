"""When a head of the chain of seals existed, as a time-stamping authority has signed it (RFC 3161)."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from archive.patterns import deferred

_PATIENCE, _MOST = 60, 1 << 20  # seconds; bytes of an answer
_HEAD = deferred(r"[0-9a-f]{64}")


class NotStamped(Exception):
    """There is no timestamp, or it proves nothing; the text says why."""


def place(folder: Path, head: str) -> Path:
    """Where the answer of the authority lies: HEAD.tsr in timestamps/ of the archive's folder."""
    if not _HEAD.fullmatch(head):
        raise NotStamped(f"{head!r} is no head of a chain")
    return folder / "timestamps" / f"{head}.tsr"


def stamp(folder: Path, manifest: Path, head: str, url: str) -> Path:
    """Have the authority at `url` sign the head, which is the SHA-256 of a line of the manifest. Raises NotStamped."""
    kept = place(folder, head)
    if kept.exists():
        return kept
    line = next((one for one in manifest.read_bytes().split(b"\n") if sha256(one).hexdigest() == head), None)
    if line is None:
        raise NotStamped(f"no line of {manifest} gives {head}")
    asked = TimestampRequestBuilder().data(line).hash_algorithm(HashAlgorithm.SHA256).build()
    request = Request(url, data=asked.as_bytes(), headers={"Content-Type": "application/timestamp-query"})
    try:
        with urlopen(request, timeout=_PATIENCE) as answer:
            data = answer.read(_MOST)
    except (URLError, OSError, ValueError) as problem:
        raise NotStamped(f"{url}: {problem}") from None
    found = _read(data, url)
    if found.tst_info.message_imprint.message.hex() != head or found.tst_info.nonce != asked.nonce:
        raise NotStamped(f"{url}: it signed something else than what was asked")
    kept.parent.mkdir(exist_ok=True)
    part = kept.with_suffix(".part")
    part.write_bytes(data)
    part.replace(kept)
    return kept


def time_of(folder: Path, head: str, roots: Path) -> str:
    """The time at which the head existed, by its timestamp, whose signature leads to one of the `roots` (PEM). Raises
    NotStamped."""
    kept = place(folder, head)
    if not kept.is_file():
        raise NotStamped(f"there is no timestamp of {head}")
    found = _read(kept.read_bytes(), kept.name)
    builder = VerifierBuilder()
    try:
        for certificate in x509.load_pem_x509_certificates(roots.read_bytes()):
            builder = builder.add_root_certificate(certificate)
        # the others that came with it may lie between the authority's and the root
        builder.build().verify(found, bytes.fromhex(head))
    except (VerificationError, ValueError) as problem:
        raise NotStamped(f"{kept.name}: {problem}") from None
    return found.tst_info.gen_time.strftime("%Y-%m-%dT%H:%M:%SZ")


def _read(data: bytes, name: str) -> TimeStampResponse:
    try:
        found = decode_timestamp_response(data)
        granted = found.status == 0
    except ValueError as problem:
        raise NotStamped(f"{name}: no answer of a time-stamping authority: {problem}") from None
    if not granted:
        raise NotStamped(f"{name}: the authority refused: status {found.status} {', '.join(found.status_string)}")
    return found
