"""Which of the dates around a story is its own: the line beside the headline, not the page's clock, other stories or
changes."""

from __future__ import annotations

import subprocess
import sys

import pytest

from spiders.read import extract

STORY = (
    "<p>" + "The council of the valley agreed on Monday to pay for nine miles of bike paths that join the mill with the"
    " schools. " * 5 + "</p>"
)
TEXT = (
    "<p>"
    + (
        "探测器由轨道器、返回器、着陆器和上升器四部分组成，由新一代运载火箭从海边的发射场送入地月转移轨道，"
        "全程历时二十余天。"
    )
    * 5
    + "</p>"
)


def day(
    above: str = "",
    below: str = "",
    after: str = "",
    story: str = STORY,
    heading: str = "<h1>Bike paths for the valley</h1>",
) -> str | None:
    page = (
        f"<html><head><title>Bike paths for the valley - Post</title></head><body>{above}{heading}{below}<div"
        f" class=body>{story}</div>{after}</body></html>"
    )
    return extract(page.encode(), "https://news.example.com/a/1.html")["date"]


@pytest.mark.parametrize("line", ["December 12, 2016 7:00 AM", "12 December 2016", "2016-12-12"])
@pytest.mark.parametrize(
    "others",
    [
        "<ul><li><a href=/x>Fair</a> <time>4 months ago</time></li></ul>",
        "<ul><li><a href=/x>Fair</a> <time datetime=2020-01-05>5 January</time></li></ul>",
    ],
)
def test_a_line_at_the_headline_goes_before_other_stories(line: str, others: str) -> None:
    assert (
        day(
            above=f"<p class=when>{line}</p>",
            after=others.replace("<time datetime=2020-01-05>5 January</time>", "<time>2 days ago</time>"),
        )
        == "2016-12-12"
    )
    assert day(below=f"<p>{line}</p>", after=others) == "2016-12-12"


@pytest.mark.parametrize("clock", ["2021年10月7日 星期四", "今天是2021年10月7日 星期四", "今天是：2021-10-07"])
@pytest.mark.parametrize("heading", ["<h1>探测器升空</h1>", "<div>探测器升空</div>"])
def test_the_clock_of_a_page_dates_no_story(clock: str, heading: str) -> None:
    assert (
        day(above=f"<div>{clock}</div>", heading=heading, below="<div>2020-11-23 10:22:14 出处：校报</div>", story=TEXT)
        == "2020-11-23"
    )


@pytest.mark.parametrize("label", ["活动时间", "报名截止日期", "会议时间"])
def test_the_end_of_a_longer_word_is_no_label(label: str) -> None:
    assert (
        day(
            heading="<h1>探测器升空</h1>",
            below=f"<p>{label}：2024-06-01 9:00</p><p>发布时间：2024-05-02</p>",
            story=TEXT,
        )
        == "2024-05-02"
    )


@pytest.mark.parametrize(
    "words",
    ["Last modified: 5 March 2024", "Updated 5 March 2024", "Aktualisiert am 05.03.2024", "修改时间：2024-03-05"],
)
def test_a_date_of_change_beside_another_is_never_taken(words: str) -> None:
    assert day(below=f"<p>{words}</p><p>1 March 2024</p>") == "2024-03-01"


def test_a_time_element_of_the_same_day_is_more_exact() -> None:
    assert day(below='<time datetime="2024-03-05T10:00:00+01:00">5 March 2024</time>') == "2024-03-05"


