"""Whole colleges of makes that `add` was not written with: their pages, and what an archive of them must hold."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.crawler.campus import Answer, html

LAST = date(2026, 9, 28)
PLACES = "Ardenmoor Belkirk Corran Dunleith Eastrigg Fallowby Gorsehill Harrowden Inverlow Jarnfold Kestley".split()
THINGS = ("harvest survey", "string quartet", "bicycle workshop", "tidal model", "night library", "debating cup",
          "seed bank", "radio mast", "poetry prize", "river clean-up")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Story:
    """One story: its address, headline and day."""

    path: str
    title: str
    day: date


@dataclass(slots=True)
class College:
    """Pages by path, and the stories that they lead to."""

    stories: list[Story]
    pages: dict[str, Answer] = field(default_factory=dict)


Made = Callable[[], College]
COLLEGES: dict[str, Made] = {}


def college(made: Made) -> Made:
    COLLEGES[made.__name__] = made
    return made


def stories(count: int, path: str, headline: str, step: int = 6, last: date = LAST) -> list[Story]:
    """`count` stories, newest first; `path` and `headline` take a number, a place and a thing."""
    return [
        Story(
            path.format(n=2000 - n, day=last - timedelta(days=n * step)),
            headline.format(n=2000 - n, place=PLACES[n % 11], thing=THINGS[n % 10], k=n + 1),
            last - timedelta(days=n * step),
        )
        for n in range(count)
    ]


def page(title: str, body: str, lang: str = "en", head: str = "") -> Answer:
    return html(
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body>{body}</body></html>"
    )


def told(made: College, text: str, lang: str, when: str = "%Y-%m-%d") -> College:
    """The page of each story."""
    for one in made.stories:
        shown = f"<p class='when'>{one.day.strftime(when)}</p>" if when else ""
        made.pages[one.path] = page(
            one.title,
            f"<div class='story'><h1>{one.title}</h1>{shown}<div class='body'>"
            + "".join(f"<p>{text} ({k})</p>" for k in "abc")
            + "</div></div>",
            lang,
        )
    return made


def parts(found: Sequence[Story], rows: int) -> list[list[Story]]:
    return [list(found[at : at + rows]) for at in range(0, len(found), rows)]


def long_day(day: date, months: str, form: str = "{d} {m} {y}") -> str:
    return form.format(d=day.day, m=months.split()[day.month - 1], y=day.year)


MONTHS = {
    "vi": "1 2 3 4 5 6 7 8 9 10 11 12",
    "tr": "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "id": "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "hu": "január február március április május június július augusztus szeptember október november december",
    "th": "ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค.",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
}
TEXTS = {
    "vi": "Nhà trường cho biết chương trình kéo dài mười một tuần với sự tham gia của bốn khoa, và sẽ tiếp tục"
    " năm sau.",
    "tr": "Üniversite yönetimi çalışmanın on bir hafta sürdüğünü ve dört bölümün katıldığını açıkladı, gelecek"
    " yıl sürecek.",
    "pl": "Uczelnia poinformowała, że prace trwały jedenaście tygodni i objęły cztery wydziały, a za rok będą"
    " wznowione.",
    "ar": "قالت الجامعة إن العمل استغرق أحد عشر أسبوعا وشاركت فيه أربعة أقسام وسيتكرر في العام المقبل إن شاء الله.",
    "id": "Pihak kampus menyampaikan bahwa kegiatan berlangsung sebelas minggu dan melibatkan empat jurusan tahun ini.",
    "pt": "A universidade informou que o trabalho durou onze semanas e envolveu quatro departamentos neste semestre.",
    "hu": "Az egyetem közölte, hogy a munka tizenegy hétig tartott, és négy tanszék vett részt benne ebben a félévben.",
    "th": "มหาวิทยาลัยแจ้งว่าการดำเนินงานใช้เวลาสิบเอ็ดสัปดาห์และมีสี่ภาควิชาเข้าร่วม และจะจัดขึ้นอีกครั้งในปีหน้า",
    "es": "La universidad informó que el trabajo duró once semanas y reunió a cuatro departamentos durante el"
    " semestre.",
    "en": "The college said that the work took eleven weeks and involved staff of four departments during the term.",
    "zh": "会议指出，本项工作历时十一周，四个部门参与其中，自下周一起师生可以前往现场了解情况，服务台备有简要说明。",
    "ko": "학교는 이번 사업이 11주 동안 네 개 학과의 참여로 진행되었으며 내년에도"
    " 이어질 것이라고 밝혔다. 학생들의 많은 관심을 바란다.",
}


@college
def vietnamese_path_pages() -> College:
    """`/page/2/` in the path, "Trang sau", thumbnails before headlines."""
    made = College(stories(27, "/{n}-ban-tin-khoa", "Sinh viên khoa {place} đạt giải cuộc thi lần thứ {k}"))
    sets = parts(made.stories, 9)
    for n, part in enumerate(sets, 1):
        rows = "".join(
            f"<div class='item-news'><a class='thumb' href='{s.path}'><img src='/a.jpg' alt=''></a><div class='info'>"
            f"<h3><a href='{s.path}' title='{s.title}'>{s.title}</a></h3><p class='sapo'>{TEXTS['vi'][:70]}...</p>"
            f"<span class='time'>{s.day:%d/%m/%Y}</span></div></div>"
            for s in part
        )
        on = f"<a class='next-page' href='/tin-tuc/page/{n + 1}/'>Trang sau</a>" if n < len(sets) else ""
        numbers = "".join(
            f"<span class='current'>{k}</span>" if k == n else f"<a href='/tin-tuc/page/{k}/'>{k}</a>"
            for k in range(1, len(sets) + 1)
        )
        made.pages["/tin-tuc/" if n == 1 else f"/tin-tuc/page/{n}/"] = page(
            "Tin tức", f"<h1>Tin tức</h1><div class='list'>{rows}</div><div class='trang'>{numbers}{on}</div>", "vi"
        )
    made.pages["/"] = page(
        "Trường Đại học Bến Cảng",
        "<ul><li><a href='/'>Trang chủ</a></li><li><a href='/tin-tuc/'>Tin tức</a></li></ul>",
        "vi",
    )
    return told(made, TEXTS["vi"], "vi", "%d/%m/%Y")


@college
def turkish_offsets() -> College:
    """Numbers that lead to offsets, a table, months in words."""
    made = College(stories(33, "/duyuru.php?no={n}", "{place} yerleşkesinde {k}. dönem kayıt işlemleri hakkında"))
    sets = parts(made.stories, 11)
    for n, part in enumerate(sets):
        rows = "".join(
            f"<tr><td>{long_day(s.day, MONTHS['tr'])}</td><td><a"
            f" href='duyuru.php?no={s.path[-4:]}'>{s.title}</a></td></tr>"
            for s in part
        )
        numbers = " ".join(
            f"<b>{k + 1}</b>" if k == n else f"<a href='duyurular.php?bas={k * 11}'>{k + 1}</a>"
            for k in range(len(sets))
        )
        made.pages["/duyurular.php" if n == 0 else f"/duyurular.php?bas={n * 11}"] = page(
            "Duyurular", f"<h2>Duyurular</h2><table class='liste'>{rows}</table><div>{numbers}</div>", "tr"
        )
    made.pages["/duyurular.php?bas=0"] = made.pages["/duyurular.php"]
    made.pages["/"] = page("Liman Üniversitesi", "<ul><li><a href='/duyurular.php'>Duyurular</a></li></ul>", "tr")
    return told(made, TEXTS["tr"], "tr", "%d.%m.%Y")


@college
def polish_ranges() -> College:
    """`1-10 | 11-20 | 21-30`, days in words with endings."""
    made = College(stories(30, "/komunikat/{n}", "Wyniki konkursu wydziału {place} w edycji numer {k}"))
    sets = parts(made.stories, 10)
    for n, part in enumerate(sets):
        rows = "".join(
            f"<article><header><h2><a href='{s.path}'>{s.title}</a></h2><small>{long_day(s.day, MONTHS['pl'])}</small>"
            f"</header></article>"
            for s in part
        )
        ranges = " | ".join(
            f"{k * 10 + 1}-{k * 10 + 10}"
            if k == n
            else f"<a href='/aktualnosci?od={k * 10}'>{k * 10 + 1}-{k * 10 + 10}</a>"
            for k in range(3)
        )
        made.pages["/aktualnosci" if n == 0 else f"/aktualnosci?od={n * 10}"] = page(
            "Aktualności", f"<main><h1>Aktualności</h1>{rows}<p>{ranges}</p></main>", "pl"
        )
    made.pages["/aktualnosci?od=0"] = made.pages["/aktualnosci"]
    made.pages["/"] = page("Politechnika Portowa", "<nav><a href='/aktualnosci'>Aktualności</a></nav>", "pl")
    return told(made, TEXTS["pl"], "pl", "%d.%m.%Y")


@college
def arabic_infinite() -> College:
    """The list grows while one scrolls: an address in an attribute answers pieces of HTML."""
    made = College(stories(32, "/ar/story/{n}", "كلية {place} تنظم الملتقى العلمي رقم {k} لطلبة الدراسات"))
    sets = parts(made.stories, 8)

    def rows(part: list[Story]) -> str:
        return "".join(
            f"<div class='card-item'><a href='{s.path}'><h4>{s.title}</h4></a><span class='tarikh'>"
            f"{long_day(s.day, MONTHS['ar'])}</span></div>"
            for s in part
        )

    made.pages["/ar/news"] = page(
        "الأخبار",
        f"<h1>الأخبار</h1><div class='feed infinite-scroll' data-next-url='/ar/news/more?page=2'>{rows(sets[0])}</div>",
        "ar",
    )
    for n, part in enumerate(sets[1:], 2):
        made.pages[f"/ar/news/more?page={n}"] = html(rows(part))
    made.pages["/"] = page("جامعة المرفأ", "<ul><li><a href='/ar/news'>الأخبار</a></li></ul>", "ar")
    return told(made, TEXTS["ar"], "ar")


@college
def indonesian_months() -> College:
    """A month a page, chosen from a drop-down that a form asks by GET."""
    made = College(stories(36, "/berita/{n}.html", "Mahasiswa {place} menjuarai lomba tingkat nasional ke-{k}", step=5))
    months = sorted({f"{s.day:%Y-%m}" for s in made.stories}, reverse=True)
    for n, month in enumerate(months):
        rows = "".join(
            f"<li><a href='{s.path}'>{s.title}</a><br><i>{long_day(s.day, MONTHS['id'])}</i></li>"
            for s in made.stories
            if f"{s.day:%Y-%m}" == month
        )
        options = "".join(
            f"<option value='{one}'{' selected' if one == month else ''}>"
            f"{MONTHS['id'].split()[int(one[5:]) - 1]} {one[:4]}</option>"
            for one in months
        )
        made.pages["/berita" if n == 0 else f"/berita?bulan={month}"] = page(
            "Berita",
            f"<h1>Berita</h1><form action='/berita' method='get'><select name='bulan' onchange='this.form.submit()'>"
            f"{options}</select></form><ul class='daftar'>{rows}</ul>",
            "id",
        )
    made.pages["/"] = page("Universitas Pelabuhan", "<ul><li><a href='/berita'>Berita</a></li></ul>", "id")
    return told(made, TEXTS["id"], "id")


@college
def portuguese_head_next() -> College:
    """The way on is in the page's head alone."""
    made = College(stories(24, "/noticias/{n}-campus", "Projeto de {place} recebe prêmio na edição {k} da feira"))
    sets = parts(made.stories, 8)
    for n, part in enumerate(sets, 1):
        rows = "".join(
            f"<div class='noticia'><a href='{s.path}'><strong>{s.title}</strong></a>"
            f"<span>{long_day(s.day, MONTHS['pt'], '{d} de {m} de {y}')}</span></div>"
            for s in part
        )
        head = f"<link rel='next' href='/noticias?pagina={n + 1}'>" if n < len(sets) else ""
        made.pages["/noticias" if n == 1 else f"/noticias?pagina={n}"] = page(
            "Notícias", f"<h1>Notícias</h1><div class='blocos'>{rows}</div>", "pt", head
        )
    made.pages["/"] = page("Universidade do Porto Velho", "<ul><li><a href='/noticias'>Notícias</a></li></ul>", "pt")
    return told(made, TEXTS["pt"], "pt", "%d/%m/%Y")


