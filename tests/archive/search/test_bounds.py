"""Where very many articles hold the words, a search weighs a part and says so; nothing that is found is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlite_utils import Database

from archive.search import bounds
from archive.search.search import SORTS, count, ids, overview, search
from tests.benchmarks.corpus import make

BROAD = ("学校", "学校 lang:zh", "学校 -招生", "学校 OR 招生", "学校 kind:article", "学校 after:2010")


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Database:
    made = make(Path(tmp_path_factory.mktemp("corpus")) / "news.db", 1200)
    with made.conn:  # all of them doubtful, so that each order finds the same
        made.execute("update articles set confidence = id % 8 / 10.0")
    return made


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bounds that an archive of 1,200 stories passes as one of a million does the real ones."""
    sizes = {"WEIGHED": 300, "COUNTED": 400, "LOOKED_AT": 500, "NARROW": 60, "DENSE": 40, "DEEPEST": 200}
    for name, value in (sizes | {"SAMPLED": 400, "WINDOWS": 30, "WINDOW": 15, "SHOWING": 50}).items():
        monkeypatch.setattr(bounds, name, value)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("query", BROAD)
def test_pages_hold_what_is_found_once_each_and_end_where_it_is_said(db: Database, query: str, sort: str) -> None:
    whole = set(ids(db, query, sort=sort))  # type: ignore[arg-type]
    seen: list[int] = []
    for offset in range(0, 260, 20):
        page = search(db, query, sort=sort, offset=offset)  # type: ignore[arg-type]
        assert page.deepest == bounds.DEEPEST
        assert page.total == len(whole) or (page.over and page.total < len(whole))
        seen += [hit.id for hit in page.hits]
    assert len(seen) == len(set(seen)) == bounds.DEEPEST
    assert set(seen) <= whole
    assert count(db, query) == len(whole)


@pytest.mark.usefixtures("small")
def test_the_words_in_a_title_come_first(db: Database) -> None:
    titled = {row[0] for row in db.execute("select id from articles where title like '%学校%'").fetchall()}
    found = [hit.id for hit in search(db, "学校", limit=len(titled)).hits]
    assert 20 < len(titled) < bounds.WEIGHED
    assert set(found) == titled


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("query", ["has:attachment", "-招生", "section:3"])
def test_filters_that_no_index_knows_are_counted_to_a_bound_and_page_to_the_end(db: Database, query: str) -> None:
    whole = list(ids(db, query, sort="newest"))
    found = search(db, query, limit=len(whole) + 1)
    assert [hit.id for hit in found.hits] == whole
    assert found.deepest is None
    assert found.total == len(whole) or (found.over and bounds.DENSE <= found.total < len(whole))
    assert found.over or query == "section:3"


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_by_date_the_order_is_that_of_all(db: Database, sort: str) -> None:
    bounded = [hit.id for hit in search(db, "学校", sort=sort, limit=150).hits]  # type: ignore[arg-type]
    assert bounded == list(ids(db, "学校", sort=sort))[:150]  # type: ignore[arg-type]


@pytest.mark.parametrize("query", ["学校 site:college_3", "学校 url:11.htm", "学校 has:versions", "学校 year:2011"])
def test_what_few_articles_pass_is_found_to_the_last(db: Database, query: str, request: pytest.FixtureRequest) -> None:
    exact = search(db, query, limit=500)
    request.getfixturevalue("small")
    bounded = search(db, query, limit=500)
    assert bounded == exact
    assert bounded.hits and bounded.deepest is None and not bounded.over


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("query", ["学校", "", "lang:zh", "学校 lang:zh", "-招生"])
def test_facets_of_many_are_estimates_near_the_truth(db: Database, query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    estimated = overview(db, query)
    monkeypatch.setattr(bounds, "WINDOWS", 10**6)  # the archive is hardly larger than its windows
    exact = overview(db, query)
    assert estimated.sampled and not exact.sampled
    assert abs(estimated.total - exact.total) < exact.total / 5
    language, about = estimated.facets["language"][0]
    assert abs(dict(exact.facets["language"])[language] - about) < about / 4
    assert all(int(f"{n:e}".partition(".")[2][1:6]) == 0 for _, n in estimated.months)  # two digits, no more


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("query", ["学校 site:college_3", "毕业典礼", "has:attachment 毕业典礼"])
def test_facets_of_few_are_counted(db: Database, query: str) -> None:
    spread = overview(db, query)
    assert not spread.sampled
    assert spread.total == count(db, query)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("query", ["学校", "", "lang:zh", "学校 has:attachment", "(学校) has:duplicate", "has:copies"])
def test_an_estimated_count_is_near_the_true_one_and_exact_where_few_are_found(
    db: Database, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db.conn:  # two of five say what another says
        db.execute("update articles set near_duplicate_of = id - 1 where id % 5 in (3, 4)")
    exact, estimated = count(db, query), count(db, query, estimated=True)
    assert exact > 100
    assert abs(estimated - exact) < exact / 4
    assert estimated != exact or estimated % 10 == 0  # two digits, no more
    monkeypatch.setattr(bounds, "SHOWING", exact)  # too few are in the windows to show anything
    assert count(db, query, estimated=True) == exact
    monkeypatch.setattr(bounds, "WINDOWS", 10**6)  # the archive is hardly larger than its windows
    monkeypatch.setattr(bounds, "SHOWING", 0)
    assert count(db, query, estimated=True) == exact


@pytest.mark.usefixtures("small")
def test_what_few_repeat_is_not_lost_between_the_windows(db: Database) -> None:
    with db.conn:
        db.execute("update articles set near_duplicate_of = iif(id in (700, 701), 17, null)")
    assert count(db, "has:duplicate", estimated=True) == 2
    assert count(db, "has:copies", estimated=True) == 1
