"""Events that a college tells twice: in Chinese, and shorter in English, some days later. Beside them what is easily
taken for the same: the event of another year, two guests of one day, the parts of a series, not all told twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from tests.college.site import CollegeSite
from tests.college.story import File, Story

PEOPLE = (
    ("顾明远", "Gu Mingyuan"), ("彭丽华", "Peng Lihua"), ("邓志强", "Deng Zhiqiang"), ("蔡文静", "Cai Wenjing"),
    ("袁浩", "Yuan Hao"), ("司马青", "Sima Qing"), ("薛佳宁", "Xue Jianing"), ("卢思远", "Lu Siyuan"),
    ("贾春梅", "Jia Chunmei"), ("汪大海", "Wang Dahai"), ("方雨晴", "Fang Yuqing"), ("石磊", "Shi Lei"),
)  # fmt: skip
SCHOOLS = (
    ("化学工程系", "Department of Chemical Engineering"), ("护理学院", "School of Nursing"),
    ("信息技术系", "Department of Information Technology"), ("艺术设计系", "Department of Art and Design"),
    ("经济管理系", "Department of Economics and Management"), ("汽车工程系", "Department of Automotive Engineering"),
)  # fmt: skip
GUESTS = (
    ("法国里昂大学", "the University of Lyon, France"),
    ("泰国清迈大学", "Chiang Mai University, Thailand"),
    ("澳大利亚墨尔本大学", "the University of Melbourne, Australia"),
    ("韩国首尔大学", "Seoul National University, Korea"),
    ("马来西亚拉曼大学", "Tunku Abdul Rahman University, Malaysia"),
    ("俄罗斯喀山大学", "Kazan University, Russia"),
)  # fmt: skip
TOPICS = (
    ("蜜蜂与农药", "bees and pesticides"), ("地下水污染", "groundwater pollution"),
    ("老年人用药安全", "the safe use of drugs by old people"),
       ("古建筑修复", "the restoration of ancient buildings"), ("锂电池回收", "recycling lithium batteries"),
    ("人工智能与版权", "artificial intelligence and copyright"), ("城市绿地与鸟类", "birds in urban parks"),
)  # fmt: skip
FIRMS = (
    ("远洋船舶公司", "Yuanyang Shipbuilding", "船舶焊接", "ship welding"),
    ("青山制药集团", "Qingshan Pharmaceutical Group", "药品检验", "drug testing"),
    ("北辰轨道交通公司", "Beichen Rail Transit", "地铁运营", "subway operation"),
    ("天元酒店集团", "Tianyuan Hotel Group", "酒店管理", "hotel management"),
)


@dataclass(frozen=True, slots=True)
class Telling:
    """A story in one language."""

    title: str
    paragraphs: list[str]
    at: datetime


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, and how it was told."""

    chinese: Telling | None
    english: Telling | None
    picture: str = ""  # what a photo that both show is made of
    linked: bool = False  # the English page names the Chinese one


def events(seed: int = 1) -> Iterator[Event]:
    """Some sixty, the same for the same seed."""
    random = Random(f"twins/{seed}")
    for n, (at, told) in enumerate(_told(random)):
        both = n % 4 != 3  # a fourth is told in one language alone
        chinese, english = told
        yield Event(
            Telling(*chinese, at) if both or n % 8 == 3 else None,
            Telling(*english, at + timedelta(days=random.randint(0, 9), hours=3)) if both or n % 8 == 7 else None,
            picture=f"event {n} of {seed}" if both and n % 3 == 0 else "",
            linked=both and n % 5 == 0,
        )


def publish(told: Iterable[Event], chinese: CollegeSite, english: CollegeSite) -> list[tuple[str, str]]:
    """Each telling becomes a story in the first section of its site; addresses of those that were told twice."""
    pairs = []
    for event in told:
        stories = [
            telling and _story(site, telling, event.picture)
            for site, telling in ((chinese, event.chinese), (english, event.english))
        ]
        one, other = stories
        if one and other:
            addresses = chinese.base + chinese.path(one), english.base + english.path(other)
            other.translates = addresses[0] if event.linked else ""
            pairs.append(addresses)
    return pairs


