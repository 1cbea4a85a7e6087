"""Words that begin with some letters, in an index that holds stems.

The index has `player` and `plai` (of play, plays, playing): `"play"*` is stemmed too and would find the second only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from string import ascii_lowercase, digits

# endings which Porter's algorithm takes off (M. F. Porter, 1980), alone and as they come together
_ENDINGS = re.findall(
    r"\w+",
    """
    s es ies ed ing ings ingly edly eed y ly er ers est e al ally ance ances ence ences able ably ible ibly ant ants
    antly ent ents ently  ement ements ment ments ion ions ional ionally ionist ism isms ist ists ate ated ates
    ating ately ation ations ational ationally ator ators  ative atively iti ity ities ous ously ousness ive ively
    iveness ivity ize ized izes izing izer izers ization izations ise ised ises ising  icate icated ical ically
    icity ful fully fulness ness nesses ality alities alism alist alize alized alizing alization bility bilities
    ility ilities logy logies ency encies ancy ancies
""",
)


def words_from(text: str, stem: str, tokens: Callable[[Sequence[str]], list[list[str]]]) -> tuple[list[str], list[str]]:
    """What to look for beside `text`*: beginnings of words, and whole words.

    `stem` is what the tokenizer makes of the last word of `text`. A word may go on with another letter where its stem
    does not begin like `text`, and a longer word may have a stem that is shorter than `text`. Stems are coarser than
    words, so some words that only share the stem are found as well.
    """
    head, last = _last_word(text)
    if len(last) < 3:
        return [], []
    longer = [] if last.startswith(stem) else [head + last + letter for letter in ascii_lowercase + digits]
    whole = [
        last[:cut] + ending for cut in range(2, len(last) + 1) for ending in _ENDINGS if ending.startswith(last[cut:])
    ]
    by_stem = {found[0]: word for word, found in zip(whole, tokens(whole), strict=True) if len(found) == 1}
    return longer, [head + word for found, word in by_stem.items() if not found.startswith(stem)]


def _last_word(text: str) -> tuple[str, str]:
    """Text before its last English word, and that word; no word where the text ends otherwise."""
    cut = len(text)
    while cut and text[cut - 1].isascii() and text[cut - 1].isalpha():
        cut -= 1
    return text[:cut], text[cut:].lower()
