"""`campuswarc changes` over a crawl of sites that change."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from click.testing import CliRunner, Result

from crawler.cli import main
from tests.college import College
from tests.crawler.box import Box


def ask(box: Box, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(box.folder), "changes", *arguments])


def test_what_became_of_the_stories_of_a_site(tmp_path: Path) -> None:
    with College(["sudy"], scale=0.2) as college:
        box = Box(tmp_path / "box", college.sites_toml())
        box.crawl()
        edited, deleted, moved, away, *_ = [
            row.url for row in college.articles() if row.kind == "article" and len(row.body) > 100
        ]
        quiet = ask(box)
        assert (quiet.exit_code, quiet.stdout) == (1, "")
        college.edit(edited)
        college.delete(deleted)
        now = college.move(moved)
        college.misbehave("sudy", "/" + away.split("/", 3)[3], "missing", times=1)
        for _ in range(2):
            box.make_due()
            box.crawl("--full")
        box.crawl()
        found = json.loads(ask(box, "--json").stdout)
        assert {(one["kind"], one["url"]) for one in found["changes"]} == {
            ("edited", edited),
            ("deleted", deleted),
            ("moved", now),
            ("back", away),
        }
        assert next(one["former"] for one in found["changes"] if one["kind"] == "moved") == moved
        (row,) = csv.DictReader(io.StringIO(ask(box, "--kind", "edited", "--csv").stdout))
        assert "更正" in row["added"] and 0 < float(row["weight"]) < 1
        text = ask(box, "--kind", "edited", "--kind", "deleted").stdout
        assert "{+更正" in text and "[-" in text and edited in text and now not in text
        assert edited in ask(box, "added:更正").stdout and ask(box, "removed:更正").exit_code == 1
        assert edited in CliRunner().invoke(main, ["-C", str(box.folder), "search", "added:更正"]).stdout
        before = ask(box, "--json").stdout
        rebuilt = CliRunner().invoke(main, ["-C", str(box.folder), "rebuild", "--yes"])
        assert rebuilt.exit_code == 0, rebuilt.output
        assert ask(box, "--json").stdout == before
        wrong = ask(box, "--since", "yesterday")
        assert wrong.exit_code == 1 and "a day such as" in wrong.stderr
