"""Text of attachments: what a person reads in them, within bounds, whatever the bytes."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders import documents
from spiders.documents import Unreadable, kind_of, text_of

docx = pytest.importorskip("docx", reason="the extra `attachments` is not installed")
openpyxl = pytest.importorskip("openpyxl", reason="the extra `attachments` is not installed")
pptx = pytest.importorskip("pptx", reason="the extra `attachments` is not installed")
pytest.importorskip("pypdfium2", reason="the extra `attachments` is not installed")


def word() -> bytes:
    document = docx.Document()
    document.add_paragraph("关于2026年招生工作的通知")
    table = document.add_table(1, 2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "姓名", "张三"
    document.add_paragraph("完")
    return saved(document)


def sheet() -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "获奖名单"
    book.active.append(["一等奖", "李四", 3])
    return saved(book)


def slides() -> bytes:
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[0])
    slide.shapes.title.text = "Quantum computing"
    return saved(show)


def saved(document: object) -> bytes:
    out = BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


def pdf(text: str) -> bytes:
    """A PDF of one page, made by hand: objects, a cross-reference table, a trailer (ISO 32000-1 section 7.5)."""
    stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        out
        + b"xref\n0 6\n0000000000 65535 f \n"
        + table
        + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(out)
    )


@pytest.mark.parametrize(
    ("content", "kind", "text"),
    [
        (word(), "docx", "关于2026年招生工作的通知\n姓名\t张三\n完"),
        (sheet(), "xlsx", "获奖名单\n一等奖\t李四\t3"),
        (slides(), "pptx", "Quantum computing"),
        (pdf("Annual report 2026"), "pdf", "Annual report 2026"),
    ],
)
def test_text_is_read_whatever_the_server_calls_it(content: bytes, kind: str, text: str) -> None:
    assert kind_of(content) == kind
    assert text_of(content) == text


@pytest.mark.parametrize("content", [b"", b"<html>", b"\x89PNG", b"PK\x03\x04", b"\xd0\xcf\x11\xe0" + bytes(600)])
def test_other_files_have_no_text(content: bytes) -> None:
    assert text_of(content) is None


def test_a_bomb_is_not_unpacked() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file, file.open("word/document.xml", "w") as part:
        for _ in range(310):
            part.write(bytes(1_000_000))
    with pytest.raises(Unreadable, match="unpacks to more than"):
        text_of(out.getvalue())


def test_a_long_text_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "CHARACTERS", 10)
    assert text_of(word()) == "关于2026年招生工"


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([word(), sheet(), slides(), pdf("x")]), st.integers(0, 10**6), st.binary(min_size=1, max_size=40)
)
def test_a_damaged_file_gives_text_or_says_why(content: bytes, at: int, noise: bytes) -> None:
    at %= len(content)
    try:
        found = text_of(content[:at] + noise + content[at + len(noise) :])
    except Unreadable as problem:
        assert str(problem)
    else:
        assert found is None or isinstance(found, str)


OFFICE = "http://schemas.openxmlformats.org"


def package(main: str, mime: str, body: str, more: dict[str, str] | None = None) -> bytes:
    """The least Office file there is around a main part."""
    kind = f"application/vnd.openxmlformats-officedocument.{mime}.main+xml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{OFFICE}/package/2006/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/{main}" ContentType="{kind}"/><Default Extension="xml" ContentType="application/xml"/>'
        "</Types>",
        "_rels/.rels": relation(main, "officeDocument"),
        main: body,
        **(more or {}),
    }
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return out.getvalue()


def relation(target: str, kind: str) -> str:
    return (
        f'<Relationships xmlns="{OFFICE}/package/2006/relationships"><Relationship Id="rId1" Target="{target}" '
        f'Type="{OFFICE}/officeDocument/2006/relationships/{kind}"/></Relationships>'
    )


def word_of(body: str) -> bytes:
    main = f'<w:document xmlns:w="{OFFICE}/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>'
    return package("word/document.xml", "wordprocessingml.document", main)


def sheet_of(rows: str, *, styles: str = "") -> bytes:
    namespace = f'xmlns="{OFFICE}/spreadsheetml/2006/main"'
    book = (
        f'<workbook {namespace} xmlns:r="{OFFICE}/officeDocument/2006/relationships"><sheets>'
        '<sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    sheet = f'<worksheet {namespace}><dimension ref="A1:XFD1048576"/><sheetData>{rows}</sheetData></worksheet>'
    more = {"xl/_rels/workbook.xml.rels": relation("worksheets/s.xml", "worksheet"), "xl/worksheets/s.xml": sheet}
    if styles:
        more["xl/styles.xml"] = f"<styleSheet {namespace}>{styles}</styleSheet>"
    return package("xl/workbook.xml", "spreadsheetml.sheet", book, more)


def test_the_cells_between_a_sheet_s_corners_are_not_made() -> None:
    """A1 and XFD1048576: 17 thousand million cells, were they made up to a rectangle."""
    corners = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    assert text_of(sheet_of(corners)) == "a\n1\n2"


def test_a_sheet_is_read_as_far_as_its_cells_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "".join(f'<row r="{n}"><c r="XFD{n}"><v>{n}</v></c></row>' for n in range(1, 9))
    assert text_of(sheet_of(rows)) == "a\n1\n2\n3\n4\n5\n6\n7\n8"
    monkeypatch.setattr(documents, "CELLS", 16_385 * 3)
    assert text_of(sheet_of(rows)) == "a\n1\n2\n3"


def test_empty_paragraphs_in_any_number_are_no_text() -> None:
    assert text_of(word_of("<w:p/>" * 300_000 + "<w:p><w:r><w:t>end</w:t></w:r></w:p>")) == "end"


def test_a_cell_is_read_once_however_many_it_says_that_it_spans() -> None:
    cell = '<w:tc><w:tcPr><w:gridSpan w:val="999999999"/><w:vMerge/></w:tcPr><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc>'
    assert text_of(word_of(f"<w:tbl>{f'<w:tr>{cell}{cell}</w:tr>' * 5000}</w:tbl>")) == "\n".join(["x\tx"] * 5000)


def test_words_of_links_insertions_and_content_controls_are_read_and_what_was_deleted_is_not() -> None:
    run = "<w:r><w:t>{}</w:t></w:r>".format
    body = (
        f"<w:p>{run('a ')}<w:hyperlink>{run('link')}</w:hyperlink><w:ins>{run(' new')}</w:ins>"
        f"<w:del><w:r><w:delText>old</w:delText></w:r></w:del><w:r><w:tab/><w:t>t</w:t><w:br/><w:t>n</w:t></w:r></w:p>"
        f"<w:sdt><w:sdtContent><w:p>{run('inside')}</w:p></w:sdtContent></w:sdt>"
    )
    assert text_of(word_of(body)) == "a link new\tt\nn\ninside"


@pytest.mark.parametrize(
    "content",
    [
        word_of("<w:p/>" * (documents.TAGS["docx"] + 1)),
        sheet_of(f"<row>{'<c/>' * documents.TAGS['xlsx']}</row>"),
        sheet_of("<row/>", styles=f"<cellXfs>{'<xf/>' * documents.TAGS_BESIDE}</cellXfs>"),
    ],
    ids=["paragraphs", "cells of one row", "styles"],
)
def test_more_elements_than_any_document_needs_are_not_looked_at(content: bytes) -> None:
    assert len(content) < 60_000
    with pytest.raises(Unreadable, match="tags of XML"):
        text_of(content)
