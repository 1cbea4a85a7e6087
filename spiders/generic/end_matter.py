"""What stands behind a story's last paragraph and is none: who edited it, whence it came, rights, calls, ways on; told
by its wording, in the languages of the collections."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement

from archive.patterns import deferred
from spiders.generic import bylines, labels, related
from spiders.generic.cleaning import drop
from spiders.generic.prose import BLOCK
from spiders.generic.titles import fold
from spiders.page import holds, one_line

_SHORT = 200  # bytes: a shorter text is taken as it is
_HEAD = 4  # lines of facts before the first paragraph
_LONG = 420  # characters: a longer paragraph is story
_LABELLED = 90  # characters of a line of facts
_LOOKED_AT = 10  # blocks from the end
_STOPS = ("。", "！", "？", ".", "!", "?")
_BREAKS = BLOCK | {"br"}
_PASSED = 2  # short lines that are no such words and stand among them


def _beginning(alternatives: str, end: str = "") -> re.Pattern[str]:
    """A pattern of how a line begins, from lines of alternatives; one that ends with a bar goes on in the next."""
    joined = "|".join(line.strip() for line in alternatives.strip().splitlines()).replace("||", "|")
    return deferred(rf"^[\W_]{{0,6}}(?:{joined}){end}", re.I)


# a label and what follows it: a line, no paragraph
_FACTS = _beginning(
    r"""
    (?:责任编辑|责任编校|执行编辑|责\s?编|编\s?辑|编\s?审|审\s?核|审\s?校|校\s?对|初\s?审|复\s?审|终\s?审|监\s?制|签\s?发|原标题|
    供\s?稿人?|撰\s?稿人?|撰\s?文|采\s?写|摄\s?影|通\s?讯\s?员|文\s?[/／、]\s?图|图\s?[/／、]\s?文|文字|文案|文|图|
    (?:文章|信息|稿件|新闻|内容|图片|本文)?(?:来\s?源|出处)|录入|发布[者人]|上传|
    分类|标签|关键[词字]|浏览|阅读|点击|访问|上一?[篇条]|下一?[篇条]|作者单位|文章作者|
    引用(?:地址|链接)|本文(?:通告引用|引用|链接|地址|网址))(?:\(\w{1,12}\))?\s?(?:[:：丨|]|[(（]\d)
    trackback\b|(?:source|quellen?|fuentes?|fonte|kaynak|bron|källa|kilde|zdroj|źródło|источник)\s?:
    (?:redaktion|sendung|übersetzung|schlussredaktion|faktencheck|schlagwörter|themen|
    tags?|topics?|categories|filed under|posted in|archivado en|abgelegt unter|citation|zitiervorschlag|
    editing|edited)\b[^.!?]{0,20}:
    (?:filed under|posted in|tagged|updated at|last updated|article continues|schlagwörter zu)\b
    (?:转自|摘自|选自|原载)[《:：]|\S{0,16}\s?发表于\s?[:：]?\s?(?:19|20)\d\d|第?\s?\d{1,4}\s?页?\s?[/／]\s?共?\s?\d{1,4}\s?页
    (?:mit|with|avec)?\s?(?:dpa|afp|sid|apa|sda|ap|pa|kna|epd|ansa|efe|reuters)(?:[\s/,()-]+\w{2,10}){0,4}\W{0,3}$
    [(（][a-zäöü]{2,4}(?:/[a-zäöü]{2,4})?[)）]$|[a-zäöü]{2,4}/[a-zäöü]{2,4}$
    (?:last (?:updated|modified|reviewed)|(?:page )?updated on|letzte (?:änderung|aktualisierung)|
    zuletzt (?:aktualisiert|geändert)|
    (?:dernière )?mise à jour|dernière modification|última (?:modificación|actualización|modificação|atualização)|
    ultim[oa] (?:aggiornamento|modifica)|laatst (?:gewijzigd|bijgewerkt)|senast (?:uppdaterad|ändrad)|sist oppdatert|
    sidst opdateret|(?:viimeksi )?päivitetty|ostatnia (?:modyfikacja|aktualizacja)|poslední (?:změna|aktualizace)|
    (?:последнее )?обновлен(?:ие|о)|son güncelleme|最終更新日?|最后更新|更新时间)\b.{0,6}\d.{0,60}
    (?:comments?|kommentare?|commentaires|comentarios|iklan|advertisement|more about|learn more|
    liveblog|weitere informationen|ende der weiteren informationen|sobre la firma|
    おすすめ情報|関連キーワード|関連記事)\W{0,3}(?:\(\d{1,5}\))?$
    """
)
# the beginning of a sentence that says so, whatever follows
_SAYINGS = _beginning(
    r"""
    (?:with |additional |—|–)?\s?reporting (?:by|from)\b
    associated press (?:writers?|journalists?|reporters?)\b|copyright\b|©|\(c\) (?:19|20)\d\d
    all rights reserved|this (?:document|material|content) is (?:subject|protected)|this site is protected
    this (?:article|story|piece|post) (?:was|has been|is) (?:originally|first|republished|produced|updated)
    originally published|for (?:more|the latest)\b.{0,60}\b(?:stories|news|newsletter|updates)\b
    check out (?:more|our|all)\b|got a (?:story|tip|news)|do you have a (?:story|tip)|have a story
    get in touch with (?:our|the) (?:news|editor)|send us\b.{0,40}\b(?:tips?|story|stories|letters?|feedback)\b
    subscribe now|stay informed|stay up to date
    follow\b.{2,60}\b(?:on|at)\b.{0,40}\b(?:facebook|twitter|instagram|linkedin|youtube|x\b|tiktok)
    support (?:independent|quality) journalism
    you may also like|we apologi[sz]e, but|read (?:more|next|also)\b
    more (?:on|from|about) (?:this|the author)\b|dieses thema im programm
    dieser (?:artikel|beitrag|text) (?:ist|erschien|wurde|stammt)\b.{0,80}\b(?:erschienen|zuerst|übersetz)
    lesen sie (?:auch|mehr|hier|den)|mehr (?:zum thema|themen|zur lage|dazu)|mit agenturmaterial
    aus dem \w+ von\b|hat ihnen dieser|ihre meinung ist uns|folgst du|folgen sie uns|abonnieren sie
    jetzt (?:anmelden|abonnieren)|alle rechte|il vous reste|la suite est réservée|lire aussi|à lire
    tous droits réservés|abonnez-vous|partager cet|tu suscripción|lea también|lee también|te puede interesar
    todos los derechos|suscríbete|ver comentarios|síguenos|leia também|assine (?:a|o|já)\b|compartilhe
    todos os direitos|leggi anche|riproduzione riservata|iscriviti|lees ook|läs (?:också|mer)|les også
    læs også|lue myös|czytaj (?:też|także|więcej)|zobacz (?:też|także)|čtěte také|ikuti (?:berita|kami)|baca juga
    cek berita|xem thêm|đọc thêm|haberin devamı|читайте также|подписывайтесь|все права|اقرأ أيض|جميع الحقوق
    पूरी खबर|ऐप डाउनलोड|有料会員|会員限定|この記事は(?:会員|有料)|無断転載|続きを読む
    【[^】]{1,12}(?:キャンペーン|会員|募集)】|カテゴリーをフォロー|저작권자|무단\s?전재|ⓒ|관련\s?기사|기사\s?제보
    本文(?:来自|来源于|转自|转载自|首发)|扫描(?:下方|上方)?二维码|更多(?:内容|资讯|新闻)请|(?:尚未|暂无).{0,6}(?:评论|链接)
    未经(?:许可|授权|书面)|版权所有|如需转载|转载请
    """
)
_CREDITED = deferred(
    r"""
    \bcontributed\ (?:to\ this\ (?:report|story|article)|reporting)\b  # who helped
    |\bmay\ earn\ (?:a\ |an\ )?(?:affiliate\ )?commission  # who pays
    """,
    re.I | re.X,
)
# whom the press may ask
_CONTACT = deferred(
    r"""
    [\W_]{0,6}(?:
        (?:media|press|news|pr)\ (?:contacts?|inquiries|enquiries|office|relations)
        |contacts?\ for\ (?:the\ )?(?:media|press)
        |presse-?kontakte?|kontakte?\ für\ (?:die\ )?(?:medien|presse)|contacts?\ presse|contacto\ (?:de|para)\ prensa
        |contatti\ (?:per\ la\ )?stampa|ufficio\ stampa|contato\ (?:de|para)\ imprensa|perscontact|presskontakt(?:er)?
        |kontakt\ (?:dla\ mediów|pro\ média)|контакты\ для\ (?:сми|прессы)|媒体(?:联系人?|联络人?)
        |媒體聯絡人?|取材申込先
    )[\W_]{0,6}$
    """,
    re.I | re.X,
)
_REACHED = deferred(r"\S@\S|\d[\d\s()/.-]{5,}\d")  # mail, telephone
_OF_CREDITS = ("contributed", "commission")  # one of which stands in what it matches


def is_end_matter(words: str) -> bool:
    """Whether a line or paragraph at the end of a story is none of it."""
    if len(words) > _LONG:
        return False
    return bool(
        _SAYINGS.match(words)
        or (any(word in words.lower() for word in _OF_CREDITS) and _CREDITED.search(words))
        or (len(words) <= _LABELLED and (_FACTS.match(words) or _is_credit(words)))
    )


def _is_credit(words: str) -> bool:
    """Whether a line is a label and the name of who wrote, photographed or edited: Text: Ann Lee."""
    return (":" in words or "：" in words) and not words.endswith(_STOPS) and bylines.is_credit(words)


def without_end_matter(body: HtmlElement) -> None:
    """Take it out, in place, from the end up to the story's last paragraph; first a list of links under `Related`."""
    if not holds(body, _SHORT):
        return
    _without_related(body)
    passed = 0
    for element, words in list(_closing(body)):
        if is_end_matter(words):
            drop(element)
        elif len(words) > _LABELLED or (passed := passed + 1) > _PASSED:
            break
    _without_last_lines(body)


def _without_related(body: HtmlElement) -> None:
    """What stands behind a heading such as `Related`, where most of it is linked and none of it is a paragraph; behind
    one such as `Media Contact`, where it says how to reach somebody."""
    told: list[tuple[HtmlElement, bool]] = []  # places that hold words, the last first
    links = total = 0
    reached = False
    places = _from_the_end(body)
    for element, tail in places:
        words = " ".join(((element.tail if tail else element.text) or "").split())
        if not words:
            continue
        told.append((element, tail))
        holder = element.getparent() if tail else element
        linked = holder is not None and (holder.tag == "a" or next(holder.iterancestors("a"), None) is not None)
        if related.is_heading(words) and total:
            more = (one.tail if behind else one.text for one, behind in places)
            if links * 2 > total and any(text and not text.isspace() for text in more):
                _cut(body, told[::-1])
            return
        reached = reached or _REACHED.search(words) is not None
        if reached and _CONTACT.match(words) and len(told) > 1:
            _cut(body, told[::-1])
            return
        if not linked and len(words) > _LABELLED:
            return
        letters = sum(map(str.isalpha, words))
        total += letters
        links += letters if linked else 0


def _in_order(body: HtmlElement) -> Iterator[tuple[HtmlElement, bool]]:
    """Places of text in document order: an element's own, and behind it."""
    for event, element in etree.iterwalk(body, events=("start", "end", "comment", "pi")):
        if event == "start":
            yield element, False
        elif element is not body:
            yield element, True


def _from_the_end(body: HtmlElement) -> Iterator[tuple[HtmlElement, bool]]:
    """The same places from the last to the first, those of comments left out: most that look at the end of a story see
    a paragraph soon."""
    waiting: list[tuple[HtmlElement, bool]] = [(body, False)]  # and whether what it holds has been looked at
    while waiting:
        element, seen = waiting.pop()
        if seen:
            yield element, False
            continue
        if element is not body:
            yield element, True
        waiting.append((element, True))
        waiting.extend((child, False) for child in element if isinstance(child.tag, str))


def _cut(body: HtmlElement, places: list[tuple[HtmlElement, bool]]) -> None:
    """Empty these texts, and take out what holds nothing then."""
    for element, tail in places:
        if tail:
            element.tail = None
        else:
            element.text = None
    for element, _ in reversed(places):
        while element is not body and element.getparent() is not None and not one_line(element) and not element.tail:
            parent = element.getparent()
            parent.remove(element)
            element = parent


def _closing(body: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    """Blocks that hold words and no block, the last first."""
    found = 0
    for element in reversed(list(body.iter())):
        if element is body or element.tag not in BLOCK or element.tag in ("tr", "table"):
            continue
        if any(child.tag in BLOCK for child in element.iterdescendants()):
            continue
        if words := one_line(element):
            yield element, words
            if (found := found + 1) == _LOOKED_AT:
                return


def _without_last_lines(body: HtmlElement) -> None:
    """Lines that <br> or blocks part, at the very end: their words are emptied."""
    line: list[tuple[HtmlElement, bool]] = []
    for element, tail in _from_the_end(body):
        line.append((element, tail))
        if element.tag not in _BREAKS and element is not body:
            continue
        said = [(one.tail if behind else one.text) or "" for one, behind in reversed(line)]
        words = " ".join("".join(said).split())
        if words and not is_end_matter(words):
            return
        for one, behind in line if words else ():
            if behind:
                one.tail = None
            else:
                one.text = None
        line = []


def without_head_matter(body: HtmlElement, headline: str) -> None:
    """Take out, in place, what stands before the first paragraph: the headline again, `原标题`, a pager, facts."""
    if not holds(body, _SHORT):
        return
    told = fold(headline)
    for _ in range(_HEAD):
        places = _first_line(body)
        words = " ".join("".join((one.tail if tail else one.text) or "" for one, tail in places).split())
        if not words or not (fold(words) == told or (len(words) <= _LABELLED and _is_fact(words))):
            return
        _cut(body, places)


def _is_fact(words: str) -> bool:
    return bool(_FACTS.match(words)) or (labels.facts(words) and not words.endswith(_STOPS))


def _first_line(body: HtmlElement) -> list[tuple[HtmlElement, bool]]:
    """Places of the first words, up to a <br> or a block."""
    line: list[tuple[HtmlElement, bool]] = []
    said = False
    for element, tail in _in_order(body):
        if not isinstance(element.tag, str):
            continue
        if element.tag in _BREAKS and said:
            break
        line.append((element, tail))
        said = said or bool(((element.tail if tail else element.text) or "").strip())
    return line if said else []
