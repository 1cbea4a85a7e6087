"""A digest as a person reads it: plain text, Markdown, HTML."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from archive.store.problems import RESTING
from crawler.reporting.digest import Cause, Digest

_HEADINGS = {
    "newly": "Newly broken",
    "still": "Still broken",
    "silent": "Silent for longer than is their rhythm",
    "suspect": "Changes held back",
    "incomplete": "Incomplete: there is more than can be followed",
    "remarks": "Read all the same",
}
_NAMED = 8  # sites of one cause that a line names


def summary(told: Digest) -> str:
    """All of it in one line."""
    count = {name: sum(len(cause.problems) for cause in getattr(told, name)) for name in _HEADINGS}
    said = [f"{n} {_HEADINGS[name].partition(':')[0].lower()}" for name, n in count.items() if n]
    said += [f"{len(told.recovered)} recovered"] if told.recovered else []
    said += [f"{len(told.new_sites)} new site{'s' * (len(told.new_sites) != 1)}"] if told.new_sites else []
    return f"{told.network}. " * bool(told.network) + (", ".join(said) or "nothing that needs a person")


def brief(causes: list[Cause], more: str) -> list[str]:
    """A line a cause: which sites, what was said of the first of them, and the command that says more."""
    lines = []
    for cause in causes:
        sites = list(dict.fromkeys(problem.site for problem in cause.problems))
        lines.append(f"{_title(cause)}: {_named(sites)}: {cause.problems[0].line}; {more}")
    return lines


def _named(sites: list[str]) -> str:
    return ", ".join(sites[:_NAMED]) + (f" and {len(sites) - _NAMED} more" if len(sites) > _NAMED else "")


def text(told: Digest) -> str:
    """Plain text, for a mail."""
    return "\n".join(_lines(told, "", "\n{}", "\n{}", "  {}", "  -> {}")).strip() + "\n"


def markdown(told: Digest) -> str:
    """Markdown."""
    return "\n".join(_lines(told, "# ", "\n## {}", "\n**{}**\n", "- {}", "\n```\n{}\n```")).strip() + "\n"


def html(told: Digest) -> str:
    """One page of HTML, nothing loaded."""
    parts = [
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>campuswarc report</title>',
        f"<h1>{escape(summary(told))}</h1>",
    ]
    for heading, groups in _groups(told):
        parts.append(f"<h2>{escape(heading)}</h2>")
        for cause in groups:
            items = "".join(f"<li>{escape(line)}</li>" for line in _members(cause))
            parts.append(f"<h3>{escape(_title(cause))}</h3><ul>{items}</ul><pre>{escape(cause.action)}</pre>")
    for heading, lines in _plain(told):
        parts.append(f"<h2>{heading}</h2><ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>")
    return "\n".join([*parts, "</html>"]) + "\n"


def _lines(told: Digest, first: str, heading: str, cause: str, member: str, action: str) -> Iterator[str]:
    yield f"{first}{summary(told)}"
    for name, groups in _groups(told):
        yield heading.format(name.upper() if not first else name)
        for one in groups:
            yield cause.format(_title(one))
            yield from (member.format(line) for line in _members(one))
            yield action.format(one.action)
    for name, lines in _plain(told):
        yield heading.format(name.upper() if not first else name)
        yield from (member.format(line) for line in lines)


def _groups(told: Digest) -> Iterator[tuple[str, list[Cause]]]:
    return ((_HEADINGS[name], getattr(told, name)) for name in _HEADINGS if getattr(told, name))


def _title(cause: Cause) -> str:
    sites = len({problem.site for problem in cause.problems})
    what = cause.state if cause.reason in ("", cause.state) else f"{cause.state}: {cause.reason}"
    return f"{what} ({sites} site{'s' * (sites != 1)})"


def _members(cause: Cause) -> Iterator[str]:
    if cause.state == RESTING:  # one break, however many rest
        for detail in dict.fromkeys(one.detail for one in cause.problems):
            yield f"{_named([one.site for one in cause.problems if one.detail == detail])}: {detail}"
        return
    for one in cause.problems:
        lasting = (
            f" (since {one.since[:10]}{f', {one.runs} runs in a row' if one.runs > 1 else ''})" if one.since else ""
        )
        yield f"{one.site}: {f'{one.url}: ' if one.url and one.url not in one.detail else ''}{one.detail}{lasting}"


def _plain(told: Digest) -> Iterator[tuple[str, list[str]]]:
    if told.recovered:
        yield (
            "Recovered",
            [f"{one['site']}: {one['url']}: was {one['reason']}".replace(" : ", " ") for one in told.recovered],
        )
    if told.new_sites:
        yield "New sites", told.new_sites
