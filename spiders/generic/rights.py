"""What a page, its answer and the files of its host say of the rights in it: each statement as `use=answer witness`.

`use` is index, archive, snippet, search, ai-train, ai-input, tdm, license, tdm-policy or rsl; `answer` is yes, no, or
an address; `witness` says where it stands, and behind a colon to whom, or of which paths, it is said where not to all.
What is said is kept as it is said: whether it binds, and whom, is the operator's to judge.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement

from archive.patterns import deferred
from spiders.page import Page

MOST = 40  # statements of one page or one file; more are a template gone wrong
_DIRECTIVES = {  # of robots meta elements and X-Robots-Tag: what each refuses
    "noindex": ("index",),
    "none": ("index",),
    "noarchive": ("archive",),
    "nocache": ("archive",),
    "nosnippet": ("snippet",),
    "noai": ("ai-train", "ai-input"),
    "noml": ("ai-train",),
    "noimageai": ("image-ai-train",),
    "noimageindex": ("image-index",),
}
_WITH_VALUE = ("max-snippet", "max-image-preview", "max-video-preview", "unavailable_after")
_ROBOT = deferred(r"(?:robots|[a-z][a-z0-9_-]{0,40}bot(?:-[a-z]+)?)$")
_USES = {"train-ai": "ai-train", "ai-train": "ai-train", "ai-input": "ai-input", "ai-output": "ai-input"}
_AS_SIGNALLED = {"search": "search", "ai": "ai-train", "tdm": "tdm", "bots": "index"} | _USES
_ANSWERS = {"yes": "yes", "y": "yes", "no": "no", "n": "no"}
_CC = deferred(r"https?://creativecommons\.org/(?:licenses|publicdomain)/", re.I)
_LINK = deferred(r"<([^<>]{1,2000})>([^<]{0,500})")
_TOLD = deferred(r"(?:^|[;\s])rel\s*=\s*\"?([^\";]{1,200})", re.I)
_RSL = deferred(r"<(permits|prohibits)\b[^>]{0,200}\btype\s*=\s*[\"']usage[\"'][^>]{0,200}>([^<]{1,500})<", re.I)
_WORDS = ("rel=", "creativecommons.org/", "application/rsl+xml")  # without any of them no element has to be looked at
_ALL_PATHS = ("/", "*", "/*")
_PICTURES = deferred(r"\*?\.(?:jpe?g|png|gif|webp|svg|bmp|tiff?)$", re.I)


def of_page(page: Page) -> tuple[str, ...]:
    """What the page and the head of its answer say, in the order of witnesses, each once."""
    if not page.content:
        return of_answer(page)
    return _kept((*_of_head(page), *_of_metas(page), *_of_links(page)))


def of_answer(page: Page) -> tuple[str, ...]:
    """What the head of the answer says."""
    return _kept(_of_head(page))


def of_robots(text: str) -> tuple[str, ...]:
    """What a robots.txt says beside what may be fetched: Content-Signal, Content-Usage (AIPREF), License (RSL)."""
    return _kept(_of_robots(text))


def of_ai_txt(text: str) -> tuple[str, ...]:
    """What an ai.txt says of training: it is written as a robots.txt is."""
    found = []
    for agent, name, value in _lines(text):
        if name not in ("allow", "disallow") or not value:
            continue
        answer, witness = ("yes" if name == "allow" else "no"), f"ai.txt{_to(agent)}"
        if _PICTURES.search(value):
            found.append(f"image-ai-train={answer} {witness}")
        else:
            found.append(f"ai-train={answer} {witness}{'' if value in _ALL_PATHS else _of_path(value)}")
    return _kept(found)


def of_tdmrep(text: str) -> tuple[str, ...]:
    """What a /.well-known/tdmrep.json says (TDM Reservation Protocol, section 6.1)."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    found: list[str] = []
    for rule in told if isinstance(told, list) else []:
        if isinstance(rule, dict):
            where = str(rule.get("location", "/"))
            witness = "tdmrep.json" + ("" if where in _ALL_PATHS else _of_path(where))
            found += _tdm(str(rule.get("tdm-reservation", "")), str(rule.get("tdm-policy", "")), witness)
    return _kept(found)


def of_file(url: str, text: str) -> tuple[str, ...]:
    """What a file of a host says, by its address."""
    name = url.partition("?")[0].rpartition("/")[2].lower()
    readers = {"robots.txt": of_robots, "ai.txt": of_ai_txt, "tdmrep.json": of_tdmrep}
    return readers[name](text) if name in readers else ()


