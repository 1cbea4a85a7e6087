"""What is said of the rights in a story, as rows keep it: by its page in `articles`, by files of its host beside it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Annotated, Literal, get_args

Use = Literal["index", "archive", "snippet", "search", "ai-train", "ai-input", "tdm", "image-index", "image-ai-train"]
USES: Annotated[tuple[Use, ...], "What a page or a host may refuse"] = get_args(Use)
ORIGIN = "substr(a.url, 1, 8 + instr(substr(a.url, 9), '/'))"  # of `articles a`, as `host_rights` has it
SAID = (
    "a.rights || coalesce((select char(10) || group_concat(h.said, char(10)) from host_rights h where h.origin ="
    f" {ORIGIN}), '')"
)  # lists of JSON, one a line: what the page says, then each file of its host


def merged(said: str) -> list[str]:
    """The statements of lists such as SAID gives, each once."""
    return list(dict.fromkeys(one for line in said.splitlines() for one in json.loads(line)))


def needle(value: str) -> str:
    """What to look for in a list of statements: the beginning of one, up to the end of a use or an answer."""
    value = value.lower() if not value.lower().startswith("license=") else value
    whole = value if "=" in value else f"{value}="
    return f'"{whole}{" " if whole.endswith(("=yes", "=no")) else ""}'


def counted(rows: Iterable[tuple[str, int]]) -> dict[str, int]:
    """How many stories say what, witnesses aside, the commonest first; `rows` are lists such as SAID gives, and how
    many stories have each."""
    found: dict[str, int] = {}
    for said, n in rows:
        for statement in {one.partition(" ")[0] for one in merged(said)}:
            found[statement] = found.get(statement, 0) + n
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))