def test_the_date_of_last_resort_loads_no_languages() -> None:
    """In a process of its own: another test may have loaded them."""
    program = (
        "import sys; from spiders.read import extract\n"
        "html = '<body><h1>Library opens</h1><p>Geplaatst 12 foo 2019</p><p>' + 'It is open. ' * 60 + '</p>'\n"
        "extract(html.encode(), 'https://news.fenwick.example.edu/a'); assert 'htmldate' in sys.modules\n"
        "assert 'dateparser' not in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False, capture_output=True).returncode == 0


def test_a_headline_that_no_heading_shows_is_found_where_it_stands() -> None:
    """A side menu with a label before it dates no story: the headline is in bold, as boards have it."""
    menu = "<div class=menu><a href=/l>Boathouse closed</a><br>Posted 11 Apr 2016</div>"
    line = "<div class=small>Posted by <a href=/u>Priya Roe</a> on Tuesday 05 April 2016 - 14:31:08</div>"
    assert day(above=menu, heading="<div><b>Bike paths for the valley</b></div>", below=line) == "2016-04-05"


@pytest.mark.parametrize("above", ["<h4>2 March 2023</h4>", "<div>2023-03-02</div>"])
def test_a_line_above_the_headline_goes_before_stories_after_the_end(above: str) -> None:
    others = "<ul><li class=x>Other stories:</li><li><a href=/1>Open day</a> (2023-1-3 9:12:0)</li></ul>"
    assert day(above=above, after=others) == "2023-03-02"


def test_when_a_page_was_made_yields_to_when_it_is_said_to_have_come_out() -> None:
    made = '<meta name="DC.date.created" content="2018-05-03T11:02:10-05:00">'
    assert (
        day(above=made, below="<p>by Joan Roe — published May 06, 2018, last modified Jan 09, 2019</p>") == "2018-05-06"
    )
    assert day(above=made, below="<p>by Joan Roe</p>", after="<p>1 June 2019</p>") == "2018-05-03"


@pytest.mark.parametrize(
    ("lang", "host", "stated"),
    [
        ("hr", "example.com", "2023-10-05"),
        ("bs", "example.com", "2023-10-05"),
        ("pl", "example.com", "2023-11-05"),
        ("en", "fenwick.example.pl", "2023-11-05"),
        ("en", "fenwick.example.hr", "2023-10-05"),
        ("en", "example.com", None),  # nobody can tell
    ],
)
def test_a_month_of_two_meanings_is_read_by_country_or_language(lang: str, host: str, stated: str | None) -> None:
    page = f"<html lang={lang}><body><h1>Bike paths</h1><p>5. listopada 2023.</p><div>{STORY}</div></body></html>"
    found = extract(page.encode(), f"https://{host}/a/1.html")["date"]
    assert found == stated or (stated is None and not (found or "").endswith("-05"))


@pytest.mark.parametrize(("lang", "label"), [("ko", "작성일"), ("ja", "公開日")])
def test_two_digits_of_a_year_stand_first_where_the_language_has_them_so(lang: str, label: str) -> None:
    page = f"<html lang={lang}><body><h1>Bike paths</h1><p>{label} 23-04-05 10:21</p><div>{STORY}</div></body></html>"
    assert extract(page.encode(), "https://www.example.com/bbs/77")["date"] == "2023-04-05"


@pytest.mark.parametrize(
    "line",
    [
        "Story by Jane van der Roe and John Doe · Photos by Lena Duff · Oct. 22, 2015 · 4 min read",
        "22 October 2015 | Jane Roe",
    ],
)
def test_a_date_in_a_cell_of_a_longer_line_is_the_storys(line: str) -> None:
    others = "<div class=x><h3><a href=/a>Rowers win</a></h3><p>Oct. 30, 2015</p></div>"
    assert day(below=f"<p>{line}</p>", after=others) == "2015-10-22"


@pytest.mark.parametrize(
    "clock", ["Сегодня: 12 декабря 2024", "Heute: 12. Dezember 2024", "Hoy, 12 de diciembre de 2024"]
)
def test_a_clock_in_words_dates_no_story_whose_date_stands_in_its_own_block(clock: str) -> None:
    """Date, heading and paragraphs in one element, parted by breaks."""
    words = "<br><br>".join(
        f"The {n}th paragraph tells of the mill, of the bridge and of the schools." for n in range(6)
    )
    own = f"<div class=detail><span>17.05.2023</span><h3>Bike paths for the valley</h3>{words}</div>"
    page = f"<html><head><title>Bike paths for the valley</title></head><body><div>{clock}</div>{own}</body></html>"
    assert extract(page.encode(), "https://www.example.com/a/1.html")["date"] == "2023-05-17"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ("<tr><th>公告日期</th><td>112/06/09</td></tr><tr><th>點閱</th><td>53</td></tr>", "2023-06-09"),
        ("<tr><th>公告日期</th><td>2023/06/09</td></tr>", "2023-06-09"),
    ],
)
def test_a_label_and_its_day_in_cells(facts: str, expected: str | None) -> None:
    words = "本校與市立醫院簽署合作備忘錄，雙方將共同培育長期照護人才，並設置聯合實驗室。"
    shown = f"<h2>本校與市立醫院簽署備忘錄</h2><div>{f'<p>{words}</p>' * 4}</div><table>{facts}</table>"
    page = f"<html lang=zh-Hant-TW><title>豐文大學</title><body><div>{shown}</div></body></html>"
    assert extract(page.encode(), "https://www.fongwen.example.tw/p/1.php")["date"] == expected
