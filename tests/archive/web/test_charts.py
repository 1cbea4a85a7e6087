"""Charts and the months behind them."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from archive.web import months
from archive.web.charts import Bar, bars, sparkline
from archive.web.months import Gap

SVG = "{http://www.w3.org/2000/svg}"


def parsed(markup: str) -> ElementTree.Element:
    return ElementTree.fromstring(str(markup).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def test_bars_are_as_high_as_their_numbers() -> None:
    data = [
        Bar(label=str(n), title=f"{n} <stories>", parts=(("n", n),), href="/x?a=1&b=2", tick=True) for n in (0, 5, 10)
    ]
    chart = parsed(bars(data, title="“quoted” & <odd>"))
    heights = [float(rect.get("height", "0")) for rect in chart.iter(f"{SVG}rect") if rect.get("class") == "n"]
    assert heights[1] == pytest.approx(2 * heights[0], rel=0.01)
    assert [title.text for title in chart.iter(f"{SVG}title")] == ["0 <stories>", "5 <stories>", "10 <stories>"]
    assert len(list(chart.iter(f"{SVG}a"))) == 2  # an empty bar leads nowhere


def test_parts_stand_on_each_other() -> None:
    chart = parsed(bars([Bar(label="", title="", parts=(("good", 6), ("failed", 2)))], title="runs"))
    good, failed = (
        next(rect for rect in chart.iter(f"{SVG}rect") if rect.get("class") == kind) for kind in ("good", "failed")
    )
    assert float(failed.get("y", "")) + float(failed.get("height", "")) == pytest.approx(
        float(good.get("y", "")), abs=0.2
    )


@pytest.mark.parametrize("n", [1, 12, 400])
def test_nothing_is_drawn_outside(n: int) -> None:
    chart = parsed(
        bars([Bar(label="2020", title="", parts=(("n", value % 7),), tick=True) for value in range(n)], title="")
    )
    for rect in chart.iter(f"{SVG}rect"):
        assert 0 <= float(rect.get("x", "")) <= 760
        assert float(rect.get("x", "")) + float(rect.get("width", "")) <= 760.5
        assert 0 <= float(rect.get("y", "")) <= 190


def test_empty_charts() -> None:
    assert bars([], title="x") == ""
    assert parsed(bars([Bar(label="", title="", parts=(("n", 0),))], title="")) is not None
    assert parsed(sparkline([], title="x")) is not None


def test_months_between() -> None:
    assert months.between("2023-11", "2024-02") == ["2023-11", "2023-12", "2024-01", "2024-02"]
    assert months.between("2024-02", "2024-01") == []


def test_gaps_are_runs_of_empty_months() -> None:
    counts = {"2023-01": 2, "2023-02": 0, "2023-04": 1, "2023-05": 3, "2024-01": 1}
    assert months.gaps(counts) == [Gap("2023-02", "2023-03", 2), Gap("2023-06", "2023-12", 7)]
    assert months.gaps({}) == []


def test_many_months_become_years() -> None:
    spans: list[tuple[str, str]] = []
    data = months.as_bars(
        {"1990-02": 3, "2024-02": 4},
        title=lambda label, n: f"{label} {n}",
        href=lambda *span: spans.append(span) or "/",
    )
    assert len(data) == 35
    assert (data[0].title, data[-1].title) == ("1990 3", "2024 4")
    data = months.as_bars(
        {"2024-01": 3, "2024-02": 4},
        title=lambda label, n: f"{label} {n}",
        href=lambda *span: spans.append(span) or "/",
    )
    assert spans[-1] == ("2024-02-01", "2024-02-29")
