"""Charts as SVG made here: they need no script and no inline style, and each bar is a link with a title."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 760, 190, 46, 24, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar: its parts from the bottom up, each with its class."""

    label: str  # under the axis; shown where there is room
    title: str  # what a person reads on pointing at it, and a screen reader instead of it
    parts: tuple[tuple[str, int], ...]
    href: str | None = None
    tick: bool = False  # whether the label is worth a place under the axis

    @property
    def total(self) -> int:
        """Height of the whole bar."""
        return sum(value for _, value in self.parts)


def bars(data: Sequence[Bar], *, title: str) -> Markup:
    """A bar chart as wide as its frame; empty when there is nothing to show.

    A chart with links is for the eye and the mouse alone: the page lists the same links beside it as text.
    """
    if not data:
        return Markup()
    top = _ceiling(max(bar.total for bar in data))
    pitch = (WIDTH - LEFT) / max(len(data), 12)
    plot = HEIGHT - TOP - BOTTOM
    spoken = 'aria-hidden="true"' if any(bar.href for bar in data) else f'role="img" aria-label="{escape(title)}"'
    out = [
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" {spoken}>',
        *(_rule(value, top, plot) for value in _rules(top)),
    ]
    ticks = [index for index, bar in enumerate(data) if bar.tick]
    room = max(1, round(len(ticks) * 44 / max(WIDTH - LEFT, 1) + 0.5))  # a label needs about 44 units
    for index, bar in enumerate(data):
        x, y, drawn = LEFT + index * pitch, float(TOP + plot), []
        for kind, value in bar.parts:
            height = plot * value / top
            y -= height
            if value:
                drawn.append(
                    f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{max(pitch - min(2, pitch * 0.2), 0.6):.1f}"'
                    f' height="{max(height, 1):.1f}"/>'
                )
        hit = f'<rect class="hit" x="{x:.1f}" y="{TOP}" width="{pitch:.1f}" height="{plot}"/>'
        inside = f"<title>{escape(bar.title)}</title>{hit}{''.join(drawn)}"
        if bar.href and bar.total:
            out.append(f'<a href="{escape(bar.href)}" tabindex="-1">{inside}</a>')
        else:
            out.append(f"<g>{inside}</g>")
    for place, index in enumerate(ticks[::room]):
        minor = ' class="minor"' if place % 2 else ""  # left out on a phone
        out.append(
            f'<text{minor} x="{LEFT + index * pitch:.1f}" y="{HEIGHT - 7}"'
            f' aria-hidden="true">{escape(data[index].label)}</text>'
        )
    out.append("</svg>")
    return Markup("".join(out))


def sparkline(values: Sequence[int], *, title: str) -> Markup:
    """A row of small bars without axes."""
    top, width = max(values, default=0) or 1, 3
    path = "".join(
        f"M{index * width} 24v-{24 * value / top:.1f}h2.4v{24 * value / top:.1f}z"
        for index, value in enumerate(values)
        if value
    )
    view = f"0 0 {len(values) * width or 1} 24"
    return Markup(
        f'<svg class="spark" viewBox="{view}" preserveAspectRatio="none" role="img" aria-label="{escape(title)}"><path'
        f' d="{path}"/></svg>'
    )


def _ceiling(value: int) -> int:
    """The next round number."""
    size = 1
    while True:
        for factor in (1, 2, 3, 4, 5, 6, 8):
            if value <= factor * size:
                return factor * size
        size *= 10


def _rules(top: int) -> list[int]:
    parts = next((n for n in (4, 5, 3, 2) if top % n == 0), 1)
    return [top * step // parts for step in range(parts + 1)]


def _rule(value: int, top: int, plot: int) -> str:
    y = TOP + plot - plot * value / top
    minor = ' class="minor"' if value not in (0, top) else ""
    base = ' class="base"' if value == 0 else ""
    return (
        f'<line{base} x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH}" y2="{y:.1f}"/>'
        f'<text{minor} text-anchor="end" x="{LEFT - 6}" y="{y + 4:.1f}" aria-hidden="true">{value:,}</text>'
    )
