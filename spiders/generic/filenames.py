"""Names of documents, as the server or the address gives them: never a path, never a character that is none."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes, urlsplit

from archive.encoding import decode_name, in_charset
from archive.patterns import deferred

EXTENSION = deferred(r"\.(?:pdf|docx?|xlsx?|pptx?|wps|et|zip|rar|7z|ofd|txt|rtf|csv|odt|ods|odp|epub)$", re.I)
_PARAMETER = deferred(r"""(?:^|;)\s*(filename\*?)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)""", re.I)
_UNSAFE = deferred(r"[\x00-\x1f\x7f]+")
_LONGEST = 200  # characters, as file systems have it
_HEAD = 4000  # characters of a header


def of_address(url: str) -> str:
    """The last part of an address's path as its site writes it; as it stands where its bytes are no text."""
    tail = urlsplit(url).path.rpartition("/")[2]
    return plain(decode_name(unquote_to_bytes(tail)) or tail)


def served(disposition: str) -> str:
    """The file name in a Content-Disposition header (RFC 6266); empty where it states none.

    `filename*` goes first. A plain one may be in raw UTF-8 or GBK, percent-encoded, or an encoded word, as servers have
    it. The header's bytes are given as Latin-1.
    """
    found = {name.lower(): value.strip() for name, value in reversed(_PARAMETER.findall(disposition[:_HEAD]))}
    if extended := found.get("filename*", "").strip('"'):
        from email.utils import decode_rfc2231  # here and below: few pages name a file, and it loads what reads mail

        charset, _, value = decode_rfc2231(extended)
        raw = unquote_to_bytes(value or extended)
        if name := (in_charset(raw, charset) if charset else "") or decode_name(raw):
            return plain(name)
    stated = found.get("filename", "")
    if stated.startswith('"'):  # of `\` only an escaped quotation mark is undone: `C:\x.pdf` is a path
        stated = stated[1:-1].replace('\\"', '"')
    if stated.startswith("=?"):
        return plain(_encoded_words(stated))
    raw = stated.encode("latin-1", "replace")
    return plain(decode_name(unquote_to_bytes(raw) if b"%" in raw else raw))


def _encoded_words(stated: str) -> str:
    """The text of RFC 2047's encoded words; empty where they are none."""
    from email.errors import HeaderParseError
    from email.header import decode_header, make_header

    try:
        return str(make_header(decode_header(stated)))
    except (HeaderParseError, LookupError, UnicodeDecodeError):
        return ""


def plain(name: str) -> str:
    """A name without its folders and without control characters."""
    return _UNSAFE.sub(" ", re.split(r"[/\\]", name)[-1]).strip()[:_LONGEST]
