"""Replay, Memento and CDX over HTTP."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from archive.identity import identifier
from tests.archive.web.conftest import Client, client_of
from tests.archive.web.test_pages import copy

if TYPE_CHECKING:
    from pathlib import Path

    from tests.archive.web.sample import Sample

ADMISSION = "https://news.example.edu.cn/info/1042/3001.htm"
HOSTILE = "https://today.example.edu/hostile/page.html"


def test_banner_says_what_when_and_what_is_missing(client: Client) -> None:
    html = client.get(f"/replay/20231213021000/{ADMISSION}").text
    for text in (
        "2023-12-13 02:10 UTC",
        "Other captures (3)",
        f'href="{ADMISSION}"',
        "1 of its pictures",
        "images/lost.png",
        f'href="/article/{identifier(ADMISSION)}"',
        'sandbox="allow-top-navigation-by-user-activation"',
    ):
        assert text in html
    assert "Nearest" not in html
    assert "Nearest to 2023-12-15" in client.get(f"/replay/20231215/{ADMISSION}").text


def test_page_in_the_frame_stays_in_the_archive(client: Client) -> None:
    answer = client.get(f"/replay/20231218021000mp_/{ADMISSION}")
    assert "1350人，网上报名于12月22日开始。" in answer.text
    assert "<script" not in answer.text
    assert 'href="/replay/20231218021000cs_/https://news.example.edu.cn/css/site.css"' in answer.text
    assert 'src="/replay/20231218021000im_/https://news.example.edu.cn/images/gate.png"' in answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox allow-top-navigation-by-user-activation; default-src 'none';")
    assert "script-src" not in policy
    assert "set-cookie" not in answer.headers


def test_parts_come_with_their_types(client: Client) -> None:
    sheet = client.get("/replay/20240101cs_/https://news.example.edu.cn/css/site.css")
    assert sheet.headers["content-type"] == "text/css; charset=utf-8"
    assert '@import url("/replay/20231213020000cs_/https://news.example.edu.cn/css/colours.css")' in sheet.text
    picture = client.get("/replay/20240101im_/https://news.example.edu.cn/images/gate.png")
    assert (picture.headers["content-type"], picture.content[:4]) == ("image/png", b"\x89PNG")
    assert "sandbox" in picture.headers["content-security-policy"]
    document = client.get("/replay/20240101id_/https://news.example.edu.cn/files/plan.pdf")
    assert document.headers["content-disposition"] == 'attachment; filename="plan.pdf"'
    assert document.content.startswith(b"%PDF")
    assert (
        "id_/https://news.example.edu.cn/files/plan.pdf"
        in client.get("/replay/2024/https://news.example.edu.cn/files/plan.pdf").text
    )
    assert client.get("/replay/2024im_/https://news.example.edu.cn/images/lost.png").status_code == 404


def test_legacy_chinese_encodings_are_read(client: Client) -> None:
    answer = client.get("/replay/20220202mp_/http://old.example.ac.cn/a/1.html")
    assert "旧学院的网页使用GBK编码" in answer.text
    assert client.get("/replay/20240402mp_/http://old.example.ac.cn/a/1.html").status_code == 404  # as it was, by then


def test_redirects_and_addresses_without_a_time_lead_on(client: Client) -> None:
    assert "redirected from" in client.get("/replay/20231214/https://news.example.edu.cn/go").text
    itself = client.get("/replay/20231214id_/https://news.example.edu.cn/go")
    assert itself.status_code in (301, 302) and re.fullmatch(
        r"/replay/\d{14}id_/https://news\.example\.edu\.cn/.+", itself.headers["location"]
    ), "the redirect itself"
    assert "memento-datetime" in itself.headers
    answer = client.get(f"/replay/{ADMISSION}")
    assert answer.headers["location"] == f"/replay/20240102021000/{ADMISSION}"
    assert client.get(f"/replay/20240102021000/{ADMISSION.replace('//', '/')}").status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/replay/2024/https://news.example.edu.cn/none.htm", 404, "news.example.edu.cn/css/colours.css"),
        ("/replay/2024/https://nobody.example/", 404, "https://nobody.example/"),
        ("/replay/20/https://news.example.edu.cn/", 400, "20231213011200"),
        ("/replay/20241399/https://x.example/", 400, "20241399"),
        ("/replay/2024/%3Cscript%3Ealert(1)%3C/script%3E", 404, "%3Cscript%3E"),
        ("/replay/2024/http://[::bad", 404, "http://[::bad"),
        ("/replay/2024mp_/https://nobody.example/", 404, "nobody.example"),
        ("/replay/99mp_/https://nobody.example/", 400, "99"),
        ("/replay/", 404, "search"),
        ("/replay/2024", 404, "search"),
        ("/timemap/link/https://nobody.example/", 404, "nobody"),
        ("/timegate/https://nobody.example/", 404, "nobody"),
    ],
)
def test_what_is_not_there_is_answered_helpfully(client: Client, path: str, status: int, says: str) -> None:
    answer = client.get(path)
    if answer.status_code == 302:
        answer = client.get(answer.headers["location"])
    assert (answer.status_code, says in answer.text) == (status, True)


def test_damaged_and_missing_warc_files_are_named(sample: Sample, tmp_path: Path) -> None:
    folder = copy(sample, tmp_path)
    (name,) = {row[0] for row in sample.db.execute("select warc from captures").fetchall()}
    offset = next(sample.db.query("select * from captures where url = ? order by id limit 1", [ADMISSION]))["offset"]
    data = bytearray((folder / "warc" / name).read_bytes())
    data[offset + 30 : offset + 60] = b"\0" * 30
    (folder / "warc" / name).write_bytes(data)
    client = client_of(folder)
    answer = client.get(f"/replay/20231213021000/{ADMISSION}")
    assert answer.status_code == 502
    for text in (name, str(offset), "campuswarc verify"):
        assert text in answer.text
    assert client.get("/article/1").status_code == 200
    (folder / "warc" / name).unlink()
    answer = client.get(f"/replay/20240102021000/{ADMISSION}")
    assert (answer.status_code, f"warc/{name}" in answer.text, str(tmp_path) in answer.text) == (502, True, False)
    assert client.get(f"/replay/20240102021000mp_/{ADMISSION}").status_code == 502


def test_hostile_page_has_nothing_left_that_acts(client: Client) -> None:
    html = client.get(f"/replay/2024mp_/{HOSTILE}").text
    assert not re.search(
        r"<(script|iframe|object|embed|base)\b|http-equiv|\son\w+=|javascript:|srcdoc", html.split("<math>")[0], re.I
    )
    assert not re.search(
        r"""["'(\s=](?:https?:)?//evil""", re.sub(r">(?:\[(?:framed page: )?|→ )http[^<]*<", "><", html)
    )


