"""The public identifier of an article: made of its address, so that it is the same in every archive of it and after
whatever becomes of the rows."""

from __future__ import annotations

from base64 import b32encode
from hashlib import sha256

LENGTH = 16  # characters of five bits: one archive of ten million addresses in 24,000 million has two that share theirs
WHOLE = 52


def identifier(url: str, length: int = LENGTH) -> str:
    """Base32 (RFC 4648), lower case, of the SHA-256 of a canonical address: its first characters."""
    return b32encode(sha256(url.encode("utf-8", "surrogatepass")).digest())[:length].decode().lower()


def apart(urls: list[str]) -> dict[str, str]:
    """Identifiers of these addresses, all as long as it takes to tell them apart."""
    for length in range(LENGTH, WHOLE + 1, 4):
        found = {url: identifier(url, length) for url in urls}
        if len(set(found.values())) == len(found):
            break
    return found
