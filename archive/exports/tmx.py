"""Twins as TMX 1.4, which translation tools read: a unit for the headlines of a pair and one for its texts."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lxml import etree

from archive.exports.columns import TextForm
from archive.exports.facts import Facts
from archive.exports.packed import packed
from archive.exports.selection import Row
from archive.exports.twins import Pairs
from archive.exports.twins import columns as columns
from archive.xml_text import xml_text

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def write(path: Path, rows: Iterable[Row], facts: Facts, *, text: TextForm = "plain") -> int:
    """A new file from rows of `columns()`; how many pairs there are. Raises EmptySelection."""
    pairs, (name, _, version) = Pairs(rows), facts.software.partition(" ")
    header = {
        "creationtool": name,
        "creationtoolversion": version or "0",
        "segtype": "block",
        "o-tmf": "WARC",
        "adminlang": "en",
        "srclang": "zh",
        "datatype": "plaintext",
    }
    with packed(path) as out, etree.xmlfile(out, encoding="utf-8") as xml:
        xml.write_declaration()
        with xml.element("tmx", version="1.4"):
            xml.write(etree.Element("header", header))
            with xml.element("body"):
                for pair in pairs:
                    for member in ("title", "body"):
                        xml.write(_unit(pair, member))
    return pairs.count


def _unit(pair: dict[str, Any], member: str) -> etree._Element:
    unit = etree.Element("tu")
    for name, value in (("confidence", f"{float(pair['confidence']):g}"), ("part", member)):
        etree.SubElement(unit, "prop", type=f"x-{name}").text = value
    for language, side in (("zh", pair["chinese"]), ("en", pair["english"])):
        variant = etree.SubElement(unit, "tuv", {_LANG: language})
        etree.SubElement(variant, "prop", type="x-url").text = xml_text(side["url"], "\ufffd")
        etree.SubElement(variant, "seg").text = xml_text(side[member], "\ufffd")
    return unit
