"""Campus prose made by grammar: varied, plausible, and the same again for the same seed."""

from __future__ import annotations

import re
from random import Random

_SLOT = re.compile(r"\{(\w+)\}")
_SHORTEST = 110  # letters before the last paragraph; colleges print no shorter stories than that

CHINESE = {
    "dept": [
        "化学工程系",
        "机电工程系",
        "信息技术系",
        "经济管理系",
        "护理学院",
        "艺术设计系",
        "马克思主义学院",
        "继续教育学院",
    ],
    "office": ["党委宣传部", "教务处", "学生处", "招生就业处", "科研处", "后勤保障处", "图书馆", "团委"],
    "person": [
        "张伟",
        "王芳",
        "李秀英",
        "刘洋",
        "陈静",
        "杨帆",
        "赵敏",
        "欧阳明",
        "周晓琳",
        "吴桐",
        "徐海燕",
        "孙立军",
    ],
    "firm": ["华东化工集团", "东海精密制造公司", "长江物流园", "云启软件公司", "市第三人民医院", "海港自动化公司"],
    "contest": [
        "全国职业院校技能大赛",
        "长三角创新创业大赛",
        "市大学生数学建模竞赛",
        "“互联网+”大赛",
        "第3届工业机器人邀请赛",
    ],
    "prize": ["一等奖", "二等奖", "团体一等奖", "优秀组织奖", "三项金奖"],
    "topic": [
        "产教融合",
        "招生",
        "实验室安全",
        "课程思政",
        "校企合作",
        "心理健康",
        "量子计算科普",
        "5G网络建设",
        "师资培训",
    ],
    "place": ["报告厅", "行政楼第一会议室", "图书馆", "实训中心", "体育馆", "大学生活动中心"],
    "season": ["春季", "夏季", "秋季", "冬季"],
    "major": ["应用化工技术", "工业机器人", "软件技术", "物流管理", "护理", "环境监测"],
    "n": [str(n) for n in range(3, 68)],
    "month": [str(n) for n in range(1, 13)],
    "day": [str(n) for n in range(1, 29)],
    "ordinal": ["首届", "第3届", "第十二届", "第42届"],
    "news_title": [
        "学院举行{season}学期{dept}开学典礼",
        "我院在{contest}中获{prize}",
        "市教委领导来校调研{topic}工作",
        "{dept}师生赴{firm}开展实践学习",
        "学院召开{topic}工作推进会",
        "{dept}与{firm}签署合作协议",
        "{ordinal}校园文化节在{place}开幕",
        "{person}老师在MIT访学归来作专题报告",
        "{major}专业{topic}成果展举行",
        "学院启动{topic}专项行动",
        "{dept}举办{topic}讲座",
        "招生就业处赴{month}所中学开展招生宣讲",
        "{person}同学获评“{season}之星”",
        "5G网络全面覆盖{place}",
    ],
    "notice_title": [
        "关于做好{season}学期{topic}工作的通知",
        "关于{place}临时关闭的公告",
        "关于开展{topic}检查的通知",
        "{major}专业招生计划公示",
        "关于申报{contest}的通知",
        "{dept}公开招聘教师公告",
        "关于校园网络维护的通知",
        "关于{month}月{day}日停水停电的通知",
        "关于公布{topic}立项名单的通知",
    ],
    "opening": [
        "{month}月{day}日上午，{news_event}在{place}举行。",
        "近日，{news_event}在{place}顺利开展，{n}名师生参加。",
        "{month}月{day}日，{dept}联合{office}组织了{news_event}，{firm}代表应邀出席。",
    ],
    "news_event": [
        "{topic}专题会议",
        "{major}专业技能展示",
        "{ordinal}读书分享会",
        "{topic}交流活动",
        "校企联合培养签约仪式",
    ],
    "sentence": [
        "{office}负责人{person}介绍了{topic}的总体安排，并对下一阶段的重点任务作出部署。",
        "本次活动共有来自{n}个班级的学生参加，现场气氛热烈。",
        "{person}表示，要坚持以学生为中心，把{topic}落到实处。",
        "{firm}为{major}专业提供了{n}个实习岗位。",
        "据悉，该项目已连续举办多年，累计服务师生{n}00余人次。",
        "与会人员围绕{topic}展开了深入讨论，提出了许多建设性意见。",
        "团队在备赛期间每天训练到深夜，指导教师{person}全程陪伴。",
        "学院将继续深化与{firm}的合作，共建{major}实训基地。",
        "同学们参观了{place}，亲身体验了最新的5G网络设备。",
        "在MIT从事量子计算研究的校友{person}通过视频与师生交流。",
        "今年招生规模稳中有升，{major}专业的报考人数再创新高。",
        "整改工作要求在{month}月{day}日前完成，由{office}统一验收。",
    ],
    "closing": [
        "下一步，{office}将持续跟进，确保各项工作取得实效。",
        "活动在热烈的掌声中圆满结束。",
        "如有疑问，请与{office}{person}老师联系。",
    ],
    "caption": [
        "图为{topic}活动现场",
        "{dept}师生在{place}前合影",
        "{person}老师介绍{topic}情况",
        "秋日的校园，远处是{place}",
    ],
    "file": ["{major}专业名单", "{topic}实施方案", "{season}学期安排表", "报名表", "{topic}检查清单"],
}

