"""Citing an archived article: APA 7, MLA 9, Chicago 17, GB/T 7714-2015 and BibTeX."""

from __future__ import annotations

from archive.citing.cited import Cited
from archive.patterns import deferred

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_SHORT = ("Jan.", "Feb.", "Mar.", "Apr.", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.")
_CJK = deferred(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_PARTED = deferred(r"(?i)\band\b|\bothers\b|,")


def styles(cited: Cited) -> dict[str, str]:
    """The citation in each style, by the style's name."""
    return {
        "APA": apa(cited),
        "MLA": mla(cited),
        "Chicago": chicago(cited),
        "GB/T 7714": gbt(cited),
        "BibTeX": bibtex(cited),
    }


def apa(cited: Cited) -> str:
    """Doe, J. Q., & Roe, R. (2023, December 13). Title. Site. URL"""
    names = [_initials(name) for name in cited.authors] or [cited.publisher or cited.site]
    if len(names) > 20:
        names = [*names[:19], f". . . {names[-1]}"]
        joined = ", ".join(names)
    else:
        joined = names[0] if len(names) == 1 else f"{', '.join(names[:-1])}, & {names[-1]}"
    container = "" if joined == cited.site else f" {_stop(cited.site)}"
    return f"{_stop(joined)} ({_date(cited.published, 'apa')}). {_stop(cited.title)}{container} {cited.url}"


def mla(cited: Cited) -> str:
    """Doe, Jane, and Richard Roe. “Title.” Site, 13 Dec. 2023, URL. Accessed 2 Jan. 2024."""
    names = cited.authors
    if not names:
        author = ""
    elif len(names) == 1:
        author = _stop(inverted(names[0])) + " "
    elif len(names) == 2:
        author = _stop(f"{inverted(names[0])}, and {names[1]}") + " "
    else:
        author = f"{inverted(names[0])}, et al. "
    date = f"{_date(cited.published, 'mla')}, " if cited.published else ""
    accessed = f" Accessed {_date(cited.accessed, 'mla')}." if cited.accessed else ""
    return f"{author}“{_stop(cited.title)}” {cited.site}, {date}{cited.url}.{accessed}"


def chicago(cited: Cited) -> str:
    """Doe, Jane, and Richard Roe. “Title.” Site, December 13, 2023. URL."""
    names = [inverted(name) if place == 0 else name for place, name in enumerate(cited.authors)] or [
        cited.publisher or cited.site
    ]
    author = names[0] if len(names) == 1 else f"{', '.join(names[:-1])}, and {names[-1]}"
    date = (
        f", {_date(cited.published, 'chicago')}"
        if cited.published
        else f". Accessed {_date(cited.accessed, 'chicago')}"
        if cited.accessed
        else ""
    )
    return f"{_stop(author)} “{_stop(cited.title)}” {_stop(cited.site + date)} {cited.url}."


def gbt(cited: Cited) -> str:
    """作者. 题名[EB/OL]. (发布日期)[引用日期]. 网址. The first three authors, then 等 or et al. (7714-2015, 8.1.2)."""
    names = [name if _CJK.search(name) else _surname_first(name) for name in cited.authors[:3]]
    if len(cited.authors) > 3:
        names.append("等" if _CJK.search(cited.authors[0]) else "et al")
    author = ", ".join(names) or cited.publisher or cited.site
    published = f"({cited.published[:10]})" if cited.published else ""
    accessed = f"[{cited.accessed[:10]}]" if cited.accessed else ""
    dates = f" {published}{accessed}." if published or accessed else ""
    return f"{author}. {cited.title}[EB/OL].{dates} {cited.url}."


def bibtex(cited: Cited) -> str:
    """A @online entry (biblatex); the record of the capture stands in its note."""
    fields = {
        "title": f"{{{_tex(cited.title)}}}",
        "author": " and ".join(map(_tex_name, cited.authors)) or f"{{{_tex(cited.publisher or cited.site)}}}",
        "organization": _tex(cited.publisher or cited.site),
        "date": (cited.published or "")[:10],
        "url": cited.url.replace("{", "%7B").replace("}", "%7D"),
        "urldate": (cited.accessed or "")[:10],
        "langid": {"zh": "chinese", "en": "english"}.get(cited.language or "", ""),
        "note": f"Archived as WARC record {_tex(cited.record)}" if cited.record else "",
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@online{{campuswarc-{cited.id},\n{lines}\n}}"


def _date(time: str | None, style: str) -> str:
    if not time:
        return "n.d."
    year, month, day = time[:4], int(time[5:7] or 0), int(time[8:10] or 0)
    if not month:
        return year
    if style == "mla":
        return f"{f'{day} ' if day else ''}{_SHORT[month - 1]} {year}"
    if style == "apa":
        return f"{year}, {_MONTHS[month - 1]}{f' {day}' if day else ''}"
    return f"{_MONTHS[month - 1]} {day}, {year}" if day else f"{_MONTHS[month - 1]} {year}"


def inverted(name: str) -> str:
    """`Doe, Jane Q.`; a Chinese name, or a name of one word, stays as it is."""
    given, _, family = name.strip().rpartition(" ")
    return name if _CJK.search(name) or not given else f"{family}, {given}"


def _initials(name: str) -> str:
    given, _, family = name.strip().rpartition(" ")
    if _CJK.search(name) or not given:
        return name
    return f"{family}, {' '.join(f'{part[0]}.' for part in given.split())}"


def _surname_first(name: str) -> str:
    """`DOE J Q`, as GB/T 7714-2015 8.1.1 has western names."""
    given, _, family = name.strip().rpartition(" ")
    return name if not given else f"{family.upper()} {' '.join(part[0].upper() for part in given.split())}"


def _stop(text: str) -> str:
    return text if text.endswith((".", "?", "!", "。", "？", "！")) else f"{text}."


# a brace counts for BibTeX and its readers also where a backslash stands before it (btxdoc; Tame the BeaST, 3.2)
_TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{character: f"\\{character}" for character in "&%$#_"},
    }
)


def _tex(text: str) -> str:
    """Text with the characters escaped that TeX or BibTeX would act on."""
    return text.translate(_TEX)


def _tex_name(name: str) -> str:
    """In braces where BibTeX would part it: a Chinese name, and one that holds what parts names there."""
    return f"{{{_tex(name)}}}" if _CJK.search(name) or _PARTED.search(name) else _tex(name)