def _chinese(count: int, path: str) -> College:
    return College(stories(count, path, "关于开展第{k}期校园安全与服务提升工作的通知"))


def _chinese_rows(part: list[Story]) -> str:
    return "".join(f"<li><a href='{s.path}' target='_blank'>{s.title}</a><span>{s.day}</span></li>" for s in part)


def _chinese_home(address: str) -> Answer:
    return page(
        "港湾职业学院", f"<ul><li><a href='/'>首页</a></li><li><a href='{address}'>通知公告</a></li></ul>", "zh-CN"
    )


@college
def chinese_told_by_script() -> College:
    """`createPageHTML(25, 0, "index", "html")`: pages index_1.html and so on, that nothing links."""
    made = _chinese(60, "/tzgg/{day:%Y%m}/t{day:%Y%m%d}_{n}.html")
    sets = parts(made.stories, 12)
    for n, part in enumerate(sets):
        made.pages["/tzgg/" if n == 0 else f"/tzgg/index_{n}.html"] = page(
            "通知公告",
            f"<h2>通知公告</h2><ul class='gl'>{_chinese_rows(part)}</ul><div class='page'><script>"
            f'createPageHTML({len(sets)}, {n}, "index", "html");</script></div>',
            "zh-CN",
        )
    made.pages["/"] = _chinese_home("/tzgg/")
    return told(made, TEXTS["zh"], "zh-CN")


