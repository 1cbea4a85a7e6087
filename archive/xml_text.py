"""Text that XML can hold (XML 1.0, section 2.2): control characters, lone surrogates and two others it cannot."""

from __future__ import annotations

from archive.patterns import deferred

NOT_XML = deferred("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str, instead: str = "") -> str:
    """The text, `instead` in the place of each character that XML cannot hold."""
    return NOT_XML.sub(instead, text)
