"""Words that lead to other stories, where they stand among the paragraphs of one or behind it: Related, Lees ook,
延伸阅读."""

from __future__ import annotations

import re

from archive.patterns import deferred

_WORDS = r"""(?:
    相关(?:报道|新闻|阅读|链接|文章|专题|信息|内容|推荐)|延伸阅读|推荐阅读|热门(?:文章|新闻)  # Chinese
    |更多(?:新闻|文章|阅读)|延伸閱讀|相關(?:報導|新聞|閱讀|連結|文章)
    |関連(?:記事|ニュース)|관련\s?(?:기사|뉴스)  # Japanese, Korean
    |related(?:\ (?:stories|articles|news|posts|content|links|coverage))?  # English
    |more\ (?:from|on|news|stories|articles)|read\ (?:more|also|next)|see\ also|recommended(?:\ (?:stories|for\ you))?
    |(?:popular|latest|recent)\ (?:stories|articles|news|posts)|you\ (?:may|might)\ (?:also\ )?like
    |mehr\ zum\ thema|lesen\ sie\ auch|weitere\ artikel  # German
    |à\ lire\ aussi|lire\ aussi|sur\ le\ même\ sujet  # French
    |lea\ también|lee\ también|te\ puede\ interesar|(?:noticias|artículos)\ relacionad[ao]s  # Spanish
    |leia\ (?:também|mais)|veja\ também|notícias\ relacionadas  # Portuguese
    |leggi\ anche|articoli\ correlati|llegiu\ també|citește\ și  # Italian, Catalan, Romanian
    |lees\ (?:ook|verder)|läs\ (?:också|även|mer)|les\ også|læs\ også|lue\ myös|loe\ ka  # Dutch, Nordic
    |czytaj\ (?:też|także|również)|zobacz\ (?:też|także)|čtěte\ také|přečtěte\ si|mohlo\ by\ vás\ zajímat  # Slavonic
    |читайте\ (?:также|також)|смотрите\ также|материалы\ по\ теме
    |kapcsolódó\ (?:cikkek|hírek)|olvassa\ el|διαβάστε\ (?:επίσης|ακόμη)  # Hungarian, Greek
    |ilgili\ haberler|baca\ juga|berita\ terkait|tin\ liên\ quan|xem\ thêm|đọc\ thêm  # Turkish, Indonesian, Vietnamese
    |اقرأ\ أيض[اًا]{1,2}|مواضيع\ ذات\ صلة|بیشتر\ بخوانید|اخبار\ مرتبط  # Arabic, Persian
    |קראו\ גם|כתבות\ נוספות|עוד\ בנושא  # Hebrew
    |(?:यह|ये)\ भी\ पढ़ें|ข่าวที่เกี่ยวข้อง|อ่านเพิ่มเติม  # Hindi, Thai
)"""
_BEGINS = deferred(
    # and the ways on of Chinese systems
    rf"^\W*(?:{_WORDS}|最新(?:文章|新闻)|网友评论|发表评论|上一篇|下一篇)(?:\W|$)",
    re.I | re.X,
)
_HEADING = deferred(rf"^[\W_]{{0,6}}{_WORDS}[\W_]{{0,6}}$", re.I | re.X)


def begins(line: str) -> bool:
    """Whether a line begins with such words, whatever follows."""
    return _BEGINS.match(line) is not None


def is_heading(line: str) -> bool:
    """Whether a line is such words and nothing else."""
    return _HEADING.match(line) is not None
