"""Smaller Chinese systems: TRS WCM, Hanweb JCMS, DedeCMS, PHPCMS v9, SiteServer, JeeCMS, GPower."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import md5
from random import Random
from urllib.parse import parse_qsl

from tests.college.site import VIEWS, CollegeSite, Content, Section
from tests.college.story import File, Story

_SECTION = (Section("xyxw", "学院新闻", 16, "news_title"),)


def _pages(links: Callable[[int], str], page: int, pages: int) -> str:
    """The links of a plain pager: 下一页 and 末页, where there are any."""
    return f'<a href="{links(page + 1)}">下一页</a> <a href="{links(pages)}">末页</a>' if page < pages else ""


def _words(story: Story, indent: str = "　　") -> str:
    return "".join(f"<p>{indent}{text}</p>" for text in story.paragraphs)


class Trs(CollegeSite):
    """GB2312 in name, GB18030 in fact; the pager is a call of a script; pictures and documents lie beside the page."""

    family = "trs_wcm"
    encoding = "gb18030"
    per_page = 6
    precision = "minute"
    first_id = 430000
    sections = _SECTION

    def path(self, story: Story) -> str:
        """./YYYYMM/tYYYYMMDD_id.html under the list."""
        return f"/xyxw/{story.at:%Y%m}/t{story.at:%Y%m%d}_{story.id + story.moved * 100000}.html"

    def listing_path(self, section: Section, page: int, pages: int) -> str:
        """index.html, index_1.html (the second) and on."""
        return f"/{section.key}/index{f'_{page - 1}' if page > 1 else ''}.html"

    def dress(self, story: Story, random: Random, n: int) -> None:
        """W0… pictures and P0… documents."""
        if n % 3 == 0:
            story.images = [File(f"/xyxw/{story.at:%Y%m}/W0{story.at:%Y%m%d}{story.id}.jpg", "", story.title)]
        if n % 4 == 1:
            story.files = [
                File(f"/xyxw/{story.at:%Y%m}/P0{story.at:%Y%m%d}{story.id}.pdf", "附件1：任务分解表.pdf", story.title)
            ]

    def shown_source(self, story: Story) -> str:
        """来源 is shown."""
        return story.source

    def listing(self, section: Section, page: int, pages: int, rows: list[Story], total: int) -> str:
        """No <a> leads to the second page."""
        items = "".join(
            f'<li><a href="./{self.path(s).removeprefix("/xyxw/")}" target="_blank"'
            f' title="{s.title}">{s.title}</a><span>{s.at:%Y-%m-%d}</span></li>'
            for s in rows
        )
        return (
            '<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html;'
            f' charset=gb2312"><title>{section.name}_{self.name}</title><meta name="SiteName"'
            f' content="{self.name}"><meta name="ColumnName" content="{section.name}"></head><body>\n<div'
            f' class="list"><ul class="list_con">{items}</ul></div>\n<div class="page"><script>createPageHTML({pages},'
            f' {page - 1}, "index", "html");</script></div></body></html>'
        )

    def article(self, story: Story) -> str:
        """`TRS_Editor` without quotes, as TRS writes it."""
        pictures = "".join(
            f'<p align="center"><img src="./{i.path.rpartition("/")[2]}" oldsrc="{i.path.rpartition("/")[2]}"></p>'
            for i in story.images
        )
        files = "".join(
            f'<div class="fj">附件：<a href="./{f.path.rpartition("/")[2]}">{f.name}</a></div>' for f in story.files
        )
        return (
            f'<!DOCTYPE html><html><head><meta charset="gb2312"><title>{story.title}_{self.name}</title><meta'
            f' name="ArticleTitle" content="{story.title}"><meta name="PubDate"'
            f' content="{story.at:%Y-%m-%d %H:%M}"><meta name="ContentSource" content="{story.source}"><meta'
            f' name="Author" content="{story.author}"></head><body>\n<h1>{story.title}</h1><div'
            f' class="info">发布时间：{story.at:%Y-%m-%d %H:%M} 来源：{story.source} <span id="hits"></span> 字号：【大'
            ' 中 小】 【打印】【关闭】</div>\n<div id="zoom"><div class=TRS_Editor><style type=text/css>.TRS_Editor'
            f" P{{margin-top:20px}}</style>{_words(story)}{pictures}</div></div>\n{files}</body></html>"
        )


class Hanweb(CollegeSite):
    """Rows are CDATA in a script; later ones come from dataproxy.jsp."""

    family = "hanweb_jcms"
    per_page = 5
    precision = "minute"
    first_id = 88000
    sections = (Section("1234", "学院新闻", 22, "news_title"),)
    group = 3  # pages of rows that one answer holds

    def path(self, story: Story) -> str:
        """/art/Y/M/D/art_col_id.html, no leading zeros."""
        return f"/art/{story.at.year}/{story.at.month}/{story.at.day}/art_{1234 + story.moved}_{story.id}.html"

    def listing_path(self, section: Section, page: int, pages: int) -> str:
        """Readers count pages by ?uid&pageNum; the rows are not there."""
        return f"/col/col{section.key}/index.html" + (f"?uid=38467&pageNum={page}" if page > 1 else "")

    def _records(self, rows: list[Story]) -> str:
        return "".join(
            f'<record><![CDATA[<li><a href="{self.path(s)}" title="{s.title}" target="_blank">{s.title}</a><span'
            f' class="date">{s.at:%Y-%m-%d}</span></li>]]></record>'
            for s in rows
        )

    def listing(self, section: Section, page: int, pages: int, rows: list[Story], total: int) -> str:
        """The first group of rows, whatever page is asked for: scripts show the rest."""
        size = self.per_page * self.group
        onward = (
            "/module/web/jpage/dataproxy.jsp?page=1&webid=107&path=/&columnid=1234&unitid=38467"
            "&webname=%E5%AD%A6%E9%99%A2&permissiontype=0"
        )
        return (
            f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{self.name} {section.name}</title><meta'
            f' name="SiteName" content="{self.name}"><meta name="ColumnName" content="{section.name}"><script'
            ' src="/script/0/1407021145431.js"></script>'
            '<script src="/module/jslib/jquery/jpage/jquery.jpage.js"></script></head><body>\n<div id="38467"'
            ' class="default_pgContainer"><script type="text/xml"><datastore><nextgroup><![CDATA[<a'
            f' href="{onward}"></a>]]></nextgroup>'
            f"<recordset>{self._records(self.rows(section)[:size])}</recordset></datastore></script>"
            f"</div>\n<script>$(function(){{$('#38467').jpage({{perPage:{self.per_page},groupSize:{self.group},totalRecord:{total},proxyUrl:'/module/web/jpage/dataproxy.jsp'}});}});</script></body></html>"
        )

    def dynamic(self, target: str) -> Content | None:
        """dataproxy.jsp by startrecord and endrecord, or the group after the nth by page; GET and POST alike."""
        path, _, query = target.partition("?")
        if path not in ("/module/web/jpage/dataproxy.jsp", "/module/jpage/dataproxy.jsp"):
            return None
        asked, size = dict(parse_qsl(query)), self.per_page * self.group
        rows = self.rows(self.sections[0])
        start = int(asked.get("startrecord") or int(asked.get("page", 1)) * size + 1)
        end = int(asked.get("endrecord") or start + size - 1)
        text = (
            '<?xml version="1.0"'
            f' encoding="utf-8"?><datastore><totalrecord>{len(rows)}</totalrecord>'
            f"<totalpage>{-(-len(rows) // self.per_page)}</totalpage>"
            f"<recordset>{self._records(rows[start - 1 : end])}</recordset></datastore>"
        )
        return Content(lambda: text, "text/xml; charset=utf-8")

    def shown_author(self, story: Story) -> str:
        """Nobody is named."""
        return ""

    def article(self, story: Story) -> str:
        """The body between the comments of the vendor's feed."""
        return (
            f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{self.name} 学院新闻 {story.title}</title><meta'
            f' name="ArticleTitle" content="{story.title}"><meta name="PubDate"'
            f' content="{story.at:%Y-%m-%d %H:%M}"></head><body><h1>'
            f"<!--<$[标题名称(html)]>begin-->{story.title}<!--<$[标题名称(html)]>end--></h1><div"
            f' class="xx">发布时间：{story.at:%Y-%m-%d %H:%M} 浏览次数：{VIEWS}</div><div'
            f' id="zoom"><!--ZJEG_RSS.content.begin-->{_words(story)}<!--ZJEG_RSS.content.end--></div></body></html>'
        )


