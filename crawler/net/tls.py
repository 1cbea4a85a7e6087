"""TLS as it should be, and as old campus servers have it."""

from __future__ import annotations

import ssl

_LEGACY_SERVER_CONNECT = 0x4  # ssl.OP_LEGACY_SERVER_CONNECT, which Python has from 3.12: renegotiation without RFC 5746


def verified() -> ssl.SSLContext:
    """Certificates checked against the system's, TLS 1.2 and later."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context


def ended(certificate: bytes | None) -> str:
    """The day on which a certificate ended, as a remark behind what is said of it; empty where it cannot be read."""
    from cryptography import x509  # loaded where a server needs it

    try:
        end = x509.load_der_x509_certificate(certificate or b"").not_valid_after_utc
    except ValueError:
        return ""
    return f" (it ended on {end:%Y-%m-%d})"


def legacy() -> ssl.SSLContext:
    """Anything that encrypts: no certificate checked, TLS 1.0 and later, small keys and old ciphers."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.options |= ssl.OP_NO_SSLv3 | ssl.OP_NO_COMPRESSION | _LEGACY_SERVER_CONNECT
    context.set_ciphers("ALL:!aNULL:!eNULL:@SECLEVEL=0")
    context.set_alpn_protocols(["http/1.1"])
    return context