@college
def chinese_counting_down() -> College:
    """The newest is index.html, the page behind it the highest number: index_4.html, ..., index_1.html."""
    made = _chinese(60, "/content/{day:%Y-%m}/{day:%d}/content_{n}.html")
    sets = parts(made.stories, 12)
    count = len(sets)
    name = ["/tz/index.html", *(f"/tz/index_{count - n}.html" for n in range(1, count))]
    for n, part in enumerate(sets):
        ways = [
            f"<a href='{name[0]}'>首页</a>",
            f"<a href='{name[n - 1]}'>上一页</a>" if n else "",
            f"<a href='{name[n + 1]}'>下一页</a>" if n + 1 < count else "",
            f"<a href='{name[-1]}'>尾页</a>",
        ]
        made.pages[name[n]] = page(
            "通知公告", f"<ul class='lb'>{_chinese_rows(part)}</ul><div class='fenye'>{''.join(ways)}</div>", "zh-CN"
        )
    made.pages["/"] = _chinese_home("/tz/index.html")
    return told(made, TEXTS["zh"], "zh-CN")


@college
def chinese_numbers_counting_down() -> College:
    """As before, with numbers alone: the link that says 2 leads to index_4.html."""
    made = _chinese(60, "/info/{n}.html")
    sets = parts(made.stories, 12)
    count = len(sets)
    name = ["/tz/index.html", *(f"/tz/index_{count - n}.html" for n in range(1, count))]
    for n, part in enumerate(sets):
        ways = "".join(
            f"<span>{k + 1}</span>" if k == n else f"<a href='{to}'>{k + 1}</a>" for k, to in enumerate(name)
        )
        made.pages[name[n]] = page(
            "通知公告", f"<ul class='lb'>{_chinese_rows(part)}</ul><div class='fenye'>{ways}</div>", "zh-CN"
        )
    made.pages["/"] = _chinese_home("/tz/index.html")
    return told(made, TEXTS["zh"], "zh-CN")