class Dede(CollegeSite):
    """DedeCMS in GB2312, dates to the second, the layout a table."""

    family = "dedecms"
    encoding = "gb18030"
    per_page = 6
    precision = "minute"
    sections = _SECTION

    def path(self, story: Story) -> str:
        """/a/cat/Y/MMDD/aid.html."""
        return f"/a/xyxw/{story.at:%Y/%m%d}/{story.id + 5000 * story.moved}.html"

    def listing_path(self, section: Section, page: int, pages: int) -> str:
        """The folder, then list_2_N.html."""
        return f"/a/{section.key}/" + (f"list_2_{page}.html" if page > 1 else "")

    def shown_source(self, story: Story) -> str:
        """来源 is shown."""
        return story.source

    def listing(self, section: Section, page: int, pages: int, rows: list[Story], total: int) -> str:
        """`ul.e2` and `ul.pagelist`."""
        items = "".join(
            f'<li><a href="{self.path(s)}" class="title">{s.title}</a><span'
            f' class="info"><small>日期：</small>{s.at:%Y-%m-%d %H:%M:00} <small>点击：</small>90</span><p'
            f' class="intro">{s.title[:12]}...</p></li>'
            for s in rows
        )
        numbers = "".join(
            f'<li class="thisclass">{n}</li>' if n == page else f"<li><a href='{self._link(n)}'>{n}</a></li>"
            for n in range(1, pages + 1)
        )
        onward = (
            f"<li><a href='{self._link(page + 1)}'>下一页</a></li><li><a href='{self._link(pages)}'>末页</a></li>"
            if page < pages
            else ""
        )
        return (
            '<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"'
            f' /><title>{section.name}_{self.name}</title><link href="/templets/default/style/dedecms.css"'
            ' rel="stylesheet" /><script src="/include/dedeajax2.js"></script></head><body>\n<div class="listbox"><ul'
            f' class="e2">{items}</ul></div>\n<div class="dede_pages"><ul'
            f' class="pagelist"><li>首页</li>{numbers}{onward}<li><span class="pageinfo">共'
            f" <strong>{pages}</strong>页<strong>{total}</strong>条</span></li></ul></div></body></html>"
        )

    def _link(self, page: int) -> str:
        return f"list_2_{page}.html" if page > 1 else "/a/xyxw/"

    def article(self, story: Story) -> str:
        """`.viewbox`, body in a table."""
        return (
            '<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"'
            f' /><title>{story.title}_{self.name}</title><link href="/templets/default/style/dedecms.css"'
            f' rel="stylesheet" /></head><body><div class="viewbox"><div class="title"><h2>{story.title}</h2></div>'
            f'<div class="info"><small>时间:</small>{story.at:%Y-%m-%d %H:%M}<small>来源:</small>{story.source}'
            f" <small>作者:</small>{story.author} <small>点击:</small>{VIEWS}次</div>"
            '<div class="content"><table'
            f" width='100%'><tr><td>{_words(story)}</td></tr></table></div></div></body></html>"
        )


