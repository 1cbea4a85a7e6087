"""Words by which sites name their news, in some forty languages, and the pages that lead there. Pure."""

from __future__ import annotations

import re
from itertools import chain

from archive.patterns import deferred
from spiders.generic.headline import weight

LABEL = 45  # weight of the longest words that still name a section

# words that hold a word for news and are none
_NEVER = deferred(
    r"""
    # Chinese: a school of journalism, a way to send texts in
    新闻(?:学院|系|学|与传播|传播|专业|发言人|中心简介)|新闻稿件系统|投稿|订阅
    |newsletter|subscri|journalism|media\ kit|press\ kit|university\ press|contact  # schools, kits, forms
    |submit|login|archives?\ of|privacy|legal\ notice|cookie|copyright|accessib  # legal pages
    |disclaimer|datenschutz|aviso\ (?:legal|de\ privacidad)|aviso\ de\ cookies
    |mentions\ légales|note\ legali
    |招聘系统|登录  # Chinese
    """,
    re.I | re.X,
)
# scripts without spaces: a word may stand anywhere in the label
_JOINED: tuple[tuple[str, float], ...] = (
    (
        r"(?:学校|校园|学院|综合|本校|院系|系部|校内|今日|最新|重要|中心)?新闻(?:中心|网|动态|资讯|快讯|速递|聚焦|头条|公告|纵横|列表)?",
        3.0,
    ),
    (r"(?:学校|校园|学院|综合)?要闻\S{0,2}|.{0,4}快讯|头条.{0,4}", 3.0),
    (
        r"(?:學校|校園|學院|本校|最新|焦點|即時|系所)?新聞(?:中心|稿|網|公告|快訊|專區|焦點)?|(?:最新|校園)(?:消息|訊息)",
        3.0,
    ),
    (
        r"最新(?:公告|信息|情報)|ニュース(?:リリース|一覧|&トピックス)?|お知らせ|新着(?:情報|ニュース)?|トピックス"
        r"|プレスリリース|報道発表",
        3.0,
    ),
    (
        r"(?:대학|학교|캠퍼스|학과)?\s?(?:뉴스|새\s?소식|소식)|보도\s?자료|공지\s?사항|알림(?:마당|사항|판)?|(?:학사|일반)\s?공지",
        3.0,
    ),
    (r"(?:ข่าว|ประกาศ)\S{0,24}|ຂ່າວ\S{0,12}|ព័ត៌មាន|សេចក្ដីជូនដំណឹង|သတင်း\S{0,8}", 3.0),
    (
        r"(?:学校|校园|学院|最新|综合|公告)?(?:通知公告|公告通知|通知|公告|公示)(?:公示|栏)?|(?:校務|重要)?公告(?:欄|事項)?",
        2.5,
    ),
    (
        r"(?:学院|院系|系部|校园|工作|教学|科研|学术|学生|党建|基层|部门|合作|交流|最新|信息|媒体|行业|图片|视频)(?:动态|资讯|信息|风采|聚焦|关注|新闻|快递|简讯)"
        r"|动态|资讯|媒体\S{0,2}(?:我校|校|大|院)|信息动态",
        2.2,
    ),
    (r"学术(?:活动|报告|预告)|讲座\S{0,3}|喜报|校园文化|专题", 1.2),
)
# scripts with spaces: whole words
_SPACED: tuple[tuple[str, float], ...] = (
    (
        r"news ?rooms?|latest news|news(?: (?:&|and) (?:events|stories|media|announcements|updates|features))?"
        r"|(?:all|campus|college|university|school|recent|top|our|department(?:al)?|faculty) news|headlines"
        r"|news (?:cent(?:er|re)|archive|releases?|stories|list|hub)|press(?: (?:releases?|room|cent(?:er|re)|office))?"
        r"|media (?:releases?|cent(?:er|re)|room|hub|office)|what['’]?s (?:new|happening)|latest updates",
        3.0,
    ),
    # Germanic
    (
        r"aktuelle[s]?(?: meldungen)?|nachrichten|(?:presse|medien)(?:mitteilungen|informationen|meldungen|portal|"
        r"stelle)?"
        r"|meldungen|neuigkeiten|nieuws(?:berichten|archief)?|actueel|nyheter|aktuellt|aktuelt|nyheder|nuus|fréttir",
        3.0,
    ),
    # Romance
    (
        r"(?:toutes? )?(?:les? )?actualités?|actus|nouvelles|à la une|salle de presse|communiqués(?: de presse)?|"
        r"noticias"
        r"|novedades|actualidad|comunicados(?: de prensa)?|sala de (?:prensa|imprensa)|notícias|novidades|notícies"
        r"|actualitat|notizie|news e comunicati|comunicati(?: stampa)?|in primo piano|știri|stiri|noutăți|noutati|"
        r"lajme(?:t)?",
        3.0,
    ),
    # Slavic and Baltic
    (
        r"aktualności|wiadomości|komunikaty|aktuality|novinky|(?:tiskové )?zprávy|správy|novice|novosti|vijesti|vesti"
        r"|новости|новини|навіны|новости и события|новости и объявления|вести|пресс-центр|naujienos|jaunumi|ziņas",
        3.0,
    ),
    # others
    (
        r"uutiset|ajankohtaista|uudised|hírek|híreink|albisteak|berriak|νέα|νέα (?:και|&) ανακοινώσεις|δελτία τύπου"
        r"|haberler|xəbərlər|жаңалықтар|мэдээ|yangiliklar|الأخبار|أخبار(?: \S+)?|اخبار|خبریں|חדשות|समाचार|খবর|সংবাদ"
        r"|செய்திகள்|tin tức(?: \S+ \S+)?|tin mới|tin hoạt động|berita(?: \S+)?|kabar(?: \S+)?|warta|balita|habari"
        r"|newyddion|nuacht",
        3.0,
    ),
    (
        r"announcements?|notices?(?: ?boards?)?|circulars?|bulletins?(?: ?boards?)?|avisos|anuncios|anúncios|avvisi"
        r"|bacheca|bekanntmachungen|mededelingen|ogłoszenia|oznámení|oznamy|obvestila|obavijesti|обавештења|объявления"
        r"|оголошення|обяви|skelbimai|anunțuri|anunturi|njoftime|közlemények|hirdetmények|ανακοινώσεις|duyurular"
        r"|elanlar|الإعلانات|إعلانات|اطلاعیه‌?ها|הודעות|सूचना(?:एं|एँ)?|নোটিশ|அறிவிப்புகள்|thông báo|pengumuman|matangazo",
        2.5,
    ),
    (
        r"stories|(?:research|student|faculty|alumni|athletics) (?:news|stories)|in the news|updates|articles|the daily"
        r"|blog|posts|features?|magazine",
        1.6,
    ),
    (r"(?:upcoming )?events?(?: calendar)?|calendar", 0.4),
)
_WORDS = tuple(
    (deferred(pattern, re.I), score)
    for pattern, score in sorted(
        chain(_JOINED, ((rf"(?<!\w)(?:{pattern})(?!\w)", score) for pattern, score in _SPACED)),
        key=lambda known: -known[1],
    )
)
ADDRESS = deferred(
    r"""
    (?:^|[/._-])(?:
        # English, pinyin and its initials
        news(?:room)?|xinwen|xw|xwzx|xwdt|xyxw|xxyw|xxxw|zhxw|xwxx|tzgg|tongzhi|gonggao
        |ggtz|gg|yw|xyyw|notices?|announcements?|press|aktuelles|actualites?|noticias
        |notizie|avvisi|nieuws|nyheter|novosti|haberler|duyurular|berita|tin-tuc|blog  # European languages
        |stories
    )(?:$|[/._-])
    """,
    re.I | re.X,
)
MORE = deferred(
    r"""
    [\s+>»\[(]{0,9}(?:
        更多(?:新闻|内容)?|查看(?:更多|全部)|看更多  # Chinese
        |もっと見る|一覧(?:を見る|へ)?  # Japanese
        |더\s?보기  # Korean
        |more|more\s?\+|view\ (?:all|more)(?:\ news)?|see\ (?:all|more)(?:\ news)?  # English
        |all\ (?:news|stories)|read\ more\ news|more\ news|mehr|alle\ anzeigen
        |voir\ (?:plus|tout)|ver\ (?:más|mais|todas?|todos?)|vedi\ tutt[ei]  # German, French, Spanish, Italian
        |zobacz\ więcej
        |все\ новости  # Russian
        |tümü|xem\ thêm|selengkapnya
    )[\s+>»›.…\])]{0,9}
    """,
    re.I | re.X,
)
ALL = deferred(
    r"""
    [\s+>»\[(]{0,9}(?:
        (?:view\ |see\ |browse\ |read\ )?(?:all|more)\ (?:  # English
            news|stories|articles|posts|news\ (?:stories|articles)
            |notices|announcements|(?:press\ )?releases|updates
        )
        |(?:news|story|stories)\ archives?|archives?
        |更多新闻|全部新闻|所有新闻|新闻列表  # Chinese
        |alle\ (?:meldungen|nachrichten|news)|toutes\ les\ actualités  # German, French
        |todas\ las\ noticias|todas\ as\ notícias|tutte\ le\ notizie  # Spanish, Portuguese, Italian
        |все\ новости  # Russian
        |tüm\ haberler|wszystkie\ aktualności|všechny\ aktuality|alle\ nieuwsberichten  # Turkish, Polish, Czech, Dutch
        |ニュース一覧|お知らせ一覧  # Japanese
    )[\s+>»›.…\])→]{0,9}
    """,
    re.I | re.X,
)
_HUB = deferred(
    r"""
    about(?:\ us|\ the\ (?:college|university|school|department))?  # English
    |(?:the\ )?(?:college|university|school)|media|communications?(?:\ office)?
    |community|campus(?:\ life)?|information|discover|explore|life\ at\ .{2,20}
    |über\ uns|die\ hochschule|hochschule|universität|service|medien|kommunikation  # German
    |à\ propos|l['’]université|université|la\ universidad|universidad|sobre(?:\ nós)?  # French, Spanish, Portuguese
    |a\ universidade|institucional|comunicación|comunicação|comunicazione|ateneo
    # Italian, Dutch, Nordic, Polish, Czech
    |chi\ siamo|l['’]ateneo|over\ ons|om\ oss|om\ os|o\ nas|uczelnia|o\ nás|univerzita
    |о\ нас|об\ университете|университет|о\ колледже  # Russian
    |hakkımızda|kurumsal|üniversite|giới\ thiệu|tentang(?:\ kami)?|profil  # Turkish, Vietnamese, Indonesian
    |학교소개|대학소개|대학생활|커뮤니티  # Korean
    |大学案内|大学紹介|広報  # Chinese
    |大学について  # Japanese
    |關於我們|关于我们|学校概况|校园生活|信息中心|行政公告  # Chinese
    |(?:az\ )?egyetem(?:ünk)?|rólunk|sajtó(?:szoba)?|média  # Hungarian
    |universitatea?|despre(?:\ noi)?|presă|la\ universitat|sobre\ la\ universitat  # Romanian, Catalan
    |presse|press|pressi|medialle|yliopisto|tietoa\ meistä|universitetet  # press, Nordic
    |университетът|за\ нас|університет|про\ (?:нас|університет)|прес(?:а|служба)|пресс-служба  # other Cyrillic
    |(?:το\ )?πανεπιστήμιο|σχετικά  # Greek
    |عن\ الجامعة|الجامعة|المركز\ الإعلامي|درباره(?:\ (?:ما|دانشگاه))?  # Arabic, Persian
    |דוברות|אודות(?:\ האוניברסיטה)?  # Hebrew
    |เกี่ยวกับ(?:เรา|มหาวิทยาลัย)|हमारे\ बारे\ में|basın|medya  # Thai, Hindi, Turkish
    """,
    re.I | re.X,
)
_TWIN = deferred(
    r"""
    en|eng|english(?:\ (?:version|site|website|page|homepage))?|in\ english  # English, in English
    |英文(?:版|网|站|网站|網站|首頁)?  # Chinese
    |英語(?:サイト|版)?  # Japanese
    |영문(?:홈페이지)?  # Korean
    |中文(?:版|网|站|网站|網站|首页|首頁)?|简体中文|繁體中文|简体  # Chinese
    |chinese|cn|zh  # Chinese, in English
    """,
    re.I | re.X,
)
_ENDS = " >»›·|[]【】()（）:：+-–—▸▾▼"  # signs beside the words of a menu


def words_score(words: str) -> float:
    """How plainly some words name news: 3 for 新闻 or Newsroom, 0 for anything else."""
    words = words.strip(_ENDS)
    if not words or weight(words) > LABEL or _NEVER.search(words):
        return 0.0
    for pattern, score in _WORDS:
        match = pattern.fullmatch(words) or pattern.search(words)
        if match and (len(match[0]) == len(words) or weight(match[0]) * 3 >= weight(words)):
            return score if len(match[0]) == len(words) else score - 0.4
    return 0.0


def hub(words: str) -> bool:
    """Whether some words name a part of a college's site behind which its news may lie: About us, Media, 学校概况."""
    return _HUB.fullmatch(words.strip(_ENDS)) is not None


def twin(words: str) -> bool:
    """Whether some words name the same college's site in English or Chinese."""
    return _TWIN.fullmatch(words.strip(_ENDS)) is not None
