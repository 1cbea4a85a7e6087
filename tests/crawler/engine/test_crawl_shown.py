"""Stories that are a document, a poster or a page in a frame are crawled whole; a rebuild gives the same rows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest

from archive.proof.compare import differences
from tests.benchmarks.archive_folder import ROOT
from tests.crawler.box import Box
from tests.crawler.campus import campus, html
from tests.crawler.stories import stories
from tests.spiders.test_documents import pdf

pytest.importorskip("pypdfium2", reason="the extra `attachments` is not installed")

WORDS = (
    "本次会议在学校第一报告厅召开，来自各个学院的教师代表与学生代表参加了活动，会议由校办公室主持，与会人员展开了讨论。"
)
NAME = "招生简章.pdf"


def page(title: str, inner: str) -> tuple[int, str, bytes]:
    return html(
        f"<title>{title}</title><h1>{title}</h1><div>发布时间：2024-03-05</div><div class=content>{inner}</div>"
        "<div class=bottom>版权所有 示例学院</div>"
    )


PAGES = {
    "/document.htm": ("关于公布本年度名单的公示", "<iframe src=/download.jsp?wbfileid=1></iframe>"),
    "/linked.htm": (
        "关于公布下年度名单的公示",
        f"<p>{WORDS}</p><p>{WORDS}</p><a href=/download.jsp?wbfileid=1>附件</a>",
    ),
    "/poster.htm": ("第二届摄影展的海报一张", "<img src=/poster.png>"),
    "/framed.htm": ("在框架里的一篇文章标题", "<iframe src=/body.htm width=800 height=900></iframe>"),
}


def test_stories_without_running_text_are_whole_and_made_again_from_the_records(tmp_path: Path) -> None:
    rows = "".join(f"<li><a href={path}>{title}</a> 2024-03-05</li>" for path, (title, _) in PAGES.items())
    sent = f"application/pdf\r\nContent-Disposition: attachment; filename*=UTF-8''{quote(NAME)}"
    pages = {path: page(title, inner) for path, (title, inner) in PAGES.items()} | {
        "/list.htm": html(f"<ul class=news>{rows}</ul>"),
        "/body.htm": html(f"<body><p>{WORDS}</p><p>甲。{WORDS}</p></body>"),
        "/download.jsp?wbfileid=1": (200, sent, pdf("Results of the year")),
        "/poster.png": (200, "image/png", b"\x89PNG\r\n\x1a\n"),
    }
    with campus("127.0.0.1", pages) as site:
        toml = f'[t]\nname = "T"\nfamily = "generic"\ntimezone = "Asia/Shanghai"\nlistings = ["{site.url}/list.htm"]\n'
        box = Box(tmp_path, toml + 'select = { item = "ul.news a" }\n')
        box.crawl()
        base = site.url
    told = {url.removeprefix(base): row for url, row in stories(box).items()}
    assert told.keys() == PAGES.keys()
    bodies = {row["url"].removeprefix(base): row["body"] for row in box.rows("select url, body from articles")}
    assert bodies["/document.htm"] == "Results of the year" and bodies["/poster.htm"] == ""
    assert bodies["/framed.htm"] == f"{WORDS}\n\n甲。{WORDS}"
    assert set(box.column("select filename from attachments")) == {NAME}
    assert told["/poster.htm"]["images"] == [{"url": f"{base}/poster.png", "caption": ""}]
    (tmp_path / "news.db").rename(tmp_path / "live.db")
    rebuild = [sys.executable, "-m", "crawler", "-C", str(tmp_path), "rebuild"]
    done = subprocess.run(rebuild, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [one for one in differences(tmp_path / "live.db", tmp_path / "news.db") if not one.same] == []