class PhpCms(CollegeSite):
    """PHPCMS v9: addresses are queries; 上一页 of the first page leads to page 0."""

    family = "phpcms_v9"
    per_page = 6
    precision = "minute"
    first_id = 5000
    sections = _SECTION

    def path(self, story: Story) -> str:
        """a=show."""
        return f"/index.php?m=content&c=index&a=show&catid={6 + story.moved}&id={story.id}"

    def listing_path(self, section: Section, page: int, pages: int) -> str:
        """a=lists."""
        return "/index.php?m=content&c=index&a=lists&catid=6" + (f"&page={page}" if page > 1 else "")

    def dynamic(self, target: str) -> Content | None:
        """Page 0 and page 1 are the first page."""
        first = self.listing_path(self.sections[0], 1, 1)
        return self.routes()[first] if target in (f"{first}&page=0", f"{first}&page=1") else None

    def shown_author(self, story: Story) -> str:
        """Nobody is named."""
        return ""

    def shown_source(self, story: Story) -> str:
        """来源 is shown."""
        return story.source

    def listing(self, section: Section, page: int, pages: int, rows: list[Story], total: int) -> str:
        """Dates stand before the links."""
        first = self.listing_path(section, 1, pages)
        items = "".join(
            f'<li><span class="rt">{s.at:%Y-%m-%d %H:%M:00}</span>·<a href="{self.path(s)}" target="_blank"'
            f' style="color:;">{s.title}</a></li>'
            for s in rows
        )
        pager = f'<a href="{first}&page={page - 1}" class="a1">上一页</a> <span>{page}</span> ' + (
            f'<a href="{first}&page={page + 1}" class="a1">下一页</a>' if page < pages else ""
        )
        return (
            '<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"'
            f' /><title>{section.name} - {self.name}</title><link href="/statics/css/default_blue.css"'
            f' rel="stylesheet"/></head><body><div class="main"><ul class="list lh24 f14">{items}</ul><div id="pages"'
            f' class="text-c"><a class="a1">{total}条</a> {pager}</div></div></body></html>'
        )

    def article(self, story: Story) -> str:
        """The date stands inside the h1."""
        return (
            f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{story.title} -'
            f' {self.name}</title></head><body><div id="Article"><h1>{story.title}<br'
            f" /><span>{story.at:%Y-%m-%d %H:%M:00} &nbsp;&nbsp;&nbsp;来源：{story.source} &nbsp;&nbsp;&nbsp;点击：<b"
            f' id="hits"></b></span></h1><div class="content">{_words(story)}</div></div><script language="JavaScript"'
            f' src="/api.php?op=count&id={story.id}&modelid=1"></script></body></html>'
        )


