"""What has changed since an operator was last told, grouped by cause."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from archive.instants import iso
from archive.store.health import SiteHealth
from archive.store.problems import HOST_FAILED, RESTING, STALLED, Problem
from crawler.reporting.acknowledged import Acknowledged, loud
from crawler.reporting.own_network import UNREACHED, Trouble, judged_by_others
from spiders.site import Site
from spiders.tables import ConfigError, text_of

_KEPT = 400  # reports whose facts are kept, to tell what has recovered since
_PASSES = ("http_5", "http_429", "timeout", "refused", "connect", "disconnect", "dns", "tls", "host_closed", "protocol")
PASSING_RUNS = 3  # in a row, after which what may pass by itself is told of; anything else at once
BROKEN, SILENT, SUSPECT, INCOMPLETE, REMARKS = "broken", "silent", "suspect", "incomplete", "remarks"
_SECTION = {
    "silent": SILENT,
    "suspect": SUSPECT,
    "incomplete": INCOMPLETE,
    "certificate": REMARKS,
    RESTING: REMARKS,
    STALLED: REMARKS,
}


@dataclass(frozen=True, slots=True)
class Cause:
    """Problems that have one cause, and the command that is likely to help with all of them."""

    state: str
    reason: str
    problems: tuple[Problem, ...]

    @property
    def action(self) -> str:
        """One command for all of them, where they need the same one."""
        actions = list(dict.fromkeys(problem.action for problem in self.problems))
        verb = actions[0].rsplit(" ", 1)[0]
        if all(action.rsplit(" ", 1)[0] == verb for action in actions):
            return " ".join([verb, *(action.rsplit(" ", 1)[1] for action in actions)])
        return "; ".join(actions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What there is to tell."""

    at: Annotated[str, "When it was made"]
    since: Annotated[str, "Since when changes are told; empty: since ever"]
    network: Annotated[str, "What says that our own network failed, and not the sites; empty where nothing does"]
    network_before: Annotated[str, "What was told of that last time"]
    newly: Annotated[list[Cause], "Broken since"]
    still: Annotated[list[Cause], "Broken before, and still"]
    recovered: Annotated[list[dict[str, Any]], "Told of before, and well again"]
    silent: Annotated[list[Cause], "Without news for longer than is their rhythm"]
    suspect: Annotated[list[Cause], "Changes that are held back"]
    incomplete: Annotated[list[Cause], "Listings of which more exists than can be followed"]
    remarks: Annotated[list[Cause], "Read all the same"]
    new_sites: Annotated[list[str], "Sites that were crawled for the first time"]
    fallen_silent: Annotated[list[str], "Sites that are silent, and were not when last told of"]
    lacking: Annotated[list[str], "Listings of which something is missing that was not when last told of"]

    @property
    def wrong(self) -> set[str]:
        """Sites that need a person."""
        groups = (self.newly, self.still, self.silent, self.suspect, self.incomplete)
        return {problem.site for causes in groups for cause in causes for problem in cause.problems}

    @property
    def news(self) -> bool:
        """Whether there is anything that was not told before."""
        fresh = any((problem.since or "") > self.since for cause in self.suspect for problem in cause.problems)
        failed = self.network and not self.network_before  # said once, as long as it lasts
        gone_wrong = self.newly or self.new_sites or self.fallen_silent or self.lacking or fresh
        return bool(failed or gone_wrong or self.recovered)

    def as_dict(self) -> dict[str, Any]:
        """For JSON: each cause with its action, its problems with all their keys."""

        def told(value: Any) -> Any:
            if isinstance(value, list) and value and isinstance(value[0], Cause):
                return [
                    {"state": one.state, "reason": one.reason, "action": one.action}
                    | {"problems": [problem.as_dict() for problem in one.problems]}
                    for one in value
                ]
            return value

        return {name: told(getattr(self, name)) for name in self.__dataclass_fields__}


