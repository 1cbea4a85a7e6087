"""How long ago, as rows and pages say it: 3 hrs ago, 2일 전, 3小时前, vor 2 Tagen, il y a 3 jours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from archive.patterns import deferred

# group -> seconds and the words of a unit; a bare m is minutes to some and months to others
_UNITS = {
    "second": (1, "秒[钟鐘]?|초|sec(?:ond)?s?|sekunden?|secondes?|segundos?|secondi|секунд[ауы]?"),
    "minute": (60, "分[钟鐘]?|분|min(?:ute)?s?|minuten?|minutos?|minut[io]|минут[ауы]?"),
    "hour": (3600, "[個个]?小[时時]|時間|시간|hours?|hrs?|h|stunden?|heures?|horas?|or[ae]|час(?:а|ов)?"),
    "day": (86_400, "天|日|일|days?|d|tag(?:en)?|jours?|d[ií]as?|giorn[io]|день|дн(?:я|ей)"),
    "week": (604_800, "[個个]?星期|[周週]間?|주|weeks?|wks?|w|wochen?|semaines?|semanas?|settiman[ae]|недел[иьюя]"),
    "month": (2_592_000, "[個个ヶか]月|개월|달|months?|mos|monat(?:en)?|mois|mes(?:es)?|mês|mesi|месяц(?:а|ев)?"),
}
_COUNT = r"(?<![\w.,:/-])(?P<{}>\d{{1,3}}|an?|one|半|eine[mnr]?|une?|uno|una|uma?)\s?"
_UNIT = "(?:" + "|".join(f"(?P<{{0}}{name}>{words})" for name, (_, words) in _UNITS.items()) + ")"
_BEHIND = (
    _COUNT.format("n") + _UNIT.format("b") + r"(?:\s?(?:之?前(?![往後后])|전(?![가-힣]))|\s(?:ago|назад|fa|atrás)\b)"
)
_AHEAD = r"\b(?:vor|il y a|hace|há)\s" + _COUNT.format("k") + _UNIT.format("a") + r"(?![^\W\d_])"
PATTERN = deferred(f"{_BEHIND}|{_AHEAD}", re.I)


@dataclass(frozen=True, slots=True)
class Ago:
    """A span before the time of fetching; `coarse` where it is given in months."""

    span: timedelta
    coarse: bool


def find(text: str) -> Ago | None:
    """The first that a text says."""
    match = PATTERN.search(text)
    if match is None:
        return None
    said = (match["n"] or match["k"]).lower()
    count = float(said) if said.isdecimal() else 0.5 if said == "半" else 1.0
    unit = next(name for name in _UNITS if match["b" + name] or match["a" + name])
    return Ago(timedelta(seconds=count * _UNITS[unit][0]), unit == "month")
