"""What a dataset carries beside its data, judged by programs that are not ours."""

from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path

import pytest
import yaml

from archive.exports.columns import COLUMNS
from archive.exports.dataset import Options
from archive.exports.exporting import CannotExport
from archive.exports.selection import Filters
from tests.archive.exports.conftest import Exporter

TABLES = ("jsonl", "csv", "parquet", "sqlite")


@pytest.mark.parametrize("form", TABLES)
def test_frictionless_accepts_the_package(form: str, exporter: Exporter, tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    out = tmp_path / "set"
    exporter(form, out, filters=Filters(after="2019", before="2024-01"))
    report = frictionless.Package(str(out / "datapackage.json")).validate() if form in ("jsonl", "csv") else None
    if report:
        assert report.valid, report.flatten(["type", "note", "fieldName", "rowNumber"])[:5]
        assert (
            report.tasks[0].stats["rows"]
            == json.loads((out / "datapackage.json").read_text())["campuswarc"]["rows"]
            > 50
        )
    assert not list(frictionless.Package.metadata_validate(json.loads((out / "datapackage.json").read_text())))


def test_frictionless_reads_a_file_with_a_byte_order_mark(exporter: Exporter, tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    exporter("csv", tmp_path / "a.csv", options=Options(bom=True), filters=Filters(sites=("example_news",)))
    report = frictionless.Package(str(tmp_path / "a.csv.datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "note", "fieldName", "rowNumber"])[:5]


def test_frictionless_sees_a_changed_byte(exporter: Exporter, tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    out = tmp_path / "set"
    exporter("csv", out)
    data = out / "data" / "articles.csv"
    data.write_bytes(data.read_bytes().replace("图书馆".encode(), "体育馆".encode(), 1))
    assert not frictionless.Package(str(out / "datapackage.json")).validate().valid


@pytest.mark.parametrize("form", TABLES)
def test_croissant_is_valid_and_its_records_are_the_rows(form: str, exporter: Exporter, tmp_path: Path) -> None:
    mlcroissant = pytest.importorskip("mlcroissant")
    out = tmp_path / "set"
    exporter(form, out, filters=Filters(sites=("example_today",), before="2023"))
    dataset = mlcroissant.Dataset(jsonld=str(out / "croissant.json"))
    assert not dataset.metadata.ctx.issues.errors
    assert [file.content_url for file in dataset.metadata.distribution] == [
        f"data/{next((out / 'data').iterdir()).name}"
    ]
    if form in ("csv", "parquet"):
        records = list(dataset.records("articles"))
        assert len(records) == json.loads((out / "datapackage.json").read_text())["campuswarc"]["rows"]
        assert records[0]["articles/title"].decode() == "Students build a solar boat"


def test_checksums_hold_by_sha256sum(exporter: Exporter, tmp_path: Path) -> None:
    exporter("parquet", tmp_path / "set")
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"],
        cwd=tmp_path / "set",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0 and done.stdout.count(": OK") == 5


def test_the_card_says_what_is_in_it_and_how_it_came(exporter: Exporter, tmp_path: Path) -> None:
    exporter("jsonl", tmp_path / "set", filters=Filters(query="图书馆 OR |a|", sites=("example_news",)))
    _, front, text = (tmp_path / "set" / "README.md").read_text().split("---\n", 2)
    stated = yaml.safe_load(front)
    assert stated["configs"] == [{"config_name": "default", "data_files": "data/*.jsonl*"}] and stated["language"] == [
        "zh"
    ]
    assert stated["size_categories"] == ["n<1K"]
    assert "software: campuswarc tests" in text and "Made by campuswarc 9.9" in text and "grants no rights" in text
    assert 'OR \\|a\\|"' in text
    assert all(
        f"| `{column.name}` |" in text for column in COLUMNS if column.name not in ("body_html", "body_markdown")
    )
    known = json.loads((tmp_path / "set" / "datapackage.json").read_text())["campuswarc"]
    assert known["filters"] == {"query": "图书馆 OR |a|", "site": ["example_news"]}
    assert "| example_news | 示例大学新闻网 | 示例大学 | CN |  |  | " in text
    assert known["sites"] == [
        {
            "id": "example_news",
            "name": "示例大学新闻网",
            "college": "示例大学",
            "country": "CN",
            "ror": None,
            "wikidata": None,
            "articles": known["articles"],
        }
    ]


def test_a_single_file_has_its_package_beside_it(exporter: Exporter, tmp_path: Path) -> None:
    exporter("csv", tmp_path / "news.csv", filters=Filters(sites=("old_college",)))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["news.csv", "news.csv.datapackage.json"]
    package = json.loads((tmp_path / "news.csv.datapackage.json").read_text())
    assert (
        package["resources"][0]["path"] == "news.csv"
        and package["resources"][0]["bytes"] == (tmp_path / "news.csv").stat().st_size
    )


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet", "sqlite"])
@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("step", [1, 2])
def test_a_kill_at_any_rename_leaves_no_file_without_its_package(
    exporter: Exporter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, again: bool, step: int
) -> None:
    suffix = {"sqlite": "db"}.get(form, form)
    out, package = tmp_path / f"news.{suffix}", tmp_path / f"news.{suffix}.datapackage.json"
    if again:
        exporter(form, out, filters=Filters(sites=("old_college",)))
    replace, steps = Path.replace, iter(range(1, 3))

    def killed(self: Path, target: Path) -> Path:
        if next(steps) == step:
            raise KeyboardInterrupt
        return replace(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            exporter(form, out, filters=Filters(sites=("example_news",)), force=again)
    assert package.exists() or not out.exists()
    if step == 2:
        told = json.loads(package.read_text())["resources"][0]["hash"]
        assert not out.exists() or told != f"sha256:{hashlib.sha256(out.read_bytes()).hexdigest()}"
    exporter(form, out, filters=Filters(sites=("example_news",)), force=again)
    told = json.loads(package.read_text())["resources"][0]["hash"]
    assert told == f"sha256:{hashlib.sha256(out.read_bytes()).hexdigest()}"
    assert sorted(path.name for path in tmp_path.iterdir()) == [out.name, package.name]


def test_a_package_that_is_not_ours_is_not_replaced(exporter: Exporter, tmp_path: Path) -> None:
    mine = tmp_path / "news.csv.datapackage.json"
    for text in ("{}", "[]", "no JSON"):
        mine.write_text(text)
        with pytest.raises(CannotExport, match="--force"):
            exporter("csv", tmp_path / "news.csv")
        assert mine.read_text() == text and not (tmp_path / "news.csv").exists()


def test_what_is_known_to_be_missing_of_its_sites_is_said(exporter: Exporter, tmp_path: Path) -> None:
    for site in ("old_college", "example_news"):
        exporter("jsonl", tmp_path / site, filters=Filters(sites=(site,)))
    assert "page 2 is opened by a script" in (tmp_path / "old_college" / "README.md").read_text()
    (one,) = json.loads((tmp_path / "old_college" / "datapackage.json").read_text())["campuswarc"]["incomplete"]
    assert (
        one["site"] == "old_college"
        and one["listing"].startswith("http")
        and one["why"].endswith("page 2 is opened by a script")
    )
    assert "known to be missing" not in (tmp_path / "example_news" / "README.md").read_text()


def test_a_card_says_listing_by_listing_what_is_claimed_and_what_is_here(exporter: Exporter, tmp_path: Path) -> None:
    out = tmp_path / "set"
    exporter("jsonl", out)
    card = (out / "README.md").read_text(encoding="utf-8")
    told = json.loads((out / "datapackage.json").read_text(encoding="utf-8"))["campuswarc"]["completeness"]
    assert "## Completeness" in card and told
    assert all(one["listing"] in card for one in told)


@pytest.mark.parametrize("form", TABLES)
def test_rocrate_reads_the_crate(form: str, exporter: Exporter, tmp_path: Path) -> None:
    rocrate = pytest.importorskip("rocrate.rocrate", reason="of the dev extra")
    out = tmp_path / "set"
    exporter(form, out)
    crate = rocrate.ROCrate(str(out))
    held = {one.id: one for one in crate.data_entities}
    there = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert set(held) == there - {"ro-crate-metadata.json", "SHA256SUMS"}
    [data] = [one for id_, one in held.items() if id_.startswith("data/")]
    assert int(data["contentSize"]) == (out / data.id).stat().st_size
    assert hashlib.sha256((out / data.id).read_bytes()).hexdigest() == data["sha256"]
    assert crate.license["description"] and crate.name and crate.root_dataset["temporalCoverage"]
    package = json.loads((out / "datapackage.json").read_text())
    told = {one["identifier"] for one in crate.root_dataset["sourceOrganization"]}
    assert told == {site["id"] for site in package["campuswarc"]["sites"]}
    assert all(
        crate.dereference(one["@id"]) for one in json.loads((out / "ro-crate-metadata.json").read_text())["@graph"]
    )
