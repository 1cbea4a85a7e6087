"""OAI-PMH, harvested by a harvester that is not ours."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from archive.identity import identifier
from archive.protocols import oai
from archive.store.db import open_writer
from archive.store.withheld import Order, Withholding

pytest.importorskip("archive.web.server", reason="the web extra is not installed: pip install 'campuswarc[web]'")
sickle = pytest.importorskip("sickle", reason="of the dev extra")
pytest.importorskip("uvicorn", reason="the web extra is not installed: pip install 'campuswarc[web]'")

_DC = "{http://purl.org/dc/elements/1.1/}"
_MODS = "{http://www.loc.gov/mods/v3}"


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, Any, str]]:
    """The archive's folder, a harvester of it, and its address; lists of ten."""
    from archive.web import server
    from tests.archive.web.browser import serving
    from tests.archive.web.sample import Sample

    monkeypatch.setattr(oai, "PAGE", 10)
    sample = Sample(tmp_path / "archive").build()
    sample.db.conn.commit()
    (sample.folder / "campuswarc.toml").write_text('[operator]\ncontact = "archive@example.org"\n', encoding="utf-8")
    with serving(server.application(sample.folder / "news.db", sample.folder / "warc")) as address:
        yield sample.folder, sickle.Sickle(f"{address}/oai"), address