class SiteServer(CollegeSite):
    """SiteServer CMS."""

    family = "siteserver"
    per_page = 6
    sections = _SECTION

    def path(self, story: Story) -> str:
        """/contents/channel/id.html."""
        return f"/contents/{5 + story.moved}/{story.id}.html"

    def listing_path(self, section: Section, page: int, pages: int) -> str:
        """/channels/5.html, 5_2.html."""
        return f"/channels/5{f'_{page}' if page > 1 else ''}.html"

    def shown_author(self, story: Story) -> str:
        """Nobody is named."""
        return ""

    def shown_source(self, story: Story) -> str:
        """来源 is shown."""
        return story.source

    def listing(self, section: Section, page: int, pages: int, rows: list[Story], total: int) -> str:
        """A plain list."""
        items = "".join(
            f'<li><span class="time">{s.at:%Y-%m-%d}</span><a href="{self.path(s)}" target="_blank">{s.title}</a></li>'
            for s in rows
        )
        pager = _pages(lambda n: self.listing_path(section, n, pages), page, pages)
        return (
            f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{section.name}</title><script'
            f' src="/sitefiles/assets/js/jquery.js"></script></head><body><ul class="news">{items}</ul><div'
            f' class="page"><a href="/channels/5.html">首页</a><span>{page}</span>{pager}</div></body></html>'
        )

    def article(self, story: Story) -> str:
        """A heading, a line of facts, the content."""
        return (
            f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{story.title}</title><script'
            f' src="/sitefiles/assets/js/jquery.js"></script></head><body><h1>{story.title}</h1><p'
            f' class="info">{story.at:%Y-%m-%d} 来源：{story.source} 点击量：<span id="hits">{VIEWS}</span></p><div'
            f' class="content">{_words(story)}</div></body></html>'
        )