def _cards(part: Sequence[Story]) -> str:
    return "".join(
        f"<article class='tile'><h3><a href='{s.path}'>{s.title}</a></h3><time"
        f" datetime='{s.day}'>{s.day:%B %d, %Y}</time></article>"
        for s in part
    )


def _english_home(address: str, words: str = "News", head: str = "") -> Answer:
    return page(
        "Quayside College",
        f"<ul><li><a href='/'>Home</a></li><li><a href='/study/'>Study</a></li><li><a"
        f" href='{address}'>{words}</a></li></ul>",
        "en",
        head,
    )


@college
def json_cursor() -> College:
    """A button asks for JSON with a cursor; each answer names the next."""
    made = College(stories(30, "/stories/{n}-note", "{place} wins praise for its {thing} in round {k}"))
    sets = parts(made.stories, 10)
    cursors = ["c3RhcnQ", "bWlkZGxl", ""]
    made.pages["/news"] = page(
        "News",
        f"<h1>News</h1><div id='list'>{_cards(sets[0])}</div>"
        f"<button class='more-btn' data-cursor='{cursors[0]}' data-endpoint='/api/stories'>Show more</button>"
        "<script>btn.onclick=()=>fetch('/api/stories?cursor='+btn.dataset.cursor).then(r=>r.json()).then(show)</script>",
    )
    for n, part in enumerate(sets[1:]):
        made.pages[f"/api/stories?cursor={cursors[n]}"] = (
            200,
            "application/json",
            json.dumps(
                {
                    "next": cursors[n + 1] or None,
                    "items": [{"title": s.title, "url": s.path, "date": str(s.day)} for s in part],
                }
            ).encode(),
        )
    made.pages["/"] = _english_home("/news")
    return told(made, TEXTS["en"], "en")


