"""A Chinese vocational college on Sudy WebPlus, and its English twin under /english/."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from hashlib import md5
from html import escape
from random import Random

from tests.college.site import ANCHOR, VIEWS, CollegeSite, Content, Section
from tests.college.story import File, Story
from tests.college.words import say

_HEAD = """<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
<meta name="viewport" content="width=device-width,initial-scale=1.0" />
<title>{title}</title>
<link type="text/css" href="/_css/_system/system.css" rel="stylesheet"/>
<link rel="shortcut icon" href="/_upload/tpl/00/0c/12/template12/favicon.ico" />
<link type="text/css" href="/_js/_portletPlugs/simpleNews/css/simplenews.css" rel="stylesheet" />
<script language="javascript" src="/_js/sudy-jquery-autoload.js" jquery-src="/_js/jquery-2.x.min.js" sudy-wp-context=""
  sudy-wp-siteId="12"></script>
<script language="javascript" src="/_js/jquery.sudy.wp.visitcount.js"></script>"""
_NAV = """<div class="wp-navi" id="nav" frag="窗口1" portletmode="simpleSudyNavi"><ul class="wp-menu clearfix">
<li class="menu-item i1"><a class="menu-link" href="/main.htm" target="_self">首页</a></li>
<li class="menu-item i2"><a class="menu-link" href="/1340/list.htm" target="_self">学院概况</a><ul class="sub-menu"><li
  class="sub-item i2-1"><a class="sub-link" href="/2022/0525/c1340a94000/page.htm">现任领导</a></li></ul></li>
