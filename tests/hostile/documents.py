"""Office files and PDFs that grow in one respect."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO

from spiders.documents import Unreadable, text_of
from tests.hostile.measure import Family

N = 400_000  # bytes of a part before it is packed
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_P = "http://schemas.openxmlformats.org/presentationml/2006/main"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "application/vnd.openxmlformats-officedocument."


def _packed(parts: dict[str, str]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return out.getvalue()


def _office(main: str, mime: str, text: str, more: dict[str, tuple[str, str, str]] | None = None) -> bytes:
    """A package whose main part it is; `more` are parts that it refers to: kind, mime and text."""
    more = more or {}
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{_OFFICE}{kind}"/>'
        for name, kind in {main: mime, **{name: mime for name, (_, mime, _) in more.items()}}.items()
    )
    folder, _, file = main.rpartition("/")
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_R}/{kind}" Target="/{name}"/>'
        for n, (name, (kind, _, _)) in enumerate(more.items(), 1)
    )
    return _packed(
        {
            "[Content_Types].xml": (
                f'<Types xmlns="{_TYPES}"><Default Extension="rels"'
                ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
            ),
            "_rels/.rels": (
                f'<Relationships xmlns="{_LINKS}"><Relationship Id="rId1" Type="{_R}/officeDocument"'
                f' Target="{main}"/></Relationships>'
            ),
            f"{folder}/_rels/{file}.rels": f'<Relationships xmlns="{_LINKS}">{links}</Relationships>',
            main: text,
            **{name: text for name, (_, _, text) in more.items()},
        }
    )


def docx(body: str) -> bytes:
    """A Word document."""
    text = f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>'
    return _office("word/document.xml", "wordprocessingml.document.main+xml", text)


def xlsx(rows: str) -> bytes:
    """A workbook of one sheet."""
    book = (
        f'<workbook xmlns="{_S}" xmlns:r="{_R}"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    sheet = f'<worksheet xmlns="{_S}"><sheetData>{rows}</sheetData></worksheet>'
    more = {"xl/worksheets/sheet1.xml": ("worksheet", "spreadsheetml.worksheet+xml", sheet)}
    return _office("xl/workbook.xml", "spreadsheetml.sheet.main+xml", book, more)


def pptx(shapes: str) -> bytes:
    """A presentation of one slide."""
    main = (
        f'<p:presentation xmlns:p="{_P}" xmlns:r="{_R}"><p:sldIdLst><p:sldId id="256" r:id="rId1"/></p:sldIdLst>'
        "</p:presentation>"
    )
    slide = f'<p:sld xmlns:p="{_P}" xmlns:a="{_A}"><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:sld>'
    more = {"ppt/slides/slide1.xml": ("slide", "presentationml.slide+xml", slide)}
    return _office("ppt/presentation.xml", "presentationml.presentation.main+xml", main, more)


def pdf(objects: str) -> bytes:
    """Objects behind a catalogue and its pages, which are 1 and 2; readers find them without a table."""
    return f"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n{objects}\ntrailer<</Root 1 0 R>>".encode("latin-1")


def _pages(size: int, stream: str, kids: int = 1) -> bytes:
    return pdf(
        f"2 0 obj<</Type/Pages/Kids[{'3 0 R ' * kids}]/Count {kids}>>endobj\n"
        "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj\n"
        f"4 0 obj<</Length {len(stream)}>>stream\n{stream}\nendstream endobj\n"
        "5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj"
    )


_PARAGRAPH = "<w:p><w:r><w:t>x</w:t></w:r></w:p>"
_MAKERS: dict[str, Callable[[int], bytes]] = {
    "docx: empty paragraphs": lambda size: docx("<w:p/>" * (size // 6)),
    "docx: paragraphs": lambda size: docx(_PARAGRAPH * (size // len(_PARAGRAPH))),
    "docx: runs": lambda size: docx(f"<w:p>{'<w:r><w:t>x</w:t></w:r>' * (size // 24)}</w:p>"),
    "docx: nested tables": lambda size: docx(
        "<w:tbl><w:tr><w:tc>" * (size // 40) + _PARAGRAPH + "</w:tc></w:tr></w:tbl>" * (size // 40)
    ),
    "docx: one text": lambda size: docx(f"<w:p><w:r><w:t>{'x ' * (size // 2)}</w:t></w:r></w:p>"),
    "docx: cells": lambda size: docx(f"<w:tbl><w:tr>{f'<w:tc>{_PARAGRAPH}</w:tc>' * (size // 48)}</w:tr></w:tbl>"),
    "docx: bomb": lambda size: docx(f"<w:p><w:r><w:t>{'x' * (40 * size)}</w:t></w:r></w:p>"),
    "xlsx: rows": lambda size: xlsx("<row><c><v>1</v></c></row>" * (size // 26)),
    "xlsx: cells far to the right": lambda size: xlsx(
        "".join(f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in range(1, size // 40))
    ),
    "xlsx: cells far below": lambda size: xlsx(
        f'<row r="1"><c r="A1"><v>1</v></c></row><row r="{size}"><c r="XFD{size}"><v>1</v></c></row>'
    ),
    "xlsx: cells of one row": lambda size: xlsx(f"<row>{'<c><v>1</v></c>' * (size // 15)}</row>"),
    "xlsx: bomb": lambda size: xlsx(f'<row><c t="inlineStr"><is><t>{"x" * (40 * size)}</t></is></c></row>'),
    "pptx: shapes": lambda size: pptx(
        (shape := "<p:sp><p:txBody><a:p><a:r><a:t>x</a:t></a:r></a:p></p:txBody></p:sp>") * (size // len(shape))
    ),
    "pptx: nested groups": lambda size: pptx("<p:grpSp>" * (size // 19) + "</p:grpSp>" * (size // 19)),
    "pptx: paragraphs": lambda size: pptx(f"<p:sp><p:txBody>{'<a:p/>' * (size // 6)}</p:txBody></p:sp>"),
    "pdf: one page many times": lambda size: _pages(size, "BT /F 9 Tf (x) Tj ET", size // 60),
    "pdf: pages in a circle": lambda size: pdf(f"2 0 obj<</Type/Pages/Kids[{'2 0 R ' * (size // 60)}]/Count 9>>endobj"),
    "pdf: text": lambda size: _pages(size, "BT /F 9 Tf " + "(some words) Tj " * (size // 16) + "ET"),
    "pdf: states": lambda size: _pages(size, "q " * (size // 2)),
    "pdf: nested arrays": lambda size: _pages(size, "[" * size),
    "pdf: objects": lambda size: pdf("\n".join(f"{n} 0 obj<</A {n} 0 R>>endobj" for n in range(3, size // 24))),
    "pdf: noise": lambda size: b"%PDF-1.4\n" + bytes((n * 7919 >> 3) & 255 for n in range(size)),
    "zip: entries": lambda size: _packed({f"a{n}": "" for n in range(size // 100)} | {"word/document.xml": "<x/>"}),
}


def _read(content: bytes) -> object:
    try:
        return text_of(content)
    except Unreadable as problem:
        return problem


def families() -> Iterator[Family]:
    """All of them. What a document may cost is bounded by what it holds, in some ten seconds."""
    for name, make in _MAKERS.items():
        yield Family(name=f"document: {name}", make=make, work=_read, size=N, most=30.0)
