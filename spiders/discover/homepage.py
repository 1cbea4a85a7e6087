"""From a home page to its news listings: candidates by their words, feeds, the family of the CMS. Pure; the fetching is
`crawler.adding.survey`'s."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from spiders import refresh
from spiders.families import NAMES, family
from spiders.generic.headline import weight
from spiders.generic.rows import story_address
from spiders.page import Page, one_line
from spiders.site import same_domain
from spiders.urls import canonical

SURE = 0.5  # from which a family's own judgement is believed
CandidateKind = Literal["listing", "feed", "api", "sitemap"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An address that may list news."""

    url: str
    section: str = ""  # words of the link or of the heading it stands beside
    kind: CandidateKind = "listing"
    score: float = 0.0  # 3 = plainly the news, 1 = perhaps


# words a link to news consists of or holds, with their weight; the first that fits counts
_WORDS = tuple(
    (re.compile(pattern, re.I), score)
    for pattern, score in (
        (
            (
                r"新闻(?:学院|系|学|与传播|传播|专业|发言人|中心简介)|新闻稿件系统|投稿|订阅|newsletter|subscri|journalism|media"
                r" kit|contact|submit|login|archives? of"
            ),
            0.0,
        ),
        (
            r"(?:学校|校园|学院|综合|本校|院系|系部|校内|今日|最新|重要|中心)?新闻(?:中心|网|动态|资讯|快讯|速递|聚焦|头条|公告|纵横|列表)?",
            3.0,
        ),
        (r"(?:学校|校园|学院|综合)?要闻\S{0,2}|.{0,4}快讯|头条.{0,4}", 3.0),
        (
            (
                r"(?:news ?room|latest news|news(?: (?:&|and)"
                r" (?:events|stories|media|announcements|updates))?|(?:all|campus|college|university|school|recent|top)"
                r" news|headlines|news (?:center|centre|archive|releases?)|press(?: releases?| room)?|media releases?)"
            ),
            3.0,
        ),
        (
            r"aktuelles|nachrichten|presse(?:mitteilungen)?|neuigkeiten|actualités?|noticias|notícias|notizie|nieuws|nyheter|nyheder|uutiset|aktualności|новости|ニュース|お知らせ|新着情報|뉴스|공지사항|소식",
            3.0,
        ),
        (
            r"(?:学校|校园|学院|最新|综合|公告)?(?:通知公告|公告通知|通知|公告|公示)(?:公示|栏)?|announcements?|notices?",
            2.5,
        ),
        (
            r"(?:学院|院系|系部|校园|工作|教学|科研|学术|学生|党建|基层|部门|合作|交流|最新|信息|媒体|行业|图片|视频)(?:动态|资讯|信息|风采|聚焦|关注|新闻|快递|简讯)|动态|资讯|媒体\S{0,2}(?:我校|校|大|院)|信息动态",
            2.2,
        ),
        (
            (
                r"stories|(?:research|student|faculty|alumni|athletics) (?:news|stories)|in the"
                r" news|updates|articles|the daily|blog|features?|magazine"
            ),
            1.6,
        ),
        (r"学术(?:活动|报告|预告)|讲座\S{0,3}|喜报|校园文化|专题", 1.2),
        (r"(?:upcoming )?events?(?: calendar)?|calendar", 0.4),
    )
)
_ADDRESS = re.compile(
    r"(?:^|[/._-])(?:news(?:room)?|xinwen|xw|xwzx|xwdt|xyxw|xxyw|xxxw|zhxw|xwxx|tzgg|tongzhi|gonggao|ggtz|gg|yw|xyyw|notices?|announcements?|press|aktuelles|actualites|noticias|blog|stories)(?:$|[/._-])",
    re.I,
)
_MORE = re.compile(
    r"[\s+>»\[(]*(?:更多(?:新闻|内容)?|查看(?:更多|全部)|more|more\s?\+|view (?:all|more)(?: news)?|see (?:all|more)(?:"
    r" news)?|all (?:news|stories)|read more news|more news)[\s+>»›.…\])]*",
    re.I,
)
_SECTIONED = re.compile(r"/(?:[^/]+/)?(?:category|section|sections|topics)/", re.I)
_ALL = re.compile(
    r"[\s+>»\[(]*(?:(?:view |see |browse |read )?(?:all|more) (?:news|stories|articles|posts|news"
    r" (?:stories|articles))|(?:news|story|stories) archives?|archives?|更多新闻|全部新闻|所有新闻|新闻列表|alle"
    r" (?:meldungen|nachrichten)|toutes les actualités|todas las noticias)[\s+>»›.…\])→]*",
    re.I,
)
_LABEL = 45  # weight of the longest words that still name a section
_FEEDS = {"application/rss+xml": "feed", "application/atom+xml": "feed", "application/feed+json": "feed"}
_FORWARD = re.compile(
    r"""(?:^|[;{\s])(?:window\.|self\.|top\.|document\.)?location(?:\.href)?\s*(?:=|\.replace\(|\.assign\()\s*["']([^"']{1,300})["']"""
)


