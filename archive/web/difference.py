"""The words in which two versions of a story differ, as HTML."""

from __future__ import annotations

from markupsafe import Markup, escape

from archive.difference import Piece, pieces

__all__ = ["Piece", "marked", "pieces"]


def marked(found: list[Piece]) -> list[Markup]:
    """The pieces as paragraphs of HTML with <ins> and <del>."""
    paragraphs = [Markup()]
    for kind, text in found:
        for place, part in enumerate(text.split("\n\n")):
            if place:
                paragraphs.append(Markup())
            if part:
                tag = {"added": "<ins>{}</ins>", "deleted": "<del>{}</del>", "same": "{}"}[kind]
                paragraphs[-1] += Markup(tag).format(escape(part))
    return [paragraph for paragraph in paragraphs if paragraph.strip()]
