"""Which words of a row are its headline, in skins of many makers; and pages of shops and services, which hold no
news."""

from itertools import product

import pytest

from spiders.facts import Listing
from spiders.generic import listing
from spiders.page import Page

LIST = "https://www.example.edu/nachrichten/"
ZH = (
    "学校举行春季田径运动会开幕式",
    "图书馆新馆面向全校师生开放",
    "我校与滨海市签署合作框架协议",
    "关于开展教材征订工作的通知",
    "物理学院学生获全国竞赛一等奖",
)
EN = (
    "Old mill becomes a museum of weaving",
    "Sailing team wins the northern cup",
    "Faculty of law moves to Castle Street",
    "Three new scholarships for nurses",
    "Greenhouse grows its first bananas",
)
# name -> (titles, one row with %(u)s address, %(t)s title, %(d)s date, %(k)s cut title, %(n)s number)
SKINS = {
    "a day as the heading of a card": (ZH, '<div class="it"><a href="%(u)s"><h2>%(d)s</h2><p>%(t)s</p></a></div>'),
    "day and month in headings of their own": (
        ZH,
        '<li><a href="%(u)s"><h2>%(n)s</h2><h6>2026-09</h6><h4>%(t)s</h4></a></li>',
    ),
    "a date glued to a headline of digits": (
        tuple(f"2025年度{t}" for t in ZH),
        '<li><a href="%(u)s"><em>%(d)s</em>%(t)s</a></li>',
    ),
    "a date behind": (ZH, '<li><a href="%(u)s">%(t)s<b>%(d)s</b></a></li>'),
    "cut before the date": (ZH, '<li><a href="%(u)s" title="%(t)s"><i>%(k)s……</i><em>%(d)s</em></a></li>'),
    "cut before a unit": (
        ZH,
        '<li><a href="%(u)s" title="%(t)s">%(k)s...</a><span>[教务处]</span><span>%(d)s</span></li>',
    ),
    "a teaser linked below": (
        EN,
        (
            '<div class="row"><p class="headline"><a href="%(u)s">%(t)s</a></p><p><a href="%(u)s">It was a long and'
            " windy day on which all who had come from near and far saw the work</a></p><i>%(d)s</i></div>"
        ),
    ),
    "a picture with a caption": (
        EN,
        (
            '<div class="row"><a href="%(u)s"><img alt="Visitors before the old mill on a windy afternoon in the north,'
            ' no. %(n)s" src="x.jpg"></a><div class="news-title"><a href="%(u)s">%(t)s</a></div><i>%(d)s</i></div>'
        ),
    ),
    "a label for new ones": (EN, '<li><a href="%(u)s"><span class="badge">Neu</span> %(t)s</a> %(d)s</li>'),
    "a label with no class": (EN, '<li><a href="%(u)s">%(t)s <em>NEW</em></a> %(d)s</li>'),
    "a category in brackets": (ZH, '<tr><td><a href="%(u)s"><span>[学生处]</span>%(t)s</a></td><td>%(d)s</td></tr>'),
    "heading and a link to read on": (
        EN,
        '<section class="n"><h3>%(t)s</h3><p>%(d)s</p><a href="%(u)s">Lire la suite</a></section>',
    ),
    "heading and a German link": (
        EN,
        (
            '<div class="n"><time>%(d)s</time><h4>%(t)s</h4><p>It was a windy day.</p><a href="%(u)s">weiterlesen'
            " »</a></div>"
        ),
    ),
    "a table with a link to open": (
        EN,
        '<tr><td>%(n)s.</td><td>%(t)s</td><td>%(d)s</td><td><a href="%(u)s">Download</a></td></tr>',
    ),
    "a card covered by its link": (
        EN,
        (
            '<article class="c"><h3>%(t)s</h3><time datetime="%(d)s">%(d)s</time><a class="cover" href="%(u)s"'
            ' aria-label="open"></a></article>'
        ),
    ),
    "a report and a newspaper in the teaser": (
        EN,
        (
            '<li><h3><a href="%(u)s">%(t)s</a></h3><span>%(d)s</span> <i><a'
            ' href="https://paper.example.org/2026/09/piece-of-news-number-%(n)s/">The Northern Paper of'
            ' Record</a></i><p>As is shown in <a href="/r/%(n)s.pdf">a report of sixty pages that was long in the'
            " making</a>.</p></li>"
        ),
    ),
    "short headlines": (
        ("食堂调价", "校车改线", "网络检修", "开学须知", "招聘公告"),
        '<li><a href="%(u)s">%(t)s</a><span>%(d)s</span></li>',
    ),
}


def page_of(body: str) -> Page:
    return Page(LIST, f"<html><body>{body}</body></html>".encode())


