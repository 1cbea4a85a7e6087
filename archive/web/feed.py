"""Elements of an Atom feed (RFC 4287)."""

from __future__ import annotations

from xml.etree import ElementTree

from datasette.utils.asgi import Response

from archive.patterns import deferred

_CONTROLS = deferred("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML 1.0 cannot hold


def begun() -> ElementTree.Element:
    """A feed without anything in it."""
    return ElementTree.Element("feed", {"xmlns": "http://www.w3.org/2005/Atom"})


def add(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> ElementTree.Element:
    """A new element at the end of `parent`; what XML cannot hold is left out."""
    element = ElementTree.SubElement(parent, name, {key: _CONTROLS.sub("", value) for key, value in attributes.items()})
    element.text = _CONTROLS.sub("", text) or None
    return element


def answer(feed: ElementTree.Element) -> Response:
    """The feed, to be sent."""
    body = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return Response(body, content_type="application/atom+xml; charset=utf-8")
