"""What programs that watch ask `serve`."""

from __future__ import annotations

from pathlib import Path

from tests.archive.web.conftest import client_of
from tests.crawler.reporting.test_report import Archive


def test_health_sites_runs_and_metrics(tmp_path: Path) -> None:
    some = Archive(tmp_path / "archive", 10)
    some.run({"c001": "robots"})
    client = client_of(some.box.folder)
    assert client.get("/healthz").json()["status"] == "ok" and client.get("/healthz").json()["last_run"]["ended"]
    rows = {row["site"]: row for row in client.get("/sites.json").json()}
    assert len(rows) == 10 and rows["c001"]["problems"][0]["reason"] == "robots" and not rows["c002"]["problems"]
    assert [row["id"] for row in client.get("/runs.json").json()] == [1]
    metrics = client.get("/metrics")
    assert metrics.headers["content-type"].startswith("text/plain") and "campuswarc_sites 10" in metrics.text