def fingerprint(page: Page) -> tuple[str, float]:
    """The family that is surest of having made the page, and how sure; `generic` and 0 where none is."""
    best, sure = "generic", 0.0
    for name in NAMES:
        if name == "generic":
            continue
        value = family(name).detect(page)
        if value > sure:
            best, sure = name, value
    return (best, sure) if sure >= SURE else ("generic", 0.0)


def candidates(page: Page) -> list[Candidate]:
    """Addresses on a page that may list the site's news, likeliest first, each once."""
    own = urlsplit(page.url).hostname or ""
    found: dict[str, Candidate] = {}
    for candidate in (*_links(page), *machine(page)):
        if not same_domain(urlsplit(candidate.url).hostname or "", own) or _key(candidate.url) == _key(page.url):
            continue
        known = found.get(_key(candidate.url))
        if known is None or candidate.score > known.score:
            found[_key(candidate.url)] = candidate
    return sorted(found.values(), key=lambda candidate: -candidate.score)


def siblings(page: Page, listing: str) -> list[Candidate]:
    """Links beside a listing that was found at /category/x/ or /section/x to others of its kind: Sports, Opinion,
    ..."""
    kind = _SECTIONED.match(urlsplit(listing).path)
    found: dict[str, Candidate] = {}
    for element in page.tree.iter("a") if kind else ():
        url, words = page.absolute(element.get("href")), one_line(element)
        if (
            url
            and words
            and url.startswith(f"{_root(listing)}{kind[0] if kind else ''}")
            and weight(words) <= _LABEL
            and _key(url) != _key(listing)
            and not urlsplit(url).query
        ):
            found.setdefault(_key(url), Candidate(url=url, section=words, score=1.5))
    return [one for one in found.values() if not re.search(r"/page/\d+|/feed", one.url)]


def named(page: Page, section: str) -> list[Candidate]:
    """Links whose words, or whose path, hold what an operator asked for, the shortest words first."""
    own, wanted = urlsplit(page.url).hostname or "", section.casefold()
    found: dict[str, Candidate] = {}
    for element in page.tree.iter("a"):
        url, words = page.absolute(element.get("href")), one_line(element)
        if _MORE.fullmatch(words):
            words = _heading(element)
        if (
            not url
            or not same_domain(urlsplit(url).hostname or "", own)
            or weight(words) > _LABEL
            or _key(url) == _key(page.url)
        ):
            continue
        if wanted in words.casefold() or (
            words and wanted in unquote(urlsplit(url).path).casefold() and not story_address(url)
        ):
            found.setdefault(_key(url), Candidate(url=url, section=words, score=3.0))
    return sorted(found.values(), key=lambda one: len(one.section))