def _of_head(page: Page) -> Iterator[str]:
    for name, value in page.headers:
        match name.lower():
            case "x-robots-tag":
                agent, colon, rest = value.partition(":")
                named = agent.strip().lower()
                if colon and named not in _WITH_VALUE and "," not in named and named not in _DIRECTIVES:
                    yield from _directives(rest, f"x-robots-tag{_to(named)}")
                else:
                    yield from _directives(value, "x-robots-tag")
            case "content-signal" | "content-usage":
                yield from _signals(value, name.lower())
            case "link":
                for address, told in _LINK.findall(value[:8000]):
                    rel = _TOLD.search(told)
                    if rel and "license" in rel[1].lower().split() and (url := page.absolute(address)):
                        yield f"{'rsl' if 'rsl+xml' in told.lower() else 'license'}={_address(url)} link-header"
    yield from _tdm(page.header("tdm-reservation"), page.header("tdm-policy"), "tdm-header")


def _of_metas(page: Page) -> Iterator[str]:
    reservation = policy = ""
    for element in page.tree.iter("meta"):
        name = (element.get("name") or "").strip().lower()
        content = (element.get("content") or "").strip()
        if not name or not content:
            continue
        if name == "tdm-reservation":
            reservation = reservation or content
        elif name == "tdm-policy":
            policy = policy or content
        elif name in ("content-signal", "content-usage"):
            yield from _signals(content, f"meta-{name}")
        elif _ROBOT.match(name):
            yield from _directives(content, "meta-robots" + _to(name if name != "robots" else ""))
        elif name in ("dcterms.license", "dc.rights.license") and (url := page.absolute(content)):
            yield f"license={_address(url)} meta-{name}"
    yield from _tdm(reservation, policy, "tdm-meta")


def _of_links(page: Page) -> Iterator[str]:
    text = page.text
    if not any(word in text for word in _WORDS):
        return
    for element in page.tree.iter("link", "a", "area"):
        rel = (element.get("rel") or "").lower()
        licensed = "license" in rel and "license" in rel.split()
        href = element.get("href") or ""
        if (licensed or _CC.match(href)) and (url := page.absolute(href)):
            rsl = licensed and (element.get("type") or "").lower() == "application/rsl+xml"
            yield f"{'rsl' if rsl else 'license'}={_address(url)} {'rel-license' if licensed else 'cc-link'}"
    if "application/rsl+xml" in text:
        for element in page.tree.iter("script"):
            if (element.get("type") or "").lower() == "application/rsl+xml":
                yield from _rsl(element)


def _rsl(element: HtmlElement) -> Iterator[str]:
    for verb, uses in _RSL.findall((element.text or "")[:20_000]):
        answer = "yes" if verb.lower() == "permits" else "no"
        for use in re.split(r"[\s,]+", uses.strip().lower()):
            for one in {"all": ("search", "ai-train", "ai-input"), "ai-all": ("ai-train", "ai-input")}.get(use, (use,)):
                yield f"{_word(one)}={answer} rsl"


def _of_robots(text: str) -> Iterator[str]:
    for agent, name, value in _lines(text):
        if name in ("content-signal", "content-usage"):
            first, _, rest = value.partition(" ")
            path, signals = (first, rest) if first.startswith("/") else ("", value)
            yield from _signals(signals, f"robots.txt{_to(agent)}{'' if path in ('', *_ALL_PATHS) else _of_path(path)}")
        elif name == "license" and value.lower().startswith(("http://", "https://")):
            yield f"rsl={_address(value)} robots.txt"


def _lines(text: str) -> Iterator[tuple[str, str, str]]:
    """Agent of the group, name and value of each line; the agent is empty where it is all."""
    agent = ""
    for line in text.splitlines():
        name, colon, value = line.partition("#")[0].partition(":")
        if colon:
            name, value = name.strip().lower(), value.strip()
            if name == "user-agent":
                agent = "" if value == "*" else value.lower()
            else:
                yield agent, name, value


def _directives(text: str, witness: str) -> Iterator[str]:
    for word in text.lower().split(","):
        for use in _DIRECTIVES.get(word.strip(), ()):
            yield f"{use}=no {witness}"


def _signals(text: str, witness: str) -> Iterator[str]:
    for one in text.lower().replace(";", ",").split(","):
        use, _, answer = (part.strip() for part in one.partition("="))
        if use in _AS_SIGNALLED and answer in _ANSWERS:
            yield f"{_AS_SIGNALLED[use]}={_ANSWERS[answer]} {witness}"


def _tdm(reservation: str, policy: str, witness: str) -> Iterator[str]:
    if reservation.strip() in ("0", "1"):
        yield f"tdm={'no' if reservation.strip() == '1' else 'yes'} {witness}"
        if policy:
            yield f"tdm-policy={_address(policy)} {witness}"


def _to(agent: str) -> str:
    return f":{_word(agent)}" if agent else ""


def _of_path(path: str) -> str:
    return f":{_address(path)[:200]}"


def _word(text: str) -> str:
    return re.sub(r"[^a-z0-9._-]+", "-", text.lower())[:60] or "-"


def _address(url: str) -> str:
    """On one line and without spaces, which part the statement."""
    return re.sub(r"[\s\"\\\x00-\x1f]+", "%20", url.strip())[:500]


def _kept(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))[:MOST]
