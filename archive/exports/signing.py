"""Signatures of a WACZ by a key of one's own (WACZ Signing and Verification 0.1, anonymous signatures)."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

_SIZE = 48  # bytes of each number of a signature on P-384, the curve that players verify


class NoKey(ValueError):
    """The file holds no key to sign with; the text says what is wanted."""


class Signer:
    """Signs with a private key."""

    def __init__(self, path: Path) -> None:
        """Raises NoKey, OSError."""
        try:
            key = load_pem_private_key(path.read_bytes(), password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            key = None
        if not (isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP384R1)):
            raise NoKey(
                f"{path} holds no private key on P-384 without a password; one is made by:"
                " openssl ecparam -genkey -name secp384r1 -noout -out key.pem"
            )
        self._key = key

    def signed(self, digest: str, *, created: str, software: str) -> dict[str, str]:
        """What is stated beside the digest of a WACZ's description; the same digest is signed in the same way."""
        numbers = decode_dss_signature(self._key.sign(digest.encode(), ec.ECDSA(SHA256(), deterministic_signing=True)))
        public = self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return {
            "hash": digest,
            "signature": b64encode(b"".join(number.to_bytes(_SIZE, "big") for number in numbers)).decode(),
            "publicKey": b64encode(public).decode(),
            "created": created,
            "software": software,
        }
