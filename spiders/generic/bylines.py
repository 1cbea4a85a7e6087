"""Who wrote, edited, photographed and supplied a story, from labelled words: 作者：张三, By Jane Roe, (责任编辑：李四)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_ROLES = {
    "authors": "本文作者|文章作者|作\\s*者|撰\\s*稿人?|撰文|通\\s*讯\\s*员|本报记者|实习记者|特约记者|记\\s*者|供\\s*稿人?|文字|图文|文图|文\\s*[/／、]\\s*图|图\\s*[/／、]\\s*文|文|作　者|投稿人?|著者|译者",
    "editors": "责任编辑|责任编校|责\\s*编|执行编辑|美术编辑|编\\s*辑|编\\s*审|审\\s*核人?|审\\s*稿|审\\s*校|校\\s*对|初\\s*审|复\\s*审|终\\s*审|主\\s*编|总\\s*编|签\\s*发|监制|责任审核|编\\s*校|编\\s*发",
    "photographers": "摄\\s*影|摄\\s*像|图\\s*片|摄影报道|摄\\s*影\\s*者|图",
    "source": "文章来源|信息来源|稿件来源|新闻来源|内容来源|来\\s*源|出\\s*处|转自|供稿单位|供稿部门|发布单位|发布部门|单位|部门",
    "publisher": "发\\s*布\\s*者|发\\s*布\\s*人|录入者?|上传者?|信息员",
    "other": "发布时间|发布日期|发表时间|更新时间|更新日期|时\\s*间|日\\s*期|浏览次数|浏览量|浏览|阅读次数|阅读量|阅读|点击次数|点击数|点击率|点击量|点击|访问量|访问次数|人气|字号|字体|字体大小|打印|关闭|分享|收藏|评论|关键词|关键字|标签|栏目|分类|类别|所属栏目|上一篇|下一篇|上一条|下一条|电话|邮箱|浏览数|次数|发文字号|索\\s*引\\s*号",
}
_LABEL = re.compile(
    "(?<![\u3400-\u9fffA-Za-z])(?:" + "|".join(f"(?P<{role}>{words})" for role, words in _ROLES.items()) + r")\s*[:：丨|]\s*"
)
_LATIN = re.compile(
    r"(?:^|(?<=[\s(\[|•·–—]))(?P<label>written by|posted by|published by|story by|reported by|text by|words by|by|author|authors|autor|autorin|auteur|von|par|"
    r"photos? by|photography by|photographs? by|photos?|photo credit|images? by|edited by|editor|source|submitted by|contributed by)\s*(?P<colon>:)?\s+",
    re.I,
)
_LATIN_ROLE = {"edited by": "editors", "editor": "editors", "source": "source"}
_STOP = re.compile(r"[()（）\[\]【】<>《》|｜\n\r;；]|\s{2,}|(?:19|20)\d\d[-年./]|\d{1,2}:\d\d|https?:|\t")
_SPLIT = re.compile(r"\s*(?:[、，,;；/／&|]|\band\b|\bund\b|\bet\b|\by\b|\bwith\b|和|与)\s*|(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])", re.I)
_HAN_NAME = re.compile(r"^[\u3400-\u9fff·•]{2,12}$")
_TITLES = re.compile(r"^(?:本报|本网|新华社|央视|实习|特约|特派|见习|首席|通讯)*(?:记者|通讯员|实习生|特派员|摄影|文|图|作者)\s*[:：]?\s*")
_NOT_NAME = re.compile(
    r"\d{2,}|https?:|www\.|@|[。！？!?：:]|^(?:admin|administrator|editor|webmaster|管理员|系统管理员|匿名|佚名|本站|未知|不详|无|网络|转载|原创|本站原创|staff|author|guest|none|null|n/?a|unknown|root|user|test)$",
    re.I,
)
_LATIN_END = re.compile(r"\s+(?:[|•·–—-]|on|in|at|for|published|posted|updated|last|is|was|\d)\b.*|\s*[|•·–—]\s*.*|,\s*(?=(?:staff|senior|news|editor|associate|managing|assistant|contributing|special|university|office|college|director|writer|reporter|correspondent|chief|the)\b).*", re.I | re.S)


@dataclass(slots=True)
class Names:
    """What labelled words say, by role, in page order."""

    authors: list[str] = field(default_factory=list)
    editors: list[str] = field(default_factory=list)
    photographers: list[str] = field(default_factory=list)
    publisher: list[str] = field(default_factory=list)
    source: str = ""
    byline: str = ""  # the words the authors were read from

    def add(self, other: Names) -> None:
        """Take what this one lacks from `other`."""
        for role in ("authors", "editors", "photographers", "publisher", "source", "byline"):
            if not getattr(self, role):
                setattr(self, role, getattr(other, role))


def read(text: str) -> Names:
    """Names in a line of labelled words; empty where no label stands."""
    found = Names()
    labels = list(_LABEL.finditer(text))
    for n, label in enumerate(labels):
        role = label.lastgroup or "other"
        if role == "other":
            continue
        end = labels[n + 1].start() if n + 1 < len(labels) else len(text)
        value = text[label.end() : end]
        stop = _STOP.search(value.lstrip())
        value = value.lstrip()[: stop.start()] if stop else value.lstrip()
        value = value.strip(" \u3000\xa0，,。.、-—")[:120]
        if not value:
            continue
        if role == "source":
            found.source = found.source or value
            continue
        kept = getattr(found, role)
        kept.extend(name for name in names(value) if name not in kept)
        if role == "authors" and not found.byline:
            found.byline = text[label.start() : label.end()].strip() + value
    if not labels:
        _read_latin(text, found)
    return found


def _read_latin(text: str, found: Names) -> None:
    match = _LATIN.search(text[:200])
    if not match:
        return
    label = match["label"].lower()
    value = text[match.end() :][:160].split("\n")[0]
    role = _LATIN_ROLE.get(label, "photographers" if label.startswith(("photo", "image")) else "authors")
    if role == "source":
        if match["colon"]:
            found.source = value.strip()[:120]
        return
    if not match["colon"] and not re.match(r"[A-ZÀ-ÞА-Я\u3400-\u9fff]", value):
        return  # 'by foot': a name begins with a capital
    people = names(_LATIN_END.sub("", value))
    kept = getattr(found, role)
    kept.extend(name for name in people if name not in kept)
    if role == "authors" and people:
        found.byline = text.strip()[:200]


def names(value: str | Iterable[str]) -> list[str]:
    """People in a byline's value, in order: '张三 李四', 'Jane Roe and John Doe'."""
    if not isinstance(value, str):
        return list(dict.fromkeys(name for one in value for name in names(one)))
    found: list[str] = []
    for part in _SPLIT.split(value.strip()):
        name = _TITLES.sub("", (part or "").strip(" \u3000\xa0.,，。:：-—*|"))
        name = re.sub(r"^(?:by|von|par|por|di|door|af|av|text|words)[\s:]+(?=\S)", "", name, flags=re.I).strip()
        if 2 <= len(name) <= 60 and not _NOT_NAME.search(name) and name not in found:
            found.append(name)
    return found


def labels(text: str) -> int:
    """How many labels (作者：, 浏览次数：) a line holds."""
    return sum(1 for _ in _LABEL.finditer(text))


def is_byline(text: str) -> bool:
    """Whether a line begins with By, Von or Par and a name."""
    match = _LATIN.match(text)
    return bool(match and (match["colon"] or re.match(r"[A-ZÀ-Þ]", text[match.end() :])))