def digest(
    rows: Sequence[SiteHealth],
    sites: Mapping[str, Site],
    asked: Iterable[str],
    before: Mapping[str, Any],
    first_seen: Mapping[str, str],
    at: datetime,
    network: str = "",
    known: Sequence[Acknowledged] = (),
) -> Digest:
    """What to tell of `rows`, without what is `known`: it is not told of, nor has it recovered.

    `asked` are the listings that the last run asked for, `before` is what the last report told (see `earlier`),
    `network` is what the last run says of our own network.
    """
    everything = [problem for row in rows for problem in row.found]
    problems = loud(everything, known, at)
    judged = judged_by_others(  # of a run that did not come to judge itself
        [Trouble(one.url, one.reason, one.detail) for one in problems],
        list(asked),
        {urlsplit(one.url).netloc for row in rows if row.last_ok is None for one in row.found},
    )
    if judged:
        problems = [one for one in problems if one.url not in judged.urls and one.reason not in UNREACHED]
    network = network or (judged.said if judged else "")
    counted = [problem for problem in _apart(problems) if _counts(problem, sites.get(problem.site))]
    told = {_key_of(one): one for one in before.get("told", ())}
    here = {_key(problem) for problem in everything}
    by = {
        name: [problem for problem in counted if _SECTION.get(problem.state, BROKEN) == name]
        for name in (BROKEN, SILENT, SUSPECT, INCOMPLETE, REMARKS)
    }
    new = [one for one in by[BROKEN] if _key(one) not in told]
    since = str(before.get("at", ""))
    active = {row.site for row in rows}
    return Digest(
        at=iso(at),
        since=since,
        network=network,
        network_before=str(before.get("network", "")),
        newly=causes(new),
        still=causes([one for one in by[BROKEN] if one not in new]),
        recovered=[] if network else [one for key, one in told.items() if key not in here and one["site"] in active],
        silent=causes(by[SILENT]),
        suspect=causes(by[SUSPECT]),
        incomplete=causes(by[INCOMPLETE]),
        remarks=causes(by[REMARKS]),
        new_sites=sorted(site for site in active if first_seen.get(site, "") > since),
        fallen_silent=sorted(one.site for one in by[SILENT] if _key(one) not in told and not network),
        lacking=sorted({one.url for one in by[INCOMPLETE] if _key(one) not in told}),
    )


def causes(problems: Iterable[Problem]) -> list[Cause]:
    """Problems by cause, the commonest first."""
    found: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        found.setdefault((problem.state, problem.reason), []).append(problem)
    return sorted((Cause(*key, tuple(members)) for key, members in found.items()), key=lambda one: -len(one.problems))


def earlier(path: Path, at: str | None) -> dict[str, Any]:
    """What the last report told; or the last one not after a time. Nothing where there is none. Raises ConfigError."""
    return next((one for one in _latest(path) if at is None or one["at"] <= at), {})


def sent_since(path: Path, at: str) -> bool:
    """Whether a digest was sent after that time. Raises ConfigError."""
    return any(one.get("sent") and one["at"] > at for one in islice(_latest(path), 50))


def _latest(path: Path) -> Iterator[dict[str, Any]]:
    """What earlier reports told, the latest first."""
    lines = text_of(path).splitlines() if path.exists() else []
    for n, line in reversed(list(enumerate(lines, 1))):
        try:
            one: dict[str, Any] = json.loads(line)
            one["at"] + ""
        except (ValueError, TypeError, KeyError):
            raise ConfigError(
                f"{path}: line {n} is no report: move the file away, and the next report tells all anew"
            ) from None
        yield one


def remember(path: Path, told: Digest, before: Mapping[str, Any], *, sent: bool = False) -> None:
    """Keep what was told, so that the next report tells changes. What our own network hid counts as told still, and so
    does the silence of a site that has come to rest with others."""
    problems = [
        {"site": one.site, "url": one.url, "state": one.state, "reason": one.reason, "since": one.since}
        for groups in (told.newly, told.still, told.silent, told.incomplete)
        for cause in groups
        for one in cause.problems
    ]
    resting = {one.site for cause in told.remarks if cause.state == RESTING for one in cause.problems}
    problems += [one for one in before.get("told", ()) if one["state"] == "silent" and one["site"] in resting]
    if told.network:
        known = {_key_of(one) for one in problems}
        problems += [one for one in before.get("told", ()) if _key_of(one) not in known]
    lines = text_of(path).splitlines()[1 - _KEPT :] if path.exists() else []
    said: dict[str, Any] = {"network": told.network} if told.network else {}
    said |= {"sent": True} if sent else {}
    lines.append(json.dumps({"at": told.at, "told": problems} | said, ensure_ascii=False))
    fresh = path.with_name(path.name + ".new")
    fresh.write_text("\n".join(lines) + "\n", encoding="utf-8")
    fresh.replace(path)


def _apart(problems: Sequence[Problem]) -> list[Problem]:
    """Without hosts none of whose stories could be read, where the listing there cannot be read either: one
    trouble, told once."""
    unread = {
        (one.site, urlsplit(one.url).netloc)
        for one in problems
        if one.url and one.state in ("failed", "blocked", "empty")
    }
    return [one for one in problems if one.state != HOST_FAILED or (one.site, urlsplit(one.url).netloc) not in unread]


def _counts(problem: Problem, site: Site | None) -> bool:
    """Whether it has lasted for as many runs as it takes."""
    least = site.alert_after if site is not None else 0
    if not least:
        least = PASSING_RUNS if problem.reason.startswith(_PASSES) else 1
    return not problem.runs or problem.runs >= least


def _key(one: Problem) -> str:
    return _key_of({"site": one.site, "url": one.url, "state": one.state, "reason": one.reason})


def _key_of(told: Mapping[str, Any]) -> str:
    """Of a listing there is one trouble at a time, whatever its name, but each thing that is missing is one of its own;
    a site that rests with others is silent still."""
    state = SILENT if told["state"] == RESTING else told["state"]
    section = _SECTION.get(state, BROKEN)
    return f"{told['site']} {told['url']} {section}" + f" {told['reason']}" * (section == INCOMPLETE)