def test_memento_headers_and_timegate(client: Client) -> None:
    for mode in ("", "mp_"):
        headers = client.get(f"/replay/20231218021000{mode}/{ADMISSION}").headers
        assert headers["memento-datetime"] == "Mon, 18 Dec 2023 02:10:00 GMT"
        for relation in (
            f'<{ADMISSION}>; rel="original"',
            f'<http://archive.test/timegate/{ADMISSION}>; rel="timegate"',
            'rel="timemap"',
            'rel="first memento"',
            'rel="last memento"',
        ):
            assert relation in headers["link"]
    gate = client.get(f"/timegate/{ADMISSION}", headers={"accept-datetime": "Sat, 16 Dec 2023 12:00:00 GMT"})
    assert (gate.status_code, gate.headers["location"]) == (
        302,
        f"http://archive.test/replay/20231218021000/{ADMISSION}",
    )
    assert "accept-datetime" in gate.headers["vary"].lower()
    assert "memento-datetime" not in gate.headers
    assert (
        client.get(f"/timegate/{ADMISSION}")
        .headers["location"]
        .startswith("http://archive.test/replay/20240102021000/")
    )
    assert client.get(f"/timegate/{ADMISSION}", headers={"accept-datetime": "soon"}).status_code == 400


def test_timemap(client: Client) -> None:
    answer = client.get(f"/timemap/link/{ADMISSION}")
    assert answer.headers["content-type"] == "application/link-format"
    assert re.findall(r"/replay/(\d+)/", answer.text) == ["20231213021000", "20231218021000", "20240102021000"]


def test_cdx(client: Client, sample: Sample) -> None:
    lines = client.get("/cdx", params={"url": ADMISSION}).text.splitlines()
    row = next(sample.db.query("select * from captures where url = ? order by id limit 1", [ADMISSION]))
    assert lines[0].split(" ") == [
        "cn,edu,example,news)/info/1042/3001.htm",
        "20231213021000",
        ADMISSION,
        "text/html",
        "200",
        row["payload_digest"][5:],
        str(row["length"]),
        str(row["offset"]),
        row["warc"],
    ]
    rows = client.get(
        "/cdx", params={"url": "*.example.edu.cn", "output": "json", "fl": "timestamp,original", "limit": 2}
    ).text.splitlines()
    assert [list(json.loads(row)) for row in rows] == [["timestamp", "original"]] * 2
    assert client.get("/cdx", params={"url": "https://nobody.example/", "output": "json"}).text == ""
    for wrong in ({}, {"url": "x", "matchType": "all"}, {"url": "x", "fl": "soul"}, {"url": "x", "from": "soon"}):
        assert client.get("/cdx", params=wrong).status_code == 400
    assert client.get("/cdx", params={"url": ADMISSION, "gzip": "false"}).status_code == 400


def test_timemaps_as_json_and_cdxj(client: Client) -> None:
    known = ["20231213021000", "20231218021000", "20240102021000"]
    as_json = client.get(f"/timemap/json/{ADMISSION}").json()
    listed = as_json["mementos"]["list"]
    assert [re.findall(r"/replay/(\d+)/", one["uri"])[0] for one in listed] == known
    assert (as_json["mementos"]["first"], as_json["mementos"]["last"]) == (listed[0], listed[-1])
    assert listed[0]["datetime"] == "2023-12-13T02:10:00Z"
    for form, address in as_json["timemap_uri"].items():
        assert client.get(address.removeprefix("http://archive.test")).status_code == 200, form
    lines = client.get(f"/timemap/cdxj/{ADMISSION}").text.splitlines()
    assert [line.split(" ", 1)[0] for line in lines if not line.startswith("!")] == known
    assert json.loads(lines[-1].split(" ", 1)[1])["rel"] == "last memento"
    assert client.get("/timemap/cdxj/https://nobody.example/").status_code == 404


def test_high_fidelity_is_linked_where_configured(sample: Sample) -> None:
    html = (
        client_of(sample.folder, high_fidelity="http://127.0.0.1:8002/a/{timestamp}/{url}")
        .get(f"/replay/2024/{ADMISSION}")
        .text
    )
    assert f"http://127.0.0.1:8002/a/20240102021000/{ADMISSION}" in html