def archives(page: Page) -> list[Candidate]:
    """Links of a page of newest stories to all of them: 'All news', 'News archive', 'View all', 更多新闻."""
    own = urlsplit(page.url).hostname or ""
    found: dict[str, Candidate] = {}
    for element in page.tree.iter("a"):
        url, words = page.absolute(element.get("href")), one_line(element)
        if (
            url
            and _ALL.fullmatch(words)
            and same_domain(urlsplit(url).hostname or "", own)
            and _key(url) != _key(page.url)
        ):
            found.setdefault(_key(url), Candidate(url=url, section="", score=2.5))
    return list(found.values())[:2]


def machine(page: Page) -> Iterator[Candidate]:
    """Feeds, APIs and sitemaps that the page's head names; feeds of comments are left out."""
    for link in page.tree.iter("link"):
        rel, kind = (link.get("rel") or "").lower(), (link.get("type") or "").lower()
        url = page.absolute(link.get("href"))
        if not url:
            continue
        title = " ".join((link.get("title") or "").split())
        if "alternate" in rel and kind in _FEEDS and not re.search(r"comment", f"{title} {url}", re.I):
            yield Candidate(url=url, section=title, kind="feed", score=1.4)
        elif rel == "https://api.w.org/":
            yield Candidate(url=f"{url.rstrip('/')}/wp/v2/posts?per_page=100", section="", kind="api", score=1.0)
        elif rel == "sitemap":
            yield Candidate(url=url, kind="sitemap", score=0.5)


def _links(page: Page) -> Iterator[Candidate]:
    for element in page.tree.iter("a"):
        url = page.absolute(element.get("href"))
        if not url:
            continue
        words = one_line(element) or " ".join((element.get("title") or "").split())
        if _MORE.fullmatch(words):
            heading = _heading(element)
            score = words_score(heading) or (1.5 if _ADDRESS.search(urlsplit(url).path) else 0.0)
            if score:
                yield Candidate(
                    url=url, section=heading, score=score + 0.6
                )  # the home page shows a list and the way to all of it
            continue
        if weight(words) > _LABEL or (story_address(url) and not _ADDRESS.search(urlsplit(url).path)):
            continue
        score = words_score(words)
        if score:
            yield Candidate(
                url=url,
                section=words,
                score=score + (0.4 if _ADDRESS.search(urlsplit(url).netloc + urlsplit(url).path) else 0.0),
            )


def words_score(words: str) -> float:
    """How plainly some words name news: 3 for 新闻 or Newsroom, 0 for anything else."""
    words = words.strip(" >»›·|[]【】()（）:：+")
    if not words or weight(words) > _LABEL:
        return 0.0
    for pattern, score in _WORDS:
        match = pattern.search(words)
        if match and not score:
            return 0.0
        if match and (len(match[0]) == len(words) or weight(match[0]) * 3 >= weight(words)):
            return score if len(match[0]) == len(words) else score - 0.4
    return 0.0


def _heading(element: HtmlElement) -> str:
    """The words that stand before a 'more' link and name the list it belongs to."""
    here: HtmlElement | None = element
    for _ in range(4):
        if here is None or here.tag == "body":
            return ""
        for before in here.itersiblings(preceding=True):
            words = one_line(before) if isinstance(before.tag, str) else ""
            if words and weight(words) <= _LABEL:  # longer ones are the list itself
                return words if words_score(words) else ""
        own = here.getparent()
        if own is not None and own.text and words_score(own.text.strip()):
            return " ".join(own.text.split())
        here = own
    return ""


def forward(page: Page) -> str | None:
    """Where a page that holds nothing else sends its reader: meta refresh, or a script that sets the location."""
    if weight(one_line(page.tree)) > 200:
        return None
    if (to := refresh.target(page)) is not None:
        return to
    for script in page.tree.iter("script"):
        if match := _FORWARD.search(script.text or ""):
            return page.absolute(match[1])
    return None


def _root(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _key(url: str) -> str:
    try:
        return canonical(url).partition("://")[2].rstrip("/")
    except ValueError:
        return url
