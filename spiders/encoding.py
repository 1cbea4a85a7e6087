"""Bytes of a page to text: one decision, once."""

from __future__ import annotations

import codecs
import re

_META = re.compile(rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.I)
_XML = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{2,40})""", re.I)
_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.I)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# WHATWG Encoding section 4.2: these labels name a superset of what they say
_SUPERSET = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030", "iso-8859-1": "cp1252",
             "latin-1": "cp1252", "ascii": "cp1252", "us-ascii": "cp1252", "shift_jis": "cp932", "x-sjis": "cp932",
             "big5": "big5hkscs", "euc-kr": "cp949", "ks_c_5601-1987": "cp949"}


def decode(content: bytes, content_type: str = "", sure: str = "") -> tuple[str, str]:
    """Text and the codec it was read with: BOM, then UTF-8 where it fits, then the header's label, the page's, a guess.

    A label is believed when it decodes the bytes; UTF-8 that fits beats every label, since other encodings rarely
    look like it (WHATWG Encoding; measured on campus sites, where templates keep old labels). `sure` is a label that
    beats them all: the operator's word for a site whose pages lie.
    """
    if sure and (codec := _codec(sure)):
        return content.decode(codec, "replace"), codec
    for bom, codec in _BOMS:
        if content.startswith(bom):
            return content[len(bom):].decode(codec, "replace"), codec
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    candidates = [codec for label in _labels(content, content_type) if (codec := _codec(label))]
    for codec in [*candidates, "gb18030", "cp1252"]:
        try:
            return content.decode(codec), codec
        except UnicodeDecodeError:
            continue
    best = candidates[0] if candidates else "utf-8"
    return content.decode(best, "replace"), best


def _labels(content: bytes, content_type: str) -> list[str]:
    head = content[:4096]
    found = _HEADER.findall(content_type)
    found += [match.group(1).decode("ascii", "replace") for pattern in (_XML, _META) if (match := pattern.search(head))]
    return found


def _codec(label: str) -> str | None:
    label = label.strip().lower()
    label = _SUPERSET.get(label, label)
    try:
        return codecs.lookup(label).name
    except LookupError:
        return None
