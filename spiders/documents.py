"""Text of attached documents, so that a search finds what only the PDF says. Bounded in pages, cells, elements,
characters and unpacked size: by what the bytes hold and never by a clock, so that a rebuild finds the same text."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from itertools import islice
from typing import Any

PAGES = 1000  # of a PDF or a presentation
CELLS = 3_000_000  # of all sheets, those between a row's first and last and rows between others counted, though empty
TAGS = {"docx": 2_000_000, "xlsx": 3_000_000, "pptx": 400_000}  # in all parts: some ten seconds of reading
TAGS_BESIDE = 600_000  # in the parts of a book that are no sheets: styles and strings are read before any cell
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
    if kind != "pdf" and (too_much := _too_much(content, kind)):
        raise Unreadable(too_much)
    try:
        return _joined(_READERS[kind](content))
    except ImportError:
        return None  # installed without the extra `attachments`
    except Unreadable:
        raise
    except Exception as problem:
        raise Unreadable(f"{kind}: {type(problem).__name__}: {problem}") from problem


def _too_much(content: bytes, kind: str) -> str:
    """What there is more of than any document needs; empty where all is within bounds."""
    package = zipfile.ZipFile(BytesIO(content))
    if sum(part.file_size for part in package.infolist()) > UNPACKED:
        return f"unpacks to more than {UNPACKED} bytes"
    tags = beside = 0
    for part in package.infolist():
        if not part.filename.lower().endswith((".xml", ".rels", ".vml")):
            continue
        try:
            with package.open(part) as unpacked:
                found = 0
                while piece := unpacked.read(1 << 20):
                    found += piece.count(b"<")
        except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, NotImplementedError, zlib.error):
            continue  # whoever reads the part says what is wrong with it
        tags += found
        beside += 0 if part.filename.lower().startswith("xl/worksheets/") else found
    if tags > TAGS[kind] or (kind == "xlsx" and beside > TAGS_BESIDE):
        return f"holds {tags} tags of XML, more than any text needs"
    return ""


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
    """Paragraphs and rows of tables. Walked as XML: python-docx makes objects of each, and as many of a cell as it
    says that it spans."""
    from docx import Document

    stack = list(reversed(Document(BytesIO(content)).element.body))
    while stack:
        element = stack.pop()
        match _local(element):
            case "p":
                yield _words(element)
            case "tr":
                yield "\t".join(
                    "\n".join(_words(paragraph) for paragraph in cell.iter(_W + "p")).strip()
                    for cell in element.iterchildren(_W + "tc")
                )
            case "tbl" | "sdt" | "sdtContent" | "ins" | "smartTag" | "customXml":
                stack += reversed(element)


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_RUNS = {"r", "hyperlink", "ins", "smartTag", "sdt", "sdtContent", "fldSimple"}  # what holds the words of a paragraph
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def _words(paragraph: Any) -> str:
    found = []
    stack = list(reversed(paragraph))
    while stack:
        element = stack.pop()
        name = _local(element)
        if name == "t":
            found.append(element.text or "")
        elif name in _RUNS:
            stack += reversed(element)
        else:
            found.append(_SIGNS.get(name, ""))
    return "".join(found)


def _local(element: Any) -> str:
    """A tag of WordprocessingML; empty for any other."""
    tag = element.tag
    return tag[len(_W) :] if isinstance(tag, str) and tag.startswith(_W) else ""


def _xlsx(content: bytes) -> Iterator[str]:
    from openpyxl import load_workbook

    left = CELLS
    for sheet in load_workbook(BytesIO(content), read_only=True, data_only=True).worksheets:
        yield sheet.title
        sheet.reset_dimensions()  # what a file says of its size would be made up to with empty cells
        for row in sheet.iter_rows(values_only=True):
            left -= 1 + len(row)
            if left < 0:
                return
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
