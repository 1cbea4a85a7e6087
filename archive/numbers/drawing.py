"""Shares as an SVG that stands alone: a bar each with its share and the count behind it, names in any script."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from xml.sax.saxutils import escape

from archive.numbers.shares import Share, Shares
from archive.xml_text import xml_text

MOST_BARS = 240
_WIDTH, _ROW, _PAD, _FIGURES = 860, 22, 12, 210
_LONGEST = 44  # half-width characters of a name
_FONT = (
    "system-ui, 'Noto Sans', 'DejaVu Sans', 'Noto Sans CJK SC', 'Source Han Sans SC', 'PingFang SC',"
    " 'Microsoft YaHei', 'WenQuanYi Zen Hei', sans-serif"
)
_COLOURS = ("#8b1a1a", "#1f5f8b", "#4f772d", "#9c6615", "#6b4c8a", "#2f7f79", "#a3456b", "#5c5c5c")


def svg(found: Shares, *, title: str, note: str, figures: Callable[[Share], str] = lambda one: one.text) -> str:
    """The bars, one below the other, at most MOST_BARS; `figures` is what stands beside each."""
    bars = found.bars[:MOST_BARS]
    series = list(dict.fromkeys(one.college for one in bars)) if found.asked.by != "college" else [""]
    compared = len(series) > 1
    names = [_label(one, compared) for one in bars]
    left = _PAD + 7.2 * max((_width(name) for name in names), default=4) + 8
    room = _WIDTH - left - _FIGURES
    top = max((one.share or 0 for one in bars), default=0) or 1
    y, out = 30, list[str]()
    for line in (note, *([f"+{len(found.bars) - MOST_BARS}"] if len(found.bars) > MOST_BARS else [])):
        y += 18
        out.append(_text(_PAD, y, line, size=12, fill="#555"))
    y += 14
    for one, name in zip(bars, names, strict=True):
        colour = _COLOURS[series.index(one.college) % len(_COLOURS)] if compared else _COLOURS[0]
        length = room * (one.share or 0) / top
        fill = f'fill="{colour}"' if not one.few else f'fill="none" stroke="{colour}" stroke-dasharray="3 2"'
        said = figures(one)
        out.append(
            f"<g><title>{_escaped(f'{name}: {said}')}</title>{_text(left - 8, y + 15, name, anchor='end')}"
            f'<rect x="{left:.1f}" y="{y + 3}" width="{max(length, 0.5):.1f}" height="{_ROW - 6}" {fill}/>'
            f"{_text(left + max(length, 0.5) + 6, y + 15, said, size=12, fill='#333')}</g>"
        )
        y += _ROW
    height = y + _PAD
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}"'
        f' font-family="{escape(_FONT)}" role="img"><title>{_escaped(title)}</title>'
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>'
        f"{_text(_PAD, 26, _cut(title, 100), size=16)}{''.join(out)}</svg>\n"
    )


def _escaped(text: str) -> str:
    return escape(xml_text(text, "\ufffd"))


def _label(one: Share, compared: bool) -> str:
    return _cut(" · ".join(filter(None, (one.period, one.college if compared or not one.period else ""))), _LONGEST)


def _text(x: float, y: float, text: str, *, size: int = 13, anchor: str = "start", fill: str = "#111") -> str:
    return f'<text x="{x:.1f}" y="{y}" font-size="{size}" text-anchor="{anchor}" fill="{fill}">{_escaped(text)}</text>'


def _width(text: str) -> int:
    """In half-width characters."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _cut(text: str, most: int) -> str:
    text = "".join(character if character.isprintable() else " " for character in text)
    if _width(text) <= most:
        return text
    while _width(text) > most - 1:
        text = text[:-1]
    return text + "…"