@college
def korean_posts() -> College:
    """K2Web: numbers call `page_link('2')`, which posts a form."""
    made = College(stories(30, "/bbs/harbor/77/{n}/artclView.do", "{place} 캠퍼스 제{k}차 학사 일정 안내"))
    sets = parts(made.stories, 10)
    for n, part in enumerate(sets, 1):
        rows = "".join(
            f"<tr><td class='td-num'>{s.path[-18:-14]}</td><td class='td-subject'><a href='{s.path}'><strong>{s.title}"
            f"</strong></a></td><td class='td-write'>교무처</td><td class='td-date'>{s.day:%Y.%m.%d}</td>"
            f"<td class='td-access'>31</td></tr>"
            for s in part
        )
        numbers = "".join(
            f"<li><strong>{k}</strong></li>" if k == n else f"<li><a href=\"javascript:page_link('{k}')\">{k}</a></li>"
            for k in range(1, len(sets) + 1)
        )
        body = page(
            "공지사항",
            "<form name='pageForm' method='post' action='/bbs/harbor/77/artclList.do'><input type='hidden'"
            " name='layout'"
            f" value='abc'><input type='hidden' name='page' value='{n}'></form><table class='artclTable'>{rows}</table>"
            f"<div class='_paging'><div class='_inner'><ul>{numbers}</ul><span class='_curPage'>{n}</span>/<span"
            f" class='_totPage'>{len(sets)}</span></div></div><script>function"
            f" page_link(page){{var f=document.pageForm;"
            "f.page.value=page;f.submit();}</script>",
            "ko",
        )
        made.pages["/bbs/harbor/77/artclList.do" if n == 1 else f"POST /bbs/harbor/77/artclList.do {n}"] = body
    made.pages["/bbs/harbor/77/artclList.do?page=2"] = made.pages[
        "/bbs/harbor/77/artclList.do"
    ]  # a GET changes nothing
    made.pages["/"] = page("항구대학교", "<ul><li><a href='/bbs/harbor/77/artclList.do'>공지사항</a></li></ul>", "ko")
    return told(made, TEXTS["ko"], "ko", "%Y.%m.%d")


@college
def lead_in_another_form() -> College:
    """The newest story is a large card in other markup than the list below it."""
    made = College(stories(28, "/historias/{n}", "Estudiantes de {place} presentan el proyecto número {k}"))
    sets = parts(made.stories, 10)
    for n, part in enumerate(sets, 1):
        lead, rest = part[0], part[1:]
        big = (
            f"<section class='destacada'><div class='foto'><a href='{lead.path}'><img src='/b.jpg' alt=''></a></div>"
            f"<div class='txt'><em>{long_day(lead.day, MONTHS['es'], '{d} de {m} de {y}')}</em><h2><a"
            f" href='{lead.path}'>"
            f"{lead.title}</a></h2><p>{TEXTS['es']}</p><a class='boton' href='{lead.path}'>Leer más</a></div></section>"
        )
        rows = "".join(f"<li><a href='{s.path}'>{s.title}</a> <small>{s.day:%d/%m/%Y}</small></li>" for s in rest)
        on = f"<a href='/actualidad?p={n + 1}'>Siguiente</a>" if n < len(sets) else ""
        made.pages["/actualidad" if n == 1 else f"/actualidad?p={n}"] = page(
            "Actualidad",
            f"<main><h1>Actualidad</h1>{big}<section class='resto'><ul>{rows}</ul></section>{on}</main>",
            "es",
        )
    made.pages["/"] = page("Universidad del Faro", "<ul><li><a href='/actualidad'>Actualidad</a></li></ul>", "es")
    return told(made, TEXTS["es"], "es", "%d/%m/%Y")


@college
def days_without_year() -> College:
    """Rows show `28 Sep`, stories show no day at all: the year is what the list's order says."""
    made = College(
        stories(
            40,
            "/post/{n}",
            "{place} opens its {thing} to visitors for week {k}",
            step=17,
            last=date.today() - timedelta(days=3),
        )
    )
    sets = parts(made.stories, 20)
    for n, part in enumerate(sets, 1):
        rows = "".join(
            f"<div class='row'><div class='d'><span>{s.day.day}</span>"
            f" <span>{MONTHS['en'].split()[s.day.month - 1]}</span>"
            f"</div><a href='{s.path}'>{s.title}</a></div>"
            for s in part
        )
        on = f"<a rel='next' href='/news?page={n + 1}'>Next</a>" if n < len(sets) else ""
        made.pages["/news" if n == 1 else f"/news?page={n}"] = page(
            "News", f"<h1>News</h1><div class='rows'>{rows}</div>{on}"
        )
    made.pages["/"] = _english_home("/news")
    return told(made, TEXTS["en"], "en", "")


