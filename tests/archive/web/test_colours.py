"""Every text colour of the style sheet on every ground it stands on, by day and by night (WCAG 2.2, 1.4.3: 4.5 to
1)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import archive.web

_CSS = (Path(archive.web.__file__).parent / "static" / "campuswarc.css").read_text()
_PAIRS = [
    ("ink", "paper"),
    ("ink", "sheet"),
    ("ink", "mark"),
    ("quiet", "paper"),
    ("quiet", "sheet"),
    ("link", "paper"),
    ("link", "sheet"),
    ("link-over", "paper"),
    ("good", "paper"),
    ("bad", "paper"),
    ("bad", "sheet"),
    ("add-ink", "add"),
    ("del-ink", "del"),
    ("paper", "ink"),
]


def scheme(name: str) -> dict[str, str]:
    light, dark = (
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))
        for block in re.findall(r":root \{(.*?)\}", _CSS, re.S)[:2]
    )
    return light if name == "light" else light | dark


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_is_right() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_text_can_be_read(name: str) -> None:
    colours = scheme(name)
    assert {
        pair: round(ratio, 2) for pair in _PAIRS if (ratio := contrast(colours[pair[0]], colours[pair[1]])) < 4.5
    } == {}
    button = "#ffffff" if name == "light" else "#17181a"
    assert contrast(button, colours["bar"]) >= 4.5
    assert contrast(button, colours["link-over"]) >= 4.5
    assert contrast(colours["focus"], colours["paper"]) >= 3  # 1.4.11