def _rows(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(open_writer(folder / "news.db")) as db:
        return db.execute(sql).fetchall()  # type: ignore[no-any-return]


def _ids(records: Any) -> list[str]:
    return [getattr(one, "header", one).identifier.rpartition(":")[2] for one in records]


def test_a_harvester_takes_all_of_it(served: tuple[Path, Any, str]) -> None:
    folder, harvester, address = served
    told = harvester.Identify()
    assert (told.deletedRecord, told.adminEmail, told.protocolVersion) == ("transient", "archive@example.org", "2.0")
    assert {one.metadataPrefix for one in harvester.ListMetadataFormats()} == {"oai_dc", "mods"}
    stories = {
        identifier(url): (url, title, site)
        for url, title, site in _rows(folder, "select url, title, site from articles where current_version is not null")
    }
    for prefix, space in (("oai_dc", _DC), ("mods", _MODS)):
        records = list(harvester.ListRecords(metadataPrefix=prefix))
        ids = _ids(records)
        assert len(ids) > 30 and len(ids) == len(set(ids)) and set(ids) == set(stories)
        for record, id_ in zip(records, ids, strict=True):
            titles = [node.text for node in record.xml.iter(f"{space}title")]
            assert stories[id_][1] in titles and record.header.setSpecs == [stories[id_][2]]
    sets = {one.setSpec for one in harvester.ListSets()}
    for site in sets:
        try:
            found = _ids(harvester.ListIdentifiers(metadataPrefix="oai_dc", set=site))
        except sickle.oaiexceptions.NoRecordsMatch:
            found = []
        assert set(found) == {id_ for id_, (_, _, of) in stories.items() if of == site}
    one = harvester.GetRecord(identifier=f"oai:localhost:{ids[0]}", metadataPrefix="oai_dc")
    assert one.metadata["identifier"] == [f"{address}/article/{ids[0]}"]


def test_from_and_until_part_the_records(served: tuple[Path, Any, str]) -> None:
    _, harvester, _ = served
    everything = {one.identifier: one.datestamp for one in harvester.ListIdentifiers(metadataPrefix="oai_dc")}
    middle = sorted(everything.values())[len(everything) // 2]
    late = {one.identifier for one in harvester.ListIdentifiers(metadataPrefix="oai_dc", **{"from": middle})}
    early = {one.identifier for one in harvester.ListIdentifiers(metadataPrefix="oai_dc", until=middle)}
    assert late == {id_ for id_, at in everything.items() if at >= middle}
    assert early == {id_ for id_, at in everything.items() if at <= middle}
    day = {one.identifier for one in harvester.ListIdentifiers(metadataPrefix="oai_dc", until=middle[:10])}
    assert day == {id_ for id_, at in everything.items() if at[:10] <= middle[:10]}


def test_a_token_survives_what_changes_meanwhile(served: tuple[Path, Any, str]) -> None:
    folder, harvester, _ = served
    before = set(_ids(harvester.ListRecords(metadataPrefix="oai_dc")))
    records = harvester.ListRecords(metadataPrefix="oai_dc")
    seen = [next(records) for _ in range(10)]
    told = seen[4].header.identifier.rpartition(":")[2]
    with closing(open_writer(folder / "news.db")) as db:  # a story goes, all rows get other numbers
        url = next(url for (url,) in db.execute("select url from articles") if identifier(url) == told)
        db.execute("pragma foreign_keys = off")
        db.execute("delete from version_rows where article = (select id from articles where url = ?)", [url])
        db.execute("delete from articles where url = ?", [url])
        for table in ("version_rows set article =", "articles set id ="):
            column = table.split()[2]
            db.execute(f"update {table} -{column}")
            db.execute(f"update {table} 100000 + {column}")
        db.conn.commit()
    seen += list(records)
    assert sorted(_ids(seen)) == sorted(before)


def test_what_is_withheld_is_a_deleted_record(served: tuple[Path, Any, str]) -> None:
    folder, harvester, _ = served
    url, title = _rows(folder, "select url, title from articles where current_version is not null limit 1")[0]
    with closing(open_writer(folder / "news.db")) as db:
        Withholding(db).put(
            Order(
                asked=url, kind="url", names=(url,), depth="blocked", reason="r", by="b", since="2024-06-02T00:00:00Z"
            )
        )
        db.conn.commit()
    records = list(harvester.ListRecords(metadataPrefix="mods", **{"from": "2024-06-02"}))
    gone = [one for one in records if one.deleted]
    assert _ids(gone) == [identifier(url)] and gone[0].header.datestamp == "2024-06-02T00:00:00Z"
    whole = list(harvester.ListRecords(metadataPrefix="mods"))
    assert len(_ids(whole)) == len(set(_ids(whole))) and all(
        title not in one.raw and url not in one.raw for one in whole
    )
    one = harvester.GetRecord(identifier=f"oai:localhost:{identifier(url)}", metadataPrefix="mods")
    assert one.deleted


@pytest.mark.parametrize(
    ("error", "asked"),
    [
        ("BadVerb", {"verb": "Dance"}),
        ("BadArgument", {"verb": "ListRecords"}),
        ("BadArgument", {"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "yesterday"}),
        ("BadArgument", {"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2024", "until": "2023"}),
        ("BadArgument", {"verb": "Identify", "set": "x"}),
        ("CannotDisseminateFormat", {"verb": "ListRecords", "metadataPrefix": "marcxml"}),
        ("IdDoesNotExist", {"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "oai:x:aaaaaaaaaaaaaaaa"}),
        ("IdDoesNotExist", {"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "nonsense"}),
        ("NoRecordsMatch", {"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2999-01-01"}),
        ("NoRecordsMatch", {"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "nobody"}),
        ("BadResumptionToken", {"verb": "ListRecords", "resumptionToken": "x"}),
        ("BadResumptionToken", {"verb": "ListRecords", "resumptionToken": "WzEsMl0="}),
        ("BadResumptionToken", {"verb": "ListSets", "resumptionToken": "x"}),
        *(
            (
                "BadResumptionToken",
                {"verb": "ListRecords", "resumptionToken": urlsafe_b64encode(json.dumps(half).encode()).decode()},
            )
            for half in (["oai_dc", *("\ud800" if n == place else "" for n in range(5)), 0] for place in range(5))
        ),
        # 5,000 times [, and a number of records that is infinite
        ("BadResumptionToken", {"verb": "ListRecords", "resumptionToken": urlsafe_b64encode(b"[" * 5_000).decode()}),
        (
            "BadResumptionToken",
            {
                "verb": "ListRecords",
                "resumptionToken": urlsafe_b64encode(b'["oai_dc", "", "", "", "", "", Infinity]').decode(),
            },
        ),
    ],
)
def test_errors_are_those_of_the_protocol(client: Any, error: str, asked: dict[str, str]) -> None:
    from urllib.parse import urlencode
    from xml.etree import ElementTree

    answer = client.get(f"/oai?{urlencode(asked)}")
    [code] = [one.get("code") for one in ElementTree.fromstring(answer.content).iter(f"{{{oai.NAMESPACE}}}error")]
    assert answer.status_code == 200 and code == error[0].lower() + error[1:]
