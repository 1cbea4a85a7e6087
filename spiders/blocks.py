"""Pages that are not what was asked for: challenges, captchas, login walls, soft 404s, parked domains, empty bodies.

**A page with a real story wins**: an article about captchas is an article. So running text is weighed first, and the
signs are looked for only on pages that have little of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, cast

from lxml import etree
from lxml.html import HtmlElement

from archive.patterns import deferred
from spiders.blanks import compiled
from spiders.facts import Block
from spiders.page import Page

_HEAD = 64 * 1024  # characters searched: challenge pages are smaller, error notices stand before the footer
STORY = 600  # weight of prose from which a page counts as a story: about 100 English words or 200 Chinese characters
_SMALL = 400  # weight of all visible words under which a page consists of its notice
_CJK = deferred(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")

# headers with which a firewall names its own answer
_HEADERS = (
    ("cf-mitigated", "challenge", "blocked:cloudflare"),
    ("x-vercel-mitigated", "challenge", "blocked:vercel"),
    ("x-amzn-waf-action", "", "blocked:aws_waf"),
    ("x-datadome", "protected", "blocked:datadome"),
)
# literal marks (lower case) of challenge pages; each counts only on a page without a story
_MARKS = (
    ("$_ts", "blocked:riversec"),  # 瑞数: 412, 202 or 200
    ("__jsl_clearance", "blocked:jsl"),  # 加速乐: 521
    ("document.cookie=('_')+('_')", "blocked:jsl"),
    ("_cf_chl_opt", "blocked:cloudflare"),
    ("vercel security checkpoint", "blocked:vercel"),
    ("window.gokuprops", "blocked:aws_waf"),
    ("acw_sc__v2", "blocked:aliyun"),
    ("errors.aliyun.com", "blocked:aliyun"),
    ("/waf_captcha", "blocked:tencent_waf"),
    ("/.safeline/", "blocked:safeline"),
    ("safeline-challenge", "blocked:safeline"),
    ("_incapsula_resource", "blocked:incapsula"),
    ("captcha-delivery.com", "blocked:datadome"),
    ("px-captcha", "blocked:perimeterx"),
    ("anubis_challenge", "blocked:anubis"),
    ("sucuri_cloudproxy_js", "blocked:sucuri"),
    ("the requested url was rejected. please consult with your administrator", "blocked:waf"),
    ("createimage.jsp", "blocked:captcha"),  # VSB's captcha in front of a download
    ("您的请求可能存在威胁", "blocked:waf"),
    ("您的访问请求被拦截", "blocked:waf"),
    ("请求已被网站管理员设置拦截", "blocked:waf"),
    ("您的请求带有不合法参数", "blocked:waf"),
    ("您的ip已被封禁", "blocked:waf"),
    ("sedoparking.com", "parked"),
    ("parkingcrew.net", "parked"),
    ("hugedomains.com", "parked"),
)
# a whole part of <title> between separators
_TITLES = (
    (
        "soft_404",
        compiled(
            r"""
            (?:error\s*|错误\s*)?404(?:  # 404 and what follows it
                \s*[:.,]?\s*(?:
                    error
                    |错误|页面  # Chinese
                    |not\ found|(?:file\ or\ )?page\ not\ found
                    |页面不存在|页面未找到|找不到页面|提示  # Chinese
                )
            )?!?
            |(?:sorry,?\s*)?(?:the\s*)?(?:page|file)\s*(?:
                # a page that is not found, in a sentence
                is\s*|was\s*|could\s*not\s*be\s*|can(?:no|')t\s*be\s*|cannot\s*be\s*
            )?(?:not\s*)?found
            |not\ found|object\ not\ found!?  # not found, alone
            |(?:对不起|抱歉)?[，,]?(?:您(?:要)?访问的)?(?:该|此)?(?:页面|网页|文章|信息|内容)(?:  # Chinese
                不存在|未找到|没有找到|已(?:被)?删除|找不到了?
            )[！!。]?
            |找不到(?:该|此)?(?:页面|网页|文件)
            # German, French, Spanish, Portuguese
            |seite\ nicht\ gefunden|page\ (?:non|introuvable).{0,12}|página\ no\ encontrada
            """,
            re.I | re.X,
        ),
    ),
    (
        "blocked:challenge",
        compiled(
            r"""
            just\ a\ moment\.{0,3}|attention\ required!?|please\ wait\.{0,3}  # Cloudflare and its like
            |checking\ your\ browser.*|making\ sure\ you(?:'|’|&\#39;)?re\ not\ a\ bot!?
            |are\ you\ (?:a\ )?(?:human|robot)\??|security\ check(?:point)?|robot\ check  # questions
            |ddos-guard|human\ verification
            |(?:安全|人机|身份|访问)验证|安全检[查测]|滑动验证(?:页面)?|请输入验证码|验证码  # Chinese
            |访问频率过高
            """,
            re.I | re.X,
        ),
    ),
    (
        "blocked:waf",
        compiled(
            r"""
            access\ denied|403\ forbidden|forbidden|request\ (?:blocked|rejected)  # English
            |you\ have\ been\ blocked|web\ page\ blocked!?
            |(?:您的)?访问(?:已)?(?:被)?(?:拦截|阻断|拒绝|禁止|受限)  # Chinese
            |(?:拦截|阻断|防火墙)(?:提示|页面|信息)?|网站防火墙
            |(?:网站|web应用)?安全(?:防护)?拦截.{0,6}
            |waf.{0,8}
            """,
            re.I | re.X,
        ),
    ),
    (
        "login_wall",
        compiled(
            r"""
            (?:log|sign)[ -]?in(?:\ required)?|login\ page|web\ login\ service|single\ sign-?on  # English
            |central\ authentication\ service|cas\ .{0,16}login
            |(?:用户|系统|统一)?登[录陆](?:页面?|界面)?  # Chinese
            |(?:.{0,12})?(?:统一)?身份认证(?:平台|系统|中心)?|无权(?:限)?访问|请(?:先)?登录
            """,
            re.I | re.X,
        ),
    ),
    ("notice", compiled(r"系统提示|提示信息|信息提示|访问提示|出错提示|友情提示")),
    (
        "parked",
        compiled(
            r"""
            .{0,60}(?:domain\ (?:name\ )?is\ (?:for\ sale|parked|available)|buy\ this\ domain).{0,20}  # English
            |.{0,40}(?:域名(?:正在|可)?(?:出售|转让|停放)|此域名可).{0,20}  # Chinese
            """,
            re.I | re.X,
        ),
    ),
)
# a short run of words that says it all, on a page that says little else
_NOTICES = (
    (
        "login_wall",
        compiled(
            r"""
            (?:您|你)?(?:无权|没有权限|暂无权限)(?:访问|查看|浏览)  # no right to see it
            |(?:仅|只)(?:限|允许)校(?:内|园网).{0,10}(?:访问|浏览|查看)  # within the campus only
            |请在校(?:内|园网).{0,8}访问|当前ip(?:并非|不在|不是).{0,20}  # from its network only
            |需要登录(?:后|才)?(?:再|才能|才可以|可以|能|可)?(?:访问|查看|浏览|阅读)  # behind a login
            |请(?:先)?登录后(?:再)?(?:访问|查看|浏览)
            |you\ (?:are\ not\ authori[sz]ed|do\ not\ have\ permission)\ to\ (?:access|view)  # English
            |you\ must\ (?:log|sign)\ in\ to\ (?!post|comment|reply|leave|vote|add|join|submit)\w  # but not to comment
            """,
            re.I | re.X,
        ),
    ),
    (
        "soft_404",
        compiled(
            r"""
            (?:页面|网页|文章|信息|内容|文件|新闻|栏目)(?:  # Chinese: what, and that it is not there
                不存在|未找到|没有找到|找不到了?|已(?:经)?(?:被)?(?:删除|移除|撤销|下线)
            )
            |找不到(?:您|你)(?:要)?(?:访问|请求|浏览)?的?(?:页面|网页|资源)
            |(?:page|url|file|article|content)\ (?:  # English: what was asked for, and that it is gone
                you\ (?:are|were)\ (?:looking\ for|trying\ to)|you(?:'ve|\ have)?\ requested
                |requested|that\ you
            )[^.]{0,60}(?:not|n't|no\ longer|removed|moved|unavailable)
            |(?:page|url|file|article)\ (?:was\ |could\ |can\ )?(?:not|no\ longer)\ (?:be\ )?
            (?:found|exist|available)
            |page\ (?:can't|cannot)\ be\ found
            """,
            re.I | re.X,
        ),
    ),
    (
        "blocked:captcha",
        compiled(
            r"""
            请输入(?:图片中的|下[方面]的?)?验证码|请完成(?:安全|人机)?验证  # Chinese
            |please\ (?:complete|solve)\ the\ (?:captcha|security\ check)  # English
            |verify\ (?:that\ )?you\ are\ (?:a\ )?human
            """,
            re.I | re.X,
        ),
    ),
    (
        "blocked:js_cookie",
        compiled(
            r"""
            please\ enable\ (?:javascript|js)(?:\ and\ cookies)?(?:\ to\ (?:continue|view))?  # English
            |(?:请|需要)(?:开启|启用|打开)\s*(?:浏览器的?)?\s*javascript.{0,12}  # Chinese
            (?:刷新|再试|访问|继续)
            """,
            re.I | re.X,
        ),
    ),
    (
        "parked",
        compiled(
            r"""
            (?:this\ )?domain\ (?:name\ )?(?:\S+\ )?is\ (?:  # English
                for\ sale|parked|available\ for\ purchase
            )
            |buy\ this\ domain
            |(?:此|该)域名(?:正在|可)?(?:出售|转让)  # Chinese
            """,
            re.I | re.X,
        ),
    ),
)
# a script holds the story (Chaoxing's portals, Next.js)
_IN_SCRIPT = deferred(r"""["'](?:content|body|html)["']\s*:\s*["'{\[]""")
_TITLE = deferred(r"<title[^>]*>(.{0,300}?)</title", re.I | re.S)
_PARTS = compiled(r"\s*[|｜_»«·–—]\s*|\s+[-:：]\s+|(?<=[\u3400-\u9fff])-|-(?=[\u3400-\u9fff])")
_COOKIE = deferred(r"document\.cookie\s*=|\.cookie\s*=\s*[\"'`(]|setcookie\(", re.I)
_RELOAD = deferred(r"location\.(?:reload|replace)|(?:location|location\.href)\s*=", re.I)
_NOT_WORDS = frozenset({"script", "style", "noscript", "template", "option", "head", "title", "textarea"})
_NOT_PROSE = _NOT_WORDS | {"a", "button", "label", "nav", "footer", "select"}
# a character weighs three at most
_LONG_TEXTS = etree.XPath(".//text()[string-length() > 13][not(parent::script or parent::style)]")
_CARRIES = (
    "img, iframe, frame, embed, object, video, audio, [pdfsrc], script[src], script[type*=json], script[type*=xml]"
)


def block(page: Page) -> Block | None:
    """What stands in the way, or None where the page may be read. Files, feeds and JSON are never blocks by their
    words."""
    found = _by_header(page)
    if found:
        return found
    if (
        page.mime
        and not page.mime.startswith("text/html")
        and page.mime not in {"application/xhtml+xml", "text/plain", "text/asp"}
    ):
        return _by_status(page)
    head = page.text[:_HEAD].lstrip()
    if not head:
        return _by_status(page) or Block(kind="empty", evidence="no content")
    if head[0] in "{[" or head[:5].lower() == "<?xml":
        return _by_status(page)
    weight = prose(page)
    if weight >= STORY:
        return _by_status(page)
    found = _by_marks(page, head.lower()) or _by_status(page)
    if found or page.status in {404, 410} or page.status >= 500:
        return found  # what is gone, or fails, says so itself
    return _by_title(page, head) or (_by_words(page) if weight < STORY // 2 else None)


def sent_home(asked: str, landed: str) -> Block | None:
    """A soft 404 where a deep address was redirected to a home page (`landed` is the address that answered)."""
    deep = asked.partition("://")[2].partition("/")[2].strip("/")
    home = landed.partition("://")[2].partition("/")[2].split("?")[0].strip("/").lower()
    if deep and asked != landed and home in _HOMES and deep.lower() not in _HOMES:
        return Block(kind="soft_404", evidence=f"redirected to {landed}")
    return None


_HOMES = frozenset(
    {
        "",
        *(
            f"{name}.{ending}"
            for name in ("index", "main", "default", "home")
            for ending in ("htm", "html", "jsp", "psp", "php", "aspx", "asp", "shtml")
        ),
    }
)


def _by_header(page: Page) -> Block | None:
    for name, value, kind in _HEADERS:
        sent = page.header(name).lower()
        if sent and value in sent:
            return Block(kind=kind, evidence=f"{name}: {sent[:80]}")
    return None


def _by_status(page: Page) -> Block | None:
    """Statuses that firewalls and login walls have made their own; 404 and 5xx speak for themselves."""
    if page.status == 401:
        return Block(kind="login_wall", evidence="status 401")
    if page.status in {412, 493} or (page.status == 521 and "cloudflare" not in page.header("server").lower()):
        return Block(kind="blocked:waf", evidence=f"status {page.status}")
    if page.status in {403, 429, 451}:
        return Block(
            kind={403: "blocked:forbidden", 429: "blocked:rate", 451: "blocked:legal"}[page.status],
            evidence=f"status {page.status}",
        )
    return None


def _by_marks(page: Page, head: str) -> Block | None:
    for mark, kind in _MARKS:
        if mark in head and not (kind == "blocked:captcha" and visible(page) > _SMALL):
            return Block(kind=kind, evidence=mark)
    if "wp_error_msg" in head:  # Sudy: an article for the campus network only, in the site's full template
        said = page.words(".wp_error_msg")
        if said:
            return Block(kind="login_wall", evidence=said[:120])
    return None


def _by_title(page: Page, head: str) -> Block | None:
    match = _TITLE.search(head)
    if not match:
        return None
    parts = [part.strip() for part in _PARTS.split(" ".join(match[1].split())) if part.strip()]
    for part in parts:
        for kind, pattern in _TITLES:
            if not pattern.fullmatch(part):
                continue
            if kind == "login_wall" and not _asks_to_log_in(page):
                continue
            if kind == "blocked:challenge" and visible(page) >= 2 * STORY:
                continue
            if kind == "notice":
                said = " ".join(_texts(page.tree, _NOT_WORDS))[:_HEAD]
                kind = next((name for name, words in _NOTICES if words.search(said)), "")
                if not kind and visible(page) > _SMALL:
                    continue
                return Block(kind=kind or "blocked:notice", evidence=f"{part}: {said[:120]}")
            return Block(kind=kind, evidence=f"title {part}")
    return None


def _by_words(page: Page) -> Block | None:
    """Pages of few words: what they say, or that they say nothing."""
    if len(page.text) > 4 * _HEAD:
        return None
    seen = visible(page, _SMALL)
    texts = [text for text in _texts(page.tree, _NOT_PROSE) if len(text) <= 240]
    said = "\n".join(texts)
    notices = [(kind, pattern) for kind, pattern in _NOTICES if pattern.search(said)]  # none on most pages
    for text in texts if notices else ():
        for kind, pattern in notices:
            match = pattern.search(text)
            # among the links of a full template only a notice that is its own block of text counts
            if match and (seen < _SMALL or len(match[0]) * 3 > len(text)):
                return Block(kind=kind, evidence=" ".join(text.split())[:120])
    if seen < _SMALL and page.select("input[type=password]"):
        return Block(kind="login_wall", evidence="a password field and little else")
    if seen < 60 and _COOKIE.search(page.text[:_HEAD]) and _RELOAD.search(page.text[:_HEAD]):
        return Block(kind="blocked:js_cookie", evidence="a script sets a cookie and loads the page again")
    if (
        not seen
        and not page.select(_CARRIES)
        and not _IN_SCRIPT.search(page.text)
        and len(page.text) < 4096
        and not _RELOAD.search(page.text)
        and not page.select("meta[http-equiv]")
    ):
        return Block(kind="empty", evidence="no visible words")
    return None


def _asks_to_log_in(page: Page) -> bool:
    return bool(page.select("input[type=password]")) or visible(page) < _SMALL


def prose(page: Page) -> int:
    """Weight of the running text outside links and forms, Chinese characters counted three times; it stops at a
    story's.

    Most stories show in the beginnings of their paragraphs, which are found sooner than every run of text.
    """
    root = page.tree.find(".//body")
    root = page.tree if root is None else root
    openings = _running(p.text for p in root.iter("p") if p.text and not _aside(p))
    return openings if openings >= STORY else _running(_long_texts(root))


def _running(texts: Iterable[str]) -> int:
    return _sum((weight for text in texts if len(text) > 13 and (weight := _weight(text)) >= 40), STORY)


def visible(page: Page, enough: int = 2 * STORY) -> int:
    """Weight of all words a reader sees, links included; it stops at `enough`."""
    return _sum((_weight(text) for text in _texts(page.tree, _NOT_WORDS)), enough)


def _sum(weights: Iterable[int], enough: int) -> int:
    total = 0
    for weight in weights:
        total += weight
        if total >= enough:
            break
    return total


def _weight(text: str) -> int:
    return len("".join(text.split())) + 2 * sum(map(len, _CJK.findall(text)))


def _long_texts(root: HtmlElement) -> Iterator[str]:
    """Runs of text that may weigh 40 outside of what is no prose. Menus are hundreds of short ones, so lxml sorts these
    out."""
    for text in cast(list[Any], _LONG_TEXTS(root)):
        element: HtmlElement = text.getparent()
        if not _aside(element.getparent() if text.is_tail else element):
            yield str(text)


def _aside(element: HtmlElement) -> bool:
    """Whether an element is no prose, or stands in what is none."""
    return element.tag in _NOT_PROSE or any(above.tag in _NOT_PROSE for above in element.iterancestors())


def _texts(root: HtmlElement, without: frozenset[str]) -> Iterator[str]:
    """Runs of text in document order, those inside elements named in `without` left out."""
    body = root.find(".//body")
    stack: list[tuple[HtmlElement, bool]] = [(root if body is None else body, False)]
    while stack:
        element, after = stack.pop()
        if after:
            if element.tail and element.tail.strip():
                yield element.tail
            continue
        if not isinstance(element.tag, str) or element.tag in without:
            continue
        if element.text and element.text.strip():
            yield element.text
        for child in reversed(element):
            stack += [(child, True), (child, False)]