<li class="menu-item i3"><a class="menu-link" href="/1344/list.htm" target="_self">学院新闻</a></li></ul></div>"""
# a photo viewer for telephones that the template brings along, empty until a picture is touched
_VIEWER = (
    '<div class="imgview" style="display:none"><a class="back">返回</a><a class="orig">原图</a><div class="num"><span'
    ' class="cur"></span> / <span class="tot"></span></div><div class="bar">/</div></div>'
)
_SYSTEM_CSS = """@charset "utf-8";
@import "menu.css";
body { margin: 0 auto; max-width: 1000px; padding: 0 16px; font: 16px/1.8 "Microsoft YaHei", "Noto Sans CJK SC",
  sans-serif; color: #333; }
a { color: #14507d; text-decoration: none; }
h1.arti_title { font-size: 26px; text-align: center; color: #9b1c1f; }
.arti_metas { padding: 6px; text-align: center; color: #777; border: 1px solid #e3e3e3; border-width: 1px 0; }
.arti_metas span { margin: 0 10px; }
.read { padding: 0 12px; line-height: 2em; background: #fdfcf8 url(dot.png) repeat-y; }
.read img { max-width: 100%; }
.wp_paging { clear: both; }
"""
_MENU_CSS = """.wp-menu { display: flex; gap: 32px; margin: 0 0 24px; padding: 14px 24px; list-style: none; background:
  #9b1c1f; }
.menu-link { color: #fff; }
.sub-menu { display: none; }
"""


class Sudy(CollegeSite):
    """Chinese news (list skin), notices (table skin), English news (no visible date), one column that is a page."""

    family = "sudy_webplus"
    per_page = 14
    first_id = 98000
    sections = (
        Section("1344", "学院新闻", 60, "news_title"),
        Section("1345", "通知公告", 30, "notice_title", 5),
        Section("519", "News", 24, "title", 7),
    )

    def language_of(self, section: Section) -> str:
        """The twin is English."""
        return "en" if section.key == "519" else "zh"

    def dress(self, story: Story, random: Random, n: int) -> None:
        """Pictures on every third story, documents on notices, a PDF as the whole body, sticky, WeChat and document
        items; one notice that is scanned."""
        place = md5(str(story.id).encode()).hexdigest()[:12]
        if n % 3 == 0:
            story.images = [
                File(
                    f"/_upload/article/images/{place[:2]}/{place[2:4]}/{place}/{story.id}.{'png' if n % 2 else 'jpg'}",
                    "合影.jpg",
                    story.title,
                    caption=say(Random(f"caption/{story.id}"), story.language, "caption"),
                )
            ]
        if story.language == "zh" and (n % 7 == 2 or (story.section == "1345" and n % 2)):
            kind = ("docx", "xlsx", "pdf", "zip")[n % 4]
            name = say(random, "zh", "file") + "." + kind
            story.files = [
                File(f"/_upload/article/files/{place[:2]}/{place[2:4]}/{place}/{story.id}.{kind}", name, story.title)
            ]
        if story.section == "1345" and n % 10 == 8:
            story.files = [
                File(
                    f"/_upload/article/files/{place[:2]}/{place[2:4]}/{place}/{story.id}.pdf",
                    story.title + ".pdf",
                    story.body,
                )
            ]
            story.paragraphs, story.images, story.embedded = [], [], True
        if story.section == "519" and n == 13:
            story.title, story.files = "Notice of a Road Closure on Campus", []
            story.paragraphs = ["What follows was posted by the office of logistics on the boards of the campus."]
            story.images = [self.scan(f"/_upload/article/images/{place[:2]}/{place[2:4]}/{place}/notice.jpg", story)]
        if story.section == "1344" and n == 20:
            story.sticky = True
        if story.section == "1344" and n in (11, 41):
            story.kind, story.external, story.title = (
                "external",
                f"https://mp.weixin.qq.com/s/{place}",
                "【微信】" + story.title,
            )
        if story.section == "1344" and n == 33:
            story.kind, story.title = "file", "年度质量报告.pdf"
            story.files = [
                File(f"/_upload/article/files/{place[:2]}/{place[2:4]}/{place}/report.pdf", story.title, story.body)
            ]
        if story.kind != "article":
            story.paragraphs, story.images = [], []

    def path(self, story: Story) -> str:
        """/2025/0928/c1344a98001/page.htm; a moved story is found under another column."""
        root = "/english" if story.section == "519" else ""
        column = int(story.section) + 300 * story.moved
        return f"{root}/{story.at:%Y/%m%d}/c{column}a{story.id}/page.htm"

    def listing_path(self, section: Section, page: int, pages: int) -> str:
        """/1344/list.htm, then list2.htm and on."""
        root = "/english" if section.key == "519" else ""
        return f"{root}/{section.key}/list{page if page > 1 else ''}.htm"

    def shown_author(self, story: Story) -> str:
        """Sudy's pages name an office as publisher, nobody as author."""
        return ""

    def listing(self, section: Section, page: int, pages: int, rows: list[Story], total: int) -> str:
        """The list or the table skin, with the pager common to both."""
        if section.key == "1345":
            skin = "".join(map(self._table_row, rows))
            body = (
                '<div id="newslist"><div frag="窗口2" portletmode="simpleList"><div id="wp_news_w2"><table'
                ' width="100%" border="0" cellpadding="0"'
                f' cellspacing="0">{skin}</table></div>{self._pager(section, page, pages, total, "w2")}</div></div>'
            )
        else:
            dated = section.key != "519"
            skin = "\n".join(self._row(story, n, dated) for n, story in enumerate(rows, 1))
            body = (
                '<div class="col_news"><ul class="col_metas clearfix" frag="窗口5" portletmode="simpleColumnAttri"><li'
                f' class="col_path">{self._path(section)}</li><li'
                f' class="col_title"><h2>{section.name}</h2></li></ul><div class="col_news_list listcon"><div'
                ' frag="窗口6" portletmode="simpleList"><div id="wp_news_w6"><ul class="news_list'
                f' list2">\n{skin}\n</ul></div>{self._pager(section, page, pages, total, "w6")}</div></div></div>'
            )
        return (
            f'<!DOCTYPE html>\n<html class="webplus-list">\n<head>\n{_HEAD.format(title=section.name)}\n</head>\n<body'
            f' class="list">\n{_NAV}\n{body}\n</body></html>'
        )

    def _path(self, section: Section) -> str:
        if section.key == "519":
            return (
                'Current Page:<a href="/english/main.htm" target="_self">homepage</a><span'
                ' class=\'possplit\'>&nbsp;&nbsp;</span><a href="/english/519/list.htm" target="_self">News</a>'
            )
        return (
            '<span class="path_name">当前位置：</span><a href="/main.htm" target="_self">首页</a><span'
            f" class='possplit'>&nbsp;&nbsp;</span><a href=\"/{section.key}/list.htm\""
            f' target="_self">{section.name}</a>'
        )

    def _row(self, story: Story, n: int, dated: bool) -> str:
        mark = '<span style="color:#f00">[置顶]</span>' if story.sticky else ""
        title = f"<font style='color:#FF3912;'>{story.title}</font>" if story.sticky else story.title
        date = f'\n<span class="news_meta">{story.at:%Y-%m-%d}</span>' if dated else ""
        return (
            f'<li class="news n{n} clearfix">\n<span class="news_title">{mark}<a href=\'{self.address(story)}\''
            f" target='_blank' title='{story.title}'>{title}</a></span>{date}\n</li>"
        )

    def _table_row(self, story: Story) -> str:
        return (
            f'<tbody><tr><td height="28"><table width="100%"><tr><td align="left"><a href=\'{self.address(story)}\''
            f" target='_blank' title='{story.title}'>{story.title}</a></td>"
            '<td align="left" width="30px"><div'
            f' style="white-space:nowrap">{story.at:%Y-%m-%d}</div></td></tr></table></td></tr></tbody>'
        )

    def _pager(self, section: Section, page: int, pages: int, total: int, window: str) -> str:
        nothing = "javascript:void(0);"

        def at(number: int) -> str:
            return self.listing_path(section, number, pages) if 1 <= number <= pages and number != page else nothing

        return (
            f'<div id="wp_paging_{window}"><ul class="wp_paging clearfix"><li class="pages_count"><span'
            f' class="per_page">每页&nbsp;<em class="per_count">{self.per_page}</em>&nbsp;记录&nbsp;</span><span'
            f' class="all_count">总共&nbsp;<em class="all_count">{total}</em>&nbsp;记录&nbsp;</span></li><li'
            f' class="page_nav"><a class="first" href="{at(1)}" target="_self"><span>第一页</span></a><a class="prev"'
            f' href="{at(page - 1)}" target="_self"><span>&lt;&lt;上一页</span></a><a class="next"'
            f' href="{at(page + 1)}" target="_self"><span>下一页&gt;&gt;</span></a><a class="last" href="{at(pages)}"'
            ' target="_self"><span>尾页</span></a></li><li class="page_jump"><span class="pages">页码&nbsp;<em'
            f' class="curr_page">{page}</em>/<em class="all_pages">{pages}</em></span></li></ul></div>'
        )

    def article(self, story: Story) -> str:
        """The Chinese page with its counter, or the English one which shows no date."""
        style = ' style="text-indent:2em;"' if story.language == "zh" else ""
        parts = [f"<p{style}>{text}</p>" for text in story.paragraphs]
        for image in story.images:
            parts.insert(
                1,  # below the first paragraph
                f'<p style="text-align:center;"><img data-layer="photo" src="{image.path}" original-src="{image.path}"'
                f' alt="{escape(image.caption)}"'
                f" sudyfile-attr=\"{{'title':'{image.name}'}}\"></p>",
            )
        for file in story.files:
            attr = f"sudyfile-attr=\"{{'title':'{file.name}'}}\""
            parts.append(
                f'<div class="wp_pdf_player" pdfsrc="{file.path}" swsrc="{file.path[:-4]}.swf" {attr}'
                ' sudyplayer="wp_pdf_player"></div>'
                if story.embedded
                else (
                    f'<p><img src="/_ueditor/themes/default/images/icon_doc.gif"><a href="{file.path}" target="_blank"'
                    f" {attr}>{file.name}</a></p>"
                )
            )
        body = "<div class='wp_articlecontent'>\n" + "\n".join(parts) + "\n</div>"
        return self._english(story, body) if story.language == "en" else self._chinese(story, body)

    def _chinese(self, story: Story, body: str) -> str:
        ids = f"siteId=12&type=3&articleId={story.id}"
        return (
            f'<!DOCTYPE html>\n<html class="webplus-page">\n<head>\n{_HEAD.format(title=story.title)}\n</head>\n<body'
            f' class="page">\n{_NAV}\n<div class="infobox"><div class="article" frag="窗口3"'
            f' portletmode="simpleArticleAttri">\n<h1 class="arti_title">{story.title}</h1>\n<h2'
            ' class="arti_title"></h2>\n<p class="arti_metas"><span'
            f' class="arti_publisher">发布者：{story.source}</span><span'
            f' class="arti_update">发布时间：{story.at:%Y-%m-%d}</span><span class="arti_views">浏览次数：<span'
            f' class="WP_VisitCount" url="/_visitcountdisplay?{ids}">{VIEWS}</span></span></p>\n<div class="entry"><div'
            f' class="read">{body}</div></div>\n</div></div>\n<img src="/_visitcount?{ids}" style="display:none"'
            ' width="0" height="0">\n</body></html>'
        )

    def _english(self, story: Story, body: str) -> str:
        short = story.title.rpartition(" ")[0] or story.title
        return (
            f'<!DOCTYPE html>\n<html class="webplus-page"><head>\n{_HEAD.format(title=short)}\n</head><body>\n<div'
            ' class="banner"><span class=\'Column_Anchor\'>News</span></div>\n<div class="path" frag="窗口5"'
            f' portletmode="simpleColumnAttri">{self._path(self.section("519"))}</div>\n<div frag="窗口3"'
            f' portletmode="simpleArticleAttri"><h1 class="arti_title">{story.title}</h1>\n<div'
            f' class="read">{body}</div></div>\n{_VIEWER}\n</body></html>'
        )

    def others(self) -> Iterator[tuple[str, Content]]:
        """The column that is one page, the page its menu leads to, style sheets, the counter."""
        about = "学院创建于1958年，现有全日制在校生九千余人。", "学院设有八个系部，开设应用化工技术等三十余个专业。"
        yield "/1340/list.htm", Content(lambda: self._single("学院概况", about), changed=ANCHOR)
        yield (
            "/2022/0525/c1340a94000/page.htm",
            Content(lambda: self._single("现任领导", ("院长：周晓琳", "副院长：徐海燕")), changed=ANCHOR),
        )
        for path in ("/main.htm", "/english/main.htm"):
            yield path, Content(self.home)
        yield "/_css/_system/system.css", Content(lambda: _SYSTEM_CSS, "text/css", ANCHOR)
        yield "/_css/_system/menu.css", Content(lambda: _MENU_CSS, "text/css", ANCHOR)
        yield (
            "/_js/_portletPlugs/simpleNews/css/simplenews.css",
            Content(lambda: ".news{float:left}", "text/css", ANCHOR),
        )
        icon = File("/_css/_system/dot.png", "dot.png", "dot", look="icon")
        yield icon.path, Content(lambda: icon.content, icon.mime, datetime(2020, 1, 1))
        yield (
            "/_upload/tpl/00/0c/12/template12/favicon.ico",
            Content(lambda: icon.content, "image/x-icon", datetime(2020, 1, 1)),
        )
        yield "/_visitcount", Content(lambda: icon.content, "image/png")
        yield (
            "/_ueditor/themes/default/images/icon_doc.gif",
            Content(lambda: icon.content, "image/png", datetime(2020, 1, 1)),
        )

    def dynamic(self, target: str) -> Content | None:
        """The counter of visits takes any query."""
        return dict(self.others())["/_visitcount"] if target.startswith("/_visitcount?") else super().dynamic(target)

    def _single(self, title: str, texts: tuple[str, ...]) -> str:
        body = "".join(f"<p>{text}</p>" for text in texts)
        return (
            f'<!DOCTYPE html>\n<html class="webplus-list"><head>\n{_HEAD.format(title=title)}\n</head><body>{_NAV}<div'
            ' class="wp_single wp_column_article" id="wp_column_article"><div class="wp_entry">'
            f"<div class='wp_articlecontent'>{body}</div></div></div></body></html>"
        )