class JeeCms(CollegeSite):
    """JeeCMS: .jhtml, absolute links."""

    family = "jeecms"
    per_page = 6
    first_id = 2200
    sections = _SECTION

    def path(self, story: Story) -> str:
        """/xyxw/2300.jhtml."""
        return f"/xyxw{story.moved or ''}/{story.id}.jhtml"

    def listing_path(self, section: Section, page: int, pages: int) -> str:
        """index.jhtml, index_2.jhtml."""
        return f"/{section.key}/index{f'_{page}' if page > 1 else ''}.jhtml"

    def shown_author(self, story: Story) -> str:
        """Nobody is named."""
        return ""

    def listing(self, section: Section, page: int, pages: int, rows: list[Story], total: int) -> str:
        """The pager's links are relative."""
        items = "".join(
            f'<li><span class="date">{s.at:%Y-%m-%d}</span><a href="{self.base}{self.path(s)}"'
            f' title="{s.title}">{s.title}</a></li>'
            for s in rows
        )
        pager = _pages(lambda n: f"index_{n}.jhtml", page, pages).replace("末页", "尾页")
        return (
            f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{section.name}-{self.name}</title><script'
            ' src="/r/cms/jquery.js"></script><script src="/r/cms/front.js"></script></head><body><ul'
            f' class="list">{items}</ul><div class="pagesite">共{total}条记录 {page}/{pages}页 <a'
            f' disabled="disabled">首页</a> {pager}</div></body></html>'
        )

    def article(self, story: Story) -> str:
        """A heading, a bar, the content."""
        return (
            f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{story.title}-{self.name}</title><script'
            f' src="/r/cms/front.js"></script></head><body><h1>{story.title}</h1><div'
            f' class="msgbar">发布时间：{story.at:%Y-%m-%d} 浏览次数：<span id="views">{VIEWS}</span></div>'
            "<div"
            f' class="content">{_words(story)}</div>'
            f'<script>$(function(){{Cms.viewCount("","{story.id}");}});</script></body></html>'
        )


class Gpower(CollegeSite):
    """GPower 通元: names of pages are 32 hexadecimal digits, index1.htm is the second page."""

    family = "gpower_tongyuan"
    per_page = 6
    sections = _SECTION

    def path(self, story: Story) -> str:
        """/col/{32 hex}.htm."""
        return f"/xyxw/{md5(f'{story.id}/{story.moved}'.encode()).hexdigest()}.htm"

    def listing_path(self, section: Section, page: int, pages: int) -> str:
        """index.htm, index1.htm (the second)."""
        return f"/{section.key}/index{page - 1 if page > 1 else ''}.htm"

    def dress(self, story: Story, random: Random, n: int) -> None:
        """Documents lie in ../docs; one item is a WeChat post."""
        if n % 4 == 1:
            story.files = [
                File(f"/docs/{story.at:%Y-%m}/{md5(story.title.encode()).hexdigest()}.pdf", "附件1.pdf", story.title)
            ]
        if n == 6:
            story.kind, story.external, story.paragraphs = "external", "https://mp.weixin.qq.com/s/gp001", []

    def shown_author(self, story: Story) -> str:
        """Nobody is named."""
        return ""

    def shown_source(self, story: Story) -> str:
        """来源 is shown."""
        return story.source

    def listing(self, section: Section, page: int, pages: int, rows: list[Story], total: int) -> str:
        """The whole row is one link."""
        items = "".join(
            f'<li><a class="gpTextArea" href="{s.external or self.path(s).rpartition("/")[2]}" target="_blank"><span'
            f' class="gp-f14 gpArticleDate">{s.at:%Y-%m-%d}</span><p class="gp-f16 gpArticleTitle'
            f' gp-ellipsis">{s.title}</p></a></li>'
            for s in rows
        )
        pager = _pages(lambda n: f"index{n - 1}.htm", page, pages).replace("末页", "尾页")
        return (
            f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{section.name}-{self.name}</title><link'
            ' rel="stylesheet" href="../css/gp-common.css"></head><body>\n<div class="page-list18"><ul'
            f' class="block-list64 list-unstyled gp-clearFix gpAvgList gp-li-mb0">{items}</ul></div>\n<div'
            ' class="gp-page"><a href="index.htm">首页</a><a'
            f' class="cur">{page}</a>{pager}<span>共{pages}页</span></div></body></html>'
        )

    def article(self, story: Story) -> str:
        """`.gp-article`, documents in `.gp-annex2`."""
        files = "".join(f'<div class="gp-annex2"><a href="..{f.path}">{f.name}</a></div>' for f in story.files)
        return (
            f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{story.title}-{self.name}</title><link'
            ' rel="stylesheet" href="../css/gp-common.css"></head><body><div class="gp-article1 gp-article"><h3'
            f' id="shareTitle" class="gp-f24">{story.title}</h3><div'
            f' class="gp-info"><span>发布日期：{story.at:%Y-%m-%d}</span><span>来源：{story.source}</span>'
            f"<span>浏览量：<i"
            f' id="click">{VIEWS}</i></span></div><div class="article"'
            f' id="gp-content">{_words(story)}</div></div>{files}</body></html>'
        )
