"""Text of attached documents, so that a search finds what only the PDF says. Bounded in pages, characters and unpacked
size."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from itertools import islice

PAGES = 1000  # of a PDF or a presentation; rows of a sheet are bounded by CHARACTERS
CHARACTERS = 2_000_000  # about 3 MB of UTF-8; a thesis has under 500,000
UNPACKED = 300_000_000  # bytes of an Office file's parts: what is larger is a bomb, or no text


class Unreadable(ValueError):
    """The document is damaged, locked or larger than any text is."""


def kind_of(content: bytes) -> str | None:
    """pdf, docx, xlsx or pptx, told by the bytes, since servers mislabel; None for anything else."""
    if content[:1024].lstrip().startswith(b"%PDF-"):
        return "pdf"
    if not content.startswith(b"PK\x03\x04"):
        return None
    try:
        names = zipfile.ZipFile(BytesIO(content)).namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return None
    marks = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
    return next((kind for name, kind in marks.items() if name in names), None)


def text_of(content: bytes) -> str | None:
    """Text of a PDF, DOCX, XLSX or PPTX, paragraphs parted by line ends; None for other documents.

    Raises Unreadable. Run it where a crash or a hang harms nothing: PDFs are read by native code.
    """
    kind = kind_of(content)
    if kind is None:
        return None
    if kind != "pdf" and sum(part.file_size for part in zipfile.ZipFile(BytesIO(content)).infolist()) > UNPACKED:
        raise Unreadable(f"unpacks to more than {UNPACKED} bytes")
    try:
        return _joined(_READERS[kind](content))
    except ImportError:
        return None  # installed without the extra `attachments`
    except Unreadable:
        raise
    except Exception as problem:
        raise Unreadable(f"{kind}: {type(problem).__name__}: {problem}") from problem


def _joined(pieces: Iterable[str]) -> str:
    found: list[str] = []
    size = 0
    for piece in pieces:
        piece = piece.replace("\x00", "").strip()
        if piece:
            found.append(piece[: CHARACTERS - size])
            size += len(piece)
        if size >= CHARACTERS:
            break
    return "\n".join(found)


def _pdf(content: bytes) -> Iterator[str]:
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    try:
        for number in range(min(len(document), PAGES)):
            page = document[number]
            text = page.get_textpage()
            yield text.get_text_bounded().replace("\r\n", "\n")
            text.close()
            page.close()
    finally:
        document.close()


def _docx(content: bytes) -> Iterator[str]:
    from docx import Document
    from docx.table import Table

    for block in Document(BytesIO(content)).iter_inner_content():
        if isinstance(block, Table):
            yield from ("\t".join(cell.text.strip() for cell in row.cells) for row in block.rows)
        else:
            yield block.text


def _xlsx(content: bytes) -> Iterator[str]:
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(content), read_only=True, data_only=True)
    for sheet in book.worksheets:
        yield sheet.title
        for row in sheet.iter_rows(values_only=True):
            yield "\t".join(str(value) for value in row if value is not None)


def _pptx(content: bytes) -> Iterator[str]:
    from pptx import Presentation

    for slide in islice(Presentation(BytesIO(content)).slides, PAGES):
        for shape in slide.shapes:
            if shape.has_text_frame:
                yield shape.text_frame.text
            if shape.has_table:
                yield from ("\t".join(cell.text for cell in row.cells) for row in shape.table.rows)


_READERS: dict[str, Callable[[bytes], Iterator[str]]] = {"pdf": _pdf, "docx": _docx, "xlsx": _xlsx, "pptx": _pptx}
