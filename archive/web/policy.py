"""What browsers are told to refuse: content security policies and the headers beside them."""

from __future__ import annotations

PAGE = (
    "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; frame-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
# An archived page: an opaque origin that runs nothing and loads only what the archive holds. A click may lead the
# whole window to another archived page; nothing else may.
ARCHIVED = (
    "sandbox allow-top-navigation-by-user-activation; default-src 'none'; img-src 'self' data:; style-src 'self'"
    " 'unsafe-inline' data:; font-src 'self' data:; media-src 'self' data:; form-action 'none'; base-uri 'none';"
    " frame-ancestors 'self'"
)
# Datasette's own pages style their tables inline and enhance them from files; its inline scripts are not needed for
# reading.
DATASETTE = (
    "default-src 'none'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; script-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