def _story(site: CollegeSite, telling: Telling, picture: str) -> Story:
    number = max(story.id for story in site.stories) + 3
    story = Story(
        id=number,
        section=site.sections[0].key,
        title=telling.title,
        at=telling.at,
        paragraphs=list(telling.paragraphs),
        language=site.language,
    )
    if picture:
        story.images = [File(f"/photos/{number}.jpg", f"{number}.jpg", picture)]
    taken = {site.path(one) for one in site.stories}
    while site.path(story) in taken:  # -2, -3, as WordPress has it for a headline that was there already
        story.moved += 1
    site.stories.append(story)
    return story


Words = tuple[str, list[str]]


def _told(random: Random) -> Iterator[tuple[datetime, tuple[Words, Words]]]:
    for year in (2021, 2022, 2023, 2024):
        first = datetime(year, 10, random.randint(10, 20), 9)
        yield first, _race(random, first, 17 + year - 2021)
        yield datetime(year, 9, 3, 10), _enrolment(random, year)
    for n, (topic, at) in enumerate(zip(random.sample(TOPICS, 7), _weeks(datetime(2024, 3, 7, 14)), strict=False), 1):
        yield at, _lecture(random, n, topic, at)
    for n, guest in enumerate(random.sample(GUESTS, 6)):
        day = datetime(2024, 5, 14 + n // 2, 9 + 5 * (n % 2))  # two a day
        yield day, _visit(random, guest, day)
    for n, firm in enumerate(random.sample(FIRMS, 4)):
        day = datetime(2024, 4, 9 + n, 15)
        yield day, _agreement(random, firm, day)
    for n, school in enumerate(random.sample(SCHOOLS, 6)):
        day = datetime(2024, 11, 4 + n, 16)
        yield day, _contest(random, school, day)
    for n, school in enumerate(random.sample(SCHOOLS, 5)):
        day = datetime(2024, 6, 3 + 2 * n, 8)
        yield day, _volunteers(random, school, day)


def _weeks(at: datetime) -> Iterator[datetime]:
    while True:
        yield at
        at += timedelta(days=7)


def _race(random: Random, at: datetime, nth: int) -> tuple[Words, Words]:
    (zh, _), (winner_zh, winner_en) = random.sample(PEOPLE, 2)
    runners, minutes, seconds = random.randint(700, 2400), random.randint(32, 39), random.randint(10, 59)
    chinese = (
        f"第{nth}届校园迷你马拉松开跑",
        [
            f"{at.month}月{at.day}日上午，第{nth}届校园迷你马拉松在滨江大道鸣枪开跑，{runners:,}名师生参加。",
            f"{winner_zh}以{minutes}分{seconds}秒的成绩获得男子组冠军。学院院长{zh}为获奖选手颁奖，并勉励同学们坚持锻炼。",
            "赛事由体育部主办，校医院和志愿者全程提供保障，赛道沿江而设，全长10公里。",
        ],
    )  # fmt: skip
    english = (
        f"{winner_en} Wins the Campus Mini Marathon",
        [
            f"About {runners:,} students and teachers took part in the {nth}th campus mini marathon on {at:%B}"
            f" {at.day}. {winner_en} won the men's race along the river in {minutes} minutes and {seconds} seconds."
        ],
    )
    return chinese, english


def _enrolment(random: Random, year: int) -> tuple[Words, Words]:
    new, provinces, major = random.randint(3000, 4600), random.randint(18, 30), random.randint(41, 77)
    person_zh, person_en = random.choice(PEOPLE)
    chinese = (
        f"{year}级新生报到工作顺利完成",
        [
            f"9月2日，{year}级新生报到。今年学院共录取{new:,}名新生，来自{provinces}个省份，涵盖{major}个专业，报到率再创新高。",
            f"招生就业处处长{person_zh}介绍，学院为家庭困难学生开设了绿色通道，发放了生活用品。",
        ],
    )
    english = (
        f"{new:,} New Students Arrive",
        [
            f"The college welcomed {new:,} new students on September 2. They come from {provinces} provinces and will"
            f" study {major} majors, said {person_en}, who directs admissions."
        ],
    )
    return chinese, english


def _lecture(random: Random, n: int, topic: tuple[str, str], at: datetime) -> tuple[Words, Words]:
    (zh, en), (school_zh, school_en) = random.choice(PEOPLE), random.choice(SCHOOLS)
    heard, years = random.randint(90, 400), random.randint(4, 28)
    ordinal = "一二三四五六七"[n - 1]
    chinese = (
        f"“问渠讲堂”第{ordinal}讲：{zh}教授谈{topic[0]}",
        [
            f"{at.month}月{at.day}日下午，“问渠讲堂”第{ordinal}讲在报告厅举行，{school_zh}{zh}教授以“{topic[0]}”为题作报告，{heard}名师生到场聆听。",
            f"{zh}教授从事该领域研究{years}年。报告结束后，他回答了同学们的提问，并赠送了新书。",
        ],
    )
    english = (
        f"Wenqu Lecture: {en} on {topic[1].title()}",
        [
            f"Professor {en} of the {school_en} gave a lecture on {topic[1]} on {at:%B} {at.day}. An audience of"
            f" {heard} heard what {years} years of research have shown. It was lecture number {n} of the Wenqu series."
        ],
    )
    return chinese, english


def _visit(random: Random, guest: tuple[str, str], at: datetime) -> tuple[Words, Words]:
    (zh, en), people, places = random.choice(PEOPLE), random.randint(3, 9), random.randint(11, 45)
    chinese = (
        f"{guest[0]}代表团来访",
        [
            f"{at.month}月{at.day}日{'上午' if at.hour < 12 else '下午'}，{guest[0]}代表团一行{people}人来校访问，"
            f"副院长{zh}在行政楼会见了来宾。",
            f"双方就学生交流和联合培养进行了座谈，商定每年互派{places}名学生。来宾还参观了图书馆和实训中心。",
        ],
    )
    english = (
        "International Guests on Campus",
        [
            f"Vice President {en} met {people} visitors from {guest[1]} on {at:%B} {at.day}. The two sides agreed to"
            f" exchange {places} students each year. The guests also saw the library and the training center."
        ],
    )
    return chinese, english


def _agreement(random: Random, firm: tuple[str, str, str, str], at: datetime) -> tuple[Words, Words]:
    (zh, en), sum_, places = random.choice(PEOPLE), random.randint(3, 48) * 100, random.randint(32, 190)
    chinese = (
        f"学院与{firm[0]}签署校企合作协议",
        [
            f"{at.month}月{at.day}日，学院与{firm[0]}签署校企合作协议，院长{zh}出席签约仪式。",
            f"根据协议，公司将投入{sum_}万元共建{firm[2]}实训基地，每年提供{places}个实习岗位。",
        ],
    )
    english = (
        f"{firm[1]} Signs Agreement With the College",
        [
            f"{firm[1]} will invest {sum_ / 100:g} million yuan in a training base for {firm[3]}, and offer {places}"
            f" internships a year. President {en} was at the signing on {at:%B} {at.day}."
        ],
    )
    return chinese, english


def _contest(random: Random, school: tuple[str, str], at: datetime) -> tuple[Words, Words]:
    (zh, en), (coach_zh, coach_en) = random.sample(PEOPLE, 2)
    teams, points = random.randint(35, 160), random.randint(801, 989) / 10
    chinese = (
        f"{school[0]}学生在全国技能大赛中获一等奖",
        [
            f"近日，全国职业院校技能大赛落下帷幕，{teams}支队伍参赛。{school[0]}学生{zh}以{points}分的成绩获得一等奖，指导教师为{coach_zh}。",
            "赛前，学院为参赛选手安排了三个月的集训，并邀请企业专家现场指导。",
        ],
    )
    english = (
        "First Prize in National Skills Competition",
        [
            f"{en} of the {school[1]} won a first prize in the national vocational skills competition with {points}"
            f" points. The contest drew {teams} teams. {coach_en} was the coach."
        ],
    )
    return chinese, english


def _volunteers(random: Random, school: tuple[str, str], at: datetime) -> tuple[Words, Words]:
    (zh, en), many, hours = random.choice(PEOPLE), random.randint(33, 240), random.randint(201, 990)
    chinese = (
        f"{school[0]}志愿者走进社区",
        [
            f"{at.month}月{at.day}日，{school[0]}{many}名志愿者走进社区，为居民提供家电维修、健康咨询等服务，累计服务{hours}小时。",
            f"学生会主席{zh}表示，志愿服务让同学们把课堂所学用到了生活中。",
        ],
    )
    english = (
        "Student Volunteers Help in the Neighborhood",
        [
            f"On {at:%B} {at.day}, {many} volunteers of the {school[1]} repaired appliances and gave health advice to"
            f" residents, {hours} hours of work in all. {en}, who heads the student union, said that they put to use"
            " what they had learned in class."
        ],
    )
    return chinese, english