ENGLISH = {
    "dept": [
        "School of Nursing",
        "Department of Physics",
        "Business Division",
        "Welding Program",
        "School of Design",
        "Computer Science Department",
    ],
    "office": [
        "Admissions Office",
        "Student Life",
        "the Registrar",
        "Campus Facilities",
        "the Provost's Office",
        "Career Services",
    ],
    "person": [
        "Jane Roe",
        "Marcus Bell",
        "Aisha Khan",
        "Tomás Ortega",
        "Li Wei",
        "Hannah O'Neil",
        "Priya Raman",
        "Samuel Adeyemi",
        "Grace Liu",
        "Noah Becker",
    ],
    "firm": ["Lakeside Hospital", "Northern Steel", "Riverbend Software", "the county library", "Harbor Freight Lines"],
    "topic": [
        "quantum computing",
        "food insecurity",
        "student housing",
        "open textbooks",
        "campus safety",
        "artificial intelligence",
        "dual enrollment",
        "mental health",
    ],
    "place": [
        "Conference Center",
        "main library",
        "Founders Hall",
        "student union",
        "west gymnasium",
        "Hilltop Theater",
    ],
    "sport": ["volleyball", "soccer", "cross country", "basketball", "softball"],
    "town": ["Millbrook", "Cedar Falls", "Port Hollis", "Ashland", "Fairview"],
    "n": [str(n) for n in range(4, 96)],
    "weekday": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"],
    "season": ["Spring", "Summer", "Fall", "Winter"],
    "adjective": ["Annual", "Inaugural", "Virtual", "Regional", "Statewide"],
    "title": [
        "College Opens New Center for {Topic}",
        "{dept} Receives Grant for {Topic}",
        "Trustees Approve Plan for {place} Renovation",
        "Students Present {season} Research on {Topic}",
        "{adjective} {Topic} Symposium Draws {n} Visitors",
        "{Sport} Team Wins at {town}",
        "{season} Enrollment Rises for Third Straight Year",
        "{person} Named Director of {dept}",
        "Community Invited to {adjective} {season} Concert",
        "{dept} Partners With {Firm} on {Topic}",
        "Alumni Return to {town} for {adjective} Reunion",
        "Faculty Senate Debates {Topic} Policy",
    ],
    "opening": [
        "The board of trustees voted {weekday} to move ahead with a plan that {person} called overdue.",
        "More than {n} students gathered in the {place} on {weekday} to talk about {topic}.",
        "The {dept} will open its doors to visitors from {town} next {weekday}, college officials said.",
        "A {n}-person team from the {dept} returned from {town} on {weekday} with a first-place finish.",
    ],
    "sentence": [
        "“We have waited for this since the {place} closed,” said {person}, who leads the {dept}.",
        "The project is paid for by a gift from {firm} and will run for {n} months.",
        "Students who take part in the program earn credit toward a degree in {topic}.",
        "{person} said the college expects about {n} applications before the {season} term.",
        "The {sport} team practised in the {place} while its own hall was being repaired.",
        "Researchers in the {dept} have worked on {topic} with partners in {town} for years.",
        "A public forum is planned for {weekday} in the {place}, and parking will be free.",
        "According to {office}, {n} percent of those asked were in favor of the change.",
        "The syllabus now has a unit on quantum computing, which {person} will teach.",
        "Volunteers served {n} meals and handed out coats donated by {firm}.",
    ],
    "closing": [
        "For more information, contact {office}.",
        "Registration stays open until {weekday}.",
        "The next meeting is set for {weekday} in the {place}.",
    ],
    "caption": [
        "{person} on the lawn in front of the {place}.",
        "Students cross the campus on {weekday}. Photo by {person}.",
        "The {place}, where the {dept} has its offices.",
        "Visitors from {town} outside the {place}.",
    ],
    "notice": [
        "NOTICE OF ROAD CLOSURE\nThe gate beside the {place} will be closed to all vehicles from {weekday}, October"
        " {day}, until the drainage work is finished. Visitors are asked to enter by the east gate.\n\nCampus"
        " Facilities\nSeptember 2025"
    ],
    "day": [str(n) for n in range(4, 29)],
    "file": ["{season} schedule", "{topic} report", "Registration form", "{adjective} budget"],
}