def rows(titles: tuple[str, ...], skin: str) -> str:
    made = (
        skin % {"u": f"/nachrichten/2{n}07.html", "t": title, "d": f"2026-09-{20 - n}", "k": title[:5], "n": 20 - n}
        for n, title in enumerate(titles)
    )
    tag = "table" if skin.startswith("<tr") else "ul" if skin.startswith("<li") else "div"
    return f"<{tag} class='all'>{''.join(made)}</{tag}>"


@pytest.mark.parametrize("name", SKINS)
def test_the_headline_of_a_skin(name: str) -> None:
    titles, skin = SKINS[name]
    found = listing.find(page_of(rows(titles, skin)))
    assert [item.title for item in found.items] == list(titles)
    assert all(item.date for item in found.items) or "months" in name


def test_a_number_set_apart_stays_in_its_headline() -> None:
    made = "".join(
        "<li><a"
        f" href='/nachrichten/2{n}07.html'>校庆<b>{n + 100}</b>周年：{title}</a><span>2026-09-{20 - n}</span></li>"
        for n, title in enumerate(ZH)
    )
    assert [item.title for item in listing.find(page_of(f"<ul>{made}</ul>")).items] == [
        f"校庆{n}周年：{title}" for n, title in enumerate(ZH, 100)
    ]


def test_a_list_called_links_or_archives_is_one_where_its_addresses_are_stories() -> None:
    for name in ("archives", "quick links"):
        items = "".join(
            f"<li><a href='/nachrichten/2{n}07.html'>{title} in the north</a></li>" for n, title in enumerate(EN)
        )
        assert len(listing.find(page_of(f"<div class='{name}'><ul>{items}</ul></div>")).items) == len(EN)
    friends = "".join(
        f"<li><a href='https://www.{n}.example.org/'>{title} in the north</a></li>" for n, title in enumerate(EN)
    )
    assert listing.find(page_of(f"<div class='links'><ul>{friends}</ul></div>")) == Listing()


DATA = {
    "ItemList": '<script type="application/ld+json">{"@type":"ItemList","itemListElement":[%s]}</script>',
    "an array in a script": "<script>window.feed = {total: 5, rows: [%s]};</script>",
    "a state": '<script>window.__INITIAL_STATE__={"news":{"list":[%s]}};</script>',
    "a payload of pushes": None,
}


@pytest.mark.parametrize("name", DATA)
def test_a_list_that_only_scripts_hold(name: str) -> None:
    import json

    records = [
        {"name": title, "url": f"/nachrichten/2{n}07.html", "datePublished": f"2026-09-{20 - n}"}
        for n, title in enumerate(EN)
    ]
    listed = ",".join(
        json.dumps({"@type": "ListItem", "item": record} if name == "ItemList" else record) for record in records
    )
    shell = DATA[name]
    body = (
        shell % listed
        if shell
        else (
            f"<script>self.__next_f.push([1,{json.dumps('5:[' + listed[:80])}])</script>"
            f"<script>self.__next_f.push([1,{json.dumps(listed[80:] + ']')}])</script>"
        )
    )
    found = listing.find(page_of(f"<div id='app'></div>{body}"))
    assert [(item.title, item.date) for item in found.items] == [
        (record["name"], record["datePublished"]) for record in records
    ]


def test_an_array_that_javascript_writes_freely() -> None:
    rows_ = ",".join(
        f"{{id:{n}, title:'{title}', href:'/nachrichten/2{n}07.html', date:'2026-09-{20 - n}'}}"
        for n, title in enumerate(EN)
    )
    assert [
        item.title for item in listing.find(page_of(f"<div></div><script>var list = [{rows_}];</script>")).items
    ] == list(EN)


def test_data_of_menus_is_no_list() -> None:
    menu = ",".join(
        f'{{"title":"{words}","url":"/{words.lower()}/"}}'
        for words in ("Admissions", "Research and teaching", "Our campus in the north", "Library services")
    )
    assert listing.find(page_of(f"<div id='app'></div><script>window.menu=[{menu}]</script>")) == Listing()


