"""docs/proof.md names every kind of finding there is, and no other."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_every_finding_is_explained() -> None:
    files = [path for room in ("archive", "crawler") for path in (ROOT / room).rglob("*.py")]
    sources = [path for path in files if re.search(r"\bFinding\(", path.read_text())]
    assert len(sources) > 4
    code = "\n".join(path.read_text() for path in sources)
    made = set(re.findall(r"""(?:kind=|yield |torn else )"(\w+)"[, ]""", code))
    table = (ROOT / "docs/proof.md").read_text().split("## What a finding means")[1].split("##")[0]
    explained = {name for row in re.findall(r"^\| (`.*?) \|", table, re.M) for name in re.findall(r"`(\w+)`", row)}
    assert made == explained
