"""What a document is saved under, as its server or its address has it."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from spiders.generic import filenames
from spiders.page import Page
from spiders.read import UNKNOWN, read_article

NAME = "招生简章.pdf"
GBK, UTF8 = NAME.encode("gbk").decode("latin-1"), NAME.encode().decode("latin-1")


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (f"attachment; filename*=UTF-8''{quote(NAME)}", NAME),
        (f"attachment; filename=\"x.pdf\"; filename*=utf-8''{quote(NAME)}", NAME),
        (f"attachment; filename*=GBK''{quote(NAME.encode('gbk'))}", NAME),
        (f"attachment; filename*=\"UTF-8''{quote(NAME)}\"", NAME),
        (f'attachment; filename="{GBK}"', NAME),
        (f"attachment;filename={UTF8}", NAME),
        (f'inline; filename="{quote(NAME)}"', NAME),
        (f'attachment; filename="{quote(NAME.encode("gbk"))}"', NAME),
        ('attachment; filename="=?UTF-8?B?5oub55Sf566A56ugLnBkZg==?="', NAME),
        ('attachment; filename="Bericht für 2024.pdf"', "Bericht für 2024.pdf"),
        ('attachment; filename="a; b.pdf"', "a; b.pdf"),
        (r'attachment; filename="C:\files\1.pdf"', "1.pdf"),
        ('attachment; filename="../../etc/1.pdf"', "1.pdf"),
        ("attachment", ""),
        ("attachment; filename*=UTF-9''%E6.pdf", "æ.pdf"),
        ("", ""),
    ],
)
def test_a_server_names_its_file(header: str, name: str) -> None:
    assert filenames.served(header) == name


@pytest.mark.parametrize("name", [NAME, "Ärger über 2024.pdf", "通知 1.doc"])
def test_an_address_names_its_file_in_whatever_encoding(name: str) -> None:
    for codec in ("utf-8", "gbk" if name.isascii() or "通" in name or "招" in name else "cp1252"):
        assert filenames.of_address(f"https://x.edu.cn/files/{quote(name.encode(codec))}?n=1") == name
    assert "\ufffd" not in filenames.of_address("https://x.edu.cn/%81%8D.pdf")


@pytest.mark.parametrize(
    ("words", "path", "name"),
    [
        ("点击下载", quote(NAME.encode("gbk")), NAME),
        ("附件2", quote(NAME), NAME),
        ("download", "20240305ab12.pdf", "download.pdf"),
        ("Rules of the hall", quote(NAME), "Rules of the hall.pdf"),
    ],
)
def test_words_that_name_no_document_yield_to_its_address(words: str, path: str, name: str) -> None:
    long = "本次会议在学校第一报告厅召开，来自各个学院的教师代表与学生代表参加了活动，会议由校办公室主持。"
    html = f"<h1>通知一则</h1><div><p>{long}</p><p>{long}<a href='/files/{path}'>{words}</a></p></div>"
    read = read_article(Page("https://x.edu.cn/1.htm", html.encode()), UNKNOWN)
    assert [one.filename for one in read.attachments] == [name]  # type: ignore[union-attr]
