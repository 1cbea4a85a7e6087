"""Which site is crawled where: one domain, one shard; what has its place keeps it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import config
from crawler.archive_folder import ArchiveFolder
from crawler.cli import main
from crawler.shards import plan
from crawler.shards.placing import domains_of, even_out, place
from crawler.shards.plan import Plan, Shard
from spiders import catalogue
from spiders.site import Site
from tests.benchmarks import archive_folder


def site(id_: str, *hosts: str) -> Site:
    return catalogue.site(id_, {"name": id_, "listings": [f"https://{host}/" for host in hosts]}, id_)


def planned(number: int, **domains: str) -> Plan:
    return Plan({f"s{n}": Shard(name=f"s{n}", folder=f"shards/s{n}") for n in range(number)}, dict(domains))


DOMAIN = st.sampled_from([f"{name}.edu" for name in "abcdefghij"])
SITES = st.lists(st.lists(DOMAIN, min_size=1, max_size=3, unique=True), max_size=15)


@settings(deadline=None)
@given(SITES, st.integers(1, 5), st.dictionaries(DOMAIN, st.integers(0, 4)))
def test_no_domain_is_asked_from_two_shards(asked: list[list[str]], number: int, known: dict[str, int]) -> None:
    sites = {f"x{n}": site(f"x{n}", *(f"www.{domain}" for domain in own)) for n, own in enumerate(asked)}
    before = planned(number)
    before.domains = {domain: f"s{n % number}" for domain, n in known.items()}
    found = place(before, sites)
    assert found.sites.keys() | found.torn.keys() == sites.keys() and not found.sites.keys() & found.torn.keys()
    asking: dict[str, set[str]] = {}
    for id_, shard in found.sites.items():
        for domain in domains_of(sites[id_]):
            asking.setdefault(domain, set()).add(shard)
    assert all(len(shards) == 1 for shards in asking.values())
    assert all(found.domains[domain] == shard for domain, shard in before.domains.items()), "a place was lost"
    if not known:
        assert not found.torn
    again = place(Plan(before.shards, found.domains), sites)
    assert (again.sites, again.domains, again.torn.keys()) == (found.sites, found.domains, found.torn.keys())


@settings(deadline=None)
@given(SITES, st.integers(1, 5), st.sets(st.integers(0, 14)))
def test_evening_out_moves_none_that_was_crawled(asked: list[list[str]], number: int, crawled: set[int]) -> None:
    sites = {f"x{n}": site(f"x{n}", *(f"www.{domain}" for domain in own)) for n, own in enumerate(asked)}
    before = planned(number)
    first = place(before, sites)
    before.domains = first.domains
    begun = {id_ for id_ in sites if int(id_[1:]) in crawled}
    moved = even_out(before, sites, begun)
    after = place(Plan(before.shards, before.domains | moved), sites)
    assert not after.torn
    assert all(after.sites[id_] == first.sites[id_] for id_ in begun)
    sizes, were = ([len(one.of(name)) for name in before.shards] for one in (after, first))
    assert max(sizes) - min(sizes) <= max(were) - min(were)


def test_it_does_even_out() -> None:
    sites = {f"x{n}": site(f"x{n}", f"news.college{n}.edu") for n in range(40)}
    before = planned(4)
    before.domains = {f"college{n}.edu": "s0" for n in range(40)}
    moved = even_out(before, sites, [])
    after = place(Plan(before.shards, before.domains | moved), sites)
    assert [len(after.of(name)) for name in before.shards] == [10, 10, 10, 10]


@pytest.fixture
def top(tmp_path: Path) -> ArchiveFolder:
    text = "".join(archive_folder.sudy(f"c{n}", f"https://news.college{n}.edu/list.htm") for n in range(12))
    folder = archive_folder.make(tmp_path / "top", text, storage='prefix = "news"')
    with (folder / "campuswarc.toml").open("a") as file:
        file.write('[report]\nping_url = "https://example.org/ping"\n')
    return ArchiveFolder(folder)


def run(top: ArchiveFolder, *words: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(top.folder), "shards", *words])


def held(top: ArchiveFolder) -> dict[str, set[str]]:
    return {path.parent.name: set(catalogue.load(path)) for path in top.folder.glob("shards/*/sites.toml")}


def test_every_site_lies_in_one_shard_as_it_stands_at_the_top(top: ArchiveFolder) -> None:
    with top.sites.open("a") as file:
        file.write(
            '[odd]\nname = "Quote \\" \\\\ and \\u007f tab\\t"\nfamily = "wordpress"\ninterval = 60\ndelay = 1.5\n'
            'tags = ["a", "b"]\npaused = true\nselect = { body = "div.x > p" }\n'
            'listings = [{ url = "https://odd.edu/", section = "新闻" }, "https://two.odd.edu/"]\n'
        )
    done = run(top, "init", "3")
    assert done.exit_code == 0, done.output
    together = {
        id_: table
        for path in top.folder.glob("shards/*/sites.toml")
        for id_, table in tomllib.loads(path.read_text(encoding="utf-8")).items()
    }
    assert together == tomllib.loads(top.sites.read_text(encoding="utf-8"))
    assert sum(map(len, held(top).values())) == 13
    prefixes = {config.load(path).storage.prefix for path in top.folder.glob("shards/*/campuswarc.toml")}
    assert prefixes == {"news-s0", "news-s1", "news-s2"}
    own = config.load(next(top.folder.glob("shards/*/campuswarc.toml")))
    assert (own.report.ping_url, own.crawl.allow_loopback, own.operator.name) == ("", True, "test")


def test_new_sites_are_followed_and_old_ones_stay(top: ArchiveFolder) -> None:
    run(top, "init", "3")
    before = held(top)
    with top.sites.open("a") as file:
        file.write(archive_folder.sudy("again", "https://sports.college3.edu/list.htm"))
    assert run(top, "split").exit_code == 0
    after = held(top)
    assert {name: ids - {"again"} for name, ids in after.items()} == before
    assert next(name for name, ids in after.items() if "c3" in ids) == next(
        n for n, ids in after.items() if "again" in ids
    )
    assert "written" not in run(top, "split").output


def test_a_site_whose_domains_lie_apart_is_said_and_left_out(top: ArchiveFolder) -> None:
    run(top, "init", "3")
    shards = held(top)
    one, other = (sorted(ids)[0] for ids in list(shards.values())[:2])
    with top.sites.open("a") as file:
        listings = ", ".join(f'"https://x.college{id_[1:]}.edu/list.htm"' for id_ in (one, other))
        file.write(f'[bridge]\nname = "b"\nlistings = [{listings}]\n')
    done = run(top, "split")
    assert done.exit_code == 3 and "[bridge]: its domains are crawled in different shards" in done.output
    assert held(top) == shards


def test_a_wrong_table_is_said_and_the_others_are_divided(top: ArchiveFolder) -> None:
    with top.sites.open("a") as file:
        file.write('[wrong]\nname = "w"\nlistigs = ["https://w.edu/"]\n')
    done = run(top, "init", "2")
    assert done.exit_code == 3 and "[wrong]: listings is missing" in done.output
    assert sum(map(len, held(top).values())) == 12


def test_somebodys_archive_is_not_written_over(top: ArchiveFolder) -> None:
    archive_folder.make(top.folder / "shards" / "s1", archive_folder.sudy("mine", "https://mine.edu/"))
    done = run(top, "init", "3")
    assert done.exit_code == 1 and "is no shard" in done.output
    assert set(catalogue.load(top.folder / "shards" / "s1" / "sites.toml")) == {"mine"}


def test_shards_on_other_machines_are_not_written_here(top: ArchiveFolder) -> None:
    run(top, "init", "2")
    text = plan.path_of(top).read_text().replace('machine = ""', 'machine = "alpha"', 1)
    plan.path_of(top).write_text(text)
    (top.folder / "shards" / "s0" / "sites.toml").unlink()
    done = run(top, "split")
    assert done.exit_code == 0 and "on alpha\twritten when it is crawled" in done.output
    assert not (top.folder / "shards" / "s0" / "sites.toml").exists()


def test_rebalance_adds_shards_for_what_comes(top: ArchiveFolder) -> None:
    run(top, "init", "1")
    done = run(top, "rebalance", "--shards", "4")
    assert done.exit_code == 0, done.output
    assert {len(ids) for ids in held(top).values()} == {3}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no shard"),
        ("[shards.A]\nfolder = 'x'\n", "no name of a shard"),
        ("[shards.a]\nfolder = 'x'\n[shards.b]\nfolder = 'x/'\n", "the same folder"),
        ("[shards.a]\nfolder = 'x'\n[domains]\n'a.edu' = 'b'\n", "no shard here"),
        ("[shards.a]\nfodler = 'x'\n", "did you mean 'folder'"),
        ("[", "shards.toml"),
    ],
)
def test_a_wrong_plan_is_said(top: ArchiveFolder, text: str, said: str) -> None:
    plan.path_of(top).write_text(text)
    done = run(top, "split")
    assert done.exit_code == 1 and said in done.output and "Traceback" not in done.output
