"""Small real documents and pictures, byte for byte the same for the same words."""

from __future__ import annotations

from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from tests.college.pictures import scene

MIME = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
    "png": "image/png",
    "jpg": "image/jpeg",
}
_OFFICE = "http://schemas.openxmlformats.org"
_TYPES = f"{_OFFICE}/package/2006/content-types"
_RELATIONS = f"{_OFFICE}/package/2006/relationships"
_DOCUMENT = f"{_OFFICE}/officeDocument/2006/relationships"


def document(extension: str, text: str) -> bytes:
    """A file of that kind which holds `text`. Raises KeyError for a kind it cannot make."""
    return _MAKERS[extension](text)


def _pdf(text: str) -> bytes:
    """One page of lines of some 30 characters in a predefined CJK font, so that Chinese reads back too (ISO 32000-1
    section 9.7.5.2)."""
    lines = [line for part in text.split("\n") for line in _lines(part)]
    shown = " T* ".join(f"<{line.encode('utf-16-be').hex().upper()}> Tj" for line in lines)
    stream = f"BT /F1 14 Tf 18 TL 72 780 Td {shown} ET".encode("ascii")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >>"
            b" >> >>"
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R] >>",
        (
            b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe)"
            b" /Ordering (GB1) /Supplement 4 >> /FontDescriptor 7 0 R >>"
        ),
        (
            b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0"
            b" /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>"
        ),
    ]
    out, places = BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table))
    return out.getvalue()


def _lines(paragraph: str) -> list[str]:
    """None of a single character: PDFium measures it, and leaves it out on a machine without a font that has it."""
    width = next((width for width in (30, 29) if len(paragraph) % width != 1), 30)
    return [paragraph[n : n + width] for n in range(0, len(paragraph), width)]


def _archive(members: dict[str, str]) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as file:
        for name, text in members.items():
            member = ZipInfo(name, (2025, 9, 1, 8, 0, 0))
            member.compress_type = ZIP_DEFLATED
            file.writestr(member, text.encode("utf-8"))
    return out.getvalue()


def _package(part: str, kind: str, relation: str, members: dict[str, str]) -> bytes:
    """An Office Open XML package (ECMA-376 part 2) whose main part is `part`."""
    types = "".join(
        f'<Override PartName="/{name}" ContentType="application/vnd.openxmlformats-officedocument.{k}+xml"/>'
        for name, k in [
            (part, kind),
            *([("xl/worksheets/sheet1.xml", "spreadsheetml.worksheet")] if part.startswith("xl/") else []),
        ]
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return _archive(
        {
            "[Content_Types].xml": (
                f'{head}<Types xmlns="{_TYPES}"><Default Extension="rels"'
                ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml"'
                f' ContentType="application/xml"/>{types}</Types>'
            ),
            "_rels/.rels": (
                f'{head}<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" Type="{_DOCUMENT}/{relation}"'
                f' Target="{part}"/></Relationships>'
            ),
        }
        | {name: head + text for name, text in members.items()}
    )


def _docx(text: str) -> bytes:
    body = (
        "<w:document"
        f' xmlns:w="{_OFFICE}/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>'
        f"</w:body></w:document>"
    )
    return _package(
        "word/document.xml", "wordprocessingml.document.main", "officeDocument", {"word/document.xml": body}
    )


def _xlsx(text: str) -> bytes:
    main = f"{_OFFICE}/spreadsheetml/2006/main"
    return _package(
        "xl/workbook.xml",
        "spreadsheetml.sheet.main",
        "officeDocument",
        {
            "xl/workbook.xml": (
                f'<workbook xmlns="{main}" xmlns:r="{_DOCUMENT}"><sheets><sheet name="1" sheetId="1"'
                ' r:id="rId1"/></sheets></workbook>'
            ),
            "xl/_rels/workbook.xml.rels": (
                f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" Type="{_DOCUMENT}/worksheet"'
                ' Target="worksheets/sheet1.xml"/></Relationships>'
            ),
            "xl/worksheets/sheet1.xml": (
                f'<worksheet xmlns="{main}"><sheetData><row r="1"><c r="A1"'
                f' t="inlineStr"><is><t>{escape(text)}</t></is></c></row></sheetData></worksheet>'
            ),
        },
    )


_MAKERS = {
    "pdf": _pdf,
    "docx": _docx,
    "xlsx": _xlsx,
    "zip": lambda text: _archive({"readme.txt": text}),
    "png": lambda text: scene(text, "png"),
    "jpg": lambda text: scene(text, "jpg"),
}