@college
def rows_by_number() -> College:
    """The rows stand in a script with a number each and no address; three of them are links on the page."""
    made = College(stories(14, "/view/{n}", "{place} lends its {thing} to schools in term {k}"))
    records = [{"id": int(s.path[-4:]), "title": s.title, "date": str(s.day)} for s in made.stories]
    made.pages["/news"] = page(
        "News",
        f"<h1>News</h1><div id='list'></div><aside"
        f" class='most'>{''.join(f'<p><a href={s.path!r}>{s.title}</a></p>' for s in made.stories[:3])}</aside>"
        f"<script>var rows = {json.dumps(records)}; draw(rows);</script>",
    )
    made.pages["/"] = _english_home("/news")
    return told(made, TEXTS["en"], "en")


@college
def doubled_for_phones() -> College:
    """A table for large screens, and the same stories with short headlines for phones, on each page."""
    made = College(stories(30, "/notice/{n}/", "{place} announces its {thing} for the coming term, part {k}"))
    sets = parts(made.stories, 10)
    for n, part in enumerate(sets, 1):
        table = "".join(f"<tr><td><a href='{s.path}'>{s.title}</a></td><td>{s.day:%d/%m/%Y}</td></tr>" for s in part)
        phone = "".join(
            f"<li class='m-row'><a href='{s.path}?from=m'><b>{s.title[:20]}…</b><i>{s.day:%d/%m/%Y}</i></a></li>"
            for s in part
        )
        numbers = "".join(
            f"<li class='active'><a href='#'>{k}</a></li>"
            if k == n
            else f"<li><a href='/notices?page={k}'>{k}</a></li>"
            for k in range(1, len(sets) + 1)
        )
        made.pages["/notices" if n == 1 else f"/notices?page={n}"] = page(
            "Notices",
            f"<h1>Notices</h1><ul class='visible-xs'>{phone}</ul><table class='hidden-xs'>{table}</table>"
            f"<ul class='pagination'>{numbers}</ul>",
        )
    made.pages["/notices?page=1"] = made.pages["/notices"]
    made.pages["/"] = _english_home("/notices", "Notices")
    told(made, TEXTS["en"], "en")
    made.pages |= {f"{s.path}?from=m": made.pages[s.path] for s in made.stories}
    return made


def _xml(root: str, inner: str) -> Answer:
    return (
        200,
        "application/xml",
        f'<?xml version="1.0"?><{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inner}</{root}>'.encode(),
    )


@college
def sitemap_of_years() -> College:
    """An index of sitemaps, a child a year, and one of pages; nothing else names the stories."""
    made = College(
        stories(30, "/news/{day:%Y}/{n}-story-of-the-college", "{place} studies the {thing} of year {k}", step=30)
    )
    told(made, TEXTS["en"], "en")
    years = sorted({s.day.year for s in made.stories})
    made.pages["/"] = page("Quayside College", "<div id='app'></div><script src='/x.js'></script>")
    made.pages["/robots.txt"] = (200, "text/plain", b"User-agent: *\nAllow: /\nSitemap: {host}/map.xml\n")
    children = [f"news-{year}" for year in years] + ["pages"]
    made.pages["/map.xml"] = _xml(
        "sitemapindex", "".join(f"<sitemap><loc>{{host}}/{name}.xml</loc></sitemap>" for name in children)
    )
    for year in years:
        made.pages[f"/news-{year}.xml"] = _xml(
            "urlset",
            "".join(
                f"<url><loc>{{host}}{s.path}</loc><lastmod>{s.day}</lastmod></url>"
                for s in made.stories
                if s.day.year == year
            ),
        )
    made.pages["/pages.xml"] = _xml(
        "urlset", "".join(f"<url><loc>{{host}}/{one}</loc></url>" for one in ("about", "map"))
    )
    return made