THINGS = {
    "products": ("Enamel mug with the college crest", "/shop/enamel-mug-{n}", "£{n}.50", "Add to basket"),
    "hoodies": ("Navy hoodie in organic cotton", "/products/{n}", "from €{n}", "View"),
    "courses": ("Bachelor of Marine Engineering", "/study/marine-engineering-{n}/", "{n} ECTS", "Learn more"),
    "services": ("Help with your computer account", "/it/help/accounts", "Room {n}", "Details"),
    "staff": ("Professor Alma Marsh of the Faculty", "/people/marsh-{n}", "ext. 4{n}", "Profile"),
    "rooms": ("Seminar room with a projector", "/rooms/{n}", "{n} seats", "Book"),
    "books": ("A history of lighthouse keepers", "/catalogue/item?id=12{n}", "Shelf {n}.4", "Reserve"),
    "dishes": ("Barley soup with leek and carrots", "/canteen/menu#{n}", "{n} kr", "More"),
    "forms": ("Application for leave of absence", "/forms/leave-{n}.pdf", "{n} kB", "Download"),
    "departments": ("Department of Applied Mathematics", "/departments/mathematics/", "Building {n}", "View"),
    "questions": ("How do I apply for a place in a hall?", "/faq#question-{n}", "", "Read more"),
    "partners": ("University of the Northern Isles", "https://partner{n}.example.org/", "", "Read more"),
}
OFFERS = {  # the same with addresses as long as stories have them
    "mugs": (
        "Enamel mug with the college crest in blue",
        "/shop/enamel-mug-with-crest-{n}",
        "£{n}.50",
        "Add to basket",
    ),
    "tickets": ("Evening ticket for the garden", "/tickets/evening-ticket-for-the-garden-{n}", "€ {n},00", "Buy"),
    "courses": ("Bachelor of Marine Engineering", "/study/bachelor-of-marine-engineering-{n}/", "180 ECTS", "More"),
    "guides": ("Setting up mail on a telephone", "/it/guides/setting-up-mail-on-phone-{n}", "{n} steps", "Open guide"),
    "experts": ("Dr Ida Brook, who knows of tides and harbours", "/experts/dr-ida-brook-on-tides-{n}", "", "Read more"),
    "rooms": ("Seminar room with a projector", "/rooms/seminar-room-with-projector-{n}", "{n} seats", "Book"),
    "books": (
        "A history of lighthouse keepers",
        "/catalogue/a-history-of-lighthouse-keepers-{n}",
        "Shelf 4",
        "Reserve",
    ),
    "goods": ("白色陶瓷纪念马克杯校徽款", "/item/show/{n}001.html", "¥{n}.00", "加入购物车"),
    "services": ("校园网账号自助开通与密码找回服务", "/service/{n}003.html", "在线办理", "进入"),
    "halls": ("Brook House with shared kitchens", "/living/brook-house-with-kitchens-{n}", "£{n}9 per week", "View"),
    "jumpers": ("Tröja i ekologisk bomull med tryck", "/butik/troja-i-ekologisk-bomull-{n}", "{n}9 kr", "Köp"),
    "hire": (
        "Lastenrad mit Anhänger für den Umzug",
        "/verleih/lastenrad-mit-anhaenger-{n}",
        "ab {n} € am Tag",
        "Buchen",
    ),
}
MARKUP = (
    "<li><a href='{u}'>{t}</a> <span>{x}</span></li>",
    "<div class='card'><a href='{u}'><img src='x.jpg' alt='{t}'></a><h3>{t}</h3><p>{x}</p><a href='{u}'>{w}</a></div>",
    "<tr><td>{n}</td><td>{t}</td><td>{x}</td><td><a href='{u}'>{w}</a></td></tr>",
    "<article><h3><a href='{u}'>{t}</a></h3><p>{x}</p><a href='{u}'>{w}</a></article>",
    "<div class='tile'><a class='stretched-link' href='{u}'></a><h4>{t}</h4><span>{x}</span></div>",
)


@pytest.mark.parametrize("things", [THINGS, OFFERS])
def test_pages_of_shops_and_services_hold_no_news(things: dict[str, tuple[str, str, str, str]]) -> None:
    """Sixty of them; two may be mistaken."""
    mistaken = []
    for (name, (title, url, extra, word)), markup in product(things.items(), MARKUP):
        made = "".join(
            markup.format(u=url.format(n=n), t=f"{title} no. {n}", x=extra.format(n=n), w=word, n=n)
            for n in range(14, 24)
        )
        page = Page(
            "https://www.example.edu/services/",
            (
                f"<html><body><h1>{name}</h1><div"
                f" class='grid'>{made if not markup.startswith('<tr') else f'<table>{made}</table>'}</div>"
                f"</body></html>"
            ).encode(),
        )
        if listing.find(page).items:
            mistaken.append((name, markup[:24]))
    assert len(mistaken) <= 2, mistaken


@pytest.mark.parametrize(
    ("url", "extra"),
    [
        ("/study/news/students-build-a-boat-of-reed-{n}", ""),
        ("/services/library/blog/a-reading-room-by-night-{n}", ""),
        ("/2026/09/grant-for-the-harbour-lab-{n}", "A gift of $3 million"),
    ],
)
def test_undated_news_is_no_offer(url: str, extra: str) -> None:
    made = "".join(
        f"<article><h3><a href='{url.format(n=n)}'>{title}</a></h3><p>{extra if n == 1 else ''}</p></article>"
        for n, title in enumerate(EN)
    )
    assert len(listing.find(page_of(f"<div class='grid'>{made}</div>")).items) == len(EN)
