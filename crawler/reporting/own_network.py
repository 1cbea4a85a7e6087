"""Whether our own network is to blame for what went wrong in a run: most hosts fared alike, as sites do not."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from archive.patterns import deferred

SAME = "same_answer"  # of what answered, byte for byte, as others did: a reason whether it could be read or not
UNREACHED = frozenset({"dns", "refused", "connect", "timeout", "disconnect", "tls"})
# what stands between us and all hosts says so too: gateways, proxies, portals (RFC 6585 section 6)
_BETWEEN = frozenset({"http_407", "http_502", "http_503", "http_504", "http_511"})
ENOUGH = 5  # hosts: of fewer nothing can be told
_MANY = 20  # hosts that cannot be reached: three in ten of all that were asked are enough then
_RESOLVES = deferred(r"resolves to (\S+)")
_TARGET = deferred(r"redirects to (\S+)")
_TAG = deferred(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", re.S | re.I)
_WORD = deferred(r"[^\W\d_]{2,30}")


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with one address that was asked for."""

    url: str
    reason: Annotated[str, "In one word, as of a `Problem`"]
    detail: str = ""


@dataclass(frozen=True, slots=True)
class OwnNetwork:
    """That it is our own network."""

    said: Annotated[str, "In one sentence, with how many hosts"]
    urls: Annotated[frozenset[str], "Addresses whose trouble says nothing of their sites"]
    kinds: Annotated[frozenset[str], "Failures that say nothing of the addresses, whichever these are"]
    clock: Annotated[bool, "Certificates say nothing of the hosts either"] = False


def own_network(
    troubles: Iterable[Trouble], asked: Iterable[str], words: Callable[[str], str] = lambda url: ""
) -> OwnNetwork | None:
    """Judges a run by what is wrong with the addresses that it `asked` for; `words` gives those of a page as one
    string, empty where it has none. None where it is rather the sites."""
    hosts = {urlsplit(url).netloc for url in asked}
    if len(hosts) < ENOUGH:
        return None
    troubled = [one for one in troubles if urlsplit(one.url).netloc in hosts]
    groups: dict[str, set[str]] = {}
    for one in troubled:
        if alike := _alike(one):
            groups.setdefault(alike, set()).add(one.url)
    unreached = {one.url for one in troubled if one.reason in UNREACHED}
    answered = [one for one in troubled if one.reason not in (*UNREACHED, SAME)]
    if not any(_most(urls, hosts) for urls in (*groups.values(), unreached)) and _most(
        (one.url for one in answered), hosts
    ):
        for one in answered:
            if said := words(one.url):
                groups.setdefault(f"the same page: “{said[:60]}”", set()).add(one.url)
    why, urls = max(groups.items(), key=lambda group: len(_hosts(group[1])), default=("", set[str]()))
    if not (_most(urls, hosts) or (why in UNREACHED and 10 * len(_hosts(urls)) >= 3 * len(hosts) and _many(urls))):
        if not _most(unreached, hosts):
            return None
        why, urls = (
            "unreachable, for " + ", ".join(sorted({one.reason for one in troubled if one.url in unreached})),
            unreached,
        )
    said = (
        f"{len(_hosts(urls))} of {len(hosts)} hosts failed alike ({why}): it is rather our own network, resolver or"
        " firewall; no site is marked for it"
    )
    kinds = {one.reason for one in troubled if one.url in urls} & {"guard", *_BETWEEN}
    return OwnNetwork(said, frozenset(urls | unreached), UNREACHED | kinds)


def judged_by_others(
    troubles: Collection[Trouble],
    asked: Collection[str],
    unknown: Set[str],
    words: Callable[[str], str] = lambda url: "",
) -> OwnNetwork | None:
    """The same where the hosts in trouble of which nothing has ever been read, `unknown`, bear no witness: new sites
    that are all wrong are no sign of our network. What others have shown spares them too."""
    silent = {urlsplit(one.url).netloc for one in troubles} & unknown
    judged = own_network(troubles, [url for url in asked if urlsplit(url).netloc not in silent], words)
    return judged if judged is None or not silent else own_network(troubles, asked, words) or judged


def own_clock(untrusted: Mapping[str, str], asked: Iterable[str]) -> str:
    """Says so where most certificates are not believed: our clock is wrong, or something answers in the place of
    all hosts. `untrusted` are origins."""
    hosts = {urlsplit(url).netloc for url in asked if url.startswith("https:")}
    lost = {netloc: why for origin, why in untrusted.items() if (netloc := urlsplit(origin).netloc) in hosts}
    if len(lost) < ENOUGH or 2 * len(lost) <= len(hosts):
        return ""
    return (
        f"{len(lost)} of {len(hosts)} hosts have a certificate that is not to be trusted"
        f" ({next(iter(lost.values()))}): it is rather our own clock, or something that answers in the place of all; no"
        " site is marked for it"
    )


def words_of(page: bytes, url: str) -> str:
    """What a page says, without what it repeats of the address that was asked for: the same for hosts that a portal
    answers for; empty where it is less than three words."""
    text = _TAG.sub(" ", page.decode("utf-8", "replace"))
    asked = set(_WORD.findall(url.lower()))
    found = [word for word in _WORD.findall(text.lower()) if word not in asked]
    return " ".join(found[:100]) if len(found) > 2 else ""


def _alike(problem: Trouble) -> str:
    """What it has in common with others that our own network is to blame for."""
    if problem.reason in UNREACHED | _BETWEEN:
        return problem.reason
    if problem.reason == SAME:
        return "the same answer to all"
    if problem.reason == "guard" and (found := _RESOLVES.search(problem.detail)):
        return f"every name resolves to {found[1]}"
    if problem.reason.startswith("redirect") and (found := _TARGET.search(problem.detail)):
        to = urlsplit(found[1]).netloc
        return f"sent to {to}" if to != urlsplit(problem.url).netloc else ""
    return ""


def _hosts(urls: Iterable[str]) -> set[str]:
    return {urlsplit(url).netloc for url in urls}


def _many(urls: Iterable[str]) -> bool:
    return len(_hosts(urls)) >= _MANY


def _most(urls: Iterable[str], hosts: set[str]) -> bool:
    found = len(_hosts(urls))
    return found >= ENOUGH and 2 * found > len(hosts)