GERMAN = {
    "dept": ["Fakultät für Maschinenbau", "Fakultät für Informatik", "Bibliothek", "Institut für Physik"],
    "person": ["Dr. Anna Vogel", "Prof. Jürgen Weiß", "Katrin Böhm", "Lukas Schäfer"],
    "topic": ["Energiewende", "Quantencomputing", "Barrierefreiheit", "Nachhaltigkeit", "Digitalisierung"],
    "town": ["Köln", "Göttingen", "Münster", "Weimar"],
    "n": [str(n) for n in range(4, 96)],
    "title": [
        "Neue Professur für {topic}",
        "{dept} lädt zum Tag der {topic}",
        "{person} erhält Preis für {topic}",
        "Studierende aus {town} forschen zur {topic}",
    ],
    "opening": ["Die {dept} hat am Montag gemeinsam mit Partnern aus {town} ein Projekt zur {topic} vorgestellt."],
    "sentence": [
        "„Wir freuen uns über die Förderung“, sagte {person} von der {dept}.",
        "Rund {n} Studierende nahmen an der Veranstaltung in {town} teil.",
        "Das Vorhaben läuft über {n} Monate und verbindet Lehre und Forschung.",
        "Im Mittelpunkt steht die Frage, wie {topic} den Alltag verändert.",
    ],
    "closing": ["Weitere Informationen erteilt {person}."],
    "file": ["Bericht {topic}", "Programm"],
}

GRAMMARS = {"zh": CHINESE, "en": ENGLISH, "de": GERMAN}


def say(random: Random, language: str, what: str) -> str:
    """One phrase of the grammar; a slot with a capital gives its phrase in title case."""
    grammar = GRAMMARS[language]

    def fill(match: re.Match[str]) -> str:
        name = match.group(1)
        phrase = say(random, language, name.lower())
        return phrase if name.islower() else re.sub(r"(?<![\w'’])[a-z]", lambda letter: letter[0].upper(), phrase)

    return _SLOT.sub(fill, random.choice(grammar[what]))


def paragraphs(random: Random, language: str, least: int = 3, most: int = 6) -> list[str]:
    """The body of a story."""
    space = "" if language == "zh" else " "
    texts = [say(random, language, "opening")]
    wanted = random.randint(least, most) - 1
    while len(texts) < wanted or sum(map(len, texts)) < _SHORTEST:
        texts.append(space.join(dict.fromkeys(say(random, language, "sentence") for _ in range(random.randint(2, 4)))))
    return [*texts, say(random, language, "closing")]
