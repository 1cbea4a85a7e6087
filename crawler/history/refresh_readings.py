"""What an older version of the reader has read, read again: each version of an article from the capture it came
from."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import replace
from itertools import groupby
from operator import itemgetter

from archive.store.articles import as_body
from archive.store.rows import Rows
from archive.warc import reader
from crawler.archive_folder import ArchiveFolder
from crawler.history.correcting import obey_again
from crawler.history.rebuild import Journal, RebuildReport
from crawler.history.stored_answers import NoStoredAnswer, address, answer_of, kind_of, payload, request_of
from crawler.workers.readers import Readers
from spiders.findings import VERSION, Document, Further, Reading, Stories, Story
from spiders.site import Site

_Version = tuple[int, int, str, str, int]  # capture; version, address, site and number of the page
_DOCUMENT = 0  # in place of that number, where it is a document and no page
_BATCH = 200  # captures whose pages are in memory, and in a transaction


def reread(
    home: ArchiveFolder, sites: Mapping[str, Site], only: Collection[str] | None = None, *, processes: int
) -> RebuildReport:
    """Read again, in a copy of news.db, what another version of the reader has read, of all sites or of `only` these.

    Versions stay as many as they are; one that cannot be read as a story any more keeps its old words and is reported.
    Documents are read with the story they hang on, and before it: a story that is one document has its text for a body.
    Taken up again after a kill, since what is done bears the new reader's version. The archive must be locked.
    """
    journal, report = Journal.open(home, "reader " + " ".join(sorted(only or ())), []), RebuildReport()
    rows = Rows(journal.db)
    chosen = None if only is None else set(only)
    documents, pages = (
        _by_capture(rows, sql, chosen)
        for sql in (
            (
                f"select distinct t.capture, 0, t.url, a.site, {_DOCUMENT} from attachments t join articles a on a.id ="
                " t.article join versions v on v.id = a.current_version where v.extractor != :now and t.capture is not"
                " null order by 1"
            ),
            (
                "select v.capture, v.id, a.url, a.site, 1 from versions v join articles a on a.id = v.article where"
                " v.extractor != :now and v.capture is not null union all select p.capture, p.version, p.url, a.site,"
                " p.n from parts p join versions v on v.id = p.version join articles a on a.id = v.article where p.n >"
                " 1 and p.extractor != :now and p.capture is not null order by 1"
            ),
        )
    )
    try:
        asyncio.run(_Rereader(rows, home, sites, report).run(documents + pages, processes))
        obey_again(rows)
        rows.near.update()
    finally:
        rows.close()
    return report


def _by_capture(rows: Rows, sql: str, chosen: set[str] | None) -> list[tuple[int, list[_Version]]]:
    """What is to be read again, by the capture it was read from."""
    found = rows.db.conn.execute(sql, {"now": VERSION}).fetchall()
    return [
        (id_, list(group))
        for id_, group in groupby((row for row in found if chosen is None or row[3] in chosen), key=itemgetter(0))
    ]


class _Rereader:
    def __init__(self, rows: Rows, home: ArchiveFolder, sites: Mapping[str, Site], report: RebuildReport) -> None:
        self._rows, self._folder, self._sites, self._report = rows, home.warc, sites, report

    async def run(self, captures: list[tuple[int, list[_Version]]], processes: int) -> None:
        readers = Readers(self._sites, processes)
        try:
            for n in range(0, len(captures), _BATCH):
                some = captures[n : n + _BATCH]
                readings = await asyncio.gather(
                    *(self._read(id_, readers, document=versions[0][4] == _DOCUMENT) for id_, versions in some)
                )
                for (_, versions), reading in zip(some, readings, strict=True):
                    self._store(versions, await self._with_document(versions[0][1], reading, readers))
                self._rows.commit()
        finally:
            readers.close()

    async def _read(self, id_: int, readers: Readers, *, document: bool) -> Reading | str:
        """What the page says to this version of the reader, or why it cannot be asked."""
        capture = self._rows.captures.get(id_)
        site = self._sites.get(capture.site) if capture else None
        if capture is None or site is None:
            return "its site is not configured"
        try:
            record = reader.read(self._folder, capture.warc, capture.offset)
            body = payload(self._rows, self._folder, capture, record)
        except (NoStoredAnswer, reader.DamagedRecord, OSError, ValueError) as problem:
            return str(problem)
        url = address(capture, request_of(self._folder, capture) if capture.kind == "listing" else None)
        task = self._rows.frontier.get(url)
        kind, hint = (task.kind, task.hint) if task else (kind_of(self._rows, url, capture.kind), {})
        if document:
            kind, hint = "attachment", {}
        return await readers.read(
            answer_of(url, capture, record, body, kind, hint, repeated=self._rows.captures.repeats(id_, capture)), site
        )

    async def _with_document(self, version: int, reading: Reading | str, readers: Readers) -> Reading | str:
        """An older version that is one document gets that document's text, as it was when the version was replaced; the
        present
        one gets it from its attachment."""
        if (
            not isinstance(reading, Story)
            or reading.more
            or reading.article.body
            or len(reading.article.attachments) != 1
        ):
            return reading
        row = self._rows.db.conn.execute(
            "select id from captures where url = ? and kind = 'attachment' and status = 200 and id < (select"
            " min(later.capture) from versions later join versions v on v.article = later.article where v.id = ? and"
            " later.n > v.n) order by id desc limit 1",
            [reading.article.attachments[0].url, version],
        ).fetchone()
        document = await self._read(row[0], readers, document=True) if row else None
        if not isinstance(document, Document) or not document.text:
            return reading
        return replace(reading, article=replace(reading.article, body=as_body(document.text)))

    def _store(self, versions: list[_Version], reading: Reading | str) -> None:
        self._report.pages += 1
        articles = self._rows.articles
        for capture, version, url, _, page in versions:
            if isinstance(reading, Document) and page == _DOCUMENT:
                articles.attached(
                    url, capture=capture, mime=reading.mime, size=reading.size, text=reading.text, name=reading.name
                )
            elif isinstance(reading, Document) and reading.story and page == 1:
                articles.reread(version, reading.story.article, digest=reading.story.digest, reader=VERSION)
            elif isinstance(reading, Story) and page == 1:
                articles.reread(version, reading.article, digest=reading.digest, reader=VERSION, more=reading.more)
            elif isinstance(reading, Further) and page > 1:
                articles.reread_further(
                    version,
                    url,
                    reading.story.article,
                    digest=reading.story.digest,
                    reader=VERSION,
                    more=reading.story.more,
                )
            elif isinstance(reading, Stories) and (
                listed := next((row for row in reading.rows if row[0].url == url), None)
            ):
                articles.reread(version, listed[0], digest=listed[1], reader=VERSION)
            else:
                self._report.trouble(
                    f"{url}: not read again: {reading if isinstance(reading, str) else type(reading).__name__.lower()}"
                )
                continue
            self._report.steps += 1
