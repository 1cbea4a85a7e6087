"""Words by which pages lead on or back: a word of direction, alone or with a noun of pages, in either order, in some
forty languages."""

from __future__ import annotations

import re

from archive.patterns import deferred

# `next`, then `older`: older items come after newer ones on every listing
_NEXT = (
    "next following older earlier siguiente siguientes próxima próximas próximo seguinte seguintes successiva"
    " successivo successivi prossima prossimo suivant suivante suivants suivantes volgende nächste nächsten nächster"
    " weiter vorwärts ältere nästa neste næste seuraava seuraavat näsasivu következő następna następny następne dalej"
    " další ďalšia ďalej naslednja sljedeća sledeća следваща следующая следующие следующий следующее далее наступна"
    " далі επόμενη επόμενο sonraki selanjutnya berikutnya seterusnya tiếp sau kế التالي التالية بعدی بعد הבא הבאה הבאים"
    " אחרי अगला अगले आगे পরবর্তী அடுத்த తదుపరి järgmine nākamā kitas următoare următoarea următorul següent seguent"
    " hurrengoa nesaf næst  keyingi növbəti келесі შემდეგი հաջորդ"
).split()
_OLDER = (
    "older earlier previous ältere frühere anteriores antiguas antigas precedenti plus anciens anciennes oudere eerdere"
    " äldre eldre ældre vanhemmat starsze starší старые старее предыдущие eski"
).split()
_MORE = (
    "load show view see more weitere mehr laden anzeigen charger voir plus cargar ver más carregar mais carica altre"
    " altri mostra meer visa fler vis flere näytä lisää więcej pokaż показать ещё еще загрузить daha fazla muat lebih"
    " banyak lainnya xem thêm تحميل المزيد עוד और"
).split()
_NOUNS = (
    "page pages pagina paginas página páginas pagine seite seiten sida sidan side sider sivu oldal strona strony"
    " stránka strana stran stranica страница страницы сторінка σελίδα sayfa halaman laman trang صفحة الصفحة صفحه עמוד"
    " העמוד דף पृष्ठ पेज lehekülg lapa puslapis pagină pàgina orrialdea post posts entries entry results result"
    " articles stories story news items records notices announcements meldungen nachrichten beiträge artikel noticias"
    " notícias notizie actualités actualites nieuws berichten nyheter nyheder uutiset aktualności wiadomości новости"
    " haberler berita tin bài"
).split()
_GLUE = frozenset("the to go of d l de la le les el los las di da do a à der die das zur zum in naar til".split())
_DIRECTIONS, _ALL_NOUNS, _OLDER_WORDS, _MORE_WORDS = (frozenset(words) for words in (_NEXT, _NOUNS, _OLDER, _MORE))
_EDGES = " \t\u00a0\u200e\u200f«»‹›<>＜＞〈〉←→↓↑▶►▸◀◄➔➜❯❮⟩|/\\[]()（）【】［］「」.…·:：-–—+*"
# languages written without spaces, or with endings that no list holds
_ON = deferred(
    r"""
    (?:转到|前往)?(?:  # Chinese
        下一?[页頁](?:面)?|后一?页|後一?頁|下[页頁]|下一篇幅  # Chinese
        |次(?:へ|の?ページ(?:へ)?|の\d+件)  # Japanese
        |다음\s?(?:페이지|목록|쪽)?  # Korean
        |(?:หน้า)?ถัดไป|หน้าต่อไป  # Thai
        |(?:trang\ )?(?:tiếp(?:\ theo)?|sau|kế(?:\ tiếp)?)(?:\ theo)?  # Vietnamese
        |ទំព័របន្ទាប់  # Khmer
    )
    """,
    re.I | re.X,
)
_MORE_ON = deferred(
    r"""
    (?:点击)?(?:加载|查看|显示|浏览|載入|顯示)?更多(?:新闻|内容|信息|消息)?  # Chinese
    |もっと(?:見る|読む)|さらに(?:表示|読み込む)  # Japanese
    |더\s?보기|더보기  # Korean
    |โหลดเพิ่ม(?:เติม)?|ดูเพิ่มเติม  # Thai
    |xem\ thêm  # Vietnamese
    """,
    re.I | re.X,
)
_MORE_START = deferred(
    r"""
    # English, German, French, Spanish, Portuguese
    load|show|view|see|more|weitere|mehr|charger|voir|cargar|ver|más|carregar|mais
    |carica|mostra|meer|visa|vis|näytä|więcej|pokaż  # Italian, Dutch, Nordic, Finnish, Polish
    |показать|ещё|еще|загрузить  # Russian
    |daha|muat|xem  # Turkish, Indonesian, Vietnamese
    |تحميل  # Arabic
    |עוד  # Hebrew
    |और  # Hindi
    """,
    re.I | re.X,
)
_BACK = deferred(
    r"""
    (?:
        上一?[页頁]|前一?[页頁]|首\s*[页頁]|第一[页頁]|最前[页頁]?  # Chinese
        |前(?:へ|のページ)  # Japanese
        |이전(?:\ ?페이지)?|처음  # Korean
        |prev(?:ious)?(?:\ page)?|newer(?:\ (?:posts?|entries|news|stories))?  # English
        |first(?:\ page)?|zurück|vorherige(?:\ seite)?|(?:page\ )?précédente?  # English, German, French
        |(?:página\ )?anterior|(?:pagina\ )?precedente|vorige(?:\ pagina)?  # Spanish, Italian, Dutch
        |föregående(?:\ sida)?|forrige(?:\ side)?|edellinen|poprzednia(?:\ strona)?  # Nordic, Finnish, Polish
        |předchozí  # Czech
        |предыдущая(?:\ страница)?  # Russian
        |önceki(?:\ sayfa)?|sebelumnya  # Turkish, Indonesian
        |السابق  # Arabic
        |הקודם  # Hebrew
        |trang\ trước  # Vietnamese
        |ก่อนหน้า  # Thai
    )
    """,
    re.I | re.X,
)


