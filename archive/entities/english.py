"""People, institutions and places of English texts, by rules: words that head an institution's name, offices and verbs
that stand beside a person's, given names, a list of places."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive.entities.entity import Entity
from archive.entities.places import PLACES, WELL_KNOWN
from archive.patterns import deferred

RULES = "english rules 1"
_CAP = r"(?:[A-Z][\w’'&.-]*[\w]|[A-Z]\.?)"
_HEAD = (
    r"(?:Universit(?:y|ies)|Colleges?|Institute|Institution|Academy|School|Schools|Faculty|Department|Center|Centre"
    r"|Laborator(?:y|ies)|Lab|Hospital|Clinic|Library|Museum|Foundation|Association|Society|Federation|Union|Council"
    r"|Committee|Commission|Board|Ministry|Bureau|Agency|Administration|Authority|Organi[sz]ation|Alliance|Coalition"
    r"|Initiative|Group|Company|Corporation|Corp|Inc|Ltd|LLC|Bank|Fund|Party|Police|Court|Senate|Congress|Parliament"
    r"|Office|Club|League|Conference|Consortium|Press|Times|Post|News|Orchestra|Choir|Church|Team|Trust|Network"
    r"|Program|Division|Service|Services|United)"
)
_OFFICES = (
    r"(?:(?:[Vv]ice|[Aa]ssistant|[Aa]ssociate|[Dd]eputy|[Ss]enior|[Ii]nterim|[Ff]ormer|[Ee]xecutive|[Aa]cting)[ -])*"
    r"(?:[Pp]resident|[Pp]rovost|[Dd]ean|[Cc]hancellor|[Pp]rofessor(?:\s+[Ee]meritus)?|[Dd]irector"
    r"|[Cc]hair(?:man|woman)?"
    r"|[Mm]inister|[Ss]enator|[Mm]ayor|[Gg]overnor|[Cc]oach|[Ss]ecretary|[Ll]ecturer|[Rr]ector|[Cc]urator|[Ee]ditor"
    r"|[Cc]aptain|[Cc]hief|[Jj]udge|CEO|VP)"
)
_ORG = deferred(
    rf"""
    \b(?:The\s+)?(?P<name>
      (?:{_CAP}\s+){{0,5}}{_HEAD}
      (?:\s+(?:of|for|at)\s+(?:the\s+)?{_CAP}(?:,?\s+(?:and\s+|of\s+)?{_CAP}){{0,4}})?
    )\b(?![\w’'])(?!\s+(?!{_OFFICES}\b)[A-Z][a-z])
    """,
    re.X,
)
_WORD = deferred(r"(?<![\w-])[A-Z]\w+(?![\w-])")
_ALONE = deferred(rf"{_HEAD}")
_ACRONYM = deferred(
    r"""
    \b(?P<name>[A-Z]{3,6})\b(?=['’]s|\s+(?:said|says|announced|reported|officials?|spokes))
    | \b[Tt]he\s+(?P<one>[A-Z]{3,6})\b(?![\w-])
    | \((?P<short>[A-Z]{2,6})\)  # behind the whole name
    """,
    re.VERBOSE,
)
_NO_ORG = frozenset(
    "ACT AIDS API BMI CEO CFO COO COVID CPU CTO CV DNA DVD EPS FAQ GDP GMAT GPA GPS GPU GRE HIV HTML IQ ISBN LED LSAT"
    " MBA MCAT MRI PDF PHD PIN PTSD QR RNA SAT SAR SARS STEM TOEFL TV URL USA USB VAT VIP VPN".split()
)
_TITLE = rf"(?:{_OFFICES}|Prof\.?|Dr\.?|Mr\.?|Mrs\.?|Ms\.?|Sir|Dame|Lord|Rev\.?|Rep\.?|Sen\.?|Gov\.?|Gen\.?)"
_PART = r"(?:[A-Z][a-zé-ÿ]+(?:-[A-Z]?[a-zé-ÿ]+)?|Mc[A-Z][a-z]+|O[’'][A-Z][a-z]+|[A-Z]{2,}(?=\s[A-Z]))"
_FULL = rf"(?:{_PART})(?:\s+[A-Z]\.)?(?:\s+(?:de|van|von|der|bin|al|la|di))*(?:\s+(?:{_PART})){{1,2}}"
_TITLED = deferred(rf"\b(?P<office>{_TITLE})\s+(?P<name>{_FULL}|{_PART})(?![\w’'-]*[A-Z])")
_NAMED = deferred(rf"(?<![\w&’'-])(?P<name>{_FULL})(?![\w-])")
# Cup, Hall, Prize: what is called after people
_THINGS = frozenset(
    "Act Avenue Award Awards Building Campus Cup Day Fellowship Field Fund Game Games Garden Gallery Grant Hall House"
    " Island Lake Lecture Medal Mountain Park Plan Plaza Prize River Road Scholarship Series Show Stadium Street Summit"
    " Theater Theatre Tower Trail Week Wing Year".split()
)
_OF = r"(?:\s+(?:of|for|at)\s+(?:the\s+)?[A-Z][\w’'-]*(?:\s+(?:and\s+|of\s+)?[A-Z][\w’'-]*){0,4})?"
_BEHIND = deferred(rf"\s*,\s*(?:the\s+|an?\s+|who\s+is\s+)?(?P<office>(?:[a-z]+\s+){{0,3}}{_OFFICES}{_OF})")
_SPEAKS = deferred(
    r"""
    \s*(?:,[^,.]{1,60},)?\s*(?:
      said|says|told|added|explained|noted|recalled|wrote|argued|spoke|joked|agreed|admitted|confirmed
      | who|leads|directs|teaches|studies|earned|received|joined|graduated|lives|lived|won
      | was\s+(?:named|born|appointed|elected|hired|awarded)
    )\b
    """,
    re.VERBOSE,
)
_SPOKEN = deferred(rf"\b(?:said|says|added|explained|noted|recalled)\s+(?P<name>{_FULL}|{_PART})\b")
_PLACE = deferred(r"(?<![\w-])(?P<name>(?:[A-Z][\w’.]*[\w.])(?:\s+(?:of\s+(?:the\s+)?)?[A-Z][\w’]*){0,3})")
_TOWN = deferred(rf"\b(?P<name>{_CAP}(?:\s{_CAP}){{0,2}}),\s+(?P<state>[A-Z][a-z]+(?:\s[A-Z][a-z]+)?|[A-Z]{{2}})\b")
_COMMON = frozenset(
    "The A An In On At For With And But Or If When While As By From This That These Those It He She They We You I His"
    " Her Their Our My Your Its There Here What Who How Why Where After Before During Since Until Both Each Every All"
    " Some Many Most More Even Also Only Not No Yes Now Then So Because Although However Together Below Above Last Next"
    " First Second Third One Two Three New Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February"
    " March April May June July August September October November December Asked Early Former According Current Health"
    " Shares Hours Roughly Additionally Beyond Police Temperature Summary".split()
)
_GIVEN = frozenset(
    "Aaron Adam Adrian Aisha Alan Albert Alex Alexander Alexandra Alfred Ali Alice Alison Amanda Amber Amy Ana Andrea"
    " Andrew Andy Angela Anita Ann Anna Anne Annie Anthony Antonio April Arthur Ashley Barbara Ben Benjamin Bernard"
    " Beth Betty Bill Bob Bonnie Brad Bradley Brandon Brenda Brian Bruce Bryan Caitlin Cameron Carl Carla Carlos"
    " Carmen Carol Caroline Catherine Cathy Chad Charles Charlie Charlotte Chelsea Cheryl Chloe Chris Christian"
    " Christina Christine Christopher Cindy Claire Clara Colin Connor Craig Crystal Cynthia Daniel Danielle Darren"
    " Dave David Dawn Dean Deborah Debra Dennis Derek Diana Diane Diego Don Donald Donna Doris Dorothy Douglas Dylan"
    " Edward Eileen Elena Elizabeth Ellen Emily Emma Eric Erica Erik Erin Ethan Eugene Eva Evan Evelyn Fatima Felix"
    " Fernando Fiona Frances Francis Frank Fred Gabriel Gary George Gerald Gloria Gordon Grace Graham Grant Greg"
    " Gregory Hannah Harold Harry Heather Hector Helen Henry Howard Hugh Ian Irene Isaac Isabel Ivan Jack Jackie Jacob"
    " Jacqueline James Jamie Jan Jane Janet Janice Jason Javier Jay Jean Jeff Jeffrey Jennifer Jenny Jeremy Jerry"
    " Jesse Jessica Jill Jim Jimmy Joan Joanna Joe Joel John Johnny Jon Jonathan Jordan Jorge Jose José Joseph Joshua"
    " Joyce Juan Judith Judy Julia Julian Julie Justin Karen Karl Kate Katherine Kathleen Kathryn Kathy Katie Keith"
    " Keir Kelly Ken Kenneth Kevin Kim Kimberly Kristen Kristin Kyle Larry Laura Lauren Laurie Lawrence Lee Leo Leon"
    " Leonard Leslie Lewis Liam Linda Lisa Liz Logan Lori Louis Louise Lucas Lucy Luis Luke Lynn Marc Marcus Margaret"
    " Maria María Marie Marilyn Mario Marion Mark Martha Martin Mary Matt Matthew Maurice Max Megan Melanie Melissa"
    " Michael Michelle Miguel Mike Mohammed Molly Monica Nancy Natalie Nathan Neil Nicholas Nick Nicole Nina Noah"
    " Norman Olivia Oscar Pamela Pat Patricia Patrick Paul Paula Pedro Peggy Peter Phil Philip Phillip Phyllis Priya"
    " Rachel Ralph Raymond Rebecca Ricardo Richard Rick Robert Roberto Robin Rodney Roger Ronald Rosa Rose Roy Russell"
    " Ruth Ryan Sally Sam Samantha Samuel Sandra Sara Sarah Scott Sean Sergio Shannon Sharon Shawn Sheila Shirley"
    " Simon Sofia Sophia Sophie Stacy Stanley Stephanie Stephen Steve Steven Stuart Sue Susan Suzanne Sylvia Tamara"
    " Tara Taylor Ted Teresa Terry Thomas Tiffany Tim Timothy Tina Todd Tom Tony Tracy Tyler Valerie Vanessa Veronica"
    " Victor Victoria Vincent Virginia Walter Wanda Wayne Wendy William Yolanda Yvonne Zachary".split()
)
_FAMILY = frozenset(  # Chinese ones, in pinyin, which stand first
    "Bai Cai Cao Chang Chen Cheng Cui Dai Deng Ding Dong Du Duan Fan Fang Feng Fu Gao Gong Gu Guo Han Hao He Hou Hu"
    " Huang Jia Jiang Jin Kang Kong Lai Lei Li Liang Liao Lin Liu Long Lu Luo Ma Mao Meng Mo Ouyang Pan Peng Qi Qian"
    " Qiao Qin Qiu Ren Shao Shen Shi Song Su Sun Tan Tang Tao Tian Wan Wang Wei Wen Wu Xia Xiang Xiao Xie Xiong Xu Xue"
    " Yan Yang Yao Ye Yin Yu Yuan Zeng Zhang Zhao Zheng Zhong Zhou Zhu Zou".split()
)


def read(text: str) -> Iterator[Entity]:
    """What a text names, each as often as it does. Two words with capitals that nothing tells to be a person's name are
    told as one that is not sure."""
    for line in filter(None, map(str.strip, text.split("\n"))):
        yield from _read(line)


def _read(line: str) -> Iterator[Entity]:
    taken: list[tuple[int, int]] = []

    def free(begin: int, end: int) -> bool:
        return all(end <= one or begin >= other for one, other in taken)

    for match in _ORG.finditer(line):
        name = _bare(match["name"])
        if _ALONE.fullmatch(name) or not name[0].isupper() or " " not in name or name in PLACES:
            continue
        begin = match.start("name") + match["name"].index(name)
        taken.append((begin, begin + len(name)))
        yield Entity("org", name)
    for match in _ACRONYM.finditer(line):
        group = match.lastgroup or "name"
        if free(*match.span(group)) and match[group] not in PLACES and match[group] not in _NO_ORG:
            taken.append(match.span(group))
            yield Entity("org", match[group])
    for match in _WORD.finditer(line):
        if match[0] in WELL_KNOWN and free(*match.span()):
            taken.append(match.span())
            yield Entity("org", match[0])
    for match in _TITLED.finditer(line):
        begin, end = match.span("name")
        if free(begin, end) and match["name"].split()[0] not in _COMMON and match["name"] not in PLACES:
            taken.append((begin, end))
            behind = _BEHIND.match(line, end)
            yield Entity("person", match["name"], behind["office"] if behind else match["office"])
    for match in _NAMED.finditer(line):
        begin, end = match.span("name")
        words = match["name"].split()
        while words and words[0] in _COMMON:
            begin += len(words[0]) + 1
            words = words[1:]
        name = line[begin:end]
        if len(words) < 2 or not free(begin, end) or name in PLACES or not _THINGS.isdisjoint(words):
            continue
        behind = _BEHIND.match(line, end)
        sure = words[0] in _GIVEN or words[0] in _FAMILY or bool(behind) or _SPEAKS.match(line, end) is not None
        if sure:
            taken.append((begin, end))
        yield Entity("person", name, behind["office"] if behind else "", sure)
    for match in _SPOKEN.finditer(line):
        begin, end = match.span("name")
        if free(begin, end) and match["name"].split()[0] not in _COMMON and match["name"] not in PLACES:
            taken.append((begin, end))
            yield Entity("person", match["name"])
    for match in _PLACE.finditer(line):
        for name, begin in _places(match["name"], match.start("name")):
            if free(begin, begin + len(name)):
                taken.append((begin, begin + len(name)))
                yield Entity("place", name)
    for match in _TOWN.finditer(line):
        if match["state"] in PLACES and free(*match.span("name")) and match["name"].split()[0] not in _COMMON:
            taken.append(match.span("name"))
            yield Entity("place", match["name"])


def _bare(name: str) -> str:
    """Without words before it that begin a sentence."""
    words = name.split()
    while len(words) > 1 and words[0] in _COMMON:
        words = words[1:]
    return " ".join(words)


def _places(name: str, begin: int) -> Iterator[tuple[str, int]]:
    """Places of the list within a run of words with capitals, the longest first."""
    words = list(re.finditer(r"\S+?(?=[’']s?\b|\.?(?:\s|$)|\s)|U\.[KS]\.", name))
    place = 0
    while place < len(words):
        for last in range(len(words), place, -1):
            piece = name[words[place].start() : words[last - 1].end()]
            if piece in PLACES:
                yield piece, begin + words[place].start()
                place = last - 1
                break
        place += 1
