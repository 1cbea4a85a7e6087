"""A mistake in a configuration file is named with its file, table and key, and the nearest right one, before anything
is fetched."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.store.db import open_writer
from crawler import config
from crawler.cli import main
from spiders import catalogue
from spiders.tables import ConfigError

GOOD = """\
[example_state]
name     = "Example State Today"
family   = "wordpress"
listings = ["https://News.Example.edu/?utm_source=x#top", {url = "https://news.example.edu/sport/", section = "Sport"}]
timezone = "America/Chicago"
"""


def test_a_site_is_six_lines() -> None:
    site = catalogue.parse(GOOD, "sites.toml")["example_state"]
    assert [(seed.url, seed.section) for seed in site.listings] == [
        ("https://news.example.edu/", ""),
        ("https://news.example.edu/sport/", "Sport"),
    ]
    assert site.hosts == ("news.example.edu",)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('famly = "wordpress"', ["[example_state]", "famly", "'family'"]),
        ('family = "wordpres"', ["family", "wordpres", "'wordpress'"]),
        ('timezone = "America/Chicag"', ["timezone", "'America/Chicago'"]),
        ('timezone = "../etc/passwd"', ["timezone"]),
        ("listings = []", ["listings is missing"]),
        ('listings = ["news.example.edu"]', ["listings[0]", "not an address", "https://"]),
        ('listings = [{ur = "https://a.example/"}]', ["listings[0]", "'ur'", "'url'"]),
        ('listings = "https://a.example/"', ["listings is missing"]),
        ('delay = "slow"', ["delay", "a number", "'slow'"]),
        ("delay = -1", ["delay", "negative"]),
        ("delay = true", ["delay", "a number"]),
        ('requisites = "all"', ["requisites", "'all'"]),
        ('select = {boddy = "p"}', ["select", "'boddy'", "'body'"]),
        ('select = {body = "p["}', ["select.body", "not a CSS selector"]),
        ('homepage = "javascript:alert(1)"', ["homepage", "not an address"]),
    ],
)
def test_a_wrong_line_in_sites_toml_is_named(line: str, words: list[str]) -> None:
    key = line.partition(" ")[0]
    text = "\n".join([kept for kept in GOOD.splitlines() if not kept.startswith(key)] + [line])
    with pytest.raises(ConfigError) as problem:
        catalogue.parse(text, "folder/sites.toml")
    for word in ["folder/sites.toml", *words]:
        assert word in str(problem.value)


@pytest.mark.parametrize("id_", ["Example", "9lives", "a-b", "a.b", ""])
def test_an_id_is_a_plain_name(id_: str) -> None:
    with pytest.raises(ConfigError, match="a site's id is lower case"):
        catalogue.parse(GOOD.replace("example_state", f'"{id_}"'), "sites.toml")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[politness]\ndelay = 1", ["politness", "'politeness'"]),
        ("[politeness]\ndealy = 1", ["politeness", "dealy", "'delay'"]),
        ("[politeness]\ndelay = -1", ["politeness: delay"]),
        ("[crawl]\nwindow = 0", ["crawl: window"]),
        ("[crawl]\nrecheck_days = [0]", ["recheck_days"]),
        ('[crawl]\nrecheck_days = ["a"]', ["recheck_days[0]", "whole number"]),
        ('[storage]\nprefix = "../../x"', ["storage: prefix"]),
        ("[crawl", ["campuswarc.toml"]),
    ],
)
def test_a_wrong_line_in_campuswarc_toml_is_named(tmp_path: Path, text: str, words: list[str]) -> None:
    path = tmp_path / "campuswarc.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as problem:
        config.load(path)
    for word in [str(path), *words]:
        assert word in str(problem.value)


@pytest.mark.parametrize(
    "name", ["sites.toml", "campuswarc.toml", "acknowledged.jsonl", "reports.jsonl", "watches.toml"]
)
@pytest.mark.parametrize(
    ("content", "words"),
    ids=["GBK", "BOM", "zeros"],
    argvalues=[("# 名称\nname = 1\n".encode("gbk"), "UTF-8"), ("\ufeff".encode() + b"# name\n", ""), (bytes(99), "")],
)
def test_a_file_that_is_no_text_is_named(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    """As an editor of another day saves it, or a power cut leaves it."""
    runner = CliRunner()
    assert runner.invoke(main, ["init", str(tmp_path)]).exit_code == 0
    (tmp_path / "sites.toml").write_text(GOOD, encoding="utf-8")
    open_writer(tmp_path / "news.db").close()
    (tmp_path / name).write_bytes(content)
    for asked in {
        "sites.toml": [
            "status",
            "report",
            "sites",
            "sites --check",
            "crawl",
            "crawl --strict",
            "pause example_state",
            "rebuild",
        ],
        "campuswarc.toml": ["status", "report", "crawl", "rebuild"],
        "acknowledged.jsonl": ["status", "report"],
        "reports.jsonl": ["report", "report --since 2026-01-01"],
        "watches.toml": ["watch list", "watch add exams 招生"],
    }[name]:
        done = runner.invoke(main, ["-C", str(tmp_path), *asked.split()])
        assert isinstance(done.exception, SystemExit) and done.exit_code == 1, (asked, done.exception, done.output)
        assert name in done.output and words in done.output, (asked, done.output)


def test_the_next_command_can_be_typed_as_it_stands(tmp_path: Path) -> None:
    folder = tmp_path / "学院 news's"
    said = CliRunner().invoke(main, ["init", str(folder)]).output
    words = shlex.split(said.rpartition("Next: ")[2].rpartition("`")[0].rpartition("`")[2])
    assert words[:4] == ["campuswarc", "-C", str(folder), "add"]


def test_init_writes_every_key_with_its_text_and_keeps_what_is_there(tmp_path: Path) -> None:
    run = CliRunner()
    folder = tmp_path / "new" / "archive"
    assert run.invoke(main, ["init", str(folder), "--contact", 'a"b@example.org']).exit_code == 0
    assert config.load(folder / "campuswarc.toml") == config.Config(operator=config.Operator(contact='a"b@example.org'))
    assert catalogue.load(folder / "sites.toml") == {}
    (folder / "sites.toml").write_text(GOOD)
    assert "kept" in run.invoke(main, ["init", str(folder)]).output
    assert (folder / "sites.toml").read_text() == GOOD


@pytest.mark.parametrize(
    ("sites", "contact", "arguments", "words"),
    [
        (GOOD, "", [], "operator: contact is empty"),
        (GOOD, "a@example.org", ["exampel_state"], "did you mean 'example_state'"),
        (GOOD.replace("wordpress", "wordpres"), "a@example.org", [], "did you mean 'wordpress'"),
    ],
)
def test_a_crawl_that_cannot_begin_says_why_and_leaves_nothing(
    tmp_path: Path, sites: str, contact: str, arguments: list[str], words: str
) -> None:
    (tmp_path / "campuswarc.toml").write_text(config.template(contact=contact))
    (tmp_path / "sites.toml").write_text(sites)
    result = CliRunner().invoke(main, ["-C", str(tmp_path), "crawl", *arguments])
    assert result.exit_code == 1
    assert words in result.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["campuswarc.toml", "sites.toml"]