def leads_on(words: str) -> bool:
    """Whether words say 'the next page': 'Next', 'Página siguiente', 'Older posts', 下一页, 'Next 10'."""
    core = bare(words)
    if not core or len(core) > 40:
        return False
    if _ON.fullmatch(core):
        return True
    parts = _parts(core)
    rest = [part for part in parts if part not in _GLUE and not part.isdigit()]
    if not rest or not all(part in _DIRECTIONS or part in _ALL_NOUNS or part in _OLDER_WORDS for part in rest):
        return False
    if any(part in _DIRECTIONS for part in rest):
        return True
    # 'Previous page' leads back, 'Previous news' on
    return len(rest) > 1 and any(part in _OLDER_WORDS for part in rest) and any(part in _PLURALS for part in rest)


def more(words: str) -> bool:
    """Whether words ask for more of the list: 'Load more', 'More news', 加载更多, 더보기."""
    core = bare(words)
    if not core or len(core) > 30:
        return False
    if _MORE_ON.fullmatch(core):
        return True
    parts = [part for part in _parts(core) if part not in _GLUE and not part.isdigit()]
    said = sum(1 for part in parts if part in _MORE_WORDS)
    return (
        bool(parts)
        and said > 0
        and bool(_MORE_START.match(parts[0]))
        and all(part in _MORE_WORDS or part in _ALL_NOUNS for part in parts)
        and (said > 1 or len(parts) > 1)
    )


def leads_back(words: str) -> bool:
    """Whether words say 'the previous page' or 'the first': Zurück, 上一页, «."""
    core = bare(words)
    return bool(_BACK.fullmatch(core)) if core else bool(re.fullmatch(r"\s*(?:[«‹←〈❮]|<<?)\s*", words))


def bare(words: str) -> str:
    """Words without the arrows and brackets around them."""
    return " ".join(words.strip(_EDGES).split()).strip(_EDGES)


def _parts(core: str) -> list[str]:
    return [part.strip(_EDGES + ",;!'\"") for part in re.split(r"[\s'’]+", core.casefold()) if part.strip(_EDGES)]


_PLURALS = _ALL_NOUNS - frozenset(
    "page pagina página seite sida sidan side sivu oldal strona stránka strana stran stranica страница сторінка σελίδα"
    " sayfa halaman trang صفحة الصفحة صفحه עמוד העמוד דף पृष्ठ post entry result results story".split()
)
