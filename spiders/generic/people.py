"""Whether words that stand where a name may stand name a person."""

from __future__ import annotations

from spiders.generic.months import MONTHS

# roles, offices, degrees and the words of interfaces: a name may hold one (Grace News), it is not made of them
_NO_NAMES = frozenset(
    """
    staff writer writers reporter reporters correspondent correspondents editor editors editorial contributor
      contributors columnist producer
    journalist team desk news newsroom office communications media relations marketing press special our own senior
      chief managing associate
    assistant guest web online digital content publisher author authors admin administrator webmaster moderator
      photographer intern
    phd ph.d md m.d mba msc m.sc bsc b.a ma m.a bs esq jr sr dr prof professor mr mrs ms
    read more sign in log login register subscribe follow share tweet print email e-mail download view comment comments
      reply home menu search
    close next previous back here click facebook twitter instagram linkedin whatsapp youtube pinterest telegram
    redaktion redakteur redakteurin autor autorin rédaction redacción redacao redação redazione redactie redaksjonen
      redaktionen redakcja
    редакция editör muhabir haber yazar teilen drucken kommentar kommentare partager imprimer compartir imprimir
      condividi
    the of and und et y for
    """.split()
)
_INTERFACE = frozenset("share tweet print email e-mail follow facebook twitter instagram linkedin whatsapp".split())


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
