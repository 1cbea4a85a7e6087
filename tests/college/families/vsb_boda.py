"""VSB 博达: relative addresses, and a pager that counts down (page 2 of 6 is /xyyw/5.htm)."""

from __future__ import annotations

from random import Random

from tests.college.site import VIEWS, CollegeSite, Section
from tests.college.story import File, Story

_PLAYER = 'showVsbpdfIframe("{}","100%","600","0","","");'


class Vsb(CollegeSite):
    """One list; a document on every fourth story, an external item, an item behind the log-in wall."""

    family = "vsb_boda"
    per_page = 7
    first_id = 19000
    precision = "minute"
    sections = (Section("xyyw", "学校要闻", 24, "news_title"),)

    def dress(self, story: Story, random: Random, n: int) -> None:
        """`__local` is where VSB keeps pictures and documents."""
        if n % 2:
            story.images = [File(f"/__local/0/5D/B7/A5A4{story.id}_75D398A0_A4E8.jpg", "img", story.title)]
        if n % 4 == 1:
            story.files = [File(f"/__local/2/30/25/{story.id}.pdf", "plan.pdf", story.title)]
        story.sticky = n == 5
        if n == 9:
            story.kind, story.external, story.images, story.files, story.paragraphs = (
                "external",
                "https://mp.weixin.qq.com/s/ZyXwVu0987654321",
                [],
                [],
                [],
            )

    def path(self, story: Story) -> str:
        """/info/1036/19261.htm."""
        return f"/info/{1036 + story.moved}/{story.id}.htm"

    def listing_path(self, section: Section, page: int, pages: int) -> str:
        """/xyyw.htm, then /xyyw/{TOTAL-P+1}.htm."""
        return f"/{section.key}.htm" if page == 1 else f"/{section.key}/{pages - page + 1}.htm"

    def shown_source(self, story: Story) -> str:
        """来源 is shown."""
        return story.source

    def _head(self, title: str, root: str, more: str = "") -> str:
        return (
            '<!DOCTYPE HTML><HTML><HEAD><meta http-equiv="X-UA-Compatible" content="IE=edge"><meta'
            f' charset="UTF-8"><title>{title}-{self.name}</title><META Name="keywords" Content="{self.name}"'
            ' />\n<!--Announced by Visual SiteBuilder 9-->\n<link rel="stylesheet" type="text/css"'
            f' href="{root}_sitegray/_sitegray_d.css" />\n<script language="javascript"'
            f' src="{root}_sitegray/_sitegray.js"></script>\n<script type="text/javascript"'
            f' src="/system/resource/js/counter.js"></script>\n{more}</HEAD><BODY>\n<div class="pos">当前位置: <a'
            f' href="{root}index.htm">首页</a> &gt;&gt; <a href="{root}xyyw.htm">学校要闻</a></div>\n'
        )

    def listing(self, section: Section, page: int, pages: int, rows: list[Story], total: int) -> str:
        """Rows with ids line_u10_N, hrefs relative to the page."""
        root = "" if page == 1 else "../"
        items = "\n".join(
            f'<li id="line_u10_{n}"{" class=" + chr(34) + "top" + chr(34) if story.sticky else ""}><a'
            f' href="{self._relative(story, root)}" target="_blank"'
            f' title="{story.title}"><em>{story.title}</em></a><span>{story.at:%Y-%m-%d}</span></li>'
            for n, story in enumerate(rows)
        )

        def at(number: int) -> str:
            return (
                f"{root}{section.key}.htm"
                if number == 1
                else f"{'' if root else section.key + '/'}{pages - number + 1}.htm"
            )

        numbers = "".join(
            f'<span class="p_no_d">{n}</span>' if n == page else f'<span class="p_no"><a href="{at(n)}">{n}</a></span>'
            for n in range(1, pages + 1)
        )
        onward = (
            f'<span class="p_next p_fun"><a href="{at(page + 1)}">下页</a></span><span class="p_last p_fun"><a'
            f' href="{at(pages)}">尾页</a></span>'
            if page < pages
            else '<span class="p_next_d p_fun_d">下页</span><span class="p_last_d p_fun_d">尾页</span>'
        )
        goto = f"_simple_list_gotopage_fun({pages},&quot;u10_goto&quot;,2)"
        return (
            f'{self._head(section.name, root)}<div class="main_conR list"><ul>\n{items}\n</ul></div>\n<div'
            f' class="pb_sys_common pb_sys_normal pb_sys_style1"><span class="p_t">共{total}条</span> <span'
            f' class="p_pages">{numbers}{onward}</span> <span class="p_goto"><a href="javascript:;"'
            f' onclick="{goto}">跳转</a></span></div></BODY></HTML>'
        )

    def _relative(self, story: Story, root: str) -> str:
        return story.external or root + self.path(story)[1:]

    def article(self, story: Story) -> str:
        """The form that wraps every VSB article, META facts, previous and next links relative to the page."""
        more = (
            f'<META Name="ArticleTitle" Content="{story.title}"/><META Name="PubDate"'
            f' Content="{story.at:%Y-%m-%d %H:%M}"/><META Name="ContentSource" Content="{story.source}"/>'
        )
        parts = [f'<p style="text-indent:2em">{text}</p>' for text in story.paragraphs]
        for image in story.images:
            parts.insert(
                1,
                '<p class="vsbcontent_img" style="text-align:center"><img class="img_vsb_content"'
                f' orisrc="{image.path}" src="{image.path}" vurl="/_vsl/A5A4/75D398A0/A4E8"></p>',
            )
        parts += [f"<p><script>{_PLAYER.format(file.path)}</script></p>" for file in story.files]
        return (
            f'{self._head(story.title, "../../", more)}<form name="_newscontent_fromname"><div'
            f' class="main_contit"><h2>{story.title}</h2>\n<p>作者：{story.author} &nbsp; 来源：{story.source} &nbsp;'
            f' 发布时间：{story.at:%Y年%m月%d日 %H:%M} &nbsp; 点击数：{VIEWS}</p></div>\n<div class="main_conDiv"'
            f' id="vsb_content_500"><div class="v_news_content">\n{"".join(parts)}\n</div></div><div'
            ' id="div_vote_id"></div>\n<div class="main_art"><ul><li><lable>上一条：</lable><a'
            f' href="{story.id + 3}.htm">学校举行消防演练</a></li></ul></div></form></BODY></HTML>'
        )
