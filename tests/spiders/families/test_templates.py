"""The shared templates (`../shared/cms/templates`) read exactly: items, next page, article. Skipped where they are
absent."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from spiders.families import NAMES, family
from spiders.page import Page
from spiders.urls import with_form
from tests.spiders.families import facts

SHARED = Path(os.environ.get("CAMPUSWARC_SHARED", Path(__file__).parents[4] / "shared"))
TEMPLATES = SHARED / "cms" / "templates"
pytestmark = pytest.mark.skipif(not TEMPLATES.is_dir(), reason=f"no templates at {TEMPLATES}")

FETCHED = datetime(2026, 10, 9, tzinfo=UTC)
CN, EDU, NEWS, DAILY = (
    "http://www.example-college.edu.cn",
    "https://www.example.edu",
    "https://news.example.edu",
    "https://example-daily.com",
)
CHRONICLE = "https://www.examplechronicle.com"
DAYS = ("2026-09-28", "2026-09-25", "2026-09-21", "2026-09-18", "2026-09-15", "2026-09-10")
EN = (
    "College Opens New Center for Nursing Education",
    "Faculty Member Receives State Teaching Award",
    "Fall Enrollment Rises for Third Straight Year",
    "Community Invited to Annual Harvest Concert",
    "Students Present Summer Research at Symposium",
    "Trustees Approve Plan for Library Renovation",
)
ZH = (
    "学院举行2026级新生开学典礼暨军训动员大会",
    "我院学子在全国职业技能大赛中获佳绩",
    "省教育厅领导来院调研产教融合工作",
    "学院召开新学期教学工作布置会议",
    "机电工程系组织师生赴企业参观学习",
    "学院举行庆祝第四十二个教师节大会",
)
SLUGS = [title.lower().replace(" ", "-") for title in EN]
EN_BODY = ("The board of trustees voted Tuesday", "college officials said.")
ZH_BODY = ("9月18日，学院在报告厅召开", "重点任务作出部署。")

Row = tuple[str, str, str, str]  # address, title, date, marks: 'external', 'file', 'sticky'


def six(
    titles: tuple[str, ...], address: Callable[[int], str], date: Callable[[int], str] = lambda n: DAYS[n]
) -> list[Row]:
    """Most templates list the same six stories."""
    return [(address(n), title, date(n), "") for n, title in enumerate(titles)]


SUDY = [
    ("/2026/0928/c1344a98951/page.htm", "学院举行2026级新生开学典礼", "2026-09-28", "sticky"),
    ("/2026/0925/c1344a98940/page.htm", "我院在全国职业院校技能大赛中获一等奖", "2026-09-25", ""),
    ("/2026/0921/c1344a98922/page.htm", "市教委领导来校调研产教融合工作", "2026-09-21", ""),
    ("/2026/0918/c1344a98901/page.htm", "学院召开新学期教学工作会议", "2026-09-18", ""),
    ("/2026/0915/c1344a98887/page.htm", "化学工程系师生赴企业开展实践学习", "2026-09-15", ""),
    ("/2026/0910/c1344a98850/page.htm", "学院庆祝第42个教师节", "2026-09-10", ""),
    ("https://mp.weixin.qq.com/s/AbCdEfGh1234567890", "【微信】一图读懂学院新校区", "2026-09-08", "external"),
    (
        "/_upload/article/files/3f/2a/8b1c2d3e4f5061728394a5b6c7d8/0c9d8e7f-1111-2222-3333-444455556666.pdf",
        "2026年度质量报告.pdf",
        "2026-09-01",
        "file",
    ),
]
SUDY_TABLE = [
    ("/2026/0804/c72a111266/page.htm", "关于暑期校园网络维护的通知", "2026-08-04", ""),
    ("/2026/0717/c72a110757/page.htm", "关于2026年暑假有关事项的通知", "2026-07-17", ""),
    ("/fb/46/c72a64326/page.htm", "关于校历的通知（旧URL）", "2014-06-20", ""),
]
VSB = [
    ("/info/1036/19261.htm", "学校召开2026年秋季学期干部大会", "2026-09-29", "sticky"),
    ("/info/1036/19255.htm", "校领导检查开学工作", "2026-09-27", ""),
    (
        "/content.jsp?urltype=news.NewsContentUrl&wbtreeid=1036&wbnewsid=19253",
        "（内网）教职工体检安排",
        "2026-09-26",
        "",
    ),
    ("https://mp.weixin.qq.com/s/ZyXwVu0987654321", "开学第一课来了", "2026-09-25", "external"),
    ("/info/1041/19240.htm", "示例省教育厅来校调研", "2026-09-22", ""),
    (
        "http://edu.example.gov.cn/art/2026/9/20/art_12_3456.html",
        "【媒体】职教改革的示例样本",
        "2026-09-20",
        "external",
    ),
    ("/info/1036/19231.htm", "我校与示例集团签署战略合作协议", "2026-09-18", ""),
]
VSB_2 = [
    ("/info/1036/19225.htm", "学校举办示例论坛", "2026-09-15", ""),
    ("/info/1036/19220.htm", "学校举行消防演练", "2026-09-14", ""),
    ("/info/1036/19214.htm", "图书馆新学期开放公告", "2026-09-12", ""),
    ("/info/1036/19201.htm", "我校学子获数学建模省一等奖", "2026-09-10", ""),
]
VSB_SKINS = [
    ("/a/info/1188/38224.htm", "标题甲示例文字", "2026年01月16日", ""),
    ("/info/1046/37386.htm", "标题乙完整示例文字", "2026年04月14日", ""),
    ("/info/1030/155911.htm", "标题丙完整示例文字", "2026-04-17", ""),
    ("/info/2536/72678.htm", "标题戊示例文字", "2026-04-15", ""),
    ("/a/info/1106/2106.htm", "标题己示例文字", "2026-04-14", ""),
    ("/a/info/1177/91001.htm", "清华式：日 + 年.月 拼接标题", "2026-08-27", ""),
    ("/info/1003/5471.htm", "表格皮肤示例标题", "2026/09/22", ""),
]
QUERY = with_form(
    f"{CN}/_wp3services/generalQuery?queryObj=articles",
    {"siteId": "12", "columnId": "1344", "pageIndex": "1", "rows": "14"},
)
GP = (
    "",
    "8afe04761050a8b618b3689717c03507",
    "55ea77378b97712b5c58beab09e459ae",
    "ed078dcf18fc1dce24c4d4ee8bd0d6e2",
    "4acbaeae5a4ac37a9f47dabce0062943",
    "a431c8a9013fad256a5b98e754e3e771",
)
PROXY = f"{CN}/module/web/jpage/dataproxy.jsp"
MORE = with_form(
    f"{CN}/engine2/general/1301/type/more-datas",
    {"engineInstanceId": "1732458", "pageNum": "{}", "pageSize": "20", "typeId": "4562497"},
).replace("%7B%7D", "{}")


def art(n: int) -> str:
    """Hanweb pads neither month nor day."""
    return f"/art/2026/9/{int(DAYS[n][8:])}/art_1234_{88001 - n}.html"


# family, file, address it was served at, items, next page, items claimed, pages claimed
LISTINGS: list[tuple[str, str, str, list[Row], str | None, int | None, int | None]] = [
    ("sudy_webplus", "list.html", f"{CN}/1344/list.htm", SUDY, f"{CN}/1344/list2.htm", 237, 17),
    ("sudy_webplus", "list_table_variant.html", f"{CN}/72/list.htm", SUDY_TABLE, f"{CN}/72/list2.htm", 2147, 154),
    (
        "sudy_webplus",
        "general_query_api.json",
        QUERY,
        [
            (SUDY[0][0], SUDY[0][1], "2026-09-28 09:12:00", "sticky"),
            (SUDY[6][0], SUDY[6][1], "2026-09-08 10:00:00", "external"),
        ],
        QUERY.replace("pageIndex=1", "pageIndex=2"),
        237,
        17,
    ),
    ("vsb_boda", "list.html", f"{CN}/xxyw.htm", VSB, f"{CN}/xxyw/41.htm", 412, 42),
    ("vsb_boda", "list_page2.html", f"{CN}/xxyw/41.htm", VSB_2, f"{CN}/xxyw/40.htm", 412, 42),
    ("vsb_boda", "list_variants.html", f"{CN}/a/b.htm", VSB_SKINS, None, None, None),
    (
        "wordpress",
        "list.html",
        f"{NEWS}/category/news/",
        [
            (url, title, date, "" if n else "sticky")
            for n, (url, title, date, _) in enumerate(
                six(EN, lambda n: f"{NEWS}/2026/09/{SLUGS[n]}/", lambda n: f"{DAYS[n]}T09:00:00-04:00")
            )
        ],
        f"{NEWS}/category/news/page/2/",
        None,
        None,
    ),
    (
        "gpower_tongyuan",
        "list.html",
        f"{CN}/tzgg/index.htm",
        [
            ("https://mp.weixin.qq.com/s/gp001", ZH[0], DAYS[0], "external"),
            *six(ZH, lambda n: f"/tzgg/{GP[n]}.htm")[1:],
        ],
        f"{CN}/tzgg/index1.htm",
        None,
        17,
    ),
    (
        "hanweb_jcms",
        "list.html",
        f"{CN}/col/col1234/index.html",
        six(ZH, art),
        f"{PROXY}?startrecord=7&endrecord=51&perpage=15&webid=107&path=%2F&columnid=1234&unitid=38467&webname=%E7%A4%BA%E4%BE%8B%E5%AD%A6%E9%99%A2&permissiontype=0",
        412,
        None,
    ),
    (
        "hanweb_jcms",
        "dataproxy_page2.xml",
        f"{PROXY}?startrecord=46&endrecord=90&perpage=15&columnid=1234",
        six(ZH, art),
        f"{PROXY}?startrecord=91&endrecord=135&perpage=15&columnid=1234",
        412,
        28,
    ),
    (
        "trs_wcm",
        "list.html",
        f"{CN}/xw/yw/",
        [
            *six(ZH, lambda n: f"/xw/yw/202609/t{DAYS[n].replace('-', '')}_{430100 - n}.html"),
            ("https://mp.weixin.qq.com/s/trs0001", "【微信】校园的秋天", "2026-09-08", "external"),
        ],
        f"{CN}/xw/yw/index_1.html",
        None,
        20,
    ),
    (
        "chaoxing_portal",
        "list.html",
        f"{CN}/engine2/general/more?appId=1301&wfwfid=138779&pageId=85721&websiteId=63018&typeId=4562497",
        [],
        with_form(
            f"{CN}/engine2/general/1301/type/more-datas",
            {
                "engineInstanceId": "1732458",
                "pageNum": "1",
                "pageSize": "20",
                "typeId": "4562497",
                "topTypeId": "",
                "sw": "",
                "sign": "c59a12a69a86dfb3a5a12f04102f8f8d",
            },
        ),
        None,
        None,
    ),
    (
        "chaoxing_portal",
        "more_datas_page1.json",
        MORE.format(1),
        [
            ("https://mp.weixin.qq.com/s/cx1" if n == 1 else url, title, date, "external" if n == 1 else "")
            for n, (url, title, date, _) in enumerate(
                six(ZH, lambda n: f"/engine2/d/{990100 - n}/1732458/0", lambda n: f"{DAYS[n]} 09:00")
            )
        ],
        MORE.format(2),
        236,
        12,
    ),
    (
        "dedecms",
        "list.html",
        f"{CN}/a/xueyuanxinwen/",
        six(
            ZH,
            lambda n: f"/a/xueyuanxinwen/2026/{DAYS[n][5:].replace('-', '')}/{1200 - n}.html",
            lambda n: f"{DAYS[n]} 08:3{n}:12",
        ),
        f"{CN}/a/xueyuanxinwen/list_2_2.html",
        341,
        23,
    ),
    (
        "phpcms_v9",
        "list.html",
        f"{CN}/index.php?m=content&c=index&a=lists&catid=6",
        six(
            ZH,
            lambda n: f"/index.php?m=content&c=index&a=show&catid=6&id={5095 - n}",
            lambda n: f"{DAYS[n]} 09:1{n}:00",
        ),
        f"{CN}/index.php?m=content&c=index&a=lists&catid=6&page=2",
        341,
        None,
    ),
    (
        "siteserver",
        "list.html",
        f"{CN}/channels/5.html",
        six(ZH, lambda n: f"/contents/5/{901 - n}.html"),
        f"{CN}/channels/5_2.html",
        None,
        None,
    ),
    (
        "jeecms",
        "list.html",
        f"{CN}/xyxw/index.jhtml",
        six(ZH, lambda n: f"/xyxw/{2300 - n}.jhtml"),
        f"{CN}/xyxw/index_2.jhtml",
        341,
        23,
    ),
    (
        "wordpress_sno",
        "list.html",
        f"{DAILY}/category/news/",
        six(EN, lambda n: f"{DAILY}/{7000 - n}/news/{SLUGS[n]}/", lambda n: f"September {DAYS[n][8:]}, 2026"),
        f"{DAILY}/category/news/page/2/",
        None,
        None,
    ),
    (
        "snworks",
        "list.html",
        f"{CHRONICLE}/section/news",
        six(EN, lambda n: f"{CHRONICLE}/article/2026/09/{SLUGS[n]}"),
        f"{CHRONICLE}/section/news?page=2&per_page=20",
        None,
        None,
    ),
    (
        "snworks",
        "section_news.json",
        f"{CHRONICLE}/section/news.json?page=1&per_page=20",
        six(EN, lambda n: f"{CHRONICLE}/article/2026/09/{SLUGS[n]}", lambda n: f"{DAYS[n]} 09:00:00"),
        f"{CHRONICLE}/section/news.json?page=2&per_page=20",
        4021,
        202,
    ),
    (
        "drupal",
        "list.html",
        f"{EDU}/news",
        six(EN, lambda n: f"/news/{SLUGS[n]}", lambda n: f"{DAYS[n]}T12:00:00Z"),
        f"{EDU}/news?page=1",
        None,
        58,
    ),
    (
        "omni_cms",
        "list.html",
        f"{EDU}/news/index.html",
        six(EN, lambda n: f"/news/2026/09/{SLUGS[n][:28]}.php", lambda n: f"September {DAYS[n][8:]}, 2026"),
        f"{EDU}/news/index.html?page=2",
        None,
        None,
    ),
    (
        "typo3_news",
        "list.html",
        f"{EDU}/aktuelles",
        six(EN, lambda n: f"/aktuelles/news/artikel/{SLUGS[n]}"),
        f"{EDU}/aktuelles?tx_news_pi1%5BcurrentPage%5D=2&cHash=0f1e2d3c4b5a69788796a5b4c3d2e1f0",
        None,
        None,
    ),
    (
        "nextjs_headless",
        "list.html",
        f"{EDU}/news",
        six(EN, lambda n: f"/news/{SLUGS[n]}", lambda n: f"{DAYS[n]}T09:00:00.000Z"),
        None,
        412,
        None,
    ),
]
# family, file, address, title, what is said of the date, first and last words of the body, words it must lack
ARTICLES: list[tuple[str, str, str, str, str | None, tuple[str, str], tuple[str, ...]]] = [
    (
        "sudy_webplus",
        "article.html",
        f"{CN}/2026/0925/c1344a98940/page.htm",
        "我院在全国职业院校技能大赛中获一等奖",
        "2026-09-25",
        ("9月24日，2026年全国职业院校", "获奖名单.docx"),
        ("浏览次数", "发布者"),
    ),
    (
        "sudy_webplus",
        "article_en_seed_like.html",
        f"{CN}/english/2026/0903/c519a98940/page.htm",
        "School Holds Opening Ceremony for the 2026 Freshmen",
        None,
        ("On the morning of September 3rd", "together with their parents."),
        ("Current Page", "返回", "原图"),
    ),
    (
        "vsb_boda",
        "article.html",
        f"{CN}/info/1036/19231.htm",
        "我校与示例集团签署战略合作协议",
        "2026-09-18 16:20",
        ("9月18日上午", "技术攻关等方面开展合作。"),
        ("上一条", "点击数", "附件"),
    ),
    (
        "wordpress",
        "article.html",
        f"{NEWS}/2026/09/{SLUGS[5]}/",
        EN[5],
        "2026-09-10",
        EN_BODY,
        ("Share this", "Pages:"),
    ),
    (
        "gpower_tongyuan",
        "article.html",
        f"{CN}/tzgg/{GP[3]}.htm",
        ZH[3],
        "2026-09-18",
        ZH_BODY,
        ("浏览量", "发布日期", "附件1"),
    ),
    ("hanweb_jcms", "article.html", CN + art(3), ZH[3], "2026-09-18 15:30", ZH_BODY, ("浏览次数",)),
    (
        "trs_wcm",
        "article.html",
        f"{CN}/xw/yw/202609/t20260918_430097.html",
        ZH[3],
        "2026-09-18 15:30",
        ZH_BODY,
        ("TRS_Editor", "margin-top", "【打印】", "附件"),
    ),
    (
        "chaoxing_portal",
        "article.html",
        f"{CN}/engine2/d/990100/1732458/0",
        ZH[0],
        None,
        ("9月28日，学院举行开学典礼。", "全体新生参加。"),
        ("sequence",),
    ),
    (
        "dedecms",
        "article.html",
        f"{CN}/a/xueyuanxinwen/2026/0918/1197.html",
        ZH[3],
        "2026-09-18 08:33",
        ZH_BODY,
        ("点击", "共2页", "下一页"),
    ),
    (
        "phpcms_v9",
        "article.html",
        f"{CN}/index.php?m=content&c=index&a=show&catid=6&id=5092",
        ZH[3],
        "2026-09-18 09:13:00",
        ZH_BODY,
        ("点击", "来源"),
    ),
    ("siteserver", "article.html", f"{CN}/contents/5/898.html", ZH[3], "2026-09-18", ZH_BODY, ("点击量",)),
    ("jeecms", "article.html", f"{CN}/xyxw/2297.jhtml", ZH[3], "2026-09-18", ZH_BODY, ("浏览次数", "附件1.pdf")),
    (
        "wordpress_sno",
        "article.html",
        f"{DAILY}/6995/news/{SLUGS[5]}/",
        EN[5],
        "September 10, 2026",
        EN_BODY,
        ("Related", "October 8"),
    ),
    (
        "snworks",
        "article.html",
        f"{CHRONICLE}/article/2026/09/{SLUGS[5]}",
        EN[5],
        "2026-09-10T09:00:00-04:00",
        EN_BODY,
        ("Alex Kim",),
    ),
    (
        "drupal",
        "article.html",
        f"{EDU}/news/{SLUGS[5]}",
        EN[5],
        "2026-09-10T12:00:00Z",
        EN_BODY,
        ("Jane Roe", "plan.pdf"),
    ),
    (
        "omni_cms",
        "article.html",
        f"{EDU}/news/2026/09/{SLUGS[5][:28]}.php",
        EN[5],
        "September 10, 2026",
        EN_BODY,
        ("By Jane Roe", "September 10", "©"),
    ),
    (
        "typo3_news",
        "article.html",
        f"{EDU}/aktuelles/news/artikel/{SLUGS[5]}",
        EN[5],
        "2026-09-10",
        EN_BODY,
        ("10.09.2026",),
    ),
    (
        "nextjs_headless",
        "article.html",
        f"{EDU}/news/{SLUGS[5]}",
        EN[5],
        "2026-09-10T09:00:00.000Z",
        ("The board of trustees voted Tuesday", "two-year renovation."),
        ("nodeType",),
    ),
]
READER = {"nextjs_headless": "nextjs"}  # folder of the templates -> family
BLOCKED = {"login_wall.html", "download_captcha.html"}


def page(name: str, file: str, url: str) -> Page:
    return Page(url, (TEMPLATES / name / file).read_bytes(), fetched=FETCHED)


@pytest.mark.parametrize(
    ("name", "file", "url", "items", "older", "total", "pages"),
    LISTINGS,
    ids=[f"{row[0]}/{row[1]}" for row in LISTINGS],
)
def test_a_listing_template(
    name: str, file: str, url: str, items: list[Row], older: str | None, total: int | None, pages: int | None
) -> None:
    reader = family(READER.get(name, name))
    listing = reader.read_listing(page(name, file, url), reader.SELECT)
    root = "/".join(url.split("/")[:3])
    wanted = [
        {"url": address if "://" in address else root + address, "title": title, "date": date or None}
        | ({"sticky": True} if "sticky" in marks else {})
        | ({"kind": marks} if marks in ("external", "file") else {})
        for address, title, date, marks in items
    ]
    assert facts.of_listing(listing) == {"items": wanted, "older": older, "total": total, "pages": pages}


@pytest.mark.parametrize(
    ("name", "file", "url", "title", "date", "ends", "lacks"), ARTICLES, ids=[f"{row[0]}/{row[1]}" for row in ARTICLES]
)
def test_an_article_template(
    name: str, file: str, url: str, title: str, date: str | None, ends: tuple[str, str], lacks: tuple[str, ...]
) -> None:
    reader = family(READER.get(name, name))
    raw = reader.read_article(page(name, file, url), reader.SELECT)
    assert raw.title == title
    assert date in raw.published if date and raw.published else raw.published == date
    words = facts.body(raw)
    assert words.startswith(ends[0]) and ends[1] in words
    assert [word for word in lacks if word in words] == []


@pytest.mark.parametrize(
    ("name", "file", "url"),
    [row[:3] for row in (*LISTINGS, *ARTICLES)],
    ids=[f"{row[0]}/{row[1]}" for row in (*LISTINGS, *ARTICLES)],
)
def test_a_template_is_claimed_by_its_family_alone(name: str, file: str, url: str) -> None:
    sure = {other: family(other).detect(page(name, file, url)) for other in NAMES}
    assert sure.pop(READER.get(name, name)) >= 0.5
    assert {other: score for other, score in sure.items() if score >= 0.5} == {}


def test_every_template_is_tested() -> None:
    tested = {(name, file) for name, file, *_ in (*LISTINGS, *ARTICLES)}
    present = {
        (path.parent.name, path.name)
        for path in TEMPLATES.glob("*/*")
        if path.suffix != ".md" and path.name not in BLOCKED
    }
    assert present <= tested