@college
def thai_buddhist_years() -> College:
    """Years of the Buddhist era, `ถัดไป`, zero-based pages."""
    made = College(stories(24, "/news/view/{n}", "นักศึกษาคณะ {place} ได้รับรางวัลการแข่งขันครั้งที่ {k}"))
    sets = parts(made.stories, 8)

    def when(day: date) -> str:
        return f"{day.day} {MONTHS['th'].split()[day.month - 1]} {day.year + 543}"

    for n, part in enumerate(sets):
        rows = "".join(
            f"<div class='news-box'><div class='date'>{when(s.day)}</div><a href='{s.path}'>{s.title}</a></div>"
            for s in part
        )
        on = f"<a href='/news?page={n + 1}'>ถัดไป</a>" if n + 1 < len(sets) else ""
        made.pages["/news" if n == 0 else f"/news?page={n}"] = page(
            "ข่าว", f"<h1>ข่าวประชาสัมพันธ์</h1><div>{rows}</div><div class='pg'>{on}</div>", "th"
        )
    made.pages["/"] = page("มหาวิทยาลัยท่าเรือ", "<ul><li><a href='/news'>ข่าวประชาสัมพันธ์</a></li></ul>", "th")
    told(made, TEXTS["th"], "th", "")
    for s in made.stories:
        status, mime, body = made.pages[s.path]
        made.pages[s.path] = (status, mime, body.replace(b"</h1>", f"</h1><p>{when(s.day)}</p>".encode()))
    return made


@college
def hungarian_two_deep() -> College:
    """Behind Egyetem and Sajtó; days begin with the year and end in words."""
    made = College(stories(22, "/hir/{n}", "A {place} csapata megnyerte a {k}. országos versenyt"))
    sets = parts(made.stories, 11)
    for n, part in enumerate(sets, 1):
        rows = "".join(
            f"<dl><dt>{long_day(s.day, MONTHS['hu'], '{y}. {m} {d}.')}</dt><dd><a"
            f" href='{s.path}'>{s.title}</a></dd></dl>"
            for s in part
        )
        on = f"<a href='/sajto/hirek/{n + 1}'>Következő oldal</a>" if n < len(sets) else ""
        made.pages["/sajto/hirek" if n == 1 else f"/sajto/hirek/{n}"] = page(
            "Hírek", f"<h1>Hírek</h1>{rows}<p>{on}</p>", "hu"
        )
    made.pages["/"] = page("Kikötő Egyetem", "<ul><li><a href='/egyetem'>Egyetem</a></li></ul>", "hu")
    made.pages["/egyetem"] = page(
        "Egyetem", "<ul><li><a href='/sajto'>Sajtó</a></li><li><a href='/kar'>Karok</a></li></ul>", "hu"
    )
    made.pages["/sajto"] = page("Sajtó", "<ul><li><a href='/sajto/hirek'>Hírek</a></li></ul>", "hu")
    return told(made, TEXTS["hu"], "hu", "%Y.%m.%d.")


@college
def posted_json() -> College:
    """More rows are posted for by a script that lies elsewhere: no address, no number on the page."""
    made = College(stories(36, "/article/{n}", "{place} repairs the {thing} of hall {k}"))
    made.pages["/news"] = page(
        "News",
        f"<h1>News</h1><div class='grid'>{_cards(made.stories[:12])}</div><div class='sentinel'"
        f" data-component='FeedLoader'></div>"
        "<script src='/static/feed.8a1.js'></script>",
    )
    made.pages["/"] = _english_home("/news")
    return told(made, TEXTS["en"], "en")


@college
def ghost_feed() -> College:
    """A Ghost site whose cards a script draws; its feed is where Ghost has it."""
    made = College(stories(15, "/{n}-post-of-ours/", "{place} plants a {thing} on terrace {k}"))
    generator = "<meta name='generator' content='Ghost 5.82'>"
    made.pages["/"] = page("Quayside Notes", "<div id='root'></div><p>Welcome</p>", "en", generator)
    entries = "".join(
        f"<item><title>{s.title}</title><link>{{host}}{s.path}</link><guid>{s.path}</guid>"
        f"<pubDate>{s.day.strftime('%a, %d %b %Y')} 08:00:00 GMT</pubDate></item>"
        for s in made.stories
    )
    made.pages["/rss/"] = (
        200,
        "application/rss+xml",
        (
            '<?xml version="1.0"?><rss version="2.0"><channel><title>Quayside</title><link>{host}</link>'
            f"{entries}</channel></rss>"
        ).encode(),
    )
    return told(made, TEXTS["en"], "en")
