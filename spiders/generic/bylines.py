"""Who wrote, edited, photographed and supplied a story, from labelled words: 作者：张三, By Jane Roe,
(责任编辑：李四)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from archive.patterns import deferred
from spiders.blanks import compiled
from spiders.generic.people import is_person, without_day, without_interface

_ROLES = {
    "authors": (
        "本文作者|文章作者|原\\s*作\\s*者|采\\s*写|采\\s*编|编\\s*写|作\\s*者|撰\\s*稿人?|撰文|通\\s*讯\\s*员|本报记者|实习记者|特约记者|记\\s*者|供\\s*稿人?"
        "|文字|图文|文图|文\\s*[/／、"
        "]\\s*图|图\\s*[/／、]\\s*文|文|作　者|投稿人?|著者|执\\s*笔\\s*人?|发文机关"
    ),
    "editors": (
        "责任编辑|责任编校|责\\s*编|执行编辑|美术编辑|编\\s*辑|编\\s*审|审\\s*核人?|审\\s*稿|审\\s*校|校\\s*对"
        "|初\\s*审|复\\s*审|终\\s*审|主\\s*编|总\\s*编|签\\s*发|监制|责任审核|编\\s*校|编\\s*发"
    ),
    "photographers": "摄\\s*影|摄\\s*像|图\\s*片|摄影报道|摄\\s*影\\s*者|图",
    "source": (
        "文章来源|信息来源|稿件来源|新闻来源|内容来源|来\\s*源|出\\s*处|转自|供稿单位|供稿部门|发布单位|发布部门|单位"
        "|部门"
    ),
    "publisher": "发\\s*布\\s*者|发\\s*布\\s*人|录入者?|上传者?|信息员",
    "other": (
        "发布时间|发布日期|发表时间|更新时间|更新日期|时\\s*间|日\\s*期|浏览次数|浏览量|浏览|阅读次数|阅读量|阅读"
        "|点击次数|点击数|点击率|点击量|点击|访问量|访问次数|人气|字号|字体|字体大小|打印|关闭|分享|收藏|评论|关键词"
        "|关键字|标签|栏目|分类|类别|所属栏目|上一篇|下一篇|上一条|下一条|电话|邮箱|浏览数|次数|统计|访问统计"
        "|学校|学院|发文字号|索\\s*引\\s*号"
    ),
}
_COLON = deferred("[:：丨|/／]")  # a label ends with one
_LATIN = deferred(
    r"""
    \W{0,3}(?P<label>
        # in words: French, Italian, Spanish
        written\ by|propos\ recueillis\ par|textes?\ de|a\ cura\ di|testo\ di|texto\ de
        |publicado\ por|escrito\ por|scritto\ da|geschrieben\ von|publié\ par|posted\ by  # Portuguese, German
        |published\ by|story\ by|reported\ by|text\ by|words\ by|interview(?:ed)?\ by|compiled\ by
        |by|authors?  # English
        |autor(?:in)?|auteur|von|par|por|di|door|af|av|text|photos?\ by|photography\ by  # in a word; of photographers
        |photographs?\ by|photos?|photo\ credit|images?\ by|edited\ by|editor|source  # of editors and sources
        |submitted\ by|contributed\ by|foto|bild
        |eingereicht\ von|verfasst\ von|soumis\ par|rédigé\ par|écrit\ par|enviado\ por|inviato\ da  # as Drupal says it
        |pubblicato\ da|ingediend\ door|trimis\ de|υποβλήθηκε\ από|autore|autora
    )\s*(?P<colon>:)?\s+
    """,
    re.I | re.X,
)
# labels that only a colon or a dash tells from the words of a sentence
_COLONED = deferred(
    r"""
    \W{0,3}(?P<label>
        # Turkish, Spanish, Nordic, English, Indonesian
        haberi?|muhabir|yazan|yazar|hazırlayan|texto|redacción|reportagem|tekst|reporter|penulis|oleh|teks
        |tác\ giả|(?:tin,?\ )?bài(?:\ viết)?|người\ viết  # Vietnamese
        |συντάκτης|κείμενο  # Greek
        |текст|автор(?:ка)?|подготовила?|беседовала?  # Russian, Ukrainian
        |كتبت?|بقلم|إعداد|تقرير|الكاتب  # Arabic
        |نویسنده|خبرنگار|گزارش  # Persian
        |מאת|כתבה?|כותבת?  # Hebrew
        |लेखक  # Hindi
        |글|글·사진  # Korean
        |取材・文|取材|文責|文|執筆|筆者  # Japanese
        |ผู้เขียน|เรื่อง(?:โดย)?|เรียบเรียง(?:โดย)?|เขียนโดย  # Thai
        |írta|szerző|autorka|autorica|avtor(?:ica)?|napsala?|oprac\.?  # Hungarian, Slavonic
        |verfasser(?:in)?|skribent|skrevet\ af|skrevet\ av|höfundur  # Germanic
        |teksti|kirjoittaja|kirjutas|parengė|autorius|autorė|autors|teksts  # Finnish, Baltic
        |words  # English
    )\s*(?P<colon>[:：=＝・-])\s*
    """,
    re.I | re.X,
)
# behind it a label may stand as well as at the beginning of a line
_PART = deferred(r"[|•·–—]\s|(?<=\d),?\s(?=by\s|[^\W\d_]{2,14}\s?:\s)", re.I)
_PARTING = (*"|•·–—", "by", ":")  # one of which stands in what it matches
# the label of another fact behind names: Jane Roe Last updated: ...
_NEXT_LABEL = compiled(r"\s+[^\W\d_a-zà-ÿ]\w*(?:\s+[a-zà-ÿ]\w*){0,3}\s?:\s.*", re.S)
_LATIN_ROLE = {"edited by": "editors", "editor": "editors", "source": "source"}
# family names of most Chinese people: a space before one parts two names
SURNAME = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
    "温常葛章鲁翟纪季尚耿聂焦游祝童柯毕欧关舒闵樊颜倪左裴包柴房屈卜成霍路祁俞涂詹费单凌苗梅庄盛牛阮古岳宁桂"
)
_LABEL = compiled(
    "(?<![\u3400-\u9fffA-Za-z])(?:"
    + "|".join(f"(?P<{role}>{words})" for role, words in _ROLES.items())
    + rf")\s*(?:[:：丨|]|(?<=[文图影者摄])[/／](?=[{SURNAME}]))\s*"
)
_STOP = deferred(r"[()（）\[\]【】<>《》|｜\n\r;；]|\s{2,}|(?:19|20)\d\d[-年./]|\d{1,2}:\d\d|https?:|\t")
_SPLIT = compiled(
    rf"""
    # a sign or a word for "and"; re.I for all of it takes 10 ms to compile
    \s*(?:[、，,;；/／&|]|(?<=\s)(?i:and|und|et|y|e|og|och|ve|with|dan)(?=\s)|和|与)\s*
    # a blank before a family name, or behind a name of three
    |\s+(?=[{SURNAME}])|(?<=[\u3400-\u9fff]{{3}})\s+(?=[\u3400-\u9fff])
    |(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff]{{3}})  # or before one
    """,
    re.X,
)
_TRAIL = compiled(r"\s+(?:阅读|浏览|评论|发布|发表|来源|点击|出自|时间|日期|编辑|于|\d).*", re.S)
_OTHER_LABEL = compiled(r"(?:\s+\S{1,8})?\s*[:：].*", re.S)  # one that nobody knows, or where the author works
_SPREAD = compiled("(?<![\u3400-\u9fff])([\u3400-\u9fff])[ \u3000]+([\u3400-\u9fff])(?![\u3400-\u9fff])")  # 张 三
HAN_NAME = deferred(r"^[\u3400-\u9fff·•]{2,12}$")
_COMMAS = compiled(r"\s*(?:[、，,;；|]|(?<=\s)(?:and|und|og|och)(?=\s))\s*")
_TITLES = deferred(
    r"^(?:本报|本网|新华社|央视|实习|特约|特派|见习|首席|通讯)*(?:记者|通讯员|实习生|特派员|摄影|文|图"
    r"|作者)\s*[:：]?\s*"
)
_NOT_NAME = deferred(
    r"""
    \d{2,}|https?:|www\.|@|[。！？!?：:]  # numbers, addresses, sentences
    |[你我他她们的了是]  # pronouns and particles
    |^(?:
        [a-z]{0,8}[_.-]?admin(?:istrator)?\d{0,4}|editor|webmaster  # accounts
        |管理员|系统管理员|匿名|佚名|本站|未知|不详|无|网络|转载|原创|本站原创  # Chinese
        |staff|author|guest|none|null|nil|undefined|false|true|n/?a|unknown|anonymous|root|user|test|twitter|facebook
        |instagram|linkedin|youtube|e-?mail|share|print  # networks
    )$
    """,
    re.I | re.X,
)
_MAIL = deferred(
    r"[\s,;(<\[]{0,8}(?:e-?mail\s{0,3}:?\s{0,3})?[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,5}[)>\]]*", re.I
)
LATIN_END = compiled(
    r"""
    \s+(?:[|•·–—-]|on|in|at|for|published|posted|updated|last|is|was|\d{1,4})\b.*  # what was done, when, where
    |\s+(?:am|le|el|em|il|op|den|στις|vào)\s(?=\d).*
    |\s*[|•·–—]\s*.*  # signs
    |,\s*(?=
        (?:
            staff|senior|news|editor|associate|managing|assistant|contributing|special  # offices
            |university|office|college|director|writer|reporter|correspondent|chief|the
        )\b
    ).*
    """,
    re.I | re.S | re.X,
)


LATIN_NAME = deferred(
    r"""
    ^(?:(?:Dr|Prof|Mr|Ms|Mrs)\.?\s+)?(?:[dl]['’])?[^\W\d_a-z][\w'’.-]*(?:  # title, first name
        \s+(?:
            (?:
                # particles of nobility and descent
                de|da|del|della|delle|dello|der|den|van|von|vom|zum|di|la|las|los|le|bin
                |ibn|abu|al|el|dos|das|do|du|ten|ter|te|zu|af|av|y|e|i|ap|’t|'t
            )\s+
        )*(?:(?:[dl]|al|el)['’-])?[^\W\d_a-z][\w'’.-]*  # the next name
    ){0,4}$
    """,
    re.X,
)


@dataclass(frozen=True, slots=True)
class Names:
    """What labelled words say, by role, in page order."""

    authors: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    photographers: tuple[str, ...] = ()
    publisher: tuple[str, ...] = ()
    source: str = ""
    byline: str = ""  # the words the authors were read from

    def __or__(self, other: Names) -> Names:
        """This, and what it lacks taken from `other`."""
        if other is NOBODY:
            return self
        return Names(
            self.authors or other.authors,
            self.editors or other.editors,
            self.photographers or other.photographers,
            self.publisher or other.publisher,
            self.source or other.source,
            self.byline or other.byline,
        )


NOBODY = Names()


@lru_cache(4096)  # lines of menus and footers are the same on every page of a site
def read(text: str) -> Names:
    """Names in a line of labelled words; NOBODY where no label stands."""
    labels = list(_LABEL.finditer(text)) if _COLON.search(text) else []
    if not labels:
        return _read_latin(text)
    # names, in order
    kept: dict[str, dict[str, None]] = {role: {} for role in ("authors", "editors", "photographers", "publisher")}
    source = byline = ""
    for n, label in enumerate(labels):
        role = label.lastgroup or "other"
        if role == "other":
            continue
        end = labels[n + 1].start() if n + 1 < len(labels) else len(text)
        value = text[label.end() : end]
        stop = _STOP.search(value.lstrip())
        value = value.lstrip()[: stop.start()] if stop else value.lstrip()
        value = _OTHER_LABEL.sub("", _TRAIL.sub("", _SPREAD.sub(r"\1\2", value))).strip(" \u3000\xa0，,。.、-—")[:120]
        if not value:
            continue
        if role == "source":
            source = source or value
            continue
        kept[role] |= dict.fromkeys(names(value))
        if role == "authors" and not byline:
            byline = text[label.start() : label.end()].strip() + value
    authors, editors, photographers, publisher = map(tuple, kept.values())
    return Names(authors, editors, photographers, publisher, source, byline)


def _read_latin(text: str) -> Names:
    beginning = text[:200]
    parts = _PART.finditer(beginning) if any(map(beginning.lower().__contains__, _PARTING)) else ()
    starts = (0, *(part.end() for part in parts))
    match = next(filter(None, (p.match(beginning, at) for at in starts for p in (_LATIN, _COLONED))), None)
    if not match:
        return NOBODY
    label = match["label"].lower()
    value = _NEXT_LABEL.sub("", text[match.end() :][:160].split("\n")[0])
    if "@" in value:
        value = _MAIL.sub(" ", value)
    role = _LATIN_ROLE.get(
        label, "photographers" if label.startswith(("photo", "image", "foto", "bild")) else "authors"
    )
    if role == "source":
        return Names(source=value.strip()[:120]) if match["colon"] else NOBODY
    bare = LATIN_END.sub("", value)
    if value[len(bare) :].lstrip()[:1].isdigit():
        bare = without_day(bare)
    value = without_interface(bare.strip())
    people = [name for name in names(value) if LATIN_NAME.match(name)]
    if not people or len(" ".join(people)) * 2 < len(value):
        return NOBODY  # 'by foot', 'Von hier aus': a name is capitalised, and nothing but names follows
    found = tuple(dict.fromkeys(people))
    if role == "authors":
        return Names(authors=found, byline=text.strip()[:200])
    return Names(editors=found) if role == "editors" else Names(photographers=found)


def stated(values: Iterable[str]) -> list[str]:
    """People of a list made for machines: spaces part no names there."""
    return list(dict.fromkeys(name for value in values for name in _named(_COMMAS.split(value))))


def names(value: str) -> list[str]:
    """People in a byline's value, in order: '张三 李四', 'Jane Roe and John Doe'."""
    return _named(_SPLIT.split(value.strip()))


def _named(parts: Iterable[str | None]) -> list[str]:
    found: list[str] = []
    for part in parts:
        name = _TITLES.sub("", (part or "").strip(" \u3000\xa0.,，。:：-—*|"))
        name = re.sub(r"^(?:by|von|par|por|di|door|af|av|text|words)[\s:]+(?=\S)", "", name, flags=re.I).strip()
        name = re.sub(r"\s+(?:twitter|facebook|e-?mail|follow|@\S+)$", "", name, flags=re.I)
        name = without_interface(name)
        if 2 <= len(name) <= 60 and not _NOT_NAME.search(name) and name not in found and is_person(name):
            found.append(name)
    return found


def labels(text: str) -> int:
    """How many labels (作者：, 浏览次数：) a line holds."""
    return sum(1 for _ in _LABEL.finditer(text))


def is_byline(text: str) -> bool:
    """Whether a line begins with By, Von or Par and a name."""
    match = _LATIN.match(text)
    return bool(match and (match["colon"] or re.match(r"[A-ZÀ-Þ]", text[match.end() :])))


def is_credit(text: str) -> bool:
    """Whether a line begins with a label that a colon ends, and names people behind it."""
    found = _COLONED.match(text) or _LATIN.match(text)
    return found is not None and bool(found["colon"]) and read(text) is not NOBODY


_MAKER = deferred(r"公司|科技|软件|系统|网络|集团|技术|建站|中心$|网$|cms|studio|solutions|software|web ?master", re.I)


def is_maker(name: str) -> bool:
    """Whether a <meta> author is who made the site, as templates have it."""
    return bool(_MAKER.search(name))
