"""Exchanges into WARC/1.1 files, nothing acknowledged before it is on disk."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from archive.capture import Capture, Exchange, Kind
from archive.instants import now
from archive.warc import record_fields
from archive.warc.file import WarcFile, make_folder, sync_folder
from archive.warc.going_on import Left, NotAsLeft, begun, is_sealed, left
from archive.warc.http import is_head, media_type
from archive.warc.layout import CONFORMS_TO, digest, fields_block, member, new_id


class WarcWriter:
    """Writes below `folder`: YYYY/MM/<prefix>-<UTC timestamp>-<serial>-<host>.warc.gz, with `.open` behind while it
    grows.

    Not for several threads at once. `with` closes the files at the end, or leaves them open for recovery after an
    exception, since then nobody knows whether the rows of the last records were stored.
    """

    def __init__(
        self,
        folder: Path,
        *,
        prefix: str,
        info: Mapping[str, str],
        max_bytes: int = 10**9,
        max_age: timedelta = timedelta(days=1),
        goes_on: timedelta = timedelta(0),
        clock: Callable[[], datetime] = now,
    ) -> None:
        """`info` goes into the warcinfo record of each file: software, operator, robots, http-header-user-agent and so
        on. `goes_on`: the age up to which a file is left for the next writer to go on with."""
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", prefix):
            raise ValueError(f"a prefix of letters, digits, '-', '_' and '.' is needed, not {prefix!r}")
        self.folder = folder
        self._prefix = prefix
        self._host = re.sub(r"[^A-Za-z0-9.-]", "-", socket.gethostname()) or "localhost"
        self._info = {"format": "WARC File Format 1.1", "conformsTo": CONFORMS_TO} | dict(info)
        self._block = fields_block(self._info.items())  # a bad value fails here, not at the first page
        self._max_bytes = max_bytes
        self._max_age = max_age
        self._goes_on = goes_on
        self._left: Left | None = None
        self._begun = datetime.min.replace(tzinfo=UTC)  # the file, perhaps by an earlier writer
        self.remarks: list[str] = []
        self._clock = clock
        self._file: WarcFile | None = None
        self._full: list[WarcFile] = []
        self._name = ""  # of the file, below `folder`
        self._new = False  # its directory entry is not on disk yet
        self._unsynced = False
        self._warcinfo = ""
        self._serial = 0
        self._disk = ThreadPoolExecutor(1, "warc-sync")

    def go_on(self, left: Left | None) -> None:
        """Go on with the file that the last writer left, at the first record, if it is as it was left: else a new one
        is begun, and `remarks` says why where somebody changed it."""
        self._left = left

    def write(self, exchange: Exchange, *, run: int | None = None, body_digest: str | None = None) -> Capture:
        """Append the response (or revisit) and its request; the capture is safe only after the next `commit`.

        `body_digest` is `layout.digest` of the body, from a caller that has it already.
        Raises OSError when the disk refuses, ValueError when a field could not stand in a header; neither leaves a
        trace.
        """
        for message in (exchange.request_head, exchange.response_head):
            if not is_head(message):
                raise ValueError(f"{exchange.url}: a head must end with its one blank line")
        body_digest = body_digest or digest(exchange.body)
        original = exchange.revisit_of
        payload = body_digest if original is None else original.payload_digest
        if original and original.profile == "identical-payload-digest" and body_digest != payload:
            raise ValueError(f"{exchange.url} does not repeat {original.record_id}: the payload differs")
        response_id, request_id, date = new_id(), new_id(), record_fields.warc_date(exchange.fetched_at)
        shared = record_fields.shared(exchange, date, run)
        response = record_fields.response(exchange, shared, response_id, request_id, payload)
        request = record_fields.request(exchange, shared, request_id, response_id)
        file = self._current()
        of_file = ("WARC-Warcinfo-ID", self._warcinfo)
        first = member([*response, of_file], exchange.response_head, exchange.body if original is None else b"")
        second = member([*request, of_file], exchange.request_head, exchange.request_body)
        offset = self._append(file, first + second)
        return Capture(
            url=exchange.url,
            site=exchange.site,
            kind=exchange.kind,
            fetched_at=date,
            status=exchange.status,
            mime=media_type(exchange.response_head),
            record_type="response" if original is None else "revisit",
            record_id=response_id,
            warc=self._name,
            offset=offset,
            length=len(first),
            payload_digest=payload,
            refers_to=original.record_id if original else None,
            truncated=exchange.truncated,
            tls=exchange.tls,
            via=exchange.via,
            run=run,
        )

    def write_resource(
        self, url: str, mime: str, payload: bytes, *, site: str, kind: Kind = "probe", run: int | None = None
    ) -> Capture:
        """Append something that came over no wire, such as the site configuration at `urn:campuswarc:sites`."""
        record_id, date, hashed = new_id(), record_fields.warc_date(self._clock()), digest(payload)
        fields = record_fields.resource(url, mime, record_id, date, hashed, record_fields.ours(site, kind, run))
        file = self._current()
        data = member([*fields, ("WARC-Warcinfo-ID", self._warcinfo)], payload)
        return Capture(
            url=url,
            site=site,
            kind=kind,
            fetched_at=date,
            status=200,
            mime=mime.split(";")[0].strip().lower() or None,
            record_type="resource",
            record_id=record_id,
            warc=self._name,
            offset=self._append(file, data),
            length=len(data),
            payload_digest=hashed,
            run=run,
        )

    def write_rendering(
        self, page: Capture, html: str, made: str, sent: bytes = b"", *, run: int | None = None
    ) -> Capture:
        """Append what a browser drew of a page; `made` says by which browser, and how, `sent` what its head said."""
        payload = html.encode("utf-8", "replace")
        record_id, date, hashed = new_id(), record_fields.warc_date(self._clock()), digest(payload)
        fields = record_fields.rendering(page, made, sent, record_id, date, hashed, run)
        file = self._current()
        data = member([*fields, ("WARC-Warcinfo-ID", self._warcinfo)], payload)
        return Capture(
            url=page.url,
            site=page.site,
            kind=page.kind,
            fetched_at=date,
            status=200,
            mime="text/html",
            record_type="conversion",
            record_id=record_id,
            warc=self._name,
            offset=self._append(file, data),
            length=len(data),
            payload_digest=hashed,
            refers_to=page.record_id,
            tls=page.tls,
            via=page.via,
            run=run,
        )

    def commit(self, meanwhile: Callable[[], None] | None = None) -> None:
        """Return when every record written so far is on disk; begin a new file next when this one is big or old enough.

        `meanwhile`, which must write nothing here, is done while the disk works; what it raises is raised. A full file
        keeps `.open` until the commit after: by then its last rows are in the database, and if the process
        dies in between recovery looks at it. After an OSError none of the records since the last commit count.
        """
        # who calls this again has committed the rows of last time: what was full then has rows for all its records
        while self._full:
            self._full.pop(0).close()
        file = self._file
        on_disk = self._disk.submit(self._sync, file) if file is not None and self._unsynced else None
        try:
            if meanwhile is not None:
                meanwhile()
        finally:
            # waited for though `meanwhile` failed: nobody may write to a file that another thread takes to disk
            if on_disk is not None:
                on_disk.result()
        if file is None:
            return
        # full, but its last rows are committed only after this returns: closing it now would take it from recovery,
        # which looks at `.open` alone, while its rows may still be lost
        if file.size >= self._max_bytes or self._clock() - file.opened >= self._max_age:
            self._full.append(file)
            self._file = None

    def ends(self) -> dict[str, int]:
        """How long each file is that has not got its final name."""
        growing = (*self._full, *([self._file] if self._file else []))
        return {file.path.relative_to(self.folder).as_posix(): file.size for file in growing}

    def close(self) -> Left | None:
        """Commit, and give every file its final name; the one that the next writer may go on with. Call it when the
        rows of the last commit are stored."""
        self.commit()
        last = self._file
        self._close_files()
        self._disk.shutdown()
        if last is None:
            return self._left
        young = self._goes_on and self._clock() - self._begun < self._goes_on
        return left(self.folder, self._name) if young else None

    def finish(self) -> None:
        """Give every file its final name, and go on with none: as `close`, but more may be written, in a new one."""
        self.commit()
        self._close_files()
        self._left = None

    def _close_files(self) -> None:
        if self._file is not None:
            self._full.append(self._file)
            self._file = None
        while self._full:
            self._full.pop(0).close()

    def leave(self) -> None:
        """Let go of the files as they are, `.open` and all: the next start recovers and indexes them."""
        for file in (*self._full, *([self._file] if self._file else [])):
            file.leave()
        self._full.clear()
        self._file = None
        self._disk.shutdown()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.leave()

    def _sync(self, file: WarcFile) -> None:
        try:
            file.sync()
            # fsync(2): the bytes of a file are not its name, which is the folder's; a new one needs both
            if self._new:
                sync_folder(file.path.parent)
        except OSError:
            # a second fsync may succeed though the kernel has dropped the pages: never ask this file again
            self._file = None
            file.leave()
            raise
        self._new = self._unsynced = False

    def _append(self, file: WarcFile, data: bytes) -> int:
        try:
            offset = file.append(data)
        except OSError:
            if file.broken:
                self._file = None
                file.leave()
            raise
        self._unsynced = True
        return offset

    def _current(self) -> WarcFile:
        """The file to write to, made or gone on with at the first record so that an idle run leaves none."""
        if self._file is None:
            self._file = self._file_of_before() or self._next_file()
            self._name = self._file.path.relative_to(self.folder).as_posix()
        return self._file

    def _file_of_before(self) -> WarcFile | None:
        there, self._left = self._left, None
        if there is None or not self._goes_on or there.size >= self._max_bytes:
            return None
        try:
            head = begun(self.folder, there, self._block)
        except NotAsLeft as problem:
            self.remarks.append(f"{problem}: a new file is begun")
            return None
        now_is = self._clock()
        if head is None or now_is - head.at >= self._goes_on:
            return None
        try:
            file = WarcFile(self.folder / there.warc, opened=now_is, size=there.size)
        except OSError:  # no hard links here, or somebody was quicker: as good is a file of its own
            return None
        if is_sealed(self.folder, there.warc):  # just now: see `fixity.seal`
            file.close()
            return None
        self._warcinfo, self._begun = head.warcinfo, head.at
        return file

    def _next_file(self) -> WarcFile:
        opened = self._clock().astimezone(UTC)
        folder = self.folder / f"{opened:%Y}" / f"{opened:%m}"
        make_folder(folder)
        stamp = f"{opened:%Y%m%d%H%M%S}{opened.microsecond // 1000:03d}"
        file = None
        while file is None:
            name = f"{self._prefix}-{stamp}-{self._serial:05d}-{self._host}.warc.gz"
            self._serial += 1
            with suppress(FileExistsError):  # of a writer in the same millisecond, or before a clock was set back
                file = WarcFile(folder / name, opened=opened)
        self._warcinfo, self._begun, self._new = new_id(), opened, True
        block = self._block
        fields = record_fields.warcinfo(self._warcinfo, record_fields.warc_date(opened), file.path.name, block)
        try:
            file.append(member(fields, block))
        except OSError:
            file.discard()
            raise
        return file
