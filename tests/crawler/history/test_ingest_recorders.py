"""`campuswarc ingest` of what pywb and warcprox recorded: the articles of our own crawl, column for column."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from random import Random

import pytest

from tests.college import College
from tests.crawler.box import Box
from tests.crawler.history.test_ingest import ingest
from tests.crawler.history.test_rebuild import rebuild, unequal
from tests.crawler.recorders import Recorder, pywb, warcprox
from tests.crawler.stories import differing, stories

# what our own crawl asked for in a run; a page it was told has not changed is among them
ASKED = "select distinct url from captures where run = ? and kind != 'robots'"


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], tuple[College, Box, list[Path]]]]:
    """Our own crawls of a college before and after it has changed, and a recorder's files of the same two."""
    folder = tmp_path_factory.mktemp("recorders")
    recorders: dict[str, Callable[[Path], AbstractContextManager[Recorder]]] = {"pywb": pywb, "warcprox": warcprox}
    colleges: list[College] = []

    def by(name: str) -> tuple[College, Box, list[Path]]:
        with recorders[name](folder / name) as recorder:  # skips before anything costly is begun
            college = College(["sudy", "wordpress"], scale=0.2)
            colleges.append(college)
            box = Box(folder / f"{name}-ours", college.sites_toml())
            for run in (1, 2):
                box.crawl()
                asked = box.column(ASKED, run)
                Random(run).shuffle(asked)  # in an order that nobody has planned
                recorder.fetch(asked)
                if run == 1:
                    _change(college)
                    box.make_due()
        return college, box, recorder.files()

    yield by
    for college in colleges:
        college.close()


def _change(college: College) -> None:
    for site in college.sites:
        own = [row.url for row in college.articles(site) if row.kind == "article" and row.body]
        college.edit(own[0])
        college.delete(own[1])
        college.add(site, 2)


@pytest.mark.parametrize("name", ["pywb", "warcprox"])
def test_the_articles_of_our_own_crawl(
    recorded: Callable[[str], tuple[College, Box, list[Path]]], name: str, tmp_path: Path
) -> None:
    college, ours, files = recorded(name)
    assert files
    box = Box(tmp_path / "archive", college.sites_toml())
    ingest(box, *files)
    assert differing(ours, box) == []
    told = stories(box).values()
    assert {row["state"] for row in told} == {"live", "gone"}
    assert any("\n2 " in row["versions"] for row in told), "an edited story has a second version"
    assert any(one["captured"] and one["text"] for row in told for one in row["attachments"])
    if name == "warcprox":
        assert (
            box.column("select count(*) from captures where record_type = 'revisit' and refers_to is not null")[0] > 0
        )
    rebuild(box)
    assert unequal(box.folder / "news.db", box.folder / "news.db.rebuilding") == []
    before = stories(box)
    assert "known already" in ingest(box, *files)
    assert stories(box) == before
