"""Whether words that stand where a name may stand name a person."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlsplit

from archive.patterns import deferred
from spiders.blanks import compiled
from spiders.generic.months import MONTHS, WEEKDAYS
from spiders.generic.titles import fold
from spiders.page import Page

# roles, offices, degrees and the words of interfaces: a name may hold one (Grace News), it is not made of them
_NO_NAMES = frozenset(
    """
    staff writer writers reporter reporters report reports correspondent correspondents editor editors editorial
      contributor
      contributors columnist producer
    journalist team desk news newsroom office communications media relations marketing press special our own senior
      chief managing associate
    assistant guest web online digital content publisher author authors admin administrator webmaster moderator
      photographer intern
    phd ph.d md m.d mba msc m.sc bsc b.a ma m.a bs esq jr sr dr prof professor mr mrs ms rd rdn rn llb llm dds
    read more sign in log login register subscribe follow share tweet print email e-mail download view comment comments
      reply home menu search bookmark save listen all stories articles latest updated published posted
    close next previous back here click facebook twitter instagram linkedin whatsapp youtube pinterest telegram reddit
    redaktion redakteur redakteurin autor autorin autoren rédaction redacción redacao redação redazione redactie
      redaksjonen redaktionen redakcja toimitus ritstjórn redakce szerkesztőség
    agencies agenturen agences agencias agenzie agentur agence agencia agenzia ajansı
    редакция редактор корреспондент автор редакція editör editörü muhabir muhabiri haber yazar yazarı teilen drucken
      kommentar kommentare partager imprimer compartir imprimir condividi
    monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag freitag samstag sonntag
      lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miércoles jueves viernes domingo
    الكاتب المحرر مراسل محرر تحرير 기자 편집부 編集部 記者
    the of and und et y for
    """.split()
)
_INTERFACE = frozenset("share tweet print email e-mail follow facebook twitter instagram linkedin whatsapp".split())
# what an office is called, wherever it stands in a line: AP Sports Writer, HNN Staff, Toimitus
_OFFICE = deferred(
    r"""
    (?<![\w'’])(?:
        staff|desk|newsroom|bureau|writers?|reporters?|correspondents?|editors?(?:-\w+)*  # English
        |editorial|columnists?|contributors?|webmaster|team|redaktion\w*|rédaction  # European languages
        |redacción|redação|redazione|redactie|redakcja|toimitus
        |редакция  # Russian
        |muhabir\w*|editör\w*  # Turkish
    )(?!\w)
    |^(?:von|by|par|por|di)$
    """,
    re.I | re.X,
)
# what begins an invitation of a button or a list
_INVITES = deferred(
    r"""
    (?:
        share|view|read|watch|listen|follow|see|show|click|subscribe|sign|log|save  # buttons
        |bookmark|print|download|published|updated|posted|photos?|image|video|topics?
        |tags?|filed|most|latest|more|about|contact|copy|add  # labels of a list
    )\s
    """,
    re.I | re.X,
)
# what a publication or an agency is called
_PUBLICATION = deferred(
    r"""
    (?<!\w)(?:
        the|of|for|with|news|newspapers?|press|media|magazine|agenc(?:y|ies|ia|ias)  # press, in general
        |agences?|agentur(?:en)?|agenzia|ajansı|nachrichten\w*|(?:bild)?redaktion
        |pressemitteilung|times|tribune|herald|gazette|network|radio|tv|television  # of newspapers and stations
        |university|college|institute|afp|apa|dpa|sda|sid|ansa|efe|upi|pti|ani|aap|ap  # of schools; agencies
        |tass|kyodo|yonhap|xinhua|anadolu|department|office|communications|digital  # offices of a school
        |online|today|reuters|nieuws|noticias|notícias|notizie|haber\w*|gazetesi  # other languages
        |новости|агентство|издание  # Russian
    )(?!\w)
    |\.(?:com|org|net|de|info|[a-z]{2})$  # a host
    |(?:新闻|[网報报社台]|新聞|통신|뉴스|신문|일보)$  # Chinese, Korean
    |[\u3400-\u9fff]{2}(?:  # an office, department or union of a college, whichever it is
        处|處|部|学院|學院|大学|大學|学校|研究[院所]|办公?室|中心|支部|图书馆|圖書館|实验室|委员会|学生会
        |协会|编辑部|工作室|教研室|课题组|宣传组|记者团
    )$
    |(?:党委|团委|工会)$
    """,
    re.I | re.X,
)
_TRAILING_OFFICE = compiled(
    r"""
    (?<=\w)\s+(?:
        (?:
            staff|news|managing|senior|contributing|associate|assistant|campus|features?  # of which kind
            |sports|city|chief|opinion|arts|guest|special
        )\s+
    ){0,3}(?:
        writer|reporter|correspondent|editor(?:-in-chief)?|columnist|contributor  # the office
        |photographer|intern
    )$
    """,
    re.I | re.X,
)
_LEADING = deferred(
    r"""
    ^(?:
        (?:
            analysis|opinion|review|commentary|story|words|text|report|interview  # what was done by somebody
            |compiled|edited
        )\s+by
        |by
    )\s+
    """,
    re.I | re.X,
)
# initials of an editor behind a name: Jane Roe (jro), and what a name was signed for
_BEHIND = compiled(r"\s*[(\[（][^()\[\]（）]{1,40}[)\]）]\s*$")
_POSSESSIVE = deferred(r"\w['’]s\s")
_DEGREE = compiled(r"\s+(?:ph\.?d|m\.?d|mba|m\.?sc|b\.?sc|esq|llb|llm|rdn?|rn)\.?$", re.I)


def without_day(name: str) -> str:
    """A name without the month or weekday behind it, where a date that follows has been cut off: `Jane Roe Mar`."""
    words = name.rstrip(" ,،.").split(" ")
    while len(words) > 1 and (word := words[-1].strip(",،.").lower()) and (word in MONTHS or word in WEEKDAYS):
        words.pop()
    return " ".join(words).rstrip(" ,،")


def without_interface(name: str) -> str:
    """A name without the words of buttons behind it: `Jane Roe Share Tweet`."""
    words = name.split(" ")
    while len(words) > 1 and words[-1].lower() in _INTERFACE:
        words.pop()
    return " ".join(words)


def is_person(name: str) -> bool:
    """False where every word is one of an office, a degree, an interface or a calendar."""
    words = [word.strip(".,:;()").lower() for word in name.split()]
    return not all(word in _NO_NAMES or word in MONTHS for word in words)


@lru_cache(4096)
def tidy(name: str) -> str:
    """A name without initials in brackets, degree and office behind it and without `Analysis by` before it; empty where
    what stands there is an office, a button or an invitation."""
    bare = _DEGREE.sub("", _BEHIND.sub("", _LEADING.sub("", name.strip())) or name.strip())
    if len(before := _TRAILING_OFFICE.sub("", bare).split()) >= 2 and not any(map(_is_acronym, before)):
        bare = " ".join(before)
    return "" if not is_person(bare) or _INVITES.match(f"{bare} ") or _POSSESSIVE.search(bare) else bare


def is_publication(name: str, publications: frozenset[str] = frozenset()) -> bool:
    """Whether words name who publishes, or an office of theirs: a word for one, a domain, or a name of this page's site
    (folded)."""
    folded = fold(name)
    return (
        bool(_PUBLICATION.search(name) or _OFFICE.search(name))
        or folded in publications
        or (len(folded) >= 4 and any(folded in publication for publication in publications))
    )


def publications(page: Page, *names: str) -> frozenset[str]:
    """Names of who publishes a page, folded: those given, the one it states, the words of its host."""
    said = (*names, page.meta("og:site_name"), *(urlsplit(page.url).hostname or "").split(".")[:-1])
    return frozenset(fold(name) for name in said if name and len(name) > 3)


def settled(names: Iterable[str], publications: frozenset[str]) -> tuple[str, ...]:
    """The people of a byline. Who publishes, and a word beside whole names (a town, an agency, a button), yields to
    people; where nobody else is named, who publishes is the author."""
    tidied = dict.fromkeys(filter(None, map(tidy, names)))
    people = [name for name in tidied if not is_publication(name, publications)]
    if any(map(is_whole, people)):
        people = [name for name in people if is_whole(name) or not is_word(name)]
    if not all(map(str.isupper, people)):
        people = [name for name in people if not _is_channel(name)] or people
    return tuple(people or tidied)


def _is_channel(name: str) -> bool:
    """CNN Business, MDR THÜRINGEN: three capitals or more, and a word; two are initials."""
    first = name.split()[0]
    return " " in name and len(first) >= 3 and _is_acronym(first)


def is_whole(name: str) -> bool:
    """Two words or more in letters that know capitals."""
    return " " in name and name.lower() != name.upper()


def is_word(name: str) -> bool:
    """A word in letters that know capitals; a handle or initials are none."""
    return " " not in name and name[:1].isupper()


def _is_acronym(word: str) -> bool:
    return 2 <= len(word) <= 5 and word.isupper() and word.isascii()
