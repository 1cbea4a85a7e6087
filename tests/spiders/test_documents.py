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
